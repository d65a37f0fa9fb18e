#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/assessment.h"

// How the readable outputs (CSV, HTML, console) say things, so that they say them alike. Every text that
// comes out is valid UTF-8 without control or invisible characters; none is escaped for markup.

namespace bedrail::wording {

/// Bytes of one captured text that an output shows.
inline constexpr std::size_t kTextLimit = 160;

/// Captured text made safe to show, cut at `limit` bytes with "…".
std::string shown(std::string_view text, std::size_t limit = kTextLimit);

/// "12,345": decimal with grouped thousands.
std::string grouped(std::uint64_t number);
/// "812.4 MB": decimal units, one digit behind the point from kB on.
std::string byte_size(std::uint64_t bytes);
/// "97 %".
std::string percent(double part);
/// "12 of 34".
std::string share(Share share);
/// "1 device", "12 devices".
std::string counted(std::uint64_t count, std::string_view noun);
/// "2026-10-14 06:00:00.492": UTC, to the millisecond.
std::string moment(Timestamp time);

/// A key of the document as words: "unsupported_os" is "Unsupported OS", "infusion-pump" is "Infusion pump".
std::string words(std::string_view key);
/// What people call the device: its best name, or else its first address, or else its id.
std::string device_name(const AssessedDevice& device);
/// The first address: IPv4, IPv6 or MAC; "told by others" where its own traffic was not seen; empty where
/// there is none.
std::string first_address(const AssessedDevice& device);
/// "dev-... in hl7, which gives it 00:09:fb:0a:0b:0c".
std::string told_by(const Declaration& told);
/// The value, shown; empty where there is none.
std::string value(const std::optional<Attribute>& attribute);
/// "Windows 10 1809 (build 17763)": what is known of it.
std::string os(const OperatingSystem& os);
/// The capture file's name.
std::string file(const Assessment& assessment, const Evidence& evidence);
/// The evidence's value, or "<redacted>" whatever it holds.
std::string value(const Evidence& evidence, std::size_t limit = kTextLimit);
/// An attribute's value as words.
std::string value_text(const std::string& text);
std::string value_text(bool flag);
std::string value_text(const OperatingSystem& os);

}  // namespace bedrail::wording
