#include "dissect/dissector.h"

#include <algorithm>
#include <string>

#include "base/hash.h"
#include "base/recent_set.h"
#include "base/text.h"
#include "dissect/wsd/scopes.h"
#include "format/uri.h"
#include "format/xml_tags.h"

namespace bedrail {
namespace wsd {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::uint16_t kPort = 3702;
constexpr std::uint16_t kPorts[] = {kPort};
constexpr std::string_view kClues[] = {"wsd.type",     "wsd.probe",      "wsd.endpoint",      "wsd.xaddr",
                                       "onvif.name",   "onvif.hardware", "onvif.location",    "onvif.mac",
                                       "sdc.location", "sdc.facility",   "sdc.point-of-care", "sdc.bed",
                                       "sdc.role"};
/// A datagram names a handful of devices, types and addresses; a proxy answers for more (WS-Discovery 1.1,
/// 4.3).
constexpr unsigned kMatchLimit = 8, kListLimit = 16;

/// What a message is, by its last part of the action's address (WS-Discovery 1.1, 4 to 6).
enum class Kind : std::uint8_t { kNone, kHello, kBye, kProbe, kMatches, kResolve };
struct Action {
  std::string_view name;
  Kind kind;
};
constexpr Action kActions[] = {{"Hello", Kind::kHello},     {"Bye", Kind::kBye},
                               {"Probe", Kind::kProbe},     {"ProbeMatches", Kind::kMatches},
                               {"Resolve", Kind::kResolve}, {"ResolveMatches", Kind::kMatches}};

/// The namespaces of the draft that Windows, printers and cameras speak, and of the standard that SDC speaks.
constexpr std::string_view kNamespaces[] = {"http://schemas.xmlsoap.org/ws/2005/04/discovery",
                                            "http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01"};

bool is_discovery(std::string_view text) {
  return std::any_of(std::begin(kNamespaces), std::end(kNamespaces),
                     [&](std::string_view space) { return text.find(space) != std::string_view::npos; });
}

Kind kind_of(std::string_view xml) {
  const std::string action = xml_element(xml, "Action");
  const std::string_view last = std::string_view(action).substr(action.rfind('/') + 1);
  for (const Action& known : kActions) {
    if (last == known.name) return is_discovery(action) ? known.kind : Kind::kNone;
  }
  return Kind::kNone;
}

/// "pub:Computer": what stands behind the prefix.
std::string_view local_name(std::string_view name) { return name.substr(name.find(':') + 1); }

/// Web Services Dynamic Discovery over UDP: who is there, of what type, where it stands.
class WsdDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const std::string_view xml = as_text(bytes);
    const Party who = direction == Direction::kToServer ? out.client() : out.server();
    const Kind kind = kind_of(xml);
    const std::string_view body = xml_inside(xml, "Body");
    if (kind == Kind::kNone) {
      out.anomaly("no-action");
    } else if (body.empty()) {
      out.anomaly("truncated");
    } else if (kind == Kind::kProbe) {
      types(body, "wsd.probe", Role::kClient, who, out);
    } else if (kind == Kind::kBye) {
      endpoint(body, who, out);
    } else if (kind == Kind::kHello) {
      serve(who, out);
      device(body, who, out);
    } else if (kind == Kind::kMatches) {
      matches(body, who, out);
    }
    return Progress::all(bytes);
  }

 private:
  void serve(const Party& who, Observer& out) {
    if (first("service", "wsd")) out.service_at(who, {Transport::kUdp, kPort, "wsd", "", "", false});
  }

  /// A discovery proxy answers for others: only one match is the sender's own.
  void matches(std::string_view body, const Party& who, Observer& out) {
    unsigned count = 0;
    XmlTags tags(body);
    while (count < kMatchLimit && tags.next()) {
      if (!tags.is_end() && (tags.name() == "ProbeMatch" || tags.name() == "ResolveMatch")) ++count;
    }
    if (count == 0) return;
    serve(who, out);
    if (count == 1) device(body, who, out);
  }

  void device(std::string_view xml, const Party& who, Observer& out) {
    endpoint(xml, who, out);
    types(xml, "wsd.type", Role::kServer, who, out);
    const std::string scopes = xml_element(xml, "Scopes");
    std::string_view list = scopes;
    for (unsigned i = 0; i < 2 * kListLimit; ++i) {
      const std::string_view scope = xml_list_item(list);
      if (scope.empty()) break;
      if (first("scope", scope)) say_scope(scope, who, out);
    }
    const std::string addresses = xml_element(xml, "XAddrs");
    list = addresses;
    for (unsigned i = 0; i < kListLimit; ++i) {
      const std::string_view url = xml_list_item(list);
      if (url.empty()) break;
      address(url, who, out);
    }
  }

  /// The device's name for good, whatever its address: "urn:uuid:...".
  void endpoint(std::string_view xml, const Party& who, Observer& out) {
    const std::string reference = xml_element(xml_inside(xml, "EndpointReference"), "Address");
    clue("wsd.endpoint", reference, Role::kServer, who, out);
  }

  void types(std::string_view xml, std::string_view key, Role role, const Party& who, Observer& out) {
    const std::string types = xml_element(xml, "Types");
    std::string_view list = types;
    for (unsigned i = 0; i < kListLimit; ++i) {
      const std::string_view type = xml_list_item(list);
      if (type.empty()) return;
      clue(key, local_name(type), role, who, out);
    }
  }

  /// Where the device's own description is served.
  void address(std::string_view url, const Party& who, Observer& out) {
    if (!first("xaddr", url)) return;
    const auto address = http_address(url);
    if (!address) return out.anomaly("bad-address");
    out.clue(who, "wsd.xaddr", public_url(url), Role::kServer);
    const auto ip = parse_ip(address->host);
    if (!ip || who.ip != ip) return;
    out.service_at(who, {Transport::kTcp, address->port, address->encrypted ? "https" : "http", "", "",
                         address->encrypted});
  }

  void clue(std::string_view key, std::string_view value, Role role, const Party& who, Observer& out) {
    if (!value.empty() && first(key, value)) out.clue(who, key, value, role);
  }
  /// UDP messages are sent several times (SOAP-over-UDP 1.1, 4), and probes come again every few seconds.
  bool first(std::string_view key, std::string_view value) {
    return said_.insert(mix(hash64(key), hash64(value)));
  }

  RecentSet<64> said_;
};

Recognition recognise(const Probe& probe) {
  std::string_view text = as_text(probe.bytes);
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  text = trim(text);
  if (!text.starts_with('<') || text.find("Envelope") == std::string_view::npos) return Recognition::kNo;
  return is_discovery(text) ? Recognition::kYes : Recognition::kNo;
}

}  // namespace
}  // namespace wsd

const DissectorInfo& wsd_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<wsd::WsdDissector>({.name = "wsd",
                                     .title = "WS-Discovery (ONVIF, SDC, printers, Windows)",
                                     .layers = wsd::kLayers,
                                     .ports = wsd::kPorts,
                                     .clues = wsd::kClues,
                                     .recognise = wsd::recognise,
                                     .first_bytes = FirstBytes::of("<\xef \t\r\n")});
  return kInfo;
}

}  // namespace bedrail
