#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "inventory/inventory.h"
#include "pipeline/limits.h"

namespace bedrail::app {

/// Every bound that `--limit NAME=VALUE` can set.
struct Limits {
  PipelineLimits pipeline;
  InventoryLimits inventory;

  /// "flows=1000000": for the whole program, whatever the number of its tables.
  Result<void> set(std::string_view assignment);
  /// The names with their default values, for the help.
  static std::string names();
};

}  // namespace bedrail::app
