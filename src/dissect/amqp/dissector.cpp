#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/amqp/values.h"

namespace bedrail {
namespace {

using namespace amqp;

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {5672};
constexpr std::string_view kClues[] = {"amqp.container", "amqp.platform", "amqp.product"};

constexpr std::uint32_t kPreamble = 8, kMostFrame = 32 * 1024;
/// A frame of 0-9-1 (2.3.5): type, channel, size, then the content and an octet that ends it.
constexpr std::uint32_t kOldHeader = 7;
constexpr std::uint8_t kMethod = 1, kFrameEnd = 0xce;
/// Methods of the class connection (0-9-1, 1.4).
constexpr std::uint16_t kConnection = 10, kStart = 10, kStartOk = 11, kSecure = 20, kTune = 30, kClose = 50;

/// AMQP 0-9-1 and 1.0: which software greets, and how a client proves who it is.
class AmqpDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    std::uint64_t at = 0;
    while (at < bytes.size()) {
      const Progress made = step(direction, bytes.subspan(static_cast<std::size_t>(at)), out);
      if (made.status != Progress::Status::kContinue) return made;
      if (made.consumed == 0) return Progress::need(at, made.needed);
      at += made.consumed;
    }
    return Progress::need(at, 0);
  }

 private:
  Progress step(Direction direction, Bytes bytes, Observer& out) {
    // Either side may name a version: a client first, a server that does not like it, or speaks 1.0.
    if (bytes.front() == std::byte{'A'}) return preamble(direction, bytes, out);
    if (version_ == Version::kUnknown) return Progress::failed();
    return version_ == Version::kOne ? frame(direction, bytes, out) : old_frame(direction, bytes, out);
  }

  static Progress broken(std::string_view name, Observer& out) {
    out.anomaly(name);
    return Progress::failed();
  }

  /// "AMQP", a kind of protocol, and three octets of version.
  Progress preamble(Direction direction, Bytes bytes, Observer& out) {
    if (bytes.size() < kPreamble) return Progress::need(0, kPreamble);
    ByteReader reader(bytes);
    const std::string_view name = reader.text(4);
    const std::uint8_t kind = reader.u8(), major = reader.u8(), minor = reader.u8(), revision = reader.u8();
    if (name != "AMQP") return broken("bad-frame", out);
    version_ = major == 1 && minor == 0 ? Version::kOne : Version::kOld;
    const bool server = direction == Direction::kToClient;
    // The class and instance of the first versions stand where 0-9-1 has a zero.
    const std::string old =
        kind == 0 ? "0-9-1" : "0-" + std::to_string(minor) + "-" + std::to_string(revision);
    if (server && version_ == Version::kOne) greeted("1.0", out);
    if (server && version_ == Version::kOld) out.used(out.server(), "amqp", old, false);
    constexpr std::uint8_t kTls = 2;
    return version_ == Version::kOne && kind == kTls ? Progress::done() : Progress::need(kPreamble, 0);
  }

  void greeted(std::string_view version, Observer& out) {
    if (greeted_) return;
    greeted_ = true;
    out.service("amqp");
    out.used(out.server(), "amqp", version);
  }

  // --- 0-9-1 ---

  Progress old_frame(Direction direction, Bytes bytes, Observer& out) {
    if (bytes.size() < kOldHeader) return Progress::need(0, kOldHeader);
    ByteReader reader(bytes);
    const std::uint8_t type = reader.u8();
    const std::uint16_t channel = reader.be16();
    const std::uint32_t size = reader.be32();
    if (type == 0 || type > 8 || size > kMostFrame) return broken("bad-frame", out);
    if (bytes.size() < kOldHeader + size + 1) return Progress::need(0, kOldHeader + size + 1);
    ByteReader body = reader.slice(size);
    if (reader.u8() != kFrameEnd) return broken("bad-frame", out);
    if (type == kMethod && channel == 0 && body.be16() == kConnection) {
      if (method(direction, body.be16(), body, out)) return Progress::done();
    }
    return Progress::need(kOldHeader + size + 1, 0);
  }

  /// True where all was seen that is of interest.
  bool method(Direction direction, std::uint16_t number, ByteReader body, Observer& out) {
    const bool server = direction == Direction::kToClient;
    if (server && number == kStart) {
      body.skip(2);
      Properties said;
      read_table(body.slice(body.be32()), said);
      if (!body.ok()) out.anomaly("bad-method");
      out.service("amqp", said.product, said.version);
      out.used(out.server(), "amqp", "0-9-1");
      out.clue(out.server(), "amqp.platform", said.platform, Role::kServer);
    } else if (!server && number == kStartOk) {
      Properties said;
      read_table(body.slice(body.be32()), said);
      const std::string_view mechanism = body.text(body.u8());
      const Bytes response = body.bytes(body.be32());
      if (!body.ok()) out.anomaly("bad-method");
      client(said, out);
      if (body.ok()) tried(mechanism, response);
    } else if (server && (number == kTune || number == kClose)) {
      concluded(number == kTune ? Outcome::kAccepted : Outcome::kRefused, out);
      return true;
    }
    return number > kSecure && number != kTune && number != kTune + 1;
  }

  static void client(const Properties& said, Observer& out) {
    const std::string blank = said.version.empty() ? "" : " ";
    out.clue(out.client(), "amqp.product", std::string(said.product) + blank + std::string(said.version),
             Role::kClient);
    out.clue(out.client(), "amqp.platform", said.platform, Role::kClient);
  }

  /// PLAIN's response is "\0account\0secret" (RFC 4616).
  void tried(std::string_view mechanism, Bytes response) {
    tried_ = true;
    anonymous_ = mechanism == "ANONYMOUS";
    login_.protocol = "amqp";
    login_.mechanism = anonymous_ ? "anonymous" : mechanism == "EXTERNAL" ? "external" : "challenge";
    if (mechanism != "PLAIN") return;
    login_.mechanism = "plain";
    login_.cleartext = true;
    const std::string_view text = as_text(response);
    const std::size_t first = text.find('\0');
    const std::size_t second = first == std::string_view::npos ? first : text.find('\0', first + 1);
    if (second == std::string_view::npos) return;
    const std::string_view account = text.substr(first + 1, second - first - 1),
                           secret = text.substr(second + 1);
    login_.account_and_secret = digest_secret(account, secret);
    login_.secret_empty = secret.empty();
    login_.secret_is_account = !account.empty() && account == secret;
  }

  void concluded(Outcome outcome, Observer& out) {
    if (!tried_) return;
    tried_ = false;
    login_.outcome = outcome;
    out.login(login_);
    using Authentication = SessionSeen::Authentication;
    if (outcome == Outcome::kAccepted)
      out.session({"amqp", anonymous_ ? Authentication::kNone : Authentication::kPresent, false});
  }

  // --- 1.0 ---

  /// Part 2, 2.3: size, where the content starts in words, type, channel.
  Progress frame(Direction direction, Bytes bytes, Observer& out) {
    constexpr std::uint32_t kHeader = 8;
    if (bytes.size() < kHeader) return Progress::need(0, kHeader);
    ByteReader reader(bytes);
    const std::uint32_t size = reader.be32();
    const std::uint8_t words = reader.u8(), type = reader.u8();
    if (size < kHeader || words < 2 || words * 4U > size || type > 1 || size > kMostFrame)
      return broken("bad-frame", out);
    if (bytes.size() < size) return Progress::need(0, size);
    Performative said;
    const Bytes body = bytes.subspan(words * 4U, size - words * 4U);
    if (!body.empty() && read_performative(body, said)) performed(direction, said, out);
    const bool over = opened_[0] && opened_[1];
    return over ? Progress::done() : Progress::need(size, 0);
  }

  void performed(Direction direction, const Performative& said, Observer& out) {
    const bool server = direction == Direction::kToClient;
    if (said.descriptor == kSaslInit && !server) tried(said.mechanism, said.response);
    if (said.descriptor == kSaslOutcome && server && said.has_outcome)
      concluded(said.outcome == 0 ? Outcome::kAccepted : Outcome::kRefused, out);
    if (said.descriptor != kOpen) return;
    opened_[server ? 1 : 0] = true;
    const std::string_view name = said.container.substr(0, 100);
    // It may be an account's, as an address of mail.
    if (is_printable_ascii(name) && name.find('@') == std::string_view::npos)
      out.clue(server ? out.server() : out.client(), "amqp.container", name,
               server ? Role::kServer : Role::kClient);
    if (!server) return client(said.properties, out);
    if (!said.properties.product.empty())
      out.service("amqp", said.properties.product, said.properties.version);
    out.clue(out.server(), "amqp.platform", said.properties.platform, Role::kServer);
  }

  enum class Version : std::uint8_t { kUnknown, kOld, kOne } version_ = Version::kUnknown;
  bool greeted_ = false, tried_ = false, anonymous_ = false;
  std::array<bool, 2> opened_{};
  LoginSeen login_;
};

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes), name = "AMQP";
  if (text.size() < kPreamble)
    return name.starts_with(text.substr(0, 4)) ? Recognition::kMore : Recognition::kNo;
  const bool small = text[4] >= 0 && text[4] <= 3 && text[5] >= 0 && text[5] <= 9;
  return text.starts_with(name) && small ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& amqp_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<AmqpDissector>({.name = "amqp",
                                 .title = "Advanced Message Queuing Protocol",
                                 .layers = kLayers,
                                 .ports = kPorts,
                                 .clues = kClues,
                                 .recognise = recognise,
                                 .first_bytes = FirstBytes::of("A"),
                                 .max_buffer = 40 * 1024});
  return kInfo;
}

}  // namespace bedrail
