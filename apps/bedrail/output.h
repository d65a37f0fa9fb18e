#pragma once

#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"

namespace bedrail::app {

/// "bedrail: TEXT" on standard error, where it does not mix with the output: one line of visible characters,
/// whatever a file's name holds. `advice` is the program's own, and follows as it is.
void complain(std::string_view text, std::string_view advice = {});

/// Writes the whole text to standard output. Fails where it was closed or is full.
Result<void> write_stdout(std::string_view text);

/// Reads a whole file, or standard input for "-"; at most `limit` bytes.
Result<std::string> read_file(const std::string& path, std::size_t limit);

/// The folder of the running program's file.
std::string program_folder();

}  // namespace bedrail::app
