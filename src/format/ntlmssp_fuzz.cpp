#include <cstdint>

#include "format/ntlmssp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)bedrail::ntlmssp::parse(bedrail::as_bytes(text));
  (void)bedrail::ntlmssp::find_and_parse(bedrail::as_bytes(text));
  return 0;
}
