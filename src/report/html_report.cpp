#include "report/html_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/html_parts.h"
#include "report/html_style.h"
#include "report/wording.h"

namespace bedrail {
namespace html {
namespace {

/// No source at all is allowed but the style sheet within: should an escape fail, a browser still loads
/// nothing.
constexpr std::string_view kHead =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
    "<title>Bedrail assessment</title>\n<style>";

constexpr std::string_view kContents =
    "<nav aria-label=\"Contents\"><ul>"
    "<li><a href=\"#headline\">Headline figures</a></li><li><a href=\"#first\">What to do first</a></li>"
    "<li><a href=\"#devices\">Devices</a></li><li><a href=\"#each\">Each device</a></li>"
    "<li><a href=\"#connections\">Connections</a></li><li><a href=\"#unseen\">What could not be seen</a></li>"
    "<li><a href=\"#files\">Source files</a></li></ul></nav>\n";

Context make_context(const Assessment& assessment, const HtmlLimits& limits) {
  Context context{
      assessment, limits, DeviceIndex(assessment), devices_by_risk(assessment), group_by_device(assessment),
      {},         {}};
  const std::size_t told = std::min(limits.device_sections, context.by_risk.size());
  for (std::size_t i = 0; i < told; ++i) context.told.insert(context.by_risk[i]->id);
  for (const FindingGroup& group : context.groups) {
    const std::size_t room = limits.findings - std::min(limits.findings, context.findings.size());
    const std::size_t shown = std::min({group.size(), limits.findings_of_group, room});
    for (std::size_t i = 0; i < shown; ++i) context.findings.insert(group[i]->id);
  }
  return context;
}

void title(Writer& page, const Assessment& assessment) {
  const Source& source = assessment.source;
  page.markup("<header><h1>Assessment of the recorded network</h1>\n<p class=\"soft\">");
  if (source.first && source.last) {
    page.text(fmt::format("Recorded from {} to {} UTC. ", wording::moment(*source.first).substr(0, 19),
                          wording::moment(*source.last).substr(0, 19)));
  } else if (source.packets > 0) {
    page.text("The packets carry no times. ");
  }
  page.text(fmt::format("{}, {}, {}. Lifecycles and dates are judged as of {}. ",
                        wording::counted(source.packets, "packet"), wording::byte_size(source.bytes),
                        wording::counted(source.files.size(), "file"), format_date(assessment.as_of)));
  const KnowledgeInfo& knowledge = assessment.knowledge;
  page.text(fmt::format(
      "Bedrail {}, knowledge {} of {} with {} and {}.", assessment.tool_version, knowledge.version,
      knowledge.date, wording::counted(knowledge.fingerprints, "fingerprint"),
      knowledge.advisories == 1 ? "1 advisory" : wording::grouped(knowledge.advisories) + " advisories"));
  page.markup("</p>\n").markup(kContents).markup("</header>\n<main>\n");
}

}  // namespace

void headline(Writer& page, const Context& context) {
  page.markup("<section id=\"headline\"><h2>Headline figures</h2>\n");
  if (context.assessment.summary.empty()) page.markup("<p class=\"note\">None were computed.</p>\n");
  page.markup("<dl class=\"figures\">\n");
  for (const auto& [key, share] : context.assessment.summary) {
    page.markup("<div>")
        .element("dt", wording::words(key))
        .markup("<dd>")
        .element("b", wording::grouped(share.count));
    page.text(fmt::format(" of {}", wording::grouped(share.of))).markup("</dd></div>\n");
  }
  page.markup("</dl></section>\n");
}

}  // namespace html

std::string to_html(const Assessment& assessment) { return to_html(assessment, HtmlLimits{}); }

std::string to_html(const Assessment& assessment, const HtmlLimits& limits) {
  std::string out;
  html::Writer page(out);
  const html::Context context = html::make_context(assessment, limits);
  page.markup(html::kHead).markup(html::kStyle).markup("</style>\n</head>\n<body>\n");
  html::title(page, assessment);
  html::headline(page, context);
  html::first_steps(page, context);
  html::device_table(page, context);
  html::device_sections(page, context);
  html::connections(page, context);
  html::not_seen(page, context);
  html::source_files(page, context);
  page.markup("</main>\n</body>\n</html>\n");
  return out;
}

}  // namespace bedrail
