#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dissect/http/head.h"
#include "dissect/http/path.h"

namespace bedrail::http {

/// Interfaces over HTTP whose calls are told.
enum class Interface : std::uint8_t {
  kNone,
  kFhir,      ///< HL7 FHIR's REST
  kDicomWeb,  ///< DICOM PS3.18
  kHl7,       ///< HL7 version 2 messages as bodies
  kIpp,       ///< Internet Printing Protocol (RFC 8010)
  kWsMan,     ///< WS-Management: Windows remote management
};

/// What a request asks of which interface. Holds literals only: nothing of the address itself.
struct Call {
  Interface interface = Interface::kNone;
  std::string_view method;     ///< "GET", ...; empty for rare ones
  std::string_view operation;  ///< "Patient" of FHIR, "QIDO-RS" of DICOMweb
  std::uint8_t patient = 0;    ///< kinds of a patient's data in its address
  enum class Printer : std::uint8_t {
    kUnknown,  ///< its address does not say
    kItself,   ///< at the address that printers have
    kQueue,    ///< a print server's queues: its words are those of the printers behind it
  } printer = Printer::kUnknown;

  /// "FHIR GET Patient", "QIDO-RS"; empty where there is nothing to tell.
  [[nodiscard]] std::string label() const;
};
Call call_of(const Head& head, const Target& target);

/// The version of PowerShell that a remote session's client states in its address ("PSVersion=5.1.17763.1"):
/// its last parts are the client's own Windows build. Empty where there is none.
std::string_view powershell_version(const Target& target);

/// The service that an interface is, as in `services[].protocol`; empty for kNone.
std::string_view service_of(Interface interface);

}  // namespace bedrail::http
