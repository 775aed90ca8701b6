/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_population.c - a table of inhabitants as statistics offices give it: what is taken has each
 * code once, in order, and women and men that make all.
 */
#include "reports/data/population.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct population p = {0};
    struct ska_error err = {0};
    enum ska_status status = population_parse(&p, (struct ska_slice){data, size}, &err);
    if (status != SKA_OK && err.text[0] == '\0')
        abort();
    for (uint32_t i = 0; status == SKA_OK && i < p.n; i++) {
        const struct population_row *row = &p.at[i];
        if (row->women != 0 && row->men != 0 && row->women + row->men != row->all)
            abort();
        if (i > 0 && strcmp(p.at[i - 1].code, row->code) >= 0)
            abort();
    }
    population_clear(&p);
    return 0;
}
