#!/usr/bin/env python3
"""Identity over the captures of known truth beside the project: its confidence means what it says, and it does not flip.

Calibration: of what is stated with a confidence of 0.9 to 1.0 at least nine tenths are right, and so on per tenth.
Stability: of growing parts of a capture, a value once stated changes only for a surer one, which names the former among its conflicts.

    tests/identity_test.py [--write docs/calibration.md]
"""
import collections
import concurrent.futures
import json
import os
import runpy
import sys
import tempfile
from pathlib import Path

from program import ROOT, SHARED, begin, run

AS_OF = "2026-11-01T00:00:00Z"
PARTS = 8  # of each capture, growing
FEWEST = 10  # statements in a tenth from which its share says something
ATTRIBUTES = ["category", "type", "vendor", "model", "firmware", "serial", "hardware", "department", "location", "os"]


def cases():
    found = sorted((SHARED / "captures").glob("*/truth.json"))
    if not found:
        print(f"skipped: there are no captures of known truth in {SHARED}")
    return [(folder.parent, json.loads(folder.read_text())) for folder in found]


def assessed(capture):
    done = run("assess", capture, "--format", "json", "--no-hash", "--as-of", AS_OF)
    return done.document() if done.status in (0, 3) else None


def confidence(device, path):
    """That of the innermost attribute on the path which has one."""
    found, at = None, device
    for part in path.split("."):
        if isinstance(at, dict) and "value" in at and "confidence" in at:
            at = at["value"]
        at = at.get(part) if isinstance(at, dict) else None
        if isinstance(at, dict) and "confidence" in at:
            found = at["confidence"]
    return found


def stated(scorer, truth, document):
    """(confidence, right) of everything stated that the truth speaks of."""
    for expected in truth.get("devices", []):
        hits = scorer["pick"](document["devices"], expected["match"])
        if len(hits) != 1:
            continue
        for path, want in expected.get("expect", {}).items():
            got, sure = scorer["dig"](hits[0], path), confidence(hits[0], path)
            if got not in (None, "", "unknown") and sure is not None:
                yield sure, scorer["agrees"](want, got)
        for path, bad in expected.get("must_not", {}).items():
            got, sure = scorer["dig"](hits[0], path) if path not in ("names", "id") else None, confidence(hits[0], path)
            if path not in expected.get("expect", {}) and got not in (None, "", "unknown") and sure is not None and scorer["agrees"](bad, got):
                yield sure, False


def tenth(sure):
    return min(int(sure * 10 + 1e-9), 9)


def calibrate(tally, all_cases, pool):
    scorer = runpy.run_path(str(SHARED / "score/score.py"), run_name="scorer")
    captures = [folder / truth.get("capture", "capture.pcap") for folder, truth in all_cases]
    said, right = collections.Counter(), collections.Counter()
    for (_, truth), document in zip(all_cases, pool.map(assessed, captures)):
        if not tally.check(document is not None, "a case did not run"):
            continue
        for sure, good in stated(scorer, truth, document):
            said[tenth(sure)] += 1
            right[tenth(sure)] += good
    lines = ["| confidence | stated | right | share |", "|---|---:|---:|---:|"]
    for number in sorted(said):
        share = right[number] / said[number]
        lines.append(f"| {number / 10:.1f} to {(number + 1) / 10:.1f} | {said[number]} | {right[number]} | {share:.3f} |")
        if said[number] >= FEWEST:
            tally.check(share >= number / 10, f"of what is stated with {number / 10} and more, {share:.3f} is right")
    tally.check(sum(said.values()) >= FEWEST, "nothing was stated")
    return lines


def values(document):
    """{(address, attribute): (text, confidence, conflicts, all addresses)}"""
    out = {}
    for device in document["devices"]:
        addresses = device["addresses"].get("mac", []) + device["addresses"].get("ipv4", [])
        for address in addresses:
            for attribute in ATTRIBUTES:
                got = device.get(attribute)
                if isinstance(got, dict) and got.get("value") not in (None, "", "unknown"):
                    text = lambda v: (v.get("product") or v.get("family")) if isinstance(v, dict) else str(v)
                    out[address, attribute] = (text(got["value"]), got["confidence"], [text(c["value"]) for c in got.get("conflicts", [])], set(addresses))
    return out


def same(a, b):
    """One value, or one told with more or fewer words (a set of products that narrows, a version that grows)."""
    a, b = a.lower(), b.lower()
    return a in b or b in a


def flips(capture):
    """Changes, over growing parts of a capture, that stronger evidence does not account for; and how many values were seen."""
    data, wrong, before, count = capture.read_bytes(), [], {}, 0
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / ("part" + "".join(capture.suffixes))
        for number in range(1, PARTS + 1):
            part.write_bytes(data[: len(data) * number // PARTS])
            document = assessed(part)
            if document is None:
                continue
            now = values(document)
            count += len(now)
            for key, (text, sure, conflicts, addresses) in now.items():
                former = before.get(key)
                # Who lost an address to somebody else is another device: the router's MAC that carried it.
                if former and former[3] <= addresses and not same(former[0], text) and (sure < former[1] or not any(same(c, former[0]) for c in conflicts)):
                    wrong.append(f"{capture.parent.name} at {number}/{PARTS}: {key[0]} {key[1]}: {former[0]!r} {former[1]} became {text!r} {sure}, conflicts {conflicts}")
            before.update(now)
    return wrong, count


def main():
    tally = begin()
    all_cases = cases()
    if not all_cases:
        return tally.end()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        curve = calibrate(tally, all_cases, pool)
        print("\n".join(curve))
        seen = 0
        for wrong, count in pool.map(flips, [folder / truth.get("capture", "capture.pcap") for folder, truth in all_cases]):
            seen += count
            for what in wrong:
                tally.check(False, what)
        tally.check(seen > 0, "no value was seen in any part")
        print(f"{seen} values over {PARTS} growing parts of {len(all_cases)} captures")
    if sys.argv[1:2] == ["--write"]:
        (ROOT / sys.argv[2]).write_text("\n".join(CALIBRATION + curve) + "\n")
    return tally.end()


CALIBRATION = ["# What a confidence means", "",
               "Written by `tests/identity_test.py --write docs/calibration.md`, which also holds the program to it: over the captures of known truth beside the project, of everything "
               "about identity that is stated with a confidence in a tenth, so many are right. Nothing is stated below 0.5. The rules were written with these captures in sight; "
               "elsewhere less may be right.", ""]

sys.exit(main())
