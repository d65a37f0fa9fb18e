#include "capture/capture_format.h"

#include <algorithm>

namespace bedrail {

void CaptureFormat::note_link(std::uint16_t number) {
  const auto place = std::lower_bound(link_types_.begin(), link_types_.end(), number);
  if (place == link_types_.end() || *place != number) link_types_.insert(place, number);
}

std::unique_ptr<CaptureFormat> format_of(Bytes head) {
  if (is_pcap(head)) return pcap_format();
  if (is_pcapng(head)) return pcapng_format();
  return nullptr;
}

LinkType link_type(std::uint16_t number) {
  switch (number) {
    case 12:  // raw IP as BSD systems number it
    case 14:
      return LinkType::kRaw;
    case 0:
    case 1:
    case 101:
    case 105:
    case 108:
    case 113:
    case 127:
    case 228:
    case 229:
    case 276:
      return static_cast<LinkType>(number);
    default:
      return LinkType::kOther;
  }
}

}  // namespace bedrail
