#include "net/tcp_start.h"

#include <doctest/doctest.h>

#include <string_view>

namespace bedrail {
namespace {

std::string start(std::uint16_t window, std::string_view options, std::uint8_t ttl) {
  return to_string(tcp_start_of(window, as_bytes(options), ttl));
}

}  // namespace

using namespace std::string_view_literals;

TEST_CASE("tcp start: options in their order, the values that systems choose") {
  CHECK(start(64240, "\x02\x04\x05\xb4\x04\x02\x08\x0a\0\0\0\1\0\0\0\0\x01\x03\x03\x07"sv, 63) ==
        "ttl=64 win=64240 mss=1460 ws=7 opt=mss,sok,ts,nop,ws");
  CHECK(start(8192, "\x02\x04\x05\xb4\x01\x03\x03\x08\x01\x01\x04\x02"sv, 128) ==
        "ttl=128 win=8192 mss=1460 ws=8 opt=mss,nop,ws,nop,nop,sok");
  CHECK(start(2048, "", 255) == "ttl=255 win=2048 mss=0 ws=0 opt=");
  CHECK(start(1, "\x02\x04\x02\x18\0\0\0\0"sv, 30) == "ttl=32 win=1 mss=536 ws=0 opt=mss,eol");
}

TEST_CASE("tcp start: damaged options end the list; there are at most eight") {
  CHECK(start(1, "\x02"sv, 64) == "ttl=64 win=1 mss=0 ws=0 opt=mss");
  CHECK(start(1, "\x02\x00\x05\xb4"sv, 64) == "ttl=64 win=1 mss=0 ws=0 opt=mss");
  CHECK(start(1, "\x02\x08\x05\xb4"sv, 64) == "ttl=64 win=1 mss=0 ws=0 opt=mss");
  CHECK(start(1, "\x1e\x02\x01\x01\x01\x01\x01\x01\x01\x01\x01"sv, 64) ==
        "ttl=64 win=1 mss=0 ws=0 opt=other,nop,nop,nop,nop,nop,nop,nop");
  CHECK(!TcpStart{}.present);
}

}  // namespace bedrail
