#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_program.sh - skarva-audit as its users meet it: exit statuses, languages, JSON, pipes; then tests/tamper/run.
set -u
cd "$(dirname "$0")/../.." || exit 1
bin=build/${BUILD:-release}
audit=$bin/skarva-audit
work=$(mktemp -d)
trap '[ "${KEEP:-}" = 1 ] && echo "kept: $work" || rm -rf "$work"' EXIT
trap 'exit 129' HUP INT TERM
failed=0
unset LC_ALL LC_MESSAGES LANG

# expect NAME STATUS COMMAND...: output goes to $work/out and $work/err.
expect() {
    local name=$1 want=$2
    shift 2
    "$@" >"$work/out" 2>"$work/err"
    local got=$?
    if [ "$got" -eq "$want" ]; then
        echo "ok - $name"
    else
        echo "not ok - $name: status $got, want $want"
        sed 's/^/# /' "$work/err" | head -n 5
        failed=1
    fi
}
# holds NAME FILE PATTERN
holds() {
    if grep -qE -- "$3" "$work/$2"; then
        echo "ok - $1"
    else
        echo "not ok - $1"
        failed=1
    fi
}

"$bin/tests/tamper/tool_damage" make "$work" || exit 1
bundle=$work/bundle.tar trust=$work/trust

expect "a good bundle passes" 0 "$audit" verify "$bundle" --trust "$trust" --lang en
holds "the verdict is told" out '^PASS: all [0-9]+ checks passed\.$'
holds "each check has its figures" out '^pass +submission-proofs .*\(proofs: 5\)$'
expect "in Swedish" 0 "$audit" verify "$bundle" --trust "$trust" --lang sv
holds "the verdict is told in Swedish" out '^GODKÄND: alla [0-9]+ kontroller godkända\.$'
expect "in Swedish by the environment" 0 env LANG=sv_SE.UTF-8 "$audit" verify "$bundle" --trust "$trust"
holds "the environment chose Swedish" out '^GODKÄND'
expect "from the standard input" 0 sh -c '"$1" verify - --trust "$2" --jobs 1 <"$3"' _ "$audit" "$trust" "$bundle"
expect "as JSON" 0 "$audit" verify "$bundle" --trust "$trust" --json
holds "JSON has a verdict" out '"verdict":"pass"'
cp "$work/out" "$work/out.json"
if command -v python3 >/dev/null; then
    expect "JSON is JSON, with every check once and all passed" 0 python3 -c '
import json, subprocess, sys
found = json.load(open(sys.argv[1]))
ids = [c["id"] for c in found["checks"]]
listed = [c["id"] for c in json.loads(subprocess.check_output([sys.argv[2], "list-checks", "--json"]))]
assert ids == listed and len(set(ids)) == len(ids)
assert all(c["outcome"] == "pass" and c["inputs"] + c["bad"] >= 0 for c in found["checks"])
assert found["task"]["period"] == "2025Q2"' "$work/out.json" "$audit"
else
    echo "SKIP JSON is JSON: no python3"
fi

head -c 20000 "$bundle" >"$work/cut.tar"
expect "a cut bundle fails" 1 "$audit" verify "$work/cut.tar" --trust "$trust" --lang en
holds "what failed is told" out '^FAIL +bundle-form'
holds "what was not checked is told" out '^NOT CHECKED +pages'
expect "a cut bundle fails as JSON" 1 "$audit" verify "$work/cut.tar" --trust "$trust" --json
holds "JSON says fail" out '"verdict":"fail","task":null'
expect "an empty bundle fails" 1 "$audit" verify /dev/null --trust "$trust"
expect "no bundle" 3 "$audit" verify "$work/absent" --trust "$trust"
mkdir "$work/empty"
expect "an empty folder is no bundle" 3 "$audit" verify "$work/empty" --trust "$trust"
expect "no trust file" 4 "$audit" verify "$bundle" --trust "$work/absent"
head -n 3 "$trust" >"$work/two"
expect "a trust file of three" 4 "$audit" verify "$bundle" --trust "$work/two"
holds "what it lacks is told" err 'second'
sed 's/^leader/swap/; s/^helper/leader/; s/^swap/helper/' "$trust" >"$work/swapped"
expect "leader and helper exchanged" 1 "$audit" verify "$bundle" --trust "$work/swapped" --lang en
holds "the trust is told to be another" out '^FAIL +parameters-trust'
expect "no command" 2 "$audit"
expect "an unknown option" 2 "$audit" verify "$bundle" --trust "$trust" --quick
expect "help" 0 "$audit" --help --lang en
holds "help has an example" out 'skarva-audit verify norrsken'
expect "the checks are listed" 0 "$audit" list-checks
if [ -c /dev/full ] && [ -w /dev/full ]; then
    expect "a verdict that cannot be written is no pass" 1 sh -c '"$1" verify "$2" --trust "$3" >/dev/full' _ "$audit" "$bundle" "$trust"
else
    echo "SKIP a verdict that cannot be written: no /dev/full"
fi

if ldd "$audit" | grep -qE 'libcurl|libevent|sqlite|libssl'; then
    echo "not ok - the auditor is linked with the network or a database"
    failed=1
else
    echo "ok - the auditor is linked with neither network nor database"
fi

tests/tamper/run "$bundle" "$trust" "$work/publisher.key,$work/second.key" 60 || failed=1
exit "$failed"
