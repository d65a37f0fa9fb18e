#include <doctest/doctest.h>

#include "capture/capture_builder.h"
#include "capture/pcapng_clock.h"

namespace bedrail {
using namespace test;

TEST_CASE("pcapng: packets of several interfaces, each with its link and clock, in both byte orders") {
  for (const bool big : {false, true}) {
    CAPTURE(big);
    Pcapng file(big);
    const std::string offset = file.writer().number(100, 8).bytes;
    file.interface(1).interface(101, 0, file.option(9, "\x09") + file.option(0, ""));
    file.interface(113, 0, file.option(2, "eth7") + file.option(9, "\x8a") + file.option(14, offset));
    file.packet(0, 5'000'001, "micro")
        .packet(1, 7'000'000'003, "nano", 99)
        .packet(2, 3 * 1024 + 512, "binary!");
    const Whole whole = read_whole(file.bytes);
    REQUIRE(whole.packets.size() == 3);
    CHECK(whole.packets[0] == Kept{"micro", 5, LinkType::kEthernet, 5'000'001'000, 1, 0});
    CHECK(whole.packets[1] == Kept{"nano", 99, LinkType::kRaw, 7'000'000'003, 2, 0});
    CHECK(whole.packets[2] == Kept{"binary!", 7, LinkType::kLinuxCooked, 103'500'000'000, 3, 0});
    CHECK(whole.summary.link_types == std::vector<std::uint16_t>{1, 101, 113});
    CHECK(whole.summary.truncated_packets == 1);
    CHECK(whole.summary.fault.empty());
  }
}

TEST_CASE("pcapng: simple and obsolete packets") {
  Pcapng file(true);
  file.interface(1, 6).interface(228);
  file.block(2, file.writer().u16(1).u16(0xffff).u32(0).u32(9'000'000).u32(3).u32(8).text("old").bytes);
  file.block(3, file.writer().u32(4).text("four").bytes);
  file.block(3, file.writer().u32(90).text("snappe").bytes);
  const Whole whole = read_whole(file.bytes);
  REQUIRE(whole.packets.size() == 3);
  CHECK(whole.packets[0] == Kept{"old", 8, LinkType::kIpv4, 9'000'000'000, 1, 0});
  CHECK(whole.packets[1] == Kept{"four", 4, LinkType::kEthernet, 9'000'000'000, 2, 0});
  CHECK(whole.packets[2] == Kept{"snappe", 90, LinkType::kEthernet, 9'000'000'000, 3, 0});
}

TEST_CASE("pcapng: blocks that carry no packets are passed over and not numbered") {
  Pcapng file;
  file.interface(1);
  for (const std::uint32_t type : {4u, 9u, 10u, 0xbadu, 0x40000badu, 0x7fff1234u}) {
    file.block(type, "anything").packet(0, 1'000'000, "p");
  }
  const Whole whole = read_whole(file.bytes);
  REQUIRE(whole.packets.size() == 6);
  CHECK(whole.packets.back().frame == 6);
  CHECK(whole.summary.fault.empty());
}

TEST_CASE("pcapng: a section starts anew, also in the other byte order") {
  Pcapng file(false);
  file.interface(1).packet(0, 1'000'000, "one");
  file.section(true).interface(101).packet(0, 2'000'000, "two");
  const Whole whole = read_whole(file.bytes);
  REQUIRE(whole.packets.size() == 2);
  CHECK(whole.packets[1] == Kept{"two", 3, LinkType::kRaw, 2'000'000'000, 2, 0});
  file.section(false).packet(0, 3'000'000, "no interface");
  const Whole bad = read_whole(file.bytes);
  CHECK(bad.packets.size() == 2);
  CHECK(bad.summary.fault.find("packet 3") != std::string::npos);
  CHECK(bad.summary.fault.find("interface 0, which was not described") != std::string::npos);
}

TEST_CASE("pcapng: losses are the last statistics of each interface, over all sections") {
  Pcapng file;
  const auto statistics = [&](std::uint32_t id, std::uint64_t interface_drops, std::uint64_t system_drops) {
    file.block(5, file.writer()
                      .u32(id)
                      .u32(0)
                      .u32(0)
                      .text(file.option(4, file.writer().number(1000, 8).bytes) +
                            file.option(5, file.writer().number(interface_drops, 8).bytes) +
                            file.option(7, file.writer().number(system_drops, 8).bytes) + file.option(0, ""))
                      .bytes);
  };
  file.interface(1).interface(1);
  statistics(0, 5, 1);
  statistics(1, 20, 0);
  statistics(0, 7, 2);
  statistics(9, 1000, 0);
  CHECK(read_whole(file.bytes).summary.capture_drops == 7 + 2 + 20);
  file.section(false).interface(1);
  statistics(0, 100, 0);
  CHECK(read_whole(file.bytes).summary.capture_drops == 129);
}

TEST_CASE("pcapng: two lengths that differ end reading") {
  Pcapng file;
  file.interface(1).packet(0, 1, "good");
  const std::string good = file.bytes;
  for (const std::uint32_t type : {6u, 4u}) {
    file.bytes = good;
    file.block(type, std::string(20, '\0'));
    file.bytes[file.bytes.size() - 4] ^= 4;
    const Whole whole = read_whole(file.bytes);
    CHECK(whole.packets.size() == 1);
    CHECK(whole.summary.fault.find("two lengths differ") != std::string::npos);
    CHECK(whole.summary.fault.find("at byte " + std::to_string(good.size())) != std::string::npos);
  }
}

TEST_CASE("pcapng: a captured length beyond its block ends reading") {
  Pcapng file;
  file.interface(1).packet(0, 1, "good");
  file.block(6, file.writer().u32(0).u32(0).u32(0).u32(5).u32(5).text("four").bytes);
  const Whole whole = read_whole(file.bytes);
  CHECK(whole.packets.size() == 1);
  CHECK(whole.summary.fault.find("captured length of 5 bytes") != std::string::npos);
}

TEST_CASE("pcapng clock: resolutions and offsets") {
  CHECK(PcapngClock(0).time(3).nanoseconds == 3'000'000'000);
  CHECK(PcapngClock(3).time(1500).nanoseconds == 1'500'000'000);
  CHECK(PcapngClock(9).time(12).nanoseconds == 12);
  CHECK(PcapngClock(12).time(5'999).nanoseconds == 5);
  CHECK(PcapngClock(0x80 | 1).time(3).nanoseconds == 1'500'000'000);
  CHECK(PcapngClock(0x80 | 32).time(std::uint64_t{7} << 31).nanoseconds == 3'500'000'000);
  CHECK(PcapngClock(6, -1).time(1'000'001).nanoseconds == 1000);
  CHECK(PcapngClock(6, 2).time(1).nanoseconds == 2'000'001'000);
  CHECK(PcapngClock(100).time(77).nanoseconds == 0);
  CHECK(PcapngClock(0).time(~0ull).nanoseconds == INT64_MAX);
  CHECK(PcapngClock(6, INT64_MIN).time(0).nanoseconds == -INT64_MAX);
  CHECK(PcapngClock(9).time(~0ull).nanoseconds == INT64_MAX);
}

}  // namespace bedrail
