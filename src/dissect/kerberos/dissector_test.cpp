#include <doctest/doctest.h>

#include "seed_dialogue.h"

namespace bedrail {
const DissectorInfo& kerberos_dissector();

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

const std::string kError = test::from_hex("7e14 3012 a003020105 a10302011e a606 020418000000");

std::string stream_said(const std::string& bytes) {
  test::DissectHarness harness(kerberos_dissector());
  harness.stream({{Direction::kToClient, bytes}});
  return test::told(harness);
}

}  // namespace

TEST_CASE("kerberos: dialogues, however they are cut") {
  test::check_seed(kerberos_dissector(), "machine",
                   R"~(client name kind=kerberos name="CT01"
client name kind=netbios name="CT01"
client clue kerberos.realm="WARD.EXAMPLE" role=client
client clue kerberos.offered="18,17,23,24,-135" role=client
server service udp/88 kerberos product="" version="" encrypted=false
server clue kerberos.realm="WARD.EXAMPLE" role=server
server protocol kerberos version="aes256" agreed=true
client clue kerberos.offered="18,17,23" role=client
client clue kerberos.asked-service="cifs/fs01.ward.example" role=client
server protocol kerberos version="rc4" agreed=true
)~");
  test::check_seed(kerberos_dissector(), "person-old",
                   R"~(client clue kerberos.realm="WARD.EXAMPLE" role=client
client clue kerberos.offered="23,-133,-128,3,1,24,-135" role=client
server service udp/88 kerberos product="" version="" encrypted=false
server clue kerberos.realm="WARD.EXAMPLE" role=server
server protocol kerberos version="des" agreed=true
server protocol kerberos version="rc4" agreed=true
server clue kerberos.no-preauthentication="reply without proof of the key" role=server
)~");
  test::check_seed(kerberos_dissector(), "refused",
                   R"~(client clue kerberos.realm="WARD.EXAMPLE" role=client
client clue kerberos.offered="23" role=client
server service udp/88 kerberos product="" version="" encrypted=false
server clue kerberos.realm="WARD.EXAMPLE" role=server
client clue kerberos.error="preauthentication-failed" role=client
)~");
  test::check_seed(kerberos_dissector(), "stream",
                   R"~(client name kind=kerberos name="ct01.ward.example"
client clue kerberos.realm="WARD.EXAMPLE" role=client
client clue kerberos.offered="18,17" role=client
server service tcp/88 kerberos product="" version="" encrypted=false
server clue kerberos.realm="WARD.EXAMPLE" role=server
server protocol kerberos version="aes256" agreed=true
client clue kerberos.offered="18" role=client
client clue kerberos.error="service-unknown" role=client
)~");
}

TEST_CASE("kerberos: a person's name is told nowhere") {
  for (const std::string_view name : {"person-old", "refused", "stream"})
    CHECK(test::told_of(kerberos_dissector(), {"kerberos", name}).find("nurse7") == std::string::npos);
}

TEST_CASE("kerberos: after a gap less is said, never something else") {
  test::check_gaps(kerberos_dissector(), "stream");
}

TEST_CASE("kerberos: what does not fit is an anomaly") {
  CHECK(stream_said("\x00\x00\x00\x00"s) == "client anomaly kerberos bad-length\n");
  CHECK(stream_said("\x00\x00\x00\x02\x7e\x05"s) == "client anomaly kerberos malformed\n");
  test::DissectHarness datagram(kerberos_dissector(), Transport::kUdp);
  CHECK(datagram.datagram(Direction::kToServer, kError.substr(0, 10)).status == Progress::Status::kFailed);
  CHECK(test::told(datagram) == "client anomaly kerberos malformed\n");
  // A message too long to be held is passed over.
  CHECK(stream_said("\x00\x01\x00\x00"s + std::string(0x10000, 'x') + "\x00\x00\x00\x16"s + kError) ==
        "server service tcp/88 kerberos product=\"\" version=\"\" encrypted=false\n");
}

TEST_CASE("kerberos: recognised by a message's beginning that fits the whole") {
  const DissectorInfo& info = kerberos_dissector();
  CHECK(test::recognised(info, kError) == Recognition::kYes);
  CHECK(test::recognised(info, kError + "x") == Recognition::kNo);
  const test::SeedDialogue seed("kerberos", "stream");
  const std::string& first = seed.turns.front().second;
  CHECK(test::recognised(info, first) == Recognition::kYes);
  CHECK(test::recognised(info, std::string_view(first).substr(0, 20)) == Recognition::kMore);
  CHECK(test::recognised(info, "\x00\x00\x00\x80\x30"sv, true) == Recognition::kNo);
  test::check_strangers(info);
}

}  // namespace bedrail
