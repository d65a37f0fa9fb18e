"""How values are made alike before they are compared: small functions, named in the last column of fields.tsv.

A change takes a list of values and gives a list; `o:` in front applies it to ours only, `t:` to tshark's only.
"""
import hashlib
import re
from datetime import datetime, timezone

# Bedrail cuts texts at 512 bytes: what follows is not compared.
LONGEST = 400


def each(function):
    """A change of single values; what `function` gives None for is left out."""
    return lambda values: [new for new in map(function, values) if new is not None]


def text_of_hex(value):
    try:
        return bytes.fromhex(value.replace(":", "")).decode("utf-8", errors="replace").rstrip("\0")
    except ValueError:
        return None


def number(value):
    try:
        return str(int(value, 0))
    except ValueError:
        return value


def digest(value):
    """SHA-256 of bytes written in hexadecimal; None where they are not whole."""
    try:
        return hashlib.sha256(bytes.fromhex(value.replace(":", ""))).hexdigest()
    except ValueError:
        return None


def guid(value):
    """A GUID whose first three numbers were read in the order of the wire, as they are meant (MS-DTYP, 2.3.4.2)."""
    groups = value.split("-")
    return "-".join([bytes.fromhex(group)[::-1].hex() for group in groups[:3]] + groups[3:])


def day(value):
    """The second that "2026-11-25T09:21:28.0Z", "Nov 25, 2026 09:21:28.0 UTC" or "2026-11-25 09:21:28 (UTC)" names."""
    found = re.search(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)", value)
    if found:
        return f"{found[1]} {found[2]}"
    found = re.search(r"([A-Z][a-z]{2}) +(\d+), (\d{4}) (\d\d:\d\d:\d\d)", value)
    if not found:
        return value
    when = datetime.strptime(" ".join(found.groups()), "%b %d %Y %H:%M:%S").replace(tzinfo=timezone.utc)
    return when.strftime("%Y-%m-%d %H:%M:%S")


def mapped(pairs):
    table = dict(pair.split("=", 1) for pair in pairs.split(";"))
    return each(lambda value: table.get(value, value))


def picked(pattern):
    """Group 1 of the pattern; values without it are left out."""
    compiled = re.compile(pattern)
    return lambda values: [found for value in values for found in compiled.findall(value)]


def dropped(pattern):
    compiled = re.compile(pattern)
    return each(lambda value: None if compiled.search(value) else value)


def parts(separator):
    return lambda values: [part for value in values for part in value.split(separator) if part]


PLAIN = {
    "lower": each(str.lower),
    "int": each(number),
    "text": each(text_of_hex),
    "sha256": each(digest),
    "day": each(day),
    "guid": each(guid),
    "plain-hex": each(lambda v: v.replace(":", "").replace("0x", "").lower()),
}
WITH = {"map": mapped, "pick": picked, "drop": dropped, "split": parts,
        "cut": lambda pattern: each(lambda v, p=re.compile(pattern): p.sub("", v))}


def squeezed(values):
    """White space, tshark's words for it and what is not printable as one blank, nothing at the ends, at most LONGEST characters; empty
    values left out."""
    values = (re.sub(r"\\[rnt]", " ", value) for value in values)
    clean = ("".join(c if c.isprintable() else " " for c in value) for value in values)
    return [value for value in (" ".join(c.split())[:LONGEST].rstrip() for c in clean) if value]


def changes(cell, where):
    """The changes for ours and for tshark's; raises ValueError for a name that is none."""
    ours, theirs = [], []
    for word in [] if cell == "-" else re.split(r" +(?=(?:[ot]:)?[a-z0-9-]+(?:\(|$| ))", cell):
        side, name, argument = re.fullmatch(r"(?:([ot]):)?([a-z0-9-]+)(?:\((.*)\))?", word).groups()
        if argument is None and name in PLAIN:
            made = PLAIN[name]
        elif argument is not None and name in WITH:
            made = WITH[name](argument)
        else:
            raise ValueError(f"{where}: there is no change {word!r}")
        if side != "t":
            ours.append(made)
        if side != "o":
            theirs.append(made)
    return ours + [squeezed], theirs + [squeezed]


def changed(values, steps):
    for step in steps:
        values = step(values)
    return values
