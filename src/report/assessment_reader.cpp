#include "report/assessment_reader.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <limits>
#include <optional>

#include "report/json_parts.h"

namespace bedrail {
namespace {

/// What the parser's tape can address is 4 GiB; a document of a million devices stays below this.
constexpr std::size_t kMaxBytes = std::size_t{2} << 30;
constexpr std::size_t kMaxDepth = 32;
/// Risk points, impacts and scores are small; what is larger could not be written back digit by digit.
constexpr double kMaxPoints = 1e6;

/// One value of the document, the way to it, and the first failure, which all values share: read straight
/// down, check once at the end. A value behind a failure reads as nothing. Values point to the value that
/// they were taken from, which therefore has a name of its own.
class Value {
 public:
  Value(std::string& failure, simdjson::dom::element element) : failure_(failure), element_(element) {}

  Value operator[](std::string_view key) const& {
    Value child(*this, key, 0);
    child.element_ = member(key);
    if (!child.element_) child.fail("is missing");
    return child;
  }
  Value operator[](std::string_view key) && = delete;

  /// A key that may be absent.
  [[nodiscard]] std::optional<Value> find(std::string_view key) const& {
    Value child(*this, key, 0);
    child.element_ = member(key);
    if (!child.element_) return std::nullopt;
    return child;
  }
  [[nodiscard]] bool is_null() const { return element_ && element_->is_null(); }
  [[nodiscard]] bool ok() const { return failure_.empty(); }

  /// `use(Value)` for each element of the list.
  template <typename Use>
  void each(Use use) const {
    simdjson::dom::array list;
    if (!ready() || element_->get(list)) return fail("is not a list");
    std::size_t index = 0;
    for (const simdjson::dom::element element : list) {
      Value child(*this, {}, index++);
      child.element_ = element;
      use(child);
      if (!ok()) return;
    }
  }
  /// `use(key, Value)` for each member of the object.
  template <typename Use>
  void members(Use use) const {
    simdjson::dom::object object;
    if (!ready() || element_->get(object)) return fail("is not an object");
    for (const auto field : object) {
      Value child(*this, field.key, 0);
      child.element_ = field.value;
      use(field.key, child);
      if (!ok()) return;
    }
  }

  void read(std::string& out) const {
    std::string_view text;
    if (!ready() || element_->get(text)) return fail("is not a text");
    out.assign(text);
  }
  void read(bool& out) const {
    if (!ready() || element_->get(out)) return fail("is not true or false");
  }
  void read(std::uint64_t& out) const {
    if (!ready() || element_->get(out)) return fail("is not a count");
  }
  template <typename Narrow>
  void read_narrow(Narrow& out) const {
    std::uint64_t wide = 0;
    read(wide);
    if (!ok()) return;
    if (wide > std::numeric_limits<Narrow>::max()) return fail("is too large");
    out = static_cast<Narrow>(wide);
  }
  void read(std::uint16_t& out) const { read_narrow(out); }
  void read(std::uint32_t& out) const { read_narrow(out); }
  void read(int& out) const {
    std::int64_t wide = 0;
    if (!ready() || element_->get(wide)) return fail("is not a whole number");
    if (wide < -1'000'000 || wide > 1'000'000) return fail("is too large");
    out = static_cast<int>(wide);
  }
  void read(double& out, double most) const {
    if (!ready() || element_->get(out)) return fail("is not a number");
    if (!(out >= -most && out <= most)) fail("is too large");
  }
  void read(double& out) const { read(out, kMaxPoints); }
  void read(Timestamp& out) const {
    std::string text;
    read(text);
    if (!ok()) return;
    const auto time = parse_rfc3339(text);
    if (!time) return fail("is not a time");
    out = *time;
  }
  /// A value that may be null.
  template <typename T>
  void read(std::optional<T>& out) const {
    if (is_null()) return;
    read(out.emplace());
  }
  template <typename T>
  void read(std::vector<T>& out) const {
    each([&](const Value& value) { value.read(out.emplace_back()); });
  }

  void fail(std::string_view what) const {
    if (ok()) failure_ = fmt::format("{} {}", path(), what);
  }

 private:
  Value(const Value& parent, std::string_view key, std::size_t index)
      : failure_(parent.failure_), parent_(&parent), key_(key), index_(index) {}

  [[nodiscard]] bool ready() const { return ok() && element_; }

  [[nodiscard]] std::optional<simdjson::dom::element> member(std::string_view key) const {
    simdjson::dom::object object;
    if (!ready()) return std::nullopt;
    if (element_->get(object)) {
      fail("is not an object");
      return std::nullopt;
    }
    simdjson::dom::element found;
    if (object.at_key(key).get(found)) return std::nullopt;
    return found;
  }

  [[nodiscard]] std::string path() const {
    if (parent_ == nullptr) return {};
    std::string before = parent_->path();
    if (key_.empty()) return fmt::format("{}[{}]", before, index_);
    return before.empty() ? std::string(key_.substr(0, 80))
                          : fmt::format("{}.{}", before, key_.substr(0, 80));
  }

  std::string& failure_;
  std::optional<simdjson::dom::element> element_;
  const Value* parent_ = nullptr;
  std::string_view key_;  ///< of the object that it stands in; empty in a list
  std::size_t index_ = 0;
};

void read(const Value& value, Evidence& out) {
  value["file"].read(out.file);
  value["frame"].read(out.frame);
  value["time"].read(out.time);
  value["protocol"].read(out.protocol);
  value["field"].read(out.field);
  value["value"].read(out.value);
  if (const auto redacted = value.find("redacted")) redacted->read(out.redacted);
  if (out.redacted) out.value = json::kRedacted;
}

void read(const Value& value, std::string& out) { value.read(out); }
void read(const Value& value, bool& out) { value.read(out); }

template <typename T>
void read(const Value& list, std::vector<T>& out) {
  list.each([&](const Value& value) { read(value, out.emplace_back()); });
}

/// Values that stand side by side: their keys, each with where it goes.
template <typename T, typename... More>
void read_members(const Value& object, std::string_view key, T& to, More&&... more) {
  object[key].read(to);
  if constexpr (sizeof...(more) > 0) read_members(object, more...);
}

/// `evidence` of what has one piece: a list all the same.
void read_one(const Value& list, Evidence& out) {
  std::size_t count = 0;
  list.each([&](const Value& value) {
    if (count++ == 0) read(value, out);
  });
  if (count == 0) list.fail("is empty");
}

void read(const Value& value, RuleVote& out) {
  value["rule"].read(out.rule);
  value["source"].read(out.source);
  value["confidence"].read(out.confidence);
}

void read(const Value& value, OperatingSystem& out) {
  read_members(value, "family", out.family, "product", out.product, "version", out.version, "build",
               out.build, "support", out.support, "end_of_support", out.end_of_support);
}

/// The value, its confidence and its evidence: of an attribute, and of what contradicts it.
template <typename Claim>
void read_claim(const Value& value, Claim& out) {
  read(value["value"], out.value);
  value["confidence"].read(out.confidence, 1);
  read(value["evidence"], out.evidence);
}

template <typename T>
void read_attribute(const Value& object, std::string_view key, std::optional<AttributeOf<T>>& out) {
  const auto value = object.find(key);
  if (!value) return;
  AttributeOf<T>& attribute = out.emplace();
  read_claim(*value, attribute);
  (*value)["conflicts"].each(
      [&](const Value& each) { read_claim(each, attribute.conflicts.emplace_back()); });
  read((*value)["rules"], attribute.rules);
}

void read(const Value& value, RiskReason& out) {
  value["text"].read(out.text);
  value["points"].read(out.points);
  value["finding"].read(out.finding);
}

void read(const Value& value, Risk& out) {
  value["score"].read(out.score);
  value["level"].read(out.level);
  value["likelihood"].read(out.likelihood);
  const Value impact = value["impact"];
  impact["patient_safety"].read(out.patient_safety);
  impact["confidentiality"].read(out.confidentiality);
  impact["availability"].read(out.availability);
  read(value["reasons"], out.reasons);
}

void read(const Value& value, DeviceName& out) {
  value["name"].read(out.name);
  value["kind"].read(out.kind);
  read_one(value["evidence"], out.evidence);
}

void read(const Value& value, DeviceService& out) {
  value["transport"].read(out.transport);
  value["port"].read(out.port);
  value["protocol"].read(out.protocol);
  value["product"].read(out.product);
  value["version"].read(out.version);
  value["encrypted"].read(out.encrypted);
  value["clients"].read(out.clients);
  read_one(value["evidence"], out.evidence);
}

void read(const Value& value, Declaration& out) {
  read_members(value, "device", out.device, "protocol", out.protocol, "addresses", out.addresses);
  read_one(value["evidence"], out.evidence);
}

void read_identity(const Value& value, AssessedDevice& out) {
  read_attribute(value, "category", out.category);
  read_attribute(value, "type", out.type);
  read_attribute(value, "vendor", out.vendor);
  read_attribute(value, "model", out.model);
  read_attribute(value, "firmware", out.firmware);
  read_attribute(value, "serial", out.serial);
  read_attribute(value, "hardware", out.hardware);
  read_attribute(value, "os", out.os);
  const Value clinical = value["clinical"];
  read_attribute(clinical, "bedside", out.bedside);
  read_attribute(clinical, "life_supporting", out.life_supporting);
  read_attribute(clinical, "department", out.department);
  read_attribute(clinical, "location", out.location);
  read_attribute(clinical, "handles_phi", out.handles_phi);
}

void read(const Value& value, AssessedDevice& out) {
  value["id"].read(out.id);
  const Value addresses = value["addresses"];
  addresses["mac"].read(out.mac);
  addresses["ipv4"].read(out.ipv4);
  addresses["ipv6"].read(out.ipv6);
  addresses["vlan"].read(out.vlan);
  read(value["names"], out.names);
  read_identity(value, out);
  read(value["services"], out.services);
  const Value behaviour = value["behaviour"];
  behaviour["first"].read(out.first);
  behaviour["last"].read(out.last);
  read_members(behaviour, "peers", out.peers, "internal_peers", out.internal_peers, "external_peers",
               out.external_peers, "bytes_in", out.bytes_in, "bytes_out", out.bytes_out);
  read(value["risk"], out.risk);
  value["joins"].read(out.joins);
  value["internal"].read(out.internal);
  if (const auto heard = value.find("heard")) heard->read(out.heard);
  if (const auto declared = value.find("declared_by")) read(*declared, out.declared_by);
}

void read(const Value& value, ConnectionRow& out) {
  value["client"].read(out.client);
  value["server"].read(out.server);
  value["transport"].read(out.transport);
  value["protocol"].read(out.protocol);
  value["port"].read(out.port);
  read_members(value, "count", out.count, "packets", out.packets, "bytes_to_server", out.bytes_to_server,
               "bytes_to_client", out.bytes_to_client, "failed", out.failed);
  value["first"].read(out.first);
  value["last"].read(out.last);
  value["encrypted"].read(out.encrypted);
  read_one(value["evidence"], out.evidence);
}

void read(const Value& value, VulnerabilityFacts::Cvss& out) {
  read_members(value, "version", out.version, "vector", out.vector, "score", out.score);
}

void read(const Value& value, VulnerabilityFacts& out) {
  value["cve"].read(out.cve);
  value["advisory"].read(out.advisory);
  read(value["cvss"], out.cvss);
  value["epss"].read(out.epss);
  value["kev"].read(out.kev);
  value["cwe"].read(out.cwe);
  const Value matched = value["matched"];
  matched["vendor"].read(out.matched_vendor);
  matched["product"].read(out.matched_product);
  matched["range"].read(out.matched_range);
  matched["rule"].read(out.matched_rule);
}

void read(const Value& value, Remedy& out) {
  read_members(value, "action", out.action, "text", out.text, "source", out.source);
}

void read(const Value& value, Finding& out) {
  value["id"].read(out.id);
  value["device"].read(out.device);
  value["kind"].read(out.kind);
  value["title"].read(out.title);
  value["severity"].read(out.severity);
  value["status"].read(out.status);
  value["confidence"].read(out.confidence, 1);
  read(value["evidence"], out.evidence);
  if (const auto facts = value.find("vulnerability")) read(*facts, out.vulnerability.emplace());
  read(value["remediation"], out.remediation);
  const Value risk = value["risk"];
  risk["score"].read(out.risk);
  read(risk["reasons"], out.reasons);
  value["explanation"].read(out.explanation);
}

void read(const Value& value, AlertParty& out) {
  value["device"].read(out.device);
  value["address"].read(out.address);
  std::optional<std::uint16_t> port;
  value["port"].read(port);
  out.port = port.value_or(0);
}

void read(const Value& value, Alert::Response& out) {
  read_members(value, "action", out.action, "safety", out.safety, "text", out.text);
}

/// One target stands under `target`, several under `targets`; a target without any content is none.
void read_targets(const Value& value, std::vector<AlertParty>& out) {
  if (const auto several = value.find("targets")) return read(*several, out);
  AlertParty single;
  read(value["target"], single);
  if (!single.device.empty() || !single.address.empty() || single.port != 0) out.push_back(std::move(single));
}

void read(const Value& value, Alert& out) {
  value["id"].read(out.id);
  value["time"].read(out.time);
  value["last"].read(out.last);
  value["count"].read(out.count);
  value["detector"].read(out.detector);
  value["title"].read(out.title);
  value["severity"].read(out.severity);
  value["confidence"].read(out.confidence, 1);
  value["technique"].read(out.technique);
  read(value["source"], out.source);
  read_targets(value, out.targets);
  value["explanation"].read(out.explanation);
  read(value["evidence"], out.evidence);
  read(value["response"], out.response);
}

void read(const Value& value, Notice& out) {
  value["kind"].read(out.kind);
  value["text"].read(out.text);
  value["count"].read(out.count);
}

void read(const Value& value, SourceFile& out) {
  value["name"].read(out.name);
  value["sha256"].read(out.sha256);
  read_members(value, "bytes", out.bytes, "packets", out.packets);
  value["link_types"].read(out.link_types);
  value["first"].read(out.first);
  value["last"].read(out.last);
}

void read(const Value& value, Losses& out) {
  read_members(value, "truncated_packets", out.truncated_packets, "malformed_packets", out.malformed_packets,
               "undecoded_packets", out.undecoded_packets, "tcp_gap_bytes", out.tcp_gap_bytes,
               "evicted_flows", out.evicted_flows, "capture_drops", out.capture_drops);
}

void read(const Value& value, ProtocolTotals& out) {
  read_members(value, "flows", out.flows, "packets", out.packets, "bytes", out.bytes);
}

void read(const Value& value, UnrecognisedTraffic& out) {
  value["transport"].read(out.transport);
  value["port"].read(out.port);
  const Value first_bytes = value["first_bytes"];
  first_bytes["client"].read(out.client_bytes);
  first_bytes["server"].read(out.server_bytes);
  read_members(value, "flows", out.flows, "packets", out.packets, "bytes", out.bytes);
  const Value example = value["example"];
  example["file"].read(out.file);
  example["frame"].read(out.frame);
}

void read(const Value& value, Source& out) {
  read(value["files"], out.files);
  read_members(value, "packets", out.packets, "bytes", out.bytes);
  value["first"].read(out.first);
  value["last"].read(out.last);
  read(value["losses"], out.losses);
  value["protocols"].members(
      [&](std::string_view name, const Value& totals) { read(totals, out.protocols[std::string(name)]); });
  value["anomalies"].members(
      [&](std::string_view name, const Value& count) { count.read(out.anomalies[std::string(name)]); });
  // Documents of earlier versions have neither.
  if (const auto rows = value.find("unrecognised")) read(*rows, out.unrecognised);
  if (const auto rest = value.find("unrecognised_rest")) read(*rest, out.unrecognised_rest);
}

void read_tool(const Value& tool, Assessment& out) {
  tool["version"].read(out.tool_version);
  const Value knowledge = tool["knowledge"];
  knowledge["version"].read(out.knowledge.version);
  knowledge["date"].read(out.knowledge.date);
  read_members(knowledge, "advisories", out.knowledge.advisories, "fingerprints", out.knowledge.fingerprints);
}

void read_summary(const Value& summary, Assessment& out) {
  summary.members([&](std::string_view name, const Value& figure) {
    auto& [key, share] = out.summary.emplace_back();
    key = name;
    read_members(figure, "count", share.count, "of", share.of);
  });
}

void read(const Value& root, Assessment& out) {
  std::string schema;
  root["schema"].read(schema);
  if (root.ok() && schema != "bedrail.assessment/1")
    return root["schema"].fail("is not \"bedrail.assessment/1\"");
  read_tool(root["tool"], out);
  root["as_of"].read(out.as_of);
  read(root["source"], out.source);
  read_summary(root["summary"], out);
  read(root["devices"], out.devices);
  read(root["connections"], out.connections);
  read(root["findings"], out.findings);
  read(root["alerts"], out.alerts);
  read(root["notices"], out.notices);
}

}  // namespace

Result<Assessment> read_assessment(std::string_view json_text) {
  if (json_text.size() > kMaxBytes) {
    return failure(fmt::format("the document has {} bytes, more than the {} that are read", json_text.size(),
                               kMaxBytes));
  }
  simdjson::dom::parser parser(kMaxBytes + simdjson::SIMDJSON_PADDING);
  simdjson::dom::element root;
  simdjson::error_code error = parser.allocate(json_text.size() + 1, kMaxDepth);
  if (!error) error = parser.parse(simdjson::padded_string(json_text)).get(root);
  if (error) return failure(fmt::format("the document is not JSON: {}", simdjson::error_message(error)));
  if (!root.is_object()) return failure("the document is not a JSON object");
  std::string problem;
  Assessment assessment;
  read(Value(problem, root), assessment);
  if (!problem.empty()) return failure(fmt::format("the document is not an assessment: {}", problem));
  return assessment;
}

}  // namespace bedrail
