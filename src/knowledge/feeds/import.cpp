#include "knowledge/feeds/import.h"

#include <fmt/format.h>

#include <filesystem>

#include "knowledge/feeds/schema.h"
#include "knowledge/feeds/writer.h"

namespace bedrail {
namespace {

namespace fs = std::filesystem;

/// What a generation says of a kind's date; empty where it knows none.
Result<std::string> date_of(Database& database, std::string_view kind) {
  auto rows = database.prepare("SELECT as_of FROM feed WHERE kind = ?");
  if (!rows) return tl::unexpected(rows.error());
  const auto row = rows->bind(kind).step();
  if (!row) return tl::unexpected(row.error());
  return *row ? std::string(rows->text(0)) : std::string();
}

std::string second_of(Timestamp time) { return format_rfc3339(time).substr(0, 19) + "Z"; }

}  // namespace

FeedImport::~FeedImport() {
  database_.reset();
  std::error_code ignored;
  fs::remove(part(), ignored);
}

Result<std::unique_ptr<FeedImport>> FeedImport::prepare(const Options& options) {
  Generations generations(options.site);
  auto lock = generations.lock();
  if (!lock) return tl::unexpected(lock.error());
  std::unique_ptr<FeedImport> out(new FeedImport(std::move(generations), std::move(*lock)));
  if (auto done = out->begin(); !done) return tl::unexpected(done.error());
  if (auto done = out->read(options); !done) return tl::unexpected(done.error());
  if (auto done = out->compare(options); !done) return tl::unexpected(done.error());
  return out;
}

Result<void> FeedImport::begin() {
  const auto current = generations_.current();
  if (!current) return tl::unexpected(current.error());
  parent_ = *current;
  const std::vector<int> all = generations_.all();
  number_ = (all.empty() ? 0 : all.back()) + 1;
  std::error_code error;
  fs::remove(part(), error);  // of one that was killed
  if (parent_ == 0) {
    auto made = Database::open(part(), Database::Mode::kBuild);
    if (!made) return tl::unexpected(made.error());
    database_ = std::move(*made);
    return make_feed_tables(*database_);
  }
  if (auto usable = generations_.open(parent_); !usable) return tl::unexpected(usable.error());
  fs::copy_file(generations_.path(parent_), part(), error);
  if (error) return failure(part() + ": cannot be written: " + error.message());
  auto copied = Database::open(part(), Database::Mode::kContinue);
  if (!copied) return tl::unexpected(copied.error());
  database_ = std::move(*copied);
  return {};
}

Result<void> FeedImport::read(const Options& options) {
  const FeedKind& kind = *options.kind;
  const auto files = feed_files(options.paths, kind.endings);
  if (!files) return tl::unexpected(files.error());
  if (kind.whole && files->size() > 1)
    return failure(fmt::format("{} and {}: one file holds all of {}; give the newest alone", files->front(),
                               files->back(), kind.title));
  files_ = files->size();
  const auto before = date_of(*database_, kind.name);
  if (!before) return tl::unexpected(before.error());
  // One transaction: without it each row would be one.
  auto transaction = Transaction::begin(*database_);
  if (!transaction) return tl::unexpected(transaction.error());
  FeedWriter writer(*database_, std::string(kind.name));
  for (const std::string& file : *files) {
    auto source = open_feed(file);
    if (!source) return tl::unexpected(source.error());
    if (auto done = kind.read(**source, writer); !done) return done;
  }
  if (writer.records() == 0)
    return failure(files->front() + ": there is nothing in it; is this the right kind of file?");
  if (kind.whole && !writer.date().empty() && writer.date() < *before)
    return failure(
        fmt::format("{}: is of {}, older than what is in use, of {}; bedrail knowledge rollback leads back",
                    files->front(), writer.date().substr(0, 10), before->substr(0, 10)));
  records_ = writer.records();
  as_of_ = writer.date();
  if (kind.whole || options.all) {
    if (auto done = writer.withdraw_others(); !done) return done;
  }
  if (auto done = writer.finish(); !done) return done;
  if (auto done = note(options, *before); !done) return done;
  return transaction->commit();
}

Result<void> FeedImport::note(const Options& options, const std::string& before) {
  const std::string now = second_of(options.now);
  const std::string as_of = std::max(as_of_, options.kind->whole || options.all ? std::string() : before);
  auto feed =
      database_->prepare("INSERT OR REPLACE INTO feed(kind, as_of, imported, files) VALUES(?, ?, ?, ?)");
  if (!feed) return tl::unexpected(feed.error());
  feed->bind(options.kind->name).bind(as_of).bind(now).bind(static_cast<std::int64_t>(files_));
  if (auto done = feed->run(); !done) return done;
  nothing_new_ = parent_ != 0 && as_of == before;
  auto history = database_->prepare("INSERT INTO history(number, parent, made, what) VALUES(?, ?, ?, ?)");
  if (!history) return tl::unexpected(history.error());
  return history->bind(std::int64_t{number_})
      .bind(std::int64_t{parent_})
      .bind(now)
      .bind(options.kind->name)
      .run();
}

Result<void> FeedImport::compare(const Options& options) {
  std::unique_ptr<Database> before;
  if (parent_ != 0) {
    auto opened = generations_.open(parent_);
    if (!opened) return tl::unexpected(opened.error());
    before = std::move(*opened);
  }
  auto all = compare_generations(before.get(), *database_);
  if (!all) return tl::unexpected(all.error());
  changes_.feed = options.kind->name;
  for (FeedChanges& each : *all) {
    if (each.feed == options.kind->name) changes_ = std::move(each);
  }
  nothing_new_ =
      nothing_new_ && changes_.added.empty() && changes_.changed.empty() && changes_.withdrawn.empty();
  return {};
}

Result<void> FeedImport::apply() {
  if (auto closed = database_->close(); !closed) return closed;
  database_.reset();
  std::error_code error;
  fs::rename(part(), generations_.path(number_), error);
  if (error) return failure(generations_.path(number_) + ": " + error.message());
  if (auto done = generations_.make_current(number_); !done) return done;
  generations_.forget_old();
  return {};
}

}  // namespace bedrail
