#include "report/summary_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "report/blind_spots.h"
#include "report/finding_groups.h"
#include "report/terminal_text.h"
#include "report/wording.h"

namespace bedrail {
namespace {

using terminal::Style;

constexpr std::size_t kLines = 24;
constexpr std::size_t kLeastColumns = 40;
/// From here on the headline figures stand in two columns.
constexpr std::size_t kTwoColumns = 76;
constexpr std::size_t kFigureLines = 4;
constexpr std::size_t kFindings = 5;
constexpr std::size_t kDevices = 4;
constexpr std::size_t kBlindLines = 3;
constexpr std::size_t kUnrecognised = 3;

/// Lines within the screen's width; pieces are cut before they are coloured.
class Screen {
 public:
  Screen(std::size_t columns, bool colour) : columns_(columns), colour_(colour) {}

  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::size_t left() const { return columns_ - used_; }

  Screen& piece(std::string_view text, Style style = Style::kPlain) {
    const std::string cut = terminal::fit(text, left());
    used_ += terminal::width(cut);
    line_ += colour_ && !cut.empty() ? terminal::styled(cut, style) : cut;
    return *this;
  }
  Screen& column(std::string_view text, std::size_t width, Style style = Style::kPlain) {
    return piece(terminal::padded(text, std::min(width, left())), style);
  }
  void end() {
    if (lines_ < kLines) {
      // Spaces at a line's end are nobody's; behind an escape they stay.
      if (!colour_) line_.erase(line_.find_last_not_of(' ') + 1);
      out_ += line_ + '\n';
      ++lines_;
    }
    line_.clear();
    used_ = 0;
  }
  void heading(std::string_view text) {
    end();
    piece(text, Style::kBold).end();
  }
  std::string finish() { return std::move(out_); }

 private:
  std::size_t columns_;
  bool colour_;
  std::size_t used_ = 0;
  std::size_t lines_ = 0;
  std::string line_, out_;
};

void head(Screen& screen, const Assessment& assessment) {
  const Source& source = assessment.source;
  screen.piece("Bedrail " + wording::shown(assessment.tool_version), Style::kBold);
  screen.piece(fmt::format(", {} in {} ({})", wording::counted(source.packets, "packet"),
                           wording::counted(source.files.size(), "file"), wording::byte_size(source.bytes)));
  screen.end();
  if (source.first && source.last) {
    screen.piece(fmt::format("{} to {} UTC, judged as of {}", wording::moment(*source.first).substr(0, 16),
                             wording::moment(*source.last).substr(0, 16), format_date(assessment.as_of)));
  } else if (source.packets > 0) {
    screen.piece(fmt::format("The packets carry no times; judged as of {}", format_date(assessment.as_of)));
  } else {
    screen.piece(fmt::format("No packet was read; judged as of {}", format_date(assessment.as_of)));
  }
  screen.end();
}

void figures(Screen& screen, const Assessment& assessment) {
  if (assessment.summary.empty()) return;
  screen.end();
  const std::size_t columns = screen.columns() >= kTwoColumns ? 2 : 1;
  const std::size_t shown = std::min(assessment.summary.size(), kFigureLines * columns);
  std::size_t number_width = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    number_width = std::max(number_width, wording::share(assessment.summary[i].second).size());
  }
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& [key, share] = assessment.summary[i];
    screen.piece(fmt::format("  {:>{}}  ", wording::share(share), number_width), Style::kBold);
    const std::size_t cell = screen.columns() / columns - number_width - 4;
    const bool last_of_line = i % columns + 1 == columns || i + 1 == shown;
    screen.column(wording::words(key), last_of_line ? screen.left() : cell);
    if (last_of_line) screen.end();
  }
}

/// "pump-7 and 3 more" in so many columns: the name is cut, the number stays.
std::string where(const FindingGroup& group, const DeviceIndex& devices, std::size_t columns) {
  const AssessedDevice* device = devices.find(group.front()->device);
  std::string text =
      device == nullptr ? wording::shown(group.front()->device) : wording::device_name(*device);
  const std::string more =
      group.size() > 1 ? fmt::format(" and {} more", wording::grouped(group.size() - 1)) : std::string();
  return terminal::fit(text, columns - std::min(columns, more.size())) + more;
}

void first_steps(Screen& screen, const Assessment& assessment, const DeviceIndex& devices) {
  const std::vector<FindingGroup> groups = group_by_title(assessment);
  std::string counts = wording::counted(assessment.findings.size(), "finding");
  if (!assessment.alerts.empty()) counts += ", " + wording::counted(assessment.alerts.size(), "alert");
  const std::size_t shown = std::min(groups.size(), kFindings);
  if (shown < groups.size())
    counts = fmt::format("{} of {} kinds; {}", shown, wording::grouped(groups.size()), counts);
  screen.heading(fmt::format("What to do first ({})", counts));
  for (std::size_t i = 0; i < shown; ++i) {
    const Finding& finding = *groups[i].front();
    screen.piece(fmt::format("{:>4}  ", finding.risk));
    screen.column(wording::shown(finding.severity), 10, terminal::style_of(finding.severity));
    // The title gets what it needs, but the device keeps a quarter of the line.
    const std::string title = wording::shown(finding.title, 400);
    const std::size_t taken = std::min(screen.left(), terminal::width(title) + 2);
    const std::size_t most = std::max(screen.columns() / 4, screen.left() - taken);
    const std::string place = where(groups[i], devices, most);
    const std::size_t room = screen.left() - std::min(screen.left(), terminal::width(place) + 2);
    screen.piece(terminal::fit(title, room)).piece(", ").piece(place);
    screen.end();
  }
}

void devices_at_risk(Screen& screen, const Assessment& assessment) {
  const std::vector<const AssessedDevice*> order = devices_by_risk(assessment);
  if (order.empty()) return;
  const std::size_t shown = std::min(order.size(), kDevices);
  std::string total = wording::grouped(order.size());
  if (const std::size_t outside = outside_devices(assessment); outside > 0)
    total += fmt::format(", {} on the Internet", wording::grouped(outside));
  screen.heading(fmt::format("Devices at most risk ({} of {})", shown, total));
  for (std::size_t i = 0; i < shown; ++i) {
    const AssessedDevice& device = *order[i];
    screen.piece(fmt::format("{:>4}  ", device.risk.score));
    screen.column(wording::shown(device.risk.level), 10, terminal::style_of(device.risk.level));
    const std::size_t share = (screen.columns() - 16) / 3;
    screen.column(wording::device_name(device), share - 1).piece(" ");
    screen.column(device.type ? wording::words(device.type->value) : "Unknown type", share - 1).piece(" ");
    screen.piece(wording::first_address(device)).end();
  }
}

/// "tcp/3200 (2.8 MB), udp/dynamic (8 kB)": where to look for what is missing.
std::string unrecognised(const Source& source) {
  std::vector<std::pair<std::string, std::uint64_t>> ports;
  for (const UnrecognisedTraffic& row : source.unrecognised) {
    const std::string port =
        wording::shown(row.transport) + "/" + (row.port ? std::to_string(*row.port) : "dynamic");
    const auto known =
        std::find_if(ports.begin(), ports.end(), [&](const auto& p) { return p.first == port; });
    if (known == ports.end()) {
      ports.emplace_back(port, row.bytes);
    } else {
      known->second += row.bytes;
    }
  }
  std::stable_sort(ports.begin(), ports.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (ports.size() > kUnrecognised) ports.resize(kUnrecognised);
  std::string out;
  for (const auto& [port, bytes] : ports)
    out += fmt::format("{}{} ({})", out.empty() ? "" : ", ", port, wording::byte_size(bytes));
  return out;
}

void not_seen(Screen& screen, const Assessment& assessment) {
  std::string text = brief(blind_spots(assessment.source));
  if (const std::string largest = unrecognised(assessment.source); !largest.empty())
    text += fmt::format("{}Not recognised, the largest: {}", text.empty() ? "" : ". ", largest);
  if (text.empty())
    text = tells_loss(assessment) ? "Not all could be read" : "Nothing of what was recorded was lost";
  if (!assessment.notices.empty()) {
    text = fmt::format("{}. {} in the report", text, wording::counted(assessment.notices.size(), "notice"));
  }
  screen.heading("What could not be seen");
  std::vector<std::string> lines = terminal::wrap(text, screen.columns() - 2);
  if (lines.size() > kBlindLines) lines[kBlindLines - 1] += " …";
  for (std::size_t i = 0; i < std::min(lines.size(), kBlindLines); ++i) screen.piece("  " + lines[i]).end();
}

}  // namespace

std::string to_summary(const Assessment& assessment, int columns, bool colour) {
  Screen screen(static_cast<std::size_t>(std::max(columns, static_cast<int>(kLeastColumns))), colour);
  const DeviceIndex devices(assessment);
  head(screen, assessment);
  figures(screen, assessment);
  first_steps(screen, assessment, devices);
  devices_at_risk(screen, assessment);
  not_seen(screen, assessment);
  return screen.finish();
}

}  // namespace bedrail
