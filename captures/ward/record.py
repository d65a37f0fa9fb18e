#!/usr/bin/env python3
"""Records the ward: real peers in network namespaces, joined by a bridge on which dumpcap listens (see README.md).

    record.py [-o FILE] [--keep-logs DIR]

Needs Linux, root and what packaging/packages/record.txt lists (scripts/setup record); npm fetches the HL7 library into
the build directory. Exit 0 where the capture was written, 1 where a peer failed (said which), 77 where this machine
does not allow namespaces or lacks a program.
"""
import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import clients
import hospital as h
import network
import pcapng
import servers

ROOT = HERE.parent.parent
MODULES = ROOT / "build" / "ward-record"
COMMENT = "An invented hospital ward; all people and secrets in it are invented. Made by captures/ward/record.py."
PROGRAMS = ["Orthanc", "avahi-daemon", "busybox", "curl", "dhclient", "dig", "dnsmasq", "dump2dcm", "dumpcap", "echoscu", "ethtool", "expect",
            "findscu", "ftp", "inetutils-inetd", "ip", "lldpd", "minidlnad", "movescu", "nginx", "nmbd", "nmblookup", "node", "npm",
            "nsenter", "openssl", "plink", "puttygen", "smbclient", "smbd", "smbpasswd", "snmpd", "snmpget", "snmpwalk", "ssh-keygen", "sshd", "storescp",
            "storescu", "sysctl", "telnet", "udhcpc", "unshare", "upnpc", "vsftpd"]


def obstacle():
    """Why the ward cannot be recorded here, or None."""
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        return f"these programs are missing: {', '.join(missing)} (scripts/setup record)"
    if not network.allowed():
        return "network namespaces are not allowed here (root is needed)"
    return None


def fetch_modules():
    """simple-hl7 and what it needs, as package-lock.json pins them, outside the repository's own files."""
    MODULES.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, MODULES / name)
    if not (MODULES / "node_modules" / "simple-hl7").is_dir():
        network.run(["npm", "ci", "--omit=dev", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=MODULES)


def perform(net, captured):
    """The ward's morning, in order."""
    modules = MODULES / "node_modules"
    servers.accounts(net)
    servers.certificates(net)
    for host in h.HOSTS:
        net.add(host)
    sniffer = net.capture(captured)
    for host in h.FIXED:
        clients.bring_up(net, host)
    servers.dnsmasq(net)
    servers.lldp(net)
    for host in h.ASKING:
        clients.lease(net, host)
    time.sleep(2)  # duplicate address detection of the link-local addresses
    for start in (servers.samba, servers.orthanc, servers.intranet, servers.nas, servers.snmp, servers.mdns, servers.ssdp):
        start(net)
    servers.interface_engine(net, modules)
    net.report_dead()
    clients.lease6(net, h.WORKSTATION)
    for errand in (clients.names, clients.discover, clients.dicom, clients.smb, clients.snmp, clients.ftp, clients.telnet, clients.ssh, clients.web):
        errand(net)
    clients.hl7(net, modules)
    clients.netbios(net)
    time.sleep(1)
    net.report_dead()
    net.stop(sniffer)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("-o", "--output", type=Path, default=HERE / "ward.pcapng")
    parser.add_argument("--keep-logs", type=Path, help="copy what the peers said to this directory")
    options = parser.parse_args()
    if not os.environ.get(network.INSIDE):
        why = obstacle()
        if why:
            print(f"record.py: {why}", file=sys.stderr)
            return 77
        fetch_modules()
        return network.enter([__file__, *sys.argv[1:]])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    start = time.monotonic()
    target = options.output.resolve()
    work = tempfile.mkdtemp(prefix="ward-")
    net = network.Network(work)
    try:
        captured = net.work / "captured.pcapng"
        perform(net, captured)
        packets = pcapng.clean(captured, target, COMMENT)
        print(f"{target}: {packets} packets, {target.stat().st_size} bytes, in {time.monotonic() - start:.0f} s")
        return 0
    except network.RecordingFailed as failure:
        print(f"record.py: {failure}", file=sys.stderr)
        return 1
    finally:
        if options.keep_logs:
            shutil.copytree(net.work / "log", options.keep_logs, dirs_exist_ok=True)
        network.run(["umount", "-l", "/etc"])
        network.run(["umount", "-l", work])
        os.rmdir(work)


if __name__ == "__main__":
    sys.exit(main())
