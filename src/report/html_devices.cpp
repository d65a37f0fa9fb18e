#include <fmt/format.h>

#include <algorithm>

#include "report/finding_groups.h"
#include "report/html_parts.h"
#include "report/wording.h"

namespace bedrail::html {
namespace {

void os_cell(Writer& page, const AssessedDevice& device) {
  page.markup("<td>");
  if (device.os) {
    page.text(wording::os(device.os->value));
    const std::string& support = device.os->value.support;
    if (!support.empty() && support != "unknown") {
      page.markup(" ").element(support == "unsupported" ? "span class=\"chip high\"" : "span class=\"chip\"",
                               support);
    }
  }
  page.markup("</td>");
}

void device_row(Writer& page, const Context& context, const AssessedDevice& device) {
  page.markup("<tr><th scope=\"row\">");
  device_link(page, context, device.id);
  page.markup("</th>").element("td", device.type ? wording::words(device.type->value) : "Unknown");
  page.element("td", wording::value(device.vendor)).element("td", wording::value(device.model));
  os_cell(page, device);
  page.element("td", wording::first_address(device) + (device.internal ? "" : " (Internet)"));
  page.element("td class=\"number\"", std::to_string(device.risk.score)).markup("<td>");
  chip(page, device.risk.level);
  page.markup("</td></tr>\n");
}

void rules_note(Writer& page, const std::vector<RuleVote>& rules) {
  if (rules.empty()) return;
  std::string text = "By ";
  for (std::size_t i = 0; i < rules.size(); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : "; ", wording::shown(rules[i].rule, 80));
    if (!rules[i].source.empty()) text += fmt::format(" ({})", wording::shown(rules[i].source, 120));
  }
  page.element("div class=\"also\"", text);
}

template <typename T>
void attribute_row(Writer& page, const Context& context, std::string_view name,
                   const std::optional<AttributeOf<T>>& attribute) {
  if (!attribute) return;
  page.markup("<tr>").element("th scope=\"row\"", name).element("td", wording::value_text(attribute->value));
  page.element("td class=\"number\"", wording::percent(attribute->confidence)).markup("<td>");
  evidence(page, context, attribute->evidence);
  rules_note(page, attribute->rules);
  for (const auto& conflict : attribute->conflicts) {
    page.markup("<div class=\"also\">Also claimed: ").element("b", wording::value_text(conflict.value));
    page.text(fmt::format(", {}", wording::percent(conflict.confidence))).markup("</div>");
    evidence(page, context, conflict.evidence);
  }
  page.markup("</td></tr>\n");
}

void identity(Writer& page, const Context& context, const AssessedDevice& device) {
  const bool any = device.category || device.type || device.vendor || device.model || device.os ||
                   device.firmware || device.serial || device.hardware || device.bedside ||
                   device.life_supporting || device.handles_phi || device.department || device.location;
  page.markup("<h4>Identity</h4>");
  if (!any) {
    page.markup("<p class=\"note\">Nothing that was recorded says what this is.</p>");
    return;
  }
  table(page, {"Attribute", "Value", "#Confidence", "Behind it"}, "identity");
  attribute_row(page, context, "Category", device.category);
  attribute_row(page, context, "Type", device.type);
  attribute_row(page, context, "Vendor", device.vendor);
  attribute_row(page, context, "Model", device.model);
  attribute_row(page, context, "Firmware", device.firmware);
  attribute_row(page, context, "Serial number", device.serial);
  attribute_row(page, context, "Hardware", device.hardware);
  attribute_row(page, context, "Operating system", device.os);
  attribute_row(page, context, "At the bedside", device.bedside);
  attribute_row(page, context, "Life-supporting", device.life_supporting);
  attribute_row(page, context, "Patient data", device.handles_phi);
  attribute_row(page, context, "Department", device.department);
  attribute_row(page, context, "Location", device.location);
  end_table(page);
}

/// "10.0.0.1, 10.0.0.2 and 3 more".
std::string listed(const std::vector<std::string>& values, std::size_t limit) {
  std::string out;
  for (std::size_t i = 0; i < std::min(values.size(), limit); ++i) {
    out += (i == 0 ? "" : ", ") + wording::shown(values[i], 60);
  }
  if (values.size() > limit) out += fmt::format(" and {} more", wording::grouped(values.size() - limit));
  return out;
}

void names_and_addresses(Writer& page, const Context& context, const AssessedDevice& device) {
  const HtmlLimits& limits = context.limits;
  if (!device.names.empty()) page.markup("<h4>Names</h4><ul class=\"evidence\">");
  for (std::size_t i = 0; i < std::min(device.names.size(), limits.names); ++i) {
    page.markup("<li>")
        .element("b", wording::shown(device.names[i].name))
        .markup(" (")
        .text(device.names[i].kind);
    page.markup("): ");
    evidence(page, context, device.names[i].evidence);
    page.markup("</li>\n");
  }
  if (!device.names.empty()) page.markup("</ul>");
  left_out(page, device.names.size(), limits.names, "name");
  page.markup("<h4>Addresses</h4><dl class=\"pairs\">");
  const auto pair = [&](std::string_view kind, const std::vector<std::string>& values) {
    if (!values.empty()) page.element("dt", kind).element("dd", listed(values, limits.addresses));
  };
  pair("MAC", device.mac);
  pair("IPv4", device.ipv4);
  pair("IPv6", device.ipv6);
  std::vector<std::string> vlans;
  for (const std::uint16_t vlan : device.vlan) vlans.push_back(std::to_string(vlan));
  pair("VLAN", vlans);
  page.markup("</dl>");
}

void services(Writer& page, const Context& context, const AssessedDevice& device) {
  if (device.services.empty()) return;
  page.markup("<h4>Services it offers</h4>");
  table(page, {"Port", "Protocol", "Product", "Encrypted", "#Clients", "First seen in"}, "services");
  const std::size_t shown = std::min(device.services.size(), context.limits.services);
  for (std::size_t i = 0; i < shown; ++i) {
    const DeviceService& service = device.services[i];
    page.markup("<tr>").element("td", fmt::format("{}/{}", service.transport, service.port));
    page.element("td", service.protocol).element("td", service.product + " " + service.version);
    page.element("td", service.encrypted ? "yes" : "no");
    page.element("td class=\"number\"", wording::grouped(service.clients)).markup("<td class=\"also\">");
    evidence(page, context, service.evidence);
    page.markup("</td></tr>\n");
  }
  end_table(page);
  left_out(page, device.services.size(), shown, "service");
}

void behaviour(Writer& page, const Context& context, const AssessedDevice& device) {
  page.markup("<h4>Behaviour</h4>");
  if (!device.heard)
    page.element("p class=\"note\"", "Its own traffic was not seen: it is known from what others say of it.");
  page.element("p",
               fmt::format("{} from {} to {} UTC. {}: {} inside, {} on the Internet. Received {}, sent {}.",
                           device.heard ? "Seen" : "Told of", wording::moment(device.first).substr(0, 19),
                           wording::moment(device.last).substr(0, 19), wording::counted(device.peers, "peer"),
                           wording::grouped(device.internal_peers), wording::grouped(device.external_peers),
                           wording::byte_size(device.bytes_in), wording::byte_size(device.bytes_out)));
  if (!device.declared_by.empty()) page.markup("<h4>Told of by</h4><ul class=\"evidence\">");
  for (const Declaration& told : device.declared_by) {
    page.markup("<li>").text(wording::told_by(told)).markup(": ");
    evidence(page, context, told.evidence);
    page.markup("</li>\n");
  }
  if (!device.declared_by.empty()) page.markup("</ul>");
  if (device.joins.empty()) return;
  page.markup("<h4>Why this is one device</h4><ul>");
  for (const std::string& join : device.joins) page.element("li", join);
  page.markup("</ul>");
}

void risk(Writer& page, const Context& context, const Risk& risk) {
  page.markup("<h4>Risk</h4>");
  page.element(
      "p", fmt::format("{} of 100. Likelihood {}; impact on patient safety {:.1f}, confidentiality {:.1f}, "
                       "availability {:.1f} of 10.",
                       risk.score, wording::percent(risk.likelihood), risk.patient_safety,
                       risk.confidentiality, risk.availability));
  if (risk.reasons.empty()) return;
  page.markup("<ul>");
  for (const RiskReason& reason : risk.reasons) {
    page.markup("<li>").text(fmt::format("{:.0f} points: ", reason.points)).text(reason.text);
    if (context.findings.contains(reason.finding)) {
      page.markup(fmt::format(" (<a href=\"#{}\">finding</a>)", anchor(reason.finding)));
    }
    page.markup("</li>\n");
  }
  page.markup("</ul>");
}

void section(Writer& page, const Context& context, const AssessedDevice& device) {
  page.markup(fmt::format("<section class=\"device\" id=\"{}\"><div class=\"top\">", anchor(device.id)));
  page.element("h3", wording::device_name(device));
  chip(page, device.risk.level);
  page.markup("</div>").element("p class=\"note\"", device.id + (device.internal ? "" : ", on the Internet"));
  identity(page, context, device);
  names_and_addresses(page, context, device);
  services(page, context, device);
  behaviour(page, context, device);
  risk(page, context, device.risk);
  page.markup("</section>\n");
}

}  // namespace

void device_table(Writer& page, const Context& context) {
  const std::size_t shown = std::min(context.by_risk.size(), context.limits.devices);
  page.markup("<section id=\"devices\"><h2>Devices</h2>\n");
  std::string total = wording::counted(context.by_risk.size(), "device");
  if (const std::size_t outside = outside_devices(context.assessment); outside > 0)
    total += fmt::format(", of which {} on the Internet (in no headline figure)", wording::grouped(outside));
  page.element("p class=\"soft\"", total + "; the most risk first.");
  table(page, {"Name", "Type", "Vendor", "Model", "Operating system", "Address", "#Risk", "Level"},
        "devices");
  for (std::size_t i = 0; i < shown; ++i) device_row(page, context, *context.by_risk[i]);
  end_table(page);
  left_out(page, context.by_risk.size(), shown, "device");
  page.markup("</section>\n");
}

void device_sections(Writer& page, const Context& context) {
  const std::size_t shown = std::min(context.by_risk.size(), context.limits.device_sections);
  page.markup("<section id=\"each\"><h2>Each device</h2>\n");
  for (std::size_t i = 0; i < shown; ++i) section(page, context, *context.by_risk[i]);
  left_out(page, context.by_risk.size(), shown, "device");
  page.markup("</section>\n");
}

}  // namespace bedrail::html
