#pragma once

#include "inventory/inventory.h"
#include "knowledge/knowledge.h"
#include "model/assessment.h"

namespace bedrail {

/// Judges identified devices: findings, risks, headline figures. `assessment.devices` stands in the order of
/// `inventory.devices` (by id) and is completed; findings and summary are made. The
/// result does not depend on the number of threads.
void assess(const InventoryResult& inventory, const Knowledge& knowledge, Assessment& assessment,
            unsigned threads = 1);

}  // namespace bedrail
