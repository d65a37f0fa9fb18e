#include <fmt/format.h>

#include "commands.h"
#include "input.h"
#include "output.h"

namespace bedrail::app {

int run_observe(const ObserveArguments& arguments) {
  CaptureArguments reading = arguments.input;
  reading.hash = false;  // no line shows it
  auto input = Input::open(reading);
  if (!input) {
    complain(input.error().message);
    return kFailed;
  }
  std::string text;
  Result<void> written;
  const auto flush = [&] {
    if (written) written = write_stdout(text);
    text.clear();
  };
  const PipelineOptions options{
      .threads = arguments.input.threads, .limits = arguments.input.limits.pipeline, .dissectors = {}};
  const PipelineResult read =
      run_pipeline(**input, options, [&](std::span<const Observation* const> observations) {
        for (const Observation* observation : observations) {
          if (observation->where.file > 0) text += fmt::format("{}:", observation->where.file);
          text.append(to_line(*observation)).push_back('\n');
        }
        if (text.size() > 65536) flush();
      });
  flush();
  if (!written) {
    complain(written.error().message);
    return kFailed;
  }
  if (read.packets == 0) {
    if (const std::string nothing = (*input)->all_outside(); !nothing.empty()) complain(nothing);
  }
  if ((*input)->problems().empty()) return kComplete;
  return (*input)->nothing_read() ? kFailed : kIncomplete;
}

}  // namespace bedrail::app
