#!/usr/bin/env python3
"""bedrail knowledge: an import applies as a whole or not at all, list and check say what there is, why shows where a rule fires."""
import shutil
import sys
import tempfile
from pathlib import Path

from program import ROOT, SHARED, WARD, begin, explained, no_trace, run

BOX = ('<fingerprints matches="http_header.server" protocol="http">\n<fingerprint pattern="^(?i)nginx/(\\d+)">\n<description>A box</description>\n'
       '<example hw.version="1">nginx/1.2</example>\n<param pos="0" name="hw.vendor" value="Boxes Inc"/>\n<param pos="1" name="hw.version"/>\n</fingerprint>\n'
       '<fingerprint pattern="^other$">\n<description>Other</description>\n<param pos="0" name="hw.product" value="O"/>\n</fingerprint>\n%s</fingerprints>\n')


def said(tally, done, status, *words):
    no_trace(tally, done)
    tally.same(done.status, status, f"{done}: exit")
    text = done.out.decode()
    for word in words:
        tally.check(word in text, f"{done}: {word!r} is not in {text[-600:]!r}")
    return text


def check_import(tally, folder):
    feed, site = folder / "feed", folder / "site"
    feed.mkdir()
    (feed / "a.xml").write_text(BOX % "")
    done = run("knowledge", "import", "recog", feed, "--into", site, "--preview")
    said(tally, done, 0, "2 fingerprints taken, 0 not", "examples: 1 of 1", "new 2, changed 0, withdrawn 0, the same 0", "nothing was written")
    tally.check(not site.exists(), "a preview writes nothing")
    said(tally, run("knowledge", "import", "recog", feed, "--into", site), 0, "new 2", f"written to {site}/recog.tsv")
    table = site / "recog.tsv"
    first = table.read_bytes()
    (feed / "a.xml").write_text((BOX % "").replace("Boxes Inc", "Crates Inc").replace("^other$", "^others$"))
    said(tally, run("knowledge", "import", "recog", feed, "--into", site, "--preview"), 0, "new 1, changed 1, withdrawn 1, the same 0")
    tally.same(table.read_bytes(), first, "a preview changes nothing")
    for name, text, where in (("truncated", (BOX % "")[:300], "/b.xml:"), ("nested", "<a>" * 100000, "/b.xml:1:"),
                              ("entities", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><fingerprints>&b;</fingerprints>', "/b.xml:1:"),
                              ("a wrong number", BOX % '<fingerprint pattern="a"><param pos="one" name="a"/></fingerprint>', "/b.xml:12:"),
                              ("a group too many", BOX % '<fingerprint pattern="a"><param pos="1" name="a"/></fingerprint>', "/b.xml:12:")):
        (feed / "b.xml").write_text(text)
        explained(tally, run("knowledge", "import", "recog", feed, "--into", site), 1, where, "nothing was changed")
        tally.same(table.read_bytes(), first, f"{name} changes nothing")
    (feed / "b.xml").write_text(BOX % '<fingerprint pattern="a(?=b)"><description>x</description></fingerprint>\n')
    done = run("knowledge", "import", "recog", feed, "--into", site)
    said(tally, done, 3, "4 fingerprints taken, 1 not")
    tally.check("b.xml:12: the pattern is not taken (lookahead): a(?=b)" in done.err, f"{done}: the pattern is named")
    tally.same(sorted(p.name for p in site.iterdir()), ["recog.tsv"], "nothing is left behind")
    explained(tally, run("knowledge", "import", "recog", folder / "none", "--into", site), 1, "none")
    explained(tally, run("knowledge", "import", "recog", folder, "--into", site), 1, "no XML file")
    explained(tally, run("knowledge", "import", "recog"), 2, "DIR")
    return site


def check_use(tally, folder, site):
    text = said(tally, run("knowledge", "list", "--site", site), 0, "device_types.tsv", "rules/ssh.tsv", "http_header.server: clue http.server")
    tally.check(str(site) in text, "the site's folder is named")
    said(tally, run("knowledge", "list", "QNAP"), 0, "ftp-qnap\tclue ftp.banner")
    said(tally, run("knowledge", "check", "--site", site), 0, "no fault")
    fingerprint = next(line.split("\t")[0] for line in (site / "recog.tsv").read_text().splitlines() if "nginx" in line)
    said(tally, run("knowledge", "why", fingerprint, WARD, "--site", site), 0, '10.20.30.13/0c:c4:7a:88:03:13 clue http.server "nginx/1.22.1" says', 'hw.version="1"', "it fired")
    said(tally, run("knowledge", "why", "ftp-qnap", WARD), 0, "ftp-qnap reads clue ftp.banner: it ")
    explained(tally, run("knowledge", "why", "no-such-rule", WARD), 1, "no-such-rule", "list --rules")
    broken = folder / "knowledge"
    shutil.copytree(ROOT / "knowledge", broken)
    with open(broken / "rules/ssh.tsv", "a") as rules:
        rules.write("x-bad\tclue ssh.banner\t\t(\tmodel=m\t0.5\ts\nx-type\tclue ssh.banner\t\tx\ttype=ufo\t0.5\ts\n")
    with open(broken / "vendors.tsv", "a") as vendors:
        vendors.write("Bad\tpets\t\tx\ts\n")
    lines = len((broken / "rules/ssh.tsv").read_text().splitlines())
    done = run("knowledge", "check", "--knowledge", broken)
    said(tally, done, 1, "3 faults")
    for word in (f"ssh.tsv:{lines - 1}: ", f'ssh.tsv:{lines}: there is no kind of device "ufo"', 'there is no category "pets"'):
        tally.check(word in done.err, f"{done}: {word!r} is told")
    (site / "recog.tsv").write_text("id\tkind\tpattern\tcertainty\tparams\tsource\nx\thttp_header.server\t(\t1\ta=b\ts\n")
    explained(tally, run("assess", WARD, "--site", site), 1, "recog.tsv:2: ")
    done = run("knowledge", "check", "--site", site)
    said(tally, done, 1, "1 fault")


def main():
    tally = begin()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        check_use(tally, folder, check_import(tally, folder))
        feed = SHARED / "feeds/recog"
        if feed.is_dir():
            text = said(tally, run("knowledge", "import", "recog", feed, "--into", folder / "whole"), 0, "0 not")
            print(text.splitlines()[2])
        else:
            print(f"skipped: there are no fingerprints in {feed}")
    return tally.end()


sys.exit(main())
