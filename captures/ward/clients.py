"""What the ward does: each function is one peer's errand, and fails aloud where the other side does not answer as it must."""
import os
import time

import hospital as h
from network import RecordingFailed, run
from servers import PEERS, fill

WINDOWS_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"
ANDROID_AGENT = "Mozilla/5.0 (Linux; Android 13; SM-T575) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
NAMED = {name: f"{host.name.lower()}.{h.DOMAIN}" for name, host in
         (("files", h.FILES), ("pacs", h.PACS), ("engine", h.ENGINE), ("intranet", h.INTRANET), ("nas", h.NAS), ("printer", h.PRINTER))}


def need(text, *words):
    """RecordingFailed where a peer's answer lacks a word that it must have."""
    for word in words:
        if word not in text:
            raise RecordingFailed(f"{word!r} is missing in: {text[-1500:]}")


def bring_up(net, host):
    """Link up and the fixed address, announced by ARP as many stacks do."""
    net.inside(host, ["ip", "link", "set", "eth0", "up"])
    net.inside(host, ["ip", "addr", "add", f"{host.ip}/24", "brd", "+", "dev", "eth0"])
    if host is h.GATEWAY:
        net.inside(host, ["ip", "addr", "add", f"{h.PREFIX6}1/64", "dev", "eth0", "nodad"])
    else:
        net.inside(host, ["ip", "route", "add", "default", "via", h.GATEWAY.ip])
    net.inside(host, ["busybox", "arping", "-U", "-c", "1", "-I", "eth0", host.ip], check=False)


def lease(net, host):
    """DHCP by udhcpc with the host's name and vendor class."""
    net.inside(host, ["ip", "link", "set", "eth0", "up"])
    command = ["udhcpc", "-i", "eth0", "-f", "-q", "-n", "-t", "5", "-s", PEERS / "udhcpc.sh", "-x", f"hostname:{host.name}"]
    if host.dhcp_class:
        command += ["-V", host.dhcp_class]
    if (host.dhcp_class or "").startswith("MSFT"):
        command += ["-F", host.name]
    if (host.dhcp_class or "").startswith("MSFT"):
        # What Windows starts with; all else of these hosts that a capture can tell is claimed by what they send, too.
        net.inside(host, ["sysctl", "-q", "-w", "net.ipv4.ip_default_ttl=128"])
    need(net.inside(host, command), host.ip)


def lease6(net, host):
    """A stateful DHCPv6 lease by ISC dhclient, with the host's name."""
    config = net.work / "dhclient6.conf"
    config.write_text(f'send fqdn.fqdn "{host.name}.{h.DOMAIN}.";\nsend fqdn.no-client-update off;\nsend fqdn.server-update on;\n')
    net.inside(host, ["dhclient", "-6", "-1", "-cf", config, "-lf", net.work / "dhclient6.leases", "-pf", net.work / "dhclient6.pid",
                      "-sf", "/bin/true", "eth0"], timeout=90)


def names(net):
    """DNS and multicast DNS questions."""
    for host in (h.CT, h.PUMPS, h.MONITOR):
        need(net.inside(host, ["dig", "+short", f"@{h.GATEWAY.ip}", NAMED["engine"]]), h.ENGINE.ip)
    need(net.inside(h.VIEWER, ["dig", "+short", f"@{h.GATEWAY.ip}", "-x", h.PACS.ip]), "pacs01")
    need(net.inside(h.BIOMED, ["dig", "+short", f"@{h.GATEWAY.ip}", f"{h.GATEWAY.name}.{h.DOMAIN}"]), h.GATEWAY.ip)
    net.inside(h.BIOMED, ["dig", "+short", f"@{h.GATEWAY.ip}", f"nothing.{h.DOMAIN}"])
    for question in (["_ipp._tcp.local", "PTR"], ["prn-ward3-01.local", "A"]):
        # dig does not take the answer, which comes from another address than it asked; the wire has both.
        net.inside(h.TABLET, ["dig", "+tries=1", "+time=1", "@224.0.0.251", "-p", "5353", *question], check=False)


def discover(net):
    """SSDP search from the tablet, then the description that it names."""
    net.inside(h.TABLET, ["upnpc", "-m", "eth0", "-l"], check=False)  # it wants a router; the search is what counts
    need(net.inside(h.TABLET, ["curl", "-sS", "-A", ANDROID_AGENT, f"http://{h.MEDIA.ip}:8200/rootDesc.xml"]), "media-ward3")


def dicom_files(net):
    """The images to send, made by dump2dcm from text; their paths by modality."""
    pixels = net.work / "pixels"
    pixels.write_bytes(bytes(2048))
    made = {"ct": [], "us": []}
    for kind, patient, count in (("ct", h.ALPHA, 3), ("us", h.CHARLIE, 1)):
        for index in range(1, count + 1):
            text = fill(f"{kind}_image.dump", net.work / "dicom" / f"{kind}{index}.dump", pixels=pixels, index=index, family=patient.family,
                        given=patient.given, number=patient.number, born=patient.born)
            run(["dump2dcm", "+te", text, text.with_suffix(".dcm")])
            made[kind].append(text.with_suffix(".dcm"))
    return made


def dicom(net):
    """Verification, storage, query and retrieval: CT and ultrasound to the PACS, the PACS to the viewer."""
    files = dicom_files(net)
    net.inside(h.CT, ["echoscu", "-aet", "CT01", "-aec", "PACS", NAMED["pacs"], "4242"])
    net.inside(h.CT, ["storescu", "-R", "-aet", "CT01", "-aec", "PACS", h.PACS.ip, "4242", *files["ct"]])
    net.inside(h.ULTRASOUND, ["storescu", "-R", "-aet", "EPIQ7US02", "-aec", "PACS", h.PACS.ip, "4242", *files["us"]])
    received = net.work / "received"
    received.mkdir()
    net.start(h.VIEWER, ["storescp", "-aet", "RADWS02", "-od", received, "11112"])
    net.wait_listening(h.VIEWER, 11112)
    query = ["-aet", "RADWS02", "-aec", "PACS", h.PACS.ip, "4242", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", f"PatientID={h.ALPHA.number}"]
    need(net.inside(h.VIEWER, ["findscu", *query, "-k", f"PatientName={h.ALPHA.family}*", "-k", "PatientBirthDate", "-k", "StudyInstanceUID", "-k", "ModalitiesInStudy"]), h.ALPHA.given)
    net.inside(h.VIEWER, ["movescu", "-aem", "RADWS02", *query, "-k", "StudyInstanceUID=1.2.276.0.7230010.3.1.2.2.20.30.31"])
    if len(list(received.iterdir())) != len(files["ct"]):
        raise RecordingFailed("the viewer did not get all images that it asked the PACS for")


def hl7(net, modules):
    """An admission from the intranet's portal, observations from a monitor and from the infusion pumps' gateway."""
    for host, template, patient in ((h.INTRANET, "admission", h.ALPHA), (h.MONITOR, "monitor", h.ALPHA), (h.PUMPS, "pump", h.BRAVO)):
        sent = []
        for part in range(2 if template == "monitor" else 1):
            message = fill(f"{template}.hl7", net.work / "hl7" / f"{template}{part}", time=time.strftime("%Y%m%d%H%M%S", time.gmtime()),
                           **{name: getattr(patient, name) for name in ("family", "given", "number", "born", "street", "phone", "visit")})
            message.write_bytes(message.read_text().strip().replace("\n", "\r").encode() + b"\r")
            sent.append(message)
        net.inside(host, ["node", PEERS / "hl7_send.js", h.ENGINE.ip, "2575", *sent], env=_node(modules))


def _node(modules):
    return dict(os.environ, NODE_PATH=str(modules))


def smb_config(net, host, ntlmv2):
    (net.work / "samba" / host.name).mkdir(exist_ok=True)
    return fill("smbclient.conf", net.work / "samba" / f"{host.name}.conf", name=host.name[:15], work=net.work, ntlmv2=ntlmv2)


def smb(net):
    """A Windows-like workstation over SMB3; an old laptop over SMB1 with NTLMv1."""
    letter = net.work / "letter.txt"
    letter.write_text(f"Discharge letter of {h.ALPHA.family} {h.ALPHA.given}, born {h.ALPHA.born}\n")
    login = ["-U", f"WARD\\{h.SMB_USER}%{h.SECRETS.smb}"]
    share = f"//{NAMED['files']}/ward"
    need(net.inside(h.WORKSTATION, ["smbclient", share, "-s", smb_config(net, h.WORKSTATION, "yes"), "-m", "SMB3", *login, "-c",
                                    f"ls; put {letter} {h.ALPHA.number}_letter.txt; get rota.txt /dev/null"]), "rota.txt")
    need(net.inside(h.BIOMED, ["smbclient", share, "-s", smb_config(net, h.BIOMED, "no"), "-m", "NT1", *login, "-c", f"ls; get {h.ALPHA.number}_letter.txt /dev/null"]), "rota.txt")
    wrong = net.inside(h.BIOMED, ["smbclient", share, "-s", smb_config(net, h.BIOMED, "no"), "-m", "NT1", "-U", f"WARD\\{h.SMB_USER}%wrong", "-c", "ls"], check=False)
    need(wrong, "LOGON_FAILURE")


def netbios(net):
    """A broadcast for the file server's name, then its table of names. Late, since nmbd claims its names for seconds first."""
    need(net.inside(h.WORKSTATION, ["nmblookup", "-s", smb_config(net, h.WORKSTATION, "yes"), "-S", "WARDFS01"]), h.FILES.ip)


def snmp(net):
    """The biomedical engineer's laptop asks the printer (v1, v2c) and the switch (v3)."""
    s = h.SECRETS
    need(net.inside(h.BIOMED, ["snmpget", "-v1", "-c", s.community, "-On", NAMED["printer"], "1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.2.0"]), "JETDIRECT")
    need(net.inside(h.BIOMED, ["snmpwalk", "-v2c", "-c", s.community, "-On", h.PRINTER.ip, "1.3.6.1.2.1.1"]), "nurses")
    net.inside(h.BIOMED, ["snmpget", "-v2c", "-c", s.community_write, "-On", h.PRINTER.ip, "1.3.6.1.2.1.1.3.0"])
    need(net.inside(h.BIOMED, ["snmpget", "-v3", "-u", "netops", "-l", "authPriv", "-a", "SHA", "-A", s.snmp_auth, "-x", "AES", "-X", s.snmp_privacy,
                               "-On", h.SWITCH.ip, "1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.5.0"]), "Cumulus")


def ftp(net):
    """Anonymous, a wrong password, then the right one and a file whose name names a patient."""
    report = net.work / "report.pdf"
    report.write_bytes(b"%PDF-1.4\n" + f"% report of {h.ALPHA.family} {h.ALPHA.given}\n".encode())
    manual = net.work / "manual"
    sessions = (
        (h.TABLET, f"user anonymous {h.SECRETS.anonymous}\nls\nget README {manual}\nbye\n", "230"),
        (h.BIOMED, f"user {h.MAINTENANCE} {h.SECRETS.ftp_wrong}\nbye\n", "530"),
        (h.BIOMED, f"user {h.MAINTENANCE} {h.SECRETS.maintenance}\nput {report} {h.ALPHA.number}_{h.ALPHA.family}.pdf\nls\nbye\n", "226"))
    for host, commands, word in sessions:
        need(net.inside(host, ["ftp", "-n", "-v", NAMED["nas"]], input=commands.encode()), word)


def telnet(net):
    """A login at the NAS over telnet."""
    net.inside(h.BIOMED, ["expect", PEERS / "telnet.expect", h.NAS.ip, h.MAINTENANCE, h.SECRETS.maintenance], env=_terminal())


def _terminal():
    return {**{k: v for k, v in os.environ.items() if k in ("PATH", "LANG")}, "TERM": "vt100", "HOME": "/"}


def ssh(net):
    """A key login at the interface engine by PuTTY, which is what a Windows laptop has."""
    place = net.work / "ssh"
    run(["puttygen", place / "user", "-o", place / "user.ppk"])
    print_of = run(["ssh-keygen", "-lf", place / "host_ed25519.pub"]).split()[1]
    need(net.inside(h.BIOMED, ["plink", "-ssh", "-batch", "-hostkey", print_of, "-i", place / "user.ppk", f"{h.MAINTENANCE}@{NAMED['engine']}", "hostname"],
                    env={**_terminal(), "HOME": str(place)}), h.ENGINE.name)


def web(net):
    """Pages, Basic logins, a login form, a patient's number in a URL; TLS of every version."""
    s = h.SECRETS
    site = f"http://{NAMED['intranet']}"
    desk = ["curl", "-sS", "-i", "-A", WINDOWS_AGENT]
    need(net.inside(h.WORKSTATION, [*desk, f"{site}/"]), "Ward intranet")
    need(net.inside(h.WORKSTATION, [*desk, "-u", f"nurse:{s.basic}", f"{site}/rota/"]), "Rota")
    need(net.inside(h.BIOMED, [*desk, "-u", f"nurse:{s.basic_wrong}", f"{site}/rota/"]), "401")
    need(net.inside(h.WORKSTATION, [*desk, "-d", f"user=nurse&password={s.form}", f"{site}/login"]), "302")
    need(net.inside(h.WORKSTATION, [*desk, "-b", f"WARDSESSION={s.session}", f"{site}/chart?mrn={h.BRAVO.number}&name={h.BRAVO.family}"]), "Chart")
    need(net.inside(h.VIEWER, [*desk, "-u", f"radiology:{s.pacs}", f"http://{NAMED['pacs']}:8042/system"]), "ApiVersion")
    secure = f"https://{NAMED['intranet']}/"
    need(net.inside(h.WORKSTATION, [*desk, "-k", "--tls-max", "1.2", secure]), "Ward intranet")
    need(net.inside(h.TABLET, ["curl", "-sS", "-i", "-k", "-A", ANDROID_AGENT, secure]), "Ward intranet")
    for version in ("1.0", "1.1"):
        need(net.inside(h.BIOMED, [*desk, "-k", "--tlsv1.0", "--tls-max", version, "--ciphers", "DEFAULT:@SECLEVEL=0", f"https://{NAMED['nas']}/"]), "200")
    need(net.inside(h.TABLET, ["curl", "-sS", "-A", ANDROID_AGENT, f"{site}/"]), "Ward intranet")
