#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace bedrail {

/// Width of the codes and lengths inside an option: one byte in DHCPv4, two in DHCPv6.
enum class OptionWidth : std::uint8_t { kOne = 1, kTwo = 2 };

/// A value that is text for some makers and binary for others (client identifiers, agents' circuits): the
/// text where all of it is printable ASCII (NUL and white space at its ends aside), else lower-case
/// hexadecimal of at most 128 bytes.
std::string text_or_hex(Bytes value);

/// The first domain name of an uncompressed list (RFC 1035, section 3.1; partial names without a root, as RFC
/// 4702 and RFC 4704 allow, too): "ct-1.radiology.example". Nothing where a label is over 63 bytes, cut, or
/// not printable.
std::optional<std::string> wire_name(Bytes value);

/// A run of texts, each behind its length (user classes of RFC 3004, vendor classes of RFC 8415), joined by
/// ',', each as in `text_or_hex`. Nothing where the lengths do not end exactly with the value, or one of them
/// is 0.
std::optional<std::string> counted_texts(Bytes value, OptionWidth width);

/// The options inside a vendor's option whose values are printable, as "1=A0B1,2=serial"; the rest are passed
/// over, and so is what stands behind a length that reaches too far. At most 16.
std::string printable_options(Bytes value, OptionWidth width);

}  // namespace bedrail
