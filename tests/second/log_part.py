# SPDX-License-Identifier: EUPL-1.2
"""log_part.py - the part of the public log that a bundle has (docs/log.md, "In the bundle"; docs/audit.md, log-form to log-accepted)."""
from messages import Reader, verify
from ristretto import require
from tlog import (CHANGES, CLOSE, COMMANDS, PARAMETERS, RELEASE, ROSTER, SUBMISSION, Entry, Policy, after_entry, read_close,
                  read_note, sha256, verify_command)

FILES = ["log/policy", "log/checkpoint", "log/left", "log/leaves", "log/records"]


def root_of(left, first, hashes):
    """Of the tree whose first leaves are known by the hashes on the left alone."""
    sizes = [1 << i for i in reversed(range(64)) if first >> i & 1]
    require(len(left) == 32 * len(sizes), "hashes on the left")
    stack = [(left[32 * i : 32 * i + 32], size) for i, size in enumerate(sizes)]
    for one in hashes:
        stack.append((one, 1))
        while len(stack) > 1 and stack[-1][1] == stack[-2][1]:
            upper, size = stack.pop()
            stack[-1] = sha256(b"\1", stack[-1][0], upper), 2 * size
    root, _ = stack.pop()
    while stack:
        root = sha256(b"\1", stack.pop()[0], root)
    return root


def read_leaves(data):
    r = Reader(data)
    first, leaves = r.number(8), []
    while r.at < len(data):
        leaves.append(r.opaque(2))
    require(1 <= len(leaves) <= 1048576 and first + len(leaves) < 2**63, "how many entries there are")
    return first, leaves


def read_records(data):
    r = Reader(data)
    n = r.number(4)
    require(n <= 10000, "too many records")
    records = [r.opaque(4) for _ in range(n)]
    r.end()
    return records


def verify_policy(data, p, given):
    require(sha256(data) == p["log_policy"], "another policy than the parameters name")
    policy = Policy(data)
    leader, helper = (url[len("https://") :].encode() for url in p["urls"])
    require([log[0] for log in policy.logs] == [leader + b"log"], "a policy of another log")
    witnesses = {name for name, member in policy.members.items() if len(member) == 3}
    of_helper = next((n for n in policy.members if n in witnesses and policy.members[n][0] == helper + b"witness"), None)
    require(of_helper is not None, "a policy without the helper")
    log, own = policy.logs[0], policy.members[of_helper]
    for n in witnesses - {of_helper}:
        name, _, key = policy.members[n]
        require(name not in (own[0], log[0]) and key != log[2], "a witness that is the log or the helper once more")
    require(policy.is_met(witnesses), "a quorum that nobody meets")
    require(not policy.is_met(witnesses - {of_helper}) and not policy.is_met({of_helper}), "a quorum without the helper, or others")
    require(given is None or given == data, "another policy than the auditor's")
    return policy


def verify_task(own, records, files, p):
    """The task's entries, in order, with their documents; returns the record of each of types 4 to 7."""
    require(own and own[0][0] == 0 and own[0][1].type == ROSTER, "the log does not begin with the task's roster")
    stage = "start"
    for _, e in own:
        require((e.period, e.revision) == (p["period"], p["revision"]), "an entry of another period")
        stage = after_entry(stage, e.type)
    require(stage in ("collected", "changed", "released"), "the task is not collected")
    wanted = {ROSTER: [p["roster_encoded"]], PARAMETERS: [files["parameters"]], RELEASE: [],
              CHANGES: [files["changes"]] if p["previous"] is not None else []}
    for type_, documents in wanted.items():
        logged = [(e.sha256, e.length) for _, e in own if e.type == type_]
        require(logged == [(sha256(d), len(d)) for d in documents], "entries of type %d" % type_)
    with_record = [(at, e) for at, e in own if e.type in COMMANDS]
    require([(e.sha256, e.length) for _, e in with_record] == [(sha256(d), len(d)) for d in records], "the records")
    for (_, e), record in zip(with_record, records):
        if e.type != CLOSE:
            verify_command(record, e, p)
    return [(at, e, record) for (at, e), record in zip(with_record, records) if e.type == CLOSE]


def verify_accepted(data, serial, listed, entries, p):
    r = Reader(Reader(data).opaque(4))
    r.take(1 + 32 + 32)
    require(r.number(8) == serial, "the accepted list is that of another close")
    accepted = [(r.number(4), r.number(8), r.take(16), r.take(32), r.number(8)) for _ in range(r.number(4))]
    r.end()
    require(accepted == [(c, n, entries[i].report, h, l) for i, c, n, h, l in listed], "the accepted list is another than the log's close")
    for i, *_ in listed:
        for who in ("leader", "helper"):
            verify("skarva-1 sign entry", getattr(entries[i], who), p[who], entries[i].signed, who)


def verify_part(files, p, given=None):
    """`given`: the policy that the auditor has got elsewhere, or None."""
    there = [name for name in FILES if name in files]
    if p["log_policy"] == bytes(32):
        require(there == [] and given is None, "a log, or a policy, where none is promised")
        return
    require(there == FILES, "a part of the log is missing")
    first, leaves = read_leaves(files["log/leaves"])
    hashes = [sha256(b"\0", leaf) for leaf in leaves]
    entries = {first + i: Entry(leaf) for i, leaf in enumerate(leaves)}
    records, left = read_records(files["log/records"]), files["log/left"]
    policy = verify_policy(files["log/policy"], p, given)
    (_, size, root), signed = read_note(files["log/checkpoint"], policy)
    require(signed and policy.is_met(signed), "the quorum")
    require(size == first + len(leaves) and root == root_of(left, first, hashes), "the root of the log")
    own = [(i, e) for i, e in entries.items() if e.known and e.type <= RELEASE and e.task == p["context"]["task"]]
    closes = verify_task([(i - first, e) for i, e in own], records, files, p)
    for at, close, record in closes:
        size, root, listed = read_close(record, close, p)
        require(first < size <= first + at and root_of(left, first, hashes[: size - first]) == root, "the log at the close")
        want = [(i, e.contributor, e.number, e.sha256, e.length) for i, e in own if e.type == SUBMISSION and i < first + at]
        require(sorted(listed) == want, "what the close lists")
    verify_accepted(files["accepted"], close.number, listed, entries, p)
