#!/usr/bin/env python3
"""Takes each protocol's share out of the ward's recording: src/dissect/PROTOCOL/golden/ward.pcap.

    captures/ward/extract_golden.py            needs tshark and editcap (Debian's tshark, wireshark-common)

Whole conversations, so that a dissector sees what it would see on the wire; the packets keep their times. Afterwards
`golden_test --write` gives the expected observations, to be read before they are committed.
"""
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RECORDING = HERE / "ward.pcapng"
MAX_BYTES = 60_000

# Folder: the analyser's names for the protocol, and what carries it ("frame": each by itself; else its conversation).
PROTOCOLS = {
    "arp": ({"arp"}, "frame"),
    "cdp": ({"cdp"}, "frame"),
    "lldp": ({"lldp"}, "frame"),
    "nd": ({"133", "134", "135", "136", "137"}, "icmpv6"),
    "dhcp": ({"dhcp"}, "udp"),
    "dhcpv6": ({"dhcpv6"}, "udp"),
    "dns": ({"dns"}, "any"),
    "llmnr": ({"llmnr"}, "udp"),
    "mdns": ({"mdns"}, "udp"),
    "netbios": ({"nbns", "nbdgm"}, "udp"),
    "snmp": ({"snmp"}, "udp"),
    "ssdp": ({"ssdp"}, "udp"),
    "dicom": ({"dicom"}, "tcp"),
    "ftp": ({"ftp"}, "tcp"),
    "hl7": ({"hl7"}, "tcp"),
    "http": ({"http"}, "tcp"),
    "smb": ({"smb", "smb2"}, "tcp"),
    "ssh": ({"ssh"}, "tcp"),
    "telnet": ({"telnet"}, "tcp"),
    "tls": ({"tls"}, "tcp"),
}
FIELDS = ["frame.number", "frame.len", "frame.protocols", "icmpv6.type", "tcp.stream", "udp.stream"]


def frames():
    command = ["tshark", "-r", str(RECORDING), "-T", "fields", "-E", "occurrence=f", "-E", "separator=|"]
    for field in FIELDS:
        command += ["-e", field]
    for line in subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.splitlines():
        number, length, names, icmpv6, tcp, udp = line.split("|")
        yield {"number": int(number), "length": int(length), "names": set(names.split(":")), "icmpv6": icmpv6,
               "tcp": tcp, "udp": udp}


def conversation(frame, carrier):
    """What keeps the frame company, or None where this carrier does not carry it."""
    if carrier == "frame":
        return ("frame", frame["number"])
    if carrier == "icmpv6":
        return ("frame", frame["number"]) if frame["icmpv6"] else None
    if frame["names"] & {"icmp", "icmpv6"}:
        return None  # an error message that quotes the conversation
    for kind in ("tcp", "udp"):
        if carrier in (kind, "any") and frame[kind] != "":
            return (kind, frame[kind])
    return None


def selected(all_frames, names, carrier):
    """The numbers of the frames of the first conversations that fit into MAX_BYTES together."""
    spoken = []
    for frame in all_frames:
        spoken_here = {frame["icmpv6"]} if carrier == "icmpv6" else frame["names"]
        company = conversation(frame, carrier)
        if company and spoken_here & names and company not in spoken:
            spoken.append(company)
    members = {company: [] for company in spoken}
    for frame in all_frames:
        company = conversation(frame, carrier)
        if company in members:
            members[company].append(frame)
    chosen, size = [], 24
    for company in spoken:
        more = sum(frame["length"] + 16 for frame in members[company])
        if size + more > MAX_BYTES:
            continue
        size += more
        chosen += [frame["number"] for frame in members[company]]
    return sorted(chosen)


def main():
    all_frames = list(frames())
    for protocol, (names, carrier) in PROTOCOLS.items():
        target = ROOT / "src/dissect" / protocol / "golden" / "ward.pcap"
        numbers = selected(all_frames, names, carrier)
        if not numbers:
            print(f"{protocol}: not in the recording")
            continue
        subprocess.run(["editcap", "-r", "-F", "nsecpcap", str(RECORDING), str(target)] + [str(n) for n in numbers],
                       check=True, stdout=subprocess.DEVNULL)
        print(f"{protocol}: {len(numbers)} packets, {target.stat().st_size} bytes")


if __name__ == "__main__":
    sys.exit(main())
