#pragma once

#include <array>
#include <cstdint>

#include "base/recent_set.h"
#include "dissect/ntlm_speaker.h"
#include "format/dcerpc.h"

namespace bedrail {

/// Says what the DCE/RPC units of one association tell: interfaces, operations, where a mapper says others
/// are, who proves what. Part of the state of a dissector that carries such units: over TCP, or in SMB's
/// pipes. Its clues are "dcerpc.interface", "dcerpc.binding" and NTLM's.
class DcerpcSpeaker {
 public:
  /// `piped`: SMB has already asked who the client is.
  explicit DcerpcSpeaker(bool piped) : piped_(piped) {}

  /// How many bytes of the unit are worth having before `say` is called.
  [[nodiscard]] std::uint32_t wanted(const dcerpc::Header& header) const;
  /// A unit, or as much of its front as was wanted. False where it does not fit its header. `pipe` tells
  /// apart what travels on one connection but in different pipes.
  bool say(Direction from, const dcerpc::Header& header, Bytes unit, Observer& out, std::uint16_t pipe = 0);

 private:
  struct Context {
    std::uint32_t number = 0;  ///< the pipe's and its own
    bool known = false;
    dcerpc::Uuid uuid{};
    const dcerpc::Interface* interface = nullptr;
  };

  bool first(std::uint64_t kind, std::string_view text);
  const Context* context(std::uint16_t number) const;
  bool bind(const dcerpc::Header& header, Bytes unit, Observer& out);
  bool bind_ack(const dcerpc::Header& header, Bytes unit, Observer& out);
  bool request(const dcerpc::Header& header, Bytes unit, Observer& out);
  bool response(const dcerpc::Header& header, Bytes unit, Observer& out);
  void security(Direction from, const dcerpc::Header& header, Bytes unit, Observer& out);
  void verdict(bool accepted, Observer& out);
  void towers(const dcerpc::Header& header, Bytes stub, Observer& out);
  void bindings(Bytes stub, Observer& out);

  std::array<Context, dcerpc::kMostContexts> contexts_{};
  std::array<std::uint16_t, dcerpc::kMostContexts> offered_{};  ///< contexts of the latest offer, in order
  std::size_t offered_count_ = 0, next_context_ = 0;
  RecentSet<64> said_;
  NtlmSpeaker ntlm_;
  ntlmssp::Proof proof_ = ntlmssp::Proof::kNone;
  std::uint16_t pipe_ = 0, last_context_ = 0, last_operation_ = 0xffff;
  std::uint8_t level_ = 0;
  bool bound_ = false;
  bool piped_;
};

}  // namespace bedrail
