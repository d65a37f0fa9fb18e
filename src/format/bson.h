#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/byte_reader.h"

/// BSON documents (bsonspec.org, version 1.1): flat reading of one level at a time.
namespace bedrail::bson {

enum class Type : std::uint8_t {
  kDouble = 1,
  kString = 2,
  kDocument = 3,
  kArray = 4,
  kBinary = 5,
  kBoolean = 8,
  kInt32 = 16,
  kInt64 = 18
};

struct Element {
  Type type = Type::kDouble;
  std::string_view name;
  Bytes value;  ///< as encoded: a document with its length, a string's text without length and end

  [[nodiscard]] std::string_view text() const {
    return type == Type::kString ? as_text(value) : std::string_view();
  }
  [[nodiscard]] bool holds_elements() const { return type == Type::kDocument || type == Type::kArray; }
  /// A number's or truth value's whole part; 0 for other types.
  [[nodiscard]] std::int64_t number() const;
};

/// Reads a document's elements front to back. The first that does not fit sets a sticky failure.
class Reader {
 public:
  /// From a document's length on; fails where `document` is shorter or its length nonsense.
  explicit Reader(Bytes document);

  [[nodiscard]] bool ok() const { return !failed_; }
  /// The whole document's size, its length included.
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Nothing at the end, or after a failure.
  std::optional<Element> next();

 private:
  std::optional<Element> fail() {
    failed_ = true;
    return std::nullopt;
  }

  ByteReader reader_;
  std::size_t size_ = 0;
  bool failed_ = false;
};

}  // namespace bedrail::bson
