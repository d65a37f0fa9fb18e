#include "capture/merged_reader.h"

#include <algorithm>

namespace bedrail {
namespace {
constexpr std::size_t kBatch = 64;
/// What all captures' buffers together may take, as long as each has the least.
constexpr std::size_t kAllBuffers = std::size_t{64} * 1024 * 1024, kLeastBuffer = std::size_t{16} * 1024;
}  // namespace

Result<std::unique_ptr<MergedReader>> MergedReader::open(const std::vector<std::string>& paths,
                                                         const Options& options) {
  std::vector<std::unique_ptr<CaptureReader>> readers;
  std::vector<Skipped> skipped;
  ReadOptions reading{.hash = options.hash};
  reading.buffer =
      std::clamp(kAllBuffers / std::max<std::size_t>(paths.size(), 1), kLeastBuffer, reading.buffer);
  for (const std::string& path : paths) {
    auto reader = open_capture(path, static_cast<std::uint32_t>(readers.size()), reading);
    if (reader) {
      readers.push_back(std::move(*reader));
    } else {
      skipped.push_back({path, std::move(reader.error())});
    }
  }
  if (readers.empty()) {
    if (skipped.empty())
      return failure("no capture was named; name a pcap or pcapng file, or a folder with some");
    Error why = std::move(skipped.front().why);
    if (const std::size_t more = skipped.size() - 1; more != 0)
      why.message += " (and " + std::to_string(more) + " more that cannot be read)";
    return tl::unexpected(std::move(why));
  }
  auto merged = std::make_unique<MergedReader>(std::move(readers), options);
  merged->skipped_ = std::move(skipped);
  return merged;
}

MergedReader::MergedReader(std::vector<std::unique_ptr<CaptureReader>> readers, const Options& options)
    : options_(options) {
  inputs_.reserve(readers.size());
  const bool merging = readers.size() > 1;
  for (auto& reader : readers) {
    empty_.push_back(static_cast<std::uint32_t>(inputs_.size()));
    inputs_.push_back({std::move(reader), std::vector<RawPacket>(merging ? kBatch : 0)});
  }
}

std::size_t MergedReader::read(std::span<RawPacket> out) {
  if (out.empty()) return 0;
  return inputs_.size() == 1 ? read_single(out) : read_merged(out);
}

std::size_t MergedReader::read_single(std::span<RawPacket> out) {
  CaptureReader& reader = *inputs_.front().reader;
  if (!options_.since && !options_.until) return reader.read(out);
  while (const std::size_t count = reader.read(out)) {
    const auto batch = out.first(count);
    const auto end = std::remove_if(batch.begin(), batch.end(),
                                    [&](const RawPacket& packet) { return !wanted(packet.time); });
    const auto kept = static_cast<std::size_t>(end - batch.begin());
    left_out_ += count - kept;
    if (kept != 0) return kept;
  }
  return 0;
}

bool MergedReader::later(std::uint32_t a, std::uint32_t b) const {
  const Timestamp x = inputs_[a].head().time, y = inputs_[b].head().time;
  return x != y ? x > y : a > b;
}

void MergedReader::refill(std::uint32_t number) {
  Input& input = inputs_[number];
  input.next = 0;
  input.count = input.reader->read(input.batch);
  if (input.count == 0) return;
  heap_.push_back(number);
  std::push_heap(heap_.begin(), heap_.end(), [this](auto a, auto b) { return later(a, b); });
}

std::size_t MergedReader::read_merged(std::span<RawPacket> out) {
  const auto order = [this](std::uint32_t a, std::uint32_t b) { return later(a, b); };
  std::size_t written = 0;
  while (written < out.size()) {
    // Refilling ends the views of that input's packets, some of which are in `out`.
    if (written != 0 && !empty_.empty()) break;
    for (const std::uint32_t number : empty_) refill(number);
    empty_.clear();
    if (heap_.empty()) break;
    std::pop_heap(heap_.begin(), heap_.end(), order);
    const std::uint32_t number = heap_.back();
    heap_.pop_back();
    Input& input = inputs_[number];
    do {
      const RawPacket& packet = input.batch[input.next++];
      if (wanted(packet.time)) {
        out[written++] = packet;
      } else {
        ++left_out_;
      }
    } while (input.next < input.count && written < out.size() &&
             (heap_.empty() || !later(number, heap_.front())));
    if (input.next == input.count) {
      empty_.push_back(number);
    } else {
      heap_.push_back(number);
      std::push_heap(heap_.begin(), heap_.end(), order);
    }
  }
  return written;
}

std::vector<CaptureSummary> MergedReader::summaries() const {
  std::vector<CaptureSummary> all;
  all.reserve(inputs_.size());
  for (const Input& input : inputs_) all.push_back(input.reader->summary());
  return all;
}

std::uint64_t MergedReader::position() const {
  std::uint64_t sum = 0;
  for (const Input& input : inputs_) sum += input.reader->position();
  return sum;
}

std::uint64_t MergedReader::size() const {
  std::uint64_t sum = 0;
  for (const Input& input : inputs_) sum += input.reader->summary().size;
  return sum;
}

}  // namespace bedrail
