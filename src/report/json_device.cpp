#include "report/json_parts.h"

namespace bedrail::json {
namespace {

void value(JsonWriter& json, const std::string& text) { json.text(text); }

void value(JsonWriter& json, bool flag) { json.boolean(flag); }

void value(JsonWriter& json, const OperatingSystem& os) {
  json.begin_object().text("family", os.family).text("product", os.product).text("version", os.version);
  json.text("build", os.build).text("support", os.support.empty() ? "unknown" : std::string_view(os.support));
  json.text("end_of_support", os.end_of_support).end_object();
}

/// `{"value","confidence","evidence","conflicts","rules"}` under `name`; nothing where there is no value.
template <typename T>
void attribute(JsonWriter& json, std::string_view name, const std::optional<AttributeOf<T>>& attribute) {
  if (!attribute) return;
  json.key(name).begin_object().key("value");
  value(json, attribute->value);
  json.number("confidence", attribute->confidence, kConfidenceDecimals);
  evidence(json, attribute->evidence);
  json.key("conflicts").begin_array();
  for (const auto& conflict : attribute->conflicts) {
    json.begin_object().key("value");
    value(json, conflict.value);
    json.number("confidence", conflict.confidence, kConfidenceDecimals);
    evidence(json, conflict.evidence);
    json.end_object();
  }
  json.end_array().key("rules").begin_array();
  for (const RuleVote& vote : attribute->rules) {
    json.begin_object().text("rule", vote.rule).text("source", vote.source);
    json.number("confidence", vote.confidence, kConfidenceDecimals).end_object();
  }
  json.end_array().end_object();
}

void addresses(JsonWriter& json, const AssessedDevice& device) {
  json.key("addresses").begin_object();
  texts(json, "mac", device.mac);
  texts(json, "ipv4", device.ipv4);
  texts(json, "ipv6", device.ipv6);
  json.key("vlan").begin_array();
  for (const std::uint16_t vlan : device.vlan) json.number(vlan);
  json.end_array().end_object();
}

void names(JsonWriter& json, const AssessedDevice& device) {
  json.key("names").begin_array();
  for (const DeviceName& name : device.names) {
    json.begin_object().text("name", name.name).text("kind", name.kind);
    evidence(json, name.evidence);
    json.end_object();
  }
  json.end_array();
}

void clinical(JsonWriter& json, const AssessedDevice& device) {
  json.key("clinical").begin_object();
  attribute(json, "bedside", device.bedside);
  attribute(json, "life_supporting", device.life_supporting);
  attribute(json, "department", device.department);
  attribute(json, "location", device.location);
  attribute(json, "handles_phi", device.handles_phi);
  json.end_object();
}

void services(JsonWriter& json, const AssessedDevice& device) {
  json.key("services").begin_array();
  for (const DeviceService& service : device.services) {
    json.begin_object().text("transport", service.transport).number("port", service.port);
    json.text("protocol", service.protocol).text("product", service.product).text("version", service.version);
    json.boolean("encrypted", service.encrypted).number("clients", service.clients);
    evidence(json, service.evidence);
    json.end_object();
  }
  json.end_array();
}

void behaviour(JsonWriter& json, const AssessedDevice& device) {
  json.key("behaviour").begin_object();
  time(json, "first", device.first);
  time(json, "last", device.last);
  json.number("peers", device.peers).number("internal_peers", device.internal_peers);
  json.number("external_peers", device.external_peers);
  json.number("bytes_in", device.bytes_in).number("bytes_out", device.bytes_out).end_object();
}

void risk(JsonWriter& json, const Risk& risk) {
  json.key("risk").begin_object().number("score", risk.score, 0).text("level", risk.level);
  json.number("likelihood", risk.likelihood, kConfidenceDecimals).key("impact").begin_object();
  json.number("patient_safety", risk.patient_safety, kPointDecimals);
  json.number("confidentiality", risk.confidentiality, kPointDecimals);
  json.number("availability", risk.availability, kPointDecimals).end_object();
  risk_reasons(json, risk.reasons);
  json.end_object();
}

void declared_by(JsonWriter& json, const AssessedDevice& device) {
  json.key("declared_by").begin_array();
  for (const Declaration& told : device.declared_by) {
    json.begin_object().text("device", told.device).text("protocol", told.protocol);
    texts(json, "addresses", told.addresses);
    evidence(json, told.evidence);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

void device(JsonWriter& json, const AssessedDevice& device) {
  json.begin_object().text("id", device.id);
  addresses(json, device);
  names(json, device);
  attribute(json, "category", device.category);
  attribute(json, "type", device.type);
  attribute(json, "vendor", device.vendor);
  attribute(json, "model", device.model);
  attribute(json, "firmware", device.firmware);
  attribute(json, "serial", device.serial);
  attribute(json, "hardware", device.hardware);
  attribute(json, "os", device.os);
  clinical(json, device);
  services(json, device);
  behaviour(json, device);
  risk(json, device.risk);
  texts(json, "joins", device.joins);
  json.boolean("internal", device.internal).boolean("heard", device.heard);
  declared_by(json, device);
  json.end_object();
}

}  // namespace bedrail::json
