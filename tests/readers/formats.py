# SPDX-License-Identifier: EUPL-1.2
"""
formats.py SITE [URL CA] - every data file of a site against every other, cell by cell: JSON-stat in both languages, PX in both
character sets, CSV, SDMX-CSV, and, where ledger.csv is, the audited table of the period's latest release (of a year: of the latest
that carries it). With the address of a leader whose site this is, and its authority's certificate, also what the data interface
answers in each of its formats: of all tables, or of a quarter of them where there are many. Readers of this file's own; nothing but
Python's library. Lines "ok - ..." and "not ok - ..."; exit status 1 if any is not.

A figure is (symbol, status, reason): a number, ".." or "."; "shown", "rounded", "hidden" or "missing"; why it is hidden. Where a
form does not say the status or the reason, that is None and fits anything.
"""

import csv
import http.client
import io
import json
import re
import ssl
import sys
import urllib.parse
from pathlib import Path

from tell import exit_status, tell

site = Path(sys.argv[1])
MANY = 24


def status_of(symbol):
    """What a symbol alone says."""
    return {".": "missing", "..": "hidden"}.get(symbol)


def fits(a, b):
    return a[0] == b[0] and all(x is None or y is None or x == y for x, y in zip(a[1:], b[1:]))


def compare(name, want, got):
    problems = [f"{name}: {len(got)} figures, not {len(want)}"] if len(got) != len(want) else []
    problems += [f"{name}: {key}: {got.get(key)}, not {figure}" for key, figure in want.items() if key not in got or not fits(figure, got[key])]
    return problems


def keys(axes):
    return [(group, content, time) for group in axes[0] for content in axes[1] for time in axes[2]]


def read_jsonstat(text):
    data = json.loads(text)
    axes = []
    for name in ("group", "content", "time"):
        index = data["dimension"][name]["category"]["index"] if name in data["id"] else {"all": 0}
        axes.append(sorted(index, key=index.get))
    reasons = data["extension"]["skarva"].get("reasons", {})
    figures = {}
    for at, (key, value) in enumerate(zip(keys(axes), data["value"], strict=True)):
        mark = data.get("status", {}).get(str(at))
        symbol = mark if value is None else str(value)
        status = {None: "shown", "r": "rounded"}.get(mark) or status_of(mark)
        figures[key] = (symbol, status, reasons.get(str(at), ""))
    return figures


def read_px(data, charset):
    """Keywords, then the figures in the order of STUB and HEADING."""
    text = data.decode(charset)
    head, figures = text.split("DATA=", 1)
    keywords = {}
    for statement in re.findall(r'((?:[^";]|"[^"]*")+);\r\n', head):
        name, value = re.fullmatch(r'([A-Z-]+(?:\[[a-z]+\])?(?:\("[^"]*"\))?)=(.*)', statement, re.DOTALL).groups()
        assert name not in keywords, name
        keywords[name] = re.findall(r'"([^"]*)"', value) if '"' in value else value
    axes = [keywords[f'CODES("{variable}")'] for variable in ("grupp", "innehåll", "tid")]
    assert keywords["STUB"] + keywords["HEADING"] == ["grupp", "innehåll", "tid"]
    assert all(len(line.encode(charset)) <= 256 for line in text.split("\r\n"))
    symbols = figures.replace('"', "").rstrip().removesuffix(";").split()
    return {key: (symbol, status_of(symbol), None) for key, symbol in zip(keys(axes), symbols, strict=True)}


def rows(text):
    return csv.DictReader(io.StringIO(text, newline=""))


def read_csv(text):
    return {(r["group"], r["content"], r["time"]): (r["value"], r["status"], r["reason"]) for r in rows(text)}


def read_sdmx(text):
    figures = {}
    for r in rows(text):
        time = re.sub(r"^(\d{4})-([A-Z]\d)$", r"\1\2", r["TIME_PERIOD"])
        time = time[:4] + time[4:].replace("S", "H")
        key = (r["GROUP"].replace("$", "."), r["CONTENT"].replace("$", "."), time)
        status, comment = r["OBS_STATUS"], r["COMMENT_OBS"]
        if status == "A":
            figures[key] = (r["OBS_VALUE"], "rounded" if comment == "rounded" else "shown", "")
        else:
            assert r["OBS_VALUE"] == "" and (r["CONF_STATUS"] == "F") == (status == "O"), r
            figures[key] = (".", "missing", "") if status == "O" else ("..", "hidden", comment)
    return figures


def check_files(stem, table):
    """The table's figures as JSON-stat has them, after all other files were found to have the same."""
    want = read_jsonstat(Path(f"{stem}.json").read_text("utf-8"))
    english = site / "en" / "data" / f"{table}.json"
    problems = compare("in English", want, read_jsonstat(english.read_text("utf-8")))
    problems += compare("PX", want, read_px(Path(f"{stem}.px").read_bytes(), "utf-8"))
    problems += compare("PX, Windows-1252", want, read_px(Path(f"{stem}.ansi.px").read_bytes(), "cp1252"))
    problems += compare("SDMX-CSV", want, read_sdmx(Path(f"{stem}.sdmx.csv").read_text("utf-8")))
    if not table.startswith("releases/"):
        problems += compare("CSV", want, read_csv(Path(f"{stem}.csv").read_text("utf-8")))
    tell(f"{table}: {len(want)} figures alike in every file", problems)
    return want


CADENCES = {"M": "month", "Q": "quarter", "T": "four_months", "H": "half_year"}


def audited():
    """table of a whole release -> its figures in the latest audited table that has them: of a period its own, of a year's shorter
    periods added up the latest that carries them. Marks are no statistics: they are on the release's page alone."""
    latest = {}
    for r in rows((site / "ledger.csv").read_text("utf-8")):
        name = r["period"] + (f".r{r['revision']}" if r["revision"] != "0" else "")
        latest["releases/" + r["period"]] = (r["period"], name)
        if r["year"]:
            latest[f"releases/{r['year']}-{CADENCES[r['period'][4]]}"] = (r["year"], name)
    tables = {}
    for table, (time, name) in latest.items():
        tables[table] = {
            (r["group"] or "all", r["cell"], time): (r["value"], status_of(r["value"]), r["reason"])
            for r in rows((site / f"{name}.csv").read_text("utf-8"))
            if r["period"] == time and not r["cell"].endswith(".marked")
        }
    return tables


def check_releases(tables):
    """Whole releases against the audited tables; then the series against whole releases: every figure, and none but those."""
    want = audited()
    whole = {table for table in tables if table.startswith("releases/")}
    tell("every audited table is a whole release's, and none is missing", sorted(set(want) ^ whole))
    for table in sorted(set(want) & whole):
        tell(f"{table}: {len(want[table])} figures as in the audited table", compare(table, want[table], tables[table]))
    for level, is_sum in (("indicators", False), ("years", True)):
        released, got = {}, {}
        for table in whole:
            released.update(tables[table] if ("-" in table) == is_sum else {})
        for table in tables:
            got.update(tables[table] if table.startswith(level + "/") else {})
        problems = [f"{key}: {got.get(key)}, not {f}" for key, f in released.items() if got.get(key) != f]
        problems += [f"{key}: {f} was never released" for key, f in got.items() if key not in released and f[0] != "."]
        tell(f"{level}: {len(released)} figures as released, and no other", problems)


class Interface:
    def __init__(self, url, authority):
        parts = urllib.parse.urlsplit(url)
        self.base = parts.path
        self.link = http.client.HTTPSConnection(parts.hostname, parts.port, context=ssl.create_default_context(cafile=authority))

    def ask(self, path, query=None):
        self.link.request("GET" if query is None else "POST", self.base + "api/v1/" + path, None if query is None else json.dumps(query))
        answer = self.link.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status, body)
        return body


def by_labels(variables):
    """Of each variable: label -> code; CSV has no codes."""
    return [dict(zip(v["valueTexts"], v["values"], strict=True)) for v in variables]


def read_answer(form, body, variables):
    if form == "px":
        return read_px(body, "utf-8")
    if form == "json-stat2":
        return read_jsonstat(body)
    figures = {}
    if form == "json":
        data = json.loads(body)
        contents = [column["code"] for column in data["columns"] if column["type"] == "c"]
        for row in data["data"]:
            for content, symbol in zip(contents, row["values"], strict=True):
                figures[row["key"][0], content, row["key"][1]] = (symbol, status_of(symbol), None)
        return figures
    groups, contents, times = by_labels(variables)
    (_, _, *heading), *lines = csv.reader(io.StringIO(body.decode(), newline=""))
    for group, content, *symbols in lines:
        for time, symbol in zip(heading, symbols, strict=True):
            figures[groups[group], contents[content], times[time]] = (symbol, status_of(symbol), None)
    return figures


def check_interface(tables, url, authority):
    interface = Interface(url, authority)
    problems, n = [], 0
    collection = json.loads(interface.ask("sv/"))[0]["dbid"]
    listed = set()
    for level in json.loads(interface.ask(f"sv/{collection}/")):
        listed |= {f"{level['id']}/{t['id']}" for t in json.loads(interface.ask(f"sv/{collection}/{level['id']}/"))}
    if listed != set(tables):
        problems.append(f"tables {listed ^ set(tables)}")
    for at, (table, want) in enumerate(sorted(tables.items())):
        for i, form in enumerate(("px", "json-stat2", "json", "csv")):
            if len(tables) > MANY and at % 4 != i:
                continue
            path = f"{('sv', 'en')[at % 2]}/{collection}/{table}"
            variables = json.loads(interface.ask(path))["variables"]
            query = [{"code": v["code"], "selection": {"filter": "all", "values": ["*"]}} for v in variables]
            answer = interface.ask(path, {"query": query, "response": {"format": form}})
            problems += compare(f"{table} as {form}", want, read_answer(form, answer, variables))
            n += 1
    tell(f"the data interface answers {n} times with the same figures", problems)


def check_expected(tables):
    """What the cube has, written without any of the writers (tool_world)."""
    want = {}
    for r in rows((site / "expected.csv").read_text("utf-8")):
        want.setdefault(r["table"], {})[r["group"], r["content"], r["time"]] = (r["value"], status_of(r["value"]), None)
    problems = [] if set(want) == set(tables) else [f"tables {set(want) ^ set(tables)}"]
    for table in set(want) & set(tables):
        problems += compare(table, want[table], tables[table])
    tell("and every figure is the cube's", problems)


tables = {}
for path in sorted((site / "data").glob("*/*.json")):
    if path.name.endswith("-metadata.json"):
        continue
    table = f"{path.parent.name}/{path.stem}"
    tables[table] = check_files(str(path.with_suffix("")), table)
if not tables:
    tell("there are tables", ["none"])
if (site / "ledger.csv").exists():
    check_releases(tables)
if (site / "expected.csv").exists():
    check_expected(tables)
if len(sys.argv) > 2:
    check_interface(tables, sys.argv[2], sys.argv[3])
kinds = {f[1] for figures in tables.values() for f in figures.values()}
reasons = {f[2] for figures in tables.values() for f in figures.values() if f[2]}
print(f"# {sum(map(len, tables.values()))} figures: {', '.join(sorted(kinds))}; hidden: {', '.join(sorted(reasons))}")
sys.exit(exit_status())
