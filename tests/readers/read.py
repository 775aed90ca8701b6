# SPDX-License-Identifier: EUPL-1.2
"""
read.py SITE URL - the data files of a site read by pyjstat, pyaxis, csvw, pysdmx, rdflib and feedparser, and the data interface by
pxwebpy and pyscbwrapper, clients for PxWeb's interface of version 1. Every figure must be what expected.csv (tool_world) says. URL is
that of a server whose site this is.
"""

import contextlib
import csv
import io
import logging
import sys
from collections import defaultdict
from pathlib import Path

import feedparser
import rdflib
from csvw import CSVW
from pyaxis import pyaxis
from pyjstat import pyjstat
from pyscbwrapper import SCB
from pysdmx.io import read_sdmx
from pxwebpy.table import PxTable

from tell import exit_status, tell

logging.disable(logging.CRITICAL)
site, url = Path(sys.argv[1]), sys.argv[2]


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


def read_csvw(path):
    """By its metadata: null where that says so, numbers where it says numbers."""
    described = CSVW(f"{path}-metadata.json")
    assert described.is_valid, path
    (table,) = described.tables
    return {(row["group"], row["content"], row["time"]): None if row["value"] is None else str(row["value"]) for row in table}


def read_sdmx_csv(path):
    (dataset,) = read_sdmx(path, validate=False).data
    figures = {}
    for row in dataset.data.to_dict("records"):
        time = row["TIME_PERIOD"].replace("-", "")
        symbol = {"A": str(row["OBS_VALUE"]), "O": ".", "Q": ".."}[row["OBS_STATUS"]]
        figures[row["GROUP"], row["CONTENT"].replace("$", "."), time] = symbol
    return figures


def check_files(expected):
    for table, want in sorted(expected.items()):
        stem = site / "data" / table
        tell(f"{table}.px: pyaxis", compare(want, read_px(f"{stem}.px", "utf-8")))
        tell(f"{table}.ansi.px: pyaxis", compare(want, read_px(f"{stem}.ansi.px", "cp1252")))
        for folder in ("", "en/"):
            got = read_jsonstat(site / folder / "data" / f"{table}.json")
            tell(f"{folder}{table}.json: pyjstat", compare(want, got, symbols=False))
        tell(f"{table}.sdmx.csv: pysdmx", compare(want, read_sdmx_csv(f"{stem}.sdmx.csv")))
        if not table.startswith("releases/"):
            tell(f"{table}.csv: csvw", compare(want, read_csvw(f"{stem}.csv"), symbols=False))


DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
TERMS = rdflib.Namespace("http://purl.org/dc/terms/")
FOAF = rdflib.Namespace("http://xmlns.com/foaf/0.1/")
VCARD = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#")
# What DCAT-AP-SE 3 asks of each kind (docs.dataportal.se), and of which there may be one alone.
NEEDED = {
    DCAT.Catalog: (TERMS.title, TERMS.description, TERMS.publisher, TERMS.license, DCAT.dataset),
    DCAT.Dataset: (TERMS.title, TERMS.description, TERMS.publisher, TERMS.identifier, DCAT.contactPoint, DCAT.distribution),
    DCAT.Distribution: (DCAT.accessURL, TERMS.license, TERMS["format"]),
    DCAT.DataService: (TERMS.title, DCAT.endpointURL, DCAT.servesDataset, TERMS.license, DCAT.contactPoint),
    FOAF.Agent: (FOAF.name, TERMS.type),
    VCARD.Organization: (VCARD.fn, VCARD.hasEmail),
}
SINGLE = (TERMS.publisher, TERMS.license, TERMS["format"], DCAT.accessURL, TERMS.type, TERMS.modified)


def check_dcat():
    graph = rdflib.Graph().parse(site / "data" / "catalog.rdf", format="xml")
    problems = []
    for kind, needed in NEEDED.items():
        subjects = set(graph.subjects(rdflib.RDF.type, kind))
        problems += [] if subjects else [f"no {kind}"]
        for subject in subjects:
            problems += [f"{subject} has no {need}" for need in needed if (subject, need, None) not in graph]
            problems += [f"{subject} has more than one {one}" for one in SINGLE if len(set(graph.objects(subject, one))) > 1]
    described = set(graph.subjects())
    for link in (DCAT.dataset, DCAT.distribution, DCAT.service, DCAT.accessService, DCAT.contactPoint, DCAT.servesDataset, TERMS.publisher):
        problems += [f"{thing} is not described" for thing in set(graph.objects(None, link)) - described]
    for address in graph.objects(None, DCAT.downloadURL):
        path = site / str(address).removeprefix("https://leader.example/")
        if path.parent != site and not path.exists():  # of the releases' own tables the world has none
            problems.append(f"{address} leads nowhere")
    tell("catalog.rdf: rdflib, and what DCAT-AP-SE asks", problems)


def check_population():
    described = CSVW(str(site / "data" / "population.csv-metadata.json"))
    lines = [dict(row) for row in described.tables[0]] if described.is_valid else []
    problems = [] if len(lines) == 6 else [f"{len(lines)} lines"]
    problems += [str(row) for row in lines if row["men"] is not None or row["population"] < row["women"] or row["date"].month != 12]
    tell("population.csv: csvw", problems)


def check_feeds():
    for folder in ("", "en/"):
        feed = feedparser.parse(str(site / folder / "releases.atom"))
        problems = [feed.bozo_exception] if feed.bozo else []
        problems += [] if feed.version == "atom10" and feed.entries else [f"{feed.version}, {len(feed.entries)} entries"]
        if len({entry.id for entry in feed.entries}) != len(feed.entries):
            problems.append("two entries of the same id")
        times = [entry.updated for entry in feed.entries]
        if times != sorted(times, reverse=True) or (times and feed.feed.updated != times[0]):
            problems.append(f"updated: {feed.feed.updated}, {times}")
        tell(f"{folder}releases.atom: feedparser", problems)


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


class Ours(SCB):
    """Another office's interface than the one whose address the client was made with."""

    def __init__(self, language, *ids):
        super().__init__(language, *ids)
        self.url = f"{url}api/v1/{language}/"


def check_scb_client(expected):
    for table, want in sorted(expected.items()):
        client = Ours("en", "jamtland", *table.split("/"))
        client.set_query(**client.get_variables())
        answer = client.get_data()
        contents = [column["code"] for column in answer["columns"] if column["type"] == "c"]
        got = {}
        for row in answer["data"]:
            got.update({(row["key"][0], content, row["key"][1]): value for content, value in zip(contents, row["values"], strict=True)})
        tell(f"{table}: Statistics Sweden's users' client reads every figure", compare(want, got))


expected = read_expected()
check_files(expected)
check_dcat()
check_feeds()
check_population()
check_client(expected)
check_scb_client(expected)
sys.exit(exit_status())
