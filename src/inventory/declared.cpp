// Devices that others speak of: who they are, whether they were seen, and what becomes of them.
#include "inventory/declared.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "inventory/state.h"
#include "model/declared_text.h"

namespace bedrail {
namespace {

using Identity = DeclaredSubject::Identity;

/// So many distinct facts of one kind are kept of such a device, and so many MACs.
constexpr std::size_t kFacts = 64, kMacs = 4;

/// The text's parts by what they are for.
struct Parts {
  std::string_view eui64, serial, name, model;
  std::vector<MacAddress> macs;
  std::optional<IpAddress> ip;

  explicit Parts(const std::vector<std::pair<std::string_view, std::string_view>>& parts) {
    for (const auto& [name_of, value] : parts) {
      if (name_of == "equipment-eui64") eui64 = value;
      if (name_of == "equipment-serial" || name_of == "serial") serial = value;
      if (name_of == "device-id" && serial.empty()) serial = value;
      if (name_of == "equipment" || name_of == "name") name = value;
      if (name_of == "equipment-model" || name_of == "model") model = value;
      if (name_of == "address") ip = parse_ip(value);
      if (name_of != "equipment-mac" && name_of != "network-mac") continue;
      if (const auto mac = parse_mac(value); mac && macs.size() < kMacs) macs.push_back(*mac);
    }
  }

  [[nodiscard]] std::optional<std::pair<Identity, std::string>> identity() const {
    if (!eui64.empty()) return std::pair(Identity::kEui64, std::string(eui64));
    if (!serial.empty()) return std::pair(Identity::kSerial, std::string(serial));
    if (!name.empty()) return std::pair(Identity::kName, std::string(name));
    if (ip) return std::pair(Identity::kAddress, to_string(*ip));
    return std::nullopt;
  }
};

}  // namespace

void DeclaredTable::add(const Observation& o, std::uint32_t teller) {
  const Clue& told = std::get<Clue>(o.body);
  const auto parts = declared_parts(told.value);
  const Parts known(parts);
  const auto identity = known.identity();
  if (!identity) return;
  const std::uint64_t key =
      hash64(identity->second, mix(teller, hash64(o.protocol, static_cast<std::uint64_t>(identity->first))));
  const auto [place, fresh] = places_.try_emplace(key, static_cast<std::uint32_t>(subjects_.size()));
  if (fresh) {
    if (subjects_.size() >= limit_) {
      places_.erase(place);
      ++overflow_;
      return;
    }
    DeclaredSubject& to = subjects_.emplace_back();
    to.teller = teller;
    to.protocol = o.protocol;
    to.identity = identity->first;
    to.value = identity->second;
    to.first = o.where;
  }
  DeclaredSubject& to = subjects_[place->second];
  if (o.where.sequence < to.first.sequence) to.first = o.where;
  to.last = std::max(to.last, o.where.time);
  ++to.count;
  if (to.model.empty()) to.model = known.model;
  if (to.serial.empty()) to.serial = known.serial;
  if (known.ip) to.ip = known.ip;
  for (const MacAddress& mac : known.macs) {
    if (to.macs.size() < kMacs && std::find(to.macs.begin(), to.macs.end(), mac) == to.macs.end())
      to.macs.push_back(mac);
  }
  for (const auto& [name, value] : parts) {
    if (name == "address" || name == "network-mac" || name == "name") continue;
    const std::string clue = fmt::format("{}.{}", o.protocol, name);
    Observation one;
    one.where = o.where;
    one.protocol = o.protocol;
    one.body = Clue{clue, std::string(value), told.role};
    (void)to.facts.add(one, false, FactBook::key_of(one, false), kFacts);
  }
}

namespace {

class Declarations {
 public:
  Declarations(Inventory::State& state, const std::vector<std::uint32_t>& device_of, InventoryResult& out)
      : state_(state), device_of_(device_of), out_(out), told_(state.declared.subjects()) {}

  void run() {
    if (told_.empty()) return;
    find_relays();
    // Whoever tells of it, one device is told of by one key.
    std::map<std::string, std::vector<DeclaredSubject*>> devices;
    for (DeclaredSubject& one : told_) {
      if (device_of_[one.teller] != Inventory::State::kNobody) devices[key_of(one)].push_back(&one);
    }
    std::set<std::string> ids;
    for (const DeviceFacts& device : out_.devices) ids.insert(device.id);
    for (auto& [key, tellers] : devices) {
      if (const auto owner = owner_of(tellers)) {
        for (DeclaredSubject* one : tellers) tell_more(*one, *owner);
        continue;
      }
      std::erase_if(tellers, [&](const DeclaredSubject* one) { return !is_others(*one); });
      std::string id = fmt::format("dev-{:016x}", hash64("declared " + key));
      if (!tellers.empty() && ids.insert(id).second) make(std::move(id), tellers);
    }
    for (DeviceFacts& device : out_.devices) {
      if (device.declared_by.empty()) continue;
      std::stable_sort(
          device.clues.begin(), device.clues.end(),
          [](const ClueRecord& a, const ClueRecord& b) { return a.first.sequence < b.first.sequence; });
    }
  }

 private:
  [[nodiscard]] std::uint32_t device_of(const DeclaredSubject& one) const { return device_of_[one.teller]; }

  /// An EUI-64 is one device's wherever it is told; a serial number is one maker's; a name and an address
  /// count behind who tells them.
  [[nodiscard]] std::string key_of(const DeclaredSubject& one) const {
    switch (one.identity) {
      case Identity::kEui64:
        return "eui64 " + one.value;
      case Identity::kSerial:
        return fmt::format("serial {} of {}", one.value, one.model);
      case Identity::kName:
        return fmt::format("name {} behind {}", one.value, out_.devices[device_of(one)].id);
      case Identity::kAddress:
        return fmt::format("address {} behind {}", one.value, out_.devices[device_of(one)].id);
    }
    return {};
  }

  /// In what of a protocol a teller tells devices apart: two numbers are two devices, a number and a name may
  /// be one.
  using Kind = std::tuple<std::uint32_t, std::string_view, Identity>;
  [[nodiscard]] Kind kind_of(const DeclaredSubject& one) const {
    return {device_of(one), one.protocol, one.identity};
  }

  /// Who tells of several devices, of one with another's address, repeats others or takes reports from them
  /// speaks for others.
  void find_relays() {
    for (const DeclaredSubject& one : told_) {
      if (device_of(one) == Inventory::State::kNobody) continue;
      told_by_[kind_of(one)].insert(key_of(one));
      if (one.identity == Identity::kEui64) serials_.emplace(device_of(one), one.serial);
    }
    for (const DeclaredSubject& one : told_) {
      if (device_of(one) != Inventory::State::kNobody && is_others(one)) relays_.insert(device_of(one));
    }
    for (const std::uint32_t relay : relays_) out_.devices[relay].speaks_for_others = true;
  }

  /// What is told is not of the teller itself.
  [[nodiscard]] bool is_others(const DeclaredSubject& one) const {
    const auto elsewhere = seen_at(one);
    return one.identity == Identity::kAddress || (elsewhere && *elsewhere != device_of(one)) ||
           told_by_.at(kind_of(one)).size() > 1 || is_one_more(one) ||
           takes_reports(out_.devices[device_of(one)]);
  }

  /// A serial number from who tells several devices by their EUI-64, and none of them has it.
  [[nodiscard]] bool is_one_more(const DeclaredSubject& one) const {
    if (one.identity != Identity::kSerial || serials_.contains({device_of(one), one.value})) return false;
    const auto others = told_by_.find(Kind{device_of(one), one.protocol, Identity::kEui64});
    return others != told_by_.end() && others->second.size() > 1;
  }

  static bool takes_reports(const DeviceFacts& device) {
    return device.repeats_others ||
           std::any_of(device.messages.begin(), device.messages.end(), [](const MessageRecord& m) {
             return !m.sent && m.protocol == "hl7" && m.message.starts_with("ORU");
           });
  }

  /// The device that was seen with an address that this one is said to have.
  [[nodiscard]] std::optional<std::uint32_t> seen_at(const DeclaredSubject& one) const {
    const auto device = [&](std::uint32_t subject) -> std::optional<std::uint32_t> {
      const std::uint32_t found = device_of_[subject];
      return found == Inventory::State::kNobody ? std::nullopt : std::optional(found);
    };
    for (const MacAddress& mac : one.macs) {
      const auto found = state_.by_mac.find(mac);
      if (found == state_.by_mac.end()) continue;
      // A router's MAC is on others' frames.
      if (const auto seen = device(found->second); seen && !out_.devices[*seen].is_router) return seen;
    }
    if (!one.ip) return std::nullopt;
    const auto found = state_.by_ip.find(*one.ip);
    return found == state_.by_ip.end() ? std::nullopt : device(found->second);
  }

  /// The device that they speak of, where it was seen: at an address of its own, or because it speaks of
  /// itself.
  [[nodiscard]] std::optional<std::uint32_t> owner_of(const std::vector<DeclaredSubject*>& tellers) const {
    for (const DeclaredSubject* one : tellers) {
      if (const auto seen = seen_at(*one)) return seen;
    }
    for (const DeclaredSubject* one : tellers) {
      if (!relays_.contains(device_of(*one))) return device_of(*one);
    }
    return std::nullopt;
  }

  /// What another says of a device that was seen.
  void tell_more(DeclaredSubject& one, std::uint32_t owner) {
    if (device_of(one) == owner) return;
    DeviceFacts& device = out_.devices[owner];
    constexpr std::size_t kTold = 16;
    if (device.declared_by.size() >= kTold) return;
    declare(one, device);
    device.joins.push_back(fmt::format("{} tells of it in {}: {} (frame {})", out_.devices[device_of(one)].id,
                                       one.protocol, one.value, one.first.frame));
  }

  void make(std::string id, const std::vector<DeclaredSubject*>& tellers) {
    DeviceFacts device;
    device.id = std::move(id);
    device.heard = false;
    for (DeclaredSubject* one : tellers) {
      declare(*one, device);
      if (!device.first || one->first.sequence < device.first->sequence) device.first = one->first;
      if (!device.last || one->last > device.last->time) {
        device.last = one->first;
        device.last->time = one->last;
      }
    }
    const DeclaredSubject& first = *tellers.front();
    if (first.identity != Identity::kAddress && state_.limits.facts > 0)
      device.names.push_back(
          {"declared", first.value, std::string(first.protocol), first.first, first.count});
    out_.devices.push_back(std::move(device));
  }

  void declare(DeclaredSubject& one, DeviceFacts& to) {
    DeclarationRecord record;
    record.by = out_.devices[device_of(one)].id;
    record.protocol = one.protocol;
    record.macs = one.macs;
    record.ip = one.ip;
    record.first = one.first;
    to.declared_by.push_back(std::move(record));
    DeviceFacts told;
    one.facts.move_into(told);
    for (ClueRecord& clue : told.clues) {
      const auto same = [&](const ClueRecord& c) { return c.key == clue.key && c.value == clue.value; };
      if (to.clues.size() >= state_.limits.facts || std::any_of(to.clues.begin(), to.clues.end(), same))
        continue;
      clue.hearsay = true;
      to.clues.push_back(std::move(clue));
    }
  }

  Inventory::State& state_;
  const std::vector<std::uint32_t>& device_of_;
  InventoryResult& out_;
  std::vector<DeclaredSubject>& told_;
  std::map<Kind, std::set<std::string>> told_by_;            ///< the keys of devices
  std::set<std::pair<std::uint32_t, std::string>> serials_;  ///< of devices that are told by their EUI-64
  std::set<std::uint32_t> relays_;                           ///< devices
};

}  // namespace

void tell_declared(Inventory::State& state, const std::vector<std::uint32_t>& device_of,
                   InventoryResult& out) {
  Declarations(state, device_of, out).run();
}

}  // namespace bedrail
