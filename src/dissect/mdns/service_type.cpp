#include "dissect/mdns/service_type.h"

#include <algorithm>
#include <span>

#include "base/text.h"

namespace bedrail::mdns {
namespace {

constexpr std::string_view kDomain = ".local";

struct KnownType {
  std::string_view type;
  ServiceProtocol protocol;
};

/// Registered names (IANA service names; RFC 6763, 7) and the protocols that they stand for.
constexpr KnownType kTypes[] = {
    {"_acp-sync._tcp", {"acp", false}},
    {"_adb._tcp", {"adb", false}},
    {"_afpovertcp._tcp", {"afp", false}},
    {"_airplay._tcp", {"airplay", false}},
    {"_airport._tcp", {"acp", false}},
    {"_amzn-wplay._tcp", {"whisperplay", false}},
    {"_androidtvremote._tcp", {"androidtv-remote", true}},
    {"_androidtvremote2._tcp", {"androidtv-remote", true}},
    {"_axis-video._tcp", {"http", false}},
    {"_companion-link._tcp", {"companion-link", false}},
    {"_coap._udp", {"coap", false}},
    {"_daap._tcp", {"daap", false}},
    {"_dicom._tcp", {"dicom", false}},
    {"_domain._udp", {"dns", false}},
    {"_eppc._tcp", {"eppc", false}},
    {"_ftp._tcp", {"ftp", false}},
    {"_googlecast._tcp", {"googlecast", true}},
    {"_hap._tcp", {"hap", false}},
    {"_hap._udp", {"hap", false}},
    {"_home-assistant._tcp", {"http", false}},
    {"_http._tcp", {"http", false}},
    {"_http-alt._tcp", {"http", false}},
    {"_https._tcp", {"https", true}},
    {"_hue._tcp", {"https", true}},
    {"_ipp._tcp", {"ipp", false}},
    {"_ipps._tcp", {"ipps", true}},
    {"_ldap._tcp", {"ldap", false}},
    {"_mqtt._tcp", {"mqtt", false}},
    {"_nfs._tcp", {"nfs", false}},
    {"_ntp._udp", {"ntp", false}},
    {"_pdl-datastream._tcp", {"jetdirect", false}},
    {"_printer._tcp", {"lpd", false}},
    {"_ptp._tcp", {"ptp-ip", false}},
    {"_raop._tcp", {"raop", false}},
    {"_rdp._tcp", {"rdp", false}},
    {"_rfb._tcp", {"vnc", false}},
    {"_rtsp._tcp", {"rtsp", false}},
    {"_scanner._tcp", {"scanner", false}},
    {"_sftp-ssh._tcp", {"ssh", true}},
    {"_sip._tcp", {"sip", false}},
    {"_sip._udp", {"sip", false}},
    {"_smb._tcp", {"smb", false}},
    {"_snmp._udp", {"snmp", false}},
    {"_spotify-connect._tcp", {"http", false}},
    {"_ssh._tcp", {"ssh", true}},
    {"_telnet._tcp", {"telnet", false}},
    {"_tftp._udp", {"tftp", false}},
    {"_uscan._tcp", {"escl", false}},
    {"_uscans._tcp", {"escl", true}},
    {"_webdav._tcp", {"webdav", false}},
    {"_webdavs._tcp", {"webdav", true}},
    {"_xmpp-client._tcp", {"xmpp", false}},
};

/// Instances of these are named by identifiers or by other devices.
constexpr std::string_view kNamelessTypes[] = {"_apple-mobdev._tcp", "_apple-mobdev2._tcp",
                                               "_apple-pairable._tcp", "_sleep-proxy._udp", "_meshcop._udp"};

constexpr std::string_view kModelKeys[] = {"model", "md", "ty", "product", "usb_mdl", "am"};
constexpr std::string_view kIdentityKeys[] = {
    "ty", "product",  "usb_mfg", "usb_mdl", "mfg", "manufacturer", "vendor",  "model",   "md",     "am", "fn",
    "fv", "firmware", "sw",      "serial",  "sn",  "hw",           "srcvers", "osxvers", "version"};

bool listed(std::span<const std::string_view> keys, std::string_view key) {
  return std::any_of(keys.begin(), keys.end(),
                     [key](std::string_view known) { return equals_ignoring_case(known, key); });
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// A UUID, a MAC, a hash: twelve or more hexadecimal digits and what may separate them.
bool is_identifier(std::string_view text) {
  std::size_t digits = 0;
  for (const char c : text) {
    if (is_hex(c)) {
      ++digits;
    } else if (c != '-' && c != ':') {
      return false;
    }
  }
  return digits >= 12;
}

}  // namespace

ServiceName service_name(const dns::Name& name) {
  const std::size_t labels = name.labels();
  if (labels < 3 || !name.is_under("local")) return {};
  const std::string_view transport = name.label(labels - 2);
  if (!name.label(labels - 3).starts_with('_') ||
      !(equals_ignoring_case(transport, "_tcp") || equals_ignoring_case(transport, "_udp")))
    return {};
  // The query for all types (RFC 6763, 9) has the same form.
  if (labels > 3 && equals_ignoring_case(name.label(labels - 3), "_dns-sd")) return {};
  std::string_view type = name.from(labels - 3);
  type.remove_suffix(kDomain.size());
  return {labels == 4 ? name.label(0) : std::string_view(), type};
}

ServiceProtocol protocol_of(std::string_view type) {
  for (const KnownType& known : kTypes) {
    if (equals_ignoring_case(known.type, type)) return known.protocol;
  }
  return {};
}

InstanceName instance_name(const ServiceName& service) {
  std::string_view text = service.instance;
  InstanceName out;
  if (listed(kNamelessTypes, service.type) || text.find(" @ ") != std::string_view::npos) return out;
  if (equals_ignoring_case(service.type, "_workstation._tcp")) {
    const std::size_t bracket = text.rfind(" [");
    if (bracket == std::string_view::npos || !text.ends_with(']')) return {text, {}};
    out.mac = parse_mac(text.substr(bracket + 2, text.size() - bracket - 3)).value_or(MacAddress{});
    if (out.mac.is_multicast()) out.mac = {};
    out.name = text.substr(0, bracket);
    return out;
  }
  // AirTunes: "001122334455@Name".
  const std::size_t at = text.find('@');
  if (at != std::string_view::npos && is_identifier(text.substr(0, at))) text.remove_prefix(at + 1);
  if (!is_identifier(text)) out.name = text;
  return out;
}

bool is_shared_queue(std::string_view instance, Bytes texts) {
  if (instance.find(" @ ") != std::string_view::npos) return true;
  dns::TextReader reader(texts);
  for (std::string_view text; reader.next(text);) {
    if (starts_with_ignoring_case(text, "rp=printers/")) return true;
  }
  return false;
}

bool is_model_key(std::string_view key) { return listed(kModelKeys, key); }

bool is_identity_key(std::string_view key) { return listed(kIdentityKeys, key); }

}  // namespace bedrail::mdns
