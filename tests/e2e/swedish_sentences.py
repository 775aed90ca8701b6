#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""swedish_sentences.py - every sentence that crypto/, protocol/ and support/ say about a failure has its Swedish.

Reads the calls of ska_fail, catalogue_fault and ska_text, takes their texts, and looks for each among the pairs of
protocol/swedish.c. A call whose texts go through tr(), or that has none, is not of interest.
    swedish_sentences.py          one line "ok - ..." or "not ok - ..." for each folder
    swedish_sentences.py --list   the English texts of the table, one a line
"""
import glob
import re
import sys

LITERAL = r'"(?:[^"\\\n]|\\.)*"|\bPRI[a-zA-Z]\d+\b'
TEXT = re.compile(r"(?:%s)(?:\s*(?:%s))*" % (LITERAL, LITERAL))
CALL = re.compile(r"\b(ska_fail|catalogue_fault|ska_text)\(")


def source(path):
    text = open(path, encoding="utf-8").read()
    return re.sub(r"/\*.*?\*/", " ", text, flags=re.S)


def joined(match):
    parts = re.findall(LITERAL, match)
    return "".join(p[1:-1] if p.startswith('"') else "{" + p + "}" for p in parts)


def call_at(text, start):
    """The text between a call's brackets."""
    depth, at, quoted = 1, start, False
    while depth > 0:
        c = text[at]
        if quoted and c == "\\":
            at += 1
        elif c == '"':
            quoted = not quoted
        elif not quoted and c in "()":
            depth += 1 if c == "(" else -1
        at += 1
    return text[start:at - 1]


def is_sentence(text):
    return re.search("[a-z]{2}", re.sub(r"%[-.*\d]*[a-z]+|\{PRI\w+\}", "", text)) is not None


def sentences(folder):
    for path in sorted(glob.glob(folder + "/*.c")):
        text = source(path)
        for call in CALL.finditer(text):
            inside = call_at(text, call.end())
            inside = re.sub(r"\bstrcmp\([^()]*\)", "", inside)
            if re.search(r"\btr\(", inside):
                continue
            for found in TEXT.finditer(inside):
                if is_sentence(joined(found.group(0))):
                    yield path, joined(found.group(0))


def table():
    text = source("protocol/swedish.c")
    pair = re.compile(r"\{\s*(%s)\s*,\s*(%s)\s*\}" % (TEXT.pattern, TEXT.pattern))
    return [joined(p.group(1)) for p in pair.finditer(text)]


def main():
    known = set(table())
    if sys.argv[1:] == ["--list"]:
        print("\n".join(sorted(known)))
        return 0
    failed = 0
    for folder in ("crypto", "protocol", "support"):
        n, missing = 0, []
        for path, text in sentences(folder):
            n += 1
            if text not in known:
                missing.append((path, text))
        fine = n > 0 and not missing
        print("%s - the %d sentences of %s/ have their Swedish" % ("ok" if fine else "not ok", n, folder))
        for path, text in missing:
            print("    # %s: \"%s\"" % (path, text))
        failed |= not fine
    return 1 if failed else 0


sys.exit(main())
