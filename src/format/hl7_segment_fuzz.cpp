#include <cstdint>

#include "format/hl7_segment.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto separators = bedrail::Hl7Separators::of(text);
  const bedrail::Hl7Segment segment(text, separators.value_or(bedrail::Hl7Separators()));
  (void)segment.id();
  for (std::size_t field = 1; field <= 20; ++field) {
    (void)segment.says_something(field);
    (void)segment.text(segment.component(segment.field(field), field % 4 + 1));
    (void)segment.text(segment.repetition(segment.field(field), 2));
  }
  return 0;
}
