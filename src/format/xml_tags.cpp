#include "format/xml_tags.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace bedrail {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kCdata = "<![CDATA[";

/// Behind a comment, a declaration or a CDATA section's mark at `at`.
std::size_t behind_markup(std::string_view xml, std::size_t at) {
  const std::string_view rest = xml.substr(at);
  std::string_view mark = ">";
  if (rest.starts_with("<!--")) mark = "-->";
  if (rest.starts_with(kCdata)) mark = "]]>";
  if (rest.starts_with("<?")) mark = "?>";
  const std::size_t end = rest.find(mark);
  return end == kNone ? kNone : at + end + mark.size();
}

/// Where the tag that begins at `at` ends: at the first '>' outside of quotes.
std::size_t tag_end(std::string_view xml, std::size_t at) {
  char quote = 0;
  for (; at < xml.size(); ++at) {
    const char c = xml[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return at;
    }
  }
  return kNone;
}

/// The character that an entity without '&' and ';' stands for; 0 where it is not among these few.
char entity(std::string_view name) {
  if (name == "amp") return '&';
  if (name == "lt") return '<';
  if (name == "gt") return '>';
  if (name == "quot") return '"';
  if (name == "apos" || name == "#39") return '\'';
  if (name == "nbsp" || name == "#160") return ' ';
  if (!name.starts_with('#')) return 0;
  unsigned code = 0;
  const bool hex = name.size() > 1 && (name[1] | 0x20) == 'x';
  const std::string_view digits = name.substr(hex ? 2 : 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
  return code >= 0x20 && code < 0x7f ? static_cast<char>(code) : '\0';
}

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == kNone ? name : name.substr(colon + 1);
}

}  // namespace

bool XmlTags::next() {
  for (;;) {
    at_ = xml_.find('<', at_);
    if (at_ == kNone || at_ + 1 >= xml_.size()) break;
    begin_ = at_;
    if (xml_[at_ + 1] == '!' || xml_[at_ + 1] == '?') {
      at_ = behind_markup(xml_, at_);
      if (at_ == kNone) break;
      continue;
    }
    const std::size_t end = tag_end(xml_, at_ + 1);
    if (end == kNone) break;
    std::string_view tag = xml_.substr(at_ + 1, end - at_ - 1);
    end_tag_ = tag.starts_with('/');
    empty_ = !end_tag_ && tag.ends_with('/');
    if (end_tag_) tag.remove_prefix(1);
    if (empty_) tag.remove_suffix(1);
    const std::string_view name = tag.substr(0, tag.find_first_of(kSpace));
    attributes_ = tag.substr(name.size());
    name_ = local_name(name);
    prefix_ = name.substr(0, name.size() - name_.size());
    if (!prefix_.empty()) prefix_.remove_suffix(1);
    at_ = end + 1;
    return true;
  }
  at_ = xml_.size();
  return false;
}

std::string_view XmlTags::text() const {
  std::string_view rest = xml_.substr(at_);
  const std::size_t start = std::min(rest.find_first_not_of(kSpace), rest.size());
  if (rest.substr(start).starts_with(kCdata)) {
    rest.remove_prefix(start + kCdata.size());
    return rest.substr(0, rest.find("]]>"));
  }
  return rest.substr(0, rest.find('<'));
}

std::string_view XmlTags::attribute(std::string_view name) const {
  std::string_view rest = attributes_;
  while (!rest.empty()) {
    const std::size_t equals = rest.find('=');
    if (equals == kNone) break;
    const std::string_view found = local_name(trim(rest.substr(0, equals)));
    rest.remove_prefix(equals + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
    if (rest.empty() || (rest.front() != '"' && rest.front() != '\'')) break;
    const std::size_t end = rest.find(rest.front(), 1);
    if (end == kNone) break;
    if (equals_ignoring_case(found, name)) return rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
  }
  return {};
}

std::string xml_text(std::string_view raw) {
  raw = trim(raw);
  std::string out;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const std::size_t end = raw[i] == '&' ? raw.substr(i, 10).find(';') : kNone;
    if (end == kNone || end > 8) {
      out.push_back(raw[i]);
      continue;
    }
    if (const char c = entity(raw.substr(i + 1, end - 1)); c != 0) out.push_back(c);
    i += end;
  }
  return out;
}

std::string xml_element(std::string_view xml, std::string_view name) {
  XmlTags tags(xml);
  while (tags.next()) {
    if (tags.is_end() || tags.is_empty() || !equals_ignoring_case(tags.name(), name)) continue;
    // A text that goes on beyond what is there is not the whole.
    return xml.find('<', tags.end()) == kNone ? std::string() : xml_text(tags.text());
  }
  return {};
}

std::string_view xml_inside(std::string_view xml, std::string_view name) {
  XmlTags tags(xml);
  std::size_t start = kNone;
  while (tags.next()) {
    if (tags.is_empty() || !equals_ignoring_case(tags.name(), name)) continue;
    if (tags.is_end() && start != kNone) return xml.substr(start, tags.begin() - start);
    if (!tags.is_end() && start == kNone) start = tags.end();
  }
  return {};
}

std::string_view xml_list_item(std::string_view& list) {
  list.remove_prefix(std::min(list.find_first_not_of(kSpace), list.size()));
  const std::string_view item = list.substr(0, list.find_first_of(kSpace));
  list.remove_prefix(item.size());
  return item;
}

}  // namespace bedrail
