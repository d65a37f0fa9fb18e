#include "dissect/netbios/speaker.h"

#include "base/hash.h"

namespace bedrail::netbios {
namespace {

enum Suffix : std::uint8_t {
  kWorkstation = 0x00,
  kBrowsers = 0x01,
  kDomainMaster = 0x1b,
  kControllers = 0x1c,
  kMaster = 0x1d,
  kElection = 0x1e,
  kServer = 0x20,
};

}  // namespace

void Teller::holds(const Party& who, const dns::NetbiosName& held, bool group) {
  const std::string_view text = held.text();
  // "*" asks for any name; the web server registers "INet~Services" and "IS~" before the computer's name.
  if (text.empty() || text.front() == '*') return;
  if (text == "INet~Services" || text.starts_with("IS~")) return clue(who, "netbios.role", "web-server");
  switch (held.suffix) {
    case kWorkstation:
      return group ? clue(who, "netbios.group", text) : name(who, text);
    case kServer:
      if (!group) name(who, text);
      return;
    case kBrowsers:
      if (text.find("__MSBROWSE__") != std::string_view::npos) clue(who, "netbios.role", "master-browser");
      return;
    case kElection:
      return clue(who, "netbios.group", text);
    case kDomainMaster:
      clue(who, "netbios.role", "domain-master-browser");
      return clue(who, "netbios.group", text);
    case kControllers:
      clue(who, "netbios.role", "domain-controller");
      return clue(who, "netbios.group", text);
    case kMaster:
      clue(who, "netbios.role", "master-browser");
      return clue(who, "netbios.group", text);
    default:
      // 03 may be the name of who is logged in; the others say nothing more.
      return;
  }
}

void Teller::name(const Party& who, std::string_view text) {
  if (first(who, "name", text)) out_.name(who, "netbios", text);
}

void Teller::clue(const Party& who, std::string_view key, std::string_view value) {
  if (first(who, key, value)) out_.clue(who, key, value);
}

void Teller::serves(std::uint16_t port) {
  if (first(sender_, "service", ""))
    out_.service_at(sender_, {Transport::kUdp, port, "netbios-ns", {}, {}, false});
}

bool Teller::first(const Party& who, std::string_view what, std::string_view value) {
  const std::uint64_t subject = mix(who.ip ? hash_of(*who.ip) : 0, who.mac ? hash_of(*who.mac) : 0);
  return heard_.first(hash64(value, hash64(what, mix(subject, who.mac_declared))));
}

}  // namespace bedrail::netbios
