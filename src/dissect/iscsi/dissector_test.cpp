#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& iscsi_dissector();

namespace {

using Turns = std::vector<test::DissectHarness::Turn>;
constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kService = kServer + "service tcp/3260 iscsi product=\"\" version=\"\" encrypted=false\n";

std::string unit(int operation, int flags, std::string text, int status = 0) {
  std::string out{static_cast<char>(operation),
                  static_cast<char>(flags),
                  0,
                  0,
                  0,
                  0,
                  static_cast<char>(text.size() >> 8),
                  static_cast<char>(text.size() & 0xff)};
  out.append(28, '\0').push_back(static_cast<char>(status));
  out.append(11, '\0');
  text.append((4 - text.size() % 4) % 4, '\0');
  return out + text;
}
std::string keys(const std::vector<std::string>& pairs) {
  std::string out;
  for (const std::string& pair : pairs) out.append(pair).push_back('\0');
  return out;
}
std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(iscsi_dissector());
  harness.stream(turns, step);
  return harness.text();
}
std::string clue(const std::string& who, const std::string& key, const std::string& value) {
  return who + "clue iscsi." + key + "=\"" + value + "\" role=" + (who == kClient ? "client" : "server") +
         "\n";
}
std::string session(const std::string& authentication) {
  return kServer + "session iscsi authentication=" + authentication + " encrypted=false\n";
}
Recognition recognised(const std::string& bytes, Direction direction = kUp) {
  return iscsi_dissector().recognise({direction, as_bytes(bytes), 40000, 3260, false, false});
}

const std::string kHello = unit(
    0x43, 0x81,
    keys({"InitiatorName=iqn.1991-05.com.microsoft:pacs1.example.org", "InitiatorAlias=PACS",
          "SessionType=Normal", "TargetName=iqn.2000-01.com.synology:nas.target-1", "AuthMethod=CHAP,None"}));

}  // namespace

TEST_CASE("iscsi: a login with CHAP, accepted and refused, however it is cut") {
  const Turns begun = {{kUp, kHello},
                       {kDown, unit(0x23, 0x01, keys({"TargetAlias=disks", "AuthMethod=CHAP"}))},
                       {kUp, unit(0x43, 0x81, keys({"CHAP_N=joe", "CHAP_R=0xabcd"}))}};
  Turns good = begun, bad = begun;
  good.push_back({kDown, unit(0x23, 0x87, "")});
  bad.push_back({kDown, unit(0x23, 0, "", 2)});
  const std::string front = clue(kClient, "initiator", "iqn.1991-05.com.microsoft:pacs1.example.org") +
                            kClient + "name kind=iscsi name=\"pacs1.example.org\"\n" +
                            clue(kClient, "initiator-alias", "PACS") +
                            clue(kServer, "target", "iqn.2000-01.com.synology:nas.target-1") +
                            clue(kServer, "target-alias", "disks") + kService;
  const std::string login = kServer + "login iscsi mechanism=chap cleartext=false outcome=";
  CHECK(said(good) ==
        front + login + "accepted secret=<unseen> empty=false same=false\n" + session("present"));
  CHECK(said(bad) == front + login + "refused secret=<unseen> empty=false same=false\n");
  for (const std::size_t step : {1, 7, 48}) CHECK(said(good, step) == said(good));
}

TEST_CASE("iscsi: a discovery without a password lists targets") {
  const Turns turns = {
      {kUp, unit(0x43, 0x87, keys({"InitiatorName=iqn.1993-08.org.debian:01:abc", "SessionType=Discovery"}))},
      {kDown, unit(0x23, 0x87, keys({"AuthMethod=None"}))},
      {kUp, unit(0x04, 0x80, keys({"SendTargets=All"}))},
      {kDown,
       unit(0x24, 0x80, keys({"TargetName=iqn.2003-01.org.example:a", "TargetAddress=10.0.0.2:3260,1"}))}};
  CHECK(said(turns) == clue(kClient, "initiator", "iqn.1993-08.org.debian:01:abc") + kService +
                           session("none") + clue(kServer, "target", "iqn.2003-01.org.example:a"));
  CHECK(said(turns, 1) == said(turns));
}

TEST_CASE("iscsi: malformed units, and a lost segment") {
  const std::string anomaly = kClient + "anomaly iscsi ";
  CHECK(said({{kUp, unit(0x43, 0x81, "nothing")}}) == anomaly + "bad-key\n");
  std::string far = unit(0x43, 0x81, "");
  far[5] = 1;
  CHECK(said({{kUp, far}}) == anomaly + "text-too-long\n");
  test::DissectHarness harness(iscsi_dissector());
  harness.piece(kUp, kHello);
  CHECK_FALSE(harness.gap(kDown, 100));
  CHECK(said({{kUp, kHello.substr(0, 40)}, {kDown, unit(0x21, 0x80, "")}}).empty());
}

TEST_CASE("iscsi: recognised by a login that names its initiator") {
  CHECK(recognised(kHello) == Recognition::kYes);
  CHECK(recognised(kHello.substr(0, 60)) == Recognition::kMore);
  CHECK(recognised(kHello, kDown) == Recognition::kNo);
  CHECK(recognised(unit(0x43, 0x81, std::string(1100, 'x'))) == Recognition::kNo);
  CHECK(recognised(std::string("\x03\0\x05", 3) + std::string(80, 'x')) == Recognition::kNo);
  CHECK(recognised("CONNECT example.org:443 HTTP/1.1\r\n\r\n") == Recognition::kNo);
  // TPKT begins with a 3, too.
  CHECK(recognised(test::from_hex("0300001611e00000000100c1020100c2020102c0010a")) == Recognition::kNo);
}

}  // namespace bedrail
