#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bedrail::http {

/// Kinds of a patient's data as bits; values are looked at and never kept.
enum PatientKind : std::uint8_t {
  kPatientId = 1,
  kPatientName = 2,
  kPatientBirthDate = 4,
  kPatientSex = 8,
  kPatientAddress = 16,
  kPatientPhone = 32,
};
/// "id,name"; empty for none.
std::string kinds_text(std::uint8_t kinds);

/// By the names of a FHIR search's parameters; `person`: what is searched are persons themselves.
std::uint8_t kinds_of_fhir_query(std::string_view query, bool person);
/// By the attributes that a QIDO-RS search matches, as keywords or tags (PS3.18, 8.3.4).
std::uint8_t kinds_of_dicom_query(std::string_view query);
/// By names that can be a patient's only ("PatientID"), whatever the interface.
std::uint8_t kinds_of_any_query(std::string_view query);

/// By the elements of FHIR JSON: those of a Patient, or a reference to one.
std::uint8_t kinds_of_fhir(std::string_view json);
/// By the attributes of the DICOM JSON model (PS3.18, annex F) that have a value.
std::uint8_t kinds_of_dicom_json(std::string_view json);
/// By the elements of DICOM objects in explicit or implicit little endian.
std::uint8_t kinds_of_dicom(std::string_view bytes);

}  // namespace bedrail::http
