#pragma once

#include "base/byte_reader.h"
#include "dissect/intellivue/speech.h"

namespace bedrail {

/// The object a list of attributes belongs to decides what some of its ids mean.
inline constexpr std::uint16_t kIntellivuePatient = 0x002a;

/// Kinds of patient data found in attributes, as bits; `intellivue_patient_kinds` names them.
using IntellivuePatient = std::uint8_t;

/// Reads an attribute list (count, bytes, then id, bytes, value each), says what it tells of the device and
/// adds to `patient`. False where its lengths do not fit.
bool read_intellivue_attributes(ByteReader& reader, std::uint16_t object_class,
                                const IntellivueSpeech& speech, IntellivuePatient& patient);

/// "id,name,birth-date,sex", as far as they were there.
std::string intellivue_patient_kinds(IntellivuePatient patient);

/// The MAC and IPv4 addresses of attribute F100 in the list at `reader`, which is left where it is.
struct IntellivueAddress {
  MacAddress mac;
  IpAddress ip;
};
std::optional<IntellivueAddress> intellivue_address(ByteReader reader);

}  // namespace bedrail
