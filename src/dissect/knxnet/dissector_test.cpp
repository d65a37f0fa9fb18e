#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& knxnet_dissector();

namespace {

using enum Direction;

const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kService = kServer + "service udp/3671 knxnet product=\"\" version=\"\" encrypted=false\n";

std::string bytes(std::string_view hex) { return test::from_hex(hex); }
std::string message(std::string_view service, const std::string& body) {
  const std::size_t size = body.size() + 6;
  return bytes("0610") + bytes(service) + static_cast<char>(size >> 8) + static_cast<char>(size & 0xff) +
         body;
}
const std::string kEndpoint = bytes("0801 0a000001 c350");
/// 1.1.250, serial 0001:112233445, the frame's MAC or another, "KNX IP Router".
std::string device(std::string_view mac = "020000000002", std::string name = "KNX IP Router") {
  name.resize(30);
  return bytes("3601 02 00 11fa 0000 0001 11223344 e000170c") + bytes(mac) + name;
}
const std::string kFamilies = bytes("0a02 0201 0301 0402 0501");

std::string said(const std::vector<test::DissectHarness::Turn>& turns) {
  test::DissectHarness harness(knxnet_dissector(), Transport::kUdp);
  for (const auto& [direction, datagram] : turns) harness.datagram(direction, datagram);
  return harness.text();
}
bool has(const std::string& where, const std::string& what) { return where.find(what) != std::string::npos; }

}  // namespace

TEST_CASE("knxnet: a description says name, addresses, serial number and services, once") {
  const std::string description = message("0204", device() + kFamilies);
  CHECK(said({{kToServer, message("0203", kEndpoint)}, {kToClient, description}, {kToClient, description}}) ==
        kService + kServer + "clue knxnet.address=\"1.1.250\" role=server\n" + kServer +
            "clue knxnet.serial=\"000111223344\" role=server\n" + kServer +
            "clue knxnet.maker=\"1\" role=server\n" + kServer +
            "clue knxnet.mac=\"02:00:00:00:00:02\" role=server\n" + kServer +
            "address ip=10.0.0.2 mac=02:00:00:00:00:02 how=knxnet lease=0\n" + kServer +
            "name kind=knxnet name=\"KNX IP Router\"\n" + kServer +
            "clue knxnet.device=\"KNX IP Router\" role=server\n" + kServer +
            "clue knxnet.services=\"core,management,tunnelling,routing\" role=server\n");
}

TEST_CASE("knxnet: an answer to a search comes from either end, the MAC it declares is its own") {
  const std::string lines = said({{kToServer, message("0202", kEndpoint + device("020000000009"))}});
  CHECK(has(lines, kClient + "name kind=knxnet"));
  CHECK(has(lines, kClient + "address ip=10.0.0.1 mac=02:00:00:00:00:09 how=knxnet"));
  CHECK(has(lines, kClient + "clue knxnet.mac=\"02:00:00:00:00:09\""));
  CHECK_FALSE(has(lines, "service"));
}

TEST_CASE("knxnet: what a device without address, serial number and MAC says") {
  std::string body = device("000000000000", "");
  body.replace(4, 10, bytes("ffff 0000 000000000000"));
  CHECK(said({{kToClient, message("0204", body)}}) == kService);
}

TEST_CASE("knxnet: tunnels and management without a question, secure ones apart") {
  const auto connect = [](const char* kind) {
    return message("0205", kEndpoint + kEndpoint + bytes("04") + bytes(kind) + bytes("0200"));
  };
  const std::string accepted = message("0206", bytes("0100") + kEndpoint + bytes("04041101"));
  CHECK(said({{kToServer, connect("04")}, {kToClient, accepted}}) ==
        kService + kServer + "session knxnet authentication=none encrypted=false\n" + kClient +
            "message knxnet \"tunnel\" status=\"\"\n");
  CHECK(
      has(said({{kToServer, connect("03")}, {kToClient, accepted}}), "message knxnet \"device management\""));
  CHECK(said({{kToServer, connect("04")}, {kToClient, message("0206", bytes("0024"))}}) == kService);
  CHECK(has(said({{kToClient, message("0950", std::string(40, 'x'))}}),
            "session knxnet authentication=present encrypted=true"));
  CHECK(has(said({{kToServer, message("0530", bytes("2900bce0110109010100"))}}),
            kClient + "clue knxnet.services=\"routing\""));
}

TEST_CASE("knxnet: a stream cut byte by byte") {
  const auto lines = [](std::size_t step) {
    test::DissectHarness harness(knxnet_dissector(), Transport::kTcp);
    harness.stream({{kToServer, message("0203", kEndpoint)},
                    {kToClient, message("0204", device()) + message("0204", kFamilies)}},
                   step);
    return harness.text();
  };
  CHECK(has(lines(0), "core,management"));
  CHECK(lines(1) == lines(0));
  test::DissectHarness harness(knxnet_dissector(), Transport::kTcp);
  CHECK(harness.piece(kToServer, message("0203", kEndpoint)));
  CHECK_FALSE(harness.gap(kToClient, 4));
}

TEST_CASE("knxnet: malformed messages") {
  const std::string anomaly = kClient + "anomaly knxnet malformed-message\n";
  CHECK(said({{kToClient, "abc"}}) == anomaly);
  CHECK(said({{kToClient, message("0204", device()) + "x"}}) == anomaly);
  CHECK(said({{kToClient, message("0204", device().substr(0, 20))}}) == kService + anomaly);
  CHECK(said({{kToClient, message("0204", bytes("0001"))}}) == kService + anomaly);
  CHECK(said({{kToClient, message("0204", bytes("0501000000"))}}) == kService + anomaly);
}

TEST_CASE("knxnet: recognised by its header") {
  const auto recognised = [](const std::string& text, bool on_port = false) {
    return knxnet_dissector().recognise({kToServer, as_bytes(text), 40000, 3671, false, on_port});
  };
  CHECK(recognised(message("0203", kEndpoint)) == Recognition::kYes);
  CHECK(recognised(message("0203", kEndpoint) + "x") == Recognition::kMaybe);
  CHECK(recognised(bytes("0610")) == Recognition::kMore);
  CHECK(recognised(bytes("0611")) == Recognition::kNo);
  CHECK(recognised(message("0103", kEndpoint), true) == Recognition::kNo);
  CHECK(recognised(bytes("0600 ff07 0000 0000 0000 0000 1020"), true) == Recognition::kNo);  // RMCP
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n", true) == Recognition::kNo);
}

}  // namespace bedrail
