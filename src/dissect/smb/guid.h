#pragma once

#include <string>

#include "base/bytes.h"

namespace bedrail::smb {

/// A GUID's 16 bytes as "6b29fc40-ca47-1067-b31d-00dd010662da" (MS-DTYP 2.3.4: its first three parts are
/// little endian); empty where it is all zeros or not 16 bytes.
std::string guid_text(Bytes bytes);

}  // namespace bedrail::smb
