#pragma once

#include <set>
#include <utility>

#include "assess/finding_maker.h"
#include "inventory/inventory.h"
#include "model/device_facts.h"

namespace bedrail {

/// One device under judgement.
struct Subjected {
  const DeviceFacts& facts;
  const AssessedDevice& device;
  const Knowledge& knowledge;
  Timestamp as_of;
};

// What a device's own facts show, one kind of finding each.
void check_operating_system(const Subjected& subject, FindingMaker& make);
void check_logins(const Subjected& subject, FindingMaker& make);
void check_protocols(const Subjected& subject, FindingMaker& make);
void check_sessions(const Subjected& subject, FindingMaker& make);
void check_patient_data(const Subjected& subject, FindingMaker& make);
void check_certificates(const Subjected& subject, FindingMaker& make);
void check_identity(const Subjected& subject, FindingMaker& make);

/// Its kind or model is known, or its category by more than its maker's name: a MAC's prefix alone names
/// nothing.
bool is_identified(const AssessedDevice& device);

/// What only the whole network shows: who reaches a device, who stands beside it.
class Neighbourhood {
 public:
  /// Keeps views into both, which outlive it.
  Neighbourhood(const InventoryResult& inventory, const Assessment& assessment);
  void check_exposure(const Subjected& subject, FindingMaker& make) const;
  void check_segment(const Subjected& subject, FindingMaker& make) const;

 private:
  struct Visits {
    std::set<std::string_view> visitors;                       ///< their ids
    std::set<std::pair<std::string, std::uint16_t>> services;  ///< protocol and port
    std::vector<Evidence> evidence;                            ///< the earliest
  };
  struct Segment {
    std::uint64_t others = 0;
    std::map<std::string, std::uint64_t> categories;
  };
  std::map<std::string, Visits> visits_;     ///< from the Internet, by the visited device
  std::map<std::string, Segment> segments_;  ///< by name ("VLAN 10", "10.1.2.0/24")
};

/// The networks in which a device stands, as far as a capture tells: its VLANs, else the /24 of its private
/// IPv4 addresses.
std::vector<std::string> segments_of(const DeviceFacts& facts);

}  // namespace bedrail
