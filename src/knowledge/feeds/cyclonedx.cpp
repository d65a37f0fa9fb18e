// CycloneDX 1.4 to 1.6, JSON: bills of materials, and VEX. Read: what the bill is about, its components at
// any depth, and of its vulnerabilities ratings, weaknesses, the analysis, and whom they affect.
#include <fmt/format.h>

#include <map>

#include "knowledge/feeds/cpe.h"
#include "knowledge/feeds/feed_kinds.h"
#include "knowledge/feeds/json_feed.h"

namespace bedrail {
namespace {

constexpr std::size_t kComponents = 100'000;
constexpr std::size_t kStatements = 200'000;

/// An analysis' state in CSAF's words.
AffectedStatus status_of(std::string_view state) {
  if (state == "resolved" || state == "resolved_with_pedigree") return AffectedStatus::kFixed;
  if (state == "not_affected" || state == "false_positive") return AffectedStatus::kNotAffected;
  return state == "exploitable" || state.empty() ? AffectedStatus::kAffected
                                                 : AffectedStatus::kUnderInvestigation;
}

std::string supplier_of(const JsonValue& component) {
  for (const char* const name : {"supplier", "manufacturer", "manufacture"}) {
    if (std::string out = name_of(component[name]["name"]); !out.empty()) return out;
  }
  const std::string publisher = name_of(component["publisher"]);
  return publisher.empty() ? name_of(component["author"]) : publisher;
}

/// "CVSSv31" as "3.1".
std::string version_of(std::string_view method) {
  const std::pair<std::string_view, std::string_view> known[] = {
      {"CVSSv2", "2.0"}, {"CVSSv3", "3.0"}, {"CVSSv31", "3.1"}, {"CVSSv4", "4.0"}};
  for (const auto& [name, version] : known) {
    if (name == method) return std::string(version);
  }
  return {};
}

class BillReader {
 public:
  FeedRecord read(const JsonValue& root) {
    if (root.required("bomFormat").text() != "CycloneDX") root["bomFormat"].fault("is not \"CycloneDX\"");
    const std::string version = name_of(root.required("specVersion"));
    if (version != "1.4" && version != "1.5" && version != "1.6")
      root["specVersion"].fault("is none of 1.4, 1.5, 1.6, the versions that can be read");
    const JsonValue about = root["metadata"], whole = about["component"];
    record_.modified = time_of(about["timestamp"]);
    BillSubject& subject = record_.subject.emplace();
    subject = {supplier_of(whole), name_of(whole["name"]), name_of(whole["version"])};
    if (subject.supplier.empty()) subject.supplier = supplier_of(about);
    record_.key = name_of(root["serialNumber"]);
    if (record_.key.empty())
      record_.key = fmt::format("{} {} {}", subject.supplier, subject.name, subject.version);
    if (whole.there()) note(whole, {subject.supplier, subject.name, subject.version, {}, {}});
    components(whole["components"]);
    components(root["components"]);
    root["vulnerabilities"].each([&](const JsonValue& one) { vulnerability(one); });
    return std::move(record_);
  }

 private:
  struct Named {
    std::string supplier, name, version, cpe, purl;
  };

  void note(const JsonValue& component, Named named) {
    const std::string reference = name_of(component["bom-ref"]);
    if (!reference.empty()) named_.emplace(reference, std::move(named));
  }

  // As deep as a document may be nested, which is bounded.
  void components(const JsonValue& list) {
    list.each([&](const JsonValue& one) {
      if (record_.components.size() >= kComponents)
        return list.fault(fmt::format("lists more than {} components", kComponents));
      SoftwareComponent out;
      out.reference = name_of(one["bom-ref"]);
      out.type = name_of(one["type"]);
      out.supplier = supplier_of(one);
      out.name = name_of(one.required("name"));
      out.version = name_of(one["version"]);
      out.cpe = name_of(one["cpe"]);
      out.purl = name_of(one["purl"]);
      note(one, {out.supplier, out.name, out.version, out.cpe, out.purl});
      record_.components.push_back(std::move(out));
      components(one["components"]);
    });
  }

  void vulnerability(const JsonValue& one) {
    Vulnerability& out = record_.vulnerabilities.emplace_back();
    out.cve = name_of(one.required("id"));
    out.published = time_of(one["published"]);
    out.modified = time_of(one["updated"]);
    one["cwes"].each(
        [&](const JsonValue& cwe) { out.cwe.push_back(fmt::format("CWE-{:.0f}", cwe.number())); });
    one["ratings"].each([&](const JsonValue& rating) {
      const std::string version = version_of(rating["method"].text());
      if (!version.empty())
        out.cvss.push_back({version,
                            name_of(rating["vector"]),
                            rating["score"].number(),
                            name_of(rating["source"]["name"]),
                            {}});
    });
    const std::string cve = out.cve;
    const std::pair<const char*, const char*> remedies[] = {{"recommendation", "mitigation"},
                                                            {"workaround", "workaround"}};
    for (const auto& [name, category] : remedies) {
      if (one[name].there())
        record_.remediations.push_back({cve, category, without_secrets(text_of(one[name])), {}, {}, {}});
    }
    const JsonValue analysis = one["analysis"];
    one["affects"].each([&](const JsonValue& target) { affects(target, analysis, cve); });
  }

  void affects(const JsonValue& target, const JsonValue& analysis, const std::string& cve) {
    AffectedProduct as;
    as.cve = cve;
    as.status = status_of(analysis["state"].text());
    as.justification = name_of(analysis["justification"]);
    if (as.justification.empty()) as.justification = without_secrets(text_of(analysis["detail"], kLongName));
    if (as.status != AffectedStatus::kNotAffected) as.justification.clear();
    std::string reference = name_of(target.required("ref"));
    // "urn:cdx:SERIAL/VERSION#REF": a part of another bill.
    if (const std::size_t hash = reference.find('#');
        reference.starts_with("urn:cdx:") && hash != std::string::npos)
      reference.erase(0, hash + 1);
    const auto found = named_.find(reference);
    const Named named = found == named_.end() ? Named{{}, reference, {}, {}, {}} : found->second;
    as.vendor = named.supplier;
    as.product = named.name;
    as.cpe = named.cpe;
    as.part = parse_cpe(named.cpe).part;
    as.purl = named.purl;
    as.leaf = static_cast<std::uint32_t>(record_.affected.size());
    // A part's statement holds in the whole that the bill is about.
    if (record_.subject->name != named.name && !record_.subject->name.empty()) {
      as.relation = "default_component_of";
      as.on_vendor = record_.subject->supplier;
      as.on_product = record_.subject->name;
      as.on_versions = record_.subject->version;
    }
    bool any = false;
    target["versions"].each([&](const JsonValue& version) {
      any = true;
      AffectedProduct each = as;
      each.versions.text = name_of(version[version["range"].there() ? "range" : "version"]);
      each.versions.range = version["range"].there();
      const std::string_view status = version["status"].text();
      if (status == "unaffected") each.status = AffectedStatus::kNotAffected;
      if (status == "unknown") each.status = AffectedStatus::kUnderInvestigation;
      state(target, std::move(each));
    });
    as.versions.text = named.version;
    if (!any) state(target, std::move(as));
  }

  void state(const JsonValue& here, AffectedProduct as) {
    if (record_.affected.size() >= kStatements)
      return here.fault(fmt::format("brings the statements above {}", kStatements));
    record_.affected.push_back(std::move(as));
  }

  FeedRecord record_;
  std::map<std::string, Named, std::less<>> named_;
};

}  // namespace

Result<void> read_cyclonedx(FeedSource& source, FeedSink& sink) {
  FeedRecord record;
  auto read = read_json(source, [&](const JsonValue& root) -> Result<void> {
    record = BillReader().read(root);
    return {};
  });
  if (!read) return read;
  sink.dated(record.modified);
  return sink.put(record);
}

}  // namespace bedrail
