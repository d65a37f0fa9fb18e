#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/result.h"

namespace bedrail {

/// What a JSON document (RFC 8259) may nest.
inline constexpr std::size_t kJsonDepth = 64;

class JsonDocument;

/// One value of a document, or none where there is nothing of its name. Reading never stops: what is not
/// there or null reads as empty; what is of another kind than asked for reads as empty and is the document's
/// fault. Good as long as the document is, and, inside `each` and `members`, until the callback returns.
class JsonValue {
 public:
  /// True where it is there and not null.
  [[nodiscard]] bool there() const { return there_; }
  /// A member of an object; where a name stands twice, the first.
  [[nodiscard]] JsonValue operator[](std::string_view name) const;
  [[nodiscard]] std::string_view text() const;
  [[nodiscard]] double number() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] bool is_text() const;
  [[nodiscard]] bool is_boolean() const;
  [[nodiscard]] bool is_object() const;
  [[nodiscard]] bool is_list() const;

  /// `use(JsonValue)` for each element of a list.
  template <typename Use>
  void each(Use&& use) const {
    each_of(&use, [](void* context, std::string_view, const JsonValue& value) {
      (*static_cast<std::remove_reference_t<Use>*>(context))(value);
    });
  }
  /// `use(name, JsonValue)` for each member of an object.
  template <typename Use>
  void members(Use&& use) const {
    members_of(&use, [](void* context, std::string_view name, const JsonValue& value) {
      (*static_cast<std::remove_reference_t<Use>*>(context))(name, value);
    });
  }

  /// A member that has to be there: its absence is the document's fault.
  [[nodiscard]] JsonValue required(std::string_view name) const;
  /// Notes a fault of the document: "PATH WHAT", as "a.b[3] is not a date". The first stands.
  void fault(std::string_view what) const;
  /// The way to it: "a.b[3]".
  [[nodiscard]] std::string path() const;

 private:
  friend class JsonDocument;
  using Visit = void (*)(void*, std::string_view, const JsonValue&);

  JsonValue(JsonDocument* document, std::uint32_t node) : document_(document), node_(node) {}
  void each_of(void* context, Visit visit) const;
  void members_of(void* context, Visit visit) const;

  JsonDocument* document_;
  std::uint32_t node_;  ///< how it was come to
  bool there_ = false;
  alignas(8) std::array<std::byte, 16> element_{};  ///< the library's own, whose header stays in one file
};

/// Parses texts one after the other, in memory that it keeps. simdjson reads them, strictly: UTF-8, nothing
/// behind the value, `kJsonDepth` at most.
class JsonDocument {
 public:
  JsonDocument();
  ~JsonDocument();
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  /// The text's value, until the next parse; `name` is what paths begin with. An error says where:
  /// "LINE:COLUMN: WHAT", lines counted from `line`.
  [[nodiscard]] Result<JsonValue> parse(std::string_view text, std::string name = {}, std::size_t line = 1);
  /// The first fault that reading found; empty where all was as asked for.
  [[nodiscard]] const std::string& fault() const;

 private:
  friend class JsonValue;
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Where a text stops being JSON, and why: for people, once a parser has refused it.
struct JsonFault {
  std::size_t offset = 0;
  std::string what;  ///< empty where there is no fault
};
JsonFault find_json_fault(std::string_view text);

}  // namespace bedrail
