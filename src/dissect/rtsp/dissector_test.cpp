#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& rtsp_dissector();

namespace {

using enum Direction;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";

std::string ask(const std::string& method, const std::string& fields, int sequence = 1,
                const std::string& path = "/live/ch0") {
  return method + " rtsp://10.0.0.2:554" + path + " RTSP/1.0\r\nCSeq: " + std::to_string(sequence) + "\r\n" +
         fields + "\r\n";
}
std::string answer(int status, const std::string& fields, int sequence = 1, const std::string& body = {}) {
  return "RTSP/1.0 " + std::to_string(status) + " text\r\nCSeq: " + std::to_string(sequence) + "\r\n" +
         fields +
         (body.empty()
              ? std::string()
              : "Content-Type: application/sdp\r\nContent-Length: " + std::to_string(body.size()) + "\r\n") +
         "\r\n" + body;
}
std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(rtsp_dissector());
  harness.stream(turns, step);
  return harness.text();
}
bool has(const std::string& where, const std::string& what) { return where.find(what) != std::string::npos; }
const std::string kDescription =
    "v=0\r\no=- 0 0 IN IP4 10.0.0.2\r\ns=Session streamed\r\ni=stream0\r\na=tool:LIVE555\r\nm=video 0 "
    "RTP/AVP 96\r\ni=track\r\n";

}  // namespace

TEST_CASE("rtsp: a camera that asks nobody who he is") {
  const Turns turns = {{kToServer, ask("OPTIONS", "User-Agent: viewer/1.0\r\n")},
                       {kToClient, answer(200, "Server: ExampleCam/2.1\r\nPublic: DESCRIBE\r\n")},
                       {kToServer, ask("DESCRIBE", "", 2)},
                       {kToClient, answer(200, "", 2, kDescription)}};
  const std::string lines = kClient + "clue rtsp.user-agent=\"viewer/1.0\" role=client\n" + kServer +
                            "service tcp/554 rtsp product=\"ExampleCam\" version=\"2.1\" encrypted=false\n" +
                            kServer + "clue rtsp.server=\"ExampleCam/2.1\" role=server\n" + kServer +
                            "clue rtsp.path=\"/live/ch0\" role=server\n" + kServer +
                            "session rtsp authentication=none encrypted=false\n" + kServer +
                            "clue rtsp.session-name=\"Session streamed\" role=server\n" + kServer +
                            "clue rtsp.session-info=\"stream0\" role=server\n" + kServer +
                            "clue rtsp.tool=\"LIVE555\" role=server\n";
  CHECK(said(turns) == lines);
  CHECK(said(turns, 1) == lines);
}

TEST_CASE("rtsp: logins, Basic in clear") {
  const std::string basic = "Authorization: Basic YWRtaW46YWRtaW4=\r\n";
  const Turns turns = {{kToServer, ask("DESCRIBE", "")},
                       {kToClient, answer(401, "WWW-Authenticate: Basic realm=\"AXIS_00408C123456\"\r\n")},
                       {kToServer, ask("DESCRIBE", basic, 2)},
                       {kToClient, answer(200, "", 2)},
                       {kToServer, ask("SETUP", basic, 3)},
                       {kToClient, answer(200, "", 3)}};
  const std::string lines = said(turns);
  CHECK(has(lines, "clue rtsp.realm=\"AXIS_00408C123456\" role=server"));
  CHECK(has(lines, "session rtsp authentication=present encrypted=false"));
  const std::string login = "login rtsp mechanism=basic cleartext=true outcome=accepted";
  CHECK(has(lines, login));
  CHECK(lines.find(login) == lines.rfind(login));
  CHECK(has(lines, "same=true"));
  CHECK(said(turns, 1) == lines);
  const std::string digest = "Authorization: Digest username=\"a\", realm=\"b\", response=\"c\"\r\n";
  CHECK(has(said({{kToServer, ask("DESCRIBE", digest)}, {kToClient, answer(401, "")}}),
            "login rtsp mechanism=digest cleartext=false outcome=refused"));
  CHECK(has(said({{kToServer, ask("DESCRIBE", digest)},
                  {kToClient, answer(401, "WWW-Authenticate: Digest stale=TRUE\r\n")}}),
            "outcome=unknown"));
  CHECK_FALSE(has(said({{kToServer, ask("DESCRIBE", digest)}, {kToClient, answer(200, "", 7)}}), "login"));
}

TEST_CASE("rtsp: accounts in paths are not kept") {
  CHECK(said({{kToServer, ask("DESCRIBE", "", 1, "/user=admin&password=x")}}).empty());
  CHECK(said({{kToServer, ask("DESCRIBE", "", 1, "/h264?key=x")}}) ==
        kServer + "clue rtsp.path=\"/h264\" role=server\n");
}

TEST_CASE("rtsp: media between messages are passed over") {
  const std::string media = std::string("$\0\x01\x00", 4) + std::string(256, 'R');
  const Turns turns = {{kToServer, ask("PLAY", "")},
                       {kToClient, media + answer(200, "Server: A\r\n") + media + media.substr(0, 3)}};
  CHECK(has(said(turns), "clue rtsp.server=\"A\""));
  CHECK(said(turns, 1) == said(turns));
}

TEST_CASE("rtsp: malformed messages") {
  const auto only = [](const std::string& name) { return kClient + "anomaly rtsp " + name + "\n"; };
  CHECK(said({{kToServer, "GET / HTTP/1.1\r\n\r\n"}}) == only("bad-start-line"));
  CHECK(said({{kToServer, "OPTIONS * RTSP/1.0\r\nX: " + std::string(9000, 'x')}}) == only("head-too-long"));
  CHECK(said({{kToServer, "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nContent-Length: -1\r\n\r\n"}}) ==
        only("bad-length"));
  CHECK(said({{kToServer, "OPTIONS * RTSP/1.0\r\n\r\n"}}) == only("no-sequence"));
  CHECK(has(said({{kToServer, ask("OPTIONS", "Authorization: Basic !\r\n")}}), only("bad-basic")));
}

TEST_CASE("rtsp: a gap ends it") {
  test::DissectHarness harness(rtsp_dissector());
  CHECK(harness.piece(kToServer, ask("OPTIONS", "")));
  CHECK_FALSE(harness.gap(kToClient, 4));
}

TEST_CASE("rtsp: recognised by its first line") {
  const auto recognised = [](const std::string& text) {
    return rtsp_dissector().recognise({kToServer, as_bytes(text), 40000, 554, false, true});
  };
  CHECK(recognised(ask("OPTIONS", "")) == Recognition::kYes);
  CHECK(recognised(answer(200, "")) == Recognition::kYes);
  CHECK(recognised("OPTIONS rtsp") == Recognition::kMore);
  CHECK(recognised("OPTIONS sip:a SIP/2.0\r\n\r\n") == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n") == Recognition::kNo);
  CHECK(recognised("\x16\x03\x01") == Recognition::kNo);
}

}  // namespace bedrail
