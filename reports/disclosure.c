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

enum ska_status disclosure_subtract(uint64_t *totals, const struct ska_linked *linked)
{
    for (uint32_t f = linked->n_published; f < linked->n_listed; f++) {
        const struct ska_block *block = &linked->blocks[ska_linked_block(linked, f)];
        uint32_t cell = f % linked->n_cells;
        uint64_t plus = totals[block->plus * linked->n_cells + cell];
        uint64_t minus = totals[block->minus * linked->n_cells + cell];
        if (minus > plus)
            return SKA_E_RULE;
        totals[f] = plus - minus;
    }
    return SKA_OK;
}

static bool is_small(const struct disclosure_pattern *p, uint32_t figure)
{
    uint64_t x = p->total[figure];
    return x >= (p->input->linked->shows_zero[figure] ? 1u : 0u) && x < p->input->policy.threshold;
}

/* A flag, or a count whose parents (linked.h) have been looked at. */
static uint8_t primary_reason(const struct disclosure_pattern *p, uint32_t j)
{
    const struct ska_linked *l = p->input->linked;
    const struct ska_cell *cell = &l->cells[j];
    if (ska_linked_is_absent(l, j))
        return 0;
    if (l->blocks[ska_linked_block(l, j)].n_least < p->input->policy.min_contributors)
        return SKA_HIDDEN_BLOCK;
    if (p->input->kept != NULL && j < l->n_published && p->input->kept[j] != 0)
        return SKA_HIDDEN_KEPT;
    uint32_t mark = ska_linked_mark(l, j);
    if (cell->kind == SKA_CELL_ANSWERED)
        return p->total[j] < p->input->policy.min_contributors ? SKA_HIDDEN_FEW : 0;
    if (mark != SKA_NONE && p->total[mark] >= 1)
        return SKA_HIDDEN_MARKED;
    if (cell->kind == SKA_CELL_MARK)
        return 0;
    if (cell->flag != SKA_NONE && p->reason[cell->flag] == SKA_HIDDEN_FEW)
        return SKA_HIDDEN_DEPENDENT;
    if (ska_linked_lacks_part(l, p->reason, j))
        return SKA_HIDDEN_DEPENDENT;
    for (uint32_t i = 0; i < ska_linked_count_parents(l, j); i++) {
        uint8_t parent = p->reason[ska_linked_parent(l, j, i)];
        if (parent == SKA_HIDDEN_SMALL || parent == SKA_HIDDEN_DEPENDENT ||
            parent == SKA_HIDDEN_WITHDRAWN)
            return SKA_HIDDEN_DEPENDENT;
    }
    if (ska_linked_is_whole(l, j) && p->is_withdrawn[j])
        return SKA_HIDDEN_WITHDRAWN;
    return is_small(p, j) ? SKA_HIDDEN_SMALL : 0;
}

void disclosure_primary(struct disclosure_pattern *p)
{
    static const enum ska_cell_kind kinds[] = {SKA_CELL_MARK, SKA_CELL_ANSWERED, SKA_CELL_TOTAL,
                                               SKA_CELL_CATEGORY};
    const struct ska_linked *l = p->input->linked;
    for (uint32_t j = l->n_own; j < l->n_figures; j++)
        p->reason[j] = ska_linked_frozen_reason(l, j);
    for (uint32_t i = 0; i < l->n_listed / l->n_cells; i++)
        for (size_t pass = 0; pass < sizeof kinds / sizeof kinds[0]; pass++) {
            uint32_t first = l->order[i] * l->n_cells;
            for (uint32_t j = first; j < first + l->n_cells; j++)
                if (l->cells[j].kind == kinds[pass])
                    p->reason[j] = primary_reason(p, j);
        }
    for (uint32_t j = l->n_published; j < l->n_own; j++)
        if (p->reason[j] == 0 && !ska_linked_is_absent(l, j))
            p->reason[j] = DISCLOSURE_UNKNOWN;
}

/* The first equality rule whose only hidden cell is d, or SKA_NONE. */
static uint32_t find_violated(const struct disclosure_pattern *p, uint32_t d)
{
    const struct ska_statement *s = &p->input->linked->statement;
    for (uint32_t at = p->first_rule[d]; at < p->first_rule[d + 1]; at++) {
        const struct ska_rule *rule = &s->rules[p->rule_at[at]];
        uint32_t n_hidden = 0;
        for (uint32_t t = 0; rule->width == 0 && t < rule->n_terms; t++)
            n_hidden += p->reason[rule->terms[t].cell] != 0;
        if (n_hidden == 1)
            return p->rule_at[at];
    }
    return SKA_NONE;
}

/* The derivable cell of a component whose turn it is, with the equality rule in which it alone is
 * hidden: the first that has one, else the first, with SKA_NONE. `p->n`: there is none. */
static uint32_t find_derived(uint32_t *rule, const struct disclosure_pattern *p, uint32_t component,
                             const uint8_t *given_up)
{
    uint32_t first = p->n;
    *rule = SKA_NONE;
    for (uint32_t d = component; d < p->n; d++) {
        if (p->component[d] != component || !p->derivable[d] || given_up[d] ||
            !disclosure_is_kept(p, d))
            continue;
        *rule = find_violated(p, d);
        if (*rule != SKA_NONE)
            return d;
        first = first == p->n ? d : first;
    }
    return first;
}

/* CLOSE within one equality component; components do not touch each other here. */
static enum ska_status close_component(struct disclosure_pattern *p, uint32_t component)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *given_up = ska_alloc(p->n, 1);
    if (given_up == NULL)
        return SKA_E_MEMORY;
    for (;;) {
        uint32_t rule;
        SKA_TRY(disclosure_find_derivable(p, component));
        uint32_t d = find_derived(&rule, p, component, given_up);
        if (d == p->n)
            return SKA_OK;
        uint32_t pick =
            rule != SKA_NONE ? disclosure_pick_rule(p, rule) : disclosure_pick_component(p, d);
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
    for (uint32_t j = 0; j < p->input->linked->n_listed; j++)
        n += p->reason[j] != 0 && p->reason[j] != DISCLOSURE_UNKNOWN;
    return n;
}

static enum ska_status hide_near(struct disclosure_pattern *p, uint32_t pick)
{
    p->reason[pick] = SKA_HIDDEN_COMPLEMENT;
    return close_component(p, p->component[pick]);
}

/* Nothing is left to hide beside a cell: say which, and the tables and rules it is part of. */
static enum ska_status refuse(struct disclosure_pattern *p, uint32_t cell, struct ska_error *err)
{
    p->stuck = cell;
    if (err == NULL)
        return SKA_E_STATE;
    const struct ska_linked *l = p->input->linked;
    char rules[400] = "", name[200], code[3 * SKA_CODE_MAX + SKA_CELL_CODE_MAX];
    size_t len = 0;
    for (uint32_t at = p->first_rule[cell]; at < p->first_rule[cell + 1]; at++) {
        ska_linked_rule_name(name, sizeof name, l, p->rule_at[at], language_is_swedish());
        size_t name_len = strlen(name);
        if (len + name_len + 2 >= sizeof rules)
            break;
        len += (size_t)snprintf(rules + len, sizeof rules - len, "%s%s", len > 0 ? "; " : "", name);
    }
    ska_linked_code(code, sizeof code, l, cell);
    return ska_fail(err, SKA_E_STATE,
                    tr("cellen %s går inte att skydda: det finns inget mer att dölja bredvid den. "
                       "Den ingår i: %s (docs/disclosure-control.md, avsnitt 6)",
                       "cell %s cannot be protected: nothing is left to hide beside it. "
                       "It is part of: %s (docs/disclosure-control.md, section 6)"),
                    code, len > 0 ? rules : "-");
}

/* Hide until no cell fails. */
static enum ska_status protect(struct disclosure_pattern *p, struct ska_error *err)
{
    for (;;) {
        enum ska_status status = disclosure_propagate(p);
        if (status != SKA_OK)
            return ska_fail(err, status, "the totals and the catalogue's rules do not agree");
        uint32_t f = 0;
        while (f < p->n && !disclosure_fails(p, f))
            f++;
        if (f == p->n)
            return SKA_OK;
        uint32_t pick = disclosure_pick_near(p, f);
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
        SKA_TRY(disclosure_find_narrow(&is_narrow, p, f));
        uint32_t pick = is_narrow ? disclosure_pick_near(p, f) : SKA_NONE;
        if (pick != SKA_NONE)
            SKA_TRY(try_hide(&is_kept, p, pick, before, err));
        if (!is_kept)
            f++;
    }
    return SKA_OK;
}

/* Hide beside every figure that fails. */
static enum ska_status hide_beside(struct disclosure_pattern *p, const bool *fails,
                                   struct ska_error *err)
{
    for (uint32_t f = 0; f < p->n; f++) {
        if (!fails[f])
            continue;
        uint32_t pick = disclosure_pick_near(p, f);
        if (pick == SKA_NONE)
            return refuse(p, f, err);
        SKA_TRY(hide_near(p, pick));
    }
    return protect(p, err);
}

/* The gate: hide until an attacker is left what the policy demands of every hidden cell. */
static enum ska_status pass_gate(struct ska_certificate *certificate, struct disclosure_pattern *p,
                                 struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) bool *fails = ska_alloc(p->n, sizeof *fails);
    if (fails == NULL)
        return SKA_E_MEMORY;
    for (;;) {
        const struct gate_view view = {p->input->linked, p->input->policy, p->reason, p->shown};
        enum ska_status status = gate_task_certify(certificate, fails, &view);
        if (status == SKA_OK)
            return SKA_OK;
        if (status != SKA_E_STATE)
            return ska_fail(err, status, "the attacker's gate: %s", ska_status_text(status));
        SKA_TRY(hide_beside(p, fails, err));
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
    for (uint32_t j = 0; j < p->input->linked->n_listed; j++)
        if (p->reason[j] != 0 && p->reason[j] != DISCLOSURE_UNKNOWN)
            at[filled++] = (struct ska_hidden_cell){j, (enum ska_hidden_reason)p->reason[j]};
    *hidden = (struct ska_suppression){.n = n, .at = at};
    return SKA_OK;
}

/* The whole, once. */
static enum ska_status make_pattern(struct ska_certificate *certificate, uint32_t *n_first,
                                    struct disclosure_pattern *p, struct ska_error *err)
{
    memset(p->reason, 0, p->n);
    memset(p->derivable, 0, p->n);
    p->stuck = SKA_NONE;
    disclosure_primary(p);
    SKA_TRY(close_all(p));
    *n_first = count_hidden(p);
    SKA_TRY(protect(p, err));
    SKA_TRY(widen(p, err));
    p->stuck = SKA_NONE;
    return certificate != NULL ? pass_gate(certificate, p, err) : SKA_OK;
}

/* Withdraw the indicator of the figure that could not be protected. Returns whether it was not
 * withdrawn before. */
static bool withdraw(struct disclosure_pattern *p)
{
    if (p->stuck == SKA_NONE)
        return false;
    const struct ska_linked *l = p->input->linked;
    uint32_t total = ska_linked_whole(l, p->stuck);
    if (p->is_withdrawn[total]) /* the roll-up's is: then the release's own */
        total = l->layout->cells[p->stuck % l->n_cells].total;
    bool is_new = !p->is_withdrawn[total];
    p->is_withdrawn[total] = 1;
    return is_new;
}

enum ska_status disclosure_decide(struct ska_suppression *hidden,
                                  struct ska_certificate *certificate, uint32_t *n_extra,
                                  const struct disclosure_input *input, struct ska_error *err)
{
    SKA_SCOPED(disclosure_pattern_clear) struct disclosure_pattern p = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate found = {0};
    struct ska_error why = {0};
    uint32_t n_first = 0;
    SKA_TRY(disclosure_pattern_init(&p, input));
    enum ska_status status = SKA_E_STATE;
    do {
        why = (struct ska_error){0};
        status = make_pattern(certificate != NULL ? &found : NULL, &n_first, &p,
                              err != NULL ? &why : NULL);
    } while (status == SKA_E_STATE && certificate != NULL && withdraw(&p));
    if (status != SKA_OK)
        return ska_fail(err, status, "%s", why.text);
    SKA_TRY(take_hidden(hidden, &p));
    if (n_extra != NULL)
        *n_extra = hidden->n - n_first;
    if (certificate != NULL) {
        *certificate = found;
        found = (struct ska_certificate){0};
    }
    return SKA_OK;
}
