#include "identify/ballot.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/hash.h"
#include "base/text.h"

namespace bedrail {
namespace {

using Related = bool (*)(const std::string&, const std::string&);

constexpr std::size_t kEvidence = 8, kConflicts = 4;
/// Nothing that was only heard on a wire is certain.
constexpr double kMost = 0.99;
/// How much a source loses that contradicts itself.
constexpr double kContradiction = 0.8;

bool agree(const std::string& a, const std::string& b, Related related) {
  return equals_ignoring_case(a, b) || (related != nullptr && (related(a, b) || related(b, a)));
}

}  // namespace

double combine(const std::string& value, const std::vector<const Vote*>& votes, const std::vector<Vote>& all,
               Related related) {
  struct Strength {
    double with = 0, against = 0;
  };
  std::map<std::string_view, Strength> groups;
  for (const Vote* vote : votes)
    groups[vote->group].with = std::max(groups[vote->group].with, vote->confidence);
  for (const Vote& vote : all) {
    const auto group = groups.find(vote.group);
    if (group == groups.end() || agree(vote.value, value, related)) continue;
    group->second.against = std::max(group->second.against, vote.confidence);
  }
  double doubt = 1;
  for (const auto& [group, strength] : groups)
    doubt *= 1 - strength.with * (1 - kContradiction * strength.against);
  return std::min(1 - doubt, kMost);
}

void Ballot::add(Vote vote) {
  if (votes_.size() >= kVotes) return;
  const std::uint64_t same = hash64(vote.rule, hash64(vote.group, hash64(vote.value)));
  if (++repeats_[same] <= kRepeats) votes_.push_back(std::move(vote));
}

double rounded(double confidence) { return std::round(confidence * 100) / 100; }

std::vector<Evidence> evidence_of_votes(const std::vector<const Vote*>& votes) {
  std::vector<Evidence> out;
  for (const Vote* vote : votes) {
    if (std::find(out.begin(), out.end(), vote->evidence) == out.end()) out.push_back(vote->evidence);
  }
  std::stable_sort(out.begin(), out.end(), [](const Evidence& a, const Evidence& b) {
    return std::tie(a.time, a.file, a.frame, a.field) < std::tie(b.time, b.file, b.frame, b.field);
  });
  if (out.size() > kEvidence) out.resize(kEvidence);
  return out;
}

std::vector<RuleVote> rules_of_votes(const std::vector<const Vote*>& votes) {
  std::vector<RuleVote> out;
  for (const Vote* vote : votes) {
    const auto known =
        std::find_if(out.begin(), out.end(), [&](const RuleVote& r) { return r.rule == vote->rule; });
    if (known == out.end()) {
      out.push_back({vote->rule, vote->source, rounded(vote->confidence)});
    } else {
      known->confidence = std::max(known->confidence, rounded(vote->confidence));
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const RuleVote& a, const RuleVote& b) { return a.confidence > b.confidence; });
  return out;
}

std::vector<Ballot::Candidate> Ballot::count(bool (*related)(const std::string&, const std::string&)) const {
  std::map<std::string, Candidate> by_value;
  for (const Vote& vote : votes_) {
    Candidate& candidate = by_value[to_lower(vote.value)];
    // Of several spellings the surest rule's.
    if (candidate.votes.empty() || vote.confidence > candidate.votes.front()->confidence) {
      candidate.value = vote.value;
      candidate.votes.insert(candidate.votes.begin(), &vote);
    } else {
      candidate.votes.push_back(&vote);
    }
  }
  std::vector<Candidate> out;
  for (auto& [key, candidate] : by_value) {
    if (related != nullptr) {
      for (const Vote& vote : votes_) {
        if (to_lower(vote.value) != key && related(vote.value, candidate.value))
          candidate.votes.push_back(&vote);
      }
    }
    candidate.confidence = combine(candidate.value, candidate.votes, votes_, related);
    out.push_back(std::move(candidate));
  }
  // Of values that are told with equal certainty the one with more words.
  std::stable_sort(out.begin(), out.end(), [](const Candidate& a, const Candidate& b) {
    return a.confidence != b.confidence ? a.confidence > b.confidence : a.value.size() > b.value.size();
  });
  return out;
}

std::optional<Attribute> Ballot::decide(bool (*related)(const std::string&, const std::string&)) const {
  const std::vector<Candidate> candidates = count(related);
  if (candidates.empty() || candidates.front().confidence < kThreshold) return std::nullopt;
  const Candidate& winner = candidates.front();
  Attribute out;
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    const Candidate& other = candidates[i];
    // What supports the winner does not contradict it.
    if (related != nullptr && related(other.value, winner.value)) continue;
    if (out.conflicts.empty() && winner.confidence - other.confidence < kLead) return std::nullopt;
    if (out.conflicts.size() < kConflicts)
      out.conflicts.push_back({other.value, rounded(other.confidence), evidence_of_votes(other.votes)});
  }
  out.value = winner.value;
  out.confidence = rounded(winner.confidence);
  out.evidence = evidence_of_votes(winner.votes);
  out.rules = rules_of_votes(winner.votes);
  return out;
}

}  // namespace bedrail
