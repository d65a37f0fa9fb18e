#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& dhcp_dissector();

namespace {

using test::from_hex;

/// A message as RFC 2131, section 2, lays it out; fields in hexadecimal.
struct Built {
  std::string head = "01 01 06 00", client = "00000000", yours = "00000000", relay = "00000000",
              mac = "001b6398bf36";
  std::string server_name, file, options;

  [[nodiscard]] std::string bytes() const {
    std::string out = from_hex(head) + from_hex("a1b2c3d4 0000 8000") + from_hex(client) + from_hex(yours) +
                      from_hex("00000000") + from_hex(relay) + padded(mac, 16) + padded(server_name, 64) +
                      padded(file, 128);
    return options.empty() ? out : out + from_hex("63825363") + from_hex(options);
  }
  static std::string padded(std::string_view hex, std::size_t size) {
    std::string out = from_hex(hex);
    out.resize(size);
    return out;
  }
};

/// One datagram from 0.0.0.0 (a client) or 10.0.0.2 (the server).
std::string said(const Built& built, std::string_view from = "0.0.0.0") {
  test::DissectHarness harness(dhcp_dissector(), Transport::kUdp);
  harness.context().key.client = {*parse_ip(from), static_cast<std::uint16_t>(from == "0.0.0.0" ? 68 : 67)};
  harness.context().key.server = {*parse_ip("255.255.255.255"),
                                  static_cast<std::uint16_t>(from == "0.0.0.0" ? 67 : 68)};
  CHECK(harness.datagram(Direction::kToServer, built.bytes()).status == Progress::Status::kContinue);
  return harness.text();
}

}  // namespace

TEST_CASE("dhcp: a discover tells of its client and makes no service") {
  Built built;
  built.options =
      "35 01 01  3d 07 01 001b6398bf36  0c 08 6d6f6e69746f7232  3c 08 4d53465420352e30  37 04 01 03 06 0f  "
      "00 00  "
      "51 0e 04 00 00 036d3032 06 636c696e6963  4d 05 04 69505845  ff  0c 01 78";
  CHECK(said(built) ==
        "=00:1b:63:98:bf:36 clue dhcp.options=\"53,61,12,60,55,81,77\" role=self\n"
        "=00:1b:63:98:bf:36 name kind=dhcp name=\"monitor2\"\n"
        "=00:1b:63:98:bf:36 name kind=dhcp name=\"m02.clinic\"\n"
        "=00:1b:63:98:bf:36 clue dhcp.vendor-class=\"MSFT 5.0\" role=self\n"
        "=00:1b:63:98:bf:36 clue dhcp.parameters=\"1,3,6,15\" role=self\n"
        "=00:1b:63:98:bf:36 clue dhcp.user-class=\"iPXE\" role=self\n"
        "=00:1b:63:98:bf:36 clue dhcp.client-id=\"1 00:1b:63:98:bf:36\" role=self\n");
}

TEST_CASE("dhcp: forms of identifiers, names and classes") {
  Built built;
  const auto clue = [&](std::string options) {
    built.options = "35 01 04 " + options;
    return said(built);
  };
  CHECK(clue("3d 05 70756d7031 ff") == "=00:1b:63:98:bf:36 clue dhcp.client-id=\"pump1\" role=self\n");
  CHECK(clue("3d 06 00 70756d7031 ff") == "=00:1b:63:98:bf:36 clue dhcp.client-id=\"0 pump1\" role=self\n");
  CHECK(clue("3d 07 ff 0a0b0c0d 0001 ff") ==
        "=00:1b:63:98:bf:36 clue dhcp.client-id=\"255 0a0b0c0d0001\" role=self\n");
  CHECK(clue("51 08 00 00 00 70756d7031 ff") == "=00:1b:63:98:bf:36 name kind=dhcp name=\"pump1\"\n");
  CHECK(clue("51 02 00 00 ff").empty());
  CHECK(clue("4d 05 70756d7031 ff") == "=00:1b:63:98:bf:36 clue dhcp.user-class=\"pump1\" role=self\n");
  CHECK(clue("7c 0a 00000009 05 70756d7031 ff") ==
        "=00:1b:63:98:bf:36 clue dhcp.enterprise=\"9\" role=self\n"
        "=00:1b:63:98:bf:36 clue dhcp.enterprise-text=\"pump1\" role=self\n");
  CHECK(clue("7d 16 00000de9 0c 01 06 413042314332 03 02 6278 00000009 00 ff") ==
        "=00:1b:63:98:bf:36 clue dhcp.enterprise=\"3561\" role=self\n"
        "=00:1b:63:98:bf:36 clue dhcp.enterprise-text=\"1=A0B1C2,3=bx\" role=self\n"
        "=00:1b:63:98:bf:36 clue dhcp.enterprise=\"9\" role=self\n");
  CHECK(clue("7d 06 00000de9 0c 01 ff") == "/02:00:00:00:00:01 anomaly dhcp truncated-options\n");
}

TEST_CASE("dhcp: an acknowledgement binds the address, names the server and its router") {
  Built built;
  built.head = "02 01 06 00";
  built.yours = "0a000005";
  built.options =
      "35 01 05 33 04 00000e10 36 04 0a000002 01 04 ffffff00 03 08 0a000001 0a0000fe 0f 06 636c696e6963 0c "
      "02 6d32 ff";
  const std::string expected =
      "10.0.0.2/02:00:00:00:00:01 service udp/67 dhcp product=\"\" version=\"\" encrypted=false\n"
      "10.0.0.2/02:00:00:00:00:01 clue dhcp.router=\"10.0.0.1,10.0.0.254\" role=self\n"
      "10.0.0.5=00:1b:63:98:bf:36 address ip=10.0.0.5 mac=00:1b:63:98:bf:36 how=dhcp lease=3600\n"
      "10.0.0.5=00:1b:63:98:bf:36 name kind=dhcp name=\"m2\"\n"
      "10.0.0.5=00:1b:63:98:bf:36 clue dhcp.domain=\"clinic\" role=self\n";
  CHECK(said(built, "10.0.0.2") == expected);
  // An answer to INFORM has no address to give; the client keeps its own.
  built.yours = "00000000";
  built.client = "0a000006";
  built.options = "35 01 05 36 04 0a000002 ff";
  CHECK(said(built, "10.0.0.2") ==
        "10.0.0.2/02:00:00:00:00:01 service udp/67 dhcp product=\"\" version=\"\" encrypted=false\n"
        "10.0.0.6=00:1b:63:98:bf:36 address ip=10.0.0.6 mac=00:1b:63:98:bf:36 how=dhcp lease=0\n");
}

TEST_CASE("dhcp: offers and refusals bind nothing") {
  Built built;
  built.head = "02 01 06 00";
  built.yours = "0a000005";
  for (const char* type : {"02", "06"}) {
    built.options = "35 01 " + std::string(type) + " 33 04 00000e10 36 04 0a000002 ff";
    CHECK(said(built, "10.0.0.2") ==
          "10.0.0.2/02:00:00:00:00:01 service udp/67 dhcp product=\"\" version=\"\" encrypted=false\n");
  }
}

TEST_CASE("dhcp: an address in use is bound, one given up is not") {
  Built built;
  built.client = "0a000005";
  const std::string bound =
      "10.0.0.5=00:1b:63:98:bf:36 address ip=10.0.0.5 mac=00:1b:63:98:bf:36 how=dhcp lease=0\n";
  const std::string order = "10.0.0.5=00:1b:63:98:bf:36 clue dhcp.options=\"53\" role=self\n";
  for (const char* type : {"03", "08"}) {
    built.options = "35 01 " + std::string(type) + " ff";
    CHECK(said(built, "10.0.0.5") == bound + order);
  }
  built.options = "35 01 01 ff";
  CHECK(said(built, "10.0.0.5") == order);
  for (const char* type : {"04", "07", "0a"}) {
    built.options = "35 01 " + std::string(type) + " ff";
    CHECK(said(built, "10.0.0.5").empty());
  }
}

TEST_CASE("dhcp: relays pass on for others") {
  Built built;
  built.relay = "0a0100fe";
  built.options = "35 01 01 52 0c 01 04 00040105 02 04 73772d31 ff";
  CHECK(said(built, "10.1.0.254") ==
        "10.1.0.254 clue dhcp.relay=\"relay\" role=self\n"
        "=00:1b:63:98:bf:36 clue dhcp.options=\"53\" role=self\n"
        "=00:1b:63:98:bf:36 clue dhcp.agent-circuit=\"00040105\" role=self\n"
        "=00:1b:63:98:bf:36 clue dhcp.agent-remote=\"sw-1\" role=self\n");
  // The identifier tells the server where the relay hands the answer on; the frame's MAC is not the server's.
  built.head = "02 01 06 01";
  built.options = "35 01 02 36 04 0a000009 ff";
  CHECK(said(built, "10.1.0.254") ==
        "10.1.0.254 clue dhcp.relay=\"relay\" role=self\n"
        "10.0.0.9 service udp/67 dhcp product=\"\" version=\"\" encrypted=false\n");
  // Without an identifier the relay is no server.
  built.options = "35 01 02 ff";
  CHECK(said(built, "10.1.0.254") == "10.1.0.254 clue dhcp.relay=\"relay\" role=self\n");
}

TEST_CASE("dhcp: a reply against the flow's direction is the server's") {
  test::DissectHarness harness(dhcp_dissector(), Transport::kUdp);
  Built built;
  built.head = "02 01 06 00";
  built.options = "35 01 02 ff";
  harness.datagram(Direction::kToClient, built.bytes());
  CHECK(harness.text() ==
        "10.0.0.2/02:00:00:00:00:02 service udp/67 dhcp product=\"\" version=\"\" encrypted=false\n");
}

TEST_CASE("dhcp: BOOTP of old") {
  Built built;
  CHECK(said(built) == "=00:1b:63:98:bf:36 clue dhcp.bootp=\"client\" role=self\n");
  built.head = "02 01 06 00";
  built.yours = "0a000005";
  CHECK(said(built, "10.0.0.2") ==
        "10.0.0.2/02:00:00:00:00:01 service udp/67 dhcp product=\"\" version=\"\" encrypted=false\n"
        "10.0.0.5=00:1b:63:98:bf:36 address ip=10.0.0.5 mac=00:1b:63:98:bf:36 how=dhcp lease=0\n");
}

TEST_CASE("dhcp: options go on in the file and the server's name") {
  Built built;
  built.options = "35 01 01 34 01 03 0c 02 6d6f ff";
  built.file = "3c 04 50756d70 0c 02 6e69 ff";
  built.server_name = "0c 04 746f7232 ff";
  CHECK(said(built) ==
        "=00:1b:63:98:bf:36 clue dhcp.options=\"53,52,12,60\" role=self\n"
        "=00:1b:63:98:bf:36 name kind=dhcp name=\"monitor2\"\n"
        "=00:1b:63:98:bf:36 clue dhcp.vendor-class=\"Pump\" role=self\n");
  built.options = "35 01 01 34 01 01 ff";
  CHECK(said(built) ==
        "=00:1b:63:98:bf:36 clue dhcp.options=\"53,52,60,12\" role=self\n"
        "=00:1b:63:98:bf:36 name kind=dhcp name=\"ni\"\n"
        "=00:1b:63:98:bf:36 clue dhcp.vendor-class=\"Pump\" role=self\n");
}

TEST_CASE("dhcp: a long option in more parts than fit is cut") {
  Built built;
  built.options = "35 01 04";
  std::string part = "37 fa";
  for (int i = 0; i < 250; ++i) part += "07";
  for (int i = 0; i < 6; ++i) built.options += part;
  std::string list = "7";
  for (int i = 0; i < 127; ++i) list += ",7";  // 1,024 codes are joined, 128 of them are listed
  CHECK(said(built) == "=00:1b:63:98:bf:36 clue dhcp.parameters=\"" + list + "\" role=self\n");
}

TEST_CASE("dhcp: malformed messages") {
  const std::string by = "/02:00:00:00:00:01 anomaly dhcp ";
  test::DissectHarness harness(dhcp_dissector(), Transport::kUdp);
  harness.context().key.client = {IpAddress{}, 68};
  Built built;
  harness.datagram(Direction::kToServer, built.bytes().substr(0, 235));
  CHECK(harness.text() == by + "truncated\n");
  built.options = "35 01 04 0c 03 616263 3c 09 6162";
  CHECK(said(built) == by + "truncated-options\n=00:1b:63:98:bf:36 name kind=dhcp name=\"abc\"\n");
  built.options = "35 01 04 0c";
  CHECK(said(built) == by + "truncated-options\n");
  built.options = "35 01 02 0c 03 616263 ff";
  CHECK(said(built) == by + "op-mismatch\n");
  built.options = "35 02 01 01 ff";
  CHECK(said(built) == by + "bad-message-type\n");
  built.options = "35 01 04 52 04 01 09 6162 ff";
  CHECK(said(built) == by + "truncated-options\n");
  built.options = "35 01 04 34 01 04 ff";
  CHECK(said(built) == by + "bad-overload\n");
  built.head = "03 01 06 00";
  CHECK(said(built) == by + "bad-op\n");
  built.head = "01 01 11 00";
  CHECK(said(built) == by + "bad-hardware-length\n");
  built.head = "02 01 06 00";
  built.options = "35 01 05 33 02 0e10 36 02 0a00 ff";
  CHECK(said(built, "10.0.0.2") ==
        "10.0.0.2/02:00:00:00:00:01 anomaly dhcp bad-option-length\n"
        "10.0.0.2/02:00:00:00:00:01 service udp/67 dhcp product=\"\" version=\"\" encrypted=false\n"
        "10.0.0.2/02:00:00:00:00:01 anomaly dhcp bad-option-length\n");
}

TEST_CASE("dhcp: hardware addresses that are no device's") {
  Built built;
  built.options = "35 01 01 0c 01 78 ff";
  for (const char* mac : {"000000000000", "010000000001"}) {
    built.mac = mac;
    CHECK(said(built).empty());
  }
  built.mac = "001b6398bf36";
  built.head = "01 20 00 00";  // InfiniBand (RFC 4390)
  CHECK(said(built).empty());
}

TEST_CASE("dhcp: addresses that are no host's") {
  Built built;
  built.client = "00a1e040";
  built.relay = "000a1e01";
  CHECK(said(built) == "=00:1b:63:98:bf:36 clue dhcp.bootp=\"client\" role=self\n");
  built.mac = "000000000000";
  CHECK(said(built).empty());
  built.client = "7f000001";
  CHECK(said(built).empty());
}

TEST_CASE("dhcp: recognised by its cookie on any port, without it on its own ports") {
  const DissectorInfo& info = dhcp_dissector();
  Built built;
  const auto verdict = [&](std::string_view bytes, bool on_port) {
    return info.recognise({Direction::kToServer, as_bytes(bytes), 40000, 9999, false, on_port});
  };
  CHECK(verdict(built.bytes(), true) == Recognition::kMaybe);
  CHECK(verdict(built.bytes(), false) == Recognition::kNo);
  built.options = "35 01 01 ff";
  CHECK(verdict(built.bytes(), false) == Recognition::kYes);
  CHECK(verdict(built.bytes().substr(0, 200), true) == Recognition::kNo);
  built.head = "01 01 11 00";
  CHECK(verdict(built.bytes(), true) == Recognition::kNo);
  CHECK(verdict(std::string(300, '\0'), true) == Recognition::kNo);
  CHECK(verdict("GET / HTTP/1.1\r\n" + std::string(300, 'x'), true) == Recognition::kNo);
}

}  // namespace bedrail
