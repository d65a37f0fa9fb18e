#include <string>

#include "dissect/serial_line.h"
#include "format/xml_tags.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {17008};
constexpr std::string_view kClues[] = {"bernoulli.bedside", "bernoulli.gateway"};

constexpr std::size_t kTagLimit = 4096;

/// The Bernoulli gateway (Cardiopulmonary Corp): tells its subscribers what the devices at the beds measure.
class BernoulliDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const std::string_view text = as_text(bytes);
    for (std::size_t at = 0; at < text.size();) {
      // Texts between tags are values and waves.
      at = text.find('<', at);
      if (at == std::string_view::npos) return Progress::all(bytes);
      const std::size_t end = text.find('>', at);
      if (end == std::string_view::npos) {
        if (text.size() - at <= kTagLimit) return Progress::need(at, 0);
        out.anomaly("tag-too-long");
        return Progress::failed();
      }
      XmlTags tag(text.substr(at, end + 1 - at));
      if (tag.next() && !tag.is_end()) read(tag, direction, out);
      at = end + 1;
    }
    return Progress::all(bytes);
  }
  bool gap(Direction, std::uint64_t, Observer&) override { return true; }

 private:
  void read(const XmlTags& tag, Direction direction, Observer& out) {
    const bool up = direction == Direction::kToServer;
    if (tag.name() == "cpc") {
      const bool subscribes = tag.attribute("conntype") == "subscriber";
      line_.device(Direction::kToClient, "bernoulli", out);
      if (subscribes && heard_.first(hash64("subscribe")))
        out.message(up ? out.client() : out.server(), up ? out.server() : out.client(), "subscribe");
      line_.clue("bernoulli.gateway", "speaks", out);
    } else if (tag.name() == "device" && line_.is_device(direction)) {
      const std::string make = xml_text(tag.attribute("make")), model = xml_text(tag.attribute("model"));
      if (!make.empty() || !model.empty())
        line_.clue("bernoulli.bedside", make + "^" + model + "^" + xml_text(tag.attribute("bid")), out);
    }
  }

  SerialLine line_;
  Heard heard_;
};

Recognition recognise(const Probe& probe) {
  std::string_view text = as_text(probe.bytes);
  constexpr std::string_view kDeclaration = "<?xml", kRoot = "<cpc ";
  if (text.starts_with(kDeclaration)) {
    const std::size_t end = text.find("?>");
    if (end == std::string_view::npos) return text.size() < 128 ? Recognition::kMore : Recognition::kNo;
    text.remove_prefix(end + 2);
    while (text.starts_with('\r') || text.starts_with('\n')) text.remove_prefix(1);
  }
  if (text.size() < kRoot.size()) {
    const bool open = kRoot.starts_with(text) || kDeclaration.starts_with(text);
    return open ? Recognition::kMore : Recognition::kNo;
  }
  if (!text.starts_with(kRoot)) return Recognition::kNo;
  const std::size_t end = text.find('>');
  if (end == std::string_view::npos) return text.size() < 512 ? Recognition::kMore : Recognition::kNo;
  XmlTags tag(text.substr(0, end + 1));
  const bool root = tag.next() && !tag.attribute("seq").empty() && !tag.attribute("datetime").empty();
  return root ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& bernoulli_dissector() {
  static constexpr DissectorInfo kInfo = with_state<BernoulliDissector>({.name = "bernoulli",
                                                                         .title = "Bernoulli gateway",
                                                                         .layers = kLayers,
                                                                         .ports = kPorts,
                                                                         .clues = kClues,
                                                                         .recognise = recognise,
                                                                         .first_bytes = FirstBytes::of("<"),
                                                                         .max_buffer = 8 * 1024});
  return kInfo;
}

}  // namespace bedrail
