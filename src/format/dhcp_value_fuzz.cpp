#include "format/dhcp_value.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bedrail;
  const Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  (void)text_or_hex(bytes);
  (void)wire_name(bytes);
  for (const OptionWidth width : {OptionWidth::kOne, OptionWidth::kTwo}) {
    (void)counted_texts(bytes, width);
    (void)printable_options(bytes, width);
  }
  return 0;
}
