#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& ge_unity_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer;
constexpr std::string_view kMe = "10.0.0.1/02:00:00:00:00:01 ";

std::string big(unsigned value) {
  return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
}
std::string padded(std::string text, std::size_t size) {
  text.resize(size, '\0');
  return text;
}
const std::string kAddress("\x0a\0\0\1", 4);

std::string rwhat(const std::string& bed = "ICU|BED07", const std::string& patient = "DOE,J") {
  const std::string services = big(3) + big(3) + big(2000) + big(17) + big(32) + big(9) + big(2000);
  return padded(std::string("\1\4\0\0", 4) + kAddress + "\x65\x93\x7d\x25" + padded(bed, 16) +
                    padded(patient, 14) + services,
                88);
}
std::string message(unsigned kind, unsigned code, const std::string& bed, std::size_t size) {
  const std::string front = std::string("\x0a\0\0\xff\0\0", 6) + kAddress + big(0) + big(kind) + big(code);
  return padded(padded(front, 24) + bed, size);
}

std::string said(const std::vector<std::string>& datagrams, std::uint16_t port = 7000) {
  test::DissectHarness harness(ge_unity_dissector(), Transport::kUdp, port);
  for (const std::string& text : datagrams) harness.datagram(kUp, text);
  return harness.text();
}

Recognition recognised(const std::string& text, bool on_port) {
  return ge_unity_dissector().recognise({kUp, as_bytes(text), 3028, 7000, false, on_port});
}

}  // namespace

TEST_CASE("ge-unity: a monitor tells its bed and services, and never its patient's name") {
  const std::string me(kMe);
  const std::string text = said({rwhat(), rwhat()});
  CHECK(text == me + "clue ge-unity.message=\"rwhat\" role=self\n" + me +
                    "clue ge-unity.bed=\"ICU|BED07\" role=self\n" + me +
                    "name kind=ge-unity name=\"ICU|BED07\"\n" + me +
                    "patient-data ge-unity message=\"RWHAT\" fields=name\n" + me +
                    "service udp/2000 ge-unity product=\"\" version=\"\" encrypted=false\n" + me +
                    "clue ge-unity.services=\"3:2000,17:32,9:2000\" role=self\n");
  CHECK(text.find("DOE") == std::string::npos);
  CHECK(said({rwhat("ICU|BED07", "")}).find("patient-data") == std::string::npos);
  CHECK(said({rwhat("ICU|BED07", "   ")}).find("patient-data") == std::string::npos);
}

TEST_CASE("ge-unity: alarms, the time, requests and answers") {
  const std::string me(kMe), bed = me + "clue ge-unity.bed=\"ICU|BED07\" role=self\n" + me +
                                   "name kind=ge-unity name=\"ICU|BED07\"\n";
  CHECK(said({message(0xc9, 4, "ICU|BED07", 84)}, 7001) ==
        me + "clue ge-unity.message=\"alarm\" role=self\n" + bed);
  CHECK(said({message(0, 0, "ICU|CIC1", 64)}, 2000) ==
        me + "clue ge-unity.message=\"time-master\" role=self\n" + me +
            "clue ge-unity.bed=\"ICU|CIC1\" role=self\n" + me + "name kind=ge-unity name=\"ICU|CIC1\"\n");
  // Who answers is known by its address in the message only.
  CHECK(said({message(0xc9, 0x14, "", 616)}, 3073) == me + "clue ge-unity.message=\"vitals\" role=self\n");
  CHECK(said({message(0xc9, 0x7fb, "", 699)}, 3074) == me + "clue ge-unity.message=\"data\" role=self\n");
  CHECK(said({padded(big(0x48f) + big(0) + big(0x7fb), 699)}, 3074) ==
        me + "clue ge-unity.message=\"waves\" role=self\n");
  std::string request = message(0xca, 0x60, "ICU|BED07", 62);
  request.replace(0, 12, "HOME ALARME:");
  CHECK(said({request, request}, 2000) ==
        me +
            "clue ge-unity.message=\"request\" role=client\n"
            "10.0.0.2/02:00:00:00:00:02 service udp/2000 ge-unity product=\"\" version=\"\" encrypted=false\n"
            "10.0.0.2/02:00:00:00:00:02 session ge-unity authentication=none encrypted=false\n");
}

TEST_CASE("ge-unity: odd and malformed") {
  const std::string me(kMe);
  std::string forged = rwhat();
  forged[7] = 9;
  CHECK(said({forged}) == me + "anomaly ge-unity other-sender\n");
  CHECK(said({rwhat().substr(0, 50)}) == me + "anomaly ge-unity malformed\n");
  CHECK(said({rwhat("ICUBED")}) == me + "anomaly ge-unity malformed\n");
  CHECK(said({message(0xc8, 4, "ICU|BED07", 84)}) == me + "anomaly ge-unity malformed\n");
  std::string foreign = message(0xc9, 0x14, "", 616);
  foreign[9] = 9;
  test::DissectHarness harness(ge_unity_dissector(), Transport::kUdp);
  CHECK(harness.datagram(kUp, foreign).status == Progress::Status::kFailed);
  CHECK(harness.text().empty());
}

TEST_CASE("ge-unity: what is recognised") {
  CHECK(recognised(rwhat(), false) == Recognition::kYes);
  CHECK(recognised(rwhat() + "more", true) == Recognition::kYes);
  CHECK(recognised(rwhat() + "more", false) == Recognition::kNo);
  CHECK(recognised(message(0xc9, 4, "ICU|BED07", 84), false) == Recognition::kYes);
  for (const std::string& weak : {message(0xca, 0x60, "ICU|BED07", 62), message(0, 0, "ICU|CIC1", 64)}) {
    CHECK(recognised(weak, true) == Recognition::kYes);
    CHECK(recognised(weak, false) == Recognition::kNo);
  }
  CHECK(recognised(message(0xc9, 0x14, "", 616), true) == Recognition::kMaybe);
  CHECK(recognised(message(0xc9, 0x14, "", 616), false) == Recognition::kNo);
  CHECK(recognised(padded(big(0x48f) + big(0) + big(0x7fb), 699), true) == Recognition::kMaybe);
  CHECK(recognised(padded(big(0x48f) + big(0) + big(0x7fa), 699), true) == Recognition::kNo);
  for (const char* bed :
       {"ICU", "|BED07", "ICU|", "INTENSIVE|BED07", "ICU|BED0007", "ICU|A|B", "IC\x01|BED07"})
    CHECK(recognised(rwhat(bed), true) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\nHost: a\r\n\r\n" + std::string(60, ' '), true) == Recognition::kNo);
  CHECK(recognised(std::string(88, '\0'), true) == Recognition::kNo);
  CHECK(recognised(std::string("\x16\x03\x01\x02\0\x01", 6), true) == Recognition::kNo);
}

}  // namespace bedrail
