// NVD's CVE JSON 2.0: pages of its interface and its yearly files. Read: identifier, dates, status,
// weaknesses, scores of all editions, configurations, CISA's marks. Not read: descriptions and references.
//
// A configuration is a tree of two levels. What is "vulnerable" in it is stated of; what is not, and has to
// be there beside it (a configuration's or a node's AND), stands as a condition in words.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "knowledge/feeds/cpe.h"
#include "knowledge/feeds/feed_kinds.h"
#include "knowledge/feeds/json_feed.h"

namespace bedrail {
namespace {

/// Statements of one CVE; the largest has some ten thousand.
constexpr std::size_t kStatements = 100'000;
/// Companions that a condition names; more are counted.
constexpr std::size_t kCompanions = 6;

bool any(const std::string& value) { return value.empty() || value == "*" || value == "-"; }

/// One cpeMatch as a statement: names, bounds, and what else its CPE narrows.
AffectedProduct product_of(const JsonValue& match) {
  AffectedProduct out;
  const CpeName cpe = parse_cpe(match.required("criteria").text());
  if (cpe.product.empty()) match["criteria"].fault("is no CPE name");
  out.part = cpe.part;
  out.vendor = cpe_words(cpe.vendor);
  out.product = cpe_words(cpe.product);
  StatedVersions& versions = out.versions;
  versions.from = name_of(match["versionStartIncluding"]);
  versions.from_included = true;
  if (versions.from.empty()) {
    versions.from = name_of(match["versionStartExcluding"]);
    versions.from_included = versions.from.empty();
  }
  versions.until = name_of(match["versionEndIncluding"]);
  versions.until_included = !versions.until.empty();
  if (versions.until.empty()) versions.until = name_of(match["versionEndExcluding"]);
  if (!versions.bounded()) {
    versions.text = any(cpe.version) ? cpe.version : cpe_words(cpe.version);
    if (!any(cpe.version) && !any(cpe.update)) versions.text += " " + cpe_words(cpe.update);
  }
  const std::pair<const char*, const std::string*> narrows[] = {{"edition", &cpe.edition},
                                                                {"edition", &cpe.software_edition},
                                                                {"on", &cpe.target_software},
                                                                {"on", &cpe.target_hardware}};
  for (const auto& [word, value] : narrows) {
    if (!any(*value))
      out.condition += fmt::format("{}{} {}", out.condition.empty() ? "" : "; ", word, cpe_words(*value));
  }
  return out;
}

/// "Vendor Product 1.0 to 2.0", for people.
std::string words_of(const AffectedProduct& product) {
  std::string out = product.vendor + " " + product.product;
  const StatedVersions& v = product.versions;
  if (!any(v.text)) out += " " + v.text;
  if (!v.from.empty()) out += fmt::format(" from {}", v.from);
  if (!v.until.empty()) out += fmt::format(" {} {}", v.until_included ? "up to" : "before", v.until);
  return out;
}

/// One node: what it states, and what it asks for besides.
struct Node {
  std::vector<AffectedProduct> vulnerable;
  std::string companions;
  bool all = false, negated = false;
};

Node node_of(const JsonValue& value) {
  Node out;
  out.all = value["operator"].text() == "AND";
  out.negated = value["negate"].boolean();
  std::size_t count = 0;
  value["cpeMatch"].each([&](const JsonValue& match) {
    AffectedProduct product = product_of(match);
    if (match["vulnerable"].boolean() && !out.negated) {
      out.vulnerable.push_back(std::move(product));
      return;
    }
    if (count++ < kCompanions)
      out.companions += fmt::format("{}{}", count == 1 ? "" : out.all ? " and " : " or ", words_of(product));
  });
  if (count > kCompanions) out.companions += fmt::format(" or {} more", count - kCompanions);
  if (out.negated && !out.companions.empty()) out.companions = "not " + out.companions;
  return out;
}

/// What all nodes but one ask for: other nodes of an AND stand beside it, vulnerable themselves or not.
std::string beside(const std::vector<Node>& nodes, std::size_t but, bool all) {
  std::string out;
  const auto add = [&](const std::string& words) {
    if (!words.empty()) out += fmt::format("{}{}", out.empty() ? "with " : "; with ", words);
  };
  // A node's own companions count where it asks for all, or where nothing else binds them.
  add(nodes[but].all || all ? nodes[but].companions : std::string());
  for (std::size_t i = 0; all && i < nodes.size(); ++i) {
    if (i == but) continue;
    std::string words = nodes[i].companions;
    if (words.empty() && !nodes[i].vulnerable.empty()) {
      words = words_of(nodes[i].vulnerable.front());
      if (nodes[i].vulnerable.size() > 1) words += fmt::format(" or {} more", nodes[i].vulnerable.size() - 1);
    }
    add(words);
  }
  return out;
}

void configuration(const JsonValue& value, FeedRecord& record) {
  std::vector<Node> nodes;
  value["nodes"].each([&](const JsonValue& node) { nodes.push_back(node_of(node)); });
  const bool all = value["operator"].text() == "AND";
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::string condition = beside(nodes, i, all);
    for (AffectedProduct& product : nodes[i].vulnerable) {
      if (record.affected.size() >= kStatements)
        return value.fault(fmt::format("brings the statements above {}", kStatements));
      product.cve = record.key;
      product.leaf = static_cast<std::uint32_t>(record.affected.size());
      if (!condition.empty()) product.condition += (product.condition.empty() ? "" : "; ") + condition;
      record.affected.push_back(product);
    }
  }
}

void scores(const JsonValue& metrics, Vulnerability& out) {
  for (const char* const scheme : {"cvssMetricV2", "cvssMetricV30", "cvssMetricV31", "cvssMetricV40"}) {
    metrics[scheme].each([&](const JsonValue& metric) {
      const JsonValue data = metric["cvssData"];
      out.cvss.push_back({name_of(data["version"]),
                          name_of(data["vectorString"]),
                          data["baseScore"].number(),
                          name_of(metric["source"]),
                          {}});
    });
  }
}

Result<void> vulnerability(const JsonValue& entry, FeedSink& sink) {
  const JsonValue cve = entry.required("cve");
  FeedRecord record;
  record.key = name_of(cve.required("id"));
  record.modified = time_of(cve.required("lastModified"));
  // What was rejected says nothing any more, and must not come back with an older file.
  record.live = cve["vulnStatus"].text() != "Rejected";
  if (!record.live) return sink.put(record);
  Vulnerability& out = record.vulnerabilities.emplace_back();
  out.cve = record.key;
  out.title = name_of(cve["cisaVulnerabilityName"]);
  out.published = time_of(cve["published"]);
  out.modified = record.modified;
  cve["weaknesses"].each([&](const JsonValue& weakness) {
    weakness["description"].each([&](const JsonValue& description) {
      std::string id = name_of(description["value"]);
      const bool known = std::find(out.cwe.begin(), out.cwe.end(), id) != out.cwe.end();
      if (id.starts_with("CWE-") && !known) out.cwe.push_back(std::move(id));
    });
  });
  scores(cve["metrics"], out);
  cve["configurations"].each([&](const JsonValue& each) { configuration(each, record); });
  return sink.put(record);
}

}  // namespace

Result<void> read_nvd(FeedSource& source, FeedSink& sink) {
  return read_json_items(
      source, "vulnerabilities", [&](const JsonValue& entry) { return vulnerability(entry, sink); },
      [&](const JsonValue& rest) -> Result<void> {
        sink.dated(time_of(rest["timestamp"]));
        return {};
      });
}

}  // namespace bedrail
