#include "dissect/dcerpc_speaker.h"

#include <string>

#include "base/hash.h"
#include "base/text.h"
#include "format/kerberos.h"
#include "net/address.h"

namespace bedrail {
namespace {

/// Enough for a request's or response's header.
constexpr std::uint32_t kFront = 40;
/// A mapper's results are read this far, an association's beginning (tickets within) as well.
constexpr std::uint32_t kMostRead = 16 * 1024;
constexpr std::uint16_t kMap = 3, kLookup = 2;  // C706, appendix O
constexpr std::uint16_t kServerAlive2 = 5;      // MS-DCOM 3.1.2.5.1.6
constexpr std::uint8_t kSigned = 5, kSealed = 6;
constexpr std::uint32_t kAccessDenied = 5;
constexpr unsigned kMostTold = 64;

enum Kind : std::uint64_t {
  kService = 1,
  kOffered,
  kTaken,
  kOperation,
  kTower,
  kBinding,
  kSession,
  kOpenSession,
  kNames
};

std::string_view name_of(const dcerpc::Interface* interface, std::string& text, const dcerpc::Uuid& uuid) {
  if (interface != nullptr) return interface->name;
  text = dcerpc::to_text(uuid);
  return text;
}

}  // namespace

bool DcerpcSpeaker::first(std::uint64_t kind, std::string_view text) {
  return said_.insert(hash64(text, kind));
}

const DcerpcSpeaker::Context* DcerpcSpeaker::context(std::uint16_t number) const {
  const std::uint32_t wanted = std::uint32_t{pipe_} << 16 | number;
  for (const Context& context : contexts_) {
    if (context.known && context.number == wanted) return &context;
  }
  return nullptr;
}

std::uint32_t DcerpcSpeaker::wanted(const dcerpc::Header& header) const {
  std::uint32_t most = kMostRead;
  if (header.type == dcerpc::Type::kRequest) most = kFront;
  if (header.type == dcerpc::Type::kResponse) {
    const Context* asked = context(last_context_);
    const std::string_view name =
        asked == nullptr || asked->interface == nullptr ? "" : asked->interface->name;
    const bool told = (name == "epmapper" && (last_operation_ == kMap || last_operation_ == kLookup)) ||
                      (name == "oxid-resolver" && last_operation_ == kServerAlive2);
    if (!told || !header.first_fragment()) most = kFront;
  }
  return std::min<std::uint32_t>(header.length, most);
}

bool DcerpcSpeaker::say(Direction from, const dcerpc::Header& header, Bytes unit, Observer& out,
                        std::uint16_t pipe) {
  if (from == Direction::kToServer) pipe_ = pipe;
  const bool server = from == Direction::kToClient;
  if (server && !piped_ && first(kService, "")) out.service("dcerpc");
  switch (header.type) {
    case dcerpc::Type::kBind:
    case dcerpc::Type::kAlterContext:
      security(from, header, unit, out);
      return server || bind(header, unit, out);
    case dcerpc::Type::kBindAck:
    case dcerpc::Type::kAlterContextAck:
      security(from, header, unit, out);
      return !server || bind_ack(header, unit, out);
    case dcerpc::Type::kAuth3:
      security(from, header, unit, out);
      return true;
    case dcerpc::Type::kBindNak:
      if (server) verdict(false, out);
      return true;
    case dcerpc::Type::kRequest:
      return server || request(header, unit, out);
    case dcerpc::Type::kResponse:
      return !server || response(header, unit, out);
    case dcerpc::Type::kFault: {
      ByteReader reader(unit);
      reader.skip(dcerpc::kHeader + 8);
      const std::uint32_t status = header.little ? reader.le32() : reader.be32();
      if (server && reader.ok() && status == kAccessDenied) verdict(false, out);
      return reader.ok();
    }
    default:
      return true;
  }
}

bool DcerpcSpeaker::bind(const dcerpc::Header& header, Bytes unit, Observer& out) {
  const auto offers = dcerpc::read_bind(header, unit);
  if (!offers) return false;
  offered_count_ = offers->count;
  for (std::size_t i = 0; i < offers->count; ++i) {
    const dcerpc::Offers::Offer& offer = offers->offers[i];
    offered_[i] = offer.context;
    const Context* known = context(offer.context);
    Context& place = known != nullptr ? contexts_[static_cast<std::size_t>(known - contexts_.data())]
                                      : contexts_[next_context_++ % contexts_.size()];
    place = {std::uint32_t{pipe_} << 16 | offer.context, true, offer.interface,
             dcerpc::find_interface(offer.interface)};
    std::string text;
    const std::string_view name = name_of(place.interface, text, place.uuid);
    if (first(kOffered, name)) out.clue(out.client(), "dcerpc.interface", name, Role::kClient);
  }
  return true;
}

bool DcerpcSpeaker::bind_ack(const dcerpc::Header& header, Bytes unit, Observer& out) {
  const auto results = dcerpc::read_bind_ack(header, unit);
  if (!results) return false;
  for (std::size_t i = 0; i < results->count && i < offered_count_; ++i) {
    const Context* taken = context(offered_[i]);
    if (taken == nullptr || !results->accepted[i]) continue;
    std::string text;
    const std::string_view name = name_of(taken->interface, text, taken->uuid);
    if (first(kTaken, name)) out.clue(out.server(), "dcerpc.interface", name, Role::kServer);
  }
  bound_ = true;
  return true;
}

bool DcerpcSpeaker::request(const dcerpc::Header& header, Bytes unit, Observer& out) {
  const auto call = dcerpc::read_request(header, unit);
  if (!call) return false;
  last_context_ = call->context;
  last_operation_ = call->operation;
  const Context* called = context(call->context);
  if (!header.first_fragment() || called == nullptr || called->interface == nullptr) return true;
  const std::string_view operation = dcerpc::operation_name(called->interface->name, call->operation);
  if (operation.empty()) return true;
  const std::string text = std::string(called->interface->name).append(1, ' ').append(operation);
  if (first(kOperation, text)) out.message(out.client(), out.server(), text);
  return true;
}

bool DcerpcSpeaker::response(const dcerpc::Header& header, Bytes unit, Observer& out) {
  const auto call = dcerpc::read_response(header, unit);
  if (!call) return false;
  verdict(true, out);
  if (!piped_ && level_ >= kSigned && first(kSession, ""))
    out.session({"dcerpc", SessionSeen::Authentication::kPresent, level_ == kSealed});
  const Context* called = context(call->context);
  if (called == nullptr || called->interface == nullptr) return true;
  if (!piped_ && bound_ && level_ == 0 && called->interface->sensitive && first(kOpenSession, ""))
    out.session({"dcerpc", SessionSeen::Authentication::kNone, false});
  if (!header.first_fragment() || call->context != last_context_ || unit.size() <= call->stub) return true;
  const Bytes stub = unit.subspan(call->stub);
  if (called->interface->name == "epmapper" && (last_operation_ == kMap || last_operation_ == kLookup))
    towers(header, stub, out);
  if (called->interface->name == "oxid-resolver" && last_operation_ == kServerAlive2) bindings(stub, out);
  return true;
}

void DcerpcSpeaker::security(Direction from, const dcerpc::Header& header, Bytes unit, Observer& out) {
  const auto trailer = dcerpc::read_security(header, unit);
  if (!trailer) return;
  if (from == Direction::kToServer) level_ = std::max(level_, trailer->level);
  if (const auto message = ntlm_.say(from, trailer->token, out)) {
    if (message->type == ntlmssp::MessageType::kAuthenticate) proof_ = message->proof;
  } else if (from == Direction::kToServer) {
    const kerberos::Principal service = kerberos::service_of_token(trailer->token);
    if (service.count > 1 && first(kNames, service.parts[1]) && !parse_ip(service.parts[1]))
      out.name(out.server(), "kerberos", service.parts[1]);
  }
}

void DcerpcSpeaker::verdict(bool accepted, Observer& out) {
  if (proof_ == ntlmssp::Proof::kNone) return;
  LoginSeen login;
  login.protocol = "dcerpc";
  login.mechanism = ntlmssp::mechanism(proof_);
  login.outcome = accepted ? Outcome::kAccepted : Outcome::kRefused;
  const std::string_view generation = ntlm_generation(proof_);
  proof_ = ntlmssp::Proof::kNone;
  if (!generation.empty()) out.used(out.server(), "ntlm", generation, accepted);
  if (!login.mechanism.empty()) out.login(login);
}

void DcerpcSpeaker::towers(const dcerpc::Header& header, Bytes stub, Observer& out) {
  std::size_t at = 0;
  for (unsigned i = 0; i < kMostTold; ++i) {
    const auto tower = dcerpc::next_tower(header, stub, at);
    if (!tower) return;
    std::string text;
    const std::string name(name_of(dcerpc::find_interface(tower->interface), text, tower->interface));
    if (first(kTower, name)) out.clue(out.server(), "dcerpc.interface", name, Role::kServer);
    if (tower->tcp_port != 0 && first(kTower, "tcp " + std::to_string(tower->tcp_port)))
      out.service_at(out.server(), {Transport::kTcp, tower->tcp_port, "dcerpc", {}, {}, false});
    if (!tower->netbios.empty() && first(kNames, tower->netbios))
      out.name(out.server(), "netbios", tower->netbios);
  }
}

void DcerpcSpeaker::bindings(Bytes stub, Observer& out) {
  std::size_t at = 0;
  for (unsigned i = 0; i < kMostTold; ++i) {
    const auto binding = dcerpc::next_binding(stub, at);
    if (!binding) return;
    if (!first(kBinding, *binding)) continue;
    // Its addresses on all of its networks; its name.
    if (parse_ip(*binding)) {
      out.clue(out.server(), "dcerpc.binding", *binding, Role::kServer);
    } else {
      out.name(out.server(), "dcom", *binding);
    }
  }
}

}  // namespace bedrail
