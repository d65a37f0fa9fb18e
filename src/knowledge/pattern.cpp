#include "knowledge/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

namespace bedrail {

void PatternFaults::add(std::string message) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (first_.empty()) first_ = std::move(message);
}

std::string PatternFaults::first() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return first_;
}

Pattern::Pattern(std::string_view text, std::string where, std::shared_ptr<PatternFaults> faults,
                 Encoding encoding)
    : text_(text), where_(std::move(where)), faults_(std::move(faults)), encoding_(encoding) {}

Pattern::~Pattern() = default;

void Pattern::compile() const {
  std::call_once(once_, [this] {
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_case_sensitive(false);
    if (encoding_ == Encoding::kBytes) options.set_encoding(re2::RE2::Options::EncodingLatin1);
    compiled_ = std::make_unique<const re2::RE2>(text_, options);
    if (!compiled_->ok() && faults_ != nullptr) faults_->add(complaint());
  });
}

std::string Pattern::complaint() const {
  return fmt::format("{}: \"{}\" is no RE2 expression: {}", where_, text_, compiled_->error());
}

Result<void> Pattern::check() const {
  compile();
  if (compiled_->ok()) return {};
  return failure(complaint());
}

const re2::RE2* Pattern::get() const {
  compile();
  return compiled_->ok() ? compiled_.get() : nullptr;
}

bool Pattern::found_in(std::string_view text) const {
  const re2::RE2* pattern = get();
  return pattern != nullptr && re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern);
}

}  // namespace bedrail
