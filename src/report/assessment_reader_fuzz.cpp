#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "report/assessment_reader.h"
#include "report/csv_report.h"
#include "report/explain.h"
#include "report/html_report.h"
#include "report/json_report.h"
#include "report/summary_report.h"

// Any bytes are safe to read, what was read can be written in every form, and reading what was written gives
// the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = bedrail::read_assessment({reinterpret_cast<const char*>(data), size});
  if (!read) return 0;
  const std::string written = bedrail::to_json(*read);
  const auto again = bedrail::read_assessment(written);
  if (!again || bedrail::to_json(*again) != written) std::abort();
  (void)bedrail::to_html(*read);
  (void)bedrail::to_csv(*read);
  (void)bedrail::to_summary(*read, 80, true);
  if (!read->devices.empty()) (void)bedrail::explain(*read, read->devices.front().id);
  if (!read->findings.empty()) (void)bedrail::explain(*read, read->findings.front().id);
  return 0;
}
