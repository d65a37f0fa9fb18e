#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/observation.h"

namespace bedrail {

/// The two ends of what is being dissected. For frames without a flow (ARP, LLDP) `client` is the sender and
/// `server` the receiver.
struct FlowContext {
  FlowKey key;
  std::optional<MacAddress> client_mac, server_mac;

  [[nodiscard]] Party client() const { return party(key.client, client_mac); }
  [[nodiscard]] Party server() const { return party(key.server, server_mac); }

 private:
  [[nodiscard]] Party party(const Endpoint& end, const std::optional<MacAddress>& mac) const {
    Party out{std::nullopt, mac, key.vlan, false};
    // Frames without IP, and who asks for an address, have none.
    if (!end.ip.is_unspecified()) out.ip = end.ip;
    return out;
  }
};

/// What a dissector speaks into. It stamps each statement with the packet and the dissector; texts are
/// cleaned and cut here, so a dissector hands over what it read. One per worker; not shared between threads.
class Observer {
 public:
  explicit Observer(std::vector<Observation>& out) : out_(&out) {}

  /// Set by the engine before each call into a dissector.
  void at(const PacketRef& where, const FlowContext& flow, std::string_view protocol) {
    where_ = where;
    flow_ = &flow;
    protocol_ = protocol;
  }
  [[nodiscard]] const FlowContext& flow() const { return *flow_; }
  [[nodiscard]] Party client() const { return flow_->client(); }
  [[nodiscard]] Party server() const { return flow_->server(); }

  void address(const Party& who, AddressBound bound) { emit(who, {}, bound); }
  /// `raw` in any encoding; nothing is said where it is empty after cleaning.
  void name(const Party& who, std::string_view kind, std::string_view raw);
  void clue(const Party& who, std::string_view key, std::string_view raw, Role role = Role::kSelf);
  /// A service at the flow's server, on the flow's transport and port.
  void service(std::string_view protocol, std::string_view product = {}, std::string_view version = {},
               bool encrypted = false);
  /// A service elsewhere (announced by mDNS, SSDP, ...).
  void service_at(const Party& who, ServiceOffered offered);
  void login(const LoginSeen& login) { emit(server(), client(), login); }
  void used(const Party& who, std::string_view protocol, std::string_view version, bool agreed = true);
  void session(SessionSeen session) { emit(server(), client(), session); }
  void patient_data(const Party& who, const Party& peer, std::string_view message, std::string_view fields);
  void message(const Party& from, const Party& to, std::string_view message, std::string_view status = {});
  void certificate(const Party& who, CertificateSeen certificate) { emit(who, {}, std::move(certificate)); }
  void neighbour(const Party& who, std::string_view port);
  /// `name` must be a literal (it is kept by reference), lower-case with hyphens, named in the dissector's
  /// page.
  void anomaly(std::string_view name) { emit(client(), server(), AnomalySeen{protocol_, name}); }

 private:
  template <typename Body>
  void emit(const Party& who, const Party& peer, Body&& body) {
    out_->push_back(Observation{where_, who, peer, protocol_, std::forward<Body>(body)});
  }

  std::vector<Observation>* out_;
  const FlowContext* flow_ = nullptr;
  PacketRef where_;
  std::string_view protocol_;
};

}  // namespace bedrail
