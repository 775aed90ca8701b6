#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""check_log.py - the audit of a whole public log once more, from docs/log.md, docs/audit.md and the C2SP formats alone.

    check_log.py LOG POLICY [--trust FILE] [--bundle FILE] [--earlier FILE]     which checks fail; status 0 if none does
    check_log.py --cheats FOLDER            agrees with the first verifier on all that tests/tamper/tool_log wrote there
"""
import base64
import functools
import hashlib
import os
import re
import sys

import verify as bundle_verifier
from messages import Reader, decode_parameters, read_archive, verify, verify_release
from ristretto import Refused, require, verify_signature

TYPES = range(1, 11)
SUBMISSION, PARAMETERS, ROSTER, OPEN, CLOSE, REOPEN, COLLECT, CHANGES, RELEASE, VERIFIER = TYPES
NOBODY = 2**32 - 1
FAULTS = Refused, KeyError, ValueError, IndexError, OSError


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# --- C2SP: notes, checkpoints, policies -----------------------------------------------------------------------------


def base64_strict(text):
    data = base64.b64decode(text, validate=True)
    require(base64.b64encode(data) == text.encode(), "base64 in another form")
    return data


def number(text):
    require(re.fullmatch("0|[1-9][0-9]{0,18}", text) is not None and int(text) < 2**63, "a number in another form")
    return int(text)


def key_of(text, kind):
    """name, identifier, public key of a verifier key of this kind."""
    name, identifier, data = text.split("+", 2)
    data = base64_strict(data)
    require(name and not re.search(r"[\s+]", name) and len(data) == 33 and data[0] == kind, "a key")
    found = sha256(name.encode() + b"\n" + data)[:4]
    require(found.hex() == identifier, "a key's identifier")
    return name, found, data[1:]


def read_policy(text):
    logs, members, quorum = [], {}, None
    for line in text.split("\n"):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "log":
            logs.append(key_of(words[1], 1))
        elif words[0] == "witness":
            members[words[1]] = key_of(words[2], 4)
        elif words[0] == "group":
            n = {"all": len(words) - 3, "any": 1}.get(words[2]) or number(words[2])
            members[words[1]] = n, words[3:]
        elif words[0] == "quorum":
            quorum = words[1]
        else:
            raise Refused("a policy's line")
    require(logs and quorum is not None, "a policy without log or quorum")
    return logs, members, quorum


def is_met(members, name, signed):
    if name == "none":
        return True
    if len(members[name]) == 3:
        return name in signed
    least, inner = members[name]
    return sum(is_met(members, i, signed) for i in inner) >= least


def read_note(data, policy):
    """(origin, size, root), and whether the quorum is met."""
    logs, members, quorum = policy
    require(len(data) <= 131072, "a long note")
    text, found, signatures = data.rpartition(b"\n\n")
    require(found, "no signatures")
    text += b"\n"
    decoded = data.decode("utf-8")
    require(not any(ord(c) < 32 and c != "\n" for c in decoded), "a control character in the note")
    lines = signatures.decode("utf-8").split("\n")
    require(lines.pop() == "" and 1 <= len(lines) <= 16, "signature lines")
    parsed = []
    for line in lines:
        require(line.startswith("\u2014 "), "a signature line")
        name, signature = line[2:].split(" ")
        signature = base64_strict(signature)
        require(name and len(signature) > 4, "a signature line")
        parsed.append((name, signature[:4], signature[4:]))
    origin, size, root, *more = text.decode("utf-8").split("\n")
    require(more == [""] and origin, "lines of a checkpoint")
    size, root = number(size), base64_strict(root)
    require(len(root) == 32, "a root")
    is_log, signed = False, set()
    for log in logs:
        for line in parsed:
            if line[:2] == log[:2]:
                verify_signature(line[2], log[2], text, "the log's signature")
                is_log = is_log or log[0] == origin
    require(is_log, "not signed by a log of the policy")
    for who, member in members.items():
        for line in parsed:
            if len(member) == 3 and line[:2] == member[:2]:
                time = int.from_bytes(line[2][:8], "big")
                require(len(line[2]) == 72 and 0 < time < 2**63, "a cosignature")
                verify_signature(line[2][8:], member[2], b"cosignature/v1\ntime %d\n" % time + text, "a cosignature")
                signed.add(who)
    return (origin, size, root), bool(signed) and is_met(members, quorum, signed)


# --- RFC 6962 -------------------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=None)
def tree_root(leaves):
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1", tree_root(leaves[:k]), tree_root(leaves[k:]))


def tile_name(level, index, width):
    digits = "%03d" % (index % 1000)
    while index >= 1000:
        index //= 1000
        digits = "x%03d/" % (index % 1000) + digits
    return "tile/%s/%s%s" % (level, digits, "" if width == 256 else ".p/%d" % width)


def tiles(n):
    """(index, width) of a level of n hashes."""
    return [(i, min(256, n - 256 * i)) for i in range(-(-n // 256))]


# --- the log --------------------------------------------------------------------------------------------------------


class Entry:
    def __init__(self, data):
        r = Reader(data)
        self.type = r.number(1)
        self.known = self.type in TYPES
        if not self.known:
            return
        self.task, period = r.take(32), r.opaque(1)
        require(re.fullmatch(b"[0-9A-Z-]+", period) is not None, "a period")
        self.period, self.revision = period.decode(), r.number(4)
        self.contributor, self.number, self.sha256, self.length = r.number(4), r.number(8), r.take(32), r.number(8)
        self.signed = data[: r.at]
        require((self.contributor == NOBODY) == (self.type != SUBMISSION), "a contributor")
        has_number = self.type in (SUBMISSION, OPEN, CLOSE, REOPEN, COLLECT, RELEASE)
        require((self.number > 0) == has_number, "a number")
        if self.type == VERIFIER:
            require((self.task, self.period, self.revision) == (bytes(32), "-", 0), "a verifier of a task")
        if self.type == SUBMISSION:
            self.report, self.leader, self.helper = r.take(16), r.take(64), r.take(64)
        r.end()


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
        (self.origin, self.size, self.signed_root), self.met = read_note(self.read("checkpoint"), self.policy)

    def quorum(self):
        require(self.met, "the quorum")

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
        if self.earlier is None:
            return
        (origin, size, root), _ = read_note(self.earlier, self.policy)
        require(origin == self.origin and size <= self.size, "another log, or a smaller one")
        require(tree_root(self.leaves[:size]) == root, "a fork")

    def blobs(self):
        for _, e in self.of(*(t for t in TYPES if t != SUBMISSION)):
            self.blob(e)
        folder = os.path.join(self.folder, "blob")
        if all(e.known for e in self.entries) and os.path.isdir(folder):
            named = {e.sha256.hex() for e in self.entries}
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
            require(own.get(task, last[task]) == sha256(p_roster(p)), "the roster")

    def trusted(self):
        for p in self.tasks.values():
            require(self.trust is None or all(p[who] == self.trust[who] for who in ("leader", "helper")), "trust")

    def order(self):
        steps = {(ROSTER, "start"): "start", (PARAMETERS, "start"): "ready", (OPEN, "ready"): "open", (SUBMISSION, "open"): "open",
                 (CLOSE, "open"): "closed", (REOPEN, "closed"): "open", (COLLECT, "closed"): "collected",
                 (CHANGES, "collected"): "changed", (RELEASE, "collected"): "released", (RELEASE, "changed"): "released"}
        stage = {}
        for _, e in self.of(*(t for t in TYPES if t != VERIFIER)):
            stage[e.task] = steps[e.type, stage.get(e.task, "start")]

    def command(self, data, entry, kind):
        verify("skarva-1 sign control", data[-64:], self.tasks[entry.task]["publisher"], data[:-64], "command")
        r = Reader(data[:-64])
        require((r.number(1), r.number(1), r.take(32), r.number(8)) == (1, kind, entry.task, entry.number), "a command")
        r.end()

    def commands(self):
        for kind, of in ((1, OPEN), (3, REOPEN), (4, COLLECT)):
            for _, e in self.of(of):
                self.command(self.blob(e), e, kind)

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
            p, data = self.tasks[e.task], self.blob(e)
            verify("skarva-1 sign close", data[-128:-64], p["leader"], data[:-128], "close, leader")
            verify("skarva-1 sign close", data[-64:], p["helper"], data[:-128], "close, helper")
            r = Reader(data[:-128])
            require(r.number(1) == 1, "version of a close record")
            self.command(r.take(106), e, 2)
            require(r.take(32) == p["context"]["parameters"], "other parameters")
            size, root = r.number(8), r.take(32)
            require(size <= at and tree_root(self.leaves[:size]) == root, "the log at the close")
            listed = [(r.number(8), r.number(4), r.number(8), r.take(32), r.number(8)) for _ in range(r.number(4))]
            r.end()
            order = [l[1:3] for l in listed]
            require(order == sorted(set(order)), "order of a close record")
            want = [(i, s.contributor, s.number, s.sha256, s.length) for i, s in self.of(SUBMISSION) if s.task == e.task and i < at]
            require(sorted(listed) == want and all(i < size for i, *_ in listed), "what is counted")
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
        seen = set()
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
        for _, e in self.of(RELEASE):
            require(e.task != p["context"]["task"] or e.sha256 == sha256(named["release"]), "another release")
            if self.tasks[e.task]["collection"] == p["collection"] and e.number == int.from_bytes(named["release"][33:37], "big") + 1:
                require(self.blob(e)[37:69] == sha256(self.bundle), "the next release is of another bundle")


def p_roster(p):
    """The canonical roster of parameters."""
    out = len(p["roster"]).to_bytes(4, "big")
    for code, name, key in p["roster"]:
        name = name.encode()
        out += bytes([len(code)]) + code + len(name).to_bytes(2, "big") + name + key
    return out


def slurp(path):
    with open(path, "rb") as f:
        return f.read()


def check(folder, policy, trust=None, bundle=None, earlier=None):
    trust = bundle_verifier.read_trust(trust) if trust else None
    return Log(folder, read_policy(slurp(policy).decode()), trust, bundle and slurp(bundle), earlier and slurp(earlier)).run()


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
