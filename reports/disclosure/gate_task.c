/* SPDX-License-Identifier: EUPL-1.2 */
/* gate_task.c - the linked system of one release. */
#include "reports/disclosure/gate_task.h"

#include <assert.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/rounding.h"

SKA_DEFINE_RELEASE(struct gate_system *, gate_release, gate_free)

/* What the system is built in. Owned arrays. Valid when zeroed. */
struct building {
    const struct gate_view *view;
    uint32_t *index;         /* by figure: its variable, if it is not shown exactly */
    uint32_t *figure;        /* by variable */
    struct gate_term *terms; /* scratch: one row */
    uint8_t *is_null;        /* by figure: a part of a published zero */
    uint8_t *is_stranded;    /* by figure: nothing is left to hide beside it */
};

static void building_clear(struct building *b)
{
    free(b->index);
    free(b->figure);
    free(b->terms);
    free(b->is_null);
    free(b->is_stranded);
}

static gate_int least(gate_int a, gate_int b)
{
    return a < b ? a : b;
}

static gate_int cap_of(const struct gate_view *view, uint32_t figure)
{
    const struct ska_linked *l = view->linked;
    return (gate_int)l->blocks[ska_linked_block(l, figure)].n_counted * (gate_int)l->bound[figure];
}

/* Whether a figure is published as it is. */
static bool is_exact(const struct gate_view *view, uint32_t figure)
{
    return view->reason[figure] == 0 &&
           !ska_policy_rounds(&view->policy, &view->linked->cells[figure]);
}

/* What a rounded figure, or a hidden one's reason, says about it (docs/disclosure-control.md,
 * section 5). */
static void first_interval(gate_int *lo, gate_int *hi, const struct gate_view *view,
                           uint32_t figure)
{
    const struct ska_linked *l = view->linked;
    gate_int t = (gate_int)view->policy.threshold, c = view->policy.min_contributors;
    *lo = 0;
    *hi = cap_of(view, figure);
    if (view->reason[figure] == 0) {
        uint64_t from, to;
        ska_rounding_range(&from, &to, &view->policy, view->total[figure]);
        *lo = (gate_int)from;
        *hi = least((gate_int)to, *hi);
    }
    if (view->reason[figure] == SKA_HIDDEN_SMALL) {
        *lo = l->shows_zero[figure] ? 1 : 0;
        *hi = least(t - 1, *hi);
    }
    if (view->reason[figure] == SKA_HIDDEN_FEW)
        *hi = least(c - 1, (gate_int)l->blocks[ska_linked_block(l, figure)].n_counted);
    if (view->reason[figure] == SKA_HIDDEN_MARKED)
        *lo = l->cells[figure].kind == SKA_CELL_MARK ? 1 : 0;
    if (view->reason[figure] == SKA_HIDDEN_COMPLEMENT && !ska_linked_is_of_year(l, figure))
        *lo = t > 1 ? t : 1;
}

/* The demand ----------------------------------------------------------------------------------- */

/* The interval of a figure's flag, after the rounds. Returns whether it has one. */
static bool flag_interval(gate_int *lo, gate_int *hi, const struct building *b,
                          const struct gate_system *s, uint32_t figure)
{
    const struct gate_view *view = b->view;
    uint32_t flag = view->linked->cells[figure].flag;
    if (flag == SKA_NONE)
        return false;
    bool is_open = view->reason[flag] == 0;
    *lo = is_open ? (gate_int)view->total[flag] : s->lo[b->index[flag]];
    *hi = is_open ? *lo : s->hi[b->index[flag]];
    return true;
}

/* Whether enough have surely answered a figure's indicator in its block, or nobody has. */
static bool is_answered_enough(const struct building *b, const struct gate_system *s,
                               uint32_t figure)
{
    gate_int lo, hi;
    return !flag_interval(&lo, &hi, b, s, figure) || lo >= b->view->policy.min_contributors ||
           hi == 0;
}

/* Whether what nobody publishes may be known: of enough, and many enough, or a zero where zeros are
 * shown. */
static bool is_harmless(const struct building *b, const struct gate_system *s, uint32_t variable)
{
    const struct gate_view *view = b->view;
    const struct ska_linked *l = view->linked;
    uint32_t figure = b->figure[variable];
    if (l->blocks[ska_linked_block(l, figure)].n_least < view->policy.min_contributors ||
        !is_answered_enough(b, s, figure))
        return false;
    return s->lo[variable] >= (gate_int)view->policy.threshold ||
           (s->hi[variable] == 0 && l->shows_zero[figure]);
}

/* The figures of a system after the rounds. */
struct narrowed {
    const struct building *b;
    const struct gate_system *s;
};

/* Whether a figure is shown exactly, or the rounds have left it one value. */
static bool is_known(const void *of, uint32_t figure)
{
    const struct narrowed *now = of;
    uint32_t variable = now->b->index[figure];
    return is_exact(now->b->view, figure) || now->s->lo[variable] == now->s->hi[variable];
}

/* What is demanded of a variable whose interval the rounds have narrowed. */
static uint64_t demand_of(const struct building *b, const struct gate_system *s, uint32_t variable)
{
    const struct gate_view *view = b->view;
    const struct narrowed now = {b, s};
    uint32_t figure = b->figure[variable];
    gate_int lo, hi;
    if (view->reason[figure] == 0 || b->is_null[figure] ||
        ska_linked_is_told(view->linked, figure) ||
        ska_linked_repeats_known(view->linked, figure, is_known, &now) ||
        (!ska_cell_is_count(&view->linked->cells[figure]) && view->linked->groups->n > 0))
        return 0;
    if (view->reason[figure] == SKA_HIDDEN_COMPLEMENT ||
        (flag_interval(&lo, &hi, b, s, figure) && hi == 0))
        return 0;
    if (view->reason[figure] == GATE_UNKNOWN &&
        ((!view->keeps_stranded && b->is_stranded[figure] && gate_may_be_stranded(view, figure)) ||
         is_harmless(b, s, variable)))
        return 0;
    first_interval(&lo, &hi, view, figure);
    return (uint64_t)least(hi - lo, (gate_int)view->policy.protection);
}

/* The system ----------------------------------------------------------------------------------- */

/* A rule over totals, with what is shown exactly filled in. */
static enum ska_status add_rule(struct gate_system *s, const struct building *b, uint32_t at)
{
    const struct gate_view *view = b->view;
    const struct ska_rule *rule = &view->linked->rules[at];
    gate_int n = (gate_int)view->linked->rule_n[at], base = n * rule->constant, product, lo, hi;
    uint32_t n_terms = 0;
    for (uint32_t i = 0; i < rule->n_terms; i++) {
        const struct ska_term *term = &rule->terms[i];
        if (!is_exact(view, term->cell)) {
            b->terms[n_terms++] = (struct gate_term){b->index[term->cell], term->coefficient};
            continue;
        }
        if (__builtin_mul_overflow((gate_int)view->total[term->cell], (gate_int)term->coefficient,
                                   &product) ||
            __builtin_add_overflow(base, product, &base))
            return SKA_E_LIMIT;
    }
    if (__builtin_sub_overflow((gate_int)0, base, &lo) ||
        __builtin_sub_overflow(n * (gate_int)rule->width, base, &hi))
        return SKA_E_LIMIT;
    return gate_add_row(s, lo, hi, b->terms, n_terms);
}

static enum ska_status building_init(struct building *b, const struct gate_view *view)
{
    uint32_t n = view->linked->n_figures;
    b->view = view;
    b->index = ska_alloc(n, sizeof *b->index);
    b->figure = ska_alloc((size_t)gate_view_n_figures(view) + 1, sizeof *b->figure);
    b->terms = ska_alloc(n, sizeof *b->terms);
    b->is_null = ska_alloc(n, sizeof *b->is_null);
    b->is_stranded = ska_alloc(n, sizeof *b->is_stranded);
    if (b->index == NULL || b->figure == NULL || b->terms == NULL || b->is_null == NULL ||
        b->is_stranded == NULL)
        return SKA_E_MEMORY;
    gate_find_null(b->is_null, view);
    return gate_find_stranded(b->is_stranded, view);
}

/* Every figure that is not shown exactly, with every rule, after the rounds; demands set. */
static enum ska_status build(struct gate_system **out, struct building *b)
{
    const struct gate_view *view = b->view;
    SKA_SCOPED(gate_release) struct gate_system *s = NULL;
    uint32_t n = 0;
    for (uint32_t i = 0; i < gate_view_n_figures(view); i++) {
        uint32_t j = gate_view_figure(view, i);
        if (!is_exact(view, j)) {
            b->figure[n] = j;
            b->index[j] = n++;
        }
    }
    SKA_TRY(gate_new(&s, n));
    for (uint32_t v = 0; v < n; v++)
        first_interval(&s->lo[v], &s->hi[v], view, b->figure[v]);
    for (uint32_t i = 0; i < gate_view_n_rules(view); i++)
        SKA_TRY(add_rule(s, b, gate_view_rule(view, i)));
    SKA_TRY(gate_propagate(s));
    for (uint32_t v = 0; v < n; v++)
        s->demand[v] = demand_of(b, s, v);
    *out = s;
    s = NULL; /* the caller owns it now */
    return SKA_OK;
}

/* One row over the variables that are kept; the others have one value each. */
static enum ska_status copy_row(struct gate_system *to, const struct building *b,
                                const struct gate_system *s, const struct gate_row *row,
                                const uint32_t *place)
{
    gate_int base = 0, product, lo, hi;
    uint32_t n_terms = 0;
    for (uint32_t t = 0; t < row->n_terms; t++) {
        const struct gate_term *term = &s->terms[row->first + t];
        if (place[term->variable] != SKA_NONE)
            b->terms[n_terms++] = (struct gate_term){place[term->variable], term->coefficient};
        else if (__builtin_mul_overflow(s->lo[term->variable], (gate_int)term->coefficient,
                                        &product) ||
                 __builtin_add_overflow(base, product, &base))
            return SKA_E_LIMIT;
    }
    if (__builtin_sub_overflow(row->lo, base, &lo) || __builtin_sub_overflow(row->hi, base, &hi))
        return SKA_E_LIMIT;
    return gate_add_row(to, lo, hi, b->terms, n_terms);
}

/* The same without the variables that the rounds have left one value: the variables of the
 * certificate. b->figure is brought along. */
static enum ska_status reduce(struct gate_system **out, struct building *b,
                              const struct gate_system *s)
{
    SKA_SCOPED(gate_release) struct gate_system *to = NULL;
    SKA_SCOPED(ska_scoped_free) uint32_t *place = ska_alloc((size_t)s->n + 1, sizeof *place);
    if (place == NULL)
        return SKA_E_MEMORY;
    uint32_t n = 0;
    for (uint32_t v = 0; v < s->n; v++)
        place[v] = s->lo[v] < s->hi[v] ? n++ : SKA_NONE;
    SKA_TRY(gate_new(&to, n));
    for (uint32_t v = 0; v < s->n; v++) {
        if (place[v] == SKA_NONE)
            continue;
        to->lo[place[v]] = s->lo[v];
        to->hi[place[v]] = s->hi[v];
        to->demand[place[v]] = s->demand[v];
        b->figure[place[v]] = b->figure[v]; /* place[v] <= v */
    }
    for (size_t i = 0; i < s->n_rows; i++)
        SKA_TRY(copy_row(to, b, s, &s->rows[i], place));
    *out = to;
    to = NULL; /* the caller owns it now */
    return SKA_OK;
}

/* The reduced system with what is proven of complements, now and in what was released before; NULL
 * if that is nothing. */
static enum ska_status add_runs(struct gate_system **out, struct building *b,
                                const struct gate_system *s)
{
    const struct gate_view *view = b->view;
    uint32_t n_frozen;
    const struct ska_needed *frozen = ska_linked_frozen_needed(&n_frozen, view->linked);
    size_t n = (size_t)view->n_needed + n_frozen;
    *out = NULL;
    if (n == 0)
        return SKA_OK;
    SKA_SCOPED(ska_scoped_free) struct ska_needed *needed = ska_alloc(n, sizeof *needed);
    SKA_SCOPED(ska_scoped_free) uint32_t *variable = ska_alloc(n, sizeof *variable);
    if (needed == NULL || variable == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < n; i++)
        needed[i] = i < view->n_needed ? view->needed[i] : frozen[i - view->n_needed];
    for (uint32_t j = 0; j < view->linked->n_figures; j++)
        b->index[j] = SKA_NONE;
    for (uint32_t v = 0; v < s->n; v++)
        b->index[b->figure[v]] = v;
    for (size_t i = 0; i < n; i++)
        variable[i] = b->index[needed[i].figure];
    return gate_with_runs(out, s, needed, variable, (uint32_t)n);
}

/* The certificate of the reduced system, with what is proven of complements. */
static enum ska_status certify(struct ska_certificate *out, bool *fails, struct building *b,
                               const struct gate_system *s)
{
    SKA_SCOPED(gate_release) struct gate_system *with = NULL;
    SKA_TRY(add_runs(&with, b, s));
    const struct gate_system *asked = with != NULL ? with : s;
    SKA_SCOPED(ska_scoped_free) bool *found = ska_alloc((size_t)asked->n + 1, sizeof *found);
    if (found == NULL)
        return SKA_E_MEMORY;
    enum ska_status status = gate_certify(out, found, asked);
    for (uint32_t v = 0; v < s->n; v++)
        fails[b->figure[v]] = found[v];
    if (status == SKA_OK)
        gate_without_runs(out, s->n);
    return status;
}

enum ska_status gate_task_certify(struct ska_certificate *out, bool *fails, bool *is_early,
                                  const struct gate_view *view)
{
    SKA_SCOPED(building_clear) struct building b = {0};
    SKA_SCOPED(gate_release) struct gate_system *all = NULL;
    SKA_SCOPED(gate_release) struct gate_system *s = NULL;
    if (is_early != NULL)
        *is_early = true;
    SKA_TRY(building_init(&b, view));
    SKA_TRY(build(&all, &b));
    memset(fails, 0, view->linked->n_figures * sizeof *fails);
    for (uint32_t v = 0; v < all->n; v++)
        if (all->lo[v] == all->hi[v] && all->demand[v] > 0) {
            fails[b.figure[v]] = true;
            return SKA_E_STATE;
        }
    SKA_TRY(reduce(&s, &b, all));
    assert(s != NULL);
    if (is_early != NULL)
        *is_early = false;
    return certify(out, fails, &b, s);
}
