#!/usr/bin/env python3
"""bedrail explain: by id, address, name and finding; of the shipped ward, each device and finding in it."""
import sys
import tempfile
from pathlib import Path

from program import begin, explained, no_trace, run, ward

ATTRIBUTES = ("category", "type", "vendor", "model", "firmware", "serial", "hardware")


def check_device(tally, device, document, path):
    """By its id; all that stands in the assessment about it is there, with frames."""
    done = run("explain", device["id"], path)
    no_trace(tally, done)
    text = done.out.decode()
    tally.check(done.status == 0 and device["id"] in text, str(done))
    for key in ATTRIBUTES:
        if key in device:
            tally.check(str(device[key]["value"]) in text, f"explain {device['id']} does not tell its {key} {device[key]['value']!r}")
            frames = {str(e["frame"]) for e in device[key]["evidence"]}
            tally.check(any(f in text for f in frames), f"explain {device['id']}: no frame for its {key}")
    for finding in document["findings"]:
        if finding["device"] == device["id"]:
            tally.check(finding["id"] in text or finding["title"] in text, f"explain {device['id']} is silent of {finding['id']}")
    return text


def check_ways(tally, document, path):
    """Address and name lead to the same text as the id, in any case; where several answer, they are listed."""
    owners = {}
    for device in document["devices"]:
        a = device["addresses"]
        for key in {x.lower() for x in (*a["mac"], *a["ipv4"], *a["ipv6"], *(n["name"] for n in device["names"]))}:
            owners.setdefault(key, set()).add(device["id"])
    texts = {d["id"]: run("explain", d["id"], path).out for d in document["devices"]}
    for key, ids in owners.items():
        for wanted in (key, key.upper(), f" {key} "):
            done = run("explain", "--", wanted, path) if wanted.startswith("-") else run("explain", wanted, path)
            no_trace(tally, done)
            tally.check(done.status == 0, str(done))
            if len(ids) == 1:
                tally.check(done.out == texts[next(iter(ids))], f"explain {wanted!r} differs from that of its id {ids}")
            else:
                tally.check(all(i.encode() in done.out for i in ids), f"explain {wanted!r} does not list {ids}")
            if len(owners) > 60:
                break


def check_findings(tally, document, path):
    for finding in document["findings"]:
        done = run("explain", finding["id"], path)
        no_trace(tally, done)
        text = done.out.decode()
        tally.check(done.status == 0 and finding["title"] in text, f"explain {finding['id']} does not tell its title")
        tally.check(any(str(e["frame"]) in text for e in finding["evidence"]), f"explain {finding['id']} names no frame")
        tally.check(all(r["text"][:30] in " ".join(text.split()) for r in finding["remediation"]), f"explain {finding['id']} names no remedy")


def check_errors(tally, document, path, folder):
    explained(tally, run("explain", "no-such-device", path), 1, "no-such-device", "name")
    explained(tally, run("explain", "", path), 1, "id")
    explained(tally, run("explain", "dev-0000000000000000", path), 1, "dev-0000000000000000")
    explained(tally, run("explain", "x", folder / "gone.json"), 1, folder / "gone.json")
    bad = {"empty": b"", "text": b"no JSON", "array": b"[]", "other": b'{"schema":"something/1"}', "cut": path.read_bytes()[:5000],
           "newer": path.read_bytes().replace(b"bedrail.assessment/1", b"bedrail.assessment/9"), "deep": b"[" * 100_000, "noise": bytes(range(256)) * 9}
    for name, data in bad.items():
        file = folder / f"{name}.json"
        file.write_bytes(data)
        done = run("explain", document["devices"][0]["id"], file)
        explained(tally, done, 1, file)
    done = run("explain", document["devices"][0]["id"], "-", input=path.read_bytes())
    tally.check(done.status == 0 and done.out, f"an assessment by a pipe: {done}")
    explained(tally, run("explain", document["devices"][0]["id"], folder), 1, folder)


def main():
    tally = begin()
    document = ward().document()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        path = folder / "ward.json"
        path.write_bytes(ward().out)
        for device in document["devices"]:
            check_device(tally, device, document, path)
        check_ways(tally, document, path)
        check_findings(tally, document, path)
        check_errors(tally, document, path, folder)
    return tally.end()


sys.exit(main())
