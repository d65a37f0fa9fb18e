#pragma once

#include <string_view>

#include "model/device_facts.h"

namespace bedrail {

/// Clues that describe a machine which need not be the one that sends them: an archive forwards images with
/// the scanner's name in them, a gateway reports for monitors.
bool describes_equipment(const ClueRecord& clue);

/// Whether such statements are others', protocol by protocol.
struct Relay {
  bool images = false;   ///< what DICOM clues describe is not the device's own
  bool devices = false;  ///< what HL7 clues describe is not the device's own
  bool others = false;   ///< it tells of several in whatever protocol devices are told of
  /// It reports for several devices at several places; the clue that shows it. It belongs to the facts.
  const ClueRecord* gateway = nullptr;
  /// It sends as several applications: an engine that passes messages on. The clue that shows it.
  const ClueRecord* engine = nullptr;

  [[nodiscard]] bool covers(std::string_view key) const {
    if (key.starts_with("dicom.")) return images;
    return key.starts_with("hl7.") ? devices : others;
  }
};

/// Whether an engine's clue or name is that of an application whose messages it passes on.
bool is_passed_on(const Relay& relay, const ClueRecord& clue);
bool is_passed_on(const Relay& relay, const NameRecord& name);

Relay relay_of(const DeviceFacts& facts);

/// Kinds of device that send images which others made.
bool forwards_images(std::string_view type);

}  // namespace bedrail
