// Any sequence of observations within tiny limits: the result keeps its promises.
#include <cstdint>
#include <cstdlib>
#include <set>

#include "base/byte_reader.h"
#include "inventory/inventory.h"

namespace {

using bedrail::ByteReader;

void require(bool held) {
  if (!held) std::abort();
}

/// Few different addresses, so that they meet.
bedrail::IpAddress ip_of(std::uint8_t byte) {
  switch (byte >> 6) {
    case 0:
      return bedrail::IpAddress::v4(0x0a000000U + (byte & 63U));
    case 1:
      return bedrail::IpAddress::v4(0xc6336400U + (byte & 63U));
    case 2: {
      bedrail::IpAddress out;
      out.octets = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, byte};
      return out;
    }
    default:
      return (byte & 1) != 0 ? bedrail::IpAddress::v4(0xe0000000U + byte)
                             : bedrail::IpAddress::v4(0xffffffffU * (byte & 2U));
  }
}
bedrail::MacAddress mac_of(std::uint8_t byte) {
  return {{byte == 255 ? std::uint8_t{1} : std::uint8_t(byte >> 6 << 1), 0,
           byte == 0 ? std::uint8_t{0} : std::uint8_t{0x5e}, 0, 0x53, byte}};
}

bedrail::Party party_of(ByteReader& in) {
  bedrail::Party out;
  const std::uint8_t what = in.u8();
  if ((what & 1) != 0) out.ip = ip_of(in.u8());
  if ((what & 2) != 0) out.mac = mac_of(in.u8());
  out.mac_declared = (what & 4) != 0;
  out.vlan = what >> 4;
  return out;
}

bedrail::ConnectionSeen connection_of(ByteReader& in, const bedrail::PacketRef& where) {
  bedrail::ConnectionSeen out;
  out.key.client = {ip_of(in.u8()), 1024};
  out.key.server = {ip_of(in.u8()), in.u8()};
  const std::uint8_t what = in.u8();
  out.key.transport = static_cast<bedrail::Transport>(what & 3);
  out.state = static_cast<bedrail::ConnectionSeen::State>((what >> 2) % 6);
  if ((what & 64) != 0) out.client_mac = mac_of(in.u8());
  if ((what & 128) != 0) out.server_mac = mac_of(in.u8());
  out.client_ttl = in.u8();
  out.server_ttl = in.u8();
  out.first = where;
  out.last = where.time;
  out.packets_to_server = in.u8();
  out.packets_to_client = in.u8();
  out.protocol = (what & 32) != 0 ? "http" : "";
  return out;
}

decltype(bedrail::Observation::body) body_of(ByteReader& in, const bedrail::PacketRef& where) {
  using namespace bedrail;  // NOLINT(google-build-using-namespace): every body's name
  static constexpr std::string_view kKeys[] = {"smb.server-guid", "snmp.engine-id", "http.server",
                                               "dhcp.client-uuid"};
  static constexpr std::string_view kHow[] = {"arp", "nd", "dhcp", "dhcpv6"};
  const std::uint8_t kind = in.u8();
  const std::string text = std::to_string(kind >> 4);
  switch (kind % 14) {
    case 0:
      return AddressBound{ip_of(in.u8()), mac_of(in.u8()), kHow[(kind >> 4) % 4], 0};
    case 1:
      return NameHeard{"dns", text};
    case 2:
      return Clue{kKeys[(kind >> 4) % 4], std::to_string(in.u8() & 7), static_cast<Role>((kind >> 6) % 3)};
    case 3:
      return ServiceOffered{Transport::kTcp, in.u8(), "http", text, "", false};
    case 4: {
      LoginSeen login;
      login.protocol = "ftp";
      login.secret_empty = (kind & 16) != 0;
      return login;
    }
    case 5:
      return ProtocolUsed{"smb", text, true};
    case 6:
      return SessionSeen{"dicom", SessionSeen::Authentication::kNone, false};
    case 7:
      return PatientDataSeen{"hl7", text, "name"};
    case 8:
      return MessageSeen{"hl7", text, "AA"};
    case 9:
      return LinkNeighbour{"lldp", text};
    case 10:
      return AnomalySeen{"smb", "truncated"};
    case 12: {
      // What a gateway says of a device: numbers, names and addresses that meet, or anything.
      const std::uint8_t what = in.u8();
      std::string told = (what & 1) != 0 ? "equipment-eui64=" + text : "equipment=" + text;
      if ((what & 2) != 0) told += "|equipment-mac=" + to_string(mac_of(in.u8()));
      if ((what & 4) != 0) told += "|address=" + to_string(ip_of(in.u8()));
      if ((what & 8) != 0) told = "equipment-serial=" + text + "|location=" + std::to_string(what);
      if ((what & 16) != 0) told = std::string(as_text(in.bytes(what >> 5)));
      return Clue{"hl7.declared", std::move(told), Role::kClient};
    }
    case 11:
      return LinkTraffic{0x88cc, 1, 60, where.time};
    default:
      return connection_of(in, where);
  }
}

void check_device(const bedrail::DeviceFacts& device, const bedrail::InventoryLimits& limits) {
  const bool somewhere = !device.macs.empty() || !device.addresses.empty();
  require(device.heard ? somewhere : !somewhere && !device.declared_by.empty());
  require(device.first && device.last && device.last->time >= device.first->time);
  require(device.peers == device.internal_peers + device.external_peers);
  require(device.peer_ids.size() <= 64);
  require(device.names.size() <= limits.facts && device.clues.size() <= limits.facts);
  require(device.logins.size() <= limits.facts && device.messages.size() <= limits.facts);
  for (const auto& address : device.addresses) require(address.ip.is_unicast());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteReader in(bedrail::as_bytes({reinterpret_cast<const char*>(data), size}));
  const bedrail::InventoryLimits limits{in.u8(), in.u8(), 8, std::size_t{in.u8()} % 8};
  bedrail::Inventory inventory(limits);
  std::uint64_t sequence = 0;
  while (in.remaining() > 0) {
    bedrail::Observation one;
    one.where = {++sequence, {static_cast<std::int64_t>(sequence * 1000)}, sequence, 0};
    one.who = party_of(in);
    one.body = body_of(in, one.where);
    if (sequence % 2 == 0) one.peer = party_of(in);
    one.protocol = "test";
    inventory.add(one);
  }
  const bedrail::InventoryResult result = inventory.finish();
  std::set<std::string> ids;
  for (std::size_t i = 0; i < result.devices.size(); ++i) {
    require(i == 0 || result.devices[i - 1].id < result.devices[i].id);
    ids.insert(result.devices[i].id);
    check_device(result.devices[i], limits);
  }
  require(result.connections.size() <= limits.connections);
  for (const bedrail::ConnectionRow& row : result.connections) {
    for (const std::string& end : {row.client, row.server})
      require(ids.contains(end) || bedrail::parse_ip(end));
    require(row.failed <= row.count && row.count > 0 && row.evidence.frame > 0);
  }
  for (const auto& device : result.devices)
    for (const std::string& peer : device.peer_ids) require(ids.contains(peer));
  for (const bedrail::Notice& notice : result.notices) require(notice.count > 0 && !notice.text.empty());
  return 0;
}
