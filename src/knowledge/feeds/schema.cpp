#include "knowledge/feeds/schema.h"

#include <fmt/format.h>

namespace bedrail {
namespace {

/// "Brfd": what `file` and SQLite see of whose file it is.
constexpr std::int64_t kApplication = 0x42726664;
/// The edition of the tables: another one is not read. Count on where a table changes.
constexpr std::int64_t kEdition = 1;

constexpr const char* kTables = R"(
CREATE TABLE feed(kind TEXT PRIMARY KEY, as_of TEXT NOT NULL, imported TEXT NOT NULL, files INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE history(number INTEGER PRIMARY KEY, parent INTEGER NOT NULL, made TEXT NOT NULL, what TEXT NOT NULL);
CREATE TABLE record(id INTEGER PRIMARY KEY, feed TEXT NOT NULL, key TEXT NOT NULL, modified TEXT NOT NULL,
  live INTEGER NOT NULL, digest TEXT NOT NULL, UNIQUE(feed, key));
CREATE TABLE product(id INTEGER PRIMARY KEY, vendor TEXT NOT NULL, product TEXT NOT NULL, UNIQUE(vendor, product));
CREATE TABLE word(word TEXT NOT NULL, product INTEGER NOT NULL, PRIMARY KEY(word, product)) WITHOUT ROWID;
CREATE INDEX vulnerability_cve ON vulnerability(cve);
CREATE INDEX affected_product ON affected(product);
CREATE INDEX affected_on ON affected(on_product) WHERE on_product != 0;
)";

}  // namespace

const std::vector<FeedTable>& feed_tables() {
  static const std::vector<FeedTable> kAll = {
      {"advisory", "id, title, publisher, published, updated, revision, url"},
      {"vulnerability", "cve, title, cwe, published, modified, exploitation, automatable, technical_impact"},
      {"cvss", "cve, version, vector, score, source, leaves"},
      {"affected",
       "product, leaf, cve, status, text, range, lower, lower_included, upper, upper_included, condition, "
       "part, cpe, "
       "purl, models, relation, on_product, on_versions, justification, otherwise"},
      {"remediation", "cve, category, text, url, date, leaves"},
      {"exploited", "added, due, ransomware, name, action"},
      {"prediction", "score, percentile"},
      {"release", "product, name, label, released, support_ends, security_ends, extended_ends, latest"},
      {"bill", "supplier, name, version"},
      {"component", "reference, type, supplier, name, version, cpe, purl"},
  };
  return kAll;
}

Result<void> make_feed_tables(Database& database) {
  std::string sql = fmt::format("PRAGMA application_id={}; PRAGMA user_version={};", kApplication, kEdition);
  // A record's rows lie together, and are found and dropped together.
  for (const FeedTable& table : feed_tables())
    sql +=
        fmt::format("CREATE TABLE {}(record INTEGER, n INTEGER, {}, PRIMARY KEY(record, n)) WITHOUT ROWID;",
                    table.name, table.columns);
  return database.execute(sql + kTables);
}

Result<void> check_feed_tables(Database& database) {
  const auto application = database.number("PRAGMA application_id");
  if (!application) return tl::unexpected(application.error());
  if (application->value_or(0) != kApplication)
    return failure(database.path() + ": is no base of feeds; remove it and import the feeds anew");
  const auto edition = database.number("PRAGMA user_version");
  if (!edition) return tl::unexpected(edition.error());
  if (edition->value_or(0) != kEdition)
    return failure(fmt::format(
        "{}: was made by another version of bedrail (tables {}, not {}); remove it and import the feeds anew",
        database.path(), edition->value_or(0), kEdition));
  return {};
}

}  // namespace bedrail
