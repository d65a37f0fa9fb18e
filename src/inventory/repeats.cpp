// Who tells of equipment what another told it before.
#include <algorithm>
#include <map>

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

}  // namespace

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
}

}  // namespace bedrail
