# SPDX-License-Identifier: EUPL-1.2
"""messages.py - decoding what a bundle holds, from docs/protocol.md alone."""
import hashlib

from ristretto import Refused, require, verify_signature

NONE = 2**32 - 1


def u32(value):
    return value.to_bytes(4, "big")


def u64(value):
    return (value % 2**64).to_bytes(8, "big")


def opaque8(data):
    return bytes([len(data)]) + data


def hash_labelled(label, data):
    return hashlib.sha256(opaque8(label.encode()) + data).digest()


def verify(label, signature, key, message, what):
    verify_signature(signature, key, opaque8(label.encode()) + message, what + ": signature")


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        require(self.at + n <= len(self.data), "a message ends too early")
        self.at += n
        return self.data[self.at - n : self.at]

    def number(self, n):
        return int.from_bytes(self.take(n), "big")

    def signed(self):
        value = self.number(8)
        return value - 2**64 if value >= 2**63 else value

    def flag(self):
        value = self.number(1)
        require(value <= 1, "a flag is neither 0 nor 1")
        return value == 1

    def opaque(self, prefix):
        return self.take(self.number(prefix))

    def string(self, prefix):
        return self.opaque(prefix).decode("utf-8")

    def text(self):
        return self.string(2), self.string(2)

    def list(self, read):
        return [read() for _ in range(self.number(2))]

    def end(self):
        require(self.at == len(self.data), "a message is too long")


def decode_catalogue(data):
    r = Reader(data)
    version = r.number(1)
    require(version in (2, 3), "version of the catalogue")
    strings = lambda: r.list(lambda: r.string(2))
    code = lambda: r.string(1)
    code(), code()
    title, _, source = r.text(), r.text(), r.text()

    def dimension():
        return {
            "code": code(),
            "label": r.text(),
            "multiple": r.flag(),
            "categories": r.list(lambda: (code(), r.text(), strings())),
        }

    def kind():
        code(), r.text()
        r.list(lambda: (code(), r.number(1), r.number(4), r.flag(), strings()))

    def indicator():
        out = {"code": code(), "label": r.text(), "description": r.text(), "unit": r.text()}
        r.number(1), r.text()
        out["cadence"] = r.number(1)
        r.number(1)
        out["bound"] = r.number(8)
        r.number(8)
        out["blank"] = r.flag()
        out["zeros"], out["yearly"] = r.number(1), r.number(1)
        out["marks"] = r.flag()
        out["population"], out["per"] = r.number(1), r.number(4)
        out["whole_only"] = version == 3 and r.flag()
        require(out["zeros"] <= 2 and out["yearly"] <= 1 and out["population"] <= 3, "how an indicator is published")
        require(out["per"] in ((1000, 10000) if out["population"] else (0,)), "denominator of an indicator")
        out["tables"] = r.list(lambda: r.number(4))
        r.number(4), r.number(4)
        distinct = r.number(4) != 2**32 - 1
        require(not out["yearly"] or not (distinct or out["cadence"] == 5), "what may be added up over a year")
        r.list(lambda: (r.number(4), strings()))
        return out

    def rule():
        code(), r.text()
        equality, constant = r.flag(), r.signed()
        return equality, constant, r.list(lambda: (r.string(1), r.signed()))

    out = {"title": title, "source": source, "dimensions": r.list(dimension)}
    r.list(kind)
    out["indicators"] = r.list(indicator)
    require(any(i["whole_only"] for i in out["indicators"]) == (version == 3), "version of the catalogue")
    out["rules"] = r.list(rule)
    r.end()
    return out


def decode_roster(data):
    r = Reader(data)
    roster = [(r.opaque(1), r.string(2), r.take(32)) for _ in range(r.number(4))]
    r.end()
    codes = [c[0] for c in roster]
    require(codes == sorted(set(codes)), "the roster is not in strict order")
    require(len({c[2] for c in roster}) == len(roster), "one key twice on the roster")
    return roster


def decode_hpke_config(r):
    r.number(1)
    require((r.number(2), r.number(2), r.number(2)) == (0x0020, 1, 1), "an encryption key of another suite")
    key = r.opaque(2)
    require(len(key) == 32, "length of an encryption key")
    return key


def decode_groups(data, n_roster, least):
    r = Reader(data)
    groups = [(r.string(1), r.string(2), r.string(2), [r.number(4) for _ in range(r.number(4))])
              for _ in range(r.number(4))]
    r.end()
    for code, _, _, members in groups:
        require(members == sorted(set(members)) and members[-1] < n_roster, "the members of a group")
        require(code != "all" and least <= len(members) < n_roster, "a group too small, or everyone")
    require(len({g[0] for g in groups}) == len(groups), "two groups of one code")
    require(len({tuple(g[3]) for g in groups}) == len(groups), "two groups of the same members")
    atoms = {}
    for contributor in range(n_roster):
        key = tuple(contributor in g[3] for g in groups)
        atoms[key] = atoms.get(key, 0) + 1
    require(all(n >= least for n in atoms.values()), "groups that isolate too few contributors")
    return groups


def decode_parameters(data, generators_hash):
    r = Reader(data)
    require(r.number(1) == 1, "version of the parameters")
    p = {"collection": r.string(1), "period": r.string(1), "revision": r.number(4), "previous": None}
    if p["revision"] > 0 and r.flag():
        p["previous"] = r.take(32), r.take(32)
    p["cadence"] = r.number(1)
    p["start"], p["duration"] = r.number(8), r.number(8)
    p["least"], p["threshold"], p["show_zero"] = r.number(4), r.number(8), r.flag()
    p["protection"], p["rounding"] = r.number(8), r.number(8)
    p["policy"] = p["least"], p["threshold"], p["show_zero"], p["protection"], p["rounding"]
    p["urls"] = r.string(2), r.string(2)
    p["publisher"], p["second"], p["leader"], p["helper"] = r.take(32), r.take(32), r.take(32), r.take(32)
    keys = [p["publisher"], p["second"], p["leader"], p["helper"], decode_hpke_config(r), decode_hpke_config(r)]
    r.number(1)
    keys.append(r.take(32))
    require(len(set(keys)) == len(keys) and bytes(32) not in keys, "a key is missing, or two are the same")
    require(r.take(32) == generators_hash, "the parameters are for other generators")
    p["log_policy"] = r.take(32)
    catalogue, roster, groups = r.opaque(4), r.opaque(4), r.opaque(4)
    r.end()
    p["catalogue"], p["roster"] = decode_catalogue(catalogue), decode_roster(roster)
    p["groups_encoded"], p["roster_encoded"] = groups, roster
    p["groups"] = decode_groups(groups, len(p["roster"]), p["least"])
    require(3 <= p["least"] <= len(p["roster"]) and p["threshold"] >= 1, "policy")
    require(p["rounding"] == 0 or 2 <= p["rounding"] <= min(1000, p["threshold"]), "policy: rounding")
    parameters_hash = hash_labelled("skarva-1 parameters", data)
    p["context"] = {
        "task": hash_labelled("skarva-1 task id", parameters_hash),
        "collection": hash_labelled("skarva-1 collection", opaque8(p["collection"].encode()) + p["publisher"]),
        "catalogue": hash_labelled("skarva-1 catalogue", catalogue),
        "parameters": parameters_hash,
        "generators": generators_hash,
        "roster": hash_labelled("skarva-1 roster", roster),
        "period": p["period"].encode(),
    }
    return p


def _cells(p):
    cells = []
    for indicator in p["catalogue"]["indicators"]:
        if indicator["cadence"] != p["cadence"]:
            continue
        total = len(cells)
        base = {"indicator": indicator, "total": total, "flag": None, "labels": ("", "", "", "")}
        cells.append(dict(base, code=indicator["code"], kind="total", bound=indicator["bound"]))
        if indicator["blank"]:
            base["flag"] = cells[total]["flag"] = len(cells)
            cells.append(dict(base, code=indicator["code"] + ".answered", kind="answered", bound=1, flag=None))
        if indicator["marks"]:
            cells.append(dict(base, code=indicator["code"] + ".marked", kind="mark", bound=1, flag=None))
        for table in indicator["tables"]:
            dimension = p["catalogue"]["dimensions"][table]
            for code, label, _ in dimension["categories"]:
                name = ".".join((indicator["code"], dimension["code"], code))
                labels = dimension["label"] + label
                cells.append(dict(base, code=name, kind="category", bound=indicator["bound"], labels=labels, dimension=table))
    return cells


def _rules(p, cells):
    rules, at = [], 0
    by_code = {cell["code"]: i for i, cell in enumerate(cells)}
    for i, cell in enumerate(cells):
        if cell["kind"] != "total":
            continue
        bound, at = cell["bound"], i + 1
        if cell["flag"] is not None:
            rules.append((0, bound, [(i, -1), (cell["flag"], bound)]))
            at += 1
        at += cell["indicator"]["marks"]
        for table in cell["indicator"]["tables"]:
            dimension = p["catalogue"]["dimensions"][table]
            members = range(at, at + len(dimension["categories"]))
            at = members.stop
            if dimension["multiple"]:
                rules += [(0, bound, [(i, 1), (j, -1)]) for j in members]
            else:
                rules.append((0, 0, [(i, -1)] + [(j, 1) for j in members]))
    for equality, constant, terms in p["catalogue"]["rules"]:
        if terms[0][0] in by_code:
            terms = sorted((by_code[code], k) for code, k in terms)
            most = constant + sum(k * cells[j]["bound"] for j, k in terms if k > 0)
            rules.append((constant, 0 if equality else most, terms))
    return rules


def layout(p):
    cells = _cells(p)
    return cells, _rules(p, cells)


def decode_accepted(data, context, keys):
    r = Reader(data)
    listed = r.opaque(4)
    accepted_hash = hash_labelled("skarva-1 sign accepted", listed)
    for who in ("leader", "helper"):
        verify("skarva-1 sign accepted", r.take(64), keys[who], accepted_hash, who + ", accepted list")
    r.end()
    return decode_accepted_list(listed, context), accepted_hash


def decode_accepted_list(listed, context):
    """The counted entries, by contributor."""
    r = Reader(listed)
    require(r.number(1) == 1, "version of the accepted list")
    require(r.take(32) == context["task"] and r.take(32) == context["parameters"], "accepted list of another task")
    r.take(8)
    entry = lambda: (r.number(4), r.number(8), r.take(16), r.take(32), r.number(8))
    entries = [entry() for _ in range(r.number(4))]
    r.end()
    order = [e[:2] for e in entries]
    require(order == sorted(set(order)), "the accepted list is not in strict order")
    require(len({e[2] for e in entries}) == len(entries), "one report twice")
    return {e[0]: e for e in entries}  # the last entry of a contributor counts


def decode_changes(data, context, keys, accepted_hash, n_atoms):
    """Leader's and helper's openings (x | r) of the flags' sums, by atom."""
    both, found = Reader(data), []
    for role, who in ((2, "leader"), (3, "helper")):
        encoded = both.opaque(4)
        verify("skarva-1 sign changes", encoded[-64:], keys[who], encoded[:-64], who + ", changes")
        r = Reader(encoded[:-64])
        require(r.number(1) == 1 and r.take(32) == context["task"] and r.number(1) == role, "changes of another")
        require(r.take(32) == accepted_hash and r.number(4) == n_atoms, "changes of another list")
        found.append([r.take(64) for _ in range(n_atoms)])
        r.end()
    both.end()
    return found


def decode_openings(data):
    r = Reader(data)
    require(r.number(1) == 1, "version of the openings")
    roots = [(r.take(32), r.take(64)) for _ in range(2)]
    half = lambda: (r.take(64), [r.take(32) for _ in range(r.number(1))])
    openings = [(r.number(4), [half(), half()]) for _ in range(r.number(4))]
    r.end()
    return roots, openings


def decode_suppression(data):
    r = Reader(data)
    require(r.number(1) == 1, "version of the suppression")
    hidden = [(r.number(4), r.number(1)) for _ in range(r.number(4))]
    needed = []
    for _ in range(r.number(4)):
        figure, n = r.number(4), r.number(1)
        require(n in (1, 2), "one run or two")
        runs = [(r.number(8), r.number(8)) for _ in range(n)]
        require(all(lo <= hi for lo, hi in runs) and runs[0][0] >= 1 and runs[-1][1] < 1 << 63 and runs[-1][1] - runs[0][0] < 256, "runs of totals")
        require(n == 1 or runs[0][1] + 1 < runs[1][0], "runs without a gap")
        require((figure, 4) in hidden and (not needed or needed[-1][0] < figure), "proven to be needed, and no complement")
        needed.append((figure, runs, r.take(32) if n == 2 else None))
    proof = r.opaque(4)
    r.end()
    return hidden, needed, proof


def decode_rounding(data):
    """Section 18: (figure, value) in order, and the proofs."""
    r = Reader(data)
    require(r.number(1) == 1, "version of the rounded figures")
    rounded = [(r.number(4), r.number(8)) for _ in range(r.number(4))]
    proofs = [r.opaque(4) for _ in range(-(-len(rounded) // 256))]
    r.end()
    return rounded, proofs


def decode_linked(data):
    """Section 18, the file `earlier`: (period, revision, task, hash of the bundle) of each."""
    r = Reader(data)
    require(r.number(1) == 1, "version of the earlier releases")
    entries = [(r.string(1), r.number(4), r.take(32), r.take(32)) for _ in range(r.number(4))]
    r.end()
    require(1 <= len(entries) <= 48, "number of earlier releases")
    return entries


def decode_year(data):
    """Section 18, the file `year`: (figure, leader's and helper's x | r) in order."""
    r = Reader(data)
    require(r.number(1) == 1, "version of the year's openings")
    openings = [(r.number(4), [r.take(64), r.take(64)]) for _ in range(r.number(4))]
    r.end()
    order = [figure for figure, _ in openings]
    require(order == sorted(set(order)), "the year's openings are not in strict order")
    return openings


def decode_certificate(data):
    """Pairs by hidden cell, and the tables."""
    r = Reader(data)
    require(r.number(1) == 1, "version of the certificate")
    n_variables, n_tables = r.number(4), r.number(4)
    require((n_variables == 0) == (n_tables == 0), "a certificate without tables or without variables")
    pairs = [(r.number(4), r.number(4)) for _ in range(n_variables)]
    tables = [[r.number(8) for _ in range(n_variables)] for _ in range(n_tables)]
    r.end()
    for pair in pairs:
        require(pair == (NONE, NONE) or max(pair) < n_tables, "a table that is not there")
    return pairs, tables


def read_archive(data):
    """The files of a bundle in order, from its ustar form."""
    files, at = [], 0
    while data[at : at + 1024] != bytes(1024):
        header = data[at : at + 512]
        require(len(header) == 512, "the archive ends too early")
        name, size = header[:100].rstrip(b"\0"), int(header[124:135], 8)
        octal = lambda value, width: b"%0*o\0" % (width - 1, value)
        want = name.ljust(100, b"\0") + octal(0o644, 8) + octal(0, 8) * 2 + octal(size, 12) + octal(0, 12)
        want += b" " * 8 + b"0" + bytes(100) + b"ustar\00000" + bytes(64) + octal(0, 8) * 2
        want = want.ljust(512, b"\0")
        want = want[:148] + b"%06o\0 " % sum(want) + want[156:]
        require(header == want, "a header of the archive has another form")
        body = data[at + 512 : at + 512 + size]
        at += 512 + (size + 511) // 512 * 512
        require(not any(data[at - (-size % 512) : at]), "padding of the archive")
        files.append((name.decode(), body))
    require(at + 1024 == len(data), "the archive goes on after its end")
    return files


def verify_release(files, context, trust):
    """Returns the release's number, and the hash of the bundle before it."""
    name, data = files[-1]
    require(name == "release", "no release")
    body = data[:-128]
    verify("skarva-1 sign release", data[-128:-64], trust["publisher"], body, "release")
    verify("skarva-1 sign release second", data[-64:], trust["second"], body, "release, second signer")
    r = Reader(body)
    require(r.number(1) == 1 and r.take(32) == context["task"], "release of another task")
    number, previous = r.number(4), r.take(32)
    require(number >= 1 and (number == 1) == (previous == bytes(32)), "the release's place among the others")
    listed = [(r.string(1), r.number(8), r.take(32)) for _ in range(r.number(4))]
    r.end()
    have = [(n, len(d), hashlib.sha256(d).digest()) for n, d in files[:-1]]
    require(listed == have, "the files are not those that were released")
    return number, previous


__all__ = [name for name in dir() if not name.startswith("_")] + ["Refused"]
