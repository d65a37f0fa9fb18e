#include "report/html_parts.h"

#include <fmt/format.h>

#include "report/wording.h"

namespace bedrail::html {

Writer& Writer::text(std::string_view captured) {
  // Cleaning trims; a space towards the markup beside it separates words.
  if (captured.starts_with(' ')) out_ += ' ';
  for (const char c : wording::shown(captured, 400)) {
    switch (c) {
      case '&':
        out_ += "&amp;";
        break;
      case '<':
        out_ += "&lt;";
        break;
      case '>':
        out_ += "&gt;";
        break;
      case '"':
        out_ += "&quot;";
        break;
      case '\'':
        out_ += "&#39;";
        break;
      default:
        out_ += c;
    }
  }
  if (captured.ends_with(' ')) out_ += ' ';
  return *this;
}

Writer& Writer::element(std::string_view tag, std::string_view captured) {
  out_ += fmt::format("<{}>", tag);
  text(captured);
  out_ += fmt::format("</{}>", tag.substr(0, tag.find(' ')));
  return *this;
}

std::string anchor(std::string_view id) {
  std::string out;
  for (const char c : id.substr(0, 64)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    out += plain ? c : '_';
  }
  return out;
}

void chip(Writer& page, std::string_view level) {
  const bool known = level == "critical" || level == "high" || level == "medium" || level == "low";
  page.element(fmt::format("span class=\"chip {}\"", known ? level : "info"), level.empty() ? "info" : level);
}

void device_link(Writer& page, const Context& context, std::string_view id) {
  const AssessedDevice* device = context.devices.find(id);
  const std::string name = device == nullptr ? std::string(id) : wording::device_name(*device);
  if (!context.told.contains(id)) {
    page.text(name);
    return;
  }
  page.element(fmt::format("a href=\"#{}\"", anchor(id)), name);
}

void evidence(Writer& page, const Context& context, const Evidence& item) {
  page.element("code", fmt::format("{}:{}", wording::file(context.assessment, item), item.frame));
  page.markup(", ").text(wording::moment(item.time)).markup(", ").text(item.protocol).markup(", ");
  page.text(item.field).markup("=").element("q", wording::value(item));
}

void evidence(Writer& page, const Context& context, const std::vector<Evidence>& list) {
  if (list.empty()) return;
  page.markup("<ul class=\"evidence\">");
  for (const Evidence& item : list) {
    page.markup("<li>");
    evidence(page, context, item);
    page.markup("</li>\n");
  }
  page.markup("</ul>");
}

std::string other_address(const AssessedDevice& device) {
  std::string address = wording::first_address(device);
  return address == wording::device_name(device) ? std::string() : address;
}

void table(Writer& page, const std::vector<std::string_view>& columns, std::string_view layout) {
  page.markup(layout.empty() ? "<div class=\"wide\">" : fmt::format("<div class=\"wide cols {}\">", layout));
  page.markup("<table><thead><tr>");
  for (const std::string_view column : columns) {
    const bool number = column.starts_with('#');
    page.element(number ? "th scope=\"col\" class=\"number\"" : "th scope=\"col\"",
                 column.substr(number ? 1 : 0));
  }
  page.markup("</tr></thead><tbody>\n");
}

void end_table(Writer& page) { page.markup("</tbody></table></div>\n"); }

void left_out(Writer& page, std::size_t all, std::size_t shown, std::string_view noun) {
  if (all <= shown) return;
  page.element("p class=\"note\"", fmt::format("{} more not shown here; the JSON document has all {}.",
                                               wording::counted(all - shown, noun), wording::grouped(all)));
}

}  // namespace bedrail::html
