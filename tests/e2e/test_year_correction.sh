#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_year_correction.sh - a quarter is corrected after the year was released with the last: the correction carries the year
# anew, with the new figures; both roll-ups are audited, each with the releases that it is made of, and neither without.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-release}
. tests/e2e/lib.sh
. tests/e2e/collection.sh

CODES=(2303 2305 2309 2313)
QUARTERS=(2025Q1 2025Q2 2025Q3 2025Q4)
tool=$BIN/tests/e2e/tool_county
[ -x "$tool" ] || { echo "not ok - $tool is not built"; exit 1; }
e2e_scratch work year-correction

# counts CHANGED...: of all quarters; in the second the contributors named have one event more of the first type.
counts() {
    local i q type n
    echo quarter,municipality_code,event_type,events
    for q in "${QUARTERS[@]}"; do
        for i in "${!CODES[@]}"; do
            for type in alfa beta gamma; do
                n=$((10 + 3 * i + ${q: -1}))
                [ $type != gamma ] || n=$((i == 0 ? 2 : 0)) # two in all: hidden
                case "$q $* " in 2025Q2*" ${CODES[$i]} "*) [ $type != alfa ] || n=$((n + 1)) ;; esac
                echo "$q,${CODES[$i]},$type,$n"
            done
        done
    done
}
counts >"$work/counts0.csv"
counts 2303 2305 2309 >"$work/counts3.csv"
for k in 0 3; do
    mkdir -p "$work/$k"
    "$tool" prepare "$work/counts$k.csv" "$work/$k" 12 || exit 1
done
sed -E 's/("cadence": *"quarter",)/\1 "yearly": "sum",/g' "$work/0/catalogue.json" >"$work/catalogue.json"
cmp -s "$work/0/catalogue.json" "$work/catalogue.json" && { echo "not ok - the catalogue is not added up over the year"; exit 1; }

collection_setup "$work/run" || exit 1
e2e_start helper && e2e_start leader || exit 1
COLLECTION_NAME=county
while IFS=$'\t' read -r code name; do collection_join "$code" "$name" || exit 1; done <"$work/0/contributors"
collection_new county "$work/catalogue.json" || exit 1
for q in "${QUARTERS[@]}"; do
    records_of() { echo "$work/0/records/$q/$1.csv"; }
    collection_run_period "$q" 4 records_of "$work" || exit 1
done
e2e_check "four quarters are published" collection_publish "${QUARTERS[@]}"
site=$SITE_DIR/bundles
e2e_check "while nothing is corrected the overview says nothing of it" bash -c "! grep -q 'sums of whole years' '$SITE_DIR/en/index.html'"
old=$site/county-2025Q4.tar new=$site/county-2025Q2.r1.tar
audit() { "$BIN/skarva-audit" verify "$1" --trust "$TRUST_FILE" --lang "${2:-en}" "${@:3}"; }
has() { grep -qx "$2" <<<"$(tar -tf "$1")"; }
e2e_check "the last carries the year" has "$old" year
e2e_check "and is audited" audit "$old"

home_of() { echo "$work/run/contributors/$1"; }
changed() {
    "$BIN/skarva" tally --home "$(home_of "$1")" --period 2025Q2 --lang en "$work/3/records/2025Q2/$1.csv" &&
        "$BIN/skarva" submit --home "$(home_of "$1")" --period 2025Q2 --yes --lang en
}
e2e_check "the second quarter's correction opens" publish revise 2025Q2
for code in 2303 2305 2309; do e2e_check "$code hands in a correction" changed "$code"; done
e2e_check "2313 hands in the same" "$BIN/skarva" submit --home "$(home_of 2313)" --period 2025Q2 --unchanged --yes --lang en
e2e_check "it closes" publish close 2025Q2.r1 --wait
e2e_check "is collected" publish collect 2025Q2.r1
for lang in sv en; do
    "$BIN/skarva-publish" preview 2025Q2.r1 --home "$PUBLISHER_HOME" --lang $lang >"$work/preview.$lang" 2>&1
done
e2e_check "the preview says that the year is added up anew" grep -q "The year 2025 is added up anew" "$work/preview.en"
e2e_check "in Swedish too" grep -q "Året 2025 räknas ihop på nytt" "$work/preview.sv"
# The second person, who has only the draft: a folder is asked for, with all that must be in it.
e2e_check "a draft is made" publish publish 2025Q2.r1 --no-pages
mkdir "$work/desk" && cp "$(collection_draft 2025Q2.r1)" "$work/desk/"
asked() { # LANGUAGE WORDS
    ! "$BIN/skarva-publish" sign 2025Q2.r1 --home "$SECOND_HOME" --trust "$TRUST_FILE" --draft "$work/desk/draft" --yes --lang "$1" >"$work/asked" 2>&1 &&
        grep -q "$2" "$work/asked"
}
e2e_check "sign asks for a folder" asked en 'a correction of 2025Q2, linked with 2025Q1, 2025Q2, 2025Q3, 2025Q4: .*(county-2025Q2.tar).*--earlier released/'
e2e_check "in Swedish too" asked sv 'en rättelse av 2025Q2, som hör ihop med 2025Q1, 2025Q2, 2025Q3, 2025Q4: .*(county-2025Q2.tar).*--earlier utgivna/'
mkdir "$work/desk/released" && cp "$site"/county-2025Q[123].tar "$work/desk/released/"
earlier() { "$BIN/skarva-publish" sign 2025Q2.r1 --home "$SECOND_HOME" --trust "$TRUST_FILE" --draft "$work/desk/draft" --yes --lang en --earlier "$work/desk/released"; }
e2e_check "and names the one that is not there" grep -q 'the bundle of 2025Q4 is needed.*county-2025Q4.tar' <<<"$(earlier 2>&1)"
cp "$site/county-2025Q4.tar" "$work/desk/released/"
e2e_check "with all of them it is signed" earlier
e2e_check "and published" publish publish 2025Q2.r1 --signature "$work/desk/draft.signature"

e2e_check "the correction carries the year" has "$new" year
e2e_check "it is audited" audit "$new" sv
e2e_check "the year that was released before still passes" audit "$old" sv
for bundle in "$old" "$new"; do tar -xOf "$bundle" table.csv | tr -d '"' >"$work/$(basename "$bundle").csv"; done
value() { awk -F, -v period="$2" -v cell="$3" '$2 == period && $7 == cell { print $(NF - 1) }' "$work/$(basename "$1").csv"; }
first=$(awk -F, 'NR == 2 { print $7 }' "$work/$(basename "$new").csv")
b=$(value "$old" 2025 "$first") a=$(value "$new" 2025 "$first")
if [ "$b" = $((4 * (10 + 13 + 16 + 19) + 4 * 10)) ] && [ "$a" = $((b + 3)) ]; then e2e_ok "the year's total is three more"
else e2e_not_ok "the year's total is three more" "$b -> $a"; fi
e2e_check "what the year's parts hide is hidden" grep -q ',\.\.,kept$' "$work/$(basename "$new").csv"
for lang in sv en; do "$BIN/skarva-publish" ledger --home "$PUBLISHER_HOME" --lang $lang >"$work/ledger.$lang"; done
e2e_check "the ledger says which releases carry the year" grep -qE ' 2025Q4 .* \+ 2025$' "$work/ledger.en"
e2e_check "the correction among them" grep -qE ' 2025Q2 +1 .* \+ 2025$' "$work/ledger.sv"
e2e_check "and no other" test "$(grep -c ' + 2025$' "$work/ledger.sv")" -eq 2
e2e_check "the site's ledger says it too" test "$(grep -c ',2025$' "$SITE_DIR/ledger.csv")" -eq 2
e2e_check "the overview says that years on other periods' pages may be replaced" grep -q "sums of whole years on other periods" "$SITE_DIR/en/index.html"

# The roll-up without one of its parts, and with another in the place of one.
mkdir "$work/alone" && cp "$new" "$site/county-2025Q2.tar" "$work/alone/"
alone=$work/alone/county-2025Q2.r1.tar
told() { # NAME LANGUAGE WORDS
    if audit "$alone" "$2" >"$work/out"; then e2e_not_ok "$1: it passes"; else e2e_check "$1" grep -q "$3" "$work/out"; fi
}
told "without its parts it says what is needed" sv "hör ihop med tidigare: paketet för 2025Q1 behövs"
told "in English too" en "is linked with earlier ones: the bundle of 2025Q1 is needed"
e2e_check "with the folder it passes" audit "$alone" en --earlier "$site"
cp "$site"/county-2025Q[14].tar "$work/alone" && cp "$site/county-2025Q1.tar" "$work/alone/county-2025Q3.tar"
told "another in the place of a part is named" en "2025Q3 is not the one that this release names"
told "in Swedish too" sv "2025Q3 är inte det som denna utgåva namnger"
cp "$site/county-2025Q3.tar" "$work/alone" && cp "$site/county-2025Q1.tar" "$work/alone/county-2025Q2.tar"
told "another in the place of what it corrects is named" en "not the one they name"
e2e_check "every data file and the data interface have the audited figures" e2e_formats
e2e_finish
