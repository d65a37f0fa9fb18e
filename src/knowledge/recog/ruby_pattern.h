#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace bedrail {

/// How a fingerprint's pattern is to be read, from recog's `flags`.
struct RubyFlags {
  bool ignore_case = false;  ///< REG_ICASE
  bool dot_newline = false;  ///< REG_DOT_NEWLINE, REG_MULTILINE, REG_LINE_ANY_CRLF: all mean it to recog
};

/// A Ruby regular expression, which is what recog's patterns are, as RE2 takes it: "^" and "$" at each line,
/// flags in front. The error is a word that names what RE2 does not have: "lookahead", "backreference".
Result<std::string> re2_of_ruby(std::string_view pattern, RubyFlags flags);

}  // namespace bedrail
