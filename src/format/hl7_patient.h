#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "format/hl7_segment.h"

namespace bedrail {

/// Kinds of a patient's data that messages carry, as bits.
enum Hl7PatientKind : std::uint16_t {
  kHl7Id = 1,
  kHl7Name = 2,
  kHl7BirthDate = 4,
  kHl7Address = 8,
  kHl7Phone = 16,
  kHl7Ssn = 32,
  kHl7NextOfKin = 64,
  kHl7Visit = 128,
};

/// The kinds in a PID, PV1 or NK1 segment that say something (HL7 v2, chapter 3.4); 0 for any other segment.
/// Values are looked at and never kept.
std::uint16_t hl7_patient_bits(const Hl7Segment& segment);

/// What of one segment is surely its own. Some senders end segments otherwise than with CR or LF: what is
/// taken for one then holds those that follow, and a patient's fields stand in the places of a system's.
struct Hl7Sound {
  std::string_view text;  ///< the segment up to its last field before another hides, or a header's control
  std::uint16_t patient = 0;  ///< kinds of a patient's data in what hides behind
  bool whole = true;          ///< nothing was cut off
};
Hl7Sound hl7_sound(std::string_view segment, const Hl7Separators& separators);

/// "id,name"; empty for none.
std::string hl7_patient_kinds(unsigned bits);

}  // namespace bedrail
