#include "base/text.h"

#include <doctest/doctest.h>

#include "base/byte_reader.h"

namespace bedrail {
namespace {

std::string from_utf16(std::initializer_list<unsigned> units) {
  std::string bytes;
  for (const unsigned unit : units) {
    bytes.push_back(static_cast<char>(unit & 0xff));
    bytes.push_back(static_cast<char>(unit >> 8));
  }
  return utf16le_to_utf8(as_bytes(bytes));
}

}  // namespace

TEST_CASE("text: what is heard becomes valid, visible text") {
  CHECK(clean_text("  a\tb\x1b[2J\r\n") == "a b [2J");
  CHECK(clean_text("a\xff") == "a\ufffd");
  CHECK(clean_text("a\u0085b") == "a\ufffdb");
  CHECK(clean_text("\u202egnp.exe") == "\ufffdgnp.exe");
  CHECK(clean_text("K\u00f6ln \u4e2d") == "K\u00f6ln \u4e2d");
}

TEST_CASE("text: characters that cannot be seen make no two names look alike") {
  for (const char* invisible :
       {"\u00ad", "\u034f", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2060", "\u2064",
        "\ufe0f", "\ufeff", "\ufffb", "\U000e0001", "\U000e0041", "\U000e007f", "\U000e0100"}) {
    CAPTURE(invisible);
    const std::string mark = invisible;
    CHECK(clean_text(mark + "PUMP" + mark + "-1" + mark) == "PUMP-1");
    // Nor is a blank kept that stood between two of them and the end.
    CHECK(clean_text("PUMP-1" + mark + " " + mark) == "PUMP-1");
    CHECK(clean_text(mark + mark).empty());
  }
  CHECK(from_utf16({0xfeff, 'P', 0x200b, 'U', 0xdb40, 0xdc41, 'M', 'P'}) == "PUMP");
  // They take no room either.
  std::string padded;
  for (int i = 0; i < 200; ++i) padded += "\u200b";
  CHECK(clean_text(padded + "PUMP-1", 16) == "PUMP-1");
}

TEST_CASE("text: cut on a character's boundary") {
  CHECK(clean_text("abcdefgh", 8) == "abcde");
  CHECK(clean_text("\u4e2d\u4e2d\u4e2d", 8) == "\u4e2d\u4e2d");
}

}  // namespace bedrail
