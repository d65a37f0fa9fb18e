#include "identify/behaviour.h"

#include <fmt/format.h>

#include <algorithm>

namespace bedrail {
namespace {

using Measure = Behaviour::Measure;

const UseRecord* use_of(const DeviceFacts& facts, std::string_view protocol, Role role) {
  for (const UseRecord& use : facts.uses) {
    if (use.protocol == protocol && use.role == role) return &use;
  }
  return nullptr;
}

/// Seconds between what comes steadily: calls, or messages in one long call. Nothing where it does not.
std::optional<double> interval(const DeviceFacts& facts, std::string_view protocol) {
  const Rhythm* best = nullptr;
  if (const UseRecord* use = use_of(facts, protocol, Role::kClient); use != nullptr && use->rhythm.steady())
    best = &use->rhythm;
  for (const MessageRecord& message : facts.messages) {
    if (!message.sent || message.protocol != protocol || !message.rhythm.steady()) continue;
    if (best == nullptr || message.rhythm.gaps > best->gaps) best = &message.rhythm;
  }
  return best == nullptr ? std::nullopt : std::optional(best->mean);
}

std::optional<double> measured(const DeviceFacts& facts, const Behaviour::Term& term) {
  const UseRecord* calls = use_of(facts, term.protocol, Role::kClient);
  const UseRecord* called = use_of(facts, term.protocol, Role::kServer);
  const auto either = [&](auto member) {
    return static_cast<double>((calls != nullptr ? calls->*member : 0) +
                               (called != nullptr ? called->*member : 0));
  };
  switch (term.measure) {
    case Measure::kCalls:
      return calls == nullptr ? 0 : static_cast<double>(calls->peers);
    case Measure::kCalled:
      return called == nullptr ? 0 : static_cast<double>(called->peers);
    case Measure::kHub:
      return calls == nullptr ? 0 : static_cast<double>(calls->shared);
    case Measure::kEvery:
      return interval(facts, term.protocol);
    case Measure::kRate:
      return std::max(calls == nullptr ? 0 : calls->rate, called == nullptr ? 0 : called->rate);
    case Measure::kSent:
      return either(&UseRecord::bytes_out);
    case Measure::kReceived:
      return either(&UseRecord::bytes_in);
    case Measure::kPeers:
      return static_cast<double>(facts.peers);
    case Measure::kExternal:
      return static_cast<double>(facts.external_peers);
  }
  return std::nullopt;
}

bool holds(const DeviceFacts& facts, const Behaviour::Term& term) {
  const auto value = measured(facts, term);
  return value && (term.at_least ? *value >= term.number : *value <= term.number);
}

/// The first frame of the conversations that the first condition is about.
std::optional<Evidence> shown(const DeviceFacts& facts, const Behaviour& behaviour) {
  const Behaviour::Term& term = behaviour.terms.front();
  const UseRecord* calls = use_of(facts, term.protocol, Role::kClient);
  const UseRecord* called = use_of(facts, term.protocol, Role::kServer);
  const UseRecord* use = term.measure == Measure::kCalled || calls == nullptr ? called : calls;
  if (use == nullptr) return std::nullopt;
  return evidence_of(use->first, term.protocol, "behaviour",
                     fmt::format("{} {} of {}", use->peers,
                                 use->role == Role::kServer ? "clients" : "servers", term.protocol));
}

}  // namespace

void add_behaviour_votes(const DeviceFacts& facts, const Knowledge& knowledge, Ballots& ballots) {
  if (facts.uses.empty()) return;
  for (const Behaviour& behaviour : knowledge.behaviours()) {
    if (!std::all_of(behaviour.terms.begin(), behaviour.terms.end(),
                     [&](const Behaviour::Term& term) { return holds(facts, term); }))
      continue;
    const auto evidence = shown(facts, behaviour);
    if (!evidence) continue;
    for (const auto& [trait, value] : behaviour.says)
      ballots[trait].add(
          {value, behaviour.confidence, "behaviour", behaviour.id, behaviour.source, *evidence});
  }
}

}  // namespace bedrail
