#include "base/text.h"
#include "dissect/netbios/speaker.h"

namespace bedrail::netbios {
namespace {

/// MS-BRWS, 2.2.
enum Frame : std::uint8_t {
  kHostAnnouncement = 0x01,
  kElection = 0x08,
  kDomainAnnouncement = 0x0c,
  kLocalMaster = 0x0f
};

constexpr std::uint8_t kSmbTransaction = 0x25;

struct ServerType {
  std::uint32_t bit;
  std::string_view role;
};
/// What a server says it is (MS-SRVS, 2.2.2.7, SV_TYPE).
constexpr ServerType kServerTypes[] = {
    {0x00000001, "workstation"},
    {0x00000002, "server"},
    {0x00000004, "sql-server"},
    {0x00000008, "domain-controller"},
    {0x00000010, "backup-domain-controller"},
    {0x00000020, "time-source"},
    {0x00000040, "apple-file-server"},
    {0x00000080, "novell-server"},
    {0x00000100, "domain-member"},
    {0x00000200, "print-server"},
    {0x00000400, "dial-in-server"},
    {0x00000800, "unix-server"},
    {0x00001000, "nt-workstation"},
    {0x00002000, "windows-for-workgroups"},
    {0x00008000, "nt-server"},
    {0x00010000, "potential-browser"},
    {0x00020000, "backup-browser"},
    {0x00040000, "master-browser"},
    {0x00080000, "domain-master-browser"},
    {0x00100000, "osf-server"},
    {0x00200000, "vms-server"},
    {0x00400000, "windows-95"},
    {0x00800000, "dfs-root"},
    {0x01000000, "cluster"},
    {0x02000000, "terminal-server"},
};

/// Text up to the first NUL.
std::string_view until_nul(Bytes bytes) {
  const std::string_view text = as_text(bytes);
  return text.substr(0, text.find('\0'));
}

/// Announcement of a host, of the segment's master browser, or of a domain by its master: one layout.
void announcement(std::uint8_t frame, ByteReader reader, Teller& teller) {
  reader.skip(5);
  const std::string_view name = trim(until_nul(reader.bytes(16)));
  const std::uint8_t major = reader.u8(), minor = reader.u8();
  const std::uint32_t type = reader.le32();
  reader.skip(4);
  if (!reader.ok()) return teller.anomaly("malformed");
  const std::string_view comment = until_nul(reader.rest());
  const Party& self = teller.sender();
  if (frame == kDomainAnnouncement) {
    // Its comment is the master's name; its type is the domain's.
    teller.clue(self, "netbios.group", name);
    teller.clue(self, "netbios.role", "master-browser");
    return teller.name(self, comment);
  }
  teller.name(self, name);
  teller.clue(self, "netbios.os", std::to_string(major) + "." + std::to_string(minor));
  for (const ServerType& known : kServerTypes) {
    if ((type & known.bit) != 0) teller.clue(self, "netbios.role", known.role);
  }
  if (frame == kLocalMaster) teller.clue(self, "netbios.role", "master-browser");
  teller.clue(self, "netbios.comment", comment);
}

void browser_frame(ByteReader reader, Teller& teller) {
  const std::uint8_t frame = reader.u8();
  switch (frame) {
    case kHostAnnouncement:
    case kLocalMaster:
    case kDomainAnnouncement:
      return announcement(frame, reader, teller);
    case kElection:
      // Version, criteria, time up, reserved, then the name of the one who stands (MS-BRWS, 2.2.3).
      reader.skip(13);
      if (reader.ok()) teller.name(teller.sender(), until_nul(reader.rest()));
      return;
    default:
      return;
  }
}

/// A write to a mailslot: an SMB transaction (MS-CIFS, 2.2.4.33.1) whose data is the message.
void mailslot(Bytes message, Teller& teller) {
  ByteReader reader(message);
  if (reader.text(4) != "\xffSMB" || reader.u8() != kSmbTransaction) return;
  reader.seek(32);
  const std::uint8_t words = reader.u8();
  ByteReader parameters = reader.slice(words * 2U);
  parameters.skip(22);
  const std::uint16_t size = parameters.le16();
  const std::uint16_t offset = parameters.le16();
  reader.skip(2);
  if (!reader.ok() || !parameters.ok()) return teller.anomaly("malformed");
  if (!equals_ignoring_case(until_nul(reader.rest()), "\\MAILSLOT\\BROWSE")) return;
  reader.seek(offset);
  const ByteReader data = reader.slice(size);
  if (!data.ok()) return teller.anomaly("malformed");
  browser_frame(data, teller);
}

/// What all three kinds begin with.
struct Head {
  std::uint8_t kind = 0;
  IpAddress source;
  std::uint16_t offset = 0;
};

Head read_head(ByteReader& reader) {
  Head head;
  head.kind = reader.u8();
  reader.skip(3);
  head.source = IpAddress::from(reader.bytes(4));
  reader.skip(4);
  head.offset = reader.be16();
  return head;
}

/// Directed, to a group, broadcast (RFC 1002, 4.4.1).
bool carries_data(std::uint8_t kind) { return kind >= 0x10 && kind <= 0x12; }

}  // namespace

bool is_datagram(Bytes bytes) {
  ByteReader reader(bytes);
  const Head head = read_head(reader);
  dns::Name name;
  return carries_data(head.kind) && head.source.is_unicast() && dns::read_name(reader, name) &&
         dns::decode_netbios_label(name.label(0));
}

void read_datagram(Bytes datagram, Teller& teller) {
  ByteReader reader(datagram);
  const Head head = read_head(reader);
  // Errors and queries for a distribution server carry nothing to tell.
  if (!datagram.empty() && !carries_data(head.kind)) return;
  if (!reader.ok()) return teller.anomaly("truncated");
  dns::Name source, destination;
  dns::read_name(reader, source);
  dns::read_name(reader, destination);
  if (!reader.ok()) return teller.anomaly("malformed");
  const auto name = dns::decode_netbios_label(source.label(0));
  if (!name) return teller.anomaly("bad-name");
  const bool own = head.source == teller.sender().ip;
  if (head.source.is_unicast() && !head.source.is_loopback())
    teller.holds(teller.party_at(head.source), *name, false);
  // Passed on by a distribution server (RFC 1002, 5.3.3), it speaks for another.
  if (own && head.offset == 0) mailslot(reader.rest(), teller);
}

}  // namespace bedrail::netbios
