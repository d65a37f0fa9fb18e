#include "advisory/range.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace bedrail {
namespace {

std::string_view sign_of(Comparison comparison) {
  switch (comparison) {
    case Comparison::kBefore:
      return "<";
    case Comparison::kUpTo:
      return "<=";
    case Comparison::kExactly:
      return "=";
    case Comparison::kFrom:
      return ">=";
    case Comparison::kAfter:
      return ">";
    case Comparison::kNot:
      return "!=";
  }
  return "=";
}

/// Whether an order fulfils a comparison; an unordered one is asked for before.
bool fulfils(Order order, Comparison comparison) {
  switch (comparison) {
    case Comparison::kBefore:
      return order == Order::kLess;
    case Comparison::kUpTo:
      return order != Order::kGreater;
    case Comparison::kExactly:
      return order == Order::kEqual;
    case Comparison::kFrom:
      return order != Order::kLess;
    case Comparison::kAfter:
      return order == Order::kGreater;
    case Comparison::kNot:
      return order != Order::kEqual;
  }
  return false;
}

bool is_exact(const Bound& bound) {
  return !bound.wildcard &&
         (bound.comparison == Comparison::kExactly || bound.comparison == Comparison::kNot);
}

Coverage judge(const Version& version, const Bound& bound) {
  const std::string claim = text_of(bound);
  if (is_exact(bound) && is_leading_part(bound.version, version))
    return {Covered::kUnknown,
            fmt::format("the advisory says {} and the device {}, which may be counted to it",
                        bound.version.text(), version.text())};
  if (is_exact(bound) && is_leading_part(version, bound.version))
    return {Covered::kUnknown,
            fmt::format("the advisory says {} and the device only {}", bound.version.text(), version.text())};
  const Order order =
      bound.wildcard ? compare_to_prefix(version, bound.version) : compare(version, bound.version);
  if (order == Order::kUnordered) {
    if (is_leading_part(version, bound.version))
      return {Covered::kUnknown,
              fmt::format("the device says {}, which does not tell whether it is {}", version.text(), claim)};
    return {Covered::kUnknown,
            fmt::format("{} and {} are counted in different ways", version.text(), bound.version.text())};
  }
  if (fulfils(order, bound.comparison))
    return {Covered::kYes, fmt::format("{} is {}", version.text(), claim)};
  return {Covered::kNo, fmt::format("{} is not {}", version.text(), claim)};
}

Coverage judge(const Version& version, const BoundSet& bounds) {
  Coverage all{Covered::kYes, {}};
  for (const Bound& bound : bounds) {
    Coverage one = judge(version, bound);
    if (one.answer == Covered::kNo) return one;
    if (one.answer == Covered::kUnknown && all.answer == Covered::kYes) {
      all = std::move(one);
    } else if (one.answer == all.answer) {
      all.reason += (all.reason.empty() ? "" : " and ") + one.reason;
    }
  }
  return all;
}

std::string condition_text(const Condition& condition) {
  switch (condition.kind) {
    case ConditionKind::kNote:
      return "note: " + condition.text;
    case ConditionKind::kModel:
      return condition.names.empty() ? "models: " + condition.text
                                     : fmt::format("models: {}", fmt::join(condition.names, ", "));
    case ConditionKind::kDate: {
      std::string period;
      if (condition.from.year != 0 || condition.from.month != 0) period = " from " + condition.from.text();
      if (condition.to.year != 0 || condition.to.month != 0)
        period += (condition.before ? " before " : " to ") + condition.to.text();
      return "dated" + period;
    }
    case ConditionKind::kOperatingSystem:
      return "system: " + condition.text;
    case ConditionKind::kOption:
      return "with: " + condition.text +
             (condition.versions.empty() ? "" : " " + text_of(condition.versions));
    case ConditionKind::kUnread:
      return "not read: " + condition.text;
  }
  return {};
}

}  // namespace

std::string text_of(const Bound& bound) {
  return fmt::format("{} {}{}", sign_of(bound.comparison), bound.version.text(), bound.wildcard ? ".x" : "");
}

std::string text_of(const std::vector<BoundSet>& alternatives) {
  std::string out;
  for (const BoundSet& bounds : alternatives) {
    if (!out.empty()) out += " or ";
    for (std::size_t i = 0; i < bounds.size(); ++i) out += (i == 0 ? "" : ", ") + text_of(bounds[i]);
  }
  return out;
}

bool VersionRange::readable() const {
  return std::none_of(conditions_.begin(), conditions_.end(),
                      [](const Condition& c) { return c.kind == ConditionKind::kUnread; });
}

std::string VersionRange::text() const {
  std::string out = all() ? "all versions" : text_of(alternatives_);
  for (const Condition& condition : conditions_) out += fmt::format(" ({})", condition_text(condition));
  return out;
}

Coverage VersionRange::covers_number(const Version& version) const {
  if (all()) return {Covered::kYes, "all versions"};
  Coverage best{Covered::kNo, {}};
  for (const BoundSet& bounds : alternatives_) {
    Coverage one = judge(version, bounds);
    if (one.answer == Covered::kYes) return one;
    if (one.answer == Covered::kUnknown && best.answer == Covered::kNo) best = {Covered::kUnknown, {}};
    if (one.answer != best.answer || best.reason.size() > 400) continue;
    best.reason += (best.reason.empty() ? "" : "; ") + one.reason;
  }
  return best;
}

Coverage VersionRange::covers(const Version& version) const {
  Coverage by_number = covers_number(version);
  if (by_number.answer != Covered::kYes) return by_number;
  for (const Condition& condition : conditions_) {
    if (condition.kind != ConditionKind::kNote)
      return {Covered::kUnknown, fmt::format("{}; whether the rest holds is not known ({})", by_number.reason,
                                             condition_text(condition))};
  }
  return by_number;
}

Coverage VersionRange::covers(std::string_view version) const {
  const auto read_version = Version::read(version);
  if (read_version) return covers(*read_version);
  if (all()) {
    for (const Condition& condition : conditions_) {
      if (condition.kind != ConditionKind::kNote)
        return {Covered::kUnknown, "whether it holds is not known (" + condition_text(condition) + ")"};
    }
    return {Covered::kYes, "all versions"};
  }
  if (trim(version).empty()) return {Covered::kUnknown, "the device's version is not known"};
  return {Covered::kUnknown,
          fmt::format("\"{}\" is no version that can be compared", clean_text(version, 64))};
}

}  // namespace bedrail
