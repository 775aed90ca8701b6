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


class Layer:
    """Blocks of contributors over the cells of one release, or of one roll-up (section 13); of a frozen one also its reasons,
    totals, and the runs that complements are proven to be in, by (block, cell)."""

    def __init__(self, p, n_cells, groups):
        everyone = frozenset(range(len(p["roster"])))
        self.n_cells, self.groups = n_cells, groups
        published = [everyone] + groups
        members, self.of = list(published), [None] * len(published)
        for plus, a in enumerate(published):
            for minus, b in enumerate(published):
                if b < a and a - b not in members:
                    members.append(a - b)
                    self.of.append((plus, minus))
        self.n_published, self.n_listed = len(published), len(members)
        atoms = {}
        for i in sorted(everyone):
            atoms.setdefault(tuple(i in g for g in groups), []).append(i)
        self.atoms = [frozenset(a) for a in atoms.values()]
        self.members = members + [a for a in self.atoms if a not in members]
        self.of += [None] * (len(self.members) - len(self.of))
        self.parts, self.absent = None, frozenset()
        self.frozen, self.reasons, self.totals, self.needed = False, {}, {}, {}

    def of_release(self, p, counted):
        self.p, self.contributors = p, counted
        self.counted = self.count(counted)
        self.few = [n < p["least"] for n in self.counted]
        return self

    def count(self, counted):
        """By block. Whoever is not on the roster, as a faulty list may say, is in the block of all alone."""
        return [len(counted)] + [len(m & counted) for m in self.members[1:]]

    def of_year(self, parts, absent):
        """Section 13: a block has too few if in some part it has."""
        self.parts, self.absent = parts, absent
        by_part = [self.count(part.contributors) for part in parts]
        self.counted = [sum(counts) for counts in zip(*by_part)]
        self.few = [any(n < part.p["least"] for n, part in zip(counts, parts)) for counts in zip(*by_part)]
        return self

    def standing_for(self, members):
        """The blocks here that together have these members."""
        if members in self.members:
            return [self.members.index(members)]
        return [b for b, own in enumerate(self.members) if own in self.atoms and own <= members]


def release_layer(p, n_cells, counted):
    return Layer(p, n_cells, keep_groups(p, counted)).of_release(p, frozenset(counted))


def year_layer(p, cells, parts):
    everywhere = [groups[0] if all(groups) else frozenset() for groups in zip(*(part.groups for part in parts))]
    is_count = lambda cell: cell["kind"] in ("total", "category")
    absent = frozenset(i for i, cell in enumerate(cells) if not (is_count(cell) and cell["indicator"]["yearly"]))
    return Layer(p, len(cells), everywhere).of_year(parts, absent)


class Linked:
    """Blocks, and over all their figures: cells, bounds, rules (constant, width, terms, submissions). `year`: the layer of the
    roll-up, if there is one; `frozen`: those released before; `changes`: (newer layer, older, how many changed or gone by block)."""

    def __init__(self, p, cells, rules, release, year=None, frozen=(), changes=()):
        n = self.n_cells = len(cells)
        self.p = p
        head = [release] + ([year] if year else [])
        order = [(layer, b) for layer in head for b in range(layer.n_published)]
        self.n_published = len(order) * n
        order += [(layer, b) for layer in head for b in range(layer.n_published, layer.n_listed)]
        self.n_listed = len(order) * n
        order += [(layer, b) for layer in head for b in range(layer.n_listed, len(layer.members))]
        order += [(layer, b) for layer in frozen for b in range(len(layer.members))]
        self.blocks, at = order, {(id(layer), b): i for i, (layer, b) in enumerate(order)}
        self.at = lambda layer, b: at[id(layer), b]
        self.members = [layer.members[b] for layer, b in order]
        self.counted = [layer.counted[b] for layer, b in order]
        self.few = [layer.few[b] for layer, b in order]
        self.parts = [layer.of[b] and tuple(self.at(layer, k) for k in layer.of[b]) for layer, b in order]
        self.cells = [dict(cell, block=i, absent=j in layer.absent)
                      for i, (layer, _) in enumerate(order) for j, cell in enumerate(cells)]
        self.told = set()
        self.rules = []
        for layer in head + list(frozen):
            self.add_layer(layer, rules)
        for layer in head + list(frozen):
            if layer.parts is not None:
                self.add_year(layer)
        for newer, older, changed in changes:
            self.add_correction(newer, older, changed)
        self.tell_years([layer for layer in head + list(frozen) if layer.parts is not None], changes)

    def add_layer(self, layer, rules):
        n, added = self.n_cells, []
        for b in range(len(layer.members)):
            first = self.at(layer, b) * n
            added += [(c, w, [(first + i, k) for i, k in terms], layer.counted[b]) for c, w, terms in rules]
        for b in range(layer.n_published, layer.n_listed):
            terms = list(zip((self.at(layer, k) * n for k in layer.of[b] + (b,)), (1, -1, -1)))
            added += [(0, 0, sorted((first + i, k) for first, k in terms), 0) for i in range(n)]
        for b, block in enumerate(layer.members[: layer.n_published]):
            inner = [layer.members.index(a) for a in layer.atoms if a <= block]
            if len(inner) > 1:
                terms = [(self.at(layer, a) * n, 1) for a in inner] + [(self.at(layer, b) * n, -1)]
                added += [(0, 0, sorted((first + i, k) for first, k in terms), 0) for i in range(n)]
        self.rules += [rule for rule in added if not any(self.cells[i]["absent"] for i, _ in rule[2])]

    def add_year(self, year):
        """The first links of section 13: a year is the sum of its parts."""
        for b, members in enumerate(year.members):
            if not members or (b >= year.n_published and members not in year.atoms):
                continue
            own = [self.at(part, k) for part in year.parts for k in part.standing_for(members)]
            for i in range(self.n_cells):
                if i not in year.absent:
                    terms = [(block * self.n_cells + i, 1) for block in own] + [(self.at(year, b) * self.n_cells + i, -1)]
                    self.rules.append((0, 0, sorted(terms), 0))

    def add_correction(self, newer, older, changed):
        """The other links: a correction changes what its contributors could change."""
        for b, members in enumerate(newer.members):
            if members not in older.members:
                continue
            before, m = older.members.index(members), changed(members)
            if m >= newer.counted[b] and m >= older.counted[before]:
                continue
            for i in range(self.n_cells):
                new, old = self.at(newer, b) * self.n_cells + i, self.at(older, before) * self.n_cells + i
                most = m * self.cells[new]["bound"]
                self.rules.append((most, 2 * most, sorted([(new, 1), (old, -1)]), 1))
                if m == 0 and b < newer.n_published and before < older.n_published:
                    self.told.add(new)

    def tell_years(self, years, changes):
        """Section 13: what a roll-up repeats of a frozen one, of the same parts, or corrections in which nobody of a block changed."""
        def is_repeated(part, earlier, members):
            return part is earlier or any(
                members in part.members and members in earlier.members and changed(members) == 0
                for newer, older, changed in changes if newer is part and older is earlier)

        released = [year for year in years if year.frozen]
        for now, before in ((a, b) for a in years for b in (released[: released.index(a)] if a.frozen else released) if len(a.parts) == len(b.parts)):
            for b, members in enumerate(now.members):
                if b < now.n_published and members in before.members[:before.n_published] and all(is_repeated(*pair, members) for pair in zip(now.parts, before.parts)):
                    self.told.update(self.at(now, b) * self.n_cells + i for i in range(self.n_cells) if i not in now.absent)

    def is_frozen(self, figure):
        return self.blocks[figure // self.n_cells][0].frozen

    def with_frozen(self, totals, reasons):
        """The same of all layers: what is frozen is as it was released."""
        totals, reasons = dict(totals), dict(reasons)
        self.open = totals
        for block, (layer, b) in enumerate(self.blocks):
            for known, of_layer in ((totals, layer.totals), (reasons, layer.reasons)):
                known.update((block * self.n_cells + i, of_layer[b, i]) for i in range(self.n_cells) if layer.frozen and (b, i) in of_layer)
        return totals, reasons

    def with_frozen_runs(self, needed):
        """In which runs complements are proven to be, and those of what was released before."""
        return {**needed, **{block * self.n_cells + i: runs for block, (layer, b) in enumerate(self.blocks) if layer.frozen
                             for (at, i), runs in layer.needed.items() if at == b}}

    def is_open_in_parts(self, figure, reasons):
        """Section 13: neither the flag nor the mark of its indicator is hidden in a part of the year."""
        block, at = divmod(figure, self.n_cells)
        layer, b = self.blocks[block]
        own = [i for i in range(self.n_cells) if self.cells[i]["kind"] in ("answered", "mark")
               and self.cells[i]["indicator"] is self.cells[at]["indicator"]]
        return not any(self.at(part, k) * self.n_cells + i in reasons
                       for part in layer.parts for k in part.standing_for(layer.members[b]) for i in own)

    def is_reason_of_layer(self, figure, reason):
        """Sections 11 and 13: a year's figures have one reason of their own, and of counts of differences nothing is said."""
        if figure >= self.n_published and self.cells[figure]["kind"] in ("total", "category"):
            return reason in (5, 6)
        if self.blocks[figure // self.n_cells][0].parts is None:
            return reason != 9
        return reason not in (1, 4)

    def parts_of(self, figure):
        """Of a year's figure the same cell in each part, None where that has no block of the same contributors."""
        block, at = divmod(figure, self.n_cells)
        layer, b = self.blocks[block]
        for part in layer.parts:
            same = [k for k, members in enumerate(part.members) if members == layer.members[b]]
            yield self.at(part, same[0]) * self.n_cells + at if same else None

    def has_open_parts(self, figure, reasons):
        """A year's figure that is known from what is shown of its parts; UNKNOWN ones have no reason and no total."""
        if self.blocks[figure // self.n_cells][0].parts is None or self.p["rounding"]:
            return False
        return all(part is not None and reasons.get(part, 0 if part in self.open else UNKNOWN) == 0 for part in self.parts_of(figure))

    def repeats_part(self, figure, now):
        """A year's figure that is one part's and what is known besides: the rounds leave each of the others one value."""
        if self.blocks[figure // self.n_cells][0].parts is None:
            return False
        parts = list(self.parts_of(figure))
        return None not in parts and sum(now[part][0] < now[part][1] for part in parts) <= 1

    def parents(self, figure):
        block, at = divmod(figure, self.n_cells)
        cell, (layer, own) = self.cells[figure], self.blocks[block]
        parents = [block * self.n_cells + cell["total"]] if cell["kind"] == "category" else []
        return parents + [self.at(layer, b) * self.n_cells + at for b in range(layer.n_listed) if layer.members[b] > layer.members[own]]

    def is_hidden_along(self, figure, reasons):
        """Section 13: a year's count is hidden with what it is part of, with its table, and where a part of a total is 4 or 7."""
        cell = self.cells[figure]
        if figure >= self.n_published or self.blocks[figure // self.n_cells][0].parts is None or self.has_open_parts(figure, reasons):
            return False
        first = figure - figure % self.n_cells
        table = [first + i for i in range(self.n_cells) if cell["kind"] == "category" and self.cells[first + i]["kind"] == "category"
                 and self.cells[first + i]["total"] == cell["total"]
                 and self.cells[first + i]["dimension"] == cell["dimension"]]
        if cell["kind"] == "total" and any(reasons.get(part) in (4, 7) for part in self.parts_of(figure) if part is not None):
            return True
        return any(reasons.get(f) == 9 for f in self.parents(figure) + table)

    def shows_zero(self, figure):
        zeros = self.cells[figure]["indicator"].get("zeros", 0)
        return self.p["show_zero"] if zeros == 0 else zeros == 1

    def depends(self, figure, reasons):
        """Sections 2, 11 and 13: whether a count that is not marked is DEPENDENT; `reasons` of all layers."""
        block, at = divmod(figure, self.n_cells)
        cell, (layer, own) = self.cells[figure], self.blocks[block]
        if reasons.get(figure) == 8 or self.parts[block] is not None:
            return False
        if layer.parts is not None and not self.is_open_in_parts(figure, reasons):
            return True
        if layer.parts is None and cell["flag"] is not None and reasons.get(block * self.n_cells + cell["flag"]) == 2:
            return True
        return any(reasons.get(parent) in (1, 3, 8) for parent in self.parents(figure))

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
            reason = reasons.get(f, 0 if f in totals else UNKNOWN)
            if cell["absent"]:
                interval = 0, 0
            elif reason == 0:
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

    def total_of(self, figure, block):
        return block * self.n_cells + self.cells[figure % self.n_cells]["total"]

    def may_be_stranded(self, figure, reasons):
        """Section 10: whether nothing is demanded of what is not listed if nothing is left to hide beside it; not of a difference, but for a year's,
        and where its indicator is withdrawn in one of its two blocks."""
        between = self.parts[figure // self.n_cells]
        if between is None or self.cells[figure]["kind"] not in ("total", "category") or self.blocks[figure // self.n_cells][0].parts is not None:
            return True
        if self.cells[figure]["indicator"].get("whole_only"):
            return reasons.get(self.total_of(figure, between[1])) != 5
        return any(reasons.get(self.total_of(figure, b)) == 8 for b in between)

    def is_never_shown(self, figure):
        """A group's total of an indicator that is published for all contributors together only."""
        cell = self.cells[figure]
        return (figure < self.n_published and cell["kind"] == "total" and not cell["absent"]
                and self.blocks[figure // self.n_cells][1] > 0 and bool(cell["indicator"].get("whole_only")))

    def can_be_withdrawn(self, figure, reasons):
        """A total, in all groups of its layer, and only then of all contributors."""
        groups = range(1, len(self.p["groups"]) + 1)
        layer = self.blocks[figure // self.n_cells][0]
        return (figure < self.n_published and self.cells[figure]["kind"] == "total"
                and all(reasons.get(self.total_of(figure, self.at(layer, g))) in (5, 6, 7, 8) for g in groups))

    def demands(self, totals, reasons, first, now):
        p, null, stranded, demands = self.p, self.null(totals), self.stranded(totals), []
        self.open = totals
        for f, cell in enumerate(self.cells):
            reason = reasons.get(f, UNKNOWN)
            enough, unanswered = not self.few[cell["block"]], False
            if cell["flag"] is not None and self.blocks[cell["block"]][0].parts is None:
                answered = now[cell["block"] * self.n_cells + cell["flag"]]
                unanswered = answered[1] == 0
                enough = enough and (answered[0] >= p["least"] or unanswered)
            harmless = enough and (now[f][0] >= p["threshold"] or now[f][1] == 0 and self.shows_zero(f))
            flag = cell["kind"] not in ("total", "category") and len(p["groups"]) > 0
            is_left = f in stranded and self.may_be_stranded(f, reasons)
            waived = unanswered or reason == 4 or reason == UNKNOWN and is_left or cell["absent"] or f in self.told
            waived = waived or self.repeats_part(f, now)
            if f in totals or f in null or flag or waived or reason == UNKNOWN and harmless:
                demands.append(0)
            else:
                demands.append(min(p["protection"], first[f][1] - first[f][0]))
        return demands


def verify_certificate(data, linked, totals, reasons, needed):
    """`needed`: the runs that complements are proven to be in, by figure."""
    pairs, tables = decode_certificate(data)
    totals, reasons = linked.with_frozen(totals, reasons)
    needed = linked.with_frozen_runs(needed)
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
        for f, runs in needed.items():
            require(any(low <= x[f] <= high for low, high in runs), "a table of the certificate is not what is proven")
        for constant, width, terms, n in linked.rules:
            total = n * constant + sum(k * x[i] for i, k in terms)
            require(0 <= total <= n * width, "a table of the certificate breaks a rule")
    for at, (f, (low, high)) in enumerate(zip(variables, pairs)):
        require((demands[f] == 0) == (low == NONE), "figure %d: tables named or not" % f)
        require(demands[f] == 0 or tables[high][at] - tables[low][at] >= demands[f], "figure %d: can be worked out" % f)
