#pragma once

#include "dissect/observer.h"

namespace bedrail::tls {

/// Says what a server's certificate (DER) tells: the certificate, and the host names in it as the server's,
/// without `known`, which was said already. An anomaly where it cannot be read.
void say_server_certificate(Bytes der, std::string_view known, Observer& out);

/// The same of a client that showed one, but only where it names a machine: a person's certificate is an
/// account.
void say_client_certificate(Bytes der, Observer& out);

}  // namespace bedrail::tls
