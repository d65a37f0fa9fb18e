#include "dissect/dissector.h"

#include <string>

#include "base/byte_reader.h"
#include "base/text.h"
#include "format/bson.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {27017, 27018, 27019};
constexpr std::string_view kClues[] = {"mongodb.application", "mongodb.client-os", "mongodb.driver",
                                       "mongodb.replica-set", "mongodb.version",   "mongodb.wire-version"};

/// MongoDB documentation, "Wire Protocol".
constexpr std::uint32_t kHeader = 16, kMostMessage = 24 * 1024, kLongestMessage = 48U << 20;
constexpr std::uint32_t kReply = 1, kQuery = 2004, kCompressed = 2012, kMessage = 2013;
constexpr unsigned kMostElements = 128;

/// What was asked for, by the command's name, which is its first element's.
enum class Asked : std::uint8_t { kNothing, kHello, kBuildInfo, kProof, kHarmless, kWork };

Asked asked_by(std::string_view name) {
  if (equals_ignoring_case(name, "isMaster") || name == "hello") return Asked::kHello;
  if (equals_ignoring_case(name, "buildInfo")) return Asked::kBuildInfo;
  if (name == "saslStart" || name == "saslContinue" || name == "authenticate") return Asked::kProof;
  if (name == "ping" || name == "getnonce" || name == "logout" || name == "whatsmyuri" ||
      name == "endSessions" || name == "connectionStatus" || name == "getCmdLineOpts")
    return Asked::kHarmless;
  return Asked::kWork;
}

/// The lowest release that speaks this version of the wire protocol.
std::string_view release_of(std::int64_t wire) {
  constexpr std::pair<std::int64_t, std::string_view> kReleases[] = {
      {25, "8.0"}, {21, "7.0"}, {17, "6.0"}, {13, "5.0"}, {9, "4.4"}, {8, "4.2"},
      {7, "4.0"},  {6, "3.6"},  {5, "3.4"},  {4, "3.2"},  {3, "3.0"}, {2, "2.6"}};
  for (const auto& [number, release] : kReleases) {
    if (wire == number) return release;
  }
  return {};
}

/// Greetings of drivers and servers, and whether work is done for somebody who proved nothing.
class MongodbDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    ByteReader reader(bytes);
    const std::uint32_t length = reader.le32();
    reader.skip(8);
    const std::uint32_t code = reader.le32();
    if (!reader.ok()) return Progress::need(0, kHeader);
    if (length < kHeader || length > kLongestMessage || (code > kReply && code < 2001) || code > kMessage) {
      out.anomaly("bad-message");
      return Progress::failed();
    }
    if (code == kCompressed || told_session_) return Progress::done();
    if (length > kMostMessage) return Progress::need(length, 0);
    if (bytes.size() < length) return Progress::need(0, length);
    const Bytes body = document(code, bytes.subspan(kHeader, length - kHeader));
    bson::Reader elements(body);
    if (body.empty()) return Progress::need(length, 0);
    if (direction == Direction::kToServer) {
      request(elements, out);
    } else {
      response(elements, out);
    }
    if (!elements.ok()) out.anomaly("bad-document");
    return Progress::need(length, 0);
  }

 private:
  /// Where the message's first document begins; empty where it has none of interest.
  static Bytes document(std::uint32_t code, Bytes body) {
    ByteReader reader(body);
    switch (code) {
      case kMessage:
        reader.skip(4);
        // Kind 0: the body. A sequence of documents may stand before it, but no driver sends it so.
        if (reader.u8() != 0) return {};
        return reader.rest();
      case kQuery: {
        reader.skip(4);
        const std::string_view rest = as_text(reader.rest());
        const std::size_t end = rest.find('\0');
        if (end == std::string_view::npos || !rest.substr(0, end).ends_with(".$cmd")) return {};
        reader.skip(end + 1 + 8);
        return reader.rest();
      }
      case kReply:
        reader.skip(20);
        return reader.rest();
      default:
        return {};
    }
  }

  void request(bson::Reader& elements, Observer& out) {
    bool first = true;
    for (unsigned i = 0; i < kMostElements; ++i) {
      const auto element = elements.next();
      if (!element) return;
      if (first) {
        first = false;
        asked_ = asked_by(element->name);
      }
      if (asked_ == Asked::kHello && element->name == "client" && element->holds_elements())
        client(element->value, out);
      if (asked_ == Asked::kProof && element->name == "mechanism") mechanism_ = mechanism_of(element->text());
    }
  }

  static std::string_view mechanism_of(std::string_view name) {
    if (name == "PLAIN") return "plain";
    if (name.starts_with("SCRAM-")) return "scram";
    if (name == "MONGODB-CR") return "digest";
    if (name == "MONGODB-X509") return "certificate";
    return name == "GSSAPI" ? "kerberos" : "other";
  }

  void client(Bytes document, Observer& out) {
    if (told_client_) return;
    told_client_ = true;
    std::string driver, system;
    bson::Reader parts(document);
    for (unsigned i = 0; i < kMostElements; ++i) {
      const auto part = parts.next();
      if (!part) break;
      if (!part->holds_elements()) continue;
      bson::Reader fields(part->value);
      for (unsigned j = 0; j < kMostElements; ++j) {
        const auto field = fields.next();
        if (!field) break;
        if (part->name == "application" && field->name == "name")
          out.clue(out.client(), "mongodb.application", field->text(), Role::kClient);
        if (part->name == "driver" && (field->name == "name" || field->name == "version"))
          driver.append(driver.empty() ? "" : " ").append(field->text());
        if (part->name == "os" &&
            (field->name == "name" || field->name == "version" || field->name == "type"))
          system.append(system.empty() ? "" : " ").append(field->text());
      }
    }
    out.clue(out.client(), "mongodb.driver", driver, Role::kClient);
    out.clue(out.client(), "mongodb.client-os", system, Role::kClient);
  }

  void response(bson::Reader& elements, Observer& out) {
    const Asked asked = asked_;
    asked_ = Asked::kNothing;
    std::string_view version, set, me;
    std::int64_t wire = -1;
    bool worked = false, done = false;
    for (unsigned i = 0; i < kMostElements; ++i) {
      const auto element = elements.next();
      if (!element) break;
      if (element->name == "ok") worked = element->number() == 1;
      if (element->name == "done") done = element->number() == 1;
      if (element->name == "maxWireVersion") wire = element->number();
      if (element->name == "version") version = element->text();
      if (element->name == "setName") set = element->text();
      if (element->name == "me") me = element->text();
    }
    switch (asked) {
      case Asked::kHello:
        hello(wire, set, me, out);
        break;
      case Asked::kBuildInfo:
        served(out);
        if (version.empty()) break;
        out.service("mongodb", "MongoDB", version);
        out.clue(out.server(), "mongodb.version", version, Role::kServer);
        break;
      case Asked::kProof:
        proof(worked, done, out);
        break;
      case Asked::kWork:
        served(out);
        if (!worked) break;
        // Drivers say who they are in a connection's first message alone: from there on nothing was missed.
        if (!known_ && !told_client_) break;
        told_session_ = true;
        out.session({"mongodb",
                     known_ ? SessionSeen::Authentication::kPresent : SessionSeen::Authentication::kNone,
                     false});
        break;
      default:
        break;
    }
  }

  void served(Observer& out) {
    if (served_) return;
    served_ = true;
    out.service("mongodb", "MongoDB");
  }

  void hello(std::int64_t wire, std::string_view set, std::string_view me, Observer& out) {
    served(out);
    if (told_hello_) return;
    told_hello_ = true;
    if (wire >= 0) {
      const std::string_view release = release_of(wire);
      std::string text = std::to_string(wire);
      if (!release.empty()) text.append(" (").append(release).append(")");
      out.clue(out.server(), "mongodb.wire-version", text, Role::kServer);
    }
    out.clue(out.server(), "mongodb.replica-set", set, Role::kServer);
    const std::string_view host = me.substr(0, me.rfind(':'));
    if (host.find_first_not_of("0123456789.") != std::string_view::npos && host != "localhost")
      out.name(out.server(), "mongodb", host);
  }

  void proof(bool worked, bool done, Observer& out) {
    if (worked && !done && mechanism_ != "certificate") return;
    LoginSeen login;
    login.protocol = "mongodb";
    login.mechanism = mechanism_;
    login.cleartext = mechanism_ == "plain";
    login.outcome = worked ? Outcome::kAccepted : Outcome::kRefused;
    known_ |= worked;
    out.login(login);
  }

  Asked asked_ = Asked::kNothing;
  std::string_view mechanism_ = "other";
  bool served_ = false, known_ = false, told_client_ = false, told_hello_ = false, told_session_ = false;
};

Recognition recognise(const Probe& probe) {
  if (probe.direction != Direction::kToServer) return Recognition::kNo;
  ByteReader reader(probe.bytes);
  const std::uint32_t length = reader.le32();
  if (!reader.ok()) return Recognition::kMore;
  constexpr std::uint32_t kMostFirst = 1 << 20;
  if (length < kHeader + 10 || length > kMostFirst) return Recognition::kNo;
  reader.skip(4);
  const std::uint32_t answers = reader.le32(), code = reader.le32(), flags = reader.le32();
  if (!reader.ok()) return Recognition::kMore;
  if (answers != 0 || (code != kQuery && code != kMessage) || flags > 0x1ffff) return Recognition::kNo;
  if (code == kMessage) {
    const std::uint8_t kind = reader.u8();
    const std::uint32_t document = reader.le32();
    if (!reader.ok()) return Recognition::kMore;
    return kind == 0 && document >= 5 && document <= length - kHeader - 5 ? Recognition::kYes
                                                                          : Recognition::kNo;
  }
  const std::string_view rest = as_text(reader.rest());
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos)
    return rest.size() < 128 && (rest.empty() || is_printable_ascii(rest)) ? Recognition::kMore
                                                                           : Recognition::kNo;
  return rest.substr(0, end).find('.') != std::string_view::npos ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& mongodb_dissector() {
  static constexpr DissectorInfo kInfo = with_state<MongodbDissector>({.name = "mongodb",
                                                                       .title = "MongoDB",
                                                                       .layers = kLayers,
                                                                       .ports = kPorts,
                                                                       .clues = kClues,
                                                                       .recognise = recognise,
                                                                       .max_buffer = 32 * 1024});
  return kInfo;
}

}  // namespace bedrail
