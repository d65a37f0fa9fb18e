#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/heard.h"
#include "dissect/sunrpc/message.h"

namespace bedrail {
namespace {

using namespace sunrpc;

constexpr Layer kLayers[] = {Layer::kTcp, Layer::kUdp};
constexpr std::uint16_t kPorts[] = {111, 2049, 635, 20048};
constexpr std::string_view kClues[] = {"sunrpc.export", "sunrpc.program"};

/// A record's part is as long at most (RFC 5531, 11, has 2^31); of a message as much is read.
constexpr std::uint32_t kMostPart = 16 << 20, kMostRead = 4096;
constexpr unsigned kMostListed = 64;
constexpr std::uint32_t kMostPath = 1024;
constexpr std::uint32_t kTcp = 6, kUdp = 17;

/// "/export/home" of "/export/home/doe": what lies below may bear people's names.
std::string_view front_of(std::string_view path) {
  std::size_t cut = 0;
  for (int level = 0; level < 3 && cut != std::string_view::npos; ++level)
    cut = path.find('/', cut + (level == 0 ? 0 : 1));
  return path.substr(0, cut);
}

/// Open Network Computing RPC with its port mapper, NFS and mount: what a host serves, and who calls.
class SunrpcDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    if (out.flow().key.transport != Transport::kTcp) {
      message(direction, bytes, out);
      return Progress::all(bytes);
    }
    std::uint64_t at = 0;
    while (at < bytes.size()) {
      const Progress made = part(direction, bytes.subspan(static_cast<std::size_t>(at)), out);
      if (made.status != Progress::Status::kContinue) return made;
      if (made.consumed == 0) return Progress::need(at, made.needed);
      at += made.consumed;
    }
    return Progress::need(at, 0);
  }

 private:
  struct Pending {
    std::uint32_t id = 0, program = 0, version = 0, procedure = 0, flavour = 0;
    std::uint32_t asked_program = 0, asked_transport = 0;
    bool privacy = false, used = false;
    std::uint8_t path_length = 0;
    std::array<char, 64> path{};
  };

  /// RFC 5531, 11: a mark of four octets in front of each part of a record, its highest bit on the last.
  Progress part(Direction direction, Bytes bytes, Observer& out) {
    ByteReader reader(bytes);
    const std::uint32_t mark = reader.be32();
    if (!reader.ok()) return Progress::need(0, 4);
    const std::uint32_t length = mark & 0x7fffffff;
    bool& inside = inside_[static_cast<std::size_t>(direction)];
    if (length > kMostPart) {
      out.anomaly("bad-mark");
      return Progress::failed();
    }
    const std::uint32_t wanted = inside ? 0 : std::min(length, kMostRead);
    if (bytes.size() < 4 + wanted) return Progress::need(0, 4 + wanted);
    if (!inside) message(direction, bytes.subspan(4, wanted), out);
    inside = (mark & 0x80000000) == 0;
    return Progress::need(std::uint64_t{4} + length, 0);
  }

  void message(Direction direction, Bytes bytes, Observer& out) {
    Call call;
    // Servers call back, too: for locks and delegations.
    if (direction == Direction::kToServer && read_call(bytes, call)) return called(call, out);
    Reply reply;
    if (direction == Direction::kToClient && read_reply(bytes, reply)) return answered(reply, out);
    Call back;
    const bool odd = direction == Direction::kToServer ? !read_reply(bytes, reply) : !read_call(bytes, back);
    if (odd && first("bad", "")) out.anomaly("bad-message");
  }

  bool first(std::string_view key, std::string_view value) {
    return heard_.first(hash64(value, hash64(key)));
  }

  void called(Call& call, Observer& out) {
    if (is_printable_ascii(call.machine) && first("machine", call.machine))
      out.name(out.client(), "sunrpc", call.machine);
    Pending& slot = pending_[next_++ % pending_.size()];
    slot = {call.id, call.program, call.version, call.procedure, call.flavour, 0, 0, call.privacy, true, 0,
            {}};
    constexpr std::uint32_t kGetPort = 3, kMountPath = 1;
    if (call.program == kPortmap && call.procedure == kGetPort) {
      slot.asked_program = call.arguments.be32();
      call.arguments.skip(4);
      if (call.version == 2) slot.asked_transport = call.arguments.be32();
    } else if (call.program == kMount && call.procedure == kMountPath) {
      const std::string_view path = front_of(read_text(call.arguments, kMostPath));
      slot.path_length = static_cast<std::uint8_t>(std::min(path.size(), slot.path.size()));
      std::copy_n(path.begin(), slot.path_length, slot.path.begin());
    }
  }

  void answered(Reply& reply, Observer& out) {
    const auto found = std::find_if(pending_.begin(), pending_.end(),
                                    [&](const Pending& p) { return p.used && p.id == reply.id; });
    if (found == pending_.end()) return;
    found->used = false;
    if (!reply.accepted) return;
    served(*found, out);
    if (found->program == kPortmap) mapped(*found, reply.results, out);
    if (found->program == kMount) mounted(*found, reply.results, out);
  }

  void served(const Pending& call, Observer& out) {
    const std::string version = std::to_string(call.version), number = std::to_string(call.program);
    const std::string_view name = program_name(call.program);
    if (first("service", number)) {
      out.service(name.empty() ? "sunrpc" : name);
      out.clue(out.server(), "sunrpc.program", number, Role::kServer);
    }
    if (!name.empty() && first(name, version)) out.used(out.server(), name, version);
    constexpr std::uint32_t kNull = 0;
    const bool works = call.program == kNfs && call.procedure != kNull;
    if (works && first("session", std::to_string(call.flavour) + (call.privacy ? "p" : ""))) {
      // The caller's word is taken for who it is (RFC 5531, 8.2), but for GSS.
      using Authentication = SessionSeen::Authentication;
      const bool proven = call.flavour == kAuthGss;
      out.session({"nfs", proven ? Authentication::kPresent : Authentication::kNone, call.privacy});
    }
  }

  void offered(std::uint32_t program, std::uint32_t transport, std::uint32_t port, Observer& out) {
    const std::string_view name = program_name(program);
    if (port == 0 || port > 0xffff || (transport != kTcp && transport != kUdp)) return;
    const std::string number = std::to_string(program);
    if (!first("at", number + "/" + std::to_string(port) + "/" + std::to_string(transport))) return;
    if (first("listed", number)) out.clue(out.server(), "sunrpc.program", number, Role::kServer);
    if (name.empty()) return;
    out.service_at(out.server(), {transport == kTcp ? Transport::kTcp : Transport::kUdp,
                                  static_cast<std::uint16_t>(port),
                                  name,
                                  {},
                                  {},
                                  false});
  }

  /// RFC 1833, 3.2: where a program listens; 2.2.1: all of them.
  void mapped(const Pending& call, ByteReader results, Observer& out) {
    constexpr std::uint32_t kGetPort = 3, kDump = 4;
    if (call.version != 2) return;
    if (call.procedure == kGetPort)
      return offered(call.asked_program, call.asked_transport, results.be32(), out);
    if (call.procedure != kDump) return;
    for (unsigned i = 0; i < kMostListed && results.be32() == 1; ++i) {
      const std::uint32_t program = results.be32();
      results.skip(4);
      const std::uint32_t transport = results.be32(), port = results.be32();
      if (results.ok()) offered(program, transport, port, out);
    }
  }

  /// RFC 1813, 5.2: a path that was mounted (1), the list of paths (5).
  void mounted(const Pending& call, ByteReader results, Observer& out) {
    constexpr std::uint32_t kMountPath = 1, kExport = 5;
    if (call.procedure == kMountPath && results.be32() == 0 && results.ok())
      exported(std::string_view(call.path.data(), call.path_length), out);
    if (call.procedure != kExport) return;
    for (unsigned i = 0; i < kMostListed && results.be32() == 1; ++i) {
      const std::string_view path = read_text(results, kMostPath);
      for (unsigned group = 0; group < kMostListed && results.be32() == 1; ++group) read_text(results, 255);
      if (results.ok()) exported(front_of(path), out);
    }
  }

  void exported(std::string_view path, Observer& out) {
    if (is_printable_ascii(path) && first("export", path))
      out.clue(out.server(), "sunrpc.export", path, Role::kServer);
  }

  std::array<Pending, 16> pending_{};
  std::uint32_t next_ = 0;
  std::array<bool, 2> inside_{};
  Heard heard_;
};

Recognition recognise(const Probe& probe) {
  // A stream has a mark in front of the call, a datagram has not; both are asked, as either would not read
  // as the other.
  if (probe.direction == Direction::kToClient) return Recognition::kNo;
  Call call;
  if (read_call(probe.bytes, call)) return Recognition::kYes;
  ByteReader reader(probe.bytes);
  const std::uint32_t mark = reader.be32();
  const std::uint32_t length = mark & 0x7fffffff;
  constexpr std::uint32_t kLeast = 40;
  if (!reader.ok()) return Recognition::kMore;
  if ((mark & 0x80000000) == 0 || length < kLeast || length > kMostPart) return Recognition::kNo;
  if (read_call(reader.rest(), call)) return Recognition::kYes;
  // Kind and version of a call, as far as they are there.
  const std::string_view head("\0\0\0\0\0\0\0\2", 8);
  const std::string_view rest = as_text(reader.rest());
  if (rest.size() <= 4) return Recognition::kMore;
  const std::string_view there = rest.substr(4, 8);
  return head.starts_with(there) && rest.size() < kMostRead ? Recognition::kMore : Recognition::kNo;
}

}  // namespace

const DissectorInfo& sunrpc_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<SunrpcDissector>({.name = "sunrpc",
                                   .title = "ONC Remote Procedure Call (NFS, mount, port mapper)",
                                   .layers = kLayers,
                                   .ports = kPorts,
                                   .clues = kClues,
                                   .recognise = recognise});
  return kInfo;
}

}  // namespace bedrail
