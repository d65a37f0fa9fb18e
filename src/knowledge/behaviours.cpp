#include "knowledge/behaviours.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace bedrail {
namespace {

using Measure = Behaviour::Measure;

struct Name {
  std::string_view name;
  Measure measure;
};
constexpr Name kNames[] = {
    {"calls", Measure::kCalls},       {"called", Measure::kCalled}, {"hub", Measure::kHub},
    {"every", Measure::kEvery},       {"rate", Measure::kRate},     {"sent", Measure::kSent},
    {"received", Measure::kReceived}, {"peers", Measure::kPeers},   {"external", Measure::kExternal}};

bool of_all(Measure measure) { return measure == Measure::kPeers || measure == Measure::kExternal; }

std::optional<Behaviour::Term> read_term(std::string_view text) {
  Behaviour::Term out;
  const std::vector<std::string_view> words = split_list(text, ' ');
  if (words.size() < 3) return std::nullopt;
  const auto name =
      std::find_if(std::begin(kNames), std::end(kNames), [&](const Name& n) { return n.name == words[0]; });
  if (name == std::end(kNames)) return std::nullopt;
  out.measure = name->measure;
  const std::size_t with_protocol = of_all(out.measure) ? 0 : 1;
  if (words.size() != 3 + with_protocol) return std::nullopt;
  if (with_protocol != 0) out.protocol = words[1];
  const std::string_view comparison = words[1 + with_protocol], number = words[2 + with_protocol];
  out.at_least = comparison == ">=";
  if (!out.at_least && comparison != "<=") return std::nullopt;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), out.number);
  if (read.ec != std::errc() || read.ptr != number.data() + number.size() || !(out.number >= 0))
    return std::nullopt;
  return out;
}

/// Only where something of a protocol was seen there is a frame to show.
bool shows_something(const Behaviour::Term& term) {
  return term.at_least && term.number > 0 && !term.protocol.empty();
}

}  // namespace

Result<Behaviour> read_behaviour(const Tsv::Row& row) {
  Behaviour out;
  out.id = row["id"];
  out.source = row["source"];
  if (out.id.empty() || out.source.empty())
    return failure(row.where() + ": a behaviour needs an id and its source");
  for (const std::string_view text : split_list(row["when"], ';')) {
    const auto term = read_term(text);
    if (!term)
      return failure(
          fmt::format("{}: \"{}\" is none of: calls, called, hub, every, rate, sent, received "
                      "PROTOCOL, or peers, external; then >= or <= and a number",
                      row.where(), text));
    out.terms.push_back(*term);
  }
  if (out.terms.empty() || !shows_something(out.terms.front()))
    return failure(row.where() +
                   ": the first condition has to ask for something of a protocol that was seen "
                   "(\"calls hl7 >= 1\")");
  for (const std::string_view setting : split_list(row["set"], ';')) {
    const std::size_t equals = std::min(setting.find('='), setting.size());
    const std::string_view name = setting.substr(0, equals);
    const bool kind = name == to_string(Trait::kType);
    if ((!kind && name != to_string(Trait::kCategory)) || equals + 1 >= setting.size())
      return failure(
          fmt::format("{}: behaviour tells a type or a category, not \"{}\"", row.where(), setting));
    out.says.emplace_back(kind ? Trait::kType : Trait::kCategory, std::string(setting.substr(equals + 1)));
  }
  if (out.says.empty()) return failure(row.where() + ": it sets nothing");
  const auto confidence = row.number_in("confidence", 0.01, kBehaviourMost);
  if (!confidence) return tl::unexpected(confidence.error());
  if (*confidence <= 0)
    return failure(fmt::format("{}: a confidence of at most {} is needed", row.where(), kBehaviourMost));
  out.confidence = *confidence;
  return out;
}

}  // namespace bedrail
