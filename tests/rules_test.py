#!/usr/bin/env python3
"""Holds the fingerprints of knowledge/rules: their form, and what the examples say they match.

Python's `re` stands in for RE2 here: what RE2 has not (lookaround, backreferences, possessive forms) is refused by name.
"""
import functools
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "knowledge/rules"
COLUMNS = ["id", "on", "role", "pattern", "set", "confidence", "source"]
ATTRIBUTES = {"category", "type", "vendor", "model", "firmware", "serial", "hardware", "os.family", "os.product", "os.version",
              "os.build", "department", "location"}
CATEGORIES = {"medical", "iot", "ot", "it", "network", "mobile"}
ON = re.compile(r"clue [a-z0-9-]+(\.[a-z0-9-]+)+|name (\*|[a-z0-9-]+)|service [a-z0-9-]+|message [a-z0-9-]+|organisation|certificate")
NOT_RE2 = re.compile(r"(?<!\\)\(\?(=|!|<=|<!|>|\(|P=|P>)|(?<!\\)\\[1-9]|[*+?}]\+")
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CLUE_KEY = re.compile(r'"([a-z0-9-]+\.[a-z0-9-]+)"')
passed = failed = 0


def check(condition, message):
    global passed, failed
    if condition:
        passed += 1
    else:
        failed += 1
        print(f"FAIL {message}")


def rows(path, columns):
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line and not line.startswith("#")]
    check(lines and lines[0].split("\t") == columns, f"{path.name}: the first line names the columns {columns}")
    for line in lines[1:]:
        cells = line.split("\t")
        if len(cells) != len(columns):
            check(False, f"{path.name}: {len(cells)} columns: {line[:80]}")
            continue
        yield dict(zip(columns, cells))


def known_types():
    path = ROOT / "knowledge/device_types.tsv"
    if not path.is_file():
        return None
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line and not line.startswith("#")]
    return {cells[0]: cells[2] for cells in lines[1:]}


@functools.cache
def known_systems():
    path = ROOT / "knowledge/os_lifecycle.tsv"
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line and not line.startswith("#")]
    return {cells[0] for cells in lines[1:]}


def known_clues():
    """The keys the dissectors declare (kClues, and what they keep beside it)."""
    keys = set()
    # The inventory tells what no single dissector sees.
    for path in [*(ROOT / "src/dissect").rglob("*.cpp"), *(ROOT / "src/inventory").glob("*.cpp")]:
        if not path.name.endswith("_test.cpp"):
            keys.update(CLUE_KEY.findall(path.read_text(encoding="utf-8")))
    return keys


def compiled(rule):
    pattern = rule["pattern"]
    check(not NOT_RE2.search(pattern), f"{rule['id']}: RE2 has no such construct: {pattern}")
    try:
        return re.compile(pattern, re.I)
    except re.error as error:
        check(False, f"{rule['id']}: {error}: {pattern}")
        return None


def check_set(rule, groups, types):
    seen = {}
    for part in rule["set"].split("; "):
        name, equals, value = part.partition("=")
        check(equals and name in ATTRIBUTES and value, f"{rule['id']}: no known attribute: {part!r}")
        check(name not in seen, f"{rule['id']}: sets {name} twice")
        seen[name] = value
        for number in re.findall(r"\$([0-9])", value):
            check(1 <= int(number) <= groups, f"{rule['id']}: ${number}, but the pattern has {groups} groups")
    products = seen.get("os.product", "").split(" or ")
    for product in products if len(products) > 1 else ():
        check(product in known_systems(), f"{rule['id']}: a set of products names one that os_lifecycle.tsv does not: {product!r}")
    check(seen.get("category", "it") in CATEGORIES, f"{rule['id']}: no category: {seen.get('category')}")
    if types is not None and "type" in seen and "$" not in seen["type"]:
        check(seen["type"] in types, f"{rule['id']}: no type of device_types.tsv: {seen['type']}")
        category = types.get(seen["type"], "")
        check(seen.get("category", category) == category, f"{rule['id']}: a {seen['type']} is {category}, not {seen.get('category')}")


def spelled(parts, limit=200):
    """Texts that a pattern matches: each of its alternatives once, without what may be left out."""
    texts = [""]
    for kind, value in parts:
        kind = str(kind)
        if kind == "BRANCH":
            more = [text for branch in value[1] for text in spelled(branch)]
        elif kind == "SUBPATTERN":
            more = spelled(value[3])
        elif kind in ("MAX_REPEAT", "MIN_REPEAT"):
            more = spelled(value[2]) if value[0] > 0 else [""]
        else:
            more = {"LITERAL": lambda: [chr(value)], "AT": lambda: [""]}.get(kind, lambda: ["0"])()
        texts = [a + b for a in texts for b in more][:limit]
    return texts


@functools.cache
def title_words():
    """What the HTTP dissector lets through of titles; nothing else ever reaches a rule."""
    source = (ROOT / "src/dissect/http/title.cpp").read_text(encoding="utf-8")
    return set(re.findall(r'"([a-z0-9 -]+)"', source[source.index("kClinical[]"):source.index("kPersonal[]")]))


def check_title(rule):
    for text in spelled(re._parser.parse(rule["pattern"])):
        words = re.compile(r"(?<![a-z0-9])(" + "|".join(map(re.escape, title_words())) + ")")
        check(words.search(text.lower()), f"{rule['id']}: src/dissect/http/title.cpp knows no word of {text!r}")


def check_rule(rule, ids, types, clues):
    check(KEBAB.fullmatch(rule["id"]), f"{rule['id']!r}: ids are lower-case words with hyphens")
    check(rule["id"] not in ids, f"{rule['id']}: the id is used twice")
    check(ON.fullmatch(rule["on"]), f"{rule['id']}: unknown subject {rule['on']!r}")
    check(rule["role"] in ("", "client", "server"), f"{rule['id']}: unknown role {rule['role']!r}")
    check(rule["role"] == "" or rule["on"].startswith("clue "), f"{rule['id']}: only clues have a role")
    if rule["on"].startswith("clue "):
        if rule["on"] == "clue tcp.stack":
            # Below half, and so far below that it never comes near enough to hide what something else states.
            check(float(rule["confidence"]) <= 0.35, f"{rule['id']}: a way to begin connections states nothing alone")
            check(re.fullmatch(r"os\.family=[^;]+", rule["set"]), f"{rule['id']}: a way to begin connections tells a family of systems, nothing else")
        check(rule["on"][5:] in clues, f"{rule['id']}: no dissector tells {rule['on'][5:]}")
    check(rule["source"].strip(), f"{rule['id']}: no source")
    try:
        check(0 < float(rule["confidence"]) <= 1, f"{rule['id']}: confidence {rule['confidence']} is not in 0..1")
    except ValueError:
        check(False, f"{rule['id']}: confidence {rule['confidence']!r} is no number")
    regex = compiled(rule)
    if regex:
        check(not regex.search(""), f"{rule['id']}: matches the empty text")
        check_set(rule, regex.groups, types)
        if rule["on"] == "clue http.title":
            check_title(rule)
    return regex


def check_examples(regexes):
    path = RULES / "examples.tsv"
    count = 0
    for row in rows(path, ["id", "matches", "matches_not"]):
        regex = regexes.get(row["id"])
        check(regex is not None, f"examples: no rule {row['id']}")
        if regex is None:
            continue
        count += 1
        check(row["matches"] or row["matches_not"], f"examples: {row['id']} has no text")
        check(not row["matches"] or regex.search(row["matches"]), f"examples: {row['id']} has to match {row['matches']!r}")
        check(not row["matches_not"] or not regex.search(row["matches_not"]), f"examples: {row['id']} must not match {row['matches_not']!r}")
    check(count > 0, "examples.tsv has examples")


def main():
    types, clues, regexes = known_types(), known_clues(), {}
    files = sorted(path for path in RULES.glob("*.tsv") if path.name != "examples.tsv")
    check(files, "there are rules")
    for path in files:
        for rule in rows(path, COLUMNS):
            regexes[rule["id"]] = check_rule(rule, regexes, types, clues)
    check_examples(regexes)
    print(f"{len(regexes)} rules in {len(files)} files")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
