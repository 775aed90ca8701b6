/* SPDX-License-Identifier: EUPL-1.2 */
/* gate.c - the linked system, and the certificate put together from its components. */
#include "reports/disclosure/gate_parts.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"

SKA_DEFINE_RELEASE(struct gate_system *, gate_release, gate_free)
SKA_DEFINE_RELEASE(struct gate_solver *, solver_release, gate_solver_free)

/* The system ---------------------------------------------------------------------------------- */

static void *array(size_t n, size_t size)
{
    return ska_alloc(n > 0 ? n : 1, size);
}

enum ska_status gate_new(struct gate_system **out, uint32_t n)
{
    SKA_SCOPED(gate_release) struct gate_system *s = ska_alloc(1, sizeof *s);
    if (s == NULL)
        return SKA_E_MEMORY;
    s->n = n;
    s->lo = array(n, sizeof *s->lo);
    s->hi = array(n, sizeof *s->hi);
    s->demand = array(n, sizeof *s->demand);
    if (s->lo == NULL || s->hi == NULL || s->demand == NULL)
        return SKA_E_MEMORY;
    *out = s;
    s = NULL; /* the caller owns it now */
    return SKA_OK;
}

void gate_free(struct gate_system *s)
{
    if (s == NULL)
        return;
    free(s->lo);
    free(s->hi);
    free(s->demand);
    free(s->rows);
    free(s->terms);
    free(s);
}

/* Make room for `more` beyond n. */
static enum ska_status grow(void **at, size_t *room, size_t n, size_t more, size_t size)
{
    size_t wanted, bytes;
    if (n + more <= *room)
        return SKA_OK;
    SKA_TRY(ska_size_mul(&wanted, n + more, 2));
    SKA_TRY(ska_size_mul(&bytes, wanted, size));
    void *larger = realloc(*at, bytes);
    if (larger == NULL)
        return SKA_E_MEMORY;
    *at = larger;
    *room = wanted;
    return SKA_OK;
}

enum ska_status gate_add_row(struct gate_system *s, gate_int lo, gate_int hi,
                             const struct gate_term *terms, uint32_t n_terms)
{
    if (n_terms == 0)
        return lo <= 0 && hi >= 0 ? SKA_OK : SKA_E_RULE;
    void *rows = s->rows, *all = s->terms;
    enum ska_status status = grow(&rows, &s->rows_room, s->n_rows, 1, sizeof *s->rows);
    s->rows = rows;
    SKA_TRY(status);
    status = grow(&all, &s->terms_room, s->n_terms, n_terms, sizeof *s->terms);
    s->terms = all;
    SKA_TRY(status);
    memcpy(s->terms + s->n_terms, terms, n_terms * sizeof *terms);
    s->rows[s->n_rows++] =
        (struct gate_row){.lo = lo, .hi = hi, .first = s->n_terms, .n_terms = n_terms};
    s->n_terms += n_terms;
    return SKA_OK;
}

bool gate_holds(const struct gate_system *s, const uint64_t *x)
{
    for (uint32_t j = 0; j < s->n; j++)
        if ((gate_int)x[j] < s->lo[j] || (gate_int)x[j] > s->hi[j])
            return false;
    for (size_t i = 0; i < s->n_rows; i++) {
        gate_int sum = 0, product;
        for (uint32_t t = 0; t < s->rows[i].n_terms; t++) {
            const struct gate_term *term = &s->terms[s->rows[i].first + t];
            if (__builtin_mul_overflow((gate_int)x[term->variable], (gate_int)term->coefficient,
                                       &product) ||
                __builtin_add_overflow(sum, product, &sum))
                return false;
        }
        if (sum < s->rows[i].lo || sum > s->rows[i].hi)
            return false;
    }
    return true;
}

/* One component ------------------------------------------------------------------------------- */

static const uint64_t *table_of(const struct gate_component *c, uint32_t table)
{
    return c->value + (size_t)table * c->n;
}

/* The first tables with the least and the greatest value of a variable. */
static struct ska_table_pair widest(const struct gate_component *c, uint32_t at)
{
    struct ska_table_pair pair = {0, 0};
    for (uint32_t k = 1; k < c->n_tables; k++) {
        if (table_of(c, k)[at] < table_of(c, pair.low)[at])
            pair.low = k;
        if (table_of(c, k)[at] > table_of(c, pair.high)[at])
            pair.high = k;
    }
    return pair;
}

static bool is_wide(const struct gate_component *c, uint32_t at, uint64_t demand)
{
    if (c->n_tables == 0)
        return false;
    struct ska_table_pair pair = widest(c, at);
    return table_of(c, pair.high)[at] - table_of(c, pair.low)[at] >= demand;
}

/* Look for two tables that differ enough in one variable: downwards until there would be room
 * above, upwards from the least that is known, and where that is not enough, downwards again from
 * the greatest. */
static enum ska_status widen(struct gate_component *c, struct gate_solver *solver, uint32_t at,
                             const struct gate_system *s)
{
    static const int directions[] = {-1, 1, -1};
    uint32_t variable = c->variable[at];
    gate_int demand = (gate_int)s->demand[variable];
    for (size_t i = 0; i < 3 && !is_wide(c, at, s->demand[variable]); i++) {
        struct ska_table_pair pair = c->n_tables > 0 ? widest(c, at) : (struct ska_table_pair){0};
        gate_int enough = c->n_tables == 0    ? s->hi[variable] - demand
                          : directions[i] < 0 ? (gate_int)table_of(c, pair.high)[at] - demand
                                              : (gate_int)table_of(c, pair.low)[at] + demand;
        enum ska_status status = gate_solver_find(c, solver, at, directions[i], enough);
        if (status != SKA_OK && status != SKA_E_STATE)
            return status;
    }
    return SKA_OK;
}

/* Tables until every demand is met, or one is shown to fail. */
static enum ska_status solve_component(struct gate_component *c, bool *fails,
                                       const struct gate_system *s)
{
    SKA_SCOPED(solver_release) struct gate_solver *solver = NULL;
    SKA_TRY(gate_solver_new(&solver, s, c));
    for (uint32_t at = 0; at < c->n; at++) {
        uint32_t variable = c->variable[at];
        if (s->demand[variable] == 0)
            continue;
        SKA_TRY(widen(c, solver, at, s));
        fails[variable] = !is_wide(c, at, s->demand[variable]);
        if (fails[variable])
            return SKA_OK;
    }
    if (c->n_tables == 0 && gate_solver_find(c, solver, 0, -1, s->lo[c->variable[0]]) != SKA_OK)
        return SKA_E_RULE;
    return SKA_OK;
}

/* The whole ----------------------------------------------------------------------------------- */

static void components_clear(struct gate_component *at, size_t n)
{
    for (size_t i = 0; at != NULL && i < n; i++)
        gate_component_clear(&at[i]);
    free(at);
}

/* Component c's part of the certificate; where it has fewer tables than others, its last one is
 * repeated. */
static void copy_component(struct ska_certificate *out, const struct gate_component *c,
                           const struct gate_system *s)
{
    for (uint32_t at = 0; at < c->n; at++) {
        uint32_t variable = c->variable[at];
        for (uint32_t k = 0; k < out->n_tables; k++) {
            uint32_t mine = k < c->n_tables ? k : c->n_tables - 1;
            out->value[(size_t)k * out->n_variables + variable] = table_of(c, mine)[at];
        }
        out->pair[variable] =
            s->demand[variable] == 0 ? (struct ska_table_pair){SKA_NONE, SKA_NONE} : widest(c, at);
    }
}

static enum ska_status assemble(struct ska_certificate *out, const struct gate_component *at,
                                size_t n, const struct gate_system *s)
{
    SKA_SCOPED(ska_certificate_clear)
    struct ska_certificate c = {.n_variables = s->n};
    if (s->n > 0) {
        for (size_t i = 0; i < n; i++)
            c.n_tables = at[i].n_tables > c.n_tables ? at[i].n_tables : c.n_tables;
        size_t n_values = (size_t)c.n_tables * s->n;
        if (n_values > SKA_CERTIFICATE_VALUES_MAX)
            return SKA_E_LIMIT;
        c.pair = ska_alloc(s->n, sizeof *c.pair);
        c.value = ska_alloc(n_values, sizeof *c.value);
        if (c.pair == NULL || c.value == NULL)
            return SKA_E_MEMORY;
    }
    for (size_t i = 0; i < n; i++)
        copy_component(&c, &at[i], s);
    /* A certificate that does not hold must not leave the house. */
    for (uint32_t k = 0; k < c.n_tables; k++)
        if (!gate_holds(s, c.value + (size_t)k * s->n))
            return SKA_E_BUG;
    *out = c;
    c = (struct ska_certificate){0};
    return SKA_OK;
}

enum ska_status gate_certify(struct ska_certificate *out, bool *fails, const struct gate_system *s)
{
    struct gate_component *at = NULL;
    size_t n = 0;
    bool is_failing = false;
    memset(fails, 0, s->n * sizeof *fails);
    enum ska_status status = gate_find_components(&at, &n, s);
    for (size_t i = 0; status == SKA_OK && i < n; i++)
        status = solve_component(&at[i], fails, s);
    gate_solver_end();
    for (uint32_t j = 0; j < s->n; j++)
        is_failing = is_failing || fails[j];
    if (status == SKA_OK)
        status = is_failing ? SKA_E_STATE : assemble(out, at, n, s);
    components_clear(at, n);
    return status;
}
