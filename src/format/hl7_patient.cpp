#include "format/hl7_patient.h"

#include <algorithm>
#include <iterator>

namespace bedrail {
namespace {

/// In the order in which they are named; the place is the bit.
constexpr std::string_view kKinds[] = {"id",    "name", "birth-date",  "address",
                                       "phone", "ssn",  "next-of-kin", "visit"};

struct Field {
  std::string_view segment;
  std::uint8_t number;
  std::uint16_t kind;
};
constexpr Field kFields[] = {{"PID", 2, kHl7Id},       {"PID", 3, kHl7Id},        {"PID", 4, kHl7Id},
                             {"PID", 5, kHl7Name},     {"PID", 7, kHl7BirthDate}, {"PID", 9, kHl7Name},
                             {"PID", 11, kHl7Address}, {"PID", 13, kHl7Phone},    {"PID", 14, kHl7Phone},
                             {"PID", 18, kHl7Visit},   {"PID", 19, kHl7Ssn},      {"PV1", 19, kHl7Visit},
                             {"NK1", 2, kHl7NextOfKin}};

}  // namespace

std::uint16_t hl7_patient_bits(const Hl7Segment& segment) {
  unsigned bits = 0;
  for (const Field& field : kFields) {
    if (segment.id() == field.segment && segment.says_something(field.number)) bits |= field.kind;
  }
  return static_cast<std::uint16_t>(bits);
}

namespace {

/// The kinds in segments that follow each other without CR or LF.
std::uint16_t hidden_bits(std::string_view text, const Hl7Separators& declared) {
  unsigned bits = 0;
  while (text.size() >= 4) {
    Hl7Separators separators = declared;
    if (text[3] == '|') separators.field = '|';
    const std::size_t next = hl7_hidden_segment(text, separators.field);
    bits |= hl7_patient_bits(Hl7Segment(hl7_without_end_marks(text.substr(0, next)), separators));
    if (next == std::string_view::npos) break;
    text.remove_prefix(next);
  }
  return static_cast<std::uint16_t>(bits);
}

}  // namespace

Hl7Sound hl7_sound(std::string_view segment, const Hl7Separators& separators) {
  Hl7Sound out{segment};
  std::size_t end = hl7_hidden_segment(segment, separators.field);
  if (end != std::string_view::npos) out.patient = hidden_bits(segment.substr(end), separators);
  if (is_hl7_header(segment.substr(0, 3))) {
    // No field of a header holds controls, but for ESC, which changes the character set.
    const auto control = std::find_if(segment.begin(), segment.end(), [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\x1b') || c == '\x7f';
    });
    if (control != segment.end()) end = std::min(end, static_cast<std::size_t>(control - segment.begin()));
  }
  if (end == std::string_view::npos) return out;
  // The field before it may hold what stands for the end.
  out.text = segment.substr(0, segment.rfind(separators.field, end == 0 ? 0 : end - 1));
  out.whole = false;
  return out;
}

std::string hl7_patient_kinds(unsigned bits) {
  std::string out;
  for (std::size_t i = 0; i < std::size(kKinds); ++i) {
    if ((bits >> i & 1) != 0) out.append(out.empty() ? "" : ",").append(kKinds[i]);
  }
  return out;
}

}  // namespace bedrail
