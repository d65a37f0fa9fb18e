#pragma once

#include "base/byte_reader.h"
#include "dissect/heard.h"
#include "dissect/observer.h"

namespace bedrail::s7 {

/// Tells what an answer to a read of the system status list says of the module: its order number and firmware
/// (list 0x0011), its names and serial numbers (0x001c). `data`: from the return code on. False where it does
/// not fit.
bool tell_status_list(ByteReader data, Heard& heard, Observer& out);

}  // namespace bedrail::s7
