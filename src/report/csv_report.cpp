#include "report/csv_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "base/text.h"
#include "report/wording.h"

namespace bedrail {
namespace {

constexpr std::size_t kValueLimit = 256;
/// Spreadsheets hold 32,767 characters a cell.
constexpr std::size_t kCellLimit = 32'000;

/// What a spreadsheet may take for the start of a formula, the full-width forms of = + - @ included.
bool starts_a_formula(std::string_view text) {
  constexpr std::array<std::string_view, 11> kStarts = {"=",  "+",      "-",      "@",      "\t",    "\r",
                                                        "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"};
  return std::any_of(kStarts.begin(), kStarts.end(),
                     [&](std::string_view start) { return text.starts_with(start); });
}

/// One captured value: on one line, never a formula. Each value is guarded, not the cell alone: a spreadsheet
/// that separates at semicolons would make cells of them.
std::string guarded(std::string_view text) {
  std::string clean = wording::shown(text, kValueLimit);
  const bool formula = starts_a_formula(text) || starts_a_formula(clean);
  return formula ? "'" + clean : clean;
}

/// One row: cells are added from the left.
class Row {
 public:
  explicit Row(std::string& out) : out_(out) {}

  /// Text of our own or guarded before.
  void plain(std::string_view cell) {
    if (!first_) out_ += ',';
    first_ = false;
    if (cell.find_first_of(",;\"' \t\r\n") == std::string_view::npos) {
      out_ += cell;
      return;
    }
    out_ += '"';
    for (const char c : cell) {
      if (c == '"') out_ += '"';
      out_ += c;
    }
    out_ += '"';
  }
  void text(std::string_view captured) { plain(guarded(captured)); }
  void number(std::uint64_t value) { plain(fmt::format("{}", value)); }

  /// Several values in one cell; what finds no place in it is counted.
  void list(const std::vector<std::string>& values) {
    std::string cell;
    std::size_t taken = 0;
    for (; taken < values.size() && cell.size() < kCellLimit - 2 * kValueLimit; ++taken) {
      if (taken > 0) cell += "; ";
      cell += guarded(values[taken]);
    }
    if (taken < values.size()) cell += fmt::format("; and {} more", values.size() - taken);
    plain(cell);
  }
  /// A value and how sure it is: two cells.
  template <typename T>
  void attribute(const std::optional<AttributeOf<T>>& attribute) {
    if constexpr (std::is_same_v<T, std::string>) {
      text(attribute ? attribute->value : std::string());
    } else {
      text(attribute ? wording::value_text(attribute->value) : std::string());
    }
    plain(attribute ? fmt::format("{:.2f}", attribute->confidence) : std::string());
  }
  void flag(const std::optional<Flag>& flag) {
    plain(!flag ? std::string_view() : flag->value ? "yes" : "no");
  }
  void end() { out_ += "\r\n"; }

 private:
  std::string& out_;
  bool first_ = true;
};

constexpr std::array kHeader = {"id",
                                "name",
                                "category",
                                "category_confidence",
                                "type",
                                "type_confidence",
                                "vendor",
                                "vendor_confidence",
                                "model",
                                "model_confidence",
                                "firmware",
                                "serial",
                                "hardware",
                                "os",
                                "os_confidence",
                                "os_support",
                                "end_of_support",
                                "mac",
                                "ipv4",
                                "ipv6",
                                "vlan",
                                "names",
                                "department",
                                "location",
                                "bedside",
                                "life_supporting",
                                "handles_phi",
                                "services",
                                "first_seen",
                                "last_seen",
                                "peers",
                                "external_peers",
                                "bytes_in",
                                "bytes_out",
                                "risk_score",
                                "risk_level",
                                "likelihood",
                                "patient_safety",
                                "confidentiality",
                                "availability",
                                "findings",
                                "worst_finding",
                                "internal",
                                "heard",
                                "declared_by"};

std::string raw(const std::optional<Attribute>& attribute) {
  return attribute ? attribute->value : std::string();
}

/// A device's findings: how many, and the one with the most risk.
struct FindingsOfDevice {
  std::uint64_t count = 0;
  const Finding* worst = nullptr;
};
using FindingIndex = std::unordered_map<std::string_view, FindingsOfDevice>;

FindingIndex index_findings(const Assessment& assessment) {
  FindingIndex index;
  for (const Finding& finding : assessment.findings) {
    FindingsOfDevice& of = index[finding.device];
    ++of.count;
    if (of.worst == nullptr || finding.risk > of.worst->risk) of.worst = &finding;
  }
  return index;
}

void identity(Row& row, const AssessedDevice& device) {
  row.text(device.id);
  row.text(wording::device_name(device));
  row.attribute(device.category);
  row.attribute(device.type);
  row.attribute(device.vendor);
  row.attribute(device.model);
  row.text(raw(device.firmware));
  row.text(raw(device.serial));
  row.text(raw(device.hardware));
  row.attribute(device.os);
  row.text(device.os ? device.os->value.support : std::string());
  row.text(device.os ? device.os->value.end_of_support : std::string());
}

void addresses_and_names(Row& row, const AssessedDevice& device) {
  row.list(device.mac);
  row.list(device.ipv4);
  row.list(device.ipv6);
  std::vector<std::string> cell;
  for (const std::uint16_t vlan : device.vlan) cell.push_back(std::to_string(vlan));
  row.list(cell);
  cell.clear();
  // Several protocols tell the same name.
  for (const DeviceName& name : device.names) {
    if (std::find(cell.begin(), cell.end(), name.name) == cell.end()) cell.push_back(name.name);
  }
  row.list(cell);
}

std::string service_text(const DeviceService& service) {
  std::string text = fmt::format("{}/{} {}", service.transport, service.port, service.protocol);
  for (const std::string* part : {&service.product, &service.version}) {
    if (!part->empty()) text += " " + *part;
  }
  return text + (service.encrypted ? " (encrypted)" : "");
}

void use_and_risk(Row& row, const AssessedDevice& device, const FindingIndex& findings) {
  row.text(raw(device.department));
  row.text(raw(device.location));
  row.flag(device.bedside);
  row.flag(device.life_supporting);
  row.flag(device.handles_phi);
  std::vector<std::string> services;
  for (const DeviceService& service : device.services) services.push_back(service_text(service));
  row.list(services);
  row.plain(format_rfc3339(device.first));
  row.plain(format_rfc3339(device.last));
  for (const std::uint64_t figure :
       {device.peers, device.external_peers, device.bytes_in, device.bytes_out}) {
    row.number(figure);
  }
  row.plain(std::to_string(device.risk.score));
  row.text(device.risk.level);
  row.plain(fmt::format("{:.2f}", device.risk.likelihood));
  for (const double impact :
       {device.risk.patient_safety, device.risk.confidentiality, device.risk.availability}) {
    row.plain(fmt::format("{:.1f}", impact));
  }
  const auto found = findings.find(device.id);
  row.number(found == findings.end() ? 0 : found->second.count);
  row.text(found == findings.end() ? std::string() : found->second.worst->title);
  row.plain(device.internal ? "yes" : "no");
  row.plain(device.heard ? "yes" : "no");
  std::vector<std::string> tellers;
  for (const Declaration& told : device.declared_by) tellers.push_back(told.device);
  row.list(tellers);
}

}  // namespace

std::string to_csv(const Assessment& assessment) {
  std::string out;
  Row header(out);
  for (const std::string_view name : kHeader) header.plain(name);
  header.end();
  const FindingIndex findings = index_findings(assessment);
  for (const AssessedDevice& device : assessment.devices) {
    Row row(out);
    identity(row, device);
    addresses_and_names(row, device);
    use_and_risk(row, device, findings);
    row.end();
  }
  return out;
}

}  // namespace bedrail
