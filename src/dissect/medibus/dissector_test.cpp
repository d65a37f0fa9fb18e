#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& medibus_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;

std::string summed(std::string text) {
  unsigned sum = 0;
  for (const char c : text) sum += static_cast<unsigned char>(c);
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  text.push_back(kDigits[sum >> 4 & 15]);
  text.push_back(kDigits[sum & 15]);
  return text + "\r";
}
std::string command(char code, const std::string& argument = "") {
  return summed(std::string("\x1b") + code + argument);
}
std::string answer(char code, const std::string& data = "") {
  return summed(std::string("\x01") + code + data);
}

const std::string kSample = test::from_hex(
    "1b5136430d015135320d1b5236440d015238323630274576697461584c2730352e31303a30342e303032450d");
const std::string kIdentity = "8260'EvitaXL'05.10:04.00";

std::string said(const std::vector<test::DissectHarness::Turn>& turns, std::size_t step = 0) {
  test::DissectHarness harness(medibus_dissector(), Transport::kTcp, 4001);
  harness.stream(turns, step);
  return harness.text();
}
std::string told(const std::string& who, const std::string& role) {
  return who + "clue medibus.device=\"answers\" role=" + role + "\n" + who +
         "clue medibus.id=\"8260\" role=" + role + "\n" + who + "clue medibus.name=\"EvitaXL\" role=" + role +
         "\n" + who + "clue medibus.revision=\"05.10\" role=" + role + "\n" + who +
         "protocol medibus version=\"04.00\" agreed=true\n";
}

const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ", kClient = "10.0.0.1/02:00:00:00:00:01 ";
const std::string kServed = kServer + "service tcp/4001 medibus product=\"\" version=\"\" encrypted=false\n" +
                            kServer + "session medibus authentication=none encrypted=false\n";

}  // namespace

TEST_CASE("medibus: the device says who it is, real-time bytes between, however the stream is cut") {
  std::string identity = answer('\x52', kIdentity);
  identity.insert(9, "\xd0\xc1\x81\x90");
  const std::vector<test::DissectHarness::Turn> turns = {
      {kUp, command('\x51')},
      {kDown, answer('\x51')},
      {kUp, command('\x52')},
      {kDown, "\xd0\xc0\x85\x90" + identity},
      {kUp, command('\x30') + command('\x24')},
      {kDown, answer('\x30') + answer('\x24', "0712 10") + identity}};
  for (const std::size_t step : {0U, 1U, 5U})
    CHECK(said(turns, step) ==
          kServed + kServer + "clue medibus.device=\"asked\" role=server\n" + told(kServer, "server"));
}

TEST_CASE("medibus: a converter that connects by itself") {
  CHECK(said({{kDown, command('\x52')}, {kUp, answer('\x52', kIdentity)}}) ==
        kClient + "clue medibus.device=\"asked\" role=client\n" + told(kClient, "client"));
  // The telegrams of a line that is listened to come from one side.
  CHECK(said({{kUp, kSample}}) ==
        kServed + kServer + "clue medibus.device=\"asked\" role=server\n" + told(kClient, "client"));
  // Who only begins and says that it is there is not known to be the device.
  CHECK(said({{kUp, command('\x51') + command('\x30')},
              {kDown, answer('\x51') + std::string("\x01\x15") + "16\r"}})
            .empty());
}

TEST_CASE("medibus: odd and malformed") {
  const std::string odd = kClient + "anomaly medibus ";
  CHECK(said({{kUp,
               "\x1b\x52"
               "6E\r"}}) == odd + "bad-checksum\n");
  CHECK(said({{kUp,
               "\x1b\x52"
               "6d\r"}}) == odd + "bad-checksum\n");
  CHECK(said({{kUp, "\x1b\r"}}) == odd + "bad-checksum\n");
  for (const char* identity :
       {"8260EvitaXL05.10:04.00", "8260'EvitaXL", "8260'EvitaXL'05.10", "8260'EvitaXL'05-10:04.00"})
    CHECK(said({{kDown, answer('\x52', identity)}}).ends_with(odd + "bad-identity\n"));
  CHECK(said({{kDown, "\x01\x24" + std::string(8000, ' ')}}) == odd + "telegram-too-long\n");
  test::DissectHarness harness(medibus_dissector(), Transport::kTcp, 4001);
  harness.piece(kUp, command('\x52'));
  CHECK_FALSE(harness.gap(kDown, 3));
}

TEST_CASE("medibus: recognised by a telegram's sum") {
  const auto recognised = [](const std::string& text) {
    return medibus_dissector().recognise({kUp, as_bytes(text), 40000, 4001, false, false});
  };
  CHECK(recognised(kSample) == Recognition::kYes);
  CHECK(recognised(answer('\x52', kIdentity)) == Recognition::kYes);
  CHECK(recognised("\x1b") == Recognition::kMore);
  CHECK(recognised(std::string("\x1b\x51"
                               "6",
                               3)) == Recognition::kMore);
  CHECK(recognised("\x1b\x51"
                   "6D\r") == Recognition::kNo);
  CHECK(recognised("\x1b[2J\x1b[H login:\r\n") == Recognition::kNo);
  CHECK(recognised("\x01"
                   "00031\x02"
                   "1/1/1>ADMIN:ALIVE\x03"
                   "00061\x04") == Recognition::kMore);
  CHECK(recognised(std::string("\x01\0\0\0\0\xd0", 6)) == Recognition::kNo);  // DICOM
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n") == Recognition::kNo);
}

}  // namespace bedrail
