#include "base/bytes.h"
#include "format/hl7_patient.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bedrail;
  const std::string_view text = as_text(Bytes(reinterpret_cast<const std::byte*>(data), size));
  const unsigned bits = hl7_patient_bits(Hl7Segment(text, Hl7Separators::of(text).value_or(Hl7Separators())));
  if (hl7_patient_kinds(bits).empty() != (bits == 0)) __builtin_trap();
  return 0;
}
