#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_verifier.sh - the second verifier: its arithmetic against @noble/curves and docs/proofs.md; on an honest bundle and on damaged
# ones it fails exactly the checks that the first does (on every cheat: tests/tamper/suite); exit statuses, JSON.
# `make test-verifier` installs what this needs; without it the test is skipped and says so.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

command -v node >/dev/null || { echo "SKIP verifier: no node (make test-verifier installs it)"; exit 0; }
[ -d verifier/node_modules/esbuild ] || { echo "SKIP verifier: no node modules (make test-verifier installs them)"; exit 0; }

bin=build/${BUILD:-release}
work=$(mktemp -d)
trap '[ "${KEEP:-}" = 1 ] && echo "kept: $work" || rm -rf "$work"' EXIT
trap 'exit 129' HUP INT TERM
failed=0
ok() { echo "ok - $1"; }
not_ok() {
    echo "not ok - $1"
    failed=1
}
# expect NAME STATUS COMMAND...: output goes to $work/out and $work/err.
expect() {
    local name=$1 want=$2 got
    shift 2
    "$@" >"$work/out" 2>"$work/err"
    got=$?
    if [ "$got" -eq "$want" ]; then ok "$name"; else
        not_ok "$name: status $got, want $want"
        sed 's/^/# /' "$work/err" | head -n 5
    fi
}
unset LC_ALL LC_MESSAGES LANG

{ node verifier/build.mjs "$work" && node verifier/build.mjs "$work/tests" tests; } || { not_ok "the verifier is built"; exit 1; }
if (cd "$work" && sha256sum --status --check -) <verifier/verifier.sha256; then
    ok "the built files are those whose hashes are checked in"
else
    not_ok "the built files are others than verifier/verifier.sha256 says (make verifier HASH=1, if that is meant)"
fi
node "$work/tests/test_crypto.mjs" || failed=1
node "$work/tests/test_parts.mjs" || failed=1

# The same bundle and damage each time, unless SKARVA_TEST_SEED says otherwise.
seed=${SKARVA_TEST_SEED:-1}
mkdir "$work/small"
SKARVA_TEST_SEED=$seed "$bin/tests/tamper/tool_bundle" "$work/small" || not_ok "a bundle is made"
node "$work/tests/test_mutations.mjs" "$bin/skarva-audit" "$work/small/small.bundle" "$work/small/trust" "$work" \
    "${SKARVA_MUTATIONS:-40}" "$seed" || failed=1

bundle=$work/small/small.bundle trust=$work/small/trust
verify=(node "$work/verifier.mjs" verify)
expect "a good bundle passes, by two workers" 0 "${verify[@]}" "$bundle" --trust "$trust" --jobs 2 --json
cp "$work/out" "$work/second.json"
expect "and with the first verifier" 0 "$bin/skarva-audit" verify "$bundle" --trust "$trust" --json
cp "$work/out" "$work/first.json"
# shellcheck disable=SC2016 # JavaScript
if node -e '
    const [a, b] = process.argv.slice(1).map((p) => JSON.parse(require("fs").readFileSync(p, "utf8")));
    const told = (r) => JSON.stringify([r.version, r.verdict, Object.entries(r.task).sort(),
        r.checks.map((c) => [c.id, c.outcome, c.sentence, c.inputs, c.bad])]);
    if (told(a) !== told(b)) { console.log(`# ${told(a)}\n# ${told(b)}`); process.exit(1); }' "$work/first.json" "$work/second.json"; then
    ok "both tell the same, check by check, with the same figures"
else
    not_ok "both tell the same, check by check, with the same figures"
fi
expect "from the standard input, in Swedish" 0 sh -c '"$@" <"$0"' "$bundle" "${verify[@]}" - --trust "$trust" --lang sv
if grep -q '^GODKÄND: alla [0-9]* kontroller' "$work/out"; then ok "the verdict is told"; else not_ok "the verdict is told"; fi
head -c 20000 "$bundle" >"$work/cut.tar"
expect "a cut bundle fails" 1 "${verify[@]}" "$work/cut.tar" --trust "$trust"
expect "no bundle" 3 "${verify[@]}" "$work/absent" --trust "$trust"
expect "no trust file" 4 "${verify[@]}" "$bundle" --trust "$work/absent"
head -n 3 "$trust" >"$work/three"
expect "a trust file of three" 4 "${verify[@]}" "$bundle" --trust "$work/three"
expect "a policy that is none" 4 "${verify[@]}" "$bundle" --trust "$trust" --policy "$work/three"
expect "and with the first verifier" 4 "$bin/skarva-audit" verify "$bundle" --trust "$trust" --policy "$work/three"
expect "an unknown option" 2 "${verify[@]}" "$bundle" --trust "$trust" --quick
expect "no command" 2 node "$work/verifier.mjs"
expect "the checks are listed" 0 node "$work/verifier.mjs" list-checks --json
if [ "$(tr -d '\n' <"$work/out")" = "$("$bin/skarva-audit" list-checks --json --lang en | tr -d '\n')" ]; then
    ok "and are the first verifier's, in the same words"
else
    not_ok "and are the first verifier's, in the same words"
fi
exit "$failed"
