#pragma once

#include <memory>
#include <string>
#include <vector>

#include "knowledge/knowledge.h"

namespace bedrail {

/// What a check of all files found.
struct KnowledgeCheck {
  std::vector<std::string> faults;  ///< "FILE:LINE: what", in the order of the tables
  std::size_t files = 0, rows = 0, examples = 0;
};

/// Reads every file of a folder of knowledge and of the site's (empty: the one beside it), compiles every
/// pattern, holds rules to the tables that they name and to the examples in `rules/examples.tsv`.
KnowledgeCheck check_knowledge(const std::string& folder, const std::string& site = {});

/// A table of a folder of knowledge, by its path within it, and its rows.
struct KnowledgeTable {
  std::string name;
  std::size_t rows = 0;
};
std::vector<KnowledgeTable> knowledge_tables(const std::string& folder);

/// As `load_knowledge`, reading on past faults: each is noted, and its row left out. Null where nothing could
/// be read.
std::unique_ptr<const Knowledge> read_noting_faults(const std::string& folder, const std::string& site,
                                                    std::vector<std::string>& faults);

}  // namespace bedrail
