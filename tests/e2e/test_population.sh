#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_population.sh - tables of inhabitants as they come are taken in, with source and date; a bad one is refused with the name of the
# file, row and column, and what was kept before stays as it was.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh
. tests/e2e/collection.sh

e2e_scratch work population
collection_setup "$work/run" || exit 1
COLLECTION_NAME=county
while IFS=';' read -r code name; do collection_join "$code" "$name" || exit 1; done <<'END'
2303;Ragunda
2305;Bräcke
2309;Krokom
POLIS;Polisen
END
collection_new county catalogues/operation-norrsken.json || exit 1
kept=$PUBLISHER_HOME/collections/county/populations

population() { "$BIN/skarva-publish" population "$1" --home "$PUBLISHER_HOME" --source "SCB, BE0101" --date "${2:-2024-12-31}" --lang "${3:-en}"; }
state() { (cd "$kept" && find . -type f -exec sha256sum {} + | sort); }
good=$work/good.csv
printf 'code,name,women,men\n2303,Ragunda,2568,2716\n2305,Bräcke,2978,3320\n2309,Krokom,7237,7729\n' >"$good"

expect "a table with women and men is taken" 0 "3 rows, 3 of them about contributors" population "$good"
e2e_check "it is kept with its source" grep -qx "source SCB, BE0101" "$kept/2024-12-31"
e2e_check "women, men and all" grep -qx "2303 5284 2568 2716" "$kept/2024-12-31"
before=$(state)

# takes NAME TEXT: a table as offices' programs write it.
takes() {
    printf '%b' "$2" >"$work/takes.csv"
    expect "$1" 0 "3 of them about contributors" population "$work/takes.csv"
    e2e_check "$1: the same figures" grep -qx "2303 5284 - -" "$kept/2024-12-31"
}
takes "a byte order mark and semicolons" '\xef\xbb\xbfkommun_kod;kommun_namn;population\r\n2303;Ragunda;5284\r\n2305;Bräcke;6298\r\n2309;Krokom;14966\r\n'
takes "blank lines, tabs, a year" 'code\tyear\tpopulation\n\n2303\t2024\t5284\n2305\t2024\t6298\n2309\t2024\t14966\n\n'
printf 'code,sex,age_from,age_to,number\n' >"$work/long.csv"
for code in 2303 2305 2309; do printf '%s,K,18,64,%s\n%s,M,18,64,40\n%s,K,65,150,5\n%s,M,65,150,5\n' $code 30 $code $code $code; done >>"$work/long.csv"
expect "ages by sex, added up" 0 "3 rows" population "$work/long.csv"
e2e_check "of all bands" grep -qx "2303 80 35 45" "$kept/2024-12-31"
population "$good" >/dev/null || e2e_not_ok "the first table is put back"

# refused NAME TEXT WORDS: refused in both languages with the file's name, and nothing changes.
refused() {
    local file=$work/bad.csv said swedish
    printf '%b' "$2" >"$file"
    if said=$(population "$file" 2>&1) || [[ $said != *"$file: $3"* ]]; then e2e_not_ok "$1" "wanted $3" "$said"
    elif swedish=$(population "$file" 2024-12-31 sv 2>&1) || [[ $swedish != *"$file: "* || $swedish == "$said" ]]; then
        e2e_not_ok "$1, in Swedish" "$swedish"
    elif [ "$(state)" != "$before" ]; then e2e_not_ok "$1: what was kept is as it was"
    else e2e_ok "$1"; fi
}
tail='2305,1\n2309,1\n'
refused "a municipality is missing" 'code,population\n2303,1\n2305,1\n' "the column of codes lacks 1 of the collection's municipalities: 2309"
refused "all are missing, since zeros in front were lost" 'code,population\n303,1\n305,1\n309,1\n' "the column of codes lacks 3"
refused "another year than the date's" "code,year,population\n2303,2019,1\n" 'line 2, year: "2019": not the year of --date'
refused "a decimal comma" 'code;population\n2303;5043,0\n' 'line 2, population: "5043,0"'
refused "a decimal comma that moves the columns" "code,population\n2303,5043,0\n$tail" "line 2 has 3 fields, but the header 2 columns"
refused "a space in a number" "code,population\n2303,5 043\n$tail" 'line 2, population: "5 043"'
refused "a negative number" "code,population\n2303,1\n2305,-1\n2309,1\n" 'line 3, population: "-1"'
refused "no number" "code,population\n2303,\n$tail" 'line 2, population: ""'
refused "two dots" "code,population\n2303,..\n$tail" 'line 2, population: ".."'
refused "a number too large" "code,population\n2303,100000000001\n$tail" 'line 2, population'
refused "a code twice" "code,population\n2303,1\n2305,1\n2303,1\n2309,1\n" 'line 4, code: "2303": the code is on an earlier line too'
refused "a code that is none" "kommun_kod,population\n23 03,1\n$tail" 'line 2, kommun_kod: "23 03"'
refused "a name where the code is" "code,population\nBräcke,1\n$tail" 'line 2, code: "Bräcke"'
refused "a short row" "code,women,men\n2303,1\n" "line 2 has 2 fields, but the header 3 columns"
refused "after blank lines the line is the file's" "code,population\n\n\n2303,x\n" "line 4, population"
refused "women and men are not all" "code,population,women,men\n2303,6,2,3\n" 'line 2, population: "6": not women and men together'
refused "no header" "2303,1\n$tail" "columns must be"
refused "a column twice" "code,population,population\n2303,1,1\n" "column population is there twice"
refused "an empty file" "" "the table is empty"
refused "a header alone" 'code,population\n' "the table is empty"
refused "a quotation mark that does not end" 'code,population\n"2303,1\n' "line 2: wrong quoting"
refused "an age twice" 'code,sex,age_from,age_to,number\n2303,K,18,24,1\n2303,K,24,30,1\n' 'line 3, age_from: "24": the age is on an earlier line too'
refused "an age band that one lacks" 'code,sex,age_from,age_to,number\n2303,K,18,24,1\n2303,K,25,30,1\n2305,K,18,24,1\n' "age_from: 2305 does not have the same ages and sexes as 2303"
refused "other ages of women than of men" 'code,sex,age_from,age_to,number\n2303,K,18,24,1\n2303,M,18,25,1\n' "age_from: 2303 has other ages of women than of men"
refused "a sex that is none" 'code,sex,age_from,age_to,number\n2303,X,18,24,1\n' 'line 2, sex: "X"'
refused "ages backwards" 'code,sex,age_from,age_to,number\n2303,K,24,18,1\n' 'line 2, age_to: "18"'
expect "a file that is not there" 1 "none.csv" population "$work/none.csv"
expect "a date that has not been" 2 "--date: 2999-12-31 has not been yet" population "$good" 2999-12-31
expect "a date that is none" 2 '"2024-13-01" is not a date' population "$good" 2024-13-01
printf 'code,population\nall,26548\n' >"$work/all.csv"
expect "a row of all does without the municipalities" 0 "1 rows" population "$work/all.csv" 2023-12-31
e2e_check "what was kept before is as it was" test "$(cd "$kept" && sha256sum ./2024-12-31)" = "$before"
e2e_finish
