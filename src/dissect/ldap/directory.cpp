#include "dissect/ldap/directory.h"

#include <string>

#include "base/text.h"
#include "dissect/ldap/netlogon.h"

namespace bedrail::ldap {
namespace {

using asn1::Element;
using asn1::Reader;

constexpr unsigned kMostAttributes = 256, kMostValues = 64;
constexpr std::uint8_t kAnd = asn1::context(0, true), kEqual = asn1::context(3, true);

/// What one attribute of the root entry is told as; several values are joined by ','.
struct Attribute {
  std::string_view name, clue;
};
constexpr Attribute kTold[] = {{"vendorName", "ldap.vendor-name"},
                               {"vendorVersion", "ldap.vendor-version"},
                               {"objectClass", "ldap.object-class"},
                               {"supportedLDAPVersion", "ldap.versions"},
                               {"supportedSASLMechanisms", "ldap.mechanisms"},
                               {"domainControllerFunctionality", "ldap.controller-functionality"},
                               {"domainFunctionality", "ldap.domain-functionality"},
                               {"forestFunctionality", "ldap.forest-functionality"}};

/// "DC=ward,DC=example" as "ward.example"; empty where other parts are in it.
std::string domain_of(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const std::size_t end = name.find(',');
    const std::string_view part = trim(name.substr(0, end));
    if (!starts_with_ignoring_case(part, "dc=") || part.size() == 3) return {};
    if (!out.empty()) out += '.';
    out += part.substr(3);
    name.remove_prefix(end == std::string_view::npos ? name.size() : end + 1);
  }
  return out;
}

/// "CN=DC01,CN=Servers,CN=Site,CN=Sites,..." names the site third.
std::string_view site_of(std::string_view name) {
  constexpr std::string_view kServers = ",CN=Servers,CN=", kSites = ",CN=Sites,";
  const std::size_t at = name.find(kServers);
  if (at == std::string_view::npos) return {};
  name.remove_prefix(at + kServers.size());
  const std::size_t end = name.find(kSites);
  return end == std::string_view::npos ? std::string_view() : name.substr(0, end);
}

struct Root {
  std::string vendor, version;
  bool active_directory = false, open_ldap = false;
};

void say_netlogon(Bytes value, Observer& out) {
  const auto answer = read_netlogon(value);
  if (!answer) return;
  const Party server = out.server();
  out.name(server, "ldap", answer->host.view());
  out.name(server, "netbios", answer->netbios_host.view());
  out.clue(server, "ldap.domain", answer->domain.view(), Role::kServer);
  out.clue(server, "ldap.netbios-domain", answer->netbios_domain.view(), Role::kServer);
  out.clue(server, "ldap.site", answer->server_site.view(), Role::kServer);
  out.clue(out.client(), "ldap.site", answer->client_site.view(), Role::kClient);
  out.clue(server, "ldap.controller", generation(answer->flags), Role::kServer);
}

void say_value(std::string_view name, std::string_view value, Root& root, Observer& out) {
  const Party server = out.server();
  if (equals_ignoring_case(name, "dnsHostName")) {
    out.name(server, "ldap", value);
  } else if (equals_ignoring_case(name, "defaultNamingContext") ||
             equals_ignoring_case(name, "namingContexts")) {
    out.clue(server, "ldap.domain", domain_of(value), Role::kServer);
  } else if (equals_ignoring_case(name, "serverName")) {
    out.clue(server, "ldap.site", site_of(value), Role::kServer);
  } else if (equals_ignoring_case(name, "netlogon")) {
    say_netlogon(as_bytes(value), out);
  } else if (equals_ignoring_case(name, "domainControllerFunctionality")) {
    root.active_directory = true;
  } else if (equals_ignoring_case(name, "objectClass") && equals_ignoring_case(value, "OpenLDAProotDSE")) {
    root.open_ldap = true;
  }
}

void say_attribute(std::string_view name, Reader values, Root& root, Observer& out) {
  std::string joined;
  for (unsigned i = 0; i < kMostValues && values.ok() && !values.empty(); ++i) {
    const Element value = values.next();
    if (!values.ok()) return;
    const std::string_view text = as_text(value.content);
    // A directory has several contexts; the first is the one that it is for.
    if (i == 0 || !equals_ignoring_case(name, "namingContexts")) say_value(name, text, root, out);
    if (i > 0) joined += ',';
    joined += text;
  }
  for (const Attribute& attribute : kTold) {
    if (!equals_ignoring_case(name, attribute.name)) continue;
    out.clue(out.server(), attribute.clue, joined, Role::kServer);
    if (attribute.clue == "ldap.vendor-name") root.vendor = joined;
    if (attribute.clue == "ldap.vendor-version") root.version = joined;
  }
}

}  // namespace

Told say_entry(Reader body, Observer& out) {
  const Element name = body.expect(asn1::kOctetString);
  Reader attributes = body.descend(asn1::kSequence);
  if (!body.ok()) return {};
  if (!name.content.empty()) return {false, true};
  Root root;
  for (unsigned i = 0; i < kMostAttributes && attributes.ok() && !attributes.empty(); ++i) {
    Reader attribute = attributes.descend(asn1::kSequence);
    const Element type = attribute.expect(asn1::kOctetString);
    const Reader values = attribute.descend(asn1::kSet);
    if (!attribute.ok()) return {true, false};
    say_attribute(as_text(type.content), values, root, out);
  }
  if (root.open_ldap) root.vendor = "OpenLDAP";
  if (root.active_directory && root.vendor.empty()) root.vendor = "Active Directory";
  if (!root.vendor.empty()) out.service("ldap", root.vendor, root.version);
  return {true, attributes.ok()};
}

bool say_search(Reader body, Observer& out) {
  (void)body.expect(asn1::kOctetString);  // where to search from: may name a person
  for (const std::uint8_t tag :
       {asn1::kEnumerated, asn1::kEnumerated, asn1::kInteger, asn1::kInteger, asn1::kBoolean})
    (void)body.expect(tag);
  const Element filter = body.next();
  if (!body.ok()) return false;
  if (!filter.is(kAnd)) return true;
  Reader parts = body.enter(filter);
  bool ping = false;
  std::string_view host;
  for (unsigned i = 0; i < kMostValues && parts.ok() && !parts.empty(); ++i) {
    const Element part = parts.next();
    if (!part.is(kEqual)) continue;
    Reader pair = parts.enter(part);
    const Element type = pair.expect(asn1::kOctetString), value = pair.expect(asn1::kOctetString);
    if (!pair.ok()) continue;
    ping |= equals_ignoring_case(as_text(type.content), "NtVer");
    if (equals_ignoring_case(as_text(type.content), "Host")) host = as_text(value.content);
  }
  if (ping) out.name(out.client(), "ldap", host);
  return true;
}

}  // namespace bedrail::ldap
