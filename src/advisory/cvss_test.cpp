#include "advisory/cvss.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace bedrail;

namespace {

Cvss of(std::string_view vector) {
  auto cvss = Cvss::parse(vector);
  REQUIRE_MESSAGE(cvss.has_value(), vector << ": " << (cvss ? "" : cvss.error().message));
  return *cvss;
}

std::string fault(std::string_view vector) {
  const auto cvss = Cvss::parse(vector);
  return cvss ? "none" : cvss.error().message;
}

}  // namespace

// FIRST.Org, Inc.: CVSS v3.1 Examples.
TEST_CASE("cvss: the examples of version 3.1") {
  const std::vector<std::pair<std::string_view, double>> examples = {
      {"AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4},  // CVE-2013-0375
      {"AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1},  // CVE-2014-3566
      {"AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", 9.9},  // CVE-2012-1516
      {"AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L", 4.2},  // CVE-2009-0783
      {"AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 8.8},  // CVE-2012-0384
      {"AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", 7.8},  // CVE-2015-1098
      {"AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5},  // CVE-2014-0160
      {"AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8},  // CVE-2014-6271
      {"AV:N/AC:H/PR:N/UI:N/S:C/C:N/I:H/A:N", 6.8},  // CVE-2008-1447
      {"AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 6.8},  // CVE-2014-2005
      {"AV:N/AC:L/PR:N/UI:N/S:C/C:L/I:N/A:N", 5.8},  // CVE-2010-0467
      {"AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:L/A:N", 5.8},  // CVE-2012-1342
      {"AV:A/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:H", 9.3},  // CVE-2013-6014
      {"AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1},  // CVE-2013-1937
      {"AV:A/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 8.8},  // CVE-2011-1265
      {"AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N", 4.6},  // CVE-2014-2019
      {"AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", 8.8},  // CVE-2015-0970
      {"AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:N", 7.4},  // CVE-2014-0224
      {"AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H", 9.6},  // CVE-2012-5376
      {"AV:N/AC:H/PR:N/UI:R/S:U/C:H/I:H/A:N", 6.8},  // CVE-2016-0128
      {"AV:N/AC:H/PR:N/UI:R/S:U/C:H/I:H/A:H", 7.5},  // CVE-2016-2118
      {"AV:L/AC:L/PR:H/UI:N/S:C/C:H/I:H/A:H", 8.2},  // CVE-2016-5729
      {"AV:L/AC:L/PR:H/UI:N/S:U/C:N/I:H/A:H", 6.0},  // CVE-2015-2890
      {"AV:P/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 7.6},  // CVE-2018-3652
      {"AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N", 5.4}, {"AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0},
      {"AV:N/AC:L/PR:N/UI:N/S:C/C:L/I:L/A:L", 8.3}, {"AV:N/AC:L/PR:H/UI:N/S:C/C:L/I:L/A:L", 6.6}};
  for (const auto& [vector, score] : examples) {
    CAPTURE(vector);
    CHECK(of("CVSS:3.1/" + std::string(vector)).base_score() == doctest::Approx(score));
    CHECK(of("CVSS:3.0/" + std::string(vector)).base_score() == doctest::Approx(score));
  }
}

// A complete guide to CVSS version 2.0, 3.3: base, temporal and environmental scores.
TEST_CASE("cvss: the examples of version 2.0") {
  struct Row {
    std::string_view base, threat, environment;
    double scores[3];
  };
  for (const Row& row : std::vector<Row>{
           {"AV:N/AC:L/Au:N/C:N/I:N/A:C", "/E:F/RL:OF/RC:C", "/CDP:H/TD:H/CR:M/IR:M/AR:H", {7.8, 6.4, 9.2}},
           {"AV:N/AC:L/Au:N/C:C/I:C/A:C", "/E:F/RL:OF/RC:C", "/CDP:H/TD:H/CR:M/IR:M/AR:L", {10.0, 8.3, 9.0}},
           {"AV:L/AC:H/Au:N/C:C/I:C/A:C",
            "/E:POC/RL:OF/RC:C",
            "/CDP:H/TD:H/CR:M/IR:M/AR:M",
            {6.2, 4.9, 7.5}}}) {
    const std::string vector = std::string(row.base) + std::string(row.threat) + std::string(row.environment);
    CAPTURE(vector);
    const Cvss cvss = of(vector);
    CHECK(cvss.base_score() == doctest::Approx(row.scores[0]));
    CHECK(cvss.threat_score() == doctest::Approx(row.scores[1]));
    CHECK(cvss.score() == doctest::Approx(row.scores[2]));
    CHECK(cvss.nomenclature() == "CVSS-BTE");
    CHECK(of("(" + std::string(row.base) + ")").score() == doctest::Approx(row.scores[0]));
    CHECK(of(std::string(row.base) + "/E:ND/RL:ND/RC:ND/CDP:ND/TD:ND/CR:ND/IR:ND/AR:ND").score() ==
          doctest::Approx(row.scores[0]));
  }
}

// FIRST.Org, Inc.: CVSS v4.0 Examples; the last ones are results of the calculator of version 4.0.
TEST_CASE("cvss: the examples of version 4.0") {
  const std::vector<std::pair<std::string_view, double>> examples = {
      {"AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.3},      // CVE-2022-41741
      {"AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.7},      // CVE-2020-3549
      {"AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U", 5.2},  // CVE-2020-3549
      {"AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:P", 6.8},
      {"AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N", 8.3},  // CVE-2023-3089
      {"AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N/CR:H/IR:L/AR:L/MAV:N/MAC:H/MVC:H/MVI:L/MVA:L",
       8.1},
      {"AV:L/AC:L/AT:N/PR:N/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N", 4.6},  // CVE-2021-44714
      {"AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N", 5.1},  // CVE-2022-21830
      {"AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N", 6.9},  // CVE-2022-22186
      {"AV:L/AC:L/AT:N/PR:H/UI:N/VC:N/VI:N/VA:N/SC:H/SI:N/SA:N", 5.9},  // CVE-2023-21989
      {"AV:L/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 9.4},  // CVE-2020-3947
      {"AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:H/SI:H/SA:H", 9.3},  // CVE-2023-48228
      {"AV:P/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:H/SA:N/S:P/V:D",
       8.3},  // CVE-2023-30560, an infusion pump
      {"AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N/E:A", 8.7},   // CVE-2014-0160
      {"AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:A", 10.0},  // CVE-2021-44228
      {"AV:N/AC:H/AT:P/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.2},
      {"AV:N/AC:H/AT:P/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:P", 8.2},
      {"AV:N/AC:H/AT:P/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:P/MAC:L/MAT:N/MVC:N/MVI:N/MVA:L", 5.5},
      {"AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:A", 9.3},  // CVE-2014-6271
      {"AV:A/AC:L/AT:N/PR:N/UI:N/VC:N/VI:L/VA:N/SC:H/SI:N/SA:H", 6.4},      // CVE-2013-6014
      {"AV:L/AC:L/AT:N/PR:H/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/R:I", 9.3},  // CVE-2016-5729
      {"AV:L/AC:L/AT:P/PR:H/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/R:I", 8.7},  // CVE-2015-2890
      {"AV:P/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 8.6},      // CVE-2018-3652
      {"AV:N/AC:L/AT:N/PR:L/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N", 7.1},
      {"AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N", 8.2},
      {"AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:L", 8.7},
      {"AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:L/E:U", 6.6},
      {"AV:A/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N/MSI:S/S:P", 9.7},
      {"AV:A/AC:H/AT:P/PR:L/UI:P/VC:L/VI:H/VA:L/SC:L/SI:H/SA:L/E:P/CR:M/IR:L/AR:M/MAV:N/MAC:H/MAT:P/MPR:L/"
       "MUI:P/"
       "MVC:L/MVI:H/MVA:L/MSC:H/MSI:L/MSA:L/S:N/AU:N/R:U/V:D/RE:L/U:Green",
       4.9},
      {"AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:L/SC:H/SI:N/SA:L", 7.8},
      {"AV:N/AC:L/AT:N/PR:N/UI:P/VC:H/VI:N/VA:L/SC:N/SI:H/SA:N", 8.3},
      {"AV:N/AC:L/AT:N/PR:L/UI:A/VC:L/VI:H/VA:H/SC:L/SI:H/SA:L", 8.3},
      {"AV:N/AC:L/AT:P/PR:H/UI:A/VC:N/VI:N/VA:N/SC:L/SI:N/SA:N", 1.8},
      {"AV:N/AC:H/AT:N/PR:L/UI:A/VC:L/VI:L/VA:N/SC:N/SI:N/SA:H", 4.3},
      {"AV:N/AC:H/AT:P/PR:N/UI:N/VC:L/VI:L/VA:H/SC:L/SI:N/SA:N", 8.3},
      {"AV:P/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:A", 7.3},
      {"AV:P/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:P", 5.9},
      {"AV:P/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:U", 4.1},
      {"AV:P/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/CR:H/IR:L/AR:M", 7.1},
      {"AV:P/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/CR:M/IR:M/AR:L", 5.5},
      {"AV:P/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/CR:L/IR:L/AR:L", 5.4},
      {"AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N/E:A", 0.0}};
  for (const auto& [vector, score] : examples) {
    CAPTURE(vector);
    CHECK(of("CVSS:4.0/" + std::string(vector)).score() == doctest::Approx(score));
  }
}

// Results of the calculator of version 4.0 that Red Hat keeps for FIRST: values of AV AC AT PR UI VC VI VA SC
// SI SA.
TEST_CASE("cvss: base scores of version 4.0 across its levels") {
  const std::string_view names[] = {"AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"};
  const std::vector<std::pair<std::string_view, double>> rows = {
      {"NLNNNLHLNHL", 9.2}, {"NLNNNLLNNLN", 6.9}, {"NLNNNLNHNHN", 9.2}, {"NLNNNNNNHLH", 7.9},
      {"NLNNPLNLNHN", 6.3}, {"NLNNPLNNLNL", 5.3}, {"NLNNAHHHNNN", 8.6}, {"NLNNAHHLNHN", 9.2},
      {"NLNNAHHNNLL", 8.5}, {"NLNNALLHHHL", 8.4}, {"NLNLNHLNHNL", 8.4}, {"NLNLNHNLNLN", 7.1},
      {"NLNLNLLNHLL", 6.4}, {"NLNLPHLLLLL", 7.0}, {"NLNLAHHHHNH", 9.3}, {"NLNLANHHNNL", 6.9},
      {"NLNHNHHLHHH", 9.3}, {"NLNHNLLLLLN", 5.1}, {"NLNHPLLNLNN", 4.8}, {"NLNHALHNNHN", 8.1},
      {"NLPNNHHHHNH", 9.5}, {"NLPNNHLLHLL", 9.1}, {"NLPNNHNLLNN", 8.3}, {"NLPNNNHNLNL", 8.2},
      {"NLPNPHHNHNL", 8.7}, {"NLPNPLHLLLL", 6.1}, {"NLPNPLLNHNN", 4.9}, {"NLPNAHHHHHN", 8.8},
      {"NLPNALLLLHH", 5.3}, {"NLPNANNNLNN", 2.1}, {"NLPLNHHLNNH", 8.7}, {"NLPLNLLLLHL", 5.3},
      {"NLPLPNHHHHN", 7.1}, {"NLPLAHHLLLL", 7.3}, {"NLPHNNLNLNN", 2.1}, {"NLPHPHHHLLH", 8.7},
      {"NLPHALLLHHL", 4.7}, {"NLPHANLLLNN", 1.8}, {"NHNNNHHNLHL", 9.4}, {"NHNNNNNNLLH", 7.0},
      {"NHNNPNHLHLH", 7.2}, {"NHNNALLNNNN", 2.1}, {"NHNLNHLHHHL", 7.3}, {"NHNLPHHHHLH", 8.8},
      {"NHNLPLNLNNN", 2.1}, {"NHNLAHHNNLL", 7.2}, {"NHNHNHHNNLH", 8.6}, {"NHNHPLLLHNL", 4.5},
      {"NHNHANNNNHN", 4.0}, {"NHPNNHHHHLN", 9.5}};
  for (const auto& [values, score] : rows) {
    std::string vector = "CVSS:4.0";
    for (std::size_t i = 0; i < std::size(names); ++i)
      vector += "/" + std::string(names[i]) + ":" + values[i];
    CAPTURE(vector);
    CHECK(of(vector).base_score() == doctest::Approx(score));
  }
}

TEST_CASE("cvss: version 3's threats and environment") {
  // Results of FIRST's calculator of version 3.1, and what the changed equation does to the same metrics.
  CHECK(of("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H/CR:M").score() == doctest::Approx(9.7));
  CHECK(of("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H/CR:M").score() == doctest::Approx(9.6));
  CHECK(of("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H/MAV:N").score() == doctest::Approx(10.0));
  CHECK(of("CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:H/MS:C").score() == doctest::Approx(9.1));
  const Cvss cvss = of("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:L/E:P/CR:L/IR:L/AR:L/MAV:P");
  CHECK(cvss_severity(cvss.base_score()) == "high");
  CHECK(cvss_severity(cvss.threat_score()) == "medium");
  CHECK(cvss_severity(cvss.score()) == "low");
  const Cvss none =
      of("CVSS:3.0/AV:P/AC:H/PR:N/UI:N/S:U/C:N/I:H/A:N/E:H/RC:U/CR:M/MAV:P/MAC:L/MUI:R/MC:N/MI:N");
  CHECK(cvss_severity(none.threat_score()) == "low");
  CHECK(none.score() == doctest::Approx(0.0));
  CHECK(of("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:F/RL:O/RC:C").score() == doctest::Approx(9.1));
  const auto nearer = of("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H").with("MAV", "A");
  REQUIRE(nearer.has_value());
  CHECK(nearer->score() == doctest::Approx(8.8));
  CHECK(nearer->base_score() == doctest::Approx(9.8));
  CHECK(nearer->nomenclature() == "CVSS-BE");
  CHECK(nearer->with("MAV", "X")->score() == doctest::Approx(9.8));
  CHECK_FALSE(nearer->with("MAV", "Q").has_value());
  CHECK_FALSE(nearer->with("AT", "N").has_value());
}

TEST_CASE("cvss: a vector in its order, without what is not defined") {
  CHECK(of("CVSS:3.1/S:U/C:L/I:L/A:L/AV:N/AC:L/PR:N/UI:N/E:X/MAV:A").vector() ==
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:L/MAV:A");
  CHECK(of("(AV:N/AC:L/Au:N/C:C/I:C/A:C)").vector() == "AV:N/AC:L/Au:N/C:C/I:C/A:C");
  CHECK(of("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N/E:X/U:Amber").vector() ==
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N/U:Amber");
  CHECK(of("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N/E:P").nomenclature() ==
        "CVSS-BT");
}

TEST_CASE("cvss: what is wrong with a vector") {
  CHECK(fault("") == "the CVSS vector is empty");
  CHECK(fault("CVSS:3.2/AV:N") == "\"CVSS:3.2\" is no version of CVSS that is known: 3.0, 3.1 and 4.0 are");
  CHECK(fault("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H") == "the metric A is missing");
  CHECK(fault("CVSS:3.1/AV:N/AV:N") == "the metric AV stands twice");
  CHECK(fault("CVSS:3.1/AV:Q") == "the metric AV has no value \"Q\": it is one of N|A|L|P");
  CHECK(fault("CVSS:3.1/AT:N") == "\"AT\" is no metric of this version");
  CHECK(fault("CVSS:3.1/AVN") == "\"AVN\" is no metric with a value");
  CHECK(fault("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/") == "\"\" is no metric with a value");
  CHECK(fault("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H") == "\"PR\" is no metric of this version");
  CHECK(fault("CVSS:4.0/AC:L/AV:N/AT:N/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N") ==
        "the metric AV stands out of order");
  CHECK(fault("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N/U:amber") ==
        "the metric U has no value \"amber\": it is one of X|Clear|Green|Amber|Red");
  CHECK(fault(std::string(513, 'A')) == "a CVSS vector has at most 512 bytes");
}

TEST_CASE("cvss: severities") {
  CHECK(cvss_severity(0.0) == "none");
  CHECK(cvss_severity(0.1) == "low");
  CHECK(cvss_severity(3.9) == "low");
  CHECK(cvss_severity(4.0) == "medium");
  CHECK(cvss_severity(6.9) == "medium");
  CHECK(cvss_severity(7.0) == "high");
  CHECK(cvss_severity(8.9) == "high");
  CHECK(cvss_severity(9.0) == "critical");
  CHECK(cvss_severity(10.0, CvssVersion::k2) == "high");
}

// A more severe value never lowers version 3's and 4's base score, whatever the others are.
TEST_CASE("cvss: the base score rises with each metric") {
  const std::string_view names[] = {"AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"};
  const std::string_view mildest_last[] = {"NALP", "LH",  "NP",  "NLH", "NPA", "HLN",
                                           "HLN",  "HLN", "HLN", "HLN", "HLN"};
  std::uint32_t seed = 1;
  std::size_t falls = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string vector = "CVSS:4.0", milder;
    const std::size_t changed = (seed >> 16) % std::size(names);
    for (std::size_t i = 0; i < std::size(names); ++i) {
      seed = seed * 1664525 + 1013904223;
      const std::string_view values = mildest_last[i];
      const std::size_t at = (seed >> 16) % (values.size() - (i == changed ? 1 : 0));
      if (i == changed) milder = values.substr(at + 1, 1);
      vector += "/" + std::string(names[i]) + ":" + values[at];
    }
    const Cvss cvss = of(vector);
    falls += cvss.with(names[changed], milder)->base_score() > cvss.base_score() + 1e-9;
  }
  CHECK(falls == 0);
}

// Every vector of the public medical advisories gives the score that its file states.
TEST_CASE("cvss: the scores of all medical advisories") {
  const char* shared = std::getenv("BEDRAIL_SHARED");
  std::ifstream file(std::string(shared != nullptr ? shared : "") + "/kb/advisories.tsv");
  if (!file) {
    MESSAGE("skipped: BEDRAIL_SHARED names no folder with kb/advisories.tsv");
    return;
  }
  std::size_t rows = 0, scored = 0, different = 0;
  std::map<std::string, int> unread;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> cells(1);
    for (const char c : line) c == '\t' ? (void)cells.emplace_back() : cells.back().push_back(c);
    if (cells.size() < 15) continue;
    ++rows;
    const auto cvss = Cvss::parse(cells[13]);
    if (!cvss) {
      if (unread[cells[13] + ": " + cvss.error().message]++ == 0)
        MESSAGE(cells[0] << " " << cells[9] << " " << cells[13] << ": " << cvss.error().message);
      continue;
    }
    ++scored;
    const double stated = std::strtod(cells[14].c_str(), nullptr);
    if (std::abs(cvss->base_score() - stated) < 0.01) continue;
    ++different;
    MESSAGE(cells[0] << " " << cells[9] << " " << cells[13] << " states " << stated << ", computed "
                     << cvss->base_score());
  }
  MESSAGE(rows << " rows, " << scored << " vectors read, " << different << " with another score");
  CHECK(rows == 1590);
  CHECK(different == 0);
}
