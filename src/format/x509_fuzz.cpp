#include <cstdint>
#include <cstdlib>

#include "base/sha256.h"
#include "format/x509.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = bedrail::as_bytes({reinterpret_cast<const char*>(data), size});
  (void)bedrail::x509::name_text(bytes);
  const auto certificate = bedrail::x509::read_certificate(bytes);
  if (!certificate) return 0;
  if (certificate->subject.size() > 512 || certificate->issuer.size() > 512) std::abort();
  for (const bedrail::Bytes address : certificate->ip_addresses) {
    if (address.size() != 4 && address.size() != 16) std::abort();
  }
  return 0;
}
