#include "report/json_report.h"

#include "report/json_parts.h"

namespace bedrail {
namespace {

void tool(JsonWriter& json, const Assessment& assessment) {
  const KnowledgeInfo& knowledge = assessment.knowledge;
  json.new_line().key("tool").begin_object().text("name", "bedrail").text("version", assessment.tool_version);
  json.key("knowledge").begin_object().text("version", knowledge.version).text("date", knowledge.date);
  json.number("advisories", knowledge.advisories).number("fingerprints", knowledge.fingerprints);
  json.end_object().end_object();
}

void files(JsonWriter& json, const std::vector<SourceFile>& list) {
  json.key("files").begin_array();
  for (const SourceFile& file : list) {
    json.new_line().begin_object().text("name", file.name).text("sha256", file.sha256);
    json.number("bytes", file.bytes).number("packets", file.packets);
    json::texts(json, "link_types", file.link_types);
    json::time(json, "first", file.first);
    json::time(json, "last", file.last);
    json.end_object();
  }
  json.end_array();
}

void losses(JsonWriter& json, const Losses& losses) {
  json.key("losses").begin_object().number("truncated_packets", losses.truncated_packets);
  json.number("malformed_packets", losses.malformed_packets)
      .number("undecoded_packets", losses.undecoded_packets);
  json.number("tcp_gap_bytes", losses.tcp_gap_bytes).number("evicted_flows", losses.evicted_flows);
  json.number("capture_drops", losses.capture_drops).end_object();
}

void totals(JsonWriter& json, std::string_view name, const ProtocolTotals& totals) {
  json.key(name).begin_object().number("flows", totals.flows).number("packets", totals.packets);
  json.number("bytes", totals.bytes).end_object();
}

void unrecognised(JsonWriter& json, const Source& source) {
  json.key("unrecognised").begin_array();
  for (const UnrecognisedTraffic& row : source.unrecognised) {
    json.new_line().begin_object().text("transport", row.transport).key("port");
    if (row.port) {
      json.number(std::uint64_t{*row.port});
    } else {
      json.null();
    }
    json.key("first_bytes").begin_object().text("client", row.client_bytes);
    json.text("server", row.server_bytes).end_object();
    json.number("flows", row.flows).number("packets", row.packets).number("bytes", row.bytes);
    json.key("example").begin_object().number("file", row.file).number("frame", row.frame).end_object();
    json.end_object();
  }
  json.end_array();
  totals(json, "unrecognised_rest", source.unrecognised_rest);
}

void source(JsonWriter& json, const Source& source) {
  json.new_line().key("source").begin_object();
  files(json, source.files);
  json.number("packets", source.packets).number("bytes", source.bytes);
  json::time(json, "first", source.first);
  json::time(json, "last", source.last);
  losses(json, source.losses);
  json.key("protocols").begin_object();
  for (const auto& [name, each] : source.protocols) totals(json, name, each);
  json.end_object().key("anomalies").begin_object();
  for (const auto& [name, count] : source.anomalies) json.number(name, count);
  json.end_object();
  unrecognised(json, source);
  json.end_object();
}

void summary(JsonWriter& json, const Assessment& assessment) {
  json.new_line().key("summary").begin_object();
  for (const auto& [name, share] : assessment.summary) {
    json.key(name).begin_object().number("count", share.count).number("of", share.of);
    const double part = share.of == 0 ? 0 : static_cast<double>(share.count) / static_cast<double>(share.of);
    json.number("share", part, 4).end_object();
  }
  json.end_object();
}

void connection(JsonWriter& json, const ConnectionRow& row) {
  json.begin_object().text("client", row.client).text("server", row.server).text("transport", row.transport);
  json.text("protocol", row.protocol).number("port", row.port).number("count", row.count);
  json.number("packets", row.packets).number("bytes_to_server", row.bytes_to_server);
  json.number("bytes_to_client", row.bytes_to_client).number("failed", row.failed);
  json::time(json, "first", row.first);
  json::time(json, "last", row.last);
  json.boolean("encrypted", row.encrypted);
  json::evidence(json, row.evidence);
  json.end_object();
}

void notice(JsonWriter& json, const Notice& notice) {
  json.begin_object().text("kind", notice.kind).text("text", notice.text).number("count", notice.count);
  json.end_object();
}

/// A list of the top level, one element a line.
template <typename T, typename Write>
void list(JsonWriter& json, std::string_view name, const std::vector<T>& elements, Write write) {
  json.new_line().key(name).begin_array();
  for (const T& element : elements) {
    json.new_line();
    write(json, element);
  }
  json.end_array();
}

}  // namespace

std::string to_json(const Assessment& assessment) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().text("schema", "bedrail.assessment/1");
  tool(json, assessment);
  json::time(json.new_line(), "as_of", assessment.as_of);
  source(json, assessment.source);
  summary(json, assessment);
  list(json, "devices", assessment.devices, json::device);
  list(json, "connections", assessment.connections, connection);
  list(json, "findings", assessment.findings, json::finding);
  list(json, "alerts", assessment.alerts, json::alert);
  list(json, "notices", assessment.notices, notice);
  json.new_line().end_object();
  out += '\n';
  return out;
}

}  // namespace bedrail
