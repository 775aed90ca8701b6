#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_check_log.sh - skarva-audit check-log as its users meet it: a folder, an address, JSON, exit statuses, both languages; and a second
# program, written from docs/log.md and docs/audit.md alone, fails the same checks on every cheat of tests/tamper/cheats_log*.c. So does the
# verifier in verifier/ (tests/tamper/suite asks it about each); here, that its command says the same of a log, a folder and an address.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh
e2e_scratch work log
audit=$BIN/skarva-audit
export LC_ALL=C no_proxy='*' NO_PROXY='*'

"$BIN/tests/tamper/tool_log" "$work" || { e2e_not_ok "logs are made"; e2e_finish; }
good=$work/001
# says NAME STATUS PATTERN LOG OPTION...
says() {
    local name=$1 want=$2 pattern=$3 got
    shift 3
    timeout 120 "$audit" check-log "$@" >"$work/out" 2>&1
    got=$?
    if [ "$got" -eq "$want" ] && grep -qE -- "$pattern" "$work/out"; then e2e_ok "$name"; else
        e2e_not_ok "$name" "status $got, want $want; $pattern" "$(tail -n 3 "$work/out")"
    fi
}
given="--policy $good/policy --trust $good/trust --bundle $good/bundle --lang en"
says "a good log passes, with its bundle" 0 '^PASS: all 16 checks passed' "$good/log" $given
says "who cosigned it is told" 0 '^Cosigned by: helper.example/witness' "$good/log" $given
says "without trust and bundle" 0 '^PASS' "$good/log" --policy "$good/policy" --lang en
says "in Swedish" 0 '^GODKÄND: alla 16' "$good/log" --policy "$good/policy" --lang sv
says "as JSON" 0 '"verdict":"pass","log":\{"origin":"leader.example/log"' "$good/log" --policy "$good/policy" --json
says "the same checkpoint as before" 0 '^PASS' "$good/log" --policy "$good/policy" --earlier "$good/log/checkpoint" --lang en
says "no log there" 1 '^FAIL +log-checkpoint' "$work" --policy "$good/policy" --lang en
says "no folder" 3 'is not a folder' "$work/absent" --policy "$good/policy" --lang en
says "no policy" 4 'policy' "$good/log" --policy "$good/trust" --lang en
# alike NAME LOG OPTION...: both verifiers' identifiers, outcomes, counts and exit status are the same.
second=()
if command -v node >/dev/null && [ -d verifier/node_modules/esbuild ]; then
    node verifier/build.mjs "$work/second" && second=(node "$work/second/verifier.mjs")
else e2e_skip "check-log of the verifier in verifier/" "node or its modules are not installed"; fi
alike() {
    local name=$1 got=() who
    shift
    [ ${#second[@]} -gt 0 ] || return 0
    for who in first second; do
        if [ $who = first ]; then "$audit" check-log "$@" --json; else "${second[@]}" check-log "$@" --json; fi >"$work/$who.json" 2>/dev/null
        got+=("$? $(grep -oE '"(verdict|log|origin|size|tasks|cosigned|root|id|outcome|inputs)":[^,}]*' "$work/$who.json")")
    done
    if [ "${got[0]}" = "${got[1]}" ] && grep -q log-bundle "$work/second.json"; then e2e_ok "$name, by both verifiers"; else
        e2e_not_ok "$name, by both verifiers" "$(diff <(echo "${got[0]}") <(echo "${got[1]}") | head -n 5)"
    fi
}
alike "a good log" "$good/log" --policy "$good/policy" --trust "$good/trust" --bundle "$good/bundle"
alike "no log there" "$work" --policy "$good/policy"
if command -v python3 >/dev/null; then
    python3 - "$good" $$ >"$work/port.new" 2>/dev/null <<'END' &
import functools, http.server, os, sys, threading, time
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
while os.getppid() == int(sys.argv[2]): time.sleep(0.5)
END
    server=$!
    for _ in $(seq 100); do [ -s "$work/port.new" ] && break; sleep 0.1; done
    url=http://127.0.0.1:$(cat "$work/port.new")
    says "the same log from an address" 0 '^PASS: all 16' "$url/log/" $given
    says "an address without a log" 1 "there is nothing at $url/nothing/checkpoint" "$url/nothing" $given
    alike "a log from an address" "$url/log/" --policy "$good/policy" --trust "$good/trust" --bundle "$good/bundle"
    kill "$server"
    wait "$server" 2>/dev/null
    PYTHONDONTWRITEBYTECODE=1 python3 tests/second/check_log.py --cheats "$work" || E2E_FAILED=1
else
    e2e_skip "addresses, and a second program" "python3 is not installed"
fi
e2e_finish
