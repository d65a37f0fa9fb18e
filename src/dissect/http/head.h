#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "format/http_head.h"

namespace bedrail::http {

/// What a body is, as far as anybody here reads it.
enum class Content : std::uint8_t {
  kOther,
  kHtml,
  kXml,
  kForm,
  kJson,
  kMultipart,   ///< multipart/form-data
  kXmlRequest,  ///< XML that is sent to a server
  kFhir,        ///< application/fhir+json or +xml
  kDicom,       ///< application/dicom, alone or as the parts of multipart/related
  kDicomJson,   ///< application/dicom+json
  kHl7,         ///< HL7 version 2 in its own delimiters
  kIpp,         ///< application/ipp
  kAnswer,      ///< the answer to a form that logs in: whether it says that nobody got in
  kSealed,      ///< WS-Management's multipart/encrypted: the message is encrypted by its session
};

/// A request's or response's head, read once; views into its bytes.
struct Head {
  HttpStartLine start;
  std::optional<std::uint64_t> length;
  bool chunked = false;
  bool encoded = false;    ///< its content is compressed
  bool malformed = false;  ///< a line without a colon, or a NUL
  bool bad_length = false;
  bool length_and_chunked = false;  ///< both are said: the way of request smuggling (RFC 9112, 6.3)
  Content content = Content::kOther;
  std::string_view host, user_agent, accept, authorization, proxy_authorization;
  std::string_view server, powered_by, via, location;
  /// WWW-Authenticate and Proxy-Authenticate values; more than these are passed over.
  std::array<std::string_view, 4> challenges;
  std::size_t challenge_count = 0;

  [[nodiscard]] bool is_request() const { return start.kind == HttpStartLine::Kind::kRequest; }
  [[nodiscard]] bool is_response() const { return start.kind == HttpStartLine::Kind::kResponse; }
};

Head read_head(std::string_view text);

/// Whether `text` holds `part`; case does not count.
bool contains_ignoring_case(std::string_view text, std::string_view part);

/// The value of `name` in "realm=\"x\", nonce=y" (RFC 9110, 11.2), without its quotes; empty where it is not
/// there.
std::string_view parameter(std::string_view parameters, std::string_view name);

}  // namespace bedrail::http
