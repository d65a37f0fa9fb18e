#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& eapol_dissector();

namespace {

const std::string kWho = "10.0.0.1=02:00:00:00:00:01 ";

std::string bytes(std::string_view hex) { return test::from_hex(hex); }
std::string two(std::size_t size) { return {static_cast<char>(size >> 8), static_cast<char>(size & 0xff)}; }
std::string frame(int type, const std::string& body, int version = 1) {
  return std::string{static_cast<char>(version), static_cast<char>(type)} + two(body.size()) + body;
}
std::string eap(int code, int type, const std::string& data) {
  return frame(
      0, std::string{static_cast<char>(code), 7} + two(data.size() + 5) + static_cast<char>(type) + data);
}
std::string attribute(int type, const std::string& value) {
  return two(static_cast<std::size_t>(type)) + two(value.size()) + value;
}
std::string said(const std::string& text) {
  test::DissectHarness harness(eapol_dissector(), Transport::kNone);
  harness.datagram(Direction::kToServer, text);
  return harness.text();
}
std::string clue(const std::string& key, const std::string& value, const std::string& role = "self") {
  return kWho + "clue eapol." + key + "=\"" + value + "\" role=" + role + "\n";
}

}  // namespace

TEST_CASE("eapol: a machine names itself, a person is not told") {
  CHECK(said(frame(1, "", 2) + std::string(42, '\0')) == clue("start", "802.1X-2004", "client"));
  CHECK(said(eap(2, 1, "host/pc-7.example.org") + "padding") ==
        kWho + "name kind=eapol name=\"pc-7.example.org\"\n");
  CHECK(said(eap(2, 1, "EXAMPLE\\joe.doe")).empty());
  CHECK(said(eap(2, 1, "joe@example.org")).empty());
  CHECK(said(eap(2, 25, bytes("00160301"))) == clue("method", "peap", "client"));
  CHECK(said(eap(1, 13, bytes("20"))) == clue("method", "tls", "server"));
  CHECK(said(frame(0, bytes("03070004"))).empty());
  CHECK(said(frame(2, "")).empty());
}

TEST_CASE("eapol: an authenticator's question tells its name and network") {
  CHECK(said(eap(1, 1, bytes("00") + "networkid=staff,nasid=wlc-1,portid=29")) ==
        clue("nas", "wlc-1", "server") + clue("network", "staff", "server"));
  CHECK(said(eap(1, 1, "")).empty());
}

TEST_CASE("eapol: a device that sets itself up describes itself") {
  const std::string body = bytes("00372a 00000001 04 02 0200") + attribute(0x104a, bytes("10")) +
                           attribute(0x1021, "Maker") + attribute(0x1023, "Pump 5") +
                           attribute(0x1024, "P5-1") + attribute(0x1042, "SN4") + attribute(0x1011, "Pump");
  CHECK(said(eap(2, 254, body)) == clue("method", "expanded", "client") + clue("wps-maker", "Maker") +
                                       clue("wps-model", "Pump 5") + clue("wps-model-number", "P5-1") +
                                       clue("wps-serial", "SN4") + clue("wps-device", "Pump"));
  CHECK(said(eap(2, 254, body.substr(0, 20))) == clue("method", "expanded", "client"));
  CHECK(said(eap(2, 254, bytes("000009 00000001 0400") + attribute(0x1021, "Maker"))) ==
        clue("method", "expanded", "client"));
}

TEST_CASE("eapol: keys of wireless networks tell the access point from the client") {
  const std::string rest(92, 'k');
  CHECK(said(frame(3, bytes("02008a") + rest)) == clue("key", "rsn-aes", "server"));
  CHECK(said(frame(3, bytes("02010a") + rest)) == clue("key", "rsn-aes", "client"));
  CHECK(said(frame(3, bytes("fe0089") + rest)) == clue("key", "wpa-tkip", "server"));
  CHECK(said(frame(3, bytes("020088") + rest)) == clue("key", "rsn", "server"));
  CHECK(said(frame(3, bytes("010010") + rest)) == clue("key", "wep"));
}

TEST_CASE("eapol: malformed frames") {
  const std::string anomaly = "10.0.0.1/02:00:00:00:00:01 anomaly eapol ";
  CHECK(said(bytes("0100")) == anomaly + "truncated\n");
  CHECK(said(bytes("01000009 01")) == anomaly + "truncated\n");
  CHECK(said(frame(0, bytes("0107000501"), 9)) == anomaly + "bad-header\n");
  CHECK(said(frame(12, "")) == anomaly + "bad-header\n");
  CHECK(said(frame(0, bytes("09070005"))) == anomaly + "bad-eap\n");
  CHECK(said(frame(3, bytes("02"))) == anomaly + "truncated\n");
  CHECK(said(frame(3, bytes("070000"))) == anomaly + "bad-key\n");
}

}  // namespace bedrail
