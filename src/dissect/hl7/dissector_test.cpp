#include <doctest/doctest.h>

#include "dissect/hl7/equipment.h"
#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& hl7_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;
const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ";
const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ";

std::string framed(const std::string& message) { return "\x0b" + message + "\x1c\r"; }

/// A monitor's report as IHE PCD-01 has it, with a fictitious patient.
std::string report(const std::string& bed = "BED07") {
  return "MSH|^~\\&|VSP^080019FFFE112233^EUI-64|Ward \\T\\ "
         "Unit|ENGINE|HOSP|20240102030405||ORU^R01^ORU_R01|004097112233|P|2.6|||NE|AL||UNICODE "
         "UTF-8|||PCD_DEC_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO\r"
         "SFT|Some Maker^L|7.2.0|Gateway|bin\r"
         "PID|||MRN000^^^PID^MR||DOE^JANE^^^^^L||19700101|F|||\"\"^^||\r"
         "PV1||I|ICU^^" +
         bed +
         "^HOSP\r"
         "OBR|1|1^VSP|1^VSP|182777000^monitoring of patient^SCT|||20240102030405\r"
         "OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X|||||||080019FFFE112233^B40_GE\r"
         "OBX|2||69686^MDC_DEV_ANALY_BLD_CHEM_VMD^MDC|1.1.0.0|||||||X\r"
         "OBX|3|ST|531969^MDC_ID_MODEL_NUMBER^MDC|1.0.0.531969|B40||||||R\r"
         "OBX|4|NM|68063^MDC_ATTR_PT_WEIGHT^MDC|1.0.0.68063|71|||||||R\r"
         "OBX|5|NM|147842^MDC_ECG_HEART_RATE^MDC|1.5.1.1|72|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R\r";
}

const std::string kAck =
    "MSH|^~\\&|ENGINE|HOSP|VSP|Ward|20240102030405||ACK^R01^ACK|1|P|2.6\rMSA|AA|004097112233\r";

std::string declared_line(const std::string& bed) {
  return kClient +
         "clue hl7.declared=\"equipment-eui64=080019fffe112233|equipment-mac=08:00:19:11:22:33|"
         "equipment=080019FFFE112233^B40_GE|equipment-type=MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS|"
         "equipment-model=B40|network-mac=00:40:97:11:22:33|location=ICU^^" +
         bed + "\" role=client\n";
}

std::string first_report_lines() {
  return kServer + "service tcp/2575 hl7 product=\"\" version=\"\" encrypted=false\n" + kClient +
         "name kind=hl7-application name=\"VSP\"\n" + kClient +
         "clue hl7.sending-application=\"VSP^080019FFFE112233^EUI-64\" role=client\n" + kClient +
         "clue hl7.sending-facility=\"Ward & Unit\" role=client\n" + kClient +
         "clue hl7.sending-eui64=\"080019fffe112233\" role=client\n" + kServer +
         "name kind=hl7-application name=\"ENGINE\"\n" + kServer +
         "clue hl7.receiving-application=\"ENGINE\" role=server\n" + kServer +
         "clue hl7.receiving-facility=\"HOSP\" role=server\n" + kServer +
         "protocol hl7 version=\"2.6\" agreed=true\n" + kClient +
         "clue hl7.sending-mac=\"00:40:97:11:22:33\" role=client\n" + kClient +
         "clue hl7.profile=\"PCD_DEC_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO\" role=client\n" + kClient +
         "clue hl7.software-vendor=\"Some Maker\" role=client\n" + kClient +
         "clue hl7.software-product=\"Gateway\" role=client\n" + kClient +
         "clue hl7.software-version=\"7.2.0\" role=client\n" + kClient +
         "clue hl7.equipment-type=\"MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS\" role=client\n" + kClient +
         "clue hl7.equipment=\"080019FFFE112233^B40_GE\" role=client\n" + kClient +
         "clue hl7.equipment-eui64=\"080019fffe112233\" role=client\n" + kClient +
         "clue hl7.equipment-mac=\"08:00:19:11:22:33\" role=client\n" + kClient +
         "clue hl7.equipment-module=\"MDC_DEV_ANALY_BLD_CHEM_VMD\" role=client\n" + kClient +
         "clue hl7.equipment-model=\"B40\" role=client\n" + declared_line("BED07") + kClient +
         "clue hl7.location=\"ICU^^BED07\" role=client\n";
}

std::string report_lines() {
  return kClient + "patient-data hl7 message=\"ORU^R01\" fields=id,name,birth-date\n" + kClient +
         "message hl7 \"ORU^R01\" status=\"\"\n";
}

Recognition recognised(std::string_view text, Direction direction = kUp, bool midstream = false) {
  return hl7_dissector().recognise({direction, as_bytes(text), 40000, 5007, midstream, false});
}

}  // namespace

TEST_CASE("hl7: a device's report, its acknowledgement and a second report, however the stream is cut") {
  const std::string ack = kServer + "clue hl7.sending-application=\"ENGINE\" role=server\n" + kServer +
                          "clue hl7.sending-facility=\"HOSP\" role=server\n" + kClient +
                          "clue hl7.receiving-application=\"VSP\" role=client\n" + kClient +
                          "clue hl7.receiving-facility=\"Ward\" role=client\n" + kServer +
                          "message hl7 \"ACK^R01\" status=\"AA\"\n" + kServer +
                          "session hl7 authentication=none encrypted=false\n";
  for (const std::size_t step : {0, 1, 7, 100}) {
    CAPTURE(step);
    test::DissectHarness harness(hl7_dissector());
    CHECK(harness.stream(
        {{kUp, framed(report())}, {kDown, framed(kAck)}, {kUp, framed(report()) + framed(report("BED08"))}},
        step));
    harness.close();
    CHECK(harness.text() == first_report_lines() + report_lines() + ack + report_lines() +
                                declared_line("BED08") + kClient +
                                "clue hl7.location=\"ICU^^BED08\" role=client\n" + report_lines());
  }
}

TEST_CASE("hl7: no value of a patient is said") {
  test::DissectHarness harness(hl7_dissector());
  CHECK(harness.stream(
      {{kUp,
        framed(
            "MSH|^~\\&|ADT|F|X|Y|2024||ADT^A01|1|P|2.3\r"
            "PID|1||SECRETID||SECRETNAME^A||19281118|M|||SECRETSTREET^^TOWN||SECRETPHONE|||||1719|SECRETSSN\r"
            "NK1|1|SECRETKIN^B|SPO\rPV1|1|I|SECRETWARD^1^2|||||||||||||||VIP|SECRETVISIT\r")}}));
  CHECK(harness.text().find("SECRET") == std::string::npos);
  CHECK(harness.text().find("fields=id,name,birth-date,address,phone,ssn,next-of-kin,visit\n") !=
        std::string::npos);
}

TEST_CASE("hl7: segments that end otherwise than with CR or LF lose no value of a patient into the header") {
  const std::string full = "MSH|^~\\&|APP|FAC|R|F|2026||ADT^A01|1|P|2.3||||";
  const std::string patient = "PID|||SECRETID||SECRETNAME^ANNA||19700101||||||SECRETPHONE|||SECRETLAST";
  const std::string_view ends[] = {
      "\\r",      "\\n",          "<CR>",    "<cr>",    "\x1e",  "\x1d", "\x0c", "\x85",
      "\xc2\x85", "\xe2\x80\xa8", "\\X0D\\", "\\.br\\", "&#13;", "%0D",  "\t",   std::string_view("\0", 1),
      ";"};
  for (const std::string_view end : ends) {
    for (const std::string& header : {full, full.substr(0, full.find("|2.3")), std::string("MSH|^~\\&|APP"),
                                      std::string("MSH|^~\\&|APP||||||")}) {
      CAPTURE(header);
      CAPTURE(end);
      test::DissectHarness harness(hl7_dissector());
      std::string message = header;
      message.append(end).append(patient).append(end).append("PV1||I|SECRETWARD").append(end);
      // An attribute of a device behind a patient's row, and a row of the maker's own with the name again.
      message.append("ZPI|SECRETNAME|SECRETZ").append(end);
      CHECK(harness.stream({{kUp, framed(message)}}, 3));
      const std::string text = harness.text();
      CHECK(text.find("SECRET") == std::string::npos);
      CHECK(text.find("ANNA") == std::string::npos);
      CHECK(text.find("19700101") == std::string::npos);
      CHECK(text.find("anomaly hl7 bad-segment-end\n") != std::string::npos);
      CHECK(text.find("fields=id,name,birth-date,phone") != std::string::npos);
      if (header == full) CHECK(text.find("name kind=hl7-application name=\"APP\"") != std::string::npos);
    }
  }
}

TEST_CASE("hl7: segments glued together after a sound header") {
  test::DissectHarness harness(hl7_dissector());
  CHECK(harness.stream(
      {{kUp,
        framed("MSH|^~\\&|RAPID|F|X|Y|2024||ORU^R01|1|P|2.3\r"
               "SFT|Maker<CR>PID|||SECRETID||SECRETNAME<CR>\r"
               "OBX|1|NM|HR||72\\rPID|1||SECRETID||SECRETNAME||1970||||||SECRETPHONE|||||||||SECRETLAST\r"
               "OBX|1|NM|HR||72\x1eZPI|1||||||||||||SECRETPHONE|||||||||SECRETLAST\r"
               "MSA|SECRETNO\r")}}));
  const std::string text = harness.text();
  CHECK(text.find("SECRET") == std::string::npos);
  CHECK(text.find("fields=id,name,birth-date,phone\n") != std::string::npos);
  // A name that ends like a segment's is none.
  CHECK(text.find("name=\"RAPID\"") != std::string::npos);
}

TEST_CASE("hl7: fields of the header that do not have their form are not said") {
  test::DissectHarness harness(hl7_dissector());
  CHECK(
      harness.stream({{kUp, framed("MSH|^~\\&|A|B|C|D|2026||SECRET^ANNA|1|P|19700101|||||||||SECRET^ANNA\r")},
                      {kUp, framed("MSH|^~\\&|A|B|C|D|2026||ADT^SECRET|1|P|2.3.SECRET|||||||||"
                                   "SECRET^A^1970~X^Y^2.16.840.1.113883.9.10^ISO\r")}}));
  const std::string text = harness.text();
  CHECK(text.find("SECRET") == std::string::npos);
  CHECK(text.find("19700101") == std::string::npos);
  CHECK(text.find("hl7.profile=\"X^Y^2.16.840.1.113883.9.10^ISO\"") != std::string::npos);
  CHECK(text.find("anomaly hl7 bad-header-field\n") != std::string::npos);
}

TEST_CASE("hl7: a device named by participation, other delimiters and line feeds") {
  test::DissectHarness harness(hl7_dissector());
  CHECK(harness.stream({{kUp, framed("MSH:*~!%:APP*x::::::ADT*A01:1:P:2.8\nPID:1::135769\nPV1::I:3W*12*A*H\n"
                                     "PRT:A:B:C:D:E:F:G:H:I:0009FBFFFF0A0B0C*n*0009FBFFFF0A0B0C*EUI-64::::::"
                                     "Some !F! Pump%x::::SN-77\n")}}));
  CHECK(harness.text() ==
        kServer + "service tcp/2575 hl7 product=\"\" version=\"\" encrypted=false\n" + kClient +
            "name kind=hl7-application name=\"APP\"\n" + kClient +
            "clue hl7.sending-application=\"APP^x\" role=client\n" + kServer +
            "protocol hl7 version=\"2.8\" agreed=true\n" + kClient +
            "clue hl7.equipment=\"0009FBFFFF0A0B0C^n^0009FBFFFF0A0B0C^EUI-64\" role=client\n" + kClient +
            "clue hl7.equipment-eui64=\"0009fbffff0a0b0c\" role=client\n" + kClient +
            "clue hl7.equipment-mac=\"00:09:fb:0a:0b:0c\" role=client\n" + kClient +
            "clue hl7.udi=\"Some | Pump&x\" role=client\n" + kClient +
            "clue hl7.equipment-serial=\"SN-77\" role=client\n" + kClient +
            "clue hl7.declared=\"equipment-eui64=0009fbffff0a0b0c|equipment-mac=00:09:fb:0a:0b:0c|"
            "equipment-serial=SN-77|equipment=0009FBFFFF0A0B0C^n^0009FBFFFF0A0B0C^EUI-64|udi=Some / Pump&x|"
            "location=3W^12^A\" role=client\n" +
            kClient + "clue hl7.location=\"3W^12^A\" role=client\n" + kClient +
            "patient-data hl7 message=\"ADT^A01\" fields=id\n" + kClient +
            "message hl7 \"ADT^A01\" status=\"\"\n");
}

TEST_CASE("hl7: who takes a message from anyone has said so in its acknowledgement") {
  const auto open = [](const std::string& answer) {
    test::DissectHarness harness(hl7_dissector());
    const std::string ack = "MSH|^~\\&|B||A|||20240102||ACK|1|P|2.3\rMSA|" + answer + "|1\r";
    CHECK(harness.stream({{kUp, framed("MSH|^~\\&|A||B|||20240102||ADT^A01|1|P|2.3\r")},
                          {kDown, answer.empty() ? "" : framed(ack)}}));
    harness.close();
    return harness.text().find("session hl7 authentication=none encrypted=false\n") != std::string::npos;
  };
  CHECK(open("AA"));
  CHECK(open("CA"));
  CHECK_FALSE(open("AR"));
  CHECK_FALSE(open("AE"));
  CHECK_FALSE(open("CR"));
  CHECK_FALSE(open(""));
}

TEST_CASE("hl7: a gateway tells the bedside device's own address with its place") {
  test::DissectHarness harness(hl7_dissector());
  CHECK(harness.stream({{kUp, framed("MSH|^~\\&|GW|||||| ORU^R01|1|P|2.4\rPV1||I|^^BED-3^10.7.8.9:1\r")}}));
  CHECK(harness.text().find(kClient +
                            "clue hl7.declared=\"address=10.7.8.9|location=^^BED-3\" role=client\n") !=
        std::string::npos);
  test::DissectHarness number(hl7_dissector());
  CHECK(number.stream(
      {{kUp, framed("MSH|^~\\&|||||||ORU^R01|103|P|2.3.1\rPV1||I|^^Ward 4&12&169722888&4601&&1\r")}}));
  CHECK(number.text().find("clue hl7.declared=\"address=10.29.196.8|location=Ward 4^^12\" role=client\n") !=
        std::string::npos);
  CHECK(number.text().find("clue hl7.location") == std::string::npos);
}

TEST_CASE("hl7: a gateway's message tells of several devices, each with what is its own") {
  test::DissectHarness harness(hl7_dissector());
  CHECK(harness.stream(
      {{kUp, framed("MSH|^~\\&|GW||||||ORU^R01|1|P|2.6|||||||||IHE_PCD_001^IHE PCD^1.3.6.1.4.1."
                    "19376.1.6.1.1.1^ISO\rPID|||7\rPV1||I|ICU^^4\r"
                    "OBX|1||69985^MDC_DEV_PUMP_INFUS_MDS^MDC|1.0.0.0|||||||X|||||||P-1^GW\r"
                    "OBX|2|ST|531972^MDC_ID_PROD_SPEC_SERIAL^MDC|1.0.0.1|111|\r"
                    "OBX|3||1^MDC_DEV_PUMP_INFUS_VMD^MDC|1.1.0.0|||||||X|||||||001122FFFE000009^GW\r"
                    "OBX|4||70001^MDC_DEV_SYS_PT_VENT_MDS^MDC|2.0.0.0|||||||X|||||||001122FFFE000002^GW\r"
                    "OBX|5|ST|531969^MDC_ID_MODEL_NUMBER^MDC|2.0.0.2|Breather|\r")}},
      7));
  const std::string text = harness.text();
  CHECK(text.find(
            "hl7.declared=\"equipment-eui64=001122fffe000009|equipment-mac=00:11:22:00:00:09|"
            "equipment-serial=111|equipment=P-1^GW|equipment-type=MDC_DEV_PUMP_INFUS_MDS|location=ICU^^4\" "
            "role=client\n") != std::string::npos);
  CHECK(text.find("hl7.declared=\"equipment-eui64=001122fffe000002|equipment-mac=00:11:22:00:00:02|"
                  "equipment=001122FFFE000002^GW|equipment-type=MDC_DEV_SYS_PT_VENT_MDS|"
                  "equipment-model=Breather|location=ICU^^4\" role=client\n") != std::string::npos);
}

TEST_CASE("hl7: devices that are told elsewhere: order numbers with a MAC, a monitor's serial number") {
  test::DissectHarness order(hl7_dissector());
  CHECK(order.stream({{kUp, framed("MSH|^~\\&|PIC||||||ORU^R01|1|P|2.3\rPV1||I|W1^^3\r"
                                   "OBR|1||0009FBFFFF010203|x\rOBX|1|NM|HR||60|\r"
                                   "OBR|2||0009FBFFFF010204|x\rOBR|3||4711|x\r")}}));
  CHECK(order.text().find("hl7.declared=\"equipment-eui64=0009fbffff010203|equipment-mac=00:09:fb:01:02:03|"
                          "location=W1^^3\"") != std::string::npos);
  CHECK(order.text().find("hl7.declared=\"equipment-eui64=0009fbffff010204|") != std::string::npos);
  test::DissectHarness serial(hl7_dissector());
  CHECK(
      serial.stream({{kUp, framed("MSH|^~\\&|US12345678^EfficiaCM||||||ORU^R01|1|P|2.6\rPV1||I|W2^^9\r")}}));
  CHECK(serial.text().find("hl7.declared=\"equipment-serial=US12345678|equipment-model=Efficia CM|"
                           "equipment-maker=Philips|location=W2^^9\"") != std::string::npos);
  // Without a number, a name or an address nobody knows which device it is.
  test::DissectHarness nobody(hl7_dissector());
  CHECK(
      nobody.stream({{kUp, framed("MSH|^~\\&|LAB||||||ORU^R01|1|P|2.5.1\rPV1||I|W2^^9\rOBX|1|NM|x||1\r")}}));
  CHECK(nobody.text().find("hl7.declared") == std::string::npos);
}

TEST_CASE("hl7: a patient's number where a device's belongs is not said, and is no device") {
  test::DissectHarness harness(hl7_dissector());
  CHECK(harness.stream(
      {{kUp,
        framed(
            "MSH|^~\\&|GW||||||ORU^R01|1|P|2.6|||||||||IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO\r"
            "PID||SECRETA|SECRETB^^^H^MR~SECRETC|SECRETD|SECRETNAME^SECRETGIVEN|||||||||||||SECRETE|SECRETF\r"
            "PV1||I|ICU^^4||||||||||||||||SECRETG\r"
            "OBX|1||69985^MDC_DEV_PUMP_INFUS_MDS^MDC|1.0.0.0|||||||X|||||||SECRETB^x\r"
            "OBX|2|ST|531972^MDC_ID_PROD_SPEC_SERIAL^MDC|1.0.0.1|secretc|\r"
            "OBX|3||1^x^L|||||||||||||||||SECRETNAME~SECRETGIVEN^y~SECRETE~SECRETF\r"
            "PRT|1|||||||||SECRETA&x^y||||||SECRETD|||| SECRETG \r")}}));
  const std::string text = harness.text();
  CHECK(text.find("SECRET") == std::string::npos);
  CHECK(text.find("secret") == std::string::npos);
  CHECK(text.find("hl7.declared") == std::string::npos);
  CHECK(text.find("anomaly hl7 patient-id-as-device\n") != std::string::npos);
}

TEST_CASE("hl7: batches hold messages without frames of their own") {
  test::DissectHarness harness(hl7_dissector());
  const std::string message = "MSH|^~\\&|LAB||||||ORU^R01|1|P|2.5.1\rOBX|1|TX|x\r";
  CHECK(harness.stream(
      {{kUp, framed("FHS|^~\\&|LAB|L1\rBHS|^~\\&|LAB|L1\r" + message + message + "BTS|2\rFTS|1\r")}}, 5));
  const std::string sent = kClient + "message hl7 \"ORU^R01\" status=\"\"\n";
  const std::string text = harness.text();
  CHECK(text.find("anomaly") == std::string::npos);
  CHECK(text.ends_with(sent + sent));
  CHECK(text.find("hl7.sending-facility=\"L1\"") != std::string::npos);
}

TEST_CASE("hl7: missing frame characters are anomalies, the messages still count") {
  test::DissectHarness harness(hl7_dissector());
  const std::string message = "MSH|^~\\&|||||||ADT^A08|1|P|2.3\r";
  CHECK(harness.stream({{kUp, message + message + "\x0b" + message + "\x0b" + message}}, 3));
  harness.close();
  std::size_t messages = 0, ends = 0, starts = 0;
  for (const std::string& line : harness.lines()) {
    messages += line.find("message hl7 \"ADT^A08\"") != std::string::npos ? 1 : 0;
    ends += line.ends_with("anomaly hl7 missing-end-block") ? 1 : 0;
    starts += line.ends_with("anomaly hl7 missing-start-block") ? 1 : 0;
  }
  CHECK(messages == 4);
  CHECK(ends == 3);
  CHECK(starts == 2);
}

TEST_CASE("hl7: after a gap it goes on with the next start block") {
  test::DissectHarness harness(hl7_dissector());
  CHECK(harness.piece(kUp, framed(report()).substr(0, 300)));
  CHECK(harness.gap(kUp, 500));
  CHECK(harness.piece(
      kUp, "MSH|^~\\&|not a header\rOBX|9||a\r\x1c\r" + framed("MSH|^~\\&|NEW||||||ORU^R01|2|P|2.6\r")));
  const std::string text = harness.text();
  CHECK(text.find("not a header") == std::string::npos);
  CHECK(text.find("anomaly") == std::string::npos);
  CHECK(text.ends_with(kClient + "clue hl7.sending-application=\"NEW\" role=client\n" + kClient +
                       "message hl7 \"ORU^R01\" status=\"\"\n"));
}

TEST_CASE("hl7: a document in a segment is passed over, whatever its size") {
  for (const std::size_t step : {0, 1400}) {
    test::DissectHarness harness(hl7_dissector());
    const std::string document = "OBX|1|ED|x^y||^application^pdf^Base64^" + std::string(300000, 'A') +
                                 "\rZZZ|" + std::string(20000, 'z') + "\r";
    CHECK(harness.stream({{kUp, framed("MSH|^~\\&|DOC||||||MDM^T02|1|P|2.4\r" + document + "PID|1||7\r")}},
                         step));
    CHECK(harness.text().ends_with(kClient + "patient-data hl7 message=\"MDM^T02\" fields=id\n" + kClient +
                                   "message hl7 \"MDM^T02\" status=\"\"\n"));
  }
}

TEST_CASE("hl7: text that is no segment is an anomaly, text without messages ends the parsing") {
  test::DissectHarness bad(hl7_dissector());
  CHECK(bad.stream({{kUp, framed("MSH|^~\\&|X||||||ORU^R01|1|P|2.3\rnonsense\r")}}, 2));
  CHECK(bad.text().find(kClient + "anomaly hl7 bad-segment\n") != std::string::npos);
  for (const std::size_t step : {0, 1000}) {
    test::DissectHarness stray(hl7_dissector());
    CHECK_FALSE(stray.stream({{kUp, "\x0b" + std::string(70000, 'x') + "\r" + "y\r"}}, step));
    CHECK(stray.result() == StreamFeeder::Result::kFailed);
    CHECK(stray.text() == kClient + "anomaly hl7 no-messages\n");
  }
}

TEST_CASE("hl7: recognised by its header on any port") {
  CHECK(recognised(framed(report())) == Recognition::kYes);
  CHECK(recognised(report()) == Recognition::kYes);
  CHECK(recognised("\x0b"
                   "BHS|^~\\&|A|B") == Recognition::kYes);
  CHECK(recognised("\x0b") == Recognition::kMore);
  CHECK(recognised("\x0bMSH|^~") == Recognition::kMore);
  CHECK(recognised("MS") == Recognition::kMore);
  CHECK(recognised("\x0bMSHA^~\\&|x") == Recognition::kNo);
  CHECK(recognised("MSHELL /bin/sh") == Recognition::kNo);
  CHECK(recognised("MSH says hello to all") == Recognition::kNo);
  CHECK(recognised("\x0bHTTP/1.1") == Recognition::kNo);
  CHECK(recognised("\x1c\r" + framed(report()), kUp, true) == Recognition::kYes);
  // In the middle of a flow, an acknowledgement tells who the receiver is.
  CHECK(recognised(framed(kAck), kUp, true) == Recognition::kNo);
  CHECK(recognised(framed(kAck), kDown, true) == Recognition::kYes);
  CHECK(recognised(framed(kAck), kUp, false) == Recognition::kYes);
}

TEST_CASE("hl7: identifiers and profiles") {
  const Hl7Segment segment("OBX|1", {});
  CHECK(hl7_eui64(segment, "x^y^0011223344556677^EUI-64") == "0011223344556677");
  CHECK(hl7_eui64(segment, "x^001122FFFE556677^EUI-64") == "001122fffe556677");
  CHECK_FALSE(hl7_eui64(segment, "0011223344556677^y").has_value());
  CHECK_FALSE(hl7_eui64(segment, "x^y^00112233445566zz^EUI-64").has_value());
  CHECK_FALSE(hl7_mac_of("0011223344556677").has_value());
  CHECK(is_hl7_device_profile("IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.4.1^ISO"));
  CHECK_FALSE(is_hl7_device_profile("IHE_PCD_003^IHE PCD^1.3.6.1.4.1.19376.1.6.1.3.1^ISO"));
  CHECK_FALSE(is_hl7_device_profile("x^y^1.3.6.1.4.1.19376.1.6.1.10.1^ISO"));
}

TEST_CASE("hl7: a header that names nobody is left to whoever knows the dialect") {
  const auto recognised = [](const std::string& text) {
    return hl7_dissector().recognise({Direction::kToServer, as_bytes(text), 40000, 2575, false, true});
  };
  CHECK(recognised("\x0bMSH|^~\\&|||||||ORU^R01|1|P|2.3.1") == Recognition::kMaybe);
  CHECK(recognised("\x0bMSH|^~\\&|") == Recognition::kMore);
  CHECK(recognised("\x0bMSH|^~\\&|||||20240101||ORU^R01|1|P|2.3.1") == Recognition::kYes);
  CHECK(recognised("\x0bMSH|^~\\&|A") == Recognition::kYes);
}

}  // namespace bedrail
