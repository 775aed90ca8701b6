/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_log_leaf.c - a leaf that decodes must encode to the very bytes it was read from. */
#include "protocol/log_leaf.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ska_log_leaf leaf;
    if (ska_log_leaf_decode(&leaf, (struct ska_slice){data, size}) != SKA_OK)
        return 0;
    uint8_t again[SKA_LEAF_BYTES_MAX];
    if (ska_log_leaf_encode(again, &leaf) != size || memcmp(again, data, size) != 0 ||
        ska_log_leaf_name(leaf.type)[0] == '\0')
        abort();
    return 0;
}
