// What some makers' messages say of the device in fields of their own. Nothing of a sentence is taken.
#include <algorithm>
#include <array>

#include "dissect/syslog/message.h"

namespace bedrail::syslog {
namespace {

/// Fields of the device stand at the front.
constexpr std::size_t kNear = 512;
constexpr std::size_t kMostField = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

/// One word as makers number and name their devices.
bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= kMostField && std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || is_capital(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.';
  });
}

/// The value of `key=value` or `key="value"`.
std::string_view field(std::string_view text, std::string_view key) {
  text = text.substr(0, kNear);
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    if (at > 0 && text[at - 1] != ' ' && text[at - 1] != ',' && text[at - 1] != '>') continue;
    std::string_view rest = text.substr(at + key.size());
    if (!rest.starts_with('=')) continue;
    rest.remove_prefix(1);
    const bool quoted = rest.starts_with('"');
    if (quoted) rest.remove_prefix(1);
    const std::size_t end = rest.find_first_of(quoted ? "\"" : " ,;");
    if (end == std::string_view::npos) return {};
    return is_word(rest.substr(0, end)) ? rest.substr(0, end) : std::string_view{};
  }
  return {};
}

/// "1,2023/11/25 12:00:00,007200001234,TRAFFIC,": Palo Alto Networks' comma separated logs.
std::string_view palo_alto_serial(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  std::array<std::string_view, 4> cells;
  for (std::string_view& cell : cells) {
    const std::size_t end = text.find(',');
    if (end == std::string_view::npos || end > kMostField) return {};
    cell = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  constexpr std::string_view kTypes[] = {"TRAFFIC",   "THREAT",        "SYSTEM", "CONFIG",
                                         "HIP-MATCH", "GLOBALPROTECT", "USERID"};
  const bool type = std::find(std::begin(kTypes), std::end(kTypes), cells[3]) != std::end(kTypes);
  const bool date = cells[1].size() == 19 && cells[1][4] == '/' && cells[1][10] == ' ';
  return cells[0].size() == 1 && date && type && is_word(cells[2]) ? cells[2] : std::string_view{};
}

std::string_view attribute(std::string_view text, std::string_view name) {
  const std::size_t at = text.find(name);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at + name.size());
  return rest.substr(0, rest.find('"'));
}

}  // namespace

std::string_view mnemonic(std::string_view content) {
  content = content.substr(0, 160);
  const std::size_t at = content.find('%');
  if (at == std::string_view::npos) return {};
  const std::string_view text = content.substr(at);
  std::size_t dashes = 0, level = 0, end = 1;
  for (; end < text.size() && text[end] != ':'; ++end) {
    const char c = text[end];
    if (!is_capital(c) && !is_digit(c) && c != '_' && c != '-') return {};
    if (c != '-') continue;
    ++dashes;
    if (is_digit(text[end - 1]) && text[end - 2] == '-') level = end;
  }
  const bool whole = end < text.size() && is_capital(text[1]);
  return whole && dashes >= 2 && level > 0 && end > level + 1 ? text.substr(0, end) : std::string_view{};
}

Appliance appliance(std::string_view content) {
  if (const auto serial = field(content, "devid"); !serial.empty() && !field(content, "devname").empty())
    return {"Fortinet", field(content, "devname"), {}, serial};
  if (const auto serial = field(content, "sn"); serial.size() == 12 && !field(content, "id").empty())
    return {"SonicWall", {}, {}, serial};
  if (const auto serial = field(content, "device_serial_id"); !serial.empty())
    return {"Sophos", field(content, "device_name"), field(content, "device_model"), serial};
  if (field(content, "device") == "SFW")
    return {"Sophos", {}, field(content, "device_name"), field(content, "device_id")};
  if (const auto serial = palo_alto_serial(content); !serial.empty())
    return {"Palo Alto Networks", {}, {}, serial};
  return {};
}

std::string event_source(std::string_view content) {
  content = content.substr(0, kNear);
  std::size_t at = content.find("CEF:");
  if (at == std::string_view::npos) at = content.find("LEEF:");
  if (at == std::string_view::npos || at > 64) return {};
  std::string_view rest = content.substr(at);
  // The format's own version, then what is wanted.
  std::size_t bar = rest.find('|');
  if (bar == std::string_view::npos || bar > 9) return {};
  rest.remove_prefix(bar + 1);
  std::string out;
  for (int i = 0; i < 3; ++i) {
    bar = rest.find('|');
    if (bar == std::string_view::npos || bar > kMostField) return {};
    out.append(i == 0 ? "" : "|").append(rest.substr(0, bar));
    rest.remove_prefix(bar + 1);
  }
  return out;
}

Audit audit(std::string_view content) {
  Audit out;
  out.found = content.find("<AuditMessage") != std::string_view::npos;
  if (!out.found) return out;
  const std::string_view source = attribute(content, "AuditSourceID=\"");
  if (is_word(source)) out.source = source;
  // Type 1, a person, in the role 1, the patient (DICOM PS3.15, A.5.2).
  for (std::size_t at = content.find("<ParticipantObjectIdentification"); at != std::string_view::npos;
       at = content.find("<ParticipantObjectIdentification", at + 1)) {
    const std::string_view element = content.substr(at, content.substr(at).find('>'));
    out.patient = out.patient || (attribute(element, "ParticipantObjectTypeCode=\"") == "1" &&
                                  attribute(element, "ParticipantObjectTypeCodeRole=\"") == "1");
  }
  return out;
}

}  // namespace bedrail::syslog
