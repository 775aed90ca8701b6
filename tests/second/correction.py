# SPDX-License-Identifier: EUPL-1.2
"""correction.py - a correction beside the bundle that it corrects: docs/protocol.md, sections 10, 11, 15 and 21."""
import hashlib

from messages import Reader, decode_accepted_list, decode_parameters, decode_suppression, hash_labelled, read_archive, verify_release
from ristretto import BASE, IDENTITY, L, add, combine, decode, equal, require

CHANGED_LEAST = 3
POLICY = ("collection", "period", "policy", "publisher", "groups_encoded")


class Earlier:
    """What is corrected, as far as the correction's parameters name it."""

    def __init__(self, data, p, n_cells, generators_hash):
        self.files = read_archive(data)
        by_name = dict(self.files)
        q = decode_parameters(Reader(by_name["parameters"]).opaque(4), generators_hash)
        task, accepted_hash = p["previous"]
        require(q["context"]["task"] == task, "the earlier bundle is of another task")
        require(q["revision"] < p["revision"], "a correction of a later revision")
        require(all(q[name] == p[name] for name in POLICY), "another collection, period, policy or groups")
        require(all(q["context"][name] == p["context"][name] for name in ("catalogue", "roster")), "another catalogue or roster")
        listed = Reader(by_name["accepted"]).opaque(4)
        require(hash_labelled("skarva-1 sign accepted", listed) == accepted_hash, "the earlier list is another")
        self.context, self.counted, self.shares = q["context"], decode_accepted_list(listed, q["context"]), {}
        n = n_cells + (q["previous"] is not None)
        for contributor, entry in self.counted.items():
            share = by_name["submissions/%05d" % contributor][16:]
            require(hashlib.sha256(share).digest() == entry[3], "earlier submission of contributor %d" % contributor)
            v = [decode(share[at : at + 32]) for at in range(12, 12 + 64 * n, 32)]
            self.shares[contributor] = [add(a, b) for a, b in zip(v[:n_cells], v[n:])]
        atoms = {}
        for i in range(len(p["roster"])):
            atoms.setdefault(tuple(i in group[3] for group in p["groups"]), []).append(i)
        self.atoms = list(atoms.values())

    def points(self, contributor, n_cells):
        """The E[j] of section 11."""
        return self.shares.get(contributor, [IDENTITY] * n_cells)


def verify_changes(openings, earlier, shares, pedersen_h):
    """Section 15: both open their sums of the flags; in each atom nobody or at least three changed, and likewise disappeared."""
    happened = False
    for at, atom in enumerate(earlier.atoms):
        changed = 0
        for k in range(2):
            total = IDENTITY
            for contributor in atom:
                if contributor in shares:
                    total = add(total, shares[contributor][k][-1])
            x, r = (int.from_bytes(openings[k][at][i : i + 32], "little") for i in (0, 32))
            require(x < L and r < L, "changes: a scalar is not canonical")
            require(equal(combine([(x, BASE), (r, pedersen_h)]), total), "changes: not opened")
            changed = (changed + x) % L
        gone = sum(contributor in earlier.counted and contributor not in shares for contributor in atom)
        require(changed <= len(atom), "changes: not a number of contributors")
        for n in (changed, gone):
            require(n == 0 or n >= CHANGED_LEAST, "too few changed, or disappeared")
        happened = happened or changed + gone > 0
    require(happened, "nothing changed")


def verify_kept(earlier, reasons, trust, n_published):
    """What the earlier signed release hid is KEPT, or its block has too few now; nothing else is."""
    hidden = set()
    if earlier:
        verify_release(earlier.files, earlier.context, trust)
        hidden = {figure for figure, _ in decode_suppression(dict(earlier.files)["suppression"])[0]}
    for figure in range(n_published):
        reason = reasons.get(figure)
        require(figure not in hidden or reason in (5, 7), "figure %d was hidden and must stay so" % figure)
        require(figure in hidden or reason != 7, "figure %d was not hidden" % figure)


def verify_chain(place, earlier, data):
    """The release comes after that of what it corrects, and names it if it follows right upon it."""
    body = Reader(dict(earlier.files)["release"])
    body.take(33)
    before = body.number(4)
    require(place[0] > before, "released before what it corrects")
    require(place[0] > before + 1 or place[1] == hashlib.sha256(data).digest(), "released upon another bundle")
