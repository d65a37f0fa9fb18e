"""Rewrites a pcapng file so that it says nothing about the machine that recorded it."""
import struct

SECTION, INTERFACE, PACKET = 0x0A0D0D0A, 1, 6
KEPT_INTERFACE_OPTIONS = {9}  # if_tsresol


def _option(code, value):
    return struct.pack("<HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def _block(kind, body):
    size = len(body) + 12
    return struct.pack("<II", kind, size) + body + struct.pack("<I", size)


def _options(data):
    while len(data) >= 4:
        code, size = struct.unpack_from("<HH", data)
        if code == 0:
            return
        yield code, data[4:4 + size]
        data = data[4 + size + (-size % 4):]


def clean(source, target, comment):
    """Copies section, interface and packets (little endian), drops statistics and names; returns the packets' number.

    The packets are put in the order of their times: two processors that hand packets to dumpcap at once may swap them.
    """
    data = open(source, "rb").read()
    out, packets, at = [], [], 0
    while at + 12 <= len(data):
        kind, size = struct.unpack_from("<II", data, at)
        body = data[at + 8:at + size - 4]
        if kind == SECTION:
            out.append(_block(kind, body[:16] + _option(1, comment.encode()) + _option(4, b"dumpcap") + _option(0, b"")))
        elif kind == INTERFACE:
            kept = b"".join(_option(c, v) for c, v in _options(body[8:]) if c in KEPT_INTERFACE_OPTIONS)
            out.append(_block(kind, body[:8] + _option(2, b"mirror0") + kept + _option(0, b"")))
        elif kind == PACKET:
            _, high, low = struct.unpack_from("<III", body)
            packets.append((high << 32 | low, _block(kind, body)))
        at += size
    with open(target, "wb") as f:
        f.write(b"".join(out + [block for _, block in sorted(packets, key=lambda packet: packet[0])]))
    return len(packets)
