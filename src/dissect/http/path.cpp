#include "dissect/http/path.h"

#include <algorithm>

#include "base/text.h"
#include "net/address.h"

namespace bedrail::http {
namespace {

/// A path's beginning and how many further segments may be kept.
struct Known {
  std::string_view prefix;
  unsigned further = 0;
};

/// Lower case. Public interfaces of device families, in the words of their standards or makers' manuals.
constexpr Known kKnown[] = {{"/dicom-web", 0},    {"/dicomweb", 0},     {"/wado-rs", 0},
                            {"/wado", 0},         {"/qido-rs", 0},      {"/stow-rs", 0},
                            {"/fhir", 0},         {"/onvif", 1},        {"/isapi", 2},
                            {"/psia", 2},         {"/hnap1", 0},        {"/setup.xml", 0},
                            {"/cgi-bin", 1},      {"/axis-cgi", 2},     {"/vapix", 1},
                            {"/goform", 1},       {"/sdk", 0},          {"/description.xml", 0},
                            {"/upnp", 1},         {"/rootdesc.xml", 0}, {"/ipp", 1},
                            {"/escl", 1},         {"/hp/device", 1},    {"/devmgmt", 1},
                            {"/redfish", 1},      {"/wsman", 0},        {"/rmcp", 0},
                            {"/eventservice", 0}, {"/ssdp", 1},         {"/device.xml", 0},
                            {"/web-bin", 1},      {"/dvr", 1},          {"/tmpfs", 1},
                            {"/snapshot.jpg", 0}, {"/mjpg", 1},         {"/nph-cgi", 1},
                            {"/stmlfcgi", 0},     {"/jnlp", 0},         {"/webaccess", 0},
                            {"/zfp", 0},          {"/orthanc", 0},      {"/oviyam", 0},
                            {"/weasis", 0},       {"/dcm4chee", 0},     {"/dcm4chee-arc", 0}};

/// Short, of letters, few digits and "._-": a program's or an interface's name, not a person's number.
bool is_plain_segment(std::string_view segment) {
  if (segment.empty() || segment.size() > 32) return false;
  const auto digits =
      std::count_if(segment.begin(), segment.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits <= 2 && std::all_of(segment.begin(), segment.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
                  c == '_' || c == '-';
         });
}

bool is_name_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
         c == '_';
}

}  // namespace

Target split_target(std::string_view method, std::string_view target) {
  Target out;
  if (method == "CONNECT") {
    out.host = target;
    out.whole = true;
    return out;
  }
  const std::size_t scheme = target.find("://");
  if (!target.starts_with('/') && scheme != std::string_view::npos && scheme <= 8) {
    target.remove_prefix(scheme + 3);
    const std::size_t end = std::min(target.find_first_of("/?#"), target.size());
    out.host = target.substr(0, end);
    if (const std::size_t at = out.host.rfind('@'); at != std::string_view::npos)
      out.host.remove_prefix(at + 1);
    out.whole = true;
    target.remove_prefix(end);
    if (target.empty()) target = "/";
  }
  target = target.substr(0, target.find('#'));
  const std::size_t question = target.find('?');
  out.path = target.substr(0, question);
  if (question != std::string_view::npos) out.query = target.substr(question + 1);
  return out;
}

std::string_view device_path(std::string_view path) {
  // Some servers take the interface below a context ("/api/fhir"); only the beginning is read here.
  while (path.starts_with("//")) path.remove_prefix(1);
  path = path.substr(0, path.find(';'));
  for (const Known& known : kKnown) {
    if (!starts_with_ignoring_case(path, known.prefix)) continue;
    std::size_t end = known.prefix.size();
    if (end < path.size() && path[end] != '/') continue;
    for (unsigned i = 0; i < known.further && end < path.size(); ++i) {
      const std::size_t next = std::min(path.find('/', end + 1), path.size());
      if (!is_plain_segment(path.substr(end + 1, next - end - 1))) break;
      end = next;
    }
    return path.substr(0, end);
  }
  return {};
}

bool is_front_page(const Target& target) {
  if (!target.query.empty() || target.path.empty()) return false;
  const std::string_view page = target.path.substr(1);
  if (page.empty()) return true;
  if (page.find('/') != std::string_view::npos || !is_plain_segment(page)) return false;
  constexpr std::string_view kPages[] = {"index", "login", "logon",  "home",    "main", "default",
                                         "start", "setup", "status", "welcome", "top"};
  return std::any_of(std::begin(kPages), std::end(kPages),
                     [&](std::string_view known) { return starts_with_ignoring_case(page, known); });
}

std::string_view host_name(std::string_view host) {
  if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  host = host.substr(0, host.find(':'));
  if (host.empty() || host.size() > 253 || equals_ignoring_case(host, "localhost") || parse_ip(host))
    return {};
  const bool letters = std::any_of(host.begin(), host.end(),
                                   [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  return letters && std::all_of(host.begin(), host.end(), is_name_character) ? host : std::string_view{};
}

}  // namespace bedrail::http
