// One text file of fingerprints: tab-separated, params as "os.vendor=Acme; os.version=$1". A backslash stands
// before what would otherwise part or end something.
#include "knowledge/recog/table.h"

#include <fmt/format.h>

#include "base/text.h"

namespace bedrail {
namespace {

struct Escape {
  char meant, letter;
};
constexpr Escape kEscapes[] = {{'\\', '\\'}, {';', ';'},  {'$', '$'}, {'\t', 't'},
                               {'\n', 'n'},  {'\r', 'r'}, {'\0', '0'}};

void append_escaped(std::string& out, std::string_view value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    bool done = false;
    for (const Escape& escape : kEscapes) {
      if (c != escape.meant) continue;
      out.push_back('\\');
      out.push_back(escape.letter);
      done = true;
    }
    // Cells and parts are trimmed.
    if (!done && (i == 0 || i + 1 == value.size()) && static_cast<unsigned char>(c) <= ' ') {
      out += c == ' ' ? "\\_" : "";
      done = true;
    }
    if (!done) out.push_back(c);
  }
}

std::string params_cell(const std::vector<RecogParam>& params) {
  std::string out;
  for (const RecogParam& param : params) {
    if (!out.empty()) out += "; ";
    out += param.name + "=";
    if (param.group > 0)
      out += fmt::format("${}", param.group);
    else
      append_escaped(out, param.value);
  }
  return out;
}

/// "a=b; c=$1" part by part.
class ParamReader {
 public:
  explicit ParamReader(std::string_view cell) : in_(cell) {}

  [[nodiscard]] bool at_end() const { return at_ >= in_.size(); }

  bool next(RecogParam& out) {
    while (at_ < in_.size() && in_[at_] == ' ') ++at_;
    const std::size_t equals = in_.find('=', at_);
    if (equals == std::string_view::npos || equals == at_) return false;
    out = {std::string(in_.substr(at_, equals - at_)), 0, ""};
    at_ = equals + 1;
    if (at_ < in_.size() && in_[at_] == '$') return group(out);
    return value(out);
  }

 private:
  bool group(RecogParam& out) {
    for (++at_; at_ < in_.size() && in_[at_] != ';'; ++at_) {
      if (in_[at_] < '0' || in_[at_] > '9' || out.group > 99) return false;
      out.group = out.group * 10 + (in_[at_] - '0');
    }
    ++at_;
    return out.group > 0;
  }

  bool value(RecogParam& out) {
    for (; at_ < in_.size() && in_[at_] != ';'; ++at_) {
      if (in_[at_] != '\\') {
        out.value.push_back(in_[at_]);
        continue;
      }
      if (++at_ == in_.size()) return false;
      bool known = in_[at_] == '_';
      if (known) out.value.push_back(' ');
      for (const Escape& escape : kEscapes) {
        if (in_[at_] != escape.letter) continue;
        out.value.push_back(escape.meant);
        known = true;
      }
      if (!known) return false;
    }
    ++at_;
    return true;
  }

  std::string_view in_;
  std::size_t at_ = 0;
};

/// A pattern within a cell: no tab, no line's end, no blank at its end.
std::string pattern_cell(std::string_view pattern) {
  std::string out;
  for (const char c : pattern) {
    if (c == '\t')
      out += "\\t";
    else if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    else
      out.push_back(c);
  }
  if (out.ends_with(' ')) {
    out.pop_back();
    if (out.ends_with('\\')) out.pop_back();
    out += "\\x20";
  }
  return out;
}

}  // namespace

const std::vector<std::string_view>& recog_columns() {
  static const std::vector<std::string_view> columns = {"id",        "kind",   "pattern",
                                                        "certainty", "params", "source"};
  return columns;
}

std::string recog_table(const std::vector<RecogFingerprint>& fingerprints, const std::string& note) {
  std::string out = "# " + note + "\n";
  for (std::size_t i = 0; i < recog_columns().size(); ++i) {
    if (i > 0) out.push_back('\t');
    out += recog_columns()[i];
  }
  out.push_back('\n');
  for (const RecogFingerprint& f : fingerprints)
    out += fmt::format("{}\t{}\t{}\t{:g}\t{}\t{}\n", f.id, f.kind, pattern_cell(f.pattern), f.certainty,
                       params_cell(f.params), f.source);
  return out;
}

Result<RecogFingerprint> recog_of_row(const Tsv::Row& row) {
  RecogFingerprint out;
  out.id = row["id"];
  out.kind = row["kind"];
  out.pattern = row["pattern"];
  out.source = row["source"];
  out.certainty = row.number("certainty", -1);
  if (out.id.empty() || out.kind.empty() || out.pattern.empty())
    return failure(row.where() + ": a fingerprint needs an id, a kind and a pattern");
  if (out.certainty < 0 || out.certainty > 1)
    return failure(row.where() + ": the certainty is a number from 0 to 1");
  ParamReader params(row["params"]);
  while (!params.at_end()) {
    RecogParam param;
    if (!params.next(param))
      return failure(row.where() + ": the params are not name=value, joined by \"; \"");
    out.params.push_back(std::move(param));
  }
  return out;
}

}  // namespace bedrail
