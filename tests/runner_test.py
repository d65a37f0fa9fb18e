#!/usr/bin/env python3
"""What tests/run itself does: which tests it takes, and how it counts what was skipped."""
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from program import Tally

RUN = Path(__file__).resolve().parent / "run"
TESTS = {
    "alpha_test.py": 'print("skipped: a thing, it is not installed"); print("3 passed, 0 failed")',
    "beta_test.py": 'print("the rest is skipped: no tool")',
    "gamma_test.py": 'print("FAILED: no file-skipped notice"); print("1 passed, 1 failed"); raise SystemExit(1)',
    "delta_test.py": "pass",
}


def main():
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        tests = Path(folder) / "tests"
        tests.mkdir()
        shutil.copy(RUN, tests / "run")
        for name, text in TESTS.items():
            (tests / name).write_text(text + "\n")

        def closing(*patterns):
            done = subprocess.run([sys.executable, str(tests / "run"), *patterns], capture_output=True, text=True, timeout=60)
            return done.returncode, done.stdout.splitlines()

        tally.same(closing("alpha")[1][-2:], ["1 skipped (see above)", "3 passed, 0 failed"], "a part that was skipped")
        code, lines = closing("beta")
        tally.same((code, lines[-1]), (0, "0 passed, 0 failed"), "a test that skipped all")
        tally.check(lines[0].startswith("skip"), f"a test that skipped all is shown as {lines[0]!r}")
        code, lines = closing("gamma")
        tally.same((code, lines[-1]), (1, "1 passed, 1 failed"), "a test that fails")
        tally.check(not any(" skipped (" in line for line in lines), f"a word in a message counts as skipped: {lines[-2:]}")
        tally.same(closing("alpha", "delta")[1][-2:], ["1 skipped (see above)", "4 passed, 0 failed"], "two patterns")
        tally.same(closing()[1][-2:], ["2 skipped (see above)", "5 passed, 1 failed"], "all tests")
        tally.same(closing("alpha", "omega")[0], 1, "a pattern that nothing matches")
    return tally.end()


sys.exit(main())
