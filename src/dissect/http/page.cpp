#include "dissect/http/page.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

#include "base/text.h"

namespace bedrail::http {
namespace {

std::size_t find_ignoring_case(std::string_view text, std::string_view part, std::size_t from = 0) {
  for (std::size_t at = from; at + part.size() <= text.size(); ++at) {
    if (equals_ignoring_case(text.substr(at, part.size()), part)) return at;
  }
  return std::string_view::npos;
}

/// The character that an entity without '&' and ';' stands for; 0 where it is not among these few.
char entity(std::string_view name) {
  if (name == "amp") return '&';
  if (name == "lt") return '<';
  if (name == "gt") return '>';
  if (name == "quot") return '"';
  if (name == "apos" || name == "#39") return '\'';
  if (name == "nbsp" || name == "#160") return ' ';
  if (!name.starts_with('#')) return 0;
  unsigned code = 0;
  const bool hex = name.size() > 1 && (name[1] | 0x20) == 'x';
  const std::string_view digits = name.substr(hex ? 2 : 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
  return code >= 0x20 && code < 0x7f ? static_cast<char>(code) : '\0';
}

std::string decode_entities(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t end = text[i] == '&' ? text.find(';', i) : std::string_view::npos;
    if (end == std::string_view::npos || end - i > 8) {
      out.push_back(text[i]);
      continue;
    }
    if (const char c = entity(text.substr(i + 1, end - i - 1)); c != 0) out.push_back(c);
    i = end;
  }
  return out;
}

/// The text of the first element with this local name, whatever its prefix ("tds:Model"); empty where there
/// is none.
std::string element(std::string_view xml, std::string_view name) {
  for (std::size_t at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at + 1)) {
    std::size_t end = xml.find_first_of(" \t\r\n/>", at + 1);
    if (end == std::string_view::npos) break;
    std::string_view tag = xml.substr(at + 1, end - at - 1);
    if (const std::size_t colon = tag.find(':'); colon != std::string_view::npos)
      tag.remove_prefix(colon + 1);
    if (!equals_ignoring_case(tag, name)) continue;
    end = xml.find('>', end);
    if (end == std::string_view::npos || xml[end - 1] == '/') continue;
    const std::size_t close = xml.find('<', end);
    if (close == std::string_view::npos) break;
    return decode_entities(trim(xml.substr(end + 1, close - end - 1)));
  }
  return {};
}

/// Devices leave such values where their maker forgot to fill them in.
bool says_nothing(std::string_view value) {
  constexpr std::string_view kFillers[] = {"none", "null", "unknown", "n/a", "0", "-"};
  return value.empty() || std::any_of(std::begin(kFillers), std::end(kFillers),
                                      [&](std::string_view f) { return equals_ignoring_case(f, value); });
}

using Mapping = std::pair<std::string_view, std::string_view>;

constexpr Mapping kUpnp[] = {{"deviceType", "upnp.device-type"},
                             {"friendlyName", "upnp.friendly-name"},
                             {"manufacturer", "upnp.manufacturer"},
                             {"modelDescription", "upnp.model-description"},
                             {"modelName", "upnp.model-name"},
                             {"modelNumber", "upnp.model-number"},
                             {"serialNumber", "upnp.serial"},
                             {"firmwareVersion", "upnp.firmware"},
                             {"UDN", "ssdp.usn"}};
constexpr Mapping kHnap[] = {{"VendorName", "upnp.manufacturer"},
                             {"ModelDescription", "upnp.model-description"},
                             {"ModelName", "upnp.model-name"},
                             {"FirmwareVersion", "upnp.firmware"}};
constexpr Mapping kOnvif[] = {{"Manufacturer", "upnp.manufacturer"},
                              {"Model", "upnp.model-name"},
                              {"FirmwareVersion", "upnp.firmware"},
                              {"SerialNumber", "upnp.serial"}};
constexpr Mapping kIsapi[] = {{"manufacturer", "upnp.manufacturer"},
                              {"model", "upnp.model-name"},
                              {"firmwareVersion", "upnp.firmware"},
                              {"serialNumber", "upnp.serial"}};

std::span<const Mapping> mapping_of(std::string_view xml) {
  if (xml.find("urn:schemas-upnp-org:device-1-0") != std::string_view::npos &&
      xml.find("<device") != std::string_view::npos)
    return kUpnp;
  if (xml.find("GetDeviceSettingsResponse") != std::string_view::npos) return kHnap;
  if (xml.find("GetDeviceInformationResponse") != std::string_view::npos) return kOnvif;
  if (xml.find("<DeviceInfo") != std::string_view::npos) return kIsapi;
  return {};
}

}  // namespace

std::string page_title(std::string_view html) {
  const std::size_t open = find_ignoring_case(html, "<title");
  if (open == std::string_view::npos) return {};
  const std::size_t start = html.find('>', open);
  if (start == std::string_view::npos) return {};
  const std::size_t end = find_ignoring_case(html, "</title", start);
  if (end == std::string_view::npos) return {};
  return decode_entities(trim(html.substr(start + 1, end - start - 1)));
}

std::size_t description_end(std::string_view xml) {
  std::size_t first = std::string_view::npos;
  constexpr std::string_view kEnds[] = {"<iconList", "<serviceList",  "</device>",
                                        "</root>",   "</DeviceInfo>", ":Envelope>\n"};
  for (const std::string_view end : kEnds) first = std::min(first, xml.find(end));
  return first;
}

bool describe_device(std::string_view xml, const Party& who, Observer& out) {
  bool said = false;
  for (const auto& [name, key] : mapping_of(xml)) {
    const std::string value = element(xml, name);
    if (says_nothing(value)) continue;
    said = true;
    out.clue(who, key, value, Role::kServer);
    if (key == "upnp.friendly-name") out.name(who, "upnp", value);
  }
  return said;
}

}  // namespace bedrail::http
