#include "knowledge/feeds/feed_kinds.h"

#include <array>

namespace bedrail {
namespace {

constexpr std::string_view kJson[] = {".json"};
constexpr std::string_view kCsv[] = {".csv"};
constexpr std::string_view kReleases[] = {".md", ".json"};

constexpr std::array kKinds = {
    FeedKind{"csaf", "advisories and VEX in CSAF 2.0", false, true, kJson, read_csaf},
    FeedKind{"icsadvisories", "the ICS Advisory Project's table of CISA's advisories (CSV)", false, true,
             kCsv, read_ics_advisories},
    FeedKind{"nvd", "NVD's CVE JSON 2.0: pages of its interface, yearly files", false, true, kJson, read_nvd},
    FeedKind{"cve", "CVE records in JSON 5: the CVE list, CISA's vulnrichment", false, true, kJson,
             read_cve_records},
    FeedKind{"kev", "CISA's catalog of known exploited vulnerabilities (JSON)", true, true, kJson, read_kev},
    FeedKind{"epss", "FIRST's daily table of EPSS scores (CSV)", true, true, kCsv, read_epss},
    FeedKind{"endoflife", "endoflife.date's product files, or answers of its interface", false, true,
             kReleases, read_endoflife},
    FeedKind{"cyclonedx", "bills of materials and VEX in CycloneDX 1.4 to 1.6 (JSON)", false, false, kJson,
             read_cyclonedx},
};

}  // namespace

std::span<const FeedKind> feed_kinds() { return kKinds; }

const FeedKind* feed_kind(std::string_view name) {
  for (const FeedKind& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

}  // namespace bedrail
