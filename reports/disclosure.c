/* SPDX-License-Identifier: EUPL-1.2 */
/* disclosure.c - disclosure control, version 1: the order of the steps
 * (docs/disclosure-control.md). */
#include "reports/disclosure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/disclosure_parts.h"
#include "reports/gate_task.h"
#include "support/language.h"

static bool is_small(const struct disclosure_pattern *p, uint32_t cell)
{
    const struct ska_policy *policy = &p->input->policy;
    uint64_t x = p->input->totals[cell];
    return x >= (policy->show_zero ? 1u : 0u) && x < policy->threshold;
}

/* A mark that somebody set, or a count of its indicator. */
static bool is_marked(const struct disclosure_pattern *p, uint32_t cell)
{
    const struct ska_layout *layout = p->input->layout;
    uint32_t mark = ska_layout_mark(layout, cell);
    return mark != SKA_NONE && layout->cells[cell].kind != SKA_CELL_ANSWERED &&
           p->input->totals[mark] >= 1;
}

void disclosure_primary(struct disclosure_pattern *p)
{
    const struct ska_cell *cells = p->input->layout->cells;
    for (uint32_t j = 0; j < p->n; j++)
        if (is_marked(p, j))
            p->reason[j] = SKA_HIDDEN_MARKED;
    for (uint32_t j = 0; j < p->n; j++)
        if (cells[j].kind == SKA_CELL_ANSWERED &&
            p->input->totals[j] < p->input->policy.min_contributors)
            p->reason[j] = SKA_HIDDEN_FEW;
    for (uint32_t j = 0; j < p->n; j++)
        if (p->reason[j] == 0 && ska_cell_is_count(&cells[j]) && cells[j].flag != SKA_NONE &&
            p->reason[cells[j].flag] == SKA_HIDDEN_FEW)
            p->reason[j] = SKA_HIDDEN_DEPENDENT;
    for (uint32_t j = 0; j < p->n; j++)
        if (cells[j].kind == SKA_CELL_TOTAL && p->reason[j] == 0 && is_small(p, j))
            p->reason[j] = SKA_HIDDEN_SMALL;
    for (uint32_t j = 0; j < p->n; j++)
        if (cells[j].kind == SKA_CELL_CATEGORY && p->reason[j] == 0 &&
            p->reason[cells[j].total] == SKA_HIDDEN_SMALL)
            p->reason[j] = SKA_HIDDEN_DEPENDENT;
    for (uint32_t j = 0; j < p->n; j++)
        if (cells[j].kind == SKA_CELL_CATEGORY && p->reason[j] == 0 && is_small(p, j))
            p->reason[j] = SKA_HIDDEN_SMALL;
}

/* The first equality rule whose only hidden cell is d, or SKA_NONE. */
static uint32_t find_violated(const struct disclosure_pattern *p, uint32_t d)
{
    const struct ska_statement *s = &p->input->layout->statement;
    for (uint32_t i = 0; i < s->n_rules; i++) {
        const struct ska_rule *rule = &s->rules[i];
        uint32_t n_hidden = 0;
        bool has = false;
        for (uint32_t t = 0; rule->width == 0 && t < rule->n_terms; t++) {
            n_hidden += p->reason[rule->terms[t].cell] != 0;
            has = has || rule->terms[t].cell == d;
        }
        if (has && n_hidden == 1)
            return i;
    }
    return SKA_NONE;
}

/* CLOSE within one equality component; components do not touch each other here. */
static enum ska_status close_component(struct disclosure_pattern *p, uint32_t component)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *given_up = ska_alloc(p->n, 1);
    if (given_up == NULL)
        return SKA_E_MEMORY;
    for (;;) {
        SKA_TRY(disclosure_find_derivable(p, component));
        uint32_t d = component;
        while (d < p->n && (p->component[d] != component || !p->derivable[d] || given_up[d]))
            d++;
        if (d == p->n)
            return SKA_OK;
        uint32_t rule = find_violated(p, d), pick = SKA_NONE;
        if (rule != SKA_NONE)
            pick = disclosure_pick_rule(p, rule);
        else
            SKA_TRY(disclosure_pick_component(&pick, p, d));
        if (pick == SKA_NONE)
            given_up[d] = 1;
        else
            p->reason[pick] = SKA_HIDDEN_COMPLEMENT;
    }
}

static enum ska_status close_all(struct disclosure_pattern *p)
{
    for (uint32_t j = 0; j < p->n; j++)
        if (p->component[j] == j)
            SKA_TRY(close_component(p, j));
    return SKA_OK;
}

static uint32_t count_hidden(const struct disclosure_pattern *p)
{
    uint32_t n = 0;
    for (uint32_t j = 0; j < p->n; j++)
        n += p->reason[j] != 0;
    return n;
}

static enum ska_status hide_near(struct disclosure_pattern *p, uint32_t pick)
{
    p->reason[pick] = SKA_HIDDEN_COMPLEMENT;
    return close_component(p, p->component[pick]);
}

/* Nothing is left to hide beside a cell: say which, and the tables and rules it is part of. */
static enum ska_status refuse(const struct disclosure_pattern *p, uint32_t cell,
                              struct ska_error *err)
{
    if (err == NULL)
        return SKA_E_STATE;
    const struct ska_layout *l = p->input->layout;
    char rules[400] = "", name[200];
    size_t len = 0;
    for (uint32_t i = 0; i < l->statement.n_rules; i++) {
        bool has = false;
        for (uint32_t t = 0; t < l->statement.rules[i].n_terms; t++)
            has = has || l->statement.rules[i].terms[t].cell == cell;
        if (!has)
            continue;
        ska_layout_rule_name(name, sizeof name, l, i, language_is_swedish());
        size_t name_len = strlen(name);
        if (len + name_len + 2 >= sizeof rules)
            break;
        len += (size_t)snprintf(rules + len, sizeof rules - len, "%s%s", len > 0 ? "; " : "", name);
    }
    return ska_fail(err, SKA_E_STATE,
                    tr("cellen %s går inte att skydda: det finns inget mer att dölja bredvid den. "
                       "Den ingår i: %s (docs/disclosure-control.md, avsnitt 6)",
                       "cell %s cannot be protected: nothing is left to hide beside it. "
                       "It is part of: %s (docs/disclosure-control.md, section 6)"),
                    l->cells[cell].code, len > 0 ? rules : "-");
}

/* Hide until no cell fails. */
static enum ska_status protect(struct disclosure_pattern *p, struct ska_error *err)
{
    for (;;) {
        enum ska_status status = disclosure_propagate(p);
        if (status != SKA_OK)
            return ska_fail(err, status, "the totals and the catalogue's rules do not agree");
        uint32_t f = 0, pick = SKA_NONE;
        while (f < p->n && !disclosure_fails(p, f))
            f++;
        if (f == p->n)
            return SKA_OK;
        SKA_TRY(disclosure_pick_near(&pick, p, f));
        if (pick == SKA_NONE)
            return refuse(p, f, err);
        SKA_TRY(hide_near(p, pick));
    }
}

/* Hide `pick` and what that demands; if nothing is left that it demands, take all of it back and
 * set *is_kept to false. `before` is scratch, n long. */
static enum ska_status try_hide(bool *is_kept, struct disclosure_pattern *p, uint32_t pick,
                                uint8_t *before, struct ska_error *err)
{
    memcpy(before, p->reason, p->n);
    SKA_TRY(hide_near(p, pick));
    enum ska_status status = protect(p, NULL); /* why nothing was left is of no concern */
    *is_kept = status == SKA_OK;
    if (status == SKA_OK)
        return SKA_OK;
    if (status != SKA_E_STATE)
        return ska_fail(err, status, "%s", ska_status_text(status));
    memcpy(p->reason, before, p->n);
    return close_all(p); /* finds derivable cells anew; the pattern was closed */
}

/* Then hide until no cell is narrow that something can be hidden beside. Hiding only widens
 * intervals: a cell that is not narrow stays so, and none is looked at again. */
static enum ska_status widen(struct disclosure_pattern *p, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *before = ska_alloc(p->n, 1);
    if (before == NULL)
        return SKA_E_MEMORY;
    for (uint32_t f = 0; f < p->n;) {
        bool is_narrow = false, is_kept = false;
        uint32_t pick = SKA_NONE;
        SKA_TRY(disclosure_find_narrow(&is_narrow, p, f));
        if (is_narrow)
            SKA_TRY(disclosure_pick_near(&pick, p, f));
        if (pick != SKA_NONE)
            SKA_TRY(try_hide(&is_kept, p, pick, before, err));
        if (!is_kept)
            f++;
    }
    return SKA_OK;
}

/* The gate: hide until an attacker is left what the policy demands of every hidden cell. */
static enum ska_status pass_gate(struct ska_certificate *certificate, struct disclosure_pattern *p,
                                 struct ska_error *err)
{
    for (;;) {
        const struct gate_view view = {p->input->layout, p->input->policy, p->input->n_counted,
                                       p->reason, p->input->totals};
        uint32_t failed = SKA_NONE, pick = SKA_NONE;
        enum ska_status status = gate_task_certify(certificate, &failed, &view);
        if (status != SKA_OK)
            return ska_fail(err, status, "the attacker's gate: %s", ska_status_text(status));
        if (failed == SKA_NONE)
            return SKA_OK;
        SKA_TRY(disclosure_pick_near(&pick, p, failed));
        if (pick == SKA_NONE)
            return refuse(p, failed, err);
        SKA_TRY(hide_near(p, pick));
        SKA_TRY(protect(p, err));
    }
}

/* Every hidden cell with its reason. */
static enum ska_status take_hidden(struct ska_suppression *hidden,
                                   const struct disclosure_pattern *p)
{
    uint32_t n = count_hidden(p), filled = 0;
    struct ska_hidden_cell *at = ska_alloc((size_t)n + 1, sizeof *at); /* room for none, too */
    if (at == NULL)
        return SKA_E_MEMORY;
    for (uint32_t j = 0; j < p->n; j++)
        if (p->reason[j] != 0)
            at[filled++] = (struct ska_hidden_cell){j, (enum ska_hidden_reason)p->reason[j]};
    *hidden = (struct ska_suppression){.n = n, .at = at};
    return SKA_OK;
}

enum ska_status disclosure_decide(struct ska_suppression *hidden,
                                  struct ska_certificate *certificate, uint32_t *n_extra,
                                  const struct disclosure_input *input, struct ska_error *err)
{
    SKA_SCOPED(disclosure_pattern_clear) struct disclosure_pattern p = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate found = {0};
    SKA_TRY(disclosure_pattern_init(&p, input));
    disclosure_primary(&p);
    SKA_TRY(close_all(&p));
    uint32_t n_first = count_hidden(&p);
    SKA_TRY(protect(&p, err));
    SKA_TRY(widen(&p, err));
    if (certificate != NULL)
        SKA_TRY(pass_gate(&found, &p, err));
    SKA_TRY(take_hidden(hidden, &p));
    if (n_extra != NULL)
        *n_extra = hidden->n - n_first;
    if (certificate != NULL) {
        *certificate = found;
        found = (struct ska_certificate){0};
    }
    return SKA_OK;
}
