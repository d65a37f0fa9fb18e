#include "dissect/dissector.h"

#include <array>
#include <string>

#include "base/byte_reader.h"
#include "base/text.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::uint16_t kPorts[] = {69};
constexpr std::string_view kClues[] = {"tftp.file", "tftp.file-mac", "tftp.write"};

constexpr std::uint16_t kRead = 1, kWrite = 2, kOptionsAcknowledged = 6;
constexpr std::size_t kMostName = 200;
constexpr unsigned kMostOptions = 16;

/// A request's fields (RFC 1350, 5); views into the datagram.
struct Request {
  std::uint16_t operation = 0;
  std::string_view file, mode;
  bool malformed_options = false;
};

/// The text up to its NUL; empty and failure where there is none.
std::string_view next_text(ByteReader& reader) {
  const std::string_view rest = as_text(reader.rest());
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos) {
    reader.fail();
    return {};
  }
  reader.skip(end + 1);
  return rest.substr(0, end);
}

bool is_mode(std::string_view mode) {
  return equals_ignoring_case(mode, "octet") || equals_ignoring_case(mode, "netascii") ||
         equals_ignoring_case(mode, "mail");
}

bool read_request(Bytes bytes, Request& out) {
  ByteReader reader(bytes);
  out.operation = reader.be16();
  if (out.operation != kRead && out.operation != kWrite) return false;
  out.file = next_text(reader);
  out.mode = next_text(reader);
  if (!reader.ok() || out.file.empty() || !is_mode(out.mode)) return false;
  for (unsigned i = 0; i < kMostOptions && !reader.empty(); ++i) {
    // RFC 2347: pairs of an option's name and its value. Some firmware pads with zeros.
    const std::string_view name = next_text(reader);
    if (name.empty() && reader.ok()) break;
    (void)next_text(reader);
    if (!reader.ok()) out.malformed_options = true;
  }
  return true;
}

/// The name behind the last separator: directories are the site's own.
std::string_view last_part(std::string_view path) {
  const std::size_t cut = path.find_last_of("/\\");
  return cut == std::string_view::npos ? path : path.substr(cut + 1);
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// A universal MAC that stands in a file's name as exactly 12 hexadecimal digits ("SEP001122AABBCC.cnf.xml",
/// "01-00-11-22-aa-bb-cc" of PXELINUX).
std::optional<MacAddress> mac_in(std::string_view name) {
  constexpr std::size_t kPxeLength = 20;
  if (name.size() == kPxeLength && name.starts_with("01-")) return parse_mac(name.substr(3));
  // "SEP" ends in a letter that is a digit, too.
  for (const std::string_view prefix : {"SEP", "ATA", "CTLSEP", "SIP"}) {
    if (name.starts_with(prefix)) name = name.substr(prefix.size());
  }
  std::size_t run = 0;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    if (i < name.size() && is_hex(name[i])) {
      ++run;
      continue;
    }
    if (run == 12) {
      const std::string_view digits = name.substr(i - 12, 12);
      const auto mac = parse_mac(digits);
      // Digits alone are a date or a number sooner than a MAC.
      const bool decimal = digits.find_first_not_of("0123456789") == std::string_view::npos;
      if (!decimal && mac && !mac->is_zero() && !mac->is_multicast() && !mac->is_local()) return mac;
    }
    run = 0;
  }
  return std::nullopt;
}

/// The Trivial File Transfer Protocol (RFC 1350, 2347): what a device loads when it starts. The file itself
/// goes between other ports; only its request is read.
class TftpDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    ByteReader reader(bytes);
    if (direction == Direction::kToClient) {
      // A server that answers from the port it was asked at.
      const std::uint16_t operation = reader.be16();
      if (reader.ok() && operation >= 3 && operation <= kOptionsAcknowledged && !answered_) {
        answered_ = true;
        out.service("tftp");
      }
      return Progress::all(bytes);
    }
    Request request;
    if (!read_request(bytes, request)) {
      const std::uint16_t operation = reader.be16();
      if (operation == kRead || operation == kWrite) out.anomaly("bad-request");
      return Progress::all(bytes);
    }
    if (request.malformed_options) out.anomaly("bad-options");
    if (request.file.size() > kMostName) {
      out.anomaly("name-too-long");
      return Progress::all(bytes);
    }
    asked(request, out);
    return Progress::all(bytes);
  }

 private:
  static void asked(const Request& request, Observer& out) {
    const std::string_view name = last_part(request.file);
    if (!is_printable_ascii(name)) return out.anomaly("bad-name");
    const Party client = out.client();
    if (request.operation == kRead) out.clue(client, "tftp.file", name, Role::kClient);
    if (request.operation == kWrite) out.clue(client, "tftp.write", name, Role::kClient);
    if (const auto mac = mac_in(name)) out.clue(client, "tftp.file-mac", to_string(*mac), Role::kClient);
    // That the server has it cannot be seen here: it was asked, no more.
    if (out.server().ip && out.server().ip->is_unicast()) out.used(out.server(), "tftp", "", false);
  }

  bool answered_ = false;
};

Recognition recognise(const Probe& probe) {
  Request request;
  const bool fits = probe.direction == Direction::kToServer && read_request(probe.bytes, request) &&
                    request.file.size() <= kMostName && is_printable_ascii(request.file);
  // A text, then the name of a mode, each ended by NUL: conclusive even on a port of its own.
  return fits ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& tftp_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<TftpDissector>({.name = "tftp",
                                 .title = "Trivial File Transfer Protocol",
                                 .layers = kLayers,
                                 .ports = kPorts,
                                 .clues = kClues,
                                 .recognise = recognise,
                                 .first_bytes = FirstBytes::of(std::string_view("\0", 1))});
  return kInfo;
}

}  // namespace bedrail
