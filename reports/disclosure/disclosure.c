/* SPDX-License-Identifier: EUPL-1.2 */
/* disclosure.c - disclosure control, version 1: the order of the steps
 * (docs/disclosure-control.md). */
#include "reports/disclosure/disclosure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/disclosure/disclosure_parts.h"
#include "reports/disclosure/gate_task.h"
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
    if (ska_linked_is_of_year(l, j))
        return disclosure_year_reason(p, j, is_small(p, j));
    if (l->blocks[ska_linked_block(l, j)].kind == SKA_BLOCK_DIFFERENCE)
        return 0; /* what is said of it would tell of the two blocks */
    if (p->is_withdrawn[j])
        return SKA_HIDDEN_WITHDRAWN;
    if (cell->flag != SKA_NONE && p->reason[cell->flag] == SKA_HIDDEN_FEW)
        return SKA_HIDDEN_DEPENDENT;
    for (uint32_t i = 0; i < ska_linked_count_parents(l, j); i++) {
        uint8_t parent = p->reason[ska_linked_parent(l, j, i)];
        if (parent == SKA_HIDDEN_SMALL || parent == SKA_HIDDEN_DEPENDENT ||
            parent == SKA_HIDDEN_WITHDRAWN)
            return SKA_HIDDEN_DEPENDENT;
    }
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
    (void)disclosure_year_spread(p);
    for (uint32_t j = l->n_published; j < l->n_own; j++)
        if (p->reason[j] == 0 && !ska_linked_is_absent(l, j))
            p->reason[j] = DISCLOSURE_UNKNOWN;
}

static uint32_t count_hidden(const struct disclosure_pattern *p)
{
    uint32_t n = 0;
    for (uint32_t j = 0; j < p->input->linked->n_listed; j++)
        n += p->reason[j] != 0 && p->reason[j] != DISCLOSURE_UNKNOWN;
    return n;
}

/* What it comes to when nothing can be released. */
static const char *outcome(const struct disclosure_pattern *p)
{
    if (p->input->kept != NULL)
        return tr(
            "Rättelsen ges inte ut, och det som är utgivet står kvar; när fler har ändrat något "
            "kan "
            "en ny rättelse hoppa över den (skarva-publish revise, se handboken)",
            "The correction is not released, and what is released stands; when more have changed "
            "something, a new correction may pass it over (skarva-publish revise, see the "
            "handbook)");
    return tr("Inget av perioden ges ut; handboken säger vad som återstår",
              "Nothing of the period is released; the handbook says what is left to do");
}

/* Everything that could be is hidden, and a figure is not protected: say which, what follows, and
 * the tables and rules it is part of. */
static void tell_stuck(const struct disclosure_pattern *p, struct ska_error *err)
{
    const struct ska_linked *l = p->input->linked;
    char rules[220] = "", name[200], code[3 * SKA_CODE_MAX + SKA_CELL_CODE_MAX];
    size_t len = 0;
    for (uint32_t at = p->first_rule[p->stuck]; at < p->first_rule[p->stuck + 1]; at++) {
        ska_linked_rule_name(name, sizeof name, l, p->rule_at[at], language_is_swedish());
        size_t name_len = strlen(name);
        if (len + name_len + 2 >= sizeof rules)
            break;
        len += (size_t)snprintf(rules + len, sizeof rules - len, "%s%s", len > 0 ? "; " : "", name);
    }
    ska_linked_code(code, sizeof code, l, p->stuck);
    (void)ska_fail(
        err, SKA_E_STATE,
        tr("cellen %s går inte att skydda: det finns inget mer att dölja bredvid den. "
           "%s. Cellen ingår i: %s (docs/disclosure-control.md, avsnitt 10)",
           "cell %s cannot be protected: nothing is left to hide beside it. %s. The cell "
           "is part of: %s (docs/disclosure-control.md, section 10)"),
        code, outcome(p), len > 0 ? rules : "-");
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
    if (p->n_needed == 0)
        return SKA_OK;
    hidden->needed = ska_alloc(p->n_needed, sizeof *hidden->needed);
    if (hidden->needed == NULL)
        return SKA_E_MEMORY;
    memcpy(hidden->needed, p->needed, p->n_needed * sizeof *hidden->needed);
    hidden->n_needed = p->n_needed;
    return SKA_OK;
}

/* The whole, once; a certificate of the time before is given up. */
static enum ska_status make_pattern(struct ska_certificate *certificate, uint32_t *n_first,
                                    struct disclosure_pattern *p)
{
    ska_certificate_clear(certificate);
    memset(p->reason, 0, p->n);
    p->stuck = SKA_NONE;
    disclosure_primary(p);
    SKA_TRY(disclosure_propagate(p)); /* SKA_E_RULE */
    SKA_TRY(disclosure_find_first(p));
    *n_first = count_hidden(p);
    return certificate != NULL ? disclosure_find_whole(certificate, p) : SKA_OK;
}

/* Withdraw a total: that of an indicator in a block. Returns whether it was not before. */
static bool withdraw_total(struct disclosure_pattern *p, uint32_t total)
{
    const struct ska_linked *l = p->input->linked;
    bool is_new = !ska_linked_is_absent(l, total) && !p->is_withdrawn[total];
    p->is_withdrawn[total] = 1;
    return is_new;
}

/* Withdraw an indicator in all groups of the release, or of its roll-up, or if it is already, for
 * all contributors. Returns whether it was not withdrawn before. */
static bool withdraw_indicator(struct disclosure_pattern *p, uint32_t whole)
{
    const struct ska_linked *l = p->input->linked;
    bool is_new = false;
    for (uint32_t g = 1; g <= l->groups->n; g++)
        is_new = withdraw_total(p, whole + g * l->n_cells) || is_new;
    return is_new || withdraw_total(p, whole);
}

/* Withdraw the indicator of the figure that could not be protected: the roll-up's, then the
 * release's own, then all that rules connect with it. */
static bool withdraw(struct disclosure_pattern *p)
{
    const struct ska_linked *l = p->input->linked;
    bool is_new = false;
    if (p->stuck == SKA_NONE)
        return false;
    uint32_t own = l->layout->cells[p->stuck % l->n_cells].total;
    if (withdraw_indicator(p, ska_linked_whole(l, p->stuck)) || withdraw_indicator(p, own))
        return true;
    for (uint32_t j = 0; j < l->n_published; j++)
        if (ska_linked_is_whole(l, j) && p->part[j] == p->part[p->stuck])
            is_new = withdraw_indicator(p, j) || is_new;
    return is_new;
}

static void tell(const struct disclosure_pattern *p, enum ska_status status, struct ska_error *err)
{
    if (status == SKA_E_STATE && p->stuck != SKA_NONE)
        tell_stuck(p, err);
    else if (status == SKA_E_RULE)
        (void)ska_fail(err, status, "the totals and the catalogue's rules do not agree");
    else
        (void)ska_fail(err, status, "%s", ska_status_text(status));
}

enum ska_status disclosure_decide(struct ska_suppression *hidden,
                                  struct ska_certificate *certificate, uint32_t *n_extra,
                                  const struct disclosure_input *input, struct ska_error *err)
{
    SKA_SCOPED(disclosure_pattern_clear) struct disclosure_pattern p = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate found = {0};
    uint32_t n_first = 0;
    SKA_TRY(disclosure_pattern_init(&p, input));
    enum ska_status status = SKA_E_STATE;
    do
        status = make_pattern(certificate != NULL ? &found : NULL, &n_first, &p);
    while (status == SKA_E_STATE ? withdraw(&p) : status == SKA_OK && disclosure_year_spread(&p));
    if (status != SKA_OK) {
        if (err != NULL)
            tell(&p, status, err);
        return status;
    }
    SKA_TRY(take_hidden(hidden, &p));
    if (n_extra != NULL)
        *n_extra = hidden->n - n_first;
    if (certificate != NULL) {
        *certificate = found;
        found = (struct ska_certificate){0};
    }
    return SKA_OK;
}
