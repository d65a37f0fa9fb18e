#include "identify/recog_votes.h"

#include <doctest/doctest.h>

#include "facts.h"
#include "identify/identify.h"
#include "knowledge/recog/table.h"
#include "knowledge_folder.h"

namespace bedrail {

using namespace test;  // NOLINT(google-build-using-namespace): the builders are the language of these tests

namespace {

std::string said(RecogFields fields, double certainty = 1) {
  std::string out;
  const RecogHit hit{"id", "source", certainty, std::move(fields)};
  for (const RecogStatement& s : recog_statements(hit, small_knowledge()))
    out += std::string(out.empty() ? "" : "; ") + std::string(to_string(s.trait)) + "=" + s.value;
  return out;
}

/// A knowledge with one imported fingerprint on SSH's banners.
std::unique_ptr<const Knowledge> knowledge_with(const std::string& pattern, std::vector<RecogParam> params) {
  const KnowledgeFolder folder;
  RecogFingerprint fingerprint{"recog-x",        "ssh.banner", pattern,          "",
                               "recog x.xml: x", 0.85,         std::move(params)};
  folder.put_site("recog.tsv", recog_table({fingerprint}, "note"));
  folder.put("rules/ours.tsv",
             "id\ton\trole\tpattern\tset\tconfidence\tsource\nours\tclue "
             "ssh.banner\t\tPump\tvendor=Acme\t0.7\ttest\n");
  auto out = folder.load();
  REQUIRE(out);
  return std::move(*out);
}

}  // namespace

TEST_CASE("recog votes: makers and kinds in our words, models as their maker's are called") {
  CHECK(said({{"hw.vendor", "acme corp."},
              {"hw.device", "Printer"},
              {"hw.product", "L 1"},
              {"hw.serial_number", "S"},
              {"hw.version", "2"}}) ==
        "vendor=Acme; type=printer; category=it; model=Acme L 1; serial=S; hardware=2");
  CHECK(said({{"hw.vendor", "the switchworks"}}) == "vendor=Switchworks");
  CHECK(said({{"hw.vendor", "Nobody's"}, {"hw.device", "Toaster"}, {"hw.model", "T"}}) ==
        "vendor=Nobody's; model=T");
  CHECK(said({{"hw.vendor", "Nobody's"}, {"os.vendor", "Nobody's"}, {"os.version", "7"}}) ==
        "vendor=Nobody's; firmware=7");
  CHECK(said({{"os.vendor", "ACME Corp."}, {"os.device", "Printer"}, {"os.product", "X 5"}}) ==
        "vendor=Acme; type=printer; category=it; model=Acme X 5");
  CHECK(said({{"os.vendor", "ACME Corp."}, {"os.device", "General"}}).empty());
  CHECK(said({{"service.vendor", "Acme"}, {"service.product", "Thing"}}).empty());
}

TEST_CASE("recog votes: systems that os_lifecycle.tsv knows, by their longest release") {
  CHECK(said({{"os.vendor", "Microsoft"}, {"os.product", "Windows 7"}, {"os.version", "Service Pack 1"}}) ==
        "os.family=Windows; os.product=Windows 7");
  CHECK(said({{"os.vendor", "X"}, {"os.product", "Linux"}, {"os.family", "Linux"}}) == "os.family=Linux");
  CHECK(said({{"os.product", "PumpOS"}, {"os.family", "PumpOS"}}).empty());
}

TEST_CASE("recog votes: what is uncertain counts for less") {
  const RecogHit hit{
      "id", "s", 0.85, {{"hw.vendor", "A"}, {"os.product", "Windows 7"}, {"os.certainty", "0.2"}}};
  const auto statements = recog_statements(hit, small_knowledge());
  REQUIRE(statements.size() == 3);
  CHECK(statements[0].confidence == doctest::Approx(0.65 * 0.85));
  CHECK(statements[1].confidence == doctest::Approx(0.6 * 0.2));
}

TEST_CASE("recog votes: an imported fingerprint states where nothing else does, and names itself") {
  const auto knowledge =
      knowledge_with("(?m-i)^Box", {{"hw.vendor", 0, "Boxes Inc"}, {"hw.product", 0, "Box"}});
  DeviceFacts facts = some_device();
  add_clue(facts, 4, "ssh.banner", "SSH-2.0-Box_1", Role::kServer);
  const AssessedDevice device = identify(facts, *knowledge, from_civil(2024, 6, 1));
  REQUIRE(device.vendor);
  CHECK(device.vendor->value == "Boxes Inc");
  CHECK(device.vendor->rules[0].rule == "recog-x");
  CHECK(device.vendor->evidence[0].frame == 4);
  CHECK(device.model->value == "Box");
}

TEST_CASE("recog votes: a rule of ours is not contradicted, however sure an imported one is") {
  const auto knowledge =
      knowledge_with("(?m-i)^Pump", {{"hw.vendor", 0, "Boxes Inc"}, {"hw.product", 0, "Box"}});
  DeviceFacts facts = some_device();
  add_clue(facts, 4, "ssh.banner", "SSH-2.0-Pump_1", Role::kServer);
  const AssessedDevice device = identify(facts, *knowledge, from_civil(2024, 6, 1));
  REQUIRE(device.vendor);
  CHECK(device.vendor->value == "Acme");
  CHECK(device.vendor->confidence == doctest::Approx(0.7));
  CHECK(device.vendor->conflicts.empty());
  CHECK(device.model->value == "Box");
}

}  // namespace bedrail
