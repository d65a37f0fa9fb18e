#!/usr/bin/env python3
"""The same packets give the same assessment: run again, with more threads, split, packed, converted, or through a pipe."""
import gzip
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from program import WARD, assess, begin, no_trace, run, shared_captures, ward

THREADS = (1, 2, 4)
PARTS = 3
FRAME = re.compile(r"\bframe (\d+)(?: of file (\d+))?")  # in sentences
AT_ONCE = 12  # of the captures beside the project


def tool(*command, **how):
    subprocess.run([str(c) for c in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **how)


def placed(document, first_frames):
    """The document without its source; each evidence's frame counted through all files, so that a split cannot be seen."""
    starts = [first_frames[Path(f["name"]).name] for f in document["source"]["files"]]
    document["source"].pop("files")

    def in_text(found):
        return f"frame {int(found[1]) + starts[int(found[2] or 0)]}"

    def walk(value):
        if isinstance(value, str):
            return FRAME.sub(in_text, value)
        if isinstance(value, list):
            return [walk(v) for v in value]
        if not isinstance(value, dict):
            return value
        value = {k: walk(v) for k, v in value.items()}
        if "file" in value and "frame" in value:
            value["frame"] += starts[value["file"]]
            value["file"] = 0
        return value

    return walk(document)


def first_difference(a, b, where=""):
    """Where two documents part; for the message."""
    if isinstance(a, dict) and isinstance(b, dict):
        for k in [*a, *(k for k in b if k not in a)]:
            if a.get(k) != b.get(k):
                return first_difference(a.get(k), b.get(k), f"{where}.{k}")
        return f"{where}: keys stand as {list(a)} and {list(b)}"
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b)):
            if x != y:
                return first_difference(x, y, f"{where}[{i}]")
    return f"{where}: {str(a)[:200]} and {str(b)[:200]}"


def equal(tally, a, b, what):
    """Equal as text: the order of keys counts."""
    tally.check(json.dumps(a) == json.dumps(b), f"{what}: {first_difference(a, b)}")


def check_threads(tally, capture, name):
    one = assess(capture, "--threads", 1)
    for threads in THREADS:
        again = assess(capture, "--threads", threads)
        no_trace(tally, again)
        tally.check(again.status == 0 and again.out, str(again))
        if again.out != one.out:
            tally.check(False, f"{name}: {threads} threads differ from 1: {first_difference(one.document(), again.document())}")
        else:
            tally.passed += 1


def split(capture, folder):
    """The capture in parts; how many frames precede each part, by its name."""
    count = assess(capture).document()["source"]["packets"]
    size = -(-count // PARTS)
    tool("editcap", "-F", "pcapng", "-c", size, capture, folder / "part.pcapng")
    parts = sorted(folder.glob("part_*.pcapng"))
    return parts, {p.name: i * size for i, p in enumerate(parts)}


def check_split(tally, capture, name):
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        parts, starts = split(capture, folder)
        tally.check(len(parts) == PARTS, f"{name}: editcap made {len(parts)} parts")
        whole = placed(assess(capture).document(), {capture.name: 0})
        orders = {"in order": parts, "reversed": parts[::-1], "mixed": parts[1:] + parts[:1], "by folder": [folder]}
        for order, arguments in orders.items():
            for threads in (1, 2):
                done = assess(*arguments, "--threads", threads)
                if tally.check(done.status == 0, str(done)):
                    equal(tally, placed(done.document(), starts), whole, f"{name}: {PARTS} parts {order}, {threads} threads")


def without_source(done):
    document = done.document()
    document["source"].pop("files")
    return document


def check_forms(tally):
    """pcap of micro- and nanoseconds, pcapng, packed, piped: the same but for the files' names, sizes and digests."""
    whole = without_source(ward())
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        plain = folder / "copy.pcapng"
        shutil.copy(WARD, plain)
        nano = folder / "nano.pcap"
        tool("editcap", "-F", "nsecpcap", WARD, nano)
        swapped = folder / "swapped.pcap"
        swapped.write_bytes(swap(nano.read_bytes()))
        forms = {"pcap": nano, "pcap of the other byte order": swapped, "pcapng": plain}
        for path in (plain, nano):
            packed = folder / (path.name + ".gz")
            packed.write_bytes(gzip.compress(path.read_bytes()))
            tool("zstd", "-q", path, "-o", folder / (path.name + ".zst"))
            forms[packed.name] = packed
            forms[path.name + ".zst"] = folder / (path.name + ".zst")
        cases = [(what, lambda p=path: assess(p)) for what, path in forms.items()]
        cases += [(f"{what} by a pipe", lambda p=path: assess("-", input=p.read_bytes())) for what, path in forms.items()]
        for what, make in cases:
            done = make()
            if tally.check(done.status == 0, f"{what}: {done}"):
                equal(tally, without_source(done), whole, what)
        micro = folder / "micro.pcap"
        tool("editcap", "-F", "pcap", WARD, micro)
        done = assess(micro)
        tally.check([d["id"] for d in done.document()["devices"]] == [d["id"] for d in whole["devices"]], "microseconds: other devices")
        with open(nano, "rb") as file:
            done = assess("-", stdin=file)
            tally.check(done.status == 0 and without_source(done) == whole, f"a file as standard input: {done}")


def swap(data):
    """A pcap with the byte order of its headers turned round."""
    turn = lambda at, size: data[at:at + size][::-1]
    out = [turn(0, 4), turn(4, 2), turn(6, 2), *(turn(at, 4) for at in (8, 12, 16, 20))]
    at = 24
    while at < len(data):
        size = int.from_bytes(data[at + 8:at + 12], "little")
        out += [turn(at + k, 4) for k in (0, 4, 8, 12)] + [data[at + 16:at + 16 + size]]
        at += 16 + size
    return b"".join(out)


def check_formats_again(tally):
    for form in ("summary", "html", "csv"):
        first, again = (run("assess", WARD, "--format", form, "--threads", n) for n in (1, 2))
        tally.check(first.status == 0 and first.out and first.out == again.out, f"--format {form} differs between 1 and 2 threads")
    first, again = (run("observe", WARD, "--threads", n) for n in (1, 2))
    tally.check(first.status == 0 and first.out and first.out == again.out, "observe differs between 1 and 2 threads")


def main():
    tally = begin()
    tally.check(assess(WARD).out == ward().out, "the same run twice differs")
    check_threads(tally, WARD, "ward")
    check_split(tally, WARD, "ward")
    check_forms(tally)
    check_formats_again(tally)
    captures = shared_captures()
    for capture in captures[::max(1, len(captures) // AT_ONCE)]:
        check_threads(tally, capture, capture.parent.name)
    return tally.end()


sys.exit(main())
