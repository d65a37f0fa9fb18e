#!/usr/bin/env python3
"""What the program writes: the JSON against the schema and the contract, and that HTML, CSV and summary say the same.

Runs over the shipped ward, and over the captures beside the project where they are.
"""
import csv
import html.parser
import io
import json
import re
import sys
import tempfile
from pathlib import Path

from program import ROOT, TOP_KEYS, WARD, assess, begin, no_trace, run, shared_captures, ward
from report_schema_test import problems

SCHEMA = json.loads((ROOT / "docs/assessment.schema.json").read_text())
ROWS = 100  # so many devices an HTML report shows at least
AT_ONCE = 16  # captures assessed by one test of the other formats
FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


class Page(html.parser.HTMLParser):
    """What a report refers to, and whether its elements close in order."""
    EMPTY = {"meta", "br", "hr", "img", "input", "link", "col", "wbr", "area", "base", "embed", "source", "track"}

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.ids, self.events, self.open, self.faults, self.text = set(), [], [], [], [], [], []
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag in self.open]

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for key, value in attrs:
            if key in ("src", "href", "action", "data", "poster", "srcset", "background", "xlink:href"):
                self.links.append((tag, value or ""))
            if key == "id":
                self.ids.append(value)
            if key.startswith("on"):
                self.events.append(key)
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.EMPTY:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing at {self.getpos()}")

    def handle_data(self, data):
        self.text.append(data)


def check_document(tally, done, name):
    """One assessment's JSON: valid, in order, whole."""
    no_trace(tally, done)
    if not tally.check(done.status == 0, f"{name}: {done}"):
        return None
    text = done.out.decode("utf-8")
    document = json.loads(text)
    tally.same(list(document), TOP_KEYS, f"{name}: the top level's keys")
    tally.same(document["schema"], "bedrail.assessment/1", f"{name}: schema")
    found = problems(document, SCHEMA)
    tally.check(not found, f"{name}: {len(found)} faults: {found[:3]}")
    tally.check("NaN" not in text and "Infinity" not in text, f"{name}: a number that JSON does not have")
    return document


def check_meaning(tally, document, name):
    """What the contract says of the values and the schema cannot."""
    source = document["source"]
    tally.same(source["packets"], sum(f["packets"] for f in source["files"]), f"{name}: packets of the files in all")
    tally.same(document["summary"]["devices"]["count"] if "devices" in document["summary"] else len(document["devices"]), len(document["devices"]),
               f"{name}: devices in the summary")
    owners = {}
    for device in document["devices"]:
        for mac in device["addresses"]["mac"]:
            owners.setdefault(mac, []).append(device["id"])
        for service in device["services"]:
            tally.check(0 < service["port"] < 65536, f"{name}: a service on port {service['port']}")
    shared = {mac: ids for mac, ids in owners.items() if len(ids) > 1}
    tally.check(not shared, f"{name}: MACs of several devices: {shared}")
    unproved = [f["id"] for f in document["findings"] if not f["evidence"]]
    tally.check(not unproved, f"{name}: findings without evidence: {unproved[:5]}")
    for attribute in (d[key] for d in document["devices"] for key in ("category", "type", "vendor", "model", "firmware", "serial", "hardware", "os") if key in d):
        if not tally.check(attribute["evidence"] and attribute["confidence"] > 0, f"{name}: a value without evidence or belief: {str(attribute)[:200]}"):
            break


def check_html(tally, text, document, name):
    page = Page(text)
    tally.check(not page.faults, f"{name}: HTML: {page.faults[:3]}")
    tally.check(not page.tags & {"script", "iframe", "object", "embed", "link", "base", "form"}, f"{name}: HTML holds {sorted(page.tags)}")
    tally.check(not page.events, f"{name}: HTML holds script in {page.events[:3]}")
    tally.check("default-src 'none'" in text, f"{name}: HTML forbids no loading")
    out = [(tag, link) for tag, link in page.links if not (link.startswith("#") or link.startswith("data:"))]
    tally.check(not out, f"{name}: HTML points out of itself: {out[:3]}")
    dangling = [link for tag, link in page.links if link.startswith("#") and link[1:] not in page.ids]
    tally.check(not dangling, f"{name}: HTML points at nothing: {dangling[:3]}")
    tally.check(len(page.ids) == len(set(page.ids)), f"{name}: HTML has an id twice")
    tally.check(not re.search(r"url\(\s*['\"]?(?!data:|#)", text) and "@import" not in text, f"{name}: the style loads something")
    missing = [d["id"] for d in document["devices"] if d["id"] not in text]
    # Of very many it shows those at most risk, and says how many it leaves out.
    told = f"{len(missing):,} devices more not shown here" in text and len(document["devices"]) - len(missing) >= ROWS
    tally.check(not missing or told, f"{name}: HTML lacks {len(missing)} devices: {missing[:3]}")
    tally.check("@media print" in text or "@page" in text, f"{name}: HTML has no style for paper")


def check_csv(tally, data, document, name):
    text = data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    tally.same(len(rows), len(document["devices"]), f"{name}: rows of the CSV")
    key = next((k for k in (rows[0] if rows else {}) if k.lower() in ("id", "device", "device_id")), None)
    if rows and tally.check(key, f"{name}: no column of ids among {list(rows[0])}"):
        tally.same(sorted(r[key] for r in rows), [d["id"] for d in document["devices"]], f"{name}: ids in the CSV")
        by_id = {d["id"]: d for d in document["devices"]}
        for row in rows:
            device = by_id.get(row[key], {})
            score = next((row[k] for k in row if k.lower() in ("risk", "risk_score", "score", "risk score")), None)
            if not tally.check(score is not None and int(score) == device["risk"]["score"], f"{name}: {row[key]} has the risk {score} in the CSV"):
                break
    dangerous = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row if cell and cell[0] in FORMULA]
    tally.check(not dangerous, f"{name}: cells that a spreadsheet may compute: {dangerous[:3]}")


def check_formats(tally, capture, name):
    """All formats of one capture: from -o, where one run writes all; each format's output equals its file."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "new" / "deep"
        done = run("assess", capture, "-o", out)
        no_trace(tally, done)
        if not tally.check(done.status == 0, f"{name}: {done}"):
            return
        tally.same(sorted(p.name for p in out.iterdir()), ["assessment.json", "devices.csv", "report.html"], f"{name}: files written")
        data = (out / "assessment.json").read_bytes()
        document = json.loads(data)
        check_html(tally, (out / "report.html").read_text("utf-8"), document, name)
        check_csv(tally, (out / "devices.csv").read_bytes(), document, name)
        lines = done.out.decode().splitlines()
        tally.check(f"{len(document['devices']):,}" in done.out.decode() and len(lines) <= 60, f"{name}: a summary of {len(lines)} lines")
        tally.check(all(str(out / f) in done.out.decode() for f in ("report.html", "assessment.json")), f"{name}: the summary does not say where the files lie")
        if capture == WARD:
            for form, file in (("json", "assessment.json"), ("html", "report.html"), ("csv", "devices.csv")):
                shown = run("assess", capture, "--format", form)
                tally.check(shown.out == (out / file).read_bytes(), f"--format {form} and {file} differ")


def check_as_of(tally):
    """The day of judging is the last packet's, or the one given; it moves what depends on a day and nothing else."""
    document = ward().document()
    tally.same(document["as_of"], document["source"]["last"], "as_of without --as-of")
    day = assess(WARD, "--as-of", "2040-01-01").document()
    tally.same(day["as_of"], "2040-01-01T00:00:00.000000000Z", "as_of with --as-of 2040-01-01")
    tally.same([d["id"] for d in day["devices"]], [d["id"] for d in document["devices"]], "devices on another day")
    tally.same(day["source"], document["source"], "source on another day")
    ends = lambda doc: sum(f["kind"] == "unsupported-os" for f in doc["findings"])
    tally.check(ends(day) > ends(assess(WARD, "--as-of", "2001-01-01").document()), "no system loses its support between 2001 and 2040")


def main():
    tally = begin()
    document = check_document(tally, ward(), "ward")
    if document:
        check_meaning(tally, document, "ward")
        check_as_of(tally)
        check_formats(tally, WARD, "ward")
    captures = shared_captures()
    step = max(1, len(captures) // AT_ONCE)
    for number, capture in enumerate(captures):
        name = capture.parent.name
        document = check_document(tally, assess(capture), name)
        if document:
            check_meaning(tally, document, name)
        if number % step == 0:
            check_formats(tally, capture, name)
    return tally.end()


if __name__ == "__main__":
    sys.exit(main())
