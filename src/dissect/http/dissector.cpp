#include "dissect/dissector.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "dissect/http/connection.h"
#include "dissect/http/page.h"
#include "dissect/http/refusal.h"
#include "format/text_line.h"

namespace bedrail {
namespace http {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {80,   81,   631,  3128, 5000, 5985, 8000,
                                    8008, 8042, 8080, 8081, 8088, 8888, 49152};
constexpr std::string_view kClues[] = {"http.user-agent",
                                       "http.server",
                                       "http.x-powered-by",
                                       "http.realm",
                                       "http.title",
                                       "http.path",
                                       "ntlm.version",
                                       "ntlm.domain",
                                       "ntlm.dns-domain",
                                       "ntlm.machine-account",
                                       "upnp.device-type",
                                       "upnp.friendly-name",
                                       "upnp.manufacturer",
                                       "upnp.model-description",
                                       "upnp.model-name",
                                       "upnp.model-number",
                                       "upnp.serial",
                                       "upnp.firmware",
                                       "ssdp.usn",
                                       "dpws.manufacturer",
                                       "dpws.model-name",
                                       "dpws.model-number",
                                       "dpws.serial",
                                       "dpws.firmware",
                                       "dpws.friendly-name",
                                       "dpws.host",
                                       "dpws.workgroup",
                                       "wsman.product",
                                       "winrm.powershell",
                                       "fhir.software",
                                       "ipp.make-and-model",
                                       "ipp.name",
                                       "ipp.info",
                                       "ipp.location",
                                       "ipp.department",
                                       "ipp.serial",
                                       "ipp.firmware",
                                       "ipp.uuid",
                                       "ipp.manufacturer",
                                       "ipp.model",
                                       "ipp.role",
                                       "hl7.sending-application",
                                       "hl7.sending-facility",
                                       "hl7.receiving-application",
                                       "hl7.receiving-facility"};

constexpr std::uint64_t kWithoutEnd = std::uint64_t{1} << 62;
constexpr std::size_t kPageLimit = 2048, kDescriptionLimit = 8192, kFormLimit = 4096;
constexpr std::size_t kChunkLineLimit = 1024;

/// A printer's answer is read as far as the engine keeps a message.
constexpr std::size_t kPrinterLimit = kHeadLimit - 1024;

enum Anomaly : unsigned {
  kBadBasic,
  kBadHead,
  kHeaderTooLong,
  kBadLength,
  kLengthAndChunked,
  kBadChunk,
  kBadBody
};

/// Cuts both directions into messages (RFC 9112) and hands heads and the few bodies of interest to the
/// speaker.
class HttpDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    Side& side = sides_[static_cast<std::size_t>(direction)];
    std::uint64_t consumed = 0;
    while (consumed < bytes.size()) {
      const std::string_view rest = as_text(bytes.subspan(static_cast<std::size_t>(consumed)));
      Progress step;
      switch (side.phase) {
        case Phase::kHead:
          step = head(direction, side, rest, out);
          break;
        case Phase::kBody:
          step = body(direction, side, rest, out);
          break;
        case Phase::kChunkSize:
          step = chunk_size(side, rest, out);
          break;
        case Phase::kTrailer:
          step = trailer(side, rest);
          break;
        case Phase::kSearch:
          step = search(side, rest);
          break;
      }
      if (step.status != Progress::Status::kContinue) return step;
      consumed += step.consumed;
      if (step.consumed == 0) {
        // A change of phase without bytes goes on at once.
        if (step.needed == 0) continue;
        return Progress::need(consumed, step.needed);
      }
    }
    return Progress::need(consumed, 0);
  }

  bool gap(Direction direction, std::uint64_t, Observer& out) override {
    speaker_.forget(out);
    sides_[static_cast<std::size_t>(direction)] = {Phase::kSearch, Content::kOther, false, 0};
    return true;
  }

  void close(Observer& out) override { speaker_.forget(out); }

 private:
  enum class Phase : std::uint8_t {
    kHead,
    kBody,  ///< `left` bytes that may be read (`content`), then the rest of the message
    kChunkSize,
    kTrailer,
    kSearch,  ///< after a gap: the next bytes that look like a head, at the front of what arrives
  };
  struct Side {
    Phase phase = Phase::kHead;
    Content content = Content::kOther;  ///< what to read of the body; kOther: nothing
    bool chunked = false;
    std::uint64_t left = 0;
  };

  static Progress more(std::string_view bytes) {
    return Progress::need(0, static_cast<std::uint32_t>(bytes.size() + 1));
  }

  Progress fail(Anomaly bit, std::string_view name, Observer& out) {
    speaker_.anomaly(bit, name, out);
    speaker_.forget(out);
    return Progress::failed();
  }

  Progress head(Direction direction, Side& side, std::string_view bytes, Observer& out) {
    // Old browsers end a form with an extra line end (RFC 9112, 2.2).
    if (bytes.front() == '\r' || bytes.front() == '\n') return Progress::need(1, 0);
    const HttpPrefix prefix = http_prefix(bytes.substr(0, kHeadLimit));
    if (prefix == HttpPrefix::kNo) return fail(kBadHead, "bad-head", out);
    const std::size_t size = prefix == HttpPrefix::kMore ? 0 : http_head_size(bytes.substr(0, kHeadLimit));
    if (size == 0)
      return bytes.size() >= kHeadLimit ? fail(kHeaderTooLong, "header-too-long", out) : more(bytes);
    const Head head = read_head(bytes.substr(0, size));
    if (head.malformed) speaker_.anomaly(kBadHead, "bad-head", out);
    if (head.bad_length) return fail(kBadLength, "bad-length", out);
    if (head.length_and_chunked) speaker_.anomaly(kLengthAndChunked, "length-and-chunked", out);
    if (!speaker_.sides.known) {
      speaker_.sides.known = true;
      speaker_.sides.swapped = head.is_request() != (direction == Direction::kToServer);
    }
    if (head.is_request() != speaker_.sides.is_requester(direction)) return fail(kBadHead, "bad-head", out);
    const bool finished = head.is_request() ? request(side, head, out) : response(side, head, out);
    if (finished) return Progress::done();
    return Progress::need(size, 0);
  }

  static bool is_form(Content content) {
    return content == Content::kForm || content == Content::kJson || content == Content::kMultipart ||
           content == Content::kXmlRequest;
  }

  static bool is_medical(Content content) {
    return content == Content::kFhir || content == Content::kDicom || content == Content::kDicomJson ||
           content == Content::kHl7;
  }
  /// Bodies that are read as a whole, as far as they are read.
  static bool is_read_whole(Content content) {
    return is_form(content) || is_medical(content) || content == Content::kIpp;
  }

  /// How the body is delimited (RFC 9112, 6.3).
  static void expect_body(Side& side, const Head& head, Content wanted) {
    side.content = head.encoded ? Content::kOther : wanted;
    side.chunked = head.chunked;
    side.left = 0;
    if (head.chunked) {
      side.phase = Phase::kChunkSize;
    } else if (head.length.value_or(head.is_request() ? 0 : kWithoutEnd) > 0) {
      side.left = head.length.value_or(kWithoutEnd);
      side.phase = Phase::kBody;
    }
  }

  bool request(Side& side, const Head& head, Observer& out) {
    speaker_.request(head, out);
    const Content content = head.content == Content::kXml ? Content::kXmlRequest : head.content;
    // Of the front of a long form's body no fields can be told; that one is a password can.
    const bool in_part = content == Content::kMultipart || content == Content::kXmlRequest;
    const bool wanted =
        is_medical(content) || (is_form(content) && (in_part || head.length.value_or(0) <= kFormLimit));
    expect_body(side, head, wanted ? content : Content::kOther);
    return false;
  }

  bool response(Side& side, const Head& head, Observer& out) {
    const std::uint16_t status = head.start.status;
    // An interim answer; the final one follows (RFC 9110, 15.2).
    if (status < 200 && status != 101) return false;
    const Exchange* exchange = speaker_.oldest();
    speaker_.response(head, exchange, out);
    const bool tunnel = status == 101 || (exchange != nullptr && exchange->connect && status < 300);
    if (tunnel) return true;
    const bool empty = status == 204 || status == 304 || (exchange != nullptr && exchange->head);
    Content wanted = Content::kOther;
    if (exchange != nullptr && exchange->front_page && status < 300 && head.content == Content::kHtml)
      wanted = Content::kHtml;
    if (exchange != nullptr && !exchange->proxied && status < 300 && head.content == Content::kXml)
      wanted = Content::kXml;
    if (exchange != nullptr && !exchange->proxied && status < 300) {
      const bool fhir = exchange->call.interface == Interface::kFhir &&
                        (head.content == Content::kJson || head.content == Content::kXml);
      const bool read = is_medical(head.content) || head.content == Content::kIpp;
      if (fhir || read) wanted = fhir ? Content::kFhir : head.content;
    }
    if (speaker_.awaits_answer() && wanted == Content::kOther) wanted = Content::kAnswer;
    if (exchange != nullptr) speaker_.drop_oldest();
    if (!empty) expect_body(side, head, wanted);
    // What is read for something else does not tell the outcome.
    if (side.content != Content::kAnswer) speaker_.answer({}, out);
    return false;
  }

  /// Reads the beginning of a body where somebody wants it, then skips the rest.
  Progress body(Direction direction, Side& side, std::string_view bytes, Observer& out) {
    if (side.content != Content::kOther && !read_body(direction, side, bytes, out)) {
      const std::uint64_t limit = std::min<std::uint64_t>(side.left, body_limit(side.content));
      return is_read_whole(side.content) ? Progress::need(0, static_cast<std::uint32_t>(limit)) : more(bytes);
    }
    side.content = Content::kOther;
    const std::uint64_t skipped = side.left + (side.chunked ? 2 : 0);
    side.phase = side.chunked ? Phase::kChunkSize : Phase::kHead;
    return Progress::need(skipped, 0);
  }

  static std::size_t body_limit(Content content) {
    switch (content) {
      case Content::kHtml:
        return kPageLimit;
      case Content::kXml:
      case Content::kFhir:
      case Content::kDicom:
      case Content::kDicomJson:
      case Content::kHl7:
        return kDescriptionLimit;
      case Content::kIpp:
        return kPrinterLimit;
      default:
        return kFormLimit;
    }
  }

  /// False where more of the body is needed.
  bool read_body(Direction direction, const Side& side, std::string_view bytes, Observer& out) {
    const std::uint64_t limit = std::min<std::uint64_t>(side.left, body_limit(side.content));
    const bool whole = bytes.size() >= limit;
    bytes = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), limit)));
    switch (side.content) {
      case Content::kHtml:
        if (!whole && page_title(bytes).empty()) return false;
        speaker_.page(bytes, out);
        return true;
      case Content::kXml:
        if (!whole && description_end(bytes) == std::string_view::npos) return false;
        speaker_.description(bytes, out);
        return true;
      case Content::kAnswer:
        if (!whole && !says_refused(bytes)) return false;
        speaker_.answer(bytes, out);
        return true;
      case Content::kFhir:
      case Content::kDicom:
      case Content::kDicomJson:
      case Content::kHl7:
      case Content::kIpp:
        if (whole) medical(direction, side, bytes, out);
        return whole;
      default:
        if (whole) speaker_.form(bytes, side.content, out);
        return whole;
    }
  }

  void medical(Direction direction, const Side& side, std::string_view bytes, Observer& out) {
    const bool complete = !side.chunked && bytes.size() == side.left;
    const bool request = speaker_.sides.is_requester(direction);
    if (!speaker_.body(bytes, side.content, request, complete, out))
      speaker_.anomaly(kBadBody, "bad-body", out);
  }

  Progress chunk_size(Side& side, std::string_view bytes, Observer& out) {
    const auto line = first_line(bytes.substr(0, kChunkLineLimit));
    if (!line) return bytes.size() >= kChunkLineLimit ? fail(kBadChunk, "bad-chunk", out) : more(bytes);
    const std::string_view digits = trim(line->text.substr(0, line->text.find(';')));
    std::uint64_t size = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
    if (error != std::errc() || end != digits.data() + digits.size() || size >> 60 != 0)
      return fail(kBadChunk, "bad-chunk", out);
    side.left = size;
    side.phase = size == 0 ? Phase::kTrailer : Phase::kBody;
    return Progress::need(line->size, 0);
  }

  static Progress trailer(Side& side, std::string_view bytes) {
    const auto line = first_line(bytes.substr(0, kHeadLimit - 1));
    if (!line) return bytes.size() >= kHeadLimit - 1 ? Progress::failed() : more(bytes);
    if (line->text.empty()) side.phase = Phase::kHead;
    return Progress::need(line->size, 0);
  }

  static Progress search(Side& side, std::string_view bytes) {
    switch (http_prefix(bytes.substr(0, kHeadLimit))) {
      case HttpPrefix::kNo:
        return Progress::need(bytes.size(), 0);
      case HttpPrefix::kMore:
        return bytes.size() >= kHeadLimit - 1 ? Progress::need(bytes.size(), 0) : more(bytes);
      default:
        break;
    }
    side.phase = Phase::kHead;
    return Progress::need(0, 0);
  }

  Speaker speaker_;
  std::array<Side, 2> sides_;
};

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes);
  const HttpPrefix prefix = http_prefix(text);
  // Where who opened the connection was a guess, the engine asks the other way round. Else a server that asks
  // is odd and still HTTP.
  const bool up = probe.direction == Direction::kToServer;
  const auto seen_from = [&](bool fits) {
    return fits || !probe.midstream ? Recognition::kYes : Recognition::kNo;
  };
  switch (prefix) {
    case HttpPrefix::kRequest:
      return seen_from(up);
    case HttpPrefix::kResponse:
      return seen_from(!up);
    case HttpPrefix::kNo:
      return Recognition::kNo;
    case HttpPrefix::kMore:
      break;
  }
  // A target as long as this is an address line, not a sentence of another protocol.
  constexpr std::size_t kLongEnough = 1024;
  const bool path = text.size() >= kLongEnough && text.substr(0, 24).find(" /") != std::string_view::npos;
  return path ? Recognition::kYes : Recognition::kMore;
}

}  // namespace
}  // namespace http

const DissectorInfo& http_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<http::HttpDissector>({.name = "http",
                                       .title = "HTTP/1",
                                       .layers = http::kLayers,
                                       .ports = http::kPorts,
                                       .clues = http::kClues,
                                       .recognise = http::recognise,
                                       .first_bytes = FirstBytes::of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
                                       .max_buffer = http::kHeadLimit});
  return kInfo;
}

}  // namespace bedrail
