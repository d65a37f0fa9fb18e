#include "assess/finding_maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.h"

namespace bedrail {
namespace {

std::string fill(std::string_view text, const FindingMaker::Words& words) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    out.append(text.substr(0, open));
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) break;
    const auto word = words.find(text.substr(open + 1, close - open - 1));
    if (word != words.end()) out.append(word->second);
    text.remove_prefix(close + 1);
  }
  return std::string(trim(out));
}

}  // namespace

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

void keep_earliest(std::vector<Evidence>& to, const Evidence& evidence) {
  const auto place =
      std::upper_bound(to.begin(), to.end(), evidence, [](const Evidence& a, const Evidence& b) {
        return std::tie(a.time, a.file, a.frame) < std::tie(b.time, b.file, b.frame);
      });
  to.insert(place, evidence);
  if (to.size() > kEvidence) to.pop_back();
}

DraftFinding* FindingMaker::make(std::string_view kind, Basis basis) {
  const FindingText* text = knowledge_.findings().text(kind);
  if (text == nullptr) return nullptr;
  DraftFinding draft;
  Finding& finding = draft.finding;
  finding.id = fmt::format("fnd-{:016x}", hash64(fmt::format("{} {} {}", device_, kind, basis.subject)));
  finding.device = device_;
  finding.kind = kind;
  finding.title = fill(text->title, basis.words);
  finding.severity = text->severity;
  finding.status = basis.inferred ? "inferred" : "observed";
  finding.confidence = basis.confidence;
  finding.evidence = std::move(basis.evidence);
  finding.explanation = fill(text->explanation, basis.words);
  finding.remediation = text->remedies;
  draft.likelihood = text->likelihood;
  out_.push_back(std::move(draft));
  return &out_.back();
}

}  // namespace bedrail
