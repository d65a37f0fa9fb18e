#include "pipeline/dissection.h"

#include <cassert>
#include <new>

namespace bedrail {
namespace {
constexpr std::align_val_t kAlign{64};
constexpr std::size_t kBlock = 64 * 1024;
}  // namespace

DissectionPool::~DissectionPool() {
  for (void* block : blocks_) ::operator delete(block, kAlign);
}

Dissection* DissectionPool::make() { return new (allocate(sizeof(Dissection))) Dissection(); }

Undecided& DissectionPool::undecided(Dissection& dissection) {
  if (dissection.undecided != nullptr) return *dissection.undecided;
  if (spare_.empty()) {
    dissection.undecided = std::make_unique<Undecided>();
  } else {
    dissection.undecided = std::move(spare_.back());
    spare_.pop_back();
  }
  return *dissection.undecided;
}

void DissectionPool::give_back(std::unique_ptr<Undecided> held) {
  constexpr std::size_t kSpare = 64, kSmall = 4096;
  if (spare_.size() >= kSpare || held->text[0].capacity() + held->text[1].capacity() > kSmall) return;
  held->clear();
  spare_.push_back(std::move(held));
}

void DissectionPool::start(Dissection& dissection, std::uint8_t protocol, const DissectorInfo& info) {
  dissection.protocol = protocol;
  dissection.dissector = info.create(allocate(info.state_size));
}

void DissectionPool::end(Dissection& dissection, const Recogniser& recogniser) {
  // A dissector owns nothing (it is trivially destructible): its memory is just taken back.
  if (dissection.dissector != nullptr)
    free(dissection.dissector, recogniser.info(dissection.protocol).state_size);
  dissection.dissector = nullptr;
}

void DissectionPool::release(Dissection* dissection, const Recogniser& recogniser) {
  end(*dissection, recogniser);
  if (dissection->undecided != nullptr) give_back(std::move(dissection->undecided));
  dissection->~Dissection();
  free(dissection, sizeof(Dissection));
}

void* DissectionPool::allocate(std::size_t size) {
  const std::size_t which = class_of(size);
  assert(which > 0 && which <= kClasses && "a dissector's state is at most 32 KiB");
  used_ += which * kStep;
  if (free_[which] == nullptr) {
    const std::size_t each = which * kStep;
    const std::size_t count = each < kBlock ? kBlock / each : 1;
    std::byte* block = static_cast<std::byte*>(::operator new(each* count, kAlign));
    blocks_.push_back(block);
    for (std::size_t i = count; i-- > 0;) free_[which] = new (block + i * each) Free{free_[which]};
  }
  Free* place = free_[which];
  free_[which] = place->next;
  return place;
}

void DissectionPool::free(void* place, std::size_t size) {
  const std::size_t which = class_of(size);
  used_ -= which * kStep;
  free_[which] = new (place) Free{free_[which]};
}

}  // namespace bedrail
