#include "limits.h"

#include <fmt/format.h>

#include <charconv>

namespace bedrail::app {
namespace {

/// 256 GiB, or as many entries: beyond that a typing error is likelier than a machine.
constexpr std::uint64_t kMost = std::uint64_t{1} << 38;

struct Name {
  std::string_view name;
  std::uint64_t (*get)(const Limits&);
  void (*set)(Limits&, std::uint64_t);
};

constexpr Name kNames[] = {
    {"flows", [](const Limits& l) { return std::uint64_t{l.pipeline.flows.max_flows} * kShards; },
     [](Limits& l, std::uint64_t v) {
       l.pipeline.flows.max_flows = std::max<std::uint64_t>(v / kShards, 1);
     }},
    {"reassembly-bytes", [](const Limits& l) { return l.pipeline.reassembly.shard_bytes * kShards; },
     [](Limits& l, std::uint64_t v) { l.pipeline.reassembly.shard_bytes = v / kShards; }},
    {"stream-bytes", [](const Limits& l) { return std::uint64_t{l.pipeline.reassembly.stream_bytes}; },
     [](Limits& l, std::uint64_t v) {
       l.pipeline.reassembly.stream_bytes =
           static_cast<std::uint32_t>(std::min<std::uint64_t>(v, 0x7fffffff));
     }},
    {"dissection-bytes", [](const Limits& l) { return l.pipeline.dissection_bytes * kShards; },
     [](Limits& l, std::uint64_t v) { l.pipeline.dissection_bytes = v / kShards; }},
    {"fragments", [](const Limits& l) { return std::uint64_t{l.pipeline.fragments.max_datagrams}; },
     [](Limits& l, std::uint64_t v) { l.pipeline.fragments.max_datagrams = std::max<std::uint64_t>(v, 1); }},
    {"fragment-bytes", [](const Limits& l) { return std::uint64_t{l.pipeline.fragments.max_bytes}; },
     [](Limits& l, std::uint64_t v) { l.pipeline.fragments.max_bytes = v; }},
    {"subjects", [](const Limits& l) { return std::uint64_t{l.inventory.subjects}; },
     [](Limits& l, std::uint64_t v) { l.inventory.subjects = static_cast<std::size_t>(v); }},
    {"connections", [](const Limits& l) { return std::uint64_t{l.inventory.connections}; },
     [](Limits& l, std::uint64_t v) { l.inventory.connections = static_cast<std::size_t>(v); }},
    {"declared", [](const Limits& l) { return std::uint64_t{l.inventory.declared}; },
     [](Limits& l, std::uint64_t v) { l.inventory.declared = static_cast<std::size_t>(v); }},
    {"facts", [](const Limits& l) { return std::uint64_t{l.inventory.facts}; },
     [](Limits& l, std::uint64_t v) { l.inventory.facts = static_cast<std::size_t>(v); }},
};

}  // namespace

Result<void> Limits::set(std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  const std::string_view name = assignment.substr(0, equals);
  for (const Name& known : kNames) {
    if (known.name != name) continue;
    const std::string_view digits =
        equals == std::string_view::npos ? std::string_view() : assignment.substr(equals + 1);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size() || value == 0 || value > kMost) {
      return failure(
          fmt::format("the limit {} needs a number from 1 to {}: --limit {}=100000", name, kMost, name));
    }
    known.set(*this, value);
    return {};
  }
  return failure(fmt::format("there is no limit \"{}\"; there are: {}", name, names()));
}

std::string Limits::names() {
  std::string out;
  for (const Name& known : kNames)
    out += fmt::format("{}{}={}", out.empty() ? "" : ", ", known.name, known.get(Limits{}));
  return out;
}

}  // namespace bedrail::app
