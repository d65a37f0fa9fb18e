#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include "flow/flow_index.h"

namespace bedrail {

/// Bounds of one shard's flows. Times in nanoseconds of packet time.
struct FlowLimits {
  std::size_t max_flows = std::size_t{32} * 1024;
  /// Silence after which a flow has ended, by FlowClass.
  std::array<std::int64_t, kFlowClasses> timeout = {5 * kNanosecondsPerSecond, 60 * kNanosecondsPerSecond,
                                                    180 * kNanosecondsPerSecond,
                                                    3600 * kNanosecondsPerSecond};
};

/// The flows of one shard: found by key, aged by class. Full policy: the longest silent flow of the first
/// class that has one (closed, attempted, datagram, established) makes room. One thread; flows stay where
/// they are until released.
class FlowTable {
 public:
  explicit FlowTable(const FlowLimits& limits) : limits_(limits) {}
  FlowTable(const FlowTable&) = delete;
  FlowTable& operator=(const FlowTable&) = delete;

  /// Brings the table's line for `hash` nearer while other work is done; a little later `prefetch_flow`
  /// brings the flow that stands there.
  void prefetch(std::uint64_t hash) const { index_.prefetch(hash); }
  void prefetch_flow(std::uint64_t hash) const {
    fetch(index_.find(hash, [](const Flow&) { return true; }));
  }
  [[nodiscard]] Flow* find(const ConversationKey& key, std::uint64_t hash) const {
    return index_.find(hash, [&](const Flow& flow) { return flow.key == key; });
  }
  /// A new flow in the class kDatagram; the caller has made room (`full()`, `victim()`).
  Flow& add(const ConversationKey& key, std::uint64_t hash);
  [[nodiscard]] bool full() const { return index_.size() >= limits_.max_flows; }
  /// Who has to go when the table is full.
  [[nodiscard]] Flow* victim() const;
  /// The longest silent flow of some class whose time is over at `now`, or null. Flows from a clock's future
  /// stay.
  [[nodiscard]] Flow* expired(Timestamp now) const;
  [[nodiscard]] bool is_expired(const Flow& flow, Timestamp now) const {
    return elapsed(flow.last.time, now) > limits_.timeout[static_cast<std::size_t>(flow.flow_class)];
  }
  /// A packet came: the flow is the youngest of its class (which may be a new one).
  void touch(Flow& flow, FlowClass flow_class, const PacketRef& where);
  /// The flow is gone; its memory serves the next.
  void release(Flow& flow);
  /// The oldest flow of a class, to walk from by `newer`.
  [[nodiscard]] Flow* oldest(FlowClass flow_class) const {
    return lists_[static_cast<std::size_t>(flow_class)].oldest;
  }
  [[nodiscard]] std::size_t size() const { return index_.size(); }
  /// Bytes held for flows and their index.
  [[nodiscard]] std::size_t memory() const { return blocks_.size() * sizeof(Block) + index_.memory(); }

 private:
  struct List {
    Flow* newest = nullptr;
    Flow* oldest = nullptr;
  };
  using Block = std::array<Flow, 256>;

  static void fetch(const Flow* flow) {
    if (flow == nullptr) return;
    const char* const at = reinterpret_cast<const char*>(flow);
    for (std::size_t i = 0; i < sizeof(Flow); i += 64) __builtin_prefetch(at + i, 1);
  }
  void unlink(Flow& flow);
  void link(Flow& flow);

  FlowLimits limits_;
  FlowIndex index_;
  std::array<List, kFlowClasses> lists_;
  std::vector<std::unique_ptr<Block>> blocks_;
  std::size_t used_in_block_ = std::tuple_size_v<Block>;
  Flow* free_ = nullptr;  ///< released flows, empty, by `older`
};

}  // namespace bedrail
