#include "arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <thread>

#include "commands.h"

namespace bedrail::app {
namespace {

constexpr const char* kFooter =
    "Exit status: 0 all was read; 3 something was skipped (standard error says what); 1 nothing could be "
    "read or "
    "written; 2 wrong arguments.";

std::string check_time(const std::string& text) {
  if (parse_rfc3339(text)) return {};
  return "\"" + text + "\" is no time; give it as 2026-11-01 or 2026-11-01T08:30:00Z";
}

std::string check_limit(const std::string& text) {
  Limits scratch;
  const auto set = scratch.set(text);
  return set ? std::string() : set.error().message;
}

/// The parser alone would say that a command is missing.
void check_command(const CLI::App& app, const std::string& word) {
  if (word.empty() || word.front() == '-') return;
  std::string names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == word) return;
    names += (names.empty() ? "" : ", ") + command->get_name();
  }
  throw CLI::ParseError("there is no command \"" + word + "\"; there are: " + names, kWrongUsage);
}

/// The options that all commands which read captures share; texts are turned into values once all is parsed.
struct CaptureOptions {
  std::vector<std::string> captures, limits;
  unsigned threads = 1;
  std::string since, until;
  bool no_hash = false;

  void add_to(CLI::App& command) {
    command
        .add_option("CAPTURE", captures,
                    "A capture file, a folder (all captures in it, at any depth), or - for standard input")
        ->required();
    command.add_option("--threads", threads, "Threads that read packets")
        ->check(CLI::Range(1, 16))
        ->capture_default_str();
    command.add_option("--since", since, "Leave out packets before this time (2026-11-01T08:30:00Z)")
        ->check(check_time);
    command.add_option("--until", until, "Leave out packets from this time on")->check(check_time);
    command.add_flag(
        "--no-hash", no_hash,
        "Leave out the captures' SHA-256: faster, but nothing then ties the result to the files");
    command.add_option("--limit", limits, "Set a table's limit: " + Limits::names())
        ->type_name("NAME=VALUE")
        ->check(check_limit)
        ->take_all()
        ->expected(1);
  }
  /// What the options alone cannot tell: a span of time that nothing lies in.
  void check_together() const {
    const auto from = parse_rfc3339(since), to = parse_rfc3339(until);
    if (from && to && *to <= *from)
      throw CLI::ValidationError("--until", until + " is not after --since " + since + ": no packet is left");
  }
  [[nodiscard]] CaptureArguments arguments() const {
    CaptureArguments out;
    out.captures = captures;
    out.threads = threads;
    out.hash = !no_hash;
    out.since = parse_rfc3339(since);
    out.until = parse_rfc3339(until);
    for (const std::string& limit : limits) (void)out.limits.set(limit);
    return out;
  }
};

}  // namespace

std::variant<Leave, AssessArguments, ExplainArguments, ObserveArguments> parse_arguments(int argc,
                                                                                         char** argv) {
  CLI::App app{
      "Finds the connected medical devices of a hospital in network captures, and what puts them at risk.",
      "bedrail"};
  app.set_version_flag("--version", std::string("bedrail ") + BEDRAIL_VERSION);
  app.set_help_flag("-h,--help", "Print this help and leave");
  app.footer("bedrail COMMAND --help tells more of each command. The manual: man bedrail.");
  app.require_subcommand(1);

  AssessArguments assess;
  CaptureOptions assess_input;
  std::string as_of;
  CLI::App* assess_command = app.add_subcommand(
      "assess", "Name the devices in captures, what is wrong with them, and the frame that proves it");
  assess_input.add_to(*assess_command);
  assess_command
      ->add_option("-o,--output", assess.output_folder,
                   "Write assessment.json, report.html and devices.csv into this folder")
      ->type_name("DIR");
  assess_command->add_option("--format", assess.format, "What goes to standard output")
      ->check(CLI::IsMember({"summary", "json", "html", "csv"}))
      ->default_str("summary");
  assess_command
      ->add_option("--as-of", as_of,
                   "The day by which support and certificates are judged (default: the last packet's)")
      ->check(check_time);
  assess_command
      ->add_option("--knowledge", assess.knowledge,
                   "The folder of knowledge (default: the one beside the program)")
      ->type_name("DIR");
  assess_command->footer(kFooter);

  ExplainArguments explain;
  CLI::App* explain_command = app.add_subcommand(
      "explain", "Tell how a device's values or a finding came about: rules, evidence, the runner-up");
  explain_command
      ->add_option("DEVICE|FINDING", explain.wanted, "A device's id, address or name, or a finding's id")
      ->required();
  explain_command
      ->add_option("ASSESSMENT.json", explain.assessment,
                   "An assessment that bedrail assess has written; - for standard input")
      ->required();

  CaptureOptions observe_input;
  CLI::App* observe_command = app.add_subcommand(
      "observe", "Print what the dissectors observe, one line each, in the order of the packets");
  observe_input.add_to(*observe_command);
  observe_command->footer(kFooter);

  try {
    if (argc > 1) check_command(app, argv[1]);
    app.parse(argc, argv);
    if (assess_command->parsed()) assess_input.check_together();
    if (observe_command->parsed()) observe_input.check_together();
  } catch (const CLI::Success& asked) {
    return Leave{app.exit(asked)};
  } catch (const CLI::ParseError& error) {
    CLI::App* used = app.get_subcommands().empty() ? &app : app.get_subcommands().front();
    fmt::print(stderr, "bedrail: {}\nTry: {} --help\n", error.what(),
               used == &app ? "bedrail" : "bedrail " + used->get_name());
    return Leave{kWrongUsage};
  }
  if (assess_command->parsed()) {
    assess.input = assess_input.arguments();
    assess.as_of = parse_rfc3339(as_of);
    if (assess.format.empty()) assess.format = "summary";
    return assess;
  }
  if (explain_command->parsed()) return explain;
  return ObserveArguments{observe_input.arguments()};
}

}  // namespace bedrail::app
