"""Dialogues for the golden captures, written out: each is a list of turns, the client's first. Invented devices only."""
import base64
import struct


# HTTP ---------------------------------------------------------------------------------------------------------------
def _request(method, target, *fields):
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: station.example", *fields, "", ""]).encode()


def _response(status, body=b"", *fields):
    return "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *fields, "", ""]).encode() + body


def _wide(text):
    return text.encode("utf-16-le")


def _ntlm(kind, *parts):
    """MS-NLMP 2.2.1: bytes stand as they are; a tuple of one is a field, whose content lies behind."""
    offset = 12 + sum(8 if isinstance(part, tuple) else len(part) for part in parts)
    head, contents = b"NTLMSSP\0" + struct.pack("<I", kind), b""
    for part in parts:
        if isinstance(part, tuple):
            head += struct.pack("<HHI", len(part[0]), len(part[0]), offset + len(contents))
            contents += part[0]
        else:
            head += part
    return base64.b64encode(head + contents).decode()


def _ntlm_login():
    flags = struct.pack("<I", 0xE2898215)
    version = struct.pack("<BBH", 10, 0, 17763) + b"\0\0\0\x0f"
    pair = lambda number, value: struct.pack("<HH", number, len(value)) + value
    information = (pair(2, _wide("WARD")) + pair(1, _wide("PACSWEB")) + pair(4, _wide("ward.example")) +
                   pair(3, _wide("pacsweb.ward.example")) + pair(0, b""))
    negotiate = _ntlm(1, flags, (b"",), (b"",), version)
    challenge = _ntlm(2, (_wide("WARD"),), flags + b"challeng" + bytes(8), (information,), version)
    answer = bytes(16) + b"\1\1" + bytes(6) + bytes(8) + b"clientno" + bytes(4) + information + bytes(4)
    authenticate = _ntlm(3, (bytes(24),), (answer,), (_wide("WARD"),), (_wide("CTCONSOLE$"),), (_wide("CTCONSOLE"),),
                         (b"",), flags, version)
    return [_request("GET", "/", "Authorization: NTLM " + negotiate),
            _response("401 Unauthorized", b"", "WWW-Authenticate: NTLM " + challenge),
            _request("GET", "/", "Authorization: NTLM " + authenticate),
            _response("200 OK", b"ok")]


def http():
    camera = b"<DeviceInfo><model>CAM-7</model><manufacturer>Acme</manufacturer><firmwareVersion>V5.4</firmwareVersion></DeviceInfo>"
    page = b"<html><head><title>Syringe pump 12</title></head></html>"
    return [[_request("GET", "/", "User-Agent: curl/7.88.1"),
             _response("200 OK", page, "Server: lighttpd/1.4.35", "X-Powered-By: PHP/5.6.40", "Content-Type: text/html"),
             _request("GET", "/ISAPI/System/deviceInfo"),
             _response("200 OK", camera, "Content-Type: application/xml")],
            [b"OPTIONS * HTTP/1.0\r\n\r\n", _response("204 No Content")],
            _ntlm_login()]


# DICOM --------------------------------------------------------------------------------------------------------------
def dicom():
    item = lambda kind, value: struct.pack(">BBH", kind, 0, len(value)) + value
    pdu = lambda kind, value: struct.pack(">BBI", kind, 0, len(value)) + value
    user = item(0x50, item(0x51, struct.pack(">I", 16384)) + item(0x52, b"1.2.3.4.5") + item(0x55, b"ACME_MR_3"))
    titles = b"ARCHIVE".ljust(16) + b"MR02".ljust(16) + bytes(32)
    front = struct.pack(">HH", 1, 0) + titles + item(0x10, b"1.2.840.10008.3.1.1.1")
    storage, explicit = b"1.2.840.10008.5.1.4.1.1.4", b"1.2.840.10008.1.2.1"
    asked = item(0x20, b"\1\0\0\0" + item(0x30, storage) + item(0x40, explicit))
    agreed = item(0x21, b"\1\0\0\0" + item(0x40, explicit))
    element = lambda group, number, kind, value: (struct.pack("<HH", group, number) + kind + struct.pack("<H", len(value) + len(value) % 2) +
                                                  value + b" " * (len(value) % 2))
    implicit = lambda number, value: struct.pack("<HHI", 0, number, len(value)) + value

    def command(*elements):
        body = b"".join(elements)
        return implicit(0, struct.pack("<I", len(body))) + body

    def data(control, body):
        return pdu(4, struct.pack(">IBB", len(body) + 2, 1, control) + body)

    request = command(implicit(0x0002, storage + b"\0"), implicit(0x0100, struct.pack("<H", 1)), implicit(0x0110, struct.pack("<H", 1)),
                      implicit(0x0800, struct.pack("<H", 1)), implicit(0x1000, b"1.2.3.4.5.6"  + b"\0"))
    reply = command(implicit(0x0002, storage + b"\0"), implicit(0x0100, struct.pack("<H", 0x8001)), implicit(0x0120, struct.pack("<H", 1)),
                    implicit(0x0800, struct.pack("<H", 0x101)), implicit(0x0900, struct.pack("<H", 0)))
    identifier = element(0x18, 0x1009, b"UT", b"")[:6] + b"\0\0" + struct.pack("<I", 20) + b"(01)00844588003288  "
    sequence = struct.pack("<HH", 0xFFFE, 0xE000) + struct.pack("<I", len(identifier)) + identifier
    image = (element(8, 0x60, b"CS", b"MR") + element(8, 0x70, b"LO", b"ACME Imaging") + element(8, 0x80, b"LO", b"Example Hospital") +
             element(8, 0x1010, b"SH", b"MRROOM2") + element(8, 0x1040, b"LO", b"Radiology") + element(8, 0x1090, b"LO", b"Resonance 3") +
             element(0x18, 0x1000, b"LO", b"SN-0815") + element(0x18, 0x1002, b"UI", b"1.2.3.4.5.7\0") + element(0x18, 0x1008, b"LO", b"GANTRY1") +
             struct.pack("<HH", 0x18, 0x100A) + b"SQ\0\0" + struct.pack("<I", len(sequence)) + sequence +
             element(0x18, 0x1020, b"LO", b"R3.1"))
    return [[pdu(1, front + asked + user), pdu(2, front + agreed + user), data(3, request) + data(2, image), data(3, reply),
             pdu(5, bytes(4)), pdu(6, bytes(4))]]


# HL7 ----------------------------------------------------------------------------------------------------------------
def hl7():
    rows = ["528384^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|", "531970^MDC_ID_MODEL_MANUFACTURER^MDC|1.0.0.1|Acme Monitoring",
            "531969^MDC_ID_MODEL_NUMBER^MDC|1.0.0.2|Vital 9", "531972^MDC_ID_PROD_SPEC_SERIAL^MDC|1.0.0.3|SN-77",
            "531975^MDC_ID_PROD_SPEC_SW^MDC|1.0.0.4|4.2.1", "531974^MDC_ID_PROD_SPEC_HW^MDC|1.0.0.5|B",
            "531976^MDC_ID_PROD_SPEC_FW^MDC|1.0.0.6|1.9"]
    segments = ["MSH|^~\\&|VITAL|WARD|ENGINE|EXAMPLE|20240101120000||ORU^R01^ORU_R01|1|P|2.6", "PID|||1^^^X||DOE^JANE", "OBR|1|||1^VITALS"]
    segments += [f"OBX|{number}|ST|{row}" for number, row in enumerate(rows, 1)]
    frame = lambda lines: b"\x0b" + "\r".join(lines).encode() + b"\r\x1c\r"
    return [[frame(segments), frame(["MSH|^~\\&|ENGINE|EXAMPLE|VITAL|WARD|20240101120001||ACK^R01|1|P|2.6", "MSA|AA|1"])]]


# SNMP ---------------------------------------------------------------------------------------------------------------
def _tlv(tag, value):
    size = bytes([len(value)]) if len(value) < 128 else b"\x82" + struct.pack(">H", len(value))
    return bytes([tag]) + size + value


def snmp():
    def oid(text):
        parts = list(map(int, text.split(".")))
        out = bytes([parts[0] * 40 + parts[1]])
        for part in parts[2:]:
            digits = [part & 127]
            while part := part >> 7:
                digits.insert(0, part & 127 | 128)
            out += bytes(digits)
        return _tlv(6, out)

    def message(kind, *bindings):
        rows = b"".join(_tlv(0x30, oid(name) + value) for name, value in bindings)
        pdu = _tlv(kind, _tlv(2, b"\1") + _tlv(2, b"\0") + _tlv(2, b"\0") + _tlv(0x30, rows))
        return _tlv(0x30, _tlv(2, b"\1") + _tlv(4, b"ward-read") + pdu)

    entity = "1.3.6.1.2.1.47.1.1.1.1."
    texts = {2: b"Acme bedside switch", 8: b"rev C", 9: b"boot 2.1", 10: b"6.0.4", 11: b"SN-1234", 12: b"Acme", 13: b"BS-24"}
    rows = [(f"{entity}{column}.1", _tlv(4, text)) for column, text in texts.items()]
    device = [("1.3.6.1.2.1.25.3.2.1.3.1", _tlv(4, b"Acme LaserWard 400"))]
    return [[message(0xA0, *[(name, b"\5\0") for name, _ in rows]), message(0xA2, *rows)],
            [message(0xA1, ("1.3.6.1.2.1.25.3.2.1.3", b"\5\0")), message(0xA2, *device)]]


def snmp_notifications():
    enterprise = bytes.fromhex("2b06010401bf083264")
    trap = _tlv(0xA4, _tlv(6, enterprise) + _tlv(0x40, bytes(4)) + _tlv(2, b"\6") + _tlv(2, b"\1") + _tlv(0x43, b"\1") + _tlv(0x30, b""))
    return [[_tlv(0x30, _tlv(2, b"\0") + _tlv(4, b"ward-trap") + trap)]]


# Others -------------------------------------------------------------------------------------------------------------
def telnet():
    """Empty turns: the server speaks first and the client only when asked."""
    return [[b"", b"\xff\xfd\x18\xff\xfb\x01gateway login: ", b"service\r\n", b"service\r\nPassword: ", b"x\r\n",
             b"\r\nBusyBox v1.20.2 built-in shell (ash)\r\n# ", b"uname -a\r\n",
             b"uname -a\r\nLinux gateway 2.6.35 #1 armv5tejl GNU/Linux\r\n# "]]


def dhcp():
    """BOOTP's request (RFC 951) by a device from before DHCP, with a cookie and nothing behind it."""
    return [[bytes([1, 1, 6, 0]) + b"\1\2\3\4" + bytes(4) + bytes([192, 0, 2, 40]) + bytes(12) + bytes([2, 0, 0, 0, 0, 40]) + bytes(10) + bytes(192) +
             bytes.fromhex("63825363ff") + bytes(59)]]


# Folder: the port and the dialogues.
DIALOGUES = {
    "dhcp": [(67, dhcp)],
    "dicom": [(104, dicom)],
    "hl7": [(2575, hl7)],
    "http": [(80, http)],
    "snmp": [(161, snmp), (162, snmp_notifications)],
    "telnet": [(23, telnet)],
}
