#pragma once

#include <functional>
#include <string>

#include "format/json_reader.h"
#include "knowledge/feeds/feed_source.h"

namespace bedrail {

/// Reads a document as a whole and lets `use` see it. A fault that `use` comes upon is the error, with the
/// document's name.
Result<void> read_json(FeedSource& source, const std::function<Result<void>(const JsonValue&)>& use);

/// Reads a document in pieces: `use` sees each element of its list `name` (or of the list that it is), then
/// `rest` what stands around it, where it is an object. A document without the list is an error.
Result<void> read_json_items(FeedSource& source, const std::string& name,
                             const std::function<Result<void>(const JsonValue&)>& use,
                             const std::function<Result<void>(const JsonValue&)>& rest);

// Texts as they are kept: valid, visible, of one line, bounded.
inline constexpr std::size_t kLongName = 512;
inline constexpr std::size_t kLongText = 2000;
std::string name_of(const JsonValue& value);
std::string text_of(const JsonValue& value, std::size_t limit = kLongText);
/// A time or date as RFC 3339 in UTC, so that texts compare as times do. NVD's and CVE's times without a zone
/// are UTC's. Empty where it is not there; a fault of the document where it is no time.
std::string time_of(const JsonValue& value);
/// A date that need not be one: kept as it stands where it is not.
std::string date_text(std::string_view text);

/// What a text says behind "password", "passwd", "passphrase" and a sign or "is", taken out: advisories print
/// real ones.
std::string without_secrets(std::string text);

}  // namespace bedrail
