#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& dri_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;

std::string little(unsigned value) {
  return {static_cast<char>(value & 0xff), static_cast<char>(value >> 8 & 0xff)};
}
std::string framed(std::string record) {
  record.replace(0, 2, little(static_cast<unsigned>(record.size())));
  char sum = 0;
  for (const char c : record) sum = static_cast<char>(sum + c);
  record.push_back(sum);
  std::string out = "\x7e";
  for (const char c : record) {
    if (c == '\x7e' || c == '\x7d') {
      out.push_back('\x7d');
      out.push_back(static_cast<char>(c & ~0x20));
    } else {
      out.push_back(c);
    }
  }
  return out + "\x7e";
}
/// A record of one part of type `type`.
std::string record(unsigned main_type, unsigned type, const std::string& data, bool stamped = true,
                   unsigned level = 10) {
  std::string out = little(0) + '\1' + static_cast<char>(level) + little(7) +
                    (stamped ? std::string("\x25\x7d\x93\x65", 4) : std::string(4, '\0')) +
                    std::string(4, '\0') + little(main_type) + little(0) + static_cast<char>(type);
  for (int i = 0; i < 7; ++i) out += std::string("\0\0\xff", 3);
  return framed(out + data);
}
std::string padded(std::string text, std::size_t size) {
  text.resize(size, '\0');
  return text;
}
const std::string kRequest = test::from_hex(
    "7e3100000a0000000000000000000000000000000000ff0000ff0000ff0000ff0000ff0000ff0000ff010a000e00000000004d7"
    "e");
const std::string kLogin =
    record(5, 0, std::string("\0\x40\x97\x0a\x1b\x2c", 6) + little(37) + little(10) + std::string(20, '\0'));
const std::string kPatient = record(5, 6,
                                    padded("JANE", 30) + padded("DOE", 40) + padded("000111", 40) +
                                        padded("", 30) + std::string(26, '\0') + padded("ICU BED07", 32));

std::string said(const std::vector<test::DissectHarness::Turn>& turns, std::size_t step = 0) {
  test::DissectHarness harness(dri_dissector(), Transport::kTcp, 4001);
  harness.stream(turns, step);
  return harness.text();
}

const std::string kMe = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kServed = kMe + "service tcp/4001 dri product=\"\" version=\"\" encrypted=false\n" + kMe +
                            "session dri authentication=none encrypted=false\n";

}  // namespace

TEST_CASE("dri: who asks, who answers with what, however the stream is cut") {
  const std::vector<test::DissectHarness::Turn> turns = {
      {kUp, kRequest},
      {kDown, record(0, 1, std::string(300, '\x7d')) + record(1, 2, "wave") + record(4, 1, "alarm") +
                  record(8, 1, "event")},
      {kDown, kLogin + kPatient + kPatient}};
  const std::string expected =
      kServed + kMe + "clue dri.record=\"asked\" role=server\n" + kMe +
      "clue dri.record=\"physiological\" role=server\n" + kMe + "clue dri.level=\"10\" role=server\n" + kMe +
      "clue dri.record=\"waveform\" role=server\n" + kMe + "clue dri.record=\"alarm\" role=server\n" + kMe +
      "clue dri.record=\"event\" role=server\n" + kMe + "clue dri.record=\"network\" role=server\n" + kMe +
      "clue dri.mac=\"00:40:97:0a:1b:2c\" role=server\n" + kMe + "clue dri.device=\"37\" role=server\n" +
      kMe + "patient-data dri message=\"network\" fields=id,name\n" + kMe +
      "clue dri.location=\"ICU BED07\" role=server\n";
  for (const std::size_t step : {0U, 1U, 7U, 100U}) CHECK(said(turns, step) == expected);
  CHECK(expected.find("JANE") == std::string::npos);
}

TEST_CASE("dri: a converter that connects by itself, frames that share a flag") {
  const std::string text = said({{kUp, record(0, 1, "x") + record(1, 1, "y").substr(1)}});
  CHECK(text ==
        "10.0.0.1/02:00:00:00:00:01 clue dri.record=\"physiological\" role=client\n"
        "10.0.0.1/02:00:00:00:00:01 clue dri.level=\"10\" role=client\n"
        "10.0.0.1/02:00:00:00:00:01 clue dri.record=\"waveform\" role=client\n");
}

TEST_CASE("dri: gaps, odd and malformed") {
  const std::string whole = record(0, 1, "x");
  test::DissectHarness harness(dri_dissector(), Transport::kTcp, 4001);
  harness.piece(kDown, whole);
  harness.piece(kDown, whole.substr(0, 20));
  CHECK(harness.gap(kDown, 10));
  harness.piece(kDown, whole.substr(30) + record(1, 1, "y"));
  CHECK(harness.text() == kServed + kMe + "clue dri.record=\"physiological\" role=server\n" + kMe +
                              "clue dri.level=\"10\" role=server\n" + kMe +
                              "clue dri.record=\"waveform\" role=server\n");
  const std::string odd = "10.0.0.1/02:00:00:00:00:01 anomaly dri ";
  std::string wrong = whole;
  wrong[20] = '\x11';
  CHECK(said({{kDown, whole + wrong}}).ends_with(odd + "bad-record\n"));
  CHECK(said({{kDown, kLogin + record(5, 0, "short")}}).ends_with(odd + "bad-subrecord\n"));
  CHECK(said({{kDown, whole + "\x7e" + std::string(4000, 'x')}}).ends_with(odd + "frame-too-long\n"));
}

TEST_CASE("dri: recognised by length and sum") {
  const auto recognised = [](const std::string& text) {
    return dri_dissector().recognise({kUp, as_bytes(text), 40000, 4001, false, false});
  };
  CHECK(recognised(kRequest) == Recognition::kYes);
  CHECK(recognised("\x7e" + kLogin) == Recognition::kYes);
  CHECK(recognised(kRequest.substr(0, 20)) == Recognition::kMore);
  std::string wrong = kRequest;
  wrong[10] = 'x';
  CHECK(recognised(wrong) == Recognition::kNo);
  CHECK(recognised(std::string("\x7e\xff\x03\xc0\x21\x01\x01\0\x0c\x7e", 10)) == Recognition::kNo);  // PPP
  CHECK(recognised("\x7e" + std::string(3000, 'x')) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n") == Recognition::kNo);
}

}  // namespace bedrail
