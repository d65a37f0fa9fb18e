#include <doctest/doctest.h>

#include "dissect/quic/initial.h"
#include "dissect/quic/sealed_packets.h"
#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& quic_dissector();

namespace {

using Turns = std::vector<std::pair<Direction, std::string>>;
constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;

const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";

std::string bytes(std::string_view hex) { return test::from_hex(hex); }
/// A server's packet with a long header: identifiers, (an empty token), 20 octets that nobody can open.
std::string answer(std::string_view front, std::string_view token = "00") {
  return bytes(front) + bytes("04c001c0de 08f067a5502a4262b5") + bytes(token) + bytes("4014") +
         std::string(20, 'e');
}
std::string said(const Turns& turns) {
  test::DissectHarness harness(quic_dissector(), Transport::kUdp);
  for (const auto& [direction, text] : turns) harness.datagram(direction, text);
  return harness.text();
}
std::string hello(const std::string& host, const std::string& alpn) {
  return kClient + "clue quic.sni=\"" + host + "\" role=client\n" + kClient + "clue quic.alpn=\"" + alpn +
         "\" role=client\n" + kClient + "clue quic.ja4=\"q13d0206h3_62ed6f6ca7ad_";
}
std::string served(const std::string& version, const std::string& host = {}) {
  return kServer + "service udp/443 quic product=\"\" version=\"\" encrypted=true\n" + kServer +
         "protocol quic version=\"" + version + "\" agreed=true\n" +
         (host.empty() ? "" : kServer + "name kind=tls name=\"" + host + "\"\n");
}
Recognition recognised(const std::string& text, Direction direction = kUp, bool on_port = false) {
  return quic_dissector().recognise({direction, as_bytes(text), 40000, 5443, false, on_port});
}
std::string padded(std::string_view hex) {
  std::string out = bytes(hex);
  out.resize(1200, '\0');
  return out;
}

}  // namespace

TEST_CASE("quic: the first version's hello, and the name of the server that answers it") {
  const std::string all = said({{kUp, bytes(test::kWhole)}, {kDown, answer("c000000001")}});
  CHECK(all.starts_with(hello("console.example.org", "h3")));
  CHECK(all.find("clue quic.user-agent=\"Example/1.0\" role=client\n") != std::string::npos);
  CHECK(all.ends_with(served("1", "console.example.org")));
}

TEST_CASE("quic: the second version's hello in pieces of two packets, out of order") {
  const std::string front = bytes(test::kSecondVersionFront), rest = bytes(test::kSecondVersionRest);
  CHECK(said({{kUp, front}}).empty());
  CHECK(said({{kUp, front}, {kUp, rest}}).starts_with(hello("pacs.example.org", "h3,h3-29")));
  CHECK(said({{kUp, rest}, {kUp, front}}).starts_with(hello("pacs.example.org", "h3,h3-29")));
  CHECK(said({{kUp, front + rest}}).starts_with(hello("pacs.example.org", "h3,h3-29")));
  // The answer comes first in the capture.
  const std::string early = said({{kUp, front}, {kDown, answer("d06b3343cf")}, {kUp, rest}});
  CHECK(early.starts_with(served("2")));
  CHECK(early.ends_with(kServer + "name kind=tls name=\"pacs.example.org\"\n"));
}

TEST_CASE("quic: a server that has the client begin again") {
  const std::string retry =
      bytes("f0ff00001d 04c001c0de 08f067a5502a4262b5") + "token" + std::string(16, 't');
  const std::string cut = bytes(test::kBeforeRetry).substr(0, 60);
  CHECK(said({{kUp, cut}, {kDown, retry}, {kUp, bytes(test::kAfterRetry)}, {kDown, answer("c0ff00001d")}})
            .ends_with(served("draft-29", "console.example.org")));
  CHECK(said({{kUp, bytes(test::kAfterRetry)}}).starts_with(hello("console.example.org", "h3")));
}

TEST_CASE("quic: versions that a server would speak") {
  CHECK(said({{kDown,
               bytes("8a00000000 04c001c0de 08f067a5502a4262b5 6b3343cf ff00001d 1a2a3a4a 51303530")}}) ==
        kServer + "protocol quic version=\"2\" agreed=false\n" + kServer +
            "protocol quic version=\"draft-29\" agreed=false\n" + kServer +
            "protocol quic version=\"Q050\" agreed=false\n");
}

TEST_CASE("quic: what cannot be opened or read, once") {
  const std::string anomaly = kClient + "anomaly quic ";
  std::string forged = bytes(test::kWhole);
  forged.back() = static_cast<char>(forged.back() ^ 1);
  CHECK(said({{kUp, forged}, {kUp, forged}}) == anomaly + "not-opened\n");
  CHECK(said({{kUp, bytes(test::kBadFrame)}}) == anomaly + "bad-frame\n");
  CHECK(said({{kUp, bytes(test::kLongPiece)}}) == anomaly + "bad-frame\n");
  CHECK(said({{kUp, bytes(test::kBadHello)}}) == anomaly + "bad-hello\n");
  CHECK(said({{kUp, bytes(test::kLongHello)}}) == anomaly + "hello-too-long\n");
  CHECK(said({{kUp, bytes(test::kFarPiece)}}) == anomaly + "hello-too-long\n");
}

TEST_CASE("quic: no cut of a packet tells anything else") {
  const std::string whole = bytes(test::kWhole);
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK(said({{kUp, whole.substr(0, size)}}).empty());
}

TEST_CASE("quic: recognised by its version and the size of the first datagram") {
  CHECK(recognised(padded(test::kWhole)) == Recognition::kYes);
  CHECK(recognised(bytes(test::kWhole)) == Recognition::kNo);
  CHECK(recognised(bytes(test::kWhole), kUp, true) == Recognition::kMaybe);
  CHECK(recognised(answer("c000000001"), kDown) == Recognition::kYes);
  CHECK(recognised(answer("e000000001", ""), kUp) == Recognition::kYes);
  // A short header, an unknown version, an identifier of 21 octets, no fixed bit.
  CHECK(recognised("A" + std::string(1300, 'x'), kUp, true) == Recognition::kNo);
  CHECK(recognised(answer("c0deadbeef"), kDown, true) == Recognition::kNo);
  CHECK(recognised(bytes("c000000001 15") + std::string(1300, 'x'), kUp, true) == Recognition::kNo);
  CHECK(recognised(answer("8000000001"), kDown, true) == Recognition::kNo);
  CHECK(recognised(std::string(1300, '\xff'), kUp, true) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n", kUp, true) == Recognition::kNo);
}

TEST_CASE("quic: numbers and versions") {
  const auto number = [](std::string_view hex) {
    const std::string text = bytes(hex);
    ByteReader reader(as_bytes(text));
    const std::uint64_t out = quic::read_number(reader);
    return reader.ok() ? out : ~std::uint64_t{0};
  };
  // RFC 9000, A.1.
  CHECK(number("c2197c5eff14e88c") == 151288809941952652);
  CHECK(number("9d7f3e7d") == 494878333);
  CHECK(number("7bbd") == 15293);
  CHECK(number("25") == 37);
  CHECK(number("7b") == ~std::uint64_t{0});
  CHECK(quic::name_of(0xff000022) == "draft-34");
  CHECK(quic::name_of(0x51303433) == "Q043");
  CHECK(quic::name_of(0xbabababa).empty());
}

}  // namespace bedrail
