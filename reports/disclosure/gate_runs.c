/* SPDX-License-Identifier: EUPL-1.2 */
/* gate_runs.c - variables of which it is proven in which runs of numbers they are. */
#include "reports/disclosure/gate.h"

#include <string.h>

#include "crypto/scoped.h"

SKA_DEFINE_RELEASE(struct gate_system *, gate_release, gate_free)

/* Within the first run's lo and the last one's hi. */
static enum ska_status narrow(struct gate_system *s, uint32_t variable,
                              const struct ska_needed *needed)
{
    gate_int lo = (gate_int)needed->run[0].lo, hi = (gate_int)needed->run[needed->n_runs - 1].hi;
    if (lo > s->lo[variable])
        s->lo[variable] = lo;
    if (hi < s->hi[variable])
        s->hi[variable] = hi;
    return s->lo[variable] <= s->hi[variable] ? SKA_OK : SKA_E_RULE;
}

/* x - (lo2 - lo1) side >= lo1 and x - (hi2 - hi1) side <= hi1. */
static enum ska_status add_side(struct gate_system *s, uint32_t variable, uint32_t side,
                                const struct ska_needed *needed)
{
    const struct ska_run *first = &needed->run[0], *second = &needed->run[1];
    gate_int to_lo = (gate_int)(second->lo - first->lo), to_hi = (gate_int)(second->hi - first->hi);
    const struct gate_term above[] = {{variable, 1}, {side, -(int64_t)to_lo}};
    const struct gate_term below[] = {{variable, 1}, {side, -(int64_t)to_hi}};
    s->hi[side] = 1;
    SKA_TRY(gate_add_row(s, (gate_int)first->lo, (gate_int)second->hi, above, 2));
    return gate_add_row(s, (gate_int)first->lo - to_hi, (gate_int)first->hi, below, 2);
}

enum ska_status gate_with_runs(struct gate_system **out, const struct gate_system *s,
                               const struct ska_needed *needed, const uint32_t *variable,
                               uint32_t n)
{
    SKA_SCOPED(gate_release) struct gate_system *to = NULL;
    uint32_t side = s->n, n_sides = 0;
    for (uint32_t i = 0; i < n; i++)
        n_sides += variable[i] != SKA_NONE && needed[i].n_runs > 1;
    SKA_TRY(gate_new(&to, s->n + n_sides));
    memcpy(to->lo, s->lo, s->n * sizeof *s->lo);
    memcpy(to->hi, s->hi, s->n * sizeof *s->hi);
    memcpy(to->demand, s->demand, s->n * sizeof *s->demand);
    for (size_t i = 0; i < s->n_rows; i++)
        SKA_TRY(gate_add_row(to, s->rows[i].lo, s->rows[i].hi, &s->terms[s->rows[i].first],
                             s->rows[i].n_terms));
    for (uint32_t i = 0; i < n; i++) {
        if (variable[i] == SKA_NONE)
            continue;
        SKA_TRY(narrow(to, variable[i], &needed[i]));
        if (needed[i].n_runs > 1)
            SKA_TRY(add_side(to, variable[i], side++, &needed[i]));
    }
    *out = to;
    to = NULL; /* the caller owns it now */
    return SKA_OK;
}

void gate_without_runs(struct ska_certificate *c, uint32_t n_variables)
{
    for (uint32_t k = 0; n_variables > 0 && k < c->n_tables; k++)
        memmove(c->value + (size_t)k * n_variables, c->value + (size_t)k * c->n_variables,
                n_variables * sizeof *c->value);
    c->n_variables = n_variables;
}
