#include "capture/capture_reader.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <thread>

#include "capture/byte_source.h"
#include "capture/capture_builder.h"

namespace bedrail {
using namespace test;
namespace {

std::string sha256_of(const std::string& data) {
  Sha256 sha;
  sha.update(as_bytes(data));
  return sha.finish();
}

/// Many packets with contents that do not compress to nothing; `ends` are the offsets where each is whole.
struct Long {
  Pcap pcap;
  std::vector<std::size_t> ends;
  explicit Long(std::size_t count, std::size_t length = 61) {
    std::uint32_t state = 1;
    for (std::size_t i = 0; i < count; ++i) {
      std::string data;
      for (std::size_t j = 0; j < length + i % 7; ++j) {
        state = state * 1664525 + 1013904223;
        data.push_back(static_cast<char>(state >> 28));
      }
      pcap.packet(static_cast<std::uint32_t>(1000 + i), 0, data);
      ends.push_back(pcap.bytes.size());
    }
  }
};

std::size_t whole_before(const std::vector<std::size_t>& ends, std::size_t cut) {
  std::size_t count = 0;
  while (count < ends.size() && ends[count] <= cut) ++count;
  return count;
}

}  // namespace

TEST_CASE("sha256: the example of FIPS 180-2, B.1") {
  CHECK(sha256_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("capture: a pcap cut at any byte gives the packets before, and a fault unless between packets") {
  const Long file(6);
  for (std::size_t cut = 4; cut < file.pcap.bytes.size(); ++cut) {
    CAPTURE(cut);
    const std::string part = file.pcap.bytes.substr(0, cut);
    const Whole whole = read_whole(part);
    REQUIRE(whole.error.empty());
    const std::size_t expected = whole_before(file.ends, cut);
    CHECK(whole.packets.size() == expected);
    const bool clean = cut == 24 || (expected != 0 && file.ends[expected - 1] == cut);
    CHECK(whole.summary.fault.empty() == clean);
    if (!clean && cut > 24) {
      const std::size_t start = expected == 0 ? 24 : file.ends[expected - 1];
      CHECK(whole.summary.fault.starts_with("cut in the middle of packet " + std::to_string(expected + 1) +
                                            " at byte " + std::to_string(start) + ":"));
    }
    CHECK(whole.summary.sha256 == sha256_of(part));
  }
}

TEST_CASE("capture: a pcapng cut at any byte gives the packets before, and a fault unless between blocks") {
  Pcapng file(true);
  std::vector<std::size_t> blocks{file.bytes.size()}, ends;
  const auto done = [&](bool packet) {
    blocks.push_back(file.bytes.size());
    if (packet) ends.push_back(file.bytes.size());
  };
  file.interface(1), done(false);
  for (int i = 0; i < 3; ++i) {
    file.packet(0, 1'000'000, "packet" + std::string(i, 'x')), done(true);
    file.block(0xbad, "custom"), done(false);
  }
  for (const auto& [pack, name] : {std::pair{false, "plain"}, std::pair{true, "buffered"}}) {
    for (std::size_t cut = 4; cut < file.bytes.size(); ++cut) {
      CAPTURE(name);
      CAPTURE(cut);
      const std::string part = file.bytes.substr(0, cut);
      const Whole whole = read_whole(pack ? gzip(part) : part);
      REQUIRE(whole.error.empty());
      CHECK(whole.packets.size() == whole_before(ends, cut));
      const bool clean = std::find(blocks.begin(), blocks.end(), cut) != blocks.end();
      CHECK(whole.summary.fault.empty() == clean);
    }
  }
}

TEST_CASE("capture: packed files give what the plain one gives") {
  const Long file(9000, 200);
  const std::string& plain = file.pcap.bytes;
  const std::vector<Kept> expected = read_whole(plain).packets;
  REQUIRE(expected.size() == 9000);
  const std::size_t half = plain.size() / 2;
  const std::string skippable = std::string("\x5a\x2a\x4d\x18\x05\0\0\0hello", 13);
  const std::vector<std::pair<std::string, std::string>> variants{
      {"gzip", gzip(plain)},
      {"gzip members", gzip(plain.substr(0, half)) + gzip("") + gzip(plain.substr(half))},
      {"gzip padded", gzip(plain) + std::string(700, '\0')},
      {"zstd", zstd(plain)},
      {"zstd frames",
       skippable + zstd(plain.substr(0, half)) + skippable + zstd(plain.substr(half)) + skippable}};
  for (const auto& [name, bytes] : variants) {
    CAPTURE(name);
    const Whole whole = read_whole(bytes, 256);
    CHECK(whole.error.empty());
    CHECK(whole.packets == expected);
    CHECK(whole.summary.fault == "");
    CHECK(whole.summary.sha256 == sha256_of(bytes));
    CHECK(whole.summary.size == bytes.size());
  }
}

TEST_CASE("capture: cut and damaged packing is a fault after the packets before it") {
  const Long file(2000);
  for (const bool zst : {false, true}) {
    CAPTURE(zst);
    const std::string bytes = zst ? zstd(file.pcap.bytes) : gzip(file.pcap.bytes);
    std::size_t most = 0;
    for (std::size_t cut = 8; cut < bytes.size(); cut += 997) {
      const std::string part = bytes.substr(0, cut);
      const Whole whole = read_whole(part, 64);
      most = std::max(most, whole.packets.size());
      const std::string& told = whole.error.empty() ? whole.summary.fault : whole.error;
      CHECK(told.find("are cut at stored byte " + std::to_string(cut)) != std::string::npos);
      if (whole.error.empty()) CHECK(whole.summary.sha256 == sha256_of(part));
    }
    if (!zst) CHECK(most > 1000);  // zstd gives whole blocks of 128 KiB
    CHECK(read_whole(bytes + "trailing rubbish").packets.size() == 2000);
    CHECK(read_whole(bytes + "trailing rubbish").summary.fault.find(", after 2000 packets") !=
          std::string::npos);
    std::string damaged = bytes;
    for (std::size_t i = bytes.size() - 900; i < bytes.size() - 800; ++i) damaged[i] ^= 0x5a;
    const Whole whole = read_whole(damaged);
    CHECK(whole.packets.size() < 2000);
    CHECK(!(whole.summary.fault + whole.error).empty());
    if (whole.error.empty()) CHECK(whole.summary.sha256 == sha256_of(damaged));
  }
}

TEST_CASE("capture: a pipe gives what the file gives, however its writer dribbles") {
  const Long file(50);
  for (const std::string& bytes : {file.pcap.bytes, gzip(file.pcap.bytes), zstd(file.pcap.bytes)}) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    std::thread writer([&] {
      for (std::size_t at = 0; at < bytes.size(); at += 3) {
        if (::write(ends[1], bytes.data() + at, std::min<std::size_t>(3, bytes.size() - at)) < 0) break;
      }
      ::close(ends[1]);
    });
    auto reader = open_capture("/dev/fd/" + std::to_string(ends[0]), 0);
    REQUIRE(reader);
    CHECK(all_packets(**reader) == read_whole(file.pcap.bytes).packets);
    CHECK((*reader)->summary().sha256 == sha256_of(bytes));
    CHECK((*reader)->summary().size == bytes.size());
    writer.join();
    ::close(ends[0]);
  }
}

TEST_CASE("capture: a block far larger than the buffer is passed over, whole or cut") {
  Pcapng file;
  file.interface(1).packet(0, 1'000'000, "before");
  file.block(10, std::string(3'000'000, 's')).packet(0, 2'000'000, "after");
  const std::string packed = gzip(file.bytes);
  const Whole whole = read_whole(packed);
  REQUIRE(whole.packets.size() == 2);
  CHECK(whole.packets[1].data == "after");
  CHECK(whole.summary.fault.empty());
  const Whole cut = read_whole(gzip(file.bytes.substr(0, 2'000'000)));
  CHECK(cut.packets.size() == 1);
  CHECK(cut.summary.fault.starts_with("cut in the middle of the block after packet 1"));
}

TEST_CASE("capture: packets larger than the buffer come whole") {
  Pcap file;
  file.packet(1, 0, std::string(1000, 'a')).packet(2, 0, std::string(1024 * 1024, 'b')).packet(3, 0, "c");
  const Whole whole = read_whole(gzip(file.bytes));
  REQUIRE(whole.packets.size() == 3);
  CHECK(whole.packets[1].data == std::string(1024 * 1024, 'b'));
  CHECK(whole.packets[2].data == "c");
}

TEST_CASE("capture: what is no capture is refused with the remedy") {
  const auto error = [](const std::string& bytes) { return read_whole(bytes).error; };
  CHECK(error("").find("test.cap is empty") == 0);
  CHECK(error(gzip("")).find("test.cap is empty") == 0);
  CHECK(error("ab").find("test.cap is not a capture") == 0);
  CHECK(error("GET / HTTP/1.1\r\n").find("(it begins with the bytes 47455420)") != std::string::npos);
  CHECK(error("GET / HTTP/1.1\r\n").find("editcap") != std::string::npos);
  CHECK(error(std::string("PK\x03\x04zip", 7)).find("ZIP archive") != std::string::npos);
  CHECK(error(gzip(gzip(Pcap().bytes))).find("packed twice") != std::string::npos);
  CHECK(error("\x1f\x8b").find("test.cap is cut: only the first 2 bytes of its gzip data") == 0);
  CHECK(error("\x1f\x8b\b").find("test.cap is cut") == 0);
  CHECK(error(gzip("\x1f\x8b")).find("packed twice") != std::string::npos);
  // The block type of pcapng alone does not make a capture.
  CHECK(error("\n\r\r\nabcdefghijkl").find("not a capture") != std::string::npos);
  const auto missing = open_capture("/no/such/file.pcap", 0);
  REQUIRE(!missing);
  CHECK(missing.error().message.find("/no/such/file.pcap") != std::string::npos);
  CHECK(open_capture("/", 0).error().message.find("is a folder") != std::string::npos);
}

TEST_CASE("capture: no hash where none is asked for") {
  const std::string bytes = Pcap().packet(1, 0, "x").bytes;
  for (const std::string& file : {bytes, gzip(bytes)}) {
    auto reader = open_capture(as_bytes(file), "x", 0, {false});
    REQUIRE(reader);
    CHECK(all_packets(**reader).size() == 1);
    CHECK((*reader)->summary().sha256.empty());
    CHECK((*reader)->position() == file.size());
  }
}

}  // namespace bedrail
