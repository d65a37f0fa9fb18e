#!/usr/bin/env python3
"""Builds the golden captures of what the ward's recording does not hold: src/dissect/PROTOCOL/golden/built.pcap.

    tests/make_golden.py [PROTOCOL...]

Each dialogue of src/dissect/PROTOCOL/seeds becomes a conversation of its own between documentation addresses: the first
byte of a seed says who begins, "\\xff\\xfe" in it gives the word to the other side; golden/carriers.txt
says which layer and port carry it. The dialogues of golden_dialogues.py and ARP's frames are written out.
Afterwards `golden_test --write` gives the expected observations, to be read before they are committed.
"""
import struct
import sys
from pathlib import Path

from golden_dialogues import DIALOGUES

ROOT = Path(__file__).resolve().parent.parent
TURN = b"\xff\xfe"
START = 1_700_000_000

def carriers(protocol):
    """How a folder's seeds travel: {seed or "*": (layer, port, group)} from golden/carriers.txt; None where it builds nothing.

    Layers: tcp, udp, udp6, icmpv6, ether (port: the EtherType), snap (the SNAP protocol), llc (DSAP and SSAP), ip (the IP protocol)."""
    table = ROOT / "src/dissect" / protocol / "golden/carriers.txt"
    if not table.exists():
        return None
    rows = (line.split() for line in table.read_text().splitlines() if line and not line.startswith("#"))
    return {row[0]: (row[1], int(row[2], 0), row[3] if len(row) > 3 else None) for row in rows}


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Host:
    def __init__(self, number, group=None):
        self.mac = bytes([2, 0, 0, 0, number >> 8, number & 255])
        self.ip = bytes([192, 0, 2, number])
        self.ip6 = bytes.fromhex("fe80" + "00" * 13) + bytes([number])
        if group and "." in group:
            self.ip = bytes(map(int, group.split(".")))
            self.mac = b"\x01\x00\x5e" + self.ip[1:]
        elif group:
            self.ip6 = bytes.fromhex("ff02000000000000000000000001" + "0002")
            self.mac = b"\x33\x33" + self.ip6[12:]


def ethernet(source, destination, kind, payload):
    return destination.mac + source.mac + struct.pack(">H", kind) + payload


def ipv4(source, destination, protocol, payload):
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0x4000, 64, protocol, 0) + source.ip + destination.ip
    head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
    return ethernet(source, destination, 0x0800, head + payload)


def ipv6(source, destination, protocol, payload, hops=64):
    head = struct.pack(">IHBB", 6 << 28, len(payload), protocol, hops)
    return ethernet(source, destination, 0x86DD, head + source.ip6 + destination.ip6 + payload)


def udp(source_port, destination_port, payload):
    return struct.pack(">HHHH", source_port, destination_port, 8 + len(payload), 0) + payload


class Capture:
    def __init__(self):
        self.data = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
        self.packets = 0

    def add(self, frame):
        self.packets += 1
        self.data += struct.pack("<IIII", START + self.packets // 100, self.packets % 100 * 10_000, len(frame), len(frame)) + frame


def tcp_conversation(capture, client, server, port, turns, server_begins):
    """Handshake, each turn in one segment (or several of 1,400 bytes), both FINs."""
    ports, sequence = (40000 + client.ip[3], port), [1000, 500_000]
    ends = (client, server)

    def segment(side, flags, payload=b""):
        other = 1 - side
        head = struct.pack(">HHIIBBHHH", ports[side], ports[other], sequence[side], sequence[other] if flags & 16 else 0,
                           0x50, flags, 8192, 0, 0)
        capture.add(ipv4(ends[side], ends[other], 6, head + payload))
        sequence[side] += len(payload) + (1 if flags & 3 else 0)

    segment(0, 2)
    segment(1, 18)
    segment(0, 16)
    side = 1 if server_begins else 0
    for turn in turns:
        if not turn:
            side = 1 - side
            continue
        for at in range(0, len(turn), 1400):
            segment(side, 24, turn[at:at + 1400])
        segment(1 - side, 16)
        side = 1 - side
    segment(0, 17)
    segment(1, 17)
    segment(0, 16)


def conversation(capture, number, carrier, turns, side):
    layer, port, group = carrier
    client, server = Host(2 * number), Host(2 * number + 1)
    if layer == "tcp":
        return tcp_conversation(capture, client, server, port, turns, side == 1)
    for turn in turns:
        source, destination = (client, server) if side == 0 else (server, client)
        if group:
            destination = Host(0, group)
        client_port = port if group and "." in group else 546 if port == 547 else 68 if port == 67 else port if port == 138 else 40000 + number
        ports = (client_port, port) if side == 0 else (port, client_port)
        if layer == "ether":
            capture.add(ethernet(source, destination, port, turn))
        elif layer == "snap":
            body = b"\xaa\xaa\x03\x00\x00\x0c" + struct.pack(">H", port) + turn
            capture.add(ethernet(source, destination, len(body), body))
        elif layer == "icmpv6":
            capture.add(ipv6(source, destination, 58, turn, 255))
        elif layer == "udp6":
            capture.add(ipv6(source, destination, 17, udp(*ports, turn)))
        elif layer == "llc":
            body = struct.pack(">HB", port, 3) + turn
            capture.add(ethernet(source, destination, len(body), body))
        elif layer == "ip":
            capture.add(ipv4(source, destination, port, turn))
        else:
            capture.add(ipv4(source, destination, 17, udp(*ports, turn)))
        side = 1 - side


def arp_capture():
    """RFC 826 and 5227: request and reply, probe, announcement, two claims to one address, a reply nobody asked for; then
    what is odd: a hardware address that is not the frame's, lengths that do not fit, a cut one."""
    capture, hosts = Capture(), [Host(i) for i in range(5)]
    zero, nobody, everyone = b"\0" * 4, b"\0" * 6, Host(0)
    everyone.mac = b"\xff" * 6

    def arp(operation, sender, sender_ip, target_mac, target_ip, to=everyone, hardware=1, sizes=(6, 4), claimed=None, cut=28):
        body = struct.pack(">HHBBH", hardware, 0x0800, *sizes, operation) + (claimed or sender.mac) + sender_ip + target_mac + target_ip
        capture.add(ethernet(sender, to, 0x0806, body[:cut]))

    a, b, c = hosts[1], hosts[2], hosts[3]
    arp(1, a, a.ip, nobody, b.ip)
    arp(2, b, b.ip, a.mac, a.ip, to=a)
    arp(1, c, zero, nobody, c.ip)
    arp(1, c, c.ip, nobody, c.ip)
    arp(2, a, b.ip, c.mac, c.ip, to=c)
    arp(2, c, c.ip, c.mac, c.ip)
    arp(1, a, a.ip, nobody, c.ip, claimed=b.mac)
    arp(1, a, a.ip, nobody, c.ip, sizes=(6, 16))
    arp(1, a, a.ip, nobody, c.ip, hardware=6)
    arp(9, a, a.ip, nobody, c.ip)
    arp(1, a, a.ip, nobody, c.ip, cut=20)
    return capture


def write(protocol, capture):
    target = ROOT / "src/dissect" / protocol / "golden" / "built.pcap"
    target.write_bytes(capture.data)
    print(f"{protocol}: {capture.packets} packets, {len(capture.data)} bytes")


def build(protocol, table):
    capture = Capture()
    seeds = sorted(p for p in (ROOT / "src/dissect" / protocol / "seeds").iterdir() if not p.name.startswith("."))
    for number, seed in enumerate(seeds, 1):
        text = seed.read_bytes()
        carrier = table.get(seed.name, table["*"])
        conversation(capture, number, carrier, text[1:].split(TURN), 1 if text[0] & 2 else 0)
    number = 40
    layer, _, group = table["*"]
    for port, dialogues in DIALOGUES.get(protocol, []):
        for turns in dialogues():
            conversation(capture, number, (layer, port, group), turns, 0)
            number += 1
    write(protocol, capture)


def main():
    wanted = sys.argv[1:]
    for folder in sorted(p for p in (ROOT / "src/dissect").iterdir() if p.is_dir()):
        if wanted and folder.name not in wanted:
            continue
        table = carriers(folder.name)
        if folder.name == "arp":
            write("arp", arp_capture())
        elif table:
            build(folder.name, table)


main()
