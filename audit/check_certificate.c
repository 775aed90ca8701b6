/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * check_certificate.c - that nobody can work out a hidden cell: whole tables that agree with all
 * that is published, two for each hidden cell that differ in it (docs/disclosure-control.md,
 * section 7). Everything is checked in exact integers; nothing is searched for.
 */
#include "audit/check.h"

#include "audit/pattern.h"
#include "audit/words.h"
#include "crypto/scoped.h"

#include <stdio.h>
#include <stdlib.h>

/* What the check works with. */
struct work {
    const struct evidence *e;
    struct pattern *pattern; /* intervals: of the reasons alone, and after the rounds */
    uint32_t n;              /* variables: figures that are not open and that the rounds leave more
                                than one value */
    uint32_t *figure;        /* by variable; owned */
    uint64_t *x;             /* one table: a number for every figure; owned */
    bool *is_stranded;       /* by figure: nothing is left to hide beside it; owned */
};

static void work_clear(struct work *w)
{
    pattern_free(w->pattern);
    free(w->figure);
    free(w->x);
    free(w->is_stranded);
}

/* A pattern with the bundle's totals and hidden figures; then the variables, and what is known of
 * the others. */
static enum ska_status start(struct work *w, const struct evidence *e)
{
    const struct ska_linked *l = e->linked;
    w->e = e;
    w->figure = ska_alloc(l->n_figures, sizeof *w->figure);
    w->x = ska_alloc(l->n_figures, sizeof *w->x);
    w->is_stranded = ska_alloc(l->n_figures, sizeof *w->is_stranded);
    if (w->figure == NULL || w->x == NULL || w->is_stranded == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(pattern_new(&w->pattern, l, &e->task->parameters.policy));
    for (uint32_t j = 0; j < l->n_listed; j++) {
        w->pattern->total[j] = e->total[j];
        if (e->hidden_reason[j] != 0)
            pattern_hide(w->pattern, j, (enum ska_hidden_reason)e->hidden_reason[j]);
    }
    SKA_TRY(pattern_intervals(w->pattern));
    pattern_find_null(w->pattern);
    pattern_find_stranded(w->is_stranded, w->pattern);
    for (uint32_t j = 0; j < l->n_figures; j++) {
        const struct pattern_interval *now = &w->pattern->interval[j];
        if (now->lo != now->hi)
            w->figure[w->n++] = j;
        else if (now->lo > (pattern_int)UINT64_MAX)
            return SKA_E_LIMIT;
        w->x[j] = (uint64_t)now->lo;
    }
    return SKA_OK;
}

/* A rule over one table. A number that does not fit in 128 bits breaks it: a table that agrees has
 * none. */
static bool does_rule_hold(const struct work *w, uint32_t at)
{
    const struct ska_rule *rule = &w->e->linked->rules[at];
    pattern_int n = (pattern_int)w->e->linked->rule_n[at];
    pattern_int sum = n * rule->constant, most = n * (pattern_int)rule->width, product;
    for (uint32_t i = 0; i < rule->n_terms; i++)
        if (__builtin_mul_overflow((pattern_int)rule->terms[i].coefficient,
                                   (pattern_int)w->x[rule->terms[i].cell], &product) ||
            __builtin_add_overflow(sum, product, &sum))
            return false;
    return sum >= 0 && sum <= most;
}

/* What is proven of complements, now or in an earlier release. */
static void check_runs(struct finding *f, const struct work *w, uint32_t table,
                       const struct ska_needed *needed, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!ska_needed_has(&needed[i], w->x[needed[i].figure]))
            finding_bad(f,
                        words("tabell %u: %s är inte vad som är bevisat",
                              "table %u: %s is not what is proven"),
                        table, evidence_figure(w->e, needed[i].figure));
}

/* Every figure of one table within what its reason says, every rule as it must be. */
static void check_one_table(struct finding *f, const struct work *w, uint32_t table)
{
    const struct ska_linked *l = w->e->linked;
    for (uint32_t j = 0; j < l->n_figures; j++) {
        const struct pattern_interval *interval = &w->pattern->first_interval[j];
        pattern_int x = (pattern_int)w->x[j];
        if (x < interval->lo || x > interval->hi)
            finding_bad(f,
                        words("tabell %u: %s är inte vad skälet säger",
                              "table %u: %s is not what its reason says"),
                        table, evidence_figure(w->e, j));
    }
    uint32_t n_frozen;
    const struct ska_needed *frozen = ska_linked_frozen_needed(&n_frozen, l);
    check_runs(f, w, table, w->e->suppression.needed, w->e->suppression.n_needed);
    check_runs(f, w, table, frozen, n_frozen);
    for (uint32_t k = 0; k < l->statement.n_rules; k++)
        if (!does_rule_hold(w, k)) {
            char sv[200], en[200];
            ska_linked_rule_name(sv, sizeof sv, l, k, true);
            ska_linked_rule_name(en, sizeof en, l, k, false);
            finding_bad(f, words("tabell %u bryter %s", "table %u breaks %s"), table,
                        words(sv, en));
        }
}

/* The least difference that is demanded of a figure that is not open. */
static pattern_int demand(const struct work *w, uint32_t figure)
{
    const struct ska_linked *l = w->e->linked;
    const struct pattern_interval *first = &w->pattern->first_interval[figure];
    pattern_int wanted = (pattern_int)w->e->task->parameters.policy.protection;
    if (w->pattern->reason[figure] == 0 || w->pattern->is_null[figure])
        return 0;
    if (ska_linked_is_told(l, figure) || pattern_repeats_known(w->pattern, figure) ||
        (!ska_cell_is_count(&l->cells[figure]) && l->groups->n > 0))
        return 0;
    uint8_t reason = w->pattern->reason[figure];
    if (reason == SKA_HIDDEN_COMPLEMENT || pattern_is_unanswered(w->pattern, figure))
        return 0;
    if (reason == PATTERN_UNKNOWN &&
        ((w->is_stranded[figure] && pattern_may_be_stranded(l, w->pattern->reason, figure)) ||
         pattern_is_harmless(w->pattern, figure)))
        return 0;
    return first->hi - first->lo < wanted ? first->hi - first->lo : wanted;
}

/* The two tables of one variable. */
static void check_pair(struct finding *f, const struct work *w, uint32_t at)
{
    const struct ska_certificate *c = &w->e->certificate;
    const struct ska_table_pair *pair = &c->pair[at];
    pattern_int wanted = demand(w, w->figure[at]);
    if ((wanted == 0) != (pair->low == SKA_NONE)) {
        finding_bad(f, words("%s: fel slags intyg", "%s: the wrong kind of certificate"),
                    evidence_figure(w->e, w->figure[at]));
        return;
    }
    if (wanted == 0)
        return;
    pattern_int low = (pattern_int)c->value[(size_t)pair->low * c->n_variables + at];
    pattern_int high = (pattern_int)c->value[(size_t)pair->high * c->n_variables + at];
    if (high - low < wanted)
        finding_bad(
            f, words("%s: tabellerna skiljer sig för lite", "%s: the tables differ too little"),
            evidence_figure(w->e, w->figure[at]));
}

/* What has one value is no variable: nothing may be demanded of it. */
static void check_others(struct finding *f, const struct work *w)
{
    for (uint32_t j = 0; j < w->e->linked->n_figures; j++) {
        const struct pattern_interval *now = &w->pattern->interval[j];
        if (now->lo == now->hi && demand(w, j) > 0)
            finding_bad(f, words("%s går att räkna ut", "%s can be worked out"),
                        evidence_figure(w->e, j));
    }
}

static void check_all_tables(struct finding *f, const struct work *w)
{
    const struct ska_certificate *c = &w->e->certificate;
    for (uint32_t k = 0; k < c->n_tables && f->n_bad == 0; k++) {
        for (uint32_t i = 0; i < w->n; i++)
            w->x[w->figure[i]] = c->value[(size_t)k * c->n_variables + i];
        check_one_table(f, w, k);
    }
    for (uint32_t i = 0; i < w->n; i++)
        check_pair(f, w, i);
    check_others(f, w);
}

void check_certificate(struct evidence *e, struct finding *f)
{
    SKA_SCOPED(work_clear) struct work w = {0};
    f->n_inputs = e->suppression.n;
    f->is_zero_right = e->suppression.n == 0; /* cells-accounted passed: everything is opened */
    enum ska_status status = start(&w, e);
    if (status == SKA_E_LIMIT)
        finding_undecided(
            f, words("reglernas tal ryms inte i 128 bitar", "the rules' numbers exceed 128 bits"));
    if (status == SKA_E_LIMIT || finding_is_undecided(f, status))
        return;
    if (status != SKA_OK)
        finding_bad(f, "%s",
                    words("summorna motsäger reglerna", "the totals contradict the rules"));
    else if (e->certificate.n_variables != w.n)
        finding_bad(f, "%s",
                    words("intyget gäller andra celler än de dolda",
                          "the certificate is about other cells than the hidden ones"));
    else
        check_all_tables(f, &w);
    if (f->n_bad == 0)
        snprintf(f->detail, sizeof f->detail, words("%u tabeller", "%u tables"),
                 e->certificate.n_tables);
}
