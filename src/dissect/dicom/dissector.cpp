#include "dissect/dissector.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/dicom/association.h"
#include "dissect/dicom/command.h"
#include "dissect/dicom/equipment.h"

namespace bedrail {
namespace {

using namespace dicom;

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {104, 11112, 4242};
constexpr std::string_view kClues[] = {"dicom.calling-ae",
                                       "dicom.called-ae",
                                       "dicom.implementation-uid",
                                       "dicom.implementation-version",
                                       "dicom.abstract-syntax",
                                       "dicom.stores",
                                       "dicom.manufacturer",
                                       "dicom.model",
                                       "dicom.serial",
                                       "dicom.software",
                                       "dicom.station",
                                       "dicom.institution",
                                       "dicom.department",
                                       "dicom.modality",
                                       "dicom.device-uid",
                                       "dicom.gantry-id",
                                       "dicom.udi",
                                       "dicom.move-destination"};

constexpr std::uint32_t kFixedPart = 68;
/// A request of 128 contexts with 40 transfer syntaxes each stays below this.
constexpr std::uint32_t kMaxAssociate = 512 * 1024;
/// Equipment stands at the front of a data set: see the page.
constexpr std::uint32_t kDataSetLimit = 16 * 1024;
constexpr std::string_view kStorageRoot = "1.2.840.10008.5.1.4.1.1.";
constexpr std::string_view kPerformedProcedure = "1.2.840.10008.3.1.2.3.3";

enum PduType : std::uint8_t { kRequest = 1, kAccept, kReject, kData, kReleaseRequest, kReleaseReply, kAbort };

/// One direction of the flow.
struct Side {
  enum class Phase : std::uint8_t { kPdu, kItems, kValues, kFragment, kLost } phase = Phase::kPdu;
  bool request = false;  ///< the PDU being read in items is an A-ASSOCIATE-RQ
  bool command_fragment = false, last_fragment = false;
  bool command_overflow = false, data_set_open = false, latin1 = false;
  std::uint8_t context = 0;
  std::uint8_t patient = 0, patient_told = 0;
  std::uint16_t command_size = 0;
  std::uint16_t field = 0;  ///< of the last command: whose data set follows
  bool equipment = false;   ///< that data set's maker is its sender
  std::uint32_t fragment_left = 0, data_set_read = 0;
  ItemCursor cursor;  ///< cursor.pdu_left also counts a P-DATA-TF's rest
  std::array<std::byte, 512> command;
  DataSetScanner scanner;
};

/// DICOM upper layer (PS3.8) with the command sets and the front of the data sets (PS3.5, PS3.7).
class DicomDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    Side& side = sides_[static_cast<std::size_t>(direction)];
    std::uint64_t done = 0;
    while (done < bytes.size()) {
      const Progress step = advance(side, direction, bytes.subspan(static_cast<std::size_t>(done)), out);
      if (step.status != Progress::Status::kContinue) return step;
      done += step.consumed;
      if (step.needed > 0) return Progress::need(done, step.needed);
    }
    return {done, 0, Progress::Status::kContinue};
  }

  bool gap(Direction direction, std::uint64_t count, Observer& out) override;
  void close(Observer& out) override;

 private:
  Progress advance(Side& side, Direction direction, Bytes bytes, Observer& out);
  Progress pdu(Side& side, Direction direction, Bytes bytes, Observer& out);
  Progress items(Side& side, Direction direction, Bytes bytes, Observer& out);
  Progress value_header(Side& side, Direction direction, Bytes bytes, Observer& out);
  Progress fragment(Side& side, Direction direction, Bytes bytes, Observer& out);
  Progress ending(std::uint8_t type, Direction direction, Bytes bytes, Observer& out);
  void command_complete(Side& side, Direction direction, Observer& out);
  void data_fragment(Side& side, Direction direction, Bytes bytes, Observer& out);
  void data_set_complete(Side& side, Direction direction, Observer& out);
  void tell_service(Direction spoke, Observer& out);
  void note_anomaly(unsigned bit, std::string_view name, Observer& out);
  Parties parties(const Observer& out) const;
  /// Requests come from this direction.
  [[nodiscard]] Direction asking() const { return reversed_ ? Direction::kToClient : Direction::kToServer; }
  static Party sender(Direction d, const Observer& out) {
    return d == Direction::kToServer ? out.client() : out.server();
  }
  static Role role(Direction d) { return d == Direction::kToServer ? Role::kClient : Role::kServer; }

  Side sides_[2];
  Association association_;
  EquipmentMemory equipment_;
  std::uint64_t kinds_told_ = 0;
  std::uint8_t anomalies_ = 0;
  bool reversed_ = false, service_told_ = false, abort_told_ = false, move_told_ = false;
};

Parties DicomDissector::parties(const Observer& out) const {
  if (reversed_) return {out.server(), out.client(), Role::kServer, Role::kClient};
  return {out.client(), out.server(), Role::kClient, Role::kServer};
}

void DicomDissector::note_anomaly(unsigned bit, std::string_view name, Observer& out) {
  if ((anomalies_ >> bit & 1) != 0) return;
  anomalies_ = static_cast<std::uint8_t>(anomalies_ | 1U << bit);
  out.anomaly(name);
}

/// The acceptor answered in DICOM.
void DicomDissector::tell_service(Direction spoke, Observer& out) {
  if (service_told_ || spoke == asking()) return;
  service_told_ = true;
  const FlowKey& key = out.flow().key;
  const std::uint16_t port = reversed_ ? key.client.port : key.server.port;
  out.service_at(
      parties(out).acceptor,
      {key.transport, port, "dicom", std::string(association_.implementation_version()), {}, false});
}

Progress DicomDissector::advance(Side& side, Direction direction, Bytes bytes, Observer& out) {
  switch (side.phase) {
    case Side::Phase::kItems:
      return items(side, direction, bytes, out);
    case Side::Phase::kValues:
      return value_header(side, direction, bytes, out);
    case Side::Phase::kFragment:
      return fragment(side, direction, bytes, out);
    case Side::Phase::kLost: {
      // After a loss: senders mostly start a segment with a PDU, so only the front of what arrives is tried.
      if (bytes.size() < 12) return Progress::all(bytes);
      ByteReader reader(bytes);
      const bool data = reader.be16() == kData << 8;
      const std::uint32_t length = reader.be32();
      const std::uint32_t value = reader.be32();
      const bool plausible =
          data && value >= 2 && value + 4 <= length && (reader.u8() & 1) == 1 && reader.u8() <= 3;
      if (!plausible) return Progress::all(bytes);
      side.phase = Side::Phase::kPdu;
      [[fallthrough]];
    }
    case Side::Phase::kPdu:
      break;
  }
  return pdu(side, direction, bytes, out);
}

Progress DicomDissector::pdu(Side& side, Direction direction, Bytes bytes, Observer& out) {
  if (bytes.size() < 6) return Progress::need(0, 6);
  ByteReader reader(bytes);
  const std::uint8_t type = reader.u8();
  reader.skip(1);
  const std::uint32_t length = reader.be32();
  side.cursor = {};
  switch (type) {
    case kRequest:
    case kAccept: {
      if (length < kFixedPart || length > kMaxAssociate) {
        note_anomaly(0, "bad-associate-length", out);
        return Progress::failed();
      }
      if (bytes.size() < 6 + kFixedPart) return Progress::need(0, 6 + kFixedPart);
      side.request = type == kRequest;
      reversed_ = side.request == (direction == Direction::kToClient);
      side.cursor.pdu_left = length - kFixedPart;
      side.phase = Side::Phase::kItems;
      association_.fixed_part(side.request, reader.bytes(kFixedPart), parties(out), out);
      if (side.cursor.pdu_left > 0) return Progress::need(6 + kFixedPart, 0);
      const Progress end = items(side, direction, {}, out);
      return {6 + kFixedPart, 0, end.status};
    }
    case kData:
      side.cursor.pdu_left = length;
      if (length > 0) side.phase = Side::Phase::kValues;
      return Progress::need(6, 0);
    case kReject:
    case kReleaseRequest:
    case kReleaseReply:
    case kAbort:
      if (length != 4) {
        note_anomaly(1, "bad-pdu-length", out);
        return Progress::failed();
      }
      if (bytes.size() < 10) return Progress::need(0, 10);
      return ending(type, direction, bytes.subspan(6, 4), out);
    default:
      note_anomaly(2, "unknown-pdu", out);
      return Progress::failed();
  }
}

Progress DicomDissector::ending(std::uint8_t type, Direction direction, Bytes bytes, Observer& out) {
  ByteReader reader(bytes);
  reader.skip(1);
  const std::uint8_t result = reader.u8();
  const std::uint8_t source = reader.u8();
  const std::uint8_t reason = reader.u8();
  if (type == kReject) {
    reversed_ = direction == Direction::kToServer;
    tell_service(direction, out);
    association_.rejected(result, source, reason, parties(out), out);
    return Progress::done();
  }
  tell_service(direction, out);
  if (type == kReleaseRequest) return Progress::need(10, 0);
  if (type == kAbort && !abort_told_) {
    abort_told_ = true;
    const std::string_view who = source == 0 ? "service-user" : source == 2 ? "service-provider" : "other";
    out.message(sender(direction, out), sender(opposite(direction), out), "A-ABORT", who);
    // An abort in place of an answer leaves the association as it was asked for.
    association_.ended(parties(out), out);
  }
  return Progress::done();
}

Progress DicomDissector::items(Side& side, Direction direction, Bytes bytes, Observer& out) {
  std::size_t consumed = 0;
  if (side.cursor.pdu_left > 0) {
    std::size_t needed = 0;
    consumed = association_.item(side.request, side.cursor, bytes, needed, parties(out), out);
    if (consumed == 0) return Progress::need(0, static_cast<std::uint32_t>(needed));
  }
  if (side.cursor.pdu_left == 0) {
    side.phase = Side::Phase::kPdu;
    if (!side.request) {
      tell_service(direction, out);
      association_.accepted(parties(out), out);
    }
  }
  return Progress::need(consumed, 0);
}

Progress DicomDissector::value_header(Side& side, Direction direction, Bytes bytes, Observer& out) {
  std::uint32_t& left = side.cursor.pdu_left;
  if (left == 0) {
    side.phase = Side::Phase::kPdu;
    return Progress::need(0, 0);
  }
  if (bytes.size() < 6) return Progress::need(0, 6);
  ByteReader reader(bytes);
  const std::uint32_t length = reader.be32();
  side.context = reader.u8();
  const std::uint8_t control = reader.u8();
  if (length < 2 || left < 4 || length > left - 4) {
    note_anomaly(3, "bad-value-length", out);
    return Progress::failed();
  }
  left -= 4 + length;
  side.fragment_left = length - 2;
  side.command_fragment = (control & 1) != 0;
  side.last_fragment = (control & 2) != 0;
  side.phase = Side::Phase::kFragment;
  if (side.fragment_left == 0) (void)fragment(side, direction, {}, out);
  return Progress::need(6, 0);
}

Progress DicomDissector::fragment(Side& side, Direction direction, Bytes bytes, Observer& out) {
  const std::size_t here = std::min<std::size_t>(bytes.size(), side.fragment_left);
  std::uint64_t consumed = here;
  if (side.command_fragment) {
    const std::size_t room = std::min(here, side.command.size() - side.command_size);
    std::copy_n(bytes.begin(), room, side.command.begin() + side.command_size);
    side.command_size = static_cast<std::uint16_t>(side.command_size + room);
    side.command_overflow = side.command_overflow || room < here;
  } else {
    data_fragment(side, direction, bytes.first(here), out);
    // The rest of an image costs nothing: the engine drops it.
    if (side.scanner.finished()) consumed = side.fragment_left;
  }
  side.fragment_left -= static_cast<std::uint32_t>(consumed);
  if (side.fragment_left > 0) return Progress::need(consumed, 0);
  side.phase = side.cursor.pdu_left > 0 ? Side::Phase::kValues : Side::Phase::kPdu;
  if (side.last_fragment && side.command_fragment) command_complete(side, direction, out);
  if (side.last_fragment && !side.command_fragment) side.data_set_open = false;
  return Progress::need(consumed, 0);
}

void DicomDissector::command_complete(Side& side, Direction direction, Observer& out) {
  Command command;
  const bool good = parse_command(Bytes(side.command).first(side.command_size), command);
  side.command_size = 0;
  side.data_set_open = false;
  side.field = 0;
  side.equipment = false;
  if (side.command_overflow || !good || command_name(command.field).empty()) {
    side.command_overflow = false;
    return note_anomaly(4, "bad-command", out);
  }
  side.field = command.field;
  tell_service(direction, out);
  const std::uint64_t kind = std::uint64_t{1} << command_kind(command);
  if ((kinds_told_ & kind) == 0) {
    kinds_told_ |= kind;
    static constexpr char kHex[] = "0123456789abcdef";
    std::string status = command.is_response() ? "0x" : "";
    for (int shift = 12; command.is_response() && shift >= 0; shift -= 4)
      status += kHex[command.status >> shift & 15];
    out.message(sender(direction, out), sender(opposite(direction), out), command_name(command.field),
                status);
  }
  if (direction != asking() || command.is_response()) return;
  association_.class_in_use(command.sop_class, parties(out), out);
  if (!command.move_destination.empty() && !move_told_) {
    move_told_ = true;
    out.clue(sender(direction, out), "dicom.move-destination", command.move_destination, role(direction));
  }
  // Who stores on its own account made the image, or forwards it (what several values tell). Who stores
  // because of a C-MOVE is an archive. A performed procedure step comes from the modality itself.
  const bool stores = command.field == kStoreRequest && command.sop_class.starts_with(kStorageRoot) &&
                      !command.has_move_originator;
  if (stores) association_.class_stored(command.sop_class, parties(out), out);
  side.equipment = stores || (command.field == kCreateRequest && command.sop_class == kPerformedProcedure);
}

void DicomDissector::data_fragment(Side& side, Direction direction, Bytes bytes, Observer& out) {
  if (!side.data_set_open) {
    side.data_set_open = true;
    side.data_set_read = 0;
    side.patient = 0;
    side.latin1 = false;
    side.scanner.begin(side.field == 0 ? Encoding::kUnreadable : association_.encoding(side.context));
  }
  if (side.scanner.finished()) return;
  const Party from = sender(direction, out);
  DataSetReader reader(side.equipment, from, role(direction), equipment_, side.patient, side.latin1, out);
  const std::size_t room = std::min<std::size_t>(bytes.size(), kDataSetLimit - side.data_set_read);
  side.scanner.feed(bytes.first(room), reader);
  side.data_set_read += static_cast<std::uint32_t>(room);
  if (side.scanner.malformed()) note_anomaly(5, "bad-data-set", out);
  const bool ends = side.last_fragment && bytes.size() == side.fragment_left;
  if (!side.scanner.finished() && (ends || side.data_set_read == kDataSetLimit)) side.scanner.stop();
  if (side.scanner.finished()) data_set_complete(side, direction, out);
}

void DicomDissector::data_set_complete(Side& side, Direction direction, Observer& out) {
  if ((side.patient & ~side.patient_told) == 0) return;
  const std::string fields = patient_fields(side.patient);
  if (fields.empty()) return;
  side.patient_told |= side.patient;
  out.patient_data(sender(direction, out), sender(opposite(direction), out), command_name(side.field),
                   fields);
}

bool DicomDissector::gap(Direction direction, std::uint64_t count, Observer&) {
  Side& side = sides_[static_cast<std::size_t>(direction)];
  side.command_size = 0;
  side.scanner.stop();
  if (side.phase == Side::Phase::kItems) return false;
  // Within a P-DATA-TF whose end is known the framing survives.
  if (side.phase == Side::Phase::kFragment && count <= side.fragment_left && !side.command_fragment) {
    side.fragment_left -= static_cast<std::uint32_t>(count);
    if (side.fragment_left == 0)
      side.phase = side.cursor.pdu_left > 0 ? Side::Phase::kValues : Side::Phase::kPdu;
    return true;
  }
  side.phase = Side::Phase::kLost;
  side.field = 0;
  side.data_set_open = false;
  return true;
}

void DicomDissector::close(Observer& out) {
  if (!association_.requested() || association_.answered() || service_told_) return;
  association_.ended(parties(out), out);
  const FlowKey& key = out.flow().key;
  const std::uint16_t port = reversed_ ? key.client.port : key.server.port;
  // No answer was captured. A well-formed request over an open connection to a port that is registered for
  // nothing but DICOM is still a service; on any other port it is only a claim.
  if (port == 104 || port == 11112)
    out.service_at(parties(out).acceptor, {key.transport, port, "dicom", {}, {}, false});
}

/// A fixed-length PDU that is complete: its length says 4 and its reserved bytes are zero.
bool is_short_pdu(Bytes bytes) {
  ByteReader reader(bytes);
  reader.skip(1);
  return bytes.size() == 10 && reader.u8() == 0 && reader.be32() == 4 && reader.u8() == 0;
}

Recognition recognise_associate(Bytes bytes, std::uint8_t type) {
  ByteReader reader(bytes);
  reader.skip(1);
  if (reader.u8() != 0 && reader.ok()) return Recognition::kNo;
  const std::uint32_t length = reader.be32();
  if (reader.ok() && (length < kFixedPart || length > kMaxAssociate)) return Recognition::kNo;
  const std::uint16_t version = reader.be16();
  if (reader.ok() && (version & 1) == 0) return Recognition::kNo;
  const std::uint16_t reserved = reader.be16();
  if (reader.ok() && reserved != 0) return Recognition::kNo;
  const std::string_view titles = reader.text(32);
  if (!reader.ok()) return Recognition::kMore;
  // Titles are of the default repertoire; some senders pad with NUL. An accept only echoes them.
  const auto allowed = [](char c) { return c == '\0' || (c >= 0x20 && c < 0x7f); };
  if (!std::all_of(titles.begin(), titles.end(), allowed)) return Recognition::kNo;
  if (type == kRequest && (trim(titles.substr(0, 16)).empty() || trim(titles.substr(16)).empty()))
    return Recognition::kMaybe;
  reader.skip(32);
  if (length == kFixedPart) return Recognition::kMaybe;
  const std::uint8_t item = reader.u8();
  if (!reader.ok()) return Recognition::kMore;
  return item == 0x10 ? Recognition::kYes : Recognition::kMaybe;
}

/// Joined in the middle: a command set is proof; a piece of a data set is plausible on DICOM's ports only,
/// and elsewhere the next command is not far.
Recognition recognise_data(Bytes bytes, bool on_port) {
  const Recognition plausible = on_port ? Recognition::kMaybe : Recognition::kNo;
  ByteReader reader(bytes);
  reader.skip(1);
  const std::uint8_t reserved = reader.u8();
  const std::uint32_t length = reader.be32();
  const std::uint32_t value = reader.be32();
  const std::uint8_t context = reader.u8();
  const std::uint8_t control = reader.u8();
  if (!reader.ok()) return Recognition::kMore;
  if (reserved != 0 || value < 2 || value > length - 4 || length < 6 || context % 2 == 0 || control > 3)
    return Recognition::kNo;
  if ((control & 1) == 0) return plausible;
  // A command set begins with its group length: (0000,0000), length 4.
  const bool group_length = reader.be32() == 0 && reader.le32() == 4;
  if (!reader.ok()) return Recognition::kMore;
  return group_length ? Recognition::kYes : plausible;
}

Recognition recognise(const Probe& probe) {
  ByteReader reader(probe.bytes);
  const std::uint8_t type = reader.u8();
  switch (type) {
    case kRequest:
    case kAccept:
      return recognise_associate(probe.bytes, type);
    case kData:
      return probe.midstream ? recognise_data(probe.bytes, probe.on_port) : Recognition::kNo;
    case kReject:
    case kReleaseRequest:
    case kReleaseReply:
      return is_short_pdu(probe.bytes) ? Recognition::kYes : Recognition::kNo;
    case kAbort:
      return is_short_pdu(probe.bytes) ? Recognition::kMaybe : Recognition::kNo;
    default:
      return Recognition::kNo;
  }
}

}  // namespace

const DissectorInfo& dicom_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<DicomDissector>({.name = "dicom",
                                  .title = "DICOM upper layer",
                                  .layers = kLayers,
                                  .ports = kPorts,
                                  .clues = kClues,
                                  .recognise = recognise,
                                  .first_bytes = FirstBytes::of("\x01\x02\x03\x04\x05\x06\x07"),
                                  .max_buffer = 4096});
  return kInfo;
}

}  // namespace bedrail
