#include "dissect/dissector.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/hash.h"
#include "base/recent_set.h"
#include "base/text.h"
#include "format/http_head.h"
#include "format/product.h"
#include "format/text_line.h"
#include "format/uri.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::uint16_t kPort = 1900;
constexpr std::uint16_t kPorts[] = {kPort};
constexpr std::string_view kClues[] = {"ssdp.location", "ssdp.search",     "ssdp.server",
                                       "ssdp.type",     "ssdp.user-agent", "ssdp.usn"};

/// The fields of a message that count; views into it.
struct Message {
  std::string_view nt, nts, st, usn, server, location, user_agent, name;
  bool malformed = false;
};

Message read_fields(std::string_view text) {
  Message out;
  HttpFields fields(text);
  while (fields.next()) {
    if (fields.is("NT")) out.nt = fields.value();
    if (fields.is("NTS")) out.nts = fields.value();
    if (fields.is("ST")) out.st = fields.value();
    if (fields.is("USN")) out.usn = fields.value();
    if (fields.is("SERVER")) out.server = fields.value();
    if (fields.is("LOCATION") || fields.is("AL")) out.location = fields.value();
    if (fields.is("USER-AGENT")) out.user_agent = fields.value();
    if (fields.is("CPFN.UPNP.ORG")) out.name = fields.value();
  }
  out.malformed = fields.malformed();
  return out;
}

HttpStartLine start_line(std::string_view text) {
  const auto line = first_line(text);
  return line ? http_start_line(line->text) : HttpStartLine();
}

bool is_notify(const HttpStartLine& start) { return start.method == "NOTIFY" && start.target == "*"; }
bool is_search(const HttpStartLine& start) { return start.method == "M-SEARCH" && start.target == "*"; }

/// The Simple Service Discovery Protocol: devices announce themselves, control points search for them.
class SsdpDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const std::string_view text = as_text(bytes);
    const HttpStartLine start = start_line(text);
    const Party who = direction == Direction::kToServer ? out.client() : out.server();
    from_ = direction;
    if (is_search(start)) {
      search(read_fields(text), who, out);
    } else if (is_notify(start) || start.status == 200) {
      announce(read_fields(text), start.status == 200, who, out);
    } else {
      out.anomaly("bad-start-line");
    }
    return Progress::all(bytes);
  }

 private:
  void search(const Message& message, const Party& who, Observer& out) {
    if (message.malformed) out.anomaly("malformed-field");
    clue("ssdp.search", message.st, Role::kClient, who, out);
    clue("ssdp.user-agent", message.user_agent, Role::kClient, who, out);
    if (first("name", message.name)) out.name(who, "ssdp", message.name);
  }

  void announce(const Message& message, bool response, const Party& who, Observer& out) {
    if (message.malformed) out.anomaly("malformed-field");
    clue("ssdp.server", message.server, Role::kServer, who, out);
    clue("ssdp.type", response ? message.st : message.nt, Role::kServer, who, out);
    clue("ssdp.usn", message.usn, Role::kServer, who, out);
    const std::string location = public_url(message.location);
    clue("ssdp.location", location, Role::kServer, who, out);
    // A farewell, or an event, offers nothing.
    if (!response && message.nts != "ssdp:alive" && message.nts != "ssdp:update") return;
    if (first("service", message.server.empty() ? std::string_view("-") : message.server)) {
      const Product product = product_of_tokens(message.server);
      out.service_at(who, {Transport::kUdp, kPort, "ssdp", std::string(product.name),
                           std::string(product.version), false});
    }
    if (!message.location.empty() && first("description", message.location)) description(location, who, out);
  }

  /// The server of the device's description, where it is the sender's own.
  static void description(std::string_view url, const Party& who, Observer& out) {
    const auto location = http_address(url);
    if (!location) return out.anomaly("bad-location");
    const auto ip = parse_ip(location->host);
    if (!ip || who.ip != ip) return;
    out.service_at(who, {Transport::kTcp, location->port, location->encrypted ? "https" : "http", "", "",
                         location->encrypted});
  }

  void clue(std::string_view key, std::string_view value, Role role, const Party& who, Observer& out) {
    if (first(key, value)) out.clue(who, key, value, role);
  }
  /// Devices repeat their announcements every few seconds; two of the same make say the same to each other.
  bool first(std::string_view key, std::string_view value) {
    const std::uint64_t what = mix(hash64(key), hash64(value));
    return !value.empty() && said_.insert(mix(what, static_cast<std::uint64_t>(from_)));
  }

  Direction from_ = Direction::kToServer;
  RecentSet<64> said_;
};

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes);
  const HttpStartLine start = start_line(text);
  if (is_notify(start) || is_search(start)) return Recognition::kYes;
  if (start.kind != HttpStartLine::Kind::kResponse) return Recognition::kNo;
  const Message message = read_fields(text);
  if (!message.usn.empty() && !message.st.empty()) return Recognition::kYes;
  return probe.on_port ? Recognition::kMaybe : Recognition::kNo;
}

}  // namespace

const DissectorInfo& ssdp_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<SsdpDissector>({.name = "ssdp",
                                 .title = "Simple Service Discovery Protocol",
                                 .layers = kLayers,
                                 .ports = kPorts,
                                 .clues = kClues,
                                 .recognise = recognise,
                                 .first_bytes = FirstBytes::of("NMH")});
  return kInfo;
}

}  // namespace bedrail
