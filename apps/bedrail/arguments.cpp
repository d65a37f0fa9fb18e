#include "arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <sstream>
#include <thread>

#include "commands.h"
#include "correction_options.h"
#include "knowledge/feeds/feed_kinds.h"
#include "output.h"
#include "place_options.h"

namespace bedrail::app {
namespace {

constexpr const char* kFooter =
    "Exit status: 0 all was read; 3 something was skipped (standard error says what); 1 nothing could be "
    "read or "
    "written; 2 wrong arguments.";

std::string check_time(const std::string& text) {
  if (parse_rfc3339(text)) return {};
  return "\"" + text + "\" is no time from 1678 to 2261; give it as 2026-11-01 or 2026-11-01T08:30:00Z";
}

std::string check_limit(const std::string& text) {
  Limits scratch;
  const auto set = scratch.set(text);
  return set ? std::string() : set.error().message;
}

std::string check_folder(const std::string& folder) {
  std::error_code error;
  return std::filesystem::is_directory(folder, error) ? std::string()
                                                      : "there is no folder \"" + folder + "\"";
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
        ->required()
        ->check([](const std::string& path) {
          return std::string(path.empty() ? "the capture's name is empty" : "");
        });
    command.add_option("--threads", threads, "Threads that read packets")
        ->check(CLI::Range(1, 16))
        ->capture_default_str();
    command.add_option("--since", since, "Leave out packets before this time (2026-11-01T08:30:00Z)")
        ->check(check_time);
    command.add_option("--until", until, "Leave out packets from this time on")->check(check_time);
    command.add_flag(
        "--no-hash", no_hash,
        "Documents without the captures' SHA-256: faster, but nothing then ties them to the files");
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

/// The command line's description and what it was parsed into.
class CommandLine {
 public:
  CommandLine() {
    app_.set_version_flag("--version", std::string("bedrail ") + BEDRAIL_VERSION);
    app_.set_help_flag("-h,--help", "Print this help and leave");
    app_.footer("bedrail COMMAND --help tells more of each command. The manual: man bedrail.");
    app_.require_subcommand(1);
    describe_assess();
    describe_explain();
    describe_knowledge();
    observe_input_.add_to(*observe_);
    observe_->footer(kFooter);
  }

  Arguments parse(int argc, char** argv) {
    try {
      if (argc > 1) check_command(app_, argv[1]);
      app_.parse(argc, argv);
      if (assess_->parsed()) assess_input_.check_together();
      if (observe_->parsed()) observe_input_.check_together();
      if (why_->parsed()) why_input_.check_together();
    } catch (const CLI::Success& asked) {
      return Leave{tell(asked)};
    } catch (const CLI::ParseError& error) {
      CLI::App* used = app_.get_subcommands().empty() ? &app_ : app_.get_subcommands().front();
      std::string words = "bedrail";
      for (; used != &app_; used = used->get_subcommands().empty() ? &app_ : used->get_subcommands().front())
        words += " " + used->get_name();
      complain(error.what(), fmt::format("Try: {} --help\n", words));
      return Leave{kWrongUsage};
    }
    if (explain_->parsed()) return explained_;
    if (observe_->parsed()) return ObserveArguments{observe_input_.arguments()};
    if (corrections_.parsed()) return corrections_.arguments();
    if (knowledge_->parsed()) return knowledge_arguments();
    assessed_.input = assess_input_.arguments();
    assessed_.as_of = parse_rfc3339(as_of_);
    if (assessed_.format.empty()) assessed_.format = "summary";
    return assessed_;
  }

 private:
  /// Help or the version, to standard output.
  int tell(const CLI::Success& asked) {
    std::ostringstream text, none;
    const int code = app_.exit(asked, text, none);
    const auto written = write_stdout(text.str());
    if (!written) complain(written.error().message);
    return written ? code : kFailed;
  }
  void describe_assess() {
    assess_input_.add_to(*assess_);
    assess_
        ->add_option("-o,--output", assessed_.output_folder,
                     "Write assessment.json, report.html and devices.csv into this folder")
        ->type_name("DIR")
        ->check([](const std::string& folder) {
          return std::string(folder.empty() ? "the folder's name is empty" : "");
        });
    assess_->add_option("--format", assessed_.format, "What goes to standard output")
        ->check(CLI::IsMember({"summary", "json", "html", "csv"}))
        ->default_str("summary");
    assess_
        ->add_option("--as-of", as_of_,
                     "The day by which support and certificates are judged (default: the last packet's)")
        ->check(check_time);
    assess_
        ->add_option("--knowledge", assessed_.knowledge,
                     "The folder of knowledge (default: the one beside the program)")
        ->type_name("DIR")
        ->check(check_folder);
    assess_
        ->add_option("--site", assessed_.site,
                     "The folder of what this site added to it (default: the one beside the knowledge)")
        ->type_name("DIR")
        ->check(check_folder);
    assess_->footer(kFooter);
  }

  void describe_knowledge() {
    knowledge_->require_subcommand(1);
    import_->require_subcommand(1);
    recog_
        ->add_option("DIR", about_knowledge_.folder,
                     "The folder of XML files, or the one that holds its xml/")
        ->required();
    add_import_places(*recog_, about_knowledge_.knowledge, about_knowledge_.site);
    recog_->add_flag("--preview", about_knowledge_.preview, "Tell what would change, and change nothing");
    recog_->footer(
        "Exit status: 0 all was taken; 3 some patterns were not, standard error names them; 1 nothing was "
        "changed, standard error says why.");
    for (const FeedKind& kind : feed_kinds()) describe_feed(kind);
    add_places(*list_, about_knowledge_.knowledge, about_knowledge_.site);
    list_->add_option("--as-of", listed_as_of_, "The day by which the feeds' ages are told (default: today)")
        ->check(check_time);
    add_places(*diff_, about_knowledge_.knowledge, about_knowledge_.site);
    diff_->add_option("FROM", about_knowledge_.from, "The earlier generation of the feeds")
        ->required()
        ->check(CLI::Range(1, 999'999'999));
    diff_->add_option("TO", about_knowledge_.to, "The later one")
        ->required()
        ->check(CLI::Range(1, 999'999'999));
    add_places(*rollback_, about_knowledge_.knowledge, about_knowledge_.site);
    rollback_
        ->add_option("GENERATION", about_knowledge_.to,
                     "The generation to use (default: the one before this one)")
        ->check(CLI::Range(1, 999'999'999));
    list_->add_flag("--rules", about_knowledge_.rules, "List each rule: its id, what it reads, what it says");
    list_->add_option("WORD", about_knowledge_.word,
                      "Only rules in whose id, subject or sayings this stands");
    add_places(*check_, about_knowledge_.knowledge, about_knowledge_.site);
    check_->footer("Exit status: 0 no fault; 1 faults, each with its file and line.");
    why_->add_option("RULE", about_knowledge_.rule,
                     "A rule's id, as bedrail explain and the assessment name it")
        ->required();
    add_places(*why_, about_knowledge_.knowledge, about_knowledge_.site);
    why_input_.add_to(*why_);
    why_->footer(kFooter);
  }

  void describe_feed(const FeedKind& kind) {
    CLI::App* command = import_->add_subcommand(std::string(kind.name), "Import " + std::string(kind.title));
    command
        ->add_option("PATH", about_knowledge_.paths,
                     "Files, plain or packed (gzip, Zstandard), and folders of them")
        ->required();
    add_import_places(*command, about_knowledge_.knowledge, about_knowledge_.site);
    command->add_flag("--preview", about_knowledge_.preview, "Tell what would change, and change nothing");
    command->add_flag("--yes", about_knowledge_.yes, "Apply without asking");
    command->add_flag("--all", about_knowledge_.all,
                      "These files hold all there is of this kind: withdraw what they do not name");
    command->footer(
        "Exit status: 0 it was applied, or previewed; 3 it was not confirmed; 1 nothing was changed, "
        "standard error "
        "says why.");
    feeds_.push_back(command);
  }

  [[nodiscard]] KnowledgeArguments knowledge_arguments() const {
    using What = KnowledgeArguments::What;
    KnowledgeArguments out = about_knowledge_;
    const std::pair<const CLI::App*, What> commands[] = {{recog_, What::kImport},      {diff_, What::kDiff},
                                                         {rollback_, What::kRollback}, {check_, What::kCheck},
                                                         {why_, What::kWhy},           {list_, What::kList}};
    for (const auto& [command, what] : commands) {
      if (command->parsed()) out.what = what;
    }
    for (const CLI::App* feed : feeds_) {
      if (!feed->parsed()) continue;
      out.what = What::kImportFeed;
      out.feed = feed->get_name();
    }
    out.as_of = parse_rfc3339(listed_as_of_);
    if (!out.word.empty()) out.rules = true;
    if (why_->parsed()) out.input = why_input_.arguments();
    return out;
  }

  void describe_explain() {
    explain_
        ->add_option("DEVICE|FINDING", explained_.wanted, "A device's id, address or name, or a finding's id")
        ->required();
    explain_
        ->add_option("ASSESSMENT.json", explained_.assessment,
                     "An assessment that bedrail assess has written; - for standard input")
        ->required();
  }

  CLI::App app_{
      "Finds the connected medical devices of a hospital in network captures, and what puts them at risk.",
      "bedrail"};
  CLI::App* assess_ = app_.add_subcommand(
      "assess", "Name the devices in captures, what is wrong with them, and the frame that proves it");
  CLI::App* explain_ = app_.add_subcommand(
      "explain", "Tell how a device's values or a finding came about: rules, evidence, the runner-up");
  CLI::App* observe_ = app_.add_subcommand(
      "observe", "Print what the dissectors observe, one line each, in the order of the packets");
  CLI::App* knowledge_ = app_.add_subcommand("knowledge",
                                             "Import fingerprints and feeds; list, check and correct what "
                                             "the program knows; show where a rule fires");
  CLI::App* import_ = knowledge_->add_subcommand("import", "Add what others know to the site's knowledge");
  CLI::App* recog_ = import_->add_subcommand("recog", "Import the XML files of rapid7's recog");
  CLI::App* list_ = knowledge_->add_subcommand("list", "Tell which knowledge is in use, table by table");
  CLI::App* diff_ =
      knowledge_->add_subcommand("diff", "Tell what differs between two generations of the feeds");
  CLI::App* rollback_ =
      knowledge_->add_subcommand("rollback", "Go back to an earlier generation of the feeds");
  CLI::App* check_ = knowledge_->add_subcommand("check", "Check every file of knowledge, line by line");
  CLI::App* why_ = knowledge_->add_subcommand("why", "Show where a rule fires in captures: frames and texts");
  CorrectionOptions corrections_{*knowledge_};
  CaptureOptions assess_input_, observe_input_, why_input_;
  KnowledgeArguments about_knowledge_;
  AssessArguments assessed_;
  ExplainArguments explained_;
  std::string as_of_, listed_as_of_;
  std::vector<CLI::App*> feeds_;
};

}  // namespace

Arguments parse_arguments(int argc, char** argv) { return CommandLine().parse(argc, argv); }

}  // namespace bedrail::app
