#include "dissect/snmp/objects.h"

#include "base/byte_reader.h"

namespace bedrail::snmp {
namespace {

using namespace std::string_view_literals;

struct Entry {
  std::string_view oid;  ///< BER content; a table's column without the row
  bool row = false;      ///< one more arc follows
  Meaning meaning = Meaning::kText;
  std::string_view clue;
};

constexpr Entry kObjects[] = {
    // SNMPv2-MIB, system group: 1.3.6.1.2.1.1 (RFC 3418).
    {"\x2b\x06\x01\x02\x01\x01\x01\x00"sv, false, Meaning::kText, "snmp.sysdescr"},
    {"\x2b\x06\x01\x02\x01\x01\x02\x00"sv, false, Meaning::kObjectId, "snmp.sysobjectid"},
    {"\x2b\x06\x01\x02\x01\x01\x05\x00"sv, false, Meaning::kName, {}},
    {"\x2b\x06\x01\x02\x01\x01\x06\x00"sv, false, Meaning::kText, "snmp.syslocation"},
    // HOST-RESOURCES-MIB, hrDeviceDescr: 1.3.6.1.2.1.25.3.2.1.3 (RFC 2790).
    {"\x2b\x06\x01\x02\x01\x19\x03\x02\x01\x03"sv, true, Meaning::kText, "snmp.device-descr"},
    // Printer-MIB, prtGeneralSerialNumber: 1.3.6.1.2.1.43.5.1.1.17 (RFC 3805).
    {"\x2b\x06\x01\x02\x01\x2b\x05\x01\x01\x11"sv, true, Meaning::kText, "snmp.entity-serial"},
    // ENTITY-MIB, entPhysicalTable: 1.3.6.1.2.1.47.1.1.1.1 (RFC 6933).
    {"\x2b\x06\x01\x02\x01\x2f\x01\x01\x01\x01\x02"sv, true, Meaning::kEntityText, "snmp.entity-descr"},
    {"\x2b\x06\x01\x02\x01\x2f\x01\x01\x01\x01\x05"sv, true, Meaning::kEntityClass, {}},
    {"\x2b\x06\x01\x02\x01\x2f\x01\x01\x01\x01\x08"sv, true, Meaning::kEntityText, "snmp.entity-hardware"},
    {"\x2b\x06\x01\x02\x01\x2f\x01\x01\x01\x01\x09"sv, true, Meaning::kEntityText, "snmp.entity-firmware"},
    {"\x2b\x06\x01\x02\x01\x2f\x01\x01\x01\x01\x0a"sv, true, Meaning::kEntityText, "snmp.entity-software"},
    {"\x2b\x06\x01\x02\x01\x2f\x01\x01\x01\x01\x0b"sv, true, Meaning::kEntityText, "snmp.entity-serial"},
    {"\x2b\x06\x01\x02\x01\x2f\x01\x01\x01\x01\x0c"sv, true, Meaning::kEntityText,
     "snmp.entity-manufacturer"},
    {"\x2b\x06\x01\x02\x01\x2f\x01\x01\x01\x01\x0d"sv, true, Meaning::kEntityText, "snmp.entity-model"},
    // SNMPv2-MIB, snmpTrapOID and snmpTrapEnterprise: 1.3.6.1.6.3.1.1.4.
    {"\x2b\x06\x01\x06\x03\x01\x01\x04\x01\x00"sv, false, Meaning::kOid, "snmp.trap-oid"},
    {"\x2b\x06\x01\x06\x03\x01\x01\x04\x03\x00"sv, false, Meaning::kOid, "snmp.trap-enterprise"},
    // SNMP-FRAMEWORK-MIB, snmpEngineID: 1.3.6.1.6.3.10.2.1.1 (RFC 3411).
    {"\x2b\x06\x01\x06\x03\x0a\x02\x01\x01\x00"sv, false, Meaning::kEngine, {}},
    // SNMP-COMMUNITY-MIB, snmpTrapAddress: 1.3.6.1.6.3.18.1.3 (RFC 3584).
    {"\x2b\x06\x01\x06\x03\x12\x01\x03\x00"sv, false, Meaning::kTrapAddress, {}},
};

/// 1.3.6.1.4.1
constexpr std::string_view kEnterprises = "\x2b\x06\x01\x04\x01";

/// One arc (base 128) at the front; nothing where it is cut or has more than 63 bits.
std::optional<std::uint64_t> read_arc(ByteReader& reader) {
  std::uint64_t arc = 0;
  for (unsigned i = 0; i < 9; ++i) {
    const std::uint8_t octet = reader.u8();
    if (!reader.ok()) return std::nullopt;
    arc = arc << 7 | (octet & 0x7f);
    if ((octet & 0x80) == 0) return arc;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Object> object_of(Bytes name) {
  const std::string_view oid = as_text(name);
  for (const Entry& entry : kObjects) {
    if (!oid.starts_with(entry.oid)) continue;
    ByteReader rest(name.subspan(entry.oid.size()));
    Object object{entry.meaning, entry.clue, 0};
    if (entry.row) {
      const auto index = read_arc(rest);
      if (!index) return std::nullopt;
      object.index = *index;
      return object;
    }
    if (rest.empty()) return object;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> enterprise_of(Bytes oid) {
  if (!as_text(oid).starts_with(kEnterprises)) return std::nullopt;
  ByteReader rest(oid.subspan(kEnterprises.size()));
  return read_arc(rest);
}

}  // namespace bedrail::snmp
