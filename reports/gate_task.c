/* SPDX-License-Identifier: EUPL-1.2 */
/* gate_task.c - the linked system of one release. */
#include "reports/gate_task.h"

#include "crypto/scoped.h"

SKA_DEFINE_RELEASE(struct gate_system *, gate_release, gate_free)

static gate_int least(gate_int a, gate_int b)
{
    return a < b ? a : b;
}

/* What a hidden cell's reason says about it (docs/disclosure-control.md, section 5). */
static void set_interval(struct gate_system *s, uint32_t variable, const struct gate_view *view,
                         uint32_t cell)
{
    gate_int cap = (gate_int)view->n_counted * (gate_int)view->layout->statement.bound[cell];
    gate_int t = (gate_int)view->policy.threshold, c = view->policy.min_contributors;
    s->lo[variable] = 0;
    s->hi[variable] = cap;
    switch ((enum ska_hidden_reason)view->reason[cell]) {
    case SKA_HIDDEN_SMALL:
        s->lo[variable] = view->policy.show_zero ? 1 : 0;
        s->hi[variable] = least(t - 1, cap);
        break;
    case SKA_HIDDEN_FEW:
        s->hi[variable] = least(c - 1, (gate_int)view->n_counted);
        break;
    case SKA_HIDDEN_DEPENDENT:
        break;
    case SKA_HIDDEN_MARKED:
        s->lo[variable] = view->layout->cells[cell].kind == SKA_CELL_MARK ? 1 : 0;
        break;
    case SKA_HIDDEN_COMPLEMENT:
        s->lo[variable] = t > 1 ? t : 1;
        break;
    }
    gate_int width = s->hi[variable] - s->lo[variable];
    gate_int demand = least(width, (gate_int)ska_policy_protection(&view->policy));
    s->demand[variable] = demand > 0 ? (uint64_t)demand : 0;
}

/* A rule over totals, with what is open filled in. */
static enum ska_status add_rule(struct gate_system *s, struct gate_term *terms,
                                const uint32_t *index, const struct gate_view *view,
                                const struct ska_rule *rule)
{
    gate_int n = (gate_int)view->n_counted, base = n * rule->constant, product;
    uint32_t n_terms = 0;
    for (uint32_t i = 0; i < rule->n_terms; i++) {
        const struct ska_term *term = &rule->terms[i];
        if (view->reason[term->cell] != 0) {
            terms[n_terms++] = (struct gate_term){index[term->cell], term->coefficient};
            continue;
        }
        if (__builtin_mul_overflow((gate_int)view->total[term->cell], (gate_int)term->coefficient,
                                   &product) ||
            __builtin_add_overflow(base, product, &base))
            return SKA_E_LIMIT;
    }
    gate_int lo, hi;
    if (__builtin_sub_overflow((gate_int)0, base, &lo) ||
        __builtin_sub_overflow(n * (gate_int)rule->width, base, &hi))
        return SKA_E_LIMIT;
    return gate_add_row(s, lo, hi, terms, n_terms);
}

/* A part of a published zero is zero: nothing can hide that, and nothing is demanded. */
static void exempt_zeros(struct gate_system *s, const struct gate_view *view)
{
    uint32_t at = 0;
    for (uint32_t j = 0; j < view->layout->n_cells; j++) {
        if (view->reason[j] == 0)
            continue;
        bool may_be =
            view->reason[j] == SKA_HIDDEN_DEPENDENT || view->reason[j] == SKA_HIDDEN_MARKED;
        if (may_be && s->hi[at] == 0)
            s->demand[at] = 0;
        at++;
    }
}

enum ska_status gate_task_system(struct gate_system **out, const struct gate_view *view)
{
    SKA_SCOPED(gate_release) struct gate_system *s = NULL;
    const struct ska_statement *statement = &view->layout->statement;
    uint32_t n_cells = view->layout->n_cells, n = 0;
    SKA_SCOPED(ska_scoped_free) uint32_t *index = ska_alloc(n_cells, sizeof *index);
    SKA_SCOPED(ska_scoped_free) struct gate_term *terms = ska_alloc(n_cells, sizeof *terms);
    if (index == NULL || terms == NULL)
        return SKA_E_MEMORY;
    for (uint32_t j = 0; j < n_cells; j++)
        if (view->reason[j] != 0)
            index[j] = n++;
    SKA_TRY(gate_new(&s, n));
    for (uint32_t j = 0; j < n_cells; j++)
        if (view->reason[j] != 0)
            set_interval(s, index[j], view, j);
    for (uint32_t i = 0; i < statement->n_rules; i++)
        SKA_TRY(add_rule(s, terms, index, view, &statement->rules[i]));
    SKA_TRY(gate_propagate(s));
    exempt_zeros(s, view);
    *out = s;
    s = NULL; /* the caller owns it now */
    return SKA_OK;
}

enum ska_status gate_task_certify(struct ska_certificate *out, uint32_t *failed,
                                  const struct gate_view *view)
{
    SKA_SCOPED(gate_release) struct gate_system *s = NULL;
    SKA_TRY(gate_task_system(&s, view));
    SKA_SCOPED(ska_scoped_free) bool *fails = ska_alloc((size_t)s->n + 1, sizeof *fails);
    if (fails == NULL)
        return SKA_E_MEMORY;
    *failed = SKA_NONE;
    enum ska_status status = gate_certify(out, fails, s);
    if (status != SKA_E_STATE)
        return status;
    uint32_t at = 0;
    for (uint32_t j = 0; j < view->layout->n_cells && *failed == SKA_NONE; j++)
        if (view->reason[j] != 0 && fails[at++])
            *failed = j;
    return SKA_OK;
}
