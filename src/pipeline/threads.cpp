#include "pipeline/threads.h"

#include <algorithm>
#include <array>
#include <thread>

namespace bedrail {
namespace {

/// How many packets ahead the table's line and the flow are fetched.
constexpr std::size_t kLineAhead = 8, kFlowAhead = 4;

/// A queue with one producer and one consumer; both wait where it is full or empty. Holds what is in flight,
/// no more.
class ChunkQueue {
 public:
  explicit ChunkQueue(std::size_t capacity) : slots_(capacity) {}
  void push(Chunk* chunk) {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    for (std::size_t head = head_.load(std::memory_order_acquire); tail - head == slots_.size();
         head = head_.load(std::memory_order_acquire)) {
      head_.wait(head, std::memory_order_acquire);
    }
    slots_[tail % slots_.size()] = chunk;
    tail_.store(tail + 1, std::memory_order_release);
    tail_.notify_one();
  }
  Chunk* pop() {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    for (std::size_t tail = tail_.load(std::memory_order_acquire); tail == head;
         tail = tail_.load(std::memory_order_acquire)) {
      tail_.wait(tail, std::memory_order_acquire);
    }
    Chunk* chunk = slots_[head % slots_.size()];
    head_.store(head + 1, std::memory_order_release);
    head_.notify_one();
    return chunk;
  }

 private:
  std::vector<Chunk*> slots_;
  alignas(64) std::atomic<std::size_t> head_{0};
  alignas(64) std::atomic<std::size_t> tail_{0};
};

}  // namespace

void run_worker(Chunk& chunk, unsigned worker, unsigned workers, Shards& shards) {
  WorkerOutput& output = chunk.outputs[worker];
  const auto shard_of = [&](const DecodedPacket& packet) -> Shard& { return *shards[packet.hash >> 60]; };
  static_assert(kShards == 16, "the shard is the hash's highest four bits");
  const std::size_t count = output.packets.size();
  const auto packet_at = [&](std::size_t i) -> const DecodedPacket& {
    return chunk.packets[output.packets[i]];
  };
  const auto look_ahead = [&](std::size_t i) {
    if (i < count) shard_of(packet_at(i)).prefetch(packet_at(i));
    const std::size_t nearer = i - (kLineAhead - kFlowAhead);
    if (i >= kLineAhead - kFlowAhead && nearer < count)
      shard_of(packet_at(nearer)).prefetch_flow(packet_at(nearer));
  };
  for (std::size_t i = 0; i < kLineAhead; ++i) look_ahead(i);
  std::uint64_t previous = 0;
  for (std::size_t i = 0; i < count; ++i) {
    look_ahead(i + kLineAhead);
    const DecodedPacket& packet = packet_at(i);
    shard_of(packet).packet(packet, output.observations);
    output.mark(packet.sequence == previous ? completed_order(packet.sequence)
                                            : packet_order(packet.sequence));
    previous = packet.sequence;
  }
  for (unsigned s = worker; chunk.sweep && s < kShards; s += workers) {
    shards[s]->sweep(chunk.now, output.observations);
    output.mark(sweep_order(chunk.last_sequence, s, false));
  }
  for (unsigned s = worker; chunk.last && s < kShards; s += workers) {
    shards[s]->finish(output.observations);
    output.mark(sweep_order(chunk.last_sequence, s, true));
  }
}

void merge_outputs(Chunk& chunk, const ObservationSink& sink) {
  std::array<std::size_t, kShards> at = {};
  const std::size_t workers = chunk.outputs.size();
  chunk.merged.clear();
  for (;;) {
    std::size_t next = workers;
    for (std::size_t w = 0; w < workers; ++w) {
      const auto& runs = chunk.outputs[w].runs;
      if (at[w] == runs.size()) continue;
      if (next == workers || runs[at[w]].order < chunk.outputs[next].runs[at[next]].order) next = w;
    }
    if (next == workers) break;
    const WorkerOutput& output = chunk.outputs[next];
    const std::size_t begin = at[next] == 0 ? 0 : output.runs[at[next] - 1].end;
    for (std::size_t i = begin; i < output.runs[at[next]].end; ++i)
      chunk.merged.push_back(&output.observations[i]);
    ++at[next];
  }
  if (!chunk.merged.empty()) sink(chunk.merged);
}

void run_threads(Dispatcher& dispatcher, Shards& shards, unsigned workers, const ObservationSink& sink) {
  constexpr std::size_t kInFlight = 8;
  std::vector<std::unique_ptr<Chunk>> chunks;
  ChunkQueue free(kInFlight), analysis(kInFlight);
  std::vector<std::unique_ptr<ChunkQueue>> inputs;
  for (std::size_t i = 0; i < kInFlight; ++i) {
    chunks.push_back(std::make_unique<Chunk>(workers));
    free.push(chunks.back().get());
  }
  for (unsigned w = 0; w < workers; ++w) inputs.push_back(std::make_unique<ChunkQueue>(kInFlight));
  std::vector<std::thread> threads;
  for (unsigned w = 0; w < workers; ++w) {
    threads.emplace_back([&, w] {
      for (bool last = false; !last;) {
        Chunk& chunk = *inputs[w]->pop();
        // Read before the others are told: the chunk may be filled again at once after that.
        last = chunk.last;
        run_worker(chunk, w, workers, shards);
        if (chunk.remaining.fetch_sub(1, std::memory_order_acq_rel) == 1) chunk.remaining.notify_one();
      }
    });
  }
  threads.emplace_back([&] {
    for (bool last = false; !last;) {
      Chunk& chunk = *analysis.pop();
      for (unsigned left = chunk.remaining.load(std::memory_order_acquire); left != 0;
           left = chunk.remaining.load(std::memory_order_acquire)) {
        chunk.remaining.wait(left, std::memory_order_acquire);
      }
      last = chunk.last;
      merge_outputs(chunk, sink);
      free.push(&chunk);
    }
  });
  for (bool last = false; !last;) {
    Chunk& chunk = *free.pop();
    dispatcher.fill(chunk);
    last = chunk.last;
    chunk.remaining.store(workers, std::memory_order_release);
    for (const auto& input : inputs) input->push(&chunk);
    analysis.push(&chunk);
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace bedrail
