#pragma once

#include <string>
#include <vector>

#include "knowledge/rules.h"

namespace bedrail {

/// What a device does on the network that supports a kind or a category (`knowledge/behaviours.tsv`).
struct Behaviour {
  /// What is measured. All but the last two are of one protocol.
  enum class Measure : std::uint8_t {
    kCalls,     ///< devices that it calls and that answer
    kCalled,    ///< devices that call it
    kHub,       ///< devices that call a server which it calls, too
    kEvery,     ///< seconds between its calls or messages, where they come steadily
    kRate,      ///< packets a second of a conversation that lasts a minute or more
    kSent,      ///< bytes
    kReceived,  ///< bytes
    kPeers,     ///< all devices with which it exchanges data
    kExternal,  ///< those of them on the Internet
  };
  struct Term {
    Measure measure = Measure::kCalls;
    std::string protocol;
    bool at_least = true;  ///< else at most
    double number = 0;
  };
  std::string id, source;
  std::vector<Term> terms;  ///< all of them hold; the first asks for at least one of a protocol
  std::vector<std::pair<Trait, std::string>> says;  ///< kind, category
  double confidence = 0;
};

/// So sure may one be: below what is stated alone, and so far below that it hides nothing that something else
/// states.
inline constexpr double kBehaviourMost = 0.35;

/// Reads a row: `when` as "calls hl7 >= 1; called hl7 <= 0", `set` as in rules. Errors name the line.
Result<Behaviour> read_behaviour(const Tsv::Row& row);

}  // namespace bedrail
