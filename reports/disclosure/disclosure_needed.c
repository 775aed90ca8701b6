/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * disclosure_needed.c - which complements beyond P0 it can be proven of that they had to be hidden:
 * the totals with which showing one would have told too much, as far as rounds can tell
 * (docs/disclosure-control.md, section 6).
 */
#include "reports/disclosure/disclosure_parts.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"

/* What it is done in. Owned arrays, as many as the part has figures. */
struct asking {
    const struct disclosure_interval *hidden; /* borrowed, by figure */
    uint32_t *small, *between, *kept;         /* figures that may get narrow, or tight */
    uint32_t n_small, n_between, n_kept;
    uint8_t *is_null, *is_stranded; /* by figure */
    uint32_t *narrow;               /* scratch */
    struct disclosure_interval *interval;
};

static void asking_clear(struct asking *a)
{
    free(a->small);
    free(a->between);
    free(a->kept);
    free(a->is_null);
    free(a->is_stranded);
    free(a->narrow);
    free(a->interval);
}

/* Whether something may be demanded of a figure: of one of which nothing is said if it is of the
 * release itself, of another for all to see: its flag, if it has one, is shown. */
static bool may_be_kept(const struct asking *a, const struct disclosure_pattern *p, uint32_t figure)
{
    const struct ska_linked *l = p->input->linked;
    const struct gate_view view = disclosure_view(p, NULL);
    uint32_t flag = l->cells[figure].flag;
    if (a->is_null[figure] != 0)
        return false;
    if (p->reason[figure] == DISCLOSURE_UNKNOWN)
        return figure < l->n_own && !ska_linked_is_of_year(l, figure) &&
               ska_cell_is_count(&l->cells[figure]) &&
               (a->is_stranded[figure] == 0 || !gate_may_be_stranded(&view, figure));
    return disclosure_is_sensitive(p, figure) &&
           (flag == SKA_NONE || (p->reason[flag] == 0 && p->shown[flag] > 0));
}

/* Whether it is, after the rounds: what nobody publishes may be known if it is of enough, and many
 * enough, or a zero where zeros are shown. */
static bool is_kept(const struct disclosure_pattern *p, uint32_t figure)
{
    const struct ska_policy *policy = &p->input->policy;
    const struct ska_linked *l = p->input->linked;
    const struct disclosure_interval *now = &p->interval[figure];
    uint32_t flag = l->cells[figure].flag;
    if (p->reason[figure] != DISCLOSURE_UNKNOWN)
        return true;
    if (flag != SKA_NONE && p->interval[flag].hi == 0)
        return false;
    return l->blocks[ska_linked_block(l, figure)].n_least < policy->min_contributors ||
           (flag != SKA_NONE && p->interval[flag].lo < policy->min_contributors) ||
           (now->lo < (disclosure_int)policy->threshold &&
            (now->hi != 0 || !l->shows_zero[figure]));
}

/* What showing a figure may tell of. It is open now. */
static enum ska_status asking_init(struct asking *a, const struct disclosure_pattern *p,
                                   uint32_t figure, const struct disclosure_interval *hidden)
{
    const struct gate_part part = disclosure_part(p, p->part[figure]);
    const struct gate_view view = disclosure_view(p, &part);
    a->hidden = hidden;
    a->is_null = ska_alloc(p->n, 1);
    a->is_stranded = ska_alloc(p->n, 1);
    a->small = ska_alloc(part.n_figures, sizeof *a->small);
    a->between = ska_alloc(part.n_figures, sizeof *a->between);
    a->kept = ska_alloc(part.n_figures, sizeof *a->kept);
    a->narrow = ska_alloc(part.n_figures, sizeof *a->narrow);
    a->interval = ska_alloc(part.n_figures, sizeof *a->interval);
    if (a->is_null == NULL || a->is_stranded == NULL || a->small == NULL || a->between == NULL ||
        a->kept == NULL || a->narrow == NULL || a->interval == NULL)
        return SKA_E_MEMORY;
    gate_find_null(a->is_null, &view);
    SKA_TRY(gate_find_stranded(a->is_stranded, &view));
    for (uint32_t i = 0; i < part.n_figures; i++) {
        uint32_t j = part.figure[i];
        if (j < p->input->linked->n_published && p->reason[j] == SKA_HIDDEN_SMALL)
            a->small[a->n_small++] = j;
        if (disclosure_is_between(p, j))
            a->between[a->n_between++] = j;
        if (may_be_kept(a, p, j))
            a->kept[a->n_kept++] = j;
    }
    return SKA_OK;
}

/* Whether something gets narrow or tight by what a figure is shown as. A total that contradicts the
 * rules tells nothing. What is narrow even when it may itself be more than its reason says (as
 * disclosure_find_narrow asks) is among what is narrow when it may not. */
static enum ska_status tells_too_much(bool *does, struct disclosure_pattern *p, uint32_t shown,
                                      const struct asking *a)
{
    const struct gate_part part = disclosure_part(p, p->part[shown]);
    uint32_t n = 0;
    *does = false;
    enum ska_status status = disclosure_propagate_part(p, p->part[shown]);
    if (status != SKA_OK)
        return status == SKA_E_RULE ? SKA_OK : status;
    for (uint32_t i = 0; i < part.n_figures; i++)
        a->interval[i] = p->interval[part.figure[i]];
    for (uint32_t i = 0; i < a->n_between && !*does; i++) {
        uint32_t j = a->between[i];
        *does = disclosure_leaves_little_between(p, j) &&
                (p->interval[j].lo != a->hidden[j].lo || p->interval[j].hi != a->hidden[j].hi);
    }
    for (uint32_t i = 0; i < a->n_small && !*does; i++)
        if (disclosure_leaves_little(p, a->small[i]))
            a->narrow[n++] = a->small[i];
    for (uint32_t i = 0; i < n && !*does; i++) {
        uint32_t j = a->narrow[i];
        SKA_TRY(disclosure_find_narrow(does, p, j));
        *does =
            *does && (p->interval[j].lo != a->hidden[j].lo || p->interval[j].hi != a->hidden[j].hi);
    }
    for (uint32_t i = 0; i < part.n_figures; i++)
        p->interval[part.figure[i]] = a->interval[i];
    for (uint32_t i = 0; i < a->n_kept && !*does; i++)
        if (is_kept(p, a->kept[i]))
            SKA_TRY(disclosure_find_tight(does, p, a->kept[i], a->interval));
    return SKA_OK;
}

/* The runs of totals in [lo, hi] that would have told too much. Returns through *is_provable
 * whether there are one or two. The figure is open now. */
static enum ska_status find_runs(struct ska_needed *out, bool *is_provable,
                                 struct disclosure_pattern *p, uint32_t figure, uint64_t lo,
                                 uint64_t hi, const struct disclosure_interval *hidden)
{
    SKA_SCOPED(asking_clear) struct asking a = {0};
    bool was = false;
    *is_provable = true;
    SKA_TRY(asking_init(&a, p, figure, hidden));
    for (uint64_t v = lo; v <= hi && *is_provable; v++) {
        bool is = false;
        p->shown[figure] = v;
        SKA_TRY(tells_too_much(&is, p, figure, &a));
        if (is && !was && out->n_runs == SKA_NEEDED_RUNS_MAX)
            *is_provable = false;
        else if (is && !was)
            out->run[out->n_runs++].lo = v;
        if (is && *is_provable)
            out->run[out->n_runs - 1].hi = v;
        was = is;
    }
    *is_provable = *is_provable && out->n_runs > 0;
    return SKA_OK;
}

enum ska_status disclosure_add_needed(struct disclosure_pattern *p, uint32_t figure,
                                      const struct disclosure_interval *hidden)
{
    struct ska_needed found = {.figure = figure};
    bool is_provable = false;
    uint64_t total = p->shown[figure];
    p->reason[figure] = SKA_HIDDEN_COMPLEMENT;
    enum ska_status status = disclosure_propagate_part(p, p->part[figure]);
    const struct disclosure_interval now = p->interval[figure];
    if (status == SKA_OK && now.hi - now.lo < SKA_NEEDED_WIDTH_MAX && now.hi <= INT64_MAX) {
        p->reason[figure] = 0;
        status =
            find_runs(&found, &is_provable, p, figure, (uint64_t)now.lo, (uint64_t)now.hi, hidden);
        p->shown[figure] = total;
        p->reason[figure] = SKA_HIDDEN_COMPLEMENT;
    }
    if (is_provable && ska_needed_has(&found, total))
        p->needed[p->n_needed++] = found;
    return status == SKA_E_RULE ? SKA_OK : status;
}

/* What the gate says of a part, with these, and perhaps of what nothing is left to hide beside. */
static enum ska_status ask(struct disclosure_pattern *p, uint32_t number, bool keeps_stranded,
                           const struct ska_needed *needed, uint32_t n)
{
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate found = {0};
    const struct gate_part part = disclosure_part(p, number);
    struct gate_view view = disclosure_view(p, &part);
    view.needed = needed;
    view.n_needed = n;
    view.keeps_stranded = keeps_stranded;
    return gate_task_certify(&found, p->fails, NULL, &view);
}

/* Of those of one part: all of them, or else one after the other as long as the gate passes. Where
 * even what nothing is left to hide beside has its tables without them, it keeps them. */
static enum ska_status keep_of_part(struct ska_needed *kept, uint32_t *n_kept,
                                    struct disclosure_pattern *p, uint32_t part)
{
    uint32_t n = 0, first = *n_kept;
    for (uint32_t i = 0; i < p->n_needed; i++)
        if (p->part[p->needed[i].figure] == part)
            kept[first + n++] = p->needed[i];
    if (n == 0)
        return SKA_OK;
    enum ska_status status = ask(p, part, true, NULL, 0);
    if (status == SKA_E_MEMORY)
        return status;
    const bool keeps_stranded = status == SKA_OK;
    status = ask(p, part, keeps_stranded, kept + first, n);
    if (status == SKA_E_MEMORY)
        return status;
    *n_kept += status == SKA_OK ? n : 0;
    if (status == SKA_OK)
        return SKA_OK;
    for (uint32_t i = 0; i < n; i++) {
        kept[*n_kept] = kept[first + i]; /* at or after it */
        status = ask(p, part, keeps_stranded, kept + first, *n_kept - first + 1);
        if (status == SKA_E_MEMORY)
            return status;
        *n_kept += status == SKA_OK;
    }
    return SKA_OK;
}

static int by_figure(const void *a, const void *b)
{
    const struct ska_needed *x = a, *y = b;
    return x->figure < y->figure ? -1 : x->figure > y->figure;
}

enum ska_status disclosure_keep_needed(struct disclosure_pattern *p)
{
    SKA_SCOPED(ska_scoped_free) struct ska_needed *kept = NULL;
    uint32_t n = 0;
    if (p->n_needed == 0)
        return SKA_OK;
    kept = ska_alloc(p->n_needed, sizeof *kept);
    if (kept == NULL)
        return SKA_E_MEMORY;
    qsort(p->needed, p->n_needed, sizeof *p->needed, by_figure);
    for (uint32_t part = 0; part < p->n_parts; part++)
        SKA_TRY(keep_of_part(kept, &n, p, part));
    qsort(kept, n, sizeof *kept, by_figure);
    memcpy(p->needed, kept, n * sizeof *kept);
    p->n_needed = n;
    return SKA_OK;
}
