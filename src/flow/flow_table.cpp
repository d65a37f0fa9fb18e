#include "flow/flow_table.h"

namespace bedrail {

Flow& FlowTable::add(const ConversationKey& key, std::uint64_t hash) {
  Flow* flow = free_;
  if (flow != nullptr) {
    free_ = flow->older;
    flow->older = nullptr;
  } else {
    if (used_in_block_ == std::tuple_size_v<Block>) {
      blocks_.push_back(std::make_unique<Block>());
      used_in_block_ = 0;
    }
    flow = &(*blocks_.back())[used_in_block_++];
  }
  flow->key = key;
  flow->hash = hash;
  index_.insert(hash, flow);
  link(*flow);
  return *flow;
}

Flow* FlowTable::victim() const {
  for (const List& list : lists_) {
    if (list.oldest != nullptr) return list.oldest;
  }
  return nullptr;
}

Flow* FlowTable::expired(Timestamp now) const {
  for (const List& list : lists_) {
    if (list.oldest == nullptr || !is_expired(*list.oldest, now)) continue;
    // It ends, and then likely the next one: both are long unseen.
    prefetch(list.oldest->hash);
    fetch(list.oldest->newer);
    return list.oldest;
  }
  return nullptr;
}

void FlowTable::touch(Flow& flow, FlowClass flow_class, const PacketRef& where) {
  flow.last = where;
  const List& list = lists_[static_cast<std::size_t>(flow_class)];
  if (flow.listed == flow_class && list.newest == &flow) {
    flow.flow_class = flow_class;
    return;
  }
  unlink(flow);
  flow.flow_class = flow_class;
  link(flow);
}

void FlowTable::release(Flow& flow) {
  index_.erase(flow.hash, &flow);
  unlink(flow);
  flow = Flow{};
  flow.older = free_;
  free_ = &flow;
}

void FlowTable::unlink(Flow& flow) {
  List& list = lists_[static_cast<std::size_t>(flow.listed)];
  (flow.newer != nullptr ? flow.newer->older : list.newest) = flow.older;
  (flow.older != nullptr ? flow.older->newer : list.oldest) = flow.newer;
  flow.newer = flow.older = nullptr;
}

void FlowTable::link(Flow& flow) {
  flow.listed = flow.flow_class;
  List& list = lists_[static_cast<std::size_t>(flow.listed)];
  flow.older = list.newest;
  flow.newer = nullptr;
  (list.newest != nullptr ? list.newest->newer : list.oldest) = &flow;
  list.newest = &flow;
}

}  // namespace bedrail
