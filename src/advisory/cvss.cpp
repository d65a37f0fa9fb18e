#include "advisory/cvss.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "advisory/cvss_metrics.h"
#include "base/text.h"

namespace bedrail {
namespace {

constexpr std::size_t kMaxVector = 512;
using enum CvssGroup;

constexpr CvssMetric kMetrics2[] = {{"AV", "L|A|N", kBase},
                                    {"AC", "H|M|L", kBase},
                                    {"Au", "M|S|N", kBase},
                                    {"C", "N|P|C", kBase},
                                    {"I", "N|P|C", kBase},
                                    {"A", "N|P|C", kBase},
                                    {"E", "U|POC|F|H|ND", kThreat},
                                    {"RL", "OF|TF|W|U|ND", kThreat},
                                    {"RC", "UC|UR|C|ND", kThreat},
                                    {"CDP", "N|L|LM|MH|H|ND", kEnvironment},
                                    {"TD", "N|L|M|H|ND", kEnvironment},
                                    {"CR", "L|M|H|ND", kEnvironment},
                                    {"IR", "L|M|H|ND", kEnvironment},
                                    {"AR", "L|M|H|ND", kEnvironment}};

constexpr CvssMetric kMetrics3[] = {{"AV", "N|A|L|P", kBase},
                                    {"AC", "L|H", kBase},
                                    {"PR", "N|L|H", kBase},
                                    {"UI", "N|R", kBase},
                                    {"S", "U|C", kBase},
                                    {"C", "H|L|N", kBase},
                                    {"I", "H|L|N", kBase},
                                    {"A", "H|L|N", kBase},
                                    {"E", "X|H|F|P|U", kThreat},
                                    {"RL", "X|U|W|T|O", kThreat},
                                    {"RC", "X|C|R|U", kThreat},
                                    {"CR", "X|H|M|L", kEnvironment},
                                    {"IR", "X|H|M|L", kEnvironment},
                                    {"AR", "X|H|M|L", kEnvironment},
                                    {"MAV", "X|N|A|L|P", kEnvironment},
                                    {"MAC", "X|L|H", kEnvironment},
                                    {"MPR", "X|N|L|H", kEnvironment},
                                    {"MUI", "X|N|R", kEnvironment},
                                    {"MS", "X|U|C", kEnvironment},
                                    {"MC", "X|N|L|H", kEnvironment},
                                    {"MI", "X|N|L|H", kEnvironment},
                                    {"MA", "X|N|L|H", kEnvironment}};

constexpr CvssMetric kMetrics4[] = {{"AV", "N|A|L|P", kBase},
                                    {"AC", "L|H", kBase},
                                    {"AT", "N|P", kBase},
                                    {"PR", "N|L|H", kBase},
                                    {"UI", "N|P|A", kBase},
                                    {"VC", "H|L|N", kBase},
                                    {"VI", "H|L|N", kBase},
                                    {"VA", "H|L|N", kBase},
                                    {"SC", "H|L|N", kBase},
                                    {"SI", "H|L|N", kBase},
                                    {"SA", "H|L|N", kBase},
                                    {"E", "X|A|P|U", kThreat},
                                    {"CR", "X|H|M|L", kEnvironment},
                                    {"IR", "X|H|M|L", kEnvironment},
                                    {"AR", "X|H|M|L", kEnvironment},
                                    {"MAV", "X|N|A|L|P", kEnvironment},
                                    {"MAC", "X|L|H", kEnvironment},
                                    {"MAT", "X|N|P", kEnvironment},
                                    {"MPR", "X|N|L|H", kEnvironment},
                                    {"MUI", "X|N|P|A", kEnvironment},
                                    {"MVC", "X|H|L|N", kEnvironment},
                                    {"MVI", "X|H|L|N", kEnvironment},
                                    {"MVA", "X|H|L|N", kEnvironment},
                                    {"MSC", "X|H|L|N", kEnvironment},
                                    {"MSI", "X|H|L|N|S", kEnvironment},
                                    {"MSA", "X|H|L|N|S", kEnvironment},
                                    {"S", "X|N|P", kSupplement},
                                    {"AU", "X|N|Y", kSupplement},
                                    {"R", "X|A|U|I", kSupplement},
                                    {"V", "X|D|C", kSupplement},
                                    {"RE", "X|L|M|H", kSupplement},
                                    {"U", "X|Clear|Green|Amber|Red", kSupplement}};

constexpr std::pair<std::string_view, CvssVersion> kPrefixes[] = {
    {"CVSS:3.0/", CvssVersion::k30}, {"CVSS:3.1/", CvssVersion::k31}, {"CVSS:4.0/", CvssVersion::k40}};

bool is_undefined(std::string_view value) { return value == "X" || value == "ND"; }

/// The place of `value` in a list parted by '|', or -1.
int place_of(std::string_view values, std::string_view value) {
  for (int place = 0;; ++place) {
    const std::size_t end = std::min(values.find('|'), values.size());
    if (values.substr(0, end) == value) return place;
    if (end == values.size()) return -1;
    values.remove_prefix(end + 1);
  }
}

std::string_view value_at(std::string_view values, int place) {
  for (; place > 0; --place) values.remove_prefix(std::min(values.find('|') + 1, values.size()));
  return values.substr(0, std::min(values.find('|'), values.size()));
}

double score_of(const Cvss& cvss, bool threat, bool environment) {
  if (cvss.version() == CvssVersion::k2) return cvss2_score(cvss, threat, environment);
  if (cvss.version() == CvssVersion::k40) return cvss4_score(cvss, threat, environment);
  return cvss3_score(cvss, threat, environment);
}

}  // namespace

std::span<const CvssMetric> cvss_metrics(CvssVersion version) {
  if (version == CvssVersion::k2) return kMetrics2;
  return version == CvssVersion::k40 ? std::span<const CvssMetric>(kMetrics4) : kMetrics3;
}

/// Takes a vector apart, metric by metric.
class CvssReader {
 public:
  static Result<Cvss> read(std::string_view vector) {
    if (vector.size() > kMaxVector) return failure("a CVSS vector has at most 512 bytes");
    if (vector.size() > 2 && vector.front() == '(' && vector.back() == ')')
      vector = vector.substr(1, vector.size() - 2);
    Cvss cvss;
    cvss.version_ = CvssVersion::k2;
    for (const auto& [prefix, version] : kPrefixes) {
      if (!vector.starts_with(prefix)) continue;
      cvss.version_ = version;
      vector.remove_prefix(prefix.size());
    }
    if (vector.starts_with("CVSS:"))
      return failure(fmt::format("\"{}\" is no version of CVSS that is known: 3.0, 3.1 and 4.0 are",
                                 clean_text(vector.substr(0, vector.find('/')), 32)));
    if (vector.empty()) return failure("the CVSS vector is empty");
    std::size_t last = 0;
    while (true) {
      const std::size_t end = std::min(vector.find('/'), vector.size());
      const auto index = take(cvss, vector.substr(0, end));
      if (!index) return tl::unexpected(index.error());
      if (cvss.version_ == CvssVersion::k40 && *index < last)
        return failure(fmt::format("the metric {} stands out of order", kMetrics4[*index].name));
      last = *index;
      if (end == vector.size()) break;
      vector.remove_prefix(end + 1);
    }
    for (std::size_t i = 0; i < cvss_metrics(cvss.version_).size(); ++i) {
      const CvssMetric& metric = cvss_metrics(cvss.version_)[i];
      if (metric.group == kBase && cvss.values_[i] == Cvss::kUndefined)
        return failure(fmt::format("the metric {} is missing", metric.name));
    }
    return cvss;
  }

  /// One "AV:N": where it stands in the standard's order.
  static Result<std::size_t> take(Cvss& cvss, std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos)
      return failure(fmt::format("\"{}\" is no metric with a value", clean_text(text, 32)));
    const auto metrics = cvss_metrics(cvss.version_);
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      if (metrics[i].name != text.substr(0, colon)) continue;
      const int place = place_of(metrics[i].values, text.substr(colon + 1));
      if (place < 0)
        return failure(fmt::format("the metric {} has no value \"{}\": it is one of {}", metrics[i].name,
                                   clean_text(text.substr(colon + 1), 32), metrics[i].values));
      if (cvss.values_[i] != Cvss::kUndefined)
        return failure(fmt::format("the metric {} stands twice", metrics[i].name));
      cvss.values_[i] = static_cast<std::uint8_t>(place);
      return i;
    }
    return failure(fmt::format("\"{}\" is no metric of this version", clean_text(text.substr(0, colon), 32)));
  }

  static void clear(Cvss& cvss, std::string_view name) {
    const auto metrics = cvss_metrics(cvss.version_);
    for (std::size_t i = 0; i < metrics.size(); ++i)
      if (metrics[i].name == name) cvss.values_[i] = Cvss::kUndefined;
  }
};

Result<Cvss> Cvss::parse(std::string_view vector) { return CvssReader::read(vector); }

std::string_view Cvss::metric(std::string_view name) const {
  const auto metrics = cvss_metrics(version_);
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    if (metrics[i].name != name || values_[i] == kUndefined) continue;
    const std::string_view value = value_at(metrics[i].values, values_[i]);
    return is_undefined(value) ? std::string_view{} : value;
  }
  return {};
}

Result<Cvss> Cvss::with(std::string_view name, std::string_view value) const {
  Cvss changed = *this;
  CvssReader::clear(changed, name);
  if (auto taken = CvssReader::take(changed, fmt::format("{}:{}", name, value)); !taken)
    return tl::unexpected(taken.error());
  return changed;
}

std::string Cvss::vector() const {
  std::string out;
  for (const auto& [prefix, version] : kPrefixes)
    if (version == version_) out = prefix.substr(0, prefix.size() - 1);
  for (const CvssMetric& info : cvss_metrics(version_)) {
    const std::string_view value = metric(info.name);
    if (!value.empty()) out += fmt::format("{}{}:{}", out.empty() ? "" : "/", info.name, value);
  }
  return out;
}

bool Cvss::has_threat() const {
  return std::any_of(cvss_metrics(version_).begin(), cvss_metrics(version_).end(),
                     [&](const CvssMetric& m) { return m.group == kThreat && !metric(m.name).empty(); });
}

bool Cvss::has_environment() const {
  return std::any_of(cvss_metrics(version_).begin(), cvss_metrics(version_).end(),
                     [&](const CvssMetric& m) { return m.group == kEnvironment && !metric(m.name).empty(); });
}

double Cvss::base_score() const { return score_of(*this, false, false); }
double Cvss::threat_score() const { return score_of(*this, true, false); }
double Cvss::score() const { return score_of(*this, true, has_environment()); }

std::string Cvss::nomenclature() const {
  return fmt::format("CVSS-B{}{}", has_threat() ? "T" : "", has_environment() ? "E" : "");
}

std::string_view cvss_severity(double score, CvssVersion version) {
  if (version == CvssVersion::k2) return score < 3.95 ? "low" : score < 6.95 ? "medium" : "high";
  if (score < 0.05) return "none";
  if (score < 3.95) return "low";
  if (score < 6.95) return "medium";
  return score < 8.95 ? "high" : "critical";
}

}  // namespace bedrail
