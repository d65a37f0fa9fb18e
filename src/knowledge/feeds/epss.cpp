// FIRST's Exploit Prediction Scoring System, the daily table: a line of remarks ("#model_version:...,
// score_date:..."), then cve, epss, percentile. Tables of others with these columns among more are read, too;
// their day is the one in the file's name, if any.
#include <fmt/format.h>

#include <charconv>

#include "base/text.h"
#include "base/time.h"
#include "knowledge/feeds/csv_feed.h"
#include "knowledge/feeds/feed_kinds.h"
#include "knowledge/feeds/json_feed.h"

namespace bedrail {
namespace {

/// The day of "#model_version:v2023.03.01,score_date:2024-05-01T00:00:00+0000".
std::string day_of_remark(const CsvReader& table) {
  constexpr std::string_view kDate = "score_date:";
  for (const std::string& field : table.row()) {
    const std::size_t at = field.find(kDate);
    if (at != std::string::npos) return date_text(std::string_view(field).substr(at + kDate.size(), 10));
  }
  return {};
}

/// The last "2026-08-22" in a name.
std::string day_of_name(std::string_view name) {
  constexpr std::size_t kDay = 10;
  for (std::size_t at = name.size(); at-- > 0;) {
    const std::string_view day = name.substr(at, kDay);
    if (day.size() == kDay && day[4] == '-' && day[7] == '-' && parse_rfc3339(day)) return std::string(day);
  }
  return {};
}

bool read_share(const std::string& text, double& out) {
  const std::string_view word = trim(text);
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out);
  return error == std::errc() && end == word.data() + word.size() && out >= 0 && out <= 1;
}

}  // namespace

Result<void> read_epss(FeedSource& source, FeedSink& sink) {
  CsvReader table(source);
  std::string day;
  auto more = table.next();
  while (more && *more && table.row()[0].starts_with('#')) {
    day = day_of_remark(table);
    more = table.next();
  }
  if (!more) return tl::unexpected(more.error());
  const int cve = table.column({"cve"}), epss = table.column({"epss"}),
            percentile = table.column({"percentile", "epss percentile"});
  if (cve < 0 || epss < 0 || percentile < 0)
    return table.fail("names no columns cve, epss and percentile; is this the table of EPSS?");
  sink.dated(day.empty() ? day_of_name(source.name()) : day);
  for (;;) {
    more = table.next();
    if (!more) return tl::unexpected(more.error());
    if (!*more) return {};
    FeedRecord record;
    record.key = clean_text(table.field(cve), kLongName);
    ExploitPrediction& prediction = record.prediction.emplace();
    if (record.key.empty()) return table.fail("names no CVE");
    if (!read_share(table.field(epss), prediction.score)) return table.fail("epss is no number from 0 to 1");
    if (!read_share(table.field(percentile), prediction.percentile))
      return table.fail("percentile is no number from 0 to 1");
    if (auto done = sink.put(record); !done) return done;
  }
}

}  // namespace bedrail
