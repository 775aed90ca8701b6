#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_check_page.sh - the page "check it yourself" in a real browser, on a good bundle and log, and on tampered ones
# (test_check_page.mjs).
# `make test-browser` and `make test-verifier` install what this needs; without it the test is skipped and says so.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

chromium=$(command -v chromium || command -v chromium-browser)
[ -n "$chromium" ] || { echo "SKIP check page: no chromium (make test-browser installs it)"; exit 0; }
command -v node >/dev/null || { echo "SKIP check page: no node (make test-browser installs it)"; exit 0; }
[ -d tests/browser/node_modules/playwright-core ] || { echo "SKIP check page: no node modules (make test-browser installs them)"; exit 0; }
[ -d verifier/node_modules/esbuild ] || { echo "SKIP check page: no node modules (make test-verifier installs them)"; exit 0; }

work=$(mktemp -d)
trap '[ "${KEEP:-}" = 1 ] && echo "kept: $work" || rm -rf "$work"' EXIT
trap 'exit 129' HUP INT TERM
mkdir "$work/good"
node verifier/build.mjs "$work" || { echo "not ok - the verifier is built"; exit 1; }
"build/${BUILD:-release}/tests/tamper/tool_bundle" "$work/good" || {
    echo "not ok - a bundle is made"
    exit 1
}
mkdir "$work/logs"
"build/${BUILD:-release}/tests/tamper/tool_log" "$work/logs" 1 || {
    echo "not ok - a log is made"
    exit 1
}
good=$work/good/small.bundle
# A digit of the table is another: only the release can tell, before anything is derived.
LC_ALL=C sed 's/,55,$/,56,/' "$good" >"$work/tampered"
cmp -s "$good" "$work/tampered" && { echo "not ok - a bundle is tampered with"; exit 1; }
node tests/verifier/test_check_page.mjs "$work/check" "$chromium" "$good" "$work/good/trust" "$work/tampered" "release-form" "$work/logs/000"
