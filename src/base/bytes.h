#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace bedrail {

/// A view of bytes from outside. Never owns; it cannot outlive the callback that handed it over.
using Bytes = std::span<const std::byte>;

/// The same bytes seen as text (no encoding is implied).
inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The bytes of a text, for hashing and for tests.
inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

}  // namespace bedrail
