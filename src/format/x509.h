#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace bedrail::x509 {

/// What a certificate says of its holder (RFC 5280, 4.1). Nothing is verified.
struct Certificate {
  std::string subject, issuer;  ///< RFC 4514 text, at most 512 bytes
  std::string common_name;      ///< the subject's most specific one
  /// Subject alternative names (RFC 5280, 4.2.1.6), at most `kMostNames` of each kind.
  std::vector<std::string> dns_names;
  std::vector<Bytes> ip_addresses;  ///< 4 or 16 octets each; views into the bytes read
  Timestamp not_before, not_after;
  std::string key;        ///< "rsa-2048", "ec-p256", "dsa-1024", "ed25519"; the algorithm's OID where unknown
  std::string signature;  ///< "sha256-rsa", "sha384-ecdsa", "md5-rsa"; the algorithm's OID where unknown
  /// Issued by its own subject: the names are the same octets (the signature is not checked).
  bool self_signed = false;

  static constexpr std::size_t kMostNames = 32;
};

/// Reads one DER certificate that fills `der`. Nothing where it is malformed; a malformed extension only
/// costs the alternative names.
std::optional<Certificate> read_certificate(Bytes der);

/// A Name (the content of its SEQUENCE) as RFC 4514 text, the most specific part first, at most 512 bytes.
std::string name_text(Bytes rdn_sequence);

}  // namespace bedrail::x509
