// endoflife.date: the project's product files (front matter, of which one form is read: plain keys, and the
// list `releases` of plain keys), and its interface's answers: a product's releases in the first edition
// (/api/PRODUCT.json), a product or all products in the second (/api/v1/products/...).
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "knowledge/feeds/feed_kinds.h"
#include "knowledge/feeds/json_feed.h"

namespace bedrail {
namespace {

constexpr std::size_t kReleases = 10'000;

/// "windows" of "folder/windows.json.gz", and of the shared "endoflife_windows.md".
std::string product_of(std::string_view name) {
  name.remove_prefix(std::min(name.size(), name.rfind('/') + 1));
  name = name.substr(0, name.find('.'));
  if (name.starts_with("endoflife_")) name.remove_prefix(10);
  return clean_text(name, kLongName);
}

// ---- product files

/// A plain value: without quotation marks and remarks.
std::string value_of(std::string_view text) {
  text = trim(text);
  if (text.size() > 1 && (text.front() == '"' || text.front() == '\'')) {
    const std::size_t end = text.find(text.front(), 1);
    return clean_text(text.substr(1, end == std::string_view::npos ? end : end - 1), kLongName);
  }
  return clean_text(text.substr(0, text.find(" #")), kLongName);
}

void set(ReleaseLifecycle& out, std::string_view key, std::string_view text) {
  const std::pair<std::string_view, std::string*> fields[] = {
      {"releaseCycle", &out.release}, {"releaseLabel", &out.label}, {"releaseDate", &out.released},
      {"eoas", &out.support_ends},    {"eol", &out.security_ends},  {"eoes", &out.extended_ends},
      {"latest", &out.latest}};
  for (const auto& [name, field] : fields) {
    if (name == key) *field = value_of(text);
  }
}

/// What stands between the two lines "---".
class FrontMatter {
 public:
  explicit FrontMatter(const FeedSource& source) : source_(source) {}

  Result<FeedRecord> read(std::string_view text) {
    std::size_t marks = 0;
    while (!text.empty() && marks < 2) {
      ++line_;
      const std::size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line == "---")
        ++marks;
      else if (marks == 1)
        take(line);
      else
        return fail("is no front matter: the file has to begin with \"---\"");
    }
    if (marks < 2) return fail("ends in the middle of its front matter");
    if (record_.releases.empty()) return fail("lists no releases");
    if (record_.releases.size() > kReleases)
      return fail(fmt::format("lists more than {} releases", kReleases));
    finish();
    return std::move(record_);
  }

 private:
  tl::unexpected<Error> fail(const std::string& what) const {
    return failure(fmt::format("{}:{}: {}", source_.name(), line_, what));
  }

  void take(std::string_view line) {
    const std::size_t indent = line.find_first_not_of(' ');
    if (indent == std::string_view::npos || line[indent] == '#') return;
    line.remove_prefix(indent);
    const std::size_t colon = line.find(':');
    if (indent == 0) {
      const std::string_view key = line.substr(0, colon);
      in_releases_ = key == "releases";
      if (colon == std::string_view::npos) return;
      if (key == "permalink") permalink_ = value_of(line.substr(colon + 1));
      if (key == "releaseLabel") label_ = value_of(line.substr(colon + 1));
      return;
    }
    if (!in_releases_ || colon == std::string_view::npos) return;
    std::string_view key = line.substr(0, colon);
    if (line.starts_with("-")) {
      // A dash deeper than the first is a list inside a release.
      if (dash_ != 0 && indent + 1 != dash_) return;
      dash_ = indent + 1;
      record_.releases.emplace_back();
      key = trim(key.substr(1));
    } else if (record_.releases.empty() || indent != dash_ + 1) {
      return;
    }
    set(record_.releases.back(), key, line.substr(colon + 1));
  }

  void finish() {
    record_.key = permalink_.empty() ? product_of(source_.name()) : permalink_;
    record_.key.erase(0, record_.key.find_first_not_of('/'));
    for (ReleaseLifecycle& release : record_.releases) {
      release.product = record_.key;
      constexpr std::string_view kCycle = "__RELEASE_CYCLE__";
      if (release.label.empty() && !label_.empty()) {
        release.label = label_;
        if (const std::size_t at = release.label.find(kCycle); at != std::string::npos)
          release.label.replace(at, kCycle.size(), release.release);
      }
    }
  }

  const FeedSource& source_;
  FeedRecord record_;
  std::string permalink_, label_;
  std::size_t line_ = 0, dash_ = 0;
  bool in_releases_ = false;
};

// ---- the interface's answers

/// A date, or whether: both stand in one field of the first edition.
std::string date_or_flag(const JsonValue& value) {
  if (value.is_boolean()) return value.boolean() ? "true" : "false";
  return name_of(value);
}

void first_edition(const JsonValue& list, FeedRecord& record) {
  list.each([&](const JsonValue& one) {
    ReleaseLifecycle& out = record.releases.emplace_back();
    out.product = record.key;
    out.release =
        one["cycle"].is_text() ? name_of(one["cycle"]) : fmt::format("{}", one.required("cycle").number());
    out.label = name_of(one["releaseLabel"]);
    out.released = date_or_flag(one["releaseDate"]);
    out.support_ends = date_or_flag(one["support"]);
    out.security_ends = date_or_flag(one["eol"]);
    out.extended_ends = date_or_flag(one["extendedSupport"]);
    out.latest = date_or_flag(one["latest"]);
  });
}

/// "eolFrom" is the date; where it is not known, "isEol" says whether.
std::string date_else_flag(const JsonValue& one, const char* date, const char* flag) {
  return one[date].there() ? name_of(one[date]) : one[flag].there() ? date_or_flag(one[flag]) : std::string();
}

FeedRecord second_edition(const JsonValue& product) {
  FeedRecord record;
  record.key = name_of(product.required("name"));
  product.required("releases").each([&](const JsonValue& one) {
    ReleaseLifecycle& out = record.releases.emplace_back();
    out.product = record.key;
    out.release = name_of(one.required("name"));
    out.label = name_of(one["label"]);
    out.released = name_of(one["releaseDate"]);
    out.support_ends = date_else_flag(one, "eoasFrom", "isEoas");
    out.security_ends = date_else_flag(one, "eolFrom", "isEol");
    out.extended_ends = date_else_flag(one, "eoesFrom", "isEoes");
    out.latest = name_of(one["latest"]["name"]);
  });
  return record;
}

Result<void> read_answer(FeedSource& source, const std::string& text, FeedSink& sink) {
  const auto again = feed_of_text(source.name(), text);
  return read_json(*again, [&](const JsonValue& root) -> Result<void> {
    if (root.is_list()) {
      FeedRecord record;
      record.key = product_of(source.name());
      first_edition(root, record);
      return sink.put(record);
    }
    sink.dated(time_of(root[root["last_modified"].there() ? "last_modified" : "generated_at"]));
    const JsonValue result = root.required("result");
    if (!result.is_list()) return sink.put(second_edition(result));
    Result<void> done;
    result.each([&](const JsonValue& product) {
      if (done) done = sink.put(second_edition(product));
    });
    return done;
  });
}

}  // namespace

Result<void> read_endoflife(FeedSource& source, FeedSink& sink) {
  const auto text = read_all(source);
  if (!text) return tl::unexpected(text.error());
  const std::string_view begin = trim(*text);
  if (begin.starts_with("{") || begin.starts_with("[")) return read_answer(source, *text, sink);
  auto record = FrontMatter(source).read(*text);
  if (!record) return tl::unexpected(record.error());
  return sink.put(*record);
}

}  // namespace bedrail
