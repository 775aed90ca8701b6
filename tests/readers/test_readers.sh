#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_readers.sh - every data file has the same figures as every other (formats.py), and others' readers (node: jsonstat-toolkit,
# ajv, px) take them and find every figure. Installed with `npm ci --prefix tests/readers`; skipped where they are not.
set -uo pipefail
cd "$(dirname "$0")/../.."

folder=$(mktemp -d)
trap '[ "${KEEP:-}" = 1 ] && echo "kept: $folder" || rm -rf "$folder"' EXIT
trap 'exit 129' HUP INT TERM
# The tool runs in Check, which must not write the log that tests/run takes for this script's.
env -u CK_TAP_LOG_FILE_NAME "build/${BUILD:-release}/tests/readers/tool_world" "$folder" >/dev/null || {
    echo "not ok - data files for others' readers could not be made"
    exit 1
}
status=0
if command -v python3 >/dev/null 2>&1; then
    PYTHONDONTWRITEBYTECODE=1 python3 tests/readers/formats.py "$folder" || status=1
else
    echo "SKIP data files compared with one another: python3 is not installed"
fi
if ! command -v node >/dev/null 2>&1; then
    echo "SKIP others' readers of the data files: node is not installed"
    exit $status
fi
for module in ajv ajv-formats jsonstat-toolkit px; do
    [ -d "tests/readers/node_modules/$module" ] && continue
    echo "SKIP others' readers of the data files: node module $module is not installed (npm ci --prefix tests/readers)"
    exit $status
done
node tests/readers/check.mjs "$folder" || status=1
exit $status
