#include "format/x509.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "format/asn1.h"

namespace bedrail::x509 {
namespace {

constexpr std::size_t kNameLimit = 512;
constexpr std::size_t kValueLimit = 128;
constexpr unsigned kMostAttributes = 32;
constexpr std::size_t kHexLimit = 32;

struct Known {
  std::string_view oid, text;
};

std::string_view find(std::span<const Known> table, Bytes oid) {
  for (const Known& entry : table) {
    if (asn1::oid_is(oid, entry.oid)) return entry.text;
  }
  return {};
}

std::string known_or_dotted(std::span<const Known> table, Bytes oid) {
  const std::string_view known = find(table, oid);
  return known.empty() ? asn1::oid_text(oid) : std::string(known);
}

/// RFC 4514, 3, and what device makers add to it (RFC 4519, RFC 2985).
constexpr Known kAttributes[] = {{"2.5.4.3", "CN"},
                                 {"2.5.4.6", "C"},
                                 {"2.5.4.7", "L"},
                                 {"2.5.4.8", "ST"},
                                 {"2.5.4.10", "O"},
                                 {"2.5.4.11", "OU"},
                                 {"2.5.4.9", "STREET"},
                                 {"0.9.2342.19200300.100.1.25", "DC"},
                                 {"2.5.4.5", "serialNumber"},
                                 {"2.5.4.12", "title"},
                                 {"2.5.4.13", "description"},
                                 {"1.2.840.113549.1.9.2", "unstructuredName"}};

/// RFC 3279, 4055, 5480, 5758, 8410, 9881.
constexpr Known kSignatures[] = {{"1.2.840.113549.1.1.11", "sha256-rsa"},
                                 {"1.2.840.113549.1.1.5", "sha1-rsa"},
                                 {"1.3.14.3.2.29", "sha1-rsa"},
                                 {"1.2.840.113549.1.1.4", "md5-rsa"},
                                 {"1.2.840.113549.1.1.2", "md2-rsa"},
                                 {"1.2.840.113549.1.1.12", "sha384-rsa"},
                                 {"1.2.840.113549.1.1.13", "sha512-rsa"},
                                 {"1.2.840.113549.1.1.14", "sha224-rsa"},
                                 {"1.2.840.10045.4.1", "sha1-ecdsa"},
                                 {"1.2.840.10045.4.3.1", "sha224-ecdsa"},
                                 {"1.2.840.10045.4.3.2", "sha256-ecdsa"},
                                 {"1.2.840.10045.4.3.3", "sha384-ecdsa"},
                                 {"1.2.840.10045.4.3.4", "sha512-ecdsa"},
                                 {"1.2.840.10040.4.3", "sha1-dsa"},
                                 {"2.16.840.1.101.3.4.3.1", "sha224-dsa"},
                                 {"2.16.840.1.101.3.4.3.2", "sha256-dsa"},
                                 {"1.3.101.112", "ed25519"},
                                 {"1.3.101.113", "ed448"},
                                 {"2.16.840.1.101.3.4.3.17", "ml-dsa-44"},
                                 {"2.16.840.1.101.3.4.3.18", "ml-dsa-65"},
                                 {"2.16.840.1.101.3.4.3.19", "ml-dsa-87"}};

constexpr Known kDigests[] = {{"1.3.14.3.2.26", "sha1"},
                              {"2.16.840.1.101.3.4.2.1", "sha256"},
                              {"2.16.840.1.101.3.4.2.2", "sha384"},
                              {"2.16.840.1.101.3.4.2.3", "sha512"},
                              {"2.16.840.1.101.3.4.2.4", "sha224"}};

constexpr Known kKeys[] = {{"1.2.840.113549.1.1.1", "rsa"},
                           {"1.2.840.113549.1.1.10", "rsa"},
                           {"1.2.840.10045.2.1", "ec"},
                           {"1.2.840.10040.4.1", "dsa"},
                           {"1.3.101.112", "ed25519"},
                           {"1.3.101.113", "ed448"},
                           {"2.16.840.1.101.3.4.3.17", "ml-dsa-44"},
                           {"2.16.840.1.101.3.4.3.18", "ml-dsa-65"},
                           {"2.16.840.1.101.3.4.3.19", "ml-dsa-87"}};

constexpr Known kCurves[] = {{"1.2.840.10045.3.1.7", "p256"},
                             {"1.3.132.0.34", "p384"},
                             {"1.3.132.0.35", "p521"},
                             {"1.3.132.0.33", "p224"},
                             {"1.2.840.10045.3.1.1", "p192"},
                             {"1.3.132.0.10", "secp256k1"},
                             {"1.3.36.3.3.2.8.1.1.7", "brainpool256"},
                             {"1.3.36.3.3.2.8.1.1.11", "brainpool384"},
                             {"1.3.36.3.3.2.8.1.1.13", "brainpool512"}};

constexpr std::string_view kPss = "1.2.840.113549.1.1.10";
/// What only a person has (RFC 4519; RFC 3739, 3.2.2; pseudonym: X.520): never told.
constexpr std::string_view kPersonal[] = {
    "0.9.2342.19200300.100.1.1",  // user id
    "2.5.4.4",                    // surname
    "2.5.4.42",                   // given name
    "2.5.4.43",                   // initials
    "2.5.4.65",                   // pseudonym
    "1.3.6.1.5.5.7.9.1",          // date of birth
    "1.3.6.1.5.5.7.9.2",          // place of birth
    "1.3.6.1.5.5.7.9.3",          // gender
};
/// Addresses of mail: device makers put their own there, so they make nobody a person; never told either.
constexpr std::string_view kMail[] = {"1.2.840.113549.1.9.1", "0.9.2342.19200300.100.1.3"};
constexpr std::string_view kSerialNumber = "2.5.4.5";
constexpr std::string_view kCommonName = "2.5.4.3";
constexpr std::string_view kAlternativeName = "2.5.29.17";

/// RFC 4514, 2.4: what would end or alter a value stands behind a backslash.
void append_escaped(std::string& out, std::string_view value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool special = std::string_view("\"+,;<>\\").find(value[i]) != std::string_view::npos;
    if (special || (i == 0 && value[i] == '#')) out.push_back('\\');
    out.push_back(value[i]);
  }
}

/// One AttributeTypeAndValue: "CN=x", or "1.2.3=#0c01..." where its type has no short name.
std::string attribute_text(const asn1::Element& type, const asn1::Element& value) {
  const std::string_view known = find(kAttributes, type.content);
  std::string out = known.empty() ? asn1::oid_text(type.content) : std::string(known);
  out.push_back('=');
  const std::string text = asn1::to_text(value, kValueLimit);
  if (known.empty() || (text.empty() && !value.content.empty())) {
    return out + "#" + to_hex(value.whole.first(std::min(value.whole.size(), kHexLimit)));
  }
  append_escaped(out, text);
  return out;
}

/// Calls `each(type, value, first_of_its_rdn)` for a Name's attributes in their order.
template <typename Each>
void for_each_attribute(Bytes rdn_sequence, Each each) {
  asn1::Reader sequence(rdn_sequence);
  unsigned count = 0;
  while (sequence.ok() && !sequence.empty()) {
    asn1::Reader set = sequence.descend(asn1::kSet);
    for (bool first = true; set.ok() && !set.empty(); first = false) {
      asn1::Reader pair = set.descend(asn1::kSequence);
      const asn1::Element type = pair.expect(asn1::kOid);
      const asn1::Element value = pair.next();
      if (!pair.ok() || ++count > kMostAttributes) return;
      each(type, value, first);
    }
  }
}

template <std::size_t N>
bool is_one_of(Bytes oid, const std::string_view (&dotted)[N]) {
  return std::any_of(std::begin(dotted), std::end(dotted),
                     [&](std::string_view each) { return asn1::oid_is(oid, each); });
}

/// The name of a person, whose serial number is one too (of a staff card, of a passport).
bool is_personal(Bytes rdn_sequence) {
  bool personal = false;
  for_each_attribute(rdn_sequence, [&](const asn1::Element& type, const asn1::Element&, bool) {
    personal = personal || is_one_of(type.content, kPersonal);
  });
  return personal;
}

std::string common_name(Bytes rdn_sequence) {
  std::string name;
  for_each_attribute(rdn_sequence, [&](const asn1::Element& type, const asn1::Element& value, bool) {
    if (asn1::oid_is(type.content, kCommonName)) name = asn1::to_text(value);
  });
  return name;
}

/// RSASSA-PSS-params: its digest is the first of the optional fields (RFC 4055, 3.1); SHA-1 where left out.
std::string pss_signature(asn1::Reader algorithm) {
  std::string digest = "sha1";
  asn1::Reader parameters = algorithm.descend(asn1::kSequence);
  if (const auto field = parameters.optional(asn1::context(0, true))) {
    digest = known_or_dotted(kDigests,
                             parameters.enter(*field).descend(asn1::kSequence).expect(asn1::kOid).content);
  }
  return digest + "-rsa-pss";
}

std::string signature_of(asn1::Reader algorithm) {
  const asn1::Element oid = algorithm.expect(asn1::kOid);
  if (asn1::oid_is(oid.content, kPss)) return pss_signature(algorithm);
  return known_or_dotted(kSignatures, oid.content);
}

std::string rsa_key(const asn1::Element& bits, const asn1::Reader& parent) {
  if (bits.content.empty()) return "rsa";
  // The first octet of a BIT STRING counts unused bits; the key itself is a SEQUENCE of modulus and exponent.
  asn1::Element inner = bits;
  inner.content = bits.content.subspan(1);
  const asn1::Element modulus = parent.enter(inner).descend(asn1::kSequence).expect(asn1::kInteger);
  return fmt::format("rsa-{}", asn1::integer_bits(modulus.content));
}

/// SubjectPublicKeyInfo's content.
std::string key_of(asn1::Reader info) {
  asn1::Reader algorithm = info.descend(asn1::kSequence);
  const asn1::Element oid = algorithm.expect(asn1::kOid);
  const asn1::Element bits = info.expect(asn1::kBitString);
  if (!info.ok()) return {};
  const std::string key = known_or_dotted(kKeys, oid.content);
  if (key == "rsa") return rsa_key(bits, info);
  if (key == "ec") {
    const auto curve = algorithm.optional(asn1::kOid);
    return curve ? "ec-" + known_or_dotted(kCurves, curve->content) : key;
  }
  if (key == "dsa") {
    const asn1::Element prime = algorithm.descend(asn1::kSequence).expect(asn1::kInteger);
    return fmt::format("dsa-{}", asn1::integer_bits(prime.content));
  }
  return key;
}

/// GeneralNames: dNSName [2] and iPAddress [7].
void read_names(asn1::Reader names, Certificate& out) {
  while (names.ok() && !names.empty()) {
    const asn1::Element name = names.next();
    if (name.is(asn1::context(2, false)) && out.dns_names.size() < Certificate::kMostNames) {
      std::string text = clean_text(as_text(name.content), 255);
      if (!text.empty()) out.dns_names.push_back(std::move(text));
    }
    const bool address = name.content.size() == 4 || name.content.size() == 16;
    if (name.is(asn1::context(7, false)) && address && out.ip_addresses.size() < Certificate::kMostNames) {
      out.ip_addresses.push_back(name.content);
    }
  }
}

void read_extensions(asn1::Reader extensions, Certificate& out) {
  while (extensions.ok() && !extensions.empty()) {
    asn1::Reader extension = extensions.descend(asn1::kSequence);
    const asn1::Element oid = extension.expect(asn1::kOid);
    (void)extension.optional(asn1::kBoolean);
    const asn1::Element value = extension.expect(asn1::kOctetString);
    if (!extension.ok()) return;
    if (asn1::oid_is(oid.content, kAlternativeName)) {
      read_names(extension.enter(value).descend(asn1::kSequence), out);
    }
  }
}

bool read_validity(asn1::Reader validity, Certificate& out) {
  const auto from = asn1::to_time(validity.next());
  const auto to = asn1::to_time(validity.next());
  if (!from || !to) return false;
  out.not_before = *from;
  out.not_after = *to;
  return true;
}

}  // namespace

std::string name_text(Bytes rdn_sequence) {
  // RFC 4514, 2.1: from the last relative name to the first; the attributes of one keep their order.
  const bool personal = is_personal(rdn_sequence);
  std::vector<std::string> parts;
  bool opened = false;  // something of this relative name was told
  for_each_attribute(rdn_sequence, [&](const asn1::Element& type, const asn1::Element& value, bool first) {
    if (first) opened = false;
    if (is_one_of(type.content, kPersonal) || is_one_of(type.content, kMail) ||
        (personal && asn1::oid_is(type.content, kSerialNumber)))
      return;
    if (!opened) {
      parts.push_back(attribute_text(type, value));
    } else {
      parts.back().append(1, '+').append(attribute_text(type, value));
    }
    opened = true;
  });
  std::string out;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    if (!out.empty()) out.push_back(',');
    out.append(*part);
  }
  return clean_text(out, kNameLimit);
}

std::optional<Certificate> read_certificate(Bytes der) {
  asn1::Reader outer(der);
  asn1::Reader certificate = outer.descend(asn1::kSequence);
  asn1::Reader tbs = certificate.descend(asn1::kSequence);
  asn1::Reader algorithm = certificate.descend(asn1::kSequence);
  (void)certificate.expect(asn1::kBitString);
  (void)tbs.optional(asn1::context(0, true));  // version: 1 where left out
  (void)tbs.expect(asn1::kInteger);            // serial number
  (void)tbs.expect(asn1::kSequence);           // the signature's algorithm again
  const asn1::Element issuer = tbs.expect(asn1::kSequence);
  asn1::Reader validity = tbs.descend(asn1::kSequence);
  const asn1::Element subject = tbs.expect(asn1::kSequence);
  asn1::Reader key = tbs.descend(asn1::kSequence);
  if (!certificate.ok() || !tbs.ok() || !outer.empty()) return std::nullopt;
  Certificate out;
  if (!read_validity(validity, out)) return std::nullopt;
  out.subject = name_text(subject.content);
  out.issuer = name_text(issuer.content);
  out.common_name = common_name(subject.content);
  out.self_signed = std::ranges::equal(subject.whole, issuer.whole);
  out.key = key_of(key);
  out.signature = signature_of(algorithm);
  if (out.key.empty() || out.signature.empty()) return std::nullopt;
  (void)tbs.optional(asn1::context(1, false));  // unique identifiers (version 2)
  (void)tbs.optional(asn1::context(2, false));
  if (const auto field = tbs.optional(asn1::context(3, true))) {
    read_extensions(tbs.enter(*field).descend(asn1::kSequence), out);
  }
  return out;
}

}  // namespace bedrail::x509
