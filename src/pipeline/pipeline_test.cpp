// Streams with everything that happens to them, and what full tables and silence do.
#include <doctest/doctest.h>

#include "pipeline/conversation_builder.h"

namespace bedrail {
namespace {

using namespace test;
using Lines = std::vector<std::string>;

std::string get(std::string_view agent) {
  return "GET / HTTP/1.1\r\nUser-Agent: " + std::string(agent) + "\r\n\r\n";
}
const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

std::string agent(std::string_view name) {
  return "10.0.0.1/02:00:00:00:00:0a clue http.user-agent=\"" + std::string(name) + "\" role=client";
}

std::uint64_t noticed(const Ran& ran, std::string_view kind) {
  std::uint64_t count = 0;
  for (const Notice& notice : ran.result.notices) {
    if (notice.kind == kind) count += notice.count;
  }
  return count;
}

/// Flows all of one shard or many: as many conversations as ports, each with a request.
Frames many_flows(std::uint16_t count) {
  Frames frames;
  for (std::uint16_t i = 0; i < count; ++i)
    Talk(frames, static_cast<std::uint16_t>(40000 + i), 80).open().up(get("a/1"));
  return frames;
}

}  // namespace

TEST_CASE("pipeline: connections tell how their two ends began them, where that was captured") {
  const Frames whole = read_frames(std::string(BEDRAIL_SOURCE_DIR) + "/src/dissect/ssh/golden/ward.pcap");
  for (const bool cut : {false, true}) {
    const Ran ran = run(cut ? without_handshake(whole) : whole);
    std::size_t connections = 0;
    for (const Observation& o : ran.observations) {
      const auto* seen = std::get_if<ConnectionSeen>(&o.body);
      if (seen == nullptr || seen->key.transport != Transport::kTcp) continue;
      ++connections;
      CHECK(seen->client_start.present == !cut);
      CHECK(seen->server_start.present == !cut);
      if (!cut) CHECK(to_string(seen->client_start).ends_with(" opt=mss,sok,ts,nop,ws"));
    }
    CHECK(connections > 0);
  }
}

TEST_CASE("pipeline: sequence numbers wrap") {
  Frames frames;
  Talk talk(frames, 40000, 80, 0xffffffe0, 0xfffffffe);
  talk.open();
  for (const char* name : {"one/1", "two/2", "three/3"}) talk.up(get(name)).down(kOk);
  talk.close();
  for (const Frames& shown : {frames, swapped(split(frames, [] { return 5; }), 1)}) {
    const Ran ran = run(shown);
    CHECK(lines_with(ran, "user-agent") == Lines{agent("one/1"), agent("two/2"), agent("three/3")});
    CHECK(ran.result.losses.tcp_gap_bytes == 0);
  }
}

TEST_CASE("pipeline: a hole is announced and what is behind it is read") {
  Frames frames;
  Talk talk(frames, 40000, 80);
  talk.open().up(get("one/1")).down(kOk).lost(0, 40).up(get("two/2")).down(kOk);
  SUBCASE("the connection goes on") {
    for (int i = 0; i < 8; ++i) talk.up(get("three/3")).down(kOk);
  }
  SUBCASE("the connection is closed") { talk.close(); }
  SUBCASE("the connection is reset") { talk.packet(0, tcp_flag::kRst); }
  SUBCASE("the capture ends") {}
  const Ran ran = run(frames);
  CHECK(ran.result.losses.tcp_gap_bytes == 40);
  const Lines agents = lines_with(ran, "user-agent");
  REQUIRE(agents.size() >= 2);
  CHECK(agents[1] == agent("two/2"));
  CHECK(std::get<ConnectionSeen>(ran.observations.back().body).gap_bytes == 40);
}

TEST_CASE("pipeline: a snap length cuts segments: a gap where it matters") {
  Frames frames;
  const std::string page =
      "HTTP/1.1 200 OK\r\nServer: Boa/0.94.13\r\nContent-Length: 400\r\n\r\n" + std::string(400, 'x');
  Talk(frames, 40000, 80).open().up(get("one/1")).down(page).up(get("two/2")).down(page).close();
  for (Frame& frame : frames) frame.data.resize(std::min<std::size_t>(frame.data.size(), 160));
  const Ran ran = run(frames);
  CHECK(lines_with(ran, "user-agent") == Lines{agent("one/1"), agent("two/2")});
  CHECK(lines_with(ran, "http.server").size() == 1);
  CHECK(ran.result.losses.tcp_gap_bytes == 2 * (page.size() + 54 - 160));
  CHECK(ran.result.losses.malformed_packets == 0);
}

TEST_CASE("pipeline: silence ends a conversation") {
  Frames frames;
  datagram(frames, true, 40000, 4000, "\x7f");
  SUBCASE("the next packet between the same ends is a new one") {
    datagram(frames, true, 40000, 4000, "\x7f");
    frames.back().time.nanoseconds += 200 * kNanosecondsPerSecond;
    CHECK(lines_with(run(frames), " connection ").size() == 2);
  }
  SUBCASE("just below the limit it is the same") {
    datagram(frames, true, 40000, 4000, "\x7f");
    frames.back().time.nanoseconds += 179 * kNanosecondsPerSecond;
    CHECK(lines_with(run(frames), " connection ").size() == 1);
  }
  SUBCASE("a sweep ends it though nothing comes") {
    for (int i = 0; i < 1100; ++i) {
      datagram(frames, true, 40001, 4000, "\x7f");
      frames.back().time.nanoseconds += kNanosecondsPerSecond;
    }
    const Lines ended = lines_with(run(frames), " connection ");
    REQUIRE(ended.size() == 2);
    CHECK(ended[0].find("10.0.0.1:40000") != std::string::npos);
  }
}

TEST_CASE("pipeline: a full table of conversations is said, and loses none of their accounts") {
  const Frames frames = many_flows(100);
  PipelineOptions options;
  options.limits.flows.max_flows = 2;
  const Ran ran = run(frames, options);
  std::uint64_t evicted = 0, packets = 0;
  for (const Observation& o : ran.observations) {
    if (const auto* seen = std::get_if<ConnectionSeen>(&o.body)) {
      evicted += seen->evicted ? 1 : 0;
      packets += seen->packets_to_server + seen->packets_to_client;
    }
  }
  CHECK(packets == frames.size());
  CHECK(evicted >= 100 - 2 * kShards);
  CHECK(ran.result.losses.evicted_flows == evicted);
  CHECK(noticed(ran, "table-full") == evicted);
  CHECK(lines_with(ran, "user-agent").size() == 100);
}

TEST_CASE("pipeline: full memory for dissectors is said") {
  PipelineOptions options;
  options.limits.dissection_bytes = 0;
  const Ran none = run(many_flows(10), options);
  CHECK(lines_with(none, "user-agent").empty());
  CHECK(noticed(none, "table-full") == 10);
  // One at a time in each shard: who was silent longest has to go, the youngest is read.
  options.limits.dissection_bytes = 1;
  const Ran one = run(many_flows(100), options);
  CHECK(lines_with(one, "user-agent").size() == 100);
  CHECK(noticed(one, "table-full") >= 100 - kShards);
}

TEST_CASE("pipeline: too much behind a hole gives the hole up") {
  Frames frames;
  Talk talk(frames, 40000, 80);
  talk.open().up(get("one/1")).lost(0, 40);
  for (int i = 0; i < 10; ++i) talk.up(get("two/2"));
  PipelineOptions options;
  options.limits.reassembly.stream_bytes = 100;
  const Ran ran = run(frames, options);
  CHECK(noticed(ran, "reassembly-limit") == 1);
  CHECK(lines_with(ran, "user-agent") == Lines{agent("one/1"), agent("two/2")});
  CHECK(ran.result.losses.tcp_gap_bytes == 40);
}

TEST_CASE("pipeline: more devices without IP than the table holds are counted") {
  Frames frames;
  for (char i = 0; i < 100; ++i) {
    std::string frame = ethernet(0x88b5, "x");
    frame[11] = i;
    frames.push_back({frame, static_cast<std::uint32_t>(frame.size()), LinkType::kEthernet, {}});
  }
  PipelineOptions options;
  options.limits.link_talkers = 1;
  const Ran ran = run(frames, options);
  const std::size_t listed = lines_with(ran, " link ").size();
  CHECK(listed <= kShards);
  CHECK(noticed(ran, "table-full") == 100 - listed);
}

TEST_CASE("pipeline: a fragment that contradicts is a malformed packet") {
  Frames frames;
  const std::string frame = ethernet(0x0800, ipv4(17, std::string(13, 'x'), {.id = 7, .flags = 0x2001U}));
  frames.push_back({frame, static_cast<std::uint32_t>(frame.size()), LinkType::kEthernet, {}});
  const Ran ran = run(frames);
  CHECK(ran.result.anomalies.at("decode/fragment-malformed") == 1);
  CHECK(ran.result.losses.malformed_packets == 1);
}

TEST_CASE("pipeline: frames of types that nobody reads are counted as not decoded") {
  Frames frames;
  for (const unsigned type : {0x8892U, 0x9999U, 0x0806U}) {
    const std::string frame = ethernet(type, std::string(46, '\0'));
    frames.push_back({frame, static_cast<std::uint32_t>(frame.size()), LinkType::kEthernet, {}});
  }
  const Ran ran = run(frames);
  CHECK(ran.result.losses.undecoded_packets == 2);
  CHECK(ran.result.protocols.at("other-ethernet").packets == 2);
}

TEST_CASE("pipeline: bytes that are missing before a FIN are missing bytes") {
  Frames frames;
  Talk talk(frames, 40000, 80);
  SUBCASE("behind what was captured") { talk.open().up(get("one/1")).down(kOk).lost(1, 2000).close(); }
  SUBCASE("all of a direction") { talk.open().lost(1, 2000).close(); }
  SUBCASE("the connection is reset after it") {
    talk.open().up(get("one/1")).lost(1, 2000).packet(1, tcp_flag::kFin | tcp_flag::kAck);
    talk.packet(0, tcp_flag::kRst);
  }
  const Ran ran = run(frames);
  CHECK(ran.result.losses.tcp_gap_bytes == 2000);
  CHECK(std::get<ConnectionSeen>(ran.observations.back().body).gap_bytes == 2000);
}

TEST_CASE("pipeline: times that go back are told") {
  Frames frames;
  for (int i = 0; i < 5; ++i) datagram(frames, true, 40000, 4000, "\x7f");
  CHECK(noticed(run(frames), "times-go-back") == 0);
  frames[1].time.nanoseconds += 900 * 1'000'000LL;  // mirrors reorder a little
  CHECK(noticed(run(frames), "times-go-back") == 0);
  frames[1].time.nanoseconds += 10 * kNanosecondsPerSecond;
  CHECK(noticed(run(frames), "times-go-back") == 3);
}

TEST_CASE("pipeline: fragments are put together, and too many incomplete ones are said") {
  Frames frames;
  const std::string whole = udp(40000, 161, "0" + std::string(99, 'x'));
  const auto fragment = [&](std::size_t id, std::size_t from, std::size_t size, bool more) {
    const std::string frame = ethernet(
        0x0800, ipv4(17, whole.substr(from, size), {.id = id, .flags = (more ? 0x2000U : 0U) | from / 8}));
    frames.push_back({frame, static_cast<std::uint32_t>(frame.size()), LinkType::kEthernet, {}});
  };
  for (std::size_t id = 1; id <= 3; ++id) fragment(id, 0, 48, true);
  for (std::size_t id = 1; id <= 3; ++id) fragment(id, 48, 60, false);
  const Ran ran = run(frames);
  REQUIRE(lines_with(ran, " connection ").size() == 1);
  CHECK(std::get<ConnectionSeen>(ran.observations.back().body).packets_to_server == 3);
  CHECK(noticed(ran, "fragments-missing") == 0);
  // The last fragment counts as the datagram, so that the sum is that of the packets.
  CHECK(ran.result.protocols.at("ip-fragment").packets == 3);
  std::uint64_t packets = 0;
  for (const auto& [name, totals] : ran.result.protocols) packets += totals.packets;
  CHECK(packets == frames.size());
  const Frames fronts(frames.begin(), frames.begin() + 2);
  CHECK(noticed(run(fronts), "fragments-missing") == 2);
  PipelineOptions options;
  options.limits.fragments.max_datagrams = 1;
  CHECK(noticed(run(frames, options), "table-full") >= 2);
}

TEST_CASE("pipeline: tiny tables drop the same with any number of threads") {
  Frames frames = many_flows(1500);
  for (std::size_t i = 3; i < frames.size(); i += 7) std::swap(frames[i], frames[i - 2]);
  for (const std::size_t flows : {1, 3, 50}) {
    PipelineOptions options;
    options.limits.flows.max_flows = flows;
    options.limits.dissection_bytes = 4096;
    const std::string expected = run(frames, options).text();
    for (const unsigned threads : {2U, 3U, 4U, 16U, 99U}) {
      options.threads = threads;
      CHECK((run(frames, options).text() == expected));
    }
  }
}

}  // namespace bedrail
