#!/usr/bin/env python3
"""Checks assessments against docs/assessment.schema.json and against what a schema cannot say.

    report_schema_test.py [ASSESSMENT.json ...]

Without a file it lets the report room's test program write the sample assessment and checks that; where the program
is not built it says that it skips. A further check closes the schema: a key that it does not describe is an error.
"""
import copy
import glob
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parent.parent


def closed(schema):
    """The same schema where an object may hold described keys only."""
    if isinstance(schema, list):
        return [closed(s) for s in schema]
    if not isinstance(schema, dict):
        return schema
    out = {k: closed(v) for k, v in schema.items()}
    if schema.get("type") == "object" and "properties" in schema and "required" in schema:
        out.setdefault("additionalProperties", False)
    return out


def key_order_problems(doc, schema, where=""):
    """Keys must stand in the order in which the schema (and the contract) lists them."""
    def resolve(s):
        while "$ref" in s:
            s = schema["$defs"][s["$ref"].rsplit("/", 1)[1]]
        return s

    def walk(value, s, where):
        s = resolve(s)
        if isinstance(value, list):
            for i, v in enumerate(value):
                yield from walk(v, s.get("items", {}), f"{where}[{i}]")
        elif isinstance(value, dict) and "properties" in s:
            order = [k for k in s["properties"] if k in value]
            if [k for k in value if k in s["properties"]] != order:
                yield f"{where}: keys stand as {list(value)}"
            for k, v in value.items():
                yield from walk(v, s["properties"].get(k, {}), f"{where}.{k}")

    return list(walk(doc, schema, where))


def reference_problems(doc):
    """Sorting, references and figures: what makes the document one whole."""
    devices = [d["id"] for d in doc["devices"]]
    findings = {f["id"] for f in doc["findings"]}
    files = doc["source"]["files"]
    if devices != sorted(set(devices)):
        yield "devices are not sorted by a unique id"
    order = [(-f["risk"]["score"], f["id"]) for f in doc["findings"]]
    if order != sorted(order) or len(findings) != len(order):
        yield "findings are not sorted by risk and unique id"
    order = [(c["client"], c["server"], c["protocol"], c["port"]) for c in doc["connections"]]
    if order != sorted(order):
        yield "connections are not sorted"
    order = [(a["time"], a["id"]) for a in doc["alerts"]]
    if order != sorted(order):
        yield "alerts are not sorted"
    known = set(devices)
    owned = {a for d in doc["devices"] for a in d["addresses"]["ipv4"] + d["addresses"]["ipv6"]}
    for f in doc["findings"]:
        if f["device"] not in known:
            yield f"{f['id']} names an unknown device {f['device']}"
    for c in doc["connections"]:
        for end in ("client", "server"):
            # A group's address, or one from which nothing was heard, has no device.
            if c[end] not in known and (c[end].startswith("dev-") or c[end] in owned):
                yield f"a connection names an unknown device {c[end]}"
    for d in doc["devices"]:
        for reason in d["risk"]["reasons"]:
            if reason["finding"] and reason["finding"] not in findings:
                yield f"{d['id']} names an unknown finding {reason['finding']}"
    for name, share in doc["summary"].items():
        if share["count"] > share["of"]:
            yield f"summary.{name}: {share['count']} of {share['of']}"
    for where, e in evidence_of(doc, ""):
        if e["file"] >= len(files):
            yield f"{where}: file {e['file']} of {len(files)}"
        elif e["frame"] > files[e["file"]]["packets"]:
            yield f"{where}: frame {e['frame']} lies behind the end of its file"


def evidence_of(value, where):
    if isinstance(value, dict):
        for e in value.get("evidence", []):
            yield where, e
        for k, v in value.items():
            yield from evidence_of(v, f"{where}.{k}")
    elif isinstance(value, list):
        for i, v in enumerate(value):
            yield from evidence_of(v, f"{where}[{i}]")


def problems(doc, schema):
    out = [f"{e.json_path}: {e.message[:200]}" for e in Draft202012Validator(closed(schema)).iter_errors(doc)]
    return out or key_order_problems(doc, schema) + list(reference_problems(doc))


def broken_copies(doc):
    """The sample with one thing wrong each; a check that lets one pass checks nothing."""
    def change(edit):
        bad = copy.deepcopy(doc)
        edit(bad)
        return bad
    yield "a missing key", change(lambda d: d["devices"][0].pop("risk"))
    yield "an unknown key", change(lambda d: d["devices"][0].update(colour="red"))
    yield "a renamed schema", change(lambda d: d.update(schema="bedrail.assessment/2"))
    yield "a confidence above 1", change(lambda d: d["findings"][0].update(confidence=1.5))
    yield "a time without nanoseconds", change(lambda d: d.update(as_of="2026-11-01T00:00:00Z"))
    yield "a device of no list", change(lambda d: d["findings"][0].update(device="dev-" + "9" * 16))
    yield "devices out of order", change(lambda d: d["devices"].reverse())
    yield "an unknown severity", change(lambda d: d["findings"][0].update(severity="urgent"))
    yield "keys out of order", change(lambda d: d["source"].update(files=d["source"].pop("files")))

    def unhide(d):
        e = next(e for _, e in evidence_of(d, "") if e.get("redacted"))
        e["value"] = "secret"
    yield "a redacted value that is there", change(unhide)


def write_sample():
    programs = sorted(glob.glob(str(ROOT / "build/*/report_test")), key=os.path.getmtime)
    program = os.environ.get("BEDRAIL_REPORT_TEST") or (programs[-1] if programs else None)
    if not program:
        return None
    with tempfile.TemporaryDirectory() as folder:
        case = "--test-case=report: the sample in every form"
        subprocess.run([program, case], check=True, env={**os.environ, "BEDRAIL_SAMPLE_DIR": folder},
                       stdout=subprocess.DEVNULL)
        return json.loads((Path(folder) / "sample.json").read_bytes())


def main(paths):
    schema = json.loads((ROOT / "docs/assessment.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    failed = 0
    documents = [(p, json.loads(Path(p).read_bytes())) for p in paths]
    if not paths:
        sample = write_sample()
        if sample is None:
            print("skipped: report_test is not built")
            return 0
        documents = [("sample", sample)]
        for what, bad in broken_copies(sample):
            if not problems(bad, schema):
                print(f"{what} passes unseen")
                failed += 1
    for path, doc in documents:
        found = problems(doc, schema)
        failed += bool(found)
        for problem in found[:20]:
            print(f"{path}: {problem}")
    print(f"{len(documents)} documents checked, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
