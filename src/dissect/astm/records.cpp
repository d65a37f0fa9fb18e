#include "dissect/astm/records.h"

#include <algorithm>
#include <string>

#include "base/hash.h"
#include "base/text.h"
#include "model/declared_text.h"

namespace bedrail::astm {
namespace {

/// Field numbers of the header and the patient record, as the standard counts (LIS2-A2, 6 and 7).
constexpr std::size_t kPassword = 4, kSender = 5, kReceiver = 10, kVersion = 13;
struct Kind {
  std::uint8_t field;
  std::string_view name;
};
constexpr Kind kPatient[] = {{3, "id"},         {4, "id"},  {5, "id"},       {6, "name"},
                             {8, "birth-date"}, {9, "sex"}, {11, "address"}, {13, "phone"}};
constexpr std::string_view kKinds[] = {"id", "name", "birth-date", "sex", "address", "phone"};

std::string_view part(std::string_view text, char separator, std::size_t number) {
  for (; number > 1; --number) {
    const std::size_t end = text.find(separator);
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find(separator));
}

bool is_delimiter(char c) {
  return c > 0x20 && c < 0x7f && !(c >= '0' && c <= '9') && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

void tell(std::string_view key, std::string_view value, const Party& who, bool of_sender,
          const Speech& speech) {
  const bool client = of_sender == (speech.direction == Direction::kToServer);
  if (value.empty() || !speech.said.insert(mix(hash64(key, client ? 1 : 0), hash64(value)))) return;
  speech.out.clue(who, key, value, client ? Role::kClient : Role::kServer);
}

}  // namespace

bool starts_header(std::string_view text) {
  if (text.size() < 6 || text[0] != 'H') return false;
  // "H|\^&" and then the field delimiter again; the escape delimiter may be left out.
  const std::string_view delimiters = text.substr(1, 4);
  const std::size_t end = text.find(text[1], 2);
  if (end != 4 && end != 5) return false;
  for (std::size_t i = 0; i + 1 < end; ++i) {
    if (!is_delimiter(delimiters[i]) || delimiters.find(delimiters[i], i + 1) < end - 1) return false;
  }
  return true;
}

bool Message::header(std::string_view text, const Speech& speech) {
  if (!starts_header(text)) return false;
  *this = {};
  open_ = true;
  field_ = text[1];
  component_ = text[3];
  const std::string_view sender = trim(part(text, field_, kSender)),
                         receiver = trim(part(text, field_, kReceiver));
  sender_size_ = static_cast<std::uint8_t>(std::min(sender.size(), sender_.size()));
  std::copy_n(sender.begin(), sender_size_, sender_.begin());
  tell("astm.sender", sender, speech.sender(), true, speech);
  tell("astm.receiver", receiver, speech.receiver(), false, speech);
  const std::string_view version = trim(part(text, field_, kVersion));
  if (!version.empty() && speech.said.insert(mix(hash64("version"), hash64(version))))
    speech.out.used(speech.out.server(), "astm", version);
  const std::string_view password = part(text, field_, kPassword);
  if (!password.empty() && speech.direction == Direction::kToServer) {
    LoginSeen login;
    login.protocol = "astm";
    login.mechanism = "plain";
    login.cleartext = true;
    login.account_and_secret = digest_secret("", password);
    if (speech.said.insert(hash64("login"))) speech.out.login(login);
  }
  return true;
}

void Message::patient(std::string_view text) {
  for (const Kind& kind : kPatient) {
    const std::string_view value = part(text, field_, kind.field);
    const bool says =
        std::any_of(value.begin(), value.end(), [&](char c) { return c != component_ && c != ' '; });
    if (!says) continue;
    for (std::size_t i = 0; i < std::size(kKinds); ++i) {
      if (kKinds[i] == kind.name) patient_ = static_cast<std::uint8_t>(patient_ | 1U << i);
    }
  }
}

bool Message::record(std::string_view text, const Speech& speech) {
  if (text.empty()) return true;
  if (text.front() == 'H') {
    finish(speech);
    return header(text, speech);
  }
  // Without its header nobody knows the delimiters.
  if (!open_) return true;
  if (text.size() > 1 && text[1] != field_) return false;
  switch (text.front()) {
    case 'P':
      patient(text);
      return true;
    case 'O':
      orders_ = true;
      return true;
    case 'R':
      results_ = true;
      return true;
    case 'Q':
      query_ = true;
      return true;
    case 'L':
      finish(speech);
      return true;
    case 'C':
    case 'M':
    case 'S':
      return true;
    default:
      return false;
  }
}

void Message::finish(const Speech& speech) {
  if (!open_) return;
  open_ = false;
  const std::string_view type = results_ ? "results" : query_ ? "query" : orders_ ? "orders" : "header";
  // Who reports results measured them; orders and questions come from either side.
  if (results_) {
    const std::string_view sender(sender_.data(), sender_size_);
    tell("astm.analyser", sender, speech.sender(), true, speech);
    // Middleware sends the results of many: each under its name.
    DeclaredText text;
    text.add("name", part(sender, component_, 1));
    text.add("analyser", text.text().empty() ? std::string_view() : sender);
    tell("astm.declared", text.text(), speech.sender(), true, speech);
  }
  std::string kinds;
  for (std::size_t i = 0; i < std::size(kKinds); ++i) {
    if ((patient_ >> i & 1) != 0) kinds.append(kinds.empty() ? "" : ",").append(kKinds[i]);
  }
  if (!kinds.empty()) speech.out.patient_data(speech.sender(), speech.receiver(), type, kinds);
  speech.out.message(speech.sender(), speech.receiver(), type);
}

}  // namespace bedrail::astm
