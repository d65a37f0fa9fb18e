#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "knowledge/recog/fingerprint.h"
#include "knowledge/tsv.h"

namespace bedrail {

/// The columns of the file that an import writes.
inline constexpr const char* kRecogFile = "recog.tsv";
const std::vector<std::string_view>& recog_columns();

/// The whole file: a note of where it comes from, the columns, one row a fingerprint.
std::string recog_table(const std::vector<RecogFingerprint>& fingerprints, const std::string& note);

/// A row back into a fingerprint. Errors name file and line.
Result<RecogFingerprint> recog_of_row(const Tsv::Row& row);

}  // namespace bedrail
