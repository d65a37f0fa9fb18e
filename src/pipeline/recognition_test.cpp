// Which protocol a conversation is: by what it says, wherever and however much of it was captured.
#include <doctest/doctest.h>

#include "pipeline/conversation_builder.h"

namespace bedrail {
namespace {

using namespace test;
using Lines = std::vector<std::string>;

const std::string kGet = "GET /status HTTP/1.1\r\nHost: pump7.example\r\nUser-Agent: curl/7.88.1\r\n\r\n";
const std::string kOk = "HTTP/1.1 200 OK\r\nServer: Boa/0.94.13\r\nContent-Length: 4\r\n\r\nidle";
const std::string kServerClue = "10.0.0.2/02:00:00:00:00:0b clue http.server=\"Boa/0.94.13\" role=server";
const std::string kAgentClue = "10.0.0.1/02:00:00:00:00:0a clue http.user-agent=\"curl/7.88.1\" role=client";
const std::string kHl7 = "\vMSH|^~\\&|MONITOR|WARD3|EMR|HOSPITAL|20240101||ORU^R01|1|P|2.5\r\x1c\r";

std::string item(char type, std::string_view value) {
  return std::string{type, 0} + be16(value.size()) + std::string(value);
}
std::string association_request() {
  const std::string context =
      std::string{1, 0, 0, 0} + item(0x30, "1.2.840.10008.1.1") + item(0x40, "1.2.840.10008.1.2");
  const std::string body = be16(1) + be16(0) + "ARCHIVE         CT01            " + std::string(32, '\0') +
                           item(0x10, "1.2.840.10008.3.1.1.1") + item(0x20, context) +
                           item(0x50, item(0x51, be32(16384)) + item(0x52, "1.3.12.2"));
  return std::string{1, 0} + be32(body.size()) + body;
}

/// "tcp 10.0.0.1:40000 -> 10.0.0.2:80 protocol=http state=closed" of each conversation.
Lines connections(const Ran& ran) {
  Lines out = lines_with(ran, " connection ");
  for (std::string& line : out) {
    line.erase(0, line.find(" connection ") + 12);
    line.erase(line.find(" packets="));
  }
  return out;
}
std::string connection(std::string_view server_port, std::string_view protocol,
                       std::string_view state = "closed") {
  return "tcp 10.0.0.1:40000 -> 10.0.0.2:" + std::string(server_port) + " protocol=" + std::string(protocol) +
         " state=" + std::string(state);
}

}  // namespace

TEST_CASE("recognition: by content on any port") {
  struct Case {
    std::uint16_t port;
    std::string first;
    std::string protocol;
  };
  for (const Case& c : {Case{2575, kGet, "http"},
                        {80, kHl7, "hl7"},
                        {4242, association_request(), "dicom"},
                        {443, association_request(), "dicom"},
                        {104, kGet, "http"},
                        {445, "SSH-2.0-OpenSSH_9.2\r\n", "ssh"},
                        {50001, kHl7, "hl7"}}) {
    CAPTURE(c.port);
    Frames frames;
    Talk(frames, 40000, c.port).open().up(c.first).close();
    CHECK(connections(run(frames)) == Lines{connection(std::to_string(c.port), c.protocol)});
  }
}

TEST_CASE("recognition: a port alone names nothing") {
  for (const int port : {21, 22, 23, 53, 80, 104, 443, 445, 2575, 4242}) {
    CAPTURE(port);
    Frames frames;
    Talk(frames, 40000, static_cast<std::uint16_t>(port))
        .open()
        .up("\x7f\x90 something else")
        .down("\x7f\x91 altogether")
        .close();
    const Ran ran = run(frames);
    CHECK(connections(ran) == Lines{connection(std::to_string(port), "")});
    CHECK(ran.observations.size() == 1);
    CHECK(ran.result.protocols.at("unknown-tcp").flows == 1);
  }
  for (const int port : {53, 67, 137, 161, 1900, 5353, 5355}) {
    CAPTURE(port);
    Frames frames;
    for (int i = 0; i < 6; ++i)
      datagram(frames, i % 2 == 0, 40000, static_cast<std::uint16_t>(port), "\x7f\x90 something else");
    const Ran ran = run(frames);
    CHECK(ran.observations.size() == 1);
    CHECK(ran.result.protocols.at("unknown-udp").packets == 6);
  }
  Frames frames;
  Talk(frames, 40000, 104).open().close();
  CHECK(run(frames).result.protocols.at("tcp-without-data").flows == 1);
}

TEST_CASE("recognition: a stream that was joined in the middle") {
  Frames frames;
  Talk talk(frames, 40000, 8080);
  talk.down("rest of a page that nobody saw begin\r\n").down("</html>\r\n").up(kGet).down(kOk).close();
  const Ran ran = run(frames);
  CHECK(connections(ran) == Lines{connection("8080", "http")});
  CHECK(lines_with(ran, "http.server") == Lines{kServerClue});
  CHECK(lines_with(ran, "http.user-agent") == Lines{kAgentClue});
}

TEST_CASE("recognition: one direction only") {
  Frames up, down;
  Talk asked(up, 40000, 8080), answered(down, 40000, 8080);
  asked.packet(0, tcp_flag::kSyn).lost(0, 1).up(kGet).up(kGet);
  answered.packet(1, tcp_flag::kSyn | tcp_flag::kAck).lost(1, 1).down(kOk).down(kOk);
  CHECK(lines_with(run(up), "http.user-agent") == Lines{kAgentClue});
  CHECK(lines_with(run(down), "http.server") == Lines{kServerClue});
  CHECK(connections(run(up)) == Lines{connection("8080", "http", "established")});
  CHECK(connections(run(down)) == Lines{connection("8080", "http", "established")});
}

TEST_CASE("recognition: ends that were taken the wrong way round are exchanged") {
  // Both ports could be a client's, and the first packet seen is the server's.
  Frames frames;
  Talk talk(frames, 40000, 50000);
  talk.down(kOk).up(kGet).down(kOk);
  const Ran ran = run(frames);
  CHECK(connections(ran) == Lines{connection("50000", "http", "established")});
  CHECK(lines_with(ran, "http.server") == Lines{kServerClue});
  CHECK(lines_with(ran, "http.user-agent") == Lines{kAgentClue});
  const auto& seen = std::get<ConnectionSeen>(ran.observations.back().body);
  CHECK(seen.packets_to_server == 1);
  CHECK(seen.packets_to_client == 2);
  CHECK(to_string(*seen.server_mac) == "02:00:00:00:00:0b");
  CHECK(seen.directed);
  CHECK(seen.server_began);
  CHECK(seen.first.frame == 1);
  CHECK(seen.reply.frame == 2);
}

TEST_CASE("recognition: who called whom is known from a SYN or from what was said, else guessed") {
  const auto last = [](const Frames& frames) {
    return std::get<ConnectionSeen>(run(frames).observations.back().body);
  };
  // A record of TLS with encrypted data may be either end's.
  const std::string record = "\x17\x03\x03" + be16(40) + std::string(40, 'x');
  Frames frames;
  Talk talk(frames, 43585, 50443);
  SUBCASE("neither") {
    talk.up(record).down(record).up(record);
    CHECK(!last(frames).directed);
    CHECK(last(frames).protocol == "tls");
  }
  SUBCASE("a SYN") {
    talk.open().up(record);
    CHECK(last(frames).directed);
    CHECK(last(frames).first.frame == 1);
    CHECK(last(frames).reply.frame == 2);
    CHECK(!last(frames).server_began);
  }
  SUBCASE("a request") {
    talk.up(kGet);
    CHECK(last(frames).directed);
  }
}

TEST_CASE("recognition: a front that comes in single bytes") {
  Frames frames;
  Talk talk(frames, 40000, 50000);
  talk.open();
  const std::string request = association_request();
  for (std::size_t i = 0; i < request.size(); ++i) talk.up(request.substr(i, 1));
  talk.close();
  CHECK(connections(run(frames)) == Lines{connection("50000", "dicom")});
}

TEST_CASE("recognition: ports that are used again are a new conversation") {
  Frames frames;
  Talk(frames, 40000, 80, 1000, 5000).open().up(kGet).down(kOk).close();
  Talk(frames, 40000, 80, 900'000, 700'000).open().up(kHl7);
  CHECK(connections(run(frames)) == Lines{connection("80", "http"), connection("80", "hl7", "established")});
}

}  // namespace bedrail
