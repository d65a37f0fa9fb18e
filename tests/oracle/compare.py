"""Holds what Bedrail says of a capture against what tshark says of it."""
from collections import Counter, defaultdict
from dataclasses import dataclass

from oracle.changes import changed
from oracle.speakers import decoders, frames, observe

# What tshark calls bytes that it knows nothing about.
UNKNOWN = {"data", "data-text-lines", "tcp.segments", "media"}


@dataclass(frozen=True)
class Difference:
    """`side`: ours (only we say it), theirs (only tshark does), frame (both, of different frames), who (of different addresses)."""

    protocol: str
    field: str
    side: str
    capture: str
    frame: int
    value: str

    def __str__(self):
        said = {"ours": "only Bedrail says", "theirs": "only tshark says", "frame": "tshark does not say in this frame",
                "who": "said of an address that is not the frame's"}[self.side]
        return f"{self.capture}, frame {self.frame}: {self.protocol} {self.field}: {said} {self.value!r}"


class Comparison:
    """One capture: `differences`, and `made`: how many comparisons of which field."""

    def __init__(self, name, capture, protocols, fields):
        self.name, self.protocols, self.fields = name, protocols, fields
        self.differences, self.made = [], Counter()
        self.said, self.connections = observe(capture)
        names = {name for f in fields for name in f.tshark_fields()}
        self.frames = frames(capture, names)
        self.decoded_as = self.hints()
        if self.decoded_as:
            self.frames = frames(capture, names, self.decoded_as)
        self.frames_with, self.said_with = defaultdict(list), defaultdict(list)
        for frame in self.frames:
            for name in {*frame.values, *frame.protocols}:
                self.frames_with[name].append(frame)
        for said in self.said:
            self.said_with[said.text.split(" ")[0]].append(said)
        self.compare_recognition()
        for f in fields:
            self.compare_field(f)

    def differ(self, protocol, field, side, frame, value):
        self.differences.append(Difference(protocol, field, side, self.name, frame, value))

    def recognised(self):
        """For each conversation: tshark's protocols, with the first frame of each."""
        found = defaultdict(dict)
        for frame in self.frames:
            key = frame.conversation()
            if key is not None:
                for protocol in frame.carried():
                    found[key].setdefault(protocol, frame.number)
        return found

    def hints(self):
        """What tshark has to be told (-d): it goes by ports where we go by content."""
        found, rules = self.recognised(), set()
        for _, transport, ends, name in self.connections:
            theirs = set(found.get((transport, frozenset(ends)), ()))
            for protocol in self.protocols:
                unseen = name in protocol.connections and not theirs & set(protocol.theirs)
                if unseen and (protocol.always or not theirs - UNKNOWN) and protocol.decode_as in decoders(transport):
                    rules.add(f"{transport}.port=={ends[1][1]},{protocol.decode_as}")
        return rules

    def compare_recognition(self):
        found, ours, first = self.recognised(), defaultdict(set), {}
        for number, transport, ends, name in self.connections:
            key = transport, frozenset(ends)
            ours[key].add(name)
            first.setdefault(key, (number, ends[1][1]))
        for key in sorted(set(found) | set(ours), key=str):
            if key[0] not in ("tcp", "udp"):
                continue
            number, port = first.get(key, (min(found[key].values(), default=0), "?"))
            mine, theirs = ours.get(key, set()) - {""}, found.get(key, {})
            text = f"{key[0]}/{port}: ours {','.join(sorted(mine)) or '-'}, tshark {','.join(sorted(set(theirs) - UNKNOWN)) or '-'}"
            for protocol in self.protocols:
                self.compare_conversation(protocol, mine, theirs, number, text)

    def compare_conversation(self, protocol, mine, theirs, number, text):
        if not protocol.theirs or not protocol.connections:
            return
        we, they = bool(mine & set(protocol.connections)), [n for n in protocol.theirs if n in theirs]
        if we or they:
            self.made[protocol.name, "recognised"] += 1
        if we and not they:
            self.differ(protocol.name, "recognised", "ours", number, text)
        elif they and not we and not mine & set(protocol.inside) and not ("*" in protocol.inside and mine):
            self.differ(protocol.name, "recognised", "theirs", theirs[they[0]], text)

    def compare_field(self, field):
        ours = [(said, value) for said in self.said_with.get(field.ours.pattern.split(" ")[0], ()) for found in [field.ours.match(said.text)] if found
                for value in changed([" ".join(g for g in found.groups() if g is not None)], field.change_ours)]
        candidates = {frame.number: frame for name in field.looked_for() for frame in self.frames_with.get(name, ())}
        theirs = {number: set(changed(field.theirs.values(frame), field.change_theirs)) for number, frame in candidates.items()
                  if field.when.holds(frame)}
        if field.compare != "theirs":
            self.compare_ours(field, ours, theirs, candidates)
        if field.compare != "ours":
            self.compare_theirs(field, ours, theirs, candidates)

    def compare_ours(self, field, ours, theirs, by_number):
        frames_of = defaultdict(set)
        for number, values in theirs.items():
            for value in values:
                frames_of[value].add(number)
        missing = {}
        for said, value in ours:
            self.made[field.protocol, field.name] += 1
            where = frames_of.get(value, set())
            if not field.anywhere:
                where = where & {said.frame}
            if not where:
                missing.setdefault(("frame" if value in frames_of else "ours", value), said.frame)
            elif field.about != "-" and not any(said.addresses & by_number[n].addresses(field.about) for n in where):
                missing.setdefault(("who", value), said.frame)
        for (side, value), number in sorted(missing.items(), key=lambda item: (item[1], item[0])):
            self.differ(field.protocol, field.name, side, number, value)

    def compare_theirs(self, field, ours, theirs, by_number):
        told = {(address, value) for said, value in ours for address in (said.addresses if field.about != "-" else [""])}
        missing = {}
        for number, values in theirs.items():
            addresses = by_number[number].addresses(field.about) if field.about != "-" else {""}
            for value in values:
                self.made[field.protocol, field.name] += 1
                if not any((address, value) in told for address in addresses):
                    missing.setdefault((frozenset(addresses), value), number)
        for (_, value), number in sorted(missing.items(), key=lambda item: (item[1], item[0][1])):
            self.differ(field.protocol, field.name, "theirs", number, value)
