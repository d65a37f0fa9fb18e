#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "format/hl7_segment.h"
#include "net/address.h"

namespace bedrail {

/// Where a device stands, as PV1-3 of its messages says: "ICU^^BED07".
struct Hl7Place {
  std::string location;  ///< point of care, room and bed only; empty where none is said
  std::optional<IpAddress>
      device;  ///< some gateways tell the bedside device's own IPv4 address in the same field
};

/// Reads PV1-3 (PL: point of care ^ room ^ bed ^ facility ...). Two dialects also tell the device's address
/// there: a bed "department&bed&address as decimal number&port", and a facility "address:slot".
Hl7Place hl7_place(const Hl7Segment& segment, std::string_view field);

/// The EUI-64 of an identifier (EI: id ^ namespace ^ universal id ^ type, or HD: namespace ^ universal id ^
/// type) as 16 lower-case hexadecimal digits; nothing where there is none. Without the type "EUI-64" only an
/// id with a MAC in it counts.
std::optional<std::string> hl7_eui64(const Hl7Segment& segment, std::string_view identifier);

/// The MAC that an EUI-64 was made from: FFFE (or FFFF, as some makers have it) in the middle.
std::optional<MacAddress> hl7_mac_of(std::string_view eui64);

/// True where one of MSH-21 has its form: an entity identifier with an OID, or a profile named as IHE's are.
/// Two components alone might be anybody's name.
bool is_hl7_profile(std::string_view profile);

/// True for a profile (MSH-21) under which devices report of themselves: IHE PCD's device communication (1),
/// alarm communication (4) and equipment management (15).
bool is_hl7_device_profile(std::string_view profile);

/// The clue key under which an OBX row of the ISO/IEEE 11073-10101 nomenclature tells of the device; empty
/// where it does not. `name` is the reference identifier of OBX-3.
std::string_view hl7_device_attribute(std::string_view name);

}  // namespace bedrail
