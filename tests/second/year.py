# SPDX-License-Identifier: EUPL-1.2
"""year.py - releases linked by a year's figures: docs/protocol.md, section 18 (`earlier`, `year`), docs/disclosure-control.md, section 13."""
import hashlib
import os
from types import SimpleNamespace

from linked import Linked, release_layer, year_layer
from messages import (Reader, decode_accepted, decode_accepted_list, decode_openings, decode_parameters, decode_rounding, decode_suppression, decode_year,
                      decode_linked, hash_labelled, read_archive, verify_release)
from ristretto import IDENTITY, L, Refused, add, decode, require

PARTS = {1: ["-%02d" % month for month in range(1, 13)], 2: ["Q1", "Q2", "Q3", "Q4"], 3: ["T1", "T2", "T3"], 4: ["H1", "H2"], 5: []}
ALIKE = ("collection", "cadence", "policy", "groups_encoded")


class Part:
    """A release of the year, this one or an earlier one."""

    def __init__(self, files, p, counted, place):
        self.by_name, self.p, self.counted = dict(files), p, counted
        self.number, self.previous = place
        self.layer = self.year = self.sums = None

    def names(self):
        return self.p["period"], self.p["revision"]


def read_earlier(data, entry, generators_hash, trust):
    """One that was released: its files are those that both signed."""
    files = read_archive(data)
    by_name = dict(files)
    p = decode_parameters(Reader(by_name["parameters"]).opaque(4), generators_hash)
    require((p["period"], p["revision"], p["context"]["task"]) == entry[:3], "an earlier release is of another task")
    place = verify_release(files, p["context"], trust)
    counted = decode_accepted_list(Reader(by_name["accepted"]).opaque(4), p["context"])
    return Part(files, p, counted, place)


def require_alike(p, q):
    require(all(p[name] == q[name] for name in ALIKE) and p["publisher"] == q["publisher"], "an earlier release under other conditions")
    require(p["period"][:4] == q["period"][:4] and p["context"]["catalogue"] == q["context"]["catalogue"], "an earlier release of another year")
    require([c[0] for c in p["roster"]] == [c[0] for c in q["roster"]], "an earlier release of other contributors")


def latest_parts(releases, cells):
    """The highest revision of each period, in the order of periods; None unless the whole year is there and something is added up."""
    latest = {}
    if not any(cell["kind"] in ("total", "category") and cell["indicator"]["yearly"] for cell in cells):
        return None
    for release in releases:
        if release.p["period"] not in latest or release.p["revision"] > latest[release.p["period"]].p["revision"]:
            latest[release.p["period"]] = release
    p = releases[-1].p
    wanted = [p["period"][:4] + part for part in PARTS[p["cadence"]]]
    return [latest[period] for period in wanted] if wanted and all(period in latest for period in wanted) else None


def sums_of(part, n_cells, blocks):
    """Leader's and helper's commitments of an earlier part, added up by block."""
    n, sums = n_cells + (part.p["previous"] is not None), [[IDENTITY] * (n_cells * len(blocks)) for _ in range(2)]
    for contributor, entry in part.counted.items():
        share = part.by_name["submissions/%05d" % contributor][16:]
        require(hashlib.sha256(share).digest() == entry[3], "earlier submission of contributor %d" % contributor)
        for side, s in enumerate(sums):
            points = [decode(share[at : at + 32]) for at in range(12 + 32 * n * side, 12 + 32 * n * side + 32 * n_cells, 32)]
            for block, members in enumerate(blocks):
                if contributor in members:
                    for i, point in enumerate(points):
                        s[block * n_cells + i] = add(s[block * n_cells + i], point)
    return sums


def changed_in(release, before):
    """How many of a block's contributors changed, or are gone, as both aggregators opened it."""
    atoms = {}
    for i in range(len(release.p["roster"])):
        atoms.setdefault(tuple(i in group[3] for group in release.p["groups"]), []).append(i)
    both, counts = Reader(release.by_name["changes"]), [0] * len(atoms)
    for _ in range(2):
        r = Reader(both.opaque(4))
        r.take(1 + 32 + 1 + 32)
        require(r.number(4) == len(atoms), "changes of other groups")
        for at in range(len(atoms)):
            counts[at] = (counts[at] + int.from_bytes(r.take(64)[:32], "little")) % L

    def changed(members):
        gone = sum(i in members and i not in release.counted for i in before.counted)
        return gone + sum(n for n, atom in zip(counts, atoms.values()) if members.issuperset(atom))

    return changed


class Year:
    """The releases that this one is linked with, and itself, as layers."""

    def __init__(self, files, p, counted, place, trust, generators_hash, find, cells):
        entries = self.entries = decode_linked(dict(files)["earlier"])
        self.cells, self.releases = cells, []
        for entry in entries:
            data = find(entry[3])
            require(data is not None, "needs the bundle of %s, revision %d, which it is linked with" % entry[:2])
            self.releases.append(read_earlier(data, entry, generators_hash, trust))
            require_alike(p, self.releases[-1].p)
        self.releases.append(Part(files, p, counted, place))
        numbers = [release.number for release in self.releases]
        require(numbers == sorted(set(numbers)), "the earlier releases are not in order, or not earlier")
        for entry, before, after in zip(entries, self.releases, self.releases[1:]):
            require(after.number > before.number + 1 or after.previous == entry[3], "released upon another bundle than the one named")
        require(len({release.names() for release in self.releases}) == len(self.releases), "a release is linked with itself")
        self.require_agreed(entries)
        for release in self.releases:
            release.layer = release_layer(release.p, len(cells), release.counted)
        for at, release in enumerate(self.releases):
            self.make_year(release, self.releases[: at + 1])

    def has_bundle(self, data):
        return hashlib.sha256(data).digest() in [entry[3] for entry in self.entries]

    def require_agreed(self, entries):
        """The lists of all, of corrections before the first roll-up too if they have one; a roll-up is there exactly if the year is complete."""
        has_year = False
        for at, release in enumerate(self.releases):
            names = release.by_name
            has_year = has_year or "year" in names
            must_link = release.p["previous"] is not None
            require(("earlier" in names) == (has_year or must_link), "a release is linked from the first roll-up on, or corrects one")
            if "earlier" in names:
                require(decode_linked(names["earlier"]) == entries[:at], "the lists of earlier releases do not agree")
                can_carry = latest_parts(self.releases[: at + 1], self.cells) is not None
                require(("year" in names) == can_carry, "a roll-up is there exactly if the year is complete")
            if release.p["previous"] is not None:
                tasks = [before.p["context"]["task"] for before in self.releases[:at]]
                require(release.p["previous"][0] in tasks, "what a correction corrects is not in its list")
                newest = max((r.p for r in self.releases[:at] if r.p["period"] == release.p["period"]), key=lambda p: p["revision"])
                require(newest["context"]["task"] == release.p["previous"][0], "a release of the period is passed over")

    def make_year(self, release, before):
        release.parts = latest_parts(before, self.cells) if "year" in release.by_name else None
        if release.parts:
            release.year = year_layer(release.p, self.cells, [part.layer for part in release.parts])

    def freeze(self, release):
        """What an earlier release showed and hid, by layer."""
        n, heads = len(self.cells), [release.layer] + ([release.year] if release.year else [])
        order = [(layer, b) for layer in heads for b in range(layer.n_published)]
        order += [(layer, b) for layer in heads for b in range(layer.n_published, layer.n_listed)]
        totals = {figure: sum(int.from_bytes(xr[:32], "little") for xr, _ in halves) % L
                  for figure, halves in decode_openings(release.by_name["aggregates"])[1]}
        if release.p["rounding"]:
            totals.update(decode_rounding(release.by_name["rounding"])[0])
        if release.year:
            totals.update((figure, sum(int.from_bytes(xr[:32], "little") for xr in halves) % L)
                          for figure, halves in decode_year(release.by_name["year"]))
        hidden, needed, _ = decode_suppression(release.by_name["suppression"])
        own = release.layer.n_published * n
        for known, name in ((totals, "totals"), (dict(hidden), "reasons"), ({f: runs for f, runs, _ in needed if f < own}, "needed")):
            for figure, value in known.items():
                require(figure < len(order) * n, "a figure of an earlier release that is not there")
                layer, b = order[figure // n]
                getattr(layer, name)[b, figure % n] = value
        for layer in heads:
            layer.frozen = True

    def link(self, rules):
        own, frozen, changes = self.releases[-1], [], []
        for release in self.releases[:-1]:
            self.freeze(release)
            frozen += [release.layer] + ([release.year] if release.year else [])
        for release in self.releases:
            if release.p["previous"] is not None:
                before = [r for r in self.releases if r.p["context"]["task"] == release.p["previous"][0]]
                require(before, "what a correction corrects is not among the earlier releases")
                changes.append((release.layer, before[0].layer, changed_in(release, before[0])))
        return Linked(own.p, self.cells, rules, own.layer, own.year, frozen, changes)

    def year_sums(self, own_sums, trust):
        """The commitments of all parts added up, for the blocks of the roll-up."""
        own = self.releases[-1]
        blocks, n = own.year.members[: own.year.n_published], len(self.cells)
        total = [[IDENTITY] * (n * len(blocks)) for _ in range(2)]
        for part in own.parts:
            if part is not own:
                decode_accepted(part.by_name["accepted"], part.p["context"], trust)
            sums = own_sums if part is own else sums_of(part, n, blocks)
            for side in range(2):
                total[side] = [add(a, b) if own.year.members[i // n] else a for i, (a, b) in enumerate(zip(total[side], sums[side]))]
        return total

    def verify_kept(self, reasons, first):
        """What the last roll-up hid stays hidden; `first`: the first figure of this one's."""
        before, own = [r.year for r in self.releases[:-1] if r.year], self.releases[-1].year
        for figure in range(len(self.cells) * own.n_published) if own else ():
            hidden = bool(before) and divmod(figure, len(self.cells)) in before[-1].reasons
            reason = reasons.get(first + figure)
            require(not hidden or reason in (5, 7), "figure %d of the year was hidden and must stay so" % figure)
            require(hidden or reason != 7, "figure %d of the year was not hidden" % figure)


def require_all_listed(bundles, p, place, entries, generators_hash, trust, cells):
    """Of all releases at hand that came before: alike ones are in the list (without one: carry no year, and with this one are not all of it), and each is the one that the next names."""
    links, own, alike = [], [(place[0], place[1], None)], []
    for data in bundles:
        try:
            files = read_archive(data)
            by_name = dict(files)
            q = decode_parameters(Reader(by_name["parameters"]).opaque(4), generators_hash)
            number, previous = verify_release(files, q["context"], trust)
            require(q["collection"] == p["collection"] and q["publisher"] == p["publisher"] and number < place[0], "no matter of this release")
        except (Refused, KeyError, ValueError, IndexError, UnicodeDecodeError):
            continue
        links.append((number, previous, hashlib.sha256(data).digest()))
        if links[-1][2] in [entry[3] for entry in entries]:
            continue
        try:
            require_alike(p, q)
        except Refused:
            continue
        require(not entries and "year" not in by_name, "%s, revision %d, was released earlier and is not in the list" % (q["period"], q["revision"]))
        alike.append(SimpleNamespace(p=q))
    require(entries or latest_parts(alike + [SimpleNamespace(p=p)], cells) is None, "all parts of the year are released, and it is not added up")
    for number, _, data_hash in links:
        for after, previous, _ in links + own:
            require(after != number + 1 or previous == data_hash, "release number %d is not the one that the next names" % number)


def find_task(bundles, task):
    """The bundle of this very task, or None."""
    for data in bundles:
        try:
            parameters = Reader(dict(read_archive(data))["parameters"]).opaque(4)
        except (Refused, KeyError, ValueError):
            continue
        if hash_labelled("skarva-1 task id", hash_labelled("skarva-1 parameters", parameters)) == task:
            return data
    return None


def bundles_at(path):
    """The bundles of a folder, or one."""
    names = sorted(name for name in os.listdir(path) if name.endswith(".tar")) if os.path.isdir(path) else [""]
    found = []
    for name in names:
        with open(os.path.join(path, name) if name else path, "rb") as f:
            found.append(f.read())
    return found
