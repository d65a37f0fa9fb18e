#include "format/bson.h"

#include <doctest/doctest.h>

#include <string>

namespace bedrail {

using namespace std::string_literals;

TEST_CASE("bson: elements of a level") {
  const std::string inner = "\x05\x00\x00\x00\x00"s;
  const std::string body = "\x02name\0\x02\0\0\0x\0"s + "\x10n\0\x2a\0\0\0"s + "\x08ok\0\x01"s +
                           "\x03"
                           "d\0"s +
                           inner +
                           "\x0a"
                           "z\0"s +
                           "\x0br\0a\0i\0"s +
                           "\x01"
                           "f\0\0\0\0\0\0\0\xf0\x3f"s;
  const std::string document = std::string(1, static_cast<char>(body.size() + 5)) + "\0\0\0"s + body + '\0';
  bson::Reader reader(as_bytes(document));
  CHECK(reader.size() == document.size());
  CHECK(reader.next()->text() == "x");
  CHECK(reader.next()->number() == 42);
  CHECK(reader.next()->number() == 1);
  CHECK(reader.next()->holds_elements());
  CHECK(reader.next()->name == "z");
  CHECK(reader.next()->value.size() == 4);
  CHECK(reader.next()->number() == 1);
  CHECK_FALSE(reader.next());
  CHECK(reader.ok());
}

TEST_CASE("bson: what does not fit ends the reading") {
  for (const std::string& document :
       {"\x04\0\0\0\0"s, "\x40\0\0\0\0"s, "\x0c\0\0\0\x10n\0\x2a\0\0\0"s, "\x0a\0\0\0\x10zzzz\0"s,
        "\x0f\0\0\0\x02n\0\x40\0\0\0xx\0\0"s, "\x0a\0\0\0\x63n\0\0\0\0"s}) {
    bson::Reader reader(as_bytes(document));
    CHECK_FALSE(reader.next());
    CHECK_FALSE(reader.ok());
  }
}

}  // namespace bedrail
