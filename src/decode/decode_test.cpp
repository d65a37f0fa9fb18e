#include <doctest/doctest.h>

#include <deque>

#include "decode/defragmenter.h"
#include "decode/packet.h"
#include "frame_builder.h"

namespace bedrail {
namespace {

using namespace test;
using Content = Packet::Content;

/// The packet's views live as long as the test program: frames are kept.
Packet decoded(std::string_view frame, LinkType link = LinkType::kEthernet) {
  static std::deque<std::string> kept;
  Packet out;
  decode(raw(kept.emplace_back(frame), link), out);
  return out;
}

const std::string kDatagram = udp(5000, 5001, "hello");

/// What every carrier of `ipv4(17, kDatagram)` has to give.
void check_inner(const Packet& p) {
  CHECK(p.anomaly == "");
  CHECK(p.content == Content::kUdp);
  CHECK(to_string(p.source) == "10.0.0.1");
  CHECK(to_string(p.destination) == "10.0.0.2");
  CHECK(p.source_port == 5000);
  CHECK(p.destination_port == 5001);
  CHECK(as_text(p.payload) == "hello");
  CHECK(p.payload_length == 5);
  CHECK(p.ip_length == 33);
}

std::string gre(std::size_t flags, std::size_t type, std::string_view rest) {
  return be16(flags) + be16(type) + std::string(rest);
}
std::string outer(std::size_t protocol, std::string_view payload) {
  return ethernet(0x0800, ipv4(protocol, payload, {.source = 0xc0000201, .destination = 0xc0000202}));
}

}  // namespace

TEST_CASE("decode: Ethernet II, padding cut by the IP length, MACs") {
  const Packet p = decoded(ethernet(0x0800, ipv4(17, kDatagram) + std::string(13, 'P')));
  check_inner(p);
  CHECK(p.has_mac);
  CHECK(to_string(p.source_mac) == "02:00:00:00:00:0a");
  CHECK(to_string(p.destination_mac) == "02:00:00:00:00:0b");
  CHECK_FALSE(p.tunnelled);
}

TEST_CASE("decode: VLAN stacks, LLC/SNAP, MPLS, PPPoE") {
  const std::string ip = ipv4(17, kDatagram);
  const Packet tagged =
      decoded(ethernet(0x88a8, be16(0x0064) + be16(0x8100) + be16(0xe00a) + be16(0x0800) + ip));
  check_inner(tagged);
  CHECK(tagged.vlan == 10);
  const std::string snap = "\xaa\xaa\x03" + std::string(3, '\0') + be16(0x0800) + ip;
  check_inner(decoded(ethernet(snap.size(), snap + std::string(9, 'P'))));
  check_inner(decoded(ethernet(0x8847, be32(0x00010000) + be32(0x00020140) + ip)));
  check_inner(decoded(ethernet(0x8847, be32(0x00010140) + be32(0) + ethernet(0x0800, ip))));
  check_inner(decoded(ethernet(0x8847, be32(0x00010140) + ethernet(0x0800, ip))));
  check_inner(decoded(ethernet(0x8864, be16(0x1100) + be16(7) + be16(ip.size() + 2) + be16(0x0021) + ip)));
  const Packet discovery = decoded(ethernet(0x8863, "\x11\x09"));
  CHECK(discovery.content == Content::kEther);
  CHECK(discovery.ether_type == 0x8863);
}

TEST_CASE("decode: GRE, ERSPAN I to III, VXLAN, GENEVE, IP in IP, EtherIP") {
  const std::string ip = ipv4(17, kDatagram), frame = ethernet(0x0800, ip);
  const Packet routed = decoded(outer(47, gre(0xb000, 0x0800, be32(0) + be32(9) + be32(1) + ip)));
  check_inner(routed);
  CHECK(routed.tunnelled);
  CHECK_FALSE(routed.has_mac);
  check_inner(decoded(outer(47, gre(0, 0x6558, frame))));
  check_inner(decoded(outer(47, gre(0, 0x88be, frame))));
  const Packet second =
      decoded(outer(47, gre(0x1000, 0x88be, be32(1) + be16(0x1014) + be16(1) + be32(0) + frame)));
  check_inner(second);
  CHECK(second.vlan == 20);
  CHECK(second.has_mac);
  check_inner(
      decoded(outer(47, gre(0x1000, 0x22eb, be32(1) + be16(0x2014) + be16(1) + be32(0) + be32(0) + frame))));
  check_inner(decoded(
      outer(47, gre(0x1000, 0x22eb,
                    be32(1) + be16(0x2014) + be16(1) + be32(0) + be32(1) + be32(0) + be32(0) + frame))));
  check_inner(decoded(outer(47, gre(0x2001, 0x880b, be32(0) + "\xff\x03" + be16(0x0021) + ip))));
  check_inner(decoded(outer(17, udp(50000, 4789, be32(0x08000000) + be32(0x00000100) + frame))));
  check_inner(
      decoded(outer(17, udp(50000, 6081, be16(0x0100) + be16(0x6558) + be32(0x100) + be32(0) + frame))));
  check_inner(decoded(outer(4, ip)));
  check_inner(decoded(outer(97, be16(0x3000) + frame)));
  check_inner(decoded(ethernet(0x86dd, ipv6(4, ip))));
}

TEST_CASE("decode: what only looks like a tunnel stays what it is") {
  const Packet vxlan = decoded(outer(17, udp(50000, 4789, "\x08\0\0\0 not a frame")));
  CHECK(vxlan.content == Content::kUdp);
  CHECK(vxlan.destination_port == 4789);
  CHECK_FALSE(vxlan.tunnelled);
  const Packet gre_other = decoded(outer(47, gre(0, 0x1234, "x")));
  CHECK(gre_other.content == Content::kIp);
  CHECK(gre_other.ip_protocol == 47);
  CHECK(to_string(gre_other.source) == "192.0.2.1");
}

TEST_CASE("decode: IPv6 with extension headers, TCP with options") {
  const std::string segment =
      tcp(40000, 104, 7, 9, tcp_flag::kSyn | tcp_flag::kAck, "data", "\x02\x04\x05\xb4");
  const std::string extensions = "\x3c" + std::string(7, '\0') + "\x06" + std::string(7, '\0');
  const Packet p = decoded(ethernet(0x86dd, ipv6(0, extensions + segment)));
  CHECK(p.content == Content::kTcp);
  CHECK(p.anomaly == "");
  CHECK(to_string(p.source) == "2001:db8::1");
  CHECK(p.sequence == 7);
  CHECK(p.acknowledgement == 9);
  CHECK(p.tcp_flags == 0x12);
  CHECK(as_text(p.tcp_options) == "\x02\x04\x05\xb4");
  CHECK(as_text(p.payload) == "data");
  const Packet icmp = decoded(ethernet(0x86dd, ipv6(58, "\x87")));
  CHECK(icmp.content == Content::kIp);
  CHECK(icmp.ip_protocol == 58);
}

TEST_CASE("decode: other link types") {
  const std::string ip = ipv4(17, kDatagram);
  check_inner(decoded(ip, LinkType::kRaw));
  check_inner(decoded(ip, LinkType::kIpv4));
  check_inner(decoded(std::string("\x02\0\0\0", 4) + ip, LinkType::kNull));
  check_inner(decoded(be32(2) + ip, LinkType::kLoop));
  const Packet cooked =
      decoded(be16(1) + be16(1) + be16(6) + kMacA + be16(0) + be16(0x0800) + ip, LinkType::kLinuxCooked);
  check_inner(cooked);
  CHECK(cooked.link_group);
  CHECK(to_string(cooked.source_mac) == "02:00:00:00:00:0a");
  check_inner(
      decoded(be16(0x0800) + be16(0) + be32(3) + be16(1) + std::string("\0\x06", 2) + kMacA + be16(0) + ip,
              LinkType::kLinuxCooked2));
  const std::string llc = "\xaa\xaa\x03" + std::string(3, '\0') + be16(0x0800) + ip;
  const std::string data = std::string("\x88\x01\0\0", 4) + kMacB + kMacA + kMacB + be16(0) + be16(0) + llc;
  check_inner(decoded(data, LinkType::kIeee80211));
  const std::string radiotap = std::string("\0\0\x09\0\x02\0\0\0\x20", 9);
  check_inner(decoded(radiotap + data.substr(0, 26) + be16(0) + llc, LinkType::kRadiotap));
  CHECK(decoded(std::string("\x80\0\0\0", 4) + data.substr(4), LinkType::kIeee80211).content ==
        Content::kNothing);
  CHECK(decoded(std::string("\x88\x41\0\0", 4) + data.substr(4), LinkType::kIeee80211).content ==
        Content::kNothing);
}

TEST_CASE("decode: LLDP and CDP by their numbers") {
  CHECK(decoded(ethernet(0x88cc, "\x02")).ether_type == 0x88cc);
  const std::string cdp = std::string("\xaa\xaa\x03\0\0\x0c\x20\0", 8) + "\x02";
  const Packet p = decoded(ethernet(cdp.size(), cdp + "padding"));
  CHECK(p.content == Content::kEther);
  CHECK(p.ether_type == 0x2000);
  CHECK(as_text(p.payload) == "\x02");
  CHECK(decoded(ethernet(3, "\x42\x42\x03 ")).ether_type == 0x4242);
}

TEST_CASE("decode: every cut of a frame is survived and named") {
  const std::string whole = ethernet(0x8100, be16(5) + be16(0x0800) + ipv4(6, tcp(1, 2, 3, 4, 2, "abc")));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    RawPacket cut = raw(std::string_view(whole).substr(0, size));
    cut.wire_length = static_cast<std::uint32_t>(whole.size());
    Packet out;
    decode(cut, out);
    if (size < 58) {
      CHECK(out.anomaly != "");
    } else {
      CHECK(out.anomaly == "");
      CHECK(out.payload_length == 3);
      CHECK(out.payload.size() == size - 58);
    }
  }
}

TEST_CASE("decode: malformed headers are named, nesting ends") {
  CHECK(decoded(ethernet(0x0800, "\x65" + std::string(30, 'x'))).anomaly == "ipv4-bad-version");
  CHECK(decoded(ethernet(0x0800, "\x44" + std::string(30, 'x'))).anomaly == "ipv4-bad-header-length");
  CHECK(decoded(ethernet(0x0800, ipv4(6, std::string(20, '\0')))).anomaly == "tcp-bad-header-length");
  CHECK(decoded(ethernet(0x0800, ipv4(17, be16(1) + be16(2) + be16(500) + be16(0) + "x"))).anomaly ==
        "udp-longer-than-packet");
  std::string tags;
  for (int i = 0; i < 40; ++i) tags += be16(1) + be16(0x8100);
  CHECK(decoded(ethernet(0x8100, tags)).anomaly == "too-many-headers");
  std::string nested = ipv4(17, kDatagram);
  for (int i = 0; i < 40; ++i) nested = ipv4(4, nested);
  CHECK(decoded(nested, LinkType::kRaw).content == Content::kIp);
}

TEST_CASE("fragments: put together in any order, the first bytes win") {
  const std::string datagram = udp(7, 9, "aaaaaaaabbbbbbbbcc");
  const auto piece = [&](std::size_t from, std::size_t count, bool more, std::string text = {}) {
    if (text.empty()) text = datagram.substr(from, count);
    return ethernet(0x0800, ipv4(17, text, {.id = 77, .flags = from / 8 | (more ? 0x2000U : 0U)}));
  };
  Defragmenter fragments;
  const auto add = [&](const std::string& frame) {
    const Packet p = decoded(frame);
    CHECK(p.content == Content::kFragment);
    return fragments.add(raw(frame), p);
  };
  CHECK(add(piece(16, 10, false)).data.empty());
  CHECK(add(piece(0, 8, true)).data.empty());
  CHECK(add(piece(0, 8, true, "XXXXXXXX")).data.empty());
  const RawPacket whole = add(piece(8, 8, true));
  REQUIRE_FALSE(whole.data.empty());
  Packet p;
  decode(whole, p);
  CHECK(p.content == Content::kUdp);
  CHECK(p.anomaly == "");
  CHECK(as_text(p.payload) == "aaaaaaaabbbbbbbbcc");
  CHECK(to_string(p.source_mac) == "02:00:00:00:00:0a");
  CHECK(fragments.counters().overlaps == 1);
  CHECK(fragments.counters().completed == 1);
}

TEST_CASE("fragments: IPv6, limits and contradictions") {
  const auto piece = [](std::size_t id, std::size_t offset, bool more, std::string_view text) {
    return ethernet(0x86dd, ipv6(44, std::string("\x11\0", 2) + be16(offset | (more ? 1U : 0U)) + be32(id) +
                                         std::string(text)));
  };
  Defragmenter fragments(Defragmenter::Limits{.max_datagrams = 4, .max_bytes = 1000});
  const auto add = [&](const std::string& frame) { return fragments.add(raw(frame), decoded(frame)); };
  const std::string datagram = udp(7, 9, "12345678");
  CHECK(add(piece(1, 0, true, datagram.substr(0, 8))).data.empty());
  const RawPacket whole = add(piece(1, 8, false, datagram.substr(8)));
  Packet p;
  decode(whole, p);
  CHECK(p.content == Content::kUdp);
  CHECK(as_text(p.payload) == "12345678");
  for (std::size_t id = 10; id < 16; ++id) CHECK(add(piece(id, 0, true, "12345678")).data.empty());
  CHECK(fragments.counters().evicted == 2);
  CHECK(add(piece(15, 8, false, "ab")).data.size() == 14 + 40 + 10);
  CHECK(add(piece(14, 16, false, "ab")).data.empty());
  CHECK(add(piece(14, 24, false, "ab")).data.empty());
  CHECK(add(piece(14, 8, true, "odd")).data.empty());
  CHECK(fragments.counters().malformed == 2);
  // Half a minute later all of them are given up.
  const std::string late = piece(99, 0, true, "12345678");
  RawPacket later = raw(late);
  later.time.nanoseconds = 40 * kNanosecondsPerSecond;
  CHECK(fragments.add(later, decoded(late)).data.empty());
  CHECK(fragments.counters().expired == 3);
}

}  // namespace bedrail
