#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace bedrail::snmp {

/// What a variable's value is to the inventory.
enum class Meaning : std::uint8_t {
  kText,         ///< a clue as it stands
  kName,         ///< the device's name
  kObjectId,     ///< sysObjectID: a clue, and the maker's enterprise number
  kOid,          ///< an OBJECT IDENTIFIER as a clue
  kEngine,       ///< the engine's id
  kEntityClass,  ///< the kind of a physical entity: tells which one is the chassis
  kEntityText,   ///< a clue where it is the chassis' own
  kTrapAddress,  ///< whom a relayed notification is really from
};

/// An object that identifies its agent.
struct Object {
  Meaning meaning = Meaning::kText;
  std::string_view clue;    ///< empty where no clue is made of it
  std::uint64_t index = 0;  ///< the row, where it stands in a table
};

/// Looks an object up by its name (an OBJECT IDENTIFIER's content); nothing where it says nothing about the
/// device. A person's name (sysContact), addresses and counters are left out on purpose.
std::optional<Object> object_of(Bytes name);

/// N of an identifier under 1.3.6.1.4.1.N (IANA's private enterprise numbers).
std::optional<std::uint64_t> enterprise_of(Bytes oid);

}  // namespace bedrail::snmp
