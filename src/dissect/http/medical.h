#pragma once

#include <string>
#include <string_view>

#include "base/recent_set.h"
#include "dissect/http/call.h"
#include "dissect/observer.h"

namespace bedrail::http {

/// The two ends of a body on its way.
struct Way {
  Party from, to;
  Role role = Role::kClient;  ///< of who sends it
};

/// What a flow has said of its ends already.
using Said = RecentSet<32>;

/// What a server says it runs; empty where it does not.
struct Software {
  std::string name, version;
};

/// Says which kinds of a patient's data a FHIR body holds. The server's software, from its capability
/// statement (FHIR R4, 5.2).
Software read_fhir(std::string_view body, const Call& call, const Way& way, Observer& out);

/// The kinds of a patient's data in DICOM objects or the DICOM JSON model.
void read_dicom(std::string_view body, Content content, const Call& call, const Way& way, Observer& out);

/// An HL7 version 2 message as a body: its type, who speaks to whom, the kinds of a patient's data. False
/// where it does not begin with a header segment.
bool read_hl7(std::string_view body, const Way& way, Said& said, Observer& out);

}  // namespace bedrail::http
