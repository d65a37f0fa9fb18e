#include <doctest/doctest.h>

#include "base/md5.h"
#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& ssh_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;

std::string be32(std::size_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xff));
  return out;
}

/// A binary packet as RFC 4253, 6 has it, unencrypted.
std::string packet(const std::string& payload) {
  return be32(payload.size() + 1 + 4) + '\x04' + payload + std::string(4, '\0');
}

std::string key_exchange(const std::vector<std::string>& lists) {
  std::string payload = "\x14" + std::string(16, 'c');
  for (const std::string& list : lists) payload += be32(list.size()) + list;
  return packet(payload + std::string(5, '\0'));
}

const std::vector<std::string> kLists = {"curve25519-sha256,ext-info-c",
                                         "ssh-ed25519",
                                         "aes128-ctr",
                                         "aes256-ctr",
                                         "hmac-sha1",
                                         "hmac-sha2-256",
                                         "none",
                                         "none,zlib",
                                         "",
                                         ""};

std::vector<test::DissectHarness::Turn> session() {
  return {{kDown, "Authorised use only\r\nSSH-1.99-OpenSSH_7.4p1 Debian-10\r\n"},
          {kUp, "SSH-2.0-PuTTY_Release_0.70\r\n" + packet("\x02ignored") + key_exchange(kLists)},
          {kDown, key_exchange(kLists)}};
}

Recognition recognised(std::string_view text, Direction direction = kUp) {
  return ssh_dissector().recognise({direction, as_bytes(text), 40000, 4022, false, false});
}

}  // namespace

TEST_CASE("ssh: banners, versions and both hassh, however the stream is cut") {
  const std::string expected =
      "10.0.0.2/02:00:00:00:00:02 service tcp/22 ssh product=\"OpenSSH\" version=\"7.4p1\" encrypted=true\n"
      "10.0.0.2/02:00:00:00:00:02 protocol ssh version=\"1.99\" agreed=false\n"
      "10.0.0.2/02:00:00:00:00:02 clue ssh.banner=\"SSH-1.99-OpenSSH_7.4p1 Debian-10\" role=server\n"
      "10.0.0.1/02:00:00:00:00:01 clue ssh.banner=\"SSH-2.0-PuTTY_Release_0.70\" role=client\n"
      "10.0.0.2/02:00:00:00:00:02 protocol ssh version=\"2.0\" agreed=true\n"
      "10.0.0.1/02:00:00:00:00:01 clue ssh.hassh=\"" +
      md5_hex("curve25519-sha256,ext-info-c;aes128-ctr;hmac-sha1;none") +
      "\" role=client\n"
      "10.0.0.2/02:00:00:00:00:02 clue ssh.hassh-server=\"" +
      md5_hex("curve25519-sha256,ext-info-c;aes256-ctr;hmac-sha2-256;none,zlib") + "\" role=server\n";
  for (const std::size_t step : {0, 1, 3, 50}) {
    test::DissectHarness harness(ssh_dissector());
    CHECK_FALSE(harness.stream(session(), step));
    CHECK(harness.result() == StreamFeeder::Result::kDone);
    CHECK(harness.text() == expected);
  }
}

TEST_CASE("ssh: generation 1 ends with the banners") {
  test::DissectHarness harness(ssh_dissector());
  CHECK_FALSE(harness.stream({{kDown, "SSH-1.5-1.2.27\n"}, {kUp, "SSH-1.5-Client\n"}}));
  CHECK(harness.result() == StreamFeeder::Result::kDone);
  CHECK(harness.lines().back() == "10.0.0.2/02:00:00:00:00:02 protocol ssh version=\"1.5\" agreed=true");
}

TEST_CASE("ssh: one direction only says what it can, and a gap ends that direction alone") {
  test::DissectHarness client(ssh_dissector());
  CHECK(client.stream({{kUp, "SSH-2.0-x\r\n" + key_exchange(kLists) + "encrypted"}}));
  CHECK(client.lines().size() == 2);
  test::DissectHarness harness(ssh_dissector());
  CHECK(harness.piece(kDown, "SSH-2.0-dropbear_2019.78\r\n"));
  CHECK(harness.gap(kDown, 100));
  CHECK(harness.piece(kDown, "noise"));
  CHECK_FALSE(harness.stream({{kUp, "SSH-2.0-x\r\n" + key_exchange(kLists)}}));
  CHECK(harness.result() == StreamFeeder::Result::kDone);
}

TEST_CASE("ssh: malformed packets are anomalies, foreign lines end the parsing") {
  test::DissectHarness length(ssh_dissector());
  CHECK(length.stream({{kUp, "SSH-2.0-x\r\n" + be32(90000) + "x"}}));
  CHECK(length.lines().back() == "10.0.0.1/02:00:00:00:00:01 anomaly ssh bad-packet-length");
  test::DissectHarness lists(ssh_dissector());
  CHECK(lists.stream({{kUp, "SSH-2.0-x\r\n" + packet("\x14" + std::string(16, 'c') + be32(5000))}}));
  CHECK(lists.lines().back() == "10.0.0.1/02:00:00:00:00:01 anomaly ssh bad-key-exchange");
  test::DissectHarness endless(ssh_dissector());
  CHECK_FALSE(endless.stream({{kUp, "SSH-" + std::string(2000, 'a')}}, 100));
  CHECK(endless.lines().back() == "10.0.0.1/02:00:00:00:00:01 anomaly ssh banner-too-long");
  test::DissectHarness foreign(ssh_dissector());
  CHECK_FALSE(foreign.stream({{kUp, "GET / HTTP/1.1\r\n"}}));
  CHECK(foreign.result() == StreamFeeder::Result::kFailed);
}

TEST_CASE("ssh: recognised by its banner on any port, never by the port") {
  CHECK(recognised("SSH-2.0-Open") == Recognition::kYes);
  CHECK(recognised("SSH-1.99-Cisco-1.25\r\n", kDown) == Recognition::kYes);
  CHECK(recognised("SS") == Recognition::kMore);
  CHECK(recognised("SSH-") == Recognition::kMore);
  CHECK(recognised("SSH-x") == Recognition::kMore);
  CHECK(recognised("SSH-xyz") == Recognition::kNo);
  CHECK(recognised("SIP/2.0 200") == Recognition::kNo);
}

}  // namespace bedrail
