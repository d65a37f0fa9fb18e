#pragma once

#include <string>
#include <vector>

#include "model/assessment.h"

namespace bedrail {

/// Something a device consists of that an advisory may name: the device itself as a product, the system it
/// runs, the software that it serves with.
struct Component {
  enum class Kind : std::uint8_t { kDevice, kSystem, kSoftware } kind = Kind::kDevice;
  std::string vendor;   ///< empty: not known
  std::string product;  ///< a model, "Windows 7", "OFFIS DCMTK"
  std::string version;  ///< empty: not seen
  /// Whether `product` is one of several that it may be.
  bool one_of_several = false;
  double confidence = 0;           ///< of the least certain of what is said
  std::vector<Evidence> evidence;  ///< of product and version, earliest first, at most 8
};

/// What is known of a device's make: only what was stated of it, in a fixed order.
std::vector<Component> components_of(const AssessedDevice& device);

}  // namespace bedrail
