#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& infinity_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer;
const std::string kAddress("\x0a\0\0\1", 4);

std::string big(unsigned value) {
  return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
}
std::string wide(const std::string& text) {
  std::string out;
  for (const char c : text) out += std::string(1, '\0') + c;
  return text.size() % 2 == 1 ? out + std::string(2, '\0') : out;
}
std::string segment(unsigned code, const std::string& name, const std::string& content) {
  const std::string body =
      static_cast<char>(code) + std::string(1, static_cast<char>(name.size())) + wide(name) + content;
  return big(0) + big(0x2d) + big(static_cast<unsigned>(body.size() + 6)) + body;
}
std::string discovery(const std::string& segments) {
  return kAddress + big(4) + std::string("\0\0\0\1\0\0\0\7\0\0\0\0\0\0\x15\0\0\0", 18) + segments +
         std::string(4, '\0');
}
const std::string kBed = segment(1, "ICU BED07", kAddress);
const std::string kDevice = segment(13, "",
                                    std::string("\xa7\x3d\xbf\xbb\0\0\0\0\3\1\x09\7\5\x0a\0\0", 16) +
                                        wide("VF8.3-W") + wide("Delta") + wide("6002590001"));
const std::string kService = segment(
    11, "ICU BED07", std::string("\xe0\0\0\1\0\0\0\0", 8) + big(2050) + big(4) + std::string(8, '\0'));
std::string patient(const std::string& name, const std::string& id) {
  return segment(5, "",
                 std::string("\xfb\x0a\x1b\x2c", 4) + kAddress + '\1' + static_cast<char>(name.size()) +
                     static_cast<char>(id.size()) + '\0' + wide(name) + wide(id));
}
std::string data(unsigned id) {
  return std::string(12, '\0') + kAddress + std::string(13, '\0') + '\1' + big(0) + big(id) + big(8) + "four";
}

const std::string kMe = "10.0.0.1/02:00:00:00:00:01 ";

std::string said(const std::vector<std::string>& datagrams) {
  test::DissectHarness harness(infinity_dissector(), Transport::kUdp);
  for (const std::string& text : datagrams) harness.datagram(kUp, text);
  return harness.text();
}

}  // namespace

TEST_CASE("infinity: an announcement names bed, model, firmware and serial number, the patient by kind") {
  const std::string whole =
      discovery(kBed + kDevice + kService + patient("DOE", "000111") + segment(7, "", ""));
  const std::string text = said({whole, whole});
  CHECK(text == kMe + "clue infinity.unit=\"21\" role=self\n" + kMe +
                    "name kind=infinity name=\"ICU BED07\"\n" + kMe +
                    "clue infinity.bed=\"ICU BED07\" role=self\n" + kMe +
                    "clue infinity.firmware=\"VF8.3-W\" role=self\n" + kMe +
                    "clue infinity.model=\"Delta\" role=self\n" + kMe +
                    "clue infinity.serial=\"6002590001\" role=self\n" + kMe +
                    "clue infinity.services=\"2050:4\" role=self\n" + kMe +
                    "patient-data infinity message=\"discovery\" fields=id,name\n");
  CHECK(text.find("DOE") == std::string::npos);
  CHECK(said({discovery(patient("", ""))}).find("patient-data") == std::string::npos);
  CHECK(said({discovery(patient("  ", "1"))}).ends_with("fields=id\n"));
  CHECK(said({discovery(patient("DOE", ""))}).ends_with("fields=name\n"));
}

TEST_CASE("infinity: measurements") {
  CHECK(said({data(12), data(14), data(14), data(99)}) ==
        kMe + "clue infinity.data=\"waveform\" role=self\n" + kMe +
            "clue infinity.data=\"parameters\" role=self\n");
}

TEST_CASE("infinity: odd and malformed") {
  const std::string odd = kMe + "anomaly infinity ";
  std::string forged = discovery(kBed);
  forged[3] = 9;
  CHECK(said({forged}) == odd + "other-sender\n");
  CHECK(said({discovery(kBed).substr(0, 40)}) == odd + "malformed\n");
  CHECK(said({data(12) + "x"}) == odd + "malformed\n");
  CHECK(said({discovery(segment(13, "", "short"))}).ends_with(odd + "bad-segment\n"));
  CHECK(said({discovery(segment(5, "", std::string(9, '\0') + "\x7f" + std::string(2, '\0')))})
            .ends_with(odd + "bad-segment\n"));
}

TEST_CASE("infinity: what is recognised") {
  const auto recognised = [](const std::string& text, bool on_port) {
    return infinity_dissector().recognise({kUp, as_bytes(text), 40000, 2150, false, on_port});
  };
  CHECK(recognised(discovery(kBed), false) == Recognition::kYes);
  CHECK(recognised(data(12), true) == Recognition::kYes);
  CHECK(recognised(data(12), false) == Recognition::kNo);
  CHECK(recognised(discovery(""), true) == Recognition::kNo);
  CHECK(recognised(discovery(kBed).substr(0, discovery(kBed).size() - 1), true) == Recognition::kNo);
  CHECK(recognised(std::string(64, '\0'), true) == Recognition::kNo);
  CHECK(recognised("M-SEARCH * HTTP/1.1\r\nHost: 239.255.255.250\r\n\r\n", true) == Recognition::kNo);
  CHECK(recognised(std::string("\x16\x03\x01\x02\0\x01", 6), true) == Recognition::kNo);
}

}  // namespace bedrail
