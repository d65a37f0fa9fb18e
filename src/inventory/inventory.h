#pragma once

#include <array>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/assessment.h"
#include "model/device_facts.h"
#include "model/observation.h"

namespace bedrail {

/// Bounds of the inventory's tables; what does not fit is counted and told in a notice.
struct InventoryLimits {
  std::size_t subjects = 262'144;     ///< addresses and MACs of which something is known
  std::size_t connections = 262'144;  ///< rows of the ledger
  std::size_t declared = 16'384;      ///< devices that others tell of, each teller's counted
  std::size_t facts = 512;            ///< distinct facts of one kind about one subject
};

/// What the inventory knows once the input has ended.
struct InventoryResult {
  std::vector<DeviceFacts> devices;                ///< by id
  std::vector<ConnectionRow> connections;          ///< by client, server, protocol, port
  std::map<std::string, std::uint64_t> anomalies;  ///< "smb/truncated": how often
  std::vector<Notice> notices;
};

/// From observations to devices. Facts gather on subjects (an IP address during one ownership, or a MAC); at
/// the end subjects that are one device are joined, with the reason in words. See the room's page for the
/// rules. Fed by one thread in the order of the input; the result depends on nothing else.
class Inventory {
 public:
  explicit Inventory(InventoryLimits limits = {});
  ~Inventory();
  Inventory(const Inventory&) = delete;
  Inventory& operator=(const Inventory&) = delete;

  void add(const Observation& observation) { add(std::array{&observation}); }
  /// Several in a row, which costs less: what one needs is fetched while those before it are taken in.
  void add(std::span<const Observation* const> observations);
  /// Once, after the last observation. The result does not depend on the number of threads.
  InventoryResult finish(unsigned threads = 1);

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace bedrail
