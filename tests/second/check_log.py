#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""check_log.py - the audit of a whole public log once more, from docs/log.md, docs/audit.md and the C2SP formats alone.

    check_log.py LOG POLICY [--trust FILE] [--bundle FILE] [--earlier FILE]     which checks fail; status 0 if none does
    check_log.py --cheats FOLDER            agrees with the first verifier on all that tests/tamper/tool_log wrote there
"""
import os
import sys

import verify as bundle_verifier
from messages import Reader, decode_parameters, read_archive, verify, verify_release
from ristretto import Refused, require
from tlog import (CHANGES, CLOSE, COLLECT, OPEN, PARAMETERS, RELEASE, REOPEN, ROSTER, SUBMISSION, TYPES, VERIFIER, Entry, Policy, after_entry,
                  read_close, read_note, sha256, tile_name, tiles, tree_root, verify_command)

FAULTS = Refused, KeyError, ValueError, IndexError, OSError


class Log:
    def __init__(self, folder, policy, trust=None, bundle=None, earlier=None):
        self.folder, self.policy, self.trust, self.bundle, self.earlier = folder, policy, trust, bundle, earlier
        self.failed, self.done = [], set()

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as f:
            return f.read()

    def blob(self, entry):
        data = self.read("blob/" + entry.sha256.hex())
        require(len(data) == entry.length and sha256(data) == entry.sha256, "a blob that is another")
        return data

    def of(self, *types):
        return [(i, e) for i, e in enumerate(self.entries) if e.known and e.type in types]

    def run(self):
        """The checks that fail, in the order of docs/audit.md; those whose needs did not pass do not run."""
        tree = ["log-entries", "log-root"]
        tasks = tree + ["log-parameters"]
        table = [
            ("log-checkpoint", [], self.checkpoint), ("log-quorum", ["log-checkpoint"], self.quorum),
            ("log-entries", ["log-checkpoint"], self.read_entries), ("log-root", ["log-entries"], self.root),
            ("log-tiles", tree, self.tiles), ("log-earlier", tree, self.earlier_one), ("log-blobs", tree, self.blobs),
            ("log-parameters", tree, self.parameters), ("log-trust", tasks, self.trusted), ("log-order", tasks, self.order),
            ("log-commands", tasks, self.commands), ("log-submissions", tasks, self.submissions),
            ("log-closes", tasks + ["log-order"], self.closes), ("log-changes", tasks, self.changes),
            ("log-releases", tasks, self.releases), ("log-bundle", tasks + ["log-order", "log-closes", "log-releases"], self.compare_bundle)]
        for name, needs, check in table:
            if not self.done.issuperset(needs):
                continue
            try:
                check()
                self.done.add(name)
            except FAULTS:
                self.failed.append(name)
        return self.failed

    def checkpoint(self):
        (self.origin, self.size, self.signed_root), self.signed = read_note(self.read("checkpoint"), self.policy)

    def quorum(self):
        require(self.signed and self.policy.is_met(self.signed), "the quorum")

    def read_entries(self):
        self.entries, leaves = [], []
        require(self.size > 0, "an empty log")
        for index, width in tiles(self.size):
            r = Reader(self.read(tile_name("entries", index, width)))
            for _ in range(width):
                data = r.opaque(2)
                self.entries.append(Entry(data))
                leaves.append(sha256(b"\0", data))
            r.end()
        self.leaves = tuple(leaves)

    def root(self):
        require(tree_root(self.leaves) == self.signed_root, "the root")

    def tiles(self):
        level, hashes = 0, list(self.leaves)
        while hashes:
            for index, width in tiles(len(hashes)):
                want = b"".join(hashes[256 * index : 256 * index + width])
                require(self.read(tile_name(level, index, width)) == want, "a tile")
            hashes = [tree_root(tuple(hashes[256 * i : 256 * i + 256])) for i in range(len(hashes) // 256)]
            level += 1

    def earlier_one(self):
        if self.earlier is not None:
            self.compare_earlier(self.earlier)

    def compare_earlier(self, note):
        (origin, size, root), _ = read_note(note, self.policy)
        require(origin == self.origin and size <= self.size, "another log, or a smaller one")
        require(tree_root(self.leaves[:size]) == root, "a fork")

    def later(self):
        """What entries beyond the checkpoint say, of the widest bundle of each number."""
        said, index, start = [], self.size // 256, self.size % 256
        while True:
            names = ((w, tile_name("entries", index, w)) for w in range(256, start, -1))
            found = next(((w, n) for w, n in names if os.path.exists(os.path.join(self.folder, n))), None)
            if found is None:
                return said
            try:
                r = Reader(self.read(found[1]))
                all_of = [r.opaque(2) for _ in range(found[0])]
                r.end()
            except FAULTS:
                all_of = []
            for data in all_of[start:]:
                try:
                    said.append(Entry(data))
                except FAULTS:
                    pass
            index, start = index + 1, 0

    def blobs(self):
        for _, e in self.of(*(t for t in TYPES if t != SUBMISSION)):
            self.blob(e)
        folder = os.path.join(self.folder, "blob")
        if all(e.known for e in self.entries) and os.path.isdir(folder):
            later = self.later()
            if not all(e.known for e in later):
                return
            named = {e.sha256.hex() for e in self.entries + later}
            require(named.issuperset(os.listdir(folder)), "a file that no entry names")

    def parameters(self):
        self.tasks, rosters = {}, {}
        known = [e for e in self.entries if e.known and e.type != VERIFIER]
        require(known, "no task")
        for e in known:
            if e.type == PARAMETERS:
                require(e.task not in self.tasks, "parameters twice")
                data = self.blob(e)
                r = Reader(data)
                encoded = r.opaque(4)
                p = decode_parameters(encoded, bundle_verifier.generators_hash())
                for who in ("publisher", "leader", "helper"):
                    verify("skarva-1 sign parameters", r.take(64), p[who], p["context"]["parameters"], who)
                r.end()
                require((p["context"]["task"], p["period"], p["revision"]) == (e.task, e.period, e.revision), "another task")
                p["encoded"], p["signed"] = encoded, data
                self.tasks[e.task] = p
        for e in known:
            require(e.task in self.tasks, "a task without parameters")
        last = {}  # by collection
        own = {}
        for e in known:
            if e.type == ROSTER:
                own[e.task] = last[self.tasks[e.task]["collection"]] = e.sha256
            if e.type == PARAMETERS:
                last.setdefault(e.task, last.get(self.tasks[e.task]["collection"]))
        for task, p in self.tasks.items():
            require(own.get(task, last[task]) == sha256(p["roster_encoded"]), "the roster")

    def trusted(self):
        for p in self.tasks.values():
            require(self.trust is None or all(p[who] == self.trust[who] for who in ("leader", "helper")), "trust")

    def order(self):
        stage = {}
        for _, e in self.of(*(t for t in TYPES if t != VERIFIER)):
            stage[e.task] = after_entry(stage.get(e.task, "start"), e.type)

    def commands(self):
        for _, e in self.of(OPEN, REOPEN, COLLECT):
            verify_command(self.blob(e), e, self.tasks[e.task])

    def submissions(self):
        seen = set()
        for _, e in self.of(SUBMISSION):
            p = self.tasks[e.task]
            require(e.contributor < len(p["roster"]) and (e.period, e.revision) == (p["period"], p["revision"]), "of another")
            for who in ("leader", "helper"):
                verify("skarva-1 sign entry", getattr(e, who), p[who], e.signed, who)
            require((e.task, e.contributor, e.number) not in seen, "a number twice")
            seen.add((e.task, e.contributor, e.number))

    def closes(self):
        self.closed = {}
        for at, e in self.of(CLOSE, REOPEN):
            if e.type == REOPEN:
                self.closed.pop(e.task)
                continue
            size, root, listed = read_close(self.blob(e), e, self.tasks[e.task])
            require(size <= at and tree_root(self.leaves[:size]) == root, "the log at the close")
            want = [(i, s.contributor, s.number, s.sha256, s.length) for i, s in self.of(SUBMISSION) if s.task == e.task and i < at]
            require(sorted(listed) == want, "what is counted")
            self.closed[e.task] = listed
        for listed in self.closed.values():
            for index in {contributor: index for index, contributor, *_ in listed}.values():
                self.blob(self.entries[index])

    def changes(self):
        for _, e in self.of(CHANGES):
            p, both = self.tasks[e.task], Reader(self.blob(e))
            for role, who in ((2, "leader"), (3, "helper")):
                one = both.opaque(4)
                verify("skarva-1 sign changes", one[-64:], p[who], one[:-64], who)
                require(one[:34] == bytes([1]) + e.task + bytes([role]), "changes of another")
            both.end()
            require(p["previous"] is not None, "no correction")

    def releases(self):
        seen, done = set(), []
        for at, e in self.of(RELEASE):
            p, data = self.tasks[e.task], self.blob(e)
            verify("skarva-1 sign release", data[-128:-64], p["publisher"], data[:-128], "release")
            verify("skarva-1 sign release second", data[-64:], p["second"], data[:-128], "release")
            r = Reader(data[:-128])
            require((r.number(1), r.take(32), r.number(4)) == (1, e.task, e.number), "a release")
            told = any(c.task == e.task and i < at for i, c in self.of(CHANGES))
            require(p["previous"] is None or told, "a correction without its changes")
            collection = p["collection"]
            marks = {("task", e.task), (collection, "number", e.number), (collection, "upon", r.take(32))}
            require(not marks & seen, "a release of this task, number or predecessor stands there already")
            seen |= marks
            done.append((e.number, p))
        done.sort(key=lambda one: one[0])
        for at, (_, p) in enumerate(done):
            named = self.tasks.get(p["previous"][0]) if p["previous"] else None
            passed = [q for _, q in done[:at] if named and (q["collection"], q["period"]) == (p["collection"], p["period"])]
            require(all(q["revision"] <= named["revision"] for q in passed), "a release of its period is passed over")

    def compare_bundle(self):
        if self.bundle is None:
            return
        files = read_archive(self.bundle)
        named = dict(files)
        p = bundle_verifier.verify_parameters(named["parameters"], self.trust)
        verify_release(files, p["context"], self.trust)
        require(self.tasks[p["context"]["task"]]["signed"] == named["parameters"], "other parameters")
        r = Reader(Reader(named["accepted"]).opaque(4))
        r.take(1 + 32 + 32 + 8)
        accepted = [(r.number(4), r.number(8), r.take(16), r.take(32), r.number(8)) for _ in range(r.number(4))]
        r.end()
        closed = self.closed[p["context"]["task"]]
        require(accepted and accepted == [(c, n, self.entries[i].report, h, l) for i, c, n, h, l in closed], "another list")
        if "log/checkpoint" in named:
            self.compare_earlier(named["log/checkpoint"])
        for _, e in self.of(RELEASE):
            require(e.task != p["context"]["task"] or e.sha256 == sha256(named["release"]), "another release")
            if self.tasks[e.task]["collection"] == p["collection"] and e.number == int.from_bytes(named["release"][33:37], "big") + 1:
                require(self.blob(e)[37:69] == sha256(self.bundle), "the next release is of another bundle")


def slurp(path):
    with open(path, "rb") as f:
        return f.read()


def check(folder, policy, trust=None, bundle=None, earlier=None):
    trust = bundle_verifier.read_trust(trust) if trust else None
    return Log(folder, Policy(slurp(policy)), trust, bundle and slurp(bundle), earlier and slurp(earlier)).run()


def check_cheats(folder):
    failed = 0
    with open(os.path.join(folder, "index"), encoding="utf-8") as f:
        lines = [line.rstrip("\n").split("\t") for line in f]
    for number_, name, want in lines:
        here = os.path.join(folder, number_)
        given = {k: os.path.join(here, k) for k in ("trust", "bundle", "earlier") if os.path.exists(os.path.join(here, k))}
        got = " ".join(check(os.path.join(here, "log"), os.path.join(here, "policy"), **given))
        failed += got != want
        print("%s - a log, by a second program: %s" % ("ok" if got == want else "not ok", name))
        if got != want:
            print("#   first: %s\n#   second: %s" % (want, got))
    return 1 if failed or not lines else 0


def main():
    if sys.argv[1] == "--cheats":
        return check_cheats(sys.argv[2])
    options = dict(zip((o.lstrip("-") for o in sys.argv[3::2]), sys.argv[4::2]))
    failed = check(sys.argv[1], sys.argv[2], **options)
    print("FAIL: " + ", ".join(failed) if failed else "PASS")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
