#include "dissect/http/page.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/text.h"
#include "format/xml_tags.h"

namespace bedrail::http {
namespace {

std::size_t find_ignoring_case(std::string_view text, std::string_view part, std::size_t from = 0) {
  for (std::size_t at = from; at + part.size() <= text.size(); ++at) {
    if (equals_ignoring_case(text.substr(at, part.size()), part)) return at;
  }
  return std::string_view::npos;
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
constexpr Mapping kDpws[] = {{"Manufacturer", "dpws.manufacturer"}, {"ModelName", "dpws.model-name"},
                             {"ModelNumber", "dpws.model-number"},  {"SerialNumber", "dpws.serial"},
                             {"FirmwareVersion", "dpws.firmware"},  {"FriendlyName", "dpws.friendly-name"}};
constexpr Mapping kWsMan[] = {{"ProductVersion", "wsman.product"}};
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
  if (xml.find("ThisModel") != std::string_view::npos) return kDpws;
  if (xml.find("IdentifyResponse") != std::string_view::npos) return kWsMan;
  if (xml.find("<DeviceInfo") != std::string_view::npos) return kIsapi;
  return {};
}

/// A host behind DPWS's generic service: its name and what it belongs to, "PC7/Workgroup:WARD" (MS-PBSD 2.2).
/// True where there is one: model and serial number are then the service's, the same on every host.
bool describe_host(std::string_view xml, const Party& who, Observer& out) {
  const std::string host = xml_element(xml, "Computer");
  if (host.empty()) return false;
  const std::size_t slash = host.find('/');
  out.name(who, "wsd", std::string_view(host).substr(0, slash));
  out.clue(who, "dpws.host", xml_element(xml, "ModelName"), Role::kServer);
  const std::size_t colon = host.find(':', std::min(slash, host.size()));
  if (colon != std::string::npos)
    out.clue(who, "dpws.workgroup", std::string_view(host).substr(colon + 1), Role::kServer);
  return true;
}

}  // namespace

std::string page_title(std::string_view html) {
  const std::size_t open = find_ignoring_case(html, "<title");
  if (open == std::string_view::npos) return {};
  const std::size_t start = html.find('>', open);
  if (start == std::string_view::npos) return {};
  const std::size_t end = find_ignoring_case(html, "</title", start);
  if (end == std::string_view::npos) return {};
  return xml_text(html.substr(start + 1, end - start - 1));
}

std::size_t description_end(std::string_view xml) {
  std::size_t first = std::string_view::npos;
  constexpr std::string_view kEnds[] = {"<iconList", "<serviceList",  "</device>",
                                        "</root>",   "</DeviceInfo>", ":Envelope>"};
  for (const std::string_view end : kEnds) first = std::min(first, xml.find(end));
  return first;
}

bool describe_device(std::string_view xml, const Party& who, Observer& out) {
  bool said = false;
  const std::span<const Mapping> mapping = mapping_of(xml);
  if (mapping.data() == std::begin(kDpws) && describe_host(xml, who, out)) return true;
  for (const auto& [name, key] : mapping) {
    const std::string value = xml_element(xml, name);
    if (says_nothing(value)) continue;
    said = true;
    out.clue(who, key, value, Role::kServer);
    if (key == "upnp.friendly-name") out.name(who, "upnp", value);
  }
  return said;
}

}  // namespace bedrail::http
