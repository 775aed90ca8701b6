# SPDX-License-Identifier: EUPL-1.2
"""check_cheats.py - both verifiers agree on every cheat of tests/tamper: as lines for tests/run.

    tests/second/check_cheats.py FOLDER       as tests/tamper/tool_cheats wrote it

The first verifier's verdict is the cheat's list of failed checks, which tests/tamper/test_cheats holds it to. All honest bundles and
a third of the cheats, drawn anew each time (SKARVA_TEST_SEED repeats it); all of them with SECOND_WHOLE=1, by night.
"""
import os
import random
import sys

import verify
from year import bundles_at

DOCUMENT = os.path.join(os.path.dirname(__file__), "../../docs/audit.md")
# What this verifier leaves to the first: a cheat that only these see is accepted here.
LEFT = {"complementary-suppression", "pages"}


def read(path):
    with open(path, "rb") as f:
        return f.read()


def verdict(folder, number):
    """Why it is refused; None if it is not."""
    base = os.path.join(folder, number)
    earlier = read(base + ".earlier") if os.path.exists(base + ".earlier") else None
    policy = read(base + ".policy") if os.path.exists(base + ".policy") else None
    beside = bundles_at(base + ".parts") if os.path.isdir(base + ".parts") else []
    try:
        verify.verify_bundle(read(base + ".bundle"), verify.read_trust(base + ".trust"), earlier, beside, policy)
    except verify.FAULTS as e:
        return "%s: %s" % (type(e).__name__, e)
    return None


def check_document(lines):
    """docs/audit.md names, for each check, the cheats that it alone sees."""
    alone = {}
    for _, name, checks in lines:
        if checks and " " not in checks:
            alone.setdefault(checks, []).append(name.split(": ", 1)[1])
    with open(DOCUMENT, encoding="utf-8") as f:
        rows = f.read().split("## The cheats that each check sees")[1].split("\n## ")[0].splitlines()
    told = {row.split("`")[1]: sorted(row.split(" | ")[1].rstrip(" |").split("; ")) for row in rows if row.startswith("| `")}
    missing = ["| `%s` | %s |" % (c, "; ".join(names)) for c, names in alone.items() if told.get(c) != sorted(names)]
    extra = [c for c in told if c not in alone]
    print(("not ok" if missing or extra else "ok") + " - docs/audit.md names the cheats that each check alone sees")
    for row in missing:
        print("#   it should say: " + row)
    for row in extra:
        print("#   no cheat is seen by this alone: " + row)
    return len(missing) + len(extra)


def drawn(lines):
    """Those to be tried this time."""
    if os.environ.get("SECOND_WHOLE"):
        return lines
    seed = os.environ.get("SKARVA_TEST_SEED") or str(random.SystemRandom().randrange(1 << 62))
    print("# second: SKARVA_TEST_SEED=" + seed)
    dice = random.Random(seed)
    return [line for line in lines if line[2] == "" or dice.randrange(3) == 0]


def main():
    folder, failed, n_left = sys.argv[1], 0, 0
    with open(os.path.join(folder, "index"), encoding="utf-8") as f:
        lines = [line.rstrip("\n").split("\t") for line in f]
    tried = drawn(lines)
    for number, name, checks in tried:
        why, is_left = verdict(folder, number), checks != "" and set(checks.split()) <= LEFT
        holds = (why is not None) == (checks != "") or is_left
        n_left += is_left and why is None
        failed += not holds
        print("%s - %s" % ("ok" if holds else "not ok", name))
        print("#   first: %s\n#   second: %s" % (checks or "passes", why or "passes"))
    failed += check_document(lines)
    print("# %d of %d bundles, of which %d are seen by the first verifier alone" % (len(tried), len(lines), n_left))
    return 1 if failed or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
