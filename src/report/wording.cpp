#include "report/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "report/json_parts.h"

namespace bedrail::wording {
namespace {

/// Kinds of names, the one people know a device by first. Names of other kinds follow in the document's
/// order.
constexpr std::array<std::string_view, 8> kBestNames = {"dns",  "dhcp", "ntlm",     "netbios",
                                                        "mdns", "snmp", "dicom-ae", "hl7-application"};
constexpr std::size_t kNameLimit = 48;

struct Abbreviation {
  std::string_view word, written;
};
constexpr std::array<Abbreviation, 22> kAbbreviations = {{{"os", "OS"},     {"phi", "patient data"},
                                                          {"ip", "IP"},     {"it", "IT"},
                                                          {"ot", "OT"},     {"iot", "IoT"},
                                                          {"ct", "CT"},     {"mri", "MRI"},
                                                          {"pacs", "PACS"}, {"ecg", "ECG"},
                                                          {"kev", "KEV"},   {"nas", "NAS"},
                                                          {"mr", "MR"},     {"nvr", "NVR"},
                                                          {"ups", "UPS"},   {"hl7", "HL7"},
                                                          {"ris", "RIS"},   {"tv", "TV"},
                                                          {"plc", "PLC"},   {"hmi", "HMI"},
                                                          {"voip", "VoIP"}, {"dicom", "DICOM"}}};

std::string_view written(std::string_view word) {
  for (const Abbreviation& each : kAbbreviations) {
    if (each.word == word) return each.written;
  }
  return word;
}

}  // namespace

std::string shown(std::string_view text, std::size_t limit) {
  std::string out = clean_text(text, limit);
  // What was cut may have been white space alone; then nothing is missing.
  if (text.size() > limit && !trim(text.substr(limit)).empty()) out += "…";
  return out;
}

std::string grouped(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

std::string byte_size(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  constexpr std::array<std::string_view, 6> kUnits = {"kB", "MB", "GB", "TB", "PB", "EB"};
  double amount = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  // 999.95 would be written as 1000.0.
  while (amount >= 999.95 && unit + 1 < kUnits.size()) amount /= 1000, ++unit;
  return fmt::format("{:.1f} {}", amount, kUnits[unit]);
}

std::string percent(double part) { return fmt::format("{:.0f} %", std::clamp(part, 0.0, 1.0) * 100); }

std::string share(Share share) { return fmt::format("{} of {}", grouped(share.count), grouped(share.of)); }

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
}

std::string moment(Timestamp time) {
  std::string text = format_rfc3339(time).substr(0, 23);
  text[10] = ' ';
  return text;
}

std::string words(std::string_view key) {
  std::string safe = shown(key);
  std::replace(safe.begin(), safe.end(), '_', ' ');
  std::replace(safe.begin(), safe.end(), '-', ' ');
  std::string out;
  for (std::size_t start = 0; start <= safe.size();) {
    const std::size_t end = std::min(safe.find(' ', start), safe.size());
    if (start > 0) out += ' ';
    out += written(std::string_view(safe).substr(start, end - start));
    start = end + 1;
  }
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z' && !out.starts_with("IoT"))
    out[0] = static_cast<char>(out[0] - 32);
  return out;
}

std::string first_address(const AssessedDevice& device) {
  for (const auto* list : {&device.ipv4, &device.ipv6, &device.mac}) {
    if (!list->empty()) return shown(list->front());
  }
  return device.heard ? "" : "told by others";
}

std::string told_by(const Declaration& told) {
  std::string out = fmt::format("{} in {}", shown(told.device), shown(told.protocol));
  for (std::size_t i = 0; i < told.addresses.size(); ++i)
    out += (i == 0 ? ", which gives it " : ", ") + shown(told.addresses[i]);
  return out;
}

std::string device_name(const AssessedDevice& device) {
  const auto named = [&](std::string_view kind) -> std::string {
    for (const DeviceName& name : device.names) {
      if (kind.empty() || name.kind == kind) return shown(name.name, kNameLimit);
    }
    return {};
  };
  for (const std::string_view kind : kBestNames) {
    if (std::string name = named(kind); !name.empty()) return name;
  }
  if (std::string name = named({}); !name.empty()) return name;
  std::string address = device.heard ? first_address(device) : std::string();
  return address.empty() ? shown(device.id) : address;
}

std::string value(const std::optional<Attribute>& attribute) {
  return attribute ? shown(attribute->value) : std::string();
}

std::string os(const OperatingSystem& os) {
  std::string out = shown(os.product.empty() ? os.family : os.product);
  // "Android 13" says its version already.
  const std::string version = shown(os.version);
  if (!version.empty() && !out.ends_with(" " + version)) out += (out.empty() ? "" : " ") + version;
  if (!os.build.empty()) out += fmt::format("{}(build {})", out.empty() ? "" : " ", shown(os.build));
  return out;
}

std::string file(const Assessment& assessment, const Evidence& evidence) {
  const auto& files = assessment.source.files;
  if (evidence.file < files.size()) return shown(files[evidence.file].name);
  return fmt::format("file {}", evidence.file);
}

std::string value(const Evidence& evidence, std::size_t limit) {
  return evidence.redacted ? std::string(json::kRedacted) : shown(evidence.value, limit);
}

std::string value_text(const std::string& text) { return shown(text); }
std::string value_text(bool flag) { return flag ? "yes" : "no"; }
std::string value_text(const OperatingSystem& system) { return os(system); }

}  // namespace bedrail::wording
