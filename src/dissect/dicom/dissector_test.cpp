#include <doctest/doctest.h>

#include <algorithm>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& dicom_dissector();

namespace {

using test::DissectHarness;
constexpr auto kUp = Direction::kToServer;
constexpr auto kDown = Direction::kToClient;
constexpr std::string_view kImplicit = "1.2.840.10008.1.2", kExplicit = "1.2.840.10008.1.2.1",
                           kBig = "1.2.840.10008.1.2.2";
constexpr std::string_view kCt = "1.2.840.10008.5.1.4.1.1.2", kWorklist = "1.2.840.10008.5.1.4.31";

std::string be16(std::size_t v) { return {static_cast<char>(v >> 8), static_cast<char>(v)}; }
std::string be32(std::size_t v) { return be16(v >> 16) + be16(v & 0xffff); }
std::string le16(std::size_t v) { return {static_cast<char>(v), static_cast<char>(v >> 8)}; }
std::string le32(std::size_t v) { return le16(v & 0xffff) + le16(v >> 16); }
std::string title(std::string text) {
  text.resize(16, ' ');
  return text;
}
std::string item(int type, std::string_view value) {
  return std::string(1, static_cast<char>(type)) + '\0' + be16(value.size()) + std::string(value);
}
std::string pdu(int type, std::string_view value) {
  return std::string(1, static_cast<char>(type)) + '\0' + be32(value.size()) + std::string(value);
}
std::string context(int id, std::string_view abstract, std::string_view transfer) {
  return item(0x20,
              std::string{static_cast<char>(id), 0, 0, 0} + item(0x30, abstract) + item(0x40, transfer));
}
std::string answer(int id, int result, std::string_view transfer) {
  return item(0x21,
              std::string{static_cast<char>(id), 0, static_cast<char>(result), 0} + item(0x40, transfer));
}
std::string user(std::string_view extra = {}, std::string_view version = "SYNGO_CT_VA44") {
  return item(0x50, item(0x51, be32(16384)) + item(0x52, "1.3.12.2.1107.5.1") + item(0x55, version) +
                        std::string(extra));
}
std::string associate(int type, std::string_view items, std::string called = "ARCHIVE",
                      std::string calling = "CT01") {
  return pdu(type, be16(1) + be16(0) + title(called) + title(calling) + std::string(32, '\0') +
                       item(0x10, "1.2.840.10008.3.1.1.1") + std::string(items));
}
std::string identity(int type, std::string_view account, std::string_view passcode) {
  return item(0x58, std::string{static_cast<char>(type), 0} + be16(account.size()) + std::string(account) +
                        be16(passcode.size()) + std::string(passcode));
}
std::string fragment(int id, int control, std::string_view bytes) {
  return be32(bytes.size() + 2) + std::string{static_cast<char>(id), static_cast<char>(control)} +
         std::string(bytes);
}
std::string implicit(std::uint32_t tag, std::string_view value) {
  return le16(tag >> 16) + le16(tag & 0xffff) + le32(value.size()) + std::string(value);
}
std::string explicit_le(std::uint32_t tag, std::string_view vr, std::string_view value) {
  return le16(tag >> 16) + le16(tag & 0xffff) + std::string(vr) + le16(value.size()) + std::string(value);
}
std::string explicit_be(std::uint32_t tag, std::string_view vr, std::string_view value) {
  return be16(tag >> 16) + be16(tag & 0xffff) + std::string(vr) + be16(value.size()) + std::string(value);
}
std::string command(int field, std::string_view sop_class, int status = -1, std::string_view more = {},
                    bool data = true) {
  std::string body = implicit(0x00000002, sop_class) + implicit(0x00000100, le16(field)) +
                     implicit(0x00000800, le16(data ? 1 : 0x101));
  if (status >= 0) body += implicit(0x00000900, le16(status));
  body += more;
  return implicit(0x00000000, le32(body.size())) + body;
}
std::string image(std::string (*element)(std::uint32_t, std::string_view, std::string_view) = explicit_le) {
  return element(0x00080060, "CS", "CT") + element(0x00080070, "LO", "ACME Imaging") +
         element(0x00081010, "SH", "CTROOM1 ") + element(0x00081090, "LO", "Spiral 9") +
         element(0x00100010, "PN", "DOE^JANE") + element(0x00100020, "LO", "PID7781 ") +
         element(0x00100040, "CS", "F ") + element(0x00181000, "LO", "SN-4711 ") +
         element(0x00181020, "LO", "VA44A ") + element(0x00280010, "US", std::string_view("\0\2", 2));
}

bool has(const DissectHarness& harness, std::string_view part) {
  const auto lines = harness.lines();
  return std::any_of(lines.begin(), lines.end(),
                     [part](const std::string& line) { return line.find(part) != std::string::npos; });
}
std::size_t count(const DissectHarness& harness, std::string_view part) {
  const auto lines = harness.lines();
  return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [part](const std::string& line) {
    return line.find(part) != std::string::npos;
  }));
}

std::vector<DissectHarness::Turn> store(std::string_view transfer, std::string_view data,
                                        std::string_view more = {}) {
  return {{kUp, associate(1, context(1, kCt, transfer) + context(3, kWorklist, kImplicit) + user())},
          {kDown, associate(2, answer(1, 0, transfer) + answer(3, 3, kImplicit) + user({}, "ARCHIVE_7"))},
          {kUp, pdu(4, fragment(1, 3, command(1, kCt, -1, more))) + pdu(4, fragment(1, 2, data))},
          {kDown, pdu(4, fragment(1, 3, command(0x8001, kCt, 0, {}, false)))},
          {kUp, pdu(5, std::string(4, '\0'))},
          {kDown, pdu(6, std::string(4, '\0'))}};
}

constexpr std::string_view kModality = "10.0.0.1/02:00:00:00:00:01 ",
                           kArchive = "10.0.0.2/02:00:00:00:00:02 ";

}  // namespace

TEST_CASE("dicom: a store tells both ends, the equipment and that patient data passed, never whose") {
  DissectHarness whole(dicom_dissector());
  CHECK_FALSE(whole.stream(store(kExplicit, image())));
  CHECK(whole.result() == StreamFeeder::Result::kDone);
  const std::string a(kModality), b(kArchive);
  const std::vector<std::string> expected = {
      a + "name kind=dicom-ae name=\"CT01\"",
      a + "clue dicom.calling-ae=\"CT01\" role=client",
      a + "clue dicom.abstract-syntax=\"1.2.840.10008.5.1.4.1.1.2\" role=client",
      a + "clue dicom.abstract-syntax=\"1.2.840.10008.5.1.4.31\" role=client",
      a + "clue dicom.implementation-uid=\"1.3.12.2.1107.5.1\" role=client",
      a + "clue dicom.implementation-version=\"SYNGO_CT_VA44\" role=client",
      b + "clue dicom.abstract-syntax=\"1.2.840.10008.5.1.4.1.1.2\" role=server",
      b + "clue dicom.implementation-uid=\"1.3.12.2.1107.5.1\" role=server",
      b + "clue dicom.implementation-version=\"ARCHIVE_7\" role=server",
      b + "service tcp/104 dicom product=\"ARCHIVE_7\" version=\"\" encrypted=false",
      b + "name kind=dicom-ae name=\"ARCHIVE\"",
      b + "clue dicom.called-ae=\"ARCHIVE\" role=server",
      b + "session dicom authentication=none encrypted=false",
      a + "message dicom \"C-STORE-RQ\" status=\"\"",
      a + "clue dicom.stores=\"1.2.840.10008.5.1.4.1.1.2\" role=client",
      a + "clue dicom.modality=\"CT\" role=client",
      a + "clue dicom.manufacturer=\"ACME Imaging\" role=client",
      a + "clue dicom.station=\"CTROOM1\" role=client",
      a + "clue dicom.model=\"Spiral 9\" role=client",
      a + "clue dicom.serial=\"SN-4711\" role=client",
      a + "clue dicom.software=\"VA44A\" role=client",
      a + "patient-data dicom message=\"C-STORE-RQ\" fields=name,id,sex",
      b + "message dicom \"C-STORE-RSP\" status=\"0x0000\"",
  };
  CHECK(whole.lines() == expected);
  for (const std::size_t step : {1, 3, 7, 64}) {
    DissectHarness cut(dicom_dissector());
    (void)cut.stream(store(kExplicit, image()), step);
    CHECK(cut.lines() == expected);
  }
}

TEST_CASE("dicom: big endian, implicit and fragmented data sets give the same equipment") {
  const auto as_implicit = [](std::uint32_t tag, std::string_view, std::string_view value) {
    return implicit(tag, value);
  };
  const std::string data = image(as_implicit);
  for (const auto& [transfer, bytes] : {std::pair{kBig, image(explicit_be)}, std::pair{kImplicit, data}}) {
    DissectHarness harness(dicom_dissector());
    (void)harness.stream(store(transfer, bytes));
    CHECK(has(harness, "dicom.serial=\"SN-4711\""));
    CHECK(has(harness, "fields=name,id,sex"));
  }
  // The command in two fragments of two PDUs, the data set in fragments of five bytes, three to a PDU.
  const std::string order = command(1, kCt);
  std::string stream = pdu(4, fragment(1, 1, order.substr(0, 9))) + pdu(4, fragment(1, 3, order.substr(9)));
  std::string values;
  for (std::size_t at = 0; at < data.size(); at += 5) {
    values += fragment(1, at + 5 >= data.size() ? 2 : 0, data.substr(at, 5));
    if (at % 15 == 10 || at + 5 >= data.size()) stream += pdu(4, std::exchange(values, ""));
  }
  auto turns = store(kImplicit, "");
  turns[2].second = stream;
  DissectHarness harness(dicom_dissector());
  (void)harness.stream(turns, 11);
  CHECK(has(harness, "dicom.manufacturer=\"ACME Imaging\""));
  CHECK(has(harness, "dicom.software=\"VA44A\""));
  CHECK(has(harness, "message dicom \"C-STORE-RSP\""));
}

TEST_CASE("dicom: a data set that is not written as agreed is read as it stands") {
  const auto as_implicit = [](std::uint32_t tag, std::string_view, std::string_view value) {
    return implicit(tag, value);
  };
  const std::string sequence = le16(0x0008) + le16(0x0051) + "SQ" + le16(0) + le32(0) + image();
  const std::string empty = explicit_le(0x00080005, "CS", "") + image();
  const std::string sets[] = {image(), image(as_implicit), image(explicit_be), sequence, empty};
  for (const std::string& data : sets) {
    for (const std::string_view transfer : {kImplicit, kExplicit, kBig}) {
      for (const std::size_t step : {0, 1}) {
        DissectHarness harness(dicom_dissector());
        (void)harness.stream(store(transfer, data), step);
        CHECK(has(harness, "dicom.serial=\"SN-4711\""));
        CHECK(has(harness, "fields=name,id,sex"));
        CHECK_FALSE(has(harness, "anomaly"));
      }
    }
  }
  // A long value in an implicit set, whose length reads as two letters; and bytes that are no data set.
  DissectHarness letters(dicom_dissector());
  (void)letters.stream(store(kImplicit, implicit(0x00080016, std::string(0x4242, '\0'))));
  CHECK_FALSE(has(letters, "anomaly"));
  DissectHarness none(dicom_dissector());
  (void)none.stream(store(kExplicit, std::string(64, '\x7f')));
  CHECK(has(none, "anomaly dicom bad-data-set"));
}

TEST_CASE("dicom: an archive's images are not its own: C-MOVE, answers, deflated") {
  DissectHarness moved(dicom_dissector());
  (void)moved.stream(store(kExplicit, image(), implicit(0x00001030, "VIEWER  ")));
  CHECK_FALSE(has(moved, "dicom.manufacturer"));
  CHECK_FALSE(has(moved, "dicom.stores"));
  CHECK(has(moved, "fields=name,id,sex"));

  DissectHarness got(dicom_dissector());
  auto turns = store(kExplicit, "");
  turns[2].second = pdu(4, fragment(1, 3, command(0x10, kCt, -1, {}, false)));
  turns[3].second = pdu(4, fragment(1, 3, command(1, kCt))) + pdu(4, fragment(1, 2, image()));
  (void)got.stream(turns);
  CHECK_FALSE(has(got, "dicom.manufacturer"));
  CHECK_FALSE(has(got, "dicom.stores"));
  CHECK(has(got, std::string(kArchive) + "patient-data dicom message=\"C-STORE-RQ\""));

  DissectHarness deflated(dicom_dissector());
  (void)deflated.stream(store("1.2.840.10008.1.2.1.99", image()));
  CHECK_FALSE(has(deflated, "dicom.manufacturer"));
  CHECK_FALSE(has(deflated, "patient-data"));
  CHECK_FALSE(has(deflated, "anomaly"));
}

TEST_CASE("dicom: sequences are stepped over, whatever their lengths; the UDI is found in its own") {
  const std::string hidden = explicit_le(0x00080070, "LO", "Other Co");
  const std::string tag_sequence = le16(0x0008) + le16(0x1140) + "SQ" + le16(0);
  const auto raw_item = [](std::uint16_t element, std::uint32_t length) {
    return le16(0xfffe) + le16(element) + le32(length);
  };
  const std::string undefined = tag_sequence + le32(0xffffffff) + raw_item(0xe000, 0xffffffff) + hidden +
                                raw_item(0xe00d, 0) + raw_item(0xe0dd, 0);
  const std::string defined = tag_sequence + le32(hidden.size() + 8) +
                              raw_item(0xe000, static_cast<std::uint32_t>(hidden.size())) + hidden;
  const std::string unknown = le16(0x0009) + le16(0x1001) + "UN" + le16(0) + le32(0xffffffff) +
                              raw_item(0xe000, 0xffffffff) + implicit(0x00080070, "Other Co") +
                              raw_item(0xe00d, 0) + raw_item(0xe0dd, 0);
  const std::string udi_value =
      le16(0x0018) + le16(0x1009) + "UT" + le16(0) + le32(20) + "(01)00844588003288  ";
  for (const bool open : {false, true}) {
    const std::string udi_item =
        raw_item(0xe000, open ? 0xffffffff : static_cast<std::uint32_t>(udi_value.size())) + udi_value +
        (open ? raw_item(0xe00d, 0) : "");
    const std::string udi = le16(0x0018) + le16(0x100a) + "SQ" + le16(0) +
                            le32(open ? 0xffffffff : udi_item.size()) + udi_item +
                            (open ? raw_item(0xe0dd, 0) : "");
    const std::string data = explicit_le(0x00080060, "CS", "MR") + (open ? undefined : defined) + unknown +
                             explicit_le(0x00181000, "LO", "SN1 ") + udi +
                             explicit_le(0x00181020, "LO", "R3");
    DissectHarness harness(dicom_dissector());
    (void)harness.stream(store(kExplicit, data), open ? 1 : 0);
    CHECK_FALSE(has(harness, "Other Co"));
    CHECK(has(harness, "dicom.serial=\"SN1\""));
    CHECK(has(harness, "dicom.udi=\"(01)00844588003288\""));
    CHECK(has(harness, "dicom.software=\"R3\""));
    CHECK_FALSE(has(harness, "anomaly"));
  }
}

TEST_CASE(
    "dicom: several machines' images in one association are all told, a long one's pixels are skipped") {
  auto turns = store(kExplicit, "");
  const std::string other = explicit_le(0x00080070, "LO", "Beta Scans");
  const std::string pixels = explicit_le(0x00080070, "LO", "Beta Scans") + le16(0x0018) + le16(0x0010) +
                             "OB" + le16(0) + le32(200000) + std::string(200000, 'p');
  turns[2].second = pdu(4, fragment(1, 3, command(1, kCt))) + pdu(4, fragment(1, 2, image())) +
                    pdu(4, fragment(1, 3, command(1, kCt))) + pdu(4, fragment(1, 2, other)) +
                    pdu(4, fragment(1, 3, command(1, kCt))) + pdu(4, fragment(1, 2, pixels));
  DissectHarness harness(dicom_dissector());
  (void)harness.stream(turns, 1460);
  CHECK(count(harness, "dicom.manufacturer") == 2);
  CHECK(count(harness, "message dicom \"C-STORE-RQ\"") == 1);
  CHECK(count(harness, "dicom.stores") == 1);
  CHECK(has(harness, "C-STORE-RSP"));
}

TEST_CASE("dicom: user identity is a login, told with the answer and never in clear") {
  const std::string request =
      associate(1, context(1, kCt, kImplicit) + user(identity(2, "radiology", "radiology")));
  DissectHarness taken(dicom_dissector());
  (void)taken.stream(
      {{kUp, request}, {kDown, associate(2, answer(1, 0, kImplicit) + user(item(0x59, be16(0))))}});
  CHECK(has(taken,
            "login dicom mechanism=user-passcode cleartext=true outcome=accepted secret=<redacted> "
            "empty=false same=true"));
  CHECK(has(taken, "session dicom authentication=present encrypted=false"));
  for (const auto& line : taken.lines()) CHECK(line.find("radiology") == std::string::npos);
  DissectHarness ignored(dicom_dissector());
  (void)ignored.stream({{kUp, request}, {kDown, associate(2, answer(1, 0, kImplicit) + user())}});
  CHECK(has(ignored, "session dicom authentication=unknown"));
  CHECK(has(ignored, "login dicom mechanism=user-passcode cleartext=true outcome=unknown"));
  CHECK(count(ignored, "login dicom") == 1);
  DissectHarness refused(dicom_dissector());
  CHECK_FALSE(refused.stream(
      {{kUp, associate(1, user(identity(1, "x", "")))}, {kDown, pdu(3, std::string{0, 1, 1, 1})}}));
  CHECK(has(refused, "login dicom mechanism=user-name cleartext=false outcome=refused secret=<unseen>"));
}

TEST_CASE("dicom: a reject names the server only where the title was not the fault") {
  const auto reject = [](int source, int reason) {
    return pdu(3, std::string{0, 1, static_cast<char>(source), static_cast<char>(reason)});
  };
  DissectHarness called(dicom_dissector());
  CHECK_FALSE(called.stream({{kUp, associate(1, user())}, {kDown, reject(1, 7)}}));
  CHECK(has(called,
            std::string(kArchive) + "message dicom \"A-ASSOCIATE-RJ\" status=\"called-ae-not-recognized\""));
  CHECK(has(called, "service tcp/104 dicom"));
  CHECK_FALSE(has(called, "\"ARCHIVE\""));
  DissectHarness calling(dicom_dissector());
  CHECK_FALSE(calling.stream({{kUp, associate(1, user())}, {kDown, reject(1, 3)}}));
  CHECK(has(calling, "name kind=dicom-ae name=\"ARCHIVE\""));
  CHECK_FALSE(has(calling, "session"));
}

TEST_CASE("dicom: a request without an answer") {
  DissectHarness registered(dicom_dissector());
  CHECK(registered.stream({{kUp, associate(1, context(1, kCt, kImplicit) + user())}}));
  CHECK_FALSE(has(registered, "ARCHIVE"));
  registered.close();
  CHECK(has(registered, "name kind=dicom-ae name=\"ARCHIVE\""));
  CHECK(has(registered, "service tcp/104 dicom"));
  DissectHarness other(dicom_dissector(), Transport::kTcp, 5000);
  CHECK(other.stream({{kUp, associate(1, user())}}));
  other.close();
  CHECK_FALSE(has(other, "service"));
}

TEST_CASE("dicom: worklist answers belong to nobody's equipment; a C-MOVE says where to") {
  auto turns = store(kImplicit, "");
  turns[1].second = associate(2, answer(1, 3, kImplicit) + answer(3, 0, kImplicit) + user());
  const std::string query =
      implicit(0x00080060, "CT") + implicit(0x00100010, "* ") + implicit(0x00100020, "");
  turns[2].second =
      pdu(4, fragment(3, 3, command(0x20, kWorklist))) + pdu(4, fragment(3, 2, query)) +
      pdu(4, fragment(3, 3, command(0x21, kWorklist, -1, implicit(0x00000600, "STORE2"), false)));
  const std::string found = implicit(0x00080080, "General ") + implicit(0x00100010, "ROE^RICHARD ");
  turns[3].second =
      pdu(4, fragment(3, 3, command(0x8020, kWorklist, 0xff00))) + pdu(4, fragment(3, 2, found)) +
      pdu(4, fragment(3, 3, command(0x8020, kWorklist, 0xff00))) + pdu(4, fragment(3, 2, found)) +
      pdu(4, fragment(3, 3, command(0x8020, kWorklist, 0, {}, false)));
  DissectHarness harness(dicom_dissector());
  (void)harness.stream(turns);
  CHECK(has(harness, "message dicom \"C-FIND-RSP\" status=\"0xff00\""));
  CHECK(has(harness, "message dicom \"C-FIND-RSP\" status=\"0x0000\""));
  CHECK(count(harness, "C-FIND-RSP\" status") == 2);
  CHECK_FALSE(has(harness, "dicom.modality"));
  CHECK_FALSE(has(harness, "dicom.institution"));
  CHECK_FALSE(has(harness, "C-FIND-RQ\" fields"));
  CHECK(has(harness, std::string(kArchive) + "patient-data dicom message=\"C-FIND-RSP\" fields=name"));
  CHECK(has(harness, "dicom.move-destination=\"STORE2\""));
}

TEST_CASE("dicom: from the middle of an association, and over losses") {
  DissectHarness harness(dicom_dissector());
  const std::string message = pdu(4, fragment(1, 3, command(1, kCt))) + pdu(4, fragment(1, 2, image()));
  CHECK(
      harness.stream({{kUp, message}, {kDown, pdu(4, fragment(1, 3, command(0x8001, kCt, 0, {}, false)))}}));
  CHECK(has(harness, "dicom.serial=\"SN-4711\""));
  CHECK(has(harness, "dicom.abstract-syntax=\"1.2.840.10008.5.1.4.1.1.2\" role=client"));
  CHECK(has(harness, "service tcp/104 dicom"));
  CHECK_FALSE(has(harness, "session"));
  CHECK(harness.gap(kUp, 777));
  CHECK(harness.piece(kUp, "rest of something"));
  CHECK(harness.piece(kUp, pdu(4, fragment(1, 3, command(0x30, "1.2.840.10008.1.1", -1, {}, false)))));
  CHECK(has(harness, "C-ECHO-RQ"));
  // A loss inside an image leaves the framing whole.
  CHECK(harness.piece(kUp, pdu(4, fragment(1, 3, command(1, kCt))) +
                               pdu(4, fragment(1, 2, std::string(900, 'x'))).substr(0, 500)));
  CHECK(harness.gap(kUp, 412));
  CHECK_FALSE(harness.piece(kUp, pdu(7, std::string{0, 0, 2, 1})));
  CHECK(has(harness, "A-ABORT\" status=\"service-provider\""));
}

TEST_CASE("dicom: malformed input has names") {
  const auto lines_of = [](std::string_view bytes) {
    DissectHarness harness(dicom_dissector());
    (void)harness.stream({{kUp, std::string(bytes)}});
    return harness.lines().empty() ? std::string() : harness.lines().back();
  };
  CHECK(lines_of(pdu(1, "short")).ends_with("anomaly dicom bad-associate-length"));
  CHECK(lines_of(pdu(5, "12345")).ends_with("anomaly dicom bad-pdu-length"));
  CHECK(lines_of(pdu(9, "1234")).ends_with("anomaly dicom unknown-pdu"));
  CHECK(lines_of(pdu(4, be32(50) + "abcd")).ends_with("anomaly dicom bad-value-length"));
  CHECK(lines_of(pdu(4, fragment(1, 3, "\1\2\3"))).ends_with("anomaly dicom bad-command"));
  CHECK(lines_of(associate(1, "\x50\x01")).ends_with("anomaly dicom bad-item-length"));
  const std::string bad = pdu(4, fragment(1, 3, command(1, kCt))) + pdu(4, fragment(1, 2, image() + image()));
  CHECK_FALSE(lines_of(bad).ends_with("bad-data-set"));  // it ended before
  const std::string backwards = explicit_le(0x00080070, "LO", "AB") + explicit_le(0x00080060, "CS", "CT");
  CHECK(lines_of(pdu(4, fragment(1, 3, command(1, kCt))) + pdu(4, fragment(1, 2, backwards)))
            .ends_with("anomaly dicom bad-data-set"));
}

TEST_CASE("dicom: recognised by content") {
  const auto probe = [](std::string_view bytes, Direction direction = kUp, bool midstream = false,
                        bool on_port = false) {
    return dicom_dissector().recognise({direction, as_bytes(bytes), 40000, 4242, midstream, on_port});
  };
  const std::string request = associate(1, user());
  CHECK(probe(request) == Recognition::kYes);
  CHECK(probe(request.substr(0, 20)) == Recognition::kMore);
  CHECK(probe(associate(2, user()), kDown) == Recognition::kYes);
  CHECK(probe(pdu(3, std::string{0, 1, 1, 7}), kDown) == Recognition::kYes);
  CHECK(probe(pdu(4, fragment(1, 3, command(1, kCt))), kUp, true) == Recognition::kYes);
  CHECK(probe(pdu(4, fragment(1, 0, image())), kUp, true, true) == Recognition::kMaybe);
  CHECK(probe(pdu(4, fragment(1, 0, image())), kUp, true) == Recognition::kNo);
  CHECK(probe(std::string("\1\0\0\0\0\x10", 6)) == Recognition::kNo);
  CHECK(probe("\3\1 GET / HTTP/1.1") == Recognition::kNo);
  CHECK(probe(std::string("\5\1\0", 3)) == Recognition::kNo);
}

}  // namespace bedrail
