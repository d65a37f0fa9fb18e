#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace bedrail {

/// A compiled statement, lent from its database's cache: bind, step, read. Bound texts are copied. Giving it
/// back (its destructor) resets it; what `text` gave is then gone. A failure of a bind shows at the next
/// step.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  /// The next `?` of the statement, from the first one on after `reset`.
  Statement& bind(std::string_view text);
  Statement& bind(std::int64_t number);
  Statement& bind(double number);
  Statement& bind_null();

  /// True where there is a row to read, false after the last one.
  [[nodiscard]] Result<bool> step();
  /// Runs a statement that gives no rows, and makes it ready for the next values.
  [[nodiscard]] Result<void> run();
  void reset();

  /// A column of the row, counted from 0; NULL reads as empty or 0. A view is good until the next step.
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] bool null(int column) const;

 private:
  friend class Database;
  Statement(class Database& database, sqlite3_stmt* statement, bool* lent);

  Database* database_;
  sqlite3_stmt* statement_;
  bool* lent_;  ///< the cache's mark; null where it is this one's alone
  int next_ = 1;
};

/// One SQLite file, used by one thread. Every failure is a sentence that names the file.
class Database {
 public:
  enum class Mode {
    kRead,      ///< nobody changes it any more: read without locks, also from a medium that cannot be written
    kBuild,     ///< made from nothing by this process alone and thrown away where that fails: no journal
    kContinue,  ///< the same of a file that is there
    kShared,    ///< a journal written ahead (WAL): one writes while others read, and a crash loses nothing
                ///< committed
  };

  static Result<std::unique_ptr<Database>> open(const std::string& path, Mode mode);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs statements that give no rows, separated by semicolons.
  [[nodiscard]] Result<void> execute(const std::string& sql);
  /// A statement out of the cache; a second one while the first is still lent is compiled anew.
  [[nodiscard]] Result<Statement> prepare(std::string_view sql);
  /// The first column of the first row; empty where there is none.
  [[nodiscard]] Result<std::optional<std::int64_t>> number(std::string_view sql);
  /// The rowid of the last insert.
  [[nodiscard]] std::int64_t last_id() const;
  /// Closes it and brings what was written to the disk. Nothing may be lent.
  [[nodiscard]] Result<void> close();
  [[nodiscard]] const std::string& path() const { return path_; }
  /// "FILE: what SQLite says", with what to do.
  [[nodiscard]] Error error() const;

 private:
  struct Cached {
    sqlite3_stmt* statement = nullptr;
    bool lent = false;
  };

  explicit Database(std::string path) : path_(std::move(path)) {}
  void forget();

  std::string path_;
  sqlite3* handle_ = nullptr;
  std::map<std::string, Cached, std::less<>> cache_;
};

/// All that is done while it lives applies at `commit`, or not at all.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(other.database_) { other.database_ = nullptr; }
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  [[nodiscard]] Result<void> commit();

 private:
  explicit Transaction(Database* database) : database_(database) {}
  Database* database_;
};

}  // namespace bedrail
