// Which addresses and MACs are one device.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <set>

#include "inventory/conversations.h"
#include "inventory/state.h"

namespace bedrail {
namespace {

/// So many IPv4 addresses may one interface declare as its own; with more, it answers for others (proxy ARP).
constexpr std::size_t kOwnAddresses = 8;
/// So many devices may carry one identifier; with more it was cloned with a disk image.
constexpr std::size_t kSharers = 3;
/// So many devices may identifiers make one of, in all: a chain of forged ones does not swallow the network.
constexpr std::size_t kJoined = 8;
/// So many address conflicts are told one by one.
constexpr std::size_t kConflictNotices = 32;
/// Clues that only one device can have.
constexpr std::string_view kIdentifiers[] = {"smb.server-guid", "hl7.equipment-eui64", "snmp.engine-id",
                                             "dhcp.client-uuid"};
/// Among them what a gateway also tells of others.
constexpr std::string_view kRelayed = "hl7.equipment-eui64";

/// "frame 12", or "frame 12 of file 1" where it is not of the first; files count as in the source.
std::string frame_text(const PacketRef& where) {
  if (where.file == 0) return fmt::format("frame {}", where.frame);
  return fmt::format("frame {} of file {}", where.frame, where.file);
}

/// "00000000-0000-...", "ffff...": a field that nobody filled in.
bool is_blank(std::string_view value) {
  char only = 0;
  for (const char c : value) {
    if (c == '-' || c == ':' || c == '.' || c == '{' || c == '}') continue;
    if (only != 0 && c != only) return false;
    only = c;
  }
  return true;
}

/// A GUID whose bytes are a text and zeros behind it: Samba fills in its NetBIOS name, which is the factory's
/// on boxes of one kind. A number made at random is no text.
bool is_text_guid(std::string_view value) {
  // The first three fields stand in little endian (RFC 4122 names them time-low, time-mid, time-high).
  constexpr std::size_t kPlaces[] = {6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34};
  if (value.size() != 36) return false;
  bool text = true, any = false;
  for (const std::size_t place : kPlaces) {
    unsigned byte = 0;
    const char* const end = value.data() + place + 2;
    if (std::from_chars(value.data() + place, end, byte, 16).ptr != end) return false;
    const bool printable = byte >= 0x20 && byte < 0x7f;
    if (byte != 0 && (!text || !printable)) return false;
    text = text && byte != 0;
    any = any || text;
  }
  return any && !text;
}

bool is_identifier(const ClueRecord& clue) {
  return std::find(std::begin(kIdentifiers), std::end(kIdentifiers), clue.key) != std::end(kIdentifiers) &&
         !is_blank(clue.value) && !is_text_guid(clue.value);
}

class Grouper {
 public:
  explicit Grouper(const Inventory::State& state)
      : subjects_(state.subjects),
        by_mac_(state.by_mac),
        ledger_(state.ledger),
        parent_(subjects_.size()),
        claims_(subjects_.size()) {
    std::iota(parent_.begin(), parent_.end(), 0U);
    out_.router.resize(subjects_.size());
    out_.reasons.resize(subjects_.size());
  }

  Grouping run() {
    for (std::uint32_t i = 0; i < subjects_.size(); ++i) {
      if (subjects_[i].ip && subjects_[i].spoke) claim(i);
    }
    for (std::uint32_t mac = 0; mac < subjects_.size(); ++mac) join_claims(mac);
    join_identifiers();
    if (conflicts_ > kConflictNotices) {
      out_.notices.push_back(
          {"address-conflict",
           fmt::format("{} further addresses were claimed by more than one MAC; so many at once are the "
                       "work of one that answers for others, or of an attack.",
                       conflicts_ - kConflictNotices),
           conflicts_ - kConflictNotices});
    }
    for (std::uint32_t i = 0; i < subjects_.size(); ++i) out_.group.push_back(root(i));
    return std::move(out_);
  }

 private:
  struct Far {
    std::uint32_t ip;
    PacketRef first;
  };
  struct Claim {
    std::uint32_t ip;
    bool declared;
    std::string why;
  };

  std::uint32_t root(std::uint32_t i) {
    // Halving the path keeps long chains of joins cheap.
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b, std::string why) {
    const std::uint32_t left = root(a), right = root(b);
    const std::uint32_t keep = std::min(left, right), gone = std::max(left, right);
    std::vector<std::string>& reasons = out_.reasons[keep];
    if (reasons.size() < 16) reasons.push_back(std::move(why));
    if (left == right) return;
    parent_[gone] = keep;
    for (std::string& reason : out_.reasons[gone]) {
      if (reasons.size() < 16) reasons.push_back(std::move(reason));
    }
    out_.reasons[gone].clear();
  }

  /// Notes for which MAC an address speaks.
  void claim(std::uint32_t ip) {
    const Subject& subject = subjects_[ip];
    if (!subject.bindings.empty()) return claim_declared(ip);
    for (const Sighting& sighting : subject.sightings) {
      const auto mac = by_mac_.find(sighting.mac);
      if (mac == by_mac_.end()) continue;
      const bool local = subject.ip->is_private();
      // Public addresses come from outside unless their TTL says that no router stood in between.
      if (sighting.on_link >= std::max<std::uint64_t>(sighting.off_link, 1)) {
        claims_[mac->second].push_back(
            {ip, false,
             fmt::format("{} sent from {} with an untouched TTL ({})", to_string(*subject.ip),
                         to_string(sighting.mac), frame_text(sighting.untouched))});
        break;
      }
      far_[mac->second].push_back({ip, sighting.first});
      if (!local) carries(mac->second, {*subject.ip, sighting.first});
    }
  }

  void claim_declared(std::uint32_t ip) {
    const Subject& subject = subjects_[ip];
    // A lease says more than a neighbour's claim; among equals the first word counts.
    const auto weight = [](const Binding& b) { return b.how == "dhcp" || b.how == "dhcpv6" ? 1 : 0; };
    const auto best = std::min_element(
        subject.bindings.begin(), subject.bindings.end(), [&](const Binding& a, const Binding& b) {
          return weight(a) != weight(b) ? weight(a) > weight(b) : a.first.sequence < b.first.sequence;
        });
    for (const Binding& binding : subject.bindings) {
      if (binding.mac == best->mac) continue;
      if (++conflicts_ > kConflictNotices) break;
      out_.notices.push_back(
          {"address-conflict",
           fmt::format("{} was claimed by {} ({}) and by {} ({}). It counts "
                       "for the first; two devices may share an address by "
                       "mistake, or one passes itself off as the other.",
                       to_string(*subject.ip), to_string(best->mac), frame_text(best->first),
                       to_string(binding.mac), frame_text(binding.first)),
           binding.count});
      break;
    }
    const auto mac = by_mac_.find(best->mac);
    if (mac == by_mac_.end()) return;
    claims_[mac->second].push_back(
        {ip, true,
         fmt::format("{} belongs to {}: {} ({})", to_string(*subject.ip), to_string(best->mac),
                     how_text(best->how), frame_text(best->first))});
  }

  static std::string_view how_text(std::string_view how) {
    if (how == "arp") return "its own ARP says so";
    if (how == "nd") return "its own neighbour discovery says so";
    if (how == "dhcp" || how == "dhcpv6") return "it was leased to it";
    return "it announced it itself";
  }

  void join_claims(std::uint32_t mac) {
    const std::vector<Claim>& claims = claims_[mac];
    const auto count = [&](bool declared) {
      // An address that was leased anew is one address, however often it changed hands.
      std::set<IpAddress> addresses;
      for (const Claim& c : claims) {
        const IpAddress& ip = *subjects_[c.ip].ip;
        if (c.declared == declared && ip.is_v4() && !ip.is_link_local()) addresses.insert(ip);
      }
      return addresses.size();
    };
    const std::size_t declared = count(true), undeclared = count(false);
    const bool proxy = declared > kOwnAddresses;
    // A TTL tells that no router stood in between, not that nothing did: a cloud's fabric and a firewall that
    // bridges put their MAC on many senders' frames. One address is the device's; of several nobody knows.
    const bool speaks_for_others = undeclared > 1 || declared > 0;
    for (const Claim& claim : claims) {
      if (proxy && claim.declared)
        carries(mac, {*subjects_[claim.ip].ip, subjects_[claim.ip].bindings.front().first});
    }
    const auto behind = far_.find(mac);
    const std::vector<Far> far = behind == far_.end() ? std::vector<Far>{} : behind->second;
    if (far.size() > 1) {
      for (const Far& one : far) carries(mac, {*subjects_[one.ip].ip, one.first});
    }
    for (const Claim& claim : claims) {
      const IpAddress& ip = *subjects_[claim.ip].ip;
      const bool own = claim.declared ? !proxy : !speaks_for_others || !ip.is_v4() || ip.is_link_local();
      const bool crowd = !ip.is_v4() && claims.size() > 4 * kOwnAddresses;
      if (own && !crowd) join(mac, claim.ip, claim.why);
    }
    // One private address whose TTL no router makes, and nobody else: a device with a TTL of its own making.
    if (claims.empty() && far.size() == 1) {
      const Subject& only = subjects_[far.front().ip];
      if (only.ip->is_private() && only.sightings.size() == 1 &&
          only.sightings.front().odd > only.sightings.front().off_link) {
        join(mac, far.front().ip,
             fmt::format("{} is the only address that {} sends from", to_string(*only.ip),
                         to_string(*subjects_[mac].mac)));
      }
    }
  }

  struct Holder {
    std::uint32_t subject, group;
    PacketRef first;
  };

  using Holders = std::map<std::pair<std::string_view, std::string_view>, std::vector<Holder>>;

  Holders find_holders() {
    Holders holders;
    for (std::uint32_t i = 0; i < subjects_.size(); ++i) {
      if (!subjects_[i].facts || !subjects_[i].spoke) continue;
      for (const ClueRecord& clue : subjects_[i].facts->clues()) {
        if (!is_identifier(clue)) continue;
        // What the MAC has joined already is one holder.
        std::vector<Holder>& who = holders[{clue.key, clue.value}];
        const std::uint32_t group = root(i);
        if (who.size() <= kSharers &&
            std::none_of(who.begin(), who.end(), [&](const Holder& h) { return h.group == group; })) {
          who.push_back({i, group, clue.first});
          if (clue.key == kRelayed) ++numbers_[group];
        }
      }
    }
    return holders;
  }

  /// One identifier, several addresses: one device with several interfaces.
  void join_identifiers() {
    const Holders holders = find_holders();
    absl::flat_hash_set<std::uint32_t> several;
    for (const auto& [identifier, who] : holders) {
      for (const Holder& holder : who) {
        if (who.size() > 1) several.insert(holder.group);
      }
    }
    std::vector<std::uint32_t> groups(subjects_.size());
    for (std::uint32_t i = 0; i < groups.size(); ++i) groups[i] = root(i);
    const Conversations conversations(ledger_, groups, several);
    absl::flat_hash_map<std::uint32_t, std::vector<std::uint32_t>> joined;  // groups, by their root
    for (const auto& [identifier, who] : holders) {
      if (who.size() < 2 || who.size() > kSharers) continue;
      for (std::size_t k = 1; k < who.size(); ++k) {
        if (identifier.first == kRelayed && relayed(who[0], who[k], conversations)) continue;
        join_holders(identifier.first, who[0], who[k], conversations, joined);
      }
    }
  }

  /// A gateway tells the numbers of the monitors behind it. Interfaces of one device tell one number, to the
  /// same server.
  bool relayed(const Holder& a, const Holder& b, const Conversations& conversations) const {
    return numbers_.at(a.group) > 1 || numbers_.at(b.group) > 1 ||
           !conversations.share_server(a.group, b.group, "hl7");
  }

  void join_holders(std::string_view key, const Holder& a, const Holder& b,
                    const Conversations& conversations,
                    absl::flat_hash_map<std::uint32_t, std::vector<std::uint32_t>>& joined) {
    const std::uint32_t left = root(a.subject), right = root(b.subject);
    if (left != right) {
      const auto members = [&](std::uint32_t of) {
        return joined.try_emplace(of, std::vector<std::uint32_t>{of}).first->second;
      };
      std::vector<std::uint32_t> all = members(left);
      const std::vector<std::uint32_t> others = members(right);
      if (all.size() + others.size() > kJoined) return;
      // Nobody calls himself over the network.
      for (const std::uint32_t one : all) {
        for (const std::uint32_t other : others) {
          if (conversations.between(one, other)) return;
        }
      }
      all.insert(all.end(), others.begin(), others.end());
      joined[std::min(left, right)] = std::move(all);
    }
    join(left, right,
         fmt::format("{} and {} give the same {} ({} and {})", text_of(a.subject), text_of(b.subject), key,
                     frame_text(a.first), frame_text(b.first)));
  }

  std::string text_of(std::uint32_t i) const {
    return subjects_[i].ip ? to_string(*subjects_[i].ip) : to_string(*subjects_[i].mac);
  }

  void carries(std::uint32_t mac, const CarriedAddress& address) {
    std::optional<CarriedAddress>& known = out_.router[mac];
    if (!known || address.first.sequence < known->first.sequence) known = address;
  }

  const std::vector<Subject>& subjects_;
  const absl::flat_hash_map<MacAddress, std::uint32_t>& by_mac_;
  const Ledger& ledger_;
  std::vector<std::uint32_t> parent_;
  std::size_t conflicts_ = 0;
  absl::flat_hash_map<std::uint32_t, std::size_t> numbers_;  ///< different EUI-64, by group
  std::vector<std::vector<Claim>> claims_;                   ///< by MAC
  std::map<std::uint32_t, std::vector<Far>> far_;            ///< by MAC: addresses behind it, by their TTL
  Grouping out_;
};

}  // namespace

Grouping group_subjects(const Inventory::State& state) { return Grouper(state).run(); }

}  // namespace bedrail
