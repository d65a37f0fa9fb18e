#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& ssdp_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;
const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ";
const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ";

std::string notify(const std::string& location, const std::string& nts = "ssdp:alive") {
  return "NOTIFY * HTTP/1.1\r\nHost: 239.255.255.250:1900\r\nCache-Control: max-age=30\r\nLocation: " +
         location + "\r\nNTS: " + nts +
         "\r\nServer: POSIX, UPnP/1.0 Some Stack/7.14\r\nNT: upnp:rootdevice\r\nUSN: "
         "uuid:1::upnp:rootdevice\r\n\r\n";
}

std::string said(const std::string& text, Direction direction = kUp) {
  test::DissectHarness harness(ssdp_dissector(), Transport::kUdp);
  harness.datagram(direction, text);
  return harness.text();
}

Recognition recognised(std::string_view text, bool on_port = false) {
  return ssdp_dissector().recognise({kUp, as_bytes(text), 40000, 40001, false, on_port});
}

}  // namespace

TEST_CASE("ssdp: an announcement names the device and the server of its description, once") {
  test::DissectHarness harness(ssdp_dissector(), Transport::kUdp);
  harness.datagram(kUp, notify("http://10.0.0.1:49152/d.xml"));
  harness.datagram(kUp, notify("http://10.0.0.1:49152/d.xml"));
  CHECK(harness.text() ==
        kClient + "clue ssdp.server=\"POSIX, UPnP/1.0 Some Stack/7.14\" role=server\n" + kClient +
            "clue ssdp.type=\"upnp:rootdevice\" role=server\n" + kClient +
            "clue ssdp.usn=\"uuid:1::upnp:rootdevice\" role=server\n" + kClient +
            "clue ssdp.location=\"http://10.0.0.1:49152/d.xml\" role=server\n" + kClient +
            "service udp/1900 ssdp product=\"Some Stack\" version=\"7.14\" encrypted=false\n" + kClient +
            "service tcp/49152 http product=\"\" version=\"\" encrypted=false\n");
}

TEST_CASE("ssdp: both ends of a conversation are told of, though they say the same") {
  test::DissectHarness harness(ssdp_dissector(), Transport::kUdp);
  harness.datagram(kUp, notify("http://10.0.0.1:49152/d.xml"));
  harness.datagram(kDown, notify("http://10.0.0.2:49152/d.xml"));
  const std::string clue = "clue ssdp.server=\"POSIX, UPnP/1.0 Some Stack/7.14\" role=server\n";
  CHECK(harness.text().find(kClient + clue) != std::string::npos);
  CHECK(harness.text().find(kServer + clue) != std::string::npos);
}

TEST_CASE("ssdp: accounts, queries and fragments of an address are left out") {
  const std::string clue = kClient + "clue ssdp.location=\"";
  for (const char* address :
       {"http://admin:s3cret@10.0.0.1:49152/d.xml?token=s3cret#s3cret",
        "http://10.0.0.1:49152/d.xml#s3cret?x", "http://s3cret@10.0.0.1:49152/d.xml",
        "http://a:s3cr@et@10.0.0.1:49152/d.xml", "http://10.0.0.1:49152/d.xml?u=a:s3cret@b"}) {
    CAPTURE(address);
    const std::string text = said(notify(address));
    CHECK(text.find(clue + "http://10.0.0.1:49152/d.xml\"") != std::string::npos);
    CHECK(text.find("service tcp/49152 http ") != std::string::npos);
    CHECK(text.find("s3cret") == std::string::npos);
  }
  for (const char* address : {"http://admin:s3?cret@10.0.0.1/d.xml", "http://admin:s3/cret@10.0.0.1/d.xml",
                              "admin:s3cret@10.0.0.1/d.xml", "?http://s3cret"}) {
    CAPTURE(address);
    const std::string text = said(notify(address));
    CHECK(text.find("s3") == std::string::npos);
    CHECK(text.find("ssdp.location") == std::string::npos);
  }
}

TEST_CASE("ssdp: a response counts for its sender, whichever way the flow runs") {
  const std::string text =
      "HTTP/1.1 200 OK\r\nST: urn:x:1\r\nUSN: uuid:2\r\nLOCATION: "
      "https://[::ffff:10.0.0.2]/d\r\nEXT:\r\n\r\n";
  CHECK(said(text, kDown) ==
        kServer + "clue ssdp.type=\"urn:x:1\" role=server\n" + kServer +
            "clue ssdp.usn=\"uuid:2\" role=server\n" + kServer +
            "clue ssdp.location=\"https://[::ffff:10.0.0.2]/d\" role=server\n" + kServer +
            "service udp/1900 ssdp product=\"\" version=\"\" encrypted=false\n" + kServer +
            "service tcp/443 https product=\"\" version=\"\" encrypted=true\n");
}

TEST_CASE("ssdp: a search tells what the client looks for") {
  CHECK(said("M-SEARCH * HTTP/1.1\nHOST: 239.255.255.250:1900\nMAN: \"ssdp:discover\"\nMX: 1\nST: "
             "urn:dial:1\nUSER-AGENT: Some Browser/92.0\nCPFN.UPNP.ORG: Ward "
             "tablet\n") == kClient + "clue ssdp.search=\"urn:dial:1\" role=client\n" + kClient +
                                "clue ssdp.user-agent=\"Some Browser/92.0\" role=client\n" + kClient +
                                "name kind=ssdp name=\"Ward tablet\"\n");
}

TEST_CASE("ssdp: farewells and others' descriptions offer no service") {
  CHECK(said(notify("http://10.0.0.1:80/", "ssdp:byebye")).find("service") == std::string::npos);
  CHECK(said(notify("http://10.0.0.9:80/")).find("service tcp") == std::string::npos);
  CHECK(said(notify("http://host.example/")).find("service tcp") == std::string::npos);
}

TEST_CASE("ssdp: malformed messages are anomalies") {
  const std::string anomaly = "anomaly ssdp ";
  for (const char* location : {"ftp://10.0.0.1/", "http://10.0.0.1:0/", "http://10.0.0.1:99999/",
                               "http://10.0.0.1:8x/", "http://[::1", "http://[::1]80/"}) {
    CAPTURE(location);
    CHECK(said(notify(location)).ends_with(anomaly + "bad-location\n"));
  }
  CHECK(said("NOTIFY * HTTP/1.1\r\nno colon\r\n\r\n").ends_with(anomaly + "malformed-field\n"));
  CHECK(said("GET / HTTP/1.1\r\n\r\n").ends_with(anomaly + "bad-start-line\n"));
  CHECK(said("HTTP/1.1 404 Not Found\r\n\r\n").ends_with(anomaly + "bad-start-line\n"));
  CHECK(said("NOTIFY").ends_with(anomaly + "bad-start-line\n"));
}

TEST_CASE("ssdp: recognised by its start lines, not by HTTP") {
  CHECK(recognised(notify("x")) == Recognition::kYes);
  CHECK(recognised("M-SEARCH * HTTP/1.1\r\n\r\n") == Recognition::kYes);
  CHECK(recognised("HTTP/1.1 200 OK\r\nST: a\r\nUSN: b\r\n\r\n") == Recognition::kYes);
  CHECK(recognised("HTTP/1.1 200 OK\r\nServer: a\r\n\r\n") == Recognition::kNo);
  CHECK(recognised("HTTP/1.1 200 OK\r\nServer: a\r\n\r\n", true) == Recognition::kMaybe);
  CHECK(recognised("NOTIFY sip:a@b SIP/2.0\r\n\r\n") == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n", true) == Recognition::kNo);
  CHECK(recognised("") == Recognition::kNo);
}

}  // namespace bedrail
