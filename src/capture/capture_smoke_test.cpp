#include <doctest/doctest.h>
#include "capture/merged_reader.h"
namespace bedrail {
TEST_CASE("smoke") { CHECK(!open_capture(Bytes{}, "x", 0)); }
}  // namespace bedrail
