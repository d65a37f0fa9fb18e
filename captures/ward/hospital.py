"""Who is on the recorded ward, and its invented secrets and patients. Plain data; README.md draws it."""
from dataclasses import dataclass

DOMAIN = "ward.example"
PREFIX4 = "10.20.30."
PREFIX6 = "fd00:20:30::"


@dataclass(frozen=True)
class Host:
    """One namespace: `name` is its host name, `mac` its interface's address (a real vendor prefix, an invented rest).

    `last` is the last byte of its IPv4 address. Hosts with a `dhcp_class` ask for theirs by DHCP: `dhcp_class` is what
    they send as vendor class (option 60), "" where they leave udhcpc's own. The others have it configured.
    """
    name: str
    mac: str
    last: int
    dhcp_class: str | None = None

    @property
    def ip(self):
        return f"{PREFIX4}{self.last}"


# Infrastructure with fixed addresses.
GATEWAY = Host("gw-ward3", "24:a4:3c:51:07:01", 1)
SWITCH = Host("sw-ward3", "7c:fe:90:3a:11:40", 2)
FILES = Host("wardfs01", "f8:b1:56:c4:20:10", 10)
PACS = Host("pacs01", "d8:94:03:18:6b:11", 11)
ENGINE = Host("hl7eng01", "00:50:56:9a:44:12", 12)
INTRANET = Host("intranet", "0c:c4:7a:88:03:13", 13)
NAS = Host("nas-rad", "24:5e:be:0d:52:14", 14)
PRINTER = Host("prn-ward3-01", "40:a8:f0:7e:91:15", 15)
# Devices that ask for an address.
CT = Host("CT01", "20:e7:91:02:c1:31", 31, "SIEMENS-SYNGO")
MONITOR = Host("B40-0042", "08:00:19:4b:00:42", 32, "GEHC-B40")
ULTRASOUND = Host("EPIQ7-US02", "1c:5a:6b:20:e7:33", 33, "MSFT 5.0")
PUMPS = Host("SpaceStation-0317", "00:12:21:03:17:34", 34, "")
MEDIA = Host("media-ward3", "00:11:32:6e:40:35", 35, "")
WORKSTATION = Host("WARD3-WS07", "c8:f7:50:1d:07:41", 41, "MSFT 5.0")
VIEWER = Host("RAD-WS-02", "e4:e7:49:5a:02:42", 42, "MSFT 5.0")
BIOMED = Host("BIOMED-LT01", "54:e1:ad:b0:01:43", 43, "MSFT 5.0")
TABLET = Host("ward3-tab2", "8c:77:12:7a:b2:44", 44, "android-dhcp-13")

FIXED = [GATEWAY, SWITCH, FILES, PACS, ENGINE, INTRANET, NAS, PRINTER]
ASKING = [CT, MONITOR, ULTRASOUND, PUMPS, MEDIA, WORKSTATION, VIEWER, BIOMED, TABLET]
HOSTS = FIXED + ASKING


@dataclass(frozen=True)
class Secrets:
    """Every invented password and community. All begin with "zz", so that a test can look for them anywhere."""
    ftp_wrong: str = "zzpw-bad-Heron2"
    anonymous: str = "zzanon@ward.example"
    maintenance: str = "zzpw-maint-Osprey3"  # FTP and telnet
    basic: str = "zzpw-basic-Merlin9"
    basic_wrong: str = "zzpw-worn-Buzzard1"
    form: str = "zzpw-form-Harrier5"
    session: str = "zzsession4fe1c0d7"
    pacs: str = "zzpw-pacs-Falcon8"
    smb: str = "zzpw-smb-Goshawk6"
    community: str = "zzcomm-read-Plover"
    community_write: str = "zzcomm-write-Dunlin"
    snmp_auth: str = "zzpw-snmpauth-Curlew"
    snmp_privacy: str = "zzpw-snmppriv-Whimbrel"


SECRETS = Secrets()


@dataclass(frozen=True)
class Patient:
    """An invented patient. The marks are in every part that identifies somebody."""
    family: str
    given: str
    number: str
    born: str
    street: str = ""
    phone: str = ""
    visit: str = ""


ALPHA = Patient("ZZMARK", "ZZALPHA", "ZZID4711", "19510203", "ZZSTREET 17", "555-0147-ZZ", "ZZVISIT9001")
BRAVO = Patient("ZZMARK", "ZZBRAVO", "ZZID4712", "19631124", "ZZSTREET 29", "555-0148-ZZ", "ZZVISIT9002")
CHARLIE = Patient("ZZMARK", "ZZCHARLIE", "ZZID4713", "19470817")

MAINTENANCE = "svc-maint"  # the account of FTP, telnet and SSH
SMB_USER = "wardclerk"
FTP_ANONYMOUS = "wardftp"  # the unprivileged account that vsftpd serves anonymous users as
