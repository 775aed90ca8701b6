#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_rounding.sh - a quarter whose counts are published rounded to 5, and its correction: every shown count is a multiple within
# one base of the truth, no opening of a count leaves the house, the same figure is rounded alike again, everybody is told.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh
. tests/e2e/collection.sh

e2e_scratch work rounding
collection_setup "$work/run" || exit 1

# A and its parts, with one small part; B, which may be blank; C, whose parts are all large.
cat >"$work/catalogue.json" <<'END'
{"skarva_catalogue": 1, "id": "small", "edition": "1", "title": {"sv": "Liten", "en": "Small"},
 "dimensions": [{"code": "KON", "label": {"sv": "kön", "en": "sex"}, "categories": [
   {"code": "K", "label": {"sv": "kvinna", "en": "woman"}}, {"code": "M", "label": {"sv": "man", "en": "man"}},
   {"code": "X", "label": {"sv": "okänt", "en": "unknown"}}]}],
 "record_kinds": [{"code": "fall", "label": {"sv": "fall", "en": "cases"}, "columns": [
   {"code": "kon", "kind": "category", "dimension": "KON"}]}],
 "indicators": [
  {"code": "A", "label": {"sv": "ärenden", "en": "cases"}, "unit": {"sv": "st", "en": "pcs"}, "origin": "ordered",
   "cadence": "quarter", "sensitivity": "case", "bound": 1000, "tables": ["KON"], "count": {"records": "fall"},
   "denominator": {"population": "all", "per": 1000}},
  {"code": "B", "label": {"sv": "möten", "en": "meetings"}, "unit": {"sv": "st", "en": "pcs"}, "origin": "ordered",
   "cadence": "quarter", "sensitivity": "process", "bound": 1000, "may_be_blank": true, "count": {"records": "fall"}},
  {"code": "C", "label": {"sv": "planer", "en": "plans"}, "unit": {"sv": "st", "en": "pcs"}, "origin": "ordered",
   "cadence": "quarter", "sensitivity": "case", "bound": 1000, "tables": ["KON"], "count": {"records": "fall"}}],
 "rules": []}
END
codes="2303 2305 2309 2313"
COLLECTION_NAME=small
for code in $codes; do collection_join "$code" "Kommun $code" || exit 1; done
e2e_start helper && e2e_start leader || exit 1
expect "a base above the threshold is refused" 2 "not larger than --threshold" publisher new --name small --leader https://a.example/ --helper https://b.example/ --rounding 10
collection_new small "$work/catalogue.json" --rounding || exit 1
key=$PUBLISHER_HOME/collections/small/rounding.key
e2e_check "the rounding key is private" test "$(stat -c %a "$key")" = 600

submit() { # PERIOD CODE A K M X B C K M X
    local period=$1 code=$2
    shift 2
    printf 'cell;value\nA;%s\nA.KON.K;%s\nA.KON.M;%s\nA.KON.X;%s\nB;%s\nC;%s\nC.KON.K;%s\nC.KON.M;%s\nC.KON.X;%s\n' "$@" >"$work/$code.csv"
    "$BIN/skarva" submit --home "$COLLECTION_DIR/contributors/$code" --period "$period" --yes --counts "$work/$code.csv" --lang en \
        >"$work/said.$code" 2>&1 || e2e_not_ok "submission of $code for $period" "$(cat "$work/said.$code")"
}
collection_open 2025Q1 || exit 1
submit 2025Q1 2303 21 19 2 0 7 31 17 13 1
submit 2025Q1 2305 18 17 1 0 3 22 11 9 2
submit 2025Q1 2309 12 12 0 0 9 18 9 6 3
submit 2025Q1 2313 11 11 0 0 4 12 5 4 3
e2e_check "the officer is told that figures are rounded" grep -qi "rounded" "$work/said.2303"
collection_close 2025Q1 || exit 1
expect "the preview tells what rounding changes" 0 "Rounding to multiples of 5" publisher preview 2025Q1
expect "in Swedish too" 0 "Avrundning till multiplar av 5" "$BIN/skarva-publish" preview 2025Q1 --home "$PUBLISHER_HOME" --lang sv
mv "$key" "$work/kept"
expect "without the key nothing is rounded" 1 "rounding.key is missing" publisher publish 2025Q1 --redraft
mv "$work/kept" "$key"
chmod 644 "$key"
expect "a key that others can read is refused" 4 "chmod 600" publisher publish 2025Q1
chmod 600 "$key"
collection_publish 2025Q1 || exit 1
collection_audit 2025Q1 "$work/audit" && e2e_ok "the audit passes" || e2e_not_ok "the audit passes" "$(cat "$work/audit/2025Q1.audit.txt")"

# value PERIOD CELL: as in the bundle's table
value() { tar -xOf "$work/audit/$1.tar" table.csv | awk -F, -v cell="$2" '$4 == "" && $7 == cell { print $(NF - 1) }'; }
near() { # PERIOD CELL TRUTH: a multiple of 5, less than 5 away
    local shown
    shown=$(value "$1" "$2")
    [ $((shown % 5)) -eq 0 ] && [ $((shown - $3)) -lt 5 ] && [ $(($3 - shown)) -lt 5 ]
}
for pair in A:62 A.KON.K:59 B:23 C:83 C.KON.K:42 C.KON.M:32 C.KON.X:9; do
    e2e_check "${pair%:*} is rounded" near 2025Q1 "${pair%:*}" "${pair#*:}"
done
e2e_check "a small count is hidden" test "$(value 2025Q1 A.KON.M)" = ".."
e2e_check "and needs no complement beside rounded figures" test "$(value 2025Q1 A.KON.K)" != ".."
e2e_check "a zero is a zero" test "$(value 2025Q1 A.KON.X)" = 0
e2e_check "no count is opened" bash -c '[ "$(tar -xOf "$0" aggregates | od -An -tu1 -j193 -N4 | tr -d " ")" = 0001 ]' "$work/audit/2025Q1.tar"
tar -xOf "$work/audit/2025Q1.tar" page.sv.html >"$work/page.sv.html"
tar -xOf "$work/audit/2025Q1.tar" page.en.html >"$work/page.en.html"
e2e_check "the page says so" grep -q "avrunda" "$work/page.sv.html"
e2e_check "in English too" grep -q "rounded to multiples of 5" "$work/page.en.html"
e2e_check "and that parts need not add up" grep -q "need not add up" "$work/page.en.html"
e2e_check "JSON-stat says so" bash -c 'tar -xOf "$0" table.json | grep -q "\"rounding\":5"' "$work/audit/2025Q1.tar"

# --- a correction: C changes at three, A and B do not
publisher revise 2025Q1 >>"$COLLECTION_LOG" 2>&1 || e2e_not_ok "the correction is opened" "$(tail -3 "$COLLECTION_LOG")"
submit 2025Q1 2303 21 19 2 0 7 33 19 13 1
submit 2025Q1 2305 18 17 1 0 3 25 14 9 2
submit 2025Q1 2309 12 12 0 0 9 21 12 6 3
submit 2025Q1 2313 11 11 0 0 4 12 5 4 3
collection_close 2025Q1.r1 || exit 1
collection_publish 2025Q1.r1 || exit 1
cp "$SITE_DIR/bundles/small-2025Q1.tar" "$work/audit/" # beside it, under the publisher's name
collection_audit 2025Q1.r1 "$work/audit" && e2e_ok "its audit passes" || e2e_not_ok "its audit passes" "$(cat "$work/audit/2025Q1.r1.audit.txt")"
for cell in A A.KON.K B C.KON.M C.KON.X; do
    e2e_check "$cell did not change and is shown as before" test "$(value 2025Q1.r1 $cell)" = "$(value 2025Q1 $cell)"
done
e2e_check "C changed and is near its new value" near 2025Q1.r1 C 91
e2e_finish
