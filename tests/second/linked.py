# SPDX-License-Identifier: EUPL-1.2
"""linked.py - docs/disclosure-control.md for a verifier that searches for nothing: the linked system of blocks (section 11), the
intervals (section 5), and the check of a certificate (section 10)."""
from messages import NONE, decode_certificate
from ristretto import require

UNKNOWN = 255


def keep_groups(p, counted):
    """Section 11: the members of each group, none of those that are not summed."""
    groups, kept = [frozenset(group[3]) for group in p["groups"]], []
    for g, members in enumerate(groups):
        tried = kept + [g]
        atoms = {}
        for i in counted:
            key = tuple(i in groups[k] for k in tried)
            atoms[key] = atoms.get(key, 0) + 1
        if all(n >= p["least"] for n in atoms.values()):
            kept = tried
    return [members if g in kept else frozenset() for g, members in enumerate(groups)]


class Linked:
    """Blocks, and over all their figures: cells, bounds, rules (constant, width, terms, submissions)."""

    def __init__(self, p, cells, rules, counted):
        self.p, self.n_cells = p, len(cells)
        everyone = frozenset(range(len(p["roster"])))
        groups = keep_groups(p, counted)
        published = [everyone] + groups
        members, self.parts = list(published), [None] * len(published)
        for plus, a in enumerate(published):
            for minus, b in enumerate(published):
                if b < a and a - b not in members:
                    members.append(a - b)
                    self.parts.append((plus, minus))
        n_listed = len(members)
        atoms = {}
        for i in sorted(everyone):
            atoms.setdefault(tuple(i in g for g in groups), []).append(i)
        atoms = [frozenset(a) for a in atoms.values()]
        members += [a for a in atoms if a not in members]
        self.members, self.counted = members, [len(m & counted) for m in members]
        self.n_published, self.n_listed = len(published) * len(cells), n_listed * len(cells)
        self.cells = [dict(cell, block=b) for b in range(len(members)) for cell in cells]
        self.rules = [(c, w, [(b * len(cells) + i, k) for i, k in terms], self.counted[b])
                      for b in range(len(members)) for c, w, terms in rules]
        n = len(cells)
        for b in range(len(published), n_listed):
            plus, minus = self.parts[b]
            self.rules += [(0, 0, sorted([(plus * n + i, 1), (minus * n + i, -1), (b * n + i, -1)]), 0) for i in range(n)]
        for b, block in enumerate(published):
            inner = [members.index(a) for a in atoms if a <= block]
            if len(inner) > 1:
                self.rules += [(0, 0, sorted([(a * n + i, 1) for a in inner] + [(b * n + i, -1)]), 0) for i in range(n)]

    def shows_zero(self, figure):
        zeros = self.cells[figure]["indicator"].get("zeros", 0)
        return self.p["show_zero"] if zeros == 0 else zeros == 1

    def depends(self, figure, reasons):
        """Sections 2 and 11: whether a count that is not marked is DEPENDENT."""
        block, at = divmod(figure, self.n_cells)
        cell = self.cells[figure]
        if cell["flag"] is not None and reasons.get(block * self.n_cells + cell["flag"]) == 2:
            return True
        parents = [block * self.n_cells + cell["total"]] if cell["kind"] == "category" else []
        parents += [b * self.n_cells + at for b in range(self.n_listed // self.n_cells) if self.members[b] > self.members[block]]
        return any(reasons.get(parent) in (1, 3, 8) for parent in parents)

    def subtract(self, of_published, difference):
        """Something known of published figures, carried on to differences."""
        out = list(of_published)
        for f in range(self.n_published, self.n_listed):
            plus, minus = self.parts[f // self.n_cells]
            cell = f % self.n_cells
            out.append(difference(out[plus * self.n_cells + cell], out[minus * self.n_cells + cell]))
        return out

    def rounds(self, figure):
        return self.p["rounding"] > 0 and self.cells[figure]["kind"] in ("total", "category")

    def known(self, figure, value):
        """Section 14: what a shown value tells, before the most that there can be."""
        if not self.rounds(figure):
            return value, value
        most = self.p["rounding"] - 1
        return (0, 0) if value == 0 else (max(self.p["threshold"], value - most), value + most)

    def first_intervals(self, totals, reasons):
        p, intervals = self.p, []
        for f, cell in enumerate(self.cells):
            n = self.counted[cell["block"]]
            cap = n * cell["bound"]
            reason = reasons.get(f, UNKNOWN if f >= self.n_published else 0)
            if reason == 0:
                low, high = self.known(f, totals[f])
                interval = low, min(high, cap) if self.rounds(f) else high
                require(interval[0] <= interval[1], "figure %d: no total is shown like that" % f)
            elif reason == 1:
                interval = int(self.shows_zero(f)), min(p["threshold"] - 1, cap)
            elif reason == 2:
                interval = 0, min(p["least"] - 1, n)
            elif reason == 6:
                interval = int(cell["kind"] == "mark"), cap
            elif reason == 4:
                interval = max(p["threshold"], 1), cap
            else:
                interval = 0, cap
            intervals.append(interval)
        return intervals

    def run_rounds(self, intervals):
        now = list(intervals)
        for _ in range(100):
            before = list(now)
            for constant, width, terms, n in self.rules:
                for i, k in terms:
                    others = [sorted((q * now[j][0], q * now[j][1])) for j, q in terms if j != i]
                    low = -n * constant - sum(most for _, most in others)
                    high = n * (width - constant) - sum(least for least, _ in others)
                    low, high = (low, high) if k > 0 else (-high, -low)
                    now[i] = max(now[i][0], -(-low // abs(k))), min(now[i][1], high // abs(k))
                    require(now[i][0] <= now[i][1], "the totals contradict the rules")
            if now == before:
                break
        return now

    def null(self, totals):
        """The parts of published zeros."""
        null = {f for f, total in totals.items() if total == 0}
        grown = True
        while grown:
            grown = False
            for constant, width, terms, _ in self.rules:
                sides = [{i for i, k in terms if k > 0}, {i for i, k in terms if k < 0}]
                for this, other in ((0, 1), (1, 0)):
                    if constant == 0 and (this == 0 or width == 0) and sides[this] <= null and not sides[other] <= null:
                        null |= sides[other]
                        grown = True
        return null

    def stranded(self, totals):
        """Figures from which rules lead to no open count of at least 1."""
        is_flag = lambda f: self.cells[f]["kind"] not in ("total", "category")
        reached = {f for f, total in totals.items() if total >= 1 and not is_flag(f)}
        grown = True
        while grown:
            grown = False
            for _, _, terms, _ in self.rules:
                counts = {i for i, _ in terms if not is_flag(i)}
                if counts & reached and not counts <= reached:
                    reached |= counts
                    grown = True
        return set(range(len(self.cells))) - reached

    def demands(self, totals, reasons, first, now):
        p, null, stranded, demands = self.p, self.null(totals), self.stranded(totals), []
        for f, cell in enumerate(self.cells):
            reason = reasons.get(f, UNKNOWN)
            enough = self.counted[cell["block"]] >= p["least"]
            if cell["flag"] is not None:
                answered = now[cell["block"] * self.n_cells + cell["flag"]]
                enough = enough and (answered[0] >= p["least"] or answered[1] == 0)
            harmless = enough and (now[f][0] >= p["threshold"] or now[f][1] == 0 and self.shows_zero(f))
            flag = cell["kind"] not in ("total", "category") and len(self.members) > 1
            waived = f in stranded and reason in (4, UNKNOWN)
            if f in totals or f in null or flag or waived or reason == UNKNOWN and harmless:
                demands.append(0)
            else:
                demands.append(min(p["protection"], first[f][1] - first[f][0]))
        return demands


def verify_certificate(data, linked, totals, reasons):
    pairs, tables = decode_certificate(data)
    first = linked.first_intervals(totals, reasons)
    now = linked.run_rounds(first)
    demands = linked.demands(totals, reasons, first, now)
    variables = [f for f, (low, high) in enumerate(now) if low < high]
    require(len(pairs) == len(variables), "the certificate is of other figures")
    require(all(demands[f] == 0 for f, (low, high) in enumerate(now) if low == high), "a figure has one value left")
    for values in tables:
        x = [low for low, _ in now]
        for f, value in zip(variables, values):
            x[f] = value
        for f, value in enumerate(x):
            require(first[f][0] <= value <= first[f][1], "a table of the certificate is not what a reason says")
        for constant, width, terms, n in linked.rules:
            total = n * constant + sum(k * x[i] for i, k in terms)
            require(0 <= total <= n * width, "a table of the certificate breaks a rule")
    for at, (f, (low, high)) in enumerate(zip(variables, pairs)):
        require((demands[f] == 0) == (low == NONE), "figure %d: tables named or not" % f)
        require(demands[f] == 0 or tables[high][at] - tables[low][at] >= demands[f], "figure %d: can be worked out" % f)
