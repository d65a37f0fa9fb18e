#include <cstdint>

#include "format/dns_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bedrail;
  const Bytes message = as_bytes(std::string_view(reinterpret_cast<const char*>(data), size));
  (void)dns::shape_of(message, size % 2 == 0 ? dns::Family::kDns : dns::Family::kNetbios);
  dns::MessageReader reader(message);
  std::array<std::byte, 16> address;
  for (dns::Question question; reader.next(question);) {
    (void)dns::reverse_address(question.name, address);
    (void)dns::decode_netbios_label(question.name.label(0));
  }
  dns::Name name;
  dns::ServiceLocation service;
  for (dns::Record record; reader.next(record);) {
    (void)reader.address(record);
    (void)reader.target(record, name);
    (void)reader.service(record, service);
    dns::TextReader texts(reader.data(record));
    for (std::string_view text; texts.next(text);) (void)text;
  }
  return 0;
}
