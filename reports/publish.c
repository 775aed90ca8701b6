/* SPDX-License-Identifier: EUPL-1.2 */
/* publish.c - one period's bundle and pages. */
#include "reports/publish.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/auditsum.h"
#include "crypto/merkle.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"
#include "protocol/rounding.h"
#include "protocol/suppression.h"
#include "reports/data/tables.h"
#include "reports/disclosure/correction.h"
#include "reports/disclosure/disclosure.h"
#include "reports/pages/page.h"
#include "reports/publish_log.h"
#include "reports/release.h"
#include "support/file.h"
#include "support/language.h"

/* Suppression --------------------------------------------------------------------------------- */

/* Encoded and kept in the period's folder. */
static enum ska_status keep_certificate(const struct period *p, const struct ska_certificate *c,
                                        struct ska_error *err)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_certificate_encode(&w, c);
    SKA_TRY(ska_writer_status(&w));
    return period_write(p, "certificate", (struct ska_slice){w.data, w.len}, false, err);
}

/* That the gate lets nothing of it be released: the next correction may pass it over. */
static enum ska_status keep_unprotected(const struct period *p)
{
    static const char text[] = "cannot be protected\n";
    return period_write(p, "unprotected",
                        (struct ska_slice){(const uint8_t *)text, sizeof text - 1}, false, NULL);
}

/* Likewise, if figures are rounded. */
static enum ska_status keep_rounding(const struct period *p, const struct ska_suppression *pattern,
                                     const struct publish_proof *of, const uint64_t *shown,
                                     struct ska_error *err)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    enum ska_status status = publish_rounding(&w, pattern, of, shown);
    if (status != SKA_OK)
        return ska_fail(
            err, status,
            tr("beviset för de avrundade talen: %s", "the proof of the rounded figures: %s"),
            ska_status_text(status));
    return w.len > 0 ? period_write(p, "rounding", (struct ska_slice){w.data, w.len}, false, err)
                     : SKA_OK;
}

/* What the pattern is decided and proven from: everything of the publisher's, with the differences
 * of blocks. Owned. Valid when zeroed. */
struct secrets {
    const struct ska_linked *linked; /* borrowed */
    uint64_t *total;                 /* n_listed; secret */
    ska_scalar *blinding;            /* n_listed; secret */
    ska_point *sum;                  /* n_listed */
    uint64_t *shown;                 /* n_listed: what is published of open ones; secret */
};

static void secrets_clear(struct secrets *s)
{
    size_t n = s->linked != NULL ? s->linked->n_listed : 0;
    ska_wipe_free(s->total, n * sizeof *s->total);
    ska_wipe_free(s->blinding, n * sizeof *s->blinding);
    free(s->sum);
    ska_wipe_free(s->shown, s->linked != NULL ? s->linked->n_listed * sizeof *s->shown : 0);
}

/* The contributors that are counted; the caller frees *out. */
static enum ska_status find_counted(uint32_t **out, size_t *n, const struct ska_accepted *list)
{
    uint32_t *at = ska_alloc((size_t)list->n + 1, sizeof *at);
    if (at == NULL)
        return SKA_E_MEMORY;
    *n = 0;
    for (uint32_t i = 0; i < list->n; i++)
        if (ska_accepted_is_counted(list, i))
            at[(*n)++] = list->at[i].contributor;
    *out = at;
    return SKA_OK;
}

/* What the release is linked with, and the system of both. */
static enum ska_status link_release(struct publish_material *m, const struct period *p,
                                    struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint32_t *counted = NULL;
    size_t n = 0;
    SKA_TRY(find_counted(&counted, &n, &m->list));
    SKA_TRY(linking_load(&m->linking, p, &m->list, err));
    return linking_system(&m->linked, &m->linking, p, counted, n);
}

static enum ska_status fill_secrets(struct secrets *s, const struct publish_material *m)
{
    const struct ska_linked *l = m->linked;
    const struct collect_result *r = &m->result;
    const struct collect_sums *sums = &m->sums;
    s->linked = l;
    s->total = ska_alloc(l->n_listed, sizeof *s->total);
    s->blinding = ska_alloc(l->n_listed, sizeof *s->blinding);
    s->sum = aligned_alloc(_Alignof(ska_point), l->n_listed * sizeof *s->sum);
    if (s->total == NULL || s->blinding == NULL || s->sum == NULL)
        return SKA_E_MEMORY;
    memcpy(s->total, r->total, r->n_figures * sizeof *s->total);
    memcpy(s->blinding, r->blinding, r->n_figures * sizeof *s->blinding);
    for (uint32_t j = 0; j < r->n_figures; j++)
        ska_point_add(&s->sum[j], &sums->v[0][j], &sums->v[1][j]);
    SKA_TRY(linking_add_up(s->total, s->blinding, s->sum, &m->linking, l, r, sums));
    ska_suppression_subtract(s->sum, l);
    for (uint32_t f = l->n_published; f < l->n_listed; f++) {
        const struct ska_block *block = &l->blocks[ska_linked_block(l, f)];
        uint32_t cell = f % l->n_cells;
        ska_scalar_sub(&s->blinding[f], &s->blinding[block->plus * l->n_cells + cell],
                       &s->blinding[block->minus * l->n_cells + cell]);
    }
    return disclosure_subtract(s->total, l);
}

/* By published figure: hidden in what is corrected, or in the roll-up as it was. */
static enum ska_status find_kept(uint8_t **out, const struct period *p,
                                 const struct publish_material *m, struct ska_error *err)
{
    SKA_SCOPED(correction_clear) struct correction correction = {0};
    SKA_TRY(correction_load(&correction, p, err));
    *out = ska_alloc(m->linked->n_published, 1);
    if (*out == NULL)
        return SKA_E_MEMORY;
    if (correction.kept != NULL)
        memcpy(*out, correction.kept, p->task->n_figures);
    linking_keep(*out, &m->linking, p->task->n_figures);
    return SKA_OK;
}

enum ska_status publish_suppression(uint8_t **encoded, size_t *len, const struct period *p,
                                    const struct publish_material *m, struct ska_error *err)
{
    if (period_has(p, "suppression"))
        return period_read(encoded, len, p, "suppression", false, err);
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression pattern = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate certificate = {0};
    SKA_SCOPED(secrets_clear) struct secrets s = {0};
    SKA_SCOPED(ska_scoped_free) uint8_t *kept = NULL;
    SKA_TRY(fill_secrets(&s, m));
    SKA_TRY(publish_shown(&s.shown, p, s.linked, s.total, s.linked->n_listed, err));
    SKA_TRY(find_kept(&kept, p, m, err));
    const struct disclosure_input input = {.linked = s.linked,
                                           .policy = p->task->parameters.policy,
                                           .totals = s.total,
                                           .shown = s.shown,
                                           .kept = kept};
    enum ska_status status = disclosure_decide(&pattern, &certificate, NULL, &input, err);
    if (status == SKA_E_STATE)
        SKA_TRY(keep_unprotected(p));
    SKA_TRY(status);
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    const struct publish_proof proof = {p->task,    s.linked, s.total,
                                        s.blinding, s.sum,    collect_count(&m->list)};
    status = publish_prove(&w, &pattern, &proof);
    if (status != SKA_OK)
        return ska_fail(
            err, status,
            tr("beviset för de dolda värdena: %s", "the proof of the hidden values: %s"),
            ska_status_text(status));
    SKA_TRY(keep_certificate(p, &certificate, err));
    SKA_TRY(keep_rounding(p, &pattern, &proof, s.shown, err));
    SKA_TRY(period_write(p, "suppression", (struct ska_slice){w.data, w.len}, false, err));
    return ska_writer_take(encoded, len, &w);
}

/* Openings ------------------------------------------------------------------------------------ */

enum ska_status publish_openings(struct ska_writer *w, const struct figures *f,
                                 const struct collect_result *r, const struct ska_task *task)
{
    SKA_SCOPED(ska_openings_clear) struct ska_openings o = {0};
    size_t xr_len = (size_t)r->n_figures * 64;
    SKA_SCOPED(ska_scoped_free) uint8_t(*leaves)[32] = ska_alloc(r->n_figures, 32);
    SKA_SCOPED(ska_scoped_free)
    uint8_t(*tree)[32] = ska_alloc(ska_merkle_tree_len(r->n_figures), 32);
    SKA_SCOPED(ska_scoped_free)
    uint8_t(*paths)[32] = ska_alloc(r->n_figures, (size_t)2 * SKA_MERKLE_PATH_MAX * 32);
    o.at = ska_alloc(r->n_figures, sizeof *o.at);
    if (leaves == NULL || tree == NULL || paths == NULL || o.at == NULL)
        return SKA_E_MEMORY;
    for (uint32_t j = 0; j < r->n_figures; j++)
        if (f->reason[j] == 0 &&
            !ska_policy_rounds(&task->parameters.policy, ska_figure_cell(task, j)))
            o.at[o.n++].figure = j;
    for (size_t k = 0; k < 2; k++) {
        const uint8_t *xr = r->share[k].data;
        for (uint32_t j = 0; j < r->n_figures; j++)
            ska_aggregate_leaf(leaves[j], j, xr + (size_t)j * 64);
        ska_merkle_root(o.root[k], (const uint8_t(*)[32])leaves, r->n_figures);
        ska_merkle_tree(tree, (const uint8_t(*)[32])leaves, r->n_figures);
        memcpy(o.signature[k], xr + xr_len, SKA_SIGNATURE_BYTES);
        for (uint32_t i = 0; i < o.n; i++) {
            struct ska_opening_half *half = &o.at[i].by[k];
            uint8_t(*path)[32] = paths + (2 * (size_t)i + k) * SKA_MERKLE_PATH_MAX;
            size_t path_len = 0;
            ska_merkle_tree_path(path, &path_len, (const uint8_t(*)[32])tree, r->n_figures,
                                 o.at[i].figure);
            memcpy(half->xr, xr + (size_t)o.at[i].figure * 64, 64);
            half->path_len = (uint8_t)path_len;
            half->path = (const uint8_t(*)[32])path;
        }
    }
    ska_openings_encode(w, &o);
    return ska_writer_status(w);
}

/* Bundle -------------------------------------------------------------------------------------- */

/* Files of a bundle in order. Data borrowed but for what `owned` frees. Valid when zeroed. */
struct parts {
    size_t n;
    struct ska_bundle_file *files; /* owned */
    uint8_t **owned;               /* owned, one for each file, may be NULL */
};

static void parts_clear(struct parts *parts)
{
    for (size_t i = 0; i < parts->n; i++)
        free(parts->owned[i]);
    free(parts->files);
    free(parts->owned);
    *parts = (struct parts){0};
}

static enum ska_status parts_init(struct parts *parts, size_t room)
{
    parts->files = ska_alloc(room, sizeof *parts->files);
    parts->owned = ska_alloc(room, sizeof *parts->owned);
    return parts->files == NULL || parts->owned == NULL ? SKA_E_MEMORY : SKA_OK;
}

/* Takes over `owned` (may be NULL). */
static void parts_add(struct parts *parts, const char *name, struct ska_slice data, uint8_t *owned)
{
    (void)snprintf(parts->files[parts->n].name, sizeof parts->files[parts->n].name, "%s",
                   name); /* our names are short */
    parts->files[parts->n].data = data;
    parts->owned[parts->n++] = owned;
}

static enum ska_status parts_take(struct parts *parts, const char *name, struct ska_writer *w)
{
    uint8_t *data = NULL;
    size_t len = 0;
    SKA_TRY(ska_writer_take(&data, &len, w));
    parts_add(parts, name, (struct ska_slice){data, len}, data);
    return SKA_OK;
}

static enum ska_status add_submission_files(struct parts *parts, const struct period *p,
                                            const struct ska_accepted *list, struct ska_error *err)
{
    for (uint32_t i = 0; i < list->n; i++) {
        char name[32];
        uint8_t *data = NULL;
        size_t len = 0;
        if (!ska_accepted_is_counted(list, i))
            continue;
        (void)snprintf(name, sizeof name, "submissions/%05" PRIu32, list->at[i].contributor);
        SKA_TRY(period_read(&data, &len, p, name, false, err));
        parts_add(parts, name, (struct ska_slice){data, len}, data);
    }
    return SKA_OK;
}

/* As it was fetched. */
static enum ska_status add_log(struct parts *parts, const struct period *p, struct ska_error *err)
{
    for (size_t i = 0; ska_parameters_have_log(&p->task->parameters) && i < SKA_BUNDLE_LOG_FILES;
         i++) {
        uint8_t *data = NULL;
        size_t len = 0;
        SKA_TRY(period_read(&data, &len, p, publish_log_files[i], false, err));
        parts_add(parts, ska_bundle_log_names[i], (struct ska_slice){data, len}, data);
    }
    return SKA_OK;
}

/* A table as JSON-stat and PX, under these names. */
static enum ska_status add_data(struct parts *parts, const char *json_name, const char *px_name,
                                const struct figures *f, const struct ska_task *task, bool is_year)
{
    SKA_SCOPED(dataset_clear) struct dataset d = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer json = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer px = {0};
    SKA_TRY(table_of_release(&d, f, task, is_year));
    dataset_jsonstat(&json, &d, true);
    SKA_TRY(parts_take(parts, json_name, &json));
    dataset_px(&px, &d, DATASET_UTF_8);
    return parts_take(parts, px_name, &px);
}

static enum ska_status add_texts(struct parts *parts, const struct figures *f,
                                 const struct page_release *page)
{
    const struct ska_task *task = page->task;
    SKA_SCOPED(ska_writer_clear) struct ska_writer table = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer sv = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer en = {0};
    SKA_TRY(figures_table(&table, f, page->year, task));
    SKA_TRY(parts_take(parts, "table.csv", &table));
    SKA_TRY(add_data(parts, "table.json", "table.px", f, task, false));
    if (page->year != NULL)
        SKA_TRY(add_data(parts, "year.json", "year.px", page->year, task, true));
    page_write_release(&sv, page, true);
    SKA_TRY(parts_take(parts, "page.sv.html", &sv));
    page_write_release(&en, page, false);
    return parts_take(parts, "page.en.html", &en);
}

void publish_material_clear(struct publish_material *m)
{
    ska_accepted_clear(&m->list);
    free(m->signed_list);
    collect_result_clear(&m->result);
    collect_sums_clear(&m->sums);
    figures_clear(&m->figures);
    figures_clear(&m->year);
    linking_clear(&m->linking);
    ska_linked_free(m->linked);
    free(m->suppression);
    free(m->certificate);
    free(m->rounding);
    *m = (struct publish_material){0};
}

/* The roll-up's figures, and which of them are none. */
static enum ska_status init_year(struct publish_material *m, const struct period *p,
                                 const struct ska_suppression *pattern, struct ska_error *err)
{
    uint32_t n = m->result.n_figures;
    uint64_t *total = ska_alloc((size_t)2 * n, sizeof *total), *shown = NULL;
    if (total == NULL)
        return SKA_E_MEMORY;
    enum ska_status status =
        linking_add_up(total, NULL, NULL, &m->linking, m->linked, &m->result, &m->sums);
    if (status == SKA_OK)
        status = publish_shown(&shown, p, m->linked, total, (size_t)2 * n, err);
    if (status == SKA_OK)
        status = figures_init_year(&m->year, n, shown, pattern);
    ska_wipe_free(total, (size_t)2 * n * sizeof *total);
    ska_wipe_free(shown, (size_t)2 * n * sizeof *shown);
    for (uint32_t j = 0; status == SKA_OK && j < n; j++)
        if (ska_linked_is_absent(m->linked, n + j))
            m->year.reason[j] = FIGURES_MISSING;
    if (status == SKA_OK)
        figures_tell_whole(&m->year, p->task->layout);
    return status;
}

/* What was decided for a preview or an earlier draft is decided anew: since then other periods may
 * have been released. */
static enum ska_status forget_pattern(const struct period *p, struct ska_error *err)
{
    static const char *const names[] = {"suppression", "certificate", "year-figures",
                                        "rounding",    "linked-with", "unprotected"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        SKA_TRY(period_remove(p, names[i], err));
    return SKA_OK;
}

/* What a pattern that is kept was decided with: the releases it was linked with. Kept before the
 * pattern. */
static enum ska_status keep_basis(const struct period *p, const struct linking *l,
                                  struct ska_error *err)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_earlier_encode(&w, &l->list);
    SKA_TRY(ska_writer_status(&w));
    return period_write(p, "linked-with", (struct ska_slice){w.data, w.len}, false, err);
}

/* A pattern decided before other periods were released is forgotten. */
static enum ska_status follow_basis(const struct publish_material *m, const struct period *p,
                                    struct ska_error *err)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer list = {0};
    SKA_SCOPED(ska_scoped_free) uint8_t *kept = NULL;
    size_t len = 0;
    if (!period_has(p, "suppression") || !period_has(p, "linked-with"))
        return keep_basis(p, &m->linking, err);
    SKA_TRY(period_read(&kept, &len, p, "linked-with", false, err));
    ska_earlier_encode(&list, &m->linking.list);
    SKA_TRY(ska_writer_status(&list));
    if (len == list.len && memcmp(kept, list.data, len) == 0)
        return SKA_OK;
    SKA_TRY(forget_pattern(p, err));
    return keep_basis(p, &m->linking, err);
}

enum ska_status publish_load(struct publish_material *m, const struct period *p,
                             struct ska_error *err)
{
    SKA_TRY(collect_load(&m->result, p, err));
    SKA_TRY(collect_read_accepted(&m->list, &m->signed_list, &m->signed_list_len, m->hash, p, err));
    SKA_TRY(collect_load_sums(&m->sums, p, err));
    SKA_TRY(
        collect_check_share(m->result.share[0], SKA_ROLE_LEADER, &m->sums, m->hash, p->task, err));
    SKA_TRY(
        collect_check_share(m->result.share[1], SKA_ROLE_HELPER, &m->sums, m->hash, p->task, err));
    m->n_counted = collect_count(&m->list);
    if (m->n_counted < p->task->parameters.policy.min_contributors)
        return ska_fail(err, SKA_E_BATCH_SIZE,
                        tr("%s: %u inlämningar räcker inte för att ge ut", /* never released */
                           "%s: %u submissions are too few to publish"),
                        p->name, m->n_counted);
    SKA_TRY(link_release(m, p, err));
    SKA_TRY(follow_basis(m, p, err));
    SKA_TRY(publish_suppression(&m->suppression, &m->suppression_len, p, m, err));
    SKA_TRY(period_read(&m->certificate, &m->certificate_len, p, "certificate", false, err));
    if (p->task->parameters.policy.rounding != 0)
        SKA_TRY(period_read(&m->rounding, &m->rounding_len, p, "rounding", false, err));
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression pattern = {0};
    SKA_TRY(
        ska_suppression_decode(&pattern, (struct ska_slice){m->suppression, m->suppression_len}));
    uint64_t *shown = NULL;
    enum ska_status status =
        publish_shown(&shown, p, m->linked, m->result.total, p->task->n_figures, err);
    if (status == SKA_OK)
        status = figures_init(&m->figures, p->task->n_figures, shown, &pattern);
    ska_wipe_free(shown, p->task->n_figures * sizeof *shown);
    SKA_TRY(status);
    figures_tell_whole(&m->figures, p->task->layout);
    return m->linking.has_year ? init_year(m, p, &pattern, err) : SKA_OK;
}

/* Which earlier releases this one is linked with, and the openings of the roll-up. */
static enum ska_status add_linked(struct parts *parts, const struct publish_material *m,
                                  const struct ska_task *task)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer list = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer openings = {0};
    if (m->linking.n == 0)
        return SKA_OK;
    ska_earlier_encode(&list, &m->linking.list);
    SKA_TRY(parts_take(parts, "earlier", &list));
    if (!m->linking.has_year)
        return SKA_OK;
    SKA_TRY(linking_openings(&openings, &m->linking, &m->year, task, &m->result));
    return parts_take(parts, "year", &openings);
}

static enum ska_status fill_parts(struct parts *parts, const struct period *p,
                                  const struct publish_material *m, struct ska_error *err)
{
    static const char mark[] = "skarva bundle 1\n";
    SKA_SCOPED(ska_writer_clear) struct ska_writer openings = {0};
    SKA_TRY(parts_init(parts, (size_t)m->n_counted + 20 + SKA_BUNDLE_LOG_FILES));
    parts_add(parts, "bundle", (struct ska_slice){(const uint8_t *)mark, sizeof mark - 1}, NULL);
    parts_add(parts, "parameters", (struct ska_slice){p->signed_bytes, p->signed_len}, NULL);
    parts_add(parts, "accepted", (struct ska_slice){m->signed_list, m->signed_list_len}, NULL);
    SKA_TRY(add_submission_files(parts, p, &m->list, err));
    SKA_TRY(add_log(parts, p, err));
    SKA_TRY(publish_openings(&openings, &m->figures, &m->result, p->task));
    SKA_TRY(parts_take(parts, "aggregates", &openings));
    parts_add(parts, "suppression", (struct ska_slice){m->suppression, m->suppression_len}, NULL);
    parts_add(parts, "certificate", (struct ska_slice){m->certificate, m->certificate_len}, NULL);
    if (m->rounding != NULL)
        parts_add(parts, "rounding", (struct ska_slice){m->rounding, m->rounding_len}, NULL);
    if (correction_is(p)) {
        uint8_t *changes = NULL;
        size_t len = 0;
        SKA_TRY(period_read(&changes, &len, p, "changes", false, err));
        parts_add(parts, "changes", (struct ska_slice){changes, len}, changes);
    }
    SKA_TRY(add_linked(parts, m, p->task));
    struct page_release page = {.task = p->task,
                                .figures = &m->figures,
                                .year = m->linking.has_year ? &m->year : NULL,
                                .n_counted = m->n_counted};
    period_read_collected_on(page.collected_on, p);
    return add_texts(parts, &m->figures, &page);
}

enum ska_status publish_draft(const struct period *p, const struct ska_release_place *place,
                              struct ska_error *err)
{
    SKA_SCOPED(publish_material_clear) struct publish_material m = {0};
    SKA_SCOPED(parts_clear) struct parts parts = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer figures = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer year = {0};
    SKA_TRY(forget_pattern(p, err));
    SKA_TRY(publish_load(&m, p, err));
    SKA_TRY(fill_parts(&parts, p, &m, err));
    SKA_TRY(figures_encode(&figures, &m.figures, p->task->layout, &p->task->parameters.groups));
    if (m.linking.has_year) {
        SKA_TRY(figures_encode(&year, &m.year, p->task->layout, &p->task->parameters.groups));
        SKA_TRY(
            period_write(p, "year-figures", (struct ska_slice){year.data, year.len}, false, err));
    }
    return release_keep_draft(p, place, parts.files, parts.n,
                              (struct ska_slice){figures.data, figures.len}, err);
}
