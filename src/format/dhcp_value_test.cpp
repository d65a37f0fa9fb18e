#include "format/dhcp_value.h"

#include <doctest/doctest.h>

#include <string>

namespace bedrail {
namespace {
using namespace std::string_literals;
Bytes of(const std::string& text) { return as_bytes(text); }
}  // namespace

TEST_CASE("dhcp_value: text where all of it is printable, else hexadecimal") {
  CHECK(text_or_hex(of("Gi1/0/12"s)) == "Gi1/0/12");
  CHECK(text_or_hex(of("MSFT 5.0\0"s)) == "MSFT 5.0");
  CHECK(text_or_hex(of("\0\4\0\x1e"s)) == "0004001e");
  CHECK(text_or_hex(of("caf\xc3\xa9"s)) == "636166c3a9");
  CHECK(text_or_hex({}).empty());
  CHECK(text_or_hex(of(std::string(400, '\1'))).size() == 256);
}

TEST_CASE("dhcp_value: a domain name on the wire, whole or partial") {
  CHECK(wire_name(of("\4ct-1\7example\0"s)) == "ct-1.example");
  CHECK(wire_name(of("\4ct-1"s)) == "ct-1");
  CHECK(wire_name(of("\1a\0\1b\0"s)) == "a");
  CHECK(wire_name({}) == "");
  CHECK_FALSE(wire_name(of("\5ct-1"s)));
  CHECK_FALSE(wire_name(of("\xc0\x0c"s)));
  CHECK_FALSE(wire_name(of("\2a\1"s)));
  std::string label = "\x3f" + std::string(63, 'x');
  CHECK(wire_name(of(label + label + label))->size() == 191);
  CHECK_FALSE(wire_name(of(label + label + label + label + label)));
  label[0] = '\x40';
  CHECK_FALSE(wire_name(of(label + "x")));
}

TEST_CASE("dhcp_value: texts behind their lengths") {
  CHECK(counted_texts(of("\4iPXE\3foo"s), OptionWidth::kOne) == "iPXE,foo");
  CHECK(counted_texts(of("\0\4iPXE\0\2\1\2"s), OptionWidth::kTwo) == "iPXE,0102");
  CHECK_FALSE(counted_texts(of("iPXE"s), OptionWidth::kOne));
  CHECK_FALSE(counted_texts(of("\4iPXE\0"s), OptionWidth::kOne));
  CHECK_FALSE(counted_texts(of("\0\4iPX"s), OptionWidth::kTwo));
}

TEST_CASE("dhcp_value: a vendor's printable options") {
  CHECK(printable_options(of("\1\6A0B1C2\2\2\1\2\3\3box"s), OptionWidth::kOne) == "1=A0B1C2,3=box");
  CHECK(printable_options(of("\0\1\0\3box\0\2\0\x09y"s), OptionWidth::kTwo) == "1=box");
  CHECK(printable_options(of("\1"s), OptionWidth::kOne).empty());
}

}  // namespace bedrail
