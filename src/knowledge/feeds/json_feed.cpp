#include "knowledge/feeds/json_feed.h"

#include <fmt/format.h>

#include "base/text.h"
#include "base/time.h"
#include "format/json_items.h"

namespace bedrail {
namespace {

Result<void> fault_of(const FeedSource& source, const JsonDocument& document, std::size_t line) {
  if (document.fault().empty()) return {};
  return line == 0 ? failure(fmt::format("{}: {}", source.name(), document.fault()))
                   : failure(fmt::format("{}:{}: {}", source.name(), line, document.fault()));
}

Result<void> see(const FeedSource& source, JsonDocument& document, const JsonValue& root, std::size_t line,
                 const std::function<Result<void>(const JsonValue&)>& use) {
  const auto used = use(root);
  // The place of what is wrong says more than what came of it.
  if (auto fault = fault_of(source, document, line); !fault) return fault;
  return used;
}

/// Where a secret's word begins, and where what follows it does.
struct Mention {
  std::size_t start = std::string::npos, behind = 0;
};

Mention next_mention(const std::string& lower, std::size_t from) {
  Mention out;
  for (const std::string_view word : {"password", "passwd", "passphrase", "passcode", "community string"}) {
    const std::size_t at = lower.find(word, from);
    if (at < out.start) out = {at, at + word.size()};
  }
  return out;
}

}  // namespace

Result<void> read_json(FeedSource& source, const std::function<Result<void>(const JsonValue&)>& use) {
  const auto text = read_all(source);
  if (!text) return tl::unexpected(text.error());
  JsonDocument document;
  const auto root = document.parse(*text);
  if (!root) return failure(fmt::format("{}:{}", source.name(), root.error().message));
  return see(source, document, *root, 0, use);
}

Result<void> read_json_items(FeedSource& source, const std::string& name,
                             const std::function<Result<void>(const JsonValue&)>& use,
                             const std::function<Result<void>(const JsonValue&)>& rest) {
  JsonDocument document;
  JsonItems items(name, kLongestElement);
  const auto placed = [&](const Error& error) {
    return failure(fmt::format("{}:{}", source.name(), error.message));
  };
  // What a user of elements says is whole already; what the cutting says lacks the document's name.
  bool told = false;
  const auto take = [&](std::string_view item, std::size_t line) -> Result<void> {
    told = true;
    const auto root = document.parse(item, fmt::format("{}[{}]", name, items.count() - 1), line);
    if (!root) return placed(root.error());
    auto used = see(source, document, *root, line, use);
    told = !used;
    return used;
  };
  for (;;) {
    const auto piece = source.next();
    if (!piece) return tl::unexpected(piece.error());
    if (piece->empty()) break;
    if (const auto fed = items.feed(*piece, take); !fed) return told ? fed : placed(fed.error());
  }
  const auto around = items.finish();
  if (!around) return placed(around.error());
  const auto root = document.parse(*around);
  if (!root) return placed(root.error());
  if (!items.found())
    return failure(fmt::format("{}: there is no list \"{}\" in it; is this the right kind of file?",
                               source.name(), name));
  if (!root->is_object()) return {};
  return see(source, document, *root, 0, rest);
}

std::string name_of(const JsonValue& value) { return clean_text(value.text(), kLongName); }
std::string text_of(const JsonValue& value, std::size_t limit) { return clean_text(value.text(), limit); }

std::string date_text(std::string_view text) {
  const auto time = parse_rfc3339(text);
  return time ? format_date(*time) : clean_text(text, 40);
}

std::string time_of(const JsonValue& value) {
  const std::string_view text = value.text();
  if (text.empty()) return {};
  auto time = parse_rfc3339(text);
  if (!time) time = parse_rfc3339(std::string(text) + "Z");
  if (!time) {
    value.fault("is not a time");
    return {};
  }
  // Whole seconds are told apart enough, and are what people read.
  return format_rfc3339(*time).substr(0, 19) + "Z";
}

std::string without_secrets(std::string text) {
  const std::string lower = to_lower(text);
  std::string out;
  std::size_t kept = 0;
  for (Mention at = next_mention(lower, 0); at.start != std::string::npos;
       at = next_mention(lower, at.behind)) {
    std::size_t value = lower.find_first_not_of(" ", at.behind);
    if (value == std::string::npos) break;
    bool stated = false;
    for (const std::string_view sign : {"is set to ", "is ", "of ", "was ", ":", "="}) {
      if (!std::string_view(lower).substr(value).starts_with(sign)) continue;
      value = lower.find_first_not_of(" ", value + sign.size());
      // Words that go on are no secret: "password is required".
      stated = sign == ":" || sign == "=" ||
               (value != std::string::npos && (lower[value] == '"' || lower[value] == '\''));
      break;
    }
    if (value == std::string::npos) break;
    if (!stated && lower[value] != '"' && lower[value] != '\'') continue;
    const bool quoted = lower[value] == '"' || lower[value] == '\'';
    std::size_t end = quoted ? lower.find(lower[value], value + 1) : lower.find_first_of(" ,;)", value);
    end = end == std::string::npos ? text.size() : end + (quoted ? 1 : 0);
    out += text.substr(kept, value - kept) + "[removed]";
    kept = end;
    at.behind = std::max(end, at.behind);
  }
  return out + text.substr(std::min(kept, text.size()));
}

}  // namespace bedrail
