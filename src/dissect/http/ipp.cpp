#include "dissect/http/ipp.h"

#include <algorithm>
#include <string>

#include "base/byte_reader.h"
#include "base/text.h"

namespace bedrail::http {
namespace {

/// Delimiter tags (RFC 8010, 3.5.1).
constexpr std::uint8_t kEnd = 0x03, kPrinter = 0x04, kLastDelimiter = 0x0f;
constexpr std::size_t kHeader = 8;

struct Mapping {
  std::string_view name, key;
};
constexpr Mapping kAttributes[] = {{"printer-make-and-model", "ipp.make-and-model"},
                                   {"printer-name", "ipp.name"},
                                   {"printer-info", "ipp.info"},
                                   {"printer-location", "ipp.location"},
                                   {"printer-organizational-unit", "ipp.department"},
                                   {"printer-serial-number", "ipp.serial"},
                                   {"printer-firmware-string-version", "ipp.firmware"},
                                   {"printer-firmware-version", "ipp.firmware"},
                                   {"printer-uuid", "ipp.uuid"}};
/// Fields of an IEEE 1284 device id, "MFG:ACME;MDL:Laser 9;SN:1;", in long and short form.
constexpr Mapping kDeviceId[] = {{"MFG", "ipp.manufacturer"},   {"MANUFACTURER", "ipp.manufacturer"},
                                 {"MDL", "ipp.model"},          {"MODEL", "ipp.model"},
                                 {"SN", "ipp.serial"},          {"SERN", "ipp.serial"},
                                 {"SERIALNUMBER", "ipp.serial"}};

void device_id(std::string_view text, const Party& who, Observer& out) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    const std::size_t colon = pair.find(':');
    if (colon == std::string_view::npos) continue;
    for (const Mapping& field : kDeviceId) {
      const std::string_view value = trim(pair.substr(colon + 1));
      if (equals_ignoring_case(trim(pair.substr(0, colon)), field.name) && !value.empty())
        out.clue(who, field.key, value, Role::kServer);
    }
  }
}

void attribute(std::string_view name, std::string_view value, const Party& who, Observer& out) {
  if (name == "printer-device-id") return device_id(value, who, out);
  for (const Mapping& known : kAttributes) {
    if (name == known.name && !trim(value).empty()) out.clue(who, known.key, value, Role::kServer);
  }
}

}  // namespace

bool describe_printer(std::string_view body, bool whole, Call::Printer printer, const Party& who,
                      Observer& out) {
  ByteReader reader(as_bytes(body));
  const std::uint8_t major = reader.u8();
  reader.skip(kHeader - 1);
  if (!reader.ok() || major == 0 || major > 2) return false;
  if (printer == Call::Printer::kQueue) out.clue(who, "ipp.role", "print-server", Role::kServer);
  if (printer != Call::Printer::kItself) return true;
  out.clue(who, "ipp.role", "printer", Role::kServer);
  std::uint8_t group = 0;
  std::string_view last;
  while (!reader.empty()) {
    const std::uint8_t tag = reader.u8();
    if (tag <= kLastDelimiter) {
      group = tag;
      if (tag == kEnd) return true;
      continue;
    }
    const std::string_view name = reader.text(reader.be16());
    const std::string_view value = reader.text(reader.be16());
    // What was cut off at the limit is no fault of the printer's.
    if (!reader.ok()) return !whole;
    // A nameless one is a further value of the attribute before.
    if (group == kPrinter && !name.empty() && name != last) attribute(name, value, who, out);
    if (!name.empty()) last = name;
  }
  return !whole;
}

}  // namespace bedrail::http
