#pragma once

#include <string>
#include <string_view>

namespace bedrail {

/// A name of the Common Platform Enumeration, taken apart: formatted string binding 2.3 or URI binding 2.2
/// (NIST IR 7695, 6). "*" (any) and "-" (none) stay as they are, escapes are undone. All empty where it is no
/// CPE.
struct CpeName {
  std::string part, vendor, product, version, update, edition, language, software_edition, target_software,
      target_hardware, other;
};
CpeName parse_cpe(std::string_view text);

/// Vendor and product as words: CPE writes spaces as underscores.
std::string cpe_words(std::string_view value);

}  // namespace bedrail
