#!/usr/bin/env python3
"""bedrail knowledge correct: a correction is written, wins, is explained, taken back, and exported with nothing of the site."""
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from program import PROGRAM, WARD, assess, begin, explained, no_trace, run, ward

ADDRESS = re.compile(r"(?<![\d.])\d+\.\d+\.\d+\.\d+(?![\d.])|[0-9a-f]{2}(:[0-9a-f]{2}){5}|dev-[0-9a-f]{16}|\b[0-9A-F]{16}\b|SN\d+")


def said(tally, done, *words):
    no_trace(tally, done)
    tally.same(done.status, 0, f"{done}: exit")
    text = done.out.decode()
    for word in words:
        tally.check(word in text, f"{done}: {word!r} is not in {text[-800:]!r}")
    return text


def device_of(document, wanted):
    return next(d for d in document["devices"] if d["id"] == wanted)


def check_own(tally, document, path, site):
    device = next(d for d in document["devices"] if d["addresses"]["mac"] and "type" in d)
    name, old = device["id"], device["type"]["value"]
    new = "infusion-pump" if old != "infusion-pump" else "workstation"
    common = ("knowledge", "correct", name, "--in", path, "--site", site)
    said(tally, run(*common, f"type={new}", "--because", "its label", "--preview"), "nothing was written", f"before: {old} (")
    tally.check(not site.exists(), "a preview writes nothing")
    explained(tally, run(*common, "type=infusion-pmup", "--because", "its label"), 1, "infusion-pmup", "nearest: infusion-pump")
    explained(tally, run(*common, "colour=red", "--because", "its label"), 1, "what can: type")
    explained(tally, run(*common, "type", "--because", "its label"), 2, "type=infusion-pump")
    explained(tally, run(*common, f"type={new}"), 2, "--because")
    explained(tally, run("knowledge", "correct", "no-such", f"type={new}", "--because", "x", "--in", path, "--site", site), 1, "no-such")
    tally.check(not site.exists(), "what is refused writes nothing")
    text = said(tally, run(*common, f"type={new}", "department=Ward 3", "--because", "its label"), f"mac {device['addresses']['mac'][0]}: 1 device", "written to")
    identity = re.search(r"^(cor-[0-9a-f]{8})  type", text, re.M)[1]
    changed = device_of(assess(WARD, "--site", site).document(), name)
    tally.same(changed["type"]["value"], new, "the correction wins")
    tally.same(changed["type"]["evidence"][0]["protocol"], "correction", "its evidence")
    tally.same(changed["type"]["evidence"][0]["value"], f"corrected by the site: its label ({document['as_of'][:10]})", "its evidence's words")
    tally.check(any(c["value"] == old for c in changed["type"]["conflicts"]), "what was stated is a conflict")
    tally.same(changed["clinical"]["department"]["value"], "Ward 3", "two at once")
    second = path.parent / "second.json"
    second.write_bytes(assess(WARD, "--site", site).out)
    said(tally, run("explain", name, second), identity, "its label", f"runner-up: {old.replace('-', ' ')}"[:11])
    said(tally, run("knowledge", "check", "--site", site), "no fault")
    said(tally, run(*common, f"type={new}", "--because", "its second label"), identity)
    listed = said(tally, run("knowledge", "corrections", "list", "--site", site), identity, "its second label", "department=Ward 3")
    tally.same(len(listed.splitlines()), 2, "given again it replaces the first")
    explained(tally, run("knowledge", "corrections", "remove", "cor-none", "--site", site), 1, "cor-none", "list")
    said(tally, run("knowledge", "corrections", "remove", identity, "--site", site), "1 correction left")
    tally.same(device_of(assess(WARD, "--site", site).document(), name)["type"], device["type"], "taken back, all is as it was")
    tally.same(sorted(p.name for p in site.iterdir()), ["corrections.tsv"], "nothing is left behind")


def check_siblings(tally, document, path, site, folder):
    device = next(d for d in document["devices"] if any("." in e["field"] for e in d.get("type", {}).get("evidence", ())))
    name = device["id"]
    common = ("knowledge", "correct", name, "--in", path, "--site", site)
    text = said(tally, run(*common, "firmware=9.9-test", "--because", "x", "--preview"), "it may be bound to")
    bonds = [line.strip().rsplit(":", 1)[0] for line in text.split("bound to\n")[-1].splitlines() if line.startswith("  ")]
    tally.check(bonds and not any(ADDRESS.search(b) for b in bonds), f"bonds hold no address: {bonds}")
    explained(tally, run(*common, "location=Room 4", "--because", "x", "--siblings", "--by", bonds[-1]), 1, "one device's")
    explained(tally, run(*common, "firmware=9.9-test", "--because", "x", "--siblings", "--by", "no-such"), 1, "no-such", "one of:")
    explained(tally, run(*common, "firmware=9.9-test", "--because", "x", "--by", bonds[-1]), 1, "--siblings")
    address = device["addresses"]["ipv4"][0]
    said(tally, run(*common, "firmware=9.9-test", "--because", f"asked at {address}", "--siblings", "--by", bonds[-1]), bonds[-1])
    tally.same(device_of(assess(WARD, "--site", site).document(), name)["firmware"]["value"], "9.9-test", "a sibling's correction wins")
    out = folder / "shared.tsv"
    explained(tally, run("knowledge", "export-corrections", out, "--site", site), 1, "--without-reasons", "cor-")
    tally.check(not out.exists(), "what is refused writes nothing")
    said(tally, run("knowledge", "export-corrections", out, "--site", site, "--without-reasons"), "1 of 2 corrections written")
    host = next((n["name"] for d in document["devices"] for n in d["names"] if n["kind"] == "dns"), "\0")
    tally.check(not ADDRESS.search(out.read_text()) and host not in out.read_text() and "Ward 3" not in out.read_text(), "nothing of the site is exported")
    said(tally, run(*common, "firmware=9.9-test", "--because", "the maker's list", "--siblings", "--by", bonds[-1]))
    said(tally, run("knowledge", "export-corrections", "-", "--site", site), "the maker's list", "firmware")
    other = folder / "other"
    other.mkdir()
    (other / "corrections.tsv").write_bytes(out.read_bytes())
    said(tally, run("knowledge", "check", "--site", other), "no fault")
    tally.same(device_of(assess(WARD, "--site", other).document(), name)["firmware"]["value"], "9.9-test", "an export is of use elsewhere")


def check_broken(tally, path, folder):
    site = folder / "broken"
    site.mkdir()
    (site / "corrections.tsv").write_text("id\ton\tkey\tis\tattribute\tvalue\tbecause\tdate\tnames_site\ncor-1\tsun\t\tx\ttype\tx\tx\t2026-01-01\tn\n")
    explained(tally, run("assess", WARD, "--site", site), 1, "corrections.tsv:2: ")
    tally.check("corrections.tsv:2: " in run("knowledge", "check", "--site", site).err, "check names the line")
    (folder / "bad.json").write_text("{}")
    explained(tally, run("knowledge", "correct", "x", "type=x", "--because", "x", "--in", folder / "bad.json"), 1, "bad.json")
    before = path.read_bytes()
    # A folder that cannot be written into: the earlier file stays whole.
    explained(tally, run("knowledge", "correct", json.loads(before)["devices"][0]["id"], "model=M", "--because", "x", "--in", path, "--site", "/proc/none"), 1, "/proc/none")


def main():
    tally = begin()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "assessment.json"
        path.write_bytes(ward().out)
        document = ward().document()
        check_own(tally, document, path, folder / "site")
        check_siblings(tally, document, path, folder / "site", folder)
        check_broken(tally, path, folder)
        help_text = subprocess.run([str(PROGRAM), "knowledge", "correct", "--help"], stdout=subprocess.PIPE, check=True).stdout.decode()
        tally.check("--siblings" in help_text and "--because" in help_text, "help tells the options")
    return tally.end()


sys.exit(main())
