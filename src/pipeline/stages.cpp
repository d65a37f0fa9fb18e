#include "pipeline/stages.h"

#include <algorithm>
#include <thread>

namespace bedrail {

void Stages::begin(std::function<bool(std::uint64_t)> work) {
  add(1, 1, [this, work = std::move(work)](std::uint64_t piece, unsigned) {
    if (!work(piece)) count_.store(piece + 1, std::memory_order_release);
  });
}

void Stages::share(unsigned lanes, std::function<void(std::uint64_t, unsigned)> work) {
  add(lanes, 1, std::move(work));
}

void Stages::deal(unsigned lanes, std::function<void(std::uint64_t)> work) {
  add(lanes, lanes, [work = std::move(work)](std::uint64_t piece, unsigned) { work(piece); });
  for (unsigned i = 0; i < lanes; ++i) stages_.back().lanes[i]->next = i;
}

void Stages::add(unsigned lanes, std::uint64_t stride, std::function<void(std::uint64_t, unsigned)> work) {
  Stage& stage = stages_.emplace_back();
  stage.stride = stride;
  stage.work = std::move(work);
  for (unsigned i = 0; i < lanes; ++i) stage.lanes.push_back(std::make_unique<Lane>());
}

std::uint64_t Stages::reached(const Stage& stage) const {
  std::uint64_t least = UINT64_MAX;
  for (const auto& lane : stage.lanes) least = std::min(least, lane->next.load(std::memory_order_acquire));
  return least;
}

bool Stages::ready(std::size_t stage, std::uint64_t piece) const {
  if (piece >= count_.load(std::memory_order_acquire)) return false;
  return stage == 0 ? piece < reached(stages_.back()) + in_flight_ : piece < reached(stages_[stage - 1]);
}

bool Stages::step(std::size_t stage, unsigned number) {
  Lane& lane = *stages_[stage].lanes[number];
  if (!ready(stage, lane.next.load(std::memory_order_acquire))) return false;
  if (lane.busy.exchange(true, std::memory_order_acquire)) return false;
  // Another thread may have done that piece in the meantime.
  const std::uint64_t piece = lane.next.load(std::memory_order_relaxed);
  const bool mine = ready(stage, piece);
  if (mine) {
    stages_[stage].work(piece, number);
    lane.next.store(piece + stages_[stage].stride, std::memory_order_release);
  }
  lane.busy.store(false, std::memory_order_release);
  if (mine) {
    steps_.fetch_add(1, std::memory_order_release);
    steps_.notify_all();
  }
  return mine;
}

bool Stages::step(unsigned thread) {
  // Too little under way would let a thread wait for the reading.
  const std::uint64_t begun = stages_.front().lanes.front()->next.load(std::memory_order_relaxed);
  if (begun < reached(stages_.back()) + threads_ && step(0, 0)) return true;
  for (std::size_t stage = stages_.size(); stage-- > 0;) {
    // Each thread looks at another lane first: what that touches is still in its cache.
    const auto lanes = static_cast<unsigned>(stages_[stage].lanes.size());
    for (unsigned i = 0; i < lanes; ++i) {
      if (step(stage, (thread + i) % lanes)) return true;
    }
  }
  return false;
}

void Stages::work(unsigned thread) {
  for (;;) {
    const std::uint32_t before = steps_.load(std::memory_order_acquire);
    if (step(thread)) continue;
    if (reached(stages_.back()) >= count_.load(std::memory_order_acquire)) return;
    steps_.wait(before, std::memory_order_acquire);
  }
}

void Stages::run(unsigned threads) {
  threads_ = threads;
  std::vector<std::thread> others;
  for (unsigned i = 1; i < threads; ++i) others.emplace_back([this, i] { work(i); });
  work(0);
  for (std::thread& other : others) other.join();
}

}  // namespace bedrail
