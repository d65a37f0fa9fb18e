#include "feed_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <iostream>

#include "base/text.h"
#include "commands.h"
#include "knowledge/feeds/import.h"
#include "knowledge/feeds/vulnerability_base.h"
#include "output.h"

namespace bedrail::app {
namespace {

/// Names shown of each kind of change.
constexpr std::size_t kShown = 10;
constexpr std::int64_t kOldDays = 30;

int failed(const std::string& message) {
  complain(message);
  return kFailed;
}

/// The one place where the knowledge looks at a clock: an import is noted under its time, ages are told by
/// it.
Timestamp today() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()};
}

std::string day_of(const std::string& time) {
  return time.empty() ? std::string("an unknown day") : time.substr(0, 10);
}

std::string names_text(std::string_view what, const std::vector<std::string>& names, std::size_t most) {
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
    out += fmt::format("  {}: {}\n", what, names[i]);
  if (names.size() > most) out += fmt::format("  {}: {} more\n", what, names.size() - most);
  return out;
}

std::string changes_text(const FeedChanges& changes, std::size_t most) {
  return fmt::format("new {}, changed {}, withdrawn {}, the same {}\n", changes.added.size(),
                     changes.changed.size(), changes.withdrawn.size(), changes.same) +
         names_text("new", changes.added, most) + names_text("changed", changes.changed, most) +
         names_text("withdrawn", changes.withdrawn, most);
}

/// Asks at the terminal. Without one nobody can answer.
bool confirmed() {
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0) return false;
  if (!write_stdout("apply this? [y/N] ")) return false;
  std::string answer;
  std::getline(std::cin, answer);
  return equals_ignoring_case(trim(answer), "y") || equals_ignoring_case(trim(answer), "yes");
}

int apply(FeedImport& import, const KnowledgeArguments& arguments, const std::string& folder) {
  std::string text;
  if (import.nothing_new()) {
    text = "nothing new: nothing was written\n";
  } else if (arguments.preview) {
    text = fmt::format("preview: nothing was written; it would be generation {} in {}\n", import.number(),
                       folder);
  } else if (!arguments.yes && !confirmed()) {
    complain("the import was not confirmed, nothing was changed; --yes applies it without asking");
    return kIncomplete;
  } else if (auto applied = import.apply(); !applied) {
    return failed(applied.error().message);
  } else {
    text = fmt::format("generation {} is in use, in {}\n", import.number(), folder);
    if (import.parent() != 0)
      text += fmt::format("bedrail knowledge rollback leads back to generation {}\n", import.parent());
  }
  if (auto written = write_stdout(text); !written) return failed(written.error().message);
  return kComplete;
}

std::string feed_line(const ImportedFeed& feed, Timestamp now) {
  const FeedKind* kind = feed_kind(feed.kind);
  std::string out = fmt::format("{:>8}  {}: of {}, imported {}", feed.records, feed.kind, day_of(feed.as_of),
                                day_of(feed.imported));
  const auto since = parse_rfc3339(feed.as_of.empty() ? feed.imported : feed.as_of);
  if (!since || kind == nullptr || !kind->ages) return out + "\n";
  const std::int64_t days = elapsed(*since, now) / kNanosecondsPerSecond / 86400;
  out += fmt::format(", {} {} old", days, days == 1 ? "day" : "days");
  return out + (days > kOldDays ? ": import a newer one\n" : "\n");
}

}  // namespace

int run_import_feed(const KnowledgeArguments& arguments, const std::string& site) {
  const FeedKind* kind = feed_kind(arguments.feed);
  const auto import = FeedImport::prepare({site, kind, arguments.paths, arguments.all, today()});
  if (!import) return failed(import.error().message + "; nothing was changed");
  const std::string text = fmt::format("{}: {} {}, {} read, of {}\n", kind->name, (*import)->files(),
                                       (*import)->files() == 1 ? "file" : "files", (*import)->records(),
                                       day_of((*import)->as_of())) +
                           changes_text((*import)->changes(), kShown);
  if (auto written = write_stdout(text); !written) return failed(written.error().message);
  return apply(**import, arguments, Generations(site).folder());
}

int run_diff(const KnowledgeArguments& arguments, const std::string& site) {
  const Generations generations(site);
  const auto from = generations.open(arguments.from), to = generations.open(arguments.to);
  for (const auto* each : {&from, &to}) {
    if (!*each) return failed((*each).error().message);
  }
  const auto changes = compare_generations(from->get(), **to);
  if (!changes) return failed(changes.error().message);
  std::string text;
  for (const FeedChanges& each : *changes)
    text += fmt::format("{}: {}", each.feed, changes_text(each, std::string::npos));
  if (auto written = write_stdout(text); !written) return failed(written.error().message);
  return kComplete;
}

int run_rollback(const KnowledgeArguments& arguments, const std::string& site) {
  const Generations generations(site);
  const auto lock = generations.lock();
  if (!lock) return failed(lock.error().message);
  int to = arguments.to;
  if (to == 0) {
    const auto current = generations.current();
    if (!current) return failed(current.error().message);
    if (*current == 0)
      return failed(generations.folder() + ": nothing was imported; there is nothing to go back to");
    const auto database = generations.open(*current);
    const auto note = database ? note_of(**database) : tl::unexpected(database.error());
    if (!note) return failed(note.error().message + "; name a generation");
    if (note->parent == 0)
      return failed(fmt::format("generation {} is the first; to use no feeds at all, remove {}", *current,
                                generations.folder()));
    to = note->parent;
  }
  if (const auto usable = generations.open(to); !usable)
    return failed(usable.error().message + "; nothing was changed");
  if (auto done = generations.make_current(to); !done) return failed(done.error().message);
  if (auto written = write_stdout(fmt::format("generation {} is in use, in {}\n", to, generations.folder()));
      !written)
    return failed(written.error().message);
  return kComplete;
}

Result<std::string> feeds_text(const KnowledgeArguments& arguments, const std::string& site) {
  const Generations generations(site);
  const auto base = VulnerabilityBase::open(site);
  if (!base) return tl::unexpected(base.error());
  if (!*base) return fmt::format("No feed was imported: there is no {}\n", generations.folder());
  std::string out = fmt::format("Feeds, generation {}, in {}\n", (*base)->number(), generations.folder());
  for (const ImportedFeed& feed : (*base)->feeds()) out += feed_line(feed, arguments.as_of.value_or(today()));
  if (!(*base)->fault().empty()) return failure((*base)->fault());
  for (const int number : generations.all()) {
    const auto database = generations.open(number);
    const auto note = database ? note_of(**database) : tl::unexpected(database.error());
    const std::string what =
        note ? fmt::format("{} into generation {}, {}", note->what, note->parent, day_of(note->made))
             : "cannot be read";
    out +=
        fmt::format("{:>8}  generation: {}{}\n", number, what, number == (*base)->number() ? ", in use" : "");
  }
  return out;
}

}  // namespace bedrail::app
