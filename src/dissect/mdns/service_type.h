#pragma once

#include <string_view>

#include "format/dns_message.h"
#include "net/address.h"

namespace bedrail::mdns {

/// What DNS-SD says by a name (RFC 6763, 4.1): views into the name.
struct ServiceName {
  std::string_view instance;  ///< "HP LaserJet 400", empty where the name is the type's own
  std::string_view type;      ///< "_ipp._tcp", empty where the name is no service's
};
/// Of "<instance>._ipp._tcp.local", "_ipp._tcp.local" and "_color._sub._ipp._tcp.local".
ServiceName service_name(const dns::Name& name);

/// How a type's services are spoken. An empty protocol: known to nobody here, or not a service at all.
struct ServiceProtocol {
  std::string_view protocol;
  bool encrypted = false;
};
ServiceProtocol protocol_of(std::string_view type);

/// What an instance's name says of the device that offers it.
struct InstanceName {
  std::string_view name;  ///< empty where it names something else: a shared queue, an identifier
  MacAddress mac;         ///< zero where not told: "ward7 [00:11:22:33:44:55]" of `_workstation._tcp`
};
InstanceName instance_name(const ServiceName& service);

/// A queue that a print server shares for a printer: the printer's properties are not the server's.
bool is_shared_queue(std::string_view instance, Bytes texts);

/// TXT keys (any case) that tell the model of the device, and those that identify it otherwise.
bool is_model_key(std::string_view key);
bool is_identity_key(std::string_view key);

}  // namespace bedrail::mdns
