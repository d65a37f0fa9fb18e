#include "dissect/sunrpc/message.h"

namespace bedrail::sunrpc {
namespace {

constexpr std::uint32_t kMostProof = 400, kMostMachine = 255;

/// What is given out to makers and to users (RFC 5531, 8.4), not the transient numbers.
bool is_program(std::uint32_t program) { return program >= 100000 && program < 0x40000000; }
bool is_flavour(std::uint32_t flavour) { return flavour <= 6 || (flavour >= 390000 && flavour <= 390010); }

}  // namespace

std::string_view program_name(std::uint32_t program) {
  switch (program) {
    case kPortmap:
      return "portmap";
    case 100001:
      return "rstat";
    case 100002:
      return "rusers";
    case kNfs:
      return "nfs";
    case 100004:
      return "ypserv";
    case kMount:
      return "mount";
    case 100007:
      return "ypbind";
    case 100008:
      return "walld";
    case 100011:
      return "rquota";
    case 100021:
      return "nlockmgr";
    case 100024:
      return "status";
    case 100068:
      return "cmsd";
    case 100083:
      return "ttdbserver";
    case 100227:
      return "nfs-acl";
    case 150001:
      return "pcnfsd";
    case 390113:
      return "networker";
    case 395183:
      return "vxi11";
    case 395184:
      return "vxi11-abort";
    default:
      return {};
  }
}

std::string_view read_text(ByteReader& reader, std::uint32_t most) {
  const std::uint32_t length = reader.be32();
  if (length > most) {
    reader.fail();
    return {};
  }
  const std::string_view out = reader.text(length);
  reader.skip((4 - length % 4) % 4);
  return reader.ok() ? out : std::string_view{};
}

bool read_call(Bytes bytes, Call& out) {
  ByteReader reader(bytes);
  out.id = reader.be32();
  const std::uint32_t kind = reader.be32(), rpc = reader.be32();
  out.program = reader.be32();
  out.version = reader.be32();
  out.procedure = reader.be32();
  out.flavour = reader.be32();
  const std::uint32_t length = reader.be32();
  if (!reader.ok() || kind != 0 || rpc != 2 || !is_program(out.program) || out.version > 255) return false;
  if (out.procedure > 255 || !is_flavour(out.flavour) || length > kMostProof || length % 4 != 0) return false;
  ByteReader proof = reader.slice(length);
  if (out.flavour == kAuthSys) {
    proof.skip(4);
    out.machine = read_text(proof, kMostMachine);
  } else if (out.flavour == kAuthGss) {
    constexpr std::uint32_t kPrivacy = 3;
    proof.skip(12);
    out.privacy = proof.be32() == kPrivacy;
  }
  reader.skip(4);
  const std::uint32_t verifier = reader.be32();
  if (!reader.ok() || verifier > kMostProof) return false;
  reader.skip(verifier);
  out.arguments = ByteReader(reader.rest());
  return reader.ok();
}

bool read_reply(Bytes bytes, Reply& out) {
  ByteReader reader(bytes);
  out.id = reader.be32();
  const std::uint32_t kind = reader.be32(), status = reader.be32();
  if (!reader.ok() || kind != 1 || status > 1) return false;
  if (status == 1) return true;
  reader.skip(4);
  const std::uint32_t verifier = reader.be32();
  if (!reader.ok() || verifier > kMostProof) return false;
  reader.skip(verifier);
  out.accepted = reader.be32() == 0 && reader.ok();
  out.results = ByteReader(reader.rest());
  return reader.ok();
}

}  // namespace bedrail::sunrpc
