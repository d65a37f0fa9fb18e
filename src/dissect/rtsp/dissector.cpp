#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "base/text.h"
#include "dissect/heard.h"
#include "format/http_head.h"
#include "format/product.h"
#include "format/text_line.h"
#include "format/text_protocol.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {554, 8554, 10554, 7070};
constexpr std::string_view kClues[] = {"rtsp.server", "rtsp.user-agent",   "rtsp.realm",       "rtsp.path",
                                       "rtsp.tool",   "rtsp.session-name", "rtsp.session-info"};
constexpr std::string_view kVersion = "RTSP/1.0";
constexpr std::size_t kHeadLimit = 8192;
/// A description (SDP) that is read; longer content is passed over.
constexpr std::uint32_t kDescriptionLimit = 8192;
constexpr std::size_t kPathLimit = 128;
/// Media between the messages (RFC 2326, 10.12): a mark, the channel, the length.
constexpr char kInterleaved = '$';
constexpr std::size_t kInterleavedHeader = 4;

/// What is read of a head; views into it.
struct Head {
  TextStartLine start;
  std::string_view server, user_agent, challenge, credentials, content_type;
  std::uint32_t sequence = 0, length = 0;
  bool has_sequence = false, bad_length = false;
};

Head read_head(std::string_view text) {
  Head out;
  if (const auto line = first_line(text)) out.start = text_start_line(line->text, kVersion);
  HttpFields fields(text);
  while (fields.next()) {
    const std::string_view value = fields.value();
    if (fields.is("CSeq")) {
      const auto number = field_number(value);
      out.has_sequence = number.has_value();
      out.sequence = number.value_or(0);
    } else if (fields.is("Server")) {
      out.server = value;
    } else if (fields.is("User-Agent")) {
      out.user_agent = value;
    } else if (fields.is("WWW-Authenticate")) {
      if (out.challenge.empty()) out.challenge = value;
    } else if (fields.is("Authorization")) {
      out.credentials = value;
    } else if (fields.is("Content-Type")) {
      out.content_type = value;
    } else if (fields.is("Content-Length")) {
      const auto number = field_number(value);
      out.bad_length = !number;
      out.length = number.value_or(0);
    }
  }
  return out;
}

/// The path of an address, without what follows '?'; empty where it may hold an account or a password.
std::string_view path_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  const std::size_t slash = url.find('/');
  if (slash == std::string_view::npos) return {};
  url.remove_prefix(slash);
  // "/user=admin&password=..." is some makers' form.
  url = url.substr(0, url.find('?'));
  const std::string lower = to_lower(url);
  if (lower.find("user") != std::string::npos || lower.find("pass") != std::string::npos ||
      lower.find("pwd") != std::string::npos || lower.find('@') != std::string::npos)
    return {};
  return url.size() > 1 && url.size() <= kPathLimit ? url : std::string_view{};
}

/// Streams of cameras and recorders (RFC 2326): what serves them, how a viewer proves who he is.
class RtspDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const std::string_view text = as_text(bytes);
    if (text.front() == kInterleaved) {
      ByteReader reader(bytes);
      reader.skip(2);
      const std::uint16_t length = reader.be16();
      if (!reader.ok()) return Progress::need(0, kInterleavedHeader);
      return Progress::need(std::uint64_t{length} + kInterleavedHeader, 0);
    }
    const std::size_t blank = std::min(text.find_first_not_of("\r\n"), text.size());
    if (blank > 0) return Progress::need(blank, 0);
    const std::size_t size = http_head_size(text.substr(0, kHeadLimit));
    if (size == 0) {
      if (text_prefix(text, kVersion) == TextPrefix::kNo) return give_up("bad-start-line", out);
      if (text.size() >= kHeadLimit) return give_up("head-too-long", out);
      return Progress::need(0, static_cast<std::uint32_t>(text.size() + 1));
    }
    const Head head = read_head(text.substr(0, size));
    if (head.start.kind == TextStartLine::Kind::kNone) return give_up("bad-start-line", out);
    if (head.bad_length) return give_up("bad-length", out);
    const bool describes = starts_with_ignoring_case(head.content_type, "application/sdp") &&
                           head.length > 0 && head.length <= kDescriptionLimit;
    if (describes && text.size() < size + head.length)
      return Progress::need(0, static_cast<std::uint32_t>(size + head.length));
    message(direction, head, out);
    if (describes) description(direction, text.substr(size, head.length), out);
    return Progress::need(std::uint64_t{size} + head.length, 0);
  }

 private:
  struct Pending {
    std::uint32_t sequence = 0;
    FieldCredentials credentials;
    bool used = false, describes = false;
  };

  static Progress give_up(std::string_view anomaly, Observer& out) {
    out.anomaly(anomaly);
    return Progress::failed();
  }
  void tell(const Party& who, std::string_view key, std::string_view text, Role role, Observer& out) {
    if (!text.empty() && heard_.first(hash64(text, hash64(key)))) out.clue(who, key, text, role);
  }

  void message(Direction direction, const Head& head, Observer& out) {
    if (!head.has_sequence) out.anomaly("no-sequence");
    // A server may ask, too (RFC 2326, 10): that says nothing of it.
    if (direction == Direction::kToServer && head.start.kind == TextStartLine::Kind::kRequest)
      request(head, out);
    if (direction == Direction::kToClient && head.start.kind == TextStartLine::Kind::kResponse)
      response(head, out);
  }

  void request(const Head& head, Observer& out) {
    tell(out.client(), "rtsp.user-agent", head.user_agent, Role::kClient, out);
    // Tracks of a stream are set up under longer paths of the same.
    if (head.start.method == "DESCRIBE")
      tell(out.server(), "rtsp.path", path_of(head.start.target), Role::kServer, out);
    Pending pending{head.sequence, {}, true, head.start.method == "DESCRIBE"};
    if (!head.credentials.empty()) pending.credentials = field_credentials(head.credentials);
    if (pending.credentials.malformed) out.anomaly("bad-basic");
    pending_[next_pending_++ % pending_.size()] = pending;
  }

  void response(const Head& head, Observer& out) {
    const Product product = product_of_tokens(head.server);
    if (product.name.empty() ? !told_ : heard_.first(hash64(head.server, 1))) {
      told_ = true;
      out.service("rtsp", product.name, product.version);
    }
    tell(out.server(), "rtsp.server", head.server, Role::kServer, out);
    if (head.start.status == 401)
      tell(out.server(), "rtsp.realm", field_parameter(head.challenge, "realm"), Role::kServer, out);
    for (Pending& pending : pending_) {
      if (!pending.used || pending.sequence != head.sequence) continue;
      pending.used = false;
      outcome(pending, head, out);
    }
  }

  void outcome(const Pending& pending, const Head& head, Observer& out) {
    const FieldCredentials& credentials = pending.credentials;
    const bool accepted = head.start.status == 200;
    const bool refused = head.start.status == 401 || head.start.status == 403;
    if (accepted && pending.describes && heard_.first(hash64("session")))
      out.session({"rtsp",
                   credentials.mechanism.empty() ? SessionSeen::Authentication::kNone
                                                 : SessionSeen::Authentication::kPresent,
                   false});
    if (credentials.mechanism.empty()) return;
    const bool stale = refused && equals_ignoring_case(field_parameter(head.challenge, "stale"), "true");
    const Outcome result = accepted            ? Outcome::kAccepted
                           : refused && !stale ? Outcome::kRefused
                                               : Outcome::kUnknown;
    // It comes again with each request: one login until something about it changes.
    const std::uint64_t secret = credentials.secret ? credentials.secret->low : 0;
    if (!heard_.first(mix(hash64(credentials.mechanism, secret), static_cast<std::uint64_t>(result)))) return;
    out.login({.protocol = "rtsp",
               .mechanism = credentials.mechanism,
               .cleartext = credentials.mechanism == "basic",
               .outcome = result,
               .account_and_secret = credentials.secret,
               .secret_empty = credentials.empty,
               .secret_is_account = credentials.is_account});
  }

  /// The name, the description and the tool of a session (RFC 4566, 5.3, 5.4, 6).
  void description(Direction direction, std::string_view text, Observer& out) {
    if (direction != Direction::kToClient) return;
    while (const auto line = first_line(text)) {
      const std::string_view content = line->text;
      // What stands under a medium is the medium's.
      if (content.starts_with("m=")) break;
      if (content.starts_with("s="))
        tell(out.server(), "rtsp.session-name", content.substr(2), Role::kServer, out);
      if (content.starts_with("i="))
        tell(out.server(), "rtsp.session-info", content.substr(2), Role::kServer, out);
      if (content.starts_with("a=tool:"))
        tell(out.server(), "rtsp.tool", content.substr(7), Role::kServer, out);
      text.remove_prefix(line->size);
    }
  }

  Heard heard_;
  bool told_ = false;
  std::array<Pending, 4> pending_{};
  std::uint8_t next_pending_ = 0;
};

Recognition recognise(const Probe& probe) {
  switch (text_prefix(as_text(probe.bytes), kVersion)) {
    case TextPrefix::kYes:
      return Recognition::kYes;
    case TextPrefix::kMore:
      return Recognition::kMore;
    case TextPrefix::kNo:
      break;
  }
  return Recognition::kNo;
}

}  // namespace

const DissectorInfo& rtsp_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<RtspDissector>({.name = "rtsp",
                                 .title = "Real Time Streaming Protocol",
                                 .layers = kLayers,
                                 .ports = kPorts,
                                 .clues = kClues,
                                 .recognise = recognise,
                                 .first_bytes = FirstBytes::of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
                                 .max_buffer = 20 * 1024});
  return kInfo;
}

}  // namespace bedrail
