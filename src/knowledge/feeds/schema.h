#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "database/database.h"

namespace bedrail {

/// Makes the tables in an empty file.
Result<void> make_feed_tables(Database& database);
/// Refuses a file that is no base of feeds, or of another edition of the tables.
Result<void> check_feed_tables(Database& database);

/// A table of what records say: rows `record`, `n` and these columns, in the order of the statement that
/// fills them.
struct FeedTable {
  std::string_view name, columns;
};
const std::vector<FeedTable>& feed_tables();

}  // namespace bedrail
