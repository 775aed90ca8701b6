#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_suite.sh - the must-fail suite in short, beside the other tests.
exec "$(dirname "$0")/suite" --quick --jobs 1
