/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_checkpoint.c - the text of a checkpoint: what is taken is written back the same. */
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/checkpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ska_checkpoint checkpoint;
    if (ska_checkpoint_parse(&checkpoint, (struct ska_slice){data, size}) != SKA_OK)
        return 0;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_checkpoint_format(&w, &checkpoint);
    if (ska_writer_status(&w) != SKA_OK || w.len != size || memcmp(w.data, data, size) != 0)
        abort();
    return 0;
}
