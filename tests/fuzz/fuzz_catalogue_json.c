/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_catalogue_json.c - a catalogue's JSON: what is accepted encodes, decodes to the same bytes,
 * and its layouts hold together; what is refused names a line.
 */
#include "protocol/layout.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_layouts(const struct ska_catalogue *c)
{
    for (int cadence = SKA_MONTH; cadence <= SKA_YEAR; cadence++) {
        struct ska_layout *l = NULL;
        if (ska_layout_new(&l, c, (enum ska_cadence)cadence, NULL) != SKA_OK)
            continue;
        for (uint32_t i = 0; i < l->n_cells; i++)
            if (ska_layout_find(l, l->cells[i].code) != i)
                abort();
        char name[64];
        for (uint32_t i = 0; i < l->statement.n_rules; i++)
            ska_layout_rule_name(name, sizeof name, l, i, i % 2 == 0);
        ska_layout_free(l);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ska_catalogue *c = NULL;
    struct ska_catalogue *again = NULL;
    struct ska_error err = {0};
    enum ska_status status = ska_catalogue_parse(&c, (const char *)data, size, &err);
    if (status != SKA_OK) {
        bool told =
            strncmp(err.text, "line ", 5) == 0 || status == SKA_E_LIMIT || status == SKA_E_MEMORY;
        if (!told)
            abort();
        return 0;
    }
    struct ska_writer w = {0};
    struct ska_writer v = {0};
    ska_catalogue_encode(&w, c);
    struct ska_reader r;
    ska_reader_init(&r, w.data, w.len);
    if (ska_writer_status(&w) != SKA_OK || ska_catalogue_decode(&again, &r, NULL) != SKA_OK ||
        ska_read_end(&r) != SKA_OK)
        abort();
    ska_catalogue_encode(&v, again);
    if (v.len != w.len || memcmp(v.data, w.data, w.len) != 0)
        abort();
    check_layouts(c);
    ska_writer_clear(&w);
    ska_writer_clear(&v);
    ska_catalogue_free(c);
    ska_catalogue_free(again);
    return 0;
}
