#include <cstdint>
#include <string_view>

#include "format/text_protocol.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bedrail;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)text_start_line(text, "SIP/2.0");
  (void)text_prefix(text, "RTSP/1.0");
  (void)field_parameter(text, "realm");
  (void)field_number(text);
  (void)field_credentials(text);
  return 0;
}
