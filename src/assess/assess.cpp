#include "assess/assess.h"

#include <algorithm>
#include <set>

#include "assess/checks.h"
#include "assess/risk.h"
#include "assess/vulnerabilities.h"
#include "base/parallel.h"

namespace bedrail {
namespace {

std::vector<DraftFinding> findings_of(const Subjected& subject, const Neighbourhood& neighbourhood,
                                      const Matcher& matcher) {
  std::vector<DraftFinding> out;
  // Of an address on the Internet only what was seen of it on the wire is worth saying, not what it is.
  FindingMaker make(subject.knowledge, subject.facts.id, out);
  if (subject.facts.is_internal) {
    check_operating_system(subject, make);
    check_vulnerabilities(subject, matcher, make);
  }
  check_logins(subject, make);
  check_protocols(subject, make);
  check_sessions(subject, make);
  check_patient_data(subject, make);
  check_certificates(subject, make);
  check_identity(subject, make);
  neighbourhood.check_exposure(subject, make);
  neighbourhood.check_segment(subject, make);
  return out;
}

void summarise(const InventoryResult& inventory, Assessment& assessment) {
  std::set<std::string_view> senders;
  for (const Finding& finding : assessment.findings) {
    if (finding.kind == "cleartext-phi") senders.insert(finding.device);
  }
  Share identified, medical, high, unsupported, phi, encrypted;
  for (std::size_t i = 0; i < assessment.devices.size(); ++i) {
    const AssessedDevice& device = assessment.devices[i];
    if (!inventory.devices[i].is_internal) continue;
    for (Share* share : {&identified, &medical, &high, &phi}) ++share->of;
    identified.count += is_identified(device) ? 1 : 0;
    medical.count += device.category && device.category->value == "medical" ? 1 : 0;
    high.count += device.risk.level == "high" || device.risk.level == "critical" ? 1 : 0;
    phi.count += senders.count(device.id);
    if (device.os && device.os->value.support != "unknown") {
      ++unsupported.of;
      unsupported.count += device.os->value.support == "unsupported" ? 1 : 0;
    }
  }
  for (const ConnectionRow& row : assessment.connections) {
    if (row.failed == row.count) continue;
    ++encrypted.of;
    encrypted.count += row.encrypted ? 1 : 0;
  }
  assessment.summary = {
      {"devices_identified", identified}, {"medical_devices", medical}, {"devices_at_high_risk", high},
      {"unsupported_os", unsupported},    {"phi_in_clear", phi},        {"connections_encrypted", encrypted}};
}

/// Protocols of which the whole conversation is encrypted.
void mark_encrypted(unsigned threads, std::vector<ConnectionRow>& rows) {
  parallel_for(threads, rows.size(), [&](std::size_t i) {
    rows[i].encrypted = rows[i].protocol == "tls" || rows[i].protocol == "ssh";
  });
}

}  // namespace

void assess(const InventoryResult& inventory, const Knowledge& knowledge, Assessment& assessment,
            unsigned threads) {
  mark_encrypted(threads, assessment.connections);
  const Neighbourhood neighbourhood(inventory, assessment);
  const Matcher matcher(knowledge.advisories(), knowledge.product_aliases());
  std::vector<std::vector<DraftFinding>> drafts(assessment.devices.size());
  parallel_for(threads, assessment.devices.size(), [&](std::size_t i) {
    AssessedDevice& device = assessment.devices[i];
    const Subjected subject{inventory.devices[i], device, knowledge, assessment.as_of};
    drafts[i] = findings_of(subject, neighbourhood, matcher);
    device.risk = risk_of(inventory.devices[i], device, knowledge, drafts[i]);
  });
  for (std::vector<DraftFinding>& of_device : drafts) {
    for (DraftFinding& draft : of_device) assessment.findings.push_back(std::move(draft.finding));
  }
  std::sort(assessment.findings.begin(), assessment.findings.end(), [](const Finding& a, const Finding& b) {
    return a.risk != b.risk ? a.risk > b.risk : a.id < b.id;
  });
  summarise(inventory, assessment);
}

}  // namespace bedrail
