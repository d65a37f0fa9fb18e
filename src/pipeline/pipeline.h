#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "capture/raw_packet.h"
#include "dissect/dissector.h"
#include "model/assessment.h"
#include "pipeline/limits.h"

namespace bedrail {

/// Where packets come from, in the order in which they are to be understood.
class PacketSource {
 public:
  virtual ~PacketSource() = default;
  /// Fills `out` with the next packets; 0 at the end. Views die with the next call, unless they are
  /// held.
  virtual std::size_t read(std::span<RawPacket> out) = 0;
  /// Keeps the views that the last `read` gave alive as long as it is held; null where the source cannot.
  [[nodiscard]] virtual std::shared_ptr<const void> hold() const { return nullptr; }
};

struct PipelineOptions {
  unsigned threads = 1;  ///< 1 to 16, the caller's among them
  PipelineLimits limits;
  std::span<const DissectorInfo* const> dissectors;  ///< empty: all
};

/// The packet side's account, for the assessment's `source` part.
struct PipelineResult {
  std::uint64_t packets = 0, bytes = 0;
  Losses losses;  ///< but for `capture_drops` and `truncated_packets`, which the reader knows
  std::map<std::string, ProtocolTotals> protocols;
  std::vector<UnrecognisedTraffic> unrecognised;   ///< by bytes; at most 100
  ProtocolTotals unrecognised_rest;                ///< what stands in no row of it
  std::map<std::string, std::uint64_t> anomalies;  ///< the decoder's, as "decode/NAME"
  std::vector<Notice> notices;                     ///< limits reached
};

/// Takes the observations of a stretch of the input, in its order. They die after the call.
using ObservationSink = std::function<void(std::span<const Observation* const>)>;

/// Reads all of `source`: decode, flow, dissect. `sink` is called with observations in an order that depends
/// on the input alone. With several threads both it and `source` are called by any of them, by one at a time.
PipelineResult run_pipeline(PacketSource& source, const PipelineOptions& options,
                            const ObservationSink& sink);

}  // namespace bedrail
