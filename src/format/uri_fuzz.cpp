#include "base/bytes.h"
#include "format/uri.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bedrail;
  const std::string_view url = as_text(Bytes(reinterpret_cast<const std::byte*>(data), size));
  (void)http_address(url);
  (void)percent_decoded(url);
  // Whatever stood before an '@' is an account.
  if (public_url(url).find('@') != std::string::npos) __builtin_trap();
  return 0;
}
