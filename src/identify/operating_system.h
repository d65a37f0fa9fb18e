#pragma once

#include "identify/votes.h"

namespace bedrail {

/// Family, product, version, build and support from the votes. One Windows build is that of several products:
/// votes may name a set ("Windows 7 or Windows Server 2008 R2"), and other votes choose in it; where none
/// does, the set is the honest answer.
std::optional<AttributeOf<OperatingSystem>> decide_operating_system(const Ballots& ballots,
                                                                    const DeviceFacts& facts,
                                                                    const Knowledge& knowledge,
                                                                    Timestamp as_of);

/// "supported", "extended", "unsupported" or "unknown" as of a day, for one product or a set; `end` is set to
/// the day when ordinary updates end (of a set: the latest).
std::string support_of(const std::string& product, const Knowledge& knowledge, Timestamp as_of,
                       std::string& end);

}  // namespace bedrail
