#include <doctest/doctest.h>

#include <fmt/format.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& nkv550_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ", kClient = "10.0.0.1/02:00:00:00:00:01 ";

std::string message(const std::string& attributes, const std::string& content) {
  const std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><device version=\"1.0\"" + attributes +
                          ">" + content + "<crc>3633DA70</crc></device>";
  return fmt::format("{:08}{}", xml.size(), xml);
}
std::string ask(const std::string& number) { return message("", "<command>" + number + "</command>"); }

std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(nkv550_dissector());
  harness.stream(turns, step);
  return harness.text();
}

}  // namespace

TEST_CASE("nkv550: the ventilator's serial number, what is asked and set, however the stream is cut") {
  const std::string reply =
      message(" sn=\"NKV00001\"", "<waveforms><w>" + std::string(9000, 'A') + "</w></waveforms>");
  const Turns turns = {
      {kUp, ask("0")}, {kDown, reply}, {kUp, ask("1") + ask("0") + ask("1")}, {kDown, reply}};
  const std::string expected = kServer +
                               "service tcp/15376 nkv550 product=\"NKV-550\" version=\"\" encrypted=false\n" +
                               kServer + "session nkv550 authentication=none encrypted=false\n" + kClient +
                               "message nkv550 \"monitors\" status=\"\"\n" + kServer +
                               "clue nkv550.serial=\"NKV00001\" role=server\n" + kClient +
                               "message nkv550 \"set-parameters\" status=\"\"\n" + kClient +
                               "message nkv550 \"set-parameters\" status=\"\"\n";
  for (const std::size_t step : {0U, 1U, 9U, 1400U}) CHECK(said(turns, step) == expected);
}

TEST_CASE("nkv550: odd and malformed") {
  CHECK(said({{kUp, ask("7")}}).ends_with(kClient + "anomaly nkv550 unknown-command\n"));
  CHECK(said({{kUp, "00000000<device>"}}) == kClient + "anomaly nkv550 bad-length\n");
  CHECK(said({{kUp, "0000x000<device>"}}) == kClient + "anomaly nkv550 bad-length\n");
  CHECK(said({{kUp, "00000004<a/>"}}) == kClient + "anomaly nkv550 no-device\n");
  test::DissectHarness harness(nkv550_dissector());
  CHECK_FALSE(harness.gap(kUp, 1));
}

TEST_CASE("nkv550: recognised by length and root") {
  const auto recognised = [](const std::string& text) {
    return nkv550_dissector().recognise({kUp, as_bytes(text), 40000, 15376, false, false});
  };
  CHECK(recognised(ask("0")) == Recognition::kYes);
  CHECK(recognised(message(" sn=\"1\"", "")) == Recognition::kYes);
  CHECK(recognised("0000") == Recognition::kMore);
  CHECK(recognised(ask("0").substr(0, 40)) == Recognition::kMore);
  CHECK(recognised(message("", "<name>x</name>")) == Recognition::kNo);
  CHECK(recognised("00000012<note version=\"1\">") == Recognition::kNo);
  CHECK(recognised("220 ftp ready\r\n") == Recognition::kNo);
  CHECK(recognised("<?xml version=\"1.0\"?><device version=\"1.0\">") == Recognition::kNo);
}

}  // namespace bedrail
