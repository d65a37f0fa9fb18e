#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <vector>

#include "inventory/inventory.h"
#include "observations.h"

namespace bedrail::test {

inline InventoryResult inventory_of(const std::vector<Observation>& all, InventoryLimits limits = {}) {
  Inventory inventory(limits);
  std::vector<const Observation*> places;
  for (const Observation& one : all) places.push_back(&one);
  inventory.add(places);
  return inventory.finish();
}

/// The device that owns an address or a MAC; null where none does.
inline const DeviceFacts* owner_of(const InventoryResult& result, std::string_view address) {
  for (const DeviceFacts& device : result.devices) {
    for (const AddressRecord& one : device.addresses)
      if (to_string(one.ip) == address) return &device;
    for (const MacAddress& one : device.macs)
      if (to_string(one) == address) return &device;
  }
  return nullptr;
}
inline const DeviceFacts& the(const InventoryResult& result, std::string_view address) {
  const DeviceFacts* device = owner_of(result, address);
  if (device == nullptr) throw std::runtime_error(fmt::format("no device owns {}", address));
  return *device;
}
/// The same device owns both.
inline bool joined(const InventoryResult& result, std::string_view a, std::string_view b) {
  return owner_of(result, a) != nullptr && owner_of(result, a) == owner_of(result, b);
}
inline std::string mac_text(unsigned last) { return to_string(mac(last)); }

/// Everything in a result that a reader can see, as text.
inline std::string dump(const InventoryResult& result) {
  std::string out;
  for (const DeviceFacts& d : result.devices) {
    out += fmt::format("{} router {} internal {} peers {} in {} out {} ttls {}\n", d.id, d.is_router,
                       d.is_internal, d.peers, d.bytes_in, d.bytes_out, d.initial_ttls);
    for (const MacAddress& one : d.macs) out += " mac " + to_string(one) + "\n";
    for (const AddressRecord& a : d.addresses)
      out +=
          fmt::format(" ip {} {} {} {}\n", to_string(a.ip), a.how, a.first.nanoseconds, a.last.nanoseconds);
    for (const std::string& reason : d.joins) out += " join " + reason + "\n";
    for (const ClueRecord& c : d.clues)
      out += fmt::format(" clue {}={} x{} frame {}\n", c.key, c.value, c.count, c.first.frame);
    for (const NameRecord& n : d.names) out += fmt::format(" name {} {} x{}\n", n.kind, n.name, n.count);
    for (const ServiceRecord& s : d.services)
      out += fmt::format(" service {} clients {}\n", s.port, s.clients);
  }
  for (const ConnectionRow& c : result.connections)
    out += fmt::format("{} > {} {}/{} {} x{} failed {} frame {}\n", c.client, c.server, c.transport, c.port,
                       c.protocol, c.count, c.failed, c.evidence.frame);
  for (const auto& [name, count] : result.anomalies) out += fmt::format("anomaly {} {}\n", name, count);
  for (const Notice& n : result.notices) out += fmt::format("notice {} {} {}\n", n.kind, n.count, n.text);
  return out;
}

}  // namespace bedrail::test
