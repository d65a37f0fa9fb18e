#include "report/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "report/assessment_reader.h"
#include "report/finding_groups.h"
#include "report/terminal_text.h"
#include "report/wording.h"

namespace bedrail {
namespace {

constexpr std::size_t kColumns = 100;
/// What a screen can show of a long list; the rest is counted.
constexpr std::size_t kListed = 40;

/// Lines of at most 100 columns; what does not fit goes on, further in, on the next.
class Text {
 public:
  void line(std::size_t indent, std::string_view text, std::size_t further = 2) {
    for (const std::string& each : terminal::wrap(text, kColumns - indent, further)) {
      out_ += std::string(indent, ' ') + each + '\n';
    }
  }
  void heading(std::string_view text) {
    out_ += '\n';
    line(0, text);
  }
  /// "Name      value": nothing where there is no value.
  void pair(std::string_view name, const std::string& value) {
    if (!value.empty()) line(2, terminal::padded(name, 12) + value);
  }
  /// `write` for each, up to the limit.
  template <typename T, typename Write>
  void list(std::size_t indent, const std::vector<T>& values, Write write) {
    for (std::size_t i = 0; i < std::min(values.size(), kListed); ++i) write(values[i]);
    if (values.size() > kListed)
      line(indent, fmt::format("and {} more", wording::grouped(values.size() - kListed)));
  }
  std::string finish() { return std::move(out_); }

 private:
  std::string out_;
};

void evidence(Text& text, std::size_t indent, const Assessment& assessment, const Evidence& item) {
  text.line(indent, fmt::format("seen in {}:{}, {}, {}, {}={}", wording::file(assessment, item), item.frame,
                                wording::moment(item.time), wording::shown(item.protocol),
                                wording::shown(item.field), wording::value(item)));
}

void evidence(Text& text, std::size_t indent, const Assessment& assessment,
              const std::vector<Evidence>& list) {
  text.list(indent, list, [&](const Evidence& item) { evidence(text, indent, assessment, item); });
}

template <typename T>
void attribute(Text& text, const Assessment& assessment, std::string_view name,
               const std::optional<AttributeOf<T>>& attribute) {
  if (!attribute) return;
  text.heading(fmt::format("{}: {} ({})", name, wording::value_text(attribute->value),
                           wording::percent(attribute->confidence)));
  for (const RuleVote& vote : attribute->rules) {
    std::string rule =
        fmt::format("rule {} ({})", wording::shown(vote.rule), wording::percent(vote.confidence));
    if (!vote.source.empty()) rule += ", from " + wording::shown(vote.source);
    text.line(2, rule);
  }
  evidence(text, 2, assessment, attribute->evidence);
  for (std::size_t i = 0; i < attribute->conflicts.size(); ++i) {
    const auto& conflict = attribute->conflicts[i];
    text.line(2, fmt::format("{} {} ({})", i == 0 ? "runner-up:" : "also claimed:",
                             wording::value_text(conflict.value), wording::percent(conflict.confidence)));
    evidence(text, 4, assessment, conflict.evidence);
  }
}

void reasons(Text& text, const std::vector<RiskReason>& list) {
  text.list(2, list, [&](const RiskReason& reason) {
    std::string line = fmt::format("{:+.0f} points: {}", reason.points, wording::shown(reason.text, 400));
    if (!reason.finding.empty()) line += fmt::format(" ({})", wording::shown(reason.finding));
    text.line(2, line);
  });
}

void head(Text& text, const AssessedDevice& device) {
  text.line(0, fmt::format("{}  {}{}", wording::shown(device.id), wording::device_name(device),
                           device.internal ? "" : "  (on the Internet)"));
  const auto joined = [](const std::vector<std::string>& values) {
    std::string out;
    for (std::size_t i = 0; i < std::min(values.size(), kListed); ++i) {
      out += (i == 0 ? "" : ", ") + wording::shown(values[i]);
    }
    return values.size() > kListed ? out + fmt::format(" and {} more", values.size() - kListed) : out;
  };
  text.pair("MAC", joined(device.mac));
  text.pair("IPv4", joined(device.ipv4));
  text.pair("IPv6", joined(device.ipv6));
  std::vector<std::string> vlans;
  for (const std::uint16_t vlan : device.vlan) vlans.push_back(std::to_string(vlan));
  text.pair("VLAN", joined(vlans));
}

void identity(Text& text, const Assessment& assessment, const AssessedDevice& device) {
  attribute(text, assessment, "Category", device.category);
  attribute(text, assessment, "Type", device.type);
  attribute(text, assessment, "Vendor", device.vendor);
  attribute(text, assessment, "Model", device.model);
  attribute(text, assessment, "Firmware", device.firmware);
  attribute(text, assessment, "Serial number", device.serial);
  attribute(text, assessment, "Hardware", device.hardware);
  attribute(text, assessment, "Operating system", device.os);
  if (device.os && !device.os->value.support.empty()) {
    const OperatingSystem& os = device.os->value;
    text.line(2,
              fmt::format("support as of {}: {}{}", format_date(assessment.as_of), wording::shown(os.support),
                          os.end_of_support.empty() ? "" : ", end " + wording::shown(os.end_of_support)));
  }
  attribute(text, assessment, "At the bedside", device.bedside);
  attribute(text, assessment, "Life-supporting", device.life_supporting);
  attribute(text, assessment, "Handles patient data", device.handles_phi);
  attribute(text, assessment, "Department", device.department);
  attribute(text, assessment, "Location", device.location);
  if (!device.category && !device.type && !device.vendor && !device.model) {
    text.heading("Nothing that was recorded says what this is.");
  }
}

void names_and_services(Text& text, const Assessment& assessment, const AssessedDevice& device) {
  if (!device.names.empty()) text.heading("Names");
  text.list(2, device.names, [&](const DeviceName& name) {
    text.line(2, fmt::format("{} ({})", wording::shown(name.name), wording::shown(name.kind)));
    evidence(text, 4, assessment, name.evidence);
  });
  if (!device.services.empty()) text.heading("Services");
  text.list(2, device.services, [&](const DeviceService& service) {
    text.line(2, fmt::format("{}/{} {} {} {}, {}, {}", wording::shown(service.transport), service.port,
                             wording::shown(service.protocol), wording::shown(service.product),
                             wording::shown(service.version), service.encrypted ? "encrypted" : "in clear",
                             wording::counted(service.clients, "client")));
    evidence(text, 4, assessment, service.evidence);
  });
  if (!device.heard) text.heading("Its own traffic was not seen: it is known from what others say of it.");
  if (!device.declared_by.empty()) text.heading("Told of by");
  text.list(2, device.declared_by, [&](const Declaration& told) {
    text.line(2, wording::told_by(told));
    evidence(text, 4, assessment, told.evidence);
  });
  if (!device.joins.empty()) text.heading("Why this is one device");
  text.list(2, device.joins, [&](const std::string& join) { text.line(2, wording::shown(join, 400)); });
}

std::string explain_device(const Assessment& assessment, const AssessedDevice& device) {
  Text text;
  head(text, device);
  identity(text, assessment, device);
  names_and_services(text, assessment, device);
  const Risk& risk = device.risk;
  text.heading(fmt::format("Risk: {} of 100 ({})", risk.score, wording::shown(risk.level)));
  text.line(
      2,
      fmt::format(
          "likelihood {}; impact on patient safety {:.1f}, confidentiality {:.1f}, availability {:.1f} "
          "of 10",
          wording::percent(risk.likelihood), risk.patient_safety, risk.confidentiality, risk.availability));
  reasons(text, risk.reasons);
  std::vector<const Finding*> findings;
  for (const Finding& finding : assessment.findings) {
    if (finding.device == device.id) findings.push_back(&finding);
  }
  if (!findings.empty()) text.heading("Findings");
  text.list(2, findings, [&](const Finding* finding) {
    text.line(2, fmt::format("{}  {:>3}  {}  {}", wording::shown(finding->id), finding->risk,
                             wording::shown(finding->severity), wording::shown(finding->title, 400)));
  });
  return text.finish();
}

void vulnerability(Text& text, const VulnerabilityFacts& facts) {
  text.heading("Vulnerability");
  const auto pair = [&](std::string_view name, const std::string& value) {
    text.pair(name, wording::shown(value));
  };
  pair("CVE", facts.cve);
  pair("Advisory", facts.advisory);
  pair("CWE", facts.cwe);
  for (const auto& cvss : facts.cvss) {
    text.pair("CVSS " + wording::shown(cvss.version, 8),
              fmt::format("{:.1f}  {}", cvss.score, wording::shown(cvss.vector)));
  }
  if (facts.epss) text.pair("EPSS", fmt::format("{:.2f} % within 30 days", *facts.epss * 100));
  text.pair("KEV", facts.kev ? "known to be exploited" : "");
  text.pair("Matched", fmt::format("{} {} {}, rule {}", wording::shown(facts.matched_vendor),
                                   wording::shown(facts.matched_product), wording::shown(facts.matched_range),
                                   wording::shown(facts.matched_rule)));
}

std::string explain_finding(const Assessment& assessment, const Finding& finding) {
  Text text;
  text.line(0, fmt::format("{}  {}", wording::shown(finding.id), wording::shown(finding.title, 400)));
  const AssessedDevice* device = DeviceIndex(assessment).find(finding.device);
  text.pair("Device",
            wording::shown(finding.device) + (device == nullptr ? "" : "  " + wording::device_name(*device)));
  text.pair("Kind", wording::shown(finding.kind));
  text.pair("Severity", wording::shown(finding.severity));
  text.pair("Status",
            fmt::format("{} ({})", wording::shown(finding.status), wording::percent(finding.confidence)));
  if (!finding.explanation.empty()) {
    text.heading("Why");
    text.line(2, wording::shown(finding.explanation, 2000), 0);
  }
  if (finding.vulnerability) vulnerability(text, *finding.vulnerability);
  text.heading("Evidence");
  if (finding.evidence.empty()) text.line(2, "none is recorded");
  evidence(text, 2, assessment, finding.evidence);
  if (!finding.remediation.empty()) text.heading("What to do");
  for (std::size_t i = 0; i < finding.remediation.size(); ++i) {
    const Remedy& remedy = finding.remediation[i];
    text.line(2, fmt::format(
                     "{}. {}: {}{}", i + 1, wording::words(remedy.action), wording::shown(remedy.text, 2000),
                     remedy.source.empty() ? "" : fmt::format(" ({})", wording::shown(remedy.source))));
  }
  text.heading(fmt::format("Risk: {} of 100", finding.risk));
  reasons(text, finding.reasons);
  return text.finish();
}

bool answers_to(const AssessedDevice& device, std::string_view wanted) {
  const auto same = [&](const std::string& value) { return equals_ignoring_case(value, wanted); };
  return same(device.id) || std::any_of(device.mac.begin(), device.mac.end(), same) ||
         std::any_of(device.ipv4.begin(), device.ipv4.end(), same) ||
         std::any_of(device.ipv6.begin(), device.ipv6.end(), same) ||
         std::any_of(device.names.begin(), device.names.end(),
                     [&](const DeviceName& name) { return same(name.name); });
}

std::string several(const std::vector<const AssessedDevice*>& devices, std::string_view wanted) {
  Text text;
  text.line(0, fmt::format("{} answer to \"{}\"; ask for one of them by its id:",
                           wording::counted(devices.size(), "device"), wording::shown(wanted)));
  text.list(2, devices, [&](const AssessedDevice* device) {
    text.line(2, fmt::format("{}  {}  {}  {}", wording::shown(device->id), wording::device_name(*device),
                             wording::first_address(*device),
                             device->type ? wording::value_text(device->type->value) : "unknown type"));
  });
  return text.finish();
}

}  // namespace

Result<const AssessedDevice*> find_device(const Assessment& assessment, std::string_view wanted) {
  wanted = trim(wanted);
  std::vector<const AssessedDevice*> devices;
  for (const AssessedDevice& device : assessment.devices) {
    if (equals_ignoring_case(device.id, wanted)) return &device;
    if (answers_to(device, wanted)) devices.push_back(&device);
  }
  if (devices.size() == 1) return devices.front();
  if (!devices.empty()) return failure(several(devices, wanted));
  return failure(fmt::format(
      "No device of this assessment answers to \"{}\": give an id, an address or a name that stands "
      "in it.",
      wording::shown(wanted)));
}

Result<std::string> explain(const Assessment& assessment, std::string_view wanted) {
  wanted = trim(wanted);
  if (wanted.empty()) return failure("Say which device or finding: an id, an address or a name.");
  for (const Finding& finding : assessment.findings) {
    if (equals_ignoring_case(finding.id, wanted)) return explain_finding(assessment, finding);
  }
  std::vector<const AssessedDevice*> devices;
  for (const AssessedDevice& device : assessment.devices) {
    if (equals_ignoring_case(device.id, wanted)) return explain_device(assessment, device);
    if (answers_to(device, wanted)) devices.push_back(&device);
  }
  if (devices.size() == 1) return explain_device(assessment, *devices.front());
  if (!devices.empty()) return several(devices, wanted);
  return failure(
      fmt::format("No device or finding of this assessment answers to \"{}\": give an id, an address or a "
                  "name that stands in it.",
                  wording::shown(wanted)));
}

Result<std::string> explain(std::string_view json_text, std::string_view wanted) {
  const Result<Assessment> assessment = read_assessment(json_text);
  if (!assessment) return tl::unexpected<Error>(assessment.error());
  return explain(*assessment, wanted);
}

}  // namespace bedrail
