#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace bedrail::dicom {

/// What a command set says (PS3.7 section 9.3 and 10.3, annex E). Views point into the bytes that were
/// parsed.
struct Command {
  std::uint16_t field = 0;  ///< 0x0001 C-STORE-RQ ... ; responses have bit 15 set
  std::uint16_t status = 0;
  bool has_data_set = false;
  bool has_move_originator = false;  ///< a C-STORE that somebody's C-MOVE caused
  std::string_view sop_class;        ///< affected, else requested
  std::string_view move_destination;

  [[nodiscard]] bool is_response() const { return (field & 0x8000) != 0; }
};

inline constexpr std::uint16_t kStoreRequest = 0x0001, kCreateRequest = 0x0140;

/// Reads a whole command set (always implicit VR, little endian). False where it is none.
bool parse_command(Bytes bytes, Command& out);

/// "C-STORE-RQ", "N-SET-RSP", ...; empty where the field is not in the standard.
std::string_view command_name(std::uint16_t field);

/// A number below 52 for each kind of message: requests by command, responses by command and whether they
/// mean success, pending or anything else. For remembering what was already said.
unsigned command_kind(const Command& command);

}  // namespace bedrail::dicom
