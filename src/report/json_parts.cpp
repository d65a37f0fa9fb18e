#include "report/json_parts.h"

namespace bedrail::json {
namespace {

void evidence_item(JsonWriter& json, const Evidence& item) {
  json.begin_object().number("file", item.file).number("frame", item.frame);
  time(json, "time", item.time);
  json.text("protocol", item.protocol).text("field", item.field);
  json.text("value", item.redacted ? kRedacted : std::string_view(item.value));
  if (item.redacted) json.boolean("redacted", true);
  json.end_object();
}

}  // namespace

void texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& values) {
  json.key(name).begin_array();
  for (const std::string& value : values) json.text(value);
  json.end_array();
}

void evidence(JsonWriter& json, const std::vector<Evidence>& list) {
  json.key("evidence").begin_array();
  for (const Evidence& item : list) evidence_item(json, item);
  json.end_array();
}

void evidence(JsonWriter& json, const Evidence& item) {
  json.key("evidence").begin_array();
  evidence_item(json, item);
  json.end_array();
}

void risk_reasons(JsonWriter& json, const std::vector<RiskReason>& reasons) {
  json.key("reasons").begin_array();
  for (const RiskReason& reason : reasons) {
    json.begin_object().text("text", reason.text).number("points", reason.points, kPointDecimals);
    json.text("finding", reason.finding).end_object();
  }
  json.end_array();
}

}  // namespace bedrail::json
