#include "knowledge/pattern_set.h"

#include <algorithm>

namespace bedrail {
namespace {

/// All patterns of knowledge disregard case; a set has one option for all.
re2::RE2::Options options() {
  re2::RE2::Options out(re2::RE2::Quiet);
  out.set_case_sensitive(false);
  return out;
}

}  // namespace

PatternSet::PatternSet(const std::vector<const re2::RE2*>& patterns) : set_(options(), re2::RE2::UNANCHORED) {
  for (const re2::RE2* pattern : patterns) whole_ = set_.Add(pattern->pattern(), nullptr) >= 0 && whole_;
  whole_ = set_.Compile() && whole_;
}

std::optional<std::vector<int>> PatternSet::found_in(std::string_view text) const {
  if (!whole_) return std::nullopt;
  std::vector<int> out;
  re2::RE2::Set::ErrorInfo error{re2::RE2::Set::kNoError};
  if (!set_.Match(re2::StringPiece(text.data(), text.size()), &out, &error) &&
      error.kind != re2::RE2::Set::kNoError)
    return std::nullopt;
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace bedrail
