#pragma once

#include <string>

#include "base/result.h"

namespace bedrail::app {

/// The folder of knowledge that is in use: `given`, or the one beside the program.
Result<std::string> knowledge_folder(const std::string& given);

}  // namespace bedrail::app
