#include "format/eap.h"

#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {

TEST_CASE("eap: requests, answers, and their ends") {
  eap::Packet packet;
  const std::string identity = test::from_hex("02 07 0009 01") + "joe!padding";
  REQUIRE(eap::read_packet(as_bytes(identity), packet));
  CHECK(packet.code == eap::kResponse);
  CHECK(packet.identifier == 7);
  CHECK(packet.type == eap::kIdentity);
  CHECK(as_text(packet.data) == "joe!");
  // It goes on elsewhere.
  eap::Packet cut;
  const std::string front = test::from_hex("01 01 0400 19 20");
  REQUIRE(eap::read_packet(as_bytes(front), cut));
  CHECK(cut.data.size() == 1);
  eap::Packet success;
  CHECK(eap::read_packet(as_bytes(test::from_hex("03 01 0004")), success));
  CHECK(success.type == 0);
  for (const char* hex : {"", "010100", "05010004", "01010004", "0101000500", "03010005", "0101000401"}) {
    eap::Packet none;
    CHECK_FALSE(eap::read_packet(as_bytes(test::from_hex(hex)), none));
  }
}

TEST_CASE("eap: names of methods") {
  CHECK(eap::method_name(25) == "peap");
  CHECK(eap::method_name(13) == "tls");
  CHECK(eap::method_name(200) == "other");
  CHECK(eap::method_name(eap::kIdentity).empty());
}

TEST_CASE("eap: machines, never people") {
  CHECK(eap::machine_of("host/pc-7.example.org") == "pc-7.example.org");
  CHECK(eap::machine_of("HOST/pc-7@EXAMPLE.ORG") == "pc-7");
  CHECK(eap::machine_of("EXAMPLE\\PC-7$") == "PC-7");
  CHECK(eap::machine_of("PC-7$") == "PC-7");
  for (const char* text :
       {"", "joe", "EXAMPLE\\joe", "joe@example.org", "host/", "host/joe smith", "$", "a b$"})
    CHECK(eap::machine_of(text).empty());
}

}  // namespace bedrail
