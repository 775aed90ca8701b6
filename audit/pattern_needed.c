/* SPDX-License-Identifier: EUPL-1.2 */
/* pattern_needed.c - which complements beyond P0 had to be hidden, as far as everybody can see. */
#include "audit/pattern_needed.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"

/* What it is done in. Arrays owned, by figure unless said. */
struct work {
    struct pattern *d;
    const uint8_t *reason; /* borrowed: what is published */
    uint8_t *need;         /* borrowed */
    bool *is_stranded;     /* nothing is left to hide beside it, at a turn */
    uint8_t *with;         /* 0, or PATTERN_NEED_ALONG or _WORD: stays hidden with another */
    uint8_t *is_first;     /* of P0 */
    uint8_t *all;          /* reasons when everything is hidden */
    bool *is_told;         /* `told` is known */
    struct pattern_interval *told; /* what the rounds tell of a small one then */
    bool *is_reached;
    uint32_t *rule;    /* those of what is reached; n_rules */
    uint32_t *small;   /* those that are reached */
    uint32_t *near;    /* those of them that may be narrow */
    uint32_t *between; /* what is reached and lies between two cells */
    uint32_t *kept;    /* those that are reached and something is demanded of */
    uint32_t n_small, n_between, n_kept;
    uint32_t *met; /* all that rules of theirs have, and their intervals */
    uint32_t n_met;
    struct pattern_interval *interval;
};

static void work_clear(struct work *w)
{
    free(w->is_stranded);
    free(w->with);
    free(w->kept);
    free(w->met);
    free(w->interval);
    free(w->is_first);
    free(w->all);
    free(w->is_told);
    free(w->told);
    free(w->is_reached);
    free(w->rule);
    free(w->small);
    free(w->near);
    free(w->between);
}

static enum ska_status work_init(struct work *w)
{
    size_t n = w->d->linked->n_figures;
    w->is_stranded = ska_alloc(n, sizeof *w->is_stranded);
    w->with = ska_alloc(n, 1);
    w->kept = ska_alloc(n, sizeof *w->kept);
    w->met = ska_alloc(n, sizeof *w->met);
    w->interval = ska_alloc(n, sizeof *w->interval);
    w->is_first = ska_alloc(n, 1);
    w->all = ska_alloc(n, 1);
    w->is_told = ska_alloc(n, sizeof *w->is_told);
    w->told = ska_alloc(n, sizeof *w->told);
    w->is_reached = ska_alloc(n, sizeof *w->is_reached);
    w->rule = ska_alloc((size_t)w->d->linked->statement.n_rules + 1, sizeof *w->rule);
    w->small = ska_alloc(n, sizeof *w->small);
    w->near = ska_alloc(n, sizeof *w->near);
    w->between = ska_alloc(n, sizeof *w->between);
    return w->is_stranded == NULL || w->with == NULL || w->kept == NULL || w->met == NULL ||
                   w->interval == NULL || w->is_first == NULL || w->all == NULL ||
                   w->is_told == NULL || w->told == NULL || w->is_reached == NULL ||
                   w->rule == NULL || w->small == NULL || w->near == NULL || w->between == NULL
               ? SKA_E_MEMORY
               : SKA_OK;
}

/* Hide everything that could be, beside P0. A complement that nothing sensitive leads to was come
 * to from a figure of which nothing is said, and from it rules lead to the same. */
static void hide_all(struct work *w)
{
    struct pattern *d = w->d;
    uint32_t n = d->linked->n_figures;
    for (uint32_t j = 0; j < n; j++) {
        w->is_first[j] = d->reason[j] == SKA_HIDDEN_COMPLEMENT;
        w->is_reached[j] = w->is_first[j] != 0 || pattern_is_sensitive(d, j);
    }
    pattern_reach(w->is_reached, d, true);
    for (uint32_t j = 0; j < d->linked->n_published; j++)
        if (w->reason[j] == SKA_HIDDEN_COMPLEMENT && d->reason[j] == 0) {
            pattern_hide(d, j, SKA_HIDDEN_COMPLEMENT);
            w->is_reached[j] = true;
        }
    pattern_reach(w->is_reached, d, true);
    pattern_find_null(d); /* what is shown later is not zero */
    memcpy(w->all, d->reason, n);
}

/* Which rules lead on from a cell that is hidden now. Returns how many. */
static uint32_t find_rules(struct work *w, uint32_t cell)
{
    uint32_t n = 0;
    memset(w->is_reached, 0, w->d->linked->n_figures * sizeof *w->is_reached);
    w->is_reached[cell] = true;
    pattern_reach(w->is_reached, w->d, false);
    for (uint32_t k = 0; k < w->d->linked->statement.n_rules; k++)
        if (w->d->is_rule_seen[k])
            w->rule[n++] = k;
    return n;
}

/* What the rounds tell of a cell when everything is hidden, begun 2 wider with it (SKA_NONE: with
 * none). */
static enum ska_status find_told(struct work *w, uint32_t cell, uint32_t widened)
{
    struct pattern *d = w->d;
    if (w->is_told[cell])
        return SKA_OK;
    uint8_t *now = d->reason;
    uint32_t *rule = w->rule, n;
    w->rule = ska_alloc((size_t)d->linked->statement.n_rules + 1, sizeof *w->rule);
    enum ska_status status = w->rule == NULL ? SKA_E_MEMORY : SKA_OK;
    d->reason = w->all;
    if (status == SKA_OK) {
        n = find_rules(w, cell);
        status = pattern_run_some(d, w->rule, n, widened);
    }
    d->reason = now;
    free(w->rule);
    w->rule = rule;
    w->told[cell] = d->interval[cell];
    w->is_told[cell] = status == SKA_OK;
    return status;
}

/* Whether a small cell is narrow, and more is told of it than when everything is hidden. */
static enum ska_status is_narrowed(bool *is, struct work *w, uint32_t n_rules, uint32_t cell)
{
    struct pattern *d = w->d;
    *is = false;
    SKA_TRY(pattern_run_some(d, w->rule, n_rules, cell));
    if (!pattern_leaves_little(d, cell))
        return SKA_OK;
    const struct pattern_interval now = d->interval[cell];
    SKA_TRY(find_told(w, cell, cell));
    *is = now.lo != w->told[cell].lo || now.hi != w->told[cell].hi;
    return SKA_OK;
}

/* Whether something gets narrow; only what is so when it is not begun wider can be. */
static enum ska_status gets_narrow(bool *does, struct work *w, uint32_t n_rules)
{
    uint32_t n = 0;
    *does = false;
    for (uint32_t i = 0; i < w->n_small; i++)
        if (pattern_leaves_little(w->d, w->small[i]))
            w->near[n++] = w->small[i];
    for (uint32_t i = 0; i < n && !*does; i++)
        SKA_TRY(is_narrowed(does, w, n_rules, w->near[i]));
    return SKA_OK;
}

static void put_back(struct work *w)
{
    for (uint32_t i = 0; i < w->n_met; i++)
        w->d->interval[w->met[i]] = w->interval[i];
}

/* The same of what lies between two cells. */
static enum ska_status gets_narrow_between(bool *does, struct work *w)
{
    *does = false;
    for (uint32_t i = 0; i < w->n_between && !*does; i++) {
        uint32_t cell = w->between[i];
        const struct pattern_interval now = w->d->interval[cell];
        if (!pattern_leaves_little_between(w->d, cell))
            continue;
        SKA_TRY(find_told(w, cell, SKA_NONE));
        put_back(w);
        *does = now.lo != w->told[cell].lo || now.hi != w->told[cell].hi;
    }
    return SKA_OK;
}

/* Whether of a cell's values fewer are possible than what is demanded, after the rounds. */
static enum ska_status is_tight(bool *is_so, struct work *w, uint32_t n_rules, uint32_t cell)
{
    struct pattern *d = w->d;
    const struct pattern_interval *first = &d->first_interval[cell], now = d->interval[cell];
    pattern_int demand = (pattern_int)d->policy.protection, lo = now.lo, hi = now.hi;
    bool is = true;
    demand = first->hi - first->lo < demand ? first->hi - first->lo : demand;
    *is_so = false;
    if (demand == 0 || hi - lo >= PATTERN_TIGHT_MAX)
        return SKA_OK;
    for (; is && hi - lo >= demand; lo += is) {
        SKA_TRY(pattern_is_impossible(&is, d, w->rule, n_rules, cell, lo));
        put_back(w);
    }
    for (is = true; is && hi - lo >= demand; hi -= is) {
        SKA_TRY(pattern_is_impossible(&is, d, w->rule, n_rules, cell, hi));
        put_back(w);
    }
    *is_so = hi - lo < demand;
    return SKA_OK;
}

/* Whether something is demanded of a cell, after the rounds. */
static bool is_kept(const struct pattern *d, uint32_t cell)
{
    return d->reason[cell] != PATTERN_UNKNOWN ||
           (!pattern_is_unanswered(d, cell) && !pattern_is_harmless(d, cell));
}

/* Whether something gets narrow or tight by what a cell would be shown as; a total that contradicts
 * the rules tells nothing. */
static enum ska_status tells_too_much(bool *does, struct work *w, uint32_t n_rules)
{
    struct pattern *d = w->d;
    *does = false;
    enum ska_status status = pattern_run_some(d, w->rule, n_rules, SKA_NONE);
    if (status != SKA_OK)
        return status == SKA_E_RULE ? SKA_OK : status;
    for (uint32_t i = 0; i < w->n_met; i++)
        w->interval[i] = d->interval[w->met[i]];
    SKA_TRY(gets_narrow_between(does, w));
    if (!*does)
        SKA_TRY(gets_narrow(does, w, n_rules));
    put_back(w);
    for (uint32_t i = 0; i < w->n_kept && !*does; i++)
        if (is_kept(d, w->kept[i]))
            SKA_TRY(is_tight(does, w, n_rules, w->kept[i]));
    return SKA_OK;
}

/* Whether something may be demanded of a cell: of one of which nothing is said if it is of the
 * release itself, of another for all to see: its flag, if it has one, is shown. */
static bool may_be_kept(const struct work *w, uint32_t cell)
{
    const struct pattern *d = w->d;
    const struct ska_linked *l = d->linked;
    uint32_t flag = l->cells[cell].flag;
    if (d->is_null[cell])
        return false;
    if (d->reason[cell] == PATTERN_UNKNOWN)
        return cell < l->n_own && !ska_linked_is_of_year(l, cell) &&
               ska_cell_is_count(&l->cells[cell]) &&
               !(w->is_stranded[cell] && pattern_may_be_stranded(l, d->reason, cell));
    return pattern_is_sensitive(d, cell) &&
           (flag == SKA_NONE || (d->reason[flag] == 0 && d->total[flag] > 0));
}

/* What is reached that may get narrow or tight, and all that the rules of it have. */
static void find_told_of(struct work *w, uint32_t n_rules)
{
    struct pattern *d = w->d;
    pattern_find_stranded(w->is_stranded, d);
    w->n_small = w->n_between = w->n_kept = w->n_met = 0;
    for (uint32_t j = 0; j < d->linked->n_figures; j++) {
        if (j < d->linked->n_published && w->is_reached[j] && d->reason[j] == SKA_HIDDEN_SMALL)
            w->small[w->n_small++] = j;
        if (j < d->linked->n_listed && w->is_reached[j] && d->reason[j] == PATTERN_UNKNOWN &&
            pattern_is_between(d->linked, j) && !ska_linked_is_of_year(d->linked, j))
            w->between[w->n_between++] = j;
        if (w->is_reached[j] && may_be_kept(w, j))
            w->kept[w->n_kept++] = j;
        w->is_reached[j] = false;
    }
    for (uint32_t k = 0; k < n_rules; k++) {
        const struct ska_rule *rule = &d->linked->rules[w->rule[k]];
        for (uint32_t i = 0; i < rule->n_terms; i++) {
            uint32_t j = rule->terms[i].cell;
            if (!w->is_reached[j])
                w->met[w->n_met++] = j;
            w->is_reached[j] = true;
        }
    }
}

/* The runs of totals with which showing a cell, whose turn it is, would have told too much. None if
 * it can have too many totals; one more than allowed if there are too many runs. */
static enum ska_status find_runs(struct ska_needed *out, struct work *w, uint32_t cell)
{
    struct pattern *d = w->d;
    uint32_t n_rules = find_rules(w, cell);
    bool was = false;
    *out = (struct ska_needed){.figure = cell};
    enum ska_status status = pattern_run_some(d, w->rule, n_rules, SKA_NONE);
    const struct pattern_interval now = d->interval[cell];
    if (status != SKA_OK || now.hi - now.lo >= SKA_NEEDED_WIDTH_MAX || now.hi > INT64_MAX)
        return status == SKA_E_RULE ? SKA_OK : status;
    d->reason[cell] = 0;
    d->total[cell] = (uint64_t)now.lo;
    find_told_of(w, n_rules);
    for (pattern_int v = now.lo; v <= now.hi && out->n_runs <= SKA_NEEDED_RUNS_MAX; v++) {
        bool is = false;
        d->total[cell] = (uint64_t)v;
        SKA_TRY(tells_too_much(&is, w, n_rules));
        if (is && !was && out->n_runs++ < SKA_NEEDED_RUNS_MAX)
            out->run[out->n_runs - 1].lo = (uint64_t)v;
        if (is && out->n_runs <= SKA_NEEDED_RUNS_MAX)
            out->run[out->n_runs - 1].hi = (uint64_t)v;
        was = is;
    }
    d->reason[cell] = SKA_HIDDEN_COMPLEMENT;
    return SKA_OK;
}

static bool are_same_runs(const struct ska_needed *a, const struct ska_needed *b)
{
    if (a->n_runs != b->n_runs)
        return false;
    for (uint32_t k = 0; k < a->n_runs; k++)
        if (a->run[k].lo != b->run[k].lo || a->run[k].hi != b->run[k].hi)
            return false;
    return true;
}

/* What shares a rule of its block with a cell that is not shown stays hidden with it. */
static void keep_beside(struct work *w, uint32_t cell)
{
    const struct pattern *d = w->d;
    const struct ska_linked *l = d->linked;
    uint8_t with = w->need[cell] == PATTERN_NEED_PROVEN ? PATTERN_NEED_ALONG : PATTERN_NEED_WORD;
    for (uint32_t at = d->first_rule[cell]; at < d->first_rule[cell + 1]; at++) {
        const struct ska_rule *rule = &l->rules[d->rule_at[at]];
        if (ska_linked_block(l, rule->terms[0].cell) !=
            ska_linked_block(l, rule->terms[rule->n_terms - 1].cell))
            continue;
        for (uint32_t i = 0; i < rule->n_terms; i++) {
            uint32_t other = rule->terms[i].cell;
            if (d->reason[other] == SKA_HIDDEN_COMPLEMENT && other != cell &&
                w->with[other] != PATTERN_NEED_ALONG)
                w->with[other] = with;
        }
    }
}

/* A cell's turn, everything before it being as it is published. */
static enum ska_status take_turn(struct work *w, uint32_t cell, const struct ska_needed *claim)
{
    struct ska_needed found;
    if (w->with[cell] != 0) {
        w->need[cell] = claim != NULL          ? PATTERN_NEED_NOT_ASKED
                        : w->reason[cell] == 0 ? PATTERN_NEED_MISSING
                                               : w->with[cell];
        return SKA_OK;
    }
    if (w->reason[cell] == 0) {
        w->d->reason[cell] = 0;
        return SKA_OK;
    }
    w->need[cell] = PATTERN_NEED_WORD;
    if (claim != NULL) {
        SKA_TRY(find_runs(&found, w, cell));
        w->need[cell] = are_same_runs(&found, claim) ? PATTERN_NEED_PROVEN : PATTERN_NEED_OTHER;
    }
    keep_beside(w, cell);
    return SKA_OK;
}

static const struct ska_needed *find_claim(const struct ska_needed *needed, uint32_t n,
                                           uint32_t figure)
{
    for (uint32_t lo = 0, hi = n; lo < hi;) {
        uint32_t middle = lo + (hi - lo) / 2;
        if (needed[middle].figure == figure)
            return &needed[middle];
        if (needed[middle].figure < figure)
            lo = middle + 1;
        else
            hi = middle;
    }
    return NULL;
}

enum ska_status pattern_find_need(uint8_t *need, struct pattern *d, const uint8_t *reason,
                                  const struct ska_needed *needed, uint32_t n)
{
    static const enum ska_cell_kind kinds[] = {SKA_CELL_TOTAL, SKA_CELL_CATEGORY};
    const struct ska_linked *l = d->linked;
    SKA_SCOPED(work_clear) struct work w = {.d = d, .reason = reason, .need = need};
    memset(need, PATTERN_NEED_NONE, l->n_published);
    SKA_TRY(work_init(&w));
    hide_all(&w);
    enum ska_status status = pattern_start_intervals(d); /* a contradiction is told elsewhere */
    if (status != SKA_OK && status != SKA_E_RULE)
        return status;
    bool is_beyond = false, is_word = d->policy.rounding != 0; /* no total is proven of these */
    for (uint32_t j = 0; j < l->n_published; j++)
        if (reason[j] == SKA_HIDDEN_COMPLEMENT && w.is_first[j] == 0) {
            need[j] = PATTERN_NEED_WORD;
            is_beyond = true;
        }
    for (uint32_t i = 0; i < n; i++)
        if (is_word || need[needed[i].figure] == PATTERN_NEED_NONE)
            need[needed[i].figure] = PATTERN_NEED_NOT_ASKED;
    if (is_word || !is_beyond)
        return SKA_OK;
    for (size_t pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < l->n_listed / l->n_cells; i++) {
            uint32_t first = l->order[i] * l->n_cells;
            for (uint32_t j = first; j < first + l->n_cells; j++)
                if (w.all[j] == SKA_HIDDEN_COMPLEMENT && w.is_first[j] == 0 &&
                    l->cells[j].kind == kinds[pass])
                    SKA_TRY(take_turn(&w, j, find_claim(needed, n, j)));
        }
    return SKA_OK;
}
