#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_ctime.sh - no branch and no address depends on a secret: each program in this folder marks its secrets as undefined
# memory and runs under memcheck, which then reports every such use. With --leak it leaks on purpose and must be caught.
set -uo pipefail
cd "$(dirname "$0")/../.."

failed=0
report() { # report NAME STATUS
    if [ "$2" -eq 0 ]; then
        echo "ok - $1"
    else
        echo "not ok - $1"
        failed=1
    fi
}

if ! command -v valgrind >/dev/null 2>&1; then
    echo "SKIP constant time: valgrind is not installed"
    exit 0
fi

programs=()
for source in tests/ctime/ctime_*.c; do
    programs+=("build/ctime/${source%.c}")
done
log=$(mktemp)
trap '[ "${KEEP:-}" = 1 ] && echo "kept: $log" || rm -f "$log"' EXIT
trap 'exit 129' HUP INT TERM
if ! make -s BUILD=ctime "${programs[@]}" >"$log" 2>&1; then
    tail -n 20 "$log"
    report "the constant-time programs build" 1
    exit 1
fi

for program in "${programs[@]}"; do
    name=$(basename "$program")
    memcheck=(valgrind -q --error-exitcode=99)
    # What a library decides in public, with the reason beside each: NAME.supp and crypto/CONSTANT_TIME.md.
    [ -f "tests/ctime/$name.supp" ] && memcheck+=("--suppressions=tests/ctime/$name.supp")
    "${memcheck[@]}" "$program" >"$log" 2>&1
    status=$?
    [ "$status" -eq 0 ] || tail -n 30 "$log"
    report "$name depends on no secret" "$status"
    "${memcheck[@]}" "$program" --leak >"$log" 2>&1
    [ $? -eq 99 ]
    report "$name is caught when it leaks" $?
done
exit "$failed"
