#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "knowledge/feeds/feed_kinds.h"
#include "knowledge/feeds/generations.h"

namespace bedrail {

/// An import that was made, and does not count until it is applied: it lies beside the generations, is theirs
/// with `apply`, and is gone without. Meanwhile no other import can be made.
class FeedImport {
 public:
  struct Options {
    std::string site;
    const FeedKind* kind = nullptr;
    std::vector<std::string> paths;
    bool all = false;  ///< the paths hold all there is of this kind: the rest is withdrawn
    Timestamp now;     ///< what the import is noted under
  };

  /// Reads all, into a copy of what is in use. An error names file and place; then nothing was changed.
  static Result<std::unique_ptr<FeedImport>> prepare(const Options& options);
  ~FeedImport();
  FeedImport(const FeedImport&) = delete;
  FeedImport& operator=(const FeedImport&) = delete;

  /// What it would change in its kind.
  [[nodiscard]] const FeedChanges& changes() const { return changes_; }
  /// True where it would leave everything as it is.
  [[nodiscard]] bool nothing_new() const { return nothing_new_; }
  [[nodiscard]] std::size_t files() const { return files_; }
  [[nodiscard]] std::size_t records() const { return records_; }
  /// The day that the feed is of, as it says; empty where it does not.
  [[nodiscard]] const std::string& as_of() const { return as_of_; }
  /// The generation that it becomes, and that it came of (0: none).
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] int parent() const { return parent_; }

  [[nodiscard]] Result<void> apply();

 private:
  FeedImport(Generations generations, Generations::Lock lock)
      : generations_(std::move(generations)), lock_(std::move(lock)) {}
  [[nodiscard]] std::string part() const { return generations_.folder() + "/import.part"; }
  Result<void> begin();
  Result<void> read(const Options& options);
  Result<void> note(const Options& options, const std::string& before);
  Result<void> compare(const Options& options);

  Generations generations_;
  Generations::Lock lock_;
  std::unique_ptr<Database> database_;
  FeedChanges changes_;
  bool nothing_new_ = false;
  std::size_t files_ = 0, records_ = 0;
  std::string as_of_;
  int number_ = 0, parent_ = 0;
};

}  // namespace bedrail
