"""Reads the three tables of the oracle test: which protocols, which fields, which differences are right.

Tab-separated text, one row a line; `#` begins a comment, and the first other line names the columns. README.md beside
this tells what stands in each column.
"""
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from oracle.changes import changes

HERE = Path(__file__).resolve().parent
FIELD = re.compile(r"[a-z_0-9]+(?:\.[A-Za-z_0-9-]+)+")


def rows(name, columns):
    """Each row as a dict with its line number; raises ValueError where a line has another number of columns."""
    lines = [(n, line) for n, line in enumerate((HERE / name).read_text().splitlines(), 1) if line.strip() and not line.startswith("#")]
    if lines[0][1].split("\t") != columns:
        raise ValueError(f"{name}:{lines[0][0]}: the columns are not {columns}")
    for number, line in lines[1:]:
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(columns):
            raise ValueError(f"{name}:{number}: {len(cells)} columns, not {len(columns)}: {line[:80]}")
        yield number, dict(zip(columns, cells))


def listed(cell):
    return [] if cell == "-" else cell.split(",")


@dataclass
class Protocol:
    """A dissector of ours beside the names that tshark has for it."""

    name: str
    connections: list  # what `protocol=` of a connection says
    theirs: list       # tshark's names in frame.protocols; empty where it has no dissector
    decode_as: str     # tshark's name for -d, or "-"
    always: bool       # -d even where tshark saw another protocol by itself
    inside: list       # our protocols whose connections may carry it; "*" is any


def protocols():
    columns = ["dissector", "connection", "tshark", "decode-as", "inside", "note"]
    return [Protocol(r["dissector"], listed(r["connection"]), listed(r["tshark"]), r["decode-as"].rstrip("!"), r["decode-as"].endswith("!"),
                     listed(r["inside"])) for _, r in rows("protocols.tsv", columns)]


class Condition:
    """Words that a frame of tshark's must hold: a protocol, `!protocol`, `field`, `field=value`, `field~pattern`."""

    def __init__(self, cell):
        self.words = []
        for word in listed(cell.replace(" ", ",")):
            negated, word = word.startswith("!"), word.lstrip("!")
            name, how, value = re.fullmatch(r"([^=~]+)([=~]?)(.*)", word).groups()
            self.words.append((negated, name, how, value))

    def fields(self):
        return {name for _, name, _, _ in self.words if "." in name}

    def holds(self, frame):
        return all(self.word_holds(frame, name, how, value) != negated for negated, name, how, value in self.words)

    @staticmethod
    def word_holds(frame, name, how, value):
        if "." not in name:
            return name in frame.protocols
        found = frame.values.get(name, [])
        if how == "=":
            return value in found
        return any(re.search(value, f) for f in found) if how == "~" else bool(found)


class Theirs:
    """The values of one frame: `a.b|c.d` every value of either, `{a.b}.{c.d}` joined, `list(a.b)` all as one value
    with commas, `join(a.b)` with blanks, `=text` that text where the condition holds."""

    def __init__(self, cell):
        self.cell = cell
        self.names = [] if cell.startswith("=") else FIELD.findall(cell)

    def values(self, frame):
        if self.cell.startswith("="):
            return [self.cell[1:]]
        return [value for part in self.cell.split("|") for value in self.of_part(part, frame)]

    def of_part(self, part, frame):
        if "{" in part:
            return self.filled(part, frame)
        name = FIELD.search(part)[0]
        found = frame.values.get(name, [])
        joined = re.match(r"(list|join)\(", part)
        return [{"list": ",", "join": " "}[joined[1]].join(found)] if joined and found else found

    @staticmethod
    def filled(template, frame):
        """The template once for each occurrence of its fields; none where one is missing."""
        names = FIELD.findall(template)
        columns = [frame.values.get(name, []) for name in names]
        found = []
        for i in range(max(map(len, columns)) if all(columns) else 0):
            text = template
            for name, column in zip(names, columns):
                text = text.replace("{" + name + "}", column[min(i, len(column) - 1)])
            found.append(text)
        return found


@dataclass
class Field:
    """One fact that both tell."""

    line: int
    protocol: str
    name: str
    ours: re.Pattern
    theirs: Theirs
    when: Condition
    about: str       # whose fact: src, dst, -
    anywhere: bool   # Bedrail may say it in another frame (when the answer confirms it, or all is reassembled)
    compare: str     # both; ours: what we say tshark says, too; theirs: what tshark says we say, too
    change_ours: list
    change_theirs: list

    def looked_for(self):
        """Names of which one at least stands in each frame that the row is about."""
        return self.theirs.names or [name for negated, name, _, _ in self.when.words if not negated]

    def tshark_fields(self):
        return set(self.theirs.names) | self.when.fields()


def fields():
    columns = ["protocol", "field", "ours", "tshark", "when", "about", "compare", "change"]
    found = []
    for line, r in rows("fields.tsv", columns):
        where = f"fields.tsv:{line}"
        if r["about"].rstrip("*") not in ("src", "dst", "-") or r["compare"] not in ("both", "ours", "theirs"):
            raise ValueError(f"{where}: about is src, dst or - with or without *, compare is both, ours or theirs")
        ours, theirs = changes(r["change"], where)
        found.append(Field(line, r["protocol"], r["field"], re.compile(r["ours"]), Theirs(r["tshark"]), Condition(r["when"]),
                           r["about"].rstrip("*"), r["about"].endswith("*"), r["compare"], ours, theirs))
    return found


@dataclass
class Justified:
    """A difference that is right, with its reason."""

    line: int
    protocol: str
    field: str
    side: str
    capture: str
    value: re.Pattern
    why: str
    matched: int = field(default=0)

    def covers(self, difference):
        return (fnmatchcase(difference.protocol, self.protocol) and fnmatchcase(difference.field, self.field)
                and fnmatchcase(difference.side, self.side) and fnmatchcase(difference.capture, self.capture)
                and self.value.search(difference.value) is not None)


def justified():
    columns = ["protocol", "field", "side", "capture", "value", "why"]
    return [Justified(line, r["protocol"], r["field"], r["side"], r["capture"], re.compile(r["value"]), r["why"])
            for line, r in rows("justified.tsv", columns)]
