#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <span>
#include <vector>

#include "dissect/dissector.h"

namespace bedrail {

/// A set of protocols by their place in `all_dissectors()`.
using ProtocolSet = std::bitset<256>;

/// Which protocol the first bytes of a flow are: asks the dissectors, cheapest question first. Immutable
/// after construction; shared by all shards.
class Recogniser {
 public:
  /// `dissectors`: at most 255, as `all_dissectors()` gives them.
  explicit Recogniser(std::span<const DissectorInfo* const> dissectors);

  struct Verdict {
    enum class Kind : std::uint8_t { kNone, kWait, kTaken } kind = Kind::kNone;
    std::uint8_t protocol = 0;  ///< 1 + index where taken
    bool certain = false;       ///< taken on a kYes
    bool swapped = false;       ///< taken with client and server the other way round
  };
  /// Asks those in `candidates` about `probe` and takes out who said no. `whole`: no more bytes will be kept,
  /// decide now. `may_swap`: who is the client was a guess; a protocol that fits only the other way round is
  /// taken so.
  Verdict ask(Layer layer, Probe probe, ProtocolSet& candidates, bool whole, bool may_swap) const;

  /// Who can begin with this byte.
  [[nodiscard]] ProtocolSet candidates(Layer layer, std::uint8_t first) const {
    return first_[layer == Layer::kTcp ? 0 : 1][first];
  }
  /// 1 + index of TLS, which conversations of other protocols may agree on; 0: it is not among the
  /// dissectors.
  [[nodiscard]] std::uint8_t upgrade() const { return upgrade_; }
  /// 1 + index of who dissects this EtherType (kEther) or IP protocol (kIp); 0: nobody.
  [[nodiscard]] std::uint8_t by_number(Layer layer, std::uint16_t number) const;
  /// The port is one of a protocol's own on this layer: its end is likely the server.
  [[nodiscard]] bool is_service_port(Layer layer, std::uint16_t port) const {
    return owners_[layer == Layer::kTcp ? 0 : 1][port] != 0;
  }
  /// The protocols of which a port of the probe is one of their own.
  [[nodiscard]] ProtocolSet on_port(Layer layer, const Probe& probe) const {
    const auto& owners = owners_[layer == Layer::kTcp ? 0 : 1];
    const ProtocolSet& server = port_sets_[owners[probe.server_port]];
    return layer == Layer::kTcp ? server : server | port_sets_[owners[probe.client_port]];
  }
  [[nodiscard]] std::span<const DissectorInfo* const> dissectors() const { return dissectors_; }
  [[nodiscard]] const DissectorInfo& info(std::uint8_t protocol) const { return *dissectors_[protocol - 1U]; }

 private:
  std::span<const DissectorInfo* const> dissectors_;
  std::array<std::array<ProtocolSet, 256>, 2> first_;
  std::array<std::array<std::uint16_t, 65536>, 2> owners_{};  ///< by port: the place in `port_sets_`
  std::vector<ProtocolSet> port_sets_{1};                     ///< [0]: nobody's port
  struct Numbered {
    Layer layer;
    std::uint16_t number;
    std::uint8_t protocol;
  };
  std::vector<Numbered> numbered_;
  std::uint8_t upgrade_ = 0;
};

}  // namespace bedrail
