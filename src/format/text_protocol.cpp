#include "format/text_protocol.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "format/base64.h"
#include "format/text_line.h"

namespace bedrail {
namespace {

constexpr std::size_t kLongestMethod = 20, kLongestLine = 1024;
/// Longer credentials are seen, but not compared.
constexpr std::size_t kLongestBasic = 256;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool may_be_method(std::string_view text) {
  return text.size() <= kLongestMethod && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
         });
}
bool ends_name(char c) { return c == ';' || c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Overwrites what held an account and a secret, in a way that is not left out.
void wipe(std::span<std::byte> bytes) {
  volatile std::byte* at = bytes.data();
  for (std::size_t i = 0; i < bytes.size(); ++i) at[i] = std::byte{0};
}

}  // namespace

TextStartLine text_start_line(std::string_view line, std::string_view version) {
  TextStartLine out;
  if (line.starts_with(version)) {
    line.remove_prefix(version.size());
    if (line.size() < 4 || line[0] != ' ' || (line.size() > 4 && line[4] != ' ')) return out;
    const auto status = field_number(line.substr(1, 3));
    if (!status || *status < 100 || *status > 699) return out;
    out.status = static_cast<std::uint16_t>(*status);
    out.kind = TextStartLine::Kind::kResponse;
    return out;
  }
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || last <= first + 1 || first < 3) return out;
  if (!may_be_method(line.substr(0, first)) || line.substr(last + 1) != version) return out;
  out.method = line.substr(0, first);
  out.target = trim(line.substr(first + 1, last - first - 1));
  if (!out.target.empty()) out.kind = TextStartLine::Kind::kRequest;
  return out;
}

TextPrefix text_prefix(std::string_view text, std::string_view version) {
  if (const auto line = first_line(text))
    return text_start_line(line->text, version).kind == TextStartLine::Kind::kNone ? TextPrefix::kNo
                                                                                   : TextPrefix::kYes;
  if (text.size() > kLongestLine) return TextPrefix::kNo;
  const std::size_t common = std::min(text.size(), version.size());
  if (text.substr(0, common) == version.substr(0, common)) return TextPrefix::kMore;
  const std::size_t blank = text.find(' ');
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c == '\r' || (c >= ' ' && c <= '~'); });
  return printable && may_be_method(text.substr(0, blank)) ? TextPrefix::kMore : TextPrefix::kNo;
}

std::string_view field_parameter(std::string_view value, std::string_view name) {
  bool quoted = false, begins = true;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
      continue;
    }
    if (begins && starts_with_ignoring_case(value.substr(i), name)) {
      std::string_view rest = trim(value.substr(i + name.size()));
      if (rest.starts_with('=')) {
        rest = trim(rest.substr(1));
        if (!rest.starts_with('"')) return rest.substr(0, rest.find_first_of(";, \t\r\n>"));
        rest.remove_prefix(1);
        return rest.substr(0, rest.find('"'));
      }
    }
    quoted = c == '"';
    begins = ends_name(c);
  }
  return {};
}

std::optional<std::uint32_t> field_number(std::string_view text) {
  if (text.empty() || text.size() > 9 || !std::all_of(text.begin(), text.end(), is_digit))
    return std::nullopt;
  std::uint32_t number = 0;
  for (const char c : text) number = number * 10 + static_cast<std::uint32_t>(c - '0');
  return number;
}

FieldCredentials field_credentials(std::string_view value) {
  FieldCredentials out;
  value = trim(value);
  const std::size_t blank = value.find(' ');
  const std::string_view scheme = value.substr(0, blank);
  const bool basic = equals_ignoring_case(scheme, "Basic");
  out.mechanism = basic ? "basic" : equals_ignoring_case(scheme, "Digest") ? "digest" : "other";
  if (!basic) return out;
  std::array<std::byte, kLongestBasic> buffer{};
  const std::string_view coded =
      blank == std::string_view::npos ? std::string_view{} : trim(value.substr(blank));
  const auto decoded = decode_base64(coded, buffer);
  const std::string_view text = decoded ? as_text(*decoded) : std::string_view{};
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    out.malformed = coded.size() <= kLongestBasic;
  } else {
    const std::string_view account = text.substr(0, colon), secret = text.substr(colon + 1);
    out.secret = digest_secret(account, secret);
    out.empty = secret.empty();
    out.is_account = !secret.empty() && secret == account;
  }
  wipe(buffer);
  return out;
}

}  // namespace bedrail
