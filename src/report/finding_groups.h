#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/assessment.h"

namespace bedrail {

/// The document's devices by their ids. The assessment outlives it.
class DeviceIndex {
 public:
  explicit DeviceIndex(const Assessment& assessment);
  /// Null where the document has no such device.
  [[nodiscard]] const AssessedDevice* find(std::string_view id) const;

 private:
  std::unordered_map<std::string_view, const AssessedDevice*> by_id_;
};

/// Findings that one piece of work mends, most risk first.
using FindingGroup = std::vector<const Finding*>;

/// By device and kind; the group with the most risk first.
std::vector<FindingGroup> group_by_device(const Assessment& assessment);
/// By kind and title, whatever the device: what is wrong in the same way in many places.
std::vector<FindingGroup> group_by_title(const Assessment& assessment);

/// The devices by risk, highest first, then by id.
std::vector<const AssessedDevice*> devices_by_risk(const Assessment& assessment);
/// How many of the devices are addresses on the Internet: they count in no figure of the summary.
std::size_t outside_devices(const Assessment& assessment);

}  // namespace bedrail
