#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_suite.sh - the must-fail suite in short, beside the other tests. The same each time, unless SKARVA_TEST_SEED says otherwise: at
# random (make tamper, make tamper-quick) the verifiers now and then name one check more or less of the same damaged file.
SKARVA_TEST_SEED=${SKARVA_TEST_SEED:-1}
export SKARVA_TEST_SEED
exec "$(dirname "$0")/suite" --quick --jobs 1
