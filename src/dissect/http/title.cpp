#include "dissect/http/title.h"

#include <algorithm>
#include <span>
#include <vector>

#include "base/text.h"

namespace bedrail::http {
namespace {

// In lower case. The rules of knowledge/rules/http_pages.tsv read no title without one of these words; a test
// of the rules holds that.

/// Software that shows patients, and what its makers call its parts: nothing else of such a title stays.
constexpr std::string_view kClinical[] = {
    "bahmni",     "cardiology", "carestream",   "centricity",   "chart",      "clinical",    "dcm4chee",
    "dicom",      "ehr",        "emr",          "epic",         "epr",        "fhir",        "haiku",
    "hyperspace", "impax",      "inteleviewer", "intellispace", "intellivue", "isite",       "merge",
    "mobility",   "muse",       "openemr",      "openmrs",      "orthanc",    "oviyam",      "pacs",
    "patient",    "patients",   "picix",        "ris",          "sectra",     "study",       "synapse",
    "syngo",      "teamplay",   "viewer",       "vna",          "vue",        "weasis",      "worklist",
    "xero",       "ohif",       "osirix",       "clearcanvas",  "radiology",  "healthshare", "ensemble"};
/// What stands in the names of such software beside those words.
constexpr std::string_view kBeside[] = {
    "arc",       "cardiovascular", "center",     "connect", "explorer",     "information",
    "ix",        "login",          "management", "motion",  "nx",           "pic",
    "portal",    "server",         "universal",  "via",     "web",          "philips",
    "ge",        "siemens",        "fujifilm",   "agfa",    "healthineers", "healthcare",
    "enterprise"};
/// Words of other products' pages, or how these begin: "nport5110", "idrac9".
constexpr std::string_view kProducts[] = {"3cx",           "access point", "adsl",
                                          "airos",         "alaris",       "allen",
                                          "andover",       "apache",       "apc",
                                          "aten",          "axis",         "baxter",
                                          "big",           "bizhub",       "braun",
                                          "broadband",     "brother",      "camera",
                                          "centreware",    "check",        "cisco",
                                          "citrix",        "cloverleaf",   "compactlogix",
                                          "configuration", "connectups",   "control",
                                          "crestron",      "dd",           "delta",
                                          "desigo",        "designjet",    "deskjet",
                                          "digi",          "diskstation",  "domoticz",
                                          "dsl",           "dvr",          "eaton",
                                          "ecosys",        "ecostruxure",  "edgeos",
                                          "elastix",       "embedded",     "epson",
                                          "esxi",          "factorycast",  "firewall",
                                          "forti",         "freenas",      "freepbx",
                                          "fritz",         "gateway",      "globalprotect",
                                          "grafana",       "grandstream",  "home assistant",
                                          "hospira",       "hp",           "hpe",
                                          "hue",           "icinga",       "idrac",
                                          "iguana",        "iis",          "ilo",
                                          "image",         "imagerunner",  "imageclass",
                                          "infusion",      "integrated",   "interface",
                                          "ip phone",      "ipcam",        "ipmi",
                                          "jace",          "kibana",       "lantronix",
                                          "laserjet",      "lede",         "lexmark",
                                          "librenms",      "lifecare",     "lights",
                                          "live view",     "luci",         "management",
                                          "medfusion",     "megarac",      "metasys",
                                          "micrologix",    "microsoft",    "miniweb",
                                          "mirth",         "modem",        "modicon",
                                          "monitor",       "moxa",         "nagios",
                                          "navicare",      "netscaler",    "netsurveillance",
                                          "network",       "nexus",        "nextgen",
                                          "niagara",       "nport",        "nvr",
                                          "observium",     "officejet",    "omnicell",
                                          "openhab",       "openwrt",      "opnsense",
                                          "pagescope",     "pagewide",     "palo",
                                          "pfsense",       "pharmguard",   "phaser",
                                          "phone",         "plum",         "polycom",
                                          "printer",       "proxmox",      "prtg",
                                          "pump",          "pyxis",        "qnap",
                                          "rauland",       "recorder",     "remote",
                                          "responder",     "rhapsody",     "rockwell",
                                          "router",        "schneider",    "server",
                                          "sigma",         "simatic",      "sip",
                                          "snom",          "sonicwall",    "sophos",
                                          "space",         "spectrum",     "swisslog",
                                          "switch",        "symbiq",       "synology",
                                          "tac",           "taskalfa",     "tomato",
                                          "tracer",        "translogic",   "trendnet",
                                          "tridium",       "trixbox",      "truenas",
                                          "unifi",         "ups",          "vcenter",
                                          "versalink",     "virtual",      "vmware",
                                          "vocera",        "vsphere",      "wago",
                                          "web",           "webadmin",     "webctrl",
                                          "wireless",      "wlan",         "workcentre",
                                          "altalink",      "xclarity",     "xerox",
                                          "yealink",       "zabbix",       "zebra",
                                          "ztc",           "aficio",       "tasmota",
                                          "asterisk",      "konica",       "kyocera",
                                          "ricoh",         "canon",        "s7",
                                          "1756",          "turbo nas",    "wi-fi",
                                          "1769",          "tomcat",       "nginx",
                                          "netgear",       "mikrotik",     "routeros",
                                          "ubiquiti",      "plesk",        "login",
                                          "welcome",       "index",        "device",
                                          "system",        "admin",        "console",
                                          "controller",    "setup"};
/// Words that stand beside what is a person's.
constexpr std::string_view kPersonal[] = {"mrn",  "dob", "born", "birth", "ssn", "nhs",
                                          "name", "mr",  "mrs",  "ms",    "dr"};

constexpr std::string_view kSeparators[] = {" - ",
                                            " -- ",
                                            "\xe2\x80\x93",
                                            "\xe2\x80\x94",
                                            "\xc2\xb7",
                                            "\xc2\xbb",
                                            "\xe2\x80\xa2",
                                            "|",
                                            ": ",
                                            ";",
                                            ">",
                                            "<",
                                            " / ",
                                            "("};

bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c & 0x80) != 0; }

bool one_of(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// The words of `text` (in lower case), as views into it.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_word(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_word(text[end])) ++end;
    out.push_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

bool is_clinical(std::string_view word) { return one_of(kClinical, word); }

/// The words of the software's name as they stand in `title`, and nothing between them but a mark or a blank.
std::string software_of(std::string_view title, std::string_view lower) {
  std::string out;
  std::size_t last = 0;
  for (const std::string_view word : words_of(lower)) {
    // "Patient" tells what the page is about, not what serves it.
    if (word.starts_with("patient") || (!is_clinical(word) && !one_of(kBeside, word))) continue;
    const auto at = static_cast<std::size_t>(word.data() - lower.data());
    if (!out.empty()) out += at - last == 1 ? title.substr(last, 1) : " ";
    out += title.substr(at, word.size());
    last = at + word.size();
  }
  return out;
}

bool names_product(std::string_view lower) {
  for (const std::string_view known : kProducts) {
    for (std::size_t at = lower.find(known); at != std::string_view::npos; at = lower.find(known, at + 1)) {
      if (at == 0 || !is_word(lower[at - 1])) return true;
    }
  }
  return false;
}

/// A caret between names (HL7, DICOM), "Doe, Jane" (but "Systems, Inc."), a number as long as a patient's.
bool holds_person(std::string_view lower) {
  const std::size_t comma = lower.find(", ");
  if (lower.find('^') != std::string_view::npos ||
      (comma != std::string_view::npos && !lower.substr(comma + 2).starts_with("inc")))
    return true;
  for (const std::string_view word : words_of(lower)) {
    const auto digits = std::count_if(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (one_of(kPersonal, word) || (digits >= 6 && digits == static_cast<std::ptrdiff_t>(word.size())))
      return true;
  }
  return false;
}

/// The first separator in `text` at or behind `from`: where it begins and ends.
std::pair<std::size_t, std::size_t> next_separator(std::string_view text, std::size_t from) {
  std::pair<std::size_t, std::size_t> out{text.size(), text.size()};
  for (const std::string_view mark : kSeparators) {
    const std::size_t at = text.find(mark, from);
    if (at < out.first) out = {at, at + mark.size()};
  }
  return out;
}

}  // namespace

std::string public_title(std::string_view title) {
  const std::string lower = to_lower(title);
  const std::vector<std::string_view> words = words_of(lower);
  if (std::any_of(words.begin(), words.end(), is_clinical)) return software_of(title, lower);
  std::string out;
  std::size_t kept = 0;  // where the part that was kept last ends
  for (std::size_t from = 0; from < title.size();) {
    const auto [end, next] = next_separator(lower, from);
    const std::string_view part = std::string_view(lower).substr(from, end - from);
    if (names_product(part) && !holds_person(part)) {
      // Parts that stood beside each other keep what stood between them.
      if (!out.empty()) out += kept > 0 && from > kept ? title.substr(kept, from - kept) : " ";
      out += title.substr(from, end - from);
      kept = end;
    } else {
      kept = 0;
    }
    from = next;
  }
  return std::string(trim(out));
}

}  // namespace bedrail::http
