# SPDX-License-Identifier: EUPL-1.2
"""data_files.py - table.json and table.px, and those of a year, byte for byte: docs/protocol.md, "The data files"."""
import json

SCALES = {1: "M1", 2: "Q1", 4: "H1", 5: "A1"}
CADENCES = {1: "month", 2: "quarter", 3: "four_months", 4: "half_year"}


class Contents:
    """What both files say: groups and contents as (code, labels in both languages), units, and the figures in order.
    `cells` are the task's, and those of a roll-up after them."""

    def __init__(self, p, cells, totals, reasons, is_year):
        is_in = lambda cell: cell["kind"] != "mark" and ("period" in cell) == is_year and not cell.get("absent")
        first = [cell for cell in cells if cell["block"] == 0 and is_in(cell)]
        self.groups = [("all", ("Alla", "All"))] + [(group[0], (group[1], group[2])) for group in p["groups"]]
        self.contents = [(cell["cell"], tuple(self.label(cell, k) for k in (0, 1)), self.unit(cell)) for cell in first]
        places = [i for i, cell in enumerate(cells) if is_in(cell)]
        self.figures = [totals.get(i) for i in places]
        self.reasons = {place: reasons[i] for place, i in enumerate(places) if i not in totals}
        self.rounded = {place for place, i in enumerate(places)
                        if p["rounding"] and i in totals and cells[i]["kind"] in ("total", "category")}
        title, year = p["catalogue"]["title"], p["period"][:4]
        self.time, self.table, self.cadence = (year, year + "-" + CADENCES[p["cadence"]], 5) if is_year else (p["period"], p["period"], p["cadence"])
        sums = (", årssummor", ", sums of the year") if is_year else ("", "")
        self.titles = tuple("%s, %s%s, %s" % (title[k], self.time, sums[k], ("efter grupp och innehåll", "by group and content")[k]) for k in (0, 1))

    @staticmethod
    def label(cell, language):
        label = cell["indicator"]["label"][language]
        if cell["kind"] == "answered":
            return label + (", besvarad", ", answered")[language]
        if cell["kind"] == "category":
            return "%s, %s: %s" % (label, cell["labels"][language], cell["labels"][2 + language])
        return label

    @staticmethod
    def unit(cell):
        return ("svarande", "answering") if cell["kind"] == "answered" else cell["indicator"]["unit"]


def jsonstat(p, cells, totals, reasons, is_year=False):
    c = Contents(p, cells, totals, reasons, is_year)
    index = lambda codes: {code: place for place, code in enumerate(codes)}
    content = {
        "index": index(code for code, _, _ in c.contents),
        "label": {code: label[0] for code, label, _ in c.contents},
        "unit": {code: {"base": unit[0], "decimals": 0} for code, _, unit in c.contents},
    }
    group = {"index": index(code for code, _ in c.groups), "label": {code: label[0] for code, label in c.groups}}
    time = {"index": {c.time: 0}, "label": {c.time: c.time}}
    symbols = {".": "uppgift saknas", "..": "skyddat värde", "r": "avrundat"}
    extension = {"collection": p["collection"], "table": c.table, "symbols": symbols, "rounding": p["rounding"]}
    data = {
        "version": "2.0",
        "class": "dataset",
        "label": c.titles[0],
        "source": p["catalogue"]["source"][0],
        "id": ["group", "content", "time"],
        "size": [len(c.groups), len(c.contents), 1],
        "role": {"time": ["time"], "metric": ["content"]},
        "dimension": {
            "group": {"label": "grupp", "category": group},
            "content": {"label": "innehåll", "category": content},
            "time": {"label": "tid", "category": time},
        },
        "value": c.figures,
        "status": {str(place): "r" if place in c.rounded else ".."
                   for place in range(len(c.figures)) if place in c.rounded or place in c.reasons},
        "extension": {"skarva": dict(extension, reasons={str(place): reason for place, reason in c.reasons.items()})},
    }
    return (json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


class Px:
    """Statements; a string is cut into pieces of whole characters, and a piece that a line has no room for begins the next."""

    def __init__(self):
        self.out, self.line = bytearray(), 0

    def put(self, text):
        self.out += text.encode()

    def end_line(self):
        self.put("\r\n")
        self.line = len(self.out)

    def string(self, text):
        rest = text.replace('"', "'").encode()
        while True:
            n = min(len(rest), 200)
            while n > 1 and n < len(rest) and rest[n] & 0xC0 == 0x80:
                n -= 1
            before = len(self.out) - self.line
            if before and before + n + 4 > 250:
                self.end_line()
            self.out += b'"' + rest[:n] + b'"'
            rest = rest[n:]
            if not rest:
                return

    def statement(self, keyword, texts, about=None, head=""):
        self.put(keyword)
        if about is not None:
            self.put("(")
            self.string(about)
            self.put(")")
        self.put("=" + head)
        for i, text in enumerate(texts):
            if i or head:
                self.put(",")
            self.string(text)
        self.put(";")
        self.end_line()


def put_variables(f, c, language):
    keyword = lambda name: name + ("", "[en]")[language]
    group, content, time = (("grupp", "innehåll", "tid"), ("group", "content", "time"))[language]
    f.statement(keyword("STUB"), [group, content])
    f.statement(keyword("HEADING"), [time])
    f.statement(keyword("CONTVARIABLE"), [content])
    f.statement(keyword("VALUES"), [label[language] for _, label in c.groups], group)
    f.statement(keyword("VALUES"), [label[language] for _, label, _ in c.contents], content)
    f.statement(keyword("VALUES"), [c.time], time)
    if c.cadence in SCALES:
        f.statement(keyword("TIMEVAL"), [c.time[:4] + c.time[5:]], time, "TLIST(%s)" % SCALES[c.cadence])
    f.statement(keyword("CODES"), [code for code, _ in c.groups], group)
    f.statement(keyword("CODES"), [code for code, _, _ in c.contents], content)
    f.statement(keyword("CODES"), [c.time], time)
    f.statement(keyword("ELIMINATION"), [c.groups[0][1][language]], group)
    for _, label, unit in c.contents:
        f.statement(keyword("UNITS"), [unit[language]], label[language])


def px(p, cells, totals, reasons, is_year=False):
    c, f, source = Contents(p, cells, totals, reasons, is_year), Px(), p["catalogue"]["source"]
    for line in ('CHARSET="ANSI"', 'AXIS-VERSION="2013"', 'CODEPAGE="utf-8"', 'LANGUAGE="sv"', 'LANGUAGES="sv","en"', "DECIMALS=0", "SHOWDECIMALS=0"):
        f.put(line + ";")
        f.end_line()
    f.statement("MATRIX", [c.table])
    f.statement("SUBJECT-CODE", [p["collection"]])
    both = [("SUBJECT-AREA", source if source[0] else (p["collection"],) * 2), ("TITLE", c.titles), ("CONTENTS", c.titles)]
    for name, texts in both + [("UNITS", ("antal", "number"))]:
        f.statement(name, [texts[0]])
        f.statement(name + "[en]", [texts[1]])
    put_variables(f, c, 0)
    put_variables(f, c, 1)
    notes = ['".." skyddat värde; "." uppgift saknas', '".." protected figure; "." no figure']
    if p["rounding"]:
        notes[0] += "; antal avrundade till multiplar av %d, delar behöver inte summera till totalen" % p["rounding"]
        notes[1] += "; counts rounded to multiples of %d, parts need not add up to the total" % p["rounding"]
    notes = [("NOTE", notes)]
    for name, texts in ([("SOURCE", source)] if source[0] else []) + notes:
        f.statement(name, [texts[0]])
        f.statement(name + "[en]", [texts[1]])
    f.put("DATA=")
    f.end_line()
    for figure in c.figures:
        f.put('".." ' if figure is None else f"{figure} ")
        f.end_line()
    f.put(";")
    f.end_line()
    return bytes(f.out)
