#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/vulnerability.h"

namespace bedrail {

/// What a feed says under one key: an advisory, a CVE, a product's releases, a bill of materials. The unit
/// that is new, changed or withdrawn.
struct FeedRecord {
  std::string key;
  std::string modified;  ///< RFC 3339, or a date; of two with one key the later stands
  bool live = true;      ///< false: its publisher took it back; kept, so that an older one does not return

  std::optional<Advisory> advisory;
  std::vector<Vulnerability> vulnerabilities;
  std::vector<AffectedProduct> affected;
  std::vector<Remediation> remediations;
  std::optional<KnownExploited> exploited;      ///< about the key's CVE
  std::optional<ExploitPrediction> prediction;  ///< the same; its date is the feed's
  std::vector<ReleaseLifecycle> releases;
  std::optional<BillSubject> subject;
  std::vector<SoftwareComponent> components;
};

/// SHA-256 over all that a record says, cut to 32 hexadecimal digits: the same where, and only where, two say
/// the same.
std::string digest_of(const FeedRecord& record);

/// Takes what an importer reads.
class FeedSink {
 public:
  virtual ~FeedSink() = default;
  /// A failure ends the import.
  virtual Result<void> put(const FeedRecord& record) = 0;
  /// The day that the feed itself says it is of (RFC 3339); of several the latest stands.
  virtual void dated(std::string_view date) = 0;
};

}  // namespace bedrail
