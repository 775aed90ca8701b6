#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_witness.sh - skarva-audit witness as its operator meets it: made, checked and run from a configuration, over TLS, in
# both languages, with the faults of each told. What it cosigns is tests/unit/witness/.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh
e2e_scratch work witness
trap '[ -z "${pid:-}" ] || kill "$pid" 2>/dev/null; e2e_cleanup' EXIT

witness() { "$BIN/skarva-audit" witness "$@"; }
log_key='example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
    -keyout "$work/tls.key" -out "$work/tls.pem" 2>/dev/null
cat >"$work/config" <<END
name = witness.example/tests
listen_port = 0
port_file = $work/port
key = $work/key
state = $work/state
tls_certificate = $work/tls.pem
tls_key = $work/tls.key
log = $log_key
END

# says STATUS TEXT WORDS...: the command ends with that status and says that text.
says() {
    local want=$1 text=$2 output status
    shift 2
    output=$(witness "$@" 2>&1)
    status=$?
    [ "$status" = "$want" ] && grep -qF -- "$text" <<<"$output" || { echo "status $status: $output"; return 1; }
}
e2e_check "without a key it does not start" says 5 "A new witness is made with --init" --config "$work/config" --lang en
e2e_check "the same in Swedish" says 5 "finns inte" --config "$work/config" --lang sv
vkey=$(witness --config "$work/config" --init)
if [[ $vkey == witness.example/tests+????????+* ]]; then e2e_ok "--init prints the key"; else e2e_not_ok "--init prints the key" "$vkey"; fi
e2e_check "the key and the state are private" test "$(stat -c %a "$work/key" "$work/state" | sort -u)" = 600
e2e_check "--init does not make a second one" says 5 "finns redan" --config "$work/config" --init --lang sv
e2e_check "--check-config prints the same key" says 0 "$vkey" --config "$work/config" --check-config
e2e_check "and what it knows of each log" says 0 "log $log_key 0" --config "$work/config" --check-config
e2e_check "help in English" says 0 "must never be lost" --help --lang en
e2e_check "help in Swedish" says 0 "aldrig gå förlorad" --help --lang sv
e2e_check "an option that is unknown" says 2 "--help" --nonsense
sed "s/^key = .*/&x/; s/^log.*/log = nonsense/" "$work/config" >"$work/bad"
e2e_check "a fault names file and line" says 5 "$work/bad:8:" --config "$work/bad" --check-config
cp "$work/state" "$work/state.old"
rm "$work/state"
e2e_check "a witness that lost its state does not start" says 5 "must not go on" --config "$work/config" --lang en
mv "$work/state.old" "$work/state"

"$BIN/skarva-audit" witness --config "$work/config" 2>"$work/messages" &
pid=$!
for _ in $(seq 100); do [ -s "$work/port" ] && break; sleep 0.05; done
url=https://127.0.0.1:$(cat "$work/port")
fetch() { curl -s --noproxy '*' --tlsv1.3 --cacert "$work/tls.pem" -o "$work/answer" -w '%{http_code}' "$@"; }
hash=$(printf example.com/foo | sha256sum | cut -d ' ' -f 1)
e2e_check "over TLS: nothing cosigned yet" test "$(fetch "$url/$hash/checkpoint")" = 404
e2e_check "over TLS: a request that is none" test "$(fetch --data-binary 'old 0' "$url/add-checkpoint")" = 400
request=$'old 0\n\nexample.com/foo\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'
e2e_check "a checkpoint with a signature of another text" test "$(fetch --data-binary "$request" "$url/add-checkpoint")" = 403
e2e_check "a log that it does not know" test "$(fetch --data-binary "${request//example.com/example.org}" "$url/add-checkpoint")" = 404
e2e_check "TLS 1.2 is refused" test "$(curl -s --noproxy '*' --tls-max 1.2 --cacert "$work/tls.pem" -o /dev/null -w '%{http_code}' "$url/")" = 000
e2e_check "a second one with the same state does not start" says 5 "in use" --config "$work/config" --lang en
kill -TERM $pid
wait $pid
status=$?
e2e_check "SIGTERM ends it with status 0" test $status = 0
e2e_check "its lines say what it refused" grep -q '^info refused origin=example.com/foo status=403 size=1$' "$work/messages"
e2e_finish
