#include "dissect/phd/attributes.h"

#include <algorithm>

namespace bedrail::phd {
namespace {

/// Attribute ids of the medical package object-oriented modelling elements (IEEE 11073-10101).
constexpr std::uint16_t kModel = 0x0928, kProduction = 0x092d, kTypes = 0x0a5a;
constexpr unsigned kEntryLimit = 64;

struct Coded {
  std::uint16_t code;
  std::string_view name;
};
/// Specialisations (System-Type-Spec-List); the standard configurations are numbered in hundreds after them.
constexpr Coded kSpecializations[] = {
    {0x1004, "pulse-oximeter"},    {0x1006, "ecg"},          {0x1007, "blood-pressure-monitor"},
    {0x1008, "thermometer"},       {0x100f, "body-scale"},   {0x1011, "glucose-meter"},
    {0x1015, "peak-flow-meter"},   {0x1019, "insulin-pump"}, {0x101a, "continuous-glucose-monitor"},
    {0x1029, "cardio-fitness"},    {0x102a, "strength"},     {0x1047, "activity-hub"},
    {0x1048, "medication-monitor"}};
constexpr Coded kConfigurations[] = {
    {400, "pulse-oximeter"}, {401, "pulse-oximeter"}, {700, "blood-pressure-monitor"},
    {800, "thermometer"},    {1500, "body-scale"},    {1700, "glucose-meter"}};
constexpr Coded kParts[] = {
    {1, "phd.serial"}, {2, "phd.part-number"}, {3, "phd.hardware"}, {4, "phd.software"}, {5, "phd.firmware"}};

template <std::size_t N>
std::string_view find(const Coded (&table)[N], std::uint16_t code) {
  const auto* found =
      std::find_if(std::begin(table), std::end(table), [&](const Coded& c) { return c.code == code; });
  return found == std::end(table) ? std::string_view() : found->name;
}

bool production(ByteReader value, Attributes& out) {
  const std::uint16_t count = value.be16();
  value.skip(2);
  for (unsigned i = 0; i < count && i < kEntryLimit; ++i) {
    const std::uint16_t kind = value.be16();
    value.skip(2);
    const std::string_view text = value.text(value.be16());
    if (!value.ok()) return false;
    out.add(find(kParts, kind), text);
  }
  return value.ok();
}

bool types(ByteReader value, Attributes& out) {
  const std::uint16_t count = value.be16();
  value.skip(2);
  for (unsigned i = 0; i < count && i < kEntryLimit; ++i) {
    const std::uint16_t type = value.be16();
    value.skip(2);
    if (!value.ok()) return false;
    out.add("phd.specialization", find(kSpecializations, type));
  }
  return value.ok();
}

bool model(ByteReader value, Attributes& out) {
  const std::string_view maker = value.text(value.be16());
  const std::string_view name = value.text(value.be16());
  if (!value.ok()) return false;
  out.add("phd.manufacturer", maker);
  out.add("phd.model", name);
  return true;
}

}  // namespace

std::string_view standard_configuration(std::uint16_t id) { return find(kConfigurations, id); }

Attributes read_attributes(ByteReader reader) {
  Attributes out;
  const std::uint16_t count = reader.be16();
  reader.skip(2);
  for (unsigned i = 0; i < count && i < kEntryLimit && reader.ok(); ++i) {
    const std::uint16_t id = reader.be16();
    const ByteReader value = reader.slice(reader.be16());
    if (id == kModel) out.whole = model(value, out) && out.whole;
    if (id == kProduction) out.whole = production(value, out) && out.whole;
    if (id == kTypes) out.whole = types(value, out) && out.whole;
  }
  out.whole = out.whole && reader.ok();
  return out;
}

}  // namespace bedrail::phd
