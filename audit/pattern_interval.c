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

/* All rules of a rule's cells: one of them has changed. */
static void make_due(struct pattern *d, const struct ska_rule *rule)
{
    for (uint32_t i = 0; i < rule->n_terms; i++) {
        uint32_t cell = rule->terms[i].cell;
        for (uint32_t at = d->first_rule[cell]; at < d->first_rule[cell + 1]; at++)
            d->is_due[d->rule_at[at]] = true;
    }
}

static enum ska_status start_some(struct pattern *d, const uint32_t *rule, uint32_t n)
{
    for (uint32_t k = 0; k < n; k++) {
        const struct ska_rule *r = &d->linked->rules[rule[k]];
        d->is_due[rule[k]] = true;
        for (uint32_t i = 0; i < r->n_terms; i++) {
            uint32_t cell = r->terms[i].cell;
            d->interval[cell] = d->first_interval[cell] = first_interval(d, cell);
            if (d->interval[cell].lo > d->interval[cell].hi)
                return SKA_E_RULE;
        }
    }
    return SKA_OK;
}

/* Rounds over those of some rules that are due. One that is not would change nothing. */
static enum ska_status go_on(struct pattern *d, const uint32_t *rule, uint32_t n)
{
    bool is_changed = true;
    for (size_t round = 0; is_changed && round < PATTERN_ROUNDS_MAX; round++) {
        is_changed = false;
        for (uint32_t k = 0; k < n; k++) {
            bool changes = false;
            if (!d->is_due[rule[k]])
                continue;
            d->is_due[rule[k]] = false;
            SKA_TRY(apply_rule(&changes, d, rule[k]));
            if (changes)
                make_due(d, &d->linked->rules[rule[k]]);
            is_changed = is_changed || changes;
        }
    }
    return SKA_OK;
}

enum ska_status pattern_run_some(struct pattern *d, const uint32_t *rule, uint32_t n,
                                 uint32_t widened)
{
    SKA_TRY(start_some(d, rule, n));
    if (widened != SKA_NONE) {
        d->interval[widened].lo -= 2;
        d->interval[widened].hi += 2;
    }
    return go_on(d, rule, n);
}

enum ska_status pattern_is_impossible(bool *is, struct pattern *d, const uint32_t *rule, uint32_t n,
                                      uint32_t cell, pattern_int value)
{
    for (uint32_t k = 0; k < n; k++)
        d->is_due[rule[k]] = false;
    for (uint32_t at = d->first_rule[cell]; at < d->first_rule[cell + 1]; at++)
        d->is_due[d->rule_at[at]] = true;
    d->interval[cell] = (struct pattern_interval){value, value};
    enum ska_status status = go_on(d, rule, n);
    *is = status == SKA_E_RULE;
    return status == SKA_E_RULE ? SKA_OK : status;
}

bool pattern_leaves_little(const struct pattern *d, uint32_t cell)
{
    const struct pattern_interval *first = &d->first_interval[cell], *now = &d->interval[cell];
    pattern_int near = least((pattern_int)d->policy.protection, first->hi - first->lo);
    near = near < 1 ? 1 : near;
    return first->lo != first->hi && (now->hi <= first->lo + near || now->lo >= first->hi - near);
}

bool pattern_leaves_little_between(const struct pattern *d, uint32_t cell)
{
    const struct pattern_interval *now = &d->interval[cell];
    pattern_int zero = d->linked->shows_zero[cell] ? 1 : 0, lo = now->lo > zero ? now->lo : zero;
    return now->lo < (pattern_int)d->policy.threshold && now->hi >= zero &&
           now->hi - lo <= (pattern_int)d->policy.protection;
}

enum ska_status pattern_intervals(struct pattern *d)
{
    SKA_TRY(pattern_start_intervals(d));
    return pattern_run_rounds(d);
}
