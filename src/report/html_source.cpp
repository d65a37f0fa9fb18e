#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "report/blind_spots.h"
#include "report/html_parts.h"
#include "report/wording.h"

namespace bedrail::html {
namespace {

void losses(Writer& page, const Source& source) {
  page.markup("<h3>Losses</h3>\n");
  table(page, {"What", "#How much"});
  for (const BlindSpot& spot : blind_spots(source)) {
    std::string what = spot.unit + " " + spot.what;
    what[0] = static_cast<char>(what[0] - 32);
    page.markup("<tr>").element("td", what).element("td class=\"number\"", figure(spot)).markup("</tr>\n");
  }
  end_table(page);
}

void protocols(Writer& page, const Source& source) {
  page.markup("<h3>Protocols</h3>\n");
  table(page, {"Protocol", "#Flows", "#Packets", "#Bytes"});
  std::vector<std::pair<std::string, ProtocolTotals>> order(source.protocols.begin(), source.protocols.end());
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.second.bytes > b.second.bytes; });
  for (const auto& [name, totals] : order) {
    const bool unknown = name.starts_with("unknown");
    page.markup("<tr>").element("td", unknown ? "Not recognised (" + name + ")" : name);
    page.element("td class=\"number\"", wording::grouped(totals.flows));
    page.element("td class=\"number\"", wording::grouped(totals.packets));
    page.element("td class=\"number\"", wording::byte_size(totals.bytes)).markup("</tr>\n");
  }
  end_table(page);
}

void unrecognised(Writer& page, const Context& context) {
  const Source& source = context.assessment.source;
  if (source.unrecognised.empty()) return;
  page.markup(
      "<h3>Not recognised</h3>\n<p class=\"note\">By port and by what each end sent first: a letter ");
  page.markup("stands as A or a, a digit as 9. The frame is where the first such conversation begins.</p>");
  table(page, {"Server's port", "Client began", "Server began", "#Flows", "#Packets", "#Bytes", "Frame"});
  const std::size_t shown = std::min(source.unrecognised.size(), context.limits.unrecognised);
  for (std::size_t i = 0; i < shown; ++i) {
    const UnrecognisedTraffic& row = source.unrecognised[i];
    const std::string port = row.port ? std::to_string(*row.port) : "dynamic";
    const std::string file = row.file < source.files.size() ? source.files[row.file].name : "";
    page.markup("<tr>").element("td", row.transport + "/" + port);
    page.markup("<td>").element("code", row.client_bytes).markup("</td><td>");
    page.element("code", row.server_bytes).markup("</td>");
    page.element("td class=\"number\"", wording::grouped(row.flows));
    page.element("td class=\"number\"", wording::grouped(row.packets));
    page.element("td class=\"number\"", wording::byte_size(row.bytes));
    page.element("td", fmt::format("{}:{}", file, row.frame)).markup("</tr>\n");
  }
  end_table(page);
  left_out(page, source.unrecognised.size(), shown, "kind");
  if (const ProtocolTotals& rest = source.unrecognised_rest; rest.flows > 0) {
    page.markup("<p class=\"note\">")
        .text(fmt::format("{} of smaller kinds, {}, are counted only.", wording::counted(rest.flows, "flow"),
                          wording::byte_size(rest.bytes)))
        .markup("</p>\n");
  }
}

void anomalies(Writer& page, const Context& context) {
  const auto& all = context.assessment.source.anomalies;
  if (all.empty()) return;
  page.markup("<h3>Anomalies</h3>\n<p class=\"note\">What was malformed, by protocol and kind.</p>");
  std::vector<std::pair<std::string_view, std::uint64_t>> order(all.begin(), all.end());
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  const std::size_t shown = std::min(order.size(), context.limits.anomalies);
  table(page, {"Anomaly", "#Count"});
  for (std::size_t i = 0; i < shown; ++i) {
    page.markup("<tr>").element("td", order[i].first);
    page.element("td class=\"number\"", wording::grouped(order[i].second)).markup("</tr>\n");
  }
  end_table(page);
  left_out(page, order.size(), shown, "anomaly kind");
}

void connection(Writer& page, const Context& context, const ConnectionRow& row) {
  page.markup("<tr><td>");
  device_link(page, context, row.client);
  page.markup("</td><td>");
  device_link(page, context, row.server);
  // Without ports nothing above is to be recognised: what carries it is all there is.
  const bool ports = row.transport == "tcp" || row.transport == "udp";
  const std::string_view carrier = ports ? std::string_view("not recognised") : row.transport;
  page.markup("</td>").element("td", row.protocol.empty() ? carrier : row.protocol);
  page.element("td", ports ? fmt::format("{}/{}", row.transport, row.port) : row.transport);
  page.element("td class=\"number\"", wording::grouped(row.count));
  page.element("td class=\"number\"", wording::grouped(row.failed));
  page.element("td class=\"number\"", wording::byte_size(row.bytes_to_server));
  page.element("td class=\"number\"", wording::byte_size(row.bytes_to_client));
  page.element("td", row.encrypted ? "yes" : "no").markup("</tr>\n");
}

}  // namespace

void connections(Writer& page, const Context& context) {
  const auto& all = context.assessment.connections;
  std::vector<std::pair<bool, const ConnectionRow*>> order;
  for (const ConnectionRow& row : all) {
    const auto outside = [&](const std::string& id) {
      const AssessedDevice* device = context.devices.find(id);
      return device != nullptr && !device->internal;
    };
    order.emplace_back(outside(row.client) || outside(row.server), &row);
  }
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    const auto bytes = [](const ConnectionRow& row) { return row.bytes_to_server + row.bytes_to_client; };
    if (a.first != b.first) return a.first;
    return bytes(*a.second) > bytes(*b.second);
  });
  page.markup("<section id=\"connections\"><h2>Connections</h2>\n");
  page.markup("<p class=\"soft\">Those with the Internet first, then by bytes.</p>\n");
  table(
      page,
      {"Client", "Server", "Protocol", "Port", "#Count", "#Failed", "#To server", "#To client", "Encrypted"},
      "connections");
  const std::size_t shown = std::min(order.size(), context.limits.connections);
  for (std::size_t i = 0; i < shown; ++i) connection(page, context, *order[i].second);
  end_table(page);
  left_out(page, order.size(), shown, "connection");
  page.markup("</section>\n");
}

void not_seen(Writer& page, const Context& context) {
  page.markup("<section id=\"unseen\"><h2>What could not be seen</h2>\n");
  if (!context.assessment.notices.empty()) page.markup("<h3>Notices</h3><ul>\n");
  for (const Notice& notice : context.assessment.notices) {
    page.markup("<li>")
        .element("b", wording::words(notice.kind))
        .markup(": ")
        .text(notice.text)
        .markup("</li>\n");
  }
  if (!context.assessment.notices.empty()) page.markup("</ul>\n");
  losses(page, context.assessment.source);
  protocols(page, context.assessment.source);
  unrecognised(page, context);
  anomalies(page, context);
  page.markup("</section>\n");
}

void source_files(Writer& page, const Context& context) {
  const auto& files = context.assessment.source.files;
  page.markup("<section id=\"files\"><h2>Source files</h2>\n");
  table(page, {"File", "#Bytes", "#Packets", "Link types", "First packet", "Last packet"}, "files");
  const std::size_t shown = std::min(files.size(), context.limits.files);
  for (std::size_t i = 0; i < shown; ++i) {
    const SourceFile& file = files[i];
    std::string links;
    for (const std::string& link : file.link_types)
      links += (links.empty() ? "" : ", ") + wording::shown(link);
    page.markup("<tr><td>").text(file.name).markup("<div class=\"sha also\">").text("SHA-256 " + file.sha256);
    page.markup("</div></td>").element("td class=\"number\"", wording::grouped(file.bytes));
    page.element("td class=\"number\"", wording::grouped(file.packets)).element("td", links);
    for (const auto& time : {file.first, file.last}) {
      page.element("td", time ? wording::moment(*time).substr(0, 19) : std::string("none"));
    }
    page.markup("</tr>\n");
  }
  end_table(page);
  left_out(page, files.size(), shown, "file");
  page.markup("</section>\n");
}

}  // namespace bedrail::html
