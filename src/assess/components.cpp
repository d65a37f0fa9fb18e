#include "assess/components.h"

#include <algorithm>
#include <string_view>

#include "assess/finding_maker.h"

namespace bedrail {
namespace {

void add(Component& to, const std::vector<Evidence>& evidence) {
  for (const Evidence& each : evidence) keep_earliest(to.evidence, each);
}

/// "6.1.7601" of "6.1" and "7601"; a build alone says nothing without its version.
std::string system_version(const OperatingSystem& system) {
  if (system.version.empty() || system.build.empty()) return system.version;
  return system.version + "." + system.build;
}

/// Who makes a system, as advisories name them.
std::string_view maker_of(std::string_view family) {
  if (family == "Windows") return "Microsoft";
  if (family == "VxWorks") return "Wind River";
  return {};
}

/// "Windows 10" of "Windows 10 1511": advisories name systems without their releases, and mean builds.
std::string without_release(std::string_view product) {
  constexpr std::string_view kWith = "Windows 10 ", kNext = "Windows 11 ";
  if (product.starts_with(kWith) || product.starts_with(kNext))
    return std::string(product.substr(0, kWith.size() - 1));
  return std::string(product);
}

void add_systems(const AttributeOf<OperatingSystem>& os, std::vector<Component>& out) {
  constexpr std::string_view kOr = " or ";
  std::vector<std::string> products;
  for (std::string_view rest = os.value.product; !rest.empty();) {
    const std::size_t end = rest.find(kOr);
    products.push_back(without_release(rest.substr(0, end)));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + kOr.size());
  }
  std::sort(products.begin(), products.end());
  products.erase(std::unique(products.begin(), products.end()), products.end());
  for (const std::string& product : products) {
    Component system{Component::Kind::kSystem,
                     std::string(maker_of(os.value.family)),
                     product,
                     system_version(os.value),
                     products.size() > 1,
                     os.confidence,
                     {}};
    add(system, os.evidence);
    out.push_back(std::move(system));
  }
}

}  // namespace

std::vector<Component> components_of(const AssessedDevice& device) {
  std::vector<Component> out;
  if (device.model) {
    Component self{Component::Kind::kDevice,
                   device.vendor ? device.vendor->value : "",
                   device.model->value,
                   device.firmware ? device.firmware->value : "",
                   false,
                   device.model->confidence,
                   {}};
    if (device.vendor) self.confidence = std::min(self.confidence, device.vendor->confidence);
    add(self, device.model->evidence);
    if (device.firmware) {
      self.confidence = std::min(self.confidence, device.firmware->confidence);
      add(self, device.firmware->evidence);
    }
    out.push_back(std::move(self));
  }
  if (device.os) add_systems(*device.os, out);
  for (const DeviceService& service : device.services) {
    if (service.product.empty()) continue;
    Component software{Component::Kind::kSoftware, "", service.product, service.version, false, 0.9, {}};
    const bool known = std::any_of(out.begin(), out.end(), [&](const Component& other) {
      return other.kind == software.kind && other.product == software.product &&
             other.version == software.version;
    });
    if (known) continue;
    add(software, {service.evidence});
    out.push_back(std::move(software));
  }
  return out;
}

}  // namespace bedrail
