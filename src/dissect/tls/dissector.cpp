#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/tls/certificate.h"
#include "dissect/tls/names.h"
#include "dissect/tls/recognise.h"
#include "dissect/tls/records.h"
#include "format/tls_fingerprint.h"
#include "format/tls_hello.h"

namespace bedrail {
namespace {

using namespace tls;

constexpr Layer kLayers[] = {Layer::kTcp};
/// HTTPS and its alternatives, SMTP, LDAP, FTP, telnet, IMAP, POP3, syslog, DICOM, SIP, MQTT, AMQP, WinRM,
/// DNS.
constexpr std::uint16_t kPorts[] = {443,  465,  636,  853,  989,  990,  992,  993,  995,  2762,
                                    3269, 5061, 5671, 5986, 6514, 8443, 8883, 9443, 10443};
constexpr std::string_view kClues[] = {"tls.alert", "tls.alpn", "tls.cipher", "tls.ja3",
                                       "tls.ja3s",  "tls.ja4",  "tls.sni",    "tls.weak-cipher"};

/// Handshake messages (RFC 8446, 4; RFC 5246, 7.4).
constexpr std::uint8_t kClientHello = 1, kServerHello = 2, kCertificate = 11;
constexpr std::uint32_t kHandshakeHeader = 4;
constexpr std::uint32_t kMostHello = 16 * 1024;
constexpr std::uint32_t kMostCertificate = 40 * 1024;
/// RFC 5246 allows 2^24; a chain of certificates is the longest that is met.
constexpr std::uint32_t kMostMessage = 1 << 20;
/// Encrypted, or of no interest, from here on.
constexpr std::uint64_t kSkipAll = std::uint64_t{1} << 48;
constexpr std::size_t kMostNameLength = 253;

/// The open part of a TLS connection: hellos and, before 1.3, certificates. Everything after is encrypted.
class TlsDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    std::uint64_t consumed = 0;
    while (consumed < bytes.size()) {
      const Progress made = step(direction, bytes.subspan(static_cast<std::size_t>(consumed)), out);
      if (made.status != Progress::Status::kContinue) return made;
      if (sides_[0].finished && sides_[1].finished) {
        conclude(out);
        return Progress::done();
      }
      consumed += made.consumed;
      if (made.consumed == 0) return Progress::need(consumed, made.needed);
    }
    return Progress::need(consumed, 0);
  }

  bool gap(Direction direction, std::uint64_t, Observer& out) override {
    side_of(direction).finished = true;
    if (!side_of(opposite(direction)).finished) return true;
    conclude(out);
    return false;
  }

  void close(Observer& out) override {
    if (side_of(Direction::kToClient).encrypted) conclude(out);
  }

 private:
  struct Side {
    bool started = false;    ///< a record was read
    bool finished = false;   ///< nothing more is read in this direction
    bool encrypted = false;  ///< it was seen to change to encryption
    bool hello = false;
    std::uint16_t record_left = 0;   ///< octets of the current handshake record not yet read
    std::uint32_t message_left = 0;  ///< octets of the current handshake message to be skipped
  };

  Side& side_of(Direction direction) { return sides_[static_cast<std::size_t>(direction)]; }
  static bool from_client(Direction direction) { return direction == Direction::kToServer; }
  static Party speaker(Direction direction, const Observer& out) {
    return from_client(direction) ? out.client() : out.server();
  }
  static Role role(Direction direction) { return from_client(direction) ? Role::kClient : Role::kServer; }

  Progress finish(Side& side) {
    side.finished = true;
    return Progress::need(kSkipAll, 0);
  }
  Progress encrypted(Side& side) {
    side.encrypted = true;
    return finish(side);
  }
  Progress odd(Side& side, std::string_view anomaly, Observer& out) {
    out.anomaly(anomaly);
    return finish(side);
  }

  Progress step(Direction direction, Bytes bytes, Observer& out) {
    Side& side = side_of(direction);
    if (side.finished) return Progress::need(kSkipAll, 0);
    if (side.record_left == 0) return record(direction, bytes, out);
    if (side.message_left == 0) return message(direction, bytes, out);
    const std::uint32_t skipped = std::min<std::uint32_t>(side.record_left, side.message_left);
    side.record_left = static_cast<std::uint16_t>(side.record_left - skipped);
    side.message_left -= skipped;
    return Progress::need(skipped, 0);
  }

  // --- records ---

  Progress record(Direction direction, Bytes bytes, Observer& out) {
    Side& side = side_of(direction);
    const bool old_form = (std::to_integer<unsigned>(bytes[0]) & 0x80) != 0;
    if (old_form && (!side.started || ssl2_)) return ssl2_record(direction, bytes, out);
    ByteReader reader(bytes);
    const RecordHeader header = read_record_header(reader);
    if (!reader.ok()) return Progress::need(0, kRecordHeader);
    if (!header.plausible() || (side.message_left > 0 && header.type != kHandshake))
      return odd(side, "bad-record", out);
    side.started = true;
    const std::uint32_t whole = kRecordHeader + header.length;
    switch (header.type) {
      case kHandshake:
        side.record_left = header.length;
        return Progress::need(kRecordHeader, 0);
      case kChangeCipherSpec:
        // Between a HelloRetryRequest and the second hellos it means nothing (RFC 8446, D.4).
        if (retry_ && !from_client(direction)) return Progress::need(whole, 0);
        return encrypted(side);
      case kAlert:
        if (header.length != 2) return encrypted(side);
        if (bytes.size() < whole) return Progress::need(0, whole);
        return alert(direction, reader, out);
      case kHeartbeat:
        return Progress::need(whole, 0);
      default:
        return encrypted(side);
    }
  }

  Progress alert(Direction direction, ByteReader reader, Observer& out) {
    const std::uint8_t level = reader.u8(), description = reader.u8();
    if (level != 1 && level != 2) return odd(side_of(direction), "bad-alert", out);
    constexpr std::uint8_t kCloseNotify = 0;
    if (description != kCloseNotify)
      out.clue(speaker(direction, out), "tls.alert", alert_name(description), role(direction));
    // A fatal one ends the connection for both.
    return level == 2 ? Progress::done() : Progress::need(kRecordHeader + 2, 0);
  }

  // --- handshake messages ---

  Progress message(Direction direction, Bytes bytes, Observer& out) {
    Side& side = side_of(direction);
    std::vector<std::byte> scratch;
    const Gathered head = gather(bytes, side.record_left, kHandshakeHeader, scratch);
    if (head.status != Gathered::Status::kWhole) return unfinished(side, head, out);
    ByteReader reader(head.bytes);
    const std::uint8_t type = reader.u8();
    const std::uint32_t length = reader.be24();
    const bool known = type <= 24 || type == 67 || type == 254;
    if (!known || length > kMostMessage) {
      // Without a hello before it, this is the middle of a connection: an encrypted message, not a bad one.
      return side.hello ? odd(side, "bad-handshake", out) : encrypted(side);
    }
    const bool is_hello = type == kClientHello || type == kServerHello;
    if (is_hello && length > kMostHello) return odd(side, "hello-too-long", out);
    if (!is_hello && type != kCertificate) return pass(side, head, length);
    const bool first = type == kCertificate && length > 6;
    const std::uint32_t wanted = kHandshakeHeader + (is_hello ? length
                                                     : first  ? 6
                                                              : std::min<std::uint32_t>(length, 3));
    const Gathered body = gather(bytes, side.record_left, wanted, scratch);
    if (body.status != Gathered::Status::kWhole) return unfinished(side, body, out);
    if (type == kCertificate) return certificate(direction, bytes, body, length, out);
    const bool mine = (type == kClientHello) == from_client(direction);
    if (!mine || !hello(direction, body.bytes.subspan(kHandshakeHeader), out))
      return odd(side, "bad-hello", out);
    return pass(side, body, 0);
  }

  /// Goes on behind what was gathered, and skips the next `skipped` octets of the message.
  static Progress pass(Side& side, const Gathered& read, std::uint32_t skipped) {
    side.record_left = read.record_left;
    side.message_left = skipped;
    return Progress::need(read.consumed, 0);
  }

  Progress unfinished(Side& side, const Gathered& read, Observer& out) {
    if (read.status == Gathered::Status::kBroken) return odd(side, "bad-record", out);
    return Progress::need(0, read.needed);
  }

  bool hello(Direction direction, Bytes body, Observer& out) {
    return from_client(direction) ? client_hello(body, out) : server_hello(body, out);
  }

  bool client_hello(Bytes body, Observer& out) {
    Side& side = side_of(Direction::kToServer);
    ClientHello hello;
    if (!read_client_hello(body, hello)) return false;
    // The second one, after a HelloRetryRequest, says nothing new.
    if (side.hello) return true;
    side.hello = true;
    const Party client = out.client();
    out.clue(client, "tls.sni", hello.server_name, Role::kClient);
    out.clue(client, "tls.ja3", ja3(hello), Role::kClient);
    out.clue(client, "tls.ja4", ja4(hello), Role::kClient);
    out.clue(client, "tls.alpn", alpn_text(hello.alpn), Role::kClient);
    offered(hello.highest_version, out);
    if (hello.server_name.size() <= kMostNameLength && is_host_like(hello.server_name)) {
      asked_length_ = static_cast<std::uint8_t>(hello.server_name.size());
      std::copy_n(hello.server_name.begin(), asked_length_, asked_.begin());
    }
    return true;
  }

  static std::string alpn_text(Bytes alpn) {
    std::string out;
    for (ByteReader list(alpn); list.ok() && !list.empty();) {
      const std::string_view protocol = list.text(list.u8());
      // Some are not text (GREASE).
      if (!is_printable_ascii(protocol)) continue;
      if (!out.empty()) out.push_back(',');
      out.append(protocol);
    }
    return out;
  }

  /// Only what is outdated is worth saying of a client that need not get its way.
  static void offered(std::uint16_t highest, Observer& out) {
    const VersionName name = name_of_version(highest);
    if (highest < kTls12 && !name.version.empty()) out.used(out.client(), name.protocol, name.version, false);
  }

  bool server_hello(Bytes body, Observer& out) {
    Side& side = side_of(Direction::kToClient);
    ServerHello hello;
    if (!read_server_hello(body, hello)) return false;
    retry_ = hello.retry && !retry_;
    if (retry_) return true;
    side.hello = true;
    const std::string cipher = cipher_name(hello.cipher);
    answered(name_of_version(hello.version), cipher, out);
    out.clue(out.server(), "tls.ja3s", ja3s(hello), Role::kServer);
    out.clue(out.server(), "tls.alpn", hello.alpn, Role::kServer);
    say_cipher(cipher, out);
    return true;
  }

  /// The server spoke: what it offers, and that it goes by the name it was asked for.
  void answered(VersionName version, std::string_view cipher, Observer& out) {
    encrypts_ = cipher.find("_NULL_") == std::string_view::npos;
    out.service("tls", {}, {}, encrypts_);
    out.used(out.server(), version.protocol, version.version);
    out.name(out.server(), "tls", asked());
  }

  static void say_cipher(std::string_view cipher, Observer& out) {
    out.clue(out.server(), "tls.cipher", cipher, Role::kServer);
    out.clue(out.server(), "tls.weak-cipher", weaknesses(cipher), Role::kServer);
  }

  [[nodiscard]] std::string_view asked() const { return {asked_.data(), asked_length_}; }

  // --- certificates ---

  /// `head` holds the message's length, the list's and the first certificate's; the rest of the list is
  /// skipped.
  Progress certificate(Direction direction, Bytes bytes, const Gathered& head, std::uint32_t length,
                       Observer& out) {
    Side& side = side_of(direction);
    ByteReader reader(head.bytes);
    reader.skip(kHandshakeHeader);
    const std::uint32_t list = reader.be24();
    if (length < 3 || list != length - 3) return bad_certificate(side, head, length, out);
    if (length <= 6) return list == 0 ? pass(side, head, 0) : bad_certificate(side, head, length, out);
    const std::uint32_t size = reader.be24();
    if (size == 0 || size > list - 3) return bad_certificate(side, head, length, out);
    if (size > kMostCertificate) {
      out.anomaly("certificate-too-long");
      return pass(side, head, length - 6);
    }
    std::vector<std::byte> scratch;
    const Gathered whole = gather(bytes, side.record_left, kHandshakeHeader + 6 + size, scratch);
    if (whole.status != Gathered::Status::kWhole) return unfinished(side, whole, out);
    shown(direction, whole.bytes.subspan(kHandshakeHeader + 6), out);
    return pass(side, whole, length - 6 - size);
  }

  static Progress bad_certificate(Side& side, const Gathered& head, std::uint32_t length, Observer& out) {
    out.anomaly("bad-certificate");
    return pass(side, head, kHandshakeHeader + length - static_cast<std::uint32_t>(head.bytes.size()));
  }

  void shown(Direction direction, Bytes der, Observer& out) {
    if (from_client(direction)) {
      client_certificate_ = true;
      say_client_certificate(der, out);
    } else {
      say_server_certificate(der, asked(), out);
    }
  }

  // --- SSL 2.0 ---

  /// Two octets of length with the highest bit set, then a message.
  Progress ssl2_record(Direction direction, Bytes bytes, Observer& out) {
    Side& side = side_of(direction);
    ByteReader reader(bytes);
    const std::uint16_t length = reader.be16() & 0x7fff;
    if (!reader.ok()) return Progress::need(0, 2);
    const std::uint32_t whole = length + 2U;
    if (side.hello) {
      // The client's key message names the cipher that it chose; the rest is encrypted.
      if (!from_client(direction)) return encrypted(side);
      if (bytes.size() < std::min<std::uint32_t>(whole, 6))
        return Progress::need(0, std::min<std::uint32_t>(whole, 6));
      constexpr std::uint8_t kClientMasterKey = 2;
      if (reader.u8() == kClientMasterKey && length >= 4) say_cipher(ssl2_cipher_name(reader.be24()), out);
      return encrypted(side);
    }
    if (bytes.size() < whole) return Progress::need(0, whole);
    side.started = true;
    side.hello = true;
    const bool good = from_client(direction) ? ssl2_client_hello(reader.bytes(length), out)
                                             : ssl2_server_hello(reader.bytes(length), out);
    return good ? Progress::need(whole, 0) : odd(side, "bad-hello", out);
  }

  static bool ssl2_client_hello(Bytes record, Observer& out) {
    Ssl2ClientHello hello;
    if (!read_ssl2_client_hello(record, hello)) return false;
    offered(hello.version, out);
    return true;
  }

  bool ssl2_server_hello(Bytes record, Observer& out) {
    Ssl2ServerHello hello;
    if (!read_ssl2_server_hello(record, hello)) return false;
    ssl2_ = true;
    answered(name_of_version(hello.version), {}, out);
    if (!hello.certificate.empty()) say_server_certificate(hello.certificate, {}, out);
    return true;
  }

  // --- the end ---

  /// Both sides went over to encryption, as far as could be seen: say once what kind of session it is.
  void conclude(Observer& out) {
    const bool established = sides_[0].encrypted || sides_[1].encrypted;
    if (concluded_ || !established || !side_of(Direction::kToClient).hello) return;
    concluded_ = true;
    using Authentication = SessionSeen::Authentication;
    out.session(
        {"tls", client_certificate_ ? Authentication::kPresent : Authentication::kUnknown, encrypts_});
  }

  std::array<Side, 2> sides_{};
  bool retry_ = false;               ///< the server asked for a second ClientHello
  bool ssl2_ = false;                ///< the server answered in SSL 2.0
  bool encrypts_ = true;             ///< the cipher chosen is one
  bool client_certificate_ = false;  ///< the client showed one
  bool concluded_ = false;
  std::uint8_t asked_length_ = 0;
  std::array<char, kMostNameLength> asked_{};  ///< the server's name as the client knows it
};

}  // namespace

const DissectorInfo& tls_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<TlsDissector>({.name = "tls",
                                .title = "Transport Layer Security",
                                .layers = kLayers,
                                .ports = kPorts,
                                .clues = kClues,
                                .recognise = tls::recognise,
                                .first_bytes = FirstBytes::of("\x14\x15\x16\x17\x80\x81\x82\x83"),
                                .max_buffer = 64 * 1024});
  return kInfo;
}

}  // namespace bedrail
