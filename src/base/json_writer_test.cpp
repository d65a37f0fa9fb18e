#include "base/json_writer.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>

namespace bedrail {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  JsonWriter(out).text(text);
  return out;
}

std::string decimal(double value, int decimals) {
  std::string out;
  JsonWriter(out).number(value, decimals);
  return out;
}

}  // namespace

TEST_CASE("JSON writer: nesting, commas and lines") {
  std::string out;
  JsonWriter json(out);
  json.begin_object().text("a", "b").key("list").begin_array();
  json.new_line().number(1).new_line().begin_object().end_object().new_line().null();
  json.new_line().end_array().boolean("yes", true).key("none").begin_array().end_array().end_object();
  CHECK(out == "{\"a\":\"b\",\"list\":[\n1,\n{},\nnull\n],\"yes\":true,\"none\":[]}");
}

TEST_CASE("JSON writer: escapes what RFC 8259 asks for and what a terminal would obey") {
  CHECK(quoted("a\"b\\c\n\r\t") == "\"a\\\"b\\\\c\\n\\r\\t\"");
  CHECK(quoted(std::string_view("\0\x1b[2J\x7f", 6)) == "\"\\u0000\\u001b[2J\\u007f\"");
  CHECK(quoted("\u202egnp.exe") == "\"\\u202egnp.exe\"");
  CHECK(quoted("a\u200bb\U000e0041") == "\"a\\u200bb\\udb40\\udc41\"");
  CHECK(quoted("\u0085") == "\"\\u0085\"");
}

TEST_CASE("JSON writer: UTF-8 passes, anything else becomes U+FFFD, byte for byte") {
  CHECK(quoted("Röntgen 室 \U0001f3e5") == "\"Röntgen 室 \U0001f3e5\"");
  CHECK(quoted("\xff|\xc3|\xe2\x82") == "\"\ufffd|\ufffd|\ufffd\ufffd\"");
  CHECK(quoted("\xed\xa0\x80") == "\"\ufffd\ufffd\ufffd\"");  // a surrogate
  CHECK(quoted("\xc0\xaf") == "\"\ufffd\ufffd\"");            // overlong '/'
  CHECK(quoted("\xf4\x90\x80\x80") == "\"\ufffd\ufffd\ufffd\ufffd\"");
}

TEST_CASE("JSON writer: numbers are rounded and bare") {
  CHECK(decimal(0.1 + 0.2, 4) == "0.3");
  CHECK(decimal(1.0, 4) == "1");
  CHECK(decimal(100, 2) == "100");
  CHECK(decimal(0, 0) == "0");
  CHECK(decimal(-0.00001, 3) == "0");
  CHECK(decimal(2.0 / 3.0, 4) == "0.6667");
  CHECK(decimal(std::numeric_limits<double>::quiet_NaN(), 4) == "null");
  CHECK(decimal(std::numeric_limits<double>::infinity(), 4) == "null");
  std::string out;
  JsonWriter(out).number(std::numeric_limits<std::uint64_t>::max());
  CHECK(out == "18446744073709551615");
}

}  // namespace bedrail
