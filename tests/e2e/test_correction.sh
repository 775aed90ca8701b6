#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_correction.sh - a published quarter is corrected, with the real programs: one change alone is refused by the servers and
# waits; three go through; the audit needs the earlier bundle, and takes no other; a lost opening is told to its officer.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-release}
. tests/e2e/lib.sh
. tests/e2e/collection.sh

Q=2025Q1
CODES=(2303 2305 2309 2313 2321)
tool=$BIN/tests/e2e/tool_county
[ -x "$tool" ] || { echo "not ok - $tool is not built"; exit 1; }
e2e_scratch work correction

# counts CHANGED...: a table in which the contributors named have one event more of the first type.
counts() {
    local i code type n
    echo quarter,municipality_code,event_type,events
    for i in "${!CODES[@]}"; do
        code=${CODES[$i]}
        for type in alfa beta gamma; do
            n=$((10 + 3 * i))
            [ $type != gamma ] || n=$((i == 0 ? 2 : 0)) # two in all: hidden
            case " $* " in *" $code "*) [ $type != alfa ] || n=$((n + 1)) ;; esac
            echo "$Q,$code,$type,$n"
        done
    done
}

counts >"$work/counts0.csv"
counts 2305 >"$work/counts1.csv"
counts 2303 2305 2321 >"$work/counts3.csv"
for k in 0 1 3; do
    mkdir -p "$work/$k"
    "$tool" prepare "$work/counts$k.csv" "$work/$k" 12 || exit 1
done

collection_setup "$work/run" && e2e_log_setup || exit 1
e2e_start helper && e2e_start leader || exit 1
COLLECTION_NAME=county
while IFS=$'\t' read -r code name; do collection_join "$code" "$name" || exit 1; done <"$work/0/contributors"
collection_new county "$work/0/catalogue.json" || exit 1

records_of() { echo "$work/0/records/$Q/$1.csv"; }
collection_run_period $Q 4 records_of "$work" || exit 1
e2e_check "the quarter is published" collection_publish $Q
site=$SITE_DIR/bundles
e2e_check "and audited" "$BIN/skarva-audit" verify "$site/county-$Q.tar" --trust "$TRUST_FILE" --lang en
old_bundle=$(sha256sum <"$site/county-$Q.tar")

home_of() { echo "$work/run/contributors/$1"; }
unchanged() { "$BIN/skarva" submit --home "$(home_of "$1")" --period $Q --unchanged --yes --lang en; }
changed() { # CODE FOLDER
    "$BIN/skarva" tally --home "$(home_of "$1")" --period $Q --lang en "$work/$2/records/$Q/$1.csv" &&
        "$BIN/skarva" submit --home "$(home_of "$1")" --period $Q --yes --lang en
}

state_of() { (cd "$(home_of "$1")" && find . -type f ! -name .lock ! -name last-run.log -exec sha256sum {} + | sort); }

# refused NAME CODE TEXT WHO: handing in unchanged ends so, and changes nothing at home.
refused() {
    local before got
    before=$(state_of "$4")
    unchanged "$4" >"$work/out" 2>&1
    got=$?
    if [ "$got" -eq "$2" ]; then e2e_ok "$1: exit code $2"; else e2e_not_ok "$1: exit code $2" "$got"; fi
    e2e_check "$1: it is told" grep -q -- "$3" "$work/out"
    if [ "$before" = "$(state_of "$4")" ]; then e2e_ok "$1: nothing changed"; else e2e_not_ok "$1: nothing changed"; fi
}
refused "unchanged outside a correction" 2 "corrections of a published period" 2303

# One change alone.
e2e_check "a correction opens" publish revise $Q
e2e_check "opening it again changes nothing" publish revise $Q
e2e_check "one officer hands in a correction" changed 2305 1
for code in 2303 2309 2313 2321; do e2e_check "$code hands in the same as before" unchanged $code; done
modes=$(stat -c %a "$(home_of 2303)"/submissions/*)
if [ "$(sort -u <<<"$modes")" = 600 ]; then e2e_ok "what opens a submission is for its owner only"
else e2e_not_ok "what opens a submission is for its owner only" "$modes"; fi
e2e_check "it closes" publish close $Q.r1 --wait
says() { # NAME LANG WORDS COMMAND...: it fails, and says so
    if "$BIN/skarva-publish" "${@:4}" --home "$PUBLISHER_HOME" --lang "$2" >"$work/out" 2>&1; then e2e_not_ok "$1"; elif grep -q "$3" "$work/out"; then e2e_ok "$1"; else e2e_not_ok "$1" "$(cat "$work/out")"; fi
    if grep -q SKA_E_ "$work/out"; then e2e_not_ok "$1: without a status name" "$(cat "$work/out")"; fi
}
# First in Swedish: what is done about a refusal does not go by its words.
if "$BIN/skarva-publish" collect $Q.r1 --home "$PUBLISHER_HOME" --lang sv >"$work/out" 2>&1; then e2e_not_ok "one change alone is refused in Swedish"; else
    e2e_check "one change alone is refused in Swedish" grep -q "färre än 3 av de uppgiftslämnare .*väntar på nästa rättelse" "$work/out"; fi
e2e_check "and no other language or code is in it" bash -c "! grep -qE 'SKA_E_|fewer' '$work/out'"
says "what was judged is not opened again" sv "prövad öppnas inte igen.*skarva-publish revise $Q" reopen $Q.r1
e2e_check "the refusal is remembered" test -e "$PUBLISHER_HOME/collections/county/periods/$Q.r1/refused"
if publish collect $Q.r1 2>"$work/out"; then e2e_not_ok "one change alone is refused"; else
    e2e_check "one change alone is refused" grep -q "fewer than 3 contributors" "$work/out"; fi
e2e_check "and the helper says so too" grep -q correction_refused "$HELPER_LOG"
if collection_publish $Q.r1 2>/dev/null; then e2e_not_ok "nothing of it is published"; else e2e_ok "nothing of it is published"; fi

# The next window: three.
e2e_check "the next correction opens" publish revise $Q
mv "$(home_of 2309)/submissions" "$work/lost"
refused "a lost opening" 7 "Restore the folder submissions from the backup" 2309
mv "$work/lost" "$(home_of 2309)/submissions"
cp -r "$(home_of 2309)/submissions" "$work/whole"
for file in "$(home_of 2309)"/submissions/*; do truncate -s -1 "$file"; done
refused "a damaged opening" 7 "the file is damaged" 2309
rm -r "$(home_of 2309)/submissions" && mv "$work/whole" "$(home_of 2309)/submissions"
for code in 2303 2305 2321; do e2e_check "$code hands in a correction" changed $code 3; done
for code in 2309 2313; do e2e_check "$code hands in the same" unchanged $code; done
e2e_check "it closes" publish close $Q.r2 --wait
e2e_check "three changes are collected, the proofs checked" publish collect $Q.r2 --check-proofs
e2e_check "and published" collection_publish $Q.r2
new=$site/county-$Q.r2.tar
e2e_check "the audit finds the earlier bundle beside it" "$BIN/skarva-audit" verify "$new" --trust "$TRUST_FILE" --lang en
"$BIN/skarva-audit" verify "$new" --trust "$TRUST_FILE" --lang en >"$work/out"
e2e_check "it is linked with what it corrects" grep -qx earlier <<<"$(tar -tf "$new")"
e2e_check "it says how many changed" grep -q "3 changed something" "$work/out"
tar -xOf "$site/county-$Q.tar" table.csv | tr -d '"' >"$work/before.csv"
tar -xOf "$new" table.csv | tr -d '"' >"$work/after.csv"
value() { awk -F, -v cell="$2" '$7 == cell { print $(NF - 1) "," $NF }' "$1"; }
first=$(awk -F, 'NR == 2 { print $7 }' "$work/after.csv")
b=$(value "$work/before.csv" "$first") a=$(value "$work/after.csv" "$first")
if [ "${b%,}" -gt 0 ] && [ "${a%,}" -eq $((${b%,} + 3)) ]; then e2e_ok "the total is three more"
else e2e_not_ok "the total is three more" "$b -> $a"; fi
e2e_check "what was hidden is kept" grep -q ',\.\.,kept$' "$work/after.csv"
if [ "$(grep -c ',\.\.,' "$work/before.csv")" -eq "$(grep -c ',kept$' "$work/after.csv")" ]; then e2e_ok "all of it"
else e2e_not_ok "all of it" "$(cat "$work/before.csv" "$work/after.csv")"; fi
if [ "$old_bundle" = "$(sha256sum <"$site/county-$Q.tar")" ]; then e2e_ok "the earlier bundle is as it was"
else e2e_not_ok "the earlier bundle is as it was"; fi

mkdir "$work/alone" && cp "$new" "$work/alone/"
alone=$work/alone/county-$Q.r2.tar
if "$BIN/skarva-audit" verify "$alone" --trust "$TRUST_FILE" --lang en >"$work/out"; then
    e2e_not_ok "without the earlier bundle it does not pass"
else
    e2e_check "without the earlier bundle it says which is needed" grep -q "this is a correction of $Q, linked with $Q: .*county-$Q.tar.*--earlier released/" "$work/out"
fi
e2e_check "nothing fails then" bash -c "! grep -q '^FAIL  ' '$work/out'"
e2e_check "--earlier names it" "$BIN/skarva-audit" verify "$alone" --trust "$TRUST_FILE" --earlier "$site/county-$Q.tar" --lang en
if "$BIN/skarva-audit" verify "$alone" --trust "$TRUST_FILE" --earlier "$new" --lang en >"$work/out"; then
    e2e_not_ok "another bundle is not taken for it"
else
    e2e_check "another bundle is not taken for it" grep -q "not the one they name" "$work/out"
fi

# Nobody answers in time: it is opened again while it can be, and else the next passes it over.
e2e_check "a third opens" publish revise $Q
says "open, it is not collected" sv "inte stängd; stäng den först: skarva-publish close $Q.r3" collect $Q.r3
e2e_check "nobody hands in, and it closes" publish close $Q.r3 --wait
says "nothing is collected" sv "0 har lämnat och minst 3 krävs.*skarva-publish revise $Q" collect $Q.r3
e2e_check "its status says so" grep -q "hämtas inte: för få" <<<"$("$BIN/skarva-publish" status $Q.r3 --home "$PUBLISHER_HOME" --lang sv)"
e2e_check "it can be opened again" publish reopen $Q.r3
for code in 2303 2305; do e2e_check "$code hands in the same" unchanged $code; done
e2e_check "two handed in, and it closes" publish close $Q.r3 --wait
says "that is too few too" en "2 handed in and at least 3 must" collect $Q.r3

# A correction of the correction.
e2e_check "a fourth opens" publish revise $Q
says "what it passes over is not opened again" en "the correction $Q.r4 was opened after it" reopen $Q.r3
for code in 2303 2305 2321; do e2e_check "$code changes back" changed $code 0; done
for code in 2309 2313; do e2e_check "$code hands in the same" unchanged $code; done
e2e_check "it closes" publish close $Q.r4 --wait
e2e_check "is collected" publish collect $Q.r4
e2e_check "and published" collection_publish $Q.r4
e2e_check "and audited" "$BIN/skarva-audit" verify "$site/county-$Q.r4.tar" --trust "$TRUST_FILE" --lang en
e2e_second "$site/county-$Q.tar" "$TRUST_FILE"
e2e_second "$site/county-$Q.r2.tar" "$TRUST_FILE"
e2e_second "$site/county-$Q.r4.tar" "$TRUST_FILE"
e2e_check "the pages link to it" grep -q "county-$Q.r4.tar" "$SITE_DIR/data.html" "$SITE_DIR/check.html"
for link in "county-$Q.r4.tar" "$Q.r4.csv" "en/$Q.r4.html" "\"$Q.html\""; do
    e2e_check "the correction's own page links $link" grep -q "$link" "$SITE_DIR/$Q.r4.html"
done
e2e_check "and not the earlier table" bash -c "! grep -q '\"$Q.csv' '$SITE_DIR/$Q.r4.html' '$SITE_DIR/data.html'"
e2e_check "data portals are told of the corrected table" grep -q "/$Q.r4.csv\"" "$SITE_DIR/data/catalog.rdf"
e2e_check "and its description is there" grep -q "\"$Q.r4.csv\"" "$SITE_DIR/$Q.r4.csv-metadata.json"
e2e_check "the ledger has all three" test "$(grep -c ",$Q," "$SITE_DIR/ledger.csv")" -eq 3
e2e_check "all is published in the log" e2e_log_published
e2e_check "and the log's audit takes it, with what changed and the last correction" "$BIN/skarva-audit" check-log "$LOG_DIR" --policy "$LOG_POLICY" \
    --trust "$TRUST_FILE" --bundle "$site/county-$Q.r4.tar" --lang en
e2e_check "every data file and the data interface have the audited figures" e2e_formats
e2e_finish
