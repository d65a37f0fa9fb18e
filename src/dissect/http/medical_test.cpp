#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& http_dissector();

namespace {

using Turns = std::vector<test::DissectHarness::Turn>;
using namespace std::string_literals;

std::string request(const std::string& line, const std::string& type = "", const std::string& body = "") {
  std::string out = line + " HTTP/1.1\r\nHost: 10.0.0.2\r\n";
  if (!type.empty()) out += "Content-Type: " + type + "\r\n";
  if (!body.empty()) out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return out + "\r\n" + body;
}
std::string response(const std::string& type, const std::string& body, int status = 200) {
  return "HTTP/1.1 " + std::to_string(status) + " x\r\nContent-Type: " + type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(http_dissector());
  harness.stream(turns, step);
  return harness.text();
}
std::string said(const std::string& up, const std::string& down, std::size_t step = 0) {
  return said({{Direction::kToServer, up}, {Direction::kToClient, down}}, step);
}

const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kHttp = kServer + "service tcp/80 http product=\"\" version=\"\" encrypted=false\n";
std::string service(const std::string& name, const std::string& product = "",
                    const std::string& version = "") {
  return kServer + "service tcp/80 " + name + " product=\"" + product + "\" version=\"" + version +
         "\" encrypted=false\n";
}

}  // namespace

TEST_CASE("http: a FHIR server's software") {
  const std::string statement =
      "{\"resourceType\":\"CapabilityStatement\",\"name\":\"x\",\"software\" : {\"name\":\"ACME "
      "FHIR\",\"version\":\"6.1.0\"},\"rest\":[{\"resource\":[{\"type\":\"Patient\"}]}]}";
  const std::string expected = kHttp + kClient + "message http \"FHIR GET metadata\" status=\"200\"\n" +
                               service("fhir") + kServer + "clue http.path=\"/fhir\" role=server\n" +
                               kServer + "clue fhir.software=\"ACME FHIR 6.1.0\" role=server\n" +
                               service("fhir", "ACME FHIR", "6.1.0");
  for (const std::size_t step : {0, 1, 33}) {
    CAPTURE(step);
    CHECK(said(request("GET /fhir/metadata"), response("application/fhir+json", statement), step) ==
          expected);
  }
  const std::string xml =
      "<CapabilityStatement xmlns=\"http://hl7.org/fhir\"><software><name value=\"B\"/><version "
      "value=\"2\"/></software></CapabilityStatement>";
  CHECK(said(request("GET /r4/fhir/metadata"), response("application/fhir+xml", xml))
            .ends_with(service("fhir", "B", "2")));
}

TEST_CASE("http: FHIR names kinds of a patient's data, never values") {
  const std::string patient =
      "{\"resourceType\": \"Bundle\",\"entry\":[{\"resource\":{\"resourceType\" : "
      "\"Patient\",\"id\":\"p4711\","
      "\"identifier\":[{\"value\":\"999\"}],\"name\":[{\"family\":\"Doe\"}],\"birthDate\":\"1970-01-01\"}}]}";
  const std::string text =
      said(request("GET /fhir/R4/Patient?name:exact=Doe&birthdate=1970-01-01&_format=json"),
           response("application/fhir+json; charset=utf-8", patient), 5);
  CHECK(text == kClient + "patient-data http message=\"FHIR GET Patient\" fields=name,birth-date\n" + kHttp +
                    kClient + "message http \"FHIR GET Patient\" status=\"200\"\n" + service("fhir") +
                    kServer + "clue http.path=\"/fhir\" role=server\n" + kServer +
                    "patient-data http message=\"FHIR GET Patient\" fields=id,name,birth-date\n");
  CHECK(text.find("Doe") == std::string::npos);
  CHECK(text.find("4711") == std::string::npos);
  CHECK(said({{Direction::kToServer, request("GET /fhir/Patient/4711")}}) ==
        kClient + "patient-data http message=\"FHIR GET Patient\" fields=id\n");
  CHECK(said({{Direction::kToServer, request("GET /fhir/Patient/_search")}}).empty());
  CHECK(
      said({{Direction::kToServer, request("GET /fhir/Observation?subject=4711&patient.birthdate=1970")}}) ==
      kClient + "patient-data http message=\"FHIR GET Observation\" fields=id,birth-date\n");
  CHECK(said({{Direction::kToServer, request("GET /fhir/Practitioner?name=Doe")}}).empty());
  const std::string observation =
      "{\"resourceType\":\"Observation\",\"subject\":{\"reference\":\"Patient/4711\"}}";
  CHECK(said({{Direction::kToServer,
               request("POST /fhir/Observation", "application/fhir+json", observation)}}) ==
        kClient + "patient-data http message=\"FHIR POST Observation\" fields=id\n");
  CHECK(said(request("GET /other/Patient"), response("application/json", patient)) == kHttp);
  CHECK(said(request("GET /fhir-ui/app.js"), response("text/javascript", "x")) == kHttp);
  CHECK(said(request("GET /fhir/Patient"), response("text/html", "<html></html>"))
            .find("service tcp/80 fhir") == std::string::npos);
}

TEST_CASE("http: DICOMweb searches, objects and stores") {
  const std::string json =
      "[{\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"Doe\"}]},\"00100020\":{\"vr\":\"LO\"},"
      "\"00100030\":{\"vr\":\"DA\",\"Value\":[\"1970\"]}}]";
  CHECK(said(request("GET /dicom-web/studies?PatientID=4711&00100010=Doe"),
             response("application/dicom+json", json),
             7) == kClient + "patient-data http message=\"QIDO-RS\" fields=id,name\n" + kHttp + kClient +
                       "message http \"QIDO-RS\" status=\"200\"\n" + service("dicomweb") + kServer +
                       "clue http.path=\"/dicom-web\" role=server\n" + kServer +
                       "patient-data http message=\"QIDO-RS\" fields=name,birth-date\n");
  const std::string object = "--XX\r\nContent-Type: application/dicom\r\n\r\n" + std::string(128, '\0') +
                             "DICM" + "\x10\0\x10\0PN\x04\0Doe \x10\0\x20\0\x04\0\0\0"s + "4711" +
                             "\x10\0\x30\0DA\0\0"s + "\r\n--XX--";
  const std::string type = "multipart/related; type=\"application/dicom\"; boundary=XX";
  CHECK(said({{Direction::kToServer, request("POST /dicom-web/studies", type, object)}}, 9) ==
        kClient + "patient-data http message=\"STOW-RS\" fields=id,name\n");
  const std::string retrieved = said(request("GET /rs/studies/1.2/series/3"), response(type, object));
  CHECK(retrieved.find("message http \"WADO-RS\" status=\"200\"") != std::string::npos);
  CHECK(retrieved.ends_with("patient-data http message=\"WADO-RS\" fields=id,name\n"));
  CHECK(said(request("GET /wado?requestType=WADO&studyUID=1"), response("application/dicom", object))
            .ends_with("patient-data http message=\"WADO-URI\" fields=id,name\n"));
  CHECK(said(request("GET /web/studies"), response("text/plain", "x")) == kHttp);
}

TEST_CASE("http: HL7 messages as bodies") {
  const std::string message =
      "MSH|^~\\&|MON|ICU|ENGINE|H|2024||ORU^R01|1|P|2.5\rPID|1||4711||Doe^J\rPV1||I|ICU^^7\r";
  const std::string answer = "MSH|^~\\&|ENGINE|H|MON|ICU|2024||ACK|1|P|2.5\rMSA|AA|1\r";
  const std::string text = said(request("POST /in", "application/hl7-v2", message),
                                response("x-application/hl7-v2+er7; charset=utf-8", answer), 11);
  CHECK(text == kClient + "clue hl7.sending-application=\"MON\" role=client\n" + kClient +
                    "name kind=hl7-application name=\"MON\"\n" + kClient +
                    "clue hl7.sending-facility=\"ICU\" role=client\n" + kServer +
                    "clue hl7.receiving-application=\"ENGINE\" role=server\n" + kServer +
                    "name kind=hl7-application name=\"ENGINE\"\n" + kServer +
                    "clue hl7.receiving-facility=\"H\" role=server\n" + kClient +
                    "patient-data http message=\"ORU^R01\" fields=id,name\n" + kClient +
                    "message http \"ORU^R01\" status=\"\"\n" + kHttp + service("hl7") + kServer +
                    "clue hl7.sending-application=\"ENGINE\" role=server\n" + kServer +
                    "clue hl7.sending-facility=\"H\" role=server\n" + kClient +
                    "clue hl7.receiving-application=\"MON\" role=client\n" + kClient +
                    "clue hl7.receiving-facility=\"ICU\" role=client\n" + kServer +
                    "message http \"ACK\" status=\"AA\"\n");
  CHECK(said({{Direction::kToServer, request("POST /in", "application/hl7-v2", "hello")}}) ==
        kClient + "anomaly http bad-body\n");
}

TEST_CASE("http: segments that end otherwise than with CR or LF lose no value of a patient into the header") {
  for (const std::string end : {"\x1e", "\\r", "<CR>", "\x85"}) {
    for (const std::string header : {"MSH|^~\\&|MON", "MSH|^~\\&|MON|ICU|E|H|2024||ORU^R01|1|P|2.5"}) {
      const std::string message =
          header + end + "PID|1||SECRETID||SECRETNAME^ANNA||1970" + end + "PV1||I|SECRETWARD" + end;
      const std::string text =
          said({{Direction::kToServer, request("POST /in", "application/hl7-v2", message)}});
      CAPTURE(end);
      CHECK(text.find("SECRET") == std::string::npos);
      CHECK(text.find("ANNA") == std::string::npos);
      CHECK(text.find("fields=id,name,birth-date\n") != std::string::npos);
    }
  }
}

TEST_CASE("http: a printer says what it is; a queue says nothing of itself") {
  const auto attribute = [](char tag, const std::string& name, const std::string& value) {
    return std::string(1, tag) + '\0' + static_cast<char>(name.size()) + name + '\0' +
           static_cast<char>(value.size()) + value;
  };
  const std::string body =
      "\x02\x00\x00\x00\x00\x00\x00\x01\x01"s + attribute('\x41', "printer-name", "not in this group") +
      "\x04" + attribute('\x41', "printer-make-and-model", "ACME Laser 9") + attribute('\x41', "", "second") +
      attribute('\x41', "printer-device-id", "MFG:ACME;MDL:Laser 9;SN:X1;CMD:PDF;") +
      attribute('\x41', "printer-location", "Ward 3") + "\x02" + attribute('\x42', "printer-info", "job") +
      "\x03";
  const auto ask = [&](const std::string& path, const std::string& answer, std::size_t step = 0) {
    return said(request("POST " + path, "application/ipp", "\x02\x00\x00\x0b"s + "1234"),
                response("application/ipp", answer), step);
  };
  const std::string expected =
      kHttp + service("ipp") + kServer + "clue http.path=\"/ipp/print\" role=server\n" + kServer +
      "clue ipp.role=\"printer\" role=server\n" + kServer +
      "clue ipp.make-and-model=\"ACME Laser 9\" role=server\n" + kServer +
      "clue ipp.manufacturer=\"ACME\" role=server\n" + kServer + "clue ipp.model=\"Laser 9\" role=server\n" +
      kServer + "clue ipp.serial=\"X1\" role=server\n" + kServer +
      "clue ipp.location=\"Ward 3\" role=server\n";
  CHECK(ask("/ipp/print", body) == expected);
  CHECK(ask("/ipp/print", body, 3) == expected);
  CHECK(ask("/printers/ward", body) ==
        kHttp + service("ipp") + kServer + "clue ipp.role=\"print-server\" role=server\n");
  CHECK(ask("/", body) == kHttp + service("ipp"));
  CHECK(ask("/ipp/print", body.substr(0, 60)).ends_with("anomaly http bad-body\n"));
  CHECK(ask("/ipp/print", "no").ends_with("anomaly http bad-body\n"));
}

TEST_CASE("http: Windows remote management, by its path") {
  const std::string text = said(request("POST /wsman", "application/soap+xml", "<s:Envelope/>"),
                                "HTTP/1.1 401 \r\nContent-Length: 0\r\n\r\n");
  CHECK(text == kHttp + service("winrm") + kServer + "clue http.path=\"/wsman\" role=server\n");
  CHECK(said(request("POST /wsman", "application/soap+xml", "<s:Envelope/>"),
             "HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n") == kHttp);
  const std::string sealed =
      said(request("POST /wsman?PSVersion=5.1.18362.1&x=y", "multipart/encrypted;protocol=\"x\"", "ab"),
           response("multipart/encrypted;protocol=\"x\"", "cd"));
  CHECK(sealed == kClient + "clue winrm.powershell=\"5.1.18362.1\" role=client\n" + kHttp + kServer +
                      "session winrm authentication=present encrypted=true\n" + service("winrm") + kServer +
                      "clue http.path=\"/wsman\" role=server\n");
  const std::string identity =
      "<s:Envelope xmlns:s=\"x\"><s:Body><w:IdentifyResponse><w:ProductVersion>OS: 10.0.17763 SP: 0.0 Stack: "
      "3.0</w:ProductVersion></w:IdentifyResponse></s:Body></s:Envelope>";
  CHECK(said(request("POST /wsman", "application/soap+xml", "<s:Envelope/>"),
             response("application/soap+xml", identity))
            .ends_with("clue wsman.product=\"OS: 10.0.17763 SP: 0.0 Stack: 3.0\" role=server\n"));
}

TEST_CASE("http: DPWS metadata of a device and of a host") {
  const auto metadata = [](const std::string& model, const std::string& rest) {
    return response("application/soap+xml",
                    "<s:Envelope xmlns:s=\"x\"><s:Body><p:ThisModel><p:Manufacturer>ACME</p:Manufacturer>"
                    "<p:ModelName xml:lang=\"en\">" +
                        model +
                        "</p:ModelName></p:ThisModel><p:ThisDevice><p:FriendlyName>Pump 7</p:FriendlyName>"
                        "<p:FirmwareVersion>1.2</p:FirmwareVersion><p:SerialNumber>S1</p:SerialNumber>"
                        "</p:ThisDevice>" +
                        rest + "</s:Body></s:Envelope>");
  };
  const std::string get = request("POST /uuid", "application/soap+xml", "<s:Envelope/>");
  CHECK(said(get, metadata("Pump", ""), 13) ==
        kHttp + kServer + "clue dpws.manufacturer=\"ACME\" role=server\n" + kServer +
            "clue dpws.model-name=\"Pump\" role=server\n" + kServer +
            "clue dpws.serial=\"S1\" role=server\n" + kServer + "clue dpws.firmware=\"1.2\" role=server\n" +
            kServer + "clue dpws.friendly-name=\"Pump 7\" role=server\n");
  CHECK(said(get, metadata("Publication Service", "<u:Computer>PC7/Workgroup:WARD</u:Computer>")) ==
        kHttp + kServer + "name kind=wsd name=\"PC7\"\n" + kServer +
            "clue dpws.host=\"Publication Service\" role=server\n" + kServer +
            "clue dpws.workgroup=\"WARD\" role=server\n");
}

TEST_CASE("http: a patient named in any address, and after a gap") {
  CHECK(said({{Direction::kToServer, request("GET /viewer?PatientID=4711&x=1")}}) ==
        kClient + "patient-data http message=\"GET\" fields=id\n");
  CHECK(said({{Direction::kToServer, request("GET /viewer?PatientID=&x=1")}}).empty());
  test::DissectHarness harness(http_dissector());
  harness.piece(Direction::kToServer, request("GET /fhir/metadata"));
  harness.piece(Direction::kToClient,
                response("application/fhir+json", "{\"software\":{\"name\":\"A\"}}").substr(0, 90));
  CHECK(harness.gap(Direction::kToClient, 10));
  harness.piece(Direction::kToClient, "\"name\":\"B\"}}");
  CHECK(harness.text().find("fhir.software") == std::string::npos);
}

}  // namespace bedrail
