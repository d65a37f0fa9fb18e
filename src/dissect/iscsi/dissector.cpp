#include "dissect/dissector.h"

#include <algorithm>
#include <string>

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/heard.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {3260};
constexpr std::string_view kClues[] = {"iscsi.initiator", "iscsi.initiator-alias", "iscsi.target",
                                       "iscsi.target-alias"};

/// Operations (RFC 7143, 11.2.1.2).
constexpr std::uint8_t kLoginRequest = 0x03, kTextRequest = 0x04, kLoginResponse = 0x23, kTextResponse = 0x24;
constexpr std::uint32_t kHeader = 48, kMostText = 16 * 1024;
constexpr unsigned kMostKeys = 64;
constexpr std::size_t kMostName = 223;
/// The last stage of a login: full operation (RFC 7143, 11.12.3).
constexpr std::uint8_t kFullFeature = 3;

struct Header {
  std::uint8_t operation = 0, flags = 0, status_class = 0;
  std::uint32_t extra = 0, length = 0;
};
Header read_header(ByteReader reader) {
  Header out;
  out.operation = reader.u8() & 0x3f;
  out.flags = reader.u8();
  reader.skip(2);
  out.extra = reader.u8() * 4U;
  out.length = reader.be24();
  reader.skip(28);
  out.status_class = reader.u8();
  return out;
}

/// iSCSI's login: which host has its disks at which storage, and whether a password was asked for.
class IscsiDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    std::uint64_t at = 0;
    while (at < bytes.size()) {
      const Progress made = unit(direction, bytes.subspan(static_cast<std::size_t>(at)), out);
      if (made.status != Progress::Status::kContinue) return made;
      if (made.consumed == 0) return Progress::need(at, made.needed);
      at += made.consumed;
    }
    return Progress::need(at, 0);
  }

 private:
  Progress unit(Direction direction, Bytes bytes, Observer& out) {
    if (bytes.size() < kHeader) return Progress::need(0, kHeader);
    const Header header = read_header(ByteReader(bytes));
    const bool client = direction == Direction::kToServer;
    const bool login = header.operation == (client ? kLoginRequest : kLoginResponse);
    const bool text = header.operation == (client ? kTextRequest : kTextResponse);
    // Anything else comes behind the login.
    if (!login && !text) return Progress::done();
    if (header.length > kMostText) {
      out.anomaly("text-too-long");
      return Progress::failed();
    }
    const std::uint32_t padded = (header.length + 3) & ~3U, whole = kHeader + header.extra + padded;
    if (bytes.size() < whole) return Progress::need(0, whole);
    keys(as_text(bytes.subspan(kHeader + header.extra, header.length)), client, out);
    if (!client && login && answered(header, out)) return Progress::done();
    if (!client && text) return Progress::done();
    return Progress::need(whole, 0);
  }

  /// "Key=value", each ended by NUL (RFC 7143, 6.1).
  void keys(std::string_view text, bool client, Observer& out) {
    for (unsigned i = 0; i < kMostKeys && !text.empty(); ++i) {
      const std::size_t end = std::min(text.find('\0'), text.size());
      const std::string_view pair = text.substr(0, end);
      text.remove_prefix(std::min(text.size(), end + 1));
      const std::size_t equals = pair.find('=');
      if (pair.empty()) continue;
      if (equals == std::string_view::npos) return out.anomaly("bad-key");
      key(pair.substr(0, equals), pair.substr(equals + 1), client, out);
    }
  }

  void key(std::string_view name, std::string_view value, bool client, Observer& out) {
    if (!is_printable_ascii(value) || value.size() > kMostName) return;
    if (client && name == "InitiatorName") {
      clue(out.client(), "iscsi.initiator", value, Role::kClient, out);
      // Windows calls itself by the computer's name.
      constexpr std::string_view kMicrosoft = "iqn.1991-05.com.microsoft:";
      if (value.starts_with(kMicrosoft) && heard_.first(hash64("name")))
        out.name(out.client(), "iscsi", value.substr(kMicrosoft.size()));
    } else if (client && name == "InitiatorAlias") {
      clue(out.client(), "iscsi.initiator-alias", value, Role::kClient, out);
    } else if (client && name == "SessionType") {
      discovery_ = value == "Discovery";
    } else if (name == "TargetName") {
      clue(out.server(), "iscsi.target", value, Role::kServer, out);
    } else if (!client && name == "TargetAlias") {
      clue(out.server(), "iscsi.target-alias", value, Role::kServer, out);
    } else if (!client && name == "AuthMethod") {
      proves_ = value != "None";
    } else if (client && name == "CHAP_R") {
      chap_ = proves_ = true;
    }
  }

  void clue(const Party& who, std::string_view key, std::string_view value, Role role, Observer& out) {
    if (heard_.first(hash64(value, hash64(key)))) out.clue(who, key, value, role);
  }

  /// True where nothing of interest follows.
  bool answered(const Header& header, Observer& out) {
    if (heard_.first(hash64("service"))) out.service("iscsi");
    // Class 1 sends the initiator elsewhere, 2 is its own fault, 3 the target's (RFC 7143, 11.13.5).
    const bool accepted = header.status_class == 0, refused = header.status_class == 2;
    const bool last = (header.flags & 0x80) != 0 && (header.flags & 3) == kFullFeature;
    if (accepted && !last) return false;
    if (chap_) {
      LoginSeen login;
      login.protocol = "iscsi";
      login.mechanism = "chap";
      login.outcome = accepted ? Outcome::kAccepted : refused ? Outcome::kRefused : Outcome::kUnknown;
      out.login(login);
    }
    using Authentication = SessionSeen::Authentication;
    if (accepted) out.session({"iscsi", proves_ ? Authentication::kPresent : Authentication::kNone, false});
    return !accepted || !discovery_;
  }

  bool discovery_ = false, proves_ = false, chap_ = false;
  Heard heard_;
};

Recognition recognise(const Probe& probe) {
  if (probe.direction == Direction::kToClient) return Recognition::kNo;
  const std::string_view text = as_text(probe.bytes);
  if (text.empty()) return Recognition::kMore;
  // A login may be sent at once (bit 6) or wait its turn; version 0 is the only one.
  const bool request = (text[0] & 0xbf) == kLoginRequest;
  const bool version = text.size() < 4 || (text[2] == 0 && text[3] == 0);
  if (!request || !version) return Recognition::kNo;
  // The first keys of a session name the initiator.
  constexpr std::string_view kFirst = "InitiatorName=";
  if (text.size() < kHeader + kFirst.size()) return Recognition::kMore;
  const std::string_view data = text.substr(kHeader, 1024);
  if (data.find(kFirst) != std::string_view::npos) return Recognition::kYes;
  return text.size() < kHeader + 1024 ? Recognition::kMore : Recognition::kNo;
}

}  // namespace

const DissectorInfo& iscsi_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<IscsiDissector>({.name = "iscsi",
                                  .title = "Internet SCSI",
                                  .layers = kLayers,
                                  .ports = kPorts,
                                  .clues = kClues,
                                  .recognise = recognise,
                                  .first_bytes = FirstBytes::of("\x03\x43"),
                                  .max_buffer = 20 * 1024});
  return kInfo;
}

}  // namespace bedrail
