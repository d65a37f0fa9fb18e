#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <string>

#include "advisory/cvss4_table.h"
#include "advisory/cvss_metrics.h"

namespace bedrail {
namespace {

/// How far a value is from the most severe one, in steps (8.2); "S" (safety) stands above "H" of the
/// subsequent system.
int steps(std::string_view metric, std::string_view value) {
  const auto place = [&](std::string_view order) {
    const std::size_t at = order.find(value);
    return at == std::string_view::npos ? 0 : static_cast<int>(at);
  };
  if (metric == "AV") return place("NALP");
  if (metric == "PR") return place("NLH");
  if (metric == "UI") return place("NPA");
  if (metric == "AC") return place("LH");
  if (metric == "AT") return place("NP");
  if (metric.front() == 'V') return place("HLN");
  if (metric.front() == 'S') return place("SHLN");
  return place("HML");
}

/// Metrics with the highest severity of a level of an equation, each letter for one of the equation's
/// metrics.
struct Level {
  std::array<std::string_view, 5> highest;
  /// The steps from the highest to the lowest severity within the level.
  int depth;
};

constexpr std::array<std::string_view, 3> kNames1 = {"AV", "PR", "UI"};
constexpr std::array<std::string_view, 2> kNames2 = {"AC", "AT"};
constexpr std::array<std::string_view, 6> kNames3 = {"VC", "VI", "VA", "CR", "IR", "AR"};
constexpr std::array<std::string_view, 3> kNames4 = {"SC", "SI", "SA"};

// Tables 24 to 29 of the specification, and the depths of table 30.
constexpr Level kEq1[] = {{{"NNN"}, 1}, {{"ANN", "NLN", "NNP"}, 4}, {{"PNN", "ALP"}, 5}};
constexpr Level kEq2[] = {{{"LN"}, 1}, {{"HN", "LP"}, 2}};
/// Levels 0/0, 0/1, 1/0, 1/1 and 2/1 of the third and sixth equation, which are taken together.
constexpr Level kEq36[] = {{{"HHHHHH"}, 7},
                           {{"HHLMMH", "HHHMMM"}, 6},
                           {{"LHHHHH", "HLHHHH"}, 8},
                           {{"LHLHMH", "LHHHMM", "HLHMHM", "HLLMHH", "LLHHHM"}, 8},
                           {{"LLLHHH"}, 10}};
constexpr Level kEq4[] = {{{"HSS"}, 6}, {{"HHH"}, 5}, {{"LLL"}, 4}};

/// The levels of a vector: equations 1, 2, 3 with 6 (0 to 4), 4, 5.
using Macro = std::array<int, 5>;
constexpr Macro kLevels = {3, 2, 5, 3, 3};

/// The score of the level's most severe vector, in tenths; nothing below the lowest level.
std::optional<int> lookup(const Macro& macro) {
  std::size_t index = 0;
  for (std::size_t i = 0; i < macro.size(); ++i) {
    if (macro[i] >= kLevels[i]) return std::nullopt;
    index = index * static_cast<std::size_t>(kLevels[i]) + static_cast<std::size_t>(macro[i]);
  }
  return kCvss4Scores[index];
}

class Scorer4 {
 public:
  Scorer4(const Cvss& cvss, bool threat, bool environment)
      : cvss_(cvss), threat_(threat), environment_(environment) {}

  [[nodiscard]] double score() const {
    if (is("VC", "N") && is("VI", "N") && is("VA", "N") && is("SC", "N") && is("SI", "N") && is("SA", "N"))
      return 0.0;
    const Macro macro = levels();
    const double value = *lookup(macro);
    double sum = 0.0;
    int count = 0;
    for (std::size_t equation = 0; equation < macro.size(); ++equation) {
      const auto below = next_below(macro, equation);
      if (!below) continue;
      ++count;
      sum += (value - *below) * part_of_depth(macro, equation);
    }
    const double tenths = std::clamp(value - (count == 0 ? 0.0 : sum / count), 0.0, 100.0);
    return std::floor(tenths + 0.5 + 1e-6) / 10.0;
  }

 private:
  [[nodiscard]] std::string_view value(std::string_view name) const {
    if (name == "E") {
      const std::string_view maturity = threat_ ? cvss_.metric("E") : std::string_view{};
      return maturity.empty() ? "A" : maturity;
    }
    if (name == "CR" || name == "IR" || name == "AR") {
      const std::string_view required = environment_ ? cvss_.metric(name) : std::string_view{};
      return required.empty() ? "H" : required;
    }
    const std::string_view modified =
        environment_ ? cvss_.metric("M" + std::string(name)) : std::string_view{};
    return modified.empty() ? cvss_.metric(name) : modified;
  }
  [[nodiscard]] bool is(std::string_view name, std::string_view wanted) const {
    return value(name) == wanted;
  }

  [[nodiscard]] Macro levels() const {
    const bool network = is("AV", "N"), open = is("PR", "N"), alone = is("UI", "N");
    const bool vc = is("VC", "H"), vi = is("VI", "H"), va = is("VA", "H");
    const bool required = (vc && is("CR", "H")) || (vi && is("IR", "H")) || (va && is("AR", "H"));
    Macro out{};
    out[0] = network && open && alone ? 0 : (network || open || alone) && !is("AV", "P") ? 1 : 2;
    out[1] = is("AC", "L") && is("AT", "N") ? 0 : 1;
    out[2] = vc && vi ? (required ? 0 : 1) : vc || vi || va ? (required ? 2 : 3) : 4;
    out[3] = is("SI", "S") || is("SA", "S") ? 0 : is("SC", "H") || is("SI", "H") || is("SA", "H") ? 1 : 2;
    out[4] = is("E", "A") ? 0 : is("E", "P") ? 1 : 2;
    return out;
  }

  /// The score of the level below in one equation; of the two below 0/0 of the third and sixth the higher
  /// one.
  static std::optional<int> next_below(const Macro& macro, std::size_t equation) {
    Macro below = macro;
    if (equation != 2) {
      ++below[equation];
      return lookup(below);
    }
    switch (macro[2]) {
      case 0: {
        below[2] = 1;
        const auto left = lookup(below);
        below[2] = 2;
        const auto right = lookup(below);
        return std::max(left, right);
      }
      case 1:
      case 2:
        below[2] = 3;
        return lookup(below);
      case 3:
        below[2] = 4;
        return lookup(below);
      default:
        return std::nullopt;
    }
  }

  /// How deep the vector stands in its level: 0 at its most severe. The fifth equation has one metric and no
  /// depth.
  [[nodiscard]] double part_of_depth(const Macro& macro, std::size_t equation) const {
    switch (equation) {
      case 0:
        return distance(kNames1, kEq1[macro[0]]);
      case 1:
        return distance(kNames2, kEq2[macro[1]]);
      case 2:
        return distance(kNames3, kEq36[macro[2]]);
      case 3:
        return distance(kNames4, kEq4[macro[3]]);
      default:
        return 0.0;
    }
  }

  /// From the first of the level's highest vectors that is nowhere below this one.
  [[nodiscard]] double distance(std::span<const std::string_view> names, const Level& level) const {
    for (const std::string_view highest : level.highest) {
      if (highest.empty()) break;
      int sum = 0;
      bool above = true;
      for (std::size_t i = 0; i < names.size(); ++i) {
        const int one = steps(names[i], value(names[i])) - steps(names[i], highest.substr(i, 1));
        above = above && one >= 0;
        sum += one;
      }
      if (above) return static_cast<double>(sum) / level.depth;
    }
    return 0.0;
  }

  const Cvss& cvss_;
  bool threat_, environment_;
};

}  // namespace

double cvss4_score(const Cvss& cvss, bool threat, bool environment) {
  return Scorer4(cvss, threat, environment).score();
}

}  // namespace bedrail
