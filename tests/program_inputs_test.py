#!/usr/bin/env python3
"""What the program is given and cannot read, wholly or in part: what is good is read, the rest is named.

Captures that are cut, and so the readers and dissectors under sanitizers: program_cut_test.py.
"""
import gzip
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from program import PROGRAM, WARD, assess, begin, explained, no_trace, run, ward

SEED = 20261125
# Runs the program as somebody without the rights of root, to whom a file's mode is a bar.
AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


def notices(done, kind):
    return [n["text"] for n in done.document()["notices"] if n["kind"] == kind]


def incomplete(tally, done, kind, *names):
    """Read in part: exit 3; standard error and the notices name what was not."""
    explained(tally, done, 3, *names)
    if done.status == 3:
        told = "\n".join(notices(done, kind))
        for name in names:
            tally.check(str(name) in told, f"{done}: no notice {kind} holds {str(name)!r}: {told!r}")


def header_alone(tally, folder):
    """A capture without a packet is a good one; that nothing can be said is said."""
    path = folder / "quiet.pcap"
    path.write_bytes(bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000"))
    done = assess(path)
    no_trace(tally, done)
    tally.check(done.status == 0 and notices(done, "no-packets"), str(done))


def unknown_link(tally, folder):
    """A link type that is not read: all of the file was read, what its packets carry is not known, and that is said."""
    path = folder / "user0.pcap"
    path.write_bytes(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 147) + struct.pack("<IIII", 1, 0, 4, 4) + b"data")
    done = assess(path)
    no_trace(tally, done)
    tally.same(done.status, 0, str(done))
    told = "\n".join(notices(done, "undecoded"))
    for text in (told, done.err):
        tally.check("147" in text and str(path) in text, f"{done}: the link type and the file are not named: {text!r}")
    tally.same(done.document()["source"]["losses"]["undecoded_packets"], 1, "undecoded packets")


def more_than_descriptors(tally, folder):
    """All captures of a folder are open at once; the shell's usual limit on open files does not end that."""
    count = 60
    for number in range(count):
        (folder / f"{number:03}.pcap").write_bytes(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1) + struct.pack("<IIII", number + 1, 0, 4, 60) + b"data")
    done = assess(folder, before=["sh", "-c", 'ulimit -Sn 30; exec "$@"', "sh"])
    tally.same(done.status, 0, str(done))
    tally.same(done.document()["source"]["packets"], count, "packets of all captures")


def same_devices(tally, done, what):
    """What was read is the ward and nothing else."""
    if done.status in (0, 3):
        got, want = done.document(), ward().document()
        tally.same([d["id"] for d in got["devices"]], [d["id"] for d in want["devices"]], f"{what}: devices")
        tally.same(got["source"]["packets"], want["source"]["packets"], f"{what}: packets")


def nine_and_noise(tally, folder):
    """Nine good captures beside one of random bytes."""
    subprocess.run(["editcap", "-c", "160", str(WARD), str(folder / "part.pcapng")], check=True, stdout=subprocess.DEVNULL)
    parts = sorted(folder.glob("part_*"))
    tally.same(len(parts), 9, "parts of the ward")
    for number, part in enumerate(parts):  # at other depths and in other forms
        if number % 3 == 1:
            (folder / "deep" / "er").mkdir(parents=True, exist_ok=True)
            part.rename(folder / "deep" / "er" / part.name)
        if number % 3 == 2:
            (folder / (part.name + ".gz")).write_bytes(gzip.compress(part.read_bytes()))
            part.unlink()
    noise = random.Random(SEED)
    (folder / "x.pcap").write_bytes(noise.randbytes(100_000))
    (folder / "notes.txt").write_text("a file that claims to be nothing")
    done = assess(folder)
    incomplete(tally, done, "file-skipped", folder / "x.pcap")
    same_devices(tally, done, "nine and noise")
    tally.same(len(done.document()["source"]["files"]), 9, "files read beside the noise")
    tally.check("notes.txt" not in done.err, f"a file that is no capture by its name is complained of: {done}")
    for name in ("x.cap", "x.dmp", "x.pcapng", "x.PCAP.gz", "x.pcap.zst"):
        (folder / "x.pcap").rename(folder / name)
        incomplete(tally, assess(folder), "file-skipped", folder / name)
        (folder / name).rename(folder / "x.pcap")


def unreadable(tally, folder):
    """What is not there, empty, foreign or forbidden, alone and beside what is good."""
    good = folder / "good.pcapng"
    shutil.copy(WARD, good)
    empty = folder / "empty.pcap"
    empty.touch()
    hollow = folder / "hollow"
    hollow.mkdir()
    (hollow / "readme.txt").write_text("no capture")
    missing = folder / "gone.pcap"
    stub = folder / "stub.gz"
    stub.write_bytes(b"\x1f\x8b")
    packed = folder / "archive.pcap"
    packed.write_bytes(b"PK\x03\x04" + bytes(100))
    xz = folder / "x.pcap.xz"
    xz.write_bytes(b"\xfd7zXZ\0" + bytes(100))
    tiny = folder / "tiny.pcap"
    tiny.write_bytes(WARD.read_bytes()[:7])
    bad = {empty: "empty", hollow: "no capture", missing: "No such file", packed: "ZIP", xz: "xz -d", tiny: "cut in the middle", stub: "is cut"}
    for path, word in bad.items():
        explained(tally, assess(path), 1, path, word)
        tally.check(not assess(path).out, f"{path.name}: output where nothing was read")
        for arguments in ((path, good), (good, path)):
            done = assess(*arguments)
            incomplete(tally, done, "file-skipped", path, word)
            same_devices(tally, done, path.name)
    explained(tally, assess(*bad), 1, missing, hollow, empty, tiny)
    explained(tally, assess(missing, folder / "gone too"), 1, missing, folder / "gone too")
    explained(tally, run("observe", missing), 1, missing)
    done = assess("-", input=b"")
    explained(tally, done, 1, "-", "empty")
    explained(tally, assess("-", input=b"GET / HTTP/1.0\r\n\r\n" * 99), 1, "not a capture")


def forbidden(tally, folder):
    """A file and a folder that the user may not read, where there is another user to be."""
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        print("skipped: forbidden files, there is no setpriv to be somebody else with")
        return
    before = AS_NOBODY if os.geteuid() == 0 else []
    home = folder / "home"
    (home / "closed").mkdir(parents=True)
    for name in ("good.pcapng", "secret.pcapng", "closed/in.pcapng"):
        shutil.copy(WARD, home / name)
    program = folder / "bin" / "bedrail"  # the program's own folder may be closed to somebody else
    program.parent.mkdir()
    shutil.copy(PROGRAM, program)
    knowledge = folder / "knowledge"
    shutil.copytree(Path(__file__).resolve().parent.parent / "knowledge", knowledge)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() or path == program else 0o644)
    (home / "secret.pcapng").chmod(0)
    (home / "closed").chmod(0)
    how = {"program": program, "before": before}
    options = ("--knowledge", knowledge)
    try:
        explained(tally, assess(home / "secret.pcapng", *options, **how), 1, home / "secret.pcapng", "Permission denied")
        explained(tally, assess(home / "closed", *options, **how), 1, home / "closed", "Permission denied")
        done = assess(home, *options, **how)
        incomplete(tally, done, "file-skipped", home / "secret.pcapng", home / "closed", "Permission denied")
        same_devices(tally, done, "beside what is forbidden")
        shutil.copy(WARD, folder / "out.pcapng")
        (folder / "out.pcapng").chmod(0o644)
        explained(tally, run("assess", folder / "out.pcapng", *options, "-o", folder / "new", **how), 1, folder / "new", "may write")
    finally:
        (home / "closed").chmod(0o755)


def twice(tally, folder):
    """One file by several ways is read once: its packets would count twice."""
    copy = folder / "one.pcapng"
    shutil.copy(WARD, copy)
    (folder / "link.pcapng").symlink_to(copy)
    os.link(copy, folder / "hard.pcapng")
    for arguments in ([copy, copy], [folder, copy], [copy, folder / "." / "one.pcapng", folder / "link.pcapng"], [folder]):
        done = assess(*arguments)
        tally.check(done.status == 0, str(done))
        same_devices(tally, done, done.arguments)
        tally.same(len(done.document()["source"]["files"]), 1, f"{done.arguments}: files")


def since_until(tally):
    """Packets outside are left out; the two halves make the whole; evidence keeps its frames."""
    whole = ward().document()
    first, last = whole["source"]["first"], whole["source"]["last"]
    middle = first[:17] + "52.5Z"  # within the recording: its length is checked first
    if not tally.check(first < middle < last, f"the ward lasts from {first} to {last}"):
        return
    before, after = assess(WARD, "--until", middle).document(), assess(WARD, "--since", middle).document()
    tally.same(before["source"]["packets"] + after["source"]["packets"], whole["source"]["packets"], "packets of both halves")
    tally.check(0 < before["source"]["packets"] < whole["source"]["packets"], "no packets are left out")
    times = lambda doc: [e["time"] for f in doc["findings"] for e in f["evidence"]]
    tally.check(times(before) and max(times(before)) < middle, "evidence from after --until")
    tally.check(times(after) and min(times(after)) >= middle, "evidence from before --since")
    frames = {(e["frame"], e["time"]) for f in whole["findings"] for e in f["evidence"]}
    late = {(e["frame"], e["time"]) for f in after["findings"] for e in f["evidence"]}
    tally.check(frames & late, "--since: frames are not counted from the file's start")
    part = assess(WARD, "--since", middle).document()
    tally.check(part["source"]["first"] >= middle[:-1], "--since: the source begins before what was read")
    window = [n for n in part["notices"] if n["kind"] == "window"]
    stored = sum(file["packets"] for file in part["source"]["files"])
    tally.same([n["count"] for n in window], [stored - part["source"]["packets"]], "--since: the notice of what was left out")
    tally.check(not [n for n in assess(WARD).document()["notices"] if n["kind"] == "window"], "no window, and a notice of one")
    none = assess(WARD, "--since", "2090-01-01")
    no_trace(tally, none)
    tally.check(none.status == 0 and not none.document()["devices"], f"{none}: devices where no packet is left")
    tally.check(notices(none, "no-packets"), f"{none}: nothing is left, and nothing is said of it")
    tally.check("outside --since and --until" in none.err, f"{none}: nothing is left, and standard error is silent")
    observed = run("observe", WARD, "--since", "2090-01-01")
    tally.check(observed.status == 0 and not observed.out and "outside --since and --until" in observed.err, str(observed))


def without_times(tally, folder):
    """Simple packet blocks and zeros are no times: nothing is judged as of 1970."""
    frame = bytes.fromhex("ffffffffffff02000000000108060001080006040001020000000001c0a80101000000000000c0a80102")
    padded = frame + bytes(-len(frame) % 4)

    def block(kind, body):
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

    head = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(1, struct.pack("<HHI", 1, 0, 0))
    (folder / "simple.pcapng").write_bytes(head + block(3, struct.pack("<I", len(frame)) + padded) * 2)
    (folder / "zero.pcap").write_bytes(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + (struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame) * 2)
    for path in (folder / "simple.pcapng", folder / "zero.pcap"):
        done = assess(path)
        if not tally.check(done.status == 0, str(done)):
            continue
        document = done.document()
        tally.same(document["as_of"][:10], document["tool"]["knowledge"]["date"], f"{path.name}: judged as of")
        tally.check("no times" in done.err and "--as-of" in done.err, f"{done}: it is not said that there are no times")
        tally.check(any("no times" in text for text in notices(done, "no-times")), f"{path.name}: no notice of the times")
        summary = run("assess", path).out.decode()
        tally.check("no times" in summary and "No packet" not in summary, f"{path.name}: {summary[:200]!r}")
        told = assess(path, "--as-of", "2020-01-01").document()
        tally.same(told["as_of"][:10], "2020-01-01", f"{path.name} with --as-of")
        none = assess(path, "--since", "2020-01-01")
        tally.check("1970" not in none.err and "no times" in none.err, str(none))
    both = assess(WARD, folder / "zero.pcap")
    tally.same(both.document()["as_of"], ward().document()["as_of"], "a capture without times beside the ward: judged as of")
    tally.check(notices(both, "no-times"), "a capture without times beside the ward: no notice")


def dangling(tally, folder):
    """A link whose capture is gone is told, as a file that cannot be read is."""
    shutil.copy(WARD, folder / "good.pcapng")
    (folder / "friday.pcap").symlink_to("nowhere")
    (folder / "note").symlink_to("nowhere")
    done = assess(folder)
    incomplete(tally, done, "file-skipped", folder / "friday.pcap", "No such file")
    same_devices(tally, done, "beside a dangling link")
    tally.check("note" not in done.err, f"a link that promises no capture is complained of: {done}")
    explained(tally, assess(folder / "friday.pcap"), 1, "friday.pcap", "No such file")


def main():
    tally = begin()
    for part in (without_times, dangling, nine_and_noise, header_alone, unknown_link, unreadable, forbidden, twice, more_than_descriptors):
        with tempfile.TemporaryDirectory() as folder:
            part(tally, Path(folder))
    since_until(tally)
    return tally.end()


sys.exit(main())
