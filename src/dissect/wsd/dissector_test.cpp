#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& wsd_dissector();

namespace {

const std::string kDraft = "http://schemas.xmlsoap.org/ws/2005/04/discovery";
const std::string kStandard = "http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01";

std::string message(const std::string& space, const std::string& action, const std::string& body) {
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<s:Envelope "
         "xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:d=\"" +
         space + "\"><s:Header><a:Action>" + space + "/" + action + "</a:Action></s:Header><s:Body>" + body +
         "</s:Body></s:Envelope>";
}

std::string device(const std::string& types, const std::string& scopes, const std::string& xaddrs) {
  return "<a:EndpointReference><a:Address>urn:uuid:00000000-0000-4000-8000-000000000001</a:Address>"
         "</a:EndpointReference><d:Types>" +
         types + "</d:Types><d:Scopes>" + scopes + "</d:Scopes><d:XAddrs>" + xaddrs + "</d:XAddrs>";
}

std::string said(Direction direction, const std::string& text) {
  test::DissectHarness harness(wsd_dissector(), Transport::kUdp);
  harness.datagram(direction, text);
  harness.datagram(direction, text);
  return harness.text();
}

const std::string kSensor = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kAsker = "10.0.0.1/02:00:00:00:00:01 ";
const std::string kEndpoint =
    "clue wsd.endpoint=\"urn:uuid:00000000-0000-4000-8000-000000000001\" role=server\n";

}  // namespace

TEST_CASE("wsd: an SDC device says where it stands") {
  const std::string hello = message(
      kStandard, "Hello",
      "<d:Hello>" +
          device(
              "dpws:Device mdpws:MedicalDevice",
              "sdc.ctxt.loc:/sdc.ctxt.loc.detail/x?fac=HOSP1&amp;bldng=A&amp;poc=ICU%20EAST&amp;bed=Bed%207 "
              "sdc.mds.pkp:1.2.840.10004.20701.1.1 sdc.ctxt.pat:/1.2.3/12345?x=Doe",
              "https://10.0.0.1:6464/x http://elsewhere.example/") +
          "</d:Hello>");
  CHECK(said(Direction::kToServer, hello) ==
        kAsker + "service udp/3702 wsd product=\"\" version=\"\" encrypted=false\n" + kAsker + kEndpoint +
            kAsker + "clue wsd.type=\"Device\" role=server\n" + kAsker +
            "clue wsd.type=\"MedicalDevice\" role=server\n" + kAsker +
            "clue sdc.facility=\"HOSP1\" role=server\n" + kAsker +
            "clue sdc.point-of-care=\"ICU EAST\" role=server\n" + kAsker +
            "clue sdc.bed=\"Bed 7\" role=server\n" + kAsker +
            "clue sdc.location=\"A / ICU EAST / Bed 7\" role=server\n" + kAsker +
            "clue sdc.role=\"1.2.840.10004.20701.1.1\" role=server\n" + kAsker +
            "patient-data wsd message=\"Hello\" fields=id\n" + kAsker +
            "clue wsd.xaddr=\"https://10.0.0.1:6464/x\" role=server\n" + kAsker +
            "service tcp/6464 https product=\"\" version=\"\" encrypted=true\n" + kAsker +
            "clue wsd.xaddr=\"http://elsewhere.example/\" role=server\n");
}

TEST_CASE("wsd: a camera answers a probe") {
  const std::string scopes =
      "onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/name/ACME%20Cam "
      "onvif://www.onvif.org/hardware/C-100 onvif://www.onvif.org/location/country/china "
      "onvif://www.onvif.org/location/city/Lobby onvif://www.onvif.org/MAC/02:00:5e:00:00:07 "
      "onvif://www.onvif.org/MAC/x";
  const std::string match = message(
      kDraft, "ProbeMatches",
      "<d:ProbeMatches><d:ProbeMatch>" +
          device("dn:NetworkVideoTransmitter", scopes, "http://10.0.0.2/onvif/device_service ftp://x") +
          "</d:ProbeMatch></d:ProbeMatches>");
  CHECK(said(Direction::kToClient, match) ==
        kSensor + "service udp/3702 wsd product=\"\" version=\"\" encrypted=false\n" + kSensor + kEndpoint +
            kSensor + "clue wsd.type=\"NetworkVideoTransmitter\" role=server\n" + kSensor +
            "clue onvif.name=\"ACME Cam\" role=server\n" + kSensor +
            "clue onvif.hardware=\"C-100\" role=server\n" + kSensor +
            "clue onvif.location=\"Lobby\" role=server\n" + kSensor +
            "clue onvif.mac=\"02:00:5e:00:00:07\" role=server\n" + kSensor +
            "clue wsd.xaddr=\"http://10.0.0.2/onvif/device_service\" role=server\n" + kSensor +
            "service tcp/80 http product=\"\" version=\"\" encrypted=false\n" + kAsker +
            "anomaly wsd bad-address\n");
}

TEST_CASE("wsd: searches, farewells, and a proxy that answers for others") {
  CHECK(said(Direction::kToServer,
             message(kDraft, "Probe", "<d:Probe><d:Types>wprt:PrintDeviceType</d:Types></d:Probe>")) ==
        kAsker + "clue wsd.probe=\"PrintDeviceType\" role=client\n");
  CHECK(said(Direction::kToServer, message(kDraft, "Bye", "<d:Bye>" + device("", "", "") + "</d:Bye>")) ==
        kAsker + kEndpoint);
  const std::string one = "<d:ProbeMatch>" + device("x:Device", "", "") + "</d:ProbeMatch>";
  CHECK(said(Direction::kToClient, message(kDraft, "ProbeMatches", one + one)) ==
        kSensor + "service udp/3702 wsd product=\"\" version=\"\" encrypted=false\n");
  CHECK(said(Direction::kToClient, message(kDraft, "ProbeMatches", "<d:ProbeMatches/>")).empty());
  CHECK(said(Direction::kToServer, message(kDraft, "Resolve", "<d:Resolve>x</d:Resolve>")).empty());
}

TEST_CASE("wsd: anomalies") {
  const std::string hello = message(kDraft, "Hello", "<d:Hello>x</d:Hello>");
  CHECK(said(Direction::kToServer, hello.substr(0, hello.size() - 30)).ends_with("anomaly wsd truncated\n"));
  CHECK(
      said(Direction::kToServer, message(kDraft, "Other", "<x>1</x>")).ends_with("anomaly wsd no-action\n"));
}

TEST_CASE("wsd: recognised by its namespace") {
  const auto recognised = [](const std::string& text, bool on_port) {
    return wsd_dissector().recognise({Direction::kToServer, as_bytes(text), 40000, 3702, false, on_port});
  };
  CHECK(recognised(message(kDraft, "Hello", ""), false) == Recognition::kYes);
  CHECK(recognised("\xef\xbb\xbf" + message(kStandard, "Hello", ""), false) == Recognition::kYes);
  CHECK(recognised("<s:Envelope><s:Body/></s:Envelope>", true) == Recognition::kNo);
  CHECK(recognised("M-SEARCH * HTTP/1.1\r\n\r\n", true) == Recognition::kNo);
  CHECK(recognised("POST /x HTTP/1.1\r\n\r\n" + message(kDraft, "Hello", ""), true) == Recognition::kNo);
  CHECK(recognised("\x16\x03\x01", true) == Recognition::kNo);
}

}  // namespace bedrail
