#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_log.sh - the public log of a leader with the real programs: entries, checkpoints that the helper and an outside witness
# cosign, tiles and blobs over HTTPS, proofs that `skarva-audit check-proof` takes; and that it goes on after a kill and without
# the witness. Officers' receipts with their proofs, and watch, against it.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh
. tests/e2e/collection.sh
e2e_scratch work log
collection_setup "$work/county" || exit 1
e2e_log_setup || exit 1
e2e_start helper && e2e_start leader || exit 1

get() { curl -s --noproxy '*' --cacert "$CA_FILE" -o "$work/answer" -D "$work/head" -w '%{http_code}' "$LEADER_URL$1"; }
checkpoint_size() { get log/checkpoint >/dev/null; sed -n 2p "$work/answer"; }
# waits N: until a checkpoint of at least N entries is published.
waits() {
    local i
    for i in $(seq 200); do [ "$(get log/checkpoint)" = 200 ] && [ "$(sed -n 2p "$work/answer")" -ge "$1" ] && return 0; sleep 0.05; done
    echo "published: $(cat "$work/answer"); log: $(ls -R "$LOG_DIR")"; tail -n 5 "$LEADER_LOG" "$HELPER_LOG"
    return 1
}

for code in 01 02 03 04; do
    collection_join $code "Kommun $code" || exit 1
    mkdir -p "$work/records/$code"
    "$BIN/demo/synthetic" catalogues/operation-norrsken.json 2025Q2 $code 60000 norrsken "$work/records/$code" || exit 1
done
collection_new county catalogues/operation-norrsken.json || exit 1
e2e_check "nothing is published before there is an entry" test "$(get log/checkpoint)" = 404
collection_open 2025Q2 || exit 1
e2e_check "roster, parameters and opening are published" waits 3
records_of() { ls "$work/records/$1"/*.csv; }
collection_submit_all 2025Q2 2 records_of || exit 1
e2e_check "so are submissions" waits 7

# leaf I: the hash of leaf I, from the tile that the checkpoint's size needs. proves I: its proof holds under the policy.
leaf() {
    local size
    size=$(checkpoint_size)
    get "log/tile/0/000.p/$size" >/dev/null
    od -An -v -tx1 -j $((32 * $1)) -N 32 "$work/answer" | tr -d ' \n'
}
proves() {
    local hash
    hash=$(leaf "$1")
    [ "$(get "skarva/log/proof/$hash")" = 200 ] && grep -qi '^content-type: text/plain;charset=utf-8' "$work/head" || return 1
    mv "$work/answer" "$work/proof"
    "$BIN/skarva-audit" check-proof "$work/proof" --policy "$LOG_POLICY" --lang en
}
all_prove() {
    local i
    for ((i = 0; i < $1; i++)); do proves $i || { echo "entry $i"; return 1; }; done
}
e2e_check "every entry has a proof that holds under the policy, with the helper's and the witness's cosignature" all_prove 7
sed 's/^index 6$/index 5/' "$work/proof" >"$work/wrong"
e2e_check "and not at another index" bash -c "! $BIN/skarva-audit check-proof '$work/wrong' --policy '$LOG_POLICY' >/dev/null 2>&1"
e2e_check "what is no entry has none" test "$(get "skarva/log/proof/$(printf '%064d' 0)")" = 404
e2e_check "a name that is no hash has none" test "$(get skarva/log/proof/abc)" = 404

# says STATUS TEXT COMMAND...: the command ends with that status and says that text.
says() {
    local want=$1 text=$2 output status
    shift 2
    output=$("$@" 2>&1)
    status=$?
    [ "$status" = "$want" ] && grep -qF -- "$text" <<<"$output" || { echo "status $status: $output"; return 1; }
}
receipt() { officer "$1" receipt --period 2025Q2 --policy "$LOG_POLICY" "${@:2}"; }
check_receipt() { "$BIN/skarva" receipt check --home "$COLLECTION_DIR/contributors/$1" --period 2025Q2 --policy "$LOG_POLICY" --lang en "${@:2}"; }
watch() { "$BIN/$1" watch --log "${LEADER_URL}log/" --policy "$LOG_POLICY" --copy "$work/copy-$1" --ca "$CA_FILE" --lang en; }
e2e_check "an officer's proof is fetched" says 0 "in a signed checkpoint" receipt 02 --wait 20
e2e_check "and kept beside the receipt" test -s "$COLLECTION_DIR/contributors/02/receipts/2025Q2-1.tlog-proof"
e2e_check "it holds without a network" says 0 "cosigned by      witness.example/tests" env https_proxy=http://127.0.0.1:1 "$BIN/skarva" receipt check \
    --home "$COLLECTION_DIR/contributors/02" --period 2025Q2 --policy "$LOG_POLICY" --lang en
sed 's/^quorum .*/quorum helper/' "$LOG_POLICY" >"$work/policy.weak"
e2e_check "a policy that the leader's helper meets alone is refused" says 6 "must need the helper, and a witness that is not" officer 01 receipt \
    --period 2025Q2 --policy "$work/policy.weak"
# config LINE: the leader's configuration with that line, judged without a start.
config() {
    { grep -v "^${1%% =*} =" "$LEADER_CONFIG"; echo "$1"; } >"$work/skarvad.conf" && chmod 600 "$work/skarvad.conf"
    "$BIN/skarvad" --check-config "$work/skarvad.conf" --lang en
}
e2e_check "the configuration that runs passes its check" says 0 "can be used" "$BIN/skarvad" --check-config "$LEADER_CONFIG" --lang en
e2e_check "and the helper's" says 0 "can be used" "$BIN/skarvad" --check-config "$HELPER_CONFIG" --lang en
e2e_check "a weak policy does not" says 2 "must need the helper" config "log_policy = $work/policy.weak"
echo nonsense >"$work/policy.none"
e2e_check "nor a policy that is none" says 2 "log_policy: $work/policy.none: line 1 of the policy" config "log_policy = $work/policy.none"
e2e_check "nor another key" says 2 "has another key than log_key" config "log_key = $E2E_DIR/leader/keys/signing.key"
e2e_check "nor a file that is no key" says 2 "not a skarva signing key" config "log_key = $E2E_DIR/leader/keys/hpke.key"
e2e_check "nor the helper's policy at another address" says 2 "must name one log, other.example/log" config "own_url = https://other.example/"
e2e_check "nor a folder that is none" says 2 "log: /nowhere" config "log = /nowhere"
e2e_check "nor a witness with an address and nobody to trust for it" says 2 "witness_ca: is needed" config "witness_ca ="
e2e_check "nor another's certificate" says 2 "is not the key of tls_certificate" config "tls_certificate = $E2E_DIR/tls/helper.pem"
for program in skarva skarva-audit; do
    e2e_check "$program watch follows the log" says 0 "7 entries, 7 of them new; nothing wrong" watch $program
done

size=$(checkpoint_size)
e2e_check "a tile is there, for ever" test "$(get "log/tile/0/000.p/$size")" = 200
e2e_check "and says so" grep -qi '^cache-control: public, max-age=31536000, immutable' "$work/head"
e2e_check "pages of others may read it" grep -qi '^access-control-allow-origin: \*' "$work/head"
get log/checkpoint >/dev/null
e2e_check "the checkpoint is asked for each time" grep -qi '^cache-control: no-cache' "$work/head"
for path in log/ log/tile log/tile/0 "log/tile/0/000" log/../keys/log.key log/%2e%2e/keys/log.key log/blob log/blob/x log/checkpoint/ log/checkpoint.x; do
    [ "$(get "$path")" = 404 ] || e2e_not_ok "nothing else is shown" "$path: $(head -1 "$work/head")"
done
e2e_check "the log can only be read" test "$(curl -s --noproxy '*' --cacert "$CA_FILE" -o /dev/null -w '%{http_code}' -d x "${LEADER_URL}log/checkpoint")" = 405
blobs_match() {
    local file n=0
    for file in "$LOG_DIR"/blob/*; do
        n=$((n + 1))
        [ "$(sha256sum <"$file" | cut -d' ' -f1)" = "$(basename "$file")" ] || { echo "$file"; return 1; }
    done
    [ "$n" -eq "$1" ] || { echo "$n blobs"; return 1; }
}
e2e_check "blobs are named by their hash; no submission is among them before the close" blobs_match 3

# Without the witness nothing is published, but a close goes on; and the servers are killed on the way.
e2e_witness_stop
before=$(checkpoint_size)
mkdir -p "$work/more" && cp "$work"/records/02/*.csv "$work/more"
collection_submit 2025Q2 01 "$work"/more/*.csv || exit 1
sleep 1.2
e2e_check "without the witness nothing new is published" test "$(checkpoint_size)" = "$before"
e2e_check "a receipt's proof waits" says 5 "Submission 2 is not in the public log yet" receipt 01
e2e_kill leader
e2e_kill helper
e2e_start helper && e2e_start leader || exit 1
e2e_check "after a kill the same checkpoint is shown" test "$(checkpoint_size)" = "$before"
e2e_check "a period is closed and collected" collection_close 2025Q2
e2e_check "what is not in a checkpoint that the witness cosigned is not published: the publisher waits, and says what to do" \
    says 3 "covers the collection yet; nothing was done. Run the same command again" publisher publish 2025Q2 --wait 1
e2e_check "and left nothing" test -z "$(ls "$PUBLISHER_HOME/collections/county/periods/2025Q2" | grep -E '^(draft|log-checkpoint|log-leaves)')"
e2e_witness_start || exit 1
e2e_check "the witness is back: submission, close and collection are published" waits 10
e2e_check "a counted submission's blob is there, a superseded one's is not" blobs_match 9
e2e_check "all have proofs" all_prove 10
e2e_check "the audit of the log takes all of it" "$BIN/skarva-audit" check-log "$LOG_DIR" --policy "$LOG_POLICY" --trust "$TRUST_FILE" --lang en
if command -v python3 >/dev/null; then
    PYTHONDONTWRITEBYTECODE=1 e2e_check "so does a second program, written from the documents" python3 tests/second/check_log.py "$LOG_DIR" "$LOG_POLICY" --trust "$TRUST_FILE"
else
    e2e_skip "a second program on the log" "python3 is not installed"
fi
e2e_check "the receipt's proof is there too" says 0 "in a signed checkpoint" receipt 01
cp "$LOG_POLICY" "$COLLECTION_DIR/contributors/03/policy.txt"
e2e_check "skarva watch without --log: what the home folder says" says 0 "10 entries, 10 of them new; nothing wrong" officer 03 watch
e2e_check "its copy is in the home folder" test -s "$COLLECTION_DIR/contributors/03/watch/checkpoint"
e2e_check "skarva watch: the log only grew" says 0 "10 entries, 3 of them new; nothing wrong" watch skarva

# The files can be made anew: the same bytes.
cp -r "$LOG_DIR" "$work/first"
e2e_stop leader
e2e_check "the leader stops cleanly" test $? = 0
rm -rf "${LOG_DIR:?}"/*
e2e_start leader || exit 1
waits 10 >/dev/null
newer() { # what is there now was there, byte for byte; partial tiles of old sizes need not be made again
    local file
    (cd "$LOG_DIR" && find . -type f) | while read -r file; do cmp "$LOG_DIR/$file" "$work/first/$file" || return 1; done
}
e2e_check "the folder is written anew from the database, the same bytes" newer
e2e_check "skarva watch: nothing has changed" says 0 "10 entries, 0 of them new; nothing wrong" watch skarva

# The release is announced: not while the leader is away, but the release stands; then by a command that can be repeated.
publish publish 2025Q2 || exit 1
e2e_check "the draft has another policy than the second signer's own: not signed" says 1 "log-policy" second sign 2025Q2 \
    --draft "$(collection_draft 2025Q2)" --log-policy "$work/policy.weak" --yes
collection_sign 2025Q2 || exit 1
cp "$LOG_DIR/checkpoint" "$work/checkpoint"
e2e_stop leader
e2e_check "without the leader a period is released all the same" says 0 "The release is not in the public log yet" publisher publish 2025Q2
e2e_check "and there is no proof of it" bash -c "! ls '$SITE_DIR'/bundles/*.tlog-proof 2>/dev/null"
e2e_check "announce says that the leader is not there" says 3 "" publisher announce 2025Q2
e2e_start leader || exit 1
e2e_check "announce sends what waits, and waits for the proof" says 0 "were not before: 1" publisher announce --wait 20
proof=$SITE_DIR/bundles/county-2025Q2.release.tlog-proof
e2e_check "the site has the proof beside the bundle" test "$(get bundles/county-2025Q2.release.tlog-proof)" = 200
e2e_check "as text" grep -qi '^content-type: text/plain' "$work/head"
check_release() { "$BIN/skarva-audit" check-proof "$1" --policy "$LOG_POLICY" --bundle "$SITE_DIR/bundles/county-2025Q2.tar" --lang en; }
e2e_check "it is of this bundle's release" says 0 "the entry is: release, 2025Q2, 1;" check_release "$proof"
e2e_check "the proof of another entry is not" says 1 "not the release of this bundle" check_release "$work/proof"
e2e_check "the page says where it is" grep -q 'bundles/county-2025Q2.release.tlog-proof' "$SITE_DIR/check.html"
rm "$proof"
e2e_check "publish again writes it again, and asks nobody" publish publish 2025Q2
e2e_check "the same" test -s "$proof"
mkdir -p "$SITE_DIR/check"
echo 'export const verdict = "pass";' >"$SITE_DIR/check/verifier.js"
e2e_check "a verifier is announced" says 0 "check/verifier.js is in the public log" publisher announce --verifier "$SITE_DIR/check/verifier.js" --wait 20
e2e_check "once more is nothing new" publish announce --verifier "$SITE_DIR/check/verifier.js" --wait 20
e2e_check "its proof names the file" says 0 "the entry is: verifier, -, 0; the file has sha256 $(sha256sum <"$SITE_DIR/check/verifier.js" | cut -d' ' -f1)" \
    "$BIN/skarva-audit" check-proof "$SITE_DIR/check/verifier.js.tlog-proof" --policy "$LOG_POLICY" --lang en
e2e_check "the page says so" grep -q 'check/verifier.js.tlog-proof' "$SITE_DIR/check.html"
echo '// another' >>"$SITE_DIR/check/verifier.js"
publish publish 2025Q2
e2e_check "and no more when the file is another" bash -c "! grep -q verifier.js.tlog-proof '$SITE_DIR/check.html'"
e2e_check "two more entries, each with its file" blobs_match 11
e2e_check "the log's audit finds them, and that the bundle is the release" says 0 "12 entries" "$BIN/skarva-audit" check-log "$LOG_DIR" \
    --policy "$LOG_POLICY" --trust "$TRUST_FILE" --bundle "$SITE_DIR/bundles/county-2025Q2.tar" --lang en
if command -v python3 >/dev/null; then
    PYTHONDONTWRITEBYTECODE=1 e2e_check "so does the second program" python3 tests/second/check_log.py "$LOG_DIR" "$LOG_POLICY" --trust "$TRUST_FILE" \
        --bundle "$SITE_DIR/bundles/county-2025Q2.tar"
fi
e2e_check "skarva watch: nothing is wrong with them" says 0 "12 entries, 2 of them new; nothing wrong" watch skarva
collection_audit 2025Q2 "$work/audited" || exit 1
bundle=$(ls "$work"/audited/*.tar)
e2e_check "the bundle has its part of the log, which the audit compares with the policy that it is given" says 0 "compared with the policy" \
    "$BIN/skarva-audit" verify "$bundle" --trust "$TRUST_FILE" --policy "$LOG_POLICY" --lang en
e2e_check "another policy fails" says 1 "log-policy" "$BIN/skarva-audit" verify "$bundle" --trust "$TRUST_FILE" --policy "$work/policy.weak" --lang en
e2e_check "it is the log's checkpoint before the release, and last entries" sh -c 'tar -xOf "$1" log/checkpoint | cmp - "$3" &&
    [ "$(tar -xOf "$1" log/leaves | tail -c +9 | sha256sum)" = "$(sha256sum <"$2/tile/entries/000.p/10")" ]' _ "$bundle" "$LOG_DIR" "$work/checkpoint"
e2e_check "this very submission is counted" says 0 "Counted: this very submission, number 2" check_receipt 01 --bundle "$bundle"
e2e_check "it stands in the bundle's part of the log" says 0 "under a checkpoint that holds under the policy" check_receipt 01 --bundle "$bundle"
e2e_check "an older receipt's proof is fetched too" says 0 "In the public log" receipt 01 --check "$COLLECTION_DIR/contributors/01/receipts/2025Q2-1.receipt"
e2e_check "a newer one is counted" says 1 "a newer submission from here, number 2" check_receipt 01 --bundle "$bundle" \
    --check "$COLLECTION_DIR/contributors/01/receipts/2025Q2-1.receipt"

# Another policy is agreed on: the servers' word decides, and what is refused changes nothing.
kept=$PUBLISHER_HOME/collections/county/log-policy
(cat "$LOG_POLICY"; echo "# agreed anew") >"$work/policy.new"
e2e_check "a policy that will not do is not taken" says 1 "policy.weak" publisher open 2025Q3 --log-policy "$work/policy.weak"
e2e_check "and the old one stands" cmp "$kept" "$LOG_POLICY"
e2e_check "a new one is taken, with its hash; servers that have another refuse it" says 1 \
    "sha256 $(sha256sum <"$work/policy.new" | cut -d' ' -f1); compare" publisher open 2025Q3 --log-policy "$work/policy.new"
e2e_check "it is the collection's" cmp "$kept" "$work/policy.new"
e2e_check "a period that is there keeps its own" cmp "$PUBLISHER_HOME/collections/county/periods/2025Q2/log-policy" "$LOG_POLICY"
e2e_check "with the servers' policy the period is opened" says 0 "2025Q3: open" publisher open 2025Q3 --log-policy "$LOG_POLICY"
e2e_check "under that" cmp "$PUBLISHER_HOME/collections/county/periods/2025Q3/log-policy" "$LOG_POLICY"
e2e_finish
