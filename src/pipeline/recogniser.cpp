#include "pipeline/recogniser.h"

#include <algorithm>

namespace bedrail {

Recogniser::Recogniser(std::span<const DissectorInfo* const> dissectors) : dissectors_(dissectors) {
  for (std::size_t i = 0; i < dissectors.size(); ++i) {
    const DissectorInfo& info = *dissectors[i];
    if (info.name == "tls") upgrade_ = static_cast<std::uint8_t>(i + 1);
    for (const Layer layer : info.layers) {
      if (layer == Layer::kEther || layer == Layer::kIp) {
        for (const std::uint16_t number : info.ports)
          numbered_.push_back({layer, number, static_cast<std::uint8_t>(i + 1)});
        continue;
      }
      const std::size_t which = layer == Layer::kTcp ? 0 : 1;
      for (const std::uint16_t port : info.ports) {
        std::uint16_t& owner = owners_[which][port];
        if (owner == 0) {
          owner = static_cast<std::uint16_t>(port_sets_.size());
          port_sets_.emplace_back();
        }
        port_sets_[owner].set(i);
      }
      if (info.recognise == nullptr) continue;
      for (unsigned byte = 0; byte < 256; ++byte) {
        if (info.first_bytes.has(static_cast<std::uint8_t>(byte))) first_[which][byte].set(i);
      }
    }
  }
}

std::uint8_t Recogniser::by_number(Layer layer, std::uint16_t number) const {
  for (const Numbered& entry : numbered_) {
    if (entry.layer == layer && entry.number == number) return entry.protocol;
  }
  return 0;
}

Recogniser::Verdict Recogniser::ask(Layer layer, Probe probe, ProtocolSet& candidates, bool whole,
                                    bool may_swap) const {
  Verdict best;
  int best_rank = 0;  // 1: maybe, 2: maybe on its port, 3: yes, 4: yes on its port
  bool wait = false;
  const ProtocolSet at_home = on_port(layer, probe);
  for (std::size_t i = candidates._Find_first(); i < candidates.size(); i = candidates._Find_next(i)) {
    const DissectorInfo& info = *dissectors_[i];
    bool swapped = false;
    probe.on_port = at_home[i];
    Recognition said = info.recognise(probe);
    if (said == Recognition::kNo && may_swap) {
      const Probe other{opposite(probe.direction), probe.bytes,     probe.server_port,
                        probe.client_port,         probe.midstream, probe.on_port};
      swapped = info.recognise(other) == Recognition::kYes;
      if (swapped) said = Recognition::kYes;
    }
    if (said == Recognition::kNo) {
      candidates.reset(i);
      continue;
    }
    if (said == Recognition::kMore) {
      wait = true;
      continue;
    }
    const int rank = (said == Recognition::kYes ? 3 : 1) + (probe.on_port ? 1 : 0);
    if (rank <= best_rank) continue;
    best_rank = rank;
    best = {Verdict::Kind::kTaken, static_cast<std::uint8_t>(i + 1), said == Recognition::kYes, swapped};
  }
  if (best_rank >= 3 || !wait || whole) return best;
  return {Verdict::Kind::kWait, 0, false, false};
}

}  // namespace bedrail
