#include "dissect/http/medical.h"

#include <string>

#include "base/hash.h"
#include "base/text.h"
#include "dissect/http/json.h"
#include "dissect/http/patient.h"
#include "format/hl7_patient.h"
#include "format/xml_tags.h"

namespace bedrail::http {
namespace {

bool first(Said& said, std::string_view key, std::string_view value, Role role) {
  return !value.empty() && said.insert(mix(hash64(key, static_cast<std::uint64_t>(role)), hash64(value)));
}

void patient(std::uint8_t kinds, const Call& call, const Way& way, Observer& out) {
  if (kinds != 0) out.patient_data(way.from, way.to, call.label(), kinds_text(kinds));
}

/// CapabilityStatement.software (FHIR R4, 5.2); of JSON's object what stands before the first one in it.
Software software_of(std::string_view body) {
  if (trim(body).starts_with('<')) {
    Software out;
    XmlTags tags(xml_inside(body, "software"));
    while (tags.next()) {
      if (tags.name() == "name") out.name = xml_text(tags.attribute("value"));
      if (tags.name() == "version") out.version = xml_text(tags.attribute("value"));
    }
    return out;
  }
  const std::size_t at = json_value(body, "software");
  if (at == std::string_view::npos || body[at] != '{') return {};
  const std::string_view object = body.substr(at, body.find('}', at) - at);
  return {std::string(json_string(object, json_value(object, "name"))),
          std::string(json_string(object, json_value(object, "version")))};
}

struct Spoken {
  std::string_view key;
  std::size_t field;
  bool of_sender;
};
constexpr Spoken kHeaderFields[] = {{"hl7.sending-application", 3, true},
                                    {"hl7.sending-facility", 4, true},
                                    {"hl7.receiving-application", 5, false},
                                    {"hl7.receiving-facility", 6, false}};

void hl7_header(const Hl7Segment& header, const Way& way, Said& said, Observer& out) {
  const Role other = way.role == Role::kClient ? Role::kServer : Role::kClient;
  for (const Spoken& spoken : kHeaderFields) {
    const Party& who = spoken.of_sender ? way.from : way.to;
    const Role role = spoken.of_sender ? way.role : other;
    const std::string text = header.text(header.field(spoken.field));
    if (first(said, spoken.key, text, role)) out.clue(who, spoken.key, text, role);
    const std::string name = header.text(header.component(header.field(spoken.field), 1));
    if (spoken.field % 2 == 1 && first(said, "name", name, role)) out.name(who, "hl7-application", name);
  }
}

/// MSH-9, where it has its form: "ORU^R01".
std::string type_of(const Hl7Segment& header) {
  const std::string code = header.text(trim(header.component(header.field(9), 1)));
  const std::string event = header.text(trim(header.component(header.field(9), 2)));
  if (!is_hl7_message_code(code) || (!event.empty() && !is_hl7_trigger_event(event))) return {};
  return event.empty() ? code : code + "^" + event;
}

}  // namespace

Software read_fhir(std::string_view body, const Call& call, const Way& way, Observer& out) {
  patient(kinds_of_fhir(body), call, way, out);
  return way.role == Role::kServer && call.operation == "metadata" ? software_of(body) : Software();
}

void read_dicom(std::string_view body, Content content, const Call& call, const Way& way, Observer& out) {
  patient(content == Content::kDicomJson ? kinds_of_dicom_json(body) : kinds_of_dicom(body), call, way, out);
}

bool read_hl7(std::string_view body, const Way& way, Said& said, Observer& out) {
  while (!body.empty() && (body.front() == '\x0b' || body.front() == '\r' || body.front() == '\n'))
    body.remove_prefix(1);
  const auto separators = body.starts_with("MSH") ? Hl7Separators::of(body) : std::nullopt;
  if (!separators) return false;
  std::string type, status;
  unsigned kinds = 0;
  while (!body.empty()) {
    const std::string_view text = body.substr(0, body.find_first_of("\r\n\x1c"));
    body.remove_prefix(std::min(text.size() + 1, body.size()));
    const Hl7Sound sound = hl7_sound(text, *separators);
    const Hl7Segment segment(sound.text, *separators);
    if (segment.id() == "MSH") {
      hl7_header(segment, way, said, out);
      type = type_of(segment);
    } else if (segment.id() == "MSA") {
      // A code of two letters (table 0008).
      status = segment.text(segment.component(segment.field(1), 1));
      if (status.size() != 2) status.clear();
    }
    kinds |= hl7_patient_bits(segment) | sound.patient;
  }
  if (kinds != 0) out.patient_data(way.from, way.to, type, hl7_patient_kinds(kinds));
  if (!type.empty()) out.message(way.from, way.to, type, status);
  return true;
}

}  // namespace bedrail::http
