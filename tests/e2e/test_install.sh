#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_install.sh - what `make install DESTDIR=` puts there works from there: programs, catalogues, manual pages in both
# languages, documents whose links lead somewhere; `make uninstall` leaves nothing.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh
e2e_scratch work install

root=$work/root
share=$root/usr/share
unset MAKEFLAGS MAKELEVEL # a make of its own
installing() { make -s BUILD="${BUILD:-release}" QUIET=1 DESTDIR="$root" PREFIX=/usr "$1" >"$work/log" 2>&1; }
if ! installing install; then
    cat "$work/log"
    e2e_not_ok "make install"
    exit 1
fi
e2e_ok "make install"

bin=$root/usr/bin
for program in skarva skarvad skarva-publish skarva-audit; do
    for language in sv en; do
        e2e_check "the installed $program tells its use ($language)" "$bin/$program" --help --lang $language
    done
done

# An officer's first steps, with nothing of the source tree.
e2e_check "the installed skarva-audit becomes a witness" "$bin/skarva-audit" witness --help
e2e_check "the installed skarva-audit has the program that fetches" "$bin/skarva-audit-fetch" --help
e2e_check "and follows logs" "$bin/skarva-audit" watch --help

catalogue=$share/skarva/catalogues/operation-norrsken.json
for file in catalogues/*.json catalogues/groups/*.json catalogues/contributors/*.csv; do
    e2e_check "installed: $file" cmp "$file" "$share/skarva/$file"
done
for role in publisher second leader helper; do echo "$role $(openssl rand -base64 32 | tr '+/' '-_' | tr -d '=')"; done >"$work/trust"
(
    cd "$work" &&
        "$bin/skarva" init --home "$work/home" --code 2303 --name "Ragunda kommun" --leader https://localhost:1 --trust "$work/trust" &&
        "$bin/skarva" tally --home "$work/home" --period 2025Q2 --catalogue "$catalogue" --zero samrad --zero kontakter --zero moten \
            --zero deltagande --zero enkat
) >"$work/out" 2>&1 || cat "$work/out"
e2e_check "the installed skarva counts by the installed catalogue" test -s "$work/home/counts/2025Q2.csv"
"$bin/skarva-audit" verify tests/fuzz/corpus/audit_bundle/cut --trust /nonexistent >"$work/out" 2>&1
if [ $? -eq 4 ]; then e2e_ok "the installed skarva-audit wants its roots of trust"; else
    e2e_not_ok "the installed skarva-audit wants its roots of trust" "$(cat "$work/out")"; fi
"$bin/skarvad" --check-config --config /nonexistent >"$work/out" 2>&1
if [ $? -eq 2 ]; then e2e_ok "the installed skarvad wants its configuration"; else
    e2e_not_ok "the installed skarvad wants its configuration" "$(cat "$work/out")"; fi

# shown FOLDER PAGE HEADING
shown() { MANWIDTH=100 LC_ALL=C.UTF-8 man -M "$share/$1" "$2" 2>/dev/null | grep -q "^$3"; }
if command -v man >/dev/null; then
    for page in skarva skarva-publish skarva-audit skarvad; do
        e2e_check "man $page" shown man $page SYNOPSIS
        e2e_check "man $page in Swedish" shown man/sv $page ÖVERSIKT
    done
else
    e2e_skip "man pages" "no man"
fi

broken=$(cd "$share/doc/skarva" && for document in *.md docs/*.md docs/decisions/*.md; do
    grep -oE '\]\([^)#: "]+' "$document" | cut -c3- | while read -r link; do
        [ -e "$(dirname "$document")/$link" ] || echo "$document: $link"
    done
done)
if [ -z "$broken" ]; then e2e_ok "the documents' links lead somewhere"; else e2e_not_ok "the documents' links lead somewhere" "$broken"; fi

installing uninstall || cat "$work/log"
left=$(find "$root" -type f -o -type l)
if [ -z "$left" ]; then e2e_ok "make uninstall leaves no file"; else e2e_not_ok "make uninstall leaves no file" "$left"; fi
e2e_finish
