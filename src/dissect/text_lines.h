#pragma once

#include <string_view>
#include <utility>

#include "dissect/dissector.h"
#include "format/text_line.h"

namespace bedrail {

/// What a dissector made of a line.
enum class LineVerdict : std::uint8_t { kNext, kDone, kFailed };

/// One direction of a protocol of lines: hands over each whole line, passes over those beyond the limit, and
/// after a gap goes on with the next whole one. Part of a dissector's state.
class TextLines {
 public:
  /// `line(text)` gives a LineVerdict; `too_long()` is called once for a line beyond `limit`.
  template <typename OnLine, typename OnTooLong>
  Progress feed(Bytes bytes, std::size_t limit, OnLine&& line, OnTooLong&& too_long) {
    std::string_view text = as_text(bytes);
    while (!text.empty()) {
      const auto found = first_line(text);
      if (!found) {
        if (!skipping_ && text.size() < limit)
          return Progress::need(bytes.size() - text.size(), static_cast<std::uint32_t>(text.size() + 1));
        if (!skipping_) too_long();
        skipping_ = true;
        break;
      }
      text.remove_prefix(found->size);
      if (std::exchange(skipping_, false)) continue;
      const bool fits = found->size <= limit;
      if (!fits) too_long();
      switch (fits ? line(found->text) : LineVerdict::kNext) {
        case LineVerdict::kNext:
          break;
        case LineVerdict::kDone:
          return Progress::done();
        case LineVerdict::kFailed:
          return Progress::failed();
      }
    }
    return Progress::all(bytes);
  }

  /// Bytes were lost: what follows up to the next end of a line is the rest of one.
  void lose() { skipping_ = true; }

 private:
  bool skipping_ = false;
};

}  // namespace bedrail
