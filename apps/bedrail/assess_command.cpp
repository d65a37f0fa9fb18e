#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "assess/assess.h"
#include "base/parallel.h"
#include "commands.h"
#include "identify/identify.h"
#include "input.h"
#include "knowledge_place.h"
#include "output.h"
#include "report/csv_report.h"
#include "report/html_report.h"
#include "report/json_report.h"
#include "report/summary_report.h"

namespace bedrail::app {
namespace {

constexpr std::int64_t kKnowledgeAge = std::int64_t{30} * 86400 * kNanosecondsPerSecond;

Result<std::unique_ptr<const Knowledge>> knowledge_of(const AssessArguments& arguments) {
  const auto folder = knowledge_folder(arguments.knowledge);
  if (!folder) return tl::unexpected(folder.error());
  return load_knowledge(*folder, Patterns::kOnFirstUse, arguments.site);
}

int terminal_columns() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) return size.ws_col;
  return 80;
}

std::string render(const Assessment& assessment, const std::string& format) {
  if (format == "json") return to_json(assessment);
  if (format == "html") return to_html(assessment);
  if (format == "csv") return to_csv(assessment);
  const bool colour = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  return to_summary(assessment, terminal_columns(), colour);
}

/// Packets to assessment; the meaning side runs in the pipeline's analysis thread and, at the end, here.
Assessment make_assessment(const AssessArguments& arguments, Input& input, const Knowledge& knowledge) {
  Inventory inventory(arguments.input.limits.inventory);
  const PipelineOptions options{
      .threads = arguments.input.threads, .limits = arguments.input.limits.pipeline, .dissectors = {}};
  PipelineResult read = run_pipeline(
      input, options, [&](std::span<const Observation* const> observations) { inventory.add(observations); });
  const unsigned threads = arguments.input.threads;
  InventoryResult found = inventory.finish(threads);
  Assessment out;
  out.tool_version = BEDRAIL_VERSION;
  out.knowledge = knowledge.info();
  out.source.packets = read.packets;
  out.source.bytes = read.bytes;
  out.source.losses = read.losses;
  out.source.protocols = std::move(read.protocols);
  out.source.anomalies = std::move(read.anomalies);
  out.source.unrecognised = std::move(read.unrecognised);
  out.source.unrecognised_rest = read.unrecognised_rest;
  for (const auto& [name, count] : found.anomalies) out.source.anomalies[name] += count;
  input.describe(out.source);
  const auto known = parse_rfc3339(out.knowledge.date).value_or(Timestamp{});
  out.as_of = arguments.as_of.value_or(out.source.last.value_or(known));
  out.devices.resize(found.devices.size());
  parallel_for(threads, found.devices.size(),
               [&](std::size_t i) { out.devices[i] = identify(found.devices[i], knowledge, out.as_of); });
  out.connections = std::move(found.connections);
  assess(found, knowledge, out, threads);
  for (auto* notices : {&read.notices, &found.notices}) {
    for (Notice& notice : *notices) out.notices.push_back(std::move(notice));
  }
  return out;
}

void note_knowledge_age(Assessment& assessment) {
  const auto date = parse_rfc3339(assessment.knowledge.date);
  if (!date || elapsed(*date, assessment.as_of) <= kKnowledgeAge) return;
  const auto days =
      static_cast<std::uint64_t>(elapsed(*date, assessment.as_of) / kNanosecondsPerSecond / 86400);
  assessment.notices.push_back({"knowledge-age",
                                fmt::format("The knowledge is of {}, {} days older than the day of the "
                                            "assessment; newer advisories and ends of support are "
                                            "missing. Install a newer one.",
                                            assessment.knowledge.date, days),
                                days});
}

/// A report without a device must not pass for a clean network.
void note_emptiness(Assessment& assessment, const Input& input) {
  if (assessment.source.packets != 0) return;
  const std::string outside = input.all_outside();
  if (!outside.empty()) complain(outside);
  std::uint64_t stored = 0;
  for (const SourceFile& file : assessment.source.files) stored += file.packets;
  assessment.notices.push_back(
      {"no-packets",
       outside.empty() ? "The capture holds no packet: nothing can be said of the network." : outside,
       stored});
}

/// Nothing can be said of when something was; what depends on the day needs another.
void note_missing_times(Assessment& assessment, bool day_was_given) {
  for (const SourceFile& file : assessment.source.files) {
    if (file.packets == 0 || file.first) continue;
    std::string text = file.name + ": the packets carry no times; when anything happened cannot be told.";
    if (!assessment.source.last && !day_was_given)
      text += fmt::format(
          " Support and certificates are judged as of {}, the day of the knowledge; give the day "
          "of the recording with --as-of.",
          format_date(assessment.as_of));
    complain(text);
    assessment.notices.push_back({"no-times", std::move(text), file.packets});
  }
}

Result<void> write_folder(const Assessment& assessment, const std::string& folder) {
  if (auto made = make_folder(folder); !made) return made;
  FileSet files;
  for (const auto& [name, format] :
       {std::pair{"assessment.json", "json"}, {"report.html", "html"}, {"devices.csv", "csv"}}) {
    if (auto written = files.write(folder + "/" + name, render(assessment, format)); !written) return written;
  }
  return files.commit();
}

}  // namespace

int run_assess(const AssessArguments& arguments) {
  const auto knowledge = knowledge_of(arguments);
  if (!knowledge) {
    complain(knowledge.error().message);
    return kFailed;
  }
  CaptureArguments reading = arguments.input;
  // Hashing costs more than reading; the summary and the table do not show the digest.
  reading.hash = reading.hash && (!arguments.output_folder.empty() || arguments.format == "json" ||
                                  arguments.format == "html");
  auto input = Input::open(reading);
  if (!input) {
    complain(input.error().message);
    return kFailed;
  }
  Assessment assessment = make_assessment(arguments, **input, **knowledge);
  if (const std::string fault = (*knowledge)->fault(); !fault.empty()) {
    complain(fault);
    return kFailed;
  }
  const std::vector<Notice> problems = (*input)->problems();
  if ((*input)->nothing_read()) return kFailed;
  for (Notice& notice : (*input)->unknown_links()) assessment.notices.push_back(std::move(notice));
  for (Notice& notice : (*input)->window()) assessment.notices.push_back(std::move(notice));
  assessment.notices.insert(assessment.notices.begin(), problems.begin(), problems.end());
  note_knowledge_age(assessment);
  note_emptiness(assessment, **input);
  note_missing_times(assessment, arguments.as_of.has_value());
  if (!arguments.output_folder.empty()) {
    if (const auto written = write_folder(assessment, arguments.output_folder); !written) {
      complain(written.error().message);
      return kFailed;
    }
  }
  std::string text = render(assessment, arguments.format);
  if (!arguments.output_folder.empty() && arguments.format == "summary") {
    text += fmt::format(
        "\nReport:     {0}/report.html\nAssessment: {0}/assessment.json\nDevices:    {0}/devices.csv\n",
        arguments.output_folder);
  }
  if (const auto written = write_stdout(text); !written) {
    complain(written.error().message);
    return kFailed;
  }
  return problems.empty() ? kComplete : kIncomplete;
}

}  // namespace bedrail::app
