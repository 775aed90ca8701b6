/* SPDX-License-Identifier: EUPL-1.2 */
/* published.c - the last published table of the collection. */
#include "client/published.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/rows.h"
#include "crypto/scoped.h"
#include "support/language.h"

enum column { COLUMN_COLLECTION, COLUMN_GROUP, COLUMN_CELL, COLUMN_VALUE, N_COLUMNS };
static const char *const column_names[N_COLUMNS] = {"collection", "group", "cell", "value"};

struct reading {
    struct published *out;
    const char *collection;
    const struct ska_layout *layout;
    bool has_header;
    size_t at[N_COLUMNS]; /* field of each column */
};

void published_clear(struct published *p)
{
    free(p->total);
    free(p->is_shown);
    *p = (struct published){0};
}

static enum ska_status no_table(struct ska_error *err)
{
    return ska_fail(err, SKA_E_FORMAT, tr("svaret är ingen tabell", "the answer is no table"));
}

static enum ska_status take_header(struct reading *in, const struct row *row, struct ska_error *err)
{
    for (size_t c = 0; c < N_COLUMNS; c++) {
        size_t i = 0;
        while (i < row->n_fields && strcmp(row->fields[i], column_names[c]) != 0)
            i++;
        if (i == row->n_fields)
            return no_table(err);
        in->at[c] = i;
    }
    in->has_header = true;
    return SKA_OK;
}

/* A whole number, digits alone, of any size that fits. */
static bool read_number(uint64_t *out, const char *text)
{
    uint64_t value = 0;
    if (text[0] == '\0')
        return false;
    for (; *text != '\0'; text++)
        if (*text < '0' || *text > '9' || __builtin_mul_overflow(value, 10u, &value) ||
            __builtin_add_overflow(value, (uint64_t)(*text - '0'), &value))
            return false;
    *out = value;
    return true;
}

static enum ska_status on_row(void *arg, const struct row *row, struct ska_error *err)
{
    struct reading *in = arg;
    if (!in->has_header)
        return take_header(in, row, err);
    for (size_t c = 0; c < N_COLUMNS; c++)
        if (in->at[c] >= row->n_fields)
            return no_table(err);
    if (strcmp(row->fields[in->at[COLUMN_COLLECTION]], in->collection) != 0)
        return ska_fail(
            err, SKA_E_MISMATCH,
            tr("tabellen är av en annan insamling", "the table is of another collection"));
    uint32_t cell = ska_layout_find(in->layout, row->fields[in->at[COLUMN_CELL]]);
    const char *value = row->fields[in->at[COLUMN_VALUE]];
    if (cell == SKA_NONE || row->fields[in->at[COLUMN_GROUP]][0] != '\0' ||
        strcmp(value, "..") == 0)
        return SKA_OK;
    if (!read_number(&in->out->total[cell], value))
        return no_table(err);
    in->out->is_shown[cell] = true;
    return SKA_OK;
}

enum ska_status published_parse(struct published *out, const char *text, size_t len,
                                const char *collection, const struct ska_layout *layout,
                                struct ska_error *err)
{
    struct published p = {0};
    p.total = ska_alloc(layout->n_cells, sizeof *p.total);
    p.is_shown = ska_alloc(layout->n_cells, sizeof *p.is_shown);
    struct reading in = {.out = &p, .collection = collection, .layout = layout};
    enum ska_status status = p.total == NULL || p.is_shown == NULL ? SKA_E_MEMORY : SKA_OK;
    if (status == SKA_OK)
        status = rows_read(text, len, ',', tr("tabellen", "the table"), on_row, &in, err);
    if (status == SKA_OK && !in.has_header)
        status = no_table(err);
    if (status != SKA_OK) {
        published_clear(&p);
        return status;
    }
    *out = p;
    return SKA_OK;
}

enum ska_status published_fetch(struct published *out, const struct session *s,
                                struct ska_error *err)
{
    const struct ska_parameters *parameters = &s->task->parameters;
    char period[SKA_PERIOD_MAX + 1], path[SKA_PERIOD_MAX + 8];
    snprintf(period, sizeof period, "%s", parameters->period);
    for (size_t i = 0; i < PUBLISHED_PERIODS; i++) {
        SKA_SCOPED(https_answer_clear) struct https_answer answer = {0};
        ska_period_previous(period, period);
        snprintf(path, sizeof path, "%s.csv", period);
        SKA_TRY(https_request(&answer, s->leader, "GET", path, NULL, (struct ska_slice){0}, err));
        if (answer.status == 404)
            continue;
        if (answer.status != 200)
            return ska_fail(err, SKA_E_PEER, tr("servern svarade %d", "the server answered %d"),
                            answer.status);
        SKA_TRY(published_parse(out, (const char *)answer.body, answer.body_len,
                                parameters->collection, s->task->layout, err));
        memcpy(out->period, period, sizeof out->period);
        return SKA_OK;
    }
    return SKA_OK;
}
