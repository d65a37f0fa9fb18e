#include <doctest/doctest.h>

#include "capture/capture_builder.h"

namespace bedrail {
using namespace test;

TEST_CASE("pcap: both byte orders, both fractions, short and long records give the same packets") {
  struct Case {
    std::uint32_t magic, fraction;
  };
  for (const auto [magic, fraction] :
       {Case{0xa1b2c3d4, 250000}, Case{0xa1b23c4d, 250000000}, Case{0xa1b2cd34, 250000}}) {
    for (const bool big : {false, true}) {
      CAPTURE(magic);
      CAPTURE(big);
      Pcap file(magic, big);
      file.packet(1000, fraction, "first")
          .packet(1001, 0, "", 60)
          .packet(999, 0, "third", 1500)
          .packet(4294967295, 1, "x");
      const Whole whole = read_whole(file.bytes);
      REQUIRE(whole.packets.size() == 4);
      CHECK(whole.packets[0] == Kept{"first", 5, LinkType::kEthernet, 1000'250'000'000, 1, 0});
      CHECK(whole.packets[1] == Kept{"", 60, LinkType::kEthernet, 1001'000'000'000, 2, 0});
      CHECK(whole.packets[2] == Kept{"third", 1500, LinkType::kEthernet, 999'000'000'000, 3, 0});
      CHECK(whole.packets[3].time / kNanosecondsPerSecond == 4294967295);
      CHECK(whole.summary.fault.empty());
      CHECK(whole.summary.packets == 4);
      CHECK(whole.summary.bytes == 5 + 60 + 1500 + 1);
      CHECK(whole.summary.truncated_packets == 2);
      CHECK(whole.summary.first->nanoseconds == 999'000'000'000);
      CHECK(whole.summary.last->nanoseconds == whole.packets[3].time);
      CHECK(whole.summary.size == file.bytes.size());
    }
  }
}

TEST_CASE("pcap: long records under the common magic are told by the second record") {
  Pcap file;
  file.long_records = true;
  file.packet(1000, 5, "0123456789").packet(1001, 6, "abc").packet(1002, 7, "defg");
  const Whole whole = read_whole(file.bytes);
  REQUIRE(whole.packets.size() == 3);
  CHECK(whole.packets[0].data == "0123456789");
  CHECK(whole.packets[2].data == "defg");
  CHECK(whole.summary.fault.empty());
  // A second record that makes no sense either way is damage, of a file with short records.
  Pcap damaged;
  damaged.packet(1000, 5, "0123456789").u32(1001).u32(~0u).u32(~0u).u32(~0u).u32(7).u32(9).u32(2).u32(3);
  CHECK(read_whole(damaged.bytes).packets.at(0).data == "0123456789");
}

TEST_CASE("pcap: the lengths of files before version 2.3 are in the other order") {
  Pcap file;
  file.bytes[6] = 2;
  file.u32(1000).u32(0).u32(90).u32(4).text("data");
  const Whole whole = read_whole(file.bytes);
  REQUIRE(whole.packets.size() == 1);
  CHECK(whole.packets[0].data == "data");
  CHECK(whole.packets[0].wire == 90);
}

TEST_CASE("pcap: a negative fraction counts back from its second") {
  const Whole whole = read_whole(Pcap().packet(1000, 0xffffffff, "x").packet(1000, 1, "y").bytes);
  REQUIRE(whole.packets.size() == 2);
  CHECK(whole.packets[0].time == 999'999'999'000);
}

TEST_CASE("pcap: link types are the registry's, without the bits above") {
  struct Case {
    std::uint32_t field;
    LinkType link;
    std::uint16_t number;
  };
  for (const auto& [field, link, number] :
       {Case{0x14000001, LinkType::kEthernet, 1}, Case{12, LinkType::kRaw, 12}, Case{14, LinkType::kRaw, 14},
        Case{101, LinkType::kRaw, 101}, Case{276, LinkType::kLinuxCooked2, 276},
        Case{189, LinkType::kOther, 189}}) {
    const Whole whole = read_whole(Pcap(0xa1b2c3d4, true, field).packet(1, 1, "x").bytes);
    REQUIRE(whole.packets.size() == 1);
    CHECK(whole.packets[0].link == link);
    CHECK(whole.summary.link_types == std::vector<std::uint16_t>{number});
  }
}

TEST_CASE("pcap: a file without packets is whole, and its link type is not met") {
  const Whole whole = read_whole(Pcap().bytes);
  CHECK(whole.error.empty());
  CHECK(whole.packets.empty());
  CHECK(whole.summary.fault.empty());
  CHECK(whole.summary.link_types.empty());
  CHECK(!whole.summary.first);
}

TEST_CASE("pcap: a length that cannot be ends reading, naming packet and byte") {
  Pcap file;
  file.packet(1, 0, "good").packet(2, 0, "good");
  const std::size_t place = file.bytes.size();
  file.u32(3).u32(0).u32(0x7fffffff).u32(0x7fffffff).text("rest");
  for (const std::size_t batch : {1, 2, 3, 100}) {
    const Whole whole = read_whole(file.bytes, batch);
    CHECK(whole.packets.size() == 2);
    CHECK(whole.summary.fault == "damaged at packet 3 at byte " + std::to_string(place) +
                                     ": its captured length of 2147483647 bytes cannot be");
  }
}

TEST_CASE("pcap: zeros after the last packet are a fault, not packets") {
  Pcap file;
  file.packet(1, 0, "good").text(std::string(4096, '\0'));
  const Whole whole = read_whole(file.bytes);
  CHECK(whole.packets.size() == 1);
  CHECK(whole.summary.fault.starts_with("damaged at packet 2 at byte 44: only zeros follow"));
}

}  // namespace bedrail
