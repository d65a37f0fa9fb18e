#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& pjl_dissector();

namespace {

using enum Direction;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kUel = "\x1b%-12345X";
const std::string kService = kServer + "service tcp/9100 pjl product=\"\" version=\"\" encrypted=false\n" +
                             kServer + "session pjl authentication=none encrypted=false\n";

std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(pjl_dissector());
  harness.stream(turns, step);
  return harness.text();
}
bool has(const std::string& where, const std::string& what) { return where.find(what) != std::string::npos; }

}  // namespace

TEST_CASE("pjl: a printer says what it is and how it is") {
  const Turns turns = {{kToServer, kUel + "@PJL INFO ID\r\n@PJL INFO STATUS\r\n" + kUel},
                       {kToClient,
                        "@PJL INFO ID\r\n\"HP LaserJet 4250\"\r\n\f@PJL INFO "
                        "STATUS\r\nCODE=10001\r\nDISPLAY=\"Ready\"\r\nONLINE=TRUE\r\n\f"},
                       {kToServer, kUel + "@PJL INFO PRODINFO\r\n"},
                       {kToClient,
                        "@PJL INFO PRODINFO\r\nProductName = \"HP LaserJet 4250\"\r\nProductSerialNumber = "
                        "\"EXAMPLE01\"\r\nFirmwareDateCode = 20100625\r\n\f"}};
  const std::string lines = kService + kServer + "clue pjl.id=\"HP LaserJet 4250\" role=server\n" + kServer +
                            "clue pjl.status=\"10001\" role=server\n" + kServer +
                            "clue pjl.product=\"HP LaserJet 4250\" role=server\n" + kServer +
                            "clue pjl.serial=\"EXAMPLE01\" role=server\n" + kServer +
                            "clue pjl.firmware=\"20100625\" role=server\n";
  CHECK(said(turns) == lines);
  CHECK(said(turns, 1) == lines);
}

TEST_CASE("pjl: a job's language, not its name, its user or its content") {
  const std::string job =
      kUel + "@PJL JOB NAME=\"a patient\"\r\n@PJL SET USERNAME=\"a person\"\r\n@PJL ENTER LANGUAGE=PCL\r\n" +
      "\x1b"
      "E text\n@PJL RDYMSG DISPLAY=\"x\"\r\n" +
      kUel + "@PJL EOJ\r\n";
  const std::string lines = kServer + "clue pjl.language=\"pcl\" role=server\n";
  CHECK(said({{kToServer, job}}) == lines);
  CHECK(said({{kToServer, job}}, 1) == lines);
  CHECK(said({{kToServer, kUel + "%!PS-Adobe-3.0\n@PJL RESET\r\n"}}).empty());
}

TEST_CASE("pjl: a driver names the computer that prints") {
  const std::string lines =
      said({{kToServer,
             kUel + "@PJL SET JOBATTR=\"JobAcct1=a-person\"\r\n@PJL SET JOBATTR=\"JobAcct2=WARD-PC\"\r\n"
                    "@PJL SET JOBATTR=\"JobAcct3=HOSPITAL\"\r\n@PJL SET JOBATTR=\"JobAcct6=a "
                    "patient\"\r\n@PJL DMINFO ASCIIHEX=\"04\"\r\n"}});
  CHECK(lines == kClient + "name kind=pjl name=\"WARD-PC\"\n" + kClient +
                     "clue pjl.domain=\"HOSPITAL\" role=client\n");
}

TEST_CASE("pjl: commands on files and panel, a password") {
  const std::string lines =
      said({{kToServer, kUel + "@PJL FSDIRLIST NAME=\"0:\\\" ENTRY=1 COUNT=9\r\n@PJL rdymsg "
                               "display=\"x\"\r\n@PJL JOB PASSWORD = 1234\r\n"}});
  CHECK(lines == kClient + "message pjl \"FSDIRLIST\" status=\"\"\n" + kClient +
                     "message pjl \"RDYMSG\" status=\"\"\n" + kServer +
                     "login pjl mechanism=plain cleartext=true outcome=unknown secret=<redacted> empty=false "
                     "same=false\n");
  CHECK(said({{kToServer, kUel + "@PJL JOB PASSWORD=0\r\n"}}).empty());
}

TEST_CASE("pjl: a label printer says what it is") {
  const Turns turns = {{kToServer, "~HI\r\n"},
                       {kToClient,
                        "\r\n\x02ZT410-200dpi,V75.19.7Z,8,8176KB\x03\r\n\x02"
                        "030,0,0\x03"}};
  const std::string lines = kServer + "service tcp/9100 zpl product=\"\" version=\"\" encrypted=false\n" +
                            kServer + "clue zpl.identity=\"ZT410-200dpi,V75.19.7Z,8,8176KB\" role=server\n" +
                            kServer + "clue zpl.model=\"ZT410-200dpi\" role=server\n" + kServer +
                            "clue zpl.firmware=\"V75.19.7Z\" role=server\n";
  CHECK(said(turns) == lines);
  CHECK(said(turns, 1) == lines);
  CHECK(said({{kToServer, "^XA^FO50,50^FDa patient^FS^XZ"}}) ==
        kServer + "service tcp/9100 zpl product=\"\" version=\"\" encrypted=false\n" + kServer +
            "clue pjl.language=\"zpl\" role=server\n" + kClient + "message pjl \"label\" status=\"\"\n");
}

TEST_CASE("pjl: malformed lines") {
  CHECK(has(said({{kToServer, kUel + "@PJL " + std::string(2000, 'x')}}), "anomaly pjl line-too-long"));
  CHECK(has(said({{kToServer, kUel}, {kToClient, std::string(2000, 'x')}}), "anomaly pjl line-too-long"));
  CHECK(has(said({{kToServer, "~HI"}, {kToClient, "\x02" + std::string(2000, 'x')}}),
            "anomaly pjl line-too-long"));
}

TEST_CASE("pjl: a gap ends it") {
  test::DissectHarness harness(pjl_dissector());
  CHECK(harness.piece(kToServer, kUel));
  CHECK_FALSE(harness.gap(kToServer, 4));
}

TEST_CASE("pjl: recognised by its beginning") {
  const auto recognised = [](const std::string& text, bool on_port, Direction direction = kToServer) {
    return pjl_dissector().recognise({direction, as_bytes(text), 40000, 9100, false, on_port});
  };
  CHECK(recognised(kUel + "@PJL INFO ID", false) == Recognition::kYes);
  CHECK(recognised(kUel + "%!PS-Adobe", false) == Recognition::kNo);
  CHECK(recognised(kUel + "%!PS-Adobe", true) == Recognition::kYes);
  CHECK(recognised("\x1b%-", false) == Recognition::kMore);
  CHECK(recognised("\x1b"
                   "E",
                   false) == Recognition::kNo);
  CHECK(recognised("@PJL INFO ID\r\n", false, kToClient) == Recognition::kYes);
  CHECK(recognised("^XA^FO", true) == Recognition::kYes);
  CHECK(recognised("^XA^FO", false) == Recognition::kNo);
  CHECK(recognised("~HI", true) == Recognition::kYes);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n", true) == Recognition::kNo);
  CHECK(recognised("\x16\x03\x01", true) == Recognition::kNo);
}

}  // namespace bedrail
