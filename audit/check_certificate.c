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

SKA_DEFINE_RELEASE(struct pattern *, pattern_release, pattern_free)

/* What the check works with. */
struct work {
    const struct evidence *e;
    struct pattern *pattern; /* intervals: of the reasons alone, and after the rounds */
    uint64_t *x;             /* one table: a number for every cell */
};

/* A pattern with the bundle's totals and hidden cells; its first intervals are what each reason
 * says alone. */
static enum ska_status start(struct pattern **out, const struct evidence *e)
{
    SKA_SCOPED(pattern_release) struct pattern *d = NULL;
    SKA_TRY(pattern_new(&d, e->task->layout, &e->task->parameters.policy, e->n_counted));
    for (uint32_t cell = 0; cell < e->task->layout->n_cells; cell++) {
        d->total[cell] = e->total[cell];
        if (e->hidden_reason[cell] != 0)
            pattern_hide(d, cell, (enum ska_hidden_reason)e->hidden_reason[cell]);
    }
    SKA_TRY(pattern_intervals(d));
    *out = d;
    d = NULL; /* the caller owns it now */
    return SKA_OK;
}

/* A rule over one table. A number that does not fit in 128 bits breaks it: a table that agrees has
 * none. */
static bool does_rule_hold(const struct work *w, const struct ska_rule *rule)
{
    pattern_int n = (pattern_int)w->e->n_counted;
    pattern_int sum = n * rule->constant, most = n * (pattern_int)rule->width, product;
    for (uint32_t i = 0; i < rule->n_terms; i++)
        if (__builtin_mul_overflow((pattern_int)rule->terms[i].coefficient,
                                   (pattern_int)w->x[rule->terms[i].cell], &product) ||
            __builtin_add_overflow(sum, product, &sum))
            return false;
    return sum >= 0 && sum <= most;
}

/* Every hidden cell of one table within what its reason says, every rule as it must be. */
static void check_one_table(struct finding *f, const struct work *w, uint32_t table)
{
    const struct ska_layout *layout = w->e->task->layout;
    for (uint32_t cell = 0; cell < layout->n_cells; cell++) {
        const struct pattern_interval *interval = &w->pattern->first_interval[cell];
        pattern_int x = (pattern_int)w->x[cell];
        if (x < interval->lo || x > interval->hi)
            finding_bad(f,
                        words("tabell %u: %s är inte vad skälet säger",
                              "table %u: %s is not what its reason says"),
                        table, evidence_figure(w->e, cell));
    }
    for (uint32_t k = 0; k < layout->statement.n_rules; k++)
        if (!does_rule_hold(w, &layout->statement.rules[k])) {
            char sv[200], en[200];
            ska_layout_rule_name(sv, sizeof sv, layout, k, true);
            ska_layout_rule_name(en, sizeof en, layout, k, false);
            finding_bad(f, words("tabell %u bryter %s", "table %u breaks %s"), table,
                        words(sv, en));
        }
}

/* The least difference that is demanded of a hidden cell. */
static pattern_int demand(const struct work *w, uint32_t cell)
{
    const struct pattern_interval *first = &w->pattern->first_interval[cell];
    pattern_int wanted = (pattern_int)ska_policy_protection(&w->e->task->parameters.policy);
    pattern_int width = first->hi - first->lo;
    if (pattern_is_part_of_zero(w->pattern, cell))
        return 0;
    return width < wanted ? width : wanted;
}

/* The two tables of one hidden cell, `at` in the list. */
static void check_pair(struct finding *f, const struct work *w, uint32_t at)
{
    const struct ska_certificate *c = &w->e->certificate;
    const struct ska_table_pair *pair = &c->pair[at];
    uint32_t cell = w->e->suppression.at[at].cell;
    pattern_int wanted = demand(w, cell);
    if ((wanted == 0) != (pair->low == SKA_NONE)) {
        finding_bad(f, words("%s: fel slags intyg", "%s: the wrong kind of certificate"),
                    evidence_figure(w->e, cell));
        return;
    }
    if (wanted == 0)
        return;
    pattern_int low = (pattern_int)c->value[(size_t)pair->low * c->n_variables + at];
    pattern_int high = (pattern_int)c->value[(size_t)pair->high * c->n_variables + at];
    if (high - low < wanted)
        finding_bad(
            f, words("%s: tabellerna skiljer sig för lite", "%s: the tables differ too little"),
            evidence_figure(w->e, cell));
}

static void check_all_tables(struct finding *f, const struct work *w)
{
    const struct ska_certificate *c = &w->e->certificate;
    for (uint32_t cell = 0; cell < w->e->task->layout->n_cells; cell++)
        w->x[cell] = w->e->total[cell];
    for (uint32_t k = 0; k < c->n_tables && f->n_bad == 0; k++) {
        for (uint32_t i = 0; i < c->n_hidden; i++)
            w->x[w->e->suppression.at[i].cell] = c->value[(size_t)k * c->n_variables + i];
        check_one_table(f, w, k);
    }
    for (uint32_t i = 0; i < c->n_hidden; i++)
        check_pair(f, w, i);
}

void check_certificate(struct evidence *e, struct finding *f)
{
    const struct ska_certificate *c = &e->certificate;
    SKA_SCOPED(pattern_release) struct pattern *pattern = NULL;
    SKA_SCOPED(ska_scoped_free) uint64_t *x = ska_alloc(e->task->layout->n_cells, sizeof *x);
    f->n_inputs = e->suppression.n;
    f->is_zero_right = e->suppression.n == 0; /* cells-accounted passed: everything is opened */
    if (c->n_hidden != e->suppression.n || c->n_variables != e->suppression.n) {
        finding_bad(f, "%s",
                    words("intyget gäller andra celler än de dolda",
                          "the certificate is about other cells than the hidden ones"));
        return;
    }
    enum ska_status status = x == NULL ? SKA_E_MEMORY : start(&pattern, e);
    if (status == SKA_E_LIMIT)
        finding_undecided(
            f, words("reglernas tal ryms inte i 128 bitar", "the rules' numbers exceed 128 bits"));
    if (status == SKA_E_LIMIT || finding_is_undecided(f, status))
        return;
    if (status != SKA_OK) {
        finding_bad(f, "%s",
                    words("summorna motsäger reglerna", "the totals contradict the rules"));
        return;
    }
    check_all_tables(f, &(struct work){e, pattern, x});
    if (f->n_bad == 0)
        snprintf(f->detail, sizeof f->detail, words("%u tabeller", "%u tables"), c->n_tables);
}
