// Conversations that agree on TLS and go on in it.
#include <doctest/doctest.h>

#include "dissect_harness.h"
#include "pipeline/conversation_builder.h"
#include "sample_certificates.h"
#include "tls_builder.h"

namespace bedrail {
namespace {

using namespace test;

const std::string& client_start() {
  static const std::string kHello = record(22, client_hello(0x0303, {0xc02f}, server_name("mx.example")));
  return kHello;
}
std::string server_start() {
  return record(22, server_hello(0x0303, 0xc02f) + certificates({from_hex(kPumpCertificate)}));
}

/// A mail server that begins TLS when it is asked to.
Talk& mail(Talk& talk) {
  return talk.open()
      .down("220 mx.example ESMTP Postfix\r\n")
      .up("EHLO ward.example\r\n")
      .down("250-mx.example\r\n250 STARTTLS\r\n")
      .up("STARTTLS\r\n")
      .down("220 2.0.0 Ready to start TLS\r\n");
}

std::size_t certificates_in(const Ran& ran) {
  return static_cast<std::size_t>(
      std::count_if(ran.observations.begin(), ran.observations.end(), [](const Observation& o) {
        return std::holds_alternative<CertificateSeen>(o.body) && o.protocol == "tls";
      }));
}

std::string protocol_of_connection(const Ran& ran) {
  return std::string(std::get<ConnectionSeen>(ran.observations.back().body).protocol);
}

}  // namespace

TEST_CASE("upgrade: behind STARTTLS the certificate is read, and the conversation stays one of mail") {
  Frames frames;
  Talk talk(frames, 40000, 25);
  mail(talk).up(client_start()).down(server_start()).close();
  for (const Frames& shown : {frames, split(frames, [] { return 1; }), split(frames, [] { return 7; })}) {
    const Ran ran = run(shown);
    CHECK(certificates_in(ran) == 1);
    CHECK(protocol_of_connection(ran) == "smtp");
    CHECK(ran.result.protocols.at("smtp").flows == 1);
    CHECK(ran.result.protocols.count("tls") == 0);
  }
}

TEST_CASE("upgrade: what is no TLS, or comes from the server, ends it") {
  for (const std::string& next : {std::string("QUIT\r\n"), std::string("\x16nonsense that is long enough"),
                                  client_start().substr(0, 5) + std::string(200, 'x')}) {
    Frames frames;
    Talk talk(frames, 40000, 25);
    mail(talk).up(next).up(client_start()).down(server_start()).close();
    const Ran ran = run(frames);
    CHECK(certificates_in(ran) == 0);
    CHECK(protocol_of_connection(ran) == "smtp");
  }
  Frames frames;
  Talk talk(frames, 40000, 25);
  mail(talk).down("221 bye\r\n").up(client_start()).down(server_start()).close();
  CHECK(certificates_in(run(frames)) == 0);
}

TEST_CASE("upgrade: a hole before it ends it") {
  Frames frames;
  Talk talk(frames, 40000, 25);
  mail(talk).lost(0, 30).up(client_start()).down(server_start()).close();
  CHECK(certificates_in(run(frames)) == 0);
}

}  // namespace bedrail
