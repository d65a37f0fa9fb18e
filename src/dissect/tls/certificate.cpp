#include "dissect/tls/certificate.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "base/text.h"
#include "dissect/tls/names.h"
#include "format/x509.h"

namespace bedrail::tls {
namespace {

/// A certificate for many sites is no machine's: beyond so many, its names are not said.
constexpr std::size_t kMostHostNames = 8;
constexpr std::size_t kNamesLimit = 1024;

/// The alternative names (else the common name) that can be one machine's.
std::vector<std::string> host_names(const x509::Certificate& read, std::string_view known) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& name) {
    const bool said =
        equals_ignoring_case(name, known) ||
        std::ranges::any_of(out, [&](const std::string& other) { return equals_ignoring_case(name, other); });
    if (!said && out.size() < kMostHostNames && is_host_like(name)) out.push_back(name);
  };
  for (const std::string& name : read.dns_names) add(name);
  add(read.common_name);
  return out;
}

std::string joined_names(const x509::Certificate& read) {
  std::string out;
  const auto add = [&](std::string_view name) {
    if (out.size() + name.size() + 1 > kNamesLimit) return;
    if (!out.empty()) out.push_back(',');
    out.append(name);
  };
  for (const std::string& name : read.dns_names) add(name);
  for (const Bytes address : read.ip_addresses) add(to_string(IpAddress::from(address)));
  return out;
}

CertificateSeen seen(Bytes der, x509::Certificate& read) {
  CertificateSeen out;
  out.names = joined_names(read);
  out.subject = std::move(read.subject);
  out.issuer = std::move(read.issuer);
  out.sha256 = sha256_hex(der);
  out.not_before = read.not_before;
  out.not_after = read.not_after;
  out.key = std::move(read.key);
  out.signature = std::move(read.signature);
  out.self_signed = read.self_signed;
  return out;
}

}  // namespace

void say_server_certificate(Bytes der, std::string_view known, Observer& out) {
  auto read = x509::read_certificate(der);
  if (!read) return out.anomaly("bad-certificate");
  for (const std::string& name : host_names(*read, known)) out.name(out.server(), "tls", name);
  out.certificate(out.server(), seen(der, *read));
}

void say_client_certificate(Bytes der, Observer& out) {
  auto read = x509::read_certificate(der);
  if (!read) return out.anomaly("bad-certificate");
  // A common name alone may be a login ("first.last"): only a host in a domain counts as a machine's.
  const bool full = is_host_like(read->common_name) && std::ranges::count(read->common_name, '.') > 1;
  if (read->dns_names.empty() && read->ip_addresses.empty() && !full) return;
  for (const std::string& name : host_names(*read, {})) out.name(out.client(), "tls", name);
  out.certificate(out.client(), seen(der, *read));
}

}  // namespace bedrail::tls
