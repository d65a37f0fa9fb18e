#pragma once

#include <string_view>

#include "dissect/observer.h"

namespace bedrail::http {

/// Says what a printer's answer (RFC 8010) tells of it: make and model, IEEE 1284 device id, name, place,
/// serial number, firmware (PWG 5100.13). Of a print server's queue (`queue`) only that it is one: its words
/// are the printer's behind it. Attributes of jobs are not read: they name people and documents. False where
/// the message is malformed; `whole` says whether all of it is there.
bool describe_printer(std::string_view body, bool whole, bool queue, const Party& who, Observer& out);

}  // namespace bedrail::http
