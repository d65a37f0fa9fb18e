#include "capture/merged_reader.h"

#include <doctest/doctest.h>

#include "capture/capture_builder.h"
#include "capture/test_folder.h"

namespace bedrail {
using namespace test;
namespace {

std::vector<std::unique_ptr<CaptureReader>> readers_of(const std::vector<std::string>& files) {
  std::vector<std::unique_ptr<CaptureReader>> readers;
  for (const std::string& file : files) {
    auto reader = open_capture(as_bytes(file), "file", static_cast<std::uint32_t>(readers.size()));
    REQUIRE(reader);
    readers.push_back(std::move(*reader));
  }
  return readers;
}

std::string joined(const std::vector<Kept>& packets) {
  std::string text;
  for (const Kept& packet : packets) text += packet.data + std::to_string(packet.frame) + " ";
  return text;
}

std::string merge(const std::vector<std::string>& files, const MergedReader::Options& options = {},
                  std::size_t batch = 3) {
  MergedReader reader(readers_of(files), options);
  return joined(all_packets(reader, batch));
}

}  // namespace

TEST_CASE("merged: by time, ties by file, each file in its own order") {
  const std::string a = Pcap().packet(1, 0, "a").packet(3, 0, "a").packet(5, 0, "a").bytes;
  const std::string b = Pcap().packet(1, 0, "b").packet(2, 0, "b").packet(5, 0, "b").packet(4, 0, "b").bytes;
  const std::string none = Pcap().bytes;
  for (const std::size_t batch : {1, 2, 3, 50}) {
    CHECK(merge({a, b}, {}, batch) == "a1 b1 b2 a2 a3 b3 b4 ");
    CHECK(merge({b, none, a}, {}, batch) == "b1 a1 b2 a2 b3 b4 a3 ");
    CHECK(merge({gzip(a), b}, {}, batch) == "a1 b1 b2 a2 a3 b3 b4 ");
  }
}

TEST_CASE("merged: a single file keeps its order") {
  CHECK(merge({Pcap().packet(5, 0, "x").packet(1, 0, "y").packet(3, 0, "z").bytes}) == "x1 y2 z3 ");
}

TEST_CASE("merged: since and until leave packets out, frame numbers go on counting") {
  const std::string a = Pcap().packet(1, 0, "a").packet(9, 0, "a").packet(3, 0, "a").packet(4, 0, "a").bytes;
  const std::string b = Pcap().packet(2, 0, "b").packet(3, 0, "b").bytes;
  MergedReader::Options options;
  options.since = Timestamp{2 * kNanosecondsPerSecond};
  options.until = Timestamp{4 * kNanosecondsPerSecond};
  for (const std::size_t batch : {1, 2, 50}) {
    CHECK(merge({a}, options, batch) == "a3 ");
    CHECK(merge({a, b}, options, batch) == "b1 b2 a3 ");
    CHECK(merge({gzip(a), gzip(b)}, options, batch) == "b1 b2 a3 ");
  }
  const std::vector<std::string> files{a, b};  // the readers' views go into these
  MergedReader reader(readers_of(files), options);
  CHECK(all_packets(reader).size() == 3);
  CHECK(reader.left_out() == 3);
  CHECK(reader.summaries().at(0).packets == 4);
  CHECK(reader.summaries().at(1).sha256.size() == 64);
  CHECK(reader.position() == a.size() + b.size());
}

TEST_CASE("merged: views of packed files stay whole within a batch, and all packets come") {
  std::vector<std::string> files;
  std::size_t total = 0;
  for (std::uint32_t f = 0; f < 5; ++f) {
    Pcap file;
    for (std::uint32_t i = 0; i < 3000; ++i) {
      file.packet(1000 + i * (f + 1), f, std::string(150, static_cast<char>('a' + f)) + std::to_string(i));
      ++total;
    }
    files.push_back(f % 2 == 0 ? gzip(file.bytes) : zstd(file.bytes));
  }
  MergedReader reader(readers_of(files), {});
  CHECK(reader.hold() == nullptr);
  const std::vector<Kept> packets = all_packets(reader, 1000);
  REQUIRE(packets.size() == total);
  std::array<std::uint64_t, 5> frames{};
  std::int64_t last = 0;
  bool right = true;
  for (const Kept& packet : packets) {
    right = right && packet.time >= last && packet.frame == ++frames[packet.file];
    right = right && packet.data == std::string(150, static_cast<char>('a' + packet.file)) +
                                        std::to_string(packet.frame - 1);
    last = packet.time;
  }
  CHECK(right);
}

TEST_CASE("merged: a single capture's views stay good as long as they are held, however far reading went") {
  const TestFolder folder;
  constexpr std::uint32_t kPackets = 120, kLength = 1024 * 1024;
  const std::string path = folder.write("large.pcap", Pcap().bytes);
  {
    // The packets are holes in the file, but for their first bytes.
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    for (std::uint32_t i = 0; i < kPackets; ++i) {
      Writer header;
      header.u32(1000 + i).u32(0).u32(kLength).u32(kLength).text("packet " + std::to_string(i) + ".");
      file.seekp(24 + std::streamoff{i} * (16 + kLength));
      file << header.bytes;
    }
  }
  std::filesystem::resize_file(path, 24 + std::uintmax_t{kPackets} * (16 + kLength));
  auto reader = MergedReader::open({path}, {});
  REQUIRE(reader);
  std::vector<std::shared_ptr<const void>> held;
  std::vector<RawPacket> all, batch(7);
  while (const std::size_t count = (*reader)->read(batch)) {
    held.push_back((*reader)->hold());
    REQUIRE(held.back() != nullptr);
    all.insert(all.end(), batch.begin(), batch.begin() + count);
  }
  REQUIRE(all.size() == kPackets);
  CHECK((*reader)->summaries()[0].fault.empty());
  for (std::uint32_t i = 0; i < kPackets; ++i) {
    CHECK(as_text(all[i].data).starts_with("packet " + std::to_string(i) + "."));
    CHECK(all[i].data.size() == kLength);
  }
}

TEST_CASE("merged: files that do not open are told, the others go on") {
  const TestFolder folder;
  const std::string good = folder.write("good.pcap", Pcap().packet(7, 0, "g").bytes);
  const std::string bad = folder.write("bad.pcap", "no capture at all");
  auto reader = MergedReader::open({bad, good, folder.path("missing")}, {});
  REQUIRE(reader);
  REQUIRE((*reader)->skipped().size() == 2);
  CHECK((*reader)->skipped()[0].name == bad);
  CHECK((*reader)->skipped()[0].why.message.find("not a capture") != std::string::npos);
  const std::vector<Kept> packets = all_packets(**reader);
  REQUIRE(packets.size() == 1);
  CHECK(packets[0].file == 0);
  CHECK((*reader)->summaries().at(0).name == good);
  CHECK((*reader)->size() == (*reader)->position());
  const auto none = MergedReader::open({bad}, {});
  REQUIRE(!none);
  CHECK(none.error().message.find(bad) == 0);
  CHECK(!MergedReader::open({}, {}));
}

}  // namespace bedrail
