/* SPDX-License-Identifier: EUPL-1.2 */
/* pattern_interval.c - what each cell can be, for a reader who knows the rules and the reasons.
 */
#include "audit/pattern.h"

#include <assert.h>

#include "protocol/rounding.h"

/* Sums that do not fit are remembered here. */
struct sum {
    pattern_int value;
    bool is_over;
};

static void add(struct sum *s, pattern_int value)
{
    s->is_over |= __builtin_add_overflow(s->value, value, &s->value);
}

static void add_product(struct sum *s, pattern_int a, pattern_int b)
{
    pattern_int product;
    if (__builtin_mul_overflow(a, b, &product))
        s->is_over = true;
    else
        add(s, product);
}

static pattern_int least(pattern_int a, pattern_int b)
{
    return a < b ? a : b;
}

/* What a shown cell can be. */
static struct pattern_interval shown_interval(const struct pattern *d, uint32_t cell,
                                              pattern_int cap)
{
    uint64_t lo = d->total[cell], hi = lo;
    if (!ska_policy_rounds(&d->policy, &d->linked->cells[cell]))
        return (struct pattern_interval){(pattern_int)lo, (pattern_int)lo};
    ska_rounding_range(&lo, &hi, &d->policy, d->total[cell]);
    return (struct pattern_interval){(pattern_int)lo, least((pattern_int)hi, cap)};
}

static struct pattern_interval first_interval(const struct pattern *d, uint32_t cell)
{
    pattern_int cap = pattern_cap(d, cell);
    pattern_int t = (pattern_int)d->policy.threshold, c = d->policy.min_contributors;
    switch (d->reason[cell]) {
    case 0:
        return shown_interval(d, cell, cap);
    case SKA_HIDDEN_SMALL:
        return (struct pattern_interval){d->linked->shows_zero[cell] ? 1 : 0, least(t - 1, cap)};
    case SKA_HIDDEN_FEW:
        return (struct pattern_interval){
            0, least(c - 1, (pattern_int)d->linked->blocks[cell / d->linked->n_cells].n_counted)};
    case SKA_HIDDEN_MARKED:
        return (struct pattern_interval){d->linked->cells[cell].kind == SKA_CELL_MARK ? 1 : 0, cap};
    case SKA_HIDDEN_COMPLEMENT:
        return (struct pattern_interval){t > 1 ? t : 1, cap};
    }
    return (struct pattern_interval){0, cap};
}

/* Quotients rounded down and up, k > 0. */
static pattern_int divide_down(pattern_int a, pattern_int k)
{
    return a / k - (a % k < 0 ? 1 : 0);
}

static pattern_int divide_up(pattern_int a, pattern_int k)
{
    return a / k + (a % k > 0 ? 1 : 0);
}

/* Add, or with sign -1 take away, the least and greatest value of one term. */
static void add_term(struct sum *min, struct sum *max, const struct ska_term *term,
                     const struct pattern_interval *interval, int sign)
{
    bool is_positive = term->coefficient > 0;
    pattern_int k = (pattern_int)term->coefficient * sign;
    add_product(min, k, is_positive ? interval->lo : interval->hi);
    add_product(max, k, is_positive ? interval->hi : interval->lo);
}

/* Narrow one cell by  low <= k X <= high.  Returns whether it changed. */
static bool narrow(struct pattern_interval *interval, pattern_int k, pattern_int low,
                   pattern_int high)
{
    assert(k != 0); /* ska_statement_check */
    if (k < 0) {
        pattern_int kept = low;
        low = -high;
        high = -kept;
        k = -k;
    }
    pattern_int lo = divide_up(low, k), hi = divide_down(high, k);
    bool is_changed = lo > interval->lo || hi < interval->hi;
    if (lo > interval->lo)
        interval->lo = lo;
    if (hi < interval->hi)
        interval->hi = hi;
    return is_changed;
}

/* One rule of a round: its sums over all terms are kept up to date as intervals change. */
static enum ska_status apply_rule(bool *is_changed, struct pattern *d, uint32_t at)
{
    const struct ska_rule *rule = &d->linked->rules[at];
    pattern_int n = (pattern_int)d->linked->rule_n[at];
    struct sum min = {0}, max = {0}, base = {0}, top = {0};
    add_product(&base, rule->constant, -n);
    add_product(&top, rule->width, n);
    add(&top, base.value);
    for (uint32_t i = 0; i < rule->n_terms; i++)
        add_term(&min, &max, &rule->terms[i], &d->interval[rule->terms[i].cell], 1);
    for (uint32_t i = 0; i < rule->n_terms; i++) {
        const struct ska_term *term = &rule->terms[i];
        struct pattern_interval *interval = &d->interval[term->cell];
        add_term(&min, &max, term, interval, -1);
        struct sum low = base, high = top;
        low.is_over |= __builtin_sub_overflow(low.value, max.value, &low.value);
        high.is_over |= __builtin_sub_overflow(high.value, min.value, &high.value);
        const pattern_int limit = (pattern_int)1 << 126; /* so that negating is safe */
        if (min.is_over || max.is_over || low.is_over || high.is_over || low.value < -limit ||
            low.value > limit || high.value < -limit || high.value > limit)
            return SKA_E_LIMIT;
        if (narrow(interval, term->coefficient, low.value, high.value))
            *is_changed = true;
        if (interval->lo > interval->hi)
            return SKA_E_RULE;
        add_term(&min, &max, term, interval, 1);
    }
    return SKA_OK;
}

enum ska_status pattern_start_intervals(struct pattern *d)
{
    for (uint32_t j = 0; j < d->linked->n_figures; j++) {
        d->interval[j] = d->first_interval[j] = first_interval(d, j);
        if (d->interval[j].lo > d->interval[j].hi)
            return SKA_E_RULE;
    }
    return SKA_OK;
}

enum ska_status pattern_run_rounds(struct pattern *d)
{
    const struct ska_statement *s = &d->linked->statement;
    bool is_changed = true;
    for (size_t round = 0; is_changed && round < PATTERN_ROUNDS_MAX; round++) {
        is_changed = false;
        for (uint32_t k = 0; k < s->n_rules; k++)
            SKA_TRY(apply_rule(&is_changed, d, k));
    }
    return SKA_OK;
}

enum ska_status pattern_intervals(struct pattern *d)
{
    SKA_TRY(pattern_start_intervals(d));
    return pattern_run_rounds(d);
}
