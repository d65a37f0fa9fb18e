#include "report/blind_spots.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/wording.h"

namespace bedrail {

std::vector<BlindSpot> blind_spots(const Source& source) {
  const Losses& losses = source.losses;
  std::vector<BlindSpot> out = {
      {"cut short by the recorder", "cut short", losses.truncated_packets, source.packets, "packets"},
      {"malformed", "malformed", losses.malformed_packets, source.packets, "packets"},
      {"of a link type or protocol that is not decoded", "not decoded", losses.undecoded_packets,
       source.packets, "packets"},
      {"missing within TCP streams", "missing in TCP streams", losses.tcp_gap_bytes, 0, "bytes"},
      {"given up early to keep within the memory", "given up early", losses.evicted_flows, 0, "flows"},
      {"dropped by the recorder", "dropped by the recorder", losses.capture_drops, 0, "packets"}};
  BlindSpot unknown{"of no recognised protocol", "of no known protocol", 0, 0, "flows"};
  for (const auto& [name, totals] : source.protocols) {
    unknown.of += totals.flows;
    if (name.starts_with("unknown")) unknown.count += totals.flows;
  }
  if (unknown.of > 0) {
    for (BlindSpot& spot : out) {
      if (spot.unit == "flows" && spot.count <= unknown.of) spot.of = unknown.of;
    }
    out.push_back(unknown);
  }
  return out;
}

std::string brief(const std::vector<BlindSpot>& spots) {
  std::string out;
  const BlindSpot* before = nullptr;
  for (const BlindSpot& spot : spots) {
    if (spot.count == 0) continue;
    const bool same_whole = before != nullptr && before->of == spot.of && before->unit == spot.unit;
    if (same_whole && spot.of > 0) {
      out += fmt::format(", {} {}", wording::grouped(spot.count), spot.brief);
    } else if (spot.of > 0) {
      out += fmt::format("{} {} {} {} {}", out.empty() ? "Of" : "; of", wording::grouped(spot.of), spot.unit,
                         wording::grouped(spot.count), spot.brief);
    } else {
      out += fmt::format("{}{} {}", out.empty() ? "" : "; ", figure(spot), spot.brief);
    }
    before = &spot;
  }
  return out;
}

bool tells_loss(const Assessment& assessment) {
  static constexpr std::string_view kLosses[] = {"file-skipped",      "file-cut",   "undecoded",
                                                 "fragments-missing", "table-full", "message-too-long",
                                                 "reassembly-limit"};
  return std::any_of(assessment.notices.begin(), assessment.notices.end(), [](const Notice& notice) {
    return std::find(std::begin(kLosses), std::end(kLosses), notice.kind) != std::end(kLosses);
  });
}

std::string figure(const BlindSpot& spot) {
  if (spot.unit == "bytes") return wording::byte_size(spot.count);
  if (spot.of == 0) return fmt::format("{} {}", wording::grouped(spot.count), spot.unit);
  return fmt::format("{} of {} {}", wording::grouped(spot.count), wording::grouped(spot.of), spot.unit);
}

}  // namespace bedrail
