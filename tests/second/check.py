# SPDX-License-Identifier: EUPL-1.2
"""check.py - what the second verifier takes and what it refuses, as lines for tests/run.

    tests/second/check.py BUNDLE TRUST
"""
import sys

import verify
from linked import Linked, release_layer
from messages import Reader, decode_accepted, decode_openings, decode_suppression, layout, read_archive
from ristretto import Refused, decode, equal, from_uniform, encode, BASE, L, multiply, IDENTITY

failed = 0


def report(name, holds):
    global failed
    print(("ok - " if holds else "not ok - ") + name)
    failed += not holds


def is_refused(function, *arguments):
    try:
        function(*arguments)
        return False
    except Refused:
        return True


def flip(data, at, bit=1):
    return data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]


def check_group():
    """RFC 9496, appendix A: the first multiples of the base point, two bad encodings, the one-way map."""
    multiples = {
        1: "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76",
        2: "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919",
        15: "e0c418f7c8d9c4cdd7395b93ea124f3ad99021bb681dfc3302a9d99a2e53e64e",
    }
    report("multiples of the base point", all(encode(multiply(k, BASE)).hex() == want for k, want in multiples.items()))
    bad = ["00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "01" + "00" * 31]
    report("non-canonical points are refused", all(is_refused(decode, bytes.fromhex(b)) for b in bad))
    report("L times the base point is the identity", equal(multiply(L, BASE), IDENTITY))
    uniform = bytes.fromhex(
        "5d1be09e3d0c82fc538112490e35701979d99e06ca3e2b5b54bffe8b4dc772c1"
        "4d98b696a1bbfb5ca32c436cc61c16563790306c79eaca7705668b47dffe5bb6"
    )
    want = "3066f82a1a747d45120d1740f14358531a8f04bbffe6a819f86dfe50f44a0a46"
    report("the one-way map", encode(from_uniform(uniform)).hex() == want)


def check_submission(p, files, accepted):
    """Every item of a submission's proof, and what it is bound to."""
    cells, rules = layout(p)
    counted, _ = accepted
    name = next(n for n in files if n.startswith("submissions/"))
    share = files[name][16:]
    n, contributor = len(cells), int(name[-5:])
    number = counted[contributor][1]
    v1, v2, proof = share[12 : 12 + 32 * n], share[12 + 32 * n : 12 + 64 * n], share[12 + 64 * n : -64]
    bounds = [cell["bound"] for cell in cells] + [width for _, width, _ in rules]

    def attempt(proof, period=b"2025Q2", number=number, v1=v1, rules=rules, bounds=bounds):
        context = dict(p["context"], period=period)
        t, bits = verify.start(context, p["revision"], 1, 1, contributor, number, range(n), bounds, rules)
        t.absorb("V1", v1)
        t.absorb("V2", v2)
        values = [verify.add(a, b) for a, b in zip(verify.points(v1), verify.points(v2))]
        for constant, _, terms in rules:
            values.append(verify.combine([(constant, BASE)] + [(k, values[c]) for c, k in terms]))
        verify.verify_proof(t, bits, values, bounds, proof, "submission")

    report("the proof as it is holds", not is_refused(attempt, proof))
    items = range(0, len(proof), 32)
    report("each item of a proof changed is refused", all(is_refused(attempt, flip(proof, at, 2)) for at in items))
    report("another period is refused", is_refused(attempt, proof, b"2025Q3"))
    report("another number is refused", is_refused(attempt, proof, b"2025Q2", number + 1))
    swapped = v1[32:64] + v1[:32] + v1[64:]
    report("swapped commitments are refused", is_refused(attempt, proof, b"2025Q2", number, swapped))
    wider = [(c, w, [(j, k + (i == 0)) for i, (j, k) in enumerate(t)]) for c, w, t in rules]
    report("other coefficients are refused", is_refused(attempt, proof, b"2025Q2", number, v1, wider))
    report("a proof without its last round is refused", is_refused(attempt, proof[:-128] + proof[-64:]))


def check_certificate(p, files, accepted):
    """Every value of every table changed, and every pair."""
    cells, rules = layout(p)
    totals = {c: sum(verify.scalar(xr[:32]) for xr, _ in h) % L for c, h in decode_openings(files["aggregates"])[1]}
    reasons = dict(decode_suppression(files["suppression"])[0])
    data = files["certificate"]
    linked = Linked(p, cells, rules, release_layer(p, len(cells), accepted[0]))
    n = int.from_bytes(data[1:5], "big")

    def attempt(data):
        verify.verify_certificate(data, linked, totals, reasons, {})

    report("the certificate as it is holds", not is_refused(attempt, data))
    pairs = [at for at in range(9, 9 + 8 * n, 8) if data[at : at + 4] != b"\xff" * 4]  # of a complement nothing is demanded
    high = range(9 + 8 * n, len(data), 8)
    report("a table of the certificate with a huge number is refused", all(is_refused(attempt, flip(data, at)) for at in high))
    same = [data[: at + 4] + data[at : at + 4] + data[at + 8 :] for at in pairs]
    report("one table named twice is refused", all(is_refused(attempt, d) for d in same))
    none = [data[:at] + b"\xff" * 8 + data[at + 8 :] for at in pairs]
    report("no tables named is refused", all(is_refused(attempt, d) for d in none))


def main():
    with open(sys.argv[1], "rb") as f:
        bundle = f.read()
    trust = verify.read_trust(sys.argv[2])
    check_group()
    try:
        print("# " + verify.verify_bundle(bundle, trust))
        report("the honest bundle verifies", True)
    except Refused as e:
        print("# %s" % e)
        report("the honest bundle verifies", False)
    files = dict(read_archive(bundle))
    p = verify.verify_parameters(files["parameters"], trust)
    accepted = decode_accepted(files["accepted"], p["context"], trust)
    check_submission(p, files, accepted)
    check_certificate(p, files, accepted)
    step = len(bundle) // 24
    damaged = range(step, len(bundle) - 1024, step)
    report("a bundle damaged anywhere is refused", all(is_damage_seen(bundle, trust, at) for at in damaged))
    other = dict(trust, leader=trust["helper"])
    report("other roots of trust are refused", is_refused(verify.verify_bundle, bundle, other))
    end = bundle.rindex(files["release"]) + len(files["release"])
    draft = bundle[: end - 64] + bytes(64) + bundle[end:]
    report("a draft, without the second signature, is refused", is_refused(verify.verify_bundle, draft, trust))
    twice = bundle[: end - 64] + bundle[end - 128 : end - 64] + bundle[end:]
    report("the publisher's signature in both places is refused", is_refused(verify.verify_bundle, twice, trust))
    return 1 if failed else 0


def is_damage_seen(bundle, trust, at):
    try:
        verify.verify_bundle(flip(bundle, at, 4), trust)
        return False
    except (Refused, KeyError, ValueError):
        return True


if __name__ == "__main__":
    sys.exit(main())
