#include "inventory/subject.h"

#include <algorithm>

namespace bedrail {
namespace {

/// How many MACs and VLANs one address may show before further ones are ignored.
constexpr std::size_t kMacs = 8, kVlans = 16;

/// Routers between two private addresses of one site: no path is longer.
constexpr int kHops = 8;

bool is_usual_ttl(std::uint8_t ttl) { return ttl == 64 || ttl == 128 || ttl == 255; }

/// A few below where most systems start.
bool is_counted_down(std::uint8_t ttl) {
  static constexpr int kUsual[] = {32, 64, 128, 255};
  return std::any_of(std::begin(kUsual), std::end(kUsual),
                     [&](int usual) { return ttl < usual && ttl >= usual - kHops; });
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

Subject::Hops Subject::hops_of(std::uint8_t ttl) const {
  // A public address is mostly far away, and many hops make odd start values: only the usual ones count.
  if (ip && !ip->is_private()) return is_usual_ttl(ttl) ? Hops::kNone : Hops::kSome;
  if (is_initial_ttl(ttl)) return Hops::kNone;
  return is_counted_down(ttl) ? Hops::kSome : Hops::kOdd;
}

void Subject::sighted(const MacAddress& from, std::uint8_t ttl, const PacketRef& at) {
  auto found =
      std::find_if(sightings.begin(), sightings.end(), [&](const Sighting& s) { return s.mac == from; });
  if (found == sightings.end()) {
    if (sightings.size() >= kMacs) return;
    sightings.push_back({from, at, at, 0, 0, 0});
    found = std::prev(sightings.end());
  }
  if (at.sequence < found->first.sequence) found->first = at;
  switch (hops_of(ttl)) {
    case Hops::kNone:
      if (found->on_link++ == 0 || at.sequence < found->untouched.sequence) found->untouched = at;
      break;
    case Hops::kSome:
      ++found->off_link;
      break;
    case Hops::kOdd:
      ++found->odd;
      break;
  }
}

void Subject::introduced(const TcpStart& start, Role role, const ConnectionSeen& seen) {
  constexpr std::size_t kIntroductions = 4;
  if (!start.present) return;
  auto found = std::find_if(introductions.begin(), introductions.end(),
                            [&](const Introduction& i) { return i.start == start && i.role == role; });
  if (found == introductions.end()) {
    if (introductions.size() >= kIntroductions) return;
    introductions.push_back({start, role, seen.first, seen.last, 0});
    found = std::prev(introductions.end());
  }
  if (seen.first.sequence < found->first.sequence) found->first = seen.first;
  found->last = std::max(found->last, seen.last);
  ++found->count;
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

}  // namespace bedrail
