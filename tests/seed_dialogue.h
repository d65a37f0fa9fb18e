#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "dissect_harness.h"

namespace bedrail::test {

/// A dialogue of src/dissect/PROTOCOL/seeds, in the form that tests/dissector_fuzz.cpp reads.
struct SeedDialogue {
  bool datagrams = false;
  std::vector<DissectHarness::Turn> turns;

  SeedDialogue(std::string_view protocol, std::string_view name) {
    const std::string path =
        std::string(BEDRAIL_SOURCE_DIR "/src/dissect/").append(protocol).append("/seeds/").append(name);
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    REQUIRE_MESSAGE(text.size() > 1, path);
    datagrams = (text[0] & 1) != 0;
    Direction direction = (text[0] & 2) != 0 ? Direction::kToClient : Direction::kToServer;
    for (std::size_t at = 1; at <= text.size();) {
      const std::size_t end = std::min(text.find("\xff\xfe", at), text.size());
      if (end > at) turns.emplace_back(direction, text.substr(at, end - at));
      direction = opposite(direction);
      at = end + 2;
    }
  }
};

/// What was said, a statement a line, the two ends called "client" and "server".
inline std::string told(const DissectHarness& harness) {
  std::string text = harness.text();
  for (const auto& [party, word] :
       {std::pair<std::string_view, std::string_view>{"10.0.0.1/02:00:00:00:00:01", "client"},
        {"10.0.0.2/02:00:00:00:00:02", "server"}}) {
    for (std::size_t at = 0; (at = text.find(party, at)) != std::string::npos;)
      text.replace(at, party.size(), word);
  }
  return text;
}

/// What is said of a seed's dialogue, its turns cut into pieces of `step` bytes (0: whole).
inline std::string told_of(const DissectorInfo& info, const SeedDialogue& seed, std::size_t step = 0) {
  DissectHarness harness(info, seed.datagrams ? Transport::kUdp : Transport::kTcp);
  if (!seed.datagrams) {
    harness.stream(seed.turns, step);
  } else {
    for (const auto& [direction, bytes] : seed.turns) (void)harness.datagram(direction, bytes);
  }
  harness.close();
  return told(harness);
}

/// The same however it is cut.
inline void check_seed(const DissectorInfo& info, std::string_view name, std::string_view expected) {
  const SeedDialogue seed(info.name, name);
  CAPTURE(name);
  for (const std::size_t step : {0, 1, 3, 50}) {
    CAPTURE(step);
    CHECK(told_of(info, seed, step) == expected);
    if (seed.datagrams) break;
  }
}

/// After a lost piece of either side's stream less is said, and nothing else: at each byte of the dialogue
/// once, `lost` bytes are missing.
inline void check_gaps(const DissectorInfo& info, std::string_view name, std::size_t lost = 5) {
  const SeedDialogue seed(info.name, name);
  const std::string whole = told_of(info, seed);
  CAPTURE(name);
  for (std::size_t turn = 0; turn < seed.turns.size(); ++turn) {
    const auto& [direction, bytes] = seed.turns[turn];
    for (std::size_t at = 0; at + lost <= bytes.size(); at += 3) {
      DissectHarness harness(info);
      std::vector<DissectHarness::Turn> before(seed.turns.begin(),
                                               seed.turns.begin() + static_cast<std::ptrdiff_t>(turn));
      before.emplace_back(direction, bytes.substr(0, at));
      bool goes_on = harness.stream(before) && harness.gap(direction, lost);
      std::vector<DissectHarness::Turn> after(seed.turns.begin() + static_cast<std::ptrdiff_t>(turn) + 1,
                                              seed.turns.end());
      after.insert(after.begin(), {direction, bytes.substr(at + lost)});
      if (goes_on) harness.stream(after);
      harness.close();
      const std::string text = told(harness);
      for (std::size_t line = 0; line < text.size();) {
        const std::size_t end = text.find('\n', line) + 1;
        const std::string statement = text.substr(line, end - line);
        CHECK_MESSAGE(whole.find(statement) != std::string::npos, statement << " at " << turn << ":" << at);
        line = end;
      }
    }
  }
}

/// What the recogniser makes of the first bytes of a flow.
inline Recognition recognised(const DissectorInfo& info, std::string_view bytes, bool on_port = false,
                              Direction direction = Direction::kToServer) {
  const std::uint16_t port = info.ports.empty() ? std::uint16_t{4022} : info.ports.front();
  return info.recognise(
      {direction, as_bytes(bytes), 40000, on_port ? port : std::uint16_t{4022}, false, on_port});
}

/// None of what others say first may be claimed, not even on the protocol's own port.
inline void check_strangers(const DissectorInfo& info) {
  using namespace std::string_view_literals;
  for (const std::string_view bytes :
       {"GET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"sv,
        "SSH-2.0-OpenSSH_9.2\r\n"sv, "\x00\x00\x00\x2f\xffSMB\x72\x00\x00\x00\x00\x18\x01\x28"sv,
        "\x0bMSH|^~\\&|A|B\r"sv, "220 station ready\r\n"sv,
        "\x01\x00\x00\x00\x00\xd6\x00\x01\x00\x00STATION         "sv, "\xff\xfd\x18\xff\xfd\x20"sv,
        "\x8b\x1f\x9c\x44\xd0\x07\x63\xe2\x5a\x91\x3e\xf7\x28\xc4\x0d\x76\xb2\x49\x15\xea"sv,
        "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"sv}) {
    for (const Direction direction : {Direction::kToServer, Direction::kToClient}) {
      CAPTURE(bytes);
      CHECK(recognised(info, bytes, true, direction) == Recognition::kNo);
    }
  }
}

}  // namespace bedrail::test
