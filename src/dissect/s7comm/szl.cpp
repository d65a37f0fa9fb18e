#include "szl.h"

#include <string>

#include "base/hash.h"
#include "base/text.h"

namespace bedrail::s7 {
namespace {

constexpr std::uint16_t kModule = 0x0011, kComponent = 0x001c;
constexpr unsigned kRecordLimit = 32;

void tell(std::string_view key, std::string_view text, Heard& heard, Observer& out) {
  text = trim(text);
  if (!text.empty() && heard.first(hash64(text, hash64(key))))
    out.clue(out.server(), key, text, Role::kServer);
}

/// A record of list 0x0011 (Siemens, System Software for S7-300/400, reference, chapter "SZL-ID W#16#xy11").
void module_record(ByteReader record, Heard& heard, Observer& out) {
  const std::uint16_t index = record.be16();
  const std::string_view order = record.text(20);
  record.skip(2);  // module type
  const std::uint8_t mark = record.u8();
  const unsigned major = record.u8(), minor = record.u8(), patch = record.u8();
  if (!record.ok()) return;
  if (index == 1) tell("s7comm.order-number", order, heard, out);
  if (index == 7 && mark == 'V')
    tell("s7comm.firmware", std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch),
         heard, out);
}

/// A record of list 0x001c (the same, "SZL-ID W#16#xy1C"). Plant, location and OEM texts are free.
void component_record(ByteReader record, Heard& heard, Observer& out) {
  const std::uint16_t index = record.be16();
  std::string_view text = as_text(record.rest());
  text = text.substr(0, text.find('\0'));
  switch (index & 0xff) {
    case 1:
      if (heard.first(hash64(text, 1))) out.name(out.server(), "s7comm", trim(text));
      break;
    case 2:
      tell("s7comm.module", text, heard, out);
      break;
    case 3:
      tell("s7comm.plant", text, heard, out);
      break;
    case 4:
      tell("s7comm.copyright", text, heard, out);
      break;
    case 5:
      tell("s7comm.serial", text, heard, out);
      break;
    case 7:
      tell("s7comm.module-type", text, heard, out);
      break;
    case 8:
      tell("s7comm.card-serial", text, heard, out);
      break;
    case 11:
      tell("s7comm.location", text, heard, out);
      break;
    default:
      break;
  }
}

}  // namespace

bool tell_status_list(ByteReader data, Heard& heard, Observer& out) {
  data.skip(2);  // return code, transport size
  const std::uint16_t length = data.be16();
  // A long list comes in parts: of the first, whole records count.
  ByteReader list = data.slice(std::min<std::size_t>(length, data.remaining()));
  const std::uint16_t id = list.be16();
  list.skip(2);  // index
  const std::uint16_t size = list.be16();
  const unsigned count = std::min<unsigned>(list.be16(), kRecordLimit);
  if (!list.ok()) return false;
  const bool module = (id & 0x00ff) == kModule;
  if (!module && (id & 0x00ff) != kComponent) return true;
  if (size < 4 || size > 64) return false;
  for (unsigned i = 0; i < count && list.remaining() >= size; ++i) {
    const ByteReader record = list.slice(size);
    if (module) {
      module_record(record, heard, out);
    } else {
      component_record(record, heard, out);
    }
  }
  return true;
}

}  // namespace bedrail::s7
