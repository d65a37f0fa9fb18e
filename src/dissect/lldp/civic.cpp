#include "dissect/lldp/civic.h"

#include "base/text.h"

namespace bedrail {
namespace {

constexpr std::size_t kTextLimit = 400;

/// Element types that mean little without being named (RFC 4776, 3.4).
std::string_view prefix_of(std::uint8_t type) {
  switch (type) {
    case 26:
      return "unit ";
    case 27:
      return "floor ";
    case 28:
      return "room ";
    case 33:
      return "seat ";
    default:
      return "";
  }
}

bool is_about_text(std::uint8_t type) { return type == 0 || type == 128; }  // language, script

}  // namespace

std::string civic_text(ByteReader& reader) {
  ByteReader elements = reader.slice(reader.u8());
  elements.skip(1);  // whose location it is
  std::string out = clean_text(elements.text(2));
  while (elements.ok() && elements.remaining() > 0 && out.size() < kTextLimit) {
    const std::uint8_t type = elements.u8();
    const std::string text = clean_text(elements.text(elements.u8()));
    if (text.empty() || is_about_text(type)) continue;
    out.append(out.empty() ? "" : ", ").append(prefix_of(type)).append(text);
  }
  if (!elements.ok()) reader.fail();
  return out;
}

}  // namespace bedrail
