#include "format/kerberos.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bedrail::Bytes bytes = bedrail::as_bytes({reinterpret_cast<const char*>(data), size});
  (void)bedrail::kerberos::parse(bytes);
  (void)bedrail::kerberos::begins_message(bytes);
  (void)bedrail::kerberos::service_of_token(bytes).service();
  return 0;
}
