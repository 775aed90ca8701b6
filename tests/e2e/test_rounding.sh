#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_rounding.sh - two halves of a year whose counts are published rounded to 5, by group too, the year's sums with the second, and
# a correction of the first: every shown count is a multiple within one base of the truth, counted again from what was handed in; no
# opening of a count leaves the house; the same figure is rounded alike again; everybody is told.
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
  {"code": "A", "label": {"sv": "ärenden", "en": "cases"}, "unit": {"sv": "st", "en": "pcs"}, "origin": "ordered", "yearly": "sum",
   "cadence": "half_year", "sensitivity": "case", "bound": 1000, "tables": ["KON"], "count": {"records": "fall"},
   "denominator": {"population": "all", "per": 1000}},
  {"code": "B", "label": {"sv": "möten", "en": "meetings"}, "unit": {"sv": "st", "en": "pcs"}, "origin": "ordered", "yearly": "sum",
   "cadence": "half_year", "sensitivity": "process", "bound": 1000, "may_be_blank": true, "count": {"records": "fall"}},
  {"code": "C", "label": {"sv": "planer", "en": "plans"}, "unit": {"sv": "st", "en": "pcs"}, "origin": "ordered", "yearly": "sum",
   "cadence": "half_year", "sensitivity": "case", "bound": 1000, "tables": ["KON"], "count": {"records": "fall"}}],
 "rules": []}
END
cat >"$work/groups.json" <<'END'
{"skarva_groups": 1, "groups": [
  {"code": "OST", "label": {"sv": "Öst", "en": "East"}, "members": ["2303", "2305", "2309"], "tile": [0, 0]},
  {"code": "VAST", "label": {"sv": "Väst", "en": "West"}, "members": ["2313", "2321", "2326"], "tile": [1, 0]}]}
END
codes="2303 2305 2309 2313 2321 2326"
COLLECTION_NAME=small
for code in $codes; do collection_join "$code" "Kommun $code" || exit 1; done
e2e_start helper && e2e_start leader || exit 1
expect "a base above the threshold is refused" 2 "not larger than --threshold" publisher new --name small --leader https://a.example/ --helper https://b.example/ --rounding 10
collection_new small "$work/catalogue.json" --rounding --groups "$work/groups.json" || exit 1
key=$PUBLISHER_HOME/collections/small/rounding.key
e2e_check "the rounding key is private" test "$(stat -c %a "$key")" = 600
# Which way figures are rounded decides now and then whether one of them is needed as a complement: here always the same way.
sed -i -E 's/[A-Za-z0-9_-]{43}$/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/' "$key"

submit() { # PERIOD CODE A K M X B C K M X
    local period=$1 code=$2 file=$work/handed/$1.$2.csv
    shift 2
    printf 'cell;value\nA;%s\nA.KON.K;%s\nA.KON.M;%s\nA.KON.X;%s\nB;%s\nC;%s\nC.KON.K;%s\nC.KON.M;%s\nC.KON.X;%s\n' "$@" >"$file"
    "$BIN/skarva" submit --home "$COLLECTION_DIR/contributors/$code" --period "${period%.r1}" --yes --counts "$file" --lang en \
        >"$work/said.$code" 2>&1 || e2e_not_ok "submission of $code for $period" "$(cat "$work/said.$code")"
}
half() { # PERIOD: what is handed in
    submit "$1" 2303 21 19 2 0 7 31 17 13 1
    submit "$1" 2305 18 17 1 0 3 22 11 9 2
    submit "$1" 2309 12 12 0 0 9 18 9 6 3
    submit "$1" 2313 11 11 0 0 4 12 5 4 3
    submit "$1" 2321 14 14 0 0 6 16 7 6 3
    submit "$1" 2326 23 23 0 0 2 27 14 9 4
}
mkdir "$work/handed"
collection_open 2025H1 || exit 1
half 2025H1
e2e_check "the officer is told that figures are rounded" grep -qi "rounded" "$work/said.2303"
collection_close 2025H1 || exit 1
expect "the preview tells what rounding changes" 0 "Rounding to multiples of 5" publisher preview 2025H1
expect "in Swedish too" 0 "Avrundning till multiplar av 5" "$BIN/skarva-publish" preview 2025H1 --home "$PUBLISHER_HOME" --lang sv
mv "$key" "$work/kept"
expect "without the key nothing is rounded" 1 "rounding.key is missing" publisher publish 2025H1 --redraft
mv "$work/kept" "$key"
chmod 644 "$key"
expect "a key that others can read is refused" 4 "chmod 600" publisher publish 2025H1
chmod 600 "$key"
collection_publish 2025H1 || exit 1
site=$SITE_DIR/bundles
audit() { "$BIN/skarva-audit" verify "$site/small-$1.tar" --trust "$TRUST_FILE" --lang en; }
e2e_check "the audit passes" audit 2025H1

# value BUNDLE PERIOD GROUP CELL: as in the bundle's table
value() {
    tar -xOf "$site/small-$1.tar" table.csv |
        awk -F, -v period="$2" -v group="$3" -v cell="$4" '$2 == period && $4 == group && $7 == cell { print $(NF - 1) }'
}
# shown BUNDLE PERIOD PART...: how many of the period's counts are shown; fails if one is no multiple of 5, or 5 or more from what
# was handed in for the parts, by all or by the group's members.
shown() {
    local bundle=$1 period=$2 part
    shift 2
    for part in "$@"; do cat "$work/handed/$part".2*.csv; done | grep -v cell >"$work/all"
    for part in "$@"; do cat "$work/handed/$part".230[359].csv; done | grep -v cell >"$work/OST"
    for part in "$@"; do cat "$work/handed/$part".23[12][136].csv; done | grep -v cell >"$work/VAST"
    tar -xOf "$site/small-$bundle.tar" table.csv | awk -F, -v period="$period" -v folder="$work" '
        function truth(group, cell,   sum, line, field) {
            while ((getline line < (folder "/" group)) > 0) { split(line, field, ";"); if (field[1] == cell) sum += field[2] }
            close(folder "/" group)
            return sum
        }
        $2 == period && ($8 == "total" || $8 == "category") && $(NF - 1) != ".." {
            x = truth($4 == "" ? "all" : $4, $7); y = $(NF - 1)
            if (y % 5 != 0 || y - x >= 5 || x - y >= 5) { print "wrong: " $0 " is " x > "/dev/stderr"; bad = 1 }
            n++
        }
        END { print n + 0; exit bad }'
}
n=$(shown 2025H1 2025H1 2025H1) && e2e_ok "every count shown is a multiple near the truth" || e2e_not_ok "a count shown is wrong" "$n"
e2e_check "most are shown" test "$n" -ge 18
e2e_check "a small count is hidden" test "$(value 2025H1 2025H1 "" A.KON.M)" = ".."
e2e_check "in its group too" test "$(value 2025H1 2025H1 OST A.KON.M)" = ".."
e2e_check "and needs no complement beside rounded figures" test "$(value 2025H1 2025H1 "" A.KON.K)" != ".."
e2e_check "a zero is a zero" test "$(value 2025H1 2025H1 VAST A.KON.X)" = 0
e2e_check "no count is opened" bash -c '[ "$(tar -xOf "$0" aggregates | od -An -tu1 -j193 -N4 | tr -d " ")" = 0003 ]' "$site/small-2025H1.tar"
for lang in sv en; do tar -xOf "$site/small-2025H1.tar" page.$lang.html >"$work/page.$lang.html"; done
e2e_check "the page says so" grep -q "avrunda" "$work/page.sv.html"
e2e_check "in English too" grep -q "rounded to multiples of 5" "$work/page.en.html"
e2e_check "and that parts need not add up" grep -q "need not add up" "$work/page.en.html"
e2e_check "JSON-stat says so" bash -c 'tar -xOf "$0" table.json | grep -q "\"rounding\":5"' "$site/small-2025H1.tar"

# --- the second half, with the year
collection_open 2025H2 || exit 1
half 2025H2
collection_close 2025H2 || exit 1
collection_publish 2025H2 || exit 1
e2e_check "the audit of the second half passes" audit 2025H2
n=$(shown 2025H2 2025 2025H1 2025H2) && e2e_ok "every sum of the year is a multiple near the truth" || e2e_not_ok "a sum of the year is wrong" "$n"
e2e_check "most are shown, by group too" test "$n" -ge 18
e2e_check "none of them is opened" bash -c '[ "$(tar -xOf "$0" year | od -An -tu1 -j1 -N4 | tr -d " ")" = 0000 ]' "$site/small-2025H2.tar"

# --- a correction of the first half: C changes at three in the east, A and B do not
publisher revise 2025H1 >>"$COLLECTION_LOG" 2>&1 || e2e_not_ok "the correction is opened" "$(tail -3 "$COLLECTION_LOG")"
half 2025H1.r1
submit 2025H1.r1 2303 21 19 2 0 7 33 19 13 1
submit 2025H1.r1 2305 18 17 1 0 3 25 14 9 2
submit 2025H1.r1 2309 12 12 0 0 9 21 12 6 3
collection_close 2025H1.r1 || exit 1
collection_publish 2025H1.r1 || exit 1
e2e_check "its audit passes" audit 2025H1.r1
n=$(shown 2025H1.r1 2025H1 2025H1.r1) && e2e_ok "every count of it is near the new truth" || e2e_not_ok "a count of it is wrong" "$n"
n=$(shown 2025H1.r1 2025 2025H1.r1 2025H2) && e2e_ok "the year's too" || e2e_not_ok "a sum of its year is wrong" "$n"
for cell in A A.KON.K B C.KON.M C.KON.X; do
    for group in "" OST VAST; do
        for period in 2025H1 2025; do
            before=2025H2
            [ $period = 2025 ] || before=2025H1
            [ "$(value 2025H1.r1 $period "$group" $cell)" = "$(value $before $period "$group" $cell)" ] ||
                e2e_not_ok "$group/$cell of $period did not change and is shown as before"
        done
    done
done
e2e_ok "what did not change was compared"
e2e_check "C of the west did not change either" test "$(value 2025H1.r1 2025H1 VAST C)" = "$(value 2025H1 2025H1 VAST C)"
cp "$TRUST_FILE" "$work/trust.txt"
for name in 2025H1 2025H2 2025H1.r1; do
    e2e_check "the second verifier takes $name" python3 tests/second/verify.py "$site/small-$name.tar" "$work/trust.txt"
done
e2e_check "every data file and the data interface have the audited figures" e2e_formats
e2e_finish
