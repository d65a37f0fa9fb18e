#include <doctest/doctest.h>

#include "dissect_harness.h"
#include "sample_certificates.h"
#include "tls_builder.h"

namespace bedrail {
const DissectorInfo& tls_dissector();

namespace {

using namespace test;
using Turns = std::vector<DissectHarness::Turn>;

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;

const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ";
const std::string kChange = record(20, "\x01");
const std::string kSecret = record(22, std::string(40, '\xee'));

std::string pump() { return from_hex(kPumpCertificate); }
std::string archive() { return from_hex(kArchiveCertificate); }

/// What a conversation says, the same whole and in pieces.
std::string said(const Turns& turns, StreamFeeder::Result expected = StreamFeeder::Result::kDone) {
  std::string first;
  for (const std::size_t step : {0, 1, 7, 333}) {
    DissectHarness harness(tls_dissector());
    harness.stream(turns, step);
    CHECK(harness.result() == expected);
    harness.close();
    if (step == 0) first = harness.text();
    CHECK(harness.text() == first);
  }
  return first;
}

/// Only the lines that start so, without it.
std::string lines_with(const std::string& text, const std::string& start) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    if (line.starts_with(start)) out += line.substr(start.size()) + "\n";
    at = end + 1;
  }
  return out;
}

Recognition recognised(const std::string& bytes, Direction direction = kUp, bool midstream = false) {
  return tls_dissector().recognise({direction, as_bytes(bytes), 40000, 4711, midstream, false});
}

const std::string kArchiveSeen =
    "certificate subject=\"CN=pacs01,O=Example\" issuer=\"CN=Device Root,O=Example\" names=\"\" "
    "sha256=653d83b2693bf5d964d8f395bb1266e26bab8e190c5f1b33a0784fad7be863f1 "
    "from=2026-11-25T09:21:28.000000000Z "
    "to=2081-08-28T09:21:28.000000000Z key=rsa-1024 signature=sha1-rsa self-signed=false\n";

}  // namespace

TEST_CASE("tls: a handshake of TLS 1.0 whose messages span records, however the stream is cut") {
  const std::string flight =
      server_hello(0x0301, 0x0005) + certificates({archive(), pump()}) + handshake(14, "");
  const Turns turns = {{kUp, record(22, client_hello(0x0301, {5, 10}, server_name("Archive.Example")))},
                       {kDown, record(22, flight.substr(0, 20)) + record(22, flight.substr(20, 300)) +
                                   record(22, flight.substr(320))},
                       {kUp, record(22, handshake(16, std::string(130, 'k'))) + kChange + kSecret},
                       {kDown, kChange + kSecret}};
  CHECK(said(turns) == kClient + "clue tls.sni=\"Archive.Example\" role=client\n" +  //
                           kClient + "clue tls.ja3=\"50255edefafc88955274229732bf118c\" role=client\n" +
                           kClient + "clue tls.ja4=\"t10d020100_ecbe99380d04_000000000000\" role=client\n" +
                           kClient + "protocol tls version=\"1.0\" agreed=false\n" + kServer +
                           "service tcp/443 tls product=\"\" version=\"\" encrypted=true\n" + kServer +
                           "protocol tls version=\"1.0\" agreed=true\n" + kServer +
                           "name kind=tls name=\"Archive.Example\"\n" + kServer +
                           "clue tls.ja3s=\"9aeeb84942a46257594025306635f0ff\" role=server\n" + kServer +
                           "clue tls.cipher=\"TLS_RSA_WITH_RC4_128_SHA\" role=server\n" + kServer +
                           "clue tls.weak-cipher=\"rc4\" role=server\n" + kServer +
                           "name kind=tls name=\"pacs01\"\n" + kServer + kArchiveSeen + kServer +
                           "session tls authentication=unknown encrypted=true\n");
}

TEST_CASE("tls: 1.3 by its extension; a retry's first answer does not count") {
  const std::string versions = extension(43, counted(numbers({0x0304, 0x0303}), 1));
  const std::string hello =
      record(22, client_hello(0x0303, {0x1301}, versions + protocols({"h2", std::string("\x0a\x0a", 2)})));
  const std::string chosen = extension(43, numbers({0x0304}));
  const std::string retry = from_hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");
  const std::string secret = record(23, std::string(200, '\x01'));
  const std::string text =
      said({{kUp, hello},
            {kDown, record(22, handshake(2, server_hello_body(0x0303, 0x1301, chosen, retry))) + kChange},
            {kUp, kChange + hello},
            {kDown, record(22, server_hello(0x0303, 0x1301, chosen)) + secret},
            {kUp, secret}});
  CHECK(lines_with(text, kClient + "clue tls.alpn") == "=\"h2\" role=client\n");
  CHECK(lines_with(text, kServer + "protocol") == " tls version=\"1.3\" agreed=true\n");
  CHECK(lines_with(text, kServer + "clue tls.cipher") == "=\"TLS_AES_128_GCM_SHA256\" role=server\n");
  CHECK(lines_with(text, kServer + "session") == " tls authentication=unknown encrypted=true\n");
  CHECK(lines_with(text, kServer + "name").empty());
}

TEST_CASE("tls: a client that shows a certificate is authenticated; a machine's is told, a person's is not") {
  const auto mutual = [](const std::string& certificate) {
    return said({{kUp, record(22, client_hello(0x0303, {0xc02f}))},
                 {kDown, record(22, server_hello(0x0303, 0xc02f) + certificates({archive()}) +
                                        handshake(13, "ask") + handshake(14, ""))},
                 {kUp, record(22, certificate + handshake(16, "key")) + kChange + kSecret},
                 {kDown, kChange + kSecret}});
  };
  const std::string machine = mutual(certificates({pump()}));
  CHECK(lines_with(machine, kClient + "name") ==
        " kind=tls name=\"pump-17.ward.example\"\n kind=tls name=\"pump-17\"\n");
  CHECK(lines_with(machine, kClient + "certificate")
            .find("key=ec-p256 signature=sha256-ecdsa self-signed=true") != std::string::npos);
  CHECK(lines_with(machine, kServer + "session") == " tls authentication=present encrypted=true\n");
  const std::string person = mutual(certificates({archive()}));
  CHECK(lines_with(person, kClient + "certificate").empty());
  CHECK(lines_with(person, kServer + "session") == " tls authentication=present encrypted=true\n");
  const std::string none = mutual(certificates({}));
  CHECK(lines_with(none, kServer + "session") == " tls authentication=unknown encrypted=true\n");
}

TEST_CASE("tls: a suite without encryption is said to be one") {
  const std::string text = said({{kUp, record(22, client_hello(0x0303, {2}))},
                                 {kDown, record(22, server_hello(0x0303, 2)) + kChange},
                                 {kUp, kChange}});
  CHECK(lines_with(text, kServer + "service") == " tcp/443 tls product=\"\" version=\"\" encrypted=false\n");
  CHECK(lines_with(text, kServer + "clue tls.weak-cipher") == "=\"null\" role=server\n");
  CHECK(lines_with(text, kServer + "session") == " tls authentication=unknown encrypted=false\n");
}

TEST_CASE("tls: alerts in clear are clues of their sender; a fatal one ends the flow") {
  const std::string refused = said(
      {{kUp, record(22, client_hello(0x0300, {4}, server_name("db")))}, {kDown, record(21, "\x02\x28")}});
  CHECK(lines_with(refused, kServer) == "clue tls.alert=\"handshake_failure\" role=server\n");
  CHECK(lines_with(refused, kClient + "protocol") == " ssl version=\"3.0\" agreed=false\n");
  const std::string warned = said({{kUp, record(22, client_hello(0x0303, {47})) + record(21, "\x01\x5a") +
                                             record(21, std::string("\x01\0", 2))}},
                                  StreamFeeder::Result::kContinue);
  CHECK(lines_with(warned, kClient + "clue tls.alert") == "=\"user_canceled\" role=client\n");
  CHECK(lines_with(said({{kUp, record(21, "\x07\x28")}}, StreamFeeder::Result::kContinue),
                   kClient + "anomaly") == " tls bad-alert\n");
}

TEST_CASE("tls: SSL 2.0, and later versions offered in its form") {
  const auto old_hello = [](int version) {
    const std::string body = "\x01" + number(static_cast<std::size_t>(version), 2) + number(6, 2) +
                             number(0, 2) + number(16, 2) + from_hex("010080 000005") + std::string(16, 'c');
    return number(0x8000 | body.size(), 2) + body;
  };
  const std::string answer = "\x04" + std::string("\0\x01\0\x02", 4) + number(archive().size(), 2) +
                             number(3, 2) + number(16, 2) + archive() + from_hex("010080") +
                             std::string(16, 'i');
  const std::string key = "\x02" + from_hex("010080") + std::string(20, 'k');
  const std::string text = said({{kUp, old_hello(2)},
                                 {kDown, number(0x8000 | answer.size(), 2) + answer},
                                 {kUp, number(0x8000 | key.size(), 2) + key},
                                 {kDown, number(0x8000 | 40, 2) + std::string(40, 'e')}});
  CHECK(text == kClient + "protocol ssl version=\"2.0\" agreed=false\n" +  //
                    kServer + "service tcp/443 tls product=\"\" version=\"\" encrypted=true\n" + kServer +
                    "protocol ssl version=\"2.0\" agreed=true\n" + kServer +
                    "name kind=tls name=\"pacs01\"\n" + kServer + kArchiveSeen + kServer +
                    "clue tls.cipher=\"SSL_CK_RC4_128_WITH_MD5\" role=server\n" + kServer +
                    "clue tls.weak-cipher=\"rc4\" role=server\n" + kServer +
                    "session tls authentication=unknown encrypted=true\n");
  const std::string later = said({{kUp, old_hello(0x0301)}, {kDown, record(22, server_hello(0x0301, 5))}},
                                 StreamFeeder::Result::kContinue);
  CHECK(lines_with(later, kServer + "protocol") == " tls version=\"1.0\" agreed=true\n");
  CHECK(recognised(old_hello(2)) == Recognition::kYes);
  CHECK(recognised(old_hello(0x0301).substr(0, 10)) == Recognition::kMore);
  CHECK(recognised(old_hello(0x0501)) == Recognition::kNo);
  CHECK(recognised(old_hello(2), kDown) == Recognition::kNo);
}

TEST_CASE("tls: malformed traffic is an anomaly and ends its direction") {
  const auto kContinue = StreamFeeder::Result::kContinue;
  const auto anomaly = [&](const std::string& bytes, Direction direction = kUp) {
    return lines_with(said({{direction, bytes}}, kContinue), kClient + "anomaly tls ");
  };
  const std::string hello = record(22, client_hello(0x0303, {47}));
  CHECK(anomaly(hello + record(99, "x")) == "bad-record\n");
  CHECK(anomaly(hello + record(22, "")) == "bad-record\n");
  CHECK(anomaly(record(22, handshake(1, "short"))) == "bad-hello\n");
  CHECK(anomaly(record(22, client_hello(0x0303, {47})), kDown) == "bad-hello\n");
  CHECK(anomaly(record(22, client_hello(0x0303, {47}).substr(0, 20)) + kChange + kSecret) == "bad-record\n");
  CHECK(anomaly(record(22, std::string(1, '\x01') + number(20000, 3)) + record(22, std::string(90, 'x'))) ==
        "hello-too-long\n");
  CHECK(anomaly(hello + record(22, handshake(99, "x"))) == "bad-handshake\n");
  CHECK(anomaly("HTTP/1.0 400 Bad Request\r\n", kDown) == "bad-record\n");
  CHECK(anomaly(record(22, certificates({"no certificate"})), kDown) == "bad-certificate\n");
  CHECK(anomaly(record(22, handshake(11, number(900, 3) + "x")), kDown) == "bad-certificate\n");
  // Encrypted handshake messages without a hello before them are the middle of a connection.
  CHECK(anomaly(kSecret).empty());
}

TEST_CASE("tls: a huge certificate is skipped, a long chain is read to its first") {
  const auto cut = [](const std::string& message) {
    std::string out;
    for (std::size_t at = 0; at < message.size(); at += 16000) out += record(22, message.substr(at, 16000));
    return out;
  };
  const std::string huge = said(
      {{kDown, cut(server_hello(0x0303, 47) + certificates({std::string(70000, 'x')}) + handshake(14, "")) +
                   kChange},
       {kUp, kChange}});
  CHECK(lines_with(huge, kClient + "anomaly") == " tls certificate-too-long\n");
  const std::string chain = said(
      {{kDown, cut(server_hello(0x0303, 47) + certificates({archive(), std::string(200000, 'x')})) + kChange},
       {kUp, kChange}});
  CHECK(lines_with(chain, kServer + "certificate") + "\n" == kArchiveSeen.substr(11) + "\n");
  CHECK(lines_with(chain, kClient + "anomaly").empty());
}

TEST_CASE("tls: a gap ends its direction alone") {
  DissectHarness harness(tls_dissector());
  CHECK(harness.piece(kUp, record(22, client_hello(0x0303, {47}))));
  CHECK(harness.gap(kUp, 50));
  CHECK(harness.piece(kUp, "noise"));
  CHECK(harness.piece(kDown, record(22, server_hello(0x0303, 47))));
  CHECK_FALSE(harness.piece(kDown, kChange));
  CHECK(harness.result() == StreamFeeder::Result::kDone);
  CHECK(harness.lines().back() == kServer + "session tls authentication=unknown encrypted=true");
}

TEST_CASE("tls: recognised by a hello on any port, in the right direction") {
  const std::string hello = record(22, client_hello(0x0303, {47}));
  const std::string answer = record(22, server_hello(0x0303, 47));
  CHECK(recognised(hello) == Recognition::kYes);
  CHECK(recognised(answer, kDown) == Recognition::kYes);
  CHECK(recognised(hello, kDown) == Recognition::kNo);
  CHECK(recognised(answer) == Recognition::kNo);
  for (std::size_t size = 0; size < 11; ++size)
    CHECK(recognised(hello.substr(0, size)) == Recognition::kMore);
  CHECK(recognised(record(21, "\x02\x28"), kDown) == Recognition::kMaybe);
  CHECK(recognised(record(23, std::string(60, 'x'))) == Recognition::kNo);
  CHECK(recognised(record(23, std::string(60, 'x')), kUp, true) == Recognition::kMaybe);
  CHECK(recognised(record(22, certificates({pump()})), kDown, true) == Recognition::kMaybe);
  CHECK(recognised(record(23, std::string(60, 'x'), 0x0909), kUp, true) == Recognition::kNo);
  CHECK(recognised("\x16\x04rest of something") == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n") == Recognition::kNo);
  CHECK(recognised("SSH-2.0-x\r\n") == Recognition::kNo);
}

}  // namespace bedrail
