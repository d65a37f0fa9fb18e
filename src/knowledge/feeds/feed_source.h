#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bedrail {

/// One document of a feed, unpacked, front to back.
class FeedSource {
 public:
  explicit FeedSource(std::string name) : name_(std::move(name)) {}
  virtual ~FeedSource() = default;
  FeedSource(const FeedSource&) = delete;
  FeedSource& operator=(const FeedSource&) = delete;

  /// What messages call it.
  [[nodiscard]] const std::string& name() const { return name_; }
  /// The next piece, good until the one after; empty at the end.
  virtual Result<std::string_view> next() = 0;

 private:
  std::string name_;
};

/// A file, plain or packed (gzip, Zstandard).
Result<std::unique_ptr<FeedSource>> open_feed(const std::string& path);
/// A text in memory, which must outlive it; `piece` bytes at a time.
std::unique_ptr<FeedSource> feed_of_text(std::string name, std::string_view text, std::size_t piece = 65536);

/// The longest document that is read as a whole, and the longest element of one that is read in pieces.
inline constexpr std::size_t kLongestDocument = 64 << 20;
inline constexpr std::size_t kLongestElement = 16 << 20;

/// All of a document, without a byte order mark.
Result<std::string> read_all(FeedSource& source, std::size_t limit = kLongestDocument);

/// The files that paths stand for, sorted, each once: a file is itself, a folder all files in it, at any
/// depth, whose names end as `endings` say (packed or not).
Result<std::vector<std::string>> feed_files(const std::vector<std::string>& paths,
                                            std::span<const std::string_view> endings);

}  // namespace bedrail
