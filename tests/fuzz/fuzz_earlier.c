/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_earlier.c - the releases that a release is linked with: what is accepted is encoded again to
 * the very bytes it was read from. */
#include "tests/recode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return recode_or_abort(recode_earlier, data, size);
}
