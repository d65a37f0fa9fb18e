#pragma once

#include "dissect/dissector.h"

namespace bedrail::tls {

/// Sure of a hello; of alerts and of encrypted records in a stream whose start was missed only as far as they
/// fit.
Recognition recognise(const Probe& probe);

}  // namespace bedrail::tls
