#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_receipt.sh - skarva receipt check, without a network: receipt, proof from the log and bundle, and each of them wrong, in
# words and exit status, in both languages. What proofs show is tests/unit/client/test_inclusion; a leader that serves them is
# test_log.sh.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh
e2e_scratch work receipt
home=$work/home
"$BIN/tests/e2e/tool_receipt" "$home" 1000 || exit 1
first=$home/receipts/2025Q2-1

# says STATUS TEXT WORDS...: the command ends with that status and says that text.
says() {
    local want=$1 text=$2 output status
    shift 2
    output=$("$BIN/skarva" receipt check --home "$home" --period 2025Q2 --lang en "$@" 2>&1)
    status=$?
    [ "$status" = "$want" ] && grep -qF -- "$text" <<<"$output" || { echo "status $status: $output"; return 1; }
}
sv() {
    local output
    output=$("$BIN/skarva" receipt check --home "$home" --period 2025Q2 --lang sv "${@:2}" 2>&1)
    grep -qF -- "$1" <<<"$output" || { echo "$output"; return 1; }
}
one=(--check "$first.receipt")
e2e_check "the newest receipt's proof holds" says 0 "entry            333, of 1000 in a signed checkpoint"
e2e_check "it says who cosigned" says 0 "cosigned by      witness.example/3, "
e2e_check "in Swedish" sv "post             333, av 1000 i en undertecknad kontrollpunkt"
e2e_check "another receipt's proof lies beside it" says 0 "submission       number 1" "${one[@]}"
e2e_check "this very submission is counted" says 0 "Counted: this very submission, number 2" --bundle "$home/two.tar"
e2e_check "in Swedish" sv "Räknad: just den här inlämningen, nummer 2" --bundle "$home/two.tar"
e2e_check "a newer one is counted" says 1 "a newer submission from here, number 2" "${one[@]}" --bundle "$home/two.tar"
e2e_check "in Swedish" sv "en nyare inlämning härifrån, nummer 2" "${one[@]}" --bundle "$home/two.tar"
e2e_check "one that was left out" says 6 "submission 1 is missing in what was published" "${one[@]}" --bundle "$home/lost.tar"
e2e_check "in Swedish" sv "inlämning 1 saknas i det publicerade" "${one[@]}" --bundle "$home/lost.tar"
e2e_check "what is no bundle" says 3 "is no bundle" --bundle "$home/trust.txt"
e2e_check "a bundle that is not there" says 3 "none.tar" --bundle "$home/none.tar"

cp "$first.tlog-proof" "$work/proof"
sed -i 's/^index 333$/index 332/' "$first.tlog-proof"
e2e_check "a proof at another place" says 6 "does not hold: the entry is not where the proof says" "${one[@]}"
e2e_check "in Swedish" sv "håller inte: posten står inte där beviset säger" "${one[@]}"
cp "$home/receipts/2025Q2-2.tlog-proof" "$first.tlog-proof"
e2e_check "another submission's proof" says 6 "of another submission" "${one[@]}"
sed '/witness.example\/[12] /d' "$work/proof" >"$first.tlog-proof"
e2e_check "too few witnesses" says 6 "too few of the policy's witnesses" "${one[@]}"
rm "$first.tlog-proof"
e2e_check "no proof yet" says 7 "there is no proof from the log for the receipt" "${one[@]}"
cp "$work/proof" "$first.tlog-proof"
sed 's/made+/mode+/' "$home/policy.txt" >"$work/policy"
e2e_check "a policy that is none" says 3 "$work/policy: line 1 of the policy" --policy "$work/policy"
"$BIN/skarva-audit" check-proof "$work/proof" --policy "$home/policy.txt" >/dev/null
e2e_check "skarva-audit check-proof says the same" test $? = 0
mv "$home/policy.txt" "$work/policy"
e2e_check "no policy" says 7 "Get the policy elsewhere than from the leader"
e2e_check "a policy named" says 0 "In the public log" --policy "$work/policy"
e2e_check "without check and policy the receipt alone is shown" "$BIN/skarva" receipt --home "$home" --period 2025Q2
e2e_check "check twice is not understood" bash -c "! '$BIN/skarva' receipt check check --home '$home' --period 2025Q2 2>/dev/null"
e2e_finish
