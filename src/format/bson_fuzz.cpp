#include "format/bson.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bedrail;
  bson::Reader reader(as_bytes({reinterpret_cast<const char*>(data), size}));
  while (const auto element = reader.next()) {
    (void)element->number();
    if (!element->holds_elements()) continue;
    bson::Reader inner(element->value);
    while (inner.next()) {
    }
  }
  return 0;
}
