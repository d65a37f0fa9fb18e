#include "format/json_reader.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "base/text.h"
#include "base/utf8.h"

namespace bedrail {
namespace {

using Element = simdjson::dom::element;
static_assert(sizeof(Element) == sizeof(std::array<std::byte, 16>) && std::is_trivially_copyable_v<Element>);

constexpr std::size_t kLongestName = 60;
constexpr std::size_t kSmallest = 4096;

}  // namespace

struct JsonDocument::Parts {
  /// How a value was come to: from which, by which name or as which element.
  struct Node {
    std::uint32_t parent = 0;
    std::uint32_t index = 0;
    std::string_view name;
  };

  simdjson::dom::parser parser;
  std::vector<Node> nodes;
  std::string name, fault;

  std::uint32_t add(std::uint32_t parent, std::string_view key, std::size_t index) {
    nodes.push_back({parent, static_cast<std::uint32_t>(index), key});
    return static_cast<std::uint32_t>(nodes.size() - 1);
  }
  [[nodiscard]] std::string path(std::uint32_t node) const {
    std::vector<std::uint32_t> way;
    for (; node != 0; node = nodes[node].parent) way.push_back(node);
    std::string out = name;
    for (auto step = way.rbegin(); step != way.rend(); ++step) {
      const Node& at = nodes[*step];
      if (at.name.data() == nullptr)
        out += fmt::format("[{}]", at.index);
      else
        out += (out.empty() ? "" : ".") + clean_text(at.name, kLongestName);
    }
    return out;
  }
};

namespace {

std::size_t first_not_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const CodePoint point = decode_utf8(text.substr(at));
    if (!point.valid) break;
    at += point.length;
  }
  return at;
}

/// The library's value out of the bytes that stand for it.
Element element_of(const std::array<std::byte, 16>& bytes) { return std::bit_cast<Element>(bytes); }

}  // namespace

JsonValue JsonValue::operator[](std::string_view name) const {
  auto& parts = *document_->parts_;
  if (!there_) return {document_, parts.add(node_, name, 0)};
  simdjson::dom::object object;
  if (element_of(element_).get(object)) {
    fault("is not an object");
    return {document_, parts.add(node_, name, 0)};
  }
  JsonValue out(document_, parts.add(node_, name, 0));
  Element found;
  if (!object.at_key(name).get(found) && !found.is_null()) {
    out.element_ = std::bit_cast<decltype(out.element_)>(found);
    out.there_ = true;
  }
  return out;
}

JsonValue JsonValue::required(std::string_view name) const {
  JsonValue out = (*this)[name];
  if (!out.there_) out.fault("is missing");
  return out;
}

std::string_view JsonValue::text() const {
  std::string_view out;
  if (there_ && element_of(element_).get(out)) fault("is not a text");
  return out;
}

double JsonValue::number() const {
  double out = 0;
  if (there_ && element_of(element_).get(out)) fault("is not a number");
  return out;
}

bool JsonValue::boolean() const {
  bool out = false;
  if (there_ && element_of(element_).get(out)) fault("is not true or false");
  return out;
}

bool JsonValue::is_text() const { return there_ && element_of(element_).is_string(); }
bool JsonValue::is_boolean() const { return there_ && element_of(element_).is_bool(); }
bool JsonValue::is_object() const { return there_ && element_of(element_).is_object(); }
bool JsonValue::is_list() const { return there_ && element_of(element_).is_array(); }

void JsonValue::each_of(void* context, Visit visit) const {
  if (!there_) return;
  simdjson::dom::array list;
  if (element_of(element_).get(list)) return fault("is not a list");
  auto& parts = *document_->parts_;
  const std::size_t nodes = parts.nodes.size();
  std::size_t index = 0;
  for (const Element element : list) {
    JsonValue value(document_, parts.add(node_, {}, index++));
    value.element_ = std::bit_cast<decltype(value.element_)>(element);
    value.there_ = !element.is_null();
    visit(context, {}, value);
    parts.nodes.resize(nodes);
  }
}

void JsonValue::members_of(void* context, Visit visit) const {
  if (!there_) return;
  simdjson::dom::object object;
  if (element_of(element_).get(object)) return fault("is not an object");
  auto& parts = *document_->parts_;
  const std::size_t nodes = parts.nodes.size();
  for (const auto field : object) {
    JsonValue value(document_, parts.add(node_, field.key, 0));
    value.element_ = std::bit_cast<decltype(value.element_)>(Element(field.value));
    value.there_ = !field.value.is_null();
    visit(context, field.key, value);
    parts.nodes.resize(nodes);
  }
}

void JsonValue::fault(std::string_view what) const {
  auto& parts = *document_->parts_;
  if (!parts.fault.empty()) return;
  const std::string way = parts.path(node_);
  parts.fault = fmt::format("{} {}", way.empty() ? "the document" : way, what);
}

std::string JsonValue::path() const { return document_->parts_->path(node_); }

JsonDocument::JsonDocument() : parts_(std::make_unique<Parts>()) {}
JsonDocument::~JsonDocument() = default;

const std::string& JsonDocument::fault() const { return parts_->fault; }

Result<JsonValue> JsonDocument::parse(std::string_view text, std::string name, std::size_t line) {
  parts_->nodes.assign(1, {});
  parts_->name = std::move(name);
  parts_->fault.clear();
  Element root;
  // The library would choose a depth of its own where it makes room itself.
  if ((parts_->parser.capacity() == 0 || text.size() > parts_->parser.capacity()) &&
      parts_->parser.allocate(std::max(text.size(), kSmallest), kJsonDepth) != simdjson::SUCCESS)
    return failure("no memory is left to read it");
  const auto error = parts_->parser.parse(text.data(), text.size(), true).get(root);
  if (error != simdjson::SUCCESS) {
    JsonFault fault = find_json_fault(text);
    if (fault.what.empty() && error == simdjson::UTF8_ERROR) fault = {first_not_utf8(text), "is not UTF-8"};
    if (fault.what.empty()) fault = {0, fmt::format("is not JSON ({})", simdjson::error_message(error))};
    const std::string_view before = text.substr(0, fault.offset);
    const std::size_t start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    return failure(fmt::format(
        "{}:{}: {}", line + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')),
        fault.offset - start + 1, fault.what));
  }
  JsonValue out(this, 0);
  out.element_ = std::bit_cast<decltype(out.element_)>(root);
  out.there_ = !root.is_null();
  return out;
}

}  // namespace bedrail
