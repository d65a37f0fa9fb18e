// CSAF 2.0 (OASIS Standard, 18 November 2022): advisories and VEX. Read: tracking, publisher, references; the
// product tree with relationships; of each vulnerability its CVE, weaknesses, scores, status lists, flags,
// threats and remediations. Not read: notes (some print passwords; they are long, and nothing here needs
// them).
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "knowledge/feeds/feed_kinds.h"
#include "knowledge/feeds/json_feed.h"
#include "knowledge/feeds/product_tree.h"

namespace bedrail {
namespace {

/// Statements of one document. A vendor of a whole distribution makes some ten thousand.
constexpr std::size_t kStatements = 200'000;

/// The status lists (3.2.3.9) and what they say. "recommended" is no status: a remediation tells of it.
constexpr std::pair<std::string_view, AffectedStatus> kLists[] = {
    {"known_affected", AffectedStatus::kAffected},
    {"first_affected", AffectedStatus::kAffected},
    {"last_affected", AffectedStatus::kAffected},
    {"fixed", AffectedStatus::kFixed},
    {"first_fixed", AffectedStatus::kFixed},
    {"known_not_affected", AffectedStatus::kNotAffected},
    {"under_investigation", AffectedStatus::kUnderInvestigation},
};

class CsafReader {
 public:
  FeedRecord read(const JsonValue& root) {
    head(root.required("document"));
    tree_.read(root["product_tree"]);
    root["vulnerabilities"].each([&](const JsonValue& one) { vulnerability(one); });
    if (name_of(root["document"]["category"]) != "csaf_vex") unstated(root["vulnerabilities"]);
    return std::move(record_);
  }

 private:
  void head(const JsonValue& document) {
    const std::string version = name_of(document.required("csaf_version"));
    if (!version.empty() && version != "2.0" && version != "2.1")
      document["csaf_version"].fault("is neither 2.0 nor 2.1, the versions that can be read");
    const JsonValue tracking = document.required("tracking");
    Advisory& advisory = record_.advisory.emplace();
    advisory.id = name_of(tracking.required("id"));
    advisory.title = name_of(document["title"]);
    advisory.publisher = name_of(document.required("publisher").required("name"));
    advisory.published = time_of(tracking["initial_release_date"]);
    advisory.updated = time_of(tracking.required("current_release_date"));
    advisory.revision = name_of(tracking["version"]);
    document["references"].each([&](const JsonValue& reference) {
      if (reference["category"].text() != "self") return;
      const std::string url = name_of(reference["url"]);
      // The page for people stands before the file for programs.
      if (advisory.url.empty() || (advisory.url.ends_with(".json") && !url.ends_with(".json")))
        advisory.url = url;
    });
    record_.key = advisory.publisher + " " + advisory.id;
    record_.modified = advisory.updated;
  }

  void vulnerability(const JsonValue& one) {
    Vulnerability out;
    out.cve = name_of(one["cve"]);
    one["ids"].each([&](const JsonValue& id) {
      if (out.cve.empty()) out.cve = name_of(id["text"]);
    });
    if (out.cve.empty())
      out.cve = fmt::format("{} #{}", record_.advisory->id, record_.vulnerabilities.size() + 1);
    out.title = name_of(one["title"]);
    out.published = time_of(one["release_date"]);
    if (one["cwe"].there()) out.cwe.push_back(name_of(one["cwe"]["id"]));
    one["cwes"].each([&](const JsonValue& cwe) { out.cwe.push_back(name_of(cwe["id"])); });
    one["scores"].each([&](const JsonValue& score) {
      for (const char* const scheme : {"cvss_v2", "cvss_v3"}) cvss(score, score[scheme], out);
    });
    one["metrics"].each([&](const JsonValue& metric) {
      const JsonValue content = metric["content"];
      for (const char* const scheme : {"cvss_v2", "cvss_v3", "cvss_v4"}) cvss(metric, content[scheme], out);
    });
    statements(one, out.cve);
    one["remediations"].each([&](const JsonValue& each) { remediation(each, out.cve); });
    record_.vulnerabilities.push_back(std::move(out));
  }

  void cvss(const JsonValue& score, const JsonValue& scheme, Vulnerability& out) {
    if (!scheme.there()) return;
    out.cvss.push_back({name_of(scheme["version"]), name_of(scheme["vectorString"]),
                        scheme["baseScore"].number(), record_.advisory->publisher,
                        tree_.leaves(score["products"])});
  }

  void statements(const JsonValue& one, const std::string& cve) {
    const std::map<std::uint32_t, std::string> reasons = justifications(one);
    const JsonValue lists = one["product_status"];
    // first_affected and known_affected may name one product.
    std::map<std::uint32_t, AffectedStatus> seen;
    for (const auto& [name, status] : kLists) {
      for (const std::uint32_t leaf : tree_.leaves(lists[name])) {
        if (const auto known = seen.find(leaf); known != seen.end() && known->second == status) continue;
        seen[leaf] = status;
        stated_.insert(leaf);
        if (full(lists)) return;
        AffectedProduct& made = state(leaf, cve, status);
        const auto reason = reasons.find(leaf);
        if (status == AffectedStatus::kNotAffected && reason != reasons.end())
          made.justification = reason->second;
      }
    }
  }

  AffectedProduct& state(std::uint32_t leaf, const std::string& cve, AffectedStatus status) {
    AffectedProduct& made = record_.affected.emplace_back(tree_.leaf(leaf));
    made.cve = cve;
    made.status = status;
    return made;
  }
  bool full(const JsonValue& here) const {
    if (record_.affected.size() < kStatements) return false;
    here.fault(fmt::format("makes more than {} statements in one document", kStatements));
    return true;
  }

  /// Products that an advisory names and then forgets: it does not say that they are affected, and still less
  /// that they are not.
  void unstated(const JsonValue& here) {
    for (std::uint32_t leaf = 0; leaf < tree_.size(); ++leaf) {
      if (stated_.contains(leaf) || tree_.only_related(leaf)) continue;
      for (const Vulnerability& one : record_.vulnerabilities) {
        if (full(here)) return;
        state(leaf, one.cve, AffectedStatus::kUnderInvestigation).justification = "named without a status";
      }
    }
  }

  /// Why products are not affected: flags' labels (3.2.3.5), else what threats of the category "impact" say.
  std::map<std::uint32_t, std::string> justifications(const JsonValue& one) {
    std::map<std::uint32_t, std::string> out;
    one["flags"].each([&](const JsonValue& flag) {
      for (const std::uint32_t leaf : tree_.leaves_and_groups(flag))
        out.emplace(leaf, name_of(flag["label"]));
    });
    one["threats"].each([&](const JsonValue& threat) {
      if (threat["category"].text() != "impact") return;
      const std::string details = without_secrets(text_of(threat["details"]));
      for (const std::uint32_t leaf : tree_.leaves_and_groups(threat)) out.emplace(leaf, details);
    });
    return out;
  }

  void remediation(const JsonValue& each, const std::string& cve) {
    Remediation out;
    out.cve = cve;
    out.category = name_of(each.required("category"));
    out.text = without_secrets(text_of(each["details"]));
    out.url = name_of(each["url"]);
    out.date = time_of(each["date"]);
    out.leaves = tree_.leaves_and_groups(each);
    record_.remediations.push_back(std::move(out));
  }

  ProductTree tree_;
  FeedRecord record_;
  std::set<std::uint32_t> stated_;
};

}  // namespace

Result<void> read_csaf(FeedSource& source, FeedSink& sink) {
  FeedRecord record;
  auto read = read_json(source, [&](const JsonValue& root) -> Result<void> {
    record = CsafReader().read(root);
    return {};
  });
  if (!read) return read;
  sink.dated(record.modified);
  return sink.put(record);
}

}  // namespace bedrail
