#include "flow/front.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace bedrail {
namespace {

std::string shape(std::string_view payload) {
  Front front;
  front.keep(std::as_bytes(std::span(payload)));
  return {front.bytes.begin(), front.bytes.begin() + front.length};
}

}  // namespace

TEST_CASE("front: letters and digits lose what they say, other bytes stay") {
  CHECK(shape("USER 41") == "AAAA 99");
  CHECK(shape(std::string_view("\x02\x00\xff|a\n", 6)) == std::string_view("\x02\x00\xff|a\n", 6));
  CHECK(shape("") == "");
  CHECK(shape("Schmidt^Anna") == "Aaaaaaa^");
}

TEST_CASE("front: characters beyond ASCII lose what they say, too") {
  CHECK(shape("M\xc3\xbcller7") == "Aaaaaaa9");
  CHECK(shape("\xd0\x98\xd0\xb2\xe4\xb8\xad") == "aaaaaaa");
  CHECK(shape("abcdefg\xc3\xbc") == "aaaaaaaa");
  // A byte that begins no character, and one that belongs to none.
  CHECK(shape("\xc3(\x81\xc1\x80\xf5\x80") == "\xc3(\x81\xc1\x80\xf5\x80");
}

TEST_CASE("front: the first payload counts") {
  Front front;
  const std::string_view none, first = "\x01", second = "\x02\x03";
  for (const std::string_view payload : {none, first, second}) front.keep(std::as_bytes(std::span(payload)));
  CHECK(front.length == 1);
  CHECK(front.bytes[0] == 1);
}

}  // namespace bedrail
