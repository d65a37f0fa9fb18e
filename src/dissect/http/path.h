#pragma once

#include <string_view>

namespace bedrail::http {

/// A request's target (RFC 9112, 3.2) taken apart; views into it.
struct Target {
  std::string_view host;  ///< of a whole address or a CONNECT; may hold a port, never user and password
  std::string_view path;  ///< with its leading '/', without query and fragment
  std::string_view query;
  bool whole = false;  ///< "http://host/path" or CONNECT's "host:port": it was meant for a proxy
};
Target split_target(std::string_view method, std::string_view target);

/// The part of a path that tells what kind of device or medical interface answers, or nothing:
/// "/onvif/device_service",
/// "/dicom-web", "/cgi-bin/snapshot.cgi". Only from a closed list, and cut before anything that could name a
/// person, a patient, a study or a session.
std::string_view device_path(std::string_view path);

/// True for the pages a product shows to everybody (root, index, login, ...): only their titles are read,
/// because a page deeper in an application may have a patient's name in its title.
bool is_front_page(const Target& target);

/// A host name out of a Host field or target: without port; empty where it is an address or no name at all.
std::string_view host_name(std::string_view host);

}  // namespace bedrail::http
