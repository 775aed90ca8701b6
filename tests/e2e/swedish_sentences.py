#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""swedish_sentences.py - every sentence that crypto/, protocol/ and support/ say about a failure has its Swedish.

Reads the calls of ska_fail, catalogue_fault and ska_text, takes their texts, and looks for each among the pairs of
protocol/swedish.c. A call whose texts go through tr(), or that has none, is not of interest.
    swedish_sentences.py          one line "ok - ..." or "not ok - ..." for each folder
    swedish_sentences.py FILE     fails, naming it, if an English sentence of ours or of the system stands in the file
SENTENCES in the environment names a file that keeps what is looked for, so that the sources are read once for many files.
"""
import errno
import glob
import os
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


def spoken():
    """The English of every tr() and words()."""
    for folder in ("client", "reports", "audit", "server", "support"):
        for path in sorted(glob.glob(folder + "/*.c")):
            text = source(path)
            for call in re.finditer(r"\b(tr|words|in)\(", text):
                texts = [joined(t.group(0)) for t in TEXT.finditer(call_at(text, call.end()))]
                if len(texts) == 2 and texts[0] != texts[1]:
                    yield texts[1]


def pattern(text):
    """What a format looks like when it is printed; None if too little of it is fixed to be told from Swedish."""
    parts = re.split(r"%[-+0-9.*]*(?:zu|jd|llu|lu|ld|[a-z])|\{PRI\w+\}|\\n", text.replace('\\"', '"'))
    longest = max(parts, key=len)
    return re.escape(longest.strip(" :;,()\"")) if longest.strip().count(" ") >= 2 else None


def looked_for():
    """All that is looked for, as regular expressions; from the file SENTENCES if it is there."""
    kept = os.environ.get("SENTENCES")
    if kept and os.path.exists(kept):
        with open(kept, encoding="utf-8") as f:
            return f.read().split("\n")
    texts = set(table()) | set(spoken()) | {os.strerror(n) for n in errno.errorcode}
    known = sorted(p for p in map(pattern, texts) if p is not None)
    assert len(known) > 300, len(known)
    if kept:
        with open(kept, "w", encoding="utf-8") as f:
            f.write("\n".join(known))
    return known


def english_in(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        said = f.read()
    # Most are not there at all: a search for the words alone comes first.
    return [p for p in looked_for() if re.sub(r"\\(.)", r"\1", p) in said and re.search(r"\b%s" % p, said)]


def main():
    known = set(table())
    if len(sys.argv) == 2:
        found = english_in(sys.argv[1])
        for p in found:
            print("English: \"%s\"" % re.sub(r"\\(.)", r"\1", p))
        return 1 if found else 0
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
