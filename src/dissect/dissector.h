#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>

#include "base/bytes.h"
#include "dissect/observer.h"

namespace bedrail {

enum class Direction : std::uint8_t { kToServer = 0, kToClient = 1 };
inline Direction opposite(Direction d) {
  return d == Direction::kToServer ? Direction::kToClient : Direction::kToServer;
}

/// What a dissector made of the bytes it was given.
struct Progress {
  enum class Status : std::uint8_t {
    kContinue,  ///< more will be welcome
    kDone,      ///< nothing further in this flow is of interest, in either direction: feed no more
    kFailed,  ///< this is not, or no longer, my protocol: feed no more (say an anomaly first where it is odd)
  };
  /// Bytes finished with. May exceed what was given: the engine then drops that many more without buffering
  /// them (an image's pixels, a file's content). Bytes not consumed are given again, in front of the next
  /// ones.
  std::uint64_t consumed = 0;
  /// Where not all was consumed: how many bytes (counted from the first unconsumed one) are needed before it
  /// is worth calling again; 0: unknown. With `consumed` > 0 and `needed` no more than what is left, the
  /// dissector is called again at once; else when more has come. A need beyond `max_buffer` fails the flow's
  /// dissection.
  std::uint32_t needed = 0;
  Status status = Status::kContinue;

  static Progress done() { return {0, 0, Status::kDone}; }
  static Progress failed() { return {0, 0, Status::kFailed}; }
  static Progress all(Bytes bytes) { return {bytes.size(), 0, Status::kContinue}; }
  static Progress need(std::uint64_t consumed, std::uint32_t needed) {
    return {consumed, needed, Status::kContinue};
  }
};

/// One flow's parser: hermetic (no clock, no I/O, no logging), of fixed size (its class has no heap members:
/// the engine keeps it in a slab and drops it without a destructor), fed in order.
class Dissector {
 public:
  /// Stream protocols: contiguous bytes in one direction, starting with those not consumed before. Datagram
  /// protocols: exactly one datagram's payload, `consumed` is ignored. Frame protocols: one frame's payload.
  virtual Progress consume(Direction direction, Bytes bytes, Observer& out) = 0;
  /// `count` bytes of the stream were not captured. True: I can go on with what follows (I am at or can find
  /// a boundary); what was buffered before is dropped. False: stop feeding this flow.
  virtual bool gap(Direction direction, std::uint64_t count, Observer& out) {
    (void)direction, (void)count, (void)out;
    return false;
  }
  /// The flow ended. Not called for datagram protocols that time out with nothing pending.
  virtual void close(Observer& out) { (void)out; }

 protected:
  ~Dissector() = default;
};

/// What a flow looks like when it has to be recognised.
struct Probe {
  Direction direction = Direction::kToServer;  ///< who sent `bytes`
  Bytes bytes;                                 ///< its first bytes so far (streams: up to 2 KiB)
  std::uint16_t client_port = 0, server_port = 0;
  bool midstream = false;  ///< the start of the stream was not captured
  /// One of the protocol's own ports is the server's (or, for datagrams, either's).
  bool on_port = false;
};

enum class Recognition : std::uint8_t {
  kNo,     ///< these bytes cannot be mine
  kMore,   ///< may be mine: ask again with more bytes
  kMaybe,  ///< fits, but so might others: taken where nobody says kYes (better where `on_port`)
  kYes,    ///< these bytes are mine, whatever the port
};

enum class Layer : std::uint8_t {
  kTcp,    ///< streams
  kUdp,    ///< datagrams
  kEther,  ///< frames by EtherType, or by LLC/SNAP: numbers in `ports` (SNAP organisation codes: see decode's
           ///< page)
  kIp,     ///< IP payloads by protocol number (`ports`): ICMPv6 is 58
};

/// Bytes with which a protocol's first message in a flow can begin; keeps recognition cheap. Default: any.
struct FirstBytes {
  std::uint64_t bits[4] = {~0ULL, ~0ULL, ~0ULL, ~0ULL};
  /// Only the bytes of `text` ("\x16\x15").
  static constexpr FirstBytes of(std::string_view text) {
    FirstBytes set{{0, 0, 0, 0}};
    for (const char c : text)
      set.bits[static_cast<unsigned char>(c) >> 6] |= 1ULL << (static_cast<unsigned char>(c) & 63);
    return set;
  }
  [[nodiscard]] constexpr bool has(std::uint8_t byte) const {
    return (bits[byte >> 6] >> (byte & 63) & 1) != 0;
  }
};

/// One protocol. Each folder under src/dissect/ defines `const DissectorInfo& <folder>_dissector();`
struct DissectorInfo {
  std::string_view name;   ///< as in `services[].protocol` of the assessment: "dicom"
  std::string_view title;  ///< for people: "DICOM upper layer"
  std::span<const Layer> layers = {};
  /// Ports where it is expected (a hint for recognition only), or EtherTypes / IP protocol numbers.
  std::span<const std::uint16_t> ports = {};
  /// Every clue key it may emit.
  std::span<const std::string_view> clues = {};
  Recognition (*recognise)(const Probe& probe) = nullptr;
  FirstBytes first_bytes = {};
  /// Most bytes the engine keeps per direction while the dissector waits for the rest of a message.
  std::uint32_t max_buffer = 16 * 1024;
  std::uint32_t state_size = 0, state_align = 0;
  Dissector* (*create)(void* storage) = nullptr;
};

/// Fills the size and constructor of `info` for the class `T`.
template <typename T>
constexpr DissectorInfo with_state(DissectorInfo info) {
  static_assert(std::is_base_of_v<Dissector, T>);
  static_assert(std::is_trivially_destructible_v<T>,
                "a dissector's state owns no heap memory: fixed arrays only");
  info.state_size = sizeof(T);
  info.state_align = alignof(T);
  info.create = [](void* storage) -> Dissector* { return new (storage) T(); };
  return info;
}

/// All protocols, in the folders' alphabetical order (generated by the build).
std::span<const DissectorInfo* const> all_dissectors();

}  // namespace bedrail
