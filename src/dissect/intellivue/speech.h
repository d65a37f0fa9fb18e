#pragma once

#include <string_view>

#include "base/hash.h"
#include "base/recent_set.h"
#include "dissect/dissector.h"

namespace bedrail {

/// What a flow has said already: monitors repeat themselves every few seconds.
using IntellivueSaid = RecentSet<32>;

/// Where a message is spoken.
struct IntellivueSpeech {
  Observer& out;
  Direction direction;
  IntellivueSaid& said;
  /// Who sent it; with the link address that it declared, where it declared one.
  Party sender;
  Party receiver;
  Role role = Role::kServer;

  void clue(std::string_view key, std::string_view value) const {
    if (!value.empty() && said.insert(mix(hash64(key), hash64(value)))) out.clue(sender, key, value, role);
  }
  void name(std::string_view name) const {
    if (!name.empty() && said.insert(mix(hash64("name"), hash64(name)))) out.name(sender, "intellivue", name);
  }
  void message(std::string_view name, std::string_view status = {}) const {
    if (said.insert(mix(hash64("message", static_cast<std::uint64_t>(direction)), hash64(name))))
      out.message(sender, receiver, name, status);
  }
};

}  // namespace bedrail
