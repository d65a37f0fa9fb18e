#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bedrail::syslog {

/// What is read of a message; views into it. What people write stands in `content`, which goes nowhere.
struct Message {
  enum class Form : std::uint8_t { kPlain, kRfc3164, kRfc5424 } form = Form::kPlain;
  unsigned facility = 0, severity = 0;
  std::string_view host, application;
  std::string_view software, version, enterprise;  ///< of the structured element "origin" (RFC 5424, 7.2)
  std::string_view content;                        ///< behind what was recognised
};

/// How much of a text "<PRI>" takes, with its number; nothing where there is none (RFC 5424, 6.2.1).
struct Priority {
  unsigned value = 0;
  std::size_t size = 0;
};
std::optional<Priority> read_priority(std::string_view text);

/// How long a time in the form of RFC 3164 ("Nov  5 12:00:00") or RFC 3339 is at the front; 0: none.
std::size_t timestamp_size(std::string_view text);

/// Reads a whole message; false where no priority stands at its front.
bool read_message(std::string_view text, Message& out);

/// "%SYS-5-CONFIG_I": the name that Cisco's systems give a kind of message; empty where there is none near
/// the front.
std::string_view mnemonic(std::string_view content);

/// A device's own statements in the formats of some makers of firewalls; empty where they are not there.
struct Appliance {
  std::string_view maker, name, model, serial;
};
Appliance appliance(std::string_view content);

/// "Vendor|Product|Version" at the front of the Common Event Format or LEEF; empty where there is none.
std::string event_source(std::string_view content);

/// An audit message (DICOM PS3.15, A.5; IHE ATNA): its source, and whether it names a patient.
struct Audit {
  bool found = false;
  std::string_view source;
  bool patient = false;
};
Audit audit(std::string_view content);

}  // namespace bedrail::syslog
