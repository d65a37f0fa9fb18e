#!/usr/bin/env python3
"""Checks the shipped capture of the ward with tshark, then records the ward again and checks that, too.

    ward_record_test.py [CAPTURE]     a CAPTURE given is checked alone

Recording needs root (namespaces), the programs of packaging/packages/record.txt, and npm's registry or cache; where one
is missing the test says which and checks the shipped capture only.
"""
import base64
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WARD = ROOT / "captures" / "ward"
SKIPPED = 77  # record.py's exit status where the machine does not allow it
LARGEST = 2 * 1024 * 1024

# What the capture must hold, as tshark's display filters.
CONTENT = {
    "ARP": "arp", "neighbour discovery": "icmpv6.type==135", "router advertisement": "icmpv6.type==134",
    "DHCP with host name and class": 'dhcp.option.hostname=="B40-0042" && dhcp.option.vendor_class_id=="GEHC-B40"',
    "DHCP of a Windows kind": 'dhcp.option.vendor_class_id=="MSFT 5.0"', "DHCP acknowledged": "dhcp.option.dhcp==5",
    "DHCPv6 reply": "dhcpv6.msgtype==7", "DHCPv6 with a name": 'dhcpv6.client_domain contains "WARD3-WS07"',
    "DNS answer": "dns.flags.response==1 && udp.srcport==53 && dns.a", "DNS without such a name": "dns.flags.rcode==3",
    "mDNS service": 'mdns && dns.txt contains "M507"', "NetBIOS name": "nbns.flags.response==1", "browser announcement": "browser.command==0x01 || browser.command==0x0f",
    "SSDP notify": 'http.request.method=="NOTIFY"', "SSDP search": 'http.request.method=="M-SEARCH"', "UPnP description": 'http.request.uri=="/rootDesc.xml"',
    "LLDP": 'lldp.tlv.system.name=="sw-ward3"', "CDP": "cdp",
    "DICOM association": 'dicom.pdu.type==1 && frame contains "CT01"', "DICOM accepted": "dicom.pdu.type==2", "C-ECHO": "dicom && frame contains 00:00:00:01:02:00:00:00:30:00",
    "DICOM data": "dicom.pdv.ctx && dicom.pdu.type==4", "retrieval by the viewer": "dicom && tcp.port==11112",
    "HL7 admission": 'hl7.message.type=="ADT" || hl7.event.type=="A01"', "HL7 device rows": 'tcp.port==2575 && frame contains "MDC_DEV_PUMP_INFUS_MDS"', "HL7 acknowledged": 'tcp.srcport==2575 && frame contains "MSA|AA"',
    "SMB1 session": "smb.cmd==0x73 && smb.flags.response==1 && smb.nt_status==0", "SMB1 refused": "smb.nt_status==0xc000006d", "SMB3": "smb2.dialect==0x0311",
    "NTLM login": 'ntlmssp.auth.hostname=="WARD3-WS07"', "SNMPv1": "snmp.version==0", "SNMPv2c": "snmp.version==1", "SNMPv3": "snmp.msgVersion==3",
    "SNMP description": 'snmp.value.octets contains "JETDIRECT"', "FTP anonymous": 'ftp.request.arg=="anonymous"', "FTP login": "ftp.response.code==230", "FTP refused": "ftp.response.code==530",
    "telnet login": 'telnet.data contains "login"', "SSH": "ssh.protocol", "SSH key exchange": "ssh.message_code==20", "HTTP Basic": "http.authbasic", "HTTP Basic refused": "http.response.code==401",
    "login form": "urlencoded-form", "TLS 1.0": "tls.handshake.type==2 && tls.handshake.version==0x0301", "TLS 1.1": "tls.handshake.type==2 && tls.handshake.version==0x0302",
    "TLS 1.2 certificate": 'x509sat.uTF8String=="intranet.ward.example"', "TLS 1.3": "tls.handshake.type==2 && tls.handshake.extensions.supported_version==0x0304",
}
# What it must not hold: lost or odd packets, which the recording's own faults would make.
ABSENT = {"malformed packets": "_ws.malformed", "lost segments": "tcp.analysis.lost_segment || tcp.analysis.ack_lost_segment", "frames beyond 1514 bytes": "frame.len > 1514"}


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, ok, what):
        self.passed += bool(ok)
        self.failed += not ok
        if not ok:
            print(f"FAILED: {what}")


def tshark(capture, *arguments):
    done = subprocess.run(["tshark", "-n", "-r", str(capture), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return done.stdout.splitlines()


def packets_with(capture, expressions):
    """How many packets each display filter takes, by filter, in one reading."""
    table = tshark(capture, "-q", "-z", "io,stat,0," + ",".join(expressions))
    row = next(line for line in table if "<>" in line)
    figures = [int(part) for part in row.split("|")[2:] if part.strip().isdigit()]  # frames and bytes of each in turn
    if len(figures) != 2 * len(expressions):
        raise RuntimeError(f"tshark's table has {len(figures)} figures for {len(expressions)} filters: {row}")
    return dict(zip(expressions, figures[::2]))


def check_capture(tally, capture, about):
    """All that must hold of a recording of the ward, the shipped one or a new one."""
    tally.check(capture.stat().st_size <= LARGEST, f"{about}: {capture.stat().st_size} bytes are too many")
    found = packets_with(capture, [*CONTENT.values(), *ABSENT.values()])
    for what, expression in CONTENT.items():
        tally.check(found[expression], f"{about}: no packet with {what} ({expression})")
    for what, expression in ABSENT.items():
        tally.check(not found[expression], f"{about}: {found[expression]} packets: {what} ({expression})")
    times = [float(line) for line in tshark(capture, "-T", "fields", "-e", "frame.time_epoch")]
    tally.check(times == sorted(times), f"{about}: packets are not in the order of their times")
    senders = set(tshark(capture, "-T", "fields", "-e", "eth.src"))
    truth = json.loads((WARD / "truth.json").read_text())
    for device in truth["devices"]:
        tally.check(device["match"]["mac"] in senders, f"{about}: {device['match']['mac']} of truth.json sends nothing")
    named = {device["match"]["mac"] for device in truth["devices"]}
    tally.check(senders <= named, f"{about}: {senders - named} send, but truth.json does not know them")
    for finding in truth["findings"]:
        tally.check(finding["device"]["mac"] in named, f"truth.json: a finding of {finding['device']['mac']}, which is no device of it")
    data = capture.read_bytes()
    for value in (WARD / "marked.txt").read_text().splitlines():
        if value and not value.startswith("#"):
            raw = value.encode()
            cores = [base64.b64encode(b"\0" * n + raw)[(n * 8 + 5) // 6:(n + len(raw)) * 8 // 6] for n in range(3)]
            tally.check(raw in data or value.encode("utf-16-le") in data or any(core in data for core in cores), f"{about}: marked.txt lists {value!r}, which it does not hold")


def main():
    tally = Tally()
    if not shutil.which("tshark"):
        print("skipped: tshark is missing (scripts/setup test)")
        print("0 passed, 0 failed")
        return 0
    if len(sys.argv) > 1:
        check_capture(tally, Path(sys.argv[1]), sys.argv[1])
    else:
        check_capture(tally, WARD / "ward.pcapng", "ward.pcapng")
        with tempfile.TemporaryDirectory() as folder:
            again = Path(folder) / "again.pcapng"
            done = subprocess.run([sys.executable, str(WARD / "record.py"), "-o", str(again)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600)
            if done.returncode == SKIPPED:
                print(f"recording again is skipped: {done.stdout.strip()}")
            else:
                print(done.stdout.strip())
                tally.check(done.returncode == 0, f"record.py: exit {done.returncode}")
                if done.returncode == 0:
                    check_capture(tally, again, "a new recording")
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


sys.exit(main())
