#pragma once

#include <string>
#include <string_view>

#include "dissect/observer.h"

namespace bedrail::http {

/// The text of <title> within `html` (a page's beginning), entities decoded; empty where it is not there
/// whole.
std::string page_title(std::string_view html);

/// Where the part of `xml` that describes its first device ends; npos where the end is not there yet.
std::size_t description_end(std::string_view xml);

/// Says what a device's own description in XML tells of `who`: a UPnP device description (UDA 1.1, 2.3), an
/// HNAP device settings answer, an ONVIF device information answer, an ISAPI device info, DPWS metadata
/// (DPWS 1.1, 5) or a WS-Management identification. False, and nothing said, for other XML.
bool describe_device(std::string_view xml, const Party& who, Observer& out);

}  // namespace bedrail::http
