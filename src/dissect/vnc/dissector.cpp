#include "dissect/dissector.h"

#include <string>

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/vnc/desktop.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
/// Displays 0 to 6, the web viewers' ports aside.
constexpr std::uint16_t kPorts[] = {5900, 5901, 5902, 5903, 5904, 5905, 5906};
constexpr std::string_view kClues[] = {"vnc.banner", "vnc.desktop", "vnc.security"};

constexpr std::size_t kBanner = 12;
constexpr std::size_t kChallenge = 16;
/// RFC 6143, 7.3.2: the display's size, its pixels' form, the length of its name.
constexpr std::size_t kServerInit = 24;
constexpr std::uint32_t kMostName = 4096;
/// From 3.7 on the client chooses from a list.
constexpr unsigned kListed = 3007;
constexpr std::uint8_t kInvalid = 0, kNone = 1, kVncAuth = 2;

/// RFC 6143, 7.1.2, and IANA's register of security types.
std::string_view type_name(std::uint8_t type) {
  switch (type) {
    case kNone:
      return "none";
    case kVncAuth:
      return "vnc";
    case 5:
      return "ra2";
    case 6:
      return "ra2ne";
    case 13:
      return "ra2-256";
    case 16:
      return "tight";
    case 17:
      return "ultra";
    case 18:
      return "tls";
    case 19:
      return "vencrypt";
    case 20:
      return "sasl";
    case 21:
      return "md5";
    case 22:
      return "xvp";
    case 30:
      return "apple-dh";
    case 33:
      return "apple-rsa-srp";
    case 35:
      return "apple-kerberos";
    case 36:
      return "apple-srp";
    case 113:
      return "ultra-mslogon";
    default:
      return {};
  }
}

std::string shown_type(std::uint8_t type) {
  const std::string_view name = type_name(type);
  return name.empty() ? std::to_string(type) : std::string(name);
}

/// Whether all that follows the choice of this type is encrypted.
bool encrypts(std::uint8_t type) { return type == 5 || type == 13 || type == 18 || type == 19; }

/// "RFB 003.008\n": 3.8 as 3008; 0 where it is no banner.
unsigned banner_version(std::string_view text) {
  if (text.size() < kBanner || !text.starts_with("RFB ") || text[7] != '.' || text[11] != '\n') return 0;
  unsigned number = 0;
  for (const std::size_t at : {4, 5, 6, 8, 9, 10}) {
    if (text[at] < '0' || text[at] > '9') return 0;
    number = number * 10 + static_cast<unsigned>(text[at] - '0');
  }
  return number;
}

/// The handshake of RFC 6143, 7.1 to 7.3: versions, security, and the desktop's name where it can be read.
class VncDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    return direction == Direction::kToServer ? client(bytes, out) : server(bytes, out);
  }

 private:
  enum class Phase : std::uint8_t { kGreeting, kSecurity, kProof, kResult, kInit };

  Progress server(Bytes bytes, Observer& out) {
    switch (server_phase_) {
      case Phase::kGreeting:
        return server_banner(bytes, out);
      case Phase::kSecurity:
        // What the list looks like is the version's that the client answered with.
        if (version_ == 0) return Progress::done();
        return version_ < kListed ? dictated(bytes, out) : offered(bytes, out);
      case Phase::kProof:
        return chosen_ == kVncAuth ? challenge(bytes) : Progress::done();
      case Phase::kResult:
        return result(bytes, out);
      case Phase::kInit:
        return init(bytes, out);
    }
    return Progress::failed();
  }

  Progress server_banner(Bytes bytes, Observer& out) {
    const std::string_view text = as_text(bytes);
    if (text.size() < kBanner) return Progress::need(0, kBanner);
    server_version_ = banner_version(text);
    if (server_version_ == 0) {
      out.anomaly("bad-banner");
      return Progress::failed();
    }
    const std::string_view banner = text.substr(0, kBanner - 1);
    out.service("vnc", {}, version_text(server_version_));
    out.clue(out.server(), "vnc.banner", banner, Role::kServer);
    server_phase_ = Phase::kSecurity;
    return Progress::need(kBanner, 0);
  }

  static std::string version_text(unsigned version) {
    return std::to_string(version / 1000) + "." + std::to_string(version % 1000);
  }

  /// Before 3.7 the server decides alone.
  Progress dictated(Bytes bytes, Observer& out) {
    ByteReader reader(bytes);
    const std::uint32_t type = reader.be32();
    if (!reader.ok()) return Progress::need(0, 4);
    if (type == kInvalid) return Progress::done();
    if (type > 255) {
      out.anomaly("bad-security");
      return Progress::failed();
    }
    out.clue(out.server(), "vnc.security", shown_type(static_cast<std::uint8_t>(type)), Role::kServer);
    choose(static_cast<std::uint8_t>(type), out);
    return open_ ? Progress::need(4, 0) : Progress::done();
  }

  Progress offered(Bytes bytes, Observer& out) {
    ByteReader reader(bytes);
    const std::uint8_t count = reader.u8();
    if (count == 0) return Progress::done();  // refused, with a reason
    if (bytes.size() < std::size_t{count} + 1) return Progress::need(0, count + 1U);
    std::string types;
    for (unsigned i = 0; i < count; ++i) {
      if (!types.empty()) types += ',';
      types += shown_type(reader.u8());
    }
    out.clue(out.server(), "vnc.security", types, Role::kServer);
    server_phase_ = Phase::kProof;
    listed_ = true;
    if (chosen_ != kInvalid) after_choice();
    return Progress::need(count + 1U, 0);
  }

  Progress client(Bytes bytes, Observer& out) {
    switch (client_phase_) {
      case Phase::kGreeting: {
        if (bytes.size() < kBanner) return Progress::need(0, kBanner);
        const unsigned version = banner_version(as_text(bytes));
        if (version == 0) {
          out.anomaly("bad-banner");
          return Progress::failed();
        }
        // Apple's 3.889 and the like speak as 3.8 does; the lower one of both counts.
        version_ = server_version_ == 0 ? version : std::min(version, server_version_);
        out.clue(out.client(), "vnc.banner", as_text(bytes).substr(0, kBanner - 1), Role::kClient);
        client_phase_ = Phase::kSecurity;
        return Progress::need(kBanner, 0);
      }
      case Phase::kSecurity:
        if (version_ < kListed) return Progress::all(bytes);
        if (chosen_ == kInvalid) choose(ByteReader(bytes).u8(), out);
        if (!open_) return Progress::done();
        return Progress::all(bytes);
      default:
        return Progress::all(bytes);
    }
  }

  /// What the two agreed on; the rest is of interest where it stays readable and its form is published.
  void choose(std::uint8_t type, Observer& out) {
    chosen_ = type;
    open_ = type == kNone || type == kVncAuth;
    out.used(out.server(), "vnc", shown_type(type));
    if (!open_) out.session({"vnc", SessionSeen::Authentication::kPresent, encrypts(type)});
    if (version_ < kListed || listed_) after_choice();
  }

  void after_choice() {
    if (chosen_ == kVncAuth) {
      server_phase_ = Phase::kProof;
    } else {
      // Only 3.8 says whether it is content where nothing was asked (RFC 6143, 7.1.3).
      server_phase_ = version_ > kListed ? Phase::kResult : Phase::kInit;
    }
  }

  Progress challenge(Bytes bytes) {
    if (bytes.size() < kChallenge) return Progress::need(0, kChallenge);
    server_phase_ = Phase::kResult;
    return Progress::need(kChallenge, 0);
  }

  Progress result(Bytes bytes, Observer& out) {
    ByteReader reader(bytes);
    const std::uint32_t verdict = reader.be32();
    if (!reader.ok()) return Progress::need(0, 4);
    if (verdict > 2) {
      out.anomaly("bad-result");
      return Progress::failed();
    }
    if (chosen_ == kVncAuth) {
      LoginSeen login;
      login.protocol = "vnc";
      login.mechanism = "vnc";
      login.outcome = verdict == 0 ? Outcome::kAccepted : Outcome::kRefused;
      out.login(login);
    }
    if (verdict != 0) return Progress::done();
    server_phase_ = Phase::kInit;
    return Progress::need(4, 0);
  }

  Progress init(Bytes bytes, Observer& out) {
    ByteReader reader(bytes);
    reader.skip(kServerInit - 4);
    const std::uint32_t length = reader.be32();
    if (!reader.ok()) return Progress::need(0, kServerInit);
    if (length > kMostName) {
      out.anomaly("name-too-long");
      return Progress::failed();
    }
    const std::string_view name = reader.text(length);
    if (!reader.ok()) return Progress::need(0, kServerInit + length);
    const bool asked = chosen_ == kVncAuth;
    out.session(
        {"vnc", asked ? SessionSeen::Authentication::kPresent : SessionSeen::Authentication::kNone, false});
    const vnc::Desktop desktop = vnc::read_desktop(clean_text(name));
    out.name(out.server(), "vnc", desktop.host);
    out.clue(out.server(), "vnc.desktop", desktop.title, Role::kServer);
    return Progress::done();
  }

  unsigned server_version_ = 0, version_ = 0;
  Phase server_phase_ = Phase::kGreeting, client_phase_ = Phase::kGreeting;
  std::uint8_t chosen_ = kInvalid;
  bool open_ = false, listed_ = false;
};

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes);
  constexpr std::string_view kStart = "RFB ";
  if (text.substr(0, kStart.size()) != kStart.substr(0, text.size())) return Recognition::kNo;
  if (text.size() < kBanner) return Recognition::kMore;
  // The server speaks first; a client that does is caught in the middle.
  if (probe.direction == Direction::kToServer && !probe.midstream) return Recognition::kNo;
  return banner_version(text) != 0 ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& vnc_dissector() {
  static constexpr DissectorInfo kInfo = with_state<VncDissector>({.name = "vnc",
                                                                   .title = "Remote Framebuffer (VNC)",
                                                                   .layers = kLayers,
                                                                   .ports = kPorts,
                                                                   .clues = kClues,
                                                                   .recognise = recognise,
                                                                   .first_bytes = FirstBytes::of("R")});
  return kInfo;
}

}  // namespace bedrail
