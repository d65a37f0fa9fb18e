#include "database/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <limits>

namespace bedrail {
namespace {

/// How long one who writes waits for another in a shared file.
constexpr int kPatienceMilliseconds = 5000;
/// Longer texts than any that is kept; a file that claims more is damaged.
constexpr int kLongestValue = 64 << 20;

/// The path as SQLite's URI: what has a meaning there is escaped.
std::string uri_of(const std::string& path) {
  std::string out = "file:";
  for (const char c : path) {
    if (c == '%')
      out += "%25";
    else if (c == '?')
      out += "%3f";
    else if (c == '#')
      out += "%23";
    else
      out += c;
  }
  return out + "?immutable=1";
}

const char* settings_of(Database::Mode mode) {
  switch (mode) {
    case Database::Mode::kRead:
      return "PRAGMA query_only=ON; PRAGMA mmap_size=1073741824";
    case Database::Mode::kBuild:
    case Database::Mode::kContinue:
      return "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; "
             "PRAGMA cache_size=-65536; PRAGMA temp_store=FILE";
    case Database::Mode::kShared:
      return "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16384";
  }
  return "";
}

int flags_of(Database::Mode mode) {
  switch (mode) {
    case Database::Mode::kRead:
      return SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    case Database::Mode::kContinue:
      return SQLITE_OPEN_READWRITE;
    case Database::Mode::kBuild:
    case Database::Mode::kShared:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  }
  return 0;
}

/// The bytes are on the disk before a name points to them.
bool synced(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool done = ::fsync(fd) == 0;
  return ::close(fd) == 0 && done;
}

}  // namespace

Statement::Statement(Database& database, sqlite3_stmt* statement, bool* lent)
    : database_(&database), statement_(statement), lent_(lent) {}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), statement_(other.statement_), lent_(other.lent_), next_(other.next_) {
  other.statement_ = nullptr;
}

Statement::~Statement() {
  if (statement_ == nullptr) return;
  if (lent_ == nullptr) {
    sqlite3_finalize(statement_);
    return;
  }
  reset();
  sqlite3_clear_bindings(statement_);
  *lent_ = false;
}

Statement& Statement::bind(std::string_view text) {
  // A null pointer would bind NULL, which no column of ours takes.
  const char* data = text.data() == nullptr ? "" : text.data();
  sqlite3_bind_text64(statement_, next_++, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind(std::int64_t number) {
  sqlite3_bind_int64(statement_, next_++, number);
  return *this;
}

Statement& Statement::bind(double number) {
  sqlite3_bind_double(statement_, next_++, number);
  return *this;
}

Statement& Statement::bind_null() {
  sqlite3_bind_null(statement_, next_++);
  return *this;
}

Result<bool> Statement::step() {
  switch (sqlite3_step(statement_)) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      return tl::unexpected(database_->error());
  }
}

Result<void> Statement::run() {
  const auto stepped = step();
  reset();
  if (!stepped) return tl::unexpected(stepped.error());
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_);
  next_ = 1;
}

std::string_view Statement::text(int column) const {
  const unsigned char* data = sqlite3_column_text(statement_, column);
  if (data == nullptr) return {};
  return {reinterpret_cast<const char*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(statement_, column); }
double Statement::real(int column) const { return sqlite3_column_double(statement_, column); }
bool Statement::null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Mode mode) {
  std::unique_ptr<Database> out(new Database(path));
  const std::string name = mode == Mode::kRead ? uri_of(path) : path;
  const int opened =
      sqlite3_open_v2(name.c_str(), &out->handle_, flags_of(mode) | SQLITE_OPEN_NOMUTEX, nullptr);
  if (opened != SQLITE_OK) return tl::unexpected(out->error());
  // A file that somebody else made may hold statements of its own; none of them is run.
  sqlite3_db_config(out->handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(out->handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_limit(out->handle_, SQLITE_LIMIT_LENGTH, kLongestValue);
  sqlite3_busy_timeout(out->handle_, kPatienceMilliseconds);
  if (auto set = out->execute(settings_of(mode)); !set) return tl::unexpected(set.error());
  // Whether it is a database at all shows at the first read.
  if (auto read = out->number("SELECT count(*) FROM sqlite_schema"); !read)
    return tl::unexpected(read.error());
  return out;
}

Database::~Database() {
  forget();
  sqlite3_close_v2(handle_);
}

void Database::forget() {
  for (auto& [sql, cached] : cache_) sqlite3_finalize(cached.statement);
  cache_.clear();
}

Error Database::error() const {
  const int code = handle_ == nullptr ? SQLITE_NOMEM : sqlite3_errcode(handle_);
  const std::string said = handle_ == nullptr ? "no memory is left" : sqlite3_errmsg(handle_);
  switch (code) {
    case SQLITE_CANTOPEN:
      return {path_ + ": cannot be opened; check the path and the right to use it"};
    case SQLITE_FULL:
      return {path_ + ": the disk is full; make room"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {path_ + ": another program is using it; try again when it is done"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {path_ + ": is damaged, or no database (" + said + ")"};
    default:
      return {path_ + ": " + said};
  }
}

Result<void> Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return tl::unexpected(error());
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  const auto found = cache_.find(sql);
  if (found != cache_.end() && !found->second.lent) {
    found->second.lent = true;
    return Statement(*this, found->second.statement, &found->second.lent);
  }
  sqlite3_stmt* statement = nullptr;
  if (sql.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
      sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                         &statement, nullptr) != SQLITE_OK)
    return tl::unexpected(error());
  if (found != cache_.end()) return Statement(*this, statement, nullptr);
  Cached& cached = cache_[std::string(sql)];
  cached = {statement, true};
  return Statement(*this, statement, &cached.lent);
}

Result<std::optional<std::int64_t>> Database::number(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  const auto row = statement->step();
  if (!row) return tl::unexpected(row.error());
  if (!*row || statement->null(0)) return std::optional<std::int64_t>();
  return std::optional<std::int64_t>(statement->number(0));
}

std::int64_t Database::last_id() const { return sqlite3_last_insert_rowid(handle_); }

Result<void> Database::close() {
  forget();
  if (sqlite3_close(handle_) != SQLITE_OK) return tl::unexpected(error());
  handle_ = nullptr;
  if (!synced(path_)) return failure(path_ + ": cannot be brought to the disk; make room, or check the disk");
  return {};
}

Result<Transaction> Transaction::begin(Database& database) {
  if (auto begun = database.execute("BEGIN IMMEDIATE"); !begun) return tl::unexpected(begun.error());
  return Transaction(&database);
}

Transaction::~Transaction() {
  if (database_ != nullptr) (void)database_->execute("ROLLBACK");
}

Result<void> Transaction::commit() {
  Database* database = database_;
  database_ = nullptr;
  auto done = database->execute("COMMIT");
  if (!done) (void)database->execute("ROLLBACK");
  return done;
}

}  // namespace bedrail
