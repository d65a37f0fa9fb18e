#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& mindray_pds_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ", kClient = "10.0.0.1/02:00:00:00:00:01 ";

std::string message(const std::string& type, const std::string& number, const std::string& rest = "") {
  return "\x0bMSH|^~\\&|||||||" + type + "|" + number + "|P|2.3.1|\r" + rest + "\x1c\r";
}
/// A patient's message of the monitor at `address` (10.0.0.2 is 167772162).
std::string patient(const std::string& address) {
  return message(
      "ORU^R01", "103",
      "PID|||0001||DOE^JANE||19700101|F|\rPV1||I|^^ICU&7&" + address +
          "&4601&&1|||||||||||||||A|\rOBR||||Mindray Monitor|||0|\rOBX||ST|2308^BedNoStr||07||||||F\r");
}
std::string wide(const std::string& text) {
  std::string out;
  for (const char c : text) out.append(1, c).append(1, '\0');
  return out;
}

std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(mindray_pds_dissector(), Transport::kTcp, 4601);
  harness.stream(turns, step);
  return harness.text();
}
std::string announced(const std::string& datagram) {
  test::DissectHarness harness(mindray_pds_dissector(), Transport::kUdp, 4600);
  harness.datagram(kUp, datagram);
  return harness.text();
}

const std::string kServed = kServer +
                            "service tcp/4601 mindray-pds product=\"\" version=\"\" encrypted=false\n" +
                            kServer + "session mindray-pds authentication=none encrypted=false\n";

}  // namespace

TEST_CASE("mindray-pds: results of a monitor, however the stream is cut") {
  const std::string wave = "OBX||NA|151||" + std::string(9000, '1') + "\rOBR||||After a wave\r";
  const Turns turns = {
      {kUp, message("ORU^R01", "106")},
      {kDown, patient("167772162") + message("ORU^R01", "204", wave) + message("ORU^R01", "106")},
      {kUp, message("QRY^R02", "1203", "QRD|20240101|R|I|Q1|||||MON\r")},
      {kDown, patient("167772162")}};
  const std::string expected =
      kServed + kClient + "message mindray-pds \"ORU^R01\" status=\"106\"\n" + kServer +
      "message mindray-pds \"ORU^R01\" status=\"103\"\n" + kServer +
      "clue mindray-pds.message=\"results\" role=server\n" + kServer +
      "clue mindray-pds.device=\"Mindray Monitor\" role=server\n" + kServer +
      "clue mindray-pds.bed=\"ICU^7\" role=server\n" + kServer +
      "patient-data mindray-pds message=\"ORU^R01\" fields=id,name,birth-date,sex\n" + kServer +
      "message mindray-pds \"ORU^R01\" status=\"204\"\n" + kServer +
      "clue mindray-pds.device=\"After a wave\" role=server\n" + kClient +
      "message mindray-pds \"QRY^R02\" status=\"1203\"\n";
  for (const std::size_t step : {0U, 1U, 3U, 700U, 1460U}) CHECK(said(turns, step) == expected);
  CHECK(expected.find("DOE") == std::string::npos);
}

TEST_CASE("mindray-pds: a central repeats its monitors, a bed by its number alone") {
  CHECK(said({{kDown, patient("167772169")}}).find("10.0.0.9 clue mindray-pds.bed=\"ICU^7\" role=self\n") !=
        std::string::npos);
  CHECK(said({{kDown, patient("4294967295")}}).find("mindray-pds.bed") == std::string::npos);
  CHECK(said({{kDown, message("ORU^R01", "103", "OBX||ST|2308^BedNoStr||07\r")}})
            .find("mindray-pds.bed=\"07\"") != std::string::npos);
}

TEST_CASE("mindray-pds: announcements in either encoding") {
  const std::string text = patient("167772161");
  const std::string expected = kClient +
                               "service tcp/4601 mindray-pds product=\"\" version=\"\" encrypted=false\n" +
                               kClient + "message mindray-pds \"ORU^R01\" status=\"103\"\n" + kClient +
                               "clue mindray-pds.message=\"results\" role=self\n" + kClient +
                               "clue mindray-pds.device=\"Mindray Monitor\" role=self\n" + kClient +
                               "clue mindray-pds.bed=\"ICU^7\" role=self\n" + kClient +
                               "patient-data mindray-pds message=\"ORU^R01\" fields=id,name,birth-date,sex\n";
  CHECK(announced(text) == expected);
  CHECK(announced(wide(text)) == expected);
  CHECK(announced(text.substr(1, 60)).find("status=\"103\"") != std::string::npos);
}

TEST_CASE("mindray-pds: a patient's segment glued to another lends it no value") {
  for (const std::string end : {"\x1e", "<CR>", "\\r"}) {
    const std::string text =
        said({{kUp, message("ORU^R01", "103", "OBR|1" + end + "PID|||SECRETID||SECRETNAME||1970\r")}});
    CHECK(text.find("SECRET") == std::string::npos);
    CHECK(text.find("fields=id,name,birth-date\n") != std::string::npos);
  }
}

TEST_CASE("mindray-pds: gaps and odd messages") {
  test::DissectHarness harness(mindray_pds_dissector(), Transport::kTcp, 4601);
  const std::string one = patient("167772162"), two = message("ORU^R01", "204");
  harness.piece(kDown, one.substr(0, 50));
  CHECK(harness.gap(kDown, 40));
  harness.piece(kDown, one.substr(90));
  CHECK(harness.text().empty());
  harness.piece(kDown, two);
  CHECK(harness.text() == kServed + kServer + "message mindray-pds \"ORU^R01\" status=\"204\"\n" + kServer +
                              "clue mindray-pds.message=\"results\" role=server\n");
  const std::string odd = kClient + "anomaly mindray-pds ";
  CHECK(said({{kDown, one.substr(0, 40) + two}}).find(odd + "missing-end-block\n") != std::string::npos);
  CHECK(said({{kDown, "\x0bMSH|^~\\&|A|B|||||ORU^R01|1|P|2.6\rPID|||7\r\x1c\r"}}) == odd + "other-dialect\n");
}

TEST_CASE("mindray-pds: recognised by its header") {
  const auto recognised = [](const std::string& text, bool on_port = false) {
    return mindray_pds_dissector().recognise({kUp, as_bytes(text), 40000, 4601, false, on_port});
  };
  CHECK(recognised(patient("1"), true) == Recognition::kYes);
  CHECK(recognised(patient("1")) == Recognition::kMaybe);
  CHECK(recognised(patient("1").substr(1), true) == Recognition::kYes);
  CHECK(recognised(wide(patient("1")), true) == Recognition::kYes);
  CHECK(recognised(wide(patient("1")), false) == Recognition::kNo);
  CHECK(recognised(patient("1").substr(0, 12)) == Recognition::kMore);
  CHECK(recognised("\x0bMSH|^~\\&|APP|FAC|||||ORU^R01|103|P|2.3.1|\r") == Recognition::kNo);
  CHECK(recognised("\x0bMSH|^~\\&|||||||ORU^R01|A7|P|2.3.1|\r") == Recognition::kNo);
  CHECK(recognised("\x0bMSH|^~\\&|||||||ORU^R01|103|P|2.6|\r") == Recognition::kNo);
  CHECK(recognised("M-SEARCH * HTTP/1.1\r\n") == Recognition::kNo);
}

}  // namespace bedrail
