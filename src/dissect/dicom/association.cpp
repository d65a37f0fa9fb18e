#include "dissect/dicom/association.h"

#include <algorithm>

#include "base/text.h"

namespace bedrail::dicom {
namespace {

/// Longest sub-item value that is read; a token of a user identity may be 64 KiB and tells nothing more.
constexpr std::size_t kItemLimit = 1024;

std::string_view reject_reason(std::uint8_t source, std::uint8_t reason) {
  switch (source << 8 | reason) {
    case 0x0101:
      return "no-reason";
    case 0x0102:
      return "application-context-not-supported";
    case 0x0103:
      return "calling-ae-not-recognized";
    case 0x0107:
      return "called-ae-not-recognized";
    case 0x0201:
      return "no-reason-acse";
    case 0x0202:
      return "protocol-version-not-supported";
    case 0x0301:
      return "temporary-congestion";
    case 0x0302:
      return "local-limit-exceeded";
    default:
      return "other";
  }
}

std::string_view mechanism(std::uint8_t identity) {
  switch (identity) {
    case 1:
      return "user-name";
    case 2:
      return "user-passcode";
    case 3:
      return "kerberos";
    case 4:
      return "saml";
    case 5:
      return "jwt";
    default:
      return "other";
  }
}

}  // namespace

void Association::fixed_part(bool request, Bytes bytes, const Parties& parties, Observer& out) {
  ByteReader reader(bytes);
  reader.skip(4);
  const Bytes called = reader.bytes(16);
  const std::string_view calling = reader.text(16);
  if (!request) {
    answered_ = true;
    // The titles of an accept are the request's, sent back; they are news only where the request was not
    // captured.
    if (requested_ || called.size() != 16) return;
  }
  requested_ = requested_ || request;
  std::copy(called.begin(), called.end(), called_.begin());
  out.name(parties.requestor, "dicom-ae", calling);
  out.clue(parties.requestor, "dicom.calling-ae", calling, parties.requestor_role);
}

std::size_t Association::item(bool request, ItemCursor& cursor, Bytes bytes, std::size_t& needed,
                              const Parties& parties, Observer& out) {
  ByteReader reader(bytes);
  std::uint32_t& left = cursor.container_left > 0 ? cursor.container_left : cursor.pdu_left;
  const std::uint8_t type = reader.u8();
  reader.skip(1);
  std::uint32_t length = reader.be16();
  const bool is_context = cursor.container_left == 0 && (type == 0x20 || type == 0x21);
  const std::uint32_t head = is_context && length >= 4 ? 8 : 4;
  if (left < head || bytes.size() < head) {
    if (left >= head) return needed = head, 0;
    out.anomaly("bad-item-length");
    // Not an item: what is left of the container is passed over.
    const std::uint32_t rest = left;
    if (&left == &cursor.container_left) cursor.pdu_left -= rest;
    left = 0;
    return rest;
  }
  if (length > left - 4) {
    out.anomaly("bad-item-length");
    length = left - 4;
  }
  if (cursor.container_left == 0 && (is_context || type == 0x50)) {
    cursor.container = type;
    cursor.container_left = length - (head - 4);
    cursor.pdu_left -= head;
    cursor.context = reader.u8();
    reader.skip(1);
    cursor.context_accepted = head == 8 && reader.u8() == 0;
    return head;
  }
  const std::size_t readable = std::min<std::size_t>(length, kItemLimit);
  if (bytes.size() < 4 + readable) return needed = 4 + readable, 0;
  if (cursor.container_left > 0) sub_item(request, type, reader.slice(readable), cursor, parties, out);
  cursor.pdu_left -= 4 + length;
  if (cursor.container_left > 0) cursor.container_left -= 4 + length;
  return 4 + length;
}

void Association::sub_item(bool request, std::uint8_t type, ByteReader value, ItemCursor& cursor,
                           const Parties& parties, Observer& out) {
  if (cursor.container != 0x50) {
    const std::string_view uid = clean_uid(as_text(value.rest()));
    if (uid.empty()) return;
    if (type == 0x30 && request) return abstract_syntax(uid, cursor, parties, out);
    if (type == 0x40) return transfer_syntax(request, uid, cursor, parties, out);
    return;
  }
  if (type == 0x52 || type == 0x55) return implementation(request, type, value, parties, out);
  if (type == 0x58 && request) return user_identity(value);
  if (type == 0x59 && !request) identity_confirmed_ = true;
}

void Association::abstract_syntax(std::string_view uid, const ItemCursor& cursor, const Parties& parties,
                                  Observer& out) {
  const std::uint8_t number = uids_.intern(uid);
  if (number == UidPool::kNone) return;
  abstract_[cursor.context / 2] = number;
  if (proposed_told_.test(number)) return;
  proposed_told_.set(number);
  out.clue(parties.requestor, "dicom.abstract-syntax", uid, parties.requestor_role);
}

void Association::transfer_syntax(bool request, std::string_view uid, const ItemCursor& cursor,
                                  const Parties& parties, Observer& out) {
  if (request || !cursor.context_accepted) return;
  encoding_[cursor.context / 2] = encoding_of(uid);
  const std::uint8_t number = abstract_[cursor.context / 2];
  if (number == UidPool::kNone || accepted_told_.test(number)) return;
  accepted_told_.set(number);
  std::array<char, 80> buffer;
  out.clue(parties.acceptor, "dicom.abstract-syntax", uids_.text(number, buffer), parties.acceptor_role);
}

void Association::implementation(bool request, std::uint8_t type, ByteReader value, const Parties& parties,
                                 Observer& out) {
  const Party& who = request ? parties.requestor : parties.acceptor;
  const Role role = request ? parties.requestor_role : parties.acceptor_role;
  if (type == 0x52) {
    out.clue(who, "dicom.implementation-uid", clean_uid(as_text(value.rest())), role);
    return;
  }
  const std::string_view version = trim(as_text(value.rest())).substr(0, version_.size());
  out.clue(who, "dicom.implementation-version", version, role);
  if (request) return;
  std::copy_n(as_bytes(version).begin(), version.size(), version_.begin());
  version_length_ = static_cast<std::uint8_t>(version.size());
}

void Association::user_identity(ByteReader value) {
  const std::uint8_t type = value.u8();
  value.skip(1);
  const std::string_view account = value.text(value.be16());
  const std::string_view passcode = type == 2 ? value.text(value.be16()) : std::string_view{};
  if (type == 0) return;
  identity_ = type;
  if (type != 2 || !value.ok()) return;
  secret_ = digest_secret(account, passcode);
  secret_known_ = true;
  secret_empty_ = passcode.empty();
  secret_is_account_ = passcode == account;
}

void Association::tell_called(const Parties& parties, Observer& out) {
  if (called_told_) return;
  called_told_ = true;
  out.name(parties.acceptor, "dicom-ae", as_text(called_));
  out.clue(parties.acceptor, "dicom.called-ae", as_text(called_), parties.acceptor_role);
}

void Association::tell_login(Outcome outcome, Observer& out) {
  if (identity_ == 0 || login_told_) return;
  login_told_ = true;
  LoginSeen login{.protocol = "dicom",
                  .mechanism = mechanism(identity_),
                  .cleartext = identity_ == 2,
                  .outcome = outcome,
                  .account_and_secret = {}};
  if (secret_known_) login.account_and_secret = secret_;
  login.secret_empty = secret_empty_;
  login.secret_is_account = secret_is_account_;
  out.login(std::move(login));
}

void Association::accepted(const Parties& parties, Observer& out) {
  tell_called(parties, out);
  // An identity that was offered may have been ignored: only the server's own response (item 59) shows a
  // check.
  tell_login(identity_confirmed_ ? Outcome::kAccepted : Outcome::kUnknown, out);
  using enum SessionSeen::Authentication;
  const bool blind = !requested_ && !identity_confirmed_;
  const auto authentication = identity_confirmed_ ? kPresent : identity_ != 0 || blind ? kUnknown : kNone;
  out.session({"dicom", authentication, false});
}

void Association::rejected(std::uint8_t result, std::uint8_t source, std::uint8_t reason,
                           const Parties& parties, Observer& out) {
  answered_ = true;
  const std::string_view text = reject_reason(source, reason);
  out.message(parties.acceptor, parties.requestor, "A-ASSOCIATE-RJ", text);
  // A server that does not know the title it was called by does not bear it.
  if (requested_ && text != "called-ae-not-recognized") tell_called(parties, out);
  // A title or version that is refused says nothing of the identity.
  tell_login(result == 1 && (text == "no-reason" || text == "no-reason-acse") ? Outcome::kRefused
                                                                              : Outcome::kUnknown,
             out);
}

void Association::ended(const Parties& parties, Observer& out) {
  if (!requested_ || answered_) return;
  tell_called(parties, out);
  tell_login(Outcome::kUnknown, out);
}

void Association::class_in_use(std::string_view sop_class, const Parties& parties, Observer& out) {
  const std::uint8_t number = uids_.intern(sop_class);
  if (number == UidPool::kNone || proposed_told_.test(number)) return;
  proposed_told_.set(number);
  out.clue(parties.requestor, "dicom.abstract-syntax", sop_class, parties.requestor_role);
}

void Association::class_stored(std::string_view sop_class, const Parties& parties, Observer& out) {
  const std::uint8_t number = uids_.intern(sop_class);
  if (number == UidPool::kNone || stored_told_.test(number)) return;
  stored_told_.set(number);
  out.clue(parties.requestor, "dicom.stores", sop_class, parties.requestor_role);
}

}  // namespace bedrail::dicom
