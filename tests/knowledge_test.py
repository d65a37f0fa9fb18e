#!/usr/bin/env python3
"""Checks every table of knowledge/ (rules/ apart): columns, unique keys, dates, patterns, references between tables.

knowledge/README.md describes the tables. Each check is one test; the last line counts them.
"""
import datetime
import importlib.machinery
import importlib.util
import itertools
import re
import sys
import tomllib
from pathlib import Path

KNOWLEDGE = Path(__file__).resolve().parent.parent / "knowledge"
COLUMNS = {
    "device_types": "id title category life_supporting bedside handles_phi department patient_safety confidentiality availability source",
    "oui": "prefix organisation",
    "vendors": "vendor category module_maker names source",
    "models": "model vendor type needs_vendor names os source",
    "os_lifecycle": "product family version build end_of_support extended_end note source",
    "windows_builds": "version build products source",
    "dicom_implementations": "uid version_name vendor model type confidence kind source",
    "dicom_storage": "sop_class title type source",
    "behaviours": "id when set confidence source",
    "default_credentials": "protocol account secret product source",
    "vendor_aliases": "alias vendor product brand source",
    "product_aliases": "alias name vendor source",
    "recog_kinds": "kind on role text as lines",
    "recog_terms": "what recog ours source",
}
KEYS = {"device_types": "id", "oui": "prefix", "vendors": "vendor", "models": "model vendor", "os_lifecycle": "product", "windows_builds": "version build",
        "dicom_implementations": "uid version_name", "dicom_storage": "sop_class", "behaviours": "id", "default_credentials": "protocol account secret product",
        "vendor_aliases": "alias product", "product_aliases": "alias vendor", "recog_kinds": "kind on", "recog_terms": "what recog"}
CATEGORIES = {"medical", "iot", "ot", "it", "network", "mobile"}
UID = re.compile(r"[0-2](\.(0|[1-9]\d*))+\.?")
# The columns that may not be empty, beside the key and the source.
FILLED = {"device_types": "title category patient_safety confidentiality availability", "oui": "organisation", "vendors": "names",
          "models": "vendor type needs_vendor names",
          "os_lifecycle": "family", "windows_builds": "products", "dicom_implementations": "confidence kind", "dicom_storage": "title",
          "behaviours": "when set confidence", "default_credentials": "product", "vendor_aliases": "vendor", "product_aliases": "name", "recog_terms": "ours", "recog_kinds": "on", "recog_terms": "ours"}
MACHINE_PATH = re.compile(r"/(work|tmp|root|home)/")
passed, failures = 0, []


def check(condition, message):
    """Counts one test; a message of a failure names the row."""
    global passed
    if condition:
        passed += 1
    else:
        failures.append(message)


def holds(table, rows, name, bad):
    """One test over all rows: `bad` answers what is wrong with a row, or nothing."""
    wrong = [f"{table}.tsv line {row['#']}: {why}" for row in rows if (why := bad(row))]
    check(not wrong, f"{table}: {name}\n  " + "\n  ".join(wrong[:8]))


def read(table):
    """The rows of a table as dictionaries; '#' is the line's number."""
    text = (KNOWLEDGE / f"{table}.tsv").read_bytes().decode("utf-8")
    check(text.endswith("\n") and "\r" not in text, f"{table}: lines end with one line feed, the last too")
    check(not MACHINE_PATH.search(text), f"{table}: names a path of one machine")
    lines = [(n, line) for n, line in enumerate(text.split("\n")[:-1], 1) if not line.startswith("#")]
    columns = lines[0][1].split("\t")
    check(columns == COLUMNS[table].split(), f"{table}: columns are {columns}")
    wrong = [n for n, line in lines[1:] if line.count("\t") != len(columns) - 1]
    check(not wrong, f"{table}: a wrong number of cells on lines {wrong[:8]}")
    check(len(lines) > 1, f"{table}: no rows")
    return [dict(zip(columns, line.split("\t")), **{"#": n}) for n, line in lines[1:] if line.count("\t") == len(columns) - 1]


def check_cells(table, rows):
    """What holds for every table: keys once, no stray spaces, filled cells."""
    seen = {}
    keys = KEYS[table].split()
    holds(table, rows, "a key is there once",
          lambda r: (k := tuple(r[c].lower() for c in keys)) in seen and f"{k} again" or seen.update({k: 1}))
    holds(table, rows, "no spaces around a cell", lambda r: [c for c, v in r.items() if c != "#" and v != v.strip()])
    filled = FILLED[table].split() + (["source"] if "source" in rows[0] else [])
    holds(table, rows, "no empty cell", lambda r: [c for c in filled if not r[c]])
    holds(table, rows, "the first cell of the key is there", lambda r: not r[keys[0]] and "no key")


def pattern_fault(text):
    """What is wrong with a pattern: it must mean the same to RE2, so no look-around and no back reference."""
    if re.search(r"\(\?[=!<]|\\[1-9]", text):
        return "look-around or back reference"
    try:
        found = re.compile(text, re.I)
    except re.error as error:
        return str(error)
    return "matches the empty text" if found.search("") else None


def date_fault(text):
    """What is wrong with a date (an empty one is good)."""
    if not text:
        return None
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return f"not a date: {text}"
    try:
        return None if 1990 < datetime.date.fromisoformat(text).year < 2050 else f"year of {text}"
    except ValueError as error:
        return str(error)


def check_device_types(rows):
    name = "device_types"
    holds(name, rows, "an id is lower-case words with hyphens", lambda r: not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", r["id"]) and r["id"])
    holds(name, rows, "category", lambda r: r["category"] not in CATEGORIES and r["category"])
    for column in ("life_supporting", "bedside", "handles_phi"):
        holds(name, rows, column, lambda r: r[column] not in ("y", "n", "") and r[column])
    for column in ("patient_safety", "confidentiality", "availability"):
        holds(name, rows, column, lambda r: not (r[column].isdigit() and int(r[column]) <= 10) and r[column])
    holds(name, rows, "what supports life matters most",
          lambda r: r["life_supporting"] == "y" and int(r["patient_safety"]) < 9 and r["id"])


def check_vendors(rows, oui):
    holds("vendors", rows, "category", lambda r: r["category"] not in CATEGORIES | {""} and r["category"])
    holds("vendors", rows, "module_maker", lambda r: r["module_maker"] not in ("y", "") and r["module_maker"])
    holds("vendors", rows, "names is a pattern", lambda r: pattern_fault(r["names"]))
    compiled = [(r["vendor"], re.compile(r["names"], re.I)) for r in rows if not pattern_fault(r["names"])]

    def vendor(text):
        return next((v for v, names in compiled if names.search(text)), None)

    organisations = {r["prefix"]: r["organisation"] for r in oui}
    for prefix, expected in {"00095C": "Philips", "001788": "Signify", "004097": "GE Healthcare", "00204A": "Lantronix",
                             "005056": "VMware", "00409D": "Digi International", "00408C": "Axis", "001865": "Siemens Healthineers",
                             "0080F4": "Schneider Electric", "B827EB": "Raspberry Pi"}.items():
        found = vendor(organisations.get(prefix, ""))
        check(found == expected, f"vendors: {prefix} ({organisations.get(prefix)}) is {found}, not {expected}")
    for text, expected in {"GE MEDICAL SYSTEMS": "GE Healthcare", "SIEMENS": "Siemens", "TOSHIBA_MEC": "Canon Medical",
                           "Philips Medical Systems": "Philips", "Hewlett Packard Enterprise": "Hewlett Packard Enterprise",
                           "Hewlett-Packard": "HP", "Dell'Orto": None, "Rockwell Collins": None, "Motorola Mobility LLC, a Lenovo Company":
                           "Motorola Mobility", "Omron Healthcare": "Omron Healthcare", "OMRON Corporation": "Omron",
                           "Carl Zeiss Meditec": "Zeiss", "Axis-Shield PoC AS": None, "General Electric Company": "GE"}.items():
        check(vendor(text) == expected, f"vendors: {text!r} is {vendor(text)}, not {expected}")
    # A maker's name is no kind of device: who makes cameras, copiers and scanners has no category, and a name that only resembles one's is another's.
    categories = {r["vendor"]: r["category"] for r in rows}
    for text, expected in {
            "FUJIFILM Business Innovation Corp.": "it", "FUJIFILM Corporation": "", "FUJI PHOTO FILM CO., LTD.": "", "AGFA NDT INC.": "", "AGFA CORPORATION": "",
            "OLYMPUS IMAGE SYSTEMS, INC.": "", "OLYMPUS CORPORATION": "", "Olympus NDT Canada Inc.": "", "SECTRA SECURE-TRANSMISSION AB": "", "Sectra Imtec": "medical",
            "Shenzhen Mindray Animal Medical Technology Co.,LTD": "", "Mindray Co., Ltd.": "medical", "GENERAL ELECTRIC CORPORATION": "", "GE Healthcare": "medical",
            "HOYA Corporation": "", "Pentax Medical": "medical", "PHILIPS ELECTRONICS UK LTD": "", "N.V. PHILIPS INDUSTRIAL ACTIVITIES": "", "PHILIPS BROADBAND NETWORKS": "",
            "PHILIPS ANALYTICAL X-RAY B.V.": "", "Philips Personal Health Solutions": "iot", "Philips Lighting BV": "iot", "Canon Imaging Systems Inc.": "",
            "Cheetah Hi-Tech, Inc.": "", "NICOLET INSTRUMENTS CORP.": "", "Nicolet Neuro": "medical", "VARIAN": "", "A&D Co., Ltd.": "", "CARL ZEISS": "",
            "SHIMADZU CORPORATION": "", "Thermo Fisher Scientific": "", "Leica Microsystems": "", "B. Rexroth the identity company GmbH": "", "Quantum Data Inc.": "",
            "CRAY COMMUNICATIONS A/S": "", "Dräger": "medical", "Drägerwerk AG & Co. KG aA": "medical"}.items():
        found = categories.get(vendor(text), "")
        check(found == expected, f"vendors: {text!r} ({vendor(text)}) makes {found or 'much'}, not {expected or 'much'}")


def check_models(rows, types, vendors, systems):
    """Each name is found by its own pattern first, unless a row of another maker, which has to be told, stands before."""
    holds("models", rows, "type", lambda r: r["type"] not in types and r["type"])
    holds("models", rows, "vendor", lambda r: r["vendor"] not in vendors and r["vendor"])
    holds("models", rows, "os is a family", lambda r: r["os"] and r["os"] not in systems and r["os"])
    holds("models", rows, "needs_vendor", lambda r: r["needs_vendor"] not in ("y", "n") and r["needs_vendor"])
    holds("models", rows, "names is a pattern", lambda r: pattern_fault(r["names"]))
    holds("models", rows, "a model is found by its name", lambda r: not re.search(r["names"], r["model"], re.I) and r["model"])
    alone = [(r, re.compile(r["names"], re.I)) for r in rows if r["needs_vendor"] == "n"]

    def taken(row):
        other = next((o for o, names in alone if names.search(row["model"])), row)
        return other["#"] < row["#"] and (other["vendor"] != row["vendor"] or other["type"] != row["type"]) and f"{row['model']} is taken for {other['vendor']} {other['model']}"

    holds("models", [r for r in rows if r["needs_vendor"] == "n"], "no model is taken for another maker's or kind", taken)
    medical = {r["vendor"] for r in rows if types[r["type"]] == "medical"}
    check(len(rows) >= 300 and len(medical) >= 80, f"models: {len(rows)} models, {len(medical)} makers of medical devices")


def check_systems(rows, builds):
    for column in ("end_of_support", "extended_end"):
        holds("os_lifecycle", rows, column, lambda r: date_fault(r[column]))
    holds("os_lifecycle", rows, "the extended end comes after the end",
          lambda r: r["extended_end"] and not r["end_of_support"] < r["extended_end"] and r["product"])
    holds("os_lifecycle", rows, "an extended end is explained", lambda r: r["extended_end"] and not r["note"] and r["product"])
    products = {r["product"]: r for r in rows}
    holds("windows_builds", builds, "a product is in os_lifecycle",
          lambda r: [p for p in r["products"].split("; ") if p not in products])
    holds("windows_builds", builds, "a version and a build are numbers",
          lambda r: not (re.fullmatch(r"\d+\.\d+", r["version"]) and r["build"].isdigit()) and r["build"])
    by_build = {(r["version"], r["build"]): r["products"].split("; ") for r in builds}
    holds("windows_builds", builds, "a product's version is os_lifecycle's",
          lambda r: [p for p in r["products"].split("; ") if p in products and products[p]["version"] != r["version"]])
    for product, end in {"Windows 7": "2020-01-14", "Windows XP": "2014-04-08", "Windows Server 2008 R2": "2020-01-14",
                         "Windows 10 22H2": "2025-10-14", "Debian 10": "2022-09-10", "Ubuntu 18.04": "2023-05-31"}.items():
        found = products.get(product, {}).get("end_of_support")
        check(found == end, f"os_lifecycle: {product} ends {found}, not {end}")
    check(by_build.get(("6.1", "7601")) == ["Windows 7", "Windows Server 2008 R2"], "windows_builds: 6.1 7601")


def check_oui(rows):
    holds("oui", rows, "a prefix is 6, 7 or 9 upper-case hex digits", lambda r: not re.fullmatch(r"([0-9A-F]{6,7}|[0-9A-F]{9})", r["prefix"]) and r["prefix"])
    prefixes = [r["prefix"] for r in rows]
    check(prefixes == sorted(prefixes), "oui: sorted by prefix")
    check(len(rows) > 40000, f"oui: only {len(rows)} rows")


def check_dicom(implementations, storage, types, vendors):
    for name, rows, column in (("dicom_implementations", implementations, "uid"), ("dicom_storage", storage, "sop_class")):
        holds(name, rows, "a UID of at most 64 characters", lambda r: not (UID.fullmatch(r[column]) and len(r[column]) <= 64) and r[column])
        holds(name, rows, "the type is one of device_types", lambda r: r["type"] and r["type"] not in types and r["type"])
    holds("dicom_storage", storage, "a class is no prefix", lambda r: r["sop_class"].endswith(".") and r["sop_class"])
    holds("dicom_implementations", implementations, "version_name is a pattern", lambda r: r["version_name"] and pattern_fault(r["version_name"]))
    holds("dicom_implementations", implementations, "kind", lambda r: r["kind"] not in ("vendor", "toolkit") and r["kind"])
    holds("dicom_implementations", implementations, "confidence is above 0, at most 1",
          lambda r: not (re.fullmatch(r"[01](\.\d+)?", r["confidence"]) and 0 < float(r["confidence"]) <= 1) and r["confidence"])
    holds("dicom_implementations", implementations, "a toolkit tells nothing of the device",
          lambda r: r["kind"] == "toolkit" and (r["model"] or r["type"] or float(r["confidence"]) > 0.2) and r["uid"])
    holds("dicom_implementations", implementations, "a vendor is one of vendors",
          lambda r: r["kind"] == "vendor" and r["vendor"] not in vendors and r["vendor"])
    by_class = {r["sop_class"]: r["type"] for r in storage}
    for uid, expected in {"1.2.840.10008.5.1.4.1.1.2": "ct-scanner", "1.2.840.10008.5.1.4.1.1.4": "mr-scanner",
                          "1.2.840.10008.5.1.4.1.1.7": "", "1.2.840.10008.5.1.4.1.1.104.1": ""}.items():
        check(by_class.get(uid) == expected, f"dicom_storage: {uid} is {by_class.get(uid)!r}, not {expected!r}")


def check_credentials(rows):
    name = "default_credentials"
    holds(name, rows, "a protocol is one lower-case word or *", lambda r: not re.fullmatch(r"\*|[a-z0-9-]+", r["protocol"]) and r["protocol"])
    holds(name, rows, "a community has no account", lambda r: r["protocol"] == "snmp" and r["account"] and r["account"])
    holds(name, rows, "an account or a secret", lambda r: not r["account"] and not r["secret"] and "neither")


def check_aliases(makers, products):
    """A name that stands for another does not stand for itself, and not in a circle."""
    holds("vendor_aliases", makers, "an alias is another name", lambda r: r["alias"].lower() == r["vendor"].lower() and r["alias"])
    holds("vendor_aliases", makers, "brand", lambda r: r["brand"] not in ("y", "") and r["brand"])
    stands_for = {r["alias"].lower(): r["vendor"].lower() for r in makers if not r["product"]}
    holds("vendor_aliases", makers, "no circle", lambda r: stands_for.get(stands_for.get(r["vendor"].lower())) == r["vendor"].lower() and r["alias"])
    holds("product_aliases", products, "lower case", lambda r: (r["alias"] + r["name"]).lower() != r["alias"] + r["name"] and r["alias"])
    holds("product_aliases", products, "an alias is another name", lambda r: r["alias"] == r["name"] and r["alias"])


def check_recog(terms, tables):
    """recog's words are put into words that the tables know."""
    known = {"vendor": {r["vendor"] for r in tables["vendors"]}, "type": {r["id"] for r in tables["device_types"]},
             "family": {r["family"] for r in tables["os_lifecycle"]}}
    products = [r["product"] for r in tables["os_lifecycle"]]
    holds("recog_terms", terms, "ours is spelled as in its table", lambda r: r["what"] in known and r["ours"] not in known[r["what"]] and r["ours"])
    holds("recog_terms", terms, "a system has a release or itself in os_lifecycle",
          lambda r: r["what"] == "system" and not any(p == r["ours"] or p.startswith(r["ours"] + " ") for p in products) and r["ours"])


def check_version():
    version = tomllib.loads((KNOWLEDGE / "version.toml").read_text())
    check(re.fullmatch(r"\d{4}\.\d\d", version.get("version", "")), "version.toml: version")
    check(not date_fault(version.get("date", "")) and version.get("date"), "version.toml: date")


def check_behaviours(rows, types, fingerprints):
    """What a device does supports a kind, never states one: the program refuses what is surer."""
    protocols = {path.name for path in (KNOWLEDGE.parent / "src/dissect").iterdir() if path.is_dir()} | {"unknown-tcp", "unknown-udp"}
    terms = [(r, term.split()) for r in rows for term in r["when"].split("; ")]
    check(rows and terms, "behaviours: there are rows")
    for row, term in terms:
        check(len(term) == 3 or term[1] in protocols, f"behaviours: {row['id']}: no dissector is called {term[1]}")
    holds("behaviours", rows, "confidence", lambda r: not 0 < float(r["confidence"]) <= 0.35 and r["confidence"])
    holds("behaviours", rows, "an id is no fingerprint's", lambda r: r["id"] in fingerprints and r["id"])
    holds("behaviours", rows, "tells a kind or a category", lambda r: not re.fullmatch(r"(type=[a-z0-9-]+|category=[a-z]+)(; category=[a-z]+)?", r["set"]) and r["set"])


def check_coverage():
    """docs/coverage.md is what scripts/coverage writes from the tables as they are."""
    script = KNOWLEDGE.parent / "scripts/coverage"
    loader = importlib.machinery.SourceFileLoader("coverage_script", str(script))
    coverage = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    sys.dont_write_bytecode = True
    loader.exec_module(coverage)
    there, wanted = (KNOWLEDGE.parent / "docs/coverage.md").read_text().splitlines(), coverage.text().splitlines()
    differs = next((n for n, (a, b) in enumerate(itertools.zip_longest(there, wanted), 1) if a != b), 0)
    check(not differs, f"docs/coverage.md line {differs} is not what the tables say; run scripts/coverage")


def main():
    tables = {}
    for table in COLUMNS:
        tables[table] = read(table)
        check_cells(table, tables[table])
    types = {r["id"]: r["category"] for r in tables["device_types"]}
    check_device_types(tables["device_types"])
    check_vendors(tables["vendors"], tables["oui"])
    check_models(tables["models"], types, {r["vendor"] for r in tables["vendors"]}, {r["family"] for r in tables["os_lifecycle"]})
    check_systems(tables["os_lifecycle"], tables["windows_builds"])
    check_oui(tables["oui"])
    check_dicom(tables["dicom_implementations"], tables["dicom_storage"], types, {r["vendor"] for r in tables["vendors"]})
    check_credentials(tables["default_credentials"])
    check_aliases(tables["vendor_aliases"], tables["product_aliases"])
    check_recog(tables["recog_terms"], tables)
    check_behaviours(tables["behaviours"], types, {line.split("\t")[0] for path in (KNOWLEDGE / "rules").glob("*.tsv") for line in path.read_text("utf-8").splitlines()})
    check_version()
    check_coverage()
    check((KNOWLEDGE / "README.md").is_file(), "README.md is missing")
    for failure in failures:
        print(failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


sys.exit(main())
