#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& lpd_dissector();

namespace {

using enum Direction;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kService = kServer + "service tcp/515 lpd product=\"\" version=\"\" encrypted=false\n";
const std::string kOk(1, '\0');

std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(lpd_dissector());
  harness.stream(turns, step);
  return harness.text();
}
const std::string kControl = "HWARD-PC\nPa-person\nJa-patient\nldfA001WARD-PC\n";
std::string file(char code, std::size_t size, const std::string& content) {
  return code + std::to_string(size) + " cfA001WARD-PC\n" + content + kOk;
}

}  // namespace

TEST_CASE("lpd: a job names its queue and its host, not its user") {
  const Turns turns = {{kToServer, "\x02wristbands\n"},
                       {kToClient, kOk},
                       {kToServer, file('\x02', kControl.size(), kControl)},
                       {kToClient, kOk},
                       {kToServer, file('\x03', 300, std::string(300, '\n'))},
                       {kToClient, kOk},
                       {kToServer, file('\x03', 3, "abc")},
                       {kToClient, kOk}};
  const std::string lines = kServer + "clue lpd.queue=\"wristbands\" role=server\n" + kClient +
                            "message lpd \"receive-job\" status=\"\"\n" + kService + kServer +
                            "session lpd authentication=none encrypted=false\n" + kClient +
                            "name kind=lpd name=\"WARD-PC\"\n";
  CHECK(said(turns) == lines);
  CHECK(said(turns, 1) == lines);
}

TEST_CASE("lpd: a queue's state is asked for; the answer is not read") {
  const Turns turns = {{kToServer,
                        "\x04"
                        "raw\n"},
                       {kToClient, "raw is ready\nRank Owner Job\nactive a-person 1\n"}};
  CHECK(said(turns) == kServer + "clue lpd.queue=\"raw\" role=server\n" + kClient +
                           "message lpd \"queue-state\" status=\"\"\n" + kService);
  CHECK(said({{kToClient, "hello"}}).empty());
}

TEST_CASE("lpd: a job of unknown length ends with its connection") {
  const Turns turns = {{kToServer, "\x02raw\n"},
                       {kToServer,
                        "\x03"
                        "0 dfA001A\n\x09not a command\n"}};
  CHECK(said(turns).find("anomaly") == std::string::npos);
}

TEST_CASE("lpd: malformed commands") {
  const auto has = [](const std::string& text, const std::string& name) {
    return text.find(kClient + "anomaly lpd " + name) != std::string::npos;
  };
  CHECK(has(said({{kToServer, "\x09raw\n"}}), "unknown-command"));
  CHECK(has(said({{kToServer, "\n"}}), "unknown-command"));
  CHECK(has(said({{kToServer, "\x02r\x01w\n"}}), "unknown-command"));
  CHECK(has(said({{kToServer, "\x02raw\n\x02x cf\n"}}), "unknown-command"));
  CHECK(has(said({{kToServer,
                   "\x02raw\n\x07"
                   "1 a\n"}}),
            "unknown-command"));
  CHECK(has(said({{kToServer, "\x02" + std::string(300, 'a')}}), "line-too-long"));
}

TEST_CASE("lpd: a gap ends it") {
  test::DissectHarness harness(lpd_dissector());
  CHECK(harness.piece(kToServer, "\x02raw\n"));
  CHECK_FALSE(harness.gap(kToServer, 4));
}

TEST_CASE("lpd: recognised on its port only") {
  const auto recognised = [](const std::string& text, bool on_port = true) {
    return lpd_dissector().recognise({kToServer, as_bytes(text), 40000, 515, false, on_port});
  };
  CHECK(recognised("\x02raw\n") == Recognition::kYes);
  CHECK(recognised("\x02raw\n", false) == Recognition::kNo);
  CHECK(recognised("\x02") == Recognition::kMore);
  CHECK(recognised("\x02raw") == Recognition::kMore);
  CHECK(recognised("\x02r\x01w\n") == Recognition::kNo);
  CHECK(recognised("\x02\n") == Recognition::kNo);
  CHECK(recognised("\x0bMSH|^~\\&|") == Recognition::kNo);  // HL7: a monitor speaks it on this port
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n") == Recognition::kNo);
}

}  // namespace bedrail
