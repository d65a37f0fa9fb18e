#!/usr/bin/env python3
"""Holds the rules of the rooms: who may include whom, how long a file may be, what the text may not say.

A room may include what stands above it in ROOMS (see ARCHITECTURE.md), never what stands below; a dissector knows
`base`, `net`, `model`, `format` and the dissector's contract, and no other dissector.
"""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["base", "net", "model", "format", "advisory", "database", "capture", "decode", "flow", "dissect", "pipeline", "knowledge", "inventory",
         "identify", "assess", "report"]
FOR_DISSECTORS = {"base", "net", "model", "format", "dissect"}
FOR_REPORT = {"base", "net", "model", "report"}
MAX_LINES = 500
# Heavy headers and the one folder (or file) that may include them.
QUARANTINE = {"CLI/": "apps/bedrail/", "toml++/": "src/knowledge/", "simdjson.h": ("src/format/", "src/report/"), "re2/": "src/knowledge/", "pugixml": "src/knowledge/",
              "sqlite3.h": "src/database/", "zlib.h": "src/capture/", "zstd.h": "src/capture/", "openssl/": ("src/base/", "src/capture/"), "spdlog/": "src/base/"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.M)
failures = []


def tracked(*patterns):
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def check(condition, message):
    if not condition:
        failures.append(message)


def check_includes(path):
    relative = path.relative_to(ROOT).as_posix()
    parts = relative.split("/")
    room = parts[1]
    test = re.search(r"_(test|fuzz|bench)\.cpp$", relative)
    for kind, name in INCLUDE.findall(path.read_text(errors="replace")):
        for header, home in QUARANTINE.items():
            if kind == "<" and name.startswith(header):
                check(relative.startswith(home), f"{relative} includes <{name}>, which stays in {home}")
        if kind == "<" or name.split("/")[0] not in ROOMS:
            continue
        other = name.split("/")[0]
        if test:
            continue
        check(ROOMS.index(other) <= ROOMS.index(room), f"{relative} includes {name}: {room} stands above {other}")
        if room == "dissect":
            check(other in FOR_DISSECTORS, f"{relative} includes {name}: a dissector knows only {sorted(FOR_DISSECTORS)}")
            inner = name.split("/")
            if other == "dissect" and len(inner) > 2:
                check(len(parts) > 3 and inner[1] == parts[2], f"{relative} includes {name}, another protocol's")
        if room == "report":
            check(other in FOR_REPORT, f"{relative} includes {name}: the report is made from the model alone")


def check_rooms_have_pages():
    for room in ROOMS:
        if (ROOT / "src" / room).is_dir():
            check((ROOT / "src" / room / "README.md").is_file(), f"src/{room} has no README.md")


def main():
    sources = tracked("src/**/*.h", "src/**/*.cpp")
    check(len(sources) > 50, "the sources were not found")
    for path in sources:
        check_includes(path)
    for path in tracked("src/**/*.h", "src/**/*.cpp", "apps/**", "tests/**/*.cpp", "tests/**/*.py", "scripts/*", "simulate/**/*.cpp", "console/src/**"):
        lines = path.read_bytes().count(b"\n")
        check(lines <= MAX_LINES, f"{path.relative_to(ROOT)} has {lines} lines, more than {MAX_LINES}")
    check_rooms_have_pages()
    # The program's own words may not be somebody's machine.
    machine = re.compile(rb"/wo" + rb"rk/|/ro" + rb"ot/|/tm" + rb"p/bash")
    for path in tracked("*"):
        if path.suffix not in (".pcap", ".pcapng", ".png"):
            check(not machine.search(path.read_bytes()), f"{path.relative_to(ROOT)} names a path of one machine")
    for failure in failures:
        print(failure)
    print(f"{0 if failures else 1} passed, {1 if failures else 0} failed")
    return 1 if failures else 0


sys.exit(main())
