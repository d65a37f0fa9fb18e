#include "knowledge/feeds/generations.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "knowledge/feeds/schema.h"

namespace bedrail {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKept = 10;
constexpr int kHighest = 999'999'999;

/// "0003" as a number; 0 where it is none.
int number_of(std::string_view text) {
  int out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out > 0 && out <= kHighest ? out : 0;
}

/// One record after the other, by feed and key.
class Records {
 public:
  explicit Records(Database* database) : database_(database) {}
  Result<void> next() {
    there_ = false;
    if (database_ == nullptr) return {};
    if (!rows_) {
      auto rows = database_->prepare("SELECT feed, key, digest FROM record WHERE live ORDER BY feed, key");
      if (!rows) return tl::unexpected(rows.error());
      rows_.emplace(std::move(*rows));
    }
    const auto row = rows_->step();
    if (!row) return tl::unexpected(row.error());
    there_ = *row;
    return {};
  }
  [[nodiscard]] bool there() const { return there_; }
  [[nodiscard]] std::pair<std::string_view, std::string_view> place() const {
    return {rows_->text(0), rows_->text(1)};
  }
  [[nodiscard]] std::string_view digest() const { return rows_->text(2); }

 private:
  Database* database_;
  std::optional<Statement> rows_;
  bool there_ = false;
};

FeedChanges& changes_of(std::vector<FeedChanges>& all, std::string_view feed) {
  if (all.empty() || all.back().feed != feed) all.push_back({std::string(feed), {}, {}, {}, 0});
  return all.back();
}

}  // namespace

std::string Generations::path(int number) const { return fmt::format("{}/{:04}.db", folder_, number); }

Result<int> Generations::current() const {
  const std::string name = folder_ + "/current";
  std::error_code error;
  if (!fs::exists(name, error)) return 0;
  std::ifstream file(name);
  std::string text;
  std::getline(file, text);
  if (const int number = number_of(trim(text)); file && number != 0) return number;
  return failure(name + ": does not name a generation; bedrail knowledge rollback NUMBER sets it");
}

std::vector<int> Generations::all() const {
  std::vector<int> out;
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() != ".db") continue;
    if (const int number = number_of(entry->path().stem().string()); number != 0) out.push_back(number);
  }
  std::sort(out.begin(), out.end());
  return out;
}

Result<std::unique_ptr<Database>> Generations::open(int number) const {
  auto database = Database::open(path(number), Database::Mode::kRead);
  if (!database)
    return failure(database.error().message + "; bedrail knowledge rollback leads to an earlier one");
  if (auto checked = check_feed_tables(**database); !checked) return tl::unexpected(checked.error());
  return database;
}

Result<void> Generations::make_current(int number) const {
  return write_file(folder_ + "/current", fmt::format("{:04}\n", number));
}

void Generations::forget_old() const {
  std::vector<int> numbers = all();
  if (numbers.size() <= kKept) return;
  const int used = current().value_or(0);
  int before = 0;
  if (auto database = open(used)) {
    if (const auto note = note_of(**database)) before = note->parent;
  }
  numbers.resize(numbers.size() - kKept);
  for (const int number : numbers) {
    std::error_code ignored;
    if (number != used && number != before) fs::remove(path(number), ignored);
  }
}

Result<Generations::Lock> Generations::lock() const {
  if (auto made = make_folder(folder_); !made) return tl::unexpected(made.error());
  const std::string name = folder_ + "/lock";
  Descriptor file(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (file.get() < 0) return failure(name + ": " + write_error());
  if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) return Lock(std::move(file));
  if (errno == EWOULDBLOCK)
    return failure(folder_ + ": another import is at work there; try again when it is done");
  return failure(name + ": " + std::strerror(errno));
}

Result<GenerationNote> note_of(Database& database) {
  auto rows = database.prepare("SELECT number, parent, made, what FROM history ORDER BY number DESC LIMIT 1");
  if (!rows) return tl::unexpected(rows.error());
  const auto row = rows->step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return GenerationNote{};
  return GenerationNote{static_cast<int>(rows->number(0)), static_cast<int>(rows->number(1)),
                        std::string(rows->text(2)), std::string(rows->text(3))};
}

Result<std::vector<FeedChanges>> compare_generations(Database* before, Database& after) {
  Records old(before), now(&after);
  std::vector<FeedChanges> out;
  for (Records* each : {&old, &now}) {
    if (auto done = each->next(); !done) return tl::unexpected(done.error());
  }
  while (old.there() || now.there()) {
    const bool gone = old.there() && (!now.there() || old.place() < now.place());
    const bool fresh = now.there() && (!old.there() || now.place() < old.place());
    const auto [feed, key] = gone ? old.place() : now.place();
    FeedChanges& changes = changes_of(out, feed);
    if (gone)
      changes.withdrawn.emplace_back(key);
    else if (fresh)
      changes.added.emplace_back(key);
    else if (old.digest() != now.digest())
      changes.changed.emplace_back(key);
    else
      ++changes.same;
    if (!fresh) {
      if (auto done = old.next(); !done) return tl::unexpected(done.error());
    }
    if (!gone) {
      if (auto done = now.next(); !done) return tl::unexpected(done.error());
    }
  }
  return out;
}

}  // namespace bedrail
