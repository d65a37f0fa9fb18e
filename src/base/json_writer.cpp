#include "base/json_writer.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/utf8.h"

namespace bedrail {
namespace {

bool is_plain(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

void append_unit(std::string& out, std::uint32_t unit) {
  fmt::format_to(std::back_inserter(out), FMT_COMPILE("\\u{:04x}"), unit);
}

void append_escaped(std::string& out, std::uint32_t code) {
  switch (code) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (is_control(code) || is_disguise(code) || (is_invisible(code) && code < 0x10000))
    return append_unit(out, code);
  if (is_invisible(code)) {
    append_unit(out, 0xd800 + ((code - 0x10000) >> 10));
    return append_unit(out, 0xdc00 + (code & 0x3ff));
  }
  append_utf8(out, code);
}

}  // namespace

void JsonWriter::separate() {
  if (comma_) out_ += ',';
  if (new_line_) out_ += '\n';
  comma_ = true;
  new_line_ = false;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  if (new_line_) out_ += '\n';
  out_ += bracket;
  comma_ = true;
  new_line_ = false;
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view value) {
  separate();
  out_ += value;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  append_quoted(name);
  out_ += ':';
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  separate();
  append_quoted(value);
  return *this;
}

JsonWriter& JsonWriter::number(std::uint64_t value) {
  separate();
  fmt::format_to(std::back_inserter(out_), FMT_COMPILE("{}"), value);
  return *this;
}

JsonWriter& JsonWriter::number(double value, int decimals) {
  if (!std::isfinite(value)) return null();
  separate();
  const std::size_t start = out_.size();
  fmt::format_to(std::back_inserter(out_), FMT_COMPILE("{:.{}f}"), value, std::clamp(decimals, 0, 9));
  if (out_.find('.', start) != std::string::npos) {
    while (out_.back() == '0') out_.pop_back();
    if (out_.back() == '.') out_.pop_back();
  }
  if (std::string_view(out_).substr(start) == "-0") out_.erase(start, 1);
  return *this;
}

void JsonWriter::append_quoted(std::string_view value) {
  out_ += '"';
  while (!value.empty()) {
    const auto plain =
        static_cast<std::size_t>(std::find_if_not(value.begin(), value.end(), is_plain) - value.begin());
    out_.append(value.substr(0, plain));
    value.remove_prefix(plain);
    if (value.empty()) break;
    const CodePoint next = decode_utf8(value);
    append_escaped(out_, next.value);
    value.remove_prefix(next.length);
  }
  out_ += '"';
}

}  // namespace bedrail
