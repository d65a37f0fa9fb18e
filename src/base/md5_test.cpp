#include "base/md5.h"

#include <doctest/doctest.h>

namespace bedrail {

TEST_CASE("md5: the test suite of RFC 1321, A.5") {
  CHECK(md5_hex("") == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(md5_hex("abc") == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(md5_hex("message digest") == "f96b697d7cb7938d525a2f31aaf161d0");
}

}  // namespace bedrail
