# SPDX-License-Identifier: EUPL-1.2
"""tlog.py - what a public log is made of, from docs/log.md and the C2SP formats alone: policies, notes, checkpoints, trees, entries."""
import base64
import functools
import hashlib
import re

from messages import Reader, verify
from ristretto import require, verify_signature

TYPES = range(1, 11)
SUBMISSION, PARAMETERS, ROSTER, OPEN, CLOSE, REOPEN, COLLECT, CHANGES, RELEASE, VERIFIER = TYPES
NOBODY = 2**32 - 1
COMMANDS = {OPEN: 1, CLOSE: 2, REOPEN: 3, COLLECT: 4}
STEPS = {(ROSTER, "start"): "start", (PARAMETERS, "start"): "ready", (OPEN, "ready"): "open", (SUBMISSION, "open"): "open",
         (CLOSE, "open"): "closed", (REOPEN, "closed"): "open", (COLLECT, "closed"): "collected",
         (CHANGES, "collected"): "changed", (RELEASE, "collected"): "released", (RELEASE, "changed"): "released"}


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# --- C2SP: notes, checkpoints, policies -----------------------------------------------------------------------------


def base64_strict(text):
    data = base64.b64decode(text, validate=True)
    require(base64.b64encode(data) == text, "base64 in another form")
    return data


def number(text):
    require(re.fullmatch(rb"0|[1-9][0-9]{0,18}", text) is not None and int(text) < 2**63, "a number in another form")
    return int(text)


def is_name(name):
    return 0 < len(name) <= 255 and not re.search(r"[\s+]", name.decode("utf-8"))


def key_of(text, kind):
    """name, identifier, public key of a verifier key of this kind."""
    name, identifier, data = text.split(b"+", 2)
    data = base64_strict(data)
    require(is_name(name) and len(data) == 33 and data[0] == kind, "a key")
    found = sha256(name + b"\n" + data)[:4]
    require(found.hex().encode() == identifier, "a key's identifier")
    return name, found, data[1:]


class Policy:
    """Names are bytes. `members`: a witness's (name, identifier, key), or a group's (least, members)."""

    def __init__(self, data):
        require(len(data) <= 65536 and data.endswith(b"\n"), "a policy's end")
        require(all(b in (9, 10) or b >= 32 and b != 127 for b in data), "a control character in the policy")
        self.logs, self.members, self.quorum = [], {}, None
        for line in data.split(b"\n"):
            words = re.split(rb"[ \t]+", line.strip(b" \t"))
            if words != [b""] and not words[0].startswith(b"#"):
                self.line(*words)
        require(self.quorum is not None and len(self.logs) <= 32 and len(self.members) <= 64, "a policy without quorum, or too large")
        for keys in (self.logs, self.witnesses()):
            require(len({k[2] for k in keys}) == len(keys), "a key twice")

    def witnesses(self):
        return [m for m in self.members.values() if len(m) == 3]

    def line(self, kind, *words):
        if kind == b"log":
            require(1 <= len(words) <= 2 and len(b"".join(words[1:])) <= 500, "a log's line")
            self.logs.append(key_of(words[0], 1))
        elif kind == b"witness":
            require(2 <= len(words) <= 3 and len(b"".join(words[2:])) <= 500, "a witness's line")
            self.define(words[0], key_of(words[1], 4))
        elif kind == b"group":
            require(len(words) >= 3, "a group's line")
            inner = words[2:]
            used = [i for m in self.members.values() if len(m) == 2 for i in m[1]]
            require(all(i in self.members and i not in used for i in inner) and len(set(inner)) == len(inner), "a group's members")
            n = {b"all": len(inner), b"any": 1}.get(words[1]) or number(words[1])
            require(1 <= n <= len(inner), "a group's threshold")
            self.define(words[0], (n, inner))
        else:
            require(kind == b"quorum" and len(words) == 1 and self.quorum is None, "a policy's line")
            require(words[0] == b"none" or words[0] in self.members, "a quorum that is not defined")
            self.quorum = words[0]

    def define(self, name, member):
        require(len(name) <= 255 and name != b"none" and name not in self.members, "a name twice")
        self.members[name] = member

    def is_met(self, signed, name=None):
        """By the names in `signed`."""
        name = self.quorum if name is None else name
        if name == b"none":
            return True
        if len(self.members[name]) == 3:
            return name in signed
        least, inner = self.members[name]
        return sum(self.is_met(signed, i) for i in inner) >= least


def read_note(data, policy):
    """(origin, size, root), and the names of those of the policy who cosigned it."""
    require(len(data) <= 131072, "a long note")
    require(not any(ord(c) < 32 and c != "\n" for c in data.decode("utf-8")), "a control character in the note")
    text, found, signatures = data.rpartition(b"\n\n")
    require(found, "no signatures")
    text += b"\n"
    lines = signatures.split(b"\n")
    require(lines.pop() == b"" and 1 <= len(lines) <= 16, "signature lines")
    parsed = []
    for line in lines:
        dash = "\u2014 ".encode()
        require(line.startswith(dash), "a signature line")
        name, signature = line[len(dash):].split(b" ")
        signature = base64_strict(signature)
        require(is_name(name) and 5 <= len(signature) <= 5120, "a signature line")
        parsed.append((name, signature[:4], signature[4:]))
    origin, size, root, *more = text.split(b"\n")
    require(more == [b""] and 1 <= len(origin) <= 255, "lines of a checkpoint")
    size, root = number(size), base64_strict(root)
    require(len(root) == 32, "a root")
    by_log = [(log, line) for log in policy.logs if log[0] == origin for line in parsed if line[:2] == log[:2]]
    require(by_log, "not signed by a log of the policy")
    for log, line in by_log:
        verify_signature(line[2], log[2], text, "the log's signature")
    signed = set()
    for who, member in policy.members.items():
        for line in parsed:
            if len(member) == 3 and line[:2] == member[:2]:
                time = int.from_bytes(line[2][:8], "big")
                require(len(line[2]) == 72 and 0 < time < 2**63, "a cosignature")
                verify_signature(line[2][8:], member[2], b"cosignature/v1\ntime %d\n" % time + text, "a cosignature")
                signed.add(who)
    return (origin, size, root), signed


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


# --- entries and their records ----------------------------------------------------------------------------------------


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
        if self.type == SUBMISSION:
            self.report, self.leader, self.helper = r.take(16), r.take(64), r.take(64)
        if self.type == VERIFIER:
            require((self.task, self.period, self.revision) == (bytes(32), "-", 0), "a verifier of a task")
        r.end()


def after_entry(stage, type_):
    """The stage of a task behind an entry of this type."""
    require((type_, stage) in STEPS, "an entry of type %d has no place there" % type_)
    return STEPS[type_, stage]


def verify_command(data, entry, p):
    verify("skarva-1 sign control", data[-64:], p["publisher"], data[:-64], "command")
    r = Reader(data[:-64])
    require((r.number(1), r.number(1), r.take(32), r.number(8)) == (1, COMMANDS[entry.type], entry.task, entry.number), "a command")
    r.end()


def read_close(data, entry, p):
    """Size and root of the frozen log, and (index, contributor, number, hash, length) of each that is listed."""
    verify("skarva-1 sign close", data[-128:-64], p["leader"], data[:-128], "close, leader")
    verify("skarva-1 sign close", data[-64:], p["helper"], data[:-128], "close, helper")
    r = Reader(data[:-128])
    require(r.number(1) == 1, "version of a close record")
    verify_command(r.take(106), entry, p)
    require(r.take(32) == p["context"]["parameters"], "other parameters")
    size, root = r.number(8), r.take(32)
    listed = [(r.number(8), r.number(4), r.number(8), r.take(32), r.number(8)) for _ in range(r.number(4))]
    r.end()
    order = [one[1:3] for one in listed]
    require(order == sorted(set(order)) and all(one[2] > 0 and one[0] < size for one in listed), "order of a close record")
    return size, root, listed
