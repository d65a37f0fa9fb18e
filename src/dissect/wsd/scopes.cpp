#include "dissect/wsd/scopes.h"

#include <array>
#include <string>

#include "base/text.h"
#include "format/uri.h"
#include "net/address.h"

namespace bedrail::wsd {
namespace {

constexpr std::string_view kOnvif = "onvif://www.onvif.org/";
constexpr std::string_view kSdcLocation = "sdc.ctxt.loc:";
constexpr std::string_view kSdcPatient = "sdc.ctxt.pat:";
constexpr std::string_view kSdcRole = "sdc.mds.pkp:";

bool take(std::string_view& text, std::string_view prefix) {
  if (!starts_with_ignoring_case(text, prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

void onvif(std::string_view rest, const Party& who, Observer& out) {
  if (take(rest, "name/")) {
    out.clue(who, "onvif.name", percent_decoded(rest), Role::kServer);
  } else if (take(rest, "hardware/")) {
    out.clue(who, "onvif.hardware", percent_decoded(rest), Role::kServer);
  } else if (take(rest, "MAC/")) {
    const auto mac = parse_mac(rest);
    if (mac && !mac->is_zero() && !mac->is_multicast())
      out.clue(who, "onvif.mac", to_string(*mac), Role::kServer);
  } else if (take(rest, "location/")) {
    // "location/city/x" says of what kind the place is; "location/country/china" is left in by many makers.
    if (starts_with_ignoring_case(rest, "country/")) return;
    for (const std::string_view kind : {"city/", "building/", "floor/", "room/"}) {
      if (take(rest, kind)) break;
    }
    out.clue(who, "onvif.location", percent_decoded(rest), Role::kServer);
  }
}

/// The value of a query's field, decoded.
std::string field(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && equals_ignoring_case(pair.substr(0, equals), name))
      return percent_decoded(pair.substr(equals + 1));
  }
  return {};
}

/// "/sdc.ctxt.loc.detail/...?fac=H&bldng=B&flr=2&poc=ICU&rm=7&bed=3"; the path only repeats the fields.
void sdc_location(std::string_view rest, const Party& who, Observer& out) {
  const std::size_t question = rest.find('?');
  if (question == std::string_view::npos) return;
  const std::string_view query = rest.substr(question + 1);
  constexpr std::array<std::string_view, 6> kFields = {"fac", "bldng", "flr", "poc", "rm", "bed"};
  std::string place;
  for (const std::string_view name : kFields) {
    const std::string value = field(query, name);
    if (value.empty()) continue;
    if (name == "fac") out.clue(who, "sdc.facility", value, Role::kServer);
    if (name == "poc") out.clue(who, "sdc.point-of-care", value, Role::kServer);
    if (name == "bed") out.clue(who, "sdc.bed", value, Role::kServer);
    // The facility is the same for all: a place is what lies within it.
    if (name != "fac") place.append(place.empty() ? "" : " / ").append(value);
  }
  if (!place.empty()) out.clue(who, "sdc.location", place, Role::kServer);
}

}  // namespace

void say_scope(std::string_view scope, const Party& who, Observer& out) {
  if (take(scope, kOnvif)) return onvif(scope, who, out);
  if (take(scope, kSdcLocation)) return sdc_location(scope, who, out);
  if (take(scope, kSdcRole)) return out.clue(who, "sdc.role", scope, Role::kServer);
  if (take(scope, kSdcPatient)) out.patient_data(who, {}, "Hello", "id");
}

}  // namespace bedrail::wsd
