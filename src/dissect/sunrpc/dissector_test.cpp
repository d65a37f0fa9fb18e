#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& sunrpc_dissector();

namespace {

using Turns = std::vector<test::DissectHarness::Turn>;
constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";

std::string u32(std::size_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xff));
  return out;
}
std::string text(const std::string& value) {
  return u32(value.size()) + value + std::string((4 - value.size() % 4) % 4, '\0');
}
std::string sys(const std::string& machine) {
  const std::string body = u32(1) + text(machine) + u32(0) + u32(0) + u32(0);
  return u32(1) + text(body);
}
const std::string kNone = u32(0) + u32(0);
std::string call(int id, int program, int version, int procedure, const std::string& proof = kNone,
                 const std::string& arguments = "") {
  return u32(static_cast<std::size_t>(id)) + u32(0) + u32(2) + u32(static_cast<std::size_t>(program)) +
         u32(static_cast<std::size_t>(version)) + u32(static_cast<std::size_t>(procedure)) + proof + kNone +
         arguments;
}
std::string reply(int id, const std::string& results = "", int status = 0) {
  return u32(static_cast<std::size_t>(id)) + u32(1) + u32(0) + kNone + u32(static_cast<std::size_t>(status)) +
         results;
}
std::string record(const std::string& message) { return u32(message.size() | 0x80000000U) + message; }

std::string datagrams(const Turns& turns) {
  test::DissectHarness harness(sunrpc_dissector(), Transport::kUdp, 111);
  for (const auto& [direction, bytes] : turns) harness.datagram(direction, bytes);
  return harness.text();
}
std::string stream(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(sunrpc_dissector(), Transport::kTcp, 2049);
  harness.stream(turns, step);
  return harness.text();
}
std::string service(const std::string& where, const std::string& name) {
  return kServer + "service " + where + " " + name + " product=\"\" version=\"\" encrypted=false\n";
}
std::string program(const std::string& number) {
  return kServer + "clue sunrpc.program=\"" + number + "\" role=server\n";
}
std::string used(const std::string& name, const std::string& version) {
  return kServer + "protocol " + name + " version=\"" + version + "\" agreed=true\n";
}
Recognition recognised(const std::string& bytes) {
  return sunrpc_dissector().recognise({kUp, as_bytes(bytes), 40000, 4045, false, false});
}

}  // namespace

TEST_CASE("sunrpc: the port mapper tells where programs listen") {
  const std::string list = u32(1) + u32(100003) + u32(3) + u32(6) + u32(2049) + u32(1) + u32(395183) +
                           u32(1) + u32(6) + u32(1024) + u32(1) + u32(600100029) + u32(1) + u32(17) +
                           u32(900) + u32(0);
  CHECK(datagrams({{kUp, call(1, 100000, 2, 4)}, {kDown, reply(1, list)}}) ==
        service("udp/111", "portmap") + program("100000") + used("portmap", "2") + program("100003") +
            service("tcp/2049", "nfs") + program("395183") + service("tcp/1024", "vxi11") +
            program("600100029"));
  const std::string asked = u32(100005) + u32(3) + u32(17) + u32(0);
  CHECK(datagrams({{kUp, call(2, 100000, 2, 3, sys("ct-1"), asked)}, {kDown, reply(2, u32(20048))}}) ==
        kClient + "name kind=sunrpc name=\"ct-1\"\n" + service("udp/111", "portmap") + program("100000") +
            used("portmap", "2") + program("100005") + service("udp/20048", "mount"));
  CHECK(datagrams({{kUp, call(2, 100000, 2, 3, kNone, asked)}, {kDown, reply(2, u32(0))}}).find("mount") ==
        std::string::npos);
}

TEST_CASE("sunrpc: exports by their first two levels") {
  const std::string list = u32(1) + text("/export/home/doe") + u32(1) + text("*") + u32(0) + u32(1) +
                           text("/data") + u32(0) + u32(0);
  CHECK(datagrams({{kUp, call(1, 100005, 3, 5)}, {kDown, reply(1, list)}}) ==
        service("udp/111", "mount") + program("100005") + used("mount", "3") + kServer +
            "clue sunrpc.export=\"/export/home\" role=server\n" + kServer +
            "clue sunrpc.export=\"/data\" role=server\n");
  const std::string mount = call(7, 100005, 3, 1, sys("ct-1"), text("/images/2023/doe"));
  CHECK(datagrams({{kUp, mount}, {kDown, reply(7, u32(0))}})
            .ends_with("sunrpc.export=\"/images/2023\" role=server\n"));
  CHECK(datagrams({{kUp, mount}, {kDown, reply(7, u32(13))}}).find("export") == std::string::npos);
}

TEST_CASE("sunrpc: NFS in a stream, without proof and with it, however it is cut") {
  const std::string gss = u32(6) + u32(20) + u32(1) + u32(0) + u32(5) + u32(3) + u32(0);
  const Turns turns = {
      {kUp, record(call(1, 100003, 3, 0))},
      {kDown, record(reply(1))},
      {kUp, record(call(2, 100003, 3, 1, sys("ct-1"), std::string(9000, 'x')))},
      {kDown, u32(28) + reply(2, "abcd") + u32(6 | 0x80000000U) + "second" + record(reply(9))},
      {kUp, record(call(3, 100003, 4, 1, gss))},
      {kDown, record(reply(3))}};
  const std::string whole = stream(turns);
  CHECK(whole == service("tcp/2049", "nfs") + program("100003") + used("nfs", "3") + kClient +
                     "name kind=sunrpc name=\"ct-1\"\n" + kServer +
                     "session nfs authentication=none encrypted=false\n" + used("nfs", "4") + kServer +
                     "session nfs authentication=present encrypted=true\n");
  for (const std::size_t step : {1, 3, 16, 1000}) CHECK(stream(turns, step) == whole);
  CHECK(stream({{kUp, record(call(2, 100003, 3, 1, sys("ct-1")))}, {kDown, record(reply(2))}})
            .ends_with("session nfs authentication=none encrypted=false\n"));
  // Refused, not carried out, a call back.
  CHECK(stream({{kUp, record(call(1, 100003, 3, 0))}, {kDown, record(u32(1) + u32(1) + u32(1) + u32(0))}})
            .empty());
  CHECK(stream({{kUp, record(call(1, 100003, 3, 0))}, {kDown, record(reply(1, "", 1))}}).empty());
  CHECK(stream({{kDown, record(call(1, 100003, 3, 0))}, {kUp, record(reply(1))}}).empty());
}

TEST_CASE("sunrpc: malformed messages, once") {
  const std::string anomaly = kClient + "anomaly sunrpc ";
  CHECK(datagrams({{kUp, "abc"}, {kUp, "abc"}}) == anomaly + "bad-message\n");
  CHECK(stream({{kUp, u32(0xffffffff) + "abcd"}}) == anomaly + "bad-mark\n");
  test::DissectHarness harness(sunrpc_dissector());
  harness.piece(kUp, record(call(1, 100003, 3, 0)));
  CHECK_FALSE(harness.gap(kUp, 100));
}

TEST_CASE("sunrpc: recognised by a call's head on any port") {
  const std::string good = call(1, 100003, 3, 1, sys("ct-1"));
  CHECK(recognised(good) == Recognition::kYes);
  CHECK(recognised(record(good)) == Recognition::kYes);
  CHECK(recognised(record(good).substr(0, 20)) == Recognition::kMore);
  CHECK(recognised(call(1, 99, 3, 1)) == Recognition::kNo);
  CHECK(recognised(call(1, 100003, 3, 1, u32(9) + u32(0))) == Recognition::kNo);
  CHECK(recognised(reply(1)) == Recognition::kNo);
  CHECK(recognised(std::string(64, '\0')) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n") == Recognition::kNo);
  CHECK(recognised(test::from_hex("1603010200010001fc0303")) == Recognition::kNo);
}

}  // namespace bedrail
