// Any text as a table, as rules, and as the TOML files: it is refused in one sentence or read, never more.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "knowledge/corrections.h"
#include "knowledge/findings.h"
#include "knowledge/pattern_index.h"
#include "knowledge/rules.h"
#include "knowledge/tsv.h"

namespace {

void require(bool held) {
  if (!held) std::abort();
}

/// What was read as corrections is written as the same ones.
void read_corrections(const std::string& text) {
  const auto table = bedrail::Tsv::parse("t", text, bedrail::correction_columns());
  if (!table) return;
  const auto read = bedrail::corrections_of(*table);
  if (!read) return require(read.error().message.starts_with("t:"));
  for (const bedrail::Correction& each : *read) (void)bedrail::holds_address(each.because);
  const auto again =
      bedrail::Tsv::parse("t", bedrail::corrections_table(*read, "note"), bedrail::correction_columns());
  require(again.has_value());
  require(bedrail::corrections_of(*again) == *read);
}

void read_table(const std::string& text) {
  const auto table = bedrail::Tsv::parse("t", text, {"id"});
  if (!table) return require(!table.error().message.empty());
  for (std::size_t i = 0; i < table->size(); ++i) {
    const bedrail::Tsv::Row row = table->row(i);
    for (const char* column : {"id", "on", "none"}) require(row[column].size() <= text.size());
    require(std::isfinite(row.number("confidence")));
    require(!row.where().empty());
    for (const std::string_view part : bedrail::split_list(row["set"], ';')) require(!part.empty());
  }
  bedrail::RuleBook book;
  if (const auto done = book.add(*table); !done) require(done.error().message.starts_with("t:"));
  std::vector<bedrail::RuleHit> hits;
  for (std::size_t i = 0; i < table->size(); ++i)
    book.match(table->row(i)["on"], bedrail::Role::kServer, text, hits);
  // The index leaves out no pattern that is found.
  std::vector<std::string_view> patterns;
  for (std::size_t i = 0; i < table->size(); ++i) patterns.push_back(table->row(i)["pattern"]);
  const std::vector<std::uint32_t> found = bedrail::PatternIndex(patterns).candidates(text);
  for (std::uint32_t i = 0; i < patterns.size(); ++i) {
    if (bedrail::Pattern(patterns[i], "t", nullptr).found_in(text))
      require(std::binary_search(found.begin(), found.end(), i));
  }
  for (const bedrail::RuleHit& hit : hits) {
    require(hit.rule->confidence > 0 && hit.rule->confidence <= 1);
    require(!hit.values.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  read_table(text);
  read_corrections(text);
  (void)bedrail::holds_address(text);
  // One half each where a line of dashes parts the text, else both files are the same.
  const std::size_t cut = text.find("\n---\n");
  const std::string_view all(text);
  const std::string_view findings = all.substr(0, cut);
  const std::string_view risk = cut == std::string::npos ? all : all.substr(cut + 5);
  bedrail::FindingBook book;
  if (const auto done = book.read("f", findings, "r", risk); done) {
    const bedrail::RiskModel& model = book.risk();
    require(!model.levels.empty() && model.levels.back().from <= 0);
    require(model.base_likelihood >= 0 && model.base_likelihood <= 1);
  } else {
    require(!done.error().message.empty());
  }
  return 0;
}
