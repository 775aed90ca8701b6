/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_year.c - the openings of a year's roll-up: what is accepted is encoded again to the very
 * bytes it was read from. */
#include "tests/recode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return recode_or_abort(recode_year, data, size);
}
