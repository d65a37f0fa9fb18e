#pragma once

#include <array>

#include "identify/ballot.h"
#include "knowledge/knowledge.h"
#include "model/device_facts.h"

namespace bedrail {

/// One ballot for each attribute that rules may speak of.
struct Ballots {
  std::array<Ballot, kTraits> of;

  Ballot& operator[](Trait trait) { return of[static_cast<std::size_t>(trait)]; }
  const Ballot& operator[](Trait trait) const { return of[static_cast<std::size_t>(trait)]; }
};

/// Reads all of a device's facts with the rules and tables of `knowledge`.
Ballots collect_votes(const DeviceFacts& facts, const Knowledge& knowledge);

/// What follows from the attributes that are settled: a kind of device has a category, an operating system a
/// family.
void add_derived_votes(const std::optional<Attribute>& type,
                       const std::optional<AttributeOf<OperatingSystem>>& os, const DeviceFacts& facts,
                       const Knowledge& knowledge, Ballot& category);

}  // namespace bedrail
