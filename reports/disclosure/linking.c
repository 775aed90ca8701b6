/* SPDX-License-Identifier: EUPL-1.2 */
/* linking.c - the earlier releases that a release is linked with, from the publisher's folder. */
#include "reports/disclosure/linking.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/rounding.h"
#include "reports/disclosure/correction.h"
#include "reports/ledger.h"
#include "support/language.h"

void linking_clear(struct linking *l)
{
    for (uint32_t i = 0; l->frozen != NULL && i < l->n; i++)
        ska_frozen_clear(&l->frozen[i]);
    for (size_t i = 0; l->bytes != NULL && i < l->n_bytes; i++)
        free(l->bytes[i]);
    for (size_t k = 0; k < SKA_YEAR_PARTS_MAX; k++) {
        collect_result_clear(&l->parts[k].result);
        collect_sums_clear(&l->parts[k].sums);
    }
    free(l->frozen);
    free(l->bytes);
    free(l->changed);
    *l = (struct linking){0};
}

/* Which releases ----------------------------------------------------------------------------------
 */

/* Whether a release is of the year and cadence of a period. */
static bool is_of_year(const struct release_day *r, const struct period *p)
{
    enum ska_cadence cadence;
    uint32_t year, part;
    return ska_period_parse(&cadence, &year, &part, r->period) == SKA_OK &&
           cadence == p->task->parameters.cadence && memcmp(r->period, p->base, 4) == 0;
}

/* Read a release and keep it, if it is like the period's own task. */
static enum ska_status take_release(struct linking *l, const struct period *p,
                                    const struct release_day *r, struct ska_error *err)
{
    SKA_SCOPED(period_clear) struct period before = {0};
    SKA_SCOPED(ska_frozen_clear) struct ska_frozen frozen = {0};
    char name[PERIOD_NAME_MAX + 1];
    size_t len = 0;
    bool is_alike = false;
    period_name(name, r->period, r->revision);
    SKA_TRY(period_load(&before, p->collection, name, err));
    uint8_t **bytes = &l->bytes[l->n_bytes];
    SKA_TRY(period_read(bytes, &len, &before, "bundle", false, err));
    l->n_bytes++;
    SKA_TRY(ska_frozen_read(&frozen, (struct ska_slice){*bytes, len}, err));
    if (memcmp(frozen.sha256, r->bundle_sha256, 32) != 0)
        return ska_fail(err, SKA_E_MISMATCH,
                        tr("%s/bundle är inte det paket som gavs ut; hämta det från webbplatsen, "
                           "bundles/%s-%s.tar",
                           "%s/bundle is not the bundle that was released; fetch it from the site, "
                           "bundles/%s-%s.tar"),
                        before.folder, p->task->parameters.collection, name);
    SKA_TRY(ska_frozen_are_alike(&is_alike, p->task, frozen.task));
    if (!is_alike)
        return SKA_OK;
    l->frozen[l->n++] = frozen;
    frozen = (struct ska_frozen){0};
    return SKA_OK;
}

/* Where nothing is added up, earlier releases tell nothing about this one. */
static void forget_unlinked(struct linking *l, const struct period *p)
{
    if (ska_earlier_is_linked(p->task, l->frozen, l->n))
        return;
    for (uint32_t i = 0; i < l->n; i++)
        ska_frozen_clear(&l->frozen[i]);
    l->n = 0;
}

static void name_all(struct linking *l)
{
    l->list.n = l->n;
    for (uint32_t i = 0; i < l->n; i++) {
        struct ska_earlier_entry *e = &l->list.at[i];
        const struct ska_parameters *p = &l->frozen[i].task->parameters;
        memcpy(e->period, p->period, sizeof e->period);
        e->revision = p->revision;
        memcpy(e->task_id, l->frozen[i].task->context.task_id, 32);
        memcpy(e->sha256, l->frozen[i].sha256, 32);
    }
}

static enum ska_status find_releases(struct linking *l, const struct period *p,
                                     struct ska_error *err)
{
    SKA_SCOPED(ledger_clear) struct ledger ledger = {0};
    SKA_TRY(ledger_load(&ledger, p->collection, err));
    l->frozen = ska_alloc(ledger.n + 1, sizeof *l->frozen);
    l->bytes = ska_alloc(ledger.n + 1, sizeof *l->bytes);
    if (l->frozen == NULL || l->bytes == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < ledger.n; i++) {
        const struct release_day *r = &ledger.at[i];
        if (strcmp(r->period, p->base) == 0 && r->revision == p->revision)
            break; /* released itself: what came after tells nothing */
        if (!is_of_year(r, p))
            continue;
        if (l->n == SKA_EARLIER_MAX)
            return ska_fail(
                err, SKA_E_LIMIT,
                tr("%s: fler än %u tidigare utgåvor under året; ändringen kan inte ges "
                   "ut som ännu en rättelse",
                   "%s: more than %u earlier releases in the year; the change cannot be "
                   "released as one more correction"),
                p->name, SKA_EARLIER_MAX);
        SKA_TRY(take_release(l, p, r, err));
    }
    forget_unlinked(l, p);
    name_all(l);
    return SKA_OK;
}

/* Changes and parts -------------------------------------------------------------------------------
 */

static enum ska_status count_changes(struct linking *l, const struct period *p,
                                     const struct ska_accepted *list, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *changes = NULL;
    size_t len = 0;
    SKA_TRY(ska_frozen_link(l->frozen, l->n));
    for (uint32_t i = 0; i < l->n && correction_is(p); i++) {
        const struct ska_frozen *before = &l->frozen[i];
        if (memcmp(before->task->context.task_id, p->task->context.previous_task_id, 32) != 0)
            continue;
        SKA_TRY(period_read(&changes, &len, p, "changes", false, err));
        return ska_frozen_count_changes(&l->changed, p->task, (struct ska_slice){changes, len},
                                        &before->accepted, list);
    }
    return SKA_OK;
}

static enum ska_status load_parts(struct linking *l, const struct period *p, struct ska_error *err)
{
    for (uint32_t k = 0; k < l->n_parts; k++) {
        SKA_SCOPED(period_clear) struct period part = {0};
        char name[PERIOD_NAME_MAX + 1];
        if (l->part[k] == l->n)
            continue;
        const struct ska_parameters *of = &l->frozen[l->part[k]].task->parameters;
        period_name(name, of->period, of->revision);
        SKA_TRY(period_load_open(&part, p->collection, name, err));
        SKA_TRY(collect_load(&l->parts[k].result, &part, err));
        SKA_TRY(collect_load_sums(&l->parts[k].sums, &part, err));
    }
    return SKA_OK;
}

enum ska_status linking_load(struct linking *l, const struct period *p,
                             const struct ska_accepted *list, struct ska_error *err)
{
    SKA_TRY(find_releases(l, p, err));
    SKA_TRY(count_changes(l, p, list, err));
    l->has_year = ska_year_parts(l->part, &l->n_parts, p->task, l->frozen, l->n);
    memcpy(l->year, p->base, 4);
    return l->has_year ? load_parts(l, p, err) : SKA_OK;
}

enum ska_status linking_system(struct ska_linked **out, const struct linking *l,
                               const struct period *p, const uint32_t *counted, size_t n_counted)
{
    const struct ska_release_figures of = {.task = p->task,
                                           .counted = counted,
                                           .n_counted = n_counted,
                                           .frozen = l->frozen,
                                           .n_frozen = l->n,
                                           .changed = l->changed};
    return ska_linked_of_release(out, NULL, &of);
}

/* Sums over the parts -----------------------------------------------------------------------------
 */

enum ska_status linking_add_up(uint64_t *total, ska_scalar *blinding, ska_point *sum,
                               const struct linking *l, const struct ska_linked *linked,
                               const struct collect_result *r, const struct collect_sums *sums)
{
    uint32_t n = r->n_figures;
    for (uint32_t j = 0; j < n && l->has_year; j++) {
        if (total != NULL)
            total[n + j] = 0;
        if (blinding != NULL)
            blinding[n + j] = (ska_scalar){0};
        if (sum != NULL)
            ska_point_set_identity(&sum[n + j]);
        if (ska_linked_is_absent(linked, n + j))
            continue;
        for (uint32_t k = 0; k < l->n_parts; k++) {
            const struct collect_result *part = l->part[k] == l->n ? r : &l->parts[k].result;
            const struct collect_sums *v = l->part[k] == l->n ? sums : &l->parts[k].sums;
            if (total != NULL &&
                __builtin_add_overflow(total[n + j], part->total[j], &total[n + j]))
                return SKA_E_LIMIT;
            if (blinding != NULL)
                ska_scalar_add(&blinding[n + j], &blinding[n + j], &part->blinding[j]);
            for (size_t who = 0; sum != NULL && who < 2; who++)
                ska_point_add(&sum[n + j], &sum[n + j], &v->v[who][j]);
        }
    }
    return SKA_OK;
}

void linking_keep(uint8_t *kept, const struct linking *l, uint32_t n_figures)
{
    for (uint32_t i = l->n; l->has_year && i > 0; i--) {
        const struct ska_frozen *f = &l->frozen[i - 1];
        if (!f->has_year)
            continue;
        for (uint32_t h = 0; h < f->n_hidden; h++)
            if (f->hidden[h].figure >= n_figures && f->hidden[h].figure < 2 * n_figures)
                kept[f->hidden[h].figure] = 1;
        return;
    }
}

/* One aggregator's (x, r) of a figure, added up over the parts. */
static enum ska_status add_openings(uint8_t out[static 64], const struct linking *l,
                                    uint32_t figure, size_t who, const struct collect_result *r)
{
    ska_scalar x = {0}, blinding = {0}, part_x, part_r;
    for (uint32_t k = 0; k < l->n_parts; k++) {
        const struct collect_result *part = l->part[k] == l->n ? r : &l->parts[k].result;
        const uint8_t *xr = part->share[who].data + (size_t)64 * figure;
        SKA_TRY(ska_scalar_decode(&part_x, xr));
        SKA_TRY(ska_scalar_decode(&part_r, xr + 32));
        ska_scalar_add(&x, &x, &part_x);
        ska_scalar_add(&blinding, &blinding, &part_r);
    }
    ska_scalar_encode(out, &x);
    ska_scalar_encode(out + 32, &blinding);
    return SKA_OK;
}

enum ska_status linking_openings(struct ska_writer *w, const struct linking *l,
                                 const struct figures *year, const struct ska_task *task,
                                 const struct collect_result *r)
{
    SKA_SCOPED(ska_year_openings_clear) struct ska_year_openings o = {0};
    o.at = ska_alloc((size_t)year->n + 1, sizeof *o.at);
    if (o.at == NULL)
        return SKA_E_MEMORY;
    for (uint32_t j = 0; j < year->n; j++) {
        if (year->reason[j] != 0 ||
            ska_policy_rounds(&task->parameters.policy, ska_figure_cell(task, j)))
            continue;
        o.at[o.n].figure = task->n_figures + j;
        for (size_t who = 0; who < 2; who++)
            SKA_TRY(add_openings(o.at[o.n].xr[who], l, j, who, r));
        o.n++;
    }
    ska_year_openings_encode(w, &o);
    return ska_writer_status(w);
}
