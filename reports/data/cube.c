/* SPDX-License-Identifier: EUPL-1.2 */
/* cube.c - the model of what is published: putting it together, asking it, releasing it. */
#include "reports/data/cube.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/rounding.h"
#include "reports/data/figures.h"

void cube_period_clear(struct cube_period *p)
{
    free(p->contributors);
    free(p->is_counted);
    free(p->n_counted_in);
    free(p->figures);
    *p = (struct cube_period){0};
}

static void clear_series(struct cube_series *s)
{
    for (size_t i = 0; s->periods != NULL && i < s->n; i++)
        cube_period_clear(&s->periods[i]);
    free(s->periods);
    ska_layout_free(s->layout);
}

static void clear_text(struct ska_text *text)
{
    free(text->sv);
    free(text->en);
}

enum ska_status cube_copy_text(struct ska_text *out, const char *sv, const char *en)
{
    out->sv = strdup(sv);
    if (out->sv == NULL)
        return SKA_E_MEMORY;
    out->en = strdup(en);
    return out->en != NULL ? SKA_OK : SKA_E_MEMORY;
}

void cube_clear(struct cube *cube)
{
    for (size_t i = 0; i < cube->n_series; i++)
        clear_series(&cube->series[i]);
    for (uint32_t b = 0; cube->blocks != NULL && b < cube->n_blocks; b++)
        clear_text(&cube->blocks[b].label);
    for (size_t i = 0; i < cube->n_populations; i++) {
        clear_text(&cube->populations[i].source);
        free(cube->populations[i].all);
        free(cube->populations[i].women);
        free(cube->populations[i].men);
    }
    free(cube->series);
    free(cube->rates);
    free(cube->blocks);
    free(cube->populations);
    *cube = (struct cube){0};
}

struct cube_figure cube_at(const struct cube *cube, const struct cube_series *series, size_t period,
                           uint32_t block, uint32_t cell)
{
    assert(period < series->n && block < cube->n_blocks && cell < series->layout->n_cells);
    const struct cube_period *p = &series->periods[period];
    if (p->figures == NULL)
        return (struct cube_figure){0};
    return p->figures[(size_t)block * series->layout->n_cells + cell];
}

/* How many of whom a population has in a block; 0: not known. */
static uint64_t people_in(const struct cube_population *population, enum cube_people people,
                          uint32_t block)
{
    const uint64_t *by_block = NULL;
    switch (people) {
    case CUBE_NOBODY:
        break;
    case CUBE_ALL:
        by_block = population->all;
        break;
    case CUBE_WOMEN:
        by_block = population->women;
        break;
    case CUBE_MEN:
        by_block = population->men;
        break;
    }
    return by_block != NULL ? by_block[block] : 0;
}

const struct cube_population *cube_denominator(uint64_t *inhabitants, const struct cube *cube,
                                               uint32_t block, uint32_t indicator, uint32_t year)
{
    assert(block < cube->n_blocks && indicator < cube->catalogue->n_indicators);
    const struct cube_population *found = NULL;
    enum cube_people people = cube->rates != NULL ? cube->rates[indicator].people : CUBE_NOBODY;
    for (size_t i = 0; i < cube->n_populations; i++) { /* oldest first */
        const struct cube_population *population = &cube->populations[i];
        uint64_t n = people_in(population, people, block);
        if (n == 0 || (found != NULL && population->year > year))
            continue;
        found = population;
        *inhabitants = n;
    }
    return found;
}

/* Putting together ---------------------------------------------------------------------------- */

enum ska_status cube_period_init(struct cube_period *p, const char *name, uint32_t n_blocks,
                                 uint32_t n_cells, uint32_t n_roster)
{
    enum ska_cadence cadence;
    struct cube_period made = {.is_published = true, .n_roster = n_roster};
    size_t n_figures = 0;
    if (strlen(name) > SKA_PERIOD_MAX)
        return SKA_E_FORMAT;
    SKA_TRY(ska_period_parse(&cadence, &made.year, &made.part, name));
    SKA_TRY(ska_size_mul(&n_figures, n_blocks, n_cells));
    memcpy(made.name, name, strlen(name) + 1);
    memcpy(made.release, name, strlen(name) + 1);
    made.contributors = ska_alloc(n_roster > 0 ? n_roster : 1, sizeof *made.contributors);
    made.is_counted = ska_alloc(n_roster > 0 ? n_roster : 1, sizeof *made.is_counted);
    made.n_counted_in = ska_alloc(n_blocks, sizeof *made.n_counted_in);
    made.figures = ska_alloc(n_figures, sizeof *made.figures);
    if (made.contributors == NULL || made.is_counted == NULL || made.n_counted_in == NULL ||
        made.figures == NULL) {
        cube_period_clear(&made);
        return SKA_E_MEMORY;
    }
    *p = made;
    return SKA_OK;
}

/* At most every cadence as collected and as a roll-up. */
#define SERIES_MAX 10

enum ska_status cube_series_for(struct cube_series **out, struct cube *cube,
                                enum ska_cadence cadence, bool is_rollup, struct ska_error *err)
{
    for (size_t i = 0; i < cube->n_series; i++)
        if (cube->series[i].cadence == cadence && cube->series[i].is_rollup == is_rollup) {
            *out = &cube->series[i];
            return SKA_OK;
        }
    if (cube->series == NULL)
        cube->series = ska_alloc(SERIES_MAX, sizeof *cube->series);
    if (cube->series == NULL)
        return SKA_E_MEMORY;
    assert(cube->n_series < SERIES_MAX);
    struct cube_series made = {.cadence = cadence, .is_rollup = is_rollup};
    SKA_TRY(ska_layout_new(&made.layout, cube->catalogue, cadence, err));
    made.periods = ska_alloc(CUBE_AXIS_MAX, sizeof *made.periods);
    if (made.periods == NULL) {
        clear_series(&made);
        return SKA_E_MEMORY;
    }
    cube->series[cube->n_series] = made;
    *out = &cube->series[cube->n_series++];
    return SKA_OK;
}

enum ska_status cube_add(struct cube_series *s, struct cube_period *period, struct ska_error *err)
{
    if (s->n == CUBE_AXIS_MAX)
        return ska_fail(err, SKA_E_LIMIT, "%s: %s", period->name, ska_status_text(SKA_E_LIMIT));
    s->periods[s->n++] = *period;
    *period = (struct cube_period){0};
    return SKA_OK;
}

static int compare_periods(const void *a, const void *b)
{
    const struct cube_period *left = a, *right = b;
    return strcmp(left->name, right->name); /* within a cadence names sort by time */
}

/* Shortest cadence first; what was collected before roll-ups. */
static int compare_series(const void *a, const void *b)
{
    const struct cube_series *left = a, *right = b;
    int l = left->is_rollup * SERIES_MAX + (int)left->cadence;
    int r = right->is_rollup * SERIES_MAX + (int)right->cadence;
    return l - r;
}

static enum ska_status add_gap(struct cube_series *s, const char *name)
{
    enum ska_cadence cadence;
    if (s->n == CUBE_AXIS_MAX)
        return SKA_E_LIMIT;
    struct cube_period *p = &s->periods[s->n];
    SKA_TRY(ska_period_parse(&cadence, &p->year, &p->part, name));
    memcpy(p->name, name, strlen(name) + 1); /* as long as its neighbours */
    s->n++;
    return SKA_OK;
}

/* Add the periods between the first and the last for which nothing is published. */
static enum ska_status fill_gaps(struct cube_series *s)
{
    size_t n_published = s->n;
    for (size_t i = 1; i < n_published; i++) {
        char name[SKA_PERIOD_MAX + 1], before[SKA_PERIOD_MAX + 1];
        ska_period_previous(name, s->periods[i].name);
        while (strcmp(name, s->periods[i - 1].name) > 0) {
            SKA_TRY(add_gap(s, name));
            ska_period_previous(before, name);
            memcpy(name, before, sizeof name);
        }
    }
    qsort(s->periods, s->n, sizeof *s->periods, compare_periods);
    return SKA_OK;
}

enum ska_status cube_finish(struct cube *cube)
{
    if (cube->n_series == 0)
        return SKA_OK;
    qsort(cube->series, cube->n_series, sizeof *cube->series, compare_series);
    for (size_t i = 0; i < cube->n_series; i++) {
        struct cube_series *s = &cube->series[i];
        qsort(s->periods, s->n, sizeof *s->periods, compare_periods);
        SKA_TRY(fill_gaps(s));
    }
    return SKA_OK;
}

struct cube_figure cube_published(const struct figures *f, uint32_t j,
                                  const struct ska_policy *policy, const struct ska_cell *cell)
{
    if (f->reason[j] != 0)
        return (struct cube_figure){CUBE_HIDDEN, f->reason[j], 0};
    return (struct cube_figure){ska_policy_rounds(policy, cell) ? CUBE_ROUNDED : CUBE_SHOWN, 0,
                                f->value[j]};
}
