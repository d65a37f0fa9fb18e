#include "knowledge/feeds/feed_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "capture/byte_source.h"

namespace bedrail {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kZip = "PK\x03\x04";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t kFiles = 1'000'000;

class StoredFeed final : public FeedSource {
 public:
  StoredFeed(const std::string& path, std::unique_ptr<ByteSource> bytes)
      : FeedSource(path), bytes_(std::move(bytes)) {}
  Result<std::string_view> next() override {
    // What is in view at first was looked at, and not given away yet.
    if (begun_) bytes_->consume(bytes_->window().size());
    begun_ = true;
    if (!bytes_->refill(1)) {
      if (const std::string fault = bytes_->fault(); !fault.empty())
        return failure(fmt::format("{}: behind byte {}: {}", name(), bytes_->offset(), fault));
      return std::string_view();
    }
    std::string_view out = as_text(bytes_->window());
    if (bytes_->offset() == 0 && out.starts_with(kByteOrderMark)) out.remove_prefix(kByteOrderMark.size());
    return out;
  }

 private:
  std::unique_ptr<ByteSource> bytes_;
  bool begun_ = false;
};

class TextFeed final : public FeedSource {
 public:
  TextFeed(std::string name, std::string_view text, std::size_t piece)
      : FeedSource(std::move(name)), text_(text), piece_(piece) {
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  }
  Result<std::string_view> next() override {
    const std::string_view out = text_.substr(0, piece_);
    text_.remove_prefix(out.size());
    return out;
  }

 private:
  std::string_view text_;
  std::size_t piece_;
};

bool ends_as(const std::string& path, std::span<const std::string_view> endings) {
  std::string name = to_lower(path);
  for (const std::string_view packed : {".gz", ".zst"}) {
    if (name.ends_with(packed)) name.resize(name.size() - packed.size());
  }
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view end) { return name.ends_with(end); });
}

Result<void> add_folder(const std::string& folder, std::span<const std::string_view> endings,
                        std::vector<std::string>& out) {
  const std::size_t before = out.size();
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code unreadable;
    if (!entry->is_regular_file(unreadable) || !ends_as(entry->path().string(), endings)) continue;
    out.push_back(entry->path().string());
    if (out.size() > kFiles) return failure(fmt::format("{}: more than {} files", folder, kFiles));
  }
  if (error) return failure(folder + ": " + error.message());
  if (out.size() > before) return {};
  std::string names;
  for (const std::string_view ending : endings)
    names += fmt::format("{}*{}", names.empty() ? "" : ", ", ending);
  return failure(fmt::format("{}: no file in it is named {}", folder, names));
}

}  // namespace

Result<std::unique_ptr<FeedSource>> open_feed(const std::string& path) {
  auto bytes = open_source(path, false, kBufferSize);
  if (!bytes) return tl::unexpected(bytes.error());
  (*bytes)->refill(kZip.size());
  if (as_text((*bytes)->window()).starts_with(kZip))
    return failure(path + ": is a zip archive; unpack it and give what was in it");
  return std::make_unique<StoredFeed>(path, std::move(*bytes));
}

std::unique_ptr<FeedSource> feed_of_text(std::string name, std::string_view text, std::size_t piece) {
  return std::make_unique<TextFeed>(std::move(name), text, piece);
}

Result<std::string> read_all(FeedSource& source, std::size_t limit) {
  std::string out;
  for (;;) {
    const auto piece = source.next();
    if (!piece) return tl::unexpected(piece.error());
    if (piece->empty()) return out;
    if (out.size() + piece->size() > limit)
      return failure(fmt::format("{}: is longer than {} MiB; is this the right kind of file?", source.name(),
                                 limit >> 20));
    out += *piece;
  }
}

Result<std::vector<std::string>> feed_files(const std::vector<std::string>& paths,
                                            std::span<const std::string_view> endings) {
  std::vector<std::string> out;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      out.push_back(path);
      continue;
    }
    if (auto added = add_folder(path, endings, out); !added) return tl::unexpected(added.error());
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace bedrail
