#include "format/base64.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "base/bytes.h"

namespace bedrail {
namespace {

std::string decoded(std::string_view text, std::size_t room = 64) {
  std::array<std::byte, 64> buffer{};
  const auto bytes = decode_base64(text, std::span(buffer).first(room));
  return bytes ? std::string(as_text(*bytes)) : "<none>";
}

}  // namespace

TEST_CASE("base64: the vectors of RFC 4648, section 10, with and without padding") {
  CHECK(decoded("").empty());
  CHECK(decoded("Zg==") == "f");
  CHECK(decoded("Zm8=") == "fo");
  CHECK(decoded("Zm8") == "fo");
  CHECK(decoded("Zm9vYmFy") == "foobar");
}

TEST_CASE("base64: foreign characters, a lone digit and too little room give nothing") {
  CHECK(decoded("Zm9v YmFy") == "<none>");
  CHECK(decoded("Zm9vY") == "<none>");
  CHECK(decoded("Zm9vYmFy", 5) == "<none>");
  CHECK(decoded("Zm9vYmFy", 6) == "foobar");
  CHECK(decoded("Zm8=", 2) == "fo");
  CHECK(decoded("Zg==", 1) == "f");
}

}  // namespace bedrail
