# SPDX-License-Identifier: EUPL-1.2
"""
tell.py - how the readers' programs say what they found: a line for each fact, and whether any was not so.
"""

failures = 0


def tell(name, problems):
    global failures
    failures += bool(problems)
    print(("not ok" if problems else "ok") + " - " + name)
    for problem in problems[:10]:
        print("#   " + str(problem))


def exit_status():
    """Of the program."""
    return 1 if failures else 0
