#pragma once

#include "identify/votes.h"

namespace bedrail {

/// What the device does on the network, with whom and how regularly, becomes votes for a kind or a category:
/// one source of its own, weak, never for a maker or a model.
void add_behaviour_votes(const DeviceFacts& facts, const Knowledge& knowledge, Ballots& ballots);

}  // namespace bedrail
