#include "report/finding_groups.h"

#include <algorithm>
#include <map>
#include <utility>

namespace bedrail {
namespace {

/// Findings come most risk first, so the order in which groups begin is the order of their worst.
template <typename Second>
std::vector<FindingGroup> group(const Assessment& assessment, Second second) {
  std::vector<const Finding*> order;
  for (const Finding& finding : assessment.findings) order.push_back(&finding);
  std::stable_sort(order.begin(), order.end(),
                   [](const Finding* a, const Finding* b) { return a->risk > b->risk; });
  std::vector<FindingGroup> groups;
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> places;
  for (const Finding* finding : order) {
    const auto [place, fresh] = places.try_emplace({finding->kind, second(*finding)}, groups.size());
    if (fresh) groups.emplace_back();
    groups[place->second].push_back(finding);
  }
  return groups;
}

}  // namespace

DeviceIndex::DeviceIndex(const Assessment& assessment) {
  by_id_.reserve(assessment.devices.size());
  for (const AssessedDevice& device : assessment.devices) by_id_.emplace(device.id, &device);
}

const AssessedDevice* DeviceIndex::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

std::vector<FindingGroup> group_by_device(const Assessment& assessment) {
  return group(assessment, [](const Finding& finding) { return std::string_view(finding.device); });
}

std::vector<FindingGroup> group_by_title(const Assessment& assessment) {
  return group(assessment, [](const Finding& finding) { return std::string_view(finding.title); });
}

std::vector<const AssessedDevice*> devices_by_risk(const Assessment& assessment) {
  std::vector<const AssessedDevice*> out;
  for (const AssessedDevice& device : assessment.devices) out.push_back(&device);
  std::stable_sort(out.begin(), out.end(), [](const AssessedDevice* a, const AssessedDevice* b) {
    return std::pair(-a->risk.score, std::string_view(a->id)) <
           std::pair(-b->risk.score, std::string_view(b->id));
  });
  return out;
}

std::size_t outside_devices(const Assessment& assessment) {
  return static_cast<std::size_t>(std::count_if(assessment.devices.begin(), assessment.devices.end(),
                                                [](const AssessedDevice& d) { return !d.internal; }));
}

}  // namespace bedrail
