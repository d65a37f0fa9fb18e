#pragma once

#include <string_view>

#include "dissect/observer.h"

namespace bedrail::wsd {

/// Says what one scope of a device tells: ONVIF's name, hardware, location and MAC (ONVIF Core, 7.3.2.2), or
/// SDC's place, role and patient context (IEEE 11073-20701, 9.4). A patient's identifier stays here: only
/// that there is one is said.
void say_scope(std::string_view scope, const Party& who, Observer& out);

}  // namespace bedrail::wsd
