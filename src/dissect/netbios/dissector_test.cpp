#include <doctest/doctest.h>

#include "dissect_harness.h"
#include "dns_builder.h"

namespace bedrail {
const DissectorInfo& netbios_dissector();

namespace {

using test::DnsBuilder;

constexpr auto kAnswer = DnsBuilder::kAnswer;
constexpr unsigned kNb = 32, kStatus = 33;
const std::string kMe = "10.0.0.1/02:00:00:00:00:01 ";

std::string said(const std::vector<std::string>& messages, std::uint16_t port = 137,
                 Direction direction = Direction::kToServer) {
  test::DissectHarness harness(netbios_dissector(), Transport::kUdp, port);
  harness.context().key.client.port = port;
  for (const std::string& message : messages) harness.datagram(direction, message);
  return harness.text();
}

/// Flags and address of a holder.
std::string holder(unsigned flags, const std::string& last) {
  return DnsBuilder::be16(flags) + std::string("\x0a\0\0", 3) + last;
}

std::string registration(const std::string& name, unsigned suffix, unsigned flags = 0,
                         const std::string& last = "\1", std::uint16_t header = 0x2910) {
  return DnsBuilder(header)
      .ask(DnsBuilder::netbios(name, suffix), kNb)
      .record(DnsBuilder::kAdditional, DnsBuilder::netbios(name, suffix), kNb, holder(flags, last))
      .text();
}

std::string le16(unsigned value) {
  return {static_cast<char>(value & 0xff), static_cast<char>(value >> 8 & 0xff)};
}
std::string le32(std::uint32_t value) { return le16(value & 0xffff) + le16(value >> 16); }
std::string padded(std::string text, std::size_t size, char fill) {
  text.resize(size, fill);
  return text;
}

/// An SMB transaction that writes `frame` to a mailslot.
std::string written(const std::string& frame, const std::string& slot = "\\MAILSLOT\\BROWSE") {
  const std::string name = slot + '\0';
  const std::size_t offset = 32 + 1 + 34 + 2 + name.size();
  return "\xffSMB\x25" + std::string(27, '\0') + '\x11' + std::string(22, '\0') +
         le16(static_cast<unsigned>(frame.size())) + le16(static_cast<unsigned>(offset)) +
         std::string("\3\0\1\0\0\0\2\0", 8) + le16(static_cast<unsigned>(name.size() + frame.size())) + name +
         frame;
}

std::string datagram(const std::string& source, unsigned suffix, const std::string& data,
                     const std::string& last = "\1", unsigned offset = 0) {
  return std::string("\x11\x0a\x12\x34\x0a\0\0", 7) + last + DnsBuilder::be16(138) +
         DnsBuilder::be16(static_cast<unsigned>(68 + data.size())) + DnsBuilder::be16(offset) +
         DnsBuilder::netbios(source, suffix) + DnsBuilder::netbios("CLINIC", 0x1d) + data;
}

std::string announcement(char kind, const std::string& name, std::uint32_t type, const std::string& comment) {
  return std::string(1, kind) + '\0' + le32(720000) + padded(name, 16, '\0') + "\6\1" + le32(type) +
         "\x0f\1\x55\xaa" + comment + '\0';
}

}  // namespace

TEST_CASE("netbios: registrations name their holders by suffix") {
  CHECK(said({registration("WARD-PC", 0x00), registration("WARD-PC", 0x20),
              registration("WARD-PC", 0x00, 0, "\1", 0x4110)}) ==
        kMe + "name kind=netbios name=\"WARD-PC\"\n");
  CHECK(said({registration("CLINIC", 0x00, 0x8000)}) == kMe + "clue netbios.group=\"CLINIC\" role=self\n");
  CHECK(said({registration("CLINIC", 0x1e, 0x8000)}) == kMe + "clue netbios.group=\"CLINIC\" role=self\n");
  CHECK(said({registration("CLINIC", 0x1b)}) ==
        kMe + "clue netbios.role=\"domain-master-browser\" role=self\n" + kMe +
            "clue netbios.group=\"CLINIC\" role=self\n");
  CHECK(said({registration("CLINIC", 0x1c, 0x8000)})
            .starts_with(kMe + "clue netbios.role=\"domain-controller\" role=self\n"));
  CHECK(said({registration("CLINIC", 0x1d)})
            .starts_with(kMe + "clue netbios.role=\"master-browser\" role=self\n"));
  CHECK(said({registration("\1\2__MSBROWSE__\2", 0x01, 0x8000)}) ==
        kMe + "clue netbios.role=\"master-browser\" role=self\n");
  CHECK(said({registration("INet~Services", 0x1c, 0x8000)}) ==
        kMe + "clue netbios.role=\"web-server\" role=self\n");
  // 03 may be a person; another's address is another's name; a release gives up; a refusal gives nothing.
  CHECK(said({registration("DR-HOUSE", 0x03)}).empty());
  CHECK(said({registration("WARD-PC", 0x00, 0, "\x09")}) == "10.0.0.9 name kind=netbios name=\"WARD-PC\"\n");
  CHECK(said({registration("WARD-PC", 0x00, 0, "\1", 0x3010)}).empty());
  CHECK(said({registration("WARD-PC", 0x00, 0, "\1", 0xad86)}).empty());
}

TEST_CASE("netbios: a query says nothing of the asker, an answer of the address answered") {
  CHECK(said({DnsBuilder(0x0110).ask(DnsBuilder::netbios("PACS", 0x20), kNb).text()}).empty());
  const std::string answer =
      DnsBuilder(0x8500)
          .record(kAnswer, DnsBuilder::netbios("PACS", 0x20), kNb, holder(0, "\1") + holder(0, "\x09"))
          .text();
  CHECK(said({answer}) == kMe + "service udp/137 netbios-ns product=\"\" version=\"\" encrypted=false\n" +
                              kMe + "name kind=netbios name=\"PACS\"\n" +
                              "10.0.0.9 name kind=netbios name=\"PACS\"\n");
  const std::string controllers =
      DnsBuilder(0x8580)
          .record(kAnswer, DnsBuilder::netbios("CLINIC", 0x1c), kNb, holder(0x8000, "\x08"))
          .text();
  CHECK(said({controllers})
            .ends_with("10.0.0.8 clue netbios.role=\"domain-controller\" role=self\n10.0.0.8 clue "
                       "netbios.group=\"CLINIC\" role=self\n"));
}

TEST_CASE("netbios: node status gives the table and the MAC") {
  const auto entry = [](const std::string& name, char suffix, unsigned flags) {
    return padded(name, 15, ' ') + suffix + DnsBuilder::be16(flags);
  };
  const std::string table = "\x05" + entry("WARD-PC", '\0', 0x0400) + entry("CLINIC", '\0', 0x8400) +
                            entry("WARD-PC", '\x20', 0x0400) + entry("DR-HOUSE", '\x03', 0x0400) +
                            entry("LOST", '\x20', 0x0c00);
  const std::string any = DnsBuilder::netbios(std::string("*") + std::string(14, '\0'), 0);
  const std::string zero_mac =
      DnsBuilder(0x8400).record(kAnswer, any, kStatus, table + std::string(46, '\0')).text();
  const std::string with_mac =
      DnsBuilder(0x8400)
          .record(kAnswer, any, kStatus, table + test::from_hex("001122334455") + std::string(40, '\0'))
          .text();
  const std::string service = "service udp/137 netbios-ns product=\"\" version=\"\" encrypted=false\n";
  CHECK(said({zero_mac}) == kMe + service + kMe + "name kind=netbios name=\"WARD-PC\"\n" + kMe +
                                "clue netbios.group=\"CLINIC\" role=self\n");
  CHECK(said({with_mac}) == kMe + service +
                                "10.0.0.1=00:11:22:33:44:55 name kind=netbios name=\"WARD-PC\"\n" +
                                "10.0.0.1=00:11:22:33:44:55 clue netbios.group=\"CLINIC\" role=self\n");
  CHECK(
      said({zero_mac}, 137, Direction::kToClient).starts_with("10.0.0.2/02:00:00:00:00:02 service udp/137"));
  const std::string cut = DnsBuilder(0x8400).record(kAnswer, any, kStatus, table.substr(0, 40)).text();
  CHECK(said({cut}) == kMe + service + kMe + "anomaly netbios malformed\n");
}

TEST_CASE("netbios: browser announcements") {
  const std::string host =
      datagram("WARD-PC", 0, written(announcement('\1', "WARD-PC", 0x00040203, "Ward 7, window")));
  CHECK(said({host, host}, 138) == kMe + "name kind=netbios name=\"WARD-PC\"\n" + kMe +
                                       "clue netbios.os=\"6.1\" role=self\n" + kMe +
                                       "clue netbios.role=\"workstation\" role=self\n" + kMe +
                                       "clue netbios.role=\"server\" role=self\n" + kMe +
                                       "clue netbios.role=\"print-server\" role=self\n" + kMe +
                                       "clue netbios.role=\"master-browser\" role=self\n" + kMe +
                                       "clue netbios.comment=\"Ward 7, window\" role=self\n");
  const std::string domain =
      datagram("WARD-PC", 0, written(announcement('\x0c', "CLINIC", 0x80001000, "WARD-PC")));
  CHECK(said({domain}, 138) == kMe + "name kind=netbios name=\"WARD-PC\"\n" + kMe +
                                   "clue netbios.group=\"CLINIC\" role=self\n" + kMe +
                                   "clue netbios.role=\"master-browser\" role=self\n");
  const std::string election =
      datagram("CLINIC", 0x1e, written("\x08\1" + le32(1) + le32(2) + le32(0) + "US4\0"));
  CHECK(said({election}, 138).find("name kind=netbios name=\"US4\"\n") != std::string::npos);
  // Logons are not read; nor is what a distribution server passes on, or a later fragment.
  const std::string frame = announcement('\1', "OTHER", 3, "");
  CHECK(said({datagram("WARD-PC", 0, written(frame, "\\MAILSLOT\\NET\\NETLOGON"))}, 138) ==
        kMe + "name kind=netbios name=\"WARD-PC\"\n");
  CHECK(said({datagram("WARD-PC", 0, written(frame), "\x09")}, 138) ==
        "10.0.0.9 name kind=netbios name=\"WARD-PC\"\n");
  CHECK(said({datagram("WARD-PC", 0, written(frame), "\1", 500)}, 138) ==
        kMe + "name kind=netbios name=\"WARD-PC\"\n");
}

TEST_CASE("netbios: malformed messages") {
  CHECK(said({"abc"}) == kMe + "anomaly netbios truncated\n");
  CHECK(said({"\x11"}, 138) == kMe + "anomaly netbios truncated\n");
  CHECK(said({std::string("\x15\0\0\0", 4)}, 138).empty());
  const std::string whole = registration("WARD-PC", 0);
  CHECK(said({whole.substr(0, whole.size() - 2)}) == kMe + "anomaly netbios malformed\n");
  CHECK(said({DnsBuilder(0x0110).ask(DnsBuilder::name("plain"), kNb).text()}) ==
        kMe + "anomaly netbios bad-name\n");
  const std::string host = datagram("WARD-PC", 0, written(announcement('\1', "WARD-PC", 3, "")));
  CHECK(said({host.substr(0, 60)}, 138) == kMe + "anomaly netbios malformed\n");
  CHECK(said({host.substr(0, host.size() - 10)}, 138) ==
        kMe + "name kind=netbios name=\"WARD-PC\"\n" + kMe + "anomaly netbios malformed\n");
}

TEST_CASE("netbios: recognised by its names on any port") {
  const auto recognised = [](const std::string& text, bool on_port) {
    return netbios_dissector().recognise(
        {Direction::kToServer, as_bytes(text), 40000, 40001, false, on_port});
  };
  CHECK(recognised(registration("A", 0), false) == Recognition::kYes);
  CHECK(recognised(registration("A", 0).substr(0, 60), true) == Recognition::kMaybe);
  CHECK(recognised(registration("A", 0).substr(0, 60), false) == Recognition::kNo);
  CHECK(recognised(datagram("A", 0, ""), false) == Recognition::kYes);
  CHECK(recognised(DnsBuilder(0x0100).ask(DnsBuilder::name("www.example.org"), 1).text(), true) ==
        Recognition::kNo);
  CHECK(recognised("M-SEARCH * HTTP/1.1\r\n\r\n", true) == Recognition::kNo);
}

}  // namespace bedrail
