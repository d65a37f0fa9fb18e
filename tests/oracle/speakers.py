"""Runs the two programs on a capture and reads what they say."""
import functools
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass

import program

FIELDS = ["frame.number", "frame.protocols", "eth.src", "eth.dst", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport",
          "udp.srcport", "udp.dstport"]
SEPARATOR, AGGREGATOR = "\x1e", "\x1f"
LINE = re.compile(r"(\d+) (\S+) (.*)")
WHO = re.compile(r"([0-9a-f.:]*[.:][0-9a-f.:]*?)?(?:[/=]((?:[0-9a-f]{2}:){5}[0-9a-f]{2}))?")
CONNECTION = re.compile(r"connection (\S+) (\S+):(\d+) -> (\S+):(\d+) protocol=(\S*)")


@dataclass
class Said:
    """A line of `bedrail observe`."""

    frame: int
    addresses: set
    text: str


@dataclass
class Frame:
    """What tshark tells of a frame."""

    number: int
    protocols: list
    values: dict

    def last(self, *names):
        found = [self.values[name][-1] for name in names if self.values.get(name)]
        return found[0] if found else ""

    def addresses(self, about):
        """The frame's own address on that side: the innermost IP and the MAC."""
        return {self.last(f"ip.{about}", f"ipv6.{about}"), self.last(f"eth.{about}")} - {""}

    def conversation(self):
        """Transport and both ends; None where the frame is neither TCP nor UDP, or quotes another packet."""
        if "icmp" in self.protocols or "icmpv6" in self.protocols:
            return None
        for transport in ("tcp", "udp"):
            if transport in self.protocols:
                ends = [(self.last(f"ip.{side}", f"ipv6.{side}"), self.last(f"{transport}.{side}port")) for side in ("src", "dst")]
                return transport, frozenset(ends)
        return None

    def carried(self):
        """The protocols above the transport."""
        return [p for t in ("tcp", "udp") if t in self.protocols for p in self.protocols[len(self.protocols) - self.protocols[::-1].index(t):]]


def observe(capture):
    """What Bedrail says of a capture, and its connections: ends and protocol; the server's end is the second."""
    done = program.run("observe", capture)
    if done.fell or done.status not in (0, 3):
        raise RuntimeError(str(done))
    said, connections = [], []
    for line in done.out.decode(errors="replace").splitlines():
        number, who, text = LINE.fullmatch(line).groups()
        found = CONNECTION.match(text)
        if found:
            transport, client, client_port, server, server_port, protocol = found.groups()
            ends = (client.strip("[]"), client_port), (server.strip("[]"), server_port)
            connections.append((int(number), transport, ends, protocol))
        else:
            said.append(Said(int(number), {a for a in WHO.fullmatch(who).groups() if a} if who != "-" else set(), text))
    return said, connections


@functools.lru_cache
def decoders(transport):
    """What `-d` can decode a transport's ports as; tshark lists it where it is asked for what it does not know."""
    done = subprocess.run(["tshark", "-d", f"{transport}.port==1,?", "-r", os.devnull], capture_output=True, text=True, timeout=60)
    return set(re.findall(r"^\t(\S+) \(", done.stderr, re.M))


def frames(capture, names, decode_as=()):
    """What tshark says of each frame; with nobody's own settings, and no names looked up."""
    wanted = FIELDS + sorted(names)
    with tempfile.TemporaryDirectory() as nothing:
        command = ["tshark", "-n", "-r", str(capture), "-T", "fields", "-E", f"separator={SEPARATOR}", "-E", f"aggregator={AGGREGATOR}"]
        command += [word for rule in sorted(decode_as) for word in ("-d", rule)] + [word for name in wanted for word in ("-e", name)]
        done = subprocess.run(command, capture_output=True, timeout=300, env=dict(os.environ, HOME=nothing, XDG_CONFIG_HOME=nothing))
    if done.returncode not in (0, 2) or b"aren't valid" in done.stderr:
        raise RuntimeError(f"tshark on {capture}: exit {done.returncode}: {done.stderr.decode(errors='replace')[-600:]}")
    lines = []
    for line in done.stdout.decode(errors="replace").split("\n"):
        if re.match(rf"\d+{SEPARATOR}", line):
            lines.append(line)
        elif lines:
            lines[-1] += "\n" + line
    return [frame_of(line.split(SEPARATOR), wanted) for line in lines]


def frame_of(cells, wanted):
    values = {name: cell.split(AGGREGATOR) for name, cell in zip(wanted, cells) if cell}
    return Frame(int(cells[0]), cells[1].split(":"), values)
