#!/usr/bin/env python3
"""Proves that no secret and no patient's value of the shipped capture appears in anything that the program writes.

    marked_values_test.py        with $BEDRAIL, or build/release/bedrail

captures/ward/marked.txt lists the values. Every byte of every output (each format, the files of -o, observe, explain, and
what is said on standard error) is searched for each of them: as it is in any case, percent-encoded, as hex with and
without separators, as base64 at each of the three alignments, and as UTF-16 of both byte orders.
"""
import base64
import json
import os
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WARD = ROOT / "captures" / "ward"
PROGRAM = Path(os.environ.get("BEDRAIL", ROOT / "build/release/bedrail"))
FORMATS = ("summary", "json", "html", "csv")


def marked_values():
    lines = (WARD / "marked.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def spellings(value):
    """The value's text in other common spellings: a birth date with separators."""
    yield value
    if len(value) == 8 and value.isdigit():
        year, month, day = value[:4], value[4:6], value[6:]
        yield from (f"{year}-{month}-{day}", f"{year}/{month}/{day}", f"{day}.{month}.{year}", f"{month}/{day}/{year}", f"{day}/{month}/{year}")


def base64_cores(raw):
    """What must stand in any base64 text that holds `raw`, whatever precedes and follows it: one core an alignment."""
    for shift in range(3):
        code = base64.b64encode(b"\0" * shift + raw).rstrip(b"=")
        first = (shift * 8 + 5) // 6  # characters that also hold bits of what precedes
        whole = (shift + len(raw)) * 8 // 6  # characters without bits of what follows
        yield code[first:whole]


def patterns(value):
    """(encoding, bytes to look for, True where letters' case is ignored) for each way to write the value."""
    for text in spellings(value):
        raw = text.encode()
        yield "plain", raw, True
        yield "percent-encoded", urllib.parse.quote(text, safe="").encode(), True
        yield "percent-encoded throughout", "".join(f"%{b:02x}" for b in raw).encode(), True
        for separator in ("", " ", ":", "-", "\\x"):
            yield "hex", separator.join(f"{b:02x}" for b in raw).encode(), True
        for name in ("utf-16-le", "utf-16-be"):
            wide = text.encode(name)
            yield name, wide, False
            yield f"hex of {name}", wide.hex().encode(), True
            for core in base64_cores(wide):
                yield f"base64 of {name}", core, False
        for core in base64_cores(raw):
            yield "base64", core, False
            yield "base64 for URLs", core.replace(b"+", b"-").replace(b"/", b"_"), False


class Search:
    """Looks for all values in all spellings at once."""

    def __init__(self, values):
        self.patterns = [(value, how, pattern.lower() if fold else pattern, fold) for value in values for how, pattern, fold in patterns(value)]

    def hits(self, data):
        lower = data.lower()
        return sorted({(value, how) for value, how, pattern, fold in self.patterns if pattern in (lower if fold else data)})


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, ok, what):
        self.passed += bool(ok)
        self.failed += not ok
        if not ok:
            print(f"FAILED: {what}")


def prove_search(tally, values):
    """The search finds what is planted, and nothing where nothing is: otherwise its silence would prove nothing."""
    search = Search(values)
    for value in values:
        raw = value.encode()
        planted = [raw, raw.lower(), raw.upper(), raw.hex().encode(), raw.hex(":").upper().encode(), value.encode("utf-16-le"), value.encode("utf-16-be"),
                   *(base64.b64encode(b"nurse:"[:n] + raw + b"&x=1") for n in range(4, 7))]
        missed = [p for p in planted if not any(v == value for v, _ in search.hits(b"before " + p + b" after"))]
        tally.check(not missed, f"the search misses {value!r} in {missed}")
    tally.check(not search.hits(b'{"schema":"bedrail.assessment/1","mac":"24:a4:3c:51:07:01"}' * 100), "the search finds values where none is")


def outputs(folder):
    """(what wrote it, its exit status, its bytes) for each thing that the program writes about the capture."""
    capture = str(WARD / "ward.pcapng")

    def run(*arguments):
        done = subprocess.run([str(PROGRAM), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=600)
        return " ".join(arguments), done.returncode, done.stdout, done.stderr

    document = None
    for form in FORMATS:
        what, status, out, said = run("assess", "--format", form, capture)
        yield what, status, out
        yield f"{what}: standard error", status, said or b"(silent)"
        if form == "json":
            document = out
    what, status, out, said = run("assess", capture, "-o", folder)
    yield what, status, out + said or b"(silent)"
    for file in sorted(p for p in Path(folder).rglob("*") if p.is_file()):
        yield f"-o: {file.name}", status, file.name.encode() + b"\n" + file.read_bytes()
    what, status, out, said = run("observe", capture)
    yield what, status, out + said
    assessment = Path(folder) / "marked_values_test.json"
    assessment.write_bytes(document)
    parsed = json.loads(document)
    for thing in [x["id"] for x in parsed["devices"] + parsed["findings"]]:
        what, status, out, said = run("explain", thing, str(assessment))
        yield f"explain {thing}", status, out + said


def main():
    tally = Tally()
    values = marked_values()
    tally.check(len(values) > 10, "marked.txt holds the values")
    prove_search(tally, values)
    if not PROGRAM.exists():
        print(f"the program's outputs are skipped: {PROGRAM} is not built (make build)")
    else:
        search = Search(values)
        with tempfile.TemporaryDirectory() as folder:
            for what, status, data in outputs(folder):
                tally.check(status in (0, 3) and data, f"{what}: exit {status}, {len(data)} bytes")
                hits = search.hits(data)
                tally.check(not hits, f"{what} holds {', '.join(f'{value} ({how})' for value, how in hits[:8])}")
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


sys.exit(main())
