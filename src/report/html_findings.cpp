#include <fmt/format.h>

#include <algorithm>

#include "report/html_parts.h"
#include "report/wording.h"

namespace bedrail::html {
namespace {

void remedies(Writer& page, const std::vector<Remedy>& list) {
  if (list.empty()) return;
  page.markup("<h4>What to do</h4><ol>");
  for (const Remedy& remedy : list) {
    page.markup("<li>").element("b", wording::words(remedy.action)).markup(": ").text(remedy.text);
    if (!remedy.source.empty())
      page.markup(" ").element("cite", fmt::format("({})", wording::shown(remedy.source)));
    page.markup("</li>\n");
  }
  page.markup("</ol>");
}

void vulnerability(Writer& page, const VulnerabilityFacts& facts) {
  page.markup("<p class=\"note\">");
  std::string text;
  const auto add = [&](const std::string& part) {
    if (!part.empty()) text += (text.empty() ? "" : "; ") + wording::shown(part);
  };
  add(facts.cve);
  add(facts.advisory);
  add(facts.cwe);
  for (const auto& cvss : facts.cvss) add(fmt::format("CVSS {} {:.1f}", cvss.version, cvss.score));
  if (facts.epss)
    add(fmt::format("likely to be exploited within 30 days: {:.1f} % (EPSS)", *facts.epss * 100));
  if (facts.kev) add("known to be exploited (KEV)");
  if (!facts.matched_product.empty() || !facts.matched_vendor.empty()) {
    add(fmt::format("matched {} {} {} by {}", facts.matched_vendor, facts.matched_product,
                    facts.matched_range, facts.matched_rule));
  }
  page.text(text).markup("</p>");
}

bool same_remedies(const Finding& a, const Finding& b) {
  return std::equal(
      a.remediation.begin(), a.remediation.end(), b.remediation.begin(), b.remediation.end(),
      [](const Remedy& x, const Remedy& y) { return x.action == y.action && x.text == y.text; });
}

void facts_of(Writer& page, const Finding& finding) {
  page.element("p class=\"note\"",
               fmt::format("Risk {} of 100; {}; confidence {}.", finding.risk,
                           finding.status.empty() ? "observed" : wording::shown(finding.status),
                           wording::percent(finding.confidence)));
}

void body(Writer& page, const Context& context, const Finding& finding, bool with_remedies) {
  if (!finding.explanation.empty()) page.element("p", finding.explanation);
  if (finding.vulnerability) vulnerability(page, *finding.vulnerability);
  if (with_remedies) remedies(page, finding.remediation);
  if (!finding.evidence.empty()) page.markup("<h4>Evidence</h4>");
  evidence(page, context, finding.evidence);
}

/// One card: what one piece of work on one device mends.
void card(Writer& page, const Context& context, const FindingGroup& group, std::size_t shown) {
  const Finding& worst = *group.front();
  const bool single = group.size() == 1;
  page.markup("<article>").markup("<div class=\"top\">");
  chip(page, worst.severity);
  page.element("h3", single ? wording::shown(worst.title, 300)
                            : fmt::format("{}: {}", wording::words(worst.kind),
                                          wording::counted(group.size(), "finding")));
  page.markup("</div><p>On ");
  device_link(page, context, worst.device);
  if (const AssessedDevice* device = context.devices.find(worst.device)) {
    const std::string address = other_address(*device);
    page.text(fmt::format(" ({}{}{})", address, address.empty() ? "" : ", ",
                          device->type ? wording::words(device->type->value) : "unknown type"));
  }
  page.markup("</p>\n");
  for (std::size_t i = 0; i < shown; ++i) {
    const Finding& finding = *group[i];
    page.markup(fmt::format("<div class=\"finding\" id=\"{}\">", anchor(finding.id)));
    if (!single) page.element("h4", finding.title);
    facts_of(page, finding);
    body(page, context, finding, i == 0 || !same_remedies(finding, *group[i - 1]));
    page.markup("</div>\n");
  }
  left_out(page, group.size(), shown, "finding");
  page.markup("</article>\n");
}

void party(Writer& page, const Context& context, const AlertParty& party) {
  std::string address = wording::shown(party.address);
  if (!party.device.empty()) {
    device_link(page, context, party.device);
    const AssessedDevice* device = context.devices.find(party.device);
    if (device != nullptr && address == wording::device_name(*device)) address.clear();
  }
  if (party.port != 0) address += fmt::format("{}port {}", address.empty() ? "" : " ", party.port);
  if (!address.empty()) page.text(party.device.empty() ? address : fmt::format(" ({})", address));
}

void alert(Writer& page, const Context& context, const Alert& alert) {
  page.markup("<article><div class=\"top\">");
  chip(page, alert.severity);
  page.element("h3", alert.title).markup("</div><p>From ");
  party(page, context, alert.source);
  page.markup(" to ");
  constexpr std::size_t kTargets = 5;
  for (std::size_t i = 0; i < std::min(alert.targets.size(), kTargets); ++i) {
    if (i > 0) page.markup(", ");
    party(page, context, alert.targets[i]);
  }
  if (alert.targets.size() > kTargets)
    page.text(fmt::format(" and {} more", alert.targets.size() - kTargets));
  page.markup("</p>").element("p", alert.explanation);
  std::string note = fmt::format("{} to {}, seen {}, detector {}, confidence {}", wording::moment(alert.time),
                                 wording::moment(alert.last), wording::counted(alert.count, "time"),
                                 alert.detector, wording::percent(alert.confidence));
  for (const std::string& technique : alert.technique) note += ", ATT&CK " + wording::shown(technique);
  page.element("p class=\"note\"", note + ".");
  if (!alert.response.empty()) page.markup("<h4>What may be done</h4><ol>");
  for (const auto& response : alert.response) {
    page.markup("<li>").element("b", wording::words(response.action)).markup(": ").text(response.text);
    page.markup(" ").element("cite", fmt::format("(safety: {})", response.safety)).markup("</li>\n");
  }
  if (!alert.response.empty()) page.markup("</ol>");
  page.markup("<h4>Evidence</h4>");
  evidence(page, context, alert.evidence);
  page.markup("</article>\n");
}

}  // namespace

void first_steps(Writer& page, const Context& context) {
  const Assessment& assessment = context.assessment;
  page.markup("<section id=\"first\"><h2>What to do first</h2>\n");
  page.element(
      "p class=\"soft\"",
      assessment.findings.empty()
          ? std::string("Nothing was found. What could not be seen, below, says how much that is worth.")
          : fmt::format("{}, by device and kind, the most risk first.",
                        wording::counted(assessment.findings.size(), "finding")));
  std::size_t used = 0;
  for (const FindingGroup& group : context.groups) {
    const std::size_t shown =
        std::min({group.size(), context.limits.findings_of_group, context.limits.findings - used});
    if (shown == 0) break;
    card(page, context, group, shown);
    used += shown;
  }
  left_out(page, assessment.findings.size(), used, "finding");
  if (!assessment.alerts.empty()) page.markup("<h2 id=\"alerts\">Alerts</h2>\n");
  const std::size_t alerts = std::min(assessment.alerts.size(), context.limits.alerts);
  for (std::size_t i = 0; i < alerts; ++i) alert(page, context, assessment.alerts[i]);
  left_out(page, assessment.alerts.size(), alerts, "alert");
  page.markup("</section>\n");
}

}  // namespace bedrail::html
