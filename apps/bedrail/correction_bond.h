#pragma once

#include <string>
#include <vector>

#include "knowledge/corrections.h"
#include "knowledge/knowledge.h"
#include "model/assessment.h"

namespace bedrail::app {

/// What a correction may be bound to, as a document tells it.
struct Bond {
  Correction::On on = Correction::On::kDevice;
  std::string key, is;

  /// "model Philips MX450", "clue http.server=Boa", "rule http-boa": what the user chooses by.
  [[nodiscard]] std::string text() const;
  /// Whether `--by WORD` means it: the text, or a part of it that begins it.
  [[nodiscard]] bool answers_to(const std::string& word) const;
  /// Whether a device of the document shows it.
  [[nodiscard]] bool fits(const AssessedDevice& device) const;
};

/// The device's own: its MAC, else its serial number, else its id.
Bond own_bond(const AssessedDevice& device);
/// What it has in common with its like: vendor and model, the clues and rules that its attributes stand on.
/// Nothing that holds an address or a name of the document's network.
std::vector<Bond> sibling_bonds(const AssessedDevice& device, const Assessment& assessment,
                                const Knowledge& knowledge);
/// Whether a text holds an address, or a name or serial number that a device of the document has.
bool tells_of_site(std::string_view text, const Assessment& assessment);

}  // namespace bedrail::app
