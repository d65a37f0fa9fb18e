#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/hash.h"
#include "dissect/dcerpc_speaker.h"
#include "dissect/dissector.h"
#include "format/ntlmssp.h"

namespace bedrail::smb {

/// NT status codes that decide a session setup (MS-ERREF 2.3).
inline constexpr std::uint32_t kStatusSuccess = 0x00000000;
inline constexpr std::uint32_t kStatusPending = 0x00000103;
inline constexpr std::uint32_t kStatusMoreProcessing = 0xc0000016;

/// How a client proves itself in a session setup.
enum class Mechanism : std::uint8_t { kNone, kAnonymous, kPlain, kLmV1, kNtlmV1, kNtlmV2, kKerberos };

/// What a flow has said already: each statement is made once.
enum class Said : std::uint8_t {
  kService,
  kServiceProduct,
  kVersion,
  kDialect,
  kServerGuid,
  kClientGuid,
  kSigning,
  kServerNtlm,
  kServerNtlmVersion,
  kClientNtlmVersion,
  kClientName,
  kClientDomain,
  kMachineAccount,
  kServerOs,
  kServerLanManager,
  kClientOs,
  kClientLanManager,
  kServerName,
  kTicketName,
  kNtlmUsed,
  kNtlmTried,
  kSessionPresent,
  kSessionNone,
  kEncrypted,
  kTreeIpc,
  kTreeAdmin,
  kTreeDrive,
  kTreeOther,
  kBadFrame,
  kTruncated,
  kBadOffset,
  kBadCompound,
  kReversed,
};

/// The part of an SMB conversation that all dialects share: who says what of itself, and what came of a
/// session setup. Fixed size; one per flow.
class Session {
 public:
  /// True the first time it is asked for `what`.
  bool first(Said what);
  void anomaly(Said what, std::string_view name, Observer& out);

  /// The server answered in SMB.
  void service(Observer& out);
  /// The server agreed on `dialect` ("NT LM 0.12", "3.1.1") of SMB `version` ("1", "3.1.1").
  void agreed(std::string_view version, std::string_view dialect, Observer& out);
  void signing(bool enabled, bool required, Observer& out);
  void native(Direction from, std::string_view os, std::string_view lan_manager, Observer& out);
  /// The name by which the client addresses the server: a host name, an address, or a placeholder.
  void called(std::string_view host, Observer& out);
  /// "\\host\share", of which only a well-known share is told.
  void tree(std::string_view path, Observer& out);

  /// A security token of a session setup: SPNEGO, bare NTLMSSP or Kerberos. `id` pairs request and response.
  void token(Direction from, std::uint64_t id, Bytes blob, Observer& out);
  void attempt(std::uint64_t id, Mechanism mechanism);
  /// A password that travels readable; both texts are digested and forgotten.
  void attempt_plain(std::uint64_t id, std::string_view account, std::string_view password);
  /// The server's verdict on session setup `id`; `session` is the number it gave to the session, `guest` that
  /// it let the client in without knowing it.
  void verdict(std::uint64_t id, std::uint64_t session, std::uint32_t status, bool guest, Observer& out);
  /// A share was opened within `session`.
  void tree_opened(std::uint64_t session, bool disk, Observer& out);
  void encrypted(Observer& out);

  /// A tree of pipes was connected: what is written and read there are calls.
  void pipe_tree(std::uint32_t tree);
  [[nodiscard]] bool is_pipe_tree(std::uint32_t tree) const;
  /// Bytes of a pipe, in one direction.
  void pipe(bool from_server, std::uint64_t file, Bytes bytes, Observer& out);

 private:
  struct Pending {
    std::uint64_t id = 0;
    Mechanism mechanism = Mechanism::kNone;
    bool secret_empty = false, secret_is_account = false;
    std::optional<SecretDigest> digest;
  };

  Pending& pending(std::uint64_t id);
  void challenge(const ntlmssp::Message& message, Observer& out);
  void authenticate(std::uint64_t id, const ntlmssp::Message& message, Observer& out);

  std::uint64_t said_ = 0;
  /// Session setups under way: one is usual, a few can be interleaved.
  std::array<Pending, 4> pending_{};
  std::uint8_t next_pending_ = 0;
  /// The latest session that was opened without an identity.
  std::uint64_t open_session_ = 0;
  bool has_open_session_ = false;
  DcerpcSpeaker calls_{true};
  std::array<std::uint32_t, 4> pipe_trees_{};
  std::uint8_t pipe_tree_count_ = 0;
};

}  // namespace bedrail::smb
