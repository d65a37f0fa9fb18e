#include "dissect/http/call.h"

#include <algorithm>

#include "base/text.h"
#include "dissect/http/patient.h"

namespace bedrail::http {
namespace {

constexpr std::string_view kMethods[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"};

/// FHIR R4's resource types that say of persons, care and devices; case counts in them.
constexpr std::string_view kResources[] = {"Patient",
                                           "Person",
                                           "RelatedPerson",
                                           "AllergyIntolerance",
                                           "Appointment",
                                           "AuditEvent",
                                           "Binary",
                                           "Bundle",
                                           "CarePlan",
                                           "CareTeam",
                                           "Claim",
                                           "Communication",
                                           "Composition",
                                           "Condition",
                                           "Consent",
                                           "Coverage",
                                           "Device",
                                           "DeviceMetric",
                                           "DeviceRequest",
                                           "DeviceUseStatement",
                                           "DiagnosticReport",
                                           "DocumentReference",
                                           "Encounter",
                                           "EpisodeOfCare",
                                           "FamilyMemberHistory",
                                           "Flag",
                                           "Goal",
                                           "Group",
                                           "ImagingStudy",
                                           "Immunization",
                                           "List",
                                           "Location",
                                           "Media",
                                           "Medication",
                                           "MedicationAdministration",
                                           "MedicationDispense",
                                           "MedicationRequest",
                                           "MedicationStatement",
                                           "Observation",
                                           "Organization",
                                           "Practitioner",
                                           "PractitionerRole",
                                           "Procedure",
                                           "Provenance",
                                           "QuestionnaireResponse",
                                           "RiskAssessment",
                                           "Schedule",
                                           "ServiceRequest",
                                           "Slot",
                                           "Specimen",
                                           "Subscription",
                                           "Task",
                                           "metadata"};
/// The first of them are persons themselves.
constexpr std::size_t kPersons = 3;

constexpr std::string_view kDicomWebRoots[] = {"dicom-web", "dicomweb", "wado-rs",
                                               "qido-rs",   "stow-rs",  "rs"};

/// A path's segments, front to back.
std::string_view next_segment(std::string_view& path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

bool fhir(const Head& head, const Target& target, Call& call) {
  const bool by_type = head.content == Content::kFhir || contains_ignoring_case(head.accept, "fhir+");
  bool known = by_type;
  std::string_view rest = target.path;
  for (std::string_view segment = next_segment(rest); !segment.empty(); segment = next_segment(rest)) {
    known = known || contains_ignoring_case(segment, "fhir");
    if (!known) continue;
    const auto* found = std::find(std::begin(kResources), std::end(kResources), segment);
    if (found == std::end(kResources)) continue;
    call.interface = Interface::kFhir;
    call.operation = *found;
    const bool person = found - std::begin(kResources) < static_cast<std::ptrdiff_t>(kPersons);
    call.patient = kinds_of_fhir_query(target.query, person);
    // "Patient/4711": the address itself is the patient's; "Patient/_search" and "$everything" are not.
    const std::string_view id = next_segment(rest);
    if (person && !id.empty() && id.front() != '_' && id.front() != '$') call.patient |= kPatientId;
    return true;
  }
  // Pages below "/fhir-ui" are no calls; transactions go to the base address and say so by their type.
  if (by_type) call.interface = Interface::kFhir;
  return by_type;
}

bool dicom_web(const Head& head, const Target& target, Call& call) {
  if (contains_ignoring_case(target.query, "requesttype=wado")) {
    call.interface = Interface::kDicomWeb;
    call.operation = "WADO-URI";
    return true;
  }
  bool known = head.content == Content::kDicom || head.content == Content::kDicomJson ||
               contains_ignoring_case(head.accept, "application/dicom");
  bool level = false;
  std::string_view rest = target.path, last;
  for (std::string_view segment = next_segment(rest); !segment.empty(); segment = next_segment(rest)) {
    last = segment;
    for (const std::string_view root : kDicomWebRoots) known = known || equals_ignoring_case(segment, root);
    level = level || segment == "studies" || segment == "series" || segment == "instances";
  }
  if (!known || !level) return false;
  call.interface = Interface::kDicomWeb;
  const bool list = last == "studies" || last == "series" || last == "instances";
  call.operation = call.method == "POST" ? "STOW-RS" : list ? "QIDO-RS" : "WADO-RS";
  call.patient = kinds_of_dicom_query(target.query);
  return true;
}

bool starts_with_segment(std::string_view path, std::string_view prefix) {
  return starts_with_ignoring_case(path, prefix) &&
         (path.size() == prefix.size() || path[prefix.size()] == '/');
}

/// "/ipp/print" and the like (RFC 8011, appendix; PWG 5100.14); CUPS has its queues elsewhere.
Call::Printer printer_of(std::string_view path) {
  if (starts_with_segment(path, "/ipp")) return Call::Printer::kItself;
  for (const std::string_view queues : {"/printers", "/classes", "/jobs", "/admin"}) {
    if (starts_with_segment(path, queues)) return Call::Printer::kQueue;
  }
  return Call::Printer::kUnknown;
}

}  // namespace

std::string Call::label() const {
  switch (interface) {
    case Interface::kFhir:
      return std::string("FHIR ").append(method).append(operation.empty() ? "" : " ").append(operation);
    case Interface::kDicomWeb:
      return std::string(operation);
    default:
      return std::string(method);
  }
}

Call call_of(const Head& head, const Target& target) {
  Call call;
  const auto* method = std::find(std::begin(kMethods), std::end(kMethods), head.start.method);
  if (method != std::end(kMethods)) call.method = *method;
  // What a proxy is asked for is another server's.
  if (target.whole) return call;
  if (head.content == Content::kHl7) {
    call.interface = Interface::kHl7;
  } else if (head.content == Content::kIpp) {
    call.interface = Interface::kIpp;
    call.printer = printer_of(target.path);
  } else if (starts_with_segment(target.path, "/wsman")) {
    call.interface = Interface::kWsMan;
  } else if (!dicom_web(head, target, call) && !fhir(head, target, call)) {
    call.patient = kinds_of_any_query(target.query);
  }
  return call;
}

std::string_view powershell_version(const Target& target) {
  constexpr std::string_view kName = "PSVersion=";
  const std::size_t at = target.query.find(kName);
  if (at == std::string_view::npos) return {};
  const std::string_view value = target.query.substr(at + kName.size());
  return value.substr(0, std::min(value.find_first_not_of("0123456789."), std::size_t{24}));
}

std::string_view service_of(Interface interface) {
  switch (interface) {
    case Interface::kFhir:
      return "fhir";
    case Interface::kDicomWeb:
      return "dicomweb";
    case Interface::kHl7:
      return "hl7";
    case Interface::kIpp:
      return "ipp";
    case Interface::kWsMan:
      return "winrm";
    case Interface::kNone:
      break;
  }
  return {};
}

}  // namespace bedrail::http
