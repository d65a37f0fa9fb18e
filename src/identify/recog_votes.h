#pragma once

#include <string>
#include <vector>

#include "knowledge/knowledge.h"

namespace bedrail {

/// One thing that an imported fingerprint says of a device, in our words.
struct RecogStatement {
  Trait trait;
  std::string value;
  double confidence = 0;
};

/// What a fingerprint's fields (hw.*, os.*) say of the device that showed the text. What recog says of the
/// service is the dissector's to say.
std::vector<RecogStatement> recog_statements(const RecogHit& hit, const Knowledge& knowledge);

}  // namespace bedrail
