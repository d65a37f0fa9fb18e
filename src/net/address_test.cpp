#include <doctest/doctest.h>

#include "net/address.h"

namespace bedrail {

TEST_CASE("addresses: text and back") {
  CHECK(to_string(*parse_ip("10.0.0.5")) == "10.0.0.5");
  CHECK(to_string(*parse_ip("2001:db8::1")) == "2001:db8::1");
  CHECK(!parse_ip("10.0.0.256"));
  CHECK(parse_ip("::ffff:10.0.0.5")->is_v4());
  CHECK(to_string(*parse_mac("001B.6398.bf36")) == "00:1b:63:98:bf:36");
  CHECK(!parse_mac("00:1b:63:98:bf"));
}

TEST_CASE("addresses: what may be one device's own") {
  CHECK(!parse_ip("0.0.0.0")->is_unicast());
  CHECK(!parse_ip("224.0.0.251")->is_unicast());
  CHECK(!parse_ip("ff02::fb")->is_unicast());
  CHECK(parse_ip("172.31.255.1")->is_private());
  CHECK(!parse_ip("172.32.0.1")->is_private());
  CHECK(parse_ip("fe80::1")->is_link_local());
}

}  // namespace bedrail
