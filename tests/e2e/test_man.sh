#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_man.sh - the manual pages say what the programs say: they are those that tools/man_pages makes today, every option and
# command of --help and every name of the configuration stands in them, and groff takes them without a warning.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh
e2e_scratch work man

if command -v python3 >/dev/null; then
    e2e_check "the pages are made" tools/man_pages "$BIN" "$work/man"
    e2e_check "the pages that are kept are those" diff -r "$work/man" docs/man
else
    e2e_skip "man pages" "no python3"
fi

# words PROGRAM LANGUAGE: each option, each command's name, and each name of the configuration, from the help texts.
words() {
    local program=$1 commands
    shift
    "$BIN/$program" --help "$@" >"$work/help"
    commands=$(grep -oE "^  ($program )?[a-z]+  |   [a-z]+   " "$work/help" | sed "s/$program//" | tr -d ' ' | sort -u)
    for command in $commands; do
        "$BIN/$program" "$command" --help "$@" >>"$work/help" 2>/dev/null
    done
    grep -oE -- '--[a-z][a-z-]*' "$work/help"
    if [ "$program" = skarvad ]; then grep -oE '^  [a-z_]+  ' "$work/help"; fi
}
for page in skarva.1 skarva-publish.1 skarva-audit.1 skarvad.8; do
    for language in en sv; do
        file=docs/man/$page
        [ $language = en ] || file=docs/man/sv/$page
        words "${page%.*}" --lang $language | tr -d ' ' | sort -u >"$work/words"
        sed 's/\\-/-/g; s/\\(ti/~/g' "$file" >"$work/page"
        missing=$(while read -r word; do grep -qF -- "$word" "$work/page" || echo "$word"; done <"$work/words")
        n=$(wc -l <"$work/words")
        if [ -z "$missing" ] && [ "$n" -ge 4 ]; then e2e_ok "$file has all $n options and names"; else e2e_not_ok "$file" "$missing"; fi
        if command -v groff >/dev/null; then
            warnings=$(groff -man -Tutf8 -Kutf8 -ww "$file" 2>&1 >/dev/null)
            if [ -z "$warnings" ]; then e2e_ok "groff takes $file"; else e2e_not_ok "groff takes $file" "$warnings"; fi
        else
            e2e_skip "groff and $file" "no groff"
        fi
    done
done
e2e_finish
