#include "format/tls_fingerprint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bedrail;
  const Bytes bytes = std::as_bytes(std::span(data, size));
  tls::ClientHello hello;
  if (tls::read_client_hello(bytes, hello)) {
    (void)tls::ja3(hello);
    (void)tls::ja4(hello, 'q');
  }
  tls::ServerHello answer;
  if (tls::read_server_hello(bytes, answer)) (void)tls::ja3s(answer);
  tls::Ssl2ClientHello old;
  (void)tls::read_ssl2_client_hello(bytes, old);
  tls::Ssl2ServerHello old_answer;
  (void)tls::read_ssl2_server_hello(bytes, old_answer);
  return 0;
}
