#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/hash.h"
#include "base/text.h"
#include "dissect/heard.h"
#include "format/http_head.h"
#include "format/product.h"
#include "format/text_line.h"
#include "format/text_protocol.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp, Layer::kTcp};
constexpr std::uint16_t kPorts[] = {5060, 5062, 5070, 5080, 5160};
constexpr std::string_view kClues[] = {"sip.user-agent", "sip.server", "sip.realm", "sip.mac",
                                       "sip.device-type"};
constexpr std::string_view kVersion = "SIP/2.0";
constexpr std::size_t kHeadLimit = 8192;
constexpr std::string_view kDeviceName = "+u.sip!devicename.ccm.cisco.com",
                           kModel = "+u.sip!model.ccm.cisco.com";

/// A field's name in full or in its one letter (RFC 3261, 7.3.3).
bool is(const HttpFields& fields, std::string_view name, std::string_view letter) {
  return fields.is(name) || fields.is(letter);
}

/// What is read of a head; views into it.
struct Head {
  TextStartLine start;
  std::string_view user_agent, server, contact, challenge, credentials, call, sequence_method;
  std::uint32_t sequence = 0, length = 0;
  unsigned vias = 0;
  bool has_length = false, bad_length = false, malformed = false;
};

Head read_head(std::string_view text) {
  Head out;
  if (const auto line = first_line(text)) out.start = text_start_line(line->text, kVersion);
  HttpFields fields(text);
  while (fields.next()) {
    const std::string_view value = fields.value();
    if (is(fields, "Via", "v")) {
      out.vias += 1 + static_cast<unsigned>(std::count(value.begin(), value.end(), ','));
    } else if (fields.is("User-Agent")) {
      out.user_agent = value;
    } else if (fields.is("Server")) {
      out.server = value;
    } else if (is(fields, "Contact", "m")) {
      if (out.contact.empty()) out.contact = value;
    } else if (is(fields, "Call-ID", "i")) {
      out.call = value;
    } else if (is(fields, "Content-Length", "l")) {
      const auto number = field_number(value);
      out.has_length = number.has_value();
      out.bad_length = !number;
      out.length = number.value_or(0);
    } else if (fields.is("CSeq")) {
      const std::size_t blank = value.find(' ');
      out.sequence = field_number(value.substr(0, blank)).value_or(0);
      if (blank != std::string_view::npos) out.sequence_method = trim(value.substr(blank));
    } else if (fields.is("WWW-Authenticate") || fields.is("Proxy-Authenticate")) {
      if (out.challenge.empty()) out.challenge = value;
    } else if (fields.is("Authorization") || fields.is("Proxy-Authorization")) {
      if (out.credentials.empty()) out.credentials = value;
    }
  }
  out.malformed = fields.malformed() || out.call.empty() || out.vias == 0 || out.sequence_method.empty();
  return out;
}

/// The MAC that a telephone writes at the end of its user agent ("Yealink SIP-T46G 28.80.0.95 001565aabbcc").
std::optional<MacAddress> mac_in(std::string_view user_agent) {
  while (!user_agent.empty()) {
    const std::size_t cut = user_agent.find_last_of(" /-");
    std::string_view word = cut == std::string_view::npos ? user_agent : user_agent.substr(cut + 1);
    if (word.size() == 12 || word.size() == 17) {
      // Twelve digits alone are as likely a date and time.
      const bool number = std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
      const auto mac = number && !word.starts_with('0') ? std::nullopt : parse_mac(word);
      if (mac && !mac->is_zero() && !mac->is_multicast() && !mac->is_local()) return mac;
    }
    if (cut == std::string_view::npos) break;
    user_agent = user_agent.substr(0, cut);
  }
  return std::nullopt;
}

/// The MAC at the end of an instance's id where a telephone makes it of its address (RFC 5626, 4.1: a UUID of
/// version 1; Cisco's and Polycom's begin with zeros).
std::optional<MacAddress> mac_of_instance(std::string_view contact) {
  constexpr std::string_view kStart = "<urn:uuid:00000000-0000-";
  const std::string_view instance = field_parameter(contact, "+sip.instance");
  if (!starts_with_ignoring_case(instance, kStart) || instance.size() < 46) return std::nullopt;
  const auto mac = parse_mac(instance.substr(34, 12));
  if (!mac || mac->is_zero() || mac->is_multicast() || mac->is_local()) return std::nullopt;
  return mac;
}

/// Telephony (RFC 3261): which telephones, adapters and exchanges there are, and how they register.
class SipDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const std::string_view text = as_text(bytes);
    if (out.flow().key.transport == Transport::kTcp) return stream(direction, text, out);
    // What keeps an address translation open is no message (RFC 5626, 3.5, and what telephones send in its
    // place).
    if (trim(text).size() <= 4) return Progress::all(bytes);
    const Head head = read_head(text.substr(0, kHeadLimit));
    if (head.start.kind == TextStartLine::Kind::kNone) {
      out.anomaly("bad-start-line");
    } else {
      message(direction, head, out);
    }
    return Progress::all(bytes);
  }

 private:
  struct Pending {
    std::uint64_t request = 0;
    FieldCredentials credentials;
    bool used = false;
  };

  Progress stream(Direction direction, std::string_view text, Observer& out) {
    // Empty lines between messages keep the connection (RFC 5626, 3.5.1).
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
    // Without its length the next message cannot be found (RFC 3261, 18.3).
    if (!head.has_length) return give_up("bad-length", out);
    message(direction, head, out);
    return Progress::need(std::uint64_t{size} + head.length, 0);
  }

  static Progress give_up(std::string_view anomaly, Observer& out) {
    out.anomaly(anomaly);
    return Progress::failed();
  }

  void message(Direction direction, const Head& head, Observer& out) {
    if (head.bad_length) out.anomaly("bad-length");
    if (head.malformed) {
      out.anomaly("malformed-head");
      if (head.call.empty() || head.vias == 0) return;
    }
    if (head.start.kind == TextStartLine::Kind::kRequest) {
      request(direction, head, out);
    } else {
      response(direction, head, out);
    }
  }

  static Party sender(Direction direction, Observer& out) {
    return direction == Direction::kToServer ? out.client() : out.server();
  }
  void tell(Direction direction, const Party& who, std::string_view key, std::string_view text, Role role,
            Observer& out) {
    if (!text.empty() && heard_.first(mix(hash64(key, static_cast<std::uint64_t>(direction)), hash64(text))))
      out.clue(who, key, text, role);
  }

  void request(Direction direction, const Head& head, Observer& out) {
    // A request that came over a proxy holds the words of who sent it first.
    if (head.vias == 1) {
      const Party who = sender(direction, out);
      tell(direction, who, "sip.user-agent", head.user_agent, Role::kClient, out);
      if (head.start.method == "REGISTER") registered(direction, head, out);
      if (const auto mac = mac_in(head.user_agent)) declared(direction, *mac, head, out);
    }
    if (head.start.method == "MESSAGE" &&
        heard_.first(hash64("MESSAGE", static_cast<std::uint64_t>(direction))))
      out.message(sender(direction, out), direction == Direction::kToServer ? out.server() : out.client(),
                  "MESSAGE");
    if (direction != Direction::kToServer) return;
    // Remembered without credentials, too: an accepted registration without them needed none.
    const bool registers = head.start.method == "REGISTER";
    if (head.credentials.empty() && !registers) return;
    Pending pending{transaction(head), {}, true};
    if (!head.credentials.empty()) pending.credentials = field_credentials(head.credentials);
    if (pending.credentials.malformed) out.anomaly("bad-basic");
    pending_[next_pending_++ % pending_.size()] = pending;
  }

  static std::uint64_t transaction(const Head& head) { return hash64(head.call, head.sequence); }

  /// What a telephone says of itself where it registers, in parameters of its contact.
  void registered(Direction direction, const Head& head, Observer& out) {
    if (const auto mac = mac_of_instance(head.contact)) declared(direction, *mac, head, out);
    const std::string_view name = field_parameter(head.contact, kDeviceName);
    if (!name.empty() && heard_.first(hash64(name, 1))) {
      out.name(sender(direction, out), "sip", name);
      // "SEP" and the telephone's MAC.
      if (const auto mac = name.size() == 15 ? parse_mac(name.substr(3)) : std::nullopt)
        declared(direction, *mac, head, out);
    }
    tell(direction, sender(direction, out), "sip.device-type", field_parameter(head.contact, kModel),
         Role::kClient, out);
  }

  /// What a telephone says is its MAC. Where its contact is its own address, no translation is in between.
  void declared(Direction direction, const MacAddress& mac, const Head& head, Observer& out) {
    const Party who = sender(direction, out);
    const std::string text = to_string(mac);
    if (!heard_.first(mix(hash64("sip.mac", static_cast<std::uint64_t>(direction)), hash64(text)))) return;
    out.clue(who, "sip.mac", text, Role::kClient);
    if (names_address(head.contact, who)) out.address(who, {*who.ip, mac, "sip", 0});
  }

  /// Whether a contact names the party's own address.
  static bool names_address(std::string_view contact, const Party& who) {
    if (!who.ip || contact.empty()) return false;
    const std::string address = to_string(*who.ip);
    const std::size_t at = contact.find(address);
    if (at == std::string_view::npos || at == 0) return false;
    const char before = contact[at - 1];
    const std::size_t end = at + address.size();
    const char after = end < contact.size() ? contact[end] : '>';
    return (before == '@' || before == ':' || before == '[') && (after < '0' || after > '9') && after != '.';
  }

  void response(Direction direction, const Head& head, Observer& out) {
    const Party who = sender(direction, out);
    const bool own = is_own(head, who);
    const std::string_view words = head.server.empty() ? head.user_agent : head.server;
    serves(direction, own ? words : std::string_view{}, out);
    if (own) {
      tell(direction, who, "sip.server", words, Role::kServer, out);
      if (const auto mac = mac_in(words)) declared(direction, *mac, head, out);
    }
    if (head.start.status == 401 || head.start.status == 407)
      tell(direction, who, "sip.realm", field_parameter(head.challenge, "realm"), Role::kServer, out);
    if (direction == Direction::kToClient) outcome(head, out);
  }

  /// With the words that name its software as soon as there are some; without them once.
  void serves(Direction direction, std::string_view words, Observer& out) {
    Product product = product_of_tokens(words);
    // "Asterisk PBX 16.2.1": words, then a version.
    const std::size_t cut = words.rfind(' ');
    if (product.version.empty() && cut != std::string_view::npos && cut + 1 < words.size() &&
        words[cut + 1] >= '0' && words[cut + 1] <= '9')
      product = {trim(words.substr(0, cut)), words.substr(cut + 1)};
    bool& told = told_[static_cast<std::size_t>(direction)];
    if (product.name.empty() ? told : !heard_.first(hash64(words, static_cast<std::uint64_t>(direction))))
      return;
    told = true;
    const FlowKey& key = out.flow().key;
    const std::uint16_t port = direction == Direction::kToServer ? key.client.port : key.server.port;
    out.service_at(sender(direction, out), {key.transport, port, "sip", std::string(product.name),
                                            std::string(product.version), false});
  }

  /// Whether a response holds the words of who sends it: a proxy passes on those of others (RFC 3261, 16.7).
  /// Its own are challenges, the first sign of life, and what a registrar or an asked server answers; a
  /// telephone's own names its address.
  static bool is_own(const Head& head, const Party& who) {
    const std::uint16_t status = head.start.status;
    if (status == 100 || status == 401 || status == 407) return true;
    if (head.sequence_method == "REGISTER") return true;
    return names_address(head.contact, who);
  }

  void outcome(const Head& head, Observer& out) {
    const std::uint16_t status = head.start.status;
    if (status < 200) return;
    for (Pending& pending : pending_) {
      if (!pending.used || pending.request != transaction(head)) continue;
      pending.used = false;
      const bool refused = status == 401 || status == 403 || status == 407;
      const bool accepted = status < 300;
      const FieldCredentials& credentials = pending.credentials;
      if (accepted && head.sequence_method == "REGISTER" && heard_.first(hash64("session")))
        out.session({"sip",
                     credentials.mechanism.empty() ? SessionSeen::Authentication::kNone
                                                   : SessionSeen::Authentication::kPresent,
                     false});
      if (credentials.mechanism.empty()) return;
      // An old nonce says nothing of the secret; a repeated registration is the same login.
      const bool stale = refused && equals_ignoring_case(field_parameter(head.challenge, "stale"), "true");
      const Outcome outcome = accepted            ? Outcome::kAccepted
                              : refused && !stale ? Outcome::kRefused
                                                  : Outcome::kUnknown;
      if (!heard_.first(mix(hash64(credentials.mechanism), static_cast<std::uint64_t>(outcome)))) return;
      out.login({.protocol = "sip",
                 .mechanism = credentials.mechanism,
                 .cleartext = credentials.mechanism == "basic",
                 .outcome = outcome,
                 .account_and_secret = credentials.secret,
                 .secret_empty = credentials.empty,
                 .secret_is_account = credentials.is_account});
      return;
    }
  }

  Heard heard_;
  std::array<bool, 2> told_{};
  std::array<Pending, 4> pending_{};
  std::uint8_t next_pending_ = 0;
};

Recognition recognise(const Probe& probe) {
  // Empty lines keep an address translation or a connection open; a flow joined late may begin with them.
  const std::string_view text = as_text(probe.bytes);
  const std::size_t blank = std::min(text.find_first_not_of("\r\n"), text.size());
  if (blank == text.size()) return probe.on_port ? Recognition::kMaybe : Recognition::kNo;
  switch (text_prefix(text.substr(blank), kVersion)) {
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

const DissectorInfo& sip_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<SipDissector>({.name = "sip",
                                .title = "Session Initiation Protocol",
                                .layers = kLayers,
                                .ports = kPorts,
                                .clues = kClues,
                                .recognise = recognise,
                                .first_bytes = FirstBytes::of("\r\nABCDEFGHIJKLMNOPQRSTUVWXYZ")});
  return kInfo;
}

}  // namespace bedrail
