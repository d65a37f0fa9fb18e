#!/usr/bin/env python3
"""What the program says where it cannot write, and of arguments that make no sense."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from program import PROGRAM, WARD, begin, explained, no_trace, run

FILES = ["assessment.json", "devices.csv", "report.html"]


def full_stdout(tally):
    """/dev/full takes nothing: the message says so."""
    told = (["--help"], ["--version"], ["assess", "--help"])
    for arguments in (["assess", WARD], *(["assess", WARD, "--format", form] for form in ("json", "html", "csv")), ["observe", WARD], *told):
        with open("/dev/full", "wb") as full:
            done = run(*arguments, stdout=full)
        explained(tally, done, 1, "standard output", "disk is full")


def closed_pipe(tally, folder):
    """A reader that leaves early, or was never there."""
    document = folder / "ward.json"
    document.write_bytes(run("assess", WARD, "--format", "json").out)
    device = json.loads(document.read_bytes())["devices"][0]["id"]
    for arguments in (["assess", WARD], *(["assess", WARD, "--format", form] for form in ("json", "html", "csv")), ["observe", WARD], ["explain", device, document]):
        reader, writer = os.pipe()
        os.close(reader)
        done = run(*arguments, stdout=writer)
        os.close(writer)
        explained(tally, done, 1, "standard output was closed")
    line = f"set -o pipefail; '{PROGRAM}' assess '{WARD}' --format json | head -c 10"
    done = subprocess.run(["bash", "-c", line], capture_output=True, timeout=60)
    # The document is larger than a pipe holds, so that head leaves before the end.
    tally.check(done.returncode == 1 and done.stdout == b'{"schema":'[:10] or done.returncode == 1 and len(done.stdout) == 10, f"| head -c 10: {done}")
    tally.check(b"standard output was closed" in done.stderr, f"| head -c 10 says {done.stderr}")
    line = f"'{PROGRAM}' assess '{WARD}' >&-"
    done = subprocess.run(["bash", "-c", line], capture_output=True, timeout=60)
    tally.check(done.returncode == 1 and b"standard output" in done.stderr, f"with standard output closed: {done}")
    # A pipe that is closed does not keep the files from being written.
    reader, writer = os.pipe()
    os.close(reader)
    done = run("assess", WARD, "-o", folder / "out", stdout=writer)
    os.close(writer)
    tally.same((done.status, sorted(p.name for p in (folder / "out").iterdir())), (1, FILES), "-o with a closed pipe")


def full_disk(tally, folder):
    """A disk of 64 KiB, mounted in a namespace of its own: no half of a file stays, an older one is kept whole."""
    script = """
        mount -t tmpfs -o size=64k tmpfs "$1" || exit 99
        mkdir "$1/out" && echo old > "$1/out/assessment.json"
        "$2" assess "$3" -o "$1/out" > "$4/said" 2> "$4/err"
        echo $? > "$4/status"
        ls -A "$1/out" > "$4/left"
        cat "$1/out/assessment.json" > "$4/old"
    """
    mount, notes = folder / "mount", folder / "notes"
    mount.mkdir()
    notes.mkdir()
    own = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    done = subprocess.run([*own, "bash", "-c", script, "-", str(mount), str(PROGRAM), str(WARD), str(notes)], capture_output=True, timeout=60)
    if not (notes / "status").exists():
        print(f"skipped: a full disk, none can be mounted here: {done.stderr.decode().strip()[:100]}")
        return
    err = (notes / "err").read_text()
    tally.same((notes / "status").read_text().strip(), "1", f"exit status with a full disk ({err.strip()})")
    tally.check("disk is full" in err and str(mount / "out") in err and len(err.splitlines()) == 1, f"with a full disk it says {err!r}")
    tally.same((notes / "left").read_text().split(), ["assessment.json"], "files on a full disk")
    tally.same((notes / "old").read_text(), "old\n", "the older assessment on a full disk")


def bad_folders(tally, folder):
    file = folder / "file"
    file.write_text("mine")
    explained(tally, run("assess", WARD, "-o", file), 1, file)
    explained(tally, run("assess", WARD, "-o", file / "below"), 1, file / "below")
    tally.same(file.read_text(), "mine", "a file where a folder was to be")
    explained(tally, run("assess", WARD, "-o", "/proc/none"), 1, "/proc/none")
    taken = folder / "taken"
    (taken / "report.html").mkdir(parents=True)
    done = run("assess", WARD, "-o", taken)
    explained(tally, done, 1, taken / "report.html")
    tally.same([p.name for p in taken.iterdir()], ["report.html"], "one file cannot be written: no other is, and nothing is left behind")
    explained(tally, run("assess", WARD, "--knowledge", folder / "gone"), 2, folder / "gone")
    explained(tally, run("assess", WARD, "--knowledge", file), 2, file)
    (folder / "bare").mkdir()
    explained(tally, run("assess", WARD, "--knowledge", folder / "bare"), 1, folder / "bare")


def wrong_arguments(tally):
    """Exit 2, nothing on standard output, a line that says what is wrong and how to get help."""
    wrong = {
        (): "bedrail --help", ("asess", WARD): "asess", ("assess",): "CAPTURE", ("assess", WARD, "--fromat", "json"): "--fromat",
        ("assess", WARD, "--format", "xml"): "xml", ("assess", WARD, "--threads", "0"): "--threads", ("assess", WARD, "--threads", "many"): "many",
        ("assess", WARD, "--threads", "99"): "--threads", ("assess", WARD, "--since", "yesterday"): "2026-11-01",
        ("assess", WARD, "--until", "2026-13-01"): "2026-13-01", ("assess", WARD, "--as-of", ""): "--as-of", ("assess", WARD, "-o"): "-o", ("assess", WARD, "-o", ""): "empty",
        ("assess", WARD, "--limit", "flows"): "flows=", ("assess", WARD, "--limit", "flows=-1"): "flows", ("assess", WARD, "--limit", "wolves=3"): "wolves",
        ("assess", WARD, "--limit", "flows=99999999999999"): "from 1 to",
        ("assess", ""): "empty", ("observe", WARD, ""): "empty", ("assess", WARD, "--as-of", "2262-04-11"): "from 1678 to 2261",
        ("explain",): "DEVICE", ("explain", "dev-0"): "ASSESSMENT.json", ("explain", "a", "b", "c"): "c", ("observe",): "CAPTURE",
        ("assess", WARD, "--since", "2026-11-02", "--until", "2026-11-01"): "--until",
    }
    for arguments, word in wrong.items():
        done = run(*arguments)
        explained(tally, done, 2, word, "--help")
        tally.check(not done.out, f"{done}: output {done.out[:80]!r}")


def helped(tally):
    for arguments in (["--help"], ["-h"], ["--version"], *([c, "--help"] for c in ("assess", "explain", "observe"))):
        done = run(*arguments)
        no_trace(tally, done)
        tally.check(done.status == 0 and done.out and not done.err, str(done))
    text = run("assess", "--help").out.decode()
    for option in ("-o", "--format", "--threads", "--since", "--until", "--as-of", "--knowledge", "CAPTURE", "Exit status"):
        tally.check(option in text, f"assess --help does not tell of {option}")


def no_codes(tally, folder):
    """What a terminal would obey is not repeated, wherever a file's name or an argument is."""
    name = "bad\x1b[31m\nX\u009b2J\u202e\u200b.pcap"
    (folder / name).write_text("no capture")
    shutil.copy(WARD, folder / "good.pcapng")
    missing = "gone\x1b]0;x\x07.pcap"
    for arguments in (("assess", folder), ("assess", folder / name), ("observe", folder), ("assess", folder / missing), ("explain", "dev", folder / missing),
                      ("assess", WARD, "-o", folder / name), ("assess", WARD, "--\x1b[31m"), ("\x1b[31m", WARD), ("assess", WARD, "--since", "\x1b[2J")):
        done = run(*arguments)
        no_trace(tally, done)
        tally.check(done.status != 0 and done.err.count("\n") <= 2, f"{done}: not one message")
        tally.check(not any(ord(c) < 0x20 and c != "\n" or 0x7f <= ord(c) < 0xa0 or c in "\u202e\u200b" for c in done.err), f"{done.err!r} holds codes")
    document = run("assess", folder, "--format", "json").out.decode()
    tally.check("\x1b" not in document and "\u009b" not in document, "codes of a file's name in the document")


def limits(tally):
    """A table that is too small for the ward: read all the same, and said."""
    for name in ("flows", "subjects", "connections", "facts", "fragments", "stream-bytes", "reassembly-bytes", "dissection-bytes", "fragment-bytes"):
        done = run("assess", WARD, "--format", "json", "--limit", f"{name}=1")
        no_trace(tally, done)
        tally.check(done.status in (0, 3), str(done))
        if name in ("subjects", "connections", "facts") and done.status in (0, 3):
            tally.check(json.loads(done.out)["notices"], f"--limit {name}=1: no notice tells of it")


def main():
    tally = begin()
    full_stdout(tally)
    for part in (closed_pipe, full_disk, bad_folders, no_codes):
        with tempfile.TemporaryDirectory() as folder:
            part(tally, Path(folder))
    wrong_arguments(tally)
    helped(tally)
    limits(tally)
    return tally.end()


sys.exit(main())
