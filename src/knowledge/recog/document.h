#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "knowledge/recog/fingerprint.h"
#include "knowledge/recog/ruby_pattern.h"

namespace bedrail {

/// A fingerprint as an XML file holds it, before its pattern is translated.
struct RecogEntry {
  RecogFingerprint fingerprint;  ///< without `pattern` and `id`
  std::string ruby;
  RubyFlags flags;
  std::vector<RecogExample> examples;
  std::size_t line = 0;
};

/// Reads an example's file that stands beside the XML files, by the path that `_filename` gives.
class RecogAttachments {
 public:
  virtual ~RecogAttachments() = default;
  virtual Result<std::string> read(const std::string& name) const = 0;
};

/// The fingerprints of one XML file in rapid7's recog format. Strict: what the format does not know, a
/// document type, a number out of range is an error "NAME:LINE: ...", and so is broken XML. `attachments` may
/// be null.
Result<std::vector<RecogEntry>> read_recog_document(const std::string& name, std::string_view text,
                                                    const RecogAttachments* attachments);

}  // namespace bedrail
