#pragma once

#include <array>
#include <cstdint>

#include "dissect/observer.h"

namespace bedrail::snmp {

/// Requests that wait for their answer, and what has already been said of a flow's logins: a manager polls
/// for days over one flow, and its community is one statement. Fixed memory; the oldest give way.
class Logins {
 public:
  /// A request, or a notification that wants an answer (`inform`).
  void asked(std::int64_t id, LoginSeen login, bool inform, Observer& out) {
    for (const Pending& pending : pending_) {
      if (pending.waits && pending.id == id) return;
    }
    Pending& place = pending_[next_++ % pending_.size()];
    if (place.waits) say(place.login, Outcome::kUnknown, out);
    place = {true, inform, id, login};
  }

  enum class Answer : std::uint8_t { kNone, kRequest, kInform };
  /// Forgets the request `id` and tells what it was; `login` is its account where there was one.
  Answer answered(std::int64_t id, LoginSeen& login) {
    for (Pending& pending : pending_) {
      if (!pending.waits || pending.id != id) continue;
      pending.waits = false;
      login = pending.login;
      return pending.inform ? Answer::kInform : Answer::kRequest;
    }
    return Answer::kNone;
  }

  /// States a login once; that its outcome is unknown is not said after a better word.
  void say(LoginSeen login, Outcome outcome, Observer& out) {
    const SecretDigest digest = login.account_and_secret.value_or(SecretDigest{});
    const auto bit = static_cast<std::uint8_t>(1U << static_cast<unsigned>(outcome));
    Said* place = nullptr;
    for (Said& said : said_) {
      if (said.outcomes != 0 && said.cleartext == login.cleartext && said.digest == digest) place = &said;
    }
    if (place != nullptr && ((place->outcomes & bit) != 0 || outcome == Outcome::kUnknown)) return;
    if (place == nullptr) {
      place = &said_[next_said_++ % said_.size()];
      *place = {digest, login.cleartext, 0};
    }
    place->outcomes |= bit;
    login.outcome = outcome;
    out.login(login);
  }

  /// The flow's end: who was never answered.
  void close(Observer& out) {
    for (Pending& pending : pending_) {
      if (pending.waits) say(pending.login, Outcome::kUnknown, out);
      pending.waits = false;
    }
  }

 private:
  struct Pending {
    bool waits = false, inform = false;
    std::int64_t id = 0;
    LoginSeen login;
  };
  struct Said {
    SecretDigest digest;
    bool cleartext = false;
    std::uint8_t outcomes = 0;
  };

  std::array<Pending, 8> pending_;
  std::array<Said, 4> said_;
  std::uint8_t next_ = 0, next_said_ = 0;
};

}  // namespace bedrail::snmp
