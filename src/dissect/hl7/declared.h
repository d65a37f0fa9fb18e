#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/short_text.h"
#include "format/hl7_segment.h"
#include "net/address.h"

namespace bedrail {

/// A device as its message tells of it, part by part: of fixed size. A gateway's message may tell of several,
/// one after the other.
class Hl7Declared {
 public:
  void clear() { *this = {}; }
  /// Whether a row of OBX-4 ("2.1.0.0") or an EUI-64 belongs to another device than what was gathered.
  [[nodiscard]] bool is_another(std::string_view containment, std::string_view eui64) const;
  /// Which device of the message the row is of: the first number of OBX-4.
  void row(std::string_view containment);
  /// `key`: a clue's ("hl7.equipment-model"). The first word on each counts.
  void take(std::string_view key, std::string_view value);
  void network_mac(const MacAddress& mac) { network_mac_ = mac; }
  void address(const IpAddress& ip) { address_ = ip; }
  /// What was gathered, for the clue "hl7.declared"; empty where nothing tells the device from others. A text
  /// of OBX-18 does so only where the message is a device's (`device_message`).
  [[nodiscard]] std::string text(std::string_view location, bool device_message) const;

 private:
  enum Part : std::uint8_t {
    kEui64,
    kMac,
    kSerial,
    kEquipment,
    kType,
    kModel,
    kMaker,
    kUdi,
    kSoftware,
    kFirmware,
    kHardware,
    kParts
  };
  static std::string_view name_of(Part part);
  std::array<ShortText<64>, kParts> parts_;
  ShortText<8> row_;
  MacAddress network_mac_{};
  IpAddress address_;
};

/// What identifies the patient of a message, as hashes: a device's number that equals one of them is none.
/// Some senders write a patient's number where a device's belongs.
class Hl7PatientIds {
 public:
  void clear() { count_ = 0; }
  /// Remembers PID-2 to PID-5, PID-18, PID-19 and PV1-19.
  void take(const Hl7Segment& segment);
  /// Whether the text, or one of its components, is one of them.
  [[nodiscard]] bool contains(std::string_view text) const;

 private:
  void add(std::string_view text);
  [[nodiscard]] bool holds(std::string_view text) const;

  std::array<std::uint64_t, 32> hashes_{};
  std::uint8_t count_ = 0;
};

}  // namespace bedrail
