#include "dissect/dissector.h"

#include <algorithm>
#include <charconv>

#include "base/hash.h"
#include "dissect/heard.h"
#include "format/xml_tags.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {15376};
constexpr std::string_view kClues[] = {"nkv550.serial"};

constexpr std::size_t kDigits = 8;
/// A message's root, and the command in it, stand in its front; what is measured follows.
constexpr std::size_t kHead = 512;

/// Eight digits as a number; 0 where they are none.
std::uint32_t length_of(std::string_view text) {
  std::uint32_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && stop == text.data() + text.size() ? value : 0;
}

std::string_view command_name(std::string_view number) {
  if (number == "0") return "monitors";
  if (number == "1") return "set-parameters";
  if (number == "2") return "waveforms";
  if (number == "4") return "settings";
  return {};
}

/// The remote interface of Nihon Kohden's NKV-550 ventilator.
class Nkv550Dissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const std::string_view text = as_text(bytes);
    if (text.size() < kDigits) return Progress::need(0, kDigits);
    const std::uint32_t length = length_of(text.substr(0, kDigits));
    if (length == 0) {
      out.anomaly("bad-length");
      return Progress::failed();
    }
    const std::size_t head = std::min<std::size_t>(length, kHead);
    if (text.size() < kDigits + head) return Progress::need(0, static_cast<std::uint32_t>(kDigits + head));
    if (!message(text.substr(kDigits, head), direction, out)) out.anomaly("no-device");
    return Progress::need(kDigits + std::uint64_t{length}, 0);
  }

 private:
  bool message(std::string_view head, Direction direction, Observer& out) {
    XmlTags tags(head);
    if (!tags.next() || tags.name() != "device") return false;
    const bool up = direction == Direction::kToServer;
    const Party sender = up ? out.client() : out.server();
    if (heard_.first(hash64("served"))) {
      out.service("nkv550", "NKV-550");
      out.session({"nkv550", SessionSeen::Authentication::kNone, false});
    }
    if (!up) {
      const std::string serial = xml_text(tags.attribute("sn"));
      if (!serial.empty() && heard_.first(hash64(serial)))
        out.clue(sender, "nkv550.serial", serial, Role::kServer);
      return true;
    }
    while (tags.next()) {
      if (tags.name() != "command" || tags.is_end()) continue;
      const std::string_view name = command_name(tags.text());
      if (name.empty()) out.anomaly("unknown-command");
      // What changes the ventilation is told each time.
      if (!name.empty() && (name == "set-parameters" || heard_.first(hash64(name))))
        out.message(sender, out.server(), name);
      break;
    }
    return true;
  }

  Heard heard_;
};

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes);
  for (std::size_t i = 0; i < std::min(text.size(), kDigits); ++i) {
    if (text[i] < '0' || text[i] > '9') return Recognition::kNo;
  }
  if (text.size() <= kDigits) return Recognition::kMore;
  const std::string_view xml = text.substr(kDigits, 256);
  constexpr std::string_view kXml = "<";
  constexpr std::string_view kDevice = "<device ";
  if (!xml.starts_with(kXml)) return Recognition::kNo;
  XmlTags tags(xml);
  if (!tags.next()) return xml.size() < 256 ? Recognition::kMore : Recognition::kNo;
  const bool device = xml.substr(tags.begin()).starts_with(kDevice) && !tags.attribute("version").empty();
  if (!device) return Recognition::kNo;
  // A reply names its serial number, a request its command.
  if (!tags.attribute("sn").empty()) return Recognition::kYes;
  if (!tags.next()) return xml.size() < 256 ? Recognition::kMore : Recognition::kNo;
  return tags.name() == "command" ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& nkv550_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<Nkv550Dissector>({.name = "nkv550",
                                   .title = "Nihon Kohden NKV-550 remote interface",
                                   .layers = kLayers,
                                   .ports = kPorts,
                                   .clues = kClues,
                                   .recognise = recognise,
                                   .first_bytes = FirstBytes::of("0123456789"),
                                   .max_buffer = 4 * 1024});
  return kInfo;
}

}  // namespace bedrail
