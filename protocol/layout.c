/* SPDX-License-Identifier: EUPL-1.2 */
/* layout.c - the cells of one task, in order, and the way from a code to its cell. */
#include "protocol/layout.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/layout_part.h"

SKA_DEFINE_RELEASE(struct ska_layout *, layout_release, ska_layout_free)

/* --- counting --------------------------------------------------------------------------------- */

static enum ska_status count_cells(struct ska_layout *l, struct ska_error *err)
{
    size_t cells = 0;
    size_t tables = 0;
    for (size_t i = 0; i < l->catalogue->n_indicators; i++) {
        const struct ska_indicator *ind = &l->catalogue->indicators[i];
        if (ind->cadence != l->cadence)
            continue;
        cells += 1u + ind->may_be_blank + ind->marks;
        tables += ind->n_tables;
        for (size_t t = 0; t < ind->n_tables; t++)
            cells += l->catalogue->dimensions[ind->tables[t]].n_categories;
    }
    if (cells == 0)
        return ska_fail(err, SKA_E_NOT_FOUND,
                        "catalogue %s has no indicator of this kind of period", l->catalogue->id);
    if (cells > SKA_CELLS_MAX)
        return ska_fail(err, SKA_E_LIMIT, "%zu cells are more than the %u a task may have", cells,
                        SKA_CELLS_MAX);
    l->n_cells = (uint32_t)cells;
    l->n_tables = (uint32_t)tables;
    return SKA_OK;
}

/* --- filling ---------------------------------------------------------------------------------- */

/* Copy a part of a code behind `len` bytes; the struct has room for every combination. */
static size_t put_part(char *code, size_t len, const char *part)
{
    if (len > 0)
        code[len++] = '.';
    size_t n = strlen(part);
    memcpy(code + len, part, n + 1);
    return len + n;
}

static struct ska_cell *add_cell(struct ska_layout *l, uint64_t *bounds, uint32_t *n,
                                 uint32_t indicator, uint64_t bound)
{
    struct ska_cell *cell = &l->cells[*n];
    bounds[*n] = bound;
    *cell = (struct ska_cell){.indicator = indicator,
                              .dimension = SKA_NONE,
                              .category = SKA_NONE,
                              .flag = SKA_NONE,
                              .total = *n};
    put_part(cell->code, 0, l->catalogue->indicators[indicator].code);
    (*n)++;
    return cell;
}

static void add_table(struct ska_layout *l, uint64_t *bounds, uint32_t *n,
                      const struct ska_cell *total, uint32_t dimension, struct ska_table *table)
{
    const struct ska_indicator *ind = &l->catalogue->indicators[total->indicator];
    const struct ska_dimension *d = &l->catalogue->dimensions[dimension];
    *table = (struct ska_table){.indicator = total->indicator,
                                .dimension = dimension,
                                .total = total->total,
                                .first = *n,
                                .n_categories = (uint32_t)d->n_categories,
                                .multiple_response = d->multiple_response};
    for (uint32_t i = 0; i < d->n_categories; i++) {
        struct ska_cell *cell = add_cell(l, bounds, n, total->indicator, ind->bound);
        cell->kind = SKA_CELL_CATEGORY;
        cell->dimension = dimension;
        cell->category = i;
        cell->flag = total->flag;
        cell->total = total->total;
        size_t len = put_part(cell->code, strlen(cell->code), d->code);
        put_part(cell->code, len, d->categories[i].code);
    }
}

static void add_indicator(struct ska_layout *l, uint64_t *bounds, uint32_t *n, uint32_t *n_tables,
                          uint32_t indicator)
{
    const struct ska_indicator *ind = &l->catalogue->indicators[indicator];
    struct ska_cell *total = add_cell(l, bounds, n, indicator, ind->bound);
    total->kind = SKA_CELL_TOTAL;
    if (ind->may_be_blank) {
        total->flag = *n;
        struct ska_cell *flag = add_cell(l, bounds, n, indicator, 1);
        flag->kind = SKA_CELL_ANSWERED;
        flag->total = total->total;
        put_part(flag->code, strlen(flag->code), "answered");
    }
    if (ind->marks) {
        struct ska_cell *mark = add_cell(l, bounds, n, indicator, 1);
        mark->kind = SKA_CELL_MARK;
        mark->total = total->total;
        put_part(mark->code, strlen(mark->code), "marked");
    }
    for (size_t t = 0; t < ind->n_tables; t++)
        add_table(l, bounds, n, total, ind->tables[t], &l->tables[(*n_tables)++]);
}

static enum ska_status fill_cells(struct ska_layout *l)
{
    uint64_t *bounds = ska_alloc(l->n_cells, sizeof *bounds);
    l->owned_bounds = bounds;
    l->statement.bound = bounds;
    l->cells = ska_alloc(l->n_cells, sizeof *l->cells);
    l->tables = ska_alloc(l->n_tables > 0 ? l->n_tables : 1, sizeof *l->tables);
    if (bounds == NULL || l->cells == NULL || l->tables == NULL)
        return SKA_E_MEMORY;
    l->statement.n_cells = l->n_cells;
    uint32_t n = 0;
    uint32_t n_tables = 0;
    for (uint32_t i = 0; i < l->catalogue->n_indicators; i++)
        if (l->catalogue->indicators[i].cadence == l->cadence)
            add_indicator(l, bounds, &n, &n_tables, i);
    return SKA_OK;
}

/* --- finding ---------------------------------------------------------------------------------- */

static int compare_named(const void *a, const void *b)
{
    const struct ska_cell_name *x = a;
    const struct ska_cell_name *y = b;
    return strcmp(x->code, y->code);
}

static enum ska_status index_codes(struct ska_layout *l)
{
    l->by_code = ska_alloc(l->n_cells, sizeof *l->by_code);
    if (l->by_code == NULL)
        return SKA_E_MEMORY;
    for (uint32_t i = 0; i < l->n_cells; i++)
        l->by_code[i] = (struct ska_cell_name){.code = l->cells[i].code, .cell = i};
    qsort(l->by_code, l->n_cells, sizeof *l->by_code, compare_named);
    return SKA_OK;
}

uint32_t ska_layout_find(const struct ska_layout *layout, const char *code)
{
    struct ska_cell_name wanted = {.code = code};
    const struct ska_cell_name *found =
        bsearch(&wanted, layout->by_code, layout->n_cells, sizeof wanted, compare_named);
    return found == NULL ? SKA_NONE : found->cell;
}

uint32_t ska_layout_mark(const struct ska_layout *layout, uint32_t cell)
{
    uint32_t total = layout->cells[cell].total;
    uint32_t mark = total + 1 + (layout->cells[total].flag != SKA_NONE);
    bool is_there = mark < layout->n_cells && layout->cells[mark].kind == SKA_CELL_MARK &&
                    layout->cells[mark].total == total;
    return is_there ? mark : SKA_NONE;
}

bool ska_cell_is_count(const struct ska_cell *cell)
{
    return cell->kind == SKA_CELL_TOTAL || cell->kind == SKA_CELL_CATEGORY;
}

bool ska_layout_is_summed(const struct ska_layout *layout, uint32_t cell)
{
    const struct ska_cell *c = &layout->cells[cell];
    return ska_cell_is_count(c) &&
           (layout->catalogue == NULL ||
            layout->catalogue->indicators[c->indicator].yearly == SKA_YEARLY_SUM);
}

/* --- the whole -------------------------------------------------------------------------------- */

enum ska_status ska_layout_new(struct ska_layout **out, const struct ska_catalogue *catalogue,
                               enum ska_cadence cadence, struct ska_error *err)
{
    SKA_SCOPED(layout_release) struct ska_layout *l = calloc(1, sizeof *l);
    if (l == NULL)
        return SKA_E_MEMORY;
    l->catalogue = catalogue;
    l->cadence = cadence;
    SKA_TRY(count_cells(l, err));
    SKA_TRY(fill_cells(l));
    SKA_TRY(index_codes(l));
    SKA_TRY(layout_make_rules(l, err));
    SKA_TRY(ska_statement_check(&l->statement, err));
    *out = l;
    l = NULL;
    return SKA_OK;
}

void ska_layout_free(struct ska_layout *layout)
{
    if (layout == NULL)
        return;
    free(layout->cells);
    free(layout->tables);
    free(layout->by_code);
    free(layout->rule_sources);
    free(layout->rule_terms);
    free(layout->owned_rules);
    free(layout->owned_bounds);
    free(layout);
}
