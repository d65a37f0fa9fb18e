#pragma once

#include <string>

namespace CLI {
class App;
}

namespace bedrail::app {

/// --knowledge and --site: where a command of `bedrail knowledge` reads.
void add_places(CLI::App& command, std::string& knowledge, std::string& site);
/// --into and --knowledge: where an import writes, and what is in use.
void add_import_places(CLI::App& command, std::string& knowledge, std::string& site);

}  // namespace bedrail::app
