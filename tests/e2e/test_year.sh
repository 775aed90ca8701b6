#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_year.sh - tests/e2e/year takes a whole synthetic year of each of our five catalogues to audited publication with exact
# sums, finds records under every name it promises to, and fails when it must.
#
#   test_year.sh [CATALOGUE]   only this one, by its name in catalogues/ (names: only the names and failures)
#
# SECOND_WHOLE=1 in the environment: a quarter of each catalogue goes through the second verifier, too.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh
e2e_scratch work test-year
synthetic=$BIN/demo/synthetic
make --no-print-directory -s "$synthetic" >/dev/null || exit 1

# rows DIR PERIOD KIND: how many rows all contributors' files have, by the shell alone.
rows() { cat "$1"/*/"$2/$3-synthetic.csv" | grep -c '^SYN-'; }
value() { grep "^$2,$3," "$1" | cut -d, -f 3; }

# Each published figure is the collected one, or that of a year the sum of its parts' collected ones, or hidden, and 1 to 4 are
# never there. Some figures are hidden, some told.
is_protected() {
    awk -F, 'FNR == 1 { n++; next }
        n == 1 { total[$1 "," $2] = $3; sum[substr($1, 1, 4) "," $2] += $3; next }
        $2 !~ /answered/ {
            key = $1 "," $2
            if (!(key in total)) {
                if ($1 !~ /^[0-9][0-9][0-9][0-9]$/ || !(key in sum)) exit 1
                total[key] = sum[key]
            }
            if ($3 == "..") hidden++
            else if ($3 != total[key] || ($3 >= 1 && $3 <= 4)) exit 1
            told++
        }
        END { if (hidden == 0 || told == hidden) exit 1 }' "$1" "$2"
}

groups_of() { echo "--groups catalogues/groups/$1.json"; }

is_repeatable() {
    "$synthetic" --year 2025 "catalogues/$1.json" "catalogues/contributors/$1.csv" year "$2.again" && diff -r "$2" "$2.again" &&
        "$synthetic" --year 2025 "catalogues/$1.json" "catalogues/contributors/$1.csv" other "$2.other" && ! diff -rq "$2" "$2.other" >/dev/null
}

pages_are_light() {
    local bundle page size
    for bundle in "$@"; do
        for page in page.sv.html page.en.html; do
            size=$(tar -xOf "$bundle" "$page" | wc -c)
            [ "$size" -gt 1000 ] && [ "$size" -le 100000 ] || return 1
        done
    done
}

# whole_year NAME KIND INDICATOR PERIODS: INDICATOR counts the rows of KIND, quarter by quarter.
whole_year() {
    local name=$1 kind=$2 indicator=$3 n_periods=$4 records=$work/$1 out=$work/$1.out period
    e2e_check "$name: records of a year are made" \
        "$synthetic" --year 2025 "catalogues/$name.json" "catalogues/contributors/$name.csv" year "$records"
    e2e_check "$name: the same seed makes the same records" is_repeatable "$name" "$records"
    # shellcheck disable=SC2046 # two words or none
    e2e_check "$name: the year goes through every program, with exact sums" \
        tests/e2e/year "catalogues/$name.json" "$records" "$out" $(groups_of "$name")
    e2e_check "$name: there are $n_periods bundles" test "$(ls "$out"/bundles/2025*.tar | wc -l)" -eq "$n_periods"
    e2e_check "$name: no release's page weighs more than 100 kB" pages_are_light "$out"/bundles/2025*.tar
    for period in 2025Q1 2025Q2 2025Q3 2025Q4; do
        e2e_check "$name: $indicator of $period is the number of rows" \
            test "$(rows "$records" "$period" "$kind")" -eq "$(value "$out/collected.csv" "$period" "$indicator")"
    done
    e2e_check "$name: small figures are hidden, the others are told as they are, years too" \
        is_protected "$out/collected.csv" "$out/published.csv"
    if tar -tf "$out/bundles/2025Q4.tar" year >/dev/null 2>&1; then year_needs_its_parts "$name" "$out/bundles"; fi
    # Minutes in Python: for the night.
    [ -z "${SECOND_WHOLE:-}" ] || e2e_second "$out/bundles/2025Q1.tar" "$out/bundles/trust.txt"
}

# The bundle that carries the year is audited with those of its parts: not without them, nor with others.
year_needs_its_parts() { # NAME BUNDLES
    local folder=$work/$1.alone
    mkdir -p "$folder/other"
    cp "$2/2025Q4.tar" "$folder"
    audit_year() { "$BIN/skarva-audit" verify "$folder/2025Q4.tar" --trust "$2/trust.txt" --lang en "${@:3}" >"$folder/audit.txt"; }
    if audit_year "$@"; then e2e_not_ok "$1: the year alone does not pass"
    else e2e_check "$1: the year alone says what is needed" grep -q "the bundle of 2025Q1 is needed" "$folder/audit.txt"; fi
    e2e_check "$1: the year passes with the folder of its parts" audit_year "$@" --earlier "$2"
    for part in 2025Q1 2025Q2 2025Q3; do cp "$2/2025Q3.tar" "$folder/other/$part.tar"; done
    if audit_year "$@" --earlier "$folder/other"; then e2e_not_ok "$1: the year does not pass with another part"
    else e2e_check "$1: the year names the part that is another" grep -q "2025Q1 is not the one that this release names" "$folder/audit.txt"; fi
}

# A small catalogue under other names of files: three contributors, one year, one kind.
file() { # N: N cases that came to attention, every second given support, and the file's name
    mkdir -p "$(dirname "$2")"
    { echo 'arende;aktualiserad;insats;mal'; for i in $(seq "$1"); do echo "K$i;ja;$([ $((i % 2)) -eq 0 ] && echo ja);nej"; done; } >"$2"
}
want=$'period,cell,value\n2025,U30750,24\n2025,U30750.answered,3\n2025,U30751,11\n2025,U30751.answered,3\n2025,U30752,0\n2025,U30752.answered,3'
names() { # HOW PATTERN: the pattern with CODE in it
    local code n=6
    for code in 2303 AB-1 c_2; do
        n=$((n + 1))
        file "$n" "$work/$1/${2//CODE/$code}"
    done
    e2e_check "files named $2" tests/e2e/year catalogues/kolada-vald.json "$work/$1" "$work/$1.out"
    e2e_check "files named $2: exact" diff <(echo "$want") <(grep -v marked "$work/$1.out/collected.csv")
    [ "$1" != folders ] || e2e_second "$work/$1.out/bundles/2025.tar" "$work/$1.out/bundles/trust.txt"
}
refuses() { # NAME DIR WORDS [OPTION...]
    local output
    if output=$(tests/e2e/year catalogues/kolada-vald.json "$work/$2" "$work/refused" "${@:4}" 2>&1); then
        e2e_not_ok "$1" "it succeeded" "$output"
    elif [ -n "$(ls -A "$work/refused")" ]; then
        e2e_not_ok "$1" "it left something in OUT" "$(ls -A "$work/refused")"
    elif grep -q "$3" <<<"$output"; then
        e2e_ok "$1"
    else
        e2e_not_ok "$1" "it does not say: $3" "$output"
    fi
}
# All files are read before anything starts, and each fault is named by contributor, period, file, row and column.
files_that_cannot_be_used() {
    cp -r "$work/flat" "$work/bad"
    sed -i '3s/;ja;/;kanske;/' "$work/bad/2303-2025.csv"
    sed -i '1s/arende/nummer/' "$work/bad/c_2-2025.csv"
    refuses "a word that no flag knows is named with row and column" bad '2303, 2025: 2303-2025.csv, row 3, column aktualiserad: "kanske"'
    refuses "the same look names a missing column of another contributor" bad "c_2, 2025: c_2-2025.csv, row 1: the column arende"
    printf 'code,name\n2303,Ragunda\nAB-1,Enhet\n' >"$work/roster.csv"
    refuses "a contributor who is not on the roster is refused" flat "files of c_2, who is not in" --contributors "$work/roster.csv"
    printf '%s' '{"skarva_groups": 1, "groups": [{"code": "G", "label": {"sv": "g", "en": "g"}, "members": ["2303", "AB-1", "Q"]}]}' >"$work/groups.json"
    refuses "a group of somebody without records is refused" flat "Q has no records" --groups "$work/groups.json"
}
# What nothing is counted from is named, who has no files is on the roster, and results of before are not written over.
results_of_before() {
    local out=$work/rest.out said=$work/rest.log
    cp -r "$work/flat" "$work/rest"
    cp "$work/rest/2303-2025.csv" "$work/rest/2303-2025H3.csv"
    cp "$work/rest/2303-2025.csv" "$work/rest/2303-2025Q1.csv"
    printf 'c_2,Kontoret\nQ,Ingen\n' >>"$work/roster.csv"
    e2e_check "a roster with one who never answers" tests/e2e/year catalogues/kolada-vald.json "$work/rest" "$out" --contributors "$work/roster.csv"
    tests/e2e/year catalogues/kolada-vald.json "$work/rest" "$out" >"$said" 2>&1 && e2e_not_ok "results of before are not written over"
    e2e_check "results of before are named" grep -q "collected.csv is there from before" "$said"
    rm -r "$out" && tests/e2e/year catalogues/kolada-vald.json "$work/rest" "$out" >"$said" 2>&1
    e2e_check "a file whose name is no period is named" grep -q "left out: 2303-2025H3.csv (no contributor and period" "$said"
    e2e_check "a file that nothing is counted from is named" grep -q "left out: 2303-2025Q1.csv (no period" "$said"
    e2e_check "how many were left out is said at the end" grep -q "^2 files were left out" "$said"
}
# docs/catalogue.md: the command that adds Kolada's three to Umeå's catalogue, as it stands there.
kolada_in_another() {
    local command out=$work/mine.out
    command -v jq >/dev/null || { e2e_skip "Kolada's figures in another catalogue" "no jq"; return; }
    command=$(sed -n '/^jq -s/,/^```/p' docs/catalogue.md | grep -v '^```' | sed 's|>mine.json|>"$work/mine.json"|')
    eval "$command"
    e2e_check "Kolada's three in Umeå's catalogue, as the document says" tests/e2e/year "$work/mine.json" "$work/flat" "$out"
    e2e_check "with the same sums" diff <(echo "$want" | sed 1d) <(grep '^2025,U3075' "$out/collected.csv" | grep -v marked)
}
names_and_failures() {
    names folders CODE/2025/kolada.csv
    names flat CODE-2025.csv
    names kinds CODE_2025_kolada-vecka.csv
    names parts CODE/2025Q2.csv # the year is counted from its parts
    names periods 2025H1/CODE_kolada.csv
    names "med blanksteg" "CODE/2025/kolada ny.csv"
    mkdir -p "$work/two"
    cp -r "$work/flat/2303-2025.csv" "$work/flat/AB-1-2025.csv" "$work/two"
    refuses "two contributors are refused" two "fewer than 3"
    cp -r "$work/flat" "$work/twice"
    tail -n 1 "$work/twice/2303-2025.csv" >>"$work/twice/2303-2025.csv"
    refuses "a case that is there twice is refused" twice "2303"
    mkdir -p "$work/empty"
    refuses "a folder without records is refused" empty "no CSV files"
    files_that_cannot_be_used
    results_of_before
    kolada_in_another
}

# All parts, two at a time; each is this script with one argument.
all_parts() {
    local part
    for part in operation-norrsken norrbotten vasternorrland umea sundbyberg names; do
        while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
        { tests/e2e/test_year.sh "$part" || echo "$part" >>"$work/failed"; } >"$work/$part.log" 2>&1 &
    done
    wait
    cat "$work"/*.log
    [ ! -e "$work/failed" ] || { echo "failed: $(tr '\n' ' ' <"$work/failed")"; exit 1; }
    exit 0
}

case "${1:-}" in
"") all_parts ;;
names) names_and_failures ;;
operation-norrsken) whole_year operation-norrsken samrad NS01 5 ;;
norrbotten) whole_year norrbotten insatser NB05 5 ;;
vasternorrland) whole_year vasternorrland anmalningar VN03 5 ;;
umea) whole_year umea tillfallen UM01 5 ;;
sundbyberg) whole_year sundbyberg screening SB01 7 ;;
*) echo "$1: is none of our catalogues" >&2; exit 2 ;;
esac
e2e_finish
