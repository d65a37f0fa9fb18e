#include "report/json_parts.h"

namespace bedrail::json {
namespace {

void vulnerability(JsonWriter& json, const VulnerabilityFacts& facts) {
  json.key("vulnerability").begin_object().text("cve", facts.cve).text("advisory", facts.advisory);
  json.key("cvss").begin_array();
  for (const auto& cvss : facts.cvss) {
    json.begin_object().text("version", cvss.version).text("vector", cvss.vector);
    json.number("score", cvss.score, 1).end_object();
  }
  json.end_array().key("epss");
  if (facts.epss) {
    json.number(*facts.epss, 5);
  } else {
    json.null();
  }
  json.boolean("kev", facts.kev).text("cwe", facts.cwe).key("matched").begin_object();
  json.text("vendor", facts.matched_vendor).text("product", facts.matched_product);
  json.text("range", facts.matched_range).text("rule", facts.matched_rule).end_object().end_object();
}

void remediation(JsonWriter& json, const std::vector<Remedy>& remedies) {
  json.key("remediation").begin_array();
  for (const Remedy& remedy : remedies) {
    json.begin_object().text("action", remedy.action).text("text", remedy.text);
    json.text("source", remedy.source).end_object();
  }
  json.end_array();
}

void party(JsonWriter& json, const AlertParty& party) {
  json.begin_object().text("device", party.device).text("address", party.address).key("port");
  if (party.port != 0) {
    json.number(party.port);
  } else {
    json.null();
  }
  json.end_object();
}

/// `target` is the first; `targets` lists all where there are several.
void targets(JsonWriter& json, const std::vector<AlertParty>& parties) {
  json.key("target");
  party(json, parties.empty() ? AlertParty{} : parties.front());
  if (parties.size() < 2) return;
  json.key("targets").begin_array();
  for (const AlertParty& each : parties) party(json, each);
  json.end_array();
}

}  // namespace

void finding(JsonWriter& json, const Finding& finding) {
  json.begin_object().text("id", finding.id).text("device", finding.device).text("kind", finding.kind);
  json.text("title", finding.title).text("severity", finding.severity).text("status", finding.status);
  json.number("confidence", finding.confidence, kConfidenceDecimals);
  evidence(json, finding.evidence);
  if (finding.vulnerability) vulnerability(json, *finding.vulnerability);
  remediation(json, finding.remediation);
  json.key("risk").begin_object().number("score", finding.risk, 0);
  risk_reasons(json, finding.reasons);
  json.end_object().text("explanation", finding.explanation).end_object();
}

void alert(JsonWriter& json, const Alert& alert) {
  json.begin_object().text("id", alert.id);
  time(json, "time", alert.time);
  time(json, "last", alert.last);
  json.number("count", alert.count).text("detector", alert.detector).text("title", alert.title);
  json.text("severity", alert.severity).number("confidence", alert.confidence, kConfidenceDecimals);
  texts(json, "technique", alert.technique);
  json.key("source");
  party(json, alert.source);
  targets(json, alert.targets);
  json.text("explanation", alert.explanation);
  evidence(json, alert.evidence);
  json.key("response").begin_array();
  for (const auto& response : alert.response) {
    json.begin_object().text("action", response.action).text("safety", response.safety);
    json.text("text", response.text).end_object();
  }
  json.end_array().end_object();
}

}  // namespace bedrail::json
