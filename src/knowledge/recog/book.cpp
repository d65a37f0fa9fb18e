#include "knowledge/recog/book.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <mutex>
#include <set>

#include "knowledge/pattern_index.h"
#include "knowledge/recog/table.h"

namespace bedrail {

namespace {

/// RFC 3629; overlong forms and surrogates do not matter here.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const std::size_t more = c < 0x80                ? 0
                             : c >= 0xf0 && c < 0xf5 ? 3
                             : c >= 0xe0 && c < 0xf0 ? 2
                             : c >= 0xc2 && c < 0xe0 ? 1
                                                     : SIZE_MAX;
    if (more >= text.size() - i) return false;
    for (std::size_t k = 0; k < more; ++k) {
      if ((static_cast<unsigned char>(text[++i]) & 0xc0) != 0x80) return false;
    }
  }
  return true;
}

/// A pattern that takes a space for a line's end, too: what dissectors tell is one line, with spaces where a
/// banner of several had its ends.
std::string on_one_line(std::string_view pattern) {
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      const char escaped = pattern[++i];
      const bool line_end = escaped == 'r' || escaped == 'n';
      if (line_end && !in_class) out.push_back('[');
      out.push_back(c);
      out.push_back(escaped);
      if (line_end) out += in_class ? " " : " ]";
      continue;
    }
    if (in_class && c == '[' && pattern.substr(i).starts_with("[:")) {
      // A named class ends with a bracket of its own.
      const std::size_t end = pattern.find(":]", i);
      const std::size_t stop = end == std::string_view::npos ? pattern.size() : end + 2;
      out.append(pattern.substr(i, stop - i));
      i = stop - 1;
      continue;
    }
    if (c == '[') in_class = true;
    if (c == ']') in_class = false;
    out.push_back(c);
  }
  return out;
}

}  // namespace

std::optional<RecogFields> RecogPattern::match(const std::vector<RecogParam>& params,
                                               std::string_view text) const {
  const re2::RE2* compiled = (is_utf8(text) ? characters_ : bytes_).get();
  if (compiled == nullptr) return std::nullopt;
  std::vector<re2::StringPiece> found(static_cast<std::size_t>(compiled->NumberOfCapturingGroups()) + 1);
  if (!compiled->Match({text.data(), text.size()}, 0, text.size(), re2::RE2::UNANCHORED, found.data(),
                       static_cast<int>(found.size())))
    return std::nullopt;
  std::vector<std::string> groups;
  groups.reserve(found.size());
  for (const re2::StringPiece& group : found) groups.emplace_back(group.data(), group.size());
  return recog_fields(params, groups);
}

bool RecogPattern::found_in(std::string_view text) const {
  return (is_utf8(text) ? characters_ : bytes_).found_in(text);
}

int RecogPattern::groups() const {
  const re2::RE2* compiled = characters_.get();
  return compiled == nullptr ? 0 : compiled->NumberOfCapturingGroups();
}

/// The fingerprints of one kind, in the file's order.
struct RecogBook::Shelf {
  std::vector<std::uint32_t> rows;
  bool one_line = false;
  mutable std::once_flag opened;
  mutable std::vector<std::unique_ptr<const RecogPattern>> patterns;
  mutable std::unique_ptr<const PatternIndex> index;
};

struct RecogBook::Contents {
  Tsv table;
  std::shared_ptr<PatternFaults> faults;
  std::map<std::string, Shelf, std::less<>> shelves;

  void fill() {
    const std::size_t kind = table.column("kind").value_or(0);
    Shelf* last = nullptr;
    std::string_view last_kind;
    for (std::uint32_t i = 0; i < table.size(); ++i) {
      const std::string_view now = table.row(i).cell(kind);
      if (last == nullptr || now != last_kind) last = &shelves[std::string(now)];
      last_kind = now;
      last->rows.push_back(i);
    }
  }

  void open(const Shelf& shelf) const {
    const std::size_t column = table.column("pattern").value_or(0);
    std::vector<std::string_view> texts;
    for (const std::uint32_t row : shelf.rows) {
      const std::string_view cell = table.row(row).cell(column);
      const std::string text = shelf.one_line ? on_one_line(cell) : std::string(cell);
      shelf.patterns.push_back(std::make_unique<const RecogPattern>(text, table.row(row).where(), faults));
      texts.push_back(shelf.patterns.back()->text());
    }
    shelf.index = std::make_unique<const PatternIndex>(texts);
  }
};

RecogBook::RecogBook() = default;
RecogBook::~RecogBook() = default;
RecogBook::RecogBook(RecogBook&&) noexcept = default;
RecogBook& RecogBook::operator=(RecogBook&&) noexcept = default;

Result<void> RecogBook::read(const std::string& path, std::shared_ptr<PatternFaults> faults) {
  auto table = Tsv::read(path, recog_columns());
  if (!table) return tl::unexpected(table.error());
  contents_ = std::make_unique<Contents>();
  contents_->table = std::move(*table);
  contents_->faults = faults != nullptr ? std::move(faults) : std::make_shared<PatternFaults>();
  contents_->fill();
  return {};
}

void RecogBook::read(const std::vector<RecogFingerprint>& fingerprints,
                     std::shared_ptr<PatternFaults> faults) {
  auto table = Tsv::parse(kRecogFile, recog_table(fingerprints, ""), recog_columns());
  contents_ = std::make_unique<Contents>();
  if (table) contents_->table = std::move(*table);
  contents_->faults = faults != nullptr ? std::move(faults) : std::make_shared<PatternFaults>();
  contents_->fill();
}

void RecogBook::take_on_one_line(const std::vector<std::string>& kinds) {
  for (const std::string& kind : kinds) {
    if (contents_ == nullptr) return;
    if (const auto shelf = contents_->shelves.find(kind); shelf != contents_->shelves.end())
      shelf->second.one_line = true;
  }
}

std::size_t RecogBook::size() const { return contents_ == nullptr ? 0 : contents_->table.size(); }

std::map<std::string, std::size_t> RecogBook::kinds() const {
  std::map<std::string, std::size_t> out;
  if (contents_ == nullptr) return out;
  for (const auto& [kind, shelf] : contents_->shelves) out[kind] = shelf.rows.size();
  return out;
}

std::optional<RecogHit> RecogBook::match(std::string_view kind, std::string_view text) const {
  if (contents_ == nullptr) return std::nullopt;
  const auto found = contents_->shelves.find(kind);
  if (found == contents_->shelves.end()) return std::nullopt;
  const Shelf& shelf = found->second;
  std::call_once(shelf.opened, [&] { contents_->open(shelf); });
  for (const std::uint32_t candidate : shelf.index->candidates(text)) {
    if (!shelf.patterns[candidate]->found_in(text)) continue;
    auto fingerprint = recog_of_row(contents_->table.row(shelf.rows[candidate]));
    if (!fingerprint) {
      contents_->faults->add(fingerprint.error().message);
      return std::nullopt;
    }
    if (auto fields = shelf.patterns[candidate]->match(fingerprint->params, text))
      return RecogHit{std::move(fingerprint->id), std::move(fingerprint->source), fingerprint->certainty,
                      std::move(*fields)};
  }
  return std::nullopt;
}

std::vector<std::string> RecogBook::check() const {
  std::vector<std::string> out;
  std::set<std::string, std::less<>> ids;
  for (std::size_t i = 0; i < size(); ++i) {
    const Tsv::Row row = contents_->table.row(i);
    const auto fingerprint = recog_of_row(row);
    if (!fingerprint) {
      out.push_back(fingerprint.error().message);
      continue;
    }
    if (!ids.insert(fingerprint->id).second)
      out.push_back(fmt::format("{}: the id \"{}\" stands twice", row.where(), fingerprint->id));
    const RecogPattern pattern(fingerprint->pattern, row.where(), nullptr);
    if (const auto checked = pattern.check(); !checked) {
      out.push_back(checked.error().message);
      continue;
    }
    for (const RecogParam& param : fingerprint->params) {
      if (param.group > pattern.groups())
        out.push_back(
            fmt::format("{}: {} uses a group that the pattern does not have", row.where(), param.name));
    }
  }
  return out;
}

std::optional<RecogFingerprint> RecogBook::find(std::string_view id) const {
  for (std::size_t i = 0; i < size(); ++i) {
    const Tsv::Row row = contents_->table.row(i);
    if (row["id"] != id) continue;
    auto out = recog_of_row(row);
    if (out) return std::move(*out);
  }
  return std::nullopt;
}

}  // namespace bedrail
