#include "dissect/dissector.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "dissect/intellivue/attributes.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::uint16_t kPorts[] = {24105, 24005};
constexpr std::string_view kClues[] = {
    "intellivue.area",       "intellivue.bed-label",    "intellivue.firmware", "intellivue.hardware",
    "intellivue.link",       "intellivue.manufacturer", "intellivue.mode",     "intellivue.model",
    "intellivue.part",       "intellivue.serial",       "intellivue.software", "intellivue.system-id",
    "intellivue.system-type"};

constexpr std::uint32_t kNomenclature = 0x00000100;  ///< in front of connect indications
constexpr std::uint32_t kSession = 0xe1000002;       ///< in front of data export messages
constexpr std::uint16_t kMds = 0x0021;
constexpr std::uint16_t kConnectIndication = 0x0d17;
constexpr std::uint16_t kMdsCreate = 0x0d06;
constexpr std::uint16_t kPoll = 0x0c16;
constexpr std::uint16_t kExtendedPoll = 0xf13b;

/// Session services that open and end an association, by their first byte.
enum : std::uint8_t { kFinish = 9, kDisconnect = 10, kRefuse = 12, kConnect = 13, kAccept = 14, kAbort = 25 };
/// What a remote operation is (ROIV, RORS, ROER, ROLRS).
enum : std::uint16_t { kInvoke = 1, kResult = 2, kError = 3, kLinkedResult = 5 };
enum : std::uint16_t { kEvent = 0, kConfirmedEvent = 1, kGet = 3, kSet = 4, kConfirmedSet = 5, kAction = 7 };

/// Every association names IEEE 1073's data export in its presentation contexts: 1.2.840.10004.2.1.0.0.0.
constexpr std::string_view kDataExport("\x2a\x86\x48\xce\x14\x02\x01\0\0\0", 10);

/// Items of a poll's result beyond this are not looked at.
constexpr unsigned kObjectLimit = 512;

bool is_association(std::string_view text) {
  return !text.empty() && (text[0] == kConnect || text[0] == kAccept) &&
         text.find(kDataExport) != std::string_view::npos;
}

bool is_connect_indication(Bytes bytes) {
  ByteReader reader(bytes);
  const bool front = reader.be32() == kNomenclature && reader.be16() == kInvoke;
  const std::uint16_t length = reader.be16();
  reader.skip(6);
  const bool mds = reader.be16() == kMds;
  reader.skip(8);
  return front && mds && reader.be16() == kConnectIndication && reader.ok() && length == bytes.size() - 8;
}

bool is_data_export(Bytes bytes) {
  ByteReader reader(bytes);
  const bool front = reader.be32() == kSession;
  const std::uint16_t operation = reader.be16();
  const std::uint16_t length = reader.be16();
  const bool known =
      operation == kInvoke || operation == kResult || operation == kError || operation == kLinkedResult;
  return front && known && reader.ok() && length == bytes.size() - 8;
}

/// Philips' data export: monitors announce themselves on the link, and give what they measure to whoever
/// associates with them.
class IntellivueDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const bool up = direction == Direction::kToServer;
    const IntellivueSpeech speech{out,
                                  direction,
                                  said_,
                                  up ? out.client() : out.server(),
                                  up ? out.server() : out.client(),
                                  up ? Role::kClient : Role::kServer};
    ByteReader reader(bytes);
    const std::uint8_t first = reader.peek();
    if (is_connect_indication(bytes)) {
      connect_indication(bytes, speech);
    } else if (reader.be32() == kSession) {
      if (!operation(reader, bytes.size(), speech)) out.anomaly("malformed");
    } else {
      association(first, as_text(bytes), speech);
    }
    return Progress::all(bytes);
  }

 private:
  /// A monitor that nobody is associated with, to everybody on the link: which it is, where to ask it.
  static void connect_indication(Bytes bytes, IntellivueSpeech speech) {
    ByteReader reader(bytes);
    reader.skip(28);
    speech.role = Role::kSelf;
    const auto address = intellivue_address(reader);
    // Both its addresses as the frame shows them: nothing stands between.
    if (address && speech.sender.ip == address->ip && speech.sender.mac == address->mac)
      speech.sender.mac_declared = true;
    if (speech.said.insert(hash64("connect-indication")))
      speech.out.used(speech.sender, "intellivue", "connect-indication");
    IntellivuePatient patient = 0;
    if (!read_intellivue_attributes(reader, kMds, speech, patient)) speech.out.anomaly("malformed");
  }

  void association(std::uint8_t service, std::string_view text, const IntellivueSpeech& speech) {
    if ((service == kConnect || service == kAccept) && !is_association(text)) {
      speech.out.anomaly("bad-association");
    } else if (service == kConnect) {
      serves(opposite(speech.direction), speech);
      speech.message("association-request");
    } else if (service == kAccept) {
      serves(speech.direction, speech);
      speech.message("association-response", "accepted");
    } else if (service == kRefuse) {
      speech.message("association-response", "refused");
    } else if (service == kAbort) {
      speech.message("abort");
    } else if (service != kFinish && service != kDisconnect) {
      speech.out.anomaly("unknown-message");
    }
  }

  /// Who sends in the direction `of` is the monitor. It does not ask who associates.
  void serves(Direction of, const IntellivueSpeech& speech) {
    if (!speech.said.insert(hash64("serves"))) return;
    if (of == Direction::kToClient) {
      speech.out.service("intellivue", "IntelliVue");
      speech.out.session({"intellivue", SessionSeen::Authentication::kNone, false});
    } else {
      speech.out.service_at(
          speech.out.client(),
          {Transport::kUdp, speech.out.flow().key.client.port, "intellivue", "IntelliVue", {}, false});
    }
  }

  bool operation(ByteReader reader, std::size_t size, const IntellivueSpeech& speech) {
    const std::uint16_t kind = reader.be16();
    const std::uint16_t length = reader.be16();
    if (!reader.ok() || length != size - 8) return false;
    if (kind == kError) return true;
    if (kind == kLinkedResult) reader.skip(2);
    reader.skip(2);
    const std::uint16_t command = reader.be16();
    ByteReader argument = reader.slice(reader.be16());
    if (!reader.ok()) return false;
    if (kind == kInvoke) return invoked(command, argument, speech);
    return kind != kResult && kind != kLinkedResult ? false : command != kAction || polled(argument, speech);
  }

  bool invoked(std::uint16_t command, ByteReader argument, const IntellivueSpeech& speech) {
    switch (command) {
      case kEvent:
      case kConfirmedEvent: {
        argument.skip(10);
        const std::uint16_t event = argument.be16();
        ByteReader report = argument.slice(argument.be16());
        if (!argument.ok()) return false;
        serves(speech.direction, speech);
        return event != kMdsCreate || created(report, speech);
      }
      case kSet:
      case kConfirmedSet:
        // Told each time: nobody but the monitor's own central has a reason to change it.
        speech.out.message(speech.sender, speech.receiver, "set");
        return argument.ok();
      case kAction: {
        argument.skip(10);
        const std::uint16_t action = argument.be16();
        if (action == kPoll || action == kExtendedPoll) speech.message("poll");
        return argument.ok();
      }
      default:
        return command == kGet;
    }
  }

  static bool created(ByteReader report, const IntellivueSpeech& speech) {
    const std::uint16_t object_class = report.be16();
    report.skip(4);
    speech.message("mds-create");
    return attributes(report, object_class, "mds-create", speech);
  }

  /// A poll's result: objects' attributes by context and handle.
  bool polled(ByteReader argument, const IntellivueSpeech& speech) {
    argument.skip(6);
    const std::uint16_t action = argument.be16();
    ByteReader reply = argument.slice(argument.be16());
    if (!argument.ok()) return false;
    if (action != kPoll && action != kExtendedPoll) return true;
    serves(speech.direction, speech);
    reply.skip(action == kExtendedPoll ? 18 : 16);  // counters and times, the type's partition
    const std::uint16_t object_class = reply.be16();
    reply.skip(2);
    const std::uint16_t contexts = reply.be16();
    reply.skip(2);
    for (unsigned i = 0, seen = 0; i < contexts && seen < kObjectLimit; ++i) {
      reply.skip(2);
      const std::uint16_t objects = reply.be16();
      reply.skip(2);
      if (!reply.ok()) return false;
      for (unsigned k = 0; k < objects && seen < kObjectLimit; ++k, ++seen) {
        reply.skip(2);
        if (!attributes(reply, object_class, "poll-result", speech)) return false;
      }
    }
    return reply.ok();
  }

  static bool attributes(ByteReader& reader, std::uint16_t object_class, std::string_view message,
                         const IntellivueSpeech& speech) {
    IntellivuePatient patient = 0;
    const bool whole = read_intellivue_attributes(reader, object_class, speech, patient);
    if (patient != 0 && speech.said.insert(mix(hash64("patient"), patient)))
      speech.out.patient_data(speech.sender, speech.receiver, message, intellivue_patient_kinds(patient));
    return whole;
  }

  IntellivueSaid said_;
};

Recognition recognise(const Probe& probe) {
  const bool mine = is_connect_indication(probe.bytes) || is_data_export(probe.bytes) ||
                    is_association(as_text(probe.bytes));
  return mine ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& intellivue_dissector() {
  static constexpr DissectorInfo kInfo = with_state<IntellivueDissector>(
      {.name = "intellivue",
       .title = "Philips IntelliVue data export",
       .layers = kLayers,
       .ports = kPorts,
       .clues = kClues,
       .recognise = recognise,
       .first_bytes = FirstBytes::of(std::string_view("\x00\x0d\x0e\xe1", 4))});
  return kInfo;
}

}  // namespace bedrail
