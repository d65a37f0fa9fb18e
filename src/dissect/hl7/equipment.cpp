#include "dissect/hl7/equipment.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace bedrail {
namespace {

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

std::optional<IpAddress> unicast_v4(std::string_view text) {
  const auto ip = parse_ip(text);
  return ip && ip->is_v4() && ip->is_unicast() ? ip : std::nullopt;
}

/// An IPv4 address written as one decimal number.
std::optional<IpAddress> address_of_number(std::string_view text) {
  std::uint32_t value = 0;
  const auto end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  // Small numbers are bed numbers and ports, not addresses (and network 0 has no hosts).
  if (error != std::errc() || stop != end || value < 0x01000000) return std::nullopt;
  const IpAddress ip = IpAddress::v4(value);
  return ip.is_unicast() ? std::optional(ip) : std::nullopt;
}

struct Attribute {
  std::string_view name, key;
};
constexpr Attribute kAttributes[] = {
    {"MDC_ATTR_ID_MODEL", "hl7.equipment-model"},         {"MDC_ID_MODEL_NUMBER", "hl7.equipment-model"},
    {"MDC_ID_MODEL_MANUFACTURER", "hl7.equipment-maker"}, {"MDC_ID_PROD_SPEC_SERIAL", "hl7.equipment-serial"},
    {"MDC_ID_PROD_SPEC_SW", "hl7.equipment-software"},    {"MDC_ID_PROD_SPEC_FW", "hl7.equipment-firmware"},
    {"MDC_ID_PROD_SPEC_HW", "hl7.equipment-hardware"},    {"MDC_ATTR_SYS_ID", "hl7.equipment"},
};

}  // namespace

Hl7Place hl7_place(const Hl7Segment& segment, std::string_view field) {
  Hl7Place out;
  const char sub = segment.separators().subcomponent;
  const std::string_view bed = segment.component(field, 3);
  std::string_view parts[] = {segment.component(field, 1), segment.component(field, 2), bed};
  if (const auto address = address_of_number(hl7_part(bed, sub, 3))) {
    out.device = address;
    if (parts[0].empty()) parts[0] = hl7_part(bed, sub, 1);
    parts[2] = hl7_part(bed, sub, 2);
  } else {
    out.device = unicast_v4(hl7_part(segment.component(field, 4), ':', 1));
  }
  for (std::size_t i = 0; i < std::size(parts); ++i)
    out.location.append(i == 0 ? "" : "^").append(segment.text(parts[i]));
  while (!out.location.empty() && out.location.back() == '^') out.location.pop_back();
  return out;
}

std::optional<std::string> hl7_eui64(const Hl7Segment& segment, std::string_view identifier) {
  const std::string_view universal = segment.component(identifier, 3);
  const bool as_ei = segment.component(identifier, 4) == "EUI-64";
  const bool as_hd = universal == "EUI-64";
  // Makers put the number into the universal id, or into the id itself.
  const std::string_view candidates[] = {as_hd ? segment.component(identifier, 2) : universal,
                                         segment.component(identifier, 1)};
  for (const std::string_view candidate : candidates) {
    if (candidate.size() != 16 || !is_hex(candidate)) continue;
    std::string eui = to_lower(candidate);
    if (as_ei || as_hd || hl7_mac_of(eui)) return eui;
  }
  return std::nullopt;
}

std::optional<MacAddress> hl7_mac_of(std::string_view eui64) {
  if (eui64.size() != 16) return std::nullopt;
  const std::string_view middle = eui64.substr(6, 4);
  if (middle != "fffe" && middle != "ffff") return std::nullopt;
  const auto mac = parse_mac(std::string(eui64.substr(0, 6)).append(eui64.substr(10)));
  return mac && !mac->is_zero() && !mac->is_multicast() ? mac : std::nullopt;
}

bool is_hl7_profile(std::string_view profile) {
  for (const std::size_t component : {1, 3}) {
    const std::string_view oid = hl7_part(profile, '^', component);
    const bool dotted = std::count(oid.begin(), oid.end(), '.') >= 4;
    if (dotted && oid.find_first_not_of("0123456789.") == std::string_view::npos) return true;
  }
  return profile.starts_with("IHE") || is_hl7_device_profile(profile);
}

bool is_hl7_device_profile(std::string_view profile) {
  constexpr std::string_view kRoot = "1.3.6.1.4.1.19376.1.6.1.";
  if (const std::size_t at = profile.find(kRoot); at != std::string_view::npos) {
    const std::string_view rest = profile.substr(at + kRoot.size());
    const std::string_view arc = rest.substr(0, rest.find_first_not_of("0123456789"));
    return arc == "1" || arc == "4" || arc == "15";
  }
  for (const std::string_view name :
       {"PCD_DEC", "PCD_ACM", "PCD_MEMDMC", "PCD-01", "PCD-04", "IHE_PCD_001", "IHE_PCD_ORU_R01"}) {
    if (profile.find(name) != std::string_view::npos) return true;
  }
  return false;
}

std::string_view hl7_device_attribute(std::string_view name) {
  for (const Attribute& attribute : kAttributes) {
    if (attribute.name == name) return attribute.key;
  }
  return {};
}

}  // namespace bedrail
