#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& fox_dissector();

namespace {

using enum Direction;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kAsk =
    "fox a 1 -1 fox "
    "hello\n{\nfox.version=s:1.0\nid=i:1\nhostName=s:10.0.0.1\napp.name=s:Workbench\napp.version=s:4.4.73\n};"
    ";\n";
const std::string kAnswer =
    "fox a 0 -1 fox "
    "hello\n{\nfox.version=s:1.0.1\nid=i:3\nhostName=s:BAS-1\nhostAddress=s:10.0.0.2\napp.name=s:Station\n"
    "app.version=s:3.8.38\nvm.name=s:Java HotSpot(TM) Client "
    "VM\nvm.version=s:1.5.0_34-b28\nos.name=s:QNX\nos.version=s:6.4.1\n"
    "station.name=s:Building_C\nlang=s:en\nhostId=s:Qnx-EXAMPLE-0001\nbrandId=s:vykon\n"
    "authAgentTypeSpecs=s:fox:FoxUsernamePasswordAuthAgent\n};;\n";

std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(fox_dissector());
  harness.stream(turns, step);
  return harness.text();
}

}  // namespace

TEST_CASE("fox: both ends greet with what they are") {
  const Turns turns = {{kToServer, kAsk}, {kToClient, kAnswer}};
  const std::string lines =
      kClient + "clue fox.application=\"Workbench\" role=client\n" + kClient +
      "clue fox.version=\"4.4.73\" role=client\n" + kServer + "protocol fox version=\"1.0.1\" agreed=true\n" +
      kServer + "name kind=fox name=\"BAS-1\"\n" + kServer + "clue fox.station=\"Building_C\" role=server\n" +
      kServer + "clue fox.host-id=\"Qnx-EXAMPLE-0001\" role=server\n" + kServer +
      "clue fox.brand=\"vykon\" role=server\n" + kServer +
      "clue fox.authentication=\"fox:FoxUsernamePasswordAuthAgent\" role=server\n" + kServer +
      "service tcp/1911 fox product=\"Niagara\" version=\"3.8.38\" encrypted=false\n" + kServer +
      "clue fox.application=\"Station\" role=server\n" + kServer +
      "clue fox.version=\"3.8.38\" role=server\n" + kServer +
      "clue fox.vm=\"Java HotSpot(TM) Client VM 1.5.0_34-b28\" role=server\n" + kServer +
      "clue fox.os=\"QNX 6.4.1\" role=server\n";
  CHECK(said(turns) == lines);
  CHECK(said(turns, 1) == lines);
}

TEST_CASE("fox: a client's name is its own where its address is, too") {
  const auto greeting = [](const std::string& address) {
    return "fox a 1 -1 fox hello\n{\nfox.version=s:1.0\nhostName=s:WB-1\n" + address + "};;\n";
  };
  const std::string name = kClient + "name kind=fox name=\"WB-1\"\n";
  CHECK(said({{kToServer, greeting("hostAddress=s:10.0.0.1\n")}}) == name);
  CHECK(said({{kToServer, greeting("")}}) == name);
  CHECK(said({{kToServer, greeting("hostAddress=s:192.168.1.125\n")}}).empty());
}

TEST_CASE("fox: a login is seen, not read; the station's objects are passed over") {
  const std::string challenge =
      "fox a 1 -1 fox challenge\n{\nmethod=s:digest-md5\nnonce=b:4[\x01\n\xff]\n]\n};;\n";
  const std::string login = "fox a 2 -1 fox login\n{\nusername=s:a-person\npassword=s:x\n};;\n";
  const std::string rest = "fox a 1 2 fox welcome\n{\n};;\nfox a 2 -1 station load\n{ \x01\x02";
  const Turns turns = {{kToClient, challenge + challenge},
                       {kToServer, login + login},
                       {kToClient, rest},
                       {kToServer, "fox r 3 -1 station load\n{\nanything"}};
  const std::string lines =
      kServer + "clue fox.authentication=\"digest-md5\" role=server\n" + kServer +
      "session fox authentication=present encrypted=false\n" + kServer +
      "login fox mechanism=digest cleartext=false outcome=unknown secret=<unseen> empty=false same=false\n";
  CHECK(said(turns) == lines);
  CHECK(said(turns, 1) == lines);
  CHECK(said({{kToServer, login}}).find("login fox mechanism=other") != std::string::npos);
}

TEST_CASE("fox: malformed frames") {
  CHECK(said({{kToServer, "fox a 1 -1 fox keep\n{\n};;\nGET / HTTP/1.1\n"}}) ==
        kClient + "anomaly fox malformed-frame\n");
  CHECK(said({{kToServer, "fox a 1 " + std::string(9000, 'x')}}) == kClient + "anomaly fox line-too-long\n");
}

TEST_CASE("fox: a gap ends it") {
  test::DissectHarness harness(fox_dissector());
  CHECK(harness.piece(kToServer, kAsk));
  CHECK_FALSE(harness.gap(kToClient, 4));
}

TEST_CASE("fox: recognised by its first words") {
  const auto recognised = [](const std::string& text) {
    return fox_dissector().recognise({kToServer, as_bytes(text), 40000, 1911, false, true});
  };
  CHECK(recognised(kAsk) == Recognition::kYes);
  CHECK(recognised(kAnswer) == Recognition::kYes);
  CHECK(recognised("fox") == Recognition::kMore);
  CHECK(recognised("fox a b") == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n") == Recognition::kNo);
  CHECK(recognised("\x16\x03\x01") == Recognition::kNo);
}

}  // namespace bedrail
