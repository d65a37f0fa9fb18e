#pragma once

#include <array>
#include <bitset>
#include <optional>
#include <string_view>

#include "base/byte_reader.h"
#include "dissect/dicom/data_set.h"
#include "dissect/dicom/uid_pool.h"
#include "dissect/dissector.h"

namespace bedrail::dicom {

/// Who asked for the association and who was asked. Normally the flow's client and server; the other way
/// round where the flow's start was not captured and the ends could not be told.
struct Parties {
  Party requestor, acceptor;
  Role requestor_role, acceptor_role;
};

/// One end's direction, and where it stands in an A-ASSOCIATE PDU: items are read one by one, sub-items too,
/// so that a request of 128 contexts needs no large buffer.
struct ItemCursor {
  std::uint32_t pdu_left = 0;        ///< bytes of the PDU not yet read
  std::uint32_t container_left = 0;  ///< bytes of the open item 20, 21 or 50 not yet read
  std::uint8_t container = 0;
  std::uint8_t context = 0;  ///< presentation context id of the open item 20 or 21
  bool context_accepted = false;
};

/// What an association negotiates (PS3.8 chapter 9, PS3.7 annex D), and what of it was already said. Fixed
/// size.
class Association {
 public:
  /// The fixed part that A-ASSOCIATE-RQ and -AC share, 68 bytes from the protocol version on.
  void fixed_part(bool request, Bytes bytes, const Parties& parties, Observer& out);
  /// The next item or sub-item at the front of `bytes`; gives the bytes it takes (0: `needed` are needed
  /// first).
  std::size_t item(bool request, ItemCursor& cursor, Bytes bytes, std::size_t& needed, const Parties& parties,
                   Observer& out);
  /// The accept is complete: names, session and login are told.
  void accepted(const Parties& parties, Observer& out);
  void rejected(std::uint8_t result, std::uint8_t source, std::uint8_t reason, const Parties& parties,
                Observer& out);
  /// The flow ended: what was only asked for is told as far as it goes.
  void ended(const Parties& parties, Observer& out);

  /// Encoding of the data sets of a context.
  [[nodiscard]] Encoding encoding(std::uint8_t context) const { return encoding_[context / 2]; }
  /// Tells that the requestor uses this class, where the negotiation was not captured.
  void class_in_use(std::string_view sop_class, const Parties& parties, Observer& out);
  /// Tells that the requestor stores objects of this class on its own account.
  void class_stored(std::string_view sop_class, const Parties& parties, Observer& out);
  [[nodiscard]] bool requested() const { return requested_; }
  [[nodiscard]] bool answered() const { return answered_; }
  [[nodiscard]] std::string_view implementation_version() const {
    return as_text(Bytes(version_).first(version_length_));
  }

 private:
  void sub_item(bool request, std::uint8_t type, ByteReader value, ItemCursor& cursor, const Parties& parties,
                Observer& out);
  void abstract_syntax(std::string_view uid, const ItemCursor& cursor, const Parties& parties, Observer& out);
  void transfer_syntax(bool request, std::string_view uid, const ItemCursor& cursor, const Parties& parties,
                       Observer& out);
  void user_identity(ByteReader value);
  void implementation(bool request, std::uint8_t type, ByteReader value, const Parties& parties,
                      Observer& out);
  void tell_called(const Parties& parties, Observer& out);
  void tell_login(Outcome outcome, Observer& out);

  UidPool uids_;
  std::array<Encoding, 128> encoding_{};
  std::array<std::uint8_t, 128> abstract_;
  std::bitset<128> proposed_told_, accepted_told_, stored_told_;
  std::array<std::byte, 16> called_{}, version_{};
  std::uint8_t version_length_ = 0;
  bool requested_ = false, answered_ = false, called_told_ = false;
  std::uint8_t identity_ = 0;  ///< user identity type 1..5; 0: none
  bool identity_confirmed_ = false, login_told_ = false;
  bool secret_known_ = false, secret_empty_ = false, secret_is_account_ = false;
  SecretDigest secret_{};

 public:
  Association() { abstract_.fill(UidPool::kNone); }
};

}  // namespace bedrail::dicom
