#!/usr/bin/env python3
"""The shipped capture yields the facts that captures/ward/truth.json states: each device, its names, services and findings.

A fact is stated as a literal, a list of them, or "/pattern/" (ignoring case). Nothing may be said wrongly, and each name,
category, service and finding must be found; of the other attributes few may be left unsaid.
"""
import json
import re
import sys

from program import WARD_FOLDER, begin, no_trace, ward


MOST_UNSAID = 0.05  # of the expected attributes


def plain(text):
    return re.sub(r"[\s_\-./]+", " ", str(text)).strip().lower()


def agrees(want, got):
    if isinstance(want, list):
        return any(agrees(w, got) for w in want)
    if isinstance(want, bool):
        return got is want
    if isinstance(want, str) and want.startswith("/") and want.endswith("/") and len(want) > 1:
        return re.search(want[1:-1], str(got), re.I) is not None
    return plain(want) == plain(got)


def values(device, path):
    """What the device has under a dotted path; several where it is "names", none where it is silent."""
    if path == "names":
        return [n["name"] for n in device["names"]]
    here = device
    for part in path.split("."):
        here = here.get("value", here) if isinstance(here, dict) else None
        if not isinstance(here, dict) or part not in here:
            return []
        here = here[part]
    here = here.get("value", here) if isinstance(here, dict) else here
    return [] if here in (None, "", "unknown") else [here]


def check_device(tally, fact, devices, unsaid):
    mac = fact["match"]["mac"]
    hits = [d for d in devices if mac in d["addresses"]["mac"]]
    if not tally.check(len(hits) == 1, f"{mac}: {len(hits)} devices"):
        return
    device = hits[0]
    for path, want in fact.get("expect", {}).items():
        got = values(device, path)
        if not got and path != "category":
            unsaid.append(f"{mac} {path}, which is {want!r}")
            continue
        tally.check(got and agrees(want, got[0]), f"{mac} {path}: {got or 'unsaid'}, is {want!r}")
    for path, bad in fact.get("must_not", {}).items():
        wrong = [v for v in values(device, path) if agrees(bad, v)]
        tally.check(not wrong, f"{mac} {path}: {wrong}, which it is not")
    names = values(device, "names")
    for name in fact.get("names", []):
        tally.check(any(agrees(name, n) for n in names), f"{mac}: the name {name!r} is not among {names}")
    for service in fact.get("services", []):
        offered = [{k: s.get(k) for k in service} for s in device["services"]]
        tally.check(any(all(agrees(v, s[k]) for k, v in service.items()) for s in offered), f"{mac}: the service {service} is not among {offered}")


def check_finding(tally, fact, document):
    ids = {d["id"] for d in document["devices"] if fact["device"]["mac"] in d["addresses"]["mac"]}
    kinds = sorted({f["kind"] for f in document["findings"] if f["device"] in ids})
    tally.check(fact["kind"] in kinds, f"{fact['device']['mac']}: the finding {fact['kind']} is not among {kinds}")


def main():
    tally = begin()
    truth = json.loads((WARD_FOLDER / "truth.json").read_text())
    no_trace(tally, ward())
    document = ward().document()
    unsaid = []
    for fact in truth["devices"]:
        check_device(tally, fact, document["devices"], unsaid)
    expected = sum(len(fact.get("expect", {})) for fact in truth["devices"])
    print(f"{len(unsaid)} of {expected} attributes are left unsaid: {'; '.join(unsaid)}")
    tally.check(len(unsaid) <= MOST_UNSAID * expected, "too many attributes are left unsaid")
    for fact in truth["findings"]:
        check_finding(tally, fact, document)
    # Without an attack there is no alarm.
    tally.same(document["alerts"], [], "alerts")
    known = {fact["match"]["mac"] for fact in truth["devices"]}
    others = [d["id"] for d in document["devices"] if not known & set(d["addresses"]["mac"])]
    tally.check(len(others) * 10 <= len(known), f"{len(others)} devices beside the {len(known)} that were there: {others}")
    return tally.end()


sys.exit(main())
