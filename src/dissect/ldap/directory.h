#pragma once

#include <cstdint>

#include "dissect/observer.h"
#include "format/asn1.h"

namespace bedrail::ldap {

/// What a search's result tells of the server and, where it is a controller's answer, of the client's site.
struct Told {
  bool root = false;   ///< the entry is the root (no name): anyone may read it
  bool entry = false;  ///< it could be read
};

/// Reads a search result entry's body (RFC 4511, 4.5.2) and says what the root entry tells (RFC 4512, 5.1;
/// MS-ADTS 3.1.1.3.2). Other entries are people's and things' of the directory: nothing of them is told.
Told say_entry(asn1::Reader body, Observer& out);

/// Reads a search request's body: says the client's host name of a controller ping (MS-ADTS 6.3.3).
bool say_search(asn1::Reader body, Observer& out);

}  // namespace bedrail::ldap
