#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_pages.sh - the pages in a real browser: a site of eight years of quarters with groups is made, and one of a single quarter,
# one where all is hidden and one with a correction; then test_pages.mjs looks at them. `make test-browser` installs what this needs; without it the test is skipped and says so.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

chromium=$(command -v chromium || command -v chromium-browser)
[ -n "$chromium" ] || { echo "SKIP browser: no chromium (make test-browser installs it)"; exit 0; }
command -v node >/dev/null || { echo "SKIP browser: no node (make test-browser installs it)"; exit 0; }
[ -d tests/browser/node_modules/playwright-core ] || {
    echo "SKIP browser: no node modules (make test-browser installs them)"
    exit 0
}

tool=${B:-build/release}/tests/browser/tool_site
[ -x "$tool" ] || { echo "not ok - $tool is not built"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$tool" catalogues/operation-norrsken.json "$work/site" || { echo "not ok - the site is made"; exit 1; }
others=()
for variant in first hidden corrected; do
    "$tool" catalogues/operation-norrsken.json "$work/$variant" "$variant" || { echo "not ok - the site is made: $variant"; exit 1; }
    others+=("$work/$variant")
done
node tests/browser/test_pages.mjs "$work/site" server/front/front_answer.c "$chromium" "${others[@]}"
