#include "base/bytes.h"
#include "format/xml_tags.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bedrail;
  const std::string_view xml = as_text(Bytes(reinterpret_cast<const std::byte*>(data), size));
  XmlTags tags(xml);
  for (std::size_t last = 0; tags.next(); last = tags.end()) {
    // Each step has to move forward and stay inside.
    if (tags.end() <= last || tags.end() > xml.size()) __builtin_trap();
    (void)xml_text(tags.text());
    (void)tags.attribute("V");
  }
  (void)xml_element(xml, "Model");
  (void)xml_inside(xml, "Model");
  return 0;
}
