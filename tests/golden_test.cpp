// The main test of the packet side: every capture under src/dissect/*/golden/ through the real pipeline gives
// the observations beside it; cut, repeated and put out of order it gives the same ones.
//   golden_test --write    writes what is observed now as what is expected
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "captured_frames.h"

namespace {

using namespace bedrail;
using namespace bedrail::test;
using Lines = std::vector<std::string>;

struct Golden {
  std::string protocol, path, expected;
};

std::vector<Golden> goldens() {
  std::vector<Golden> found;
  for (const DissectorInfo* info : all_dissectors()) {
    // A protocol's name may have hyphens; its folder, which names a function, has underscores.
    std::string name(info->name);
    std::replace(name.begin(), name.end(), '-', '_');
    const std::filesystem::path folder = std::string(BEDRAIL_SOURCE_DIR) + "/src/dissect/" + name + "/golden";
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
      if (entry.path().extension() != ".pcap" && entry.path().extension() != ".pcapng") continue;
      std::filesystem::path expected = entry.path();
      found.push_back(
          {std::string(info->name), entry.path().string(), expected.replace_extension(".expected").string()});
    }
  }
  std::sort(found.begin(), found.end(), [](const Golden& a, const Golden& b) { return a.path < b.path; });
  return found;
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// A line without what a different cut of the same bytes must change: the frame's number, counts of packets,
/// bytes and lost bytes.
std::string comparable(std::string line) {
  line.erase(0, line.find(' ') + 1);
  if (line.find(" connection ") == std::string::npos && line.find(" link ") == std::string::npos) return line;
  return line.substr(0, line.find(" packets="));
}

Lines comparable(Lines lines) {
  for (std::string& line : lines) line = comparable(std::move(line));
  std::sort(lines.begin(), lines.end());
  return lines;
}

Lines unique(Lines lines) {
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

/// What the two do not share, marked by its side: empty where they agree.
std::string difference(const Lines& expected, const Lines& found) {
  std::string text;
  Lines only;
  std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(), std::back_inserter(only));
  for (const std::string& line : only) text += "- " + line + "\n";
  only.clear();
  std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(), std::back_inserter(only));
  for (const std::string& line : only) text += "+ " + line + "\n";
  return text;
}

/// The same statement with less certainty: what a lost segment may leave of it.
std::string weaker(std::string line) {
  for (const std::string_view word :
       {"outcome=accepted", "outcome=refused", "authentication=none", "authentication=present"}) {
    const std::size_t at = line.find(word);
    if (at == std::string::npos) continue;
    line.replace(at, word.size(), std::string(word.substr(0, word.find('=') + 1)) + "unknown");
  }
  const std::size_t at = line.find(" protocol=");
  if (line.find(" connection ") != std::string::npos && at != std::string::npos)
    line.erase(at + 10, line.find(' ', at + 10) - at - 10);
  return line;
}

/// What may be said where something is missing: all that is said of the whole, or less.
Lines statements(const Frames& frames) {
  Lines lines = comparable(run(frames).lines());
  for (std::size_t i = lines.size(); i-- > 0;) lines.push_back(weaker(lines[i]));
  std::sort(lines.begin(), lines.end());
  return unique(lines);
}

/// What is said of `frames` beyond `allowed`.
std::string made_up(const Lines& allowed, const Ran& ran) {
  const Lines found = unique(comparable(ran.lines()));
  Lines more;
  std::set_difference(found.begin(), found.end(), allowed.begin(), allowed.end(), std::back_inserter(more));
  std::string text;
  for (const std::string& line : more) text += "+ " + line + "\n";
  return text;
}

bool has_stream(const Frames& frames) {
  return std::any_of(frames.begin(), frames.end(), [](const Frame& f) { return Segment(f).length > 0; });
}

constexpr std::uint32_t kSeeds[] = {1, 2, 3, 4, 5};

std::size_t some_bytes(std::mt19937& random) {
  constexpr std::size_t kMost[] = {3, 17, 200};
  return 1 + random() % kMost[random() % 3];
}

}  // namespace

TEST_CASE("a golden capture gives its expected observations, with any number of threads") {
  for (const Golden& golden : goldens()) {
    CAPTURE(golden.path);
    const Frames frames = read_frames(golden.path);
    REQUIRE_FALSE(frames.empty());
    const Lines expected = lines_of(read_text(golden.expected));
    for (const unsigned threads : {1U, 2U, 4U}) {
      CAPTURE(threads);
      PipelineOptions options;
      options.threads = threads;
      const Lines found = run(frames, options).lines();
      if (found == expected) continue;
      Lines a = expected, b = found;
      std::sort(a.begin(), a.end());
      std::sort(b.begin(), b.end());
      const std::string shown = difference(a, b);
      FAIL_CHECK((shown.empty() ? "the same observations in another order" : shown));
    }
  }
}

TEST_CASE("streams cut byte by byte or anywhere tell the same") {
  for (const Golden& golden : goldens()) {
    CAPTURE(golden.path);
    const Frames frames = read_frames(golden.path);
    if (!has_stream(frames)) continue;
    const Lines expected = comparable(run(frames).lines());
    CHECK(difference(expected, comparable(run(split(frames, [] { return 1; })).lines())) == "");
    for (const std::uint32_t seed : kSeeds) {
      CAPTURE(seed);
      std::mt19937 random(seed);
      CHECK(difference(expected,
                       comparable(run(split(frames, [&] { return some_bytes(random); })).lines())) == "");
    }
  }
}

TEST_CASE("retransmitted and exchanged segments tell the same") {
  for (const Golden& golden : goldens()) {
    CAPTURE(golden.path);
    const Frames frames = read_frames(golden.path);
    if (!has_stream(frames)) continue;
    const Lines expected = comparable(run(frames).lines());
    CHECK(difference(expected, comparable(run(duplicated(frames, true)).lines())) == "");
    for (const std::uint32_t seed : kSeeds) {
      CAPTURE(seed);
      std::mt19937 random(seed);
      const Frames cut = split(frames, [&] { return 1 + random() % 400; });
      CHECK(difference(expected, comparable(run(swapped(cut, seed)).lines())) == "");
      CHECK(difference(expected, comparable(run(duplicated(swapped(cut, seed), true)).lines())) == "");
    }
  }
}

TEST_CASE("frames that a mirror gives twice add nothing new") {
  for (const Golden& golden : goldens()) {
    CAPTURE(golden.path);
    const Frames frames = read_frames(golden.path);
    CHECK(difference(unique(comparable(run(frames).lines())),
                     unique(comparable(run(duplicated(frames, false)).lines()))) == "");
  }
}

TEST_CASE("connections whose start was not captured tell the same") {
  for (const Golden& golden : goldens()) {
    CAPTURE(golden.path);
    const Frames frames = read_frames(golden.path);
    if (!has_stream(frames)) continue;
    const Frames joined = without_handshake(frames);
    // A Telnet dialogue without negotiation cannot be told from what follows it: joined late, it is not
    // recognised.
    if (golden.protocol == "telnet") {
      CHECK(made_up(statements(frames), run(joined)) == "");
      continue;
    }
    const Lines expected = comparable(run(frames).lines());
    CHECK(difference(expected, comparable(run(joined).lines())) == "");
    CHECK(difference(expected, comparable(run(split(joined, [] { return 1; })).lines())) == "");
  }
}

TEST_CASE("a lost segment is announced, and nothing is made up behind it") {
  for (const Golden& golden : goldens()) {
    CAPTURE(golden.path);
    const Frames frames = read_frames(golden.path);
    const Lines allowed = statements(frames);
    std::uint64_t announced = 0, tried = 0;
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
      CAPTURE(seed);
      const Frames lossy = with_loss(frames, seed);
      if (lossy.size() == frames.size()) break;
      ++tried;
      const Ran ran = run(lossy);
      announced += ran.result.losses.tcp_gap_bytes;
      CHECK(made_up(allowed, ran) == "");
    }
    if (tried > 0) CHECK(announced > 0);
  }
}

TEST_CASE("every protocol has a golden capture that shows it") {
  std::set<std::string> kinds, pairs, clues, protocols;
  std::map<std::string, std::set<std::string>> declared;
  std::size_t captures = 0;
  for (const Golden& golden : goldens()) {
    ++captures;
    for (const Observation& o : run(read_frames(golden.path)).observations) {
      const std::string line = comparable(to_line(o));
      const std::string kind =
          line.substr(line.find(' ') + 1, line.find(' ', line.find(' ') + 1) - line.find(' ') - 1);
      kinds.insert(kind);
      if (o.protocol != golden.protocol) continue;
      protocols.insert(golden.protocol);
      pairs.insert(golden.protocol + " " + kind);
      if (const Clue* clue = std::get_if<Clue>(&o.body))
        clues.insert(golden.protocol + " " + std::string(clue->key));
    }
  }
  std::set<std::string> unseen;
  std::size_t keys = 0;
  for (const DissectorInfo* info : all_dissectors()) {
    CAPTURE(info->name);
    CHECK(protocols.count(std::string(info->name)) == 1);
    for (const std::string_view key : info->clues) {
      ++keys;
      const std::string named = std::string(info->name) + " " + std::string(key);
      if (clues.count(named) == 0) unseen.insert(named);
    }
  }
  fmt::print(
      "golden captures: {} of {} protocols, {} of {} kinds of observation, {} kinds by protocol, {} of {} "
      "clue keys; {} captures\n",
      protocols.size(), all_dissectors().size(), kinds.size(),
      std::variant_size_v<decltype(Observation::body)>, pairs.size(), keys - unseen.size(), keys, captures);
  for (const std::string& name : unseen) fmt::print("  not shown by a golden capture: {}\n", name);
}

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "--write") == 0) {
    for (const Golden& golden : goldens()) {
      const std::string text = run(read_frames(golden.path)).text();
      std::ofstream(golden.expected, std::ios::binary) << text;
      fmt::print("{}: {} observations\n", golden.expected, std::count(text.begin(), text.end(), '\n'));
    }
    return 0;
  }
  return doctest::Context(argc, argv).run();
}
