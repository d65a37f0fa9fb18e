#include "dissect/dhcp/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>
#include <iterator>

#include "base/byte_reader.h"

namespace bedrail::dhcp {

bool Options::read(Bytes options, Bytes file, Bytes server_name) {
  bool sound = read_field(options);
  Scratch scratch;
  const Bytes overload = value(option::kOverload, scratch);
  if (overload.empty()) return sound;
  const auto fields = static_cast<std::uint8_t>(overload.front());
  odd_overload_ = overload.size() != 1 || fields < 1 || fields > 3;
  if (odd_overload_) return sound;
  // RFC 2131, section 4.1: the options field first, then the file field, then the server's name.
  if ((fields & 1) != 0) sound = read_field(file) && sound;
  if ((fields & 2) != 0) sound = read_field(server_name) && sound;
  return sound;
}

bool Options::read_field(Bytes field) {
  ByteReader reader(field);
  while (!reader.empty() && count_ < kMaxParts) {
    const std::uint8_t code = reader.u8();
    if (code == option::kPad) continue;
    if (code == option::kEnd) break;
    const std::uint8_t length = reader.u8();
    const Bytes value = reader.bytes(length);
    if (!reader.ok()) return false;
    parts_[count_++] = {code, value};
  }
  return true;
}

bool Options::has(std::uint8_t code) const {
  return std::any_of(parts().begin(), parts().end(), [&](const Part& part) { return part.code == code; });
}

Bytes Options::value(std::uint8_t code, Scratch& scratch) const {
  Bytes found;
  std::size_t size = 0;
  for (const Part& part : parts()) {
    if (part.code != code) continue;
    if (found.empty()) {
      found = part.value;
      continue;
    }
    if (size == 0)
      size =
          static_cast<std::size_t>(std::copy(found.begin(), found.end(), scratch.begin()) - scratch.begin());
    const Bytes more = part.value.first(std::min(part.value.size(), scratch.size() - size));
    std::copy(more.begin(), more.end(), scratch.begin() + static_cast<std::ptrdiff_t>(size));
    size += more.size();
    found = Bytes(scratch).first(size);
  }
  return found;
}

std::string Options::order() const {
  std::bitset<256> seen;
  seen.set(option::kAgent);
  std::string codes;
  for (const Part& part : parts()) {
    if (seen.test(part.code)) continue;
    seen.set(part.code);
    fmt::format_to(std::back_inserter(codes), "{}{}", codes.empty() ? "" : ",", part.code);
  }
  return codes;
}

}  // namespace bedrail::dhcp
