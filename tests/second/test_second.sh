#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_second.sh - docs/protocol.md is complete: a verifier written from it alone, sharing no code with the first, takes an
# honest bundle and refuses damaged ones, and agrees with the first about every cheat of tests/tamper.
set -uo pipefail
cd "$(dirname "$0")/../.."

if ! command -v python3 >/dev/null 2>&1; then
    echo "SKIP a second verifier: python3 is not installed"
    exit 0
fi
folder=$(mktemp -d)
trap '[ "${KEEP:-}" = 1 ] && echo "kept: $folder" || rm -rf "$folder"' EXIT
trap 'exit 129' HUP INT TERM
build/release/tests/tamper/tool_bundle "$folder" || {
    echo "not ok - a bundle for the second verifier could not be made"
    exit 1
}
export PYTHONDONTWRITEBYTECODE=1
mkdir "$folder/cheats"
build/release/tests/tamper/tool_cheats "$folder/cheats" >"$folder/made" || {
    echo "not ok - the cheats' bundles could not be made"
    sed 's/^/# /' "$folder/made"
    exit 1
}
python3 tests/second/check_cheats.py "$folder/cheats" >"$folder/agreed" 2>&1 &
failed=0
python3 tests/second/check.py "$folder/small.bundle" "$folder/trust" || failed=1
wait $! || failed=1
cat "$folder/agreed"
exit $failed
