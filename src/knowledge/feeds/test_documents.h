#pragma once

#include <string_view>

namespace bedrail::test {

// Small documents of each kind; what they name does not exist.

constexpr std::string_view kNvdPage =
    R"({"resultsPerPage":2,"format":"NVD_CVE","version":"2.0","timestamp":"2024-06-01T10:00:00.000",
"vulnerabilities":[
 {"cve":{"id":"CVE-2024-0100","lastModified":"2024-05-02T03:04:05.678","published":"2024-01-01T00:00:00.000","vulnStatus":"Analyzed",
  "descriptions":[{"lang":"en","value":"the password is swordfish"}],"cisaVulnerabilityName":"Pump Weakness",
  "metrics":{"cvssMetricV31":[{"source":"nvd@nist.gov","type":"Primary","cvssData":{"version":"3.1","vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H","baseScore":9.8}}],
             "cvssMetricV2":[{"source":"nvd@nist.gov","cvssData":{"version":"2.0","vectorString":"AV:N/AC:L/Au:N/C:C/I:C/A:C","baseScore":10.0}}]},
  "weaknesses":[{"source":"nvd@nist.gov","description":[{"lang":"en","value":"CWE-306"}]},{"description":[{"value":"CWE-306"},{"value":"NVD-CWE-Other"}]}],
  "configurations":[
   {"operator":"AND","nodes":[
     {"operator":"OR","negate":false,"cpeMatch":[{"vulnerable":true,"criteria":"cpe:2.3:o:maker_inc:pump_one_firmware:*:*:*:*:*:*:*:*","versionStartIncluding":"1.0","versionEndExcluding":"2.5"}]},
     {"operator":"OR","negate":false,"cpeMatch":[{"vulnerable":false,"criteria":"cpe:2.3:h:maker_inc:pump_one:-:*:*:*:*:*:*:*"}]}]},
   {"nodes":[{"operator":"OR","cpeMatch":[
     {"vulnerable":true,"criteria":"cpe:2.3:a:maker_inc:viewer:3.1:sp1:*:*:pro:windows:*:*"},
     {"vulnerable":true,"criteria":"cpe:2.3:a:maker_inc:viewer\\:x:*:*:*:*:*:*:*:*","versionStartExcluding":"4","versionEndIncluding":"5"}]}]}]}},
 {"cve":{"id":"CVE-2024-0101","lastModified":"2024-05-03T00:00:00.000","vulnStatus":"Rejected"}}]})";

constexpr std::string_view kCveRecord = R"({"dataType":"CVE_RECORD","dataVersion":"5.1",
"cveMetadata":{"cveId":"CVE-2024-0200","state":"PUBLISHED","datePublished":"2024-01-02T00:00:00.000Z","dateUpdated":"2024-02-03T04:05:06.789Z"},
"containers":{"cna":{"title":"Monitor lets all in","providerMetadata":{"shortName":"maker"},
  "descriptions":[{"lang":"en","value":"d"}],
  "affected":[
   {"vendor":"Maker","product":"Monitor","defaultStatus":"unaffected","versions":[
     {"version":"0","status":"affected","lessThan":"3.0","versionType":"custom"},
     {"version":"4.0","status":"affected","lessThanOrEqual":"5.0","changes":[{"at":"4.2","status":"unaffected"}]},
     {"version":"7","status":"affected"}]},
   {"vendor":"Maker","product":"Gateway","platforms":["Windows","Linux"],"modules":["web"]}],
  "metrics":[{"format":"CVSS","cvssV4_0":{"version":"4.0","vectorString":"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N","baseScore":9.3}}],
  "problemTypes":[{"descriptions":[{"lang":"en","cweId":"CWE-306","description":"x"}]}],
  "solutions":[{"lang":"en","value":"Install 5.1"}],"workarounds":[{"lang":"en","value":"Unplug"}]},
 "adp":[{"title":"CISA ADP Vulnrichment","providerMetadata":{"shortName":"CISA-ADP"},
  "affected":[{"vendor":"maker","product":"monitor_firmware","cpes":["cpe:2.3:o:maker:monitor_firmware:*:*:*:*:*:*:*:*"],"defaultStatus":"unknown","versions":[{"version":"0","status":"affected","lessThan":"*"}]}],
  "metrics":[{"other":{"type":"ssvc","content":{"options":[{"Exploitation":"poc"},{"Automatable":"yes"},{"Technical Impact":"total"}]}}}]}]}})";

constexpr std::string_view kKev =
    R"({"title":"Catalog","catalogVersion":"2024.06.01","dateReleased":"2024-06-01T12:00:00.0000Z","count":1,
"vulnerabilities":[{"cveID":"CVE-2024-0100","vendorProject":"Maker","product":"Pump","vulnerabilityName":"Pump Weakness","dateAdded":"2024-05-30",
 "requiredAction":"Apply it","dueDate":"2024-06-20","knownRansomwareCampaignUse":"Known"}]})";

constexpr std::string_view kEpss =
    "#model_version:v2023.03.01,score_date:2024-06-01T00:00:00+0000\ncve,epss,percentile\nCVE-2024-0100,0.5,"
    "0.97\r\nCVE-2024-0200,0.00042,0.05\n";

constexpr std::string_view kIcsAdvisories =
    R"(ICS-CERT_Number,ICS-CERT_Advisory_Title,Vendor,Product,Products_Affected,CVE_Number,Original_Release_Date,Last_Updated
ICSMA-24-001-01,Maker Pump,Maker,Pump One,"Pump One <2.0 | Pump Two <=1,5","CVE-2024-0400, CVE-2024-0401",1/2/2024,8/20/2024
ICSMA-24-001-02,Maker Bed,Maker,Bed,Bed,None,1/2/2024,
)";

constexpr std::string_view kProductFile = R"(---
title: Ward OS
permalink: /ward-os
releaseLabel: "Ward OS __RELEASE_CYCLE__"
identifiers:
  - cpe: cpe:/o:ward:os

releases:
  # the newest first
  - releaseCycle: "2"
    releaseLabel: "Ward OS Two"
    releaseDate: 2020-01-02
    eoas: 2024-01-01 # active support
    eol: 2026-01-01
    eoes: false
    latest: '2.7'
    identifiers:
      - eol: 1999-01-01

  - releaseCycle: "1"
    eol: true
---
> Text that is not read
)";

constexpr std::string_view kReleasesAnswer =
    R"({"schema_version":"1.0.0","generated_at":"2024-06-01T00:00:00+00:00","result":{"name":"ward-os","releases":[
 {"name":"2","label":"Two","releaseDate":"2020-01-02","isEoas":true,"eoasFrom":"2024-01-01","isEol":false,"eolFrom":"2026-01-01","isEoes":false,"eoesFrom":null,"latest":{"name":"2.7"}}]}})";

constexpr std::string_view kBill =
    R"({"bomFormat":"CycloneDX","specVersion":"1.5","serialNumber":"urn:uuid:1","version":1,
"metadata":{"timestamp":"2024-06-01T00:00:00Z","component":{"bom-ref":"device","type":"device","name":"Monitor M","version":"2.0","supplier":{"name":"Maker"}}},
"components":[{"bom-ref":"stack","type":"library","name":"Net Stack","version":"6.6","publisher":"Stack Inc","purl":"pkg:generic/net-stack@6.6","cpe":"cpe:2.3:a:stack:net_stack:6.6:*:*:*:*:*:*:*",
  "components":[{"type":"library","name":"inner","version":"1"}]}],
"vulnerabilities":[
 {"id":"CVE-2024-0300","ratings":[{"method":"CVSSv31","vector":"AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H","score":9.8,"source":{"name":"us"}},{"method":"other","score":1}],"cwes":[120],
  "analysis":{"state":"not_affected","justification":"code_not_reachable"},"affects":[{"ref":"urn:cdx:1/1#stack"}]},
 {"id":"CVE-2024-0301","recommendation":"Update","analysis":{"state":"exploitable"},"affects":[{"ref":"device","versions":[{"range":"vers:generic/<2.0"},{"version":"2.1","status":"unaffected"}]}]},
 {"id":"CVE-2024-0302","analysis":{"state":"in_triage"},"affects":[{"ref":"device"}]}]})";

}  // namespace bedrail::test
