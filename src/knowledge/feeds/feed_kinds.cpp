#include "knowledge/feeds/feed_kinds.h"

#include <array>

namespace bedrail {
namespace {

constexpr std::string_view kJson[] = {".json"};

constexpr std::array kKinds = {
    FeedKind{"csaf", "advisories and VEX in CSAF 2.0", false, true, kJson, read_csaf},
};

}  // namespace

std::span<const FeedKind> feed_kinds() { return kKinds; }

const FeedKind* feed_kind(std::string_view name) {
  for (const FeedKind& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

}  // namespace bedrail
