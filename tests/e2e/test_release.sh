#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_release.sh - two people, two folders: nothing is public before both have signed; the second person refuses a draft that
# does not hold; what is released never changes; releases form a chain that anyone can follow.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh
. tests/e2e/collection.sh

e2e_scratch work release
collection_setup "$work/run" || exit 1

site_files() { find "$SITE_DIR" -type f | wc -l; }

cat >"$work/catalogue.json" <<'END'
{"skarva_catalogue": 1, "id": "small", "edition": "1", "title": {"sv": "Liten", "en": "Small"},
 "dimensions": [{"code": "KON", "label": {"sv": "kön", "en": "sex"}, "categories": [
   {"code": "K", "label": {"sv": "kvinna", "en": "woman"}}, {"code": "M", "label": {"sv": "man", "en": "man"}},
   {"code": "X", "label": {"sv": "okänt", "en": "unknown"}}]}],
 "record_kinds": [{"code": "fall", "label": {"sv": "fall", "en": "cases"}, "columns": [
   {"code": "kon", "kind": "category", "dimension": "KON"}]}],
 "indicators": [{"code": "A", "label": {"sv": "ärenden", "en": "cases"}, "unit": {"sv": "st", "en": "pcs"}, "origin": "ordered",
   "cadence": "quarter", "sensitivity": "case", "bound": 100, "tables": ["KON"], "count": {"records": "fall"}}],
 "rules": []}
END
COLLECTION_NAME=small
for code in 2303 2305 2309; do collection_join "$code" "Kommun $code" || exit 1; done
expect "the publisher's folder is not the second person's" 1 "another person" publisher init --second
expect "the key is made once" 0 "second $SECOND_KEY" "$BIN/skarva-publish" init --second --home "$SECOND_HOME"
e2e_check "the second key is private" test "$(stat -c %a "$SECOND_HOME/second.key")" = 600
e2e_start helper && e2e_start leader || exit 1
collection_new small "$work/catalogue.json" || exit 1

# --- windows that nobody could use spend no period
expect "a window that is over is not opened" 2 "from 2025-04-01 00:00 to 2025-04-15 00:00 (UTC) is over" \
    publisher open 2025Q1 --window-start 2025-04-01
expect "a period that is not over wants --early" 2 "not over until 2062-04-01" publisher open 2062Q1
e2e_check "nothing is kept of them" test ! -e "$PUBLISHER_HOME/collections/small/periods/2025Q1" -a \
    ! -e "$PUBLISHER_HOME/collections/small/periods/2062Q1"
expect "opened with a window, it says which" 0 "(UTC)" publisher open 2025Q1
cat >"$work/clock.c" <<'END'
#include <time.h>
time_t time(time_t *out)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    now.tv_sec += 30 * 86400;
    if (out != NULL)
        *out = now.tv_sec;
    return now.tv_sec;
}
END
if "${CC:-cc}" -shared -fPIC -o "$work/clock.so" "$work/clock.c"; then
    later() { ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0 LD_PRELOAD=$work/clock.so publisher "$@"; }
    commands() { find "$PUBLISHER_HOME/collections/small/periods/2025Q1" -name 'control-*' | wc -l; }
    e2e_check "it closes" publish close 2025Q1 --wait
    expect "it is not reopened when the window is over" 1 "reopening does not prolong it" later reopen 2025Q1
    e2e_check "no command was signed" test "$(commands)" -eq 2
    expect "before that it is" 0 "  Submissions from 20" publisher reopen 2025Q1
else
    e2e_skip "a window that is over" "no compiler"
fi
for period in 2025Q1 2025Q2 2025Q3; do
    [ "$period" = 2025Q1 ] || collection_open "$period" || exit 1
    for code in 2303 2305 2309; do
        printf 'cell;value\nA;20\nA.KON.K;18\nA.KON.M;1\nA.KON.X;1\n' >"$work/counts.csv"
        "$BIN/skarva" submit --home "$COLLECTION_DIR/contributors/$code" --period "$period" --yes --counts "$work/counts.csv" \
            >"$work/said" 2>&1 || e2e_not_ok "submission of $code for $period" "$(cat "$work/said")"
    done
    collection_close "$period" || exit 1
done

# --- the preview
expect "a preview says what is hidden" 0 "A.KON.M" publisher preview 2025Q1
expect "and why" 0 "small number" publisher preview 2025Q1
expect "in Swedish too" 0 "litet tal" "$BIN/skarva-publish" preview 2025Q1 --home "$PUBLISHER_HOME" --lang sv
e2e_check "a preview fits 100 columns" bash -c \
    '[ "$("$0" preview 2025Q1 --home "$1" --lang sv | LC_ALL=C.UTF-8 wc -L)" -le 100 ]' "$BIN/skarva-publish" "$PUBLISHER_HOME"
e2e_check "a preview writes nothing to the site" test "$(site_files)" -eq 0

# --- the draft and the second person
draft=$(collection_draft 2025Q1)
expect "no draft" 1 "No such file" second sign 2025Q1 --draft "$work/none" --yes
expect "publishing makes a draft" 0 "skarva-publish sign 2025Q1" publisher publish 2025Q1
e2e_check "a draft writes nothing to the site" test "$(site_files)" -eq 0
expect "the audit does not pass a draft" 1 "release-second-signature" "$BIN/skarva-audit" verify "$draft" --trust "$TRUST_FILE" --lang en
expect "a second period waits for the first" 3 "waits until 2025Q1 is released" publisher publish 2025Q1 2025Q2
expect "the publisher cannot sign for the second person" 1 "init --second" publisher sign 2025Q1 --trust "$TRUST_FILE" --draft "$draft"
cp "$draft" "$work/damaged" && printf '\1' | dd of="$work/damaged" bs=1 seek=3000 conv=notrunc 2>/dev/null
expect "a damaged draft is not signed" 1 "do not sign" second sign 2025Q1 --draft "$work/damaged" --yes
expect "a draft of another period is not signed" 1 "is of 2025Q1, not 2025Q2" second sign 2025Q2 --draft "$draft" --yes
sed "s/^second .*/second $LEADER_KEY/; s/^leader .*/leader $SECOND_KEY/" "$TRUST_FILE" >"$work/swapped"
expect "another's trust file" 1 "second.key" "$BIN/skarva-publish" sign 2025Q1 --home "$SECOND_HOME" --trust "$work/swapped" \
    --draft "$draft" --yes --lang en
expect "without a keyboard nobody signs" 2 "give --yes" second sign 2025Q1 --draft "$draft"
e2e_check "nothing was signed" test ! -e "$draft.signature"
expect "the second person sees what is hidden" 0 "A.KON.M" second sign 2025Q1 --draft "$draft" --yes --signature "$work/first"
expect "and remembers it" 1 "signed release 1 already" second sign 2025Q1 --draft "$draft" --yes --signature "$work/again"
e2e_check "one signature is there" test -e "$work/first" -a ! -e "$work/again"
expect "another period's signature releases nothing" 1 "2025Q2" bash -c \
    '"$0" publish 2025Q2 --home "$1" --lang en >/dev/null; "$0" publish 2025Q2 --signature "$2" --home "$1" --lang en' \
    "$BIN/skarva-publish" "$PUBLISHER_HOME" "$work/first"
sed 's/.\{3\}$/AAA/' "$work/first" >"$work/forged"
expect "a forged signature releases nothing" 1 "signature" publisher publish 2025Q1 --signature "$work/forged"
e2e_check "still nothing on the site" test "$(site_files)" -eq 0
expect "with the signature it is released" 0 "bundles/small-2025Q1.tar" publisher release 2025Q1 --signature "$work/first"
collection_audit 2025Q1 "$work/audit" && e2e_ok "the audit passes" || e2e_not_ok "the audit passes"

# --- two at once
# Holds a home's lock while a command runs, as another skarva-publish would.
while_held() { # HOME COMMAND...
    python3 -c 'import fcntl, subprocess, sys
lock = open(sys.argv[1] + "/lock", "w")
fcntl.lockf(lock, fcntl.LOCK_EX)
sys.exit(subprocess.run(sys.argv[2:], close_fds=True).returncode)' "$@"
}
expect "while one publishes, another is told to wait" 3 "nothing was done, wait" while_held "$PUBLISHER_HOME" \
    "$BIN/skarva-publish" publish 2025Q2 --home "$PUBLISHER_HOME" --lang en
expect "in Swedish too" 3 "vänta tills den är klar" while_held "$PUBLISHER_HOME" \
    "$BIN/skarva-publish" publish 2025Q2 --home "$PUBLISHER_HOME" --lang sv
expect "while one signs, another is told to wait" 3 "nothing was done, wait" while_held "$SECOND_HOME" \
    "$BIN/skarva-publish" sign 2025Q2 --home "$SECOND_HOME" --trust "$TRUST_FILE" --draft "$(collection_draft 2025Q2)" --yes --lang en
e2e_check "neither left anything" test ! -e "$(collection_draft 2025Q2).signature"

# --- frozen
before=$(sha256sum <"$SITE_DIR/bundles/small-2025Q1.tar")
expect "publishing again changes nothing" 0 "unchanged" publisher publish 2025Q1 --redraft
e2e_check "the bundle has the same bytes" test "$(sha256sum <"$SITE_DIR/bundles/small-2025Q1.tar")" = "$before"

# --- the chain
expect "a draft for a number that is taken is made anew" 0 "another number" publisher publish 2025Q2
at_once() {
    local i status good=0 pids=()
    for i in 1 2 3 4; do publisher publish 2025Q2 --redraft >"$work/once.$i" 2>&1 & pids+=($!); done
    for i in 1 2 3 4; do
        status=0
        wait "${pids[i - 1]}" || status=$?
        if [ $status -eq 0 ]; then good=$((good + 1)); else [ $status -eq 3 ] && grep -q "nothing was done" "$work/once.$i" || return 1; fi
    done
    [ $good -ge 1 ]
}
e2e_check "of four at once each drafts or is told to wait" at_once
e2e_check "the draft is whole" bash -c 'tar -tf "$0" >/dev/null' "$(collection_draft 2025Q2)"
collection_publish 2025Q2 2025Q3 && e2e_ok "two more releases" || e2e_not_ok "two more releases"
expect "the ledger has them all" 0 "Releases of small: 3" publisher ledger
publisher ledger --csv >"$work/ledger.csv"
e2e_check "the site's ledger is the same" cmp "$work/ledger.csv" "$SITE_DIR/ledger.csv"
e2e_check "and is served" bash -c 'curl -sSf --cacert "$0" --noproxy "*" "$1ledger.csv" | cmp - "$2"' "$CA_FILE" "$LEADER_URL" "$work/ledger.csv"
chain() {
    local number=0 before=$(printf '0%.0s' {1..64}) n period bundle previous
    while IFS=, read -r n period _ _ bundle previous _; do
        number=$((number + 1))
        [ "$n" -eq $number ] && [ "$previous" = "$before" ] || return 1
        before=$(sha256sum <"$SITE_DIR/bundles/small-$period.tar" | cut -d' ' -f1)
        [ "$bundle" = "$before" ] || return 1
    done < <(tail -n +2 "$work/ledger.csv")
    [ $number -eq 3 ]
}
e2e_check "each release names the bundle before it" chain
hash=$(sha256sum <"$SITE_DIR/bundles/small-2025Q2.tar" | cut -d' ' -f1)
expect "an auditor sees the order" 0 "the one before SHA-256 $hash" "$BIN/skarva-audit" verify "$SITE_DIR/bundles/small-2025Q3.tar" \
    --trust "$TRUST_FILE" --lang en
expect "as JSON" 0 "\"number\":3" "$BIN/skarva-audit" verify "$SITE_DIR/bundles/small-2025Q3.tar" --trust "$TRUST_FILE" --json
expect "the ledger as JSON" 0 '"number":3' publisher ledger --json
rm "$(dirname "$(collection_draft 2025Q2)")/released"
expect "a release lost at home is told" 1 "the chain of releases breaks at number 2" publisher ledger
expect "and nothing more is released" 1 "chain of releases" publisher publish 2025Q2

e2e_stop leader && e2e_stop helper && e2e_ok "both servers end cleanly" || e2e_not_ok "both servers end cleanly"
e2e_finish
