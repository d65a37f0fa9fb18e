#include <cstdint>

#include "format/asn1.h"

namespace {

void walk(bedrail::asn1::Reader reader, unsigned& budget) {
  while (reader.ok() && !reader.empty() && budget > 0) {
    --budget;
    const auto element = reader.next();
    (void)bedrail::asn1::to_integer(element.content);
    (void)bedrail::asn1::to_unsigned(element.content);
    (void)bedrail::asn1::integer_bits(element.content);
    (void)bedrail::asn1::oid_text(element.content);
    (void)bedrail::asn1::oid_is(element.content, "1.3.6.1.2.1.1.1");
    (void)bedrail::asn1::to_time(element);
    (void)bedrail::asn1::to_text(element);
    if (element.constructed()) walk(reader.enter(element), budget);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = bedrail::as_bytes({reinterpret_cast<const char*>(data), size});
  (void)bedrail::asn1::element_size(bytes);
  unsigned budget = 4096;
  walk(bedrail::asn1::Reader(bytes), budget);
  return 0;
}
