#!/usr/bin/env python3
"""Holds Bedrail's decoding against tshark's, on every capture there is: tests/oracle/README.md.

    oracle_test.py [--list] [CAPTURE ...]    all captures, or these; --list prints justified differences, too

Each field of fields.tsv, each protocol and each row of justified.tsv is one check. Two processes side by side.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import program
from oracle import tables
from oracle.compare import Comparison

SHOWN = 12


def captures(given):
    """What is compared, by the name that justified.tsv uses: "ssh/ward.pcap", "ward.pcapng", "shared/A01"."""
    if given:
        return {Path(path).name: Path(path) for path in given}
    own = {f"{path.parent.parent.name}/{path.name}": path for path in sorted(program.ROOT.glob("src/dissect/*/golden/*.pcap*"))}
    return {**own, program.WARD.name: program.WARD, **{f"shared/{path.parent.name}": path for path in program.shared_captures()}}


def compared(job):
    name, path = job
    done = Comparison(name, path, tables.protocols(), tables.fields())
    return done.differences, done.made


def compare_all(todo):
    differences, made = [], Counter()
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        # The largest first: what takes long is not left to the end.
        for found, counts in pool.map(compared, sorted(todo.items(), key=lambda item: -item[1].stat().st_size)):
            differences += found
            made += counts
    return sorted(differences, key=lambda d: (d.protocol, d.field, d.capture, d.frame, d.value)), made


def tshark_version():
    """Its number, empty where there is none. The tables name the fields of 4.0."""
    if not shutil.which("tshark"):
        return ""
    said = subprocess.run(["tshark", "--version"], capture_output=True, text=True, timeout=60).stdout
    return (re.search(r"\d+\.\d+\.\d+", said) or [""])[0]


def check_tables(tally):
    """protocols.tsv names dissectors that there are, and what tshark knows, too, has a field that is compared."""
    known = {protocol.name: protocol for protocol in tables.protocols()}
    folders = {path.parent.name for path in program.ROOT.glob("src/dissect/*/golden")}
    tally.same(sorted(set(known) - folders), [], "dissectors of tests/oracle/protocols.tsv that are not in src/dissect")
    for name in sorted(folders - set(known)):
        print(f"skipped: {name} is not held against tshark: it has no row in tests/oracle/protocols.tsv")
    rows = {field.protocol for field in tables.fields()}
    for name, protocol in known.items():
        tally.check(not protocol.theirs or name in rows, f"tests/oracle/fields.tsv compares nothing of {name}, which tshark dissects")


def check_differences(tally, differences, made, justified, listed):
    """Each protocol and field that was compared has no difference without a reason."""
    open_ones = defaultdict(list)
    for difference in differences:
        rows = [row for row in justified if row.covers(difference)]
        for row in rows:
            row.matched += 1
        if not rows:
            open_ones[difference.protocol, difference.field].append(difference)
        elif listed:
            print(f"justified ({rows[0].line}): {difference}")
    for key in sorted(made):
        found = open_ones[key]
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        tally.check(not found, f"{' '.join(key)}: {len(found)} differences of {made[key]}:\n  " + "\n  ".join(map(str, found[:None if listed else SHOWN])) + more)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("captures", nargs="*")
    arguments.add_argument("--list", action="store_true")
    given = arguments.parse_args()
    tally = program.begin()
    check_tables(tally)
    version = tshark_version()
    if not version.startswith("4.0."):
        print(f"skipped: decoding is not held against tshark's: tshark 4.0 (Debian 12's) is needed, {version or 'none'} is installed")
        return tally.end()
    todo = captures(given.captures)
    everything = any(name.startswith("shared/") for name in todo)
    differences, made = compare_all(todo)
    justified = tables.justified()
    check_differences(tally, differences, made, justified, given.list)
    for row in justified if not given.captures else []:
        # Where the captures beside the project are not there, what they justify cannot be judged.
        if everything or not row.capture.startswith(("shared/", "*")):
            tally.check(row.matched, f"tests/oracle/justified.tsv:{row.line} justifies nothing any more: {row.protocol} {row.field}: {row.why}")
    for field in tables.fields() if everything else []:
        tally.check(made[field.protocol, field.name], f"tests/oracle/fields.tsv:{field.line} compares nothing in any capture: {field.protocol} {field.name}")
    covered = {protocol for protocol, _ in made}
    print(f"{sum(made.values())} comparisons of {len(made)} fields of {len(covered)} protocols in {len(todo)} captures: "
          f"{len(differences)} differences, {sum(not any(r.covers(d) for r in justified) for d in differences)} without a reason")
    return tally.end()


if __name__ == "__main__":
    sys.exit(main())
