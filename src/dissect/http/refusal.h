#pragma once

#include <string_view>

namespace bedrail::http {

/// True where the answer to a form says that the login failed: a page in English, German, French, Spanish or
/// Italian, or JSON as {"success":false}. `text` may be an answer's beginning.
bool says_refused(std::string_view text);

/// True where a redirection leads to an error: "/login?error=1".
bool leads_to_refusal(std::string_view location);

}  // namespace bedrail::http
