#pragma once

#include <string>

#include "model/assessment.h"

namespace bedrail {

/// The assessment as one self-contained HTML5 page: no network, no script, prints on A4. Every text from
/// outside is escaped. Long lists end at a limit (`HtmlLimits`) and say how much is left out and where the
/// rest is.
std::string to_html(const Assessment& assessment);

/// How many rows of each list the page shows, the most urgent first; the whole is in the JSON and the CSV.
struct HtmlLimits {
  std::size_t devices = 1000;         ///< rows of the device table
  std::size_t device_sections = 250;  ///< devices told in full
  std::size_t findings = 400;
  std::size_t findings_of_group = 12;  ///< of one kind on one device
  std::size_t alerts = 100;
  std::size_t connections = 300;
  std::size_t names = 12;     ///< of one device
  std::size_t services = 40;  ///< of one device
  std::size_t addresses = 6;  ///< of one kind and device
  std::size_t files = 200;    ///< source files
  std::size_t anomalies = 60;
  std::size_t unrecognised = 40;
};

/// The same with other limits.
std::string to_html(const Assessment& assessment, const HtmlLimits& limits);

}  // namespace bedrail
