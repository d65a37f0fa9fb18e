#include "advisory/version.h"

#include <doctest/doctest.h>

#include <vector>

using namespace bedrail;

namespace {

Version of(std::string_view text) {
  const auto version = Version::read(text);
  REQUIRE_MESSAGE(version.has_value(), text);
  return *version;
}

Order order(std::string_view a, std::string_view b) { return compare(of(a), of(b)); }

/// One of every kind, with close neighbours: what the properties below go over.
const std::vector<std::string_view> kKinds = {"1",
                                              "1.0",
                                              "1.0.0",
                                              "1.1",
                                              "1.10",
                                              "1.9",
                                              "1.3.1",
                                              "1.3.1 Build 13",
                                              "1.3.1 Build 14",
                                              "1.3.0 Build 14",
                                              "1.1.3 MR Build 11",
                                              "1.1.3 Build 10",
                                              "2.0",
                                              "2.0 SP3",
                                              "2.0 SP 4",
                                              "2.0 Service Pack 03",
                                              "2.0.1",
                                              "2.0 RC1",
                                              "2.0-beta",
                                              "2.0 beta 2",
                                              "2.0 alpha",
                                              "2.4A",
                                              "2.4B",
                                              "2.4a1",
                                              "5.09.02",
                                              "5.89.05b",
                                              "B.06.18",
                                              "B.06.20",
                                              "C.00.04",
                                              "B",
                                              "M",
                                              "M.03",
                                              "A.03.09",
                                              "012U000040",
                                              "012U000061",
                                              "028U000061",
                                              "012L000040",
                                              "L81",
                                              "U61",
                                              "D25",
                                              "BT02",
                                              "BT06",
                                              "VM5.0",
                                              "VS4",
                                              "R4.1L1",
                                              "R4.1L2",
                                              "4.1",
                                              "6.3V1L10",
                                              "10.0.19045",
                                              "6.1.7601",
                                              "2023-05-01",
                                              "2023-05-02",
                                              "2018-1",
                                              "2021-1",
                                              "v9.5.1",
                                              "9.5.1",
                                              "1.4.2.0-9d9eff4",
                                              "1.4.2.0",
                                              "S4 A.07.107",
                                              "S4 A.07.108",
                                              "S4 B.01",
                                              "F.0.G.0",
                                              "F.1.A",
                                              "3.0 D15",
                                              "3.0 D16",
                                              "3.0",
                                              "2023.3_Build_9342",
                                              "2023.3",
                                              "LPI 3.5.12.P30",
                                              "LPI 3.5.12",
                                              "99999999999999999999999.1",
                                              "4107600010.23",
                                              "16D38",
                                              "17",
                                              "17D19",
                                              "HD 16",
                                              "HD23"};

}  // namespace

TEST_CASE("version: less and greater") {
  const std::vector<std::pair<std::string_view, std::string_view>> pairs = {
      {"8.2.1", "8.2.2"},
      {"8.2", "8.2.2"},
      {"1.9", "1.10"},
      {"9.5", "9.33"},
      {"4.01", "4.34"},
      {"4.4", "4.12"},
      {"B.06.18", "B.06.20"},
      {"B.06.18", "C.00.04"},
      {"B", "M"},
      {"A.03.09", "B.01"},
      {"012U000040", "012U000061"},
      {"BT02", "BT06"},
      {"VM4.2", "VM5.0"},
      {"D15", "D25"},
      {"R4.1L1", "R4.1L2"},
      {"R4.1L1", "R4.2"},
      {"2.4A", "2.6A"},
      {"2.4A", "2.4B"},
      {"2.4", "2.4A"},
      {"5.89.05", "5.89.05b"},
      {"1.8.4", "1.8.4 Service Pack 01"},
      {"2.0 SP2", "2.0 Service Pack 3"},
      {"2.0 SP3", "2.0.1"},
      {"4.20", "4.20 SR1"},
      {"4.20 SR1", "4.30"},
      {"1.3.1 Build 13", "1.3.1 Build 14"},
      {"1.3.0 Build 14", "1.3.1"},
      {"2.0 alpha", "2.0-beta"},
      {"2.0-rc1", "2.0"},
      {"2.0-rc1", "2.0-rc2"},
      {"2023-05-01", "2023-05-02"},
      {"2018-1", "2021-1"},
      {"10.0.17763", "10.0.19045"},
      {"6.1.7601", "10.0.10240"},
      {"S4 A.07.107", "S4 A.07.108"},
      {"S4 A.07.107", "S4 B.01"},
      {"3.0 D15", "3.0 D16"},
      {"16D38", "17D19"},
      {"HD 16", "HD23"},
      {"2023.2", "2023.3_Build_9342"},
      {"F.0.G.0", "F.1.A"}};
  for (const auto& [less, greater] : pairs) {
    CAPTURE(less);
    CAPTURE(greater);
    CHECK(order(less, greater) == Order::kLess);
    CHECK(order(greater, less) == Order::kGreater);
  }
}

TEST_CASE("version: the same, however it is written") {
  for (const auto& [a, b] :
       std::vector<std::pair<std::string_view, std::string_view>>{{"1", "1.0.0"},
                                                                  {"v9.5.1", "9.5.1"},
                                                                  {"Version 2.1", "2.1"},
                                                                  {"R8.0.3", "8.0.3"},
                                                                  {"Rev. B", "b"},
                                                                  {"B.06.18", "b.6.18"},
                                                                  {"2.0 SP3", "2.0 Service Pack 03"},
                                                                  {"HD 16", "HD16"},
                                                                  {"5.09.02", "5.9.2"},
                                                                  {"firmware v1.52", "1.52"},
                                                                  {"1.3.1 Build 13", "1.3.1 (build 13)"},
                                                                  {"1.2-rc1", "1.2 RC 1"},
                                                                  {" 7.0 ", "7"},
                                                                  {"3.5.12.P30", "3.5.12 patch 30"}}) {
    CAPTURE(a);
    CAPTURE(b);
    CHECK(order(a, b) == Order::kEqual);
  }
}

TEST_CASE("version: what is counted in different ways has no order") {
  for (const auto& [a, b] :
       std::vector<std::pair<std::string_view, std::string_view>>{{"012U000040", "012L000040"},
                                                                  {"L81", "U61"},
                                                                  {"2023-05-01", "2023.5"},
                                                                  {"B.06.18", "6.18"},
                                                                  {"VM5.0", "5.0"},
                                                                  {"1.3.1", "1.3.1 Build 13"},
                                                                  {"1.4.2.0", "1.4.2.0-9d9eff4"},
                                                                  {"BT02", "SV20.1"},
                                                                  {"3.0 D15", "3.0 E15"},
                                                                  {"2.0 SP1", "2.0 hotfix 1"},
                                                                  {"4.1", "4.1L1"},
                                                                  {"17", "17D19"}}) {
    CAPTURE(a);
    CAPTURE(b);
    CHECK(order(a, b) == Order::kUnordered);
    CHECK(order(b, a) == Order::kUnordered);
  }
}

TEST_CASE("version: an order is antisymmetric, transitive, and equals are interchangeable") {
  std::vector<Version> all;
  for (const auto text : kKinds) all.push_back(of(text));
  const std::size_t n = all.size();
  std::vector<Order> orders(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) orders[i * n + j] = compare(all[i], all[j]);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < n; ++i) {
    wrong += orders[i * n + i] != Order::kEqual;
    for (std::size_t j = 0; j < n; ++j) {
      wrong += orders[i * n + j] != reversed(orders[j * n + i]);
      for (std::size_t k = 0; k < n; ++k) {
        const Order ij = orders[i * n + j], jk = orders[j * n + k], ik = orders[i * n + k];
        const bool broken = (ij == Order::kLess && jk == Order::kLess && ik != Order::kLess) ||
                            (ij == Order::kEqual && ik != jk);
        if (broken && wrong++ < 5) MESSAGE(kKinds[i] << " , " << kKinds[j] << " , " << kKinds[k]);
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("version: no version") {
  for (const auto text : {"", " ", "unknown", "N/A", "IntelliVue", "all", "see advisory", "12:30", "a/b",
                          "1.0#2", "..", "-", "\xc3\xa4 1.0"})
    CHECK_FALSE_MESSAGE(Version::read(text).has_value(), text);
  CHECK_FALSE(Version::read(std::string(129, '1')).has_value());
  CHECK_FALSE(Version::read("1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1").has_value());
  CHECK(Version::read(std::string(128, '1')).has_value());
}

TEST_CASE("version: all that begin with a prefix") {
  const auto to_prefix = [](std::string_view version, std::string_view prefix) {
    return compare_to_prefix(of(version), of(prefix));
  };
  CHECK(to_prefix("14.1.7", "14.1") == Order::kEqual);
  CHECK(to_prefix("14.1", "14.1") == Order::kEqual);
  CHECK(to_prefix("14", "14.1") == Order::kLess);
  CHECK(to_prefix("14.10", "14.1") == Order::kGreater);
  CHECK(to_prefix("14.1.7 SP2", "14.1") == Order::kEqual);
  CHECK(to_prefix("M.03", "M") == Order::kEqual);
  CHECK(to_prefix("B.06.18", "M") == Order::kLess);
  CHECK(to_prefix("14.0.3", "14.0") == Order::kEqual);
  CHECK(to_prefix("VM5.0", "5") == Order::kUnordered);
}

TEST_CASE("version: what says the same with less") {
  CHECK(is_leading_part(of("1.3.1"), of("1.3.1 Build 13")));
  CHECK(is_leading_part(of("9.7"), of("9.7.1")));
  CHECK_FALSE(is_leading_part(of("9.7"), of("9.7.0")));
  CHECK_FALSE(is_leading_part(of("9.7.1"), of("9.7")));
  CHECK_FALSE(is_leading_part(of("1.3"), of("1.3.1 Build 13")));
  CHECK_FALSE(is_leading_part(of("1.3.1"), of("1.3.2 Build 13")));
  CHECK(of("Version 1.3.1  Build 13").text() == "1.3.1 Build 13");
}
