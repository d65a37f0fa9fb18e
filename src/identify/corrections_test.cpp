// What a site says of its devices stands before what was concluded of them.
#include "identify/corrections.h"

#include <doctest/doctest.h>

#include "facts.h"
#include "identify/identify.h"
#include "knowledge_folder.h"

namespace bedrail {

using namespace test;  // NOLINT(google-build-using-namespace): the builders are the language of these tests

namespace {

Correction correction(Correction::On on, std::string key, std::string is, std::string attribute,
                      std::string value, std::string because = "its label") {
  Correction out{"",
                 on,
                 std::move(key),
                 std::move(is),
                 std::move(attribute),
                 std::move(value),
                 std::move(because),
                 "2026-11-01",
                 false};
  out.id = correction_id(out);
  return out;
}

/// A pump by its own words, of a maker, a model and a firmware.
DeviceFacts pump() {
  DeviceFacts facts = some_device();
  with_mac(facts, "00:00:63:00:00:01");
  add_clue(facts, 12, "dhcp.vendor-class", "Pump 5.1");
  add_clue(facts, 14, "dicom.model", "Infuser 7");
  return facts;
}

AssessedDevice corrected(const DeviceFacts& facts, const std::vector<Correction>& corrections) {
  KnowledgeFolder folder;
  folder.put_site(kCorrectionsFile, corrections_table(corrections, "n"));
  const auto knowledge = folder.load();
  REQUIRE_MESSAGE(knowledge, knowledge.error().message);
  return identify(facts, **knowledge, from_civil(2024, 6, 1));
}

}  // namespace

TEST_CASE("corrections: a device by its MAC; what was stated stands as a conflict") {
  const Correction c = correction(Correction::On::kMac, "", "00:00:63:00:00:01", "type", "printer");
  const AssessedDevice device = corrected(pump(), {c});
  REQUIRE(device.type);
  CHECK(device.type->value == "printer");
  CHECK(device.type->confidence == 0.99);
  REQUIRE(device.type->evidence.size() == 1);
  CHECK(device.type->evidence[0].protocol == "correction");
  CHECK(device.type->evidence[0].value == "corrected by the site: its label (2026-11-01)");
  CHECK(device.type->evidence[0].frame == 1);
  CHECK(device.type->rules[0].rule == c.id);
  REQUIRE(device.type->conflicts.size() == 1);
  CHECK(device.type->conflicts[0].value == "pump");
  // What follows from the kind follows the corrected one.
  CHECK(device.category->value == "it");
  CHECK(!device.bedside);
  CHECK(corrected(pump(), {correction(Correction::On::kMac, "", "00:00:63:00:00:02", "type", "printer")})
            .type->value == "pump");
}

TEST_CASE("corrections: what is said of one device wins over what is said of its siblings") {
  const Correction own = correction(Correction::On::kDevice, "", "dev-0000000000000001", "firmware", "9"),
                   all = correction(Correction::On::kRule, "", "class", "firmware", "8");
  CHECK(corrected(pump(), {own, all}).firmware->value == "9");
  CHECK(corrected(pump(), {all, own}).firmware->value == "9");
  CHECK(corrected(pump(), {all}).firmware->value == "8");
}

TEST_CASE("corrections: siblings are known by a model, a clue or a rule") {
  const auto department = [](const Correction& c) {
    const auto value = corrected(pump(), {c}).department;
    return value ? value->value : "-";
  };
  const AssessedDevice plain = corrected(pump(), {});
  REQUIRE(plain.vendor);
  REQUIRE(plain.model);
  CHECK(department(correction(Correction::On::kModel, plain.vendor->value, plain.model->value, "department",
                              "ICU")) == "ICU");
  CHECK(department(correction(Correction::On::kModel, "Other", plain.model->value, "department", "ICU")) ==
        "-");
  CHECK(department(correction(Correction::On::kClue, "dhcp.vendor-class", "Pump 5.1", "department", "ICU")) ==
        "ICU");
  CHECK(department(correction(Correction::On::kClue, "dhcp.vendor-class", "Pump 5.2", "department", "ICU")) ==
        "-");
  CHECK(department(correction(Correction::On::kRule, "", "class", "department", "ICU")) == "ICU");
  CHECK(department(correction(Correction::On::kRule, "", "title", "department", "ICU")) == "-");
  // Corrections are held against what was concluded, not against one another.
  const Correction renamed =
      correction(Correction::On::kMac, "", "00:00:63:00:00:01", "model", "Something else");
  const Correction by_model =
      correction(Correction::On::kModel, plain.vendor->value, plain.model->value, "department", "ICU");
  CHECK(corrected(pump(), {renamed, by_model}).department->value == "ICU");
}

TEST_CASE("corrections: a system brings its support; a silent device can be named") {
  const AssessedDevice device =
      corrected(some_device(),
                {correction(Correction::On::kDevice, "", "dev-0000000000000001", "os", "Windows 7"),
                 correction(Correction::On::kDevice, "", "dev-0000000000000001", "type", "ct-scanner", "")});
  REQUIRE(device.os);
  CHECK(device.os->value.family == "Windows");
  CHECK(device.os->value.support == "unsupported");
  CHECK(device.os->value.end_of_support == "2020-01-14");
  CHECK(device.type->value == "ct-scanner");
  CHECK(device.type->evidence[0].value == "corrected by the site (2026-11-01)");
  CHECK(device.category->value == "medical");
}

}  // namespace bedrail
