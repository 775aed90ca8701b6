/* SPDX-License-Identifier: EUPL-1.2 */
/* dataset.c - published tables: reading their files, cutting out of them. */
#include "support/dataset.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"

#define FIGURE_BYTES 10u
#define VALUE_BYTES_MIN 15u /* five empty strings */

void dataset_clear(struct dataset *d)
{
    for (size_t a = 0; a < DATASET_AXES; a++)
        free(d->axes[a].values);
    free(d->releases);
    free(d->figures);
    free(d->owned);
    *d = (struct dataset){0};
}

/* Strings ------------------------------------------------------------------------------------- */

void dataset_write_string(struct ska_writer *w, const char *text)
{
    ska_write_opaque16(w, text, strlen(text));
    ska_write_u8(w, 0);
}

void dataset_write_text(struct ska_writer *w, const char *sv, const char *en)
{
    dataset_write_string(w, sv);
    dataset_write_string(w, en);
}

enum ska_status dataset_read_string(const char **out, struct ska_reader *r)
{
    const uint8_t *text = NULL;
    size_t len = 0;
    uint8_t end = 1;
    SKA_TRY(ska_read_opaque16(&text, &len, r, UINT16_MAX));
    SKA_TRY(ska_read_u8(&end, r));
    if (end != 0 || memchr(text, 0, len) != NULL)
        return SKA_E_FORMAT;
    *out = (const char *)text; /* the NUL behind it was just read */
    return SKA_OK;
}

static enum ska_status read_text(struct dataset_text *out, struct ska_reader *r)
{
    SKA_TRY(dataset_read_string(&out->sv, r));
    return dataset_read_string(&out->en, r);
}

/* Reading ------------------------------------------------------------------------------------- */

static enum ska_status read_head(struct dataset *d, struct ska_reader *r)
{
    const uint8_t *mark = NULL;
    uint8_t n_reasons = 0;
    SKA_TRY(ska_read_borrow(&mark, r, sizeof DATASET_MARK - 1));
    if (memcmp(mark, DATASET_MARK, sizeof DATASET_MARK - 1) != 0)
        return SKA_E_FORMAT;
    SKA_TRY(dataset_read_string(&d->collection, r));
    SKA_TRY(dataset_read_string(&d->table, r));
    SKA_TRY(read_text(&d->title, r));
    SKA_TRY(read_text(&d->source, r));
    SKA_TRY(dataset_read_string(&d->updated, r));
    SKA_TRY(ska_read_u64(&d->rounding, r));
    SKA_TRY(ska_read_u8(&n_reasons, r));
    if (n_reasons > DATASET_REASONS_MAX)
        return SKA_E_LIMIT;
    for (d->n_reasons = 0; d->n_reasons < n_reasons; d->n_reasons++)
        SKA_TRY(dataset_read_string(&d->reasons[d->n_reasons], r));
    return SKA_OK;
}

static enum ska_status read_dimension(struct dataset_dimension *axis, struct ska_reader *r)
{
    uint32_t n = 0;
    SKA_TRY(ska_read_u32(&n, r));
    if (n == 0)
        return SKA_E_RANGE;
    if (n > r->left / VALUE_BYTES_MIN)
        return SKA_E_TRUNCATED;
    axis->values = ska_alloc(n, sizeof *axis->values);
    if (axis->values == NULL)
        return SKA_E_MEMORY;
    axis->n = n;
    for (size_t i = 0; i < n; i++) {
        SKA_TRY(dataset_read_string(&axis->values[i].code, r));
        SKA_TRY(read_text(&axis->values[i].label, r));
        SKA_TRY(read_text(&axis->values[i].unit, r));
    }
    return SKA_OK;
}

static enum ska_status read_releases(struct dataset *d, struct ska_reader *r)
{
    uint8_t has = 0;
    SKA_TRY(ska_read_u8(&has, r));
    if (has > 1)
        return SKA_E_RANGE;
    if (has == 0)
        return SKA_OK;
    d->releases = ska_alloc(d->axes[DATASET_TIME].n, sizeof *d->releases);
    if (d->releases == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < d->axes[DATASET_TIME].n; i++) {
        SKA_TRY(dataset_read_string(&d->releases[i].day, r));
        SKA_TRY(ska_read_u32(&d->releases[i].revision, r));
        SKA_TRY(ska_read_bytes(d->releases[i].sha256, 32, r));
    }
    return SKA_OK;
}

static bool is_figure(const struct dataset *d, const struct dataset_figure *f)
{
    bool has_value = f->status == DATASET_SHOWN || f->status == DATASET_ROUNDED;
    return f->status <= DATASET_HIDDEN && (f->value == 0 || has_value) &&
           (f->reason == 0 || f->status == DATASET_HIDDEN) && f->reason <= d->n_reasons;
}

/* How many figures the dimensions have room for. */
static enum ska_status count_figures(size_t *n, const struct dataset *d)
{
    *n = 1;
    for (size_t a = 0; a < DATASET_AXES; a++)
        SKA_TRY(ska_size_mul(n, *n, d->axes[a].n));
    return SKA_OK;
}

static enum ska_status read_figures(struct dataset *d, struct ska_reader *r)
{
    size_t n = 0;
    SKA_TRY(count_figures(&n, d));
    if (n > r->left / FIGURE_BYTES)
        return SKA_E_TRUNCATED;
    d->figures = ska_alloc(n, sizeof *d->figures);
    if (d->figures == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < n; i++) {
        SKA_TRY(ska_read_u8(&d->figures[i].status, r));
        SKA_TRY(ska_read_u8(&d->figures[i].reason, r));
        SKA_TRY(ska_read_u64(&d->figures[i].value, r));
        if (!is_figure(d, &d->figures[i]))
            return SKA_E_RANGE;
    }
    return ska_read_end(r);
}

enum ska_status dataset_decode(struct dataset *out, uint8_t *bytes, size_t len)
{
    SKA_SCOPED(dataset_clear) struct dataset d = {.owned = bytes};
    struct ska_reader r;
    ska_reader_init(&r, bytes, len);
    SKA_TRY(read_head(&d, &r));
    for (size_t a = 0; a < DATASET_AXES; a++)
        SKA_TRY(read_dimension(&d.axes[a], &r));
    SKA_TRY(read_releases(&d, &r));
    SKA_TRY(read_figures(&d, &r));
    *out = d;
    d = (struct dataset){0};
    return SKA_OK;
}

/* Cutting out --------------------------------------------------------------------------------- */

static enum ska_status select_values(struct dataset_dimension *out,
                                     const struct dataset_dimension *from,
                                     const struct dataset_selection *by)
{
    out->values = ska_alloc(by->n, sizeof *out->values);
    if (out->values == NULL)
        return SKA_E_MEMORY;
    out->n = by->n;
    out->is_dropped = by->drop;
    for (size_t i = 0; i < by->n; i++) {
        assert(by->index[i] < from->n);
        out->values[i] = from->values[by->index[i]];
    }
    return SKA_OK;
}

static enum ska_status select_releases(struct dataset *out, const struct dataset *from,
                                       const struct dataset_selection *times)
{
    if (from->releases == NULL)
        return SKA_OK;
    out->releases = ska_alloc(times->n, sizeof *out->releases);
    if (out->releases == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < times->n; i++)
        out->releases[i] = from->releases[times->index[i]];
    return SKA_OK;
}

enum ska_status dataset_select(struct dataset *out, const struct dataset *from,
                               const struct dataset_selection by[static DATASET_AXES])
{
    SKA_SCOPED(dataset_clear) struct dataset d = *from;
    size_t n = 0;
    d.owned = NULL;
    d.releases = NULL;
    d.figures = NULL;
    memset(d.axes, 0, sizeof d.axes);
    for (size_t a = 0; a < DATASET_AXES; a++)
        SKA_TRY(select_values(&d.axes[a], &from->axes[a], &by[a]));
    SKA_TRY(select_releases(&d, from, &by[DATASET_TIME]));
    SKA_TRY(count_figures(&n, &d));
    d.figures = ska_alloc(n, sizeof *d.figures);
    if (d.figures == NULL)
        return SKA_E_MEMORY;
    n = 0;
    for (size_t g = 0; g < by[DATASET_GROUP].n; g++)
        for (size_t c = 0; c < by[DATASET_CONTENT].n; c++)
            for (size_t t = 0; t < by[DATASET_TIME].n; t++)
                d.figures[n++] =
                    *dataset_at(from, by[DATASET_GROUP].index[g], by[DATASET_CONTENT].index[c],
                                by[DATASET_TIME].index[t]);
    *out = d;
    d = (struct dataset){0};
    return SKA_OK;
}

/* Asking -------------------------------------------------------------------------------------- */

size_t dataset_count(const struct dataset *d)
{
    return d->axes[DATASET_GROUP].n * d->axes[DATASET_CONTENT].n * d->axes[DATASET_TIME].n;
}

const struct dataset_figure *dataset_at(const struct dataset *d, size_t group, size_t content,
                                        size_t time)
{
    const struct dataset_dimension *axes = d->axes;
    assert(group < axes[DATASET_GROUP].n && content < axes[DATASET_CONTENT].n &&
           time < axes[DATASET_TIME].n);
    return &d->figures[(group * axes[DATASET_CONTENT].n + content) * axes[DATASET_TIME].n + time];
}

const char *dataset_axis_code(enum dataset_axis axis)
{
    static const char *const codes[DATASET_AXES] = {"group", "content", "time"};
    return codes[axis];
}

const char *dataset_axis_label(enum dataset_axis axis, bool swedish)
{
    static const struct dataset_text labels[DATASET_AXES] = {
        {"grupp", "group"}, {"innehåll", "content"}, {"tid", "time"}};
    return dataset_in(&labels[axis], swedish);
}

const char *dataset_in(const struct dataset_text *text, bool swedish)
{
    return swedish ? text->sv : text->en;
}

const char *dataset_reason(const struct dataset *d, const struct dataset_figure *f)
{
    return f->reason > 0 && f->reason <= d->n_reasons ? d->reasons[f->reason - 1] : "";
}

void dataset_figure_text(char out[static DATASET_FIGURE_BYTES], const struct dataset_figure *f)
{
    switch ((enum dataset_status)f->status) {
    case DATASET_MISSING:
        memcpy(out, ".", 2);
        break;
    case DATASET_HIDDEN:
        memcpy(out, "..", 3);
        break;
    case DATASET_SHOWN:
    case DATASET_ROUNDED:
        (void)snprintf(out, DATASET_FIGURE_BYTES, "%" PRIu64, f->value); /* 20 digits */
        break;
    }
}
