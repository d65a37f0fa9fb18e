#!/usr/bin/env python3
"""Holds the documents to what is there: links, the man page, the completions, the installation.

    documents_test.py        with $BEDRAIL, or build/release/bedrail

Without the program, what needs it is skipped and said so.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = Path(os.environ.get("BEDRAIL", ROOT / "build/release/bedrail"))
COMPLETION = ROOT / "docs/completion"
LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+(?:\([^()]*\))?)\)")
OPTION = re.compile(r"(?<![\w-])--?[a-zA-Z][\w-]*")
PASSED = FAILED = 0


def check(ok, what):
    global PASSED, FAILED
    PASSED += bool(ok)
    FAILED += not ok
    if not ok:
        print(f"FAILED: {what}")


def run(*command, **options):
    return subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300, **options)


# ---- links

def anchors(text):
    """The anchors of a page's headings, as the common renderers make them."""
    for heading in re.findall(r"^#+\s+(.*)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        yield re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def broken_links(path, text):
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    prose = re.sub(r"(?<!\[)`[^`\n]*`(?!\])", "", prose)
    for target in LINK.findall(prose):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        to = (path.parent / name) if name else path
        if name and not to.exists():
            yield target
        elif anchor and to.suffix == ".md" and anchor not in anchors(to.read_text() if name else text):
            yield target


def check_links():
    listed = run("git", "ls-files", "-co", "--exclude-standard", "--", "*.md", cwd=ROOT)
    pages = [ROOT / line for line in listed.stdout.decode().splitlines() if (ROOT / line).is_file()]
    if listed.returncode != 0:  # an unpacked archive
        pages = [p for p in ROOT.rglob("*.md") if "build" not in p.parts and "node_modules" not in p.parts]
    check(len(pages) > 20, f"{len(pages)} pages were found")
    for page in pages:
        broken = list(broken_links(page, page.read_text()))
        check(not broken, f"{page.relative_to(ROOT)} points to {', '.join(broken)}")
    planted = "[a](no_such_file.md) [b](README.md) [c](#nowhere) [d](#here-it-is) `as [e](code.md)` [`f`](lost.md)\n## Here it is\n"
    check(list(broken_links(ROOT / "x.md", planted)) == ["no_such_file.md", "#nowhere", "lost.md"], "the search for broken links finds those planted")


def check_commands_of_pages():
    """`make X` and files named in backticks on the front pages exist."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    for name in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md"):
        text = (ROOT / name).read_text()
        named = set(re.findall(r"(?:^|[`\s])make ([a-z]+)(?=[\s`]|$)", "\n".join(re.findall(r"`[^`]+`|^```.*?^```", text, re.M | re.S)), re.M))
        check(named <= targets, f"{name}: the Makefile has no {', '.join(sorted(named - targets))}")
        for path in re.findall(r"`((?:src|apps|tests|docs|scripts|cmake|knowledge|captures|packaging)/[\w./-]+)`", text):
            check((ROOT / path).exists(), f"{name} names {path}, which is not there")


def check_skeleton():
    """The dissector that CONTRIBUTING.md shows compiles without a warning."""
    if not shutil.which("g++"):
        print("the skeleton of a dissector is skipped: g++ is not installed")
        return
    text = (ROOT / "CONTRIBUTING.md").read_text()
    code = "\n".join(re.findall(r"^ *```cpp\n(.*?)^ *```", text, re.M | re.S))
    done = run("g++", "-std=c++20", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I", ROOT / "src", "-x", "c++", "-", input=code.encode())
    check(code and done.returncode == 0, f"the skeleton in CONTRIBUTING.md compiles: {done.stderr.decode()[:600]}")


def check_rooms_table():
    held = re.search(r"^ROOMS = \[(.*?)\]", (ROOT / "tests/rooms_test.py").read_text(), re.M | re.S)[1]
    table = re.findall(r"^\| \[?`src/(\w+)/`", (ROOT / "ARCHITECTURE.md").read_text(), re.M)
    check(table == re.findall(r'"(\w+)"', held), "ARCHITECTURE.md lists the rooms in the order that tests/rooms_test.py holds")


# ---- man page, help, completions

def check_man_page():
    page = ROOT / "docs/bedrail.1"
    if shutil.which("man"):
        env = dict(os.environ, LC_ALL="C.UTF-8", MANROFFSEQ="", MANWIDTH="80")
        done = run("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page, env=env)
    elif shutil.which("groff"):
        done = run("groff", "-man", "-ww", "-z", "-Tutf8", page)
    else:
        print("the man page's rendering is skipped: neither man nor groff is installed")
        return
    check(done.returncode == 0 and not done.stderr, f"the man page renders without warnings: {done.stderr.decode()[:400]}")


def help_of(*command):
    done = run(PROGRAM, *command, "--help")
    check(done.returncode == 0 and not done.stderr, f"bedrail {' '.join(command)} --help leaves with {done.returncode}")
    return done.stdout.decode()


def options_in(text):
    """The options that a help text lists: {"-o", "--output", ...}, not those that its prose mentions."""
    found = set()
    for line in re.findall(r"^  (-[^\s]+)", text, re.M):
        found |= set(OPTION.findall(line))
    return found


def sections(man):
    """{title of .SS: its text} of the man page, without roff's escapes."""
    plain = man.replace("\\-", "-")
    parts = re.split(r"^\.S[SH] (.*)$", plain, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def bash_completes(*words):
    """What bash offers for the last of these words."""
    script = f'source "{COMPLETION}/bedrail.bash"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _bedrail; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = run("bash", "-c", script, "bash", *words, cwd=ROOT)
    check(done.returncode == 0 and not done.stderr, f"bash completes {words}: {done.stderr.decode()[:200]}")
    return set(done.stdout.decode().split())


def fish_options(command, *before):
    found = set()
    text = (COMPLETION / "bedrail.fish").read_text()
    for line in text.replace("$feeds", re.search(r"^set -l feeds (.*)$", text, re.M)[1]).splitlines():
        condition = re.search(r'-n "__fish_seen_subcommand_from ([\w $-]+)(?:; and not __fish_seen_subcommand_from ([\w $-]+))?"', line)
        if condition and set((condition[2] or "").split()) & set(before):
            continue
        if line.startswith("complete") and (command in condition[1].split() if condition else "-n" not in line):
            found |= {f"--{o}" for o in re.findall(r" -l ([\w-]+)", line)} | {f"-{o}" for o in re.findall(r" -s (\w)", line)}
    return found


def zsh_options(command):
    text = (COMPLETION / "_bedrail").read_text()
    arm = re.search(rf"^    {command}\)\n(.*?)^      ;;", text, re.M | re.S)[1]
    if "$reading" in arm:
        arm += re.search(r"reading=\((.*?)^  \)", text, re.M | re.S)[1]
    return set(OPTION.findall(re.sub(r"\[[^\]]*\]", "", arm))) - {"-g"}


def check_options():
    front = help_of()
    commands = re.findall(r"^  ([a-z]+) ", front.partition("Subcommands:")[2], re.M)
    check(len(commands) >= 3, f"the help lists the subcommands: {commands}")
    man = sections((ROOT / "docs/bedrail.1").read_text())
    everywhere = set(OPTION.findall(man.get("Everywhere", "")))
    check(options_in(front) <= everywhere, f"the man page lacks {options_in(front) - everywhere}")
    check(set(commands) | options_in(front) == bash_completes("bedrail", ""), "bash completes the subcommands and general options")
    for command in commands:
        wanted = options_in(help_of(command))
        check("--help" in wanted, f"the help of {command} is understood: {wanted}")
        text = man.get(f"bedrail {command}", "")
        told = everywhere - {"--version"} | set(OPTION.findall(text))
        if "Options for reading captures" in text:
            told |= set(OPTION.findall(man.get("Options for reading captures", "")))
        check(wanted == told, f"{command}: the man page lacks {sorted(wanted - told)}, has {sorted(told - wanted)} besides")
        for shell, offered in (("bash", bash_completes("bedrail", command, "-")), ("fish", fish_options(command)), ("zsh", zsh_options(command))):
            check(wanted == offered, f"{command}: {shell} lacks {sorted(wanted - offered)}, has {sorted(offered - wanted)} besides")
    kinds = re.findall(r"^  ([a-z]+) ", help_of("knowledge", "import").partition("Subcommands:")[2], re.M)
    check("recog" in kinds and set(kinds) == bash_completes("bedrail", "knowledge", "import", ""), f"bash completes the kinds {kinds}")
    check(set(kinds) <= set(re.findall(r"[\w-]+", (COMPLETION / "_bedrail").read_text())), "zsh completes the kinds")
    feeds = re.search(r"^set -l feeds (.*)$", (COMPLETION / "bedrail.fish").read_text(), re.M)[1].split()
    check({"recog", *feeds} == set(kinds), "fish completes the kinds")
    for words in (*(("import", kind) for kind in kinds), ("list",), ("diff",), ("rollback",), ("check",), ("why",), ("correct",), ("corrections", "list"), ("corrections", "remove"), ("export-corrections",)):
        wanted = options_in(help_of("knowledge", *words))
        section = ("import", "KIND") if words[-1] in feeds else words
        text = man.get(f"bedrail knowledge {' '.join(section)}", "")
        told = everywhere - {"--version"} | set(OPTION.findall(text))
        if "Options for reading captures" in text:
            told |= set(OPTION.findall(man.get("Options for reading captures", "")))
        check(wanted == told, f"knowledge {words}: the man page lacks {sorted(wanted - told)}, has {sorted(told - wanted)} besides")
        for shell, offered in (("bash", bash_completes("bedrail", "knowledge", *words, "-")), ("fish", fish_options(words[-1], *words[:-1]))):
            check(wanted == offered, f"knowledge {words}: {shell} lacks {sorted(wanted - offered)}, has {sorted(offered - wanted)} besides")
    check_values(man, help_of("assess"))


def check_values(man, text):
    """Limits and formats: what may stand after an option."""
    limits = dict(re.findall(r"([a-z-]+)=(\d+)", re.search(r"--limit.*", text)[0]))
    told = dict(re.findall(r'^\.BR ([a-z-]+) " \((\d+)\)"', man.get("LIMITS", ""), re.M))
    check(limits and limits == told, f"the man page's limits are the program's: {limits} and {told}")
    formats = set(re.search(r"--format \S*\{([\w,]+)\}", text)[1].split(","))
    check(formats == bash_completes("bedrail", "assess", "--format", ""), "bash completes the formats")
    check({f"{name}=" for name in limits} == bash_completes("bedrail", "assess", "--limit", ""), "bash completes the limits")
    for name in ("_bedrail", "bedrail.fish"):
        words = set(re.findall(r"[\w-]+", (COMPLETION / name).read_text()))
        check(formats | set(limits) <= words, f"{name} lacks {sorted((formats | set(limits)) - words)}")


# ---- installation

def check_install():
    with tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ, DESTDIR=folder, PREFIX="/opt/bedrail")
        for _ in range(2):  # the second over the first
            done = run(ROOT / "scripts/install", PROGRAM, env=env)
            check(done.returncode == 0, f"scripts/install: {done.stderr.decode()[:300]}")
            check(b"differs" not in done.stdout, "installing twice puts nothing aside")
        there = Path(folder) / "opt/bedrail"
        for name in ("bin/bedrail", "share/man/man1/bedrail.1", "share/bedrail/knowledge/version.toml", "share/doc/bedrail/LICENSE",
                     "share/bash-completion/completions/bedrail", "share/zsh/site-functions/_bedrail", "share/fish/vendor_completions.d/bedrail.fish"):
            check((there / name).is_file(), f"{name} is installed")
        done = run(there / "bin/bedrail", "assess", "--format", "json", ROOT / "captures/ward/ward.pcapng", cwd=folder)
        edition = re.search(r'^version\s*=\s*"([^"]+)"', (ROOT / "knowledge/version.toml").read_text(), re.M)[1]
        read = json.loads(done.stdout)["tool"]["knowledge"] if done.returncode == 0 else {}
        check(read.get("version") == edition, f"the installed program finds its knowledge: exit {done.returncode}, {read}, {done.stderr.decode()[:300]}")
        (there / "share/bedrail/knowledge").mkdir(parents=True, exist_ok=True)
        (there / "share/bedrail/knowledge/version.toml").write_text("# corrected in place\n")
        run(ROOT / "scripts/install", PROGRAM, env=env)
        kept = there / "share/bedrail/knowledge.old/version.toml"
        check(kept.is_file() and "corrected" in kept.read_text(), "knowledge corrected in place is kept aside")
        shutil.rmtree(there / "share/bedrail")
        done = run(there / "bin/bedrail", "assess", ROOT / "captures/ward/ward.pcapng", cwd=folder)
        check(done.returncode == 1 and b"--knowledge" in done.stderr, f"without knowledge the program says so: exit {done.returncode}, {done.stderr.decode()[:300]}")


def main():
    check_links()
    check_commands_of_pages()
    check_rooms_table()
    check_skeleton()
    check_man_page()
    if PROGRAM.exists():
        check_options()
        check_install()
    else:
        print(f"help, completions and installation are skipped: {PROGRAM} is not built (make build)")
    print(f"{PASSED} passed, {FAILED} failed")
    return 1 if FAILED else 0


sys.exit(main())
