#pragma once

#include <string_view>

#include "dissect/http/call.h"
#include "dissect/observer.h"

namespace bedrail::http {

/// Says what a printer's answer (RFC 8010) tells of it: make and model, IEEE 1284 device id, name, place,
/// serial number, firmware (PWG 5100.13). Only of one that answers as the printer itself: a print server's
/// words are the printers' behind it. Attributes of jobs are not read: they name people and documents. False
/// where the message is malformed; `whole` says whether all of it is there.
bool describe_printer(std::string_view body, bool whole, Call::Printer printer, const Party& who,
                      Observer& out);

}  // namespace bedrail::http
