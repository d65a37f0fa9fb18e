#include "format/dcerpc.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bedrail;
  const Bytes bytes = as_bytes({reinterpret_cast<const char*>(data), size});
  const auto header = dcerpc::read_header(bytes);
  if (!header) return 0;
  (void)dcerpc::read_bind(*header, bytes);
  (void)dcerpc::read_bind_ack(*header, bytes);
  (void)dcerpc::read_request(*header, bytes);
  (void)dcerpc::read_response(*header, bytes);
  (void)dcerpc::read_security(*header, bytes);
  const Bytes stub = bytes.subspan(dcerpc::kHeader);
  std::size_t at = 0;
  while (dcerpc::next_tower(*header, stub, at)) {
  }
  at = 0;
  while (dcerpc::next_binding(stub, at)) {
  }
  return 0;
}
