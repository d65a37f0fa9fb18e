"""Hosts as Linux network namespaces, joined by a bridge in a namespace of its own, on which dumpcap listens.

Everything happens inside one outer set of namespaces (`enter`), so that nothing of the machine is changed and all
processes end with the recording: its own /etc (a copy), its own processes, its own mounts.
"""
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

INSIDE = "WARD_RECORD_INSIDE"
BRIDGE = "br0"
OFFLOADS = ["tx", "rx", "sg", "tso", "gso", "gro"]


class RecordingFailed(RuntimeError):
    """A peer or a tool did not do its part; the text says which and what it said."""


def run(command, **options):
    """Runs a tool; RecordingFailed with its output where it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode:
        raise RecordingFailed(f"{' '.join(map(str, command))}: exit {done.returncode}: {done.stdout.strip()[-2000:]}")
    return done.stdout


UNSHARE = ["unshare", "--net", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--mount-proc"]


def allowed():
    """True where this user may make namespaces with interfaces (root, as a rule)."""
    probe = [*UNSHARE, "sh", "-c", "mount -t tmpfs tmpfs /mnt && ip link add p0 type bridge && ip link add p1 type veth peer name p2"]
    try:
        return subprocess.run(probe, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except FileNotFoundError:
        return False


def enter(arguments):
    """Runs this program again inside the outer namespaces, unless it is there already. Returns its exit status or None."""
    if os.environ.get(INSIDE):
        return None
    return subprocess.run([*UNSHARE, sys.executable, *arguments], env=dict(os.environ, **{INSIDE: "1"})).returncode


class Network:
    """The bridge and its hosts. `work` is a directory that lives as long as the recording (in memory)."""

    def __init__(self, work):
        self.work = Path(work)
        run(["mount", "--make-rprivate", "/"])
        run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", work])
        (self.work / "log").mkdir()
        shutil.copytree("/etc", self.work / "etc", symlinks=True, ignore_dangling_symlinks=True)
        run(["mount", "--bind", self.work / "etc", "/etc"])
        # Logins write to the machine's records, which are none of theirs.
        run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/var/log"])
        self.namespaces = {}
        self.running = []
        self._hold("switch-fabric")
        self.inside("switch-fabric", ["sh", "-c", f"ip link set lo up; ip link add {BRIDGE} type bridge stp_state 0 mcast_snooping 0 forward_delay 0"])
        # A bridge keeps LLDP (01:80:c2:00:00:0e) to itself unless told otherwise.
        self.inside("switch-fabric", ["sh", "-c", f"echo 0x4000 > /sys/class/net/{BRIDGE}/bridge/group_fwd_mask"])
        self.inside("switch-fabric", ["sh", "-c", f"echo 1 > /proc/sys/net/ipv6/conf/{BRIDGE}/disable_ipv6; ip link set {BRIDGE} up"])

    def _hold(self, name):
        """A namespace lives as long as a process in it: one that sleeps."""
        setup = 'mount -t sysfs sysfs /sys; mount -t tmpfs -o mode=755 tmpfs /run; hostname "$0"; echo ready; exec sleep infinity'
        holder = subprocess.Popen(["unshare", "--net", "--mount", "--uts", "sh", "-c", setup, name], stdout=subprocess.PIPE)
        if holder.stdout.readline().strip() != b"ready":
            raise RecordingFailed(f"no namespace for {name}")
        self.namespaces[name] = holder.pid

    def _enter(self, name):
        return ["nsenter", f"--target={self.namespaces[name]}", "--net", "--mount", "--uts", f"--wd={self.work}"]

    def add(self, host):
        """A host with its interface eth0 in the bridge, still without an IPv4 address, and down."""
        self._hold(host.name)
        port = f"p{host.last}"
        run(["ip", "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", str(self.namespaces[host.name])])
        run(["ip", "link", "set", port, "netns", str(self.namespaces["switch-fabric"])])
        off = [word for feature in OFFLOADS for word in (feature, "off")]
        self.inside("switch-fabric", ["sh", "-c", f"echo 1 > /proc/sys/net/ipv6/conf/{port}/disable_ipv6"])
        self.inside("switch-fabric", ["ethtool", "-K", port, *off])
        self.inside("switch-fabric", ["ip", "link", "set", port, "master", BRIDGE, "up"])
        self.inside(host.name, ["ethtool", "-K", "eth0", *off])
        self.inside(host.name, ["ip", "link", "set", "eth0", "address", host.mac])
        self.inside(host.name, ["ip", "link", "set", "lo", "up"])

    def inside(self, host, command, check=True, timeout=60, **options):
        """Runs a command on a host and waits for it; its output. RecordingFailed where it fails and `check` is set."""
        name = getattr(host, "name", host)
        done = subprocess.run([*self._enter(name), *map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              stdin=options.pop("stdin", subprocess.DEVNULL) if "input" not in options else None,
                              timeout=timeout, **options)
        text = done.stdout.decode(errors="replace")
        with open(self.work / "log" / "commands", "a") as log:
            log.write(f"--- {name}: {' '.join(map(str, command))}: exit {done.returncode}\n{text}\n")
        if check and done.returncode:
            raise RecordingFailed(f"on {name}: {' '.join(map(str, command))}: exit {done.returncode}: {text.strip()[-2000:]}")
        return text

    def start(self, host, command, env=None):
        """Starts a peer that stays; its output goes to log/HOST-PROGRAM."""
        name = getattr(host, "name", host)
        log = self.work / "log" / f"{name}-{Path(str(command[0])).name}"
        with open(log, "ab") as out:
            process = subprocess.Popen([*self._enter(name), *map(str, command)], stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=subprocess.STDOUT, env=dict(os.environ, **(env or {})))
        self.running.append((f"{name}: {command[0]}", process, log))
        return process

    def wait_listening(self, host, port, seconds=20, udp=False):
        """Waits until a peer of the host listens; it sends nothing to find out."""
        tables = ["/proc/net/udp", "/proc/net/udp6"] if udp else ["/proc/net/tcp", "/proc/net/tcp6"]
        state = "07" if udp else "0A"
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for line in self.inside(host, ["cat", *tables], check=False).splitlines():
                part = line.split()
                if len(part) > 3 and part[1].endswith(f":{port:04X}") and part[3] == state:
                    return
            time.sleep(0.1)
        self.report_dead()
        raise RecordingFailed(f"nobody listens on {getattr(host, 'name', host)} port {port}")

    def report_dead(self):
        """RecordingFailed where a peer that should stay has ended."""
        for what, process, log in self.running:
            if process.poll() not in (None, 0):
                raise RecordingFailed(f"{what} ended with {process.returncode}: {log.read_text(errors='replace')[-1500:]}")

    def capture(self, file):
        """Starts dumpcap on the bridge, which in promiscuous mode sees every frame once; returns when it listens."""
        # Kernel buffer 16 MB: nothing may be lost. No -n or name look-ups exist in dumpcap: it is silent.
        process = self.start("switch-fabric", ["dumpcap", "-q", "-i", BRIDGE, "-s", "0", "-B", "16", "-w", file])
        end = time.monotonic() + 15
        while time.monotonic() < end and not (os.path.exists(file) and os.path.getsize(file)):
            self.report_dead()
            time.sleep(0.05)
        time.sleep(0.5)
        return process

    def stop(self, process, sig=signal.SIGINT, seconds=15):
        """Ends one peer (nsenter passes no signal on, but is replaced by the command it starts)."""
        process.send_signal(sig)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self.running = [r for r in self.running if r[1] is not process]
