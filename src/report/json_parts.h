#pragma once

#include <string>
#include <vector>

#include "base/json_writer.h"
#include "model/assessment.h"

// The document's recurring pieces, each written as a value at the writer's place.

namespace bedrail::json {

/// What stands for a value that is a secret or identifies a patient.
inline constexpr std::string_view kRedacted = "<redacted>";
inline constexpr int kConfidenceDecimals = 4;
inline constexpr int kPointDecimals = 2;

inline void time(JsonWriter& json, std::string_view name, Timestamp value) {
  json.text(name, format_rfc3339(value));
}
inline void time(JsonWriter& json, std::string_view name, const std::optional<Timestamp>& value) {
  if (value) return time(json, name, *value);
  json.key(name).null();
}

void texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& values);
void evidence(JsonWriter& json, const std::vector<Evidence>& list);
/// A list of one: `evidence` is a list wherever it stands.
void evidence(JsonWriter& json, const Evidence& item);
void risk_reasons(JsonWriter& json, const std::vector<RiskReason>& reasons);

void device(JsonWriter& json, const AssessedDevice& device);
void finding(JsonWriter& json, const Finding& finding);
void alert(JsonWriter& json, const Alert& alert);

}  // namespace bedrail::json
