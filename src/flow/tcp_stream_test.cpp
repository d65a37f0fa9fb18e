#include "flow/tcp_stream.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>

namespace bedrail {
namespace {

struct Sink {
  std::string text;
  std::uint64_t gaps = 0;
  void data(Bytes bytes, const PacketRef&) { text += as_text(bytes); }
  void gap(std::uint64_t count, const PacketRef&) {
    gaps += count;
    text += "<" + std::to_string(count) + ">";
  }
};

struct Stream {
  TcpStream stream;
  ReassemblyLimits limits;
  ReassemblyCounters counters;
  Sink sink;
  void segment(std::uint32_t sequence, std::string_view text, std::uint32_t length = 0) {
    stream.segment(sequence, as_bytes(text),
                   std::max<std::uint32_t>(length, static_cast<std::uint32_t>(text.size())), {}, limits,
                   counters, sink);
  }
  void acknowledge(std::uint32_t number) { stream.acknowledged(number, {}, counters, sink); }
  void flush() { stream.flush({}, counters, sink); }
};

}  // namespace

TEST_CASE("tcp: in order, out of order, retransmitted") {
  Stream s;
  s.stream.start(100);
  s.segment(100, "abc");
  s.segment(106, "ghi");
  CHECK(s.sink.text == "abc");
  CHECK(s.counters.held_bytes == 3);
  s.segment(100, "ABC");
  s.segment(103, "def");
  CHECK(s.sink.text == "abcdefghi");
  CHECK(s.counters.held_bytes == 0);
  CHECK(s.counters.gap_bytes == 0);
  CHECK(s.stream.next() == 109);
}

TEST_CASE("tcp: bytes that came first stand, delivered or waiting") {
  Stream s;
  s.stream.start(0);
  s.segment(0, "abc");
  s.segment(1, "XYdef");
  CHECK(s.sink.text == "abcdef");
  s.segment(8, "ij");
  s.segment(12, "mn");
  s.segment(7, "hIJklMNop");
  CHECK(s.sink.text == "abcdef");
  s.segment(6, "g");
  CHECK(s.sink.text == "abcdefghijklmnop");
  CHECK(s.counters.overlaps > 0);
}

TEST_CASE("tcp: sequence numbers wrap") {
  Stream s;
  s.stream.start(0xfffffffe);
  s.segment(0xfffffffe, "ab");
  s.segment(3, "fg");
  s.segment(0, "cde");
  CHECK(s.sink.text == "abcdefg");
}

TEST_CASE("tcp: a hole that was acknowledged is a gap, after a grace") {
  Stream s;
  s.stream.start(0);
  s.segment(0, "ab");
  s.segment(10, "kl");
  for (int i = 0; i < 4; ++i) s.acknowledge(12);
  CHECK(s.sink.text == "ab");
  s.acknowledge(12);
  CHECK(s.sink.text == "ab<8>kl");
  CHECK(s.counters.gap_bytes == 8);
}

TEST_CASE(
    "tcp: a hole is given up when too many segments pass or too much waits; nothing that was captured is "
    "lost") {
  Stream s;
  s.limits.stream_bytes = 100;
  s.stream.start(0);
  std::string expected = "<4>";
  for (std::uint32_t i = 0; i < 40; ++i) {
    s.segment(4 + i * 4, "wxyz");
    expected += "wxyz";
  }
  s.flush();
  CHECK(s.sink.text == expected);
  CHECK(s.counters.given_up == 1);
  CHECK(s.counters.held_bytes == 0);
}

TEST_CASE("tcp: the snap length leaves a gap behind each cut segment") {
  Stream s;
  s.stream.start(0);
  s.segment(0, "ab", 10);
  s.segment(10, "kl", 10);
  CHECK(s.sink.text == "ab<8>kl<8>");
  CHECK(s.stream.next() == 20);
  // Sent again whole: the cut part lies behind and is not read twice.
  s.segment(0, "abcdefghij");
  CHECK(s.sink.text == "ab<8>kl<8>");
}

TEST_CASE("tcp: strays from another place are not data") {
  Stream s;
  s.stream.start(0);
  s.segment(0, "ab");
  s.segment(0x70000000, "zz");
  s.segment(0x80000010, "yy");
  s.flush();
  CHECK(s.sink.text == "ab");
}

TEST_CASE("tcp: FIN counts when everything before it came") {
  Stream s;
  s.stream.start(0);
  s.segment(0, "ab");
  s.stream.fin(4);
  CHECK_FALSE(s.stream.finished());
  s.segment(2, "cd");
  CHECK(s.stream.finished());
}

TEST_CASE("tcp: any cutting, order and repetition gives the same stream") {
  std::string text(5000, ' ');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + (i * 7 + i / 26) % 26);
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    struct Cut {
      std::uint32_t at, size;
    };
    std::vector<Cut> cuts;
    for (std::uint32_t at = 0; at < text.size();) {
      const std::uint32_t size = std::min<std::uint32_t>(1 + static_cast<std::uint32_t>(random() % 200),
                                                         static_cast<std::uint32_t>(text.size()) - at);
      cuts.push_back({at, size});
      if (random() % 4 == 0) {
        const std::uint32_t back = std::min<std::uint32_t>(at, static_cast<std::uint32_t>(random() % 300));
        cuts.push_back(
            {at - back, std::min<std::uint32_t>(size + back + static_cast<std::uint32_t>(random() % 100),
                                                static_cast<std::uint32_t>(text.size()) - at + back)});
      }
      at += size;
    }
    // Reordered within a distance, as networks do.
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i)
      std::swap(cuts[i], cuts[std::min(cuts.size() - 1, i + random() % 8)]);
    Stream s;
    s.stream.start(0xfffff000);
    for (const Cut& cut : cuts)
      s.segment(0xfffff000 + cut.at, std::string_view(text).substr(cut.at, cut.size));
    s.flush();
    CHECK(s.sink.text == text);
    CHECK(s.counters.held_bytes == 0);
  }
}

}  // namespace bedrail
