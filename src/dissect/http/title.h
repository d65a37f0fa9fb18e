#pragma once

#include <string>
#include <string_view>

namespace bedrail::http {

/// What of a page's title may be kept: the parts that name a product or an interface. Software for patients
/// puts their names into titles, before its own name or behind it; of a title that names such software only
/// the words of its name stay, of others the parts between separators that hold a known word and nothing of a
/// person. Empty where nothing is known: a rule could not read it anyway.
std::string public_title(std::string_view title);

}  // namespace bedrail::http
