#include <doctest/doctest.h>

#include "dissect/dhcpv6/duid.h"
#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& dhcpv6_dissector();

namespace {

using test::from_hex;

/// From a client (fe80::5, MAC ..:01) to all servers, or from a server (fe80::1, MAC ..:02) to that client.
std::string said(std::string_view hex, Direction direction = Direction::kToServer,
                 std::string_view client = "fe80::5") {
  test::DissectHarness harness(dhcpv6_dissector(), Transport::kUdp);
  harness.context().key.client = {*parse_ip(client), 546};
  harness.context().key.server = {*parse_ip(direction == Direction::kToServer ? "ff02::1:2" : "fe80::1"),
                                  547};
  if (direction == Direction::kToServer) harness.context().server_mac.reset();
  CHECK(harness.datagram(direction, from_hex(hex)).status == Progress::Status::kContinue);
  return harness.text();
}
std::string replied(std::string_view hex, std::string_view client = "fe80::5") {
  return said(hex, Direction::kToClient, client);
}

const std::string kFrame = "fe80::5/02:00:00:00:00:01 ", kOwn = "fe80::5=02:00:00:00:00:01 ";
const std::string kService = "service udp/547 dhcpv6 product=\"\" version=\"\" encrypted=false\n";
// The client's identifier with the frame's MAC; one address with 2,000 s preferred, 3,600 s valid.
const std::string kOwnDuid = "0001 000a 0003 0001 020000000001 ";
const std::string kAddress =
    "0003 0028 00000001 00000000 00000000 0005 0018 20010db8000000000000000000000077 000007d0 00000e10 ";

/// An envelope of that type around a message: hops, link 2001:db8:1::1, peer fe80::9.
std::string relayed(const char* type, const std::string& inside_hex, const std::string& options = "") {
  const std::size_t size = from_hex(inside_hex).size();
  const std::string length = {"0123456789abcdef"[size >> 12 & 15], "0123456789abcdef"[size >> 8 & 15],
                              "0123456789abcdef"[size >> 4 & 15], "0123456789abcdef"[size & 15]};
  return std::string(type) + "00 20010db8000100000000000000000001 fe800000000000000000000000000009 " +
         options + "0009 " + length + inside_hex;
}

}  // namespace

TEST_CASE("dhcpv6: a solicit tells of its client and makes no service") {
  CHECK(said("01 a1b2c3 0001 000e 0001 0001 2a1b3c4d 020000000001 0006 0004 0017 0018 0008 0002 0000 "
             "0010 000e 00000137 0008 4d53465420352e30 0011 000b 00000009 0001 0003 626f78 "
             "000f 0006 0004 69505845 0027 000c 00 036d3032 06636c696e6963 ") ==
        kOwn + "clue dhcpv6.duid=\"llt 02:00:00:00:00:01\" role=self\n" +  //
            kOwn + "clue dhcpv6.parameters=\"23,24\" role=self\n" +        //
            kOwn + "clue dhcpv6.enterprise=\"311\" role=self\n" +          //
            kOwn + "clue dhcpv6.vendor-class=\"MSFT 5.0\" role=self\n" +   //
            kOwn + "clue dhcpv6.enterprise=\"9\" role=self\n" +            //
            kOwn + "clue dhcpv6.vendor-options=\"1=box\" role=self\n" +    //
            kOwn + "clue dhcpv6.user-class=\"iPXE\" role=self\n" +         //
            kOwn + "name kind=dhcp name=\"m02.clinic\"\n" +                //
            kOwn + "clue dhcpv6.options=\"1,6,8,16,17,15,39\" role=self\n");
}

TEST_CASE("dhcpv6: an identifier's MAC against a link-local frame's is a clue only") {
  const std::string release = "08 a1b2c3 0001 000a 0003 0001 001b6398bf36 ";
  CHECK(said(release) == kFrame + "clue dhcpv6.duid=\"ll 00:1b:63:98:bf:36\" role=self\n");
  // Behind a router the frame's MAC is nobody's in particular, and the client's word counts.
  CHECK(said(release, Direction::kToServer, "2001:db8::5") ==
        "2001:db8::5=00:1b:63:98:bf:36 clue dhcpv6.duid=\"ll 00:1b:63:98:bf:36\" role=self\n");
}

TEST_CASE("dhcpv6: kinds of identifiers") {
  const auto text = [](std::string_view hex) {
    const auto duid = dhcpv6::read_duid(as_bytes(from_hex(hex)));
    return duid ? duid->text : "none";
  };
  CHECK(text("0001 0001 2a1b3c4d 001b6398bf36") == "llt 00:1b:63:98:bf:36");
  CHECK(text("0002 00000009 70756d7031") == "en 9 pump1");
  CHECK(text("0002 0000ab11 0a0b") == "en 43793 0a0b");
  CHECK(text("0003 0001 001b6398bf36") == "ll 00:1b:63:98:bf:36");
  CHECK(text("0003 0020 0102030405060708") == "ll 32 0102030405060708");
  CHECK(text("0004 00112233445566778899aabbccddeeff") == "uuid 00112233-4455-6677-8899-aabbccddeeff");
  for (const char* odd : {"", "0003", "0003 0001", "0001 0001 2a1b", "0002 00000009", "0004 0011",
                          "0005 001122", "0000 0011"}) {
    CHECK(text(odd) == "none");
  }
  CHECK(text("0003 0001 " + std::string(254, '1')) == "none");
  const auto enterprise = dhcpv6::read_duid(as_bytes(from_hex("0002 00000009 0a")));
  CHECK(enterprise->enterprise == 9);
  CHECK_FALSE(enterprise->mac);
  CHECK_FALSE(dhcpv6::read_duid(as_bytes(from_hex("0003 0001 010000000001")))->mac);
  CHECK(said("08 a1b2c3 0001 0007 0002 00000009 0a") == kFrame + "clue dhcpv6.duid=\"en 9 0a\" role=self\n" +
                                                            kFrame +
                                                            "clue dhcpv6.enterprise=\"9\" role=self\n");
}

TEST_CASE("dhcpv6: a reply binds its addresses and names the server") {
  const std::string server = "fe80::1/02:00:00:00:00:02 ";
  CHECK(replied("07 a1b2c3 " + kOwnDuid + "0002 000a 0003 0001 001b6398bf36 " + kAddress +
                "0027 0004 01 026d32") == server + kService +
                                              "2001:db8::77=02:00:00:00:00:01 address ip=2001:db8::77 "
                                              "mac=02:00:00:00:00:01 how=dhcpv6 lease=3600\n" +
                                              kOwn + "name kind=dhcp name=\"m2\"\n");
  // The client's identifier may hold another interface's MAC; the frame went to this one.
  CHECK(replied("07 a1b2c3 0001 000a 0003 0001 001b6398bf36 " + kAddress) ==
        server + kService +
            "2001:db8::77=02:00:00:00:00:01 address ip=2001:db8::77 mac=02:00:00:00:00:01 how=dhcpv6 "
            "lease=3600\n");
  CHECK(replied("07 a1b2c3 0001 000a 0003 0001 001b6398bf36 " + kAddress, "2001:db8::5") ==
        server + kService +
            "2001:db8::77=00:1b:63:98:bf:36 address ip=2001:db8::77 mac=00:1b:63:98:bf:36 how=dhcpv6 "
            "lease=3600\n");
  // No MAC of the client's own: nothing to bind.
  CHECK(replied("07 a1b2c3 0001 0007 0002 00000009 0a " + kAddress, "2001:db8::5") == server + kService);
  // An offer; a lifetime of 0; a temporary address.
  CHECK(replied("02 a1b2c3 " + kOwnDuid + kAddress) == server + kService);
  CHECK(replied("07 a1b2c3 " + kOwnDuid +
                "0003 0028 00000001 00000000 00000000 0005 0018 20010db8000000000000000000000077 00000000 "
                "00000000") == server + kService);
  CHECK(replied("07 a1b2c3 " + kOwnDuid +
                "0004 0020 00000001 0005 0018 20010db8000000000000000000000078 000007d0 00000e10") ==
        server + kService +
            "2001:db8::78=02:00:00:00:00:01 address ip=2001:db8::78 mac=02:00:00:00:00:01 how=dhcpv6 "
            "lease=3600\n");
}

TEST_CASE("dhcpv6: a server whose identifier agrees with its frame") {
  const std::string server = "fe80::1=02:00:00:00:00:02 ";
  CHECK(replied("02 a1b2c3 0002 000a 0003 0001 020000000002") ==
        server + "clue dhcpv6.duid=\"ll 02:00:00:00:00:02\" role=server\n" + server + kService);
}

TEST_CASE("dhcpv6: a relayed client is not the relay") {
  const std::string inside = "08 a1b2c3 0001 0007 0002 00000009 0a ";
  const std::string relay = kFrame + "clue dhcpv6.relay=\"relay\" role=self\n";
  const std::string places = "clue dhcpv6.link-address=\"2001:db8:1::1\" role=self\n";
  CHECK(said(relayed("0c", inside)) == relay + "fe80::9 clue dhcpv6.duid=\"en 9 0a\" role=self\n" +
                                           "fe80::9 clue dhcpv6.enterprise=\"9\" role=self\n" + "fe80::9 " +
                                           places);
  const std::string who = "fe80::9=00:1b:63:98:bf:36 ";
  // The relay's word for the MAC, the port, and who numbered the switch; the outer relay's are not the
  // client's place.
  const std::string inner =
      relayed("0c", inside, "004f 0008 0001 001b6398bf36 0012 0003 676531 0025 0006 00000009 7377 ");
  CHECK(said(relayed("0c", inner, "0012 0002 6f6f ")) ==
        relay + who + "clue dhcpv6.duid=\"en 9 0a\" role=self\n" + who +
            "clue dhcpv6.enterprise=\"9\" role=self\n" + who +
            "clue dhcpv6.interface-id=\"ge1\" role=self\n" + who +
            "clue dhcpv6.remote-id=\"9 sw\" role=self\n" + who + places);
  CHECK(replied(relayed("0d", "07 a1b2c3 0001 000a 0003 0001 001b6398bf36 " + kAddress)) ==
        "fe80::1/02:00:00:00:00:02 " + kService +
            "2001:db8::77=00:1b:63:98:bf:36 address ip=2001:db8::77 mac=00:1b:63:98:bf:36 how=dhcpv6 "
            "lease=3600\n");
  CHECK(said(relayed("0c", "07 a1b2c3 " + kAddress)) ==
        relay + kFrame + "anomaly dhcpv6 relayed-backwards\n");
}

TEST_CASE("dhcpv6: eight envelopes are opened, not nine") {
  std::string message = "08 a1b2c3 0001 0007 0002 00000009 0a ";
  for (int i = 0; i < 8; ++i) message = relayed("0c", message);
  CHECK(said(message).find("dhcpv6.duid") != std::string::npos);
  CHECK(said(relayed("0c", message)) ==
        kFrame + "anomaly dhcpv6 relay-too-deep\n" + kFrame + "clue dhcpv6.relay=\"relay\" role=self\n");
}

TEST_CASE("dhcpv6: malformed messages") {
  const std::string anomaly = kFrame + "anomaly dhcpv6 ";
  CHECK(said("08 a1b2") == anomaly + "truncated\n");
  CHECK(said("0c 00 20010db8").starts_with(anomaly + "truncated\n"));
  CHECK(said("08 a1b2c3 0027 0003 00 0178 0008 0002 00") ==
        kFrame + "name kind=dhcp name=\"x\"\n" + anomaly + "truncated-options\n");
  CHECK(said("08 a1b2c3 0001 0002 0003") == anomaly + "bad-duid\n");
  CHECK(said("08 a1b2c3 0010 0002 0000") == anomaly + "bad-option-length\n");
  CHECK(said("08 a1b2c3 0027 0003 00 0501") == anomaly + "bad-name\n");
  CHECK(said("08 a1b2c3 0027 0006 00 70756d7031") == kFrame + "name kind=dhcp name=\"pump1\"\n");
  CHECK(said("0c 00 20010db8000100000000000000000001 fe800000000000000000000000000009") ==
        anomaly + "relay-without-message\n" + kFrame + "clue dhcpv6.relay=\"relay\" role=self\n");
  const std::string server = "fe80::1/02:00:00:00:00:02 ",
                    by_client = "fe80::5/02:00:00:00:00:01 anomaly dhcpv6 ";
  CHECK(replied("07 a1b2c3 0003 0004 00000001") == server + kService + by_client + "truncated-options\n");
  CHECK(replied("07 a1b2c3 0003 0014 00000001 00000000 00000000 0005 0004 20010db8") ==
        server + kService + by_client + "bad-option-length\n");
}

TEST_CASE("dhcpv6: recognised by sound options on any port, by its type on its own") {
  const auto verdict = [&](std::string_view hex, bool on_port) {
    const std::string bytes = from_hex(hex);
    return dhcpv6_dissector().recognise({Direction::kToServer, as_bytes(bytes), 40000, 9999, false, on_port});
  };
  CHECK(verdict("01 a1b2c3 " + kOwnDuid, false) == Recognition::kYes);
  CHECK(verdict(relayed("0c", "01 a1b2c3 " + kOwnDuid), false) == Recognition::kYes);
  // Without an identifier (allowed when only information is asked for), and cut by the capture.
  CHECK(verdict("0b a1b2c3 0006 0002 0017", false) == Recognition::kNo);
  CHECK(verdict("0b a1b2c3 0006 0002 0017", true) == Recognition::kMaybe);
  CHECK(verdict("01 a1b2c3 0001 000a 0003", true) == Recognition::kMaybe);
  CHECK(verdict("01 a1b2c3 " + kOwnDuid + "00", false) == Recognition::kNo);
  CHECK(verdict("01 a1b2c3 0001 0004 0009 0001", false) == Recognition::kNo);
  CHECK(verdict("01 01 0000 2112a442 000000000000000000000000", false) == Recognition::kNo);  // STUN
  CHECK_FALSE(dhcpv6_dissector().first_bytes.has(0));
  CHECK_FALSE(dhcpv6_dissector().first_bytes.has(14));
  CHECK(dhcpv6_dissector().first_bytes.has(13));
}

}  // namespace bedrail
