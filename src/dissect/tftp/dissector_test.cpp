#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& tftp_dissector();

namespace {

const std::string kAsker = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kAsked = kServer + "protocol tftp version=\"\" agreed=false\n";

std::string nul(const std::string& text) { return text + '\0'; }
std::string request(char operation, const std::string& file, const std::string& mode = "octet") {
  return std::string{0, operation} + nul(file) + nul(mode);
}
std::string said(const std::string& message, Direction direction = Direction::kToServer) {
  test::DissectHarness harness(tftp_dissector(), Transport::kUdp);
  harness.datagram(direction, message);
  return harness.text();
}
Recognition recognised(const std::string& text) {
  return tftp_dissector().recognise({Direction::kToServer, as_bytes(text), 40000, 7069, false, false});
}

}  // namespace

TEST_CASE("tftp: what a device loads, without the site's folders") {
  CHECK(said(request(1, "SEP001122AABBCC.cnf.xml")) ==
        kAsker + "clue tftp.file=\"SEP001122AABBCC.cnf.xml\" role=client\n" + kAsker +
            "clue tftp.file-mac=\"00:11:22:aa:bb:cc\" role=client\n" + kAsked);
  CHECK(said(request(1, "boot/pxelinux.cfg/01-00-11-22-aa-bb-cc", "OCTET")) ==
        kAsker + "clue tftp.file=\"01-00-11-22-aa-bb-cc\" role=client\n" + kAsker +
            "clue tftp.file-mac=\"00:11:22:aa:bb:cc\" role=client\n" + kAsked);
  CHECK(said(request(1, "phones\\y000000000028.cfg")) ==
        kAsker + "clue tftp.file=\"y000000000028.cfg\" role=client\n" + kAsked);
  CHECK(said(request(2, "backup/running-config") + nul("tsize") + nul("1204") + nul("blksize") +
             nul("1428")) == kAsker + "clue tftp.write=\"running-config\" role=client\n" + kAsked);
}

TEST_CASE("tftp: digits that are no device's MAC") {
  for (const std::string name : {"cfg0011.bin", "000000000000.cfg", "202311301234.log", "ffffffffffff.cfg",
                                 "0123456789abc.cfg", "020000000001.cfg"}) {
    CAPTURE(name);
    CHECK(said(request(1, name)).find("file-mac") == std::string::npos);
  }
}

TEST_CASE("tftp: an answer from the same port tells that it is served") {
  test::DissectHarness harness(tftp_dissector(), Transport::kUdp);
  harness.datagram(Direction::kToServer, request(1, "a"));
  harness.datagram(Direction::kToClient, std::string("\0\3\0\1data", 8));
  harness.datagram(Direction::kToClient, std::string("\0\3\0\2data", 8));
  CHECK(harness.text() == kAsker + "clue tftp.file=\"a\" role=client\n" + kAsked + kServer +
                              "service udp/69 tftp product=\"\" version=\"\" encrypted=false\n");
}

TEST_CASE("tftp: malformed requests") {
  const std::string anomaly = kAsker + "anomaly tftp ";
  CHECK(said(std::string("\0\1abc", 5)) == anomaly + "bad-request\n");
  CHECK(said(request(1, "a", "image")) == anomaly + "bad-request\n");
  CHECK(said(request(1, std::string(201, 'a'))) == anomaly + "name-too-long\n");
  CHECK(said(request(1, "a\x01")) == anomaly + "bad-name\n");
  CHECK(said(request(1, "a") + nul("blksize")).starts_with(anomaly + "bad-options\n"));
  CHECK(said(request(1, "a") + std::string(8, '\0')).find("anomaly") == std::string::npos);
}

TEST_CASE("tftp: recognised by its request on any port") {
  CHECK(recognised(request(1, "image.bin")) == Recognition::kYes);
  CHECK(recognised(request(2, "image.bin", "netascii")) == Recognition::kYes);
  CHECK(recognised(request(3, "image.bin")) == Recognition::kNo);
  CHECK(recognised(request(1, "image.bin", "binary")) == Recognition::kNo);
  CHECK(recognised(request(1, "\x80\x81")) == Recognition::kNo);
  CHECK(recognised(std::string("\0\1\0\0", 4)) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n") == Recognition::kNo);
}

}  // namespace bedrail
