#include <doctest/doctest.h>

#include <fmt/format.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& bcc_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ", kClient = "10.0.0.1/02:00:00:00:00:01 ";
const std::string kServed = kServer + "service tcp/4001 bcc product=\"\" version=\"\" encrypted=false\n" +
                            kServer + "session bcc authentication=none encrypted=false\n";

std::string stuff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == 'D' || c == 'E')
      out += c == 'D' ? "EX" : "EE";
    else if (c == 'd' || c == 'e')
      out += c == 'd' ? "ex" : "ee";
    else
      out += c;
  }
  return out;
}
std::string frame(const std::string& text, bool stuffed = false, char end = '\x03') {
  const std::string front = fmt::format("\x01{:05}\x02{}{}", text.size() + 14, text, end);
  unsigned sum = 0;
  for (const char c : front) sum += static_cast<unsigned char>(c);
  return (stuffed ? stuff(front) : front) + fmt::format("{:05}\x04", sum & 0xff);
}
/// The maker's own example, whose length and sum are as printed.
const std::string kAlive =
    "\x01"
    "00031\x02"
    "1/1/1>ADMIN:ALIVE\x03"
    "00061\x04";
const std::string kRecords =
    "ICU-DE/1/1>214,50100,COMSWVERSION,012U000061\x1e"
    "214,50100,COMSERIALNO,4711\x1e"
    "214,50111,GNMODEL,688F030006\x1e"
    "214,50111,INSERNUM,36248\x1e"
    "214,50111,INSOLSN,DrugX\x1e"
    "214,50111,PATID,_NV\x1e"
    "214,50112,PATID,0001";

std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(bcc_dissector(), Transport::kTcp, 4001);
  harness.stream(turns, step);
  return harness.text();
}
std::string told(const std::string& who, const std::string& role) {
  std::string out;
  for (const char* clue :
       {"records=\"tells\"", "bed=\"ICU-DE\"", "module-software=\"012U000061\"", "module-serial=\"4711\"",
        "slot=\"11\"", "pump=\"688F030006\"", "pump-serial=\"36248\"", "slot=\"12\""})
    out += fmt::format("{}clue bcc.{} role={}\n", who, clue, role);
  return out + who + "patient-data bcc message=\"record\" fields=id\n";
}

}  // namespace

TEST_CASE("bcc: a rack that is asked, stuffed or not, however the stream is cut") {
  CHECK(frame("1/1/1>ADMIN:ALIVE") == kAlive);
  for (const bool stuffed : {false, true}) {
    const Turns turns = {{kUp, kAlive},
                         {kDown, frame("ICU-DE/1/1>206,50100,GNACK,0", stuffed)},
                         {kUp, "\x06" + frame("ICU-DE/1/1>MEM:GETSLOT#11", stuffed)},
                         {kDown, frame(kRecords, stuffed, '\x17')},
                         {kUp, "\x06" + kAlive}};
    const std::string text = said(turns);
    CHECK(text.find("message bcc \"MEM:GETSLOT\"") != std::string::npos);
    CHECK(text.starts_with(kServed + kClient + "message bcc \"ADMIN:ALIVE\" status=\"\"\n"));
    for (const char* clue :
         {"bcc.bed=\"ICU-DE\"", "bcc.module-software=\"012U000061\"", "bcc.module-serial=\"4711\"",
          "bcc.slot=\"11\"", "bcc.slot=\"12\"", "bcc.pump=\"688F030006\"", "bcc.pump-serial=\"36248\""})
      CHECK(text.find(kServer + "clue " + clue + " role=server\n") != std::string::npos);
    CHECK(text.find("DrugX") == std::string::npos);
    CHECK(text.find("0001\"") == std::string::npos);
    for (const std::size_t step : {1U, 7U, 50U}) CHECK(said(turns, step) == text);
  }
}

TEST_CASE("bcc: a rack that sends by itself") {
  CHECK(said({{kUp, frame(kRecords)}}) == told(kClient, "client"));
  CHECK(said({{kUp, frame(kRecords, true)}}) == told(kClient, "client"));
}

TEST_CASE("bcc: gaps, odd and malformed") {
  const std::string odd = kClient + "anomaly bcc ";
  CHECK(said({{kUp,
               "\x01"
               "00032\x02"
               "1/1/1>ADMIN:ALIVE\x03"
               "00061\x04"}}) == odd + "bad-length\n");
  CHECK(said({{kUp,
               "\x01"
               "00031\x02"
               "1/1/1>ADMIN:ALIVE\x03"
               "00062\x04"}}) == odd + "bad-checksum\n");
  CHECK(said({{kUp,
               "\x01"
               "0\x04"}}) == odd + "bad-length\n");
  CHECK(said({{kUp, frame("nobody")}}) == odd + "no-address\n");
  CHECK(said({{kUp, frame("1/1/1>214,9,GNMODEL,688")}}) == odd + "bad-record\n");
  CHECK(said({{kUp, "\x01" + std::string(40000, '0')}}) == odd + "frame-too-long\n");
  test::DissectHarness harness(bcc_dissector(), Transport::kTcp, 4001);
  const std::string records = frame(kRecords);
  harness.piece(kUp, records.substr(0, 40));
  CHECK(harness.gap(kUp, 30));
  harness.piece(kUp, records.substr(70));
  CHECK(harness.text().empty());
  harness.piece(kUp, records);
  CHECK(harness.text() == told(kClient, "client"));
}

TEST_CASE("bcc: recognised by its front") {
  const auto recognised = [](const std::string& text) {
    return bcc_dissector().recognise({kUp, as_bytes(text), 40000, 4001, false, false});
  };
  CHECK(recognised(kAlive) == Recognition::kYes);
  CHECK(recognised(frame(kRecords, true)) == Recognition::kYes);
  CHECK(recognised(kAlive.substr(0, 4)) == Recognition::kMore);
  CHECK(recognised(kAlive.substr(0, 10)) == Recognition::kMore);
  CHECK(recognised("\x01"
                   "00031\x02" +
                   std::string(60, 'x')) == Recognition::kNo);
  CHECK(recognised("\x01"
                   "52"
                   "8260'EvitaXL'05.10:04.00"
                   "2E\r") == Recognition::kNo);                              // MEDIBUS
  CHECK(recognised(std::string("\x01\0\0\0\0\xd0", 6)) == Recognition::kNo);  // DICOM
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n") == Recognition::kNo);
}

}  // namespace bedrail
