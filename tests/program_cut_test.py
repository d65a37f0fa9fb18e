#!/usr/bin/env python3
"""Captures cut at random places, read by the program with sanitizers: what precedes the cut is read, and nothing falls.

$BEDRAIL_LONG=1 cuts every capture beside the project at as many places as the ward; that takes an hour.
"""
import concurrent.futures
import os
import random
import sys
import tempfile
import time
import zlib
from pathlib import Path

from program import SANITIZED, WARD, Done, begin, run, shared_captures, ward

SEED = 7
PLACES = 50  # of the ward
LONG = os.environ.get("BEDRAIL_LONG") == "1"
FEW = PLACES if LONG else 2  # of each other capture
LARGEST = None if LONG else 400_000  # bytes read of each other capture, so that all have their turn in time
SECONDS = None if LONG else 90  # for the other captures in all
AT_ONCE = os.cpu_count() or 1
EARLY = 64 * 1024  # a first packet, or a first packed block, may be as large


def places(capture, count):
    """Places to cut at, the same in each run."""
    size = min(capture.stat().st_size, LARGEST or sys.maxsize)
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
    """Every capture beside the project, in an order that the seed shuffles, until the time is over."""
    work = [(capture, place) for capture in shared_captures() for place in places(capture, FEW)]
    random.Random(SEED).shuffle(work)
    end = time.monotonic() + (SECONDS or float("inf"))
    read = 0

    def one(job):
        return (job, read_cut(*job) if time.monotonic() < end else None)

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for (capture, place), done in pool.map(one, work):
            if isinstance(done, Done):
                judge(tally, capture.parent.name, place, done)
                read += 1
    if work:
        print(f"{read} of {len(work)} cuts of captures beside the project were read" + ("" if read == len(work) else "; the others are skipped, the time is over"))


def main():
    tally = begin()
    if not os.access(SANITIZED, os.X_OK):
        tally.check(False, f"{SANITIZED} is not built; scripts/build asan bedrail")
        return tally.end()
    cut_ward(tally)
    cut_others(tally)
    return tally.end()


sys.exit(main())
