#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/heard.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {49};
constexpr std::string_view kClues[] = {"tacacs.asks", "tacacs.body"};

constexpr std::uint32_t kHeader = 12, kMostBody = 0xffff, kMostRead = 2048;
constexpr std::uint8_t kAuthentication = 1, kAccounting = 3;
/// Flags (RFC 8907, 4.1).
constexpr std::uint8_t kUnencrypted = 1, kSingleConnect = 4;
/// Kinds of authentication and statuses of a reply (RFC 8907, 5.1, 5.2).
constexpr std::uint8_t kAscii = 1, kPap = 2, kChap = 3, kMsChap = 5, kMsChap2 = 6;
constexpr std::uint8_t kPass = 1, kFail = 2, kGetData = 3, kGetPassword = 5;

struct Header {
  std::uint8_t version = 0, type = 0, sequence = 0, flags = 0;
  std::uint32_t length = 0;

  [[nodiscard]] bool plausible() const {
    return (version == 0xc0 || version == 0xc1) && type >= kAuthentication && type <= kAccounting &&
           sequence > 0 && (flags & ~(kUnencrypted | kSingleConnect)) == 0 && length <= kMostBody;
  }
};
Header read_header(ByteReader& reader) {
  Header out;
  out.version = reader.u8();
  out.type = reader.u8();
  out.sequence = reader.u8();
  out.flags = reader.u8();
  reader.skip(4);
  out.length = reader.be32();
  return out;
}

/// TACACS+ (RFC 8907): which device asks whom about its administrators, and whether anybody could read it.
class TacacsDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    std::uint64_t at = 0;
    while (at < bytes.size()) {
      const Progress made = packet(direction, bytes.subspan(static_cast<std::size_t>(at)), out);
      if (made.status != Progress::Status::kContinue) return made;
      if (made.consumed == 0) return Progress::need(at, made.needed);
      at += made.consumed;
    }
    return Progress::need(at, 0);
  }

 private:
  Progress packet(Direction direction, Bytes bytes, Observer& out) {
    if (bytes.size() < kHeader) return Progress::need(0, kHeader);
    ByteReader reader(bytes);
    const Header header = read_header(reader);
    if (!header.plausible()) {
      out.anomaly("bad-header");
      return Progress::failed();
    }
    const std::uint32_t wanted = std::min(header.length, kMostRead);
    if (bytes.size() < kHeader + wanted) return Progress::need(0, kHeader + wanted);
    const bool client = direction == Direction::kToServer, clear = (header.flags & kUnencrypted) != 0;
    if (client) {
      constexpr std::string_view kNames[] = {"", "authentication", "authorization", "accounting"};
      clue("tacacs.asks", kNames[header.type], out);
      if (clear) clue("tacacs.body", "clear", out);
    } else {
      answered(header, clear, out);
    }
    if (clear && header.type == kAuthentication) {
      ByteReader body = reader.slice(wanted);
      if (!client) {
        replied(body, out);
      } else if (header.sequence == 1) {
        started(body);
      } else {
        continued(body);
      }
      if (!body.ok()) out.anomaly("bad-body");
    }
    return Progress::need(std::uint64_t{kHeader} + header.length, 0);
  }

  void clue(std::string_view key, std::string_view value, Observer& out) {
    if (heard_.first(hash64(value, hash64(key)))) out.clue(out.client(), key, value, Role::kClient);
  }

  void answered(const Header& header, bool clear, Observer& out) {
    if (!heard_.first(hash64("service"))) return;
    out.service("tacacs", {}, {}, !clear);
    out.used(out.server(), "tacacs", header.version == 0xc1 ? "12.1" : "12.0");
  }

  /// START (RFC 8907, 5.1).
  void started(ByteReader& body) {
    body.skip(2);
    const std::uint8_t kind = body.u8();
    body.skip(1);
    const std::uint8_t user = body.u8(), port = body.u8(), from = body.u8(), data = body.u8();
    const std::string_view name = body.text(user);
    body.skip(std::size_t{port} + from);
    const std::string_view secret = body.text(data);
    if (!body.ok()) return;
    tried_ = true;
    login_ = {};
    login_.protocol = "tacacs";
    login_.mechanism = kind == kChap      ? "chap"
                       : kind == kMsChap  ? "mschap"
                       : kind == kMsChap2 ? "mschapv2"
                                          : "plain";
    login_.cleartext = kind == kPap || kind == kAscii;
    account_length_ = static_cast<std::uint8_t>(std::min(name.size(), account_.size()));
    std::copy_n(name.begin(), account_length_, account_.begin());
    if (kind == kPap) proven(secret);
  }

  void proven(std::string_view secret) {
    const std::string_view account(account_.data(), account_length_);
    login_.account_and_secret = digest_secret(account, secret);
    login_.secret_empty = secret.empty();
    login_.secret_is_account = !account.empty() && account == secret;
  }

  /// CONTINUE (RFC 8907, 5.3): what was asked for, the secret after a question for it.
  void continued(ByteReader& body) {
    const std::uint16_t message = body.be16();
    body.skip(3);
    const std::string_view said = body.text(message);
    if (body.ok() && asked_for_secret_) proven(said);
    asked_for_secret_ = false;
  }

  /// REPLY (RFC 8907, 5.2).
  void replied(ByteReader& body, Observer& out) {
    const std::uint8_t status = body.u8();
    body.skip(1);
    body.skip(body.be16() + std::size_t{2});
    asked_for_secret_ = status == kGetPassword || status == kGetData;
    if (!body.ok() || !tried_ || (status != kPass && status != kFail)) return;
    tried_ = false;
    login_.outcome = status == kPass ? Outcome::kAccepted : Outcome::kRefused;
    out.login(login_);
  }

  bool tried_ = false, asked_for_secret_ = false;
  std::uint8_t account_length_ = 0;
  std::array<char, 64> account_{};
  LoginSeen login_;
  Heard heard_;
};

Recognition recognise(const Probe& probe) {
  if (!probe.on_port) return Recognition::kNo;
  ByteReader reader(probe.bytes);
  const Header header = read_header(reader);
  const bool client = probe.direction == Direction::kToServer;
  if (!reader.ok()) return reader.size() < kHeader ? Recognition::kMore : Recognition::kNo;
  // Odd numbers are the client's (RFC 8907, 4.1).
  return header.plausible() && header.length >= 5 && (header.sequence % 2 == 1) == client ? Recognition::kYes
                                                                                          : Recognition::kNo;
}

}  // namespace

const DissectorInfo& tacacs_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<TacacsDissector>({.name = "tacacs",
                                   .title = "TACACS+",
                                   .layers = kLayers,
                                   .ports = kPorts,
                                   .clues = kClues,
                                   .recognise = recognise,
                                   .first_bytes = FirstBytes::of("\xc0\xc1")});
  return kInfo;
}

}  // namespace bedrail
