#include "identify/identify.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "identify/corrections.h"
#include "identify/operating_system.h"
#include "identify/votes.h"

namespace bedrail {
namespace {

void describe(const DeviceFacts& facts, AssessedDevice& out) {
  out.id = facts.id;
  for (const MacAddress& mac : facts.macs) out.mac.push_back(to_string(mac));
  for (const AddressRecord& address : facts.addresses) {
    // An address that came back after it was another's stands once.
    std::vector<std::string>& to = address.ip.is_v4() ? out.ipv4 : out.ipv6;
    std::string text = to_string(address.ip);
    if (to.empty() || to.back() != text) to.push_back(std::move(text));
  }
  out.vlan = facts.vlans;
  for (const NameRecord& name : facts.names)
    out.names.push_back({name.name, name.kind, evidence_of(name.first, name.protocol, "name", name.name)});
  std::sort(out.names.begin(), out.names.end(), [](const DeviceName& a, const DeviceName& b) {
    return std::tie(a.kind, a.name) < std::tie(b.kind, b.name);
  });
  out.first = facts.first->time;
  out.last = facts.last->time;
  out.peers = facts.peers;
  out.internal_peers = facts.internal_peers;
  out.external_peers = facts.external_peers;
  out.bytes_in = facts.bytes_in;
  out.bytes_out = facts.bytes_out;
  out.joins = facts.joins;
  out.internal = facts.is_internal;
  out.heard = facts.heard;
  for (const DeclarationRecord& record : facts.declared_by) {
    Declaration told{record.by, record.protocol, {}, {}};
    for (const MacAddress& mac : record.macs) told.addresses.push_back(to_string(mac));
    if (record.ip) told.addresses.push_back(to_string(*record.ip));
    told.evidence = evidence_of(record.first, record.protocol, "declared",
                                fmt::format("{}", fmt::join(told.addresses, " ")));
    out.declared_by.push_back(std::move(told));
  }
}

/// One line a transport, port and protocol: the most that was said of its product.
void list_services(const DeviceFacts& facts, AssessedDevice& out) {
  for (const ServiceRecord& service : facts.services) {
    DeviceService row{
        std::string(to_string(service.transport)),
        service.port,
        service.protocol,
        service.product,
        service.version,
        service.encrypted,
        service.clients,
        evidence_of(service.first, service.protocol, "service",
                    service.product.empty() ? fmt::format("{}/{}", to_string(service.transport), service.port)
                                            : service.product)};
    const auto same = std::find_if(out.services.begin(), out.services.end(), [&](const DeviceService& other) {
      return other.transport == row.transport && other.port == row.port && other.protocol == row.protocol;
    });
    if (same == out.services.end()) {
      out.services.push_back(std::move(row));
    } else if (same->product.empty() && !row.product.empty()) {
      *same = std::move(row);
    }
  }
  std::sort(out.services.begin(), out.services.end(), [](const DeviceService& a, const DeviceService& b) {
    return std::tie(a.transport, a.port, a.protocol) < std::tie(b.transport, b.port, b.protocol);
  });
}

Flag flag(bool value, double confidence, std::vector<Evidence> evidence, std::string rule,
          std::string source) {
  Flag out;
  out.value = value;
  out.confidence = rounded(confidence);
  out.evidence = std::move(evidence);
  out.rules.push_back({std::move(rule), std::move(source), out.confidence});
  return out;
}

/// "Siemens" and "Siemens Healthineers" are one maker told with more or fewer words.
bool same_name(const std::string& vote, const std::string& value) {
  const std::string& shorter = vote.size() < value.size() ? vote : value;
  const std::string& longer = vote.size() < value.size() ? value : vote;
  return longer.size() > shorter.size() && starts_with_ignoring_case(longer, shorter) &&
         longer[shorter.size()] == ' ';
}

/// Whether patient data passes through it: seen in clear, or its kind is made for it.
void clinical(const DeviceFacts& facts, const Knowledge& knowledge, AssessedDevice& out) {
  if (!facts.patient_data.empty()) {
    std::vector<Evidence> evidence;
    for (const PatientDataRecord& record : facts.patient_data) {
      if (evidence.size() < 8)
        evidence.push_back(
            redacted_evidence(record.first, record.protocol, record.message + " " + record.fields));
    }
    out.handles_phi =
        flag(true, 0.98, std::move(evidence), "patient-data-seen", "patient fields in a message in clear");
  }
  const DeviceType* type = out.type ? knowledge.type(out.type->value) : nullptr;
  if (type == nullptr) return;
  const std::string rule = "kind " + type->id;
  if (!out.handles_phi && type->handles_phi)
    out.handles_phi = flag(true, out.type->confidence * 0.9, out.type->evidence, rule, type->source);
  if (type->category != "medical") return;
  out.bedside = flag(type->bedside, out.type->confidence * 0.95, out.type->evidence, rule, type->source);
  out.life_supporting =
      flag(type->life_supporting, out.type->confidence * 0.95, out.type->evidence, rule, type->source);
}

}  // namespace

AssessedDevice identify(const DeviceFacts& facts, const Knowledge& knowledge, Timestamp as_of) {
  AssessedDevice out;
  describe(facts, out);
  list_services(facts, out);
  Ballots ballots = collect_votes(facts, knowledge);
  out.vendor = ballots[Trait::kVendor].decide(same_name);
  out.type = ballots[Trait::kType].decide();
  out.model = ballots[Trait::kModel].decide(same_name);
  out.firmware = ballots[Trait::kFirmware].decide();
  out.serial = ballots[Trait::kSerial].decide();
  out.hardware = ballots[Trait::kHardware].decide();
  out.department = ballots[Trait::kDepartment].decide();
  out.location = ballots[Trait::kLocation].decide();
  out.os = decide_operating_system(ballots, facts, knowledge, as_of);
  apply_corrections(facts, ballots, knowledge, as_of, out);
  add_derived_votes(out.type, out.os, facts, knowledge, ballots[Trait::kCategory]);
  out.category = ballots[Trait::kCategory].decide();
  apply_corrected_category(knowledge, out);
  // A kind of device that belongs to another category is no kind to be stated.
  if (out.type && out.category) {
    const DeviceType* type = knowledge.type(out.type->value);
    if (type != nullptr && type->category != out.category->value) out.type.reset();
  }
  clinical(facts, knowledge, out);
  return out;
}

}  // namespace bedrail
