#include "knowledge/corrections.h"

#include <doctest/doctest.h>

#include "knowledge_folder.h"

namespace bedrail {
namespace {

Correction correction(Correction::On on, std::string key, std::string is, std::string attribute,
                      std::string value) {
  Correction out{
      "",          on,           std::move(key), std::move(is), std::move(attribute), std::move(value),
      "its label", "2026-11-01", false};
  out.id = correction_id(out);
  return out;
}

std::string fault(const Correction& correction) {
  const auto checked = check_correction(correction, test::small_knowledge());
  return checked ? "" : checked.error().message;
}

Result<std::vector<Correction>> parsed(const std::string& text) {
  const auto table = Tsv::parse("c.tsv", text, correction_columns());
  if (!table) return tl::unexpected(table.error());
  return corrections_of(*table);
}

}  // namespace

TEST_CASE("corrections: what is written is read as the same") {
  const std::vector<Correction> all = {
      correction(Correction::On::kMac, "", "00:11:22:33:44:55", "type", "pump"),
      correction(Correction::On::kModel, "Acme", "Infuser 7", "vendor", "Acme"),
      correction(Correction::On::kClue, "http.server", "Boa/0.9", "os", "Linux 2.6")};
  const auto read = parsed(corrections_table(all, "a note"));
  REQUIRE(read);
  CHECK(*read == all);
  CHECK(all[0].id != all[1].id);
}

TEST_CASE("corrections: a file with a fault is refused with its line") {
  const std::string good =
      corrections_table({correction(Correction::On::kMac, "", "00:11:22:33:44:55", "type", "pump")}, "n");
  REQUIRE(parsed(good));
  std::string other = good;
  other.replace(other.find("\tmac\t"), 5, "\tcat\t");
  CHECK(parsed(other).error().message.starts_with("c.tsv:3: \"cat\" is nothing"));
  other = good;
  other.replace(other.find("cor-"), 4, "kor-");
  CHECK(parsed(other).error().message.find("the id of this correction is cor-") != std::string::npos);
  other = good + good.substr(good.find("cor-"));
  CHECK(parsed(other).error().message.find("stands twice") != std::string::npos);
}

TEST_CASE("corrections: unknown words are refused with the nearest that there are") {
  const auto of_mac = [](std::string attribute, std::string value) {
    return fault(
        correction(Correction::On::kMac, "", "00:11:22:33:44:55", std::move(attribute), std::move(value)));
  };
  CHECK(of_mac("type", "pump").empty());
  CHECK(of_mac("type", "ct-scaner") ==
        "there is no kind of device \"ct-scaner\"; nearest: ct-scanner, "
        "mr-scanner, printer");
  CHECK(of_mac("os", "windows 7").empty());
  CHECK(of_mac("os", "linux").empty());
  CHECK(of_mac("os", "Windows 11").find("Windows 10") != std::string::npos);
  CHECK(of_mac("colour", "red").find("cannot be corrected; what can: type, vendor") != std::string::npos);
  CHECK(of_mac("model", "a\tb").find("control character") != std::string::npos);
  CHECK(of_mac("model", std::string(501, 'x')).find("501 bytes") != std::string::npos);
  CHECK(fault(correction(Correction::On::kMac, "", "0011", "model", "x")) == "\"0011\" is no MAC address");
  CHECK(fault(correction(Correction::On::kModel, "A", "B", "location", "x")).find("one device's") !=
        std::string::npos);
}

TEST_CASE("corrections: addresses, hosts' names and mail addresses tell of a network") {
  for (const char* text :
       {"at 10.0.0.5", "10.0.0.5:80", "see 00:11:22:33:44:55.", "fe80::1", "SN1^Pump^001221FFFE031734^EUI-64",
        "mac 001122334455", "pump7.ward.local", "ask anna@example", "(www.example.org)", "10.0.0.5, once"})
    CHECK_MESSAGE(holds_address(text), text);
  for (const char* text : {"", "its label", "version 5.1.2", "Boa/0.94.13", "at 12:30", "ward 3",
                           "IntelliVue MX-450", "read it. It says so.", "e.g. a label"})
    CHECK_MESSAGE(!holds_address(text), text);
}

TEST_CASE("corrections: a site's file is part of the knowledge, and a fault in it is said") {
  test::KnowledgeFolder folder;
  const auto put = [&](const Correction& c) {
    folder.put_site(kCorrectionsFile, corrections_table({c}, "n"));
  };
  put(correction(Correction::On::kDevice, "", "dev-0000000000000001", "type", "pump"));
  const auto loaded = folder.load();
  REQUIRE(loaded);
  CHECK((*loaded)->corrections().size() == 1);
  put(correction(Correction::On::kDevice, "", "dev-0000000000000001", "type", "ufo"));
  const auto refused = folder.load();
  REQUIRE(!refused);
  CHECK(refused.error().message.find("no kind of device \"ufo\"") != std::string::npos);
  CHECK(refused.error().message.find("corrections remove cor-") != std::string::npos);
}

}  // namespace bedrail
