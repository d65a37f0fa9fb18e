#include "inventory/subject.h"

#include <algorithm>

namespace bedrail {
namespace {

/// How many MACs and VLANs one address may show before further ones are ignored.
constexpr std::size_t kMacs = 8, kVlans = 16;

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

}  // namespace

bool is_initial_ttl(std::uint8_t ttl) {
  static constexpr std::uint8_t kInitial[] = {1, 2, 4, 30, 32, 60, 64, 100, 128, 150, 200, 255};
  return std::find(std::begin(kInitial), std::end(kInitial), ttl) != std::end(kInitial);
}

std::uint8_t initial_ttl_bit(std::uint8_t ttl) { return ttl <= 32 ? 1 : ttl <= 64 ? 2 : ttl <= 128 ? 4 : 8; }

void Subject::on_vlan(std::uint16_t vlan) {
  if (vlan == 0 || vlans.size() >= kVlans) return;
  const auto place = std::lower_bound(vlans.begin(), vlans.end(), vlan);
  if (place == vlans.end() || *place != vlan) vlans.insert(place, vlan);
}

void Subject::sighted(const MacAddress& from, std::uint8_t ttl, const PacketRef& at) {
  auto found =
      std::find_if(sightings.begin(), sightings.end(), [&](const Sighting& s) { return s.mac == from; });
  if (found == sightings.end()) {
    if (sightings.size() >= kMacs) return;
    sightings.push_back({from, at, 0, 0});
    found = std::prev(sightings.end());
  }
  if (at.sequence < found->first.sequence) found->first = at;
  ++(is_initial_ttl(ttl) ? found->on_link : found->off_link);
}

void Subject::bound(const MacAddress& to, std::string_view how, const PacketRef& at) {
  const auto found = std::find_if(bindings.begin(), bindings.end(),
                                  [&](const Binding& b) { return b.mac == to && b.how == how; });
  if (found != bindings.end()) {
    ++found->count;
  } else if (bindings.size() < kMacs) {
    bindings.push_back({to, how, at, 1});
  }
}

template <typename Record, typename Make>
bool FactBook::keep(std::vector<Record>& records, std::uint64_t key, std::size_t limit, Make&& make) {
  const auto found = places_.find(key);
  if (found != places_.end()) {
    Record& record = records[found->second];
    if constexpr (requires { record.count; }) ++record.count;
    return true;
  }
  if (records.size() >= limit) return false;
  places_.emplace(key, static_cast<std::uint32_t>(records.size()));
  records.push_back(make());
  return true;
}

/// One visitor for all bodies that are facts about somebody.
struct FactBook::Taker {
  const Observation& o;
  bool as_peer;
  FactBook& book;
  std::size_t limit;

  bool operator()(const NameHeard& b) {
    return book.keep(book.names_, key_of(1, b.kind, b.name), limit, [&] {
      return NameRecord{std::string(b.kind), b.name, std::string(o.protocol), o.where, 1};
    });
  }
  bool operator()(const Clue& b) {
    return book.keep(book.clues_, key_of(2, b.key, b.value, number(b.role)), limit, [&] {
      return ClueRecord{std::string(b.key), b.value, b.role, std::string(o.protocol), o.where,
                        o.where.time,       1};
    });
  }
  bool operator()(const ServiceOffered& b) {
    return book.keep(
        book.services_,
        key_of(3, b.protocol, b.product, b.version, b.port, number(b.transport), number(b.encrypted)), limit,
        [&] {
          return ServiceRecord{
              b.transport, b.port, std::string(b.protocol), b.product, b.version, b.encrypted, 0, o.where};
        });
  }
  bool operator()(const LoginSeen& b) {
    const SecretDigest digest = b.account_and_secret.value_or(SecretDigest{});
    return book.keep(book.logins_,
                     key_of(4, b.protocol, b.mechanism, number(b.outcome), digest.low, number(b.cleartext)),
                     limit, [&] {
                       return LoginRecord{b, o.where, o.peer.ip, 0, 1};
                     });
  }
  bool operator()(const ProtocolUsed& b) {
    return book.keep(book.protocols_, key_of(5, b.protocol, b.version, number(b.agreed)), limit, [&] {
      return ProtocolRecord{std::string(b.protocol), b.version, b.agreed, o.where, 1};
    });
  }
  bool operator()(const SessionSeen& b) {
    return book.keep(
        book.sessions_, key_of(6, b.protocol, number(b.authentication), number(b.encrypted)), limit, [&] {
          return SessionRecord{std::string(b.protocol), b.authentication, b.encrypted, o.where, 1};
        });
  }
  bool operator()(const PatientDataSeen& b) {
    const auto make = [&] {
      return PatientDataRecord{
          std::string(o.protocol), b.message, b.fields, as_peer ? o.who.ip : o.peer.ip, !as_peer, o.where, 1};
    };
    return book.keep(book.patient_data_, key_of(7, b.protocol, b.message, b.fields, number(as_peer)), limit,
                     make);
  }
  bool operator()(const MessageSeen& b) {
    return book.keep(book.messages_, key_of(8, b.protocol, b.message, b.status, number(as_peer)), limit, [&] {
      return MessageRecord{std::string(b.protocol), b.message, b.status, !as_peer, o.where, 1};
    });
  }
  bool operator()(const CertificateSeen& b) {
    return book.keep(book.certificates_, key_of(9, b.sha256), limit, [&] {
      return CertificateRecord{b, o.where};
    });
  }
  bool operator()(const LinkNeighbour& b) {
    return book.keep(book.clues_, key_of(10, b.protocol, b.port), limit, [&] {
      return ClueRecord{std::string(b.protocol) + ".port",
                        b.port,
                        Role::kSelf,
                        std::string(o.protocol),
                        o.where,
                        o.where.time,
                        1};
    });
  }
  template <typename Other>
  bool operator()(const Other&) {
    return true;
  }
};

bool FactBook::add(const Observation& observation, bool as_peer, std::size_t limit) {
  return std::visit(Taker{observation, as_peer, *this, limit}, observation.body);
}

namespace {

template <typename Record, typename Same>
void merge(std::vector<Record>& into, std::vector<Record>& from, Same same) {
  for (Record& record : from) {
    const auto found =
        std::find_if(into.begin(), into.end(), [&](const Record& other) { return same(record, other); });
    if (found == into.end()) {
      into.push_back(std::move(record));
      continue;
    }
    if (record.first.sequence < found->first.sequence) found->first = record.first;
    if constexpr (requires { record.count; }) found->count += record.count;
  }
  from.clear();
}

}  // namespace

void FactBook::move_into(DeviceFacts& device) {
  merge(device.names, names_,
        [](const auto& a, const auto& b) { return a.kind == b.kind && a.name == b.name; });
  merge(device.clues, clues_, [](const auto& a, const auto& b) {
    return a.key == b.key && a.value == b.value && a.role == b.role;
  });
  merge(device.services, services_, [](const auto& a, const auto& b) {
    return a.transport == b.transport && a.port == b.port && a.protocol == b.protocol &&
           a.product == b.product && a.version == b.version;
  });
  merge(device.logins, logins_, [](const auto&, const auto&) { return false; });
  merge(device.protocols, protocols_, [](const auto& a, const auto& b) {
    return a.protocol == b.protocol && a.version == b.version && a.agreed == b.agreed;
  });
  merge(device.sessions, sessions_, [](const auto& a, const auto& b) {
    return a.protocol == b.protocol && a.authentication == b.authentication && a.encrypted == b.encrypted;
  });
  merge(device.patient_data, patient_data_, [](const auto& a, const auto& b) {
    return a.protocol == b.protocol && a.message == b.message && a.fields == b.fields && a.sent == b.sent;
  });
  merge(device.messages, messages_, [](const auto& a, const auto& b) {
    return a.protocol == b.protocol && a.message == b.message && a.status == b.status && a.sent == b.sent;
  });
  merge(device.certificates, certificates_,
        [](const auto& a, const auto& b) { return a.certificate.sha256 == b.certificate.sha256; });
}

}  // namespace bedrail
