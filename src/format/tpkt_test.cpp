#include "format/tpkt.h"

#include <doctest/doctest.h>

namespace bedrail {

using namespace std::string_view_literals;

TEST_CASE("tpkt: a packet's size") {
  CHECK(tpkt::packet_size({}) == 0U);
  CHECK(tpkt::packet_size(as_bytes("\x03\x00\x00"sv)) == 0U);
  CHECK(tpkt::packet_size(as_bytes("\x03\x00\x01\x07"sv)) == 0x107U);
  CHECK_FALSE(tpkt::packet_size(as_bytes("\x03\x00\x00\x06"sv)));
  CHECK_FALSE(tpkt::packet_size(as_bytes("\x03\x01\x00\x20"sv)));
  CHECK_FALSE(tpkt::packet_size(as_bytes("\x16"sv)));
}

TEST_CASE("tpkt: units") {
  const auto data = tpkt::read_unit(as_bytes("\x03\x00\x00\x09\x02\xf0\x80\x32\x01"sv));
  REQUIRE(data);
  CHECK(data->kind == tpkt::Kind::kData);
  CHECK(data->last);
  CHECK(as_text(data->data) == "\x32\x01");
  const auto request =
      tpkt::read_unit(as_bytes("\x03\x00\x00\x0d\x08\xe0\x12\x34\x56\x78\x01"
                               "ab"sv));
  REQUIRE(request);
  CHECK(request->kind == tpkt::Kind::kConnectRequest);
  CHECK(request->destination == 0x1234);
  CHECK(request->source == 0x5678);
  CHECK(request->options == 1);
  CHECK(as_text(request->variable) == "ab");
  CHECK(request->data.empty());
  // A header longer than the packet, a unit of no known kind, a header too short for its kind.
  CHECK_FALSE(tpkt::read_unit(as_bytes("\x03\x00\x00\x07\x09\xf0\x80"sv)));
  CHECK_FALSE(tpkt::read_unit(as_bytes("\x03\x00\x00\x07\x02\x10\x80"sv)));
  CHECK_FALSE(tpkt::read_unit(as_bytes("\x03\x00\x00\x08\x03\xe0\x00\x00"sv)));
}

}  // namespace bedrail
