#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_county.sh - tests/e2e/county gives exact sums for a small awkward table and for real figures, and refuses what it must.
set -uo pipefail
cd "$(dirname "$0")/../.."
. tests/e2e/lib.sh
e2e_scratch work test-county
shared=${SKARVA_SHARED:-../shared}

# --- an awkward table: quotes, commas, letters, spaces, a type only one has, the largest value, a row twice ---
cat >"$work/awkward.csv" <<'END'
quarter,municipality_code,event_type,events
2024Q4,2303,"Våld, ""grovt""",7
2024Q4,2305,"Våld, ""grovt""",0
2024Q4,2309,Ärende å ä ö;x,255
2024Q4,2303,Ärende å ä ö;x,200
2025Q1,2303, blank före,3
2025Q1,med blanksteg,"Våld, ""grovt""",2
2025Q1,2305,"Våld, ""grovt""",1
2025Q1,2305,"Våld, ""grovt""",10
END
cat >"$work/awkward.want" <<'END'
quarter,event_type,events
2024Q4, blank före,0
2024Q4,"Våld, ""grovt""",7
2024Q4,Ärende å ä ö;x,455
2025Q1, blank före,3
2025Q1,"Våld, ""grovt""",13
2025Q1,Ärende å ä ö;x,0
END
cat >"$work/awkward.published" <<'END'
quarter,event_type,events
2024Q4, blank före,0
2024Q4,"Våld, ""grovt""",7
2024Q4,Ärende å ä ö;x,455
2025Q1, blank före,..
2025Q1,"Våld, ""grovt""",13
2025Q1,Ärende å ä ö;x,0
END
e2e_check "an awkward table goes through every program" tests/e2e/county "$work/awkward.csv" "$work/awkward" --bits 8
e2e_check "its sums are exact, zeros and names included" diff "$work/awkward.want" "$work/awkward/collected.csv"
e2e_check "what is published hides 1 to 4 and nothing else here" diff "$work/awkward.published" "$work/awkward/published.csv"
e2e_check "there is a bundle for each quarter" test -s "$work/awkward/bundles/2024Q4.tar" -a -s "$work/awkward/bundles/2025Q1.tar"

# --- the largest values there are: more events than anybody has records of ---
cat >"$work/large.csv" <<'END'
quarter,municipality_code,event_type,events
2025Q1,2303,Hot,4294967295
2025Q1,2305,Hot,4294967295
2025Q1,2309,Hot,1
END
e2e_check "eight billion events go through" tests/e2e/county "$work/large.csv" "$work/large" --bits 32
e2e_check "their sum is exact" grep -qx '2025Q1,Hot,8589934591' "$work/large/published.csv"

refuses() { # NAME FILE WORDS [OPTION...]: fails, and says the words
    local name=$1 file=$2 words=$3 output
    shift 3
    if output=$(tests/e2e/county "$file" "$work/refused" "$@" 2>&1); then
        e2e_not_ok "$name" "it succeeded" "$output"
    elif grep -q "$words" <<<"$output"; then
        e2e_ok "$name"
    else
        e2e_not_ok "$name" "it does not say: $words" "$output"
    fi
}
grep -v 2309 "$work/awkward.csv" | grep -v blanksteg >"$work/two.csv"
refuses "two contributors are refused" "$work/two.csv" "fewer than 3"
refuses "a count over the bound is refused" "$work/awkward.csv" "more than 127" --bits 7
sed 's/,3$/,3.5/' "$work/awkward.csv" >"$work/decimal.csv"
refuses "a decimal number is refused by row" "$work/decimal.csv" "row 6"
sed 's/event_type/typ/' "$work/awkward.csv" >"$work/header.csv"
refuses "another header is refused" "$work/header.csv" "column 3"

# --- real figures ---
jamtland=$shared/data/police_news_violence_jamtland.csv
if [ -r "$jamtland" ]; then
    e2e_check "Jämtland's police news, eleven quarters, go through" tests/e2e/county "$jamtland" "$work/jamtland"
    sums=$(awk -F, 'NR > 1 { s[$1] += $NF } END { for (q in s) print q, s[q] }' "$work/jamtland/collected.csv" | sort | cut -d' ' -f2 | tr '\n' ' ')
    e2e_check "the quarterly sums are the published ones" test "$sums" = "8 11 6 8 6 6 7 5 3 1 10 "
else
    e2e_skip "Jämtland's police news" "$jamtland is not there"
fi
e2e_finish
