#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/assessment.h"

namespace bedrail {

/// What one rule says of one attribute.
struct Vote {
  std::string value;
  double confidence = 0;
  std::string group;  ///< where it comes from ("dhcp", "oui"): one group counts once
  std::string rule, source;
  Evidence evidence;
};

/// All votes for one attribute. Within a group the strongest vote for a value counts; groups are independent
/// and add up: 1 - (1-a)(1-b)... A group that contradicts itself counts for less. Values are compared without
/// regard to case.
class Ballot {
 public:
  /// A value below this confidence is not stated.
  static constexpr double kThreshold = 0.5;
  /// Nor one that leads the runner-up by less than this.
  static constexpr double kLead = 0.15;

  /// So many votes are counted; what a device says beyond them changes nothing.
  static constexpr std::size_t kVotes = 512;
  /// So many of one rule for one value: as many as can be shown.
  static constexpr std::size_t kRepeats = 8;

  void add(Vote vote);
  /// Lowers the confidence of the votes that `which` picks to at most `most`.
  template <typename Which>
  void limit(Which&& which, double most) {
    for (Vote& vote : votes_) {
      if (which(vote) && vote.confidence > most) vote.confidence = most;
    }
  }
  /// Multiplies the confidence of the votes that `which` picks.
  template <typename Which>
  void scale(Which&& which, double factor) {
    for (Vote& vote : votes_) {
      if (which(vote)) vote.confidence *= factor;
    }
  }
  [[nodiscard]] bool empty() const { return votes_.empty(); }
  [[nodiscard]] const std::vector<Vote>& votes() const { return votes_; }

  struct Candidate {
    std::string value;
    double confidence = 0;
    std::vector<const Vote*> votes;
  };
  /// All values, most confident first (ties: by value). `related(a, b)`: a vote for `a` supports `b`, too.
  [[nodiscard]] std::vector<Candidate> count(bool (*related)(const std::string& vote,
                                                             const std::string& value) = nullptr) const;
  /// The winner as an attribute of the document, with its conflicts; nothing where none may be stated.
  [[nodiscard]] std::optional<Attribute> decide(bool (*related)(const std::string& vote,
                                                                const std::string& value) = nullptr) const;

 private:
  std::vector<Vote> votes_;
  std::map<std::uint64_t, std::size_t> repeats_;  ///< by hash of rule, group and value
};

/// The confidence in `value`, for which `votes` of `all` speak; `related` as in Ballot::count.
double combine(const std::string& value, const std::vector<const Vote*>& votes, const std::vector<Vote>& all,
               bool (*related)(const std::string&, const std::string&));

/// At most 8, earliest first, none twice.
std::vector<Evidence> evidence_of_votes(const std::vector<const Vote*>& votes);
/// Each rule once, the strongest first.
std::vector<RuleVote> rules_of_votes(const std::vector<const Vote*>& votes);
/// Confidences are shown to two places; more would claim what nobody knows.
double rounded(double confidence);

}  // namespace bedrail
