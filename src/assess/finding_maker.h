#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/knowledge.h"
#include "model/assessment.h"

namespace bedrail {

/// A finding with what the risk formula needs of it.
struct DraftFinding {
  Finding finding;
  double likelihood = 0;
};

/// "1 message", "3 messages".
std::string counted(std::uint64_t count, std::string_view one, std::string_view many);

/// How many pieces of evidence stand behind one statement at most.
inline constexpr std::size_t kEvidence = 8;
/// Puts evidence where its time belongs; of more than `kEvidence` the latest goes.
void keep_earliest(std::vector<Evidence>& to, const Evidence& evidence);

/// Makes findings of one device from the texts of `knowledge`.
class FindingMaker {
 public:
  FindingMaker(const Knowledge& knowledge, std::string device, std::vector<DraftFinding>& out)
      : knowledge_(knowledge), device_(std::move(device)), out_(out) {}

  /// What is filled into a finding's texts.
  using Words = std::map<std::string, std::string, std::less<>>;
  struct Basis {
    std::string
        subject;  ///< with the device and the kind what makes the finding the same in the next capture
    double confidence = 0.95;
    bool inferred = false;
    std::vector<Evidence> evidence;
    Words words;
  };
  /// Null where `knowledge` has no text for the kind.
  DraftFinding* make(std::string_view kind, Basis basis);

 private:
  const Knowledge& knowledge_;
  std::string device_;
  std::vector<DraftFinding>& out_;
};

}  // namespace bedrail
