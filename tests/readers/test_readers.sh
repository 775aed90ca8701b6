#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_readers.sh - others' readers (node: jsonstat-toolkit, ajv) take our data files and find every figure. Installed with
# `npm ci --prefix tests/readers`; skipped where they are not.
set -uo pipefail
cd "$(dirname "$0")/../.."

if ! command -v node >/dev/null 2>&1; then
    echo "SKIP others' readers of the data files: node is not installed"
    exit 0
fi
for module in ajv ajv-formats jsonstat-toolkit; do
    [ -d "tests/readers/node_modules/$module" ] && continue
    echo "SKIP others' readers of the data files: node module $module is not installed (npm ci --prefix tests/readers)"
    exit 0
done
folder=$(mktemp -d)
trap '[ "${KEEP:-}" = 1 ] && echo "kept: $folder" || rm -rf "$folder"' EXIT
trap 'exit 129' HUP INT TERM
# The tool runs in Check, which must not write the log that tests/run takes for this script's.
env -u CK_TAP_LOG_FILE_NAME "build/${BUILD:-release}/tests/readers/tool_world" "$folder" >/dev/null || {
    echo "not ok - data files for others' readers could not be made"
    exit 1
}
node tests/readers/check.mjs "$folder"
