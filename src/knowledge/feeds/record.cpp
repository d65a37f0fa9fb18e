#include "knowledge/feeds/record.h"

#include <fmt/format.h>

#include "base/sha256.h"

namespace bedrail {
namespace {

/// Lays values one behind the other, each with its length: no two records give the same bytes.
class Flat {
 public:
  template <typename... Values>
  Flat& add(const Values&... values) {
    (one(values), ...);
    return *this;
  }
  template <typename T, typename Use>
  Flat& list(const std::vector<T>& values, Use use) {
    one(values.size());
    for (const T& value : values) use(value);
    return *this;
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  void one(std::string_view text) { fmt::format_to(std::back_inserter(bytes_), "{}:{}", text.size(), text); }
  void one(const std::string& text) { one(std::string_view(text)); }
  void one(bool value) { bytes_ += value ? 't' : 'f'; }
  void one(double value) { fmt::format_to(std::back_inserter(bytes_), "{};", value); }
  void one(std::size_t value) { fmt::format_to(std::back_inserter(bytes_), "{};", value); }
  void one(std::uint32_t value) { one(static_cast<std::size_t>(value)); }

  std::string bytes_;
};

void add(Flat& out, const std::vector<std::uint32_t>& leaves) {
  out.list(leaves, [&](std::uint32_t leaf) { out.add(leaf); });
}

void add(Flat& out, const Vulnerability& v) {
  out.add(v.cve, v.title, v.published, v.modified, v.ssvc.exploitation, v.ssvc.automatable,
          v.ssvc.technical_impact);
  out.list(v.cwe, [&](const std::string& cwe) { out.add(cwe); });
  out.list(v.cvss, [&](const CvssStatement& cvss) {
    out.add(cvss.version, cvss.vector, cvss.score, cvss.source);
    add(out, cvss.leaves);
  });
}

void add(Flat& out, const AffectedProduct& p) {
  out.add(p.cve, p.leaf, p.vendor, p.product, p.versions.text, p.versions.range, p.versions.from,
          p.versions.until, p.versions.from_included, p.versions.until_included, to_string(p.status),
          p.condition, p.part, p.cpe, p.purl, p.models, p.relation, p.on_vendor, p.on_product, p.on_versions,
          p.justification, p.otherwise);
}

void add(Flat& out, const Remediation& r) {
  out.add(r.cve, r.category, r.text, r.url, r.date);
  add(out, r.leaves);
}

}  // namespace

std::string digest_of(const FeedRecord& record) {
  constexpr std::size_t kDigits = 32;
  Flat out;
  out.add(record.key, record.modified, record.live, record.advisory.has_value());
  if (const auto& a = record.advisory)
    out.add(a->id, a->title, a->publisher, a->published, a->updated, a->revision, a->url);
  out.list(record.vulnerabilities, [&](const Vulnerability& v) { add(out, v); });
  out.list(record.affected, [&](const AffectedProduct& p) { add(out, p); });
  out.list(record.remediations, [&](const Remediation& r) { add(out, r); });
  out.add(record.exploited.has_value());
  if (const auto& e = record.exploited) out.add(e->added, e->due, e->ransomware, e->name, e->action);
  out.add(record.prediction.has_value());
  if (const auto& p = record.prediction) out.add(p->score, p->percentile);
  out.list(record.releases, [&](const ReleaseLifecycle& r) {
    out.add(r.product, r.release, r.label, r.released, r.support_ends, r.security_ends, r.extended_ends,
            r.latest);
  });
  out.add(record.subject.has_value());
  if (const auto& s = record.subject) out.add(s->supplier, s->name, s->version);
  out.list(record.components, [&](const SoftwareComponent& c) {
    out.add(c.reference, c.type, c.supplier, c.name, c.version, c.cpe, c.purl);
  });
  return sha256_hex(out.bytes()).substr(0, kDigits);
}

}  // namespace bedrail
