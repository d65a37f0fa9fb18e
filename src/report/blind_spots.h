#pragma once

#include <string>
#include <vector>

#include "model/assessment.h"

namespace bedrail {

/// One thing that was lost or not understood, with what it is a part of.
struct BlindSpot {
  std::string what;   ///< "packets cut short by the recorder"
  std::string brief;  ///< "cut short": the same where room is scarce
  std::uint64_t count = 0;
  std::uint64_t of = 0;  ///< 0: a figure without a whole
  std::string unit;      ///< "packets", "flows", "bytes"
};

/// Every loss that the document counts, in the document's order, those that did not happen too.
std::vector<BlindSpot> blind_spots(const Source& source);

/// What happened, in a sentence: "Of 34 packets 12 cut short, 3 malformed". Empty where nothing did.
std::string brief(const std::vector<BlindSpot>& spots);

/// A notice tells of something recorded that was not read, which no figure counts.
bool tells_loss(const Assessment& assessment);

/// "12 of 34 packets": the figure with its whole.
std::string figure(const BlindSpot& spot);

}  // namespace bedrail
