#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/hash.h"
#include "base/recent_set.h"
#include "base/short_text.h"
#include "base/text.h"
#include "format/xml_tags.h"
#include "model/declared_text.h"

namespace bedrail {
namespace poct1a {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {3001, 4500};
constexpr std::string_view kClues[] = {
    "poct1a.declared", "poct1a.device-id", "poct1a.vendor",   "poct1a.model",    "poct1a.serial",
    "poct1a.maker",    "poct1a.hardware",  "poct1a.software", "poct1a.location", "poct1a.device-name"};
/// A tag with its attribute; notes are short, graphs of raw data lie in elements' text.
constexpr std::size_t kTagLimit = 4096;
/// How far the first message's own element may lie behind declarations and comments.
constexpr std::size_t kPrologLimit = 1024;

struct Field {
  std::string_view element, key;
};
/// Of the device's own object in a hello message (POCT1-A2, appendix B.7).
constexpr Field kDevice[] = {{"DEV.device_id", "poct1a.device-id"},     {"DEV.vendor_id", "poct1a.vendor"},
                             {"DEV.model_id", "poct1a.model"},          {"DEV.serial_id", "poct1a.serial"},
                             {"DEV.manufacturer_name", "poct1a.maker"}, {"DEV.hw_version", "poct1a.hardware"},
                             {"DEV.sw_version", "poct1a.software"},     {"DEV.location", "poct1a.location"},
                             {"DEV.device_name", "poct1a.device-name"}};
/// Fields that tell of a person, and the kinds in the order in which they are named.
constexpr Field kPerson[] = {
    {"PT.patient_id", "id"},         {"PT.name", "name"},  {"PT.birth_date", "birth-date"},
    {"PT.birth_dttm", "birth-date"}, {"PT.gender", "sex"}, {"PT.gender_cd", "sex"},
    {"PT.admission_id", "visit"}};
constexpr std::string_view kKinds[] = {"id", "name", "birth-date", "sex", "visit"};

/// "HEL.R01": three letters, a release.
bool is_message(std::string_view name) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return name.size() == 7 && std::all_of(name.begin(), name.begin() + 3, upper) &&
         name.substr(3, 2) == ".R" && digit(name[5]) && digit(name[6]);
}

/// Point-of-care analysers and their data manager (CLSI POCT1-A2): XML messages back to back.
class Poct1aDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const std::string_view text = as_text(bytes);
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t open = text.find('<', at);
      if (open == std::string_view::npos) break;
      // Quotes may hide a '>' but no value of this protocol has one: the first ends the tag.
      const std::size_t close = text.find('>', open);
      if (close == std::string_view::npos) {
        if (text.size() - open >= kTagLimit) {
          out.anomaly("tag-too-long");
          return Progress::failed();
        }
        return Progress::need(open, 0);
      }
      XmlTags tag(text.substr(open, close + 1 - open));
      if (tag.next()) read(direction, tag, out);
      at = close + 1;
    }
    return Progress::all(bytes);
  }

  bool gap(Direction direction, std::uint64_t, Observer&) override {
    // What was gathered is not known to belong to one message.
    sides_[static_cast<std::size_t>(direction)] = {};
    return true;
  }

 private:
  struct Side {
    std::array<char, 7> message{};
    bool open = false, hello = false;
    std::uint8_t person = 0;  ///< bits of kinds
    std::array<char, 2> status{};
    std::array<ShortText<48>, std::size(kDevice)> device;  ///< of a hello
  };

  void read(Direction direction, const XmlTags& tag, Observer& out) {
    Side& side = sides_[static_cast<std::size_t>(direction)];
    if (is_message(tag.name())) return message(direction, side, tag, out);
    if (!side.open || tag.is_end()) return;
    const std::string value = xml_text(tag.attribute("V"));
    if (value.empty()) return;
    if (tag.name() == "ACK.type_cd")
      std::copy_n(value.begin(), std::min<std::size_t>(value.size(), 2), side.status.begin());
    if (side.hello) {
      for (std::size_t i = 0; i < std::size(kDevice); ++i) {
        if (tag.name() != kDevice[i].element) continue;
        clue(direction, kDevice[i].key, value, out);
        // A number that does not fit would be another's.
        if (value.size() <= 48) side.device[i].assign(value);
      }
    }
    for (const Field& field : kPerson) {
      if (tag.name() == field.element) add_kind(side, field.key);
    }
  }

  static void add_kind(Side& side, std::string_view kind) {
    for (std::size_t i = 0; i < std::size(kKinds); ++i) {
      if (kKinds[i] == kind) side.person = static_cast<std::uint8_t>(side.person | 1U << i);
    }
  }

  void message(Direction direction, Side& side, const XmlTags& tag, Observer& out) {
    if (!tag.is_end() && !tag.is_empty()) {
      if (side.open) out.anomaly("missing-end");
      side = {};
      side.open = true;
      side.hello = tag.name() == "HEL.R01";
      std::copy_n(tag.name().begin(), side.message.size(), side.message.begin());
      if (!served_) {
        served_ = true;
        out.service("poct1a");
        out.session({"poct1a", SessionSeen::Authentication::kNone, false});
      }
      return;
    }
    const std::string_view name(side.message.data(), side.message.size());
    if (!side.open || tag.name() != name) {
      if (side.open) out.anomaly("missing-end");
      side = {};
      return;
    }
    const bool up = direction == Direction::kToServer;
    const Party from = up ? out.client() : out.server(), to = up ? out.server() : out.client();
    std::string kinds;
    for (std::size_t i = 0; i < std::size(kKinds); ++i) {
      if ((side.person >> i & 1) != 0) kinds.append(kinds.empty() ? "" : ",").append(kKinds[i]);
    }
    if (side.hello) declare(direction, side, out);
    if (!kinds.empty()) out.patient_data(from, to, name, kinds);
    const std::string_view status(side.status.data(), side.status[0] == 0 ? 0 : side.status[1] == 0 ? 1 : 2);
    out.message(from, to, name, status);
    side = {};
  }

  /// What the hello says of one device together: a concentrator says hello for many.
  void declare(Direction direction, const Side& side, Observer& out) {
    DeclaredText text;
    for (std::size_t i = 0; i < std::size(kDevice); ++i)
      text.add(kDevice[i].key.substr(kDevice[i].key.find('.') + 1), side.device[i].view());
    if (!side.device[0].empty() || !side.device[3].empty())
      clue(direction, "poct1a.declared", text.text(), out);
  }

  void clue(Direction direction, std::string_view key, std::string_view value, Observer& out) {
    if (!said_.insert(mix(hash64(key, static_cast<std::uint64_t>(direction)), hash64(value)))) return;
    const bool up = direction == Direction::kToServer;
    out.clue(up ? out.client() : out.server(), key, value, up ? Role::kClient : Role::kServer);
  }

  std::array<Side, 2> sides_;
  RecentSet<32> said_;
  bool served_ = false;
};

Recognition recognise(const Probe& probe) {
  std::string_view text = as_text(probe.bytes);
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  text = trim(text);
  if (text.empty()) return Recognition::kMore;
  if (!text.starts_with('<')) return Recognition::kNo;
  XmlTags tags(text);
  if (tags.next()) return is_message(tags.name()) ? Recognition::kYes : Recognition::kNo;
  // "<HEL.R" may go on, and so may a declaration before it.
  return text.size() < kPrologLimit ? Recognition::kMore : Recognition::kNo;
}

}  // namespace
}  // namespace poct1a

const DissectorInfo& poct1a_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<poct1a::Poct1aDissector>({.name = "poct1a",
                                           .title = "POCT1-A point-of-care analysers",
                                           .layers = poct1a::kLayers,
                                           .ports = poct1a::kPorts,
                                           .clues = poct1a::kClues,
                                           .recognise = poct1a::recognise,
                                           .first_bytes = FirstBytes::of("<\xef \t\r\n"),
                                           .max_buffer = 8 * 1024});
  return kInfo;
}

}  // namespace bedrail
