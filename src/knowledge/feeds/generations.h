#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "database/database.h"

namespace bedrail {

/// The folder `feeds` of a site: one base a generation (`0003.db`), and `current`, which names the one in
/// use. A generation is never changed; which one counts changes at once, by a rename.
class Generations {
 public:
  explicit Generations(const std::string& site) : folder_(site + "/feeds") {}

  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] std::string path(int number) const;
  /// The one in use; 0 where there is none.
  [[nodiscard]] Result<int> current() const;
  /// All that are there, in order.
  [[nodiscard]] std::vector<int> all() const;
  /// Opens one to read; an error says what to do.
  [[nodiscard]] Result<std::unique_ptr<Database>> open(int number) const;
  [[nodiscard]] Result<void> make_current(int number) const;
  /// Removes old ones: all but the newest ten, the one in use, and the one before it.
  void forget_old() const;

  /// Held by one program at a time, and let go with it, however it ends. Makes the folder.
  class Lock {
   public:
    explicit Lock(Descriptor file) : file_(std::move(file)) {}

   private:
    Descriptor file_;
  };
  [[nodiscard]] Result<Lock> lock() const;

 private:
  std::string folder_;
};

/// One step of what was done: which generation came of which, when, by what.
struct GenerationNote {
  int number = 0, parent = 0;
  std::string made, what;
};
/// Of a generation, its own note.
Result<GenerationNote> note_of(Database& database);

/// What differs between two generations in one kind of feed.
struct FeedChanges {
  std::string feed;
  std::vector<std::string> added, changed, withdrawn;  ///< keys, sorted
  std::size_t same = 0;
};
/// `before` may be null: nothing. Kinds in their names' order; those without any record are left out.
Result<std::vector<FeedChanges>> compare_generations(Database* before, Database& after);

}  // namespace bedrail
