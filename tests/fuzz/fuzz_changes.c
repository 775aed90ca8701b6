/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_changes.c - an aggregator's opening of how many changed: what is accepted is written and
 * signed again to the very bytes it was read from. */
#include "tests/recode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return recode_or_abort(recode_changes, data, size);
}
