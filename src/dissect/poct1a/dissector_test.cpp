#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& poct1a_dissector();

namespace {

using Turns = std::vector<test::DissectHarness::Turn>;

std::string hello() {
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?><HEL.R01><HDR><HDR.message_type "
         "V=\"HEL.R01\"/></HDR><DEV>"
         "<DEV.device_id V=\"02-00-5E\"/><DEV.vendor_id V=\"ACME\"/><DEV.model_id V=\"Gas &amp; 9\"/>"
         "<DEV.serial_id V=\"SN0001\"/><DEV.manufacturer_name V=\"Acme Diagnostics\"/><DEV.hw_version "
         "V=\"1\"/>"
         "<DEV.sw_version V=\"1.2.3.4\"/><DEV.device_name V=\"\"/></DEV></HEL.R01>\r\n";
}
std::string acknowledgement(const std::string& status) {
  return "<ACK.R01><HDR/><ACK><ACK.type_cd V=\"" + status + "\"/></ACK></ACK.R01>";
}
std::string observation() {
  return "<OBS.R01><SVC><SVC.role_cd V=\"OBS\"/><PT><PT.patient_id V=\"4711\"/><PT.name V=\"Doe\"/>"
         "<PT.birth_date V=\"\"/></PT><OPR><OPR.operator_id V=\"nurse9\"/></OPR></SVC></OBS.R01>";
}

std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(poct1a_dissector());
  harness.stream(turns, step);
  return harness.text();
}

const std::string kDevice = "10.0.0.1/02:00:00:00:00:01 ", kManager = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kService = kManager +
                             "service tcp/3001 poct1a product=\"\" version=\"\" encrypted=false\n" +
                             kManager + "session poct1a authentication=none encrypted=false\n";

}  // namespace

TEST_CASE("poct1a: a device's hello and its results, however cut; no value of a person") {
  const Turns turns = {{Direction::kToServer, hello()},
                       {Direction::kToClient, acknowledgement("AA")},
                       {Direction::kToServer, observation() + "<EOT.R01></EOT.R01>"}};
  const std::string expected =
      kService + kDevice + "clue poct1a.device-id=\"02-00-5E\" role=client\n" + kDevice +
      "clue poct1a.vendor=\"ACME\" role=client\n" + kDevice + "clue poct1a.model=\"Gas & 9\" role=client\n" +
      kDevice + "clue poct1a.serial=\"SN0001\" role=client\n" + kDevice +
      "clue poct1a.maker=\"Acme Diagnostics\" role=client\n" + kDevice +
      "clue poct1a.hardware=\"1\" role=client\n" + kDevice +
      "clue poct1a.software=\"1.2.3.4\" role=client\n" + kDevice +
      "clue poct1a.declared=\"device-id=02-00-5E|vendor=ACME|model=Gas & 9|serial=SN0001|maker=Acme "
      "Diagnostics|"
      "hardware=1|software=1.2.3.4\" role=client\n" +
      kDevice + "message poct1a \"HEL.R01\" status=\"\"\n" + kManager +
      "message poct1a \"ACK.R01\" status=\"AA\"\n" + kDevice +
      "patient-data poct1a message=\"OBS.R01\" fields=id,name\n" + kDevice +
      "message poct1a \"OBS.R01\" status=\"\"\n" + kDevice + "message poct1a \"EOT.R01\" status=\"\"\n";
  for (const std::size_t step : {0, 1, 5, 700}) {
    CAPTURE(step);
    CHECK(said(turns, step) == expected);
  }
  CHECK(expected.find("4711") == std::string::npos);
}

TEST_CASE("poct1a: after a gap the next message is told, the cut one is not") {
  test::DissectHarness harness(poct1a_dissector());
  harness.piece(Direction::kToServer, hello().substr(0, 120));
  CHECK(harness.gap(Direction::kToServer, 30));
  harness.piece(Direction::kToServer, "V=\"x\"/><DEV.serial_id V=\"9\"/></HEL.R01><EOT.R01></EOT.R01>");
  CHECK(harness.text() == kService + kDevice + "message poct1a \"EOT.R01\" status=\"\"\n");
}

TEST_CASE("poct1a: anomalies") {
  CHECK(said({{Direction::kToServer, "<HEL.R01><DEV><HEL.R01>"}}) ==
        kService + kDevice + "anomaly poct1a missing-end\n");
  CHECK(said({{Direction::kToServer, "<HEL.R01></OBS.R01>"}}) ==
        kService + kDevice + "anomaly poct1a missing-end\n");
  CHECK(said({{Direction::kToServer, "<HEL.R01><" + std::string(5000, 'a')}}) ==
        kService + kDevice + "anomaly poct1a tag-too-long\n");
}

TEST_CASE("poct1a: recognised by its first element") {
  const auto recognised = [](const std::string& text, bool on_port) {
    return poct1a_dissector().recognise({Direction::kToServer, as_bytes(text), 40000, 3001, false, on_port});
  };
  CHECK(recognised(hello(), false) == Recognition::kYes);
  CHECK(recognised(acknowledgement("AA"), false) == Recognition::kYes);
  CHECK(recognised("<?xml version=\"1.0\"?><HEL.R", false) == Recognition::kMore);
  CHECK(recognised("<?xml version=\"1.0\"?><html>", true) == Recognition::kNo);
  CHECK(recognised("<stream:stream xmlns='jabber:client'>", true) == Recognition::kNo);
  CHECK(recognised("<13>Oct 11 22:14:15 host su: x", true) == Recognition::kNo);
  CHECK(recognised("<" + std::string(2000, 'a'), true) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n", true) == Recognition::kNo);
  CHECK(recognised("\x16\x03\x01", true) == Recognition::kNo);
}

}  // namespace bedrail
