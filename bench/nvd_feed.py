#!/usr/bin/env python3
"""Writes a made-up feed in NVD's CVE JSON 2.0, as large as asked for: bench/nvd_feed.py COUNT FILE. The same count gives the same bytes.

Nothing in it exists. Sizes follow NVD's: a description, references, one or two scores, and of ten CVEs most name a few
products, one some dozens.
"""
import json
import random
import sys

WORDS = "pump monitor gateway viewer server client station manager scanner printer switch router camera portal agent library kernel driver browser editor".split()


def products(chance):
    """Bounded ranges of one product, with a piece of hardware beside it now and then."""
    count = chance.choice([1, 1, 2, 2, 3, 3, 4, 5, 8, 40])
    vendor, product = f"vendor{chance.randrange(20000)}", f"{chance.choice(WORDS)}_{chance.choice(WORDS)}_{chance.randrange(40)}"
    matches = []
    for i in range(count):
        match = {"vulnerable": True, "criteria": f"cpe:2.3:a:{vendor}:{product}:{'*' if i % 2 == 0 else f'{i}.{chance.randrange(30)}.1'}:*:*:*:*:*:*:*",
                 "matchCriteriaId": f"{chance.getrandbits(128):032X}"}
        if i % 2 == 0:
            match |= {"versionStartIncluding": f"{i}.0", "versionEndExcluding": f"{i}.{chance.randrange(1, 40)}"}
        matches.append(match)
    node = {"operator": "OR", "negate": False, "cpeMatch": matches}
    if chance.randrange(6):
        return {"nodes": [node]}
    beside = {"vulnerable": False, "criteria": f"cpe:2.3:h:{vendor}:{product}:-:*:*:*:*:*:*:*", "matchCriteriaId": f"{chance.getrandbits(128):032X}"}
    return {"operator": "AND", "nodes": [node, {"operator": "OR", "negate": False, "cpeMatch": [beside]}]}


def vulnerability(number, chance):
    year = 1999 + number * 26 // 300000
    day = f"{year}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}T{chance.randrange(24):02}:00:00.000"
    vector = f"CVSS:3.1/AV:{chance.choice('NALP')}/AC:{chance.choice('LH')}/PR:{chance.choice('NLH')}/UI:N/S:U/C:{chance.choice('NLH')}/I:{chance.choice('NLH')}/A:H"
    score = {"source": "nvd@example.org", "type": "Primary", "cvssData": {"version": "3.1", "vectorString": vector, "baseScore": chance.randrange(20, 101) / 10, "baseSeverity": "HIGH"},
             "exploitabilityScore": 1.0, "impactScore": 5.9}
    return {"cve": {"id": f"CVE-{year}-{100000 + number}", "sourceIdentifier": "cna@example.org", "published": day, "lastModified": day, "vulnStatus": "Rejected" if number % 50 == 0 else "Analyzed",
                    "descriptions": [{"lang": "en", "value": " ".join(chance.choices(WORDS, k=45))}], "metrics": {"cvssMetricV31": [score]},
                    "weaknesses": [{"source": "nvd@example.org", "type": "Primary", "description": [{"lang": "en", "value": f"CWE-{chance.randrange(1, 1400)}"}]}],
                    "configurations": [products(chance)],
                    "references": [{"url": f"https://example.org/{chance.getrandbits(64):x}/{i}", "source": "cna@example.org"} for i in range(4)]}}


def main():
    count, path = int(sys.argv[1]), sys.argv[2]
    chance = random.Random(1)
    with open(path, "w") as out:
        out.write('{"format":"NVD_CVE","version":"2.0","timestamp":"2026-01-01T00:00:00.000","vulnerabilities":[\n')
        for number in range(count):
            out.write((",\n" if number else "") + json.dumps(vulnerability(number, chance), separators=(",", ":")))
        out.write("\n]}\n")


main()
