#!/usr/bin/env python3
"""bedrail knowledge import KIND: feeds apply as a whole or not at all, whatever happens; list, diff and rollback lead through their generations."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from program import PROGRAM, SHARED, begin, explained, no_trace, run


def advisory(name, date="2024-01-01", versions="< 2.0"):
    leaf = {"category": "product_version_range", "name": versions, "product": {"name": f"Pump {versions}", "product_id": "p"}}
    return {"document": {"csaf_version": "2.0", "publisher": {"name": "Maker"}, "tracking": {"id": name, "current_release_date": date}},
            "product_tree": {"branches": [{"category": "vendor", "name": "Maker", "branches": [{"category": "product_name", "name": "Pump", "branches": [leaf]}]}]},
            "vulnerabilities": [{"cve": "CVE-2024-0001", "product_status": {"known_affected": ["p"]}}]}


def write(path, *documents):
    path.mkdir(exist_ok=True)
    for document in documents:
        (path / (document["document"]["tracking"]["id"] + ".json")).write_text(json.dumps(document))
    return path


def said(tally, done, status, *words):
    no_trace(tally, done)
    tally.same(done.status, status, f"{done}: exit")
    text = done.out.decode()
    for word in words:
        tally.check(word in text, f"{done}: {word!r} is not in {text[-600:]!r}")
    return text


def in_use(site):
    current = site / "feeds/current"
    return current.read_text().strip() if current.exists() else "none"


def check_generations(tally, folder):
    site = folder / "site"
    first = write(folder / "first", advisory("A-1"), advisory("A-2"))
    said(tally, run("knowledge", "import", "csaf", first, "--into", site, "--preview"), 0, "new 2, changed 0, withdrawn 0", "new: Maker A-1", "nothing was written")
    tally.same(in_use(site), "none", "a preview changes nothing")
    done = run("knowledge", "import", "csaf", first, "--into", site, stdin=subprocess.DEVNULL)
    tally.check(done.status == 3 and "not confirmed" in done.err and in_use(site) == "none", f"{done}: without a terminal nobody confirmed")
    said(tally, run("knowledge", "import", "csaf", first, "--into", site, "--yes"), 0, "generation 1 is in use")
    said(tally, run("knowledge", "import", "csaf", first, "--into", site, "--yes"), 0, "nothing new")
    second = write(folder / "second", advisory("A-1", "2024-05-01", "< 3.0"), advisory("A-3"))
    said(tally, run("knowledge", "import", "csaf", second, "--into", site, "--yes"), 0, "new 1, changed 1, withdrawn 0, the same 1", "back to generation 1")
    said(tally, run("knowledge", "diff", 1, 2, "--site", site), 0, "csaf: new 1, changed 1, withdrawn 0", "new: Maker A-3", "changed: Maker A-1")
    said(tally, run("knowledge", "import", "csaf", second, "--into", site, "--yes", "--all"), 0, "withdrawn 1", "withdrawn: Maker A-2")
    text = said(tally, run("knowledge", "list", "--site", site, "--as-of", "2024-05-31"), 0, "Feeds, generation 3", "2  csaf: of 2024-05-01", "30 days old\n", "generation: csaf into generation 1")
    tally.check("import a newer one" not in text, "30 days are not old")
    said(tally, run("knowledge", "list", "--site", site, "--as-of", "2024-06-01"), 0, "31 days old: import a newer one")
    said(tally, run("knowledge", "rollback", "--site", site), 0, "generation 2 is in use")
    said(tally, run("knowledge", "rollback", "--site", site), 0, "generation 1 is in use")
    explained(tally, run("knowledge", "rollback", "--site", site), 1, "generation 1 is the first")
    said(tally, run("knowledge", "rollback", 3, "--site", site), 0, "generation 3 is in use")
    explained(tally, run("knowledge", "rollback", 7, "--site", site), 1, "0007.db", "nothing was changed")
    explained(tally, run("knowledge", "diff", 1, 7, "--site", site), 1, "0007.db")
    explained(tally, run("knowledge", "rollback", "--site", folder / "none"), 1, "nothing to go back to")
    tally.same(in_use(site), "0003", "what failed changed nothing")
    (site / "feeds/0003.db").write_bytes(b"x" * 5000)
    explained(tally, run("knowledge", "list", "--site", site), 1, "0003.db", "rollback")
    said(tally, run("knowledge", "rollback", 1, "--site", site), 0, "generation 1 is in use")
    return site


def check_hostile(tally, folder, site):
    bad = folder / "bad"
    bad.mkdir()
    good = json.dumps(advisory("A-9"))
    before = in_use(site), (site / "feeds/0001.db").read_bytes()
    for name, text, word in (("cut", good[:200], "b.json:1:"), ("deep", "[" * 1000000, "nested"), ("wrong", good.replace('"A-9"', "[]"), "document.tracking.id is not a text"),
                             ("no feed", "\x7fELF" * 1000, "b.json:1:1"), ("empty", "", "b.json:1:1")):
        (bad / "b.json").write_text(text)
        explained(tally, run("knowledge", "import", "csaf", bad, "--into", site, "--yes"), 1, word, "nothing was changed")
    (bad / "b.json").unlink()
    packed = subprocess.run(["gzip", "-c"], input=good.encode(), stdout=subprocess.PIPE, check=True).stdout
    (bad / "b.json.gz").write_bytes(packed[:-20])
    explained(tally, run("knowledge", "import", "csaf", bad, "--into", site, "--yes"), 1, "b.json.gz: behind byte", "nothing was changed")
    explained(tally, run("knowledge", "import", "csaf", folder / "nowhere", "--into", site, "--yes"), 1, "nowhere")
    (bad / "b.json.gz").unlink()
    explained(tally, run("knowledge", "import", "csaf", bad, "--into", site, "--yes"), 1, "no file in it is named")
    # One text of a gigabyte, packed: refused before it is all in memory.
    bomb = bad / "bomb.json.gz"
    with open(bomb, "wb") as out:
        pack = subprocess.Popen(["gzip", "-1", "-c"], stdin=subprocess.PIPE, stdout=out)
        pack.stdin.write(b'{"document":"')
        for _ in range(1024):
            pack.stdin.write(b"x" * (1 << 20))
        pack.stdin.close()
        pack.wait()
    done = run("knowledge", "import", "csaf", bomb, "--into", site, "--yes", before=("bash", "-c", 'ulimit -v 1048576; exec "$@"', "bash"))
    explained(tally, done, 1, "longer than 64 MiB", "nothing was changed")
    tally.same((in_use(site), (site / "feeds/0001.db").read_bytes()), before, "hostile files change nothing")
    tally.check(not (site / "feeds/import.part").exists(), "nothing is left behind")


def check_killed(tally, folder):
    """Killed at any moment, what was in use stays, and the next import works."""
    site = folder / "killed"
    said(tally, run("knowledge", "import", "csaf", write(folder / "old", advisory("A-1")), "--into", site, "--yes"), 0, "generation 1")
    many = write(folder / "many", *(advisory(f"B-{i}") for i in range(1500)))
    for delay in (0.0, 0.02, 0.05, 0.1):
        pending = subprocess.Popen([str(PROGRAM), "knowledge", "import", "csaf", str(many), "--into", str(site)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        os.kill(pending.pid, signal.SIGKILL)
        pending.wait()
        tally.same(in_use(site), "0001", f"killed after {delay} s")
        said(tally, run("knowledge", "list", "--site", site), 0, "1  csaf")
    pipe = folder / "pipe.json"
    os.mkfifo(pipe)
    waiting = subprocess.Popen([str(PROGRAM), "knowledge", "import", "csaf", str(pipe), "--into", str(site), "--yes"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with open(pipe, "w") as feed:
        explained(tally, run("knowledge", "import", "csaf", many, "--into", site, "--yes"), 1, "another import is at work", "nothing was changed")
        explained(tally, run("knowledge", "rollback", "--site", site), 1, "another import is at work")
        feed.write(json.dumps(advisory("A-2")))
    out, err = waiting.communicate(timeout=60)
    tally.check(waiting.returncode == 0 and b"generation 2 is in use" in out, f"the first goes on: {out} {err}")
    said(tally, run("knowledge", "import", "csaf", many, "--into", site, "--yes"), 0, "new 1500", "generation 3 is in use")


def main():
    tally = begin()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        check_hostile(tally, folder, check_generations(tally, folder))
        check_killed(tally, folder)
        feed = SHARED / "feeds/csaf"
        if feed.is_dir():
            said(tally, run("knowledge", "import", "csaf", feed, "--into", folder / "whole", "--yes"), 0, "144 files, 144 read", "new 144")
        else:
            print(f"skipped: there are no advisories in {feed}")
    return tally.end()


sys.exit(main())
