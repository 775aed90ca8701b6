/* SPDX-License-Identifier: EUPL-1.2 */
/* synthetic_draw.c - rows of made-up case records: a likely first category, rare last ones, persons
 * who come again. */
#include "demo/synthetic.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"

static uint64_t state; /* of the generator: splitmix64 */

uint64_t draw_number(void)
{
    state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = state;
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

void draw_seed(const char *const *words, size_t n)
{
    struct ska_slice pieces[8];
    for (size_t i = 0; i < n; i++)
        pieces[i] = (struct ska_slice){(const uint8_t *)words[i], strlen(words[i]) + 1};
    uint8_t hash[SKA_HASH_BYTES];
    ska_sha256_pieces(hash, pieces, n);
    state = 0;
    for (size_t i = 0; i < 8; i++)
        state = state << 8 | hash[i];
}

bool draw_chance(uint64_t per_mille)
{
    return draw_number() % 1000 < per_mille;
}

uint64_t draw_count(uint64_t mean_milli)
{
    uint64_t count = 0;
    for (uint64_t left = mean_milli; left > 0;) {
        uint64_t step = left < 250 ? left : 250;
        count += draw_chance(step);
        left -= step;
    }
    return count;
}

/* --- columns --- */

size_t parent_of(const struct ska_catalogue *c, size_t kind)
{
    for (size_t i = 0; i < c->record_kinds[kind].n_columns; i++) {
        const struct ska_column *column = &c->record_kinds[kind].columns[i];
        for (size_t k = 0; column->kind == SKA_COLUMN_TEXT && k < c->n_record_kinds; k++) {
            const struct ska_record_kind *other = &c->record_kinds[k];
            for (size_t j = 0; k != kind && j < other->n_columns; j++) {
                if (other->columns[j].kind == SKA_COLUMN_ID &&
                    strcmp(other->columns[j].code, column->code) == 0)
                    return k;
            }
        }
    }
    return kind;
}

const char *word_of(const struct ska_catalogue *c, size_t kind, size_t column, size_t index)
{
    for (size_t i = 0; i < c->n_indicators; i++) {
        const struct ska_indicator *ind = &c->indicators[i];
        for (size_t w = 0; ind->record_kind == kind && w < ind->n_conditions; w++) {
            const struct ska_condition *condition = &ind->conditions[w];
            if (condition->column != column)
                continue;
            if (index < condition->values.n)
                return condition->values.at[index];
            index -= condition->values.n;
        }
    }
    return NULL;
}

/* The largest number worth drawing: a few for what is counted in tens, tens for what is counted in
 * thousands. */
static uint64_t number_max(const struct ska_catalogue *c, size_t kind, size_t column)
{
    uint64_t max = 3;
    for (size_t i = 0; i < c->n_indicators; i++) {
        const struct ska_indicator *ind = &c->indicators[i];
        if (ind->record_kind != kind || ind->sum_column != column)
            continue;
        if (ind->soft_warn / 250 > max)
            max = ind->soft_warn / 250;
        if (ind->bound < max)
            max = ind->bound;
    }
    return max;
}

/* --- values --- */

static size_t draw_category(const struct ska_dimension *d, uint64_t skew)
{
    size_t i = 0;
    while (i + 1 < d->n_categories &&
           draw_chance(440 - (i < 4 ? 80 * i : 320) - (i == 0 ? skew : 0)))
        i++;
    return i;
}

static void draw_categories(struct value *value, const struct ska_dimension *d)
{
    bool any = false;
    for (size_t i = 0; i < d->n_categories; i++) {
        if (!draw_chance(620 / (i + 1)))
            continue;
        value->bits[i / 64] |= UINT64_C(1) << i % 64;
        any = true;
    }
    if (!any)
        value->bits[0] = 1;
}

static void draw_text(struct value *value, const struct ska_catalogue *c, size_t kind,
                      size_t column, size_t row)
{
    size_t words = 0;
    while (word_of(c, kind, column, words) != NULL)
        words++;
    if (words > 0)
        value->n = draw_number() % (words + 1); /* the last: another word */
    else if (parent_of(c, kind) != kind)
        value->n = row / 2; /* two rows for each row of the parent kind */
    else                    /* one case in six is about somebody who was met before */
        value->n = row > 0 && draw_chance(160) ? draw_number() % row : row;
}

static void draw_value(struct value *value, const struct ska_catalogue *c, size_t kind,
                       size_t column, size_t row, uint64_t skew)
{
    const struct ska_column *at = &c->record_kinds[kind].columns[column];
    switch (at->kind) {
    case SKA_COLUMN_ID:
        value->n = row;
        break;
    case SKA_COLUMN_CATEGORY:
        if (c->dimensions[at->dimension].multiple_response)
            draw_categories(value, &c->dimensions[at->dimension]);
        else
            value->n = draw_category(&c->dimensions[at->dimension], skew);
        break;
    case SKA_COLUMN_FLAG:
        value->n = draw_chance(450);
        break;
    case SKA_COLUMN_NUMBER:
        value->n = draw_number() % (number_max(c, kind, column) + 1);
        break;
    case SKA_COLUMN_TEXT:
        draw_text(value, c, kind, column, row);
        break;
    }
}

bool draw_records(struct records *records, const struct ska_catalogue *c, size_t kind,
                  size_t n_rows, uint64_t skew)
{
    size_t n_columns = c->record_kinds[kind].n_columns;
    *records = (struct records){.is_there = true, .n = n_rows};
    records->values = calloc(n_rows * n_columns + 1, sizeof *records->values);
    if (records->values == NULL)
        return false;
    for (size_t row = 0; row < n_rows; row++) {
        for (size_t i = 0; i < n_columns; i++)
            draw_value(&records->values[row * n_columns + i], c, kind, i, row, skew);
    }
    return true;
}
