#include "format/hl7_patient.h"

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

std::string hl7_patient_kinds(unsigned bits) {
  std::string out;
  for (std::size_t i = 0; i < std::size(kKinds); ++i) {
    if ((bits >> i & 1) != 0) out.append(out.empty() ? "" : ",").append(kKinds[i]);
  }
  return out;
}

}  // namespace bedrail
