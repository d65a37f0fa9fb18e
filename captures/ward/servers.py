"""The peers that stay: each function prepares and starts one, and returns when it answers or will."""
import os
import shutil
from pathlib import Path

import hospital as h
from network import run

PEERS = Path(__file__).resolve().parent / "peers"


def fill(template, target, **values):
    """Writes peers/TEMPLATE to `target`, each {name} replaced by its value."""
    text = (PEERS / template).read_text()
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    Path(target).write_text(text)
    return Path(target)


def accounts(net):
    """Adds the invented accounts to the recording's own /etc, and where its hosts ask for names."""
    def line(file, text):
        with open(f"/etc/{file}", "a") as f:
            f.write(text + "\n")

    home = net.work / "home"
    for number, name, password in ((2001, h.MAINTENANCE, h.SECRETS.maintenance), (2002, h.FTP_ANONYMOUS, None), (2003, h.SMB_USER, None)):
        place = home / name
        place.mkdir(parents=True)
        os.chown(place, number, number)
        hashed = run(["openssl", "passwd", "-6", password]).strip() if password else "*"
        line("passwd", f"{name}:x:{number}:{number}::{place}:/bin/sh")
        line("group", f"{name}:x:{number}:")
        line("shadow", f"{name}:{hashed}:19700:0:99999:7:::")
    for file in ("motd", "issue", "issue.net"):
        Path(f"/etc/{file}").unlink(missing_ok=True)
    Path("/etc/issue.net").write_text("Welcome to NAS-RAD (TS-453A)\n")
    Path("/etc/motd").write_text("")
    for script in Path("/etc/update-motd.d").glob("*"):
        script.unlink()  # it would tell the recording machine's kernel at every login
    Path("/etc/resolv.conf").unlink(missing_ok=True)
    Path("/etc/resolv.conf").write_text(f"search {h.DOMAIN}\nnameserver {h.GATEWAY.ip}\n")
    Path("/etc/hosts").write_text("127.0.0.1 localhost\n")
    Path("/etc/nsswitch.conf").write_text("passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n")


def dnsmasq(net):
    """DHCPv4, DHCPv6, router advertisements and the zone ward.example."""
    place = net.work / "dnsmasq"
    place.mkdir()
    (place / "hosts").write_text("".join(f"{host.ip} {host.name.lower()}\n" for host in h.FIXED) + f"{h.PREFIX6}1 {h.GATEWAY.name}\n")
    (place / "fixed").write_text("".join(f"{host.mac},{host.ip}\n" for host in h.ASKING))
    config = fill("dnsmasq.conf", place / "conf", work=net.work)
    net.start(h.GATEWAY, ["dnsmasq", "--keep-in-foreground", "--pid-file=", "-C", config])
    net.wait_listening(h.GATEWAY, 53, udp=True)


def samba(net):
    """SMB1 to SMB3 and NetBIOS names."""
    place = net.work / "samba"
    (place / "share").mkdir(parents=True)
    (place / "share" / "rota.txt").write_text("early late night\n")
    os.chmod(place / "share", 0o777)
    config = fill("samba.conf", place / "smb.conf", work=net.work)
    net.inside(h.FILES, ["smbpasswd", "-c", config, "-s", "-a", h.SMB_USER], input=f"{h.SECRETS.smb}\n{h.SECRETS.smb}\n".encode())
    net.inside(h.FILES, ["mkdir", "/run/samba"])
    net.start(h.FILES, ["nmbd", "--foreground", "--no-process-group", "-s", config])
    net.start(h.FILES, ["smbd", "--foreground", "--no-process-group", "-s", config])
    net.wait_listening(h.FILES, 445)


def orthanc(net):
    """The PACS: DICOM on port 4242, its REST interface with Basic logins on 8042."""
    (net.work / "orthanc").mkdir()
    config = fill("orthanc.json", net.work / "orthanc" / "orthanc.json", work=net.work, password=h.SECRETS.pacs)
    net.start(h.PACS, ["Orthanc", config])
    net.wait_listening(h.PACS, 4242)
    net.wait_listening(h.PACS, 8042)


def interface_engine(net, modules):
    """The HL7 engine (simple-hl7 under node) and an SSH server beside it."""
    net.start(h.ENGINE, ["node", PEERS / "hl7_server.js", "2575"], env={"NODE_PATH": str(modules)})
    place = net.work / "ssh"
    place.mkdir()
    for kind in ("ed25519", "rsa"):
        run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "", "-f", place / f"host_{kind}"])
    run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", place / "user"])
    shutil.copy(place / "user.pub", place / "authorized")
    config = fill("sshd_config", place / "config", work=net.work)
    net.inside(h.ENGINE, ["mkdir", "/run/sshd"])
    net.start(h.ENGINE, ["/usr/sbin/sshd", "-D", "-e", "-f", config])
    net.wait_listening(h.ENGINE, 2575)
    net.wait_listening(h.ENGINE, 22)


def certificates(net):
    """A small authority and the intranet's certificate; the NAS signs its own."""
    place = net.work / "tls"
    place.mkdir()
    run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/O=Ward Hospital/CN=Ward Hospital Issuing CA",
         "-keyout", place / "ca.key", "-out", place / "ca.pem"], stdin=None)
    run(["openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/O=Ward Hospital/CN=intranet.{h.DOMAIN}",
         "-keyout", place / "intranet.key", "-out", place / "intranet.csr"])
    (place / "names").write_text(f"subjectAltName=DNS:intranet.{h.DOMAIN},DNS:rota.{h.DOMAIN}\n")
    run(["openssl", "x509", "-req", "-in", place / "intranet.csr", "-CA", place / "ca.pem", "-CAkey", place / "ca.key", "-set_serial", "20301",
         "-days", "820", "-extfile", place / "names", "-out", place / "intranet.pem"])
    run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/O=QNAP Systems Inc./OU=NAS/CN=QNAP NAS",
         "-keyout", place / "nas.key", "-out", place / "nas.pem"])


def intranet(net):
    """nginx: a page behind a Basic login, a login form, TLS 1.2 and 1.3."""
    place = net.work / "nginx"
    (place / "root" / "rota").mkdir(parents=True)
    (place / "root" / "index.html").write_text("<html><title>Ward intranet</title></html>\n")
    (place / "root" / "rota" / "index.html").write_text("<html><title>Rota</title></html>\n")
    (place / "users").write_text(f"nurse:{{PLAIN}}{h.SECRETS.basic}\n")
    config = fill("nginx.conf", place / "conf", work=net.work, session=h.SECRETS.session, patient=f"{h.BRAVO.family} {h.BRAVO.given}")
    net.start(h.INTRANET, ["nginx", "-e", net.work / "log" / "nginx.start", "-p", place, "-c", config])
    net.wait_listening(h.INTRANET, 443)


def nas(net):
    """The old NAS: FTP (anonymous and with an account), telnet, TLS 1.0 at most 1.1."""
    place = net.work / "ftp" / "pub"
    place.mkdir(parents=True)
    (place / "README").write_text("Firmware and manuals of the radiology NAS\n")
    net.inside(h.NAS, ["mkdir", "/run/vsftpd"])
    net.start(h.NAS, ["vsftpd", fill("vsftpd.conf", net.work / "ftp" / "conf", work=net.work, anonymous=h.FTP_ANONYMOUS)])
    net.start(h.NAS, ["inetutils-inetd", "--debug", fill("inetd.conf", net.work / "inetd.conf")])
    net.start(h.NAS, ["openssl", "s_server", "-accept", "443", "-cert", net.work / "tls" / "nas.pem", "-key", net.work / "tls" / "nas.key",
                      "-no_tls1_2", "-no_tls1_3", "-cipher", "DEFAULT:@SECLEVEL=0", "-www"])
    for port in (21, 23, 443):
        net.wait_listening(h.NAS, port)


def snmp(net):
    """Agents on the printer (v1 and v2c) and on the switch (v3)."""
    s = h.SECRETS
    for host, template, values in ((h.PRINTER, "snmpd_printer.conf", {"read": s.community, "write": s.community_write}),
                                   (h.SWITCH, "snmpd_switch.conf", {"auth": s.snmp_auth, "privacy": s.snmp_privacy})):
        place = net.work / "snmp" / host.name
        config = fill(template, place / "snmpd.conf", **values)
        net.start(host, ["snmpd", "-f", "-LE", "4", "-I", "system_mib,snmpv3mibs,usmConf,vacm_conf,snmpEngine,interface,ifTable,ifXTable", "-C", "-c", config],
                  env={"SNMP_PERSISTENT_DIR": str(place)})
        net.wait_listening(host, 161, udp=True)


def lldp(net):
    """LLDP and CDP (version 2, sent without a CDP neighbour in sight) from the switch."""
    fill("lldpd.conf", "/etc/lldpd.conf")
    net.inside(h.SWITCH, ["mkdir", "-p", "/run/lldpd"])
    net.start(h.SWITCH, ["lldpd", "-d", "-ccccc", "-l", "-u", "/run/lldpd.socket", "-I", "eth0"])


def mdns(net):
    """The printer's and the media server's services by multicast DNS. avahi reads them from one fixed place: each host gets its own."""
    for host, service in ((h.PRINTER, "ipp.service"), (h.MEDIA, "nas_web.service")):
        place = net.work / "avahi" / host.name
        fill(service, place / "services" / service)
        config = fill("avahi-daemon.conf", place / "conf", name=host.name)
        net.inside(host, ["mount", "--bind", place / "services", "/etc/avahi/services"])
        net.start(host, ["avahi-daemon", "--file", config, "--no-chroot", "--no-drop-root", "--no-rlimits"])


def ssdp(net):
    """The media server's UPnP announcements and description."""
    (net.work / "minidlna" / "media").mkdir(parents=True)
    net.start(h.MEDIA, ["minidlnad", "-S", "-f", fill("minidlna.conf", net.work / "minidlna" / "conf", work=net.work), "-P", net.work / "minidlna" / "pid"])
    net.wait_listening(h.MEDIA, 8200)
