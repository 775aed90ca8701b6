/* SPDX-License-Identifier: EUPL-1.2 */
/* earlier.c - the files of a bundle about earlier releases: bytes. */
#include "protocol/earlier.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/text.h"

#define OPENING_BYTES (4u + 2 * 64)

void ska_earlier_encode(struct ska_writer *w, const struct ska_earlier_list *list)
{
    ska_write_u8(w, SKA_DOCUMENT_VERSION);
    ska_write_u32(w, list->n);
    for (uint32_t i = 0; i < list->n; i++) {
        ska_write_string8(w, list->at[i].period);
        ska_write_u32(w, list->at[i].revision);
        ska_write_bytes(w, list->at[i].task_id, 32);
        ska_write_bytes(w, list->at[i].sha256, 32);
    }
}

static enum ska_status read_entry(struct ska_earlier_entry *e, struct ska_reader *r)
{
    enum ska_cadence cadence;
    uint32_t year, part;
    SKA_TRY(ska_read_period(e->period, r));
    SKA_TRY(ska_period_parse(&cadence, &year, &part, e->period));
    SKA_TRY(ska_read_u32(&e->revision, r));
    SKA_TRY(ska_read_bytes(e->task_id, 32, r));
    return ska_read_bytes(e->sha256, 32, r);
}

enum ska_status ska_earlier_decode(struct ska_earlier_list *out, struct ska_slice bytes)
{
    struct ska_earlier_list list = {0};
    struct ska_reader r;
    ska_reader_init(&r, bytes.data, bytes.len);
    SKA_TRY(ska_document_version(&r));
    SKA_TRY(ska_read_u32(&list.n, &r));
    if (list.n == 0)
        return SKA_E_RANGE;
    if (list.n > SKA_EARLIER_MAX)
        return SKA_E_LIMIT;
    for (uint32_t i = 0; i < list.n; i++)
        SKA_TRY(read_entry(&list.at[i], &r));
    SKA_TRY(ska_read_end(&r));
    *out = list;
    return SKA_OK;
}

void ska_earlier_name(char out[static SKA_EARLIER_NAME_MAX + 1], const char *period,
                      uint32_t revision)
{
    if (revision == 0)
        (void)snprintf(out, SKA_EARLIER_NAME_MAX + 1, "%s", period);
    else
        (void)snprintf(out, SKA_EARLIER_NAME_MAX + 1, "%s.r%" PRIu32, period, revision);
}

void ska_year_openings_clear(struct ska_year_openings *o)
{
    if (o == NULL)
        return;
    free(o->at);
    *o = (struct ska_year_openings){0};
}

void ska_year_openings_encode(struct ska_writer *w, const struct ska_year_openings *o)
{
    ska_write_u8(w, SKA_DOCUMENT_VERSION);
    ska_write_u32(w, o->n);
    for (uint32_t i = 0; i < o->n; i++) {
        ska_write_u32(w, o->at[i].figure);
        ska_write_bytes(w, o->at[i].xr[0], 64);
        ska_write_bytes(w, o->at[i].xr[1], 64);
    }
}

enum ska_status ska_year_openings_decode(struct ska_year_openings *out, struct ska_slice bytes)
{
    SKA_SCOPED(ska_year_openings_clear) struct ska_year_openings o = {0};
    struct ska_reader r;
    uint32_t n;
    ska_reader_init(&r, bytes.data, bytes.len);
    SKA_TRY(ska_document_version(&r));
    SKA_TRY(ska_read_u32(&n, &r));
    if (n > SKA_FIGURES_MAX)
        return SKA_E_LIMIT;
    if (n > r.left / OPENING_BYTES)
        return SKA_E_TRUNCATED;
    o.at = ska_alloc((size_t)n + 1, sizeof *o.at);
    if (o.at == NULL)
        return SKA_E_MEMORY;
    o.n = n;
    for (uint32_t i = 0; i < n; i++) {
        SKA_TRY(ska_read_u32(&o.at[i].figure, &r));
        if (i > 0 && o.at[i - 1].figure >= o.at[i].figure)
            return SKA_E_ENCODING;
        SKA_TRY(ska_read_bytes(o.at[i].xr[0], 64, &r));
        SKA_TRY(ska_read_bytes(o.at[i].xr[1], 64, &r));
    }
    SKA_TRY(ska_read_end(&r));
    *out = o;
    o = (struct ska_year_openings){0};
    return SKA_OK;
}
