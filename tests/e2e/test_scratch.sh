#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_scratch.sh - what failing tests wrote is removed, and stays where KEEP=1 asks for it.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh
e2e_scratch work scratch
tool=$BIN/tests/e2e/tool_scratch

gone() { while read -r path; do [ ! -e "$path" ] || return 1; done <"$1"; }
there() { while read -r path; do [ -e "$path" ] || return 1; done <"$1"; }

# shellcheck disable=SC2016 # for the inner shell
script='. tests/e2e/lib.sh; e2e_scratch a one; e2e_scratch b two; mkdir "$a/x"; printf "%s\n" "$a" "$b" >"$1"; '

KEEP='' CK_FORK=yes "$tool" "$work/program" >/dev/null 2>&1
e2e_check "the program failed" test $? -ne 0
e2e_check "it made a folder and a file" test "$(wc -l <"$work/program")" -eq 2
e2e_check "a failed and a killed test leave nothing" gone "$work/program"
KEEP=1 CK_FORK=yes "$tool" "$work/kept" >"$work/said" 2>&1
e2e_check "with KEEP=1 all is there" there "$work/kept"
e2e_check "and is named" test "$(grep -c '^kept: ' "$work/said")" -eq 2
xargs rm -rf -- <"$work/kept"

for end in 'exit 1' 'kill -TERM $$; sleep 5' 'nothing_of_this_name; exit 3'; do
    KEEP='' bash -c "$script $end" _ "$work/script" >/dev/null 2>&1
    e2e_check "a script that ends with \"$end\" leaves nothing" gone "$work/script"
done
KEEP=1 bash -c "$script exit 1" _ "$work/script" >"$work/said" 2>&1
e2e_check "a script keeps with KEEP=1" there "$work/script"
xargs rm -rf -- <"$work/script"
e2e_finish
