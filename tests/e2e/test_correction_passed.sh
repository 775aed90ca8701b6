#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_correction_passed.sh - a correction that the servers collected and the publisher's gate refused ends nothing: one that differs
# from it by a single contributor is refused by the servers; the next, in which three more changed, passes it over, is released
# and audited by three verifiers; what is passed over is never released.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-release}
. tests/e2e/lib.sh
. tests/e2e/collection.sh

Q=2025Q1
CODES=(2303 2305 2309 2313 2321 2326 2361 2380)
tool=$BIN/tests/e2e/tool_county
[ -x "$tool" ] || { echo "not ok - $tool is not built"; exit 1; }
e2e_scratch work passed

# counts N: everyone has one event of each type, but for the first N, who have none of beta.
counts() {
    local i
    echo quarter,municipality_code,event_type,events
    for i in "${!CODES[@]}"; do
        echo "$Q,${CODES[$i]},alfa,1"
        echo "$Q,${CODES[$i]},beta,$((i < $1 ? 0 : 1))"
    done
}
# Eight of beta are shown. Five are to be hidden: but who knows the release, and that three changed, by one at most, knows that they
# are five to eight, and the protection asks for more. With six that changed, two to eight are left.
for k in 0 3 4 6; do
    mkdir -p "$work/$k"
    counts $k >"$work/$k.csv"
    "$tool" prepare "$work/$k.csv" "$work/$k" 1 || exit 1
done

collection_setup "$work/run" && e2e_log_setup || exit 1
e2e_start helper && e2e_start leader || exit 1
COLLECTION_NAME=county
while IFS=$'\t' read -r code name; do collection_join "$code" "$name" || exit 1; done <"$work/0/contributors"
collection_new county "$work/0/catalogue.json" --min-contributors 5 --threshold 6 --protection 4 || exit 1
records_of() { echo "$work/0/records/$Q/$1.csv"; }
collection_run_period $Q 4 records_of "$work" || exit 1
e2e_check "the quarter is published" collection_publish $Q
site=$SITE_DIR/bundles

# correct REVISION FOLDER CODE...: opens, and those named hand in what is in the folder, the others what is released; closes.
correct() {
    local revision=$1 folder=$2 code home
    shift 2
    publish revise $Q || return 1
    for code in "${CODES[@]}"; do
        home=$work/run/contributors/$code
        case " $* " in
        *" $code "*)
            "$BIN/skarva" tally --home "$home" --period $Q --lang en "$work/$folder/records/$Q/$code.csv" &&
                "$BIN/skarva" submit --home "$home" --period $Q --yes --lang en || return 1 ;;
        *) "$BIN/skarva" submit --home "$home" --period $Q --unchanged --yes --lang en || return 1 ;;
        esac
    done
    publish close "$Q.r$revision" --wait
}
refused() { # NAME WORDS COMMAND...
    if "${@:3}" >"$work/out" 2>&1; then e2e_not_ok "$1"; else e2e_check "$1" grep -q "$2" "$work/out"; fi
}
publisher_says() { "$BIN/skarva-publish" "${@:2}" --home "$PUBLISHER_HOME" --lang "$1"; }

e2e_check "three correct theirs" correct 1 3 2303 2305 2309
e2e_check "it is collected" publish collect $Q.r1
refused "before it is published no other is opened" "publish it first: skarva-publish publish $Q.r1" publisher_says en revise $Q
refused "it cannot be protected, and what follows is said" "cannot be protected.*a new correction may pass it over" publisher_says en publish $Q.r1
refused "in Swedish too" "går inte att skydda.*kan en ny rättelse hoppa över den" publisher_says sv publish $Q.r1
e2e_check "its status says so" grep -q "kan inte skyddas" <<<"$(publisher_says sv status $Q.r1)"

e2e_check "one more corrects its own" correct 2 4 2303 2305 2309 2313
refused "the servers refuse it: the difference would be its own" "a revision collected earlier and never released is passed over" publisher_says en collect $Q.r2
e2e_check "the helper too" grep -q correction_refused "$HELPER_LOG"

publisher_says en revise $Q >"$work/out" 2>&1
e2e_check "the next one opens, and says what it corrects" grep -q "^$Q.r1 could not be protected and is passed over: what is corrected is $Q," "$work/out"
e2e_check "three more correct theirs" correct 3 6 2303 2305 2309 2313 2321 2326
e2e_check "it is collected, the proofs checked" publish collect $Q.r3 --check-proofs
refused "what is passed over is not released any more" "$Q.r2 is open and passes it over" publisher_says en publish $Q.r1
e2e_check "it is released" collection_publish $Q.r3
new=$site/county-$Q.r3.tar
e2e_check "and audited" "$BIN/skarva-audit" verify "$new" --trust "$TRUST_FILE" --lang en
e2e_second "$new" "$TRUST_FILE"
if [ -f build/verifier/verifier.mjs ] && command -v node >/dev/null; then
    e2e_check "a third verifier takes it" node build/verifier/verifier.mjs verify "$new" --trust "$TRUST_FILE"
else
    echo "SKIP a correction that passes over one, in the third verifier: build/verifier is not made"
fi
e2e_check "the ledger has two releases" test "$(grep -c ",$Q," "$SITE_DIR/ledger.csv")" -eq 2
e2e_check "the log's audit takes all of it" "$BIN/skarva-audit" check-log "$LOG_DIR" --policy "$LOG_POLICY" --trust "$TRUST_FILE" --bundle "$new" --lang en

# Corrections go on from what is released: nothing is passed over any more.
e2e_check "three change back" correct 4 0 2303 2305 2309
e2e_check "which is collected" publish collect $Q.r4
e2e_finish
