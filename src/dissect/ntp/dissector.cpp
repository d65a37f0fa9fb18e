#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/heard.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::uint16_t kPorts[] = {123};
constexpr std::string_view kClues[] = {"ntp.client",    "ntp.stratum", "ntp.reference",
                                       "ntp.kiss",      "ntp.control", "ntp.private",
                                       "ntp.processor", "ntp.system",  "ntp.version"};

/// RFC 5905, 7.3; RFC 9327, 2 for control messages; mode 7 is ntpd's own.
constexpr std::size_t kHeader = 48, kPrivateHeader = 8;
constexpr std::uint8_t kActive = 1, kPassive = 2, kClient = 3, kServer = 4, kBroadcast = 5, kControl = 6,
                       kPrivate = 7;
constexpr std::uint8_t kReadVariables = 2;

/// The names of control operations (RFC 9327, 2).
std::string_view operation_name(std::uint8_t operation) {
  constexpr std::string_view kNames[] = {"",           "read-status", "read-variables", "write-variables",
                                         "read-clock", "write-clock", "set-trap",       "trap",
                                         "configure",  "save-config", "read-mru",       "read-ordered-list",
                                         "request-key"};
  return operation < std::size(kNames) ? kNames[operation] : operation == 31 ? "unset-trap" : "";
}

/// Requests of mode 7 that list who spoke to the server: they answer with far more than was asked.
std::string_view private_name(std::uint8_t request) {
  return request == 20 || request == 42 ? "monlist" : request == 0 ? "peer-list" : "other";
}

/// The value of `key` in "key=value, key=\"value\"": empty where it is not there or not whole.
std::string_view variable(std::string_view text, std::string_view key) {
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    const bool starts =
        at == 0 || text[at - 1] == ' ' || text[at - 1] == ',' || text[at - 1] == '\n' || text[at - 1] == '\r';
    std::string_view rest = text.substr(at + key.size());
    if (!starts || !rest.starts_with("=\"")) continue;
    rest.remove_prefix(2);
    const std::size_t end = rest.find('"');
    return end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
  }
  return {};
}

/// The Network Time Protocol, versions 1 to 4 (RFC 5905): who serves time, from where it has it, who asks.
class NtpDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    if (bytes.empty()) return Progress::all(bytes);
    ByteReader reader(bytes);
    const std::uint8_t mode = reader.peek() & 7;
    const bool from_client = direction == Direction::kToServer;
    const Party sender = from_client ? out.client() : out.server();
    if (mode == kControl) return control(reader, sender, out);
    if (mode == kPrivate) return of_ntpd(reader, sender, out);
    if (bytes.size() < kHeader) {
      out.anomaly("truncated");
      return Progress::failed();
    }
    if (mode == kServer || mode == kBroadcast) {
      served(reader, sender, out);
    } else if (mode == kClient) {
      asked(reader, sender, out);
    } else if (mode == kActive || mode == kPassive) {
      // Peers serve each other, as far as they have a time to give; Windows asks its server in this form.
      if (mode == kPassive && reader.peek(1) != 0) served(reader, sender, out);
      if (mode == kActive) asked(reader, sender, out);
    } else {
      out.anomaly("bad-mode");
    }
    return Progress::all(bytes);
  }

 private:
  bool first(const Party& who, std::string_view key, std::string_view value) {
    return heard_.first(mix(hash64(value, hash64(key)), who.ip ? hash_of(*who.ip) : 0));
  }
  void clue(const Party& who, std::string_view key, std::string_view value, Role role, Observer& out) {
    if (first(who, key, value)) out.clue(who, key, value, role);
  }
  void service(const Party& who, std::string_view product, std::string_view version, Observer& out) {
    if (!who.ip || !who.ip->is_unicast() || !first(who, product, "service")) return;
    out.service_at(who, {Transport::kUdp, 123, "ntp", std::string(product), std::string(version), false});
  }

  void asked(ByteReader reader, const Party& sender, Observer& out) {
    const std::uint8_t version = reader.u8() >> 3 & 7;
    reader.skip(1);
    const auto poll = static_cast<std::int8_t>(reader.u8());
    const auto precision = static_cast<std::int8_t>(reader.u8());
    // Root delay and dispersion, reference: what a simple client leaves zero.
    const Bytes rest = reader.bytes(12);
    const bool simple = std::all_of(rest.begin(), rest.end(), [](std::byte b) { return b == std::byte{0}; });
    clue(sender, "ntp.client",
         "version=" + std::to_string(version) + " poll=" + std::to_string(poll) +
             " precision=" + std::to_string(precision) + (simple ? " simple" : ""),
         Role::kClient, out);
  }

  void served(ByteReader reader, const Party& sender, Observer& out) {
    const std::uint8_t version = reader.u8() >> 3 & 7;
    const std::uint8_t stratum = reader.u8();
    reader.skip(10);
    const Bytes reference = reader.bytes(4);
    const std::string_view word = trim(as_text(reference));
    service(sender, {}, {}, out);
    if (first(sender, "version", std::string(1, static_cast<char>(version))))
      out.used(sender, "ntp", std::to_string(version));
    if (stratum == 0) {
      // A kiss code: the server does not want to be asked (RFC 5905, 7.4).
      if (is_printable_ascii(word)) clue(sender, "ntp.kiss", word, Role::kServer, out);
      return;
    }
    if (stratum > 16) return out.anomaly("bad-stratum");
    clue(sender, "ntp.stratum", std::to_string(stratum), Role::kServer, out);
    if (stratum == 1) {
      if (is_printable_ascii(word)) clue(sender, "ntp.reference", word, Role::kServer, out);
    } else if (stratum < 16 && sender.ip && sender.ip->is_v4()) {
      // Its own source's address, unless that one has an IPv6 address: then four octets of a digest (RFC
      // 5905, 7.3). A private one is no accident.
      const IpAddress source = IpAddress::from(reference);
      if (source.is_private()) clue(sender, "ntp.reference", to_string(source), Role::kServer, out);
    }
  }

  Progress control(ByteReader reader, const Party& sender, Observer& out) {
    const Bytes all = reader.rest();
    reader.skip(1);
    const std::uint8_t operation = reader.u8();
    reader.skip(6);
    const std::uint16_t offset = reader.be16(), count = reader.be16();
    const std::string_view text = reader.text(count);
    if (!reader.ok()) {
      out.anomaly("bad-control");
      return Progress::all(all);
    }
    const bool response = (operation & 0x80) != 0, error = (operation & 0x40) != 0;
    if (!response) {
      clue(sender, "ntp.control", operation_name(operation & 0x1f), Role::kClient, out);
    } else if (!error) {
      if ((operation & 0x1f) == kReadVariables && offset == 0) system_variables(text, sender, out);
      clue(sender, "ntp.control", operation_name(operation & 0x1f), Role::kServer, out);
    }
    return Progress::all(all);
  }

  /// version="ntpd 4.2.8p15@1.3728-o Wed Sep 23 11:46:38 UTC 2020 (1)", processor="x86_64",
  /// system="Linux/5.10"
  void system_variables(std::string_view text, const Party& sender, Observer& out) {
    const std::string_view version = variable(text, "version");
    clue(sender, "ntp.version", version, Role::kServer, out);
    clue(sender, "ntp.processor", variable(text, "processor"), Role::kServer, out);
    clue(sender, "ntp.system", variable(text, "system"), Role::kServer, out);
    const std::size_t blank = version.find(' ');
    if (blank == std::string_view::npos) return service(sender, {}, {}, out);
    const std::string_view number = version.substr(blank + 1);
    service(sender, version.substr(0, blank), number.substr(0, number.find_first_of("@ ")), out);
  }

  Progress of_ntpd(ByteReader reader, const Party& sender, Observer& out) {
    const Bytes all = reader.rest();
    const std::uint8_t flags = reader.u8();
    reader.skip(2);
    const std::uint8_t request = reader.u8();
    reader.skip(4);
    if (!reader.ok()) {
      out.anomaly("bad-private");
      return Progress::all(all);
    }
    const bool response = (flags & 0x80) != 0;
    clue(sender, "ntp.private", private_name(request), response ? Role::kServer : Role::kClient, out);
    return Progress::all(all);
  }

  Heard heard_;
};

/// Its data ends where it says, but for padding to a word and what authenticates it (RFC 9327, 2).
bool fits_control(Bytes bytes) {
  ByteReader reader(bytes);
  reader.skip(10);
  const std::uint16_t count = reader.be16();
  return reader.ok() && count <= reader.remaining() && reader.remaining() - count < 28;
}

Recognition recognise(const Probe& probe) {
  // Nothing in these bytes is NTP's alone: without its port it is not claimed.
  if (!probe.on_port || probe.bytes.empty()) return Recognition::kNo;
  const auto flags = std::to_integer<unsigned>(probe.bytes.front());
  const unsigned mode = flags & 7, version = flags >> 3 & 7;
  if (version < 1 || version > 4) return Recognition::kNo;
  if (mode == kPrivate) return probe.bytes.size() >= kPrivateHeader ? Recognition::kMaybe : Recognition::kNo;
  if (mode == kControl)
    return flags < 0x40 && fits_control(probe.bytes) ? Recognition::kYes : Recognition::kNo;
  // 48 octets; extension fields and what authenticates are words of four (RFC 7822, 7.5).
  const bool size = probe.bytes.size() >= kHeader && probe.bytes.size() % 4 == 0;
  return mode != 0 && size ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& ntp_dissector() {
  static constexpr DissectorInfo kInfo = with_state<NtpDissector>({.name = "ntp",
                                                                   .title = "Network Time Protocol",
                                                                   .layers = kLayers,
                                                                   .ports = kPorts,
                                                                   .clues = kClues,
                                                                   .recognise = recognise});
  return kInfo;
}

}  // namespace bedrail
