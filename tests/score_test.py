#!/usr/bin/env python3
"""Captures of known truth beside the project, scored: every case runs, and little of what is said about identity is wrong."""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from program import PROGRAM, SHARED, begin

MOST_WRONG = 0.05  # of the identities stated


def main():
    tally = begin()
    scorer = SHARED / "score/score.py"
    cases = list((SHARED / "captures").glob("**/truth.json"))
    if not scorer.exists() or not cases:
        print(f"skipped: there is no scorer with captures in {SHARED}")
        return tally.end()
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "score.json"
        done = subprocess.run([sys.executable, str(scorer), "--bedrail", str(PROGRAM), "--json", str(result), str(SHARED / "captures")],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=1200)
        for line in done.stdout.splitlines():
            if "did not run" in line or "no capture" in line or line.startswith("TOTAL"):
                print(line)
        if not tally.check(result.exists(), f"the scorer wrote nothing: {done.stdout[-500:]}"):
            return tally.end()
        score = json.loads(result.read_text())
    total, said = score["total"], score["total"]["right"] + score["total"]["wrong"]
    tally.same(score["failed"], 0, "cases that did not run")
    tally.same(len(score["cases"]), len(cases), "cases scored")
    tally.check(said > 0, "nothing was said about identity")
    tally.check(total["wrong"] <= MOST_WRONG * said, f"{total['wrong']} of {said} identities are wrong")
    tally.same(total["false_alarms"], 0, "alarms where nothing happened")
    return tally.end()


sys.exit(main())
