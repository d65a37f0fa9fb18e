#include "knowledge/feeds/writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "knowledge/feeds/schema.h"

namespace bedrail {
namespace {

/// Products whose numbers are remembered; above it they are asked for anew.
constexpr std::size_t kProducts = 100'000;

std::string joined(const std::vector<std::uint32_t>& numbers) {
  std::string out;
  for (const std::uint32_t number : numbers) out += fmt::format("{}{}", out.empty() ? "" : " ", number);
  return out;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : " ") + text;
  return out;
}

/// The statement that fills a table; made once.
const std::string& insert_into(std::string_view table) {
  static const auto kAll = [] {
    std::map<std::string, std::string, std::less<>> out;
    for (const FeedTable& known : feed_tables()) {
      const auto commas = std::count(known.columns.begin(), known.columns.end(), ',');
      std::string sql =
          fmt::format("INSERT INTO {}(record, n, {}) VALUES(?, ?, ?", known.name, known.columns);
      for (std::ptrdiff_t i = 0; i < commas; ++i) sql += ", ?";
      out.emplace(known.name, sql + ")");
    }
    return out;
  }();
  return kAll.find(table)->second;
}

/// Binds and runs one row: its record, its place there, and its values.
class Row {
 public:
  Row(Database& database, std::string_view table, std::int64_t record)
      : statement_(database.prepare(insert_into(table))), record_(record) {}
  template <typename... Values>
  Result<void> operator()(const Values&... values) {
    if (!statement_) return tl::unexpected(statement_.error());
    statement_->bind(record_).bind(n_++);
    (bind(values), ...);
    return statement_->run();
  }

 private:
  void bind(std::string_view text) { statement_->bind(text); }
  void bind(const std::string& text) { statement_->bind(std::string_view(text)); }
  void bind(double number) { statement_->bind(number); }
  void bind(bool value) { statement_->bind(std::int64_t{value}); }
  void bind(std::uint32_t value) { statement_->bind(std::int64_t{value}); }
  void bind(std::int64_t value) { statement_->bind(value); }

  Result<Statement> statement_;
  std::int64_t record_, n_ = 0;
};

}  // namespace

std::vector<std::string> product_words(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : to_lower(text) + " ") {
    const bool part =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (part) word += c;
    if (!part && !word.empty()) out.push_back(std::exchange(word, {}));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

void FeedWriter::dated(std::string_view date) {
  if (date > date_) date_ = date;
}

Result<void> FeedWriter::put(const FeedRecord& record) {
  ++records_;
  const std::string digest = digest_of(record);
  auto find = database_.prepare("SELECT id, modified, digest FROM record WHERE feed = ? AND key = ?");
  if (!find) return tl::unexpected(find.error());
  const auto known = find->bind(kind_).bind(record.key).step();
  if (!known) return tl::unexpected(known.error());
  std::int64_t id = 0;
  if (*known) {
    id = find->number(0);
    // Without a date of its own the record that is imported later is the later one; in one import, one of
    // them.
    const bool known_here = static_cast<std::size_t>(id) < put_.size() && put_[static_cast<std::size_t>(id)];
    const bool undated = record.modified.empty() && !known_here && find->text(2) != digest;
    const bool later = undated || std::pair(std::string_view(record.modified), std::string_view(digest)) >
                                      std::pair(find->text(1), find->text(2));
    if (!later) {
      put_.resize(std::max(put_.size(), static_cast<std::size_t>(id) + 1));
      put_[static_cast<std::size_t>(id)] = true;
      return {};
    }
    find->reset();
    if (auto done = drop(id); !done) return done;
  }
  auto insert =
      database_.prepare("INSERT INTO record(feed, key, modified, live, digest) VALUES(?, ?, ?, ?, ?)");
  if (!insert) return tl::unexpected(insert.error());
  insert->bind(kind_).bind(record.key).bind(record.modified).bind(std::int64_t{record.live}).bind(digest);
  if (auto done = insert->run(); !done) return done;
  id = database_.last_id();
  put_.resize(std::max(put_.size(), static_cast<std::size_t>(id) + 1));
  put_[static_cast<std::size_t>(id)] = true;
  return write(id, record);
}

Result<void> FeedWriter::write(std::int64_t id, const FeedRecord& record) {
  if (const auto& a = record.advisory) {
    Row row(database_, "advisory", id);
    if (auto done = row(a->id, a->title, a->publisher, a->published, a->updated, a->revision, a->url); !done)
      return done;
  }
  if (auto done = write_vulnerabilities(id, record); !done) return done;
  if (auto done = write_affected(id, record); !done) return done;
  if (const auto& e = record.exploited) {
    Row row(database_, "exploited", id);
    if (auto done = row(e->added, e->due, e->ransomware, e->name, e->action); !done) return done;
  }
  if (const auto& p = record.prediction) {
    Row row(database_, "prediction", id);
    if (auto done = row(p->score, p->percentile); !done) return done;
  }
  return write_inventory(id, record);
}

Result<void> FeedWriter::write_vulnerabilities(std::int64_t id, const FeedRecord& record) {
  Row row(database_, "vulnerability", id), score(database_, "cvss", id), remedy(database_, "remediation", id);
  for (const Vulnerability& v : record.vulnerabilities) {
    if (auto done = row(v.cve, v.title, joined(v.cwe), v.published, v.modified, v.ssvc.exploitation,
                        v.ssvc.automatable, v.ssvc.technical_impact);
        !done)
      return done;
    for (const CvssStatement& c : v.cvss) {
      if (auto done = score(v.cve, c.version, c.vector, c.score, c.source, joined(c.leaves)); !done)
        return done;
    }
  }
  for (const Remediation& r : record.remediations) {
    if (auto done = remedy(r.cve, r.category, r.text, r.url, r.date, joined(r.leaves)); !done) return done;
  }
  return {};
}

Result<void> FeedWriter::write_affected(std::int64_t id, const FeedRecord& record) {
  if (record.affected.empty()) return {};
  Row row(database_, "affected", id);
  for (const AffectedProduct& p : record.affected) {
    const auto what = product(p.vendor, p.product);
    if (!what) return tl::unexpected(what.error());
    Result<std::int64_t> on = std::int64_t{0};
    if (!p.on_product.empty() || !p.on_vendor.empty()) on = product(p.on_vendor, p.on_product);
    if (!on) return tl::unexpected(on.error());
    const StatedVersions& v = p.versions;
    if (auto done = row(*what, p.leaf, p.cve, static_cast<std::int64_t>(p.status), v.text, v.range, v.from,
                        v.from_included, v.until, v.until_included, p.condition, p.part, p.cpe, p.purl,
                        p.models, p.relation, *on, p.on_versions, p.justification, p.otherwise);
        !done)
      return done;
  }
  return {};
}

Result<void> FeedWriter::write_inventory(std::int64_t id, const FeedRecord& record) {
  Row release(database_, "release", id), bill(database_, "bill", id), component(database_, "component", id);
  for (const ReleaseLifecycle& r : record.releases) {
    if (auto done = release(r.product, r.release, r.label, r.released, r.support_ends, r.security_ends,
                            r.extended_ends, r.latest);
        !done)
      return done;
  }
  if (const auto& s = record.subject) {
    if (auto done = bill(s->supplier, s->name, s->version); !done) return done;
  }
  for (const SoftwareComponent& c : record.components) {
    if (auto done = component(c.reference, c.type, c.supplier, c.name, c.version, c.cpe, c.purl); !done)
      return done;
  }
  return {};
}

Result<std::int64_t> FeedWriter::product(const std::string& vendor, const std::string& name) {
  const std::string both = vendor + '\x1f' + name;
  if (const auto known = products_.find(both); known != products_.end()) return known->second;
  auto find = database_.prepare("SELECT id FROM product WHERE vendor = ? AND product = ?");
  if (!find) return tl::unexpected(find.error());
  const auto found = find->bind(vendor).bind(name).step();
  if (!found) return tl::unexpected(found.error());
  std::int64_t id = 0;
  if (*found) {
    id = find->number(0);
  } else {
    auto insert = database_.prepare("INSERT INTO product(vendor, product) VALUES(?, ?)");
    if (!insert) return tl::unexpected(insert.error());
    if (auto done = insert->bind(vendor).bind(name).run(); !done) return tl::unexpected(done.error());
    id = database_.last_id();
    if (auto done = index_words(id, vendor + " " + name); !done) return tl::unexpected(done.error());
  }
  if (products_.size() >= kProducts) products_.clear();
  products_.emplace(both, id);
  return id;
}

Result<void> FeedWriter::index_words(std::int64_t product, const std::string& text) {
  auto insert = database_.prepare("INSERT INTO word(word, product) VALUES(?, ?)");
  if (!insert) return tl::unexpected(insert.error());
  for (const std::string& word : product_words(text)) {
    if (auto done = insert->bind(word).bind(product).run(); !done) return done;
  }
  return {};
}

Result<void> FeedWriter::drop(std::int64_t id) {
  dropped_ = true;
  const auto remove = [&](const std::string& sql) -> Result<void> {
    auto statement = database_.prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    return statement->bind(id).run();
  };
  for (const FeedTable& table : feed_tables()) {
    if (auto done = remove(fmt::format("DELETE FROM {} WHERE record = ?", table.name)); !done) return done;
  }
  return remove("DELETE FROM record WHERE id = ?");
}

Result<void> FeedWriter::withdraw_others() {
  std::vector<std::int64_t> gone;
  {
    auto all = database_.prepare("SELECT id FROM record WHERE feed = ?");
    if (!all) return tl::unexpected(all.error());
    all->bind(kind_);
    for (;;) {
      const auto row = all->step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      const auto id = static_cast<std::size_t>(all->number(0));
      if (id >= put_.size() || !put_[id]) gone.push_back(static_cast<std::int64_t>(id));
    }
  }
  for (const std::int64_t id : gone) {
    if (auto done = drop(id); !done) return done;
  }
  return {};
}

Result<void> FeedWriter::finish() {
  if (!dropped_) return {};
  products_.clear();
  return database_.execute(
      "DELETE FROM product WHERE id NOT IN (SELECT product FROM affected UNION SELECT on_product FROM "
      "affected);"
      "DELETE FROM word WHERE product NOT IN (SELECT id FROM product);");
}

}  // namespace bedrail
