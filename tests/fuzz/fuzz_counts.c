/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_counts.c - a table of counts that an officer's other programs made: what is taken has a
 * number for each cell, what is refused leaves nothing and a sentence.
 */
#include "client/counts.h"

#include <stdio.h>

#include "tests/fuzz/layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ska_layout *l = fuzz_layout();
    struct counts counts = {0};
    struct counts_origin origin;
    struct ska_error err = {0};
    enum ska_status status =
        counts_parse(&counts, &origin, (const char *)data, size, "file", l, &err);
    if (status == SKA_OK ? counts.n != l->n_cells : counts.at != NULL || err.text[0] == '\0')
        abort();
    for (size_t i = 0; i < counts.n; i++)
        if (counts.at[i] > l->statement.bound[i])
            abort();
    counts_clear(&counts);
    return 0;
}
