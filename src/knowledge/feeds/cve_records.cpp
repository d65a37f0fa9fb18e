// CVE records, JSON 5.x: the CVE list's files and CISA's vulnrichment, which are the same records with CISA's
// container filled. One record a file, or a list of records. Read: of the CNA's and of each ADP's container
// the title, products, weaknesses, scores, solutions, workarounds; CISA's answers to SSVC. Not read:
// descriptions.
#include <fmt/format.h>

#include <algorithm>

#include "knowledge/feeds/cpe.h"
#include "knowledge/feeds/feed_kinds.h"
#include "knowledge/feeds/json_feed.h"

namespace bedrail {
namespace {

constexpr std::size_t kStatements = 100'000;

AffectedStatus status_of(std::string_view word) {
  if (word == "affected") return AffectedStatus::kAffected;
  return word == "unaffected" ? AffectedStatus::kNotAffected : AffectedStatus::kUnderInvestigation;
}

/// "0", "*" and the like: from the first version on.
bool first(const std::string& version) {
  return version == "0" || version == "*" || version == "unspecified" || version == "n/a" || version == "-";
}

class CveReader {
 public:
  FeedRecord read(const JsonValue& root) {
    const JsonValue about = root.required("cveMetadata");
    record_.key = name_of(about.required("cveId"));
    record_.modified = time_of(about[about["dateUpdated"].there() ? "dateUpdated" : "datePublished"]);
    record_.live = about.required("state").text() == "PUBLISHED";
    if (!record_.live) return std::move(record_);
    Vulnerability& out = record_.vulnerabilities.emplace_back();
    out.cve = record_.key;
    out.published = time_of(about["datePublished"]);
    out.modified = record_.modified;
    const JsonValue containers = root.required("containers");
    container(containers.required("cna"), out);
    containers["adp"].each([&](const JsonValue& adp) { container(adp, out); });
    return std::move(record_);
  }

 private:
  void container(const JsonValue& value, Vulnerability& out) {
    // An ADP's title names the container, not the vulnerability.
    if (out.title.empty() && leaf_ == 0) out.title = name_of(value["title"]);
    const std::string source = name_of(value["providerMetadata"]["shortName"]);
    value["affected"].each([&](const JsonValue& one) { product(one); });
    value["problemTypes"].each([&](const JsonValue& type) {
      type["descriptions"].each([&](const JsonValue& description) {
        std::string id = name_of(description["cweId"]);
        const bool known = std::find(out.cwe.begin(), out.cwe.end(), id) != out.cwe.end();
        if (!id.empty() && !known) out.cwe.push_back(std::move(id));
      });
    });
    value["metrics"].each([&](const JsonValue& metric) { score(metric, source, out); });
    remedies(value["solutions"], "vendor_fix");
    remedies(value["workarounds"], "workaround");
    ++leaf_;
  }

  void score(const JsonValue& metric, const std::string& source, Vulnerability& out) {
    for (const char* const scheme : {"cvssV2_0", "cvssV3_0", "cvssV3_1", "cvssV4_0"}) {
      const JsonValue cvss = metric[scheme];
      if (cvss.there())
        out.cvss.push_back({name_of(cvss["version"]),
                            name_of(cvss["vectorString"]),
                            cvss["baseScore"].number(),
                            source,
                            {}});
    }
    const JsonValue other = metric["other"];
    if (other["type"].text() != "ssvc") return;
    other["content"]["options"].each([&](const JsonValue& option) {
      const std::pair<const char*, std::string*> answers[] = {
          {"Exploitation", &out.ssvc.exploitation},
          {"Automatable", &out.ssvc.automatable},
          {"Technical Impact", &out.ssvc.technical_impact}};
      for (const auto& [name, into] : answers) {
        if (option[name].there()) *into = name_of(option[name]);
      }
    });
  }

  void remedies(const JsonValue& list, std::string_view category) {
    list.each([&](const JsonValue& each) {
      Remediation out;
      out.cve = record_.key;
      out.category = category;
      out.text = without_secrets(text_of(each["value"]));
      record_.remediations.push_back(std::move(out));
    });
  }

  /// One product of a container: its versions, and what holds for all others.
  void product(const JsonValue& one) {
    AffectedProduct as;
    as.cve = record_.key;
    as.leaf = leaf_++;
    as.vendor = name_of(one["vendor"]);
    as.product = name_of(one["product"]);
    if (as.product.empty()) as.product = name_of(one["packageName"]);
    one["cpes"].each([&](const JsonValue& cpe) {
      if (as.cpe.empty()) as.cpe = name_of(cpe);
    });
    as.part = parse_cpe(as.cpe).part;
    one["platforms"].each([&](const JsonValue& platform) {
      as.condition += fmt::format("{}{}", as.condition.empty() ? "on " : " or ", name_of(platform));
    });
    one["modules"].each([&](const JsonValue& module) {
      as.condition += fmt::format("{}{}", as.condition.empty() ? "module " : "; module ", name_of(module));
    });
    const std::size_t before = record_.affected.size();
    one["versions"].each([&](const JsonValue& version) { versions(version, as); });
    const bool said = one["defaultStatus"].there();
    if (!said && record_.affected.size() > before) return;
    as.status = status_of(said ? one["defaultStatus"].text() : std::string_view("affected"));
    as.otherwise = record_.affected.size() > before;
    // "The rest is unknown" says nothing beside versions that are named.
    if (as.otherwise && as.status == AffectedStatus::kUnderInvestigation) return;
    state(one, as);
  }

  void versions(const JsonValue& value, AffectedProduct as) {
    std::string at = name_of(value.required("version"));
    as.status = status_of(value.required("status").text());
    const bool before = value["lessThan"].there(), up_to = value["lessThanOrEqual"].there();
    if (!before && !up_to) {
      as.versions.text = std::move(at);
      return state(value, as);
    }
    if (!first(at)) as.versions.from = std::move(at);
    std::string end = name_of(value[before ? "lessThan" : "lessThanOrEqual"]);
    // Changes cut the range: each has a status of its own from its version on.
    value["changes"].each([&](const JsonValue& change) {
      AffectedProduct part = as;
      part.versions.until = name_of(change.required("at"));
      state(value, part);
      as.versions.from = part.versions.until;
      as.status = status_of(change.required("status").text());
    });
    if (end != "*") {
      as.versions.until = std::move(end);
      as.versions.until_included = up_to && !before;
    }
    if (!as.versions.bounded()) as.versions.text = "*";
    state(value, as);
  }

  void state(const JsonValue& here, const AffectedProduct& as) {
    if (record_.affected.size() >= kStatements)
      return here.fault(fmt::format("brings the statements above {}", kStatements));
    record_.affected.push_back(as);
  }

  FeedRecord record_;
  std::uint32_t leaf_ = 0;
};

}  // namespace

Result<void> read_cve_records(FeedSource& source, FeedSink& sink) {
  return read_json(source, [&](const JsonValue& root) -> Result<void> {
    if (!root.is_list()) {
      const FeedRecord record = CveReader().read(root);
      sink.dated(record.modified);
      return sink.put(record);
    }
    Result<void> done;
    root.each([&](const JsonValue& one) {
      if (!done) return;
      const FeedRecord record = CveReader().read(one);
      sink.dated(record.modified);
      done = sink.put(record);
    });
    return done;
  });
}

}  // namespace bedrail
