#include "dissect/dissector.h"

#include <string>

#include "base/byte_reader.h"
#include "base/text.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
/// Displays 0 to 10.
constexpr std::uint16_t kPorts[] = {6000, 6001, 6002, 6003, 6004, 6005, 6006, 6007, 6008, 6009, 6010};
constexpr std::string_view kClues[] = {"x11.release", "x11.vendor"};

/// X Window System Protocol, "Connection Setup" (8) and its encoding (B).
constexpr std::size_t kSetup = 12, kReplyHead = 8, kReplyFixed = 40;
constexpr std::uint16_t kMajor = 11;
constexpr std::uint16_t kMostName = 64, kMostData = 1024;
constexpr std::uint8_t kFailed = 0, kSuccess = 1, kAuthenticate = 2;
constexpr std::string_view kCookieName = "MIT-MAGIC-COOKIE-1";

std::uint16_t u16(ByteReader& reader, bool little) { return little ? reader.le16() : reader.be16(); }
std::uint32_t u32(ByteReader& reader, bool little) { return little ? reader.le32() : reader.be32(); }
std::size_t padded(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

struct Setup {
  bool little = false;
  std::uint16_t major = 0, name = 0, data = 0;
  [[nodiscard]] std::size_t size() const { return kSetup + padded(name) + padded(data); }
  [[nodiscard]] bool plausible() const { return major == kMajor && name <= kMostName && data <= kMostData; }
};

Setup read_setup(ByteReader& reader) {
  Setup out;
  out.little = reader.u8() == 'l';
  reader.skip(1);
  out.major = u16(reader, out.little);
  reader.skip(2);
  out.name = u16(reader, out.little);
  out.data = u16(reader, out.little);
  reader.skip(2);
  return out;
}

/// A release's number as its maker counts: 12101007 is X.Org 1.21.1.7, 40300000 XFree86 4.3.0.
std::string release_text(std::string_view vendor, std::uint32_t release) {
  if (vendor.find("X.Org") == std::string_view::npos && vendor.find("XFree86") == std::string_view::npos)
    return std::to_string(release);
  std::string out = std::to_string(release / 10000000) + "." + std::to_string(release / 100000 % 100) + "." +
                    std::to_string(release / 1000 % 100);
  if (release % 1000 != 0) out += "." + std::to_string(release % 1000);
  return out;
}

/// Who may open a window here, and which server it is. Ends with the answer to the setup.
class X11Dissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    if (direction == Direction::kToClient) return reply(bytes, out);
    if (asked_) return Progress::all(bytes);
    ByteReader reader(bytes);
    const Setup setup = read_setup(reader);
    if (!reader.ok()) return Progress::need(0, kSetup);
    if (!setup.plausible()) {
      out.anomaly("bad-setup");
      return Progress::failed();
    }
    if (bytes.size() < setup.size()) return Progress::need(0, static_cast<std::uint32_t>(setup.size()));
    asked_ = true;
    little_ = setup.little;
    const std::string_view name = reader.text(setup.name);
    reader.skip(padded(setup.name) - setup.name);
    const std::string_view data = reader.text(setup.data);
    named_ = !name.empty();
    cookie_ = name == kCookieName;
    if (cookie_) digest_ = digest_secret("", data);
    return Progress::need(setup.size(), 0);
  }

 private:
  Progress reply(Bytes bytes, Observer& out) {
    if (!asked_) return Progress::done();
    ByteReader reader(bytes);
    const std::uint8_t status = reader.u8();
    reader.skip(1);
    const std::uint16_t major = u16(reader, little_);
    reader.skip(2);
    const std::size_t rest = std::size_t{4} * u16(reader, little_);
    if (!reader.ok()) return Progress::need(0, kReplyHead);
    if (status > kAuthenticate || (status != kAuthenticate && major != kMajor)) {
      out.anomaly("bad-reply");
      return Progress::failed();
    }
    if (status != kSuccess) {
      out.service("x11");
      login(status == kFailed ? Outcome::kRefused : Outcome::kUnknown, out);
      return Progress::done();
    }
    return success(bytes, reader, rest, out);
  }

  Progress success(Bytes bytes, ByteReader reader, std::size_t rest, Observer& out) {
    if (bytes.size() < kReplyFixed) return Progress::need(0, kReplyFixed);
    const std::uint32_t release = u32(reader, little_);
    reader.skip(12);  // resource numbers, the motion buffer's size
    const std::uint16_t length = u16(reader, little_);
    reader.seek(kReplyFixed);
    if (kReplyFixed + std::size_t{length} > kReplyHead + rest || length > kMostData) {
      out.anomaly("bad-reply");
      return Progress::failed();
    }
    const std::string_view vendor = reader.text(length);
    if (!reader.ok()) return Progress::need(0, static_cast<std::uint32_t>(kReplyFixed + length));
    out.service("x11", vendor, release_text(vendor, release));
    out.clue(out.server(), "x11.vendor", vendor, Role::kServer);
    out.clue(out.server(), "x11.release", std::to_string(release), Role::kServer);
    login(Outcome::kAccepted, out);
    out.session(
        {"x11", named_ ? SessionSeen::Authentication::kPresent : SessionSeen::Authentication::kNone, false});
    return Progress::done();
  }

  /// The cookie travels as it is: whoever reads it may open windows and read keys (Xsecurity(7)).
  void login(Outcome outcome, Observer& out) const {
    if (!cookie_) return;
    out.login({.protocol = "x11",
               .mechanism = "cookie",
               .cleartext = true,
               .outcome = outcome,
               .account_and_secret = digest_});
  }

  bool asked_ = false, little_ = false, named_ = false, cookie_ = false;
  SecretDigest digest_;
};

Recognition recognise(const Probe& probe) {
  if (probe.direction != Direction::kToServer) return Recognition::kNo;
  ByteReader reader(probe.bytes);
  const std::uint8_t order = reader.peek();
  if (order != 'l' && order != 'B') return Recognition::kNo;
  const Setup setup = read_setup(reader);
  if (!reader.ok()) {
    // "B" and "l" alone begin many texts; the version follows at once.
    const bool little = order == 'l';
    const std::size_t major = little ? 2 : 3;
    if (probe.bytes.size() > major && reader.size() > major &&
        std::to_integer<unsigned>(probe.bytes[major]) != kMajor)
      return Recognition::kNo;
    return Recognition::kMore;
  }
  if (!setup.plausible() || (setup.name == 0) != (setup.data == 0)) return Recognition::kNo;
  if (setup.name == 0) return probe.bytes.size() == kSetup ? Recognition::kYes : Recognition::kNo;
  if (reader.remaining() < setup.name) return Recognition::kMore;
  const std::string_view name = reader.text(setup.name);
  return name == kCookieName || name.starts_with("XDM-AUTHORIZATION-") || name.starts_with("SUN-DES-") ||
                 name.starts_with("MIT-KERBEROS-")
             ? Recognition::kYes
             : Recognition::kNo;
}

}  // namespace

const DissectorInfo& x11_dissector() {
  static constexpr DissectorInfo kInfo = with_state<X11Dissector>({.name = "x11",
                                                                   .title = "X Window System",
                                                                   .layers = kLayers,
                                                                   .ports = kPorts,
                                                                   .clues = kClues,
                                                                   .recognise = recognise,
                                                                   .first_bytes = FirstBytes::of("lB")});
  return kInfo;
}

}  // namespace bedrail
