/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * disclosure_interval.c - what the rules tell about hidden cells when each is known to lie in an
 * interval (docs/disclosure-control.md, section 5).
 */
#include "reports/disclosure/disclosure_parts.h"

#include <string.h>

#include "protocol/rounding.h"
#include "reports/disclosure/gate_task.h"

static disclosure_int least(disclosure_int a, disclosure_int b)
{
    return a < b ? a : b;
}

/* What is published of an open figure tells. */
static struct disclosure_interval shown_interval(const struct disclosure_pattern *p, uint32_t cell,
                                                 disclosure_int cap)
{
    uint64_t lo = p->shown[cell], hi = lo;
    if (!ska_policy_rounds(&p->input->policy, &p->input->linked->cells[cell]))
        return (struct disclosure_interval){(disclosure_int)lo, (disclosure_int)lo};
    ska_rounding_range(&lo, &hi, &p->input->policy, lo);
    return (struct disclosure_interval){(disclosure_int)lo, least((disclosure_int)hi, cap)};
}

static struct disclosure_interval first_interval(const struct disclosure_pattern *p, uint32_t cell)
{
    const struct ska_policy *policy = &p->input->policy;
    const struct ska_linked *l = p->input->linked;
    disclosure_int cap = disclosure_cap(p, cell);
    struct disclosure_interval i = {0, cap};
    if (p->reason[cell] == 0)
        return shown_interval(p, cell, cap);
    if (p->reason[cell] == SKA_HIDDEN_SMALL) {
        i.lo = l->shows_zero[cell] ? 1 : 0;
        i.hi = least((disclosure_int)policy->threshold - 1, cap);
    }
    if (p->reason[cell] == SKA_HIDDEN_FEW)
        i.hi = least((disclosure_int)policy->min_contributors - 1,
                     (disclosure_int)l->blocks[ska_linked_block(l, cell)].n_counted);
    if (p->reason[cell] == SKA_HIDDEN_MARKED)
        i.lo = l->cells[cell].kind == SKA_CELL_MARK ? 1 : 0;
    if (p->reason[cell] == SKA_HIDDEN_COMPLEMENT && !ska_linked_is_of_year(l, cell))
        i.lo = policy->threshold > 1 ? (disclosure_int)policy->threshold : 1;
    return i;
}

/* a / b rounded down, or up; b > 0, and mostly 1, where nothing is to be divided. */
static disclosure_int divide_down(disclosure_int a, disclosure_int b)
{
    return b == 1 ? a : a / b - (a % b < 0);
}

static disclosure_int divide_up(disclosure_int a, disclosure_int b)
{
    return b == 1 ? a : a / b + (a % b > 0);
}

/* Least and greatest value of a term. */
static enum ska_status term_range(disclosure_int *min, disclosure_int *max,
                                  const struct disclosure_pattern *p, const struct ska_term *term)
{
    disclosure_int k = term->coefficient, at_lo, at_hi;
    const struct disclosure_interval *i = &p->interval[term->cell];
    if (__builtin_mul_overflow(k, i->lo, &at_lo) || __builtin_mul_overflow(k, i->hi, &at_hi))
        return SKA_E_LIMIT;
    *min = least(at_lo, at_hi);
    *max = at_lo < at_hi ? at_hi : at_lo;
    return SKA_OK;
}

/* Narrow one term's cell to  low <= k X <= high. */
static enum ska_status narrow(bool *changed, struct disclosure_interval *i, disclosure_int k,
                              disclosure_int low, disclosure_int high)
{
    disclosure_int lo = k > 0 ? divide_up(low, k) : divide_up(-high, -k);
    disclosure_int hi = k > 0 ? divide_down(high, k) : divide_down(-low, -k);
    if (lo > i->lo) {
        i->lo = lo;
        *changed = true;
    }
    if (hi < i->hi) {
        i->hi = hi;
        *changed = true;
    }
    return i->lo <= i->hi ? SKA_OK : SKA_E_RULE;
}

/* All rules of a figure whose interval has changed. */
static void make_due(struct disclosure_pattern *p, uint32_t figure)
{
    for (uint32_t i = p->first_rule[figure]; i < p->first_rule[figure + 1]; i++)
        p->is_due[p->rule_at[i]] = 1;
}

/* One rule: the sums over all terms, less each term's own part. */
static enum ska_status apply(bool *changed, struct disclosure_pattern *p, uint32_t at)
{
    const struct ska_rule *rule = &p->input->linked->rules[at];
    disclosure_int n = (disclosure_int)p->input->linked->rule_n[at], min = 0, max = 0;
    disclosure_int base = n * rule->constant, top = n * (disclosure_int)rule->width - base;
    for (uint32_t t = 0; t < rule->n_terms; t++) {
        disclosure_int a, b;
        SKA_TRY(term_range(&a, &b, p, &rule->terms[t]));
        if (__builtin_add_overflow(min, a, &min) || __builtin_add_overflow(max, b, &max))
            return SKA_E_LIMIT;
    }
    for (uint32_t t = 0; t < rule->n_terms; t++) {
        const struct ska_term *term = &rule->terms[t];
        disclosure_int a, b, low, high;
        bool moves = false;
        SKA_TRY(term_range(&a, &b, p, term));
        if (__builtin_sub_overflow(-base, max - b, &low) ||
            __builtin_sub_overflow(top, min - a, &high))
            return SKA_E_LIMIT;
        SKA_TRY(narrow(&moves, &p->interval[term->cell], term->coefficient, low, high));
        if (!moves)
            continue;
        *changed = true;
        make_due(p, term->cell);
        min -= a;
        max -= b;
        SKA_TRY(term_range(&a, &b, p, term));
        min += a;
        max += b;
    }
    return SKA_OK;
}

static enum ska_status start(struct disclosure_pattern *p, const struct gate_view *view)
{
    for (uint32_t i = 0; i < gate_view_n_figures(view); i++) {
        uint32_t j = gate_view_figure(view, i);
        p->interval[j] = p->first[j] = first_interval(p, j);
        if (p->first[j].lo > p->first[j].hi)
            return SKA_E_RULE;
    }
    return SKA_OK;
}

/* Rounds over the rules that are due. A rule of which no interval has changed since it was applied,
 * by itself or others, would change nothing now. */
static enum ska_status go_on(struct disclosure_pattern *p, const struct gate_view *view)
{
    bool changed = true;
    for (int round = 0; round < DISCLOSURE_ROUNDS_MAX && changed; round++) {
        changed = false;
        for (uint32_t i = 0; i < gate_view_n_rules(view); i++) {
            uint32_t rule = gate_view_rule(view, i);
            bool is_due = p->is_due[rule] != 0 || p->input->plainly;
            p->is_due[rule] = 0;
            if (is_due)
                SKA_TRY(apply(&changed, p, rule));
        }
    }
    return SKA_OK;
}

static void set_due(struct disclosure_pattern *p, const struct gate_view *view, uint8_t is_due)
{
    for (uint32_t i = 0; i < gate_view_n_rules(view); i++)
        p->is_due[gate_view_rule(view, i)] = is_due;
}

static enum ska_status run_rounds(struct disclosure_pattern *p, const struct gate_view *view)
{
    set_due(p, view, 1);
    return go_on(p, view);
}

enum ska_status disclosure_propagate(struct disclosure_pattern *p)
{
    const struct gate_view view = disclosure_view(p, NULL);
    SKA_TRY(start(p, &view));
    return run_rounds(p, &view);
}

enum ska_status disclosure_propagate_part(struct disclosure_pattern *p, uint32_t part)
{
    const struct gate_part one = disclosure_part(p, part);
    const struct gate_view view = disclosure_view(p, &one);
    SKA_TRY(start(p, &view));
    return run_rounds(p, &view);
}

/* Whether the rounds, gone on with with one cell at one value, leave some interval empty. `kept`:
 * the intervals as they were, part by part's order, put back afterwards. */
static enum ska_status is_impossible(bool *is, struct disclosure_pattern *p, uint32_t cell,
                                     disclosure_int value, const struct disclosure_interval *kept)
{
    const struct gate_part part = disclosure_part(p, p->part[cell]);
    const struct gate_view view = disclosure_view(p, &part);
    set_due(p, &view, 0);
    p->interval[cell] = (struct disclosure_interval){value, value};
    make_due(p, cell);
    enum ska_status status = go_on(p, &view);
    for (uint32_t i = 0; i < part.n_figures; i++)
        p->interval[part.figure[i]] = kept[i];
    *is = status == SKA_E_RULE;
    return status == SKA_E_RULE ? SKA_OK : status;
}

enum ska_status disclosure_find_tight(bool *is_tight, struct disclosure_pattern *p, uint32_t cell,
                                      const struct disclosure_interval *kept)
{
    const struct disclosure_interval *first = &p->first[cell];
    disclosure_int demand =
        least((disclosure_int)p->input->policy.protection, first->hi - first->lo);
    disclosure_int lo = p->interval[cell].lo, hi = p->interval[cell].hi;
    bool is = true;
    *is_tight = false;
    if (demand == 0 || hi - lo >= DISCLOSURE_TIGHT_MAX)
        return SKA_OK;
    for (; is && hi - lo >= demand; lo += is)
        SKA_TRY(is_impossible(&is, p, cell, lo, kept));
    for (is = true; is && hi - lo >= demand; hi -= is)
        SKA_TRY(is_impossible(&is, p, cell, hi, kept));
    *is_tight = hi - lo < demand;
    return SKA_OK;
}

bool disclosure_leaves_little(const struct disclosure_pattern *p, uint32_t cell)
{
    const struct disclosure_interval *first = &p->first[cell], *now = &p->interval[cell];
    disclosure_int near = least((disclosure_int)p->input->policy.protection, first->hi - first->lo);
    near = near < 1 ? 1 : near;
    return first->lo != first->hi && (now->hi <= first->lo + near || now->lo >= first->hi - near);
}

bool disclosure_is_between(const struct disclosure_pattern *p, uint32_t figure)
{
    const struct ska_linked *l = p->input->linked;
    return figure >= l->n_published && figure < l->n_listed &&
           p->reason[figure] == DISCLOSURE_UNKNOWN && ska_cell_is_count(&l->cells[figure]) &&
           !ska_linked_is_of_year(l, figure);
}

bool disclosure_leaves_little_between(const struct disclosure_pattern *p, uint32_t figure)
{
    const struct disclosure_interval *now = &p->interval[figure];
    disclosure_int least_kept = p->input->linked->shows_zero[figure] ? 1 : 0;
    disclosure_int lo = now->lo > least_kept ? now->lo : least_kept;
    return now->lo < (disclosure_int)p->input->policy.threshold && now->hi >= least_kept &&
           now->hi <= lo + (disclosure_int)p->input->policy.protection;
}

enum ska_status disclosure_find_narrow(bool *is_narrow, struct disclosure_pattern *p, uint32_t cell)
{
    *is_narrow = false;
    if (p->reason[cell] != SKA_HIDDEN_SMALL || cell >= p->input->linked->n_published)
        return SKA_OK;
    const struct gate_part part = disclosure_part(p, p->part[cell]);
    const struct gate_view view = disclosure_view(p, &part);
    SKA_TRY(start(p, &view));
    p->interval[cell].lo -= 2;
    p->interval[cell].hi += 2;
    SKA_TRY(run_rounds(p, &view));
    *is_narrow = disclosure_leaves_little(p, cell);
    return SKA_OK;
}

bool disclosure_is_sensitive(const struct disclosure_pattern *p, uint32_t figure)
{
    uint8_t reason = p->reason[figure];
    const struct ska_linked *l = p->input->linked;
    if (reason == 0 || reason == DISCLOSURE_UNKNOWN || reason == SKA_HIDDEN_COMPLEMENT ||
        disclosure_cap(p, figure) == 0 || ska_linked_is_told(l, figure) ||
        ska_linked_repeats_part(l, p->reason, figure, p->input->policy.rounding == 0))
        return false;
    return ska_cell_is_count(&l->cells[figure]) || l->groups->n == 0;
}
