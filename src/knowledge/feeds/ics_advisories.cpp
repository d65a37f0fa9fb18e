// The ICS Advisory Project's table of CISA's advisories (CSV): one row an advisory, its products and versions
// as one text. It names advisories that CISA has not put out as CSAF. Not read: its one score for all CVEs,
// which comes without a vector, sectors, and what companies they are.
#include <fmt/format.h>

#include <charconv>

#include "base/text.h"
#include "base/time.h"
#include "knowledge/feeds/csv_feed.h"
#include "knowledge/feeds/feed_kinds.h"
#include "knowledge/feeds/json_feed.h"

namespace bedrail {
namespace {

constexpr std::size_t kCves = 1000;
/// Products and versions of one row: half of such a text would say something else.
constexpr std::size_t kLongest = 32768;

/// "8/20/2026" as "2026-08-20"; empty where it is no such date.
std::string date_of(std::string_view text) {
  unsigned parts[3] = {};
  text = trim(text);
  const char* at = text.data();
  const char* const end = at + text.size();
  for (unsigned& part : parts) {
    const auto [next, error] = std::from_chars(at, end, part);
    if (error != std::errc()) return {};
    at = next == end ? next : next + 1;
  }
  if (at != end || parts[0] < 1 || parts[0] > 12 || parts[1] < 1 || parts[1] > 31 || parts[2] < 1990 ||
      parts[2] > 2200)
    return {};
  return fmt::format("{}-{:02}-{:02}", parts[2], parts[0], parts[1]);
}

/// Every "CVE-2024-12345" in a text.
std::vector<std::string> cves_in(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = text.find("CVE-"); at != std::string_view::npos && out.size() < kCves;
       at = text.find("CVE-", at + 1)) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789-", at + 4), text.size());
    out.emplace_back(clean_text(text.substr(at, end - at), 40));
  }
  return out;
}

struct Columns {
  int number, title, vendor, product, affected, cve, released, updated;
};

FeedRecord record_of(const CsvReader& table, const Columns& columns) {
  const auto text = [&](int column, std::size_t limit = kLongName) {
    return clean_text(table.field(column), limit);
  };
  FeedRecord out;
  Advisory& advisory = out.advisory.emplace();
  advisory.id = text(columns.number);
  advisory.title = text(columns.title);
  advisory.publisher = "CISA";
  advisory.published = date_of(table.field(columns.released));
  advisory.updated = date_of(table.field(columns.updated));
  if (advisory.updated.empty()) advisory.updated = advisory.published;
  // Some advisories have a row for each of their products.
  out.key = fmt::format("{} {}", advisory.id, text(columns.product));
  out.modified = advisory.updated;
  std::vector<std::string> cves = cves_in(table.field(columns.cve));
  if (cves.empty()) cves.push_back(advisory.id);
  for (const std::string& cve : cves) {
    out.vulnerabilities.emplace_back().cve = cve;
    AffectedProduct& product = out.affected.emplace_back();
    product.cve = cve;
    product.vendor = text(columns.vendor);
    product.product = text(columns.product);
    product.versions.text = text(columns.affected, kLongest);
    product.versions.range = true;
  }
  return out;
}

}  // namespace

Result<void> read_ics_advisories(FeedSource& source, FeedSink& sink) {
  CsvReader table(source);
  auto more = table.next();
  if (!more) return tl::unexpected(more.error());
  const Columns columns{table.column({"ICS-CERT_Number"}),
                        table.column({"ICS-CERT_Advisory_Title"}),
                        table.column({"Vendor"}),
                        table.column({"Product"}),
                        table.column({"Products_Affected"}),
                        table.column({"CVE_Number"}),
                        table.column({"Original_Release_Date"}),
                        table.column({"Last_Updated"})};
  for (const int column : {columns.number, columns.vendor, columns.product, columns.affected, columns.cve}) {
    if (column < 0)
      return table.fail(
          "lacks one of the columns ICS-CERT_Number, Vendor, Product, Products_Affected, CVE_Number");
  }
  for (;;) {
    more = table.next();
    if (!more) return tl::unexpected(more.error());
    if (!*more) return {};
    const FeedRecord record = record_of(table, columns);
    if (record.advisory->id.empty()) return table.fail("names no advisory");
    sink.dated(record.modified);
    if (auto done = sink.put(record); !done) return done;
  }
}

}  // namespace bedrail
