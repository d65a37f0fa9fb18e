#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "knowledge/tsv.h"

namespace bedrail {

class Knowledge;

/// The site's corrections, in its folder; no import and no newer knowledge touches it.
inline constexpr const char* kCorrectionsFile = "corrections.tsv";

/// What a site knows better: one attribute of one device, or of all that are like it.
struct Correction {
  /// By what a device is known to be meant. The first three are its own; the others are its siblings', too.
  enum class On : std::uint8_t { kMac, kSerial, kDevice, kModel, kClue, kRule };
  std::string id;  ///< "cor-" + 8 hexadecimal digits, of what it is bound to and the attribute
  On on = On::kDevice;
  std::string key;  ///< a clue's key; a model's vendor; else empty
  std::string is;   ///< the MAC, serial number, device's id, model, clue's text or rule's id
  std::string attribute, value;
  std::string because, date;  ///< the site's reason and the day that it was given on (YYYY-MM-DD)
  bool names_site = false;    ///< the reason holds an address or a name of the network that it was given in

  [[nodiscard]] bool for_siblings() const { return on >= On::kModel; }
  friend bool operator==(const Correction&, const Correction&) = default;
};

/// "mac", "serial", "device", "model", "clue", "rule".
std::string_view to_string(Correction::On on);
/// What may be corrected: "type", "vendor", "model", "firmware", "os", "department", "location".
const std::vector<std::string_view>& correctable();
/// The id that a correction has by what it is bound to: given again, it replaces the earlier one.
std::string correction_id(const Correction& correction);

/// A site's file; none where there is no file. Errors name file and line.
Result<std::vector<Correction>> read_corrections(const std::string& path);
Result<std::vector<Correction>> corrections_of(const Tsv& table);
const std::vector<std::string_view>& correction_columns();
/// The whole file: a note, the columns, one row a correction.
std::string corrections_table(const std::vector<Correction>& corrections, std::string_view note);
/// What is wrong with it: an unknown attribute, or kind of device, or system (with the nearest that there
/// are), a text that the file cannot hold.
Result<void> check_correction(const Correction& correction, const Knowledge& knowledge);

/// Whether a text holds an address, a host's name or a mail address: what tells of one network.
bool holds_address(std::string_view text);

}  // namespace bedrail
