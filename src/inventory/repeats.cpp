// Who tells of equipment what another told it before, and who answers under others' names.
#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"

#include "inventory/conversations.h"
#include "inventory/state.h"

namespace bedrail {
namespace {

/// Clues with which one machine is told from another of its kind.
constexpr std::string_view kNumbers[] = {"dicom.serial", "dicom.device-uid", "hl7.equipment-serial",
                                         "hl7.equipment-eui64"};

struct Teller {
  std::uint32_t device;
  std::uint64_t first;  ///< sequence
  std::string_view protocol;
};

/// `teller` heard it from `source`: that one called it, and not the other way round, or said it first.
bool repeats(const Teller& teller, const Teller& source, const Conversations& conversations) {
  return conversations.told(source.device, teller.device, source.protocol) &&
         (source.first < teller.first || !conversations.told(teller.device, source.device, source.protocol));
}

/// A machine's own name as NTLM tells it, without its domain, in lower case.
std::string host_of(std::string_view name) { return to_lower(name.substr(0, name.find('.'))); }

}  // namespace

void drop_borrowed_names(std::vector<DeviceFacts>& devices) {
  std::map<std::string, std::set<std::size_t>> holders;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    for (const NameRecord& name : devices[i].names) {
      if (name.kind == "ntlm" || name.kind == "netbios" || name.kind == "dhcp" || name.kind == "dns")
        holders[host_of(name.name)].insert(i);
    }
  }
  for (DeviceFacts& device : devices) {
    std::set<std::string> own;
    for (const NameRecord& name : device.names) {
      if (name.kind == "ntlm") own.insert(host_of(name.name));
    }
    // One machine has one name there.
    if (own.size() < 2) continue;
    const auto borrowed = [&](const NameRecord& name) {
      return name.kind == "ntlm" && holders[host_of(name.name)].size() > 1;
    };
    device.borrows_names = std::erase_if(device.names, borrowed) > 0;
  }
}

void mark_repeats(const Inventory::State& state, const std::vector<std::uint32_t>& device_of,
                  std::vector<DeviceFacts>& devices) {
  std::map<std::pair<std::string_view, std::string_view>, std::vector<Teller>> tellers;
  for (std::uint32_t i = 0; i < devices.size(); ++i) {
    for (const ClueRecord& clue : devices[i].clues) {
      if (std::find(std::begin(kNumbers), std::end(kNumbers), clue.key) != std::end(kNumbers))
        tellers[{clue.key, clue.value}].push_back({i, clue.first.sequence, clue.protocol});
    }
  }
  absl::flat_hash_set<std::uint32_t> several;
  for (const auto& [number, who] : tellers) {
    for (const Teller& teller : who) {
      if (who.size() > 1) several.insert(teller.device);
    }
  }
  const Conversations conversations(state.ledger, device_of, several);
  for (const auto& [number, who] : tellers) {
    // Numbers that so many show are a factory's default, and tell nothing of each other.
    constexpr std::size_t kTellers = 16;
    if (who.size() < 2 || who.size() > kTellers) continue;
    for (const Teller& teller : who) {
      bool& told = devices[teller.device].repeats_others;
      told = told || std::any_of(who.begin(), who.end(), [&](const Teller& source) {
               return source.device != teller.device && repeats(teller, source, conversations);
             });
    }
  }
  // Two that neither heard it from the other nor from a third: one number, of one machine, at two places.
  for (const auto& [number, who] : tellers) {
    std::vector<Teller> first = who;
    std::erase_if(first, [&](const Teller& teller) { return devices[teller.device].repeats_others; });
    if (first.size() < 2 || !number.first.starts_with("dicom.")) continue;
    for (const Teller& teller : first) devices[teller.device].shares_numbers = true;
  }
}

}  // namespace bedrail
