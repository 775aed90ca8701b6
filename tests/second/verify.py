#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""verify.py - a second verifier of bundles, written from docs/protocol.md alone and sharing no code with the first.

    tests/second/verify.py BUNDLE TRUST

It exists to show that the description is complete: what it leaves out, this could not do. It derives every published number
again; left to skarva-audit are the choice of complementary cells (docs/disclosure-control.md) and the reading of HTML beyond the
figures. Slow: some seconds for ten contributors with a dozen cells.
"""
import base64
import hashlib
import html
import json
import re
import sys

from messages import *
from ristretto import BASE, IDENTITY, L, add, combine, decode, encode, equal, from_uniform, multiply, negate, require

ORDER = ["bundle", "parameters", "accepted", "aggregates", "suppression", "certificate", "table.csv", "table.json", "table.px", "page.sv.html", "page.en.html", "release"]
REASONS = {1: "small", 2: "few", 3: "dependent", 4: "complement", 6: "marked"}
_cache = {}


def generator(label, index=None):
    if (label, index) not in _cache:
        data = opaque8(label.encode()) + (b"" if index is None else u32(index))
        _cache[label, index] = from_uniform(hashlib.sha512(data).digest())
    return _cache[label, index]


def pedersen_h():
    return generator("skarva-1 pedersen H")


def generators_hash():
    points = [BASE, pedersen_h(), generator("skarva-1 proof H'")]
    for label in ("skarva-1 proof Gs", "skarva-1 proof Hs"):
        points += [generator(label, i) for i in range(64)]
    return hashlib.sha256(b"".join(map(encode, points))).digest()


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


def verify_submission(data, entry, p, cells, rules):
    """Returns V1 and V2."""
    contributor, number, report_id, sha256, length = entry
    what = "submission of contributor %d" % contributor
    share = data[16:]
    require(data[:16] == report_id and len(share) == length, what + ": not the accepted one")
    require(hashlib.sha256(share).digest() == sha256, what + ": not the accepted one")
    context, n = p["context"], len(cells)
    r = Reader(share)
    require((r.number(4), r.number(8)) == (contributor, number) and number >= 1, what + ": of another")
    v1, v2 = r.take(32 * n), r.take(32 * n)
    require(contributor < len(p["roster"]), what + ": not on the roster")
    message = context["task"] + context["parameters"] + report_id + share[:-64]
    verify("skarva-1 sign submission", share[-64:], p["roster"][contributor][2], message, what)
    bounds = [cell["bound"] for cell in cells] + [width for _, width, _ in rules]
    t, bits = start(context, p["revision"], 1, 1, contributor, number, range(n), bounds, rules)
    t.absorb("V1", v1)
    t.absorb("V2", v2)
    parts = points(v1), points(v2)
    values = [add(a, b) for a, b in zip(*parts)]
    for constant, _, terms in rules:
        values.append(combine([(constant, BASE)] + [(k, values[c]) for c, k in terms]))
    verify_proof(t, bits, values, bounds, share[12 + 64 * n : -64], what)
    return parts


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
            x, r = scalar(xr[:32]), scalar(xr[32:])
            leaf = hashlib.sha256(b"\0" + opaque8(b"skarva-1 aggregate leaf") + u32(cell) + xr).digest()
            require(merkle_root(leaf, cell, n, path) == root, "cell %d: path" % cell)
            opened = add(multiply(x, BASE), multiply(r, pedersen_h()))
            require(equal(opened, commitments[cell]), "cell %d: opening" % cell)
            total += x
        totals[cell] = total % L
        require(totals[cell] < 2**64, "cell %d: not a number" % cell)
    return totals


def verify_suppression(data, p, cells, sums, totals, n_counted):
    """Returns the reasons by cell. The primary reasons are checked against what is open; the complements are not."""
    hidden, proof = decode_suppression(data)
    order = [cell for cell, _ in hidden]
    require(order == sorted(set(order)), "the pattern is not in strict order")
    require(sorted(order + list(totals)) == list(range(len(cells))), "not every cell is either open or hidden")
    least_shown = 1 if p["show_zero"] else 0
    for cell, total in totals.items():
        if cells[cell]["kind"] == "answered":
            require(total >= p["least"], "cell %d: too few answers to be open" % cell)
        elif cells[cell]["kind"] == "mark":
            require(total == 0, "cell %d: somebody marked it" % cell)
        else:
            require(not least_shown <= total < p["threshold"], "cell %d: too small to be open" % cell)
    proven, bounds, values, shown = [], [], [], []
    for cell, reason in hidden:
        require(reason in REASONS, "an unknown reason")
        v = add(sums[0][cell], sums[1][cell])
        is_flag = cells[cell]["kind"] == "answered"
        is_mark = cells[cell]["kind"] == "mark"
        if reason == 1:
            require(not is_flag and not is_mark and p["threshold"] > least_shown, "cell %d: cannot be small" % cell)
            bounds.append(p["threshold"] - 1 - least_shown)
            values.append(add(v, negate(multiply(least_shown, BASE))) if least_shown else v)
        elif reason == 2:
            require(is_flag, "cell %d: cannot be few" % cell)
            bounds.append(p["least"] - 1)
            values.append(v)
        elif reason == 6 and is_mark:
            bounds.append(n_counted - 1)
            values.append(add(v, negate(BASE)))
        require(not is_mark or reason == 6, "cell %d: a mark is hidden as marked" % cell)
        if reason in (1, 2) or (reason == 6 and is_mark):
            proven.append(cell)
            shown.append(encode(v))
    reasons = dict(hidden)
    marked = {cells[cell]["indicator"]["code"] for cell in reasons if cells[cell]["kind"] == "mark"}
    for cell, what in enumerate(cells):
        if what["kind"] in ("total", "category"):
            is_marked = what["indicator"]["code"] in marked
            require((reasons.get(cell) == 6) == is_marked, "cell %d: marked or not" % cell)
    require(bool(proof) == bool(proven), "a proof of nothing, or none of something")
    if proven:
        t, bits = start(p["context"], p["revision"], 2, 0, 0, n_counted, proven, bounds, [])
        t.absorb("V", b"".join(shown))
        verify_proof(t, bits, values, bounds, proof, "suppression")
    return dict(hidden)


def first_intervals(p, cells, totals, reasons, n_counted):
    """disclosure-control.md, section 5."""
    intervals = []
    for i, cell in enumerate(cells):
        cap = n_counted * cell["bound"]
        intervals.append({
            None: lambda: (totals[i], totals[i]),
            1: lambda: (int(p["show_zero"]), min(p["threshold"] - 1, cap)),
            2: lambda: (0, min(p["least"] - 1, n_counted)),
            3: lambda: (0, cap),
            4: lambda: (max(p["threshold"], 1), cap),
            6: lambda: (int(cell["kind"] == "mark"), cap),
        }[reasons.get(i)]())
    return intervals


def run_rounds(intervals, rules, n_counted):
    """The rounds of section 5, on a copy."""
    now = list(intervals)
    for _ in range(100):
        before = list(now)
        for constant, width, terms in rules:
            for i, k in terms:
                others = [sorted((q * now[j][0], q * now[j][1])) for j, q in terms if j != i]
                low = -n_counted * constant - sum(most for _, most in others)
                high = n_counted * (width - constant) - sum(least for least, _ in others)
                low, high = (low, high) if k > 0 else (-high, -low)
                now[i] = max(now[i][0], -(-low // abs(k))), min(now[i][1], high // abs(k))
                require(now[i][0] <= now[i][1], "the totals contradict the rules")
        if now == before:
            break
    return now


def verify_certificate(data, p, cells, rules, totals, reasons, n_counted):
    """disclosure-control.md, section 10."""
    n_variables, pairs, tables = decode_certificate(data)
    hidden = sorted(reasons)
    require(len(pairs) == n_variables == len(hidden), "the certificate is of other cells")
    first = first_intervals(p, cells, totals, reasons, n_counted)
    now = run_rounds(first, rules, n_counted)
    for values in tables:
        x = {**totals, **dict(zip(hidden, values))}
        for i, value in x.items():
            require(first[i][0] <= value <= first[i][1], "a table of the certificate is not what a reason says")
        for constant, width, terms in rules:
            total = n_counted * constant + sum(k * x[i] for i, k in terms)
            require(0 <= total <= n_counted * width, "a table of the certificate breaks a rule")
    most = p["threshold"] - 1 - int(p["show_zero"])
    for at, (i, (low, high)) in enumerate(zip(hidden, pairs)):
        demand = min(max(1, min(2, most)), first[i][1] - first[i][0])
        if reasons[i] in (3, 6) and now[i][1] == 0:
            demand = 0
        require((demand == 0) == (low == NONE), "cell %d: tables named or not" % i)
        require(demand == 0 or tables[high][at] - tables[low][at] >= demand, "cell %d: can be worked out" % i)


def figures_of(p, cells):
    """Section 8: every cell over all contributors, then over each group."""
    blocks = [("", "", "", range(len(p["roster"])))] + p["groups"]
    return [dict(cell, cell=cell["code"], block=b, code=(group[0] + "/" if b else "") + cell["code"])
            for b, group in enumerate(blocks) for cell in cells]


def table(p, cells, totals, reasons):
    """Section "The table"."""
    quote = lambda s: '"%s"' % s.replace('"', '""') if re.search('[,"\r\n]', s) else s
    lines = [
        "collection,period,revision,group,group_sv,group_en,cell,kind,indicator_sv,indicator_en,dimension_sv,dimension_en,"
        "category_sv,category_en,unit_sv,unit_en,value,reason".split(",")
    ]
    for i, cell in enumerate(cells):
        units = {"answered": ("svarande", "answering"), "mark": ("markeringar", "marks")}
        unit = units.get(cell["kind"], cell["indicator"]["unit"])
        value = (str(totals[i]), "") if i in totals else ("..", REASONS[reasons[i]])
        group = p["groups"][cell["block"] - 1][:3] if cell["block"] else ("", "", "")
        line = (p["collection"], p["period"], str(p["revision"]))
        lines.append(line + tuple(group) + (cell["cell"], cell["kind"]) + cell["indicator"]["label"] + cell["labels"] + unit + value)
    return "".join(",".join(map(quote, line)) + "\n" for line in lines).encode()


def verify_page(name, data, cells, totals):
    figures = re.findall(r'data-cell="([^"]*)"[^>]*>([^<]*)<', data.decode("utf-8"))
    require(figures, name + ": no figure")
    by_code = {cell["code"]: i for i, cell in enumerate(cells)}
    for code, text in figures:
        require(code in by_code, name + ": unknown cell " + code)
        shown = re.sub("[\u00a0\u202f, ]", "", html.unescape(text)).strip()
        i = by_code[code]
        require(shown == (str(totals[i]) if i in totals else ".."), "%s: %s shows %s" % (name, code, text))
    return len(figures)


def verify_data_files(json_file, px_file, p, cells, totals):
    """Section "The data files": figures by block and by cell that is no mark."""
    wanted = [i for i, cell in enumerate(cells) if cell["kind"] != "mark"]
    texts = [str(totals[i]) if i in totals else ".." for i in wanted]
    groups = ["all"] + [group[0] for group in p["groups"]]
    contents = [cells[i]["cell"] for i in wanted if cells[i]["block"] == 0]
    codes = {"group": groups, "content": contents, "time": [p["period"]]}
    data = json.loads(json_file)
    require(data["id"] == list(codes) and data["size"] == [len(c) for c in codes.values()], "table.json: another shape")
    for name, want in codes.items():
        require(data["dimension"][name]["category"]["index"] == {c: i for i, c in enumerate(want)}, "table.json: other codes")
    status = data["status"]
    shown = [str(v) if type(v) is int else status.get(str(i)) for i, v in enumerate(data["value"])]
    require(shown == texts and len(status) == texts.count(".."), "table.json: other figures")
    px = px_file.decode("utf-8")
    for keyword, name in (("CODES(\"grupp\")", "group"), ("CODES(\"innehåll\")", "content"), ("CODES(\"tid\")", "time")):
        found = re.findall(r"(?m)^" + re.escape(keyword) + "=([^;]*);", px)
        require(len(found) == 1 and re.findall('"([^"]*)"', found[0]) == codes[name], "table.px: other codes")
    require('STUB="grupp","innehåll";' in px and 'HEADING="tid";' in px, "table.px: another order")
    figures = px.split("DATA=")[1].rstrip().rstrip(";").replace('"', "").split()
    require(figures == texts, "table.px: other figures")


def read_trust(path):
    keys = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                who, key = line.split()
                keys[who] = base64.urlsafe_b64decode(key + "=")
    require(set(keys) == {"publisher", "leader", "helper"}, "the trust file needs three keys")
    return keys


def verify_parameters(data, trust):
    r = Reader(data)
    encoded = r.opaque(4)
    p = decode_parameters(encoded, generators_hash())
    for who in ("publisher", "leader", "helper"):
        require(p[who] == trust[who], who + ": not the trusted key")
        verify("skarva-1 sign parameters", r.take(64), p[who], p["context"]["parameters"], who + ", parameters")
    r.end()
    return p


def verify_bundle(data, trust):
    files = read_archive(data)
    by_name = dict(files)
    submissions = [name for name, _ in files if name.startswith("submissions/")]
    require([name for name, _ in files] == ORDER[:3] + sorted(submissions) + ORDER[3:], "files of the bundle")
    require(by_name["bundle"] == b"skarva bundle 1\n", "not a bundle of version 1")
    p = verify_parameters(by_name["parameters"], trust)
    verify_release(files, p["context"], trust["publisher"])
    cells, rules = layout(p)
    counted, accepted_hash = decode_accepted(by_name["accepted"], p["context"], trust)
    require(len(counted) >= p["least"], "too few contributors")
    require(submissions == ["submissions/%05d" % c for c in sorted(counted)], "not the counted submissions")
    blocks = [range(len(p["roster"]))] + [group[3] for group in p["groups"]]
    sums = [[IDENTITY] * (len(cells) * len(blocks)), [IDENTITY] * (len(cells) * len(blocks))]
    for name in submissions:
        contributor = int(name[-5:])
        parts = verify_submission(by_name[name], counted[contributor], p, cells, rules)
        for block, members in enumerate(blocks):
            if contributor in members:
                for s, v in zip(sums, parts):
                    for i, point in enumerate(v):
                        s[block * len(cells) + i] = add(s[block * len(cells) + i], point)
    cells = figures_of(p, cells)
    totals = verify_openings(by_name["aggregates"], p, cells, sums, accepted_hash)
    reasons = verify_suppression(by_name["suppression"], p, cells, sums, totals, len(counted))
    verify_certificate(by_name["certificate"], p, cells, rules, totals, reasons, len(counted))
    require(by_name["table.csv"] == table(p, cells, totals, reasons), "the table says something else")
    verify_data_files(by_name["table.json"], by_name["table.px"], p, cells, totals)
    n_figures = sum(verify_page(name, by_name[name], cells, totals) for name in ("page.sv.html", "page.en.html"))
    return "%d submissions, %d of %d cells open, %d figures" % (len(counted), len(totals), len(cells), n_figures)


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(sys.argv[1], "rb") as f:
            print("verified: " + verify_bundle(f.read(), read_trust(sys.argv[2])))
        return 0
    except (Refused, KeyError, ValueError, UnicodeDecodeError) as e:
        print("refused: %s" % e)
        return 1


if __name__ == "__main__":
    sys.exit(main())
