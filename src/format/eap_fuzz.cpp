#include "format/eap.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bedrail;
  eap::Packet packet;
  if (!eap::read_packet(std::as_bytes(std::span(data, size)), packet)) return 0;
  (void)eap::method_name(packet.type);
  (void)eap::machine_of(as_text(packet.data));
  return 0;
}
