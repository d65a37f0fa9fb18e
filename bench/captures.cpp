// Makes the captures that `bench/run` measures on. The same arguments give the same bytes.
//   bench_captures bulk PACKETS OUT         one HTTP download in segments of 1,400 bytes, acknowledged
//   bench_captures flows COUNT OUT          many short conversations: DNS, HTTP, unknown over TCP and UDP
//   bench_captures mix PACKETS OUT IN...    Ethernet pcap files laid over each other, repeated until PACKETS
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::uint32_t kStart = 1'700'000'000;  ///< seconds; any time of this century would do
constexpr std::uint64_t kMicrosecondsPerSecond = 1'000'000;

/// splitmix64: what makes the captures look varied and come out the same on every machine.
std::uint64_t scatter(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// A pcap file of Ethernet frames with microseconds.
class PcapWriter {
 public:
  explicit PcapWriter(const char* path) : file_(std::fopen(path, "wb")) {
    if (file_ == nullptr) fail("cannot write", path);
    std::string header;
    for (const std::uint32_t word : {0xa1b2c3d4U, 0x00040002U, 0U, 0U, 262144U, 1U}) little(header, word);
    write(header);
  }
  ~PcapWriter() {
    if (std::fclose(file_) != 0) fail("cannot finish", "the capture");
  }
  PcapWriter(const PcapWriter&) = delete;
  PcapWriter& operator=(const PcapWriter&) = delete;

  void packet(std::uint64_t microseconds, std::string_view frame, std::uint32_t wire) {
    head_.clear();
    little(head_, kStart + static_cast<std::uint32_t>(microseconds / kMicrosecondsPerSecond));
    little(head_, static_cast<std::uint32_t>(microseconds % kMicrosecondsPerSecond));
    little(head_, static_cast<std::uint32_t>(frame.size()));
    little(head_, wire);
    write(head_);
    write(frame);
  }
  [[noreturn]] static void fail(const char* what, const char* which) {
    std::fprintf(stderr, "bench_captures: %s %s\n", what, which);
    std::exit(1);
  }

 private:
  static void little(std::string& to, std::uint32_t value) {
    for (unsigned i = 0; i < 4; ++i) to.push_back(static_cast<char>(value >> (8 * i)));
  }
  void write(std::string_view bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size())
      fail("cannot write:", "is the disk full?");
  }
  std::FILE* file_;
  std::string head_;
};

void big16(std::string& to, std::uint32_t value) {
  to.push_back(static_cast<char>(value >> 8));
  to.push_back(static_cast<char>(value));
}
void big32(std::string& to, std::uint32_t value) {
  big16(to, value >> 16);
  big16(to, value & 0xffff);
}

struct Host {
  std::uint32_t address = 0;
  std::uint16_t port = 0;
};

/// A locally administered address, one a host.
void mac(std::string& to, std::uint32_t address) {
  big16(to, 0x0200);
  big32(to, address);
}

/// Ethernet and IPv4 with a right header checksum; the transport's is left 0, which nobody here looks at.
void network(std::string& to, const Host& from, const Host& dest, unsigned protocol, std::size_t length) {
  to.clear();
  mac(to, dest.address);
  mac(to, from.address);
  big16(to, 0x0800);
  const std::size_t start = to.size();
  big32(to, 0x45000000U | static_cast<std::uint32_t>(length + 20));
  big32(to, 0x00004000U);
  big32(to, 0x40000000U | protocol << 16);
  big32(to, from.address);
  big32(to, dest.address);
  std::uint32_t sum = 0;
  for (std::size_t i = start; i < to.size(); i += 2)
    sum += static_cast<std::uint32_t>(static_cast<unsigned char>(to[i])) << 8 |
           static_cast<unsigned char>(to[i + 1]);
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  to[start + 10] = static_cast<char>(~sum >> 8);
  to[start + 11] = static_cast<char>(~sum);
}

constexpr unsigned kFin = 0x01, kSyn = 0x02, kPsh = 0x08, kAck = 0x10;

void tcp(std::string& to, const Host& from, const Host& dest, std::uint32_t sequence,
         std::uint32_t acknowledgement, unsigned flags, std::string_view payload) {
  network(to, from, dest, 6, payload.size() + 20);
  big16(to, from.port);
  big16(to, dest.port);
  big32(to, sequence);
  big32(to, (flags & kAck) != 0 ? acknowledgement : 0);
  big16(to, 0x5000U | flags);
  big16(to, 0xffff);
  big32(to, 0);
  to.append(payload);
}

void udp(std::string& to, const Host& from, const Host& dest, std::string_view payload) {
  network(to, from, dest, 17, payload.size() + 8);
  big16(to, from.port);
  big16(to, dest.port);
  big16(to, static_cast<std::uint32_t>(payload.size() + 8));
  big16(to, 0);
  to.append(payload);
}

void bulk(std::uint64_t packets, PcapWriter& out) {
  constexpr std::size_t kSegment = 1400, kPool = 1 << 20;
  std::string pool;
  for (std::uint64_t i = 0; pool.size() < kPool + kSegment; ++i) {
    big32(pool, static_cast<std::uint32_t>(scatter(i)));
    big32(pool, static_cast<std::uint32_t>(scatter(i) >> 32));
  }
  const Host client{0x0a000105, 51000}, server{0x0a000205, 80};
  std::uint64_t time = 0;
  std::string frame;
  const auto put = [&] { out.packet(time += 10, frame, static_cast<std::uint32_t>(frame.size())); };
  std::uint32_t to_server = 1000, to_client = 2000;
  tcp(frame, client, server, to_server++, 0, kSyn, {}), put();
  tcp(frame, server, client, to_client++, to_server, kSyn | kAck, {}), put();
  tcp(frame, client, server, to_server, to_client, kAck, {}), put();
  const std::string request =
      "GET /study/series.zip HTTP/1.1\r\nHost: archive.ward.example\r\nUser-Agent: bench/1\r\n\r\n";
  tcp(frame, client, server, to_server, to_client, kAck | kPsh, request), put();
  to_server += static_cast<std::uint32_t>(request.size());
  const std::string response =
      "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: application/octet-stream\r\nContent-Length: " +
      std::to_string(packets * kSegment) + "\r\n\r\n";
  tcp(frame, server, client, to_client, to_server, kAck | kPsh, response), put();
  to_client += static_cast<std::uint32_t>(response.size());
  for (std::uint64_t i = 0; i < packets; ++i) {
    tcp(frame, server, client, to_client, to_server, kAck,
        std::string_view(pool).substr(scatter(i) % kPool, kSegment));
    put();
    to_client += kSegment;
    if (i % 2 == 0) continue;
    tcp(frame, client, server, to_server, to_client, kAck, {});
    put();
  }
  tcp(frame, server, client, to_client++, to_server, kAck | kFin, {}), put();
  tcp(frame, client, server, to_server++, to_client, kAck | kFin, {}), put();
  tcp(frame, server, client, to_client, to_server, kAck, {}), put();
}

std::string dns(std::uint64_t flow, bool answer) {
  std::string out;
  big16(out, static_cast<std::uint32_t>(flow & 0xffff));
  big16(out, answer ? 0x8180 : 0x0100);
  big32(out, answer ? 0x00010001U : 0x00010000U);
  big32(out, 0);
  const std::string label = "host" + std::to_string(scatter(flow) % 4000);
  out.push_back(static_cast<char>(label.size()));
  out += label;
  out.append("\4ward\7example", 13).push_back('\0');
  big32(out, 0x00010001U);
  if (!answer) return out;
  big16(out, 0xc00c);
  big32(out, 0x00010001U);
  big32(out, 300);
  big16(out, 4);
  big32(out, 0x0a000000U | static_cast<std::uint32_t>(scatter(flow) % 4000));
  return out;
}

/// One of the many conversations: packet `index` of `flow`, or nothing where it has no more.
class SmallFlow {
 public:
  explicit SmallFlow(std::uint64_t flow)
      : flow_(flow),
        random_(scatter(flow)),
        client_{0x0a100000U + static_cast<std::uint32_t>(random_ % 10000),
                static_cast<std::uint16_t>(32768 + flow % 28000)},
        server_{0x0a200000U + static_cast<std::uint32_t>((random_ >> 20) % 500), kPorts[flow % 4]} {}

  bool frame(unsigned index, std::string& out) const {
    switch (flow_ % 4) {
      case 0:
        return datagram(index, dns(flow_, index == 1), out);
      case 1:
        return datagram(index, filler(), out);
      case 2:
        return stream(index,
                      "GET /status HTTP/1.1\r\nHost: pump.ward.example\r\nUser-Agent: pump/2.1\r\n\r\n",
                      "HTTP/1.1 200 OK\r\nServer: station\r\nContent-Length: 2\r\n\r\nok", out);
      default:
        return stream(index, filler(), filler(), out);
    }
  }

 private:
  static constexpr std::uint16_t kPorts[] = {53, 47001, 80, 47002};

  /// What no protocol begins with.
  [[nodiscard]] std::string filler() const {
    std::string out("\xf7\xfe\x00\x81", 4);
    for (unsigned i = 0; i < 8; ++i) big32(out, static_cast<std::uint32_t>(scatter(random_ + i)));
    return out;
  }
  bool datagram(unsigned index, const std::string& payload, std::string& out) const {
    if (index > 1) return false;
    index == 0 ? udp(out, client_, server_, payload) : udp(out, server_, client_, payload);
    return true;
  }
  bool stream(unsigned index, std::string_view request, std::string_view response, std::string& out) const {
    const auto c = static_cast<std::uint32_t>(random_), s = static_cast<std::uint32_t>(random_ >> 32);
    const auto asked = static_cast<std::uint32_t>(c + 1 + request.size());
    const auto told = static_cast<std::uint32_t>(s + 1 + response.size());
    switch (index) {
      case 0:
        return tcp(out, client_, server_, c, 0, kSyn, {}), true;
      case 1:
        return tcp(out, server_, client_, s, c + 1, kSyn | kAck, {}), true;
      case 2:
        return tcp(out, client_, server_, c + 1, s + 1, kAck, {}), true;
      case 3:
        return tcp(out, client_, server_, c + 1, s + 1, kAck | kPsh, request), true;
      case 4:
        return tcp(out, server_, client_, s + 1, asked, kAck | kPsh, response), true;
      case 5:
        return tcp(out, client_, server_, asked, told, kAck | kFin, {}), true;
      case 6:
        return tcp(out, server_, client_, told, asked + 1, kAck | kFin, {}), true;
      case 7:
        return tcp(out, client_, server_, asked + 1, told + 1, kAck, {}), true;
      default:
        return false;
    }
  }

  std::uint64_t flow_, random_;
  Host client_, server_;
};

/// A thousand new conversations a second, a few hundred of them open at a time.
void flows(std::uint64_t count, PcapWriter& out) {
  constexpr std::uint64_t kPackets = 8, kApart = 64;
  std::string frame;
  for (std::uint64_t now = 0; now < count + kPackets * kApart; ++now) {
    for (unsigned index = 0; index < kPackets; ++index) {
      const std::uint64_t flow = now - index * kApart;
      if (now < index * kApart || flow >= count || !SmallFlow(flow).frame(index, frame)) continue;
      out.packet(now * 1000 + index * 100, frame, static_cast<std::uint32_t>(frame.size()));
    }
  }
}

struct Record {
  std::uint64_t time = 0;  ///< microseconds since its file began
  std::string_view frame;
  std::uint32_t wire = 0;
};

std::uint32_t little32(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i)
    value |= std::uint32_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
  return value;
}

/// The records of a little-endian microsecond Ethernet file; none of any other.
void read_records(std::string_view file, std::vector<Record>& out) {
  constexpr std::uint64_t kLongest = 3600 * kMicrosecondsPerSecond;
  if (file.size() < 24 || little32(file, 0) != 0xa1b2c3d4U || (little32(file, 20) & 0xffff) != 1) return;
  std::uint64_t start = 0;
  bool first = true;
  for (std::size_t at = 24; at + 16 <= file.size();) {
    const std::uint64_t time =
        std::uint64_t{little32(file, at)} * kMicrosecondsPerSecond + little32(file, at + 4);
    const std::size_t length = little32(file, at + 8);
    if (at + 16 + length > file.size()) break;
    if (first) start = time;
    first = false;
    const std::uint64_t since = time < start ? 0 : std::min(time - start, kLongest);
    out.push_back({since, file.substr(at + 16, length), little32(file, at + 12)});
    at += 16 + length;
  }
}

/// In later rounds the same devices hold new conversations: the higher port of TCP and UDP moves where it is
/// an ephemeral one (IPv4 and IPv6 without options, untagged). Else who keeps a conversation's verdict for
/// long would have nothing to do from the second round on.
void move_port(std::string& frame, std::uint64_t round) {
  constexpr std::uint32_t kEphemeral = 32768;
  const auto u8 = [&](std::size_t at) { return std::uint32_t{static_cast<unsigned char>(frame[at])}; };
  if (frame.size() < 54) return;
  const std::uint32_t type = u8(12) << 8 | u8(13);
  const bool v4 = type == 0x0800 && u8(14) == 0x45 && (u8(20) & 0x1f) == 0 && u8(21) == 0;
  if (!v4 && type != 0x86dd) return;
  const std::uint32_t protocol = v4 ? u8(23) : u8(20);
  const std::size_t ports = v4 ? 34 : 54;
  if ((protocol != 6 && protocol != 17) || frame.size() < ports + 4) return;
  const std::uint32_t source = u8(ports) << 8 | u8(ports + 1),
                      destination = u8(ports + 2) << 8 | u8(ports + 3);
  if (std::max(source, destination) < kEphemeral || source == destination) return;
  const std::size_t at = source > destination ? ports : ports + 2;
  const auto moved = static_cast<std::uint32_t>(
      kEphemeral + (std::max(source, destination) + round * 41 - kEphemeral) % kEphemeral);
  frame[at] = static_cast<char>(moved >> 8);
  frame[at + 1] = static_cast<char>(moved);
}

/// All inputs as if they had begun at the same moment; then again, later, until there are enough packets.
void mix(std::uint64_t packets, PcapWriter& out, char** inputs, int count) {
  std::vector<std::string> files;
  for (int i = 0; i < count; ++i) {
    std::ifstream file(inputs[i], std::ios::binary);
    if (!file) PcapWriter::fail("cannot read", inputs[i]);
    files.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  std::vector<Record> records;
  for (const std::string& file : files) read_records(file, records);
  if (records.empty()) PcapWriter::fail("no packets in", "the captures given");
  std::stable_sort(records.begin(), records.end(),
                   [](const Record& a, const Record& b) { return a.time < b.time; });
  const std::uint64_t span = records.back().time + 60 * kMicrosecondsPerSecond;
  std::uint64_t written = 0;
  std::string frame;
  for (std::uint64_t round = 0; written < packets; ++round) {
    for (const Record& record : records) {
      frame.assign(record.frame);
      if (round > 0) move_port(frame, round);
      out.packet(round * span + record.time, frame, record.wire);
    }
    written += records.size();
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view kind = argc > 3 ? argv[1] : "";
  std::uint64_t count = 0;
  if (argc > 3) std::from_chars(argv[2], argv[2] + std::string_view(argv[2]).size(), count);
  if (count == 0 || (kind != "bulk" && kind != "flows" && (kind != "mix" || argc < 5))) {
    std::fprintf(stderr, "bench_captures bulk PACKETS OUT | flows COUNT OUT | mix PACKETS OUT IN...\n");
    return 2;
  }
  PcapWriter out(argv[3]);
  if (kind == "bulk") bulk(count, out);
  if (kind == "flows") flows(count, out);
  if (kind == "mix") mix(count, out, argv + 4, argc - 4);
  return 0;
}
