#include "advisory/version.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace bedrail {
namespace {

/// A number without its leading zeros.
std::string_view significant(std::string_view digits) {
  const std::size_t first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? std::string_view{} : digits.substr(first);
}

Order order_of(int difference) {
  if (difference == 0) return Order::kEqual;
  return difference < 0 ? Order::kLess : Order::kGreater;
}

/// Numbers of any length; an empty one is 0.
Order compare_digits(std::string_view a, std::string_view b) {
  a = significant(a);
  b = significant(b);
  if (a.size() != b.size()) return a.size() < b.size() ? Order::kLess : Order::kGreater;
  return order_of(a.compare(b));
}

constexpr std::array<std::string_view, 5> kPreReleases = {"dev", "alpha", "beta", "pre", "rc"};

std::size_t pre_rank(std::string_view word) {
  return static_cast<std::size_t>(std::find(kPreReleases.begin(), kPreReleases.end(), word) -
                                  kPreReleases.begin());
}

/// Where a label that the other version lacks puts this one: behind, before, or it cannot be told.
Order against_nothing(LabelKind kind) {
  switch (kind) {
    case LabelKind::kPre:
      return Order::kLess;
    case LabelKind::kRevision:
    case LabelKind::kService:
    case LabelKind::kLetter:
      return Order::kGreater;
    default:
      return Order::kUnordered;
  }
}

}  // namespace

/// A strict partial order: pre-releases, nothing, and above it revisions, service packs and letters, each
/// within their own kind.
Order Version::compare_labels(const Segment* a, const Segment* b) {
  if (a == nullptr && b == nullptr) return Order::kEqual;
  if (b == nullptr) return against_nothing(a->kind);
  if (a == nullptr) return reversed(against_nothing(b->kind));
  if (a->kind == b->kind) {
    if (a->word == b->word) return Order::kEqual;
    if (a->kind == LabelKind::kPre)
      return pre_rank(a->word) < pre_rank(b->word) ? Order::kLess : Order::kGreater;
    if (a->kind == LabelKind::kRevision || a->kind == LabelKind::kLetter)
      return order_of(a->word.compare(b->word));
    return Order::kUnordered;
  }
  const Order a_alone = against_nothing(a->kind), b_alone = against_nothing(b->kind);
  if (a_alone == Order::kUnordered || b_alone == Order::kUnordered || a_alone == b_alone)
    return Order::kUnordered;
  return a_alone;
}

Order Version::compare_numbers(const Segment& a, const Segment& b, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const Order order =
        compare_digits(i < a.numbers.size() ? std::string_view(a.numbers[i]) : std::string_view{},
                       i < b.numbers.size() ? std::string_view(b.numbers[i]) : std::string_view{});
    if (order != Order::kEqual) return order;
  }
  return Order::kEqual;
}

Order compare(const Version& a, const Version& b) {
  if (a.date_ && b.date_) return compare(*a.date_, *b.date_);
  if (a.date_ || b.date_) return Order::kUnordered;
  for (std::size_t i = 0; i < std::max(a.segments_.size(), b.segments_.size()); ++i) {
    const auto* left = i < a.segments_.size() ? &a.segments_[i] : nullptr;
    const auto* right = i < b.segments_.size() ? &b.segments_[i] : nullptr;
    const Order label = Version::compare_labels(left, right);
    if (label != Order::kEqual) return label;
    const Order numbers =
        Version::compare_numbers(*left, *right, std::max(left->numbers.size(), right->numbers.size()));
    if (numbers != Order::kEqual) return numbers;
  }
  return Order::kEqual;
}

Order compare_to_prefix(const Version& version, const Version& prefix) {
  if (version.date_ || prefix.date_) return compare(version, prefix);
  for (std::size_t i = 0; i < prefix.segments_.size(); ++i) {
    const auto* left = i < version.segments_.size() ? &version.segments_[i] : nullptr;
    const auto& right = prefix.segments_[i];
    const Order label = Version::compare_labels(left, &right);
    if (label != Order::kEqual) return label;
    const bool last = i + 1 == prefix.segments_.size();
    const std::size_t count =
        last ? right.numbers.size() : std::max(left->numbers.size(), right.numbers.size());
    const Order numbers = Version::compare_numbers(*left, right, count);
    if (numbers != Order::kEqual) return numbers;
  }
  return Order::kEqual;
}

bool is_leading_part(const Version& part, const Version& whole) {
  if (part.date_ || whole.date_ || part.segments_.size() > whole.segments_.size()) return false;
  if (compare(part, whole) == Order::kEqual) return false;
  const bool shorter = part.segments_.size() < whole.segments_.size();
  for (std::size_t i = 0; i < part.segments_.size(); ++i) {
    const auto& left = part.segments_[i];
    const auto& right = whole.segments_[i];
    if (Version::compare_labels(&left, &right) != Order::kEqual) return false;
    const bool last = i + 1 == part.segments_.size();
    // A build or service pack follows the whole number, so that must be the same.
    const bool open = last && !shorter;
    const std::size_t count =
        open ? left.numbers.size() : std::max(left.numbers.size(), right.numbers.size());
    if (Version::compare_numbers(left, right, count) != Order::kEqual) return false;
  }
  return true;
}

bool Version::is_lone_letter() const {
  return segments_.size() == 1 && segments_[0].kind == LabelKind::kRevision && segments_[0].numbers.empty();
}

}  // namespace bedrail
