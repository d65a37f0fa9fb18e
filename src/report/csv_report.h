#pragma once

#include <string>

#include "model/assessment.h"

namespace bedrail {

/// The devices as comma-separated values (RFC 4180: CRLF, quotes doubled), UTF-8 without a byte order mark: a
/// header row, then one row a device in the document's order. Several values in one cell are joined by "; ".
/// A cell that a spreadsheet would take for a formula (it starts with = + - @, their full-width forms, a tab
/// or a line break) gets an apostrophe in front.
std::string to_csv(const Assessment& assessment);

}  // namespace bedrail
