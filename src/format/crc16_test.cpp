#include <doctest/doctest.h>

#include "format/crc16.h"

namespace bedrail {

TEST_CASE("crc16: the catalogue's check values, and constants of two makers' clients") {
  CHECK(crc16_ccitt("123456789", 0xffff) == 0x29b1);
  CHECK(crc16_ccitt("123456789", 0) == 0x31c3);
  CHECK(crc16_ccitt("INST_SERIALNO", 0xffff) == 0x457d);
  CHECK(crc16_ccitt("", 0xffff) == 0xffff);
}

}  // namespace bedrail
