#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""verify.py - a second verifier of bundles, written from docs/protocol.md alone and sharing no code with the first.

    tests/second/verify.py BUNDLE TRUST [EARLIER]

EARLIER: the bundle that a correction corrects, or a folder with that and with those that a year's figures link this one with; else
they are looked for beside BUNDLE.

It exists to show that the description is complete: what it leaves out, this could not do. It derives every published number
again; left to skarva-audit are the choice of complementary cells (docs/disclosure-control.md) and the reading of HTML beyond the
figures. Slow: some seconds for ten contributors with a dozen cells.
"""
import base64
import functools
import hashlib
import html
import os
import re
import sys

import log_part
from linked import Linked, keep_groups, release_layer, verify_certificate
from data_files import jsonstat, px
from correction import Earlier, verify_changes, verify_chain, verify_kept
from messages import *
from year import Year, bundles_at, find_task, require_all_listed
from ristretto import BASE, IDENTITY, L, add, combine, decode, encode, equal, from_uniform, multiply, negate, require

YEAR_FILES = ["year.json", "year.px"]
ORDER = ["bundle", "parameters", "accepted", "aggregates", "suppression", "certificate", "table.csv", "table.json", "table.px", *YEAR_FILES, "page.sv.html", "page.en.html", "release"]
DATA_FILES = [(name, derive, name in YEAR_FILES) for name, derive in (("table.json", jsonstat), ("table.px", px), ("year.json", jsonstat), ("year.px", px))]
REASONS = {1: "small", 2: "few", 3: "dependent", 4: "complement", 5: "block", 6: "marked", 7: "kept", 8: "withdrawn", 9: "summed"}
FAULTS = Refused, KeyError, ValueError, IndexError  # the last three: bytes that are not what they are taken for
_cache = {}
_verified = {}


def generator(label, index=None):
    if (label, index) not in _cache:
        data = opaque8(label.encode()) + (b"" if index is None else u32(index))
        _cache[label, index] = from_uniform(hashlib.sha512(data).digest())
    return _cache[label, index]


def pedersen_h():
    return generator("skarva-1 pedersen H")


@functools.lru_cache(maxsize=None)
def generators_hash():
    points = [BASE, pedersen_h(), generator("skarva-1 proof H'")]
    for label in ("skarva-1 proof Gs", "skarva-1 proof Hs"):
        points += [generator(label, i) for i in range(64)]
    return hashlib.sha256(b"".join(map(encode, points))).digest()


@functools.lru_cache(maxsize=None)
def opened(xr):
    """x G + r H"""
    return combine([(scalar(xr[:32]), BASE), (scalar(xr[32:]), pedersen_h())])


def scalar(data):
    value = int.from_bytes(data, "little")
    require(value < L, "a scalar is not canonical")
    return value


class Transcript:
    def __init__(self):
        self.state = bytes(64)

    def absorb(self, label, data):
        data = u64(data) if isinstance(data, int) else data
        self.state = hashlib.sha512(self.state + b"\0" + opaque8(label.encode()) + u64(len(data)) + data).digest()

    def challenge(self, label):
        answer = hashlib.sha512(self.state + b"\1" + opaque8(label.encode())).digest()
        self.absorb(label, answer)
        value = int.from_bytes(answer, "little") % L
        require(value != 0, "a challenge is zero")
        return value


def weights_of(bound):
    if bound == 0:
        return []
    k = bound.bit_length() - 1
    return [2**i for i in range(k)] + [bound - (2**k - 1)]


def start(context, revision, kind, role, identity, number, cells, bounds, rules):
    """The context of section 6; also the value and weight of every bit, padding with value None."""
    t = Transcript()
    t.absorb("protocol", b"skarva-1")
    t.absorb("kind", kind)
    for label in ("task", "collection", "catalogue", "parameters", "generators", "roster", "period"):
        t.absorb(label, context[label])
    for label, value in (("revision", revision), ("role", role), ("identity", identity), ("number", number)):
        t.absorb(label, value)
    t.absorb("cells", b"".join(map(u32, cells)))
    bits = [(j, w) for j, bound in enumerate(bounds) for w in weights_of(bound)]
    n = 1
    while n < len(bits):
        n *= 2
    bits += [(None, 0)] * (n - len(bits))
    t.absorb("N", n)
    t.absorb("m", len(bounds))
    t.absorb("bounds", b"".join(map(u64, bounds)))
    t.absorb("map", b"".join(u32(NONE if j is None else j) for j, _ in bits))
    t.absorb("weights", b"".join(u64(w) for _, w in bits))
    t.absorb("rules", len(rules))
    for constant, width, terms in rules:
        t.absorb("rule", u64(constant) + u64(width) + u32(len(terms)) + b"".join(u32(c) + u64(k) for c, k in terms))
    return t, bits


def verify_proof(t, bits, values, bounds, proof, what):
    """Section 12."""
    n = len(bits)
    rounds = n.bit_length() - 1
    require(len(proof) == 32 * (9 + 2 * rounds), what + ": length of the proof")
    items = [proof[i : i + 32] for i in range(0, len(proof), 32)]
    require(bytes(32) not in items[:4] + items[7:-2], what + ": an identity in the proof")
    a_point, s_point, t1, t2 = map(decode, items[:4])
    t_hat, tau_x, mu, a, b = map(scalar, items[4:7] + items[-2:])
    for label, item in zip(("A", "S"), items):
        t.absorb(label, item)
    y, z = t.challenge("y"), t.challenge("z")
    for label, item in zip(("T1", "T2"), items[2:]):
        t.absorb(label, item)
    x = t.challenge("x")
    for label, item in zip(("t", "tau_x", "mu"), items[4:]):
        t.absorb(label, item)
    w = t.challenge("w")
    pairs, us = [], []
    for k in range(rounds):
        left, right = items[7 + 2 * k : 9 + 2 * k]
        t.absorb("L", left)
        t.absorb("R", right)
        us.append(t.challenge("u"))
        pairs += [(us[k] ** 2, decode(left)), (pow(us[k], -2, L), decode(right))]
    delta = (z - z * z) * sum(pow(y, i, L) for i in range(n))
    delta -= z * sum(pow(z, 2 + j, L) * bound for j, bound in enumerate(bounds))
    first = [(delta - t_hat, BASE), (-tau_x, pedersen_h()), (x, t1), (x * x, t2)]
    first += [(pow(z, 2 + j, L), v) for j, v in enumerate(values)]
    require(equal(combine(first), IDENTITY), what + ": the proof's first equation")
    pairs += [(1, a_point), (x, s_point), (-mu, generator("skarva-1 proof H'")), (w * (t_hat - a * b), BASE)]
    for i, (j, weight) in enumerate(bits):
        s = 1
        for k, u in enumerate(us):
            s = s * (u if i >> (rounds - 1 - k) & 1 else pow(u, -1, L)) % L
        zeta = 0 if j is None else pow(z, 2 + j, L)
        pairs.append((-z - a * s, generator("skarva-1 proof Gs", i)))
        pairs.append((z + pow(y, -i, L) * (zeta * weight - b * pow(s, -1, L)), generator("skarva-1 proof Hs", i)))
    require(equal(combine(pairs), IDENTITY), what + ": the proof's second equation")


def points(data):
    return [decode(data[i : i + 32]) for i in range(0, len(data), 32)]


def verify_submission(data, entry, p, cells, rules, earlier=None):
    """Returns V1 and V2. `earlier`: in a correction, the E[j] of section 11; the flag comes last then."""
    contributor, number, report_id, sha256, length = entry
    what = "submission of contributor %d" % contributor
    share = data[16:]
    require(data[:16] == report_id and len(share) == length, what + ": not the accepted one")
    require(hashlib.sha256(share).digest() == sha256, what + ": not the accepted one")
    context, n = p["context"], len(cells) + (earlier is not None)
    r = Reader(share)
    require((r.number(4), r.number(8)) == (contributor, number) and number >= 1, what + ": of another")
    v1, v2 = r.take(32 * n), r.take(32 * n)
    require(contributor < len(p["roster"]), what + ": not on the roster")
    message = context["task"] + context["parameters"] + report_id + share[:-64]
    verify("skarva-1 sign submission", share[-64:], p["roster"][contributor][2], message, what)
    compared = [cell["bound"] for cell in cells] if earlier is not None else []
    bounds = [cell["bound"] for cell in cells] + [1] * (n - len(cells)) + [width for _, width, _ in rules]
    bounds += [2 * bound for bound in compared for _ in range(2)]
    t, bits = start(context, p["revision"], 1, 1, contributor, number, range(n), bounds, rules)
    t.absorb("V1", v1)
    t.absorb("V2", v2)
    if earlier is not None:
        t.absorb("previous", p["previous"][0])
        t.absorb("earlier", b"".join(map(encode, earlier)))
    parts = points(v1), points(v2)
    values = [add(a, b) for a, b in zip(*parts)]
    for constant, _, terms in rules:
        values.append(combine([(constant, BASE)] + [(k, values[c]) for c, k in terms]))
    for j, bound in enumerate(compared):
        most, change = multiply(bound, values[n - 1]), add(values[j], negate(earlier[j]))
        values += [add(most, change), add(most, negate(change))]
    verify_proof(t, bits, values, bounds, share[12 + 64 * n : -64], what)
    return parts


def verify_submission_once(data, entry, p, cells, rules, earlier=None):
    """The same, remembered: a test verifies many bundles with the same submissions. All that decides is in the key: the task is named
    by its identifier, which hashes the parameters."""
    key = hashlib.sha256(data).digest(), entry, p["context"]["task"], earlier and tuple(map(encode, earlier))
    if key not in _verified:
        _verified[key] = verify_submission(data, entry, p, cells, rules, earlier)
    return _verified[key]


def merkle_root(leaf, index, n, path):
    """RFC 6962: climb by the path, taken from its end downwards through the splits."""
    if n == 1:
        require(not path, "a path is too long")
        return leaf
    require(path, "a path is too short")
    k = 1 << (n - 1).bit_length() - 1
    if index < k:
        left, right = merkle_root(leaf, index, k, path[:-1]), path[-1]
    else:
        left, right = path[-1], merkle_root(leaf, index - k, n - k, path[:-1])
    return hashlib.sha256(b"\1" + left + right).digest()


def verify_openings(data, p, cells, sums, accepted_hash):
    """Returns the published totals by cell."""
    roots, openings = decode_openings(data)
    n, totals = len(cells), {}
    for role, who in ((2, "leader"), (3, "helper")):
        root, signature = roots[role - 2]
        message = p["context"]["task"] + bytes([role]) + accepted_hash + u32(n) + root
        verify("skarva-1 sign aggregate", signature, p[who], message, who + ", aggregate share")
    order = [cell for cell, _ in openings]
    require(order == sorted(set(order)) and all(cell < n for cell in order), "the openings are not in strict order")
    for cell, halves in openings:
        total = 0
        for (xr, path), (root, _), commitments in zip(halves, roots, sums):
            leaf = hashlib.sha256(b"\0" + opaque8(b"skarva-1 aggregate leaf") + u32(cell) + xr).digest()
            require(merkle_root(leaf, cell, n, path) == root, "cell %d: path" % cell)
            require(equal(opened(xr), commitments[cell]), "cell %d: opening" % cell)
            total += scalar(xr[:32])
        totals[cell] = total % L
        require(totals[cell] < 2**64, "cell %d: not a number" % cell)
    return totals


def verify_rounding(data, p, linked, sums, totals, n_counted):
    """Section 18, the file `rounding`: returns the shown values by figure; `totals` are those that are opened."""
    rounded, proofs = decode_rounding(data)
    order = [figure for figure, _ in rounded]
    require(order == sorted(set(order)), "the rounded figures are not in strict order")
    require(all(figure < linked.n_published and linked.rounds(figure) for figure in order), "a figure that is not to be rounded")
    require(not any(linked.rounds(figure) for figure in totals), "a figure that is to be rounded is opened")
    require(all(value % p["rounding"] == 0 and value <= 2**63 for _, value in rounded), "a value is no multiple of the base")
    for portion, proof in enumerate(proofs):
        part = rounded[256 * portion : 256 * portion + 256]
        known = [linked.known(figure, value) for figure, value in part]
        require(all(low <= high for low, high in known), "a value below the threshold")
        bounds = [high - low for low, high in known]
        points = [add(sums[0][figure], sums[1][figure]) for figure, _ in part]
        t, bits = start(p["context"], p["revision"], 3, 0, portion, n_counted, [figure for figure, _ in part], bounds, [])
        t.absorb("V", b"".join(map(encode, points)))
        t.absorb("rounded", b"".join(u64(value) for _, value in part))
        values = [add(point, negate(multiply(low, BASE))) if low else point for point, (low, _) in zip(points, known)]
        verify_proof(t, bits, values, bounds, proof, "rounded figures")
    return dict(rounded)


def prove_needed(point, runs, side):
    """Section 18: what is proven of a complement whose total is in one of its runs, as (bound, value)."""
    less = lambda value, k, other: add(value, negate(multiply(k, other)))
    longest = max(hi - lo for lo, hi in runs)
    above = less(point, runs[0][0], BASE)
    if len(runs) == 1:
        return [(longest, above)]
    side = decode(side)
    above = less(above, runs[1][0] - runs[0][0], side)
    below = negate(less(less(point, runs[0][1], BASE), runs[1][1] - runs[0][1], side))
    return [(1, side), (longest, above), (longest, below)]


def verify_suppression(data, p, linked, sums, totals, n_counted):
    """Returns the reasons by figure; `totals` are those shown. Primary reasons are checked against what is open; the complements are not."""
    hidden, needed, proof = decode_suppression(data)
    order = [figure for figure, _ in hidden]
    require(order == sorted(set(order)), "the pattern is not in strict order")
    published = [figure for figure in order if figure < linked.n_published]
    shown = [figure for figure in range(linked.n_published) if not linked.cells[figure]["absent"]]
    require(sorted(published + list(totals)) == shown, "not every figure is either shown or hidden")
    require(not order or order[-1] < linked.n_listed, "a figure that cannot be hidden")
    require(not any(linked.cells[figure]["absent"] for figure in order), "a figure that is not there is hidden")
    for figure, total in totals.items():
        require(not linked.few[figure // linked.n_cells], "figure %d: of a block of too few" % figure)
        if linked.cells[figure]["kind"] == "answered":
            require(total >= p["least"], "figure %d: too few answers to be open" % figure)
        elif linked.cells[figure]["kind"] == "mark":
            require(total == 0, "figure %d: somebody marked it" % figure)
        else:
            low, high = linked.known(figure, total)
            least = int(linked.shows_zero(figure))
            require(low < least or high >= p["threshold"], "figure %d: too small to be shown" % figure)
    points = [add(a, b) for a, b in zip(*sums)]
    points = linked.subtract(points, lambda a, b: add(a, negate(b)))
    proven, bounds, values = [], [], []
    for figure, reason in hidden:
        require(reason in REASONS, "an unknown reason")
        require((reason == 5) == linked.few[figure // linked.n_cells], "figure %d: block of too few, or not" % figure)
        require(reason != 4 or figure < linked.n_published, "figure %d: never shown" % figure)
        require(linked.is_reason_of_layer(figure, reason), "figure %d: a reason for other figures" % figure)
        is_flag = linked.cells[figure]["kind"] == "answered"
        is_mark = linked.cells[figure]["kind"] == "mark"
        require(not is_mark or reason in (5, 6, 7), "figure %d: a mark is hidden as marked" % figure)
        least_shown = int(linked.shows_zero(figure))
        if reason == 1:
            require(not is_flag and not is_mark and p["threshold"] > least_shown, "figure %d: cannot be small" % figure)
            bounds.append(p["threshold"] - 1 - least_shown)
            values.append(add(points[figure], negate(multiply(least_shown, BASE))) if least_shown else points[figure])
        elif reason == 2:
            require(is_flag, "figure %d: cannot be few" % figure)
            bounds.append(p["least"] - 1)
            values.append(points[figure])
        elif reason == 6 and is_mark:
            bounds.append(linked.counted[figure // linked.n_cells] - 1)
            values.append(add(points[figure], negate(BASE)))
        if reason in (1, 2) or (reason == 6 and is_mark):
            proven.append(figure)
    absorbed = [points[figure] for figure in proven]
    for figure, runs, side in needed:
        of_needed = prove_needed(points[figure], runs, side)
        proven += [figure] * len(of_needed)
        bounds += [bound for bound, _ in of_needed]
        values += [value for _, value in of_needed]
        absorbed += [value for _, value in of_needed]
    require(bool(proof) == bool(proven), "a proof of nothing, or none of something")
    if proven:
        t, bits = start(p["context"], p["revision"], 2, 0, 0, n_counted, proven, bounds, [])
        t.absorb("V", b"".join(encode(value) for value in absorbed))
        verify_proof(t, bits, values, bounds, proof, "suppression")
    reasons = dict(hidden)
    for figure, reason in hidden:
        kind = linked.cells[figure]["kind"]
        require(kind != "answered" or reason in (2, 5, 7), "figure %d: answers are hidden for being few" % figure)
        require(reason != 8 or linked.can_be_withdrawn(figure, reasons), "figure %d: cannot be withdrawn" % figure)
    counts = [figure for figure in range(linked.n_listed)
              if linked.cells[figure]["kind"] in ("total", "category") and not linked.cells[figure]["absent"]]
    everywhere = linked.with_frozen(totals, reasons)[1]
    for figure in counts:
        require(not linked.is_never_shown(figure) or reasons.get(figure) in (5, 6, 7, 8), "figure %d: for all together only" % figure)
        if figure not in reasons:
            require(not linked.is_hidden_along(figure, everywhere), "figure %d: must be hidden with another" % figure)
        if reasons.get(figure) not in (5, 6, 7):
            depends = linked.depends(figure, everywhere)
            require((reasons.get(figure) == 3) == depends, "figure %d: dependent or not" % figure)
    marked = {(f // linked.n_cells, linked.cells[f]["indicator"]["code"])
              for f in reasons if linked.cells[f]["kind"] == "mark" and reasons[f] == 6}
    for figure in counts:
        is_marked = (figure // linked.n_cells, linked.cells[figure]["indicator"]["code"]) in marked
        require(reasons.get(figure) == 7 or (reasons.get(figure) == 6) == is_marked, "figure %d: marked or not" % figure)
    return reasons, {figure: runs for figure, runs, _ in needed}


def figures_of(p, cells):
    """Section 8: every cell over all contributors, then over each group."""
    blocks = [("", "", "", range(len(p["roster"])))] + p["groups"]
    return [dict(cell, cell=cell["code"], block=b, code=(group[0] + "/" if b else "") + cell["code"])
            for b, group in enumerate(blocks) for cell in cells]


def word_of(cell, reason):
    """What the catalogue publishes for all contributors together only is that, whatever else."""
    is_whole_only = cell["block"] and cell["kind"] in ("total", "category") and cell["indicator"]["whole_only"]
    return "whole" if is_whole_only else REASONS[reason]


def table(p, cells, totals, reasons):
    """Section "The table"; `cells` go on with those of a roll-up."""
    quote = lambda s: '"%s"' % s.replace('"', '""') if re.search('[,"\r\n]', s) else s
    lines = [
        "collection,period,revision,group,group_sv,group_en,cell,kind,indicator_sv,indicator_en,dimension_sv,dimension_en,"
        "category_sv,category_en,unit_sv,unit_en,value,reason".split(",")
    ]
    for i, cell in enumerate(cells):
        if cell.get("absent"):
            continue
        units = {"answered": ("svarande", "answering"), "mark": ("markeringar", "marks")}
        unit = units.get(cell["kind"], cell["indicator"]["unit"])
        value = (str(totals[i]), "") if i in totals else ("..", word_of(cell, reasons[i]))
        group = p["groups"][cell["block"] - 1][:3] if cell["block"] else ("", "", "")
        line = (p["collection"], cell.get("period", p["period"]), str(p["revision"]))
        lines.append(line + tuple(group) + (cell["cell"], cell["kind"]) + cell["indicator"]["label"] + cell["labels"] + unit + value)
    return "".join(",".join(map(quote, line)) + "\n" for line in lines).encode()


def verify_page(name, data, cells, totals):
    figures = re.findall(r'data-cell="([^"]*)"[^>]*>([^<]*)<', data.decode("utf-8"))
    require(figures, name + ": no figure")
    by_code = {cell["code"]: i for i, cell in enumerate(cells) if not cell.get("absent")}
    for code, text in figures:
        require(code in by_code, name + ": unknown cell " + code)
        shown = re.sub("[\u00a0\u202f, ]", "", html.unescape(text)).strip()
        i = by_code[code]
        require(shown == (str(totals[i]) if i in totals else ".."), "%s: %s shows %s" % (name, code, text))
    return len(figures)


def read_trust(path):
    keys = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                who, key = line.split()
                keys[who] = base64.urlsafe_b64decode(key + "=")
    require(set(keys) == {"publisher", "second", "leader", "helper"}, "the trust file needs four keys")
    require(len(set(keys.values())) == len(keys), "one key for two in the trust file")
    return keys


def verify_parameters(data, trust):
    r = Reader(data)
    encoded = r.opaque(4)
    p = decode_parameters(encoded, generators_hash())
    require(p["second"] == trust["second"], "second: not the trusted key")
    for who in ("publisher", "leader", "helper"):
        require(p[who] == trust[who], who + ": not the trusted key")
        verify("skarva-1 sign parameters", r.take(64), p[who], p["context"]["parameters"], who + ", parameters")
    r.end()
    return p


def verify_year(data, p, linked, sums):
    """Section 18, the file `year`: returns the totals of the roll-up by figure."""
    totals, first = {}, linked.n_published // 2
    for figure, halves in decode_year(data):
        require(first <= figure < linked.n_published and not linked.cells[figure]["absent"], "a figure of no roll-up")
        for xr, commitments in zip(halves, sums):
            require(equal(opened(xr), commitments[figure - first]), "figure %d: opening of the year" % figure)
        totals[figure] = sum(scalar(xr[:32]) for xr in halves) % L
        most = linked.counted[figure // linked.n_cells] * linked.cells[figure]["bound"]
        require(totals[figure] <= most, "figure %d: not a number" % figure)
    return totals


def year_figures(p, cells, linked):
    """The figures of the roll-up, as table and pages name them."""
    name = p["period"][:4]
    return [dict(cell, period=name, code=name + ":" + cell["code"], absent=linked.cells[len(cells) + i]["absent"])
            for i, cell in enumerate(cells)]


def verify_bundle(data, trust, earlier_data=None, beside=(), policy=None):
    """`earlier_data`: what a correction corrects, if it is not among those `beside`. `policy`: of the public log, got elsewhere."""
    files = read_archive(data)
    by_name = dict(files)
    submissions = [name for name, _ in files if name.startswith("submissions/")]
    changes = ["changes"] if "changes" in by_name else []
    rounding = ["rounding"] if "rounding" in by_name else []
    linking = [name for name in ("earlier", "year") if name in by_name]
    of_log = [name for name in log_part.FILES if name in by_name]
    after = [name for name in ORDER[6:] if "year" in by_name or name not in YEAR_FILES]
    require([name for name, _ in files] == ORDER[:3] + sorted(submissions) + of_log + ORDER[3:6] + rounding + changes + linking + after, "files of the bundle")
    require(linking != ["year"], "a roll-up without the releases that it is linked with")
    require(by_name["bundle"] == b"skarva bundle 1\n", "not a bundle of version 1")
    p = verify_parameters(by_name["parameters"], trust)
    place = verify_release(files, p["context"], trust)
    require(bool(rounding) == (p["rounding"] > 0), "rounded figures are there exactly if the policy rounds")
    require(bool(changes) == (p["previous"] is not None), "changes are of corrections, and of every correction")
    cells, rules = layout(p)
    earlier = None
    if p["previous"] is not None:
        earlier_data = earlier_data or find_task(beside, p["previous"][0])
        require(earlier_data is not None, "a correction: the bundle of what it corrects is needed")
        earlier = Earlier(earlier_data, p, len(cells), generators_hash())
        verify_chain(place, earlier, earlier_data)
    counted, accepted_hash = decode_accepted(by_name["accepted"], p["context"], trust)
    log_part.verify_part(by_name, p, policy)
    require(len(counted) >= p["least"], "too few contributors")
    require(submissions == ["submissions/%05d" % c for c in sorted(counted)], "not the counted submissions")
    blocks = [range(len(p["roster"]))] + keep_groups(p, set(counted))
    shares = {}
    sums = [[IDENTITY] * (len(cells) * len(blocks)), [IDENTITY] * (len(cells) * len(blocks))]
    for name in submissions:
        contributor = int(name[-5:])
        before = earlier.points(contributor, len(cells)) if earlier else None
        parts = verify_submission_once(by_name[name], counted[contributor], p, cells, rules, before)
        shares[contributor] = parts
        for block, members in enumerate(blocks):
            if contributor in members:
                for s, v in zip(sums, parts):
                    for i, point in enumerate(v[: len(cells)]):
                        s[block * len(cells) + i] = add(s[block * len(cells) + i], point)
    if earlier:
        verify_changes(decode_changes(by_name["changes"], p["context"], trust, accepted_hash, len(earlier.atoms)), earlier, shares, pedersen_h())
    by_hash = {hashlib.sha256(one).digest(): one for one in beside}
    require(linking or p["previous"] is None, "a correction that is not linked with what it corrects")
    year = Year(files, p, counted, place, trust, generators_hash(), by_hash.get, cells) if linking else None
    require(year is None or earlier is None or year.has_bundle(earlier_data), "what is corrected is another bundle than the one that is linked")
    require_all_listed(beside, p, place, year.entries if year else [], generators_hash(), trust, cells)
    linked = year.link(rules) if year else Linked(p, cells, rules, release_layer(p, len(cells), counted))
    cells = figures_of(p, cells)
    totals = verify_openings(by_name["aggregates"], p, cells, sums, accepted_hash)
    first = len(cells)
    if year and "year" in by_name:
        year_sums = year.year_sums(sums, trust)
        totals.update(verify_year(by_name["year"], p, linked, year_sums))
        sums = [own + of_year for own, of_year in zip(sums, year_sums)]
        cells = cells + year_figures(p, cells, linked)
    if rounding:
        rounded = verify_rounding(by_name["rounding"], p, linked, sums, totals, len(counted))
        totals = {**totals, **rounded}
    reasons, needed = verify_suppression(by_name["suppression"], p, linked, sums, totals, len(counted))
    require(not any(reason == 7 for figure, reason in reasons.items() if figure >= linked.n_published), "a difference is kept")
    verify_kept(earlier, reasons, trust, first)
    if year:
        year.verify_kept(reasons, first)
    verify_certificate(by_name["certificate"], linked, totals, reasons, needed)
    require(by_name["table.csv"] == table(p, cells, totals, reasons), "the table says something else")
    words = {f: word_of(cell, reasons[f]) for f, cell in enumerate(cells) if f in reasons}
    for name, derive, is_year in DATA_FILES:
        if name in by_name:
            require(by_name[name] == derive(p, cells, totals, words, is_year), name + " says something else")
    n_figures = sum(verify_page(name, by_name[name], cells, totals) for name in ("page.sv.html", "page.en.html"))
    return "%d submissions, %d of %d cells open, %d figures" % (len(counted), len(totals), len(cells), n_figures)


def main():
    if len(sys.argv) not in (3, 4):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        beside = bundles_at(sys.argv[3] if len(sys.argv) == 4 else os.path.dirname(sys.argv[1]) or ".")
        with open(sys.argv[1], "rb") as f:
            print("verified: " + verify_bundle(f.read(), read_trust(sys.argv[2]), beside=beside))
        return 0
    except FAULTS as e:
        print("refused: %s" % e)
        return 1


if __name__ == "__main__":
    sys.exit(main())
