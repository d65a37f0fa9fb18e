"""What the tests of the whole program share: how it is run, what it may never say, the captures there are, the tally.

The program is $BEDRAIL or build/release/bedrail; the one with sanitizers lies in $BEDRAIL_BUILD or build/asan. A test calls
`begin`, checks, and ends with `sys.exit(tally.end())`, whose last line is "N passed, N failed".
"""
import functools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = Path(os.environ.get("BEDRAIL", ROOT / "build/release/bedrail"))
SANITIZED = Path(os.environ.get("BEDRAIL_BUILD", ROOT / "build/asan")) / "bedrail"
WARD_FOLDER = ROOT / "captures" / "ward"
WARD = WARD_FOLDER / "ward.pcapng"
# Captures that are not the project's to ship lie beside it where they are at all.
SHARED = Path(os.environ.get("BEDRAIL_SHARED", ROOT.parent / "shared"))
TOP_KEYS = ["schema", "tool", "as_of", "source", "summary", "devices", "connections", "findings", "alerts", "notices"]
# What a program that fell over says, and one that met a sanitizer.
TRACE = re.compile(r"Sanitizer|runtime error|terminate called|what\(\)|[Aa]ssertion|core dumped|Segmentation|^\s*#\d+ 0x|std::|\.cpp:\d+", re.M)


class Tally:
    """Counts what held and what did not."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, ok, what):
        self.passed += bool(ok)
        self.failed += not ok
        if not ok:
            print(f"FAILED: {what}", flush=True)
        return bool(ok)

    def same(self, got, want, what):
        return self.check(got == want, f"{what}: {str(got)[:300]!r}, not {str(want)[:300]!r}")

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0


class Done:
    """How one run of the program ended."""

    def __init__(self, arguments, status, out, err):
        self.arguments = " ".join(str(a) for a in arguments)
        self.status, self.out, self.err = status, out, err.decode(errors="replace")

    @property
    def fell(self):
        """Text of a crash or a sanitizer's report; empty where the program ended in order."""
        found = TRACE.search(self.err)
        if self.status < 0 or self.status > 3 or found:
            return f"{self.arguments}: exit {self.status}: {self.err[found.start() if found else 0:][:1500]}"
        return ""

    def document(self):
        return json.loads(self.out)

    def __str__(self):
        return f"bedrail {self.arguments}: exit {self.status}, said {self.err.strip()[:400]!r}"


def run(*arguments, program=PROGRAM, before=(), **how):
    """Runs the program; `before` is what stands in front of it (a shell, setpriv), `how` is subprocess.run's."""
    how = {"stdout": subprocess.PIPE, "timeout": 600, **how}
    done = subprocess.run([*before, str(program), *map(str, arguments)], stderr=subprocess.PIPE, **how)
    return Done(arguments, done.returncode, done.stdout or b"", done.stderr)


def assess(*arguments, **how):
    return run("assess", *arguments, "--format", "json", **how)


@functools.lru_cache(maxsize=1)
def ward():
    """The shipped capture's assessment: its run, as JSON."""
    return assess(WARD)


def begin():
    """A tally; ends the test where the program is not there: that is a failure, not a skip."""
    tally = Tally()
    if not os.access(PROGRAM, os.X_OK):
        print(f"FAILED: {PROGRAM} is not built; make build")
        tally.failed += 1
        sys.exit(tally.end())
    return tally


def shared_captures():
    """The captures beside the project, by their folder's name; says so where there are none."""
    found = sorted(SHARED.glob("captures/*/capture.*"))
    if not found:
        print(f"skipped: there are no captures in {SHARED / 'captures'}")
    return found


def no_trace(tally, done):
    return tally.check(not done.fell, f"the program fell over: {done.fell}")


def explained(tally, done, status, *words):
    """The program ended with `status`, told why in one or two lines, and said each of `words`."""
    no_trace(tally, done)
    lines = done.err.strip().splitlines()
    tally.check(done.status == status, f"{done}: not exit {status}")
    tally.check(lines and all(len(line) < 400 for line in lines), f"{done}: no short message")
    for word in words:
        tally.check(str(word) in done.err, f"{done}: the message does not hold {str(word)!r}")
