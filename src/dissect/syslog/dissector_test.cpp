#include <doctest/doctest.h>

#include "dissect/syslog/message.h"
#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& syslog_dissector();

namespace {

const std::string kWho = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";
std::string collector(const std::string& form) {
  return kServer + "clue syslog.collector=\"" + form + "\" role=server\n";
}
std::string clue(const std::string& key, const std::string& value) {
  return kWho + "clue syslog." + key + "=\"" + value + "\" role=client\n";
}
std::string name(const std::string& host) { return kWho + "name kind=syslog name=\"" + host + "\"\n"; }

std::string said(const std::string& message) {
  test::DissectHarness harness(syslog_dissector(), Transport::kUdp);
  harness.datagram(Direction::kToServer, message);
  return harness.text();
}
std::string streamed(const std::string& text, std::size_t step = 0) {
  test::DissectHarness harness(syslog_dissector());
  harness.stream({{Direction::kToServer, text}}, step);
  return harness.text();
}
Recognition recognised(const std::string& text, bool on_port = false) {
  return syslog_dissector().recognise({Direction::kToServer, as_bytes(text), 40000, 514, false, on_port});
}
std::string counted(const std::string& text) { return std::to_string(text.size()) + " " + text; }

const std::string kOld = "<30>Nov 25 12:00:00 gw-icu sshd[812]: Failed password for root";
const std::string kNew =
    "<165>1 2023-11-25T12:00:00.003Z pacs1.example.org archive 77 ID47 "
    "[origin ip=\"10.0.0.9\" software=\"Archive \" swVersion=\"3.2\" enterpriseId=\"32473\"]"
    "[x@1 a=\"]\\\"\"] the patient Doe was admitted";

}  // namespace

TEST_CASE("syslog: name and application of the old form, nothing of the sentence") {
  CHECK(said(kOld) ==
        collector("rfc3164") + name("gw-icu") + clue("application", "sshd") + clue("facility", "daemon"));
  CHECK(said("<13>Nov  5 12:00:00 cron[1]: x") ==
        collector("rfc3164") + clue("application", "cron") + clue("facility", "user"));
  CHECK(said("<13>2023-11-25T12:00:00+01:00 host1 app: x") ==
        collector("rfc3164") + name("host1") + clue("application", "app") + clue("facility", "user"));
}

TEST_CASE("syslog: words of a sentence are neither names nor applications") {
  for (const std::string text :
       {"<13>Nov 25 12:00:00 Doe was admitted", "<13>Nov 25 12:00:00 Doe John: admitted",
        "<13>Nov 25 12:00:00 host Doe: admitted", "<13>Doe: admitted", "<13>Nov 25 12:00:00 Doe",
        "<13>Nov 25 12:00:00 10.0.0.7 Patient Doe^John"}) {
    CAPTURE(text);
    const std::string all = said(text);
    CHECK(all.find("Doe") == std::string::npos);
    CHECK(all.find("name") == std::string::npos);
    CHECK(all.find("facility=\"user\"") != std::string::npos);
  }
}

TEST_CASE("syslog: the structured form with the origin's software") {
  CHECK(said(kNew) == collector("rfc5424") + name("pacs1.example.org") + clue("application", "archive") +
                          clue("facility", "local4") + clue("software", "Archive  3.2") +
                          clue("enterprise", "32473"));
  CHECK(said("<14>1 - - - - - - text") == collector("rfc5424") + clue("facility", "user"));
}

TEST_CASE("syslog: what makers write of their devices") {
  CHECK(said("<189>29: SW1: *Mar  1 18:48:50.483: %SYS-5-CONFIG_I: Configured by joe") ==
        collector("rfc3164") + name("SW1") + clue("facility", "local7") +
            clue("mnemonic", "%SYS-5-CONFIG_I"));
  CHECK(said("<166>Nov 25 2023 12:00:00: %ASA-6-302013: Built outbound")
            .find(clue("mnemonic", "%ASA-6-302013")) != std::string::npos);
  CHECK(said("<189>date=2023-11-25 time=12:00:00 devname=\"fw-1\" devid=\"FGT60E4Q00000000\" user=\"doe\"") ==
        collector("plain") + clue("facility", "local7") + clue("appliance-maker", "Fortinet") +
            clue("appliance-serial", "FGT60E4Q00000000") + name("fw-1"));
  CHECK(said("<134>id=firewall sn=18B169000001 time=\"2023\" user=doe").find("18B169000001") !=
        std::string::npos);
  CHECK(said("<30>device=\"SFW\" date=2023 device_name=\"XG210\" device_id=C0100000 ") ==
        collector("plain") + clue("facility", "daemon") + clue("appliance-maker", "Sophos") +
            clue("appliance-model", "XG210") + clue("appliance-serial", "C0100000"));
  CHECK(said("<14>Nov 25 12:00:00 pa-1 1,2023/11/25 12:00:00,007200001234,TRAFFIC,end,,x") ==
        collector("rfc3164") + name("pa-1") + clue("facility", "user") +
            clue("appliance-maker", "Palo Alto Networks") + clue("appliance-serial", "007200001234"));
  CHECK(said("<13>Nov 25 12:00:00 fw2 CEF:0|Maker|Gateway|7.1|100|login|5|suser=doe") ==
        collector("rfc3164") + name("fw2") + clue("facility", "user") +
            clue("event-source", "Maker|Gateway|7.1"));
}

TEST_CASE("syslog: an audit message that names a patient") {
  const std::string audit =
      "<85>1 2023-11-25T12:00:00Z pacs1 archive 7 IHE+RFC-3881 - <AuditMessage>"
      "<AuditSourceIdentification AuditSourceID=\"PACS1\"/><ParticipantObjectIdentification "
      "ParticipantObjectID=\"4711^^^ADT\" ParticipantObjectTypeCode=\"1\" "
      "ParticipantObjectTypeCodeRole=\"1\">";
  const std::string all = said(audit);
  CHECK(all.find(clue("audit-source", "PACS1")) != std::string::npos);
  CHECK(all.find("patient-data syslog message=\"ATNA\" fields=id") != std::string::npos);
  CHECK(all.find("4711") == std::string::npos);
}

TEST_CASE("syslog: what was said once is not repeated; a relay is told apart") {
  test::DissectHarness harness(syslog_dissector(), Transport::kUdp);
  harness.datagram(Direction::kToServer, kOld);
  const std::string once = harness.text();
  harness.datagram(Direction::kToServer, kOld);
  CHECK(harness.text() == once);
  harness.datagram(Direction::kToServer, "<30>Nov 25 12:00:01 other sshd[1]: x");
  CHECK(harness.text() == once + clue("relay", "several-hosts"));
}

TEST_CASE("syslog: lines of a stream, however they are cut") {
  const std::string text = kOld + "\n  at frame 3\n" + kNew + "\n";
  const std::string whole = streamed(text);
  CHECK(whole.find(kServer + "service tcp/514 syslog") == 0);
  CHECK(whole.find("several-hosts") != std::string::npos);
  for (const std::size_t step : {1, 2, 7, 64}) CHECK(streamed(text, step) == whole);
  test::DissectHarness harness(syslog_dissector());
  harness.piece(Direction::kToServer, kOld.substr(0, 20));
  CHECK(harness.gap(Direction::kToServer, 30));
  harness.piece(Direction::kToServer, "rest\n<14>Nov 25 12:00:00 ct-1 app: x\n");
  CHECK(harness.text().find(name("ct-1")) != std::string::npos);
}

TEST_CASE("syslog: counted messages of a stream") {
  const std::string text = counted(kOld) + counted(kNew + "\nmore") + "\n" + counted("<14>1 - - - - - -");
  const std::string whole = streamed(text);
  CHECK(whole.find(clue("enterprise", "32473")) != std::string::npos);
  for (const std::size_t step : {1, 2, 7, 64}) CHECK(streamed(text, step) == whole);
  CHECK(streamed(counted(kOld) + "x").ends_with("anomaly syslog bad-count\n"));
  test::DissectHarness harness(syslog_dissector());
  harness.piece(Direction::kToServer, counted(kOld));
  CHECK_FALSE(harness.gap(Direction::kToServer, 30));
}

TEST_CASE("syslog: malformed messages") {
  CHECK(said("<192>x") == kWho + "anomaly syslog no-priority\n");
  CHECK(said("hello") == kWho + "anomaly syslog no-priority\n");
  CHECK(streamed("<14>" + std::string(9000, 'a') + "\n") == kWho + "anomaly syslog line-too-long\n");
}

TEST_CASE("syslog: recognised by priority and time, on its port by the priority") {
  CHECK(recognised(kOld) == Recognition::kYes);
  CHECK(recognised(kNew) == Recognition::kYes);
  CHECK(recognised(counted(kNew)) == Recognition::kYes);
  CHECK(recognised("<13>hello world", true) == Recognition::kYes);
  CHECK(recognised("<13>hello world, this is no log but something else") == Recognition::kNo);
  CHECK(recognised("<13>Nov 2") == Recognition::kMore);
  CHECK(recognised("<?xml version=\"1.0\"?>", true) == Recognition::kNo);
  CHECK(recognised("<html><head>", true) == Recognition::kNo);
  CHECK(recognised("220 mail.example.org ESMTP", true) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n", true) == Recognition::kNo);
  CHECK(recognised("\x16\x03\x01\x02", true) == Recognition::kNo);
}

}  // namespace bedrail
