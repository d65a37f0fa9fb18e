#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/short_text.h"
#include "base/text.h"
#include "format/text_line.h"
#include "net/address.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {1911, 3011};
constexpr std::string_view kClues[] = {"fox.station", "fox.application", "fox.version", "fox.vm",
                                       "fox.os",      "fox.brand",       "fox.host-id", "fox.authentication"};
constexpr std::string_view kStart = "fox a ";
constexpr std::size_t kLineLimit = 8192;
constexpr std::size_t kTextLimit = 96;
constexpr std::uint64_t kSkipAll = std::uint64_t{1} << 48;

/// The words of a frame's first line: "fox a 0 -1 fox hello".
std::array<std::string_view, 6> words_of(std::string_view line) {
  std::array<std::string_view, 6> words;
  for (std::string_view& word : words) {
    word = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(word.size() + 1, line.size()));
  }
  return words;
}

/// Niagara's Fox: what stations and workbenches say of themselves in greeting.
class FoxDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    Side& side = sides_[static_cast<std::size_t>(direction)];
    if (side.phase == Phase::kFinished) return Progress::need(kSkipAll, 0);
    const std::string_view text = as_text(bytes);
    const auto line = first_line(text.substr(0, kLineLimit));
    if (!line) {
      if (text.size() < kLineLimit) return Progress::need(0, static_cast<std::uint32_t>(text.size() + 1));
      out.anomaly("line-too-long");
      return Progress::failed();
    }
    if (!read(direction, side, line->text, out)) {
      out.anomaly("malformed-frame");
      return Progress::failed();
    }
    if (sides_[0].phase == Phase::kFinished && sides_[1].phase == Phase::kFinished) return Progress::done();
    return Progress::need(line->size, 0);
  }

 private:
  enum class Phase : std::uint8_t { kHead, kHello, kChallenge, kOther, kFinished };
  struct Side {
    Phase phase = Phase::kHead;
    bool greeted = false;
    bool elsewhere = false;  ///< it says that it has another address than it has
    ShortText<kTextLimit> host, application, version, vm, vm_version, os, os_version;
  };

  bool read(Direction direction, Side& side, std::string_view line, Observer& out) {
    if (side.phase == Phase::kHead) return head(direction, side, line, out);
    if (line == "};;") {
      if (side.phase == Phase::kHello) greeted(direction, side, out);
      side.phase = Phase::kHead;
    } else if (side.phase == Phase::kHello) {
      field(direction, side, line, out);
    } else if (side.phase == Phase::kChallenge) {
      challenge(line, out);
    }
    return true;
  }

  bool head(Direction direction, Side& side, std::string_view line, Observer& out) {
    if (line.empty()) return true;
    if (!line.starts_with("fox ")) return false;
    const auto words = words_of(line);
    const std::string command = to_lower(words[5]);
    if (words[4] == "fox" && command == "hello" && !side.greeted) {
      side.phase = Phase::kHello;
      return true;
    }
    side.phase = Phase::kOther;
    if (words[4] != "fox") {
      // The work has begun: what follows are the station's objects.
      side.phase = Phase::kFinished;
    } else if (direction == Direction::kToClient && command == "challenge") {
      side.phase = Phase::kChallenge;
    } else if (direction == Direction::kToServer && is_login(command) && !login_) {
      login_ = true;
      out.session({"fox", SessionSeen::Authentication::kPresent, false});
      out.login(
          {.protocol = "fox", .mechanism = digest_ ? "digest" : "other", .account_and_secret = std::nullopt});
    }
    return true;
  }

  static bool is_login(std::string_view command) {
    return command.find("login") != std::string_view::npos || command.find("auth") != std::string_view::npos;
  }

  /// "method=s:digest-md5": how the station wants the client to prove itself.
  void challenge(std::string_view line, Observer& out) {
    constexpr std::string_view kMethod = "method=s:";
    if (!line.starts_with(kMethod) || challenged_) return;
    challenged_ = true;
    const std::string_view method = line.substr(kMethod.size());
    digest_ = method.starts_with("digest");
    out.clue(out.server(), "fox.authentication", method, Role::kServer);
  }

  static Party speaker(Direction direction, Observer& out) {
    return direction == Direction::kToServer ? out.client() : out.server();
  }
  static Role role(Direction direction) {
    return direction == Direction::kToServer ? Role::kClient : Role::kServer;
  }

  /// "hostName=s:STATION-1": a key, the value's type, the value.
  void field(Direction direction, Side& side, std::string_view line, Observer& out) {
    const std::size_t equal = line.find('=');
    if (equal == std::string_view::npos || equal + 3 > line.size() || line.substr(equal + 1, 2) != "s:")
      return;
    const std::string_view key = line.substr(0, equal), value = line.substr(equal + 3);
    const Party who = speaker(direction, out);
    const auto clue = [&](std::string_view name) { out.clue(who, name, value, role(direction)); };
    if (key == "hostName") {
      // Where a host has no name its address stands here.
      if (parse_ip(value)) return;
      if (direction == Direction::kToClient) return out.name(who, "fox", value);
      side.host.assign(value);
    } else if (key == "hostAddress") {
      // Tools that look for stations send a greeting that was recorded elsewhere.
      side.elsewhere = who.ip.has_value() && value != to_string(*who.ip);
    } else if (key == "station.name") {
      clue("fox.station");
    } else if (key == "brandId") {
      clue("fox.brand");
    } else if (key == "hostId") {
      clue("fox.host-id");
    } else if (key == "authAgentTypeSpecs") {
      clue("fox.authentication");
    } else if (key == "fox.version") {
      if (direction == Direction::kToClient) out.used(who, "fox", value);
    }
    keep(side, key, value);
  }

  static void keep(Side& side, std::string_view key, std::string_view value) {
    if (key == "app.name") side.application.assign(value);
    if (key == "app.version") side.version.assign(value);
    if (key == "vm.name") side.vm.assign(value);
    if (key == "vm.version") side.vm_version.assign(value);
    if (key == "os.name") side.os.assign(value);
    if (key == "os.version") side.os_version.assign(value);
  }

  void greeted(Direction direction, Side& side, Observer& out) {
    side.greeted = true;
    const Party who = speaker(direction, out);
    if (!side.host.view().empty() && !side.elsewhere) out.name(who, "fox", side.host.view());
    if (direction == Direction::kToClient) out.service("fox", "Niagara", side.version.view());
    out.clue(who, "fox.application", side.application.view(), role(direction));
    out.clue(who, "fox.version", side.version.view(), role(direction));
    side.vm.join(" ", side.vm_version.view());
    side.os.join(" ", side.os_version.view());
    out.clue(who, "fox.vm", side.vm.view(), role(direction));
    out.clue(who, "fox.os", side.os.view(), role(direction));
  }

  std::array<Side, 2> sides_;
  bool challenged_ = false, digest_ = false, login_ = false;
};

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes);
  if (text.size() <= kStart.size()) return kStart.starts_with(text) ? Recognition::kMore : Recognition::kNo;
  const char number = text[kStart.size()];
  const bool fits = text.starts_with(kStart) && ((number >= '0' && number <= '9') || number == '-');
  return fits ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& fox_dissector() {
  static constexpr DissectorInfo kInfo = with_state<FoxDissector>({.name = "fox",
                                                                   .title = "Niagara Fox",
                                                                   .layers = kLayers,
                                                                   .ports = kPorts,
                                                                   .clues = kClues,
                                                                   .recognise = recognise,
                                                                   .first_bytes = FirstBytes::of("f")});
  return kInfo;
}

}  // namespace bedrail
