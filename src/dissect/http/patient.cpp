#include "dissect/http/patient.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/http/json.h"

namespace bedrail::http {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

struct Named {
  std::string_view name;
  std::uint8_t kind;
};
constexpr Named kKinds[] = {
    {"id", kPatientId},   {"name", kPatientName},       {"birth-date", kPatientBirthDate},
    {"sex", kPatientSex}, {"address", kPatientAddress}, {"phone", kPatientPhone}};
/// Search parameters of FHIR's Patient.
constexpr Named kFhirParameters[] = {{"name", kPatientName},           {"family", kPatientName},
                                     {"given", kPatientName},          {"phonetic", kPatientName},
                                     {"identifier", kPatientId},       {"_id", kPatientId},
                                     {"birthdate", kPatientBirthDate}, {"gender", kPatientSex},
                                     {"address", kPatientAddress},     {"address-city", kPatientAddress},
                                     {"phone", kPatientPhone},         {"telecom", kPatientPhone},
                                     {"email", kPatientPhone}};
constexpr Named kDicomParameters[] = {{"patientid", kPatientId},
                                      {"00100020", kPatientId},
                                      {"patientname", kPatientName},
                                      {"00100010", kPatientName},
                                      {"patientbirthdate", kPatientBirthDate},
                                      {"00100030", kPatientBirthDate},
                                      {"patientsex", kPatientSex},
                                      {"00100040", kPatientSex}};
constexpr Named kAnyParameters[] = {{"patientid", kPatientId},      {"patient_id", kPatientId},
                                    {"patid", kPatientId},          {"patientname", kPatientName},
                                    {"patient_name", kPatientName}, {"patientbirthdate", kPatientBirthDate}};
constexpr Named kFhirElements[] = {{"identifier", kPatientId}, {"family", kPatientName},
                                   {"given", kPatientName},    {"birthDate", kPatientBirthDate},
                                   {"gender", kPatientSex},    {"address", kPatientAddress},
                                   {"telecom", kPatientPhone}};

template <std::size_t N>
std::uint8_t find(const Named (&table)[N], std::string_view name) {
  const auto* found = std::find_if(std::begin(table), std::end(table),
                                   [&](const Named& n) { return equals_ignoring_case(n.name, name); });
  return found == std::end(table) ? std::uint8_t{0} : found->kind;
}

/// Calls `kind_of` with the name of each parameter that has a value.
template <typename KindOf>
std::uint8_t query_kinds(std::string_view query, KindOf kind_of) {
  unsigned kinds = 0;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const std::size_t equals = pair.find('=');
    if (equals == kNone || equals + 1 >= pair.size()) continue;
    // "name:exact": a modifier, also percent-encoded.
    const std::string_view name = pair.substr(0, equals);
    kinds |= kind_of(name.substr(0, name.find_first_of(":%")));
  }
  return static_cast<std::uint8_t>(kinds);
}

/// DICOM's elements of the patient module: group 0010.
struct Element {
  std::string_view tag;  ///< little endian
  std::string_view vr;
  std::uint8_t kind;
};
constexpr Element kElements[] = {{{"\x10\x00\x10\x00", 4}, "PN", kPatientName},
                                 {{"\x10\x00\x20\x00", 4}, "LO", kPatientId},
                                 {{"\x10\x00\x30\x00", 4}, "DA", kPatientBirthDate},
                                 {{"\x10\x00\x40\x00", 4}, "CS", kPatientSex}};
/// Longer values are no patient's: the bytes are something else's.
constexpr std::uint32_t kValueLimit = 256;

bool has_value(std::string_view bytes, const Element& element) {
  for (std::size_t at = bytes.find(element.tag); at != kNone; at = bytes.find(element.tag, at + 1)) {
    ByteReader reader(as_bytes(bytes.substr(at + 4)));
    const std::string_view vr = reader.text(2);
    const std::uint32_t length = vr == element.vr ? reader.le16() : kValueLimit + 1;
    if (reader.ok() && length > 0 && length <= kValueLimit) return true;
    ByteReader implicit(as_bytes(bytes.substr(at + 4)));
    const std::uint32_t plain = implicit.le32();
    if (implicit.ok() && plain > 0 && plain <= kValueLimit && plain % 2 == 0) return true;
  }
  return false;
}

}  // namespace

std::string kinds_text(std::uint8_t kinds) {
  std::string out;
  for (const Named& kind : kKinds) {
    if ((kinds & kind.kind) != 0) out.append(out.empty() ? "" : ",").append(kind.name);
  }
  return out;
}

std::uint8_t kinds_of_fhir_query(std::string_view query, bool person) {
  return query_kinds(query, [&](std::string_view name) -> std::uint8_t {
    if (person) return find(kFhirParameters, name);
    const std::size_t dot = name.find('.');
    const std::string_view subject = name.substr(0, dot);
    if (subject != "patient" && subject != "subject") return 0;
    // "patient.birthdate": a chained search; else the parameter is a reference to the patient.
    return dot == kNone ? std::uint8_t{kPatientId} : find(kFhirParameters, name.substr(dot + 1));
  });
}

std::uint8_t kinds_of_dicom_query(std::string_view query) {
  return query_kinds(query, [](std::string_view name) { return find(kDicomParameters, name); });
}

std::uint8_t kinds_of_any_query(std::string_view query) {
  return query_kinds(query, [](std::string_view name) { return find(kAnyParameters, name); });
}

std::uint8_t kinds_of_fhir(std::string_view json) {
  unsigned kinds = json.find("\"Patient/") == kNone ? 0U : unsigned{kPatientId};
  bool person = false;
  for (std::size_t at = json_value(json, "resourceType"); at != kNone && !person;
       at = json_value(json, "resourceType", at)) {
    const std::string_view type = json_string(json, at);
    person = type == "Patient" || type == "Person" || type == "RelatedPerson";
  }
  for (const Named& element : kFhirElements) {
    if (person && json_value(json, element.name) != kNone) kinds |= element.kind;
  }
  return static_cast<std::uint8_t>(kinds);
}

std::uint8_t kinds_of_dicom_json(std::string_view json) {
  unsigned kinds = 0;
  for (const Named& tag : kDicomParameters) {
    for (std::size_t at = json_value(json, tag.name); at != kNone; at = json_value(json, tag.name, at)) {
      // An attribute without "Value" before its object's end is empty.
      const std::size_t end = std::min(json.find('}', at), json.size());
      if (json.substr(at, end - at).find("\"Value\"") != kNone) kinds |= tag.kind;
    }
  }
  return static_cast<std::uint8_t>(kinds);
}

std::uint8_t kinds_of_dicom(std::string_view bytes) {
  unsigned kinds = 0;
  for (const Element& element : kElements) {
    if (has_value(bytes, element)) kinds |= element.kind;
  }
  return static_cast<std::uint8_t>(kinds);
}

}  // namespace bedrail::http
