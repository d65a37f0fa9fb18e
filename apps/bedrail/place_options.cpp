#include "place_options.h"

#include <CLI/CLI.hpp>

namespace bedrail::app {

void add_places(CLI::App& command, std::string& knowledge, std::string& site) {
  command
      .add_option("--knowledge", knowledge, "The folder of knowledge (default: the one beside the program)")
      ->type_name("DIR");
  command
      .add_option("--site", site,
                  "The folder of what this site added (default: the one beside the knowledge)")
      ->type_name("DIR");
}

void add_import_places(CLI::App& command, std::string& knowledge, std::string& site) {
  command
      .add_option(
          "--into", site,
          "The folder of what this site adds (default: the one beside the knowledge in use, knowledge.site)")
      ->type_name("DIR");
  command
      .add_option("--knowledge", knowledge,
                  "The folder of knowledge in use (default: the one beside the program)")
      ->type_name("DIR");
}

}  // namespace bedrail::app
