#pragma once

#include <span>
#include <string_view>

#include "knowledge/feeds/feed_source.h"
#include "knowledge/feeds/record.h"

namespace bedrail {

/// A kind of feed: `bedrail knowledge import NAME`.
struct FeedKind {
  std::string_view name;
  std::string_view title;  ///< what its files are
  /// One document holds all there is: what it does not name is withdrawn. Of others each file adds its part.
  bool whole = false;
  bool ages = true;  ///< its makers publish anew; an old one lacks what is known today
  std::span<const std::string_view> endings;  ///< of its files' names, in folders
  /// Reads one document. An error names its place: "NAME:LINE: WHAT" or "NAME: PATH WHAT".
  Result<void> (*read)(FeedSource& source, FeedSink& sink) = nullptr;
};

/// All kinds, in the order in which help and lists show them.
std::span<const FeedKind> feed_kinds();
const FeedKind* feed_kind(std::string_view name);

// One function a kind; each file says what of the format it reads.
Result<void> read_csaf(FeedSource& source, FeedSink& sink);
Result<void> read_kev(FeedSource& source, FeedSink& sink);
Result<void> read_epss(FeedSource& source, FeedSink& sink);
Result<void> read_nvd(FeedSource& source, FeedSink& sink);
Result<void> read_cve_records(FeedSource& source, FeedSink& sink);
Result<void> read_endoflife(FeedSource& source, FeedSink& sink);
Result<void> read_ics_advisories(FeedSource& source, FeedSink& sink);
Result<void> read_cyclonedx(FeedSource& source, FeedSink& sink);

}  // namespace bedrail
