#include "dissect/http/head.h"

#include <charconv>

#include "base/text.h"
#include "format/text_line.h"

namespace bedrail::http {
namespace {

/// DICOMweb names what its parts are in a parameter (PS3.18, 8.6.1).
Content dicom_content(std::string_view value) {
  if (contains_ignoring_case(value, "dicom+json")) return Content::kDicomJson;
  return contains_ignoring_case(value, "dicom+xml") ? Content::kOther : Content::kDicom;
}

Content content_of(std::string_view type) {
  if (contains_ignoring_case(type, "application/dicom")) return dicom_content(type);
  if (starts_with_ignoring_case(type, "multipart/encrypted")) return Content::kSealed;
  type = trim(type.substr(0, type.find(';')));
  if (equals_ignoring_case(type, "text/html") || equals_ignoring_case(type, "application/xhtml+xml"))
    return Content::kHtml;
  if (equals_ignoring_case(type, "application/x-www-form-urlencoded")) return Content::kForm;
  if (equals_ignoring_case(type, "multipart/form-data")) return Content::kMultipart;
  if (equals_ignoring_case(type, "application/ipp")) return Content::kIpp;
  if (contains_ignoring_case(type, "fhir+")) return Content::kFhir;
  if (contains_ignoring_case(type, "hl7-v2") && !contains_ignoring_case(type, "xml")) return Content::kHl7;
  if (contains_ignoring_case(type, "json")) return Content::kJson;
  return contains_ignoring_case(type, "xml") ? Content::kXml : Content::kOther;
}

void read_length(std::string_view value, Head& head) {
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
  // Beyond 2^60 nothing is a size; what reads it as one would wrap around.
  const bool number = error == std::errc() && end == value.data() + value.size() && length >> 60 == 0;
  if (!number || (head.length && *head.length != length)) {
    head.bad_length = true;
  } else {
    head.length = length;
  }
}

void read_field(const HttpFields& field, Head& head) {
  const std::string_view value = field.value();
  switch (field.name().size()) {
    case 3:
      if (field.is("Via")) head.via = value;
      return;
    case 4:
      if (field.is("Host")) head.host = value;
      return;
    case 6:
      if (field.is("Server")) head.server = value;
      if (field.is("Accept")) head.accept = value;
      return;
    case 8:
      if (field.is("Location")) head.location = value;
      return;
    case 10:
      if (field.is("User-Agent")) head.user_agent = value;
      return;
    case 12:
      if (field.is("Content-Type")) head.content = content_of(value);
      if (field.is("X-Powered-By")) head.powered_by = value;
      return;
    case 13:
      if (field.is("Authorization")) head.authorization = value;
      return;
    case 14:
      if (field.is("Content-Length")) read_length(value, head);
      return;
    case 16:
      if (field.is("Content-Encoding")) head.encoded = !equals_ignoring_case(value, "identity");
      if (field.is("WWW-Authenticate") && head.challenge_count < head.challenges.size())
        head.challenges[head.challenge_count++] = value;
      return;
    case 17:
      if (field.is("Transfer-Encoding")) head.chunked = contains_ignoring_case(value, "chunked");
      return;
    case 18:
      if (field.is("Proxy-Authenticate") && head.challenge_count < head.challenges.size())
        head.challenges[head.challenge_count++] = value;
      return;
    case 19:
      if (field.is("Proxy-Authorization")) head.proxy_authorization = value;
      return;
    default:
      return;
  }
}

}  // namespace

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  for (std::size_t at = 0; at + part.size() <= text.size(); ++at) {
    if (equals_ignoring_case(text.substr(at, part.size()), part)) return true;
  }
  return false;
}

Head read_head(std::string_view text) {
  Head head;
  if (const auto line = first_line(text)) head.start = http_start_line(line->text);
  HttpFields fields(text);
  while (fields.next()) read_field(fields, head);
  head.malformed = fields.malformed() || text.find('\0') != std::string_view::npos;
  head.length_and_chunked = head.chunked && head.length.has_value();
  return head;
}

std::string_view parameter(std::string_view parameters, std::string_view name) {
  for (std::size_t at = 0; at + name.size() < parameters.size(); ++at) {
    const bool starts =
        at == 0 || parameters[at - 1] == ' ' || parameters[at - 1] == ',' || parameters[at - 1] == '\t';
    if (!starts || !equals_ignoring_case(parameters.substr(at, name.size()), name)) continue;
    std::string_view rest = trim(parameters.substr(at + name.size()));
    if (rest.empty() || rest.front() != '=') continue;
    rest = trim(rest.substr(1));
    if (!rest.empty() && rest.front() == '"') return rest.substr(1, rest.find('"', 1) - 1);
    return trim(rest.substr(0, rest.find(',')));
  }
  return {};
}

}  // namespace bedrail::http
