#pragma once

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "knowledge/feeds/import.h"

namespace bedrail::test {

inline std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

/// An advisory with one product of one version range and one vulnerability.
inline std::string csaf(const std::string& id, const std::string& date, const std::string& versions) {
  return fmt::format(
      R"({{"document":{{"category":"csaf_security_advisory","csaf_version":"2.0","title":"Pump {0}","publisher":{{"category":"vendor","name":"Maker","namespace":"https://maker.example"}},"references":[{{"category":"self","url":"https://maker.example/{0}.json"}},{{"category":"self","url":"https://maker.example/{0}"}}],"tracking":{{"id":"{0}","initial_release_date":"2023-12-01T00:00:00Z","current_release_date":"{1}","status":"final","version":"1"}}}},)"
      R"("product_tree":{{"branches":[{{"category":"vendor","name":"Maker","branches":[{{"category":"product_name","name":"Pump One","branches":[{{"category":"product_version_range","name":"{2}","product":{{"name":"Maker Pump One {2}","product_id":"P1"}}}}]}}]}}]}},)"
      R"("vulnerabilities":[{{"cve":"CVE-2024-0001","cwe":{{"id":"CWE-798","name":"x"}},"notes":[{{"category":"summary","text":"the password is swordfish"}}],"product_status":{{"known_affected":["P1"]}},"remediations":[{{"category":"vendor_fix","details":"Install it","product_ids":["P1"]}}],"scores":[{{"products":["P1"],"cvss_v3":{{"version":"3.1","vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H","baseScore":9.8,"baseSeverity":"CRITICAL"}}}}]}}]}})",
      id, date, versions);
}

inline FeedImport::Options options(const std::string& site, std::string_view kind,
                                   std::vector<std::string> paths, bool all = false) {
  return {site, feed_kind(kind), std::move(paths), all, from_civil(2024, 6, 1)};
}

inline std::unique_ptr<FeedImport> prepared(const std::string& site, std::string_view kind,
                                            std::vector<std::string> paths, bool all = false) {
  auto out = FeedImport::prepare(options(site, kind, std::move(paths), all));
  REQUIRE_MESSAGE(out.has_value(), (out ? std::string() : out.error().message));
  return std::move(*out);
}

inline FeedChanges applied(const std::string& site, std::string_view kind, std::vector<std::string> paths) {
  auto import = prepared(site, kind, std::move(paths));
  REQUIRE(import->apply());
  return import->changes();
}

/// Takes what an importer reads, for tests of one.
class Heap final : public FeedSink {
 public:
  Result<void> put(const FeedRecord& record) override {
    records.push_back(record);
    return {};
  }
  void dated(std::string_view date) override {
    if (date > latest) latest = date;
  }
  std::vector<FeedRecord> records;
  std::string latest;
};

/// What an importer makes of a text, in small pieces.
inline Heap read_text(std::string_view kind, std::string_view text) {
  Heap out;
  const auto source = feed_of_text("f", text, 7);
  const auto done = feed_kind(kind)->read(*source, out);
  REQUIRE_MESSAGE(done.has_value(), (done ? std::string() : done.error().message));
  return out;
}

/// Why an importer refuses a text; empty where it does not.
inline std::string refused_text(std::string_view kind, std::string_view text) {
  Heap out;
  const auto source = feed_of_text("f", text, 7);
  const auto done = feed_kind(kind)->read(*source, out);
  return done ? std::string() : done.error().message;
}

}  // namespace bedrail::test
