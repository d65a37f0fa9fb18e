#include <fmt/format.h>

#include "commands.h"
#include "output.h"
#include "report/assessment_reader.h"
#include "report/explain.h"

namespace bedrail::app {

int run_explain(const ExplainArguments& arguments) {
  constexpr std::size_t kLimit = std::size_t{1} << 30;
  const auto text = read_file(arguments.assessment, kLimit);
  if (!text) {
    complain(text.error().message);
    return kFailed;
  }
  const auto assessment = read_assessment(*text);
  if (!assessment) {
    complain(fmt::format("cannot use {}: {}; give a document that bedrail assess --format json has written",
                         arguments.assessment, assessment.error().message));
    return kFailed;
  }
  const auto told = explain(*assessment, arguments.wanted);
  if (!told) {
    complain(told.error().message);
    return kFailed;
  }
  if (const auto written = write_stdout(*told); !written) {
    complain(written.error().message);
    return kFailed;
  }
  return kComplete;
}

}  // namespace bedrail::app
