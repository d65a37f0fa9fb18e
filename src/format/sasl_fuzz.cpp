#include "format/sasl.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)bedrail::sasl::digest_plain(text);
  (void)bedrail::sasl::digest_login("account", text);
  bedrail::ShortText<128> decoded;
  (void)bedrail::sasl::decode(text, decoded);
  (void)bedrail::sasl::mechanism_name(text);
  return 0;
}
