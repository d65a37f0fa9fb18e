#include "inventory/fact_book.h"

#include <algorithm>
#include <cstddef>

namespace bedrail {
namespace {

/// One number for a fact's content: what makes two statements the same.
class FactKey {
 public:
  explicit FactKey(std::uint64_t kind) : value_(mix(kind, 0x66616374)) {}
  FactKey& with(std::string_view text) {
    value_ = hash64(text, value_);
    return *this;
  }
  FactKey& with(std::uint64_t number) {
    value_ = mix(value_, number);
    return *this;
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_;
};

template <typename... Parts>
std::uint64_t key_of(std::uint64_t kind, const Parts&... parts) {
  FactKey key(kind);
  (key.with(parts), ...);
  return key.value();
}

template <typename E>
std::uint64_t number(E value) {
  return static_cast<std::uint64_t>(value);
}

// Of a statement and of the record kept of it the same number.
template <typename Name>
std::uint64_t name_key(const Name& b) {
  return key_of(1, b.kind, b.name);
}
std::uint64_t clue_key(std::string_view key, std::string_view value, Role role) {
  return key_of(2, key, value, number(role));
}
template <typename Service>
std::uint64_t service_key(const Service& b) {
  return key_of(3, b.protocol, b.product, b.version, b.port, number(b.transport), number(b.encrypted));
}
std::uint64_t login_key(const LoginSeen& b) {
  const SecretDigest digest = b.account_and_secret.value_or(SecretDigest{});
  return key_of(4, b.protocol, b.mechanism, number(b.outcome), digest.low, number(b.cleartext),
                number(b.secret_empty), number(b.secret_is_account));
}
template <typename Protocol>
std::uint64_t protocol_key(const Protocol& b) {
  return key_of(5, b.protocol, b.version, number(b.agreed));
}
template <typename Session>
std::uint64_t session_key(const Session& b) {
  return key_of(6, b.protocol, number(b.authentication), number(b.encrypted));
}
std::uint64_t patient_key(std::string_view protocol, std::string_view message, std::string_view fields,
                          bool sent) {
  return key_of(7, protocol, message, fields, number(sent));
}
template <typename Message>
std::uint64_t message_key(const Message& b, bool sent) {
  return key_of(8, b.protocol, b.message, b.status, number(sent));
}
std::uint64_t certificate_key(const CertificateSeen& b) { return key_of(9, b.sha256); }

/// A neighbour's port is a clue like others.
std::string port_clue(const LinkNeighbour& b) { return std::string(b.protocol) + ".port"; }

/// What a fact that is kept gains when it is heard again.
template <typename Record>
void again(Record& kept, const PacketRef& first, Timestamp last, std::uint64_t count) {
  if (first.sequence < kept.first.sequence) kept.first = first;
  if constexpr (requires { kept.last; }) kept.last = std::max(kept.last, last);
  if constexpr (requires { kept.count; }) kept.count += count;
  if constexpr (requires { kept.rhythm; }) kept.rhythm.beat(last);
}

}  // namespace

bool is_routed_copy(std::uint16_t vlan, Timestamp time, std::uint16_t vlan_again, Timestamp again) {
  constexpr std::int64_t kTransit = kNanosecondsPerSecond;
  const std::int64_t apart = elapsed(time, again);
  return vlan != vlan_again && vlan != 0 && vlan_again != 0 && apart <= kTransit && apart >= -kTransit;
}

/// The key of each body that is a fact about somebody.
struct FactBook::Keyer {
  const Observation& o;
  bool as_peer;

  std::uint64_t operator()(const NameHeard& b) const { return name_key(b); }
  std::uint64_t operator()(const Clue& b) const { return clue_key(b.key, b.value, b.role); }
  std::uint64_t operator()(const LinkNeighbour& b) const {
    return clue_key(port_clue(b), b.port, Role::kSelf);
  }
  std::uint64_t operator()(const ServiceOffered& b) const { return service_key(b); }
  std::uint64_t operator()(const LoginSeen& b) const { return login_key(b); }
  std::uint64_t operator()(const ProtocolUsed& b) const { return protocol_key(b); }
  std::uint64_t operator()(const SessionSeen& b) const { return session_key(b); }
  std::uint64_t operator()(const PatientDataSeen& b) const {
    return patient_key(o.protocol, b.message, b.fields, !as_peer);
  }
  std::uint64_t operator()(const MessageSeen& b) const { return message_key(b, !as_peer); }
  std::uint64_t operator()(const CertificateSeen& b) const { return certificate_key(b); }
  template <typename Other>
  std::uint64_t operator()(const Other&) const {
    return 0;
  }
};

std::uint64_t FactBook::key_of(const Observation& observation, bool as_peer) {
  return std::visit(Keyer{observation, as_peer}, observation.body);
}

/// One visitor for all bodies that are facts about somebody.
struct FactBook::Taker {
  const Observation& o;
  bool as_peer;
  FactBook& book;
  std::uint64_t key;
  std::size_t limit;

  template <typename Record, typename Make>
  bool keep(std::vector<Record>& records, Make&& make) {
    if (const auto found = book.places_.find(key); found != book.places_.end()) {
      Kept& kept = found->second;
      if (is_routed_copy(kept.vlan, kept.heard, o.who.vlan, o.where.time)) return true;
      kept.vlan = o.who.vlan;
      kept.heard = o.where.time;
      return again(records[kept.place], o.where, o.where.time, 1), true;
    }
    if (records.size() >= limit) return false;
    book.places_.emplace(key, Kept{static_cast<std::uint32_t>(records.size()), o.who.vlan, o.where.time});
    records.push_back(make());
    return true;
  }
  bool clue(std::string_view name, const std::string& value, Role role) {
    return keep(book.clues_, [&] {
      return ClueRecord{std::string(name), value, role, std::string(o.protocol), o.where, o.where.time, 1};
    });
  }

  bool operator()(const NameHeard& b) {
    return keep(book.names_, [&] {
      return NameRecord{std::string(b.kind), b.name, std::string(o.protocol), o.where, 1};
    });
  }
  bool operator()(const Clue& b) { return clue(b.key, b.value, b.role); }
  bool operator()(const LinkNeighbour& b) { return clue(port_clue(b), b.port, Role::kSelf); }
  bool operator()(const ServiceOffered& b) {
    return keep(book.services_, [&] {
      return ServiceRecord{b.transport, b.port, std::string(b.protocol), b.product, b.version, b.encrypted,
                           0,           o.where};
    });
  }
  bool operator()(const LoginSeen& b) {
    return keep(book.logins_, [&] { return LoginRecord{b, o.where, o.peer.ip, 1}; });
  }
  bool operator()(const ProtocolUsed& b) {
    return keep(book.protocols_, [&] {
      return ProtocolRecord{std::string(b.protocol), b.version, b.agreed, o.where, 1};
    });
  }
  bool operator()(const SessionSeen& b) {
    return keep(book.sessions_, [&] {
      return SessionRecord{std::string(b.protocol), b.authentication, b.encrypted, o.where, 1};
    });
  }
  bool operator()(const PatientDataSeen& b) {
    return keep(book.patient_data_, [&] {
      return PatientDataRecord{
          std::string(o.protocol), b.message, b.fields, as_peer ? o.who.ip : o.peer.ip, !as_peer, o.where, 1};
    });
  }
  bool operator()(const MessageSeen& b) {
    return keep(book.messages_, [&] {
      return MessageRecord{std::string(b.protocol),   b.message, b.status, !as_peer, o.where, 1,
                           Rhythm::from(o.where.time)};
    });
  }
  bool operator()(const CertificateSeen& b) {
    return keep(book.certificates_, [&] { return CertificateRecord{b, o.where}; });
  }
  template <typename Other>
  bool operator()(const Other&) {
    return true;
  }
};

bool FactBook::add(const Observation& observation, bool as_peer, std::uint64_t key, std::size_t limit) {
  return std::visit(Taker{observation, as_peer, *this, key, limit}, observation.body);
}

/// The commonest kinds; of the others there are few.
struct FactBook::Fetcher {
  const FactBook& book;
  std::uint32_t place;

  template <typename Record>
  void fetch(const std::vector<Record>& records) const {
    if (place >= records.size()) return;
    const char* const at = reinterpret_cast<const char*>(&records[place]);
    for (std::size_t i = offsetof(Record, first); i < sizeof(Record); i += 64) __builtin_prefetch(at + i, 1);
  }
  void operator()(const NameHeard&) const { fetch(book.names_); }
  void operator()(const Clue&) const { fetch(book.clues_); }
  void operator()(const ServiceOffered&) const { fetch(book.services_); }
  void operator()(const SessionSeen&) const { fetch(book.sessions_); }
  void operator()(const MessageSeen&) const { fetch(book.messages_); }
  template <typename Other>
  void operator()(const Other&) const {}
};

void FactBook::prefetch_record(const Observation& observation, std::uint64_t key) const {
  const auto found = places_.find(key);
  if (found != places_.end()) std::visit(Fetcher{*this, found->second.place}, observation.body);
}

template <typename Record, typename KeyOf>
std::uint64_t FactBook::absorb(std::vector<Record>& into, std::vector<Record>& from, std::size_t limit,
                               KeyOf key_of_record) {
  std::uint64_t dropped = 0;
  for (Record& record : from) {
    const auto [place, fresh] =
        places_.try_emplace(key_of_record(record), Kept{static_cast<std::uint32_t>(into.size()), 0, {}});
    if (!fresh) {
      Timestamp last;
      std::uint64_t count = 0;
      if constexpr (requires { record.last; }) last = record.last;
      if constexpr (requires { record.count; }) count = record.count;
      again(into[place->second.place], record.first, last, count);
    } else if (into.size() >= limit) {
      places_.erase(place);
      ++dropped;
    } else {
      into.push_back(std::move(record));
    }
  }
  from.clear();
  return dropped;
}

std::uint64_t FactBook::absorb(FactBook&& other, std::size_t limit) {
  std::uint64_t dropped = 0;
  const auto take = [&](auto& into, auto& from, auto key) { dropped += absorb(into, from, limit, key); };
  take(names_, other.names_, [](const NameRecord& r) { return name_key(r); });
  take(clues_, other.clues_, [](const ClueRecord& r) { return clue_key(r.key, r.value, r.role); });
  take(services_, other.services_, [](const ServiceRecord& r) { return service_key(r); });
  take(logins_, other.logins_, [](const LoginRecord& r) { return login_key(r.login); });
  take(protocols_, other.protocols_, [](const ProtocolRecord& r) { return protocol_key(r); });
  take(sessions_, other.sessions_, [](const SessionRecord& r) { return session_key(r); });
  take(patient_data_, other.patient_data_,
       [](const PatientDataRecord& r) { return patient_key(r.protocol, r.message, r.fields, r.sent); });
  take(messages_, other.messages_, [](const MessageRecord& r) { return message_key(r, r.sent); });
  take(certificates_, other.certificates_,
       [](const CertificateRecord& r) { return certificate_key(r.certificate); });
  other.places_.clear();
  return dropped;
}

void FactBook::move_into(DeviceFacts& device) {
  device.names = std::move(names_);
  device.clues = std::move(clues_);
  device.services = std::move(services_);
  device.logins = std::move(logins_);
  device.protocols = std::move(protocols_);
  device.sessions = std::move(sessions_);
  device.patient_data = std::move(patient_data_);
  device.messages = std::move(messages_);
  device.certificates = std::move(certificates_);
  places_.clear();
}

}  // namespace bedrail
