#!/usr/bin/env python3
"""Captures cut at random places, read with sanitizers: what precedes the cut is read, and nothing falls.

The ward by the program itself; the captures beside the project by capture_cuts.
"""
import concurrent.futures
import os
import random
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

from program import ROOT, SANITIZED, TRACE, WARD, begin, run, shared_captures, ward

SEED = 7
PLACES = 50
PARTS = 14
AT_ONCE = os.cpu_count() or 1
CUTS = SANITIZED.parent / "capture_cuts"
EARLY = 64 * 1024  # a first packet, or a first packed block, may be as large


def places(capture, count):
    """Places to cut at, the same in each run."""
    size = capture.stat().st_size
    chance = random.Random(SEED ^ zlib.crc32(capture.parent.name.encode()))
    return sorted(chance.randrange(1, size) for _ in range(count))


def read_cut(capture, place):
    """Reads the first `place` bytes; the suffix stays, as a copy that broke off leaves it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("cut" + "".join(capture.suffixes))
        with open(capture, "rb") as whole:
            path.write_bytes(whole.read(place))
        return run("assess", path, "--format", "json", program=SANITIZED)


def judge(tally, name, place, done):
    """A cut capture gives what precedes the cut (exit 3, or 0 where the cut falls between packets), or is named."""
    what = f"{name} cut at {place}"
    if not tally.check(not done.fell, f"{what}: {done.fell}"):
        return
    if done.status == 1:
        # Nothing of it could be read: so early that no packet, or no whole block of a packed file, precedes the cut.
        tally.check(place < EARLY and not done.out and "cut." in done.err, f"{what}: {done}")
        return
    document = done.document()
    told = [n["text"] for n in document["notices"] if "Read in part" in n["text"]]
    tally.check(bool(told) == (done.status == 3) and (done.status == 0 or "cut" in done.err), f"{what}: {done}, notices {told}")


def cut_ward(tally):
    whole = ward().document()["source"]["packets"]
    before = 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        cuts = places(WARD, PLACES)
        for place, done in zip(cuts, pool.map(lambda p: read_cut(WARD, p), cuts)):
            judge(tally, "ward", place, done)
            if done.status in (0, 3):
                packets = done.document()["source"]["packets"]
                tally.check(before <= packets < whole, f"ward cut at {place}: {packets} packets, {before} at the place before, {whole} in all")
                before = packets
    tally.check(before > whole * 3 // 4, f"the last cut leaves {before} of {whole} packets")


def cut_others(tally):
    """Every capture beside the project, by the same code within one process, PLACES each."""
    captures = shared_captures()
    if captures and not os.access(CUTS, os.X_OK):
        return tally.check(False, f"{CUTS} is not built; scripts/build asan capture_cuts")

    def several(part):
        command = [CUTS, ROOT / "knowledge", str(SEED), str(PLACES), *part]
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, errors="replace")

    # Small ones and large ones spread alike; what falls takes only its own few along.
    parts = [captures[i::PARTS] for i in range(PARTS) if captures[i::PARTS]]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for part, done in zip(parts, pool.map(several, parts)):
            tally.check(done.returncode == 0 and not TRACE.search(done.stderr), f"{[p.parent.name for p in part]}: exit {done.returncode}: {done.stderr[:2000]}")
            tally.same(len(done.stdout.splitlines()), len(part), "captures read at all their cuts")
    return True


def main():
    tally = begin()
    if not os.access(SANITIZED, os.X_OK):
        tally.check(False, f"{SANITIZED} is not built; scripts/build asan bedrail")
        return tally.end()
    cut_ward(tally)
    cut_others(tally)
    return tally.end()


sys.exit(main())
