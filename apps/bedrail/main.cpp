#include <sys/resource.h>

#include <csignal>

#include "commands.h"

int main(int argc, char** argv) {
  using namespace bedrail::app;
  // A closed pipe is an error to be told, not a signal to die of.
  std::signal(SIGPIPE, SIG_IGN);
  // All captures of a folder are open at once; the usual limit is there for programs that use select().
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
  const auto arguments = parse_arguments(argc, argv);
  if (const auto* leave = std::get_if<Leave>(&arguments)) return leave->code;
  if (const auto* assess = std::get_if<AssessArguments>(&arguments)) return run_assess(*assess);
  if (const auto* explain = std::get_if<ExplainArguments>(&arguments)) return run_explain(*explain);
  if (const auto* knowledge = std::get_if<KnowledgeArguments>(&arguments)) return run_knowledge(*knowledge);
  if (const auto* corrections = std::get_if<CorrectionArguments>(&arguments))
    return run_corrections(*corrections);
  return run_observe(std::get<ObserveArguments>(arguments));
}
