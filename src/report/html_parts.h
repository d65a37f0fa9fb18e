#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "model/assessment.h"
#include "report/finding_groups.h"
#include "report/html_report.h"

// The page's recurring pieces and its sections, each in a file of its own.

namespace bedrail::html {

/// Where markup goes. `markup` takes our own text as it is; everything that comes from outside goes through
/// `text`.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& markup(std::string_view own) {
    out_ += own;
    return *this;
  }
  /// Cleaned, cut and escaped: safe between tags and within a quoted attribute.
  Writer& text(std::string_view captured);
  /// `<tag>text</tag>`; `tag` may carry attributes: `td class="number"`.
  Writer& element(std::string_view tag, std::string_view captured);

 private:
  std::string& out_;
};

/// What every section needs to know of the whole.
struct Context {
  const Assessment& assessment;
  const HtmlLimits& limits;
  DeviceIndex devices;
  std::vector<const AssessedDevice*> by_risk;
  std::vector<FindingGroup> groups;
  std::unordered_set<std::string_view> told;      ///< devices that have a section to link to
  std::unordered_set<std::string_view> findings;  ///< findings that stand on the page
};

/// An id as the value of `id=` and, behind a #, of `href=`: letters, digits, - and _ only.
std::string anchor(std::string_view id);
/// A severity or risk level as a coloured word.
void chip(Writer& page, std::string_view level);
/// The device's name; a link where the page tells of it.
void device_link(Writer& page, const Context& context, std::string_view id);
/// "ward-4.pcap:12, 2026-10-14 06:00:00.492, dhcp, host_name=PUMP-ICU-07".
void evidence(Writer& page, const Context& context, const Evidence& item);
/// All of it as a list; nothing where there is none.
void evidence(Writer& page, const Context& context, const std::vector<Evidence>& list);
/// A table's opening with its header row; `columns` are our own, one starting with # is for numbers. `layout`
/// names the style sheet's widths of columns; without one the content decides.
void table(Writer& page, const std::vector<std::string_view>& columns, std::string_view layout = {});
/// A device's address, where it says more than `name`; empty else.
std::string other_address(const AssessedDevice& device);
void end_table(Writer& page);
/// "12 further devices are in the JSON and CSV": where `all` is more than `shown`.
void left_out(Writer& page, std::size_t all, std::size_t shown, std::string_view noun);

void headline(Writer& page, const Context& context);
void first_steps(Writer& page, const Context& context);
void device_table(Writer& page, const Context& context);
void device_sections(Writer& page, const Context& context);
void connections(Writer& page, const Context& context);
void not_seen(Writer& page, const Context& context);
void source_files(Writer& page, const Context& context);

}  // namespace bedrail::html
