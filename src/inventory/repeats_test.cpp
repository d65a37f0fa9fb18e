#include <doctest/doctest.h>

#include "inventories.h"

namespace bedrail {

using namespace test;  // NOLINT(google-build-using-namespace): the builders are the language of these tests

namespace {

void store(std::vector<Observation>& all, const char* from, const char* to) {
  all.push_back(talk(all.size() + 1, {.client = from, .server = to, .port = 104, .protocol = "dicom"}));
  all.push_back(clue(all.size() + 1, from, "dicom.serial", "SN-1", Role::kClient));
}

Observation ntlm_name(std::uint64_t n, const char* address, std::string name) {
  return observed(n, at_ip(address), NameHeard{"ntlm", std::move(name)}, "smb");
}

/// "DC,WEF": the names of a device.
std::string names_of(const InventoryResult& result, const char* address) {
  std::string out;
  for (const NameRecord& name : the(result, address).names) out += (out.empty() ? "" : ",") + name.name;
  return out;
}

}  // namespace

TEST_CASE("repeats: one machine's number at two places, of which neither heard it from the other") {
  std::vector<Observation> all;
  store(all, "10.0.0.1", "10.0.0.9");
  store(all, "10.0.0.2", "10.0.0.9");
  auto result = inventory_of(all);
  CHECK(the(result, "10.0.0.1").shares_numbers);
  CHECK(the(result, "10.0.0.2").shares_numbers);
  // An archive repeats it: the scanner's number stays its own.
  all.clear();
  store(all, "10.0.0.1", "10.0.0.2");
  store(all, "10.0.0.2", "10.0.0.9");
  result = inventory_of(all);
  CHECK(!the(result, "10.0.0.1").shares_numbers);
  CHECK(!the(result, "10.0.0.2").shares_numbers);
}

TEST_CASE("repeats: who answers logins under several names that others go by has none of them") {
  std::vector<Observation> all{bound(11, "10.0.0.1", 1),
                               bound(12, "10.0.0.2", 2),
                               bound(13, "10.0.0.5", 5),
                               ntlm_name(1, "10.0.0.1", "DC"),
                               ntlm_name(2, "10.0.0.1", "dc.ward.example"),
                               ntlm_name(3, "10.0.0.2", "WEF"),
                               ntlm_name(4, "10.0.0.5", "DC"),
                               ntlm_name(5, "10.0.0.5", "wef.ward.example")};
  auto result = inventory_of(all);
  CHECK(names_of(result, "10.0.0.1") == "DC,dc.ward.example");
  CHECK(names_of(result, "10.0.0.2") == "WEF");
  CHECK(names_of(result, "10.0.0.5").empty());
  CHECK(the(result, "10.0.0.5").borrows_names);
  CHECK(!the(result, "10.0.0.1").borrows_names);
  // A name that nobody else goes by stays; so does the only one, whoever else claims it.
  result =
      inventory_of({bound(11, "10.0.0.5", 5), bound(12, "10.0.0.6", 6), ntlm_name(1, "10.0.0.5", "NODE1"),
                    ntlm_name(2, "10.0.0.5", "CLUSTER"), ntlm_name(3, "10.0.0.6", "CLUSTER")});
  CHECK(names_of(result, "10.0.0.5") == "NODE1");
  CHECK(names_of(result, "10.0.0.6") == "CLUSTER");
}

}  // namespace bedrail
