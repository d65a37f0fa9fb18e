#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "knowledge/feeds/feed_kinds.h"

namespace bedrail {

/// Reads any text as a document of one kind: refused in one sentence that begins with the document's name, or
/// taken; the same whether it comes whole or in small pieces.
inline void fuzz_feed(std::string_view kind, const std::uint8_t* data, std::size_t size) {
  struct Digests final : FeedSink {
    Result<void> put(const FeedRecord& record) override {
      all.push_back(digest_of(record));
      return {};
    }
    void dated(std::string_view day) override { all.emplace_back(day); }
    std::vector<std::string> all;
  };
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Digests whole, pieces;
  const auto one = feed_kind(kind)->read(*feed_of_text("f", text, size + 1), whole);
  const auto other = feed_kind(kind)->read(*feed_of_text("f", text, 5), pieces);
  if (one.has_value() != other.has_value() || (one && whole.all != pieces.all)) std::abort();
  if (!one && (one.error().message != other.error().message || !one.error().message.starts_with("f:")))
    std::abort();
}

}  // namespace bedrail
