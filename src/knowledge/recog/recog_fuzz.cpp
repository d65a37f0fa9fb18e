// Any text as a file of fingerprints: refused in one sentence with file and line, or taken whole; what is
// taken is written, reads back the same, and says the same of a text.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "knowledge/recog/book.h"
#include "knowledge/recog/import.h"
#include "knowledge/recog/table.h"

namespace {

void require(bool held) {
  if (!held) std::abort();
}

bool same(const std::vector<bedrail::RecogParam>& a, const std::vector<bedrail::RecogParam>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].name != b[i].name || a[i].group != b[i].group || a[i].value != b[i].value) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  auto entries = bedrail::read_recog_document("f.xml", text, nullptr);
  if (!entries) {
    require(entries.error().message.starts_with("f.xml:"));
    return 0;
  }
  bedrail::RecogImporter importer;
  if (const auto done = importer.add("f.xml", std::move(*entries)); !done) {
    require(done.error().message.starts_with("f.xml:"));
    return 0;
  }
  const bedrail::RecogImport import = importer.finish();
  for (const auto& refused : import.refused) require(!refused.why.empty());
  const auto table =
      bedrail::Tsv::parse("t", bedrail::recog_table(import.fingerprints, "note"), bedrail::recog_columns());
  require(table && table->size() == import.fingerprints.size());
  bedrail::RecogBook book;
  book.read(import.fingerprints, nullptr);
  require(book.check().empty());
  for (std::size_t i = 0; i < table->size(); ++i) {
    const auto back = bedrail::recog_of_row(table->row(i));
    require(back && same(back->params, import.fingerprints[i].params));
    const auto hit = book.match(back->kind, text);
    if (hit) require(hit->certainty >= 0 && hit->certainty <= 1);
  }
  return 0;
}
