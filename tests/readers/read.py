# SPDX-License-Identifier: EUPL-1.2
"""
read.py SITE URL - the data files of a site read by pyjstat, pyaxis and rdflib, and the data interface by pxwebpy, a client for PxWeb's
interface of version 1. Every figure must be what expected.csv (tool_world) says. URL is that of a server whose site this is.
"""

import contextlib
import csv
import io
import logging
import sys
from collections import defaultdict
from pathlib import Path

import rdflib
from pyaxis import pyaxis
from pyjstat import pyjstat
from pxwebpy.table import PxTable

logging.disable(logging.CRITICAL)
site, url = Path(sys.argv[1]), sys.argv[2]
failures = 0


def tell(name, problems):
    global failures
    failures += bool(problems)
    print(("not ok" if problems else "ok") + " - " + name)
    for problem in problems[:10]:
        print("#   " + str(problem))


def read_expected():
    tables = defaultdict(dict)
    with open(site / "expected.csv", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            tables[row["table"]][row["group"], row["content"], row["time"]] = row["value"]
    return tables


def compare(want, got, symbols=True):
    """Without symbols a reader tells hidden from missing no more: both are None."""
    if not symbols:
        want = {key: None if value in (".", "..") else value for key, value in want.items()}
    problems = [f"{key}: {got.get(key)}, not {value}" for key, value in want.items() if got.get(key) != value]
    return problems if len(got) == len(want) else [f"{len(got)} figures, not {len(want)}", *problems]


def read_px(path, encoding):
    with contextlib.redirect_stdout(io.StringIO()):  # it tells that there are two languages
        px = pyaxis.parse(str(path), encoding=encoding, sd_values="never")
    codes = {}
    for axis in ("grupp", "innehåll", "tid"):
        codes[axis] = dict(zip(px["METADATA"][f"VALUES({axis})"], px["METADATA"][f"CODES({axis})"]))
    figures = {}
    for row in px["DATA"].to_dict("records"):
        key = tuple(codes[axis][row[axis]] for axis in ("grupp", "innehåll", "tid"))
        figures[key] = {"": ".", '".."': ".."}.get(row["DATA"], row["DATA"])
    return figures


def number(value):
    return None if value is None or value != value else str(int(value))


def read_jsonstat(path):
    data = pyjstat.Dataset.read(path.read_text(encoding="utf-8"))
    frame = data.write("dataframe", naming="id")
    return {(row["group"], row["content"], row["time"]): number(row["value"]) for row in frame.to_dict("records")}


def check_files(expected):
    for table, want in sorted(expected.items()):
        stem = site / "data" / table
        tell(f"{table}.px: pyaxis", compare(want, read_px(f"{stem}.px", "utf-8")))
        tell(f"{table}.ansi.px: pyaxis", compare(want, read_px(f"{stem}.ansi.px", "cp1252")))
        for folder in ("", "en/"):
            got = read_jsonstat(site / folder / "data" / f"{table}.json")
            tell(f"{folder}{table}.json: pyjstat", compare(want, got, symbols=False))


def check_dcat():
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    dcterms = rdflib.Namespace("http://purl.org/dc/terms/")
    graph = rdflib.Graph().parse(site / "data" / "catalog.rdf", format="xml")
    problems = []
    datasets = set(graph.objects(None, dcat.dataset))
    for dataset in datasets:
        for need in (dcterms.title, dcterms.description, dcterms.publisher, dcterms.identifier, dcat.distribution):
            if (dataset, need, None) not in graph:
                problems.append(f"{dataset} has no {need}")
        for distribution in graph.objects(dataset, dcat.distribution):
            for need in (dcat.accessURL, dcterms.license, dcterms["format"]):
                if (distribution, need, None) not in graph:
                    problems.append(f"{distribution} has no {need}")
            for address in graph.objects(distribution, dcat.downloadURL):
                path = site / str(address).removeprefix("https://leader.example/")
                if path.parent.name != site.name and not path.exists():
                    problems.append(f"{address} leads nowhere")
    tell("catalog.rdf: rdflib", problems if datasets else ["no datasets"])


def check_client(expected):
    """Everything of each table, and the latest time of one group, by the texts that people see."""
    for table, want in sorted(expected.items()):
        client = PxTable(url=f"{url}api/v1/sv/jamtland/{table}")
        variables = client.get_table_variables()
        client.create_query({"grupp": variables["grupp"], "innehåll": variables["innehåll"], "tid": variables["tid"]})
        client.get_data()
        got = [number(row["value"]) for row in client.dataset]
        plain = [None if value in (".", "..") else value for value in want.values()]
        tell(f"{table}: a PxWeb client reads every figure", [] if got == plain else [got, plain])
        client.create_query({"tid": [variables["tid"][-1]]})
        client.get_data()
        latest = max(time for _, _, time in want)
        plain = [v for (group, _, time), v in want.items() if group == "all" and time == latest]
        got = [number(row["value"]) for row in client.dataset]
        tell(f"{table}: without a group it reads all", [] if got == [None if v in (".", "..") else v for v in plain] else [got, plain])


expected = read_expected()
check_files(expected)
check_dcat()
check_client(expected)
sys.exit(1 if failures else 0)
