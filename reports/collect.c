/* SPDX-License-Identifier: EUPL-1.2 */
/* collect.c - the checks of a collection: list, submissions, aggregate shares. */
#include "reports/collect.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/auditsum.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"
#include "protocol/figure.h"
#include "support/language.h"

#define XR_BYTES 64

static const char *aggregator_name(enum ska_role role)
{
    return role == SKA_ROLE_LEADER ? tr("ledaren", "the leader") : tr("hjälparen", "the helper");
}

/* The list ------------------------------------------------------------------------------------ */

enum ska_status collect_check_accepted(struct ska_accepted *list, uint8_t hash[static 32],
                                       struct ska_slice bytes, const struct ska_task *task,
                                       struct ska_error *err)
{
    struct ska_signed_accepted s;
    if (ska_signed_accepted_decode(&s, bytes) != SKA_OK ||
        ska_accepted_decode(list, s.list) != SKA_OK)
        return ska_fail(err, SKA_E_PEER,
                        tr("listan över mottagna inlämningar har inte rätt form",
                           "the list of accepted submissions does not have the right form"));
    const uint8_t *keys[2] = {task->parameters.leader_key, task->parameters.helper_key};
    const uint8_t *signatures[2] = {s.leader, s.helper};
    for (int k = 0; k < 2; k++)
        if (ska_accepted_verify(signatures[k], keys[k], s.list) != SKA_OK)
            return ska_fail(err, SKA_E_SIGNATURE,
                            tr("listan över mottagna inlämningar: underskriften från %s stämmer "
                               "inte",
                               "the list of accepted submissions: the signature of %s does not "
                               "hold"),
                            aggregator_name(k == 0 ? SKA_ROLE_LEADER : SKA_ROLE_HELPER));
    if (memcmp(list->task_id, task->context.task_id, 32) != 0 ||
        memcmp(list->parameters_hash, task->context.parameters_hash, 32) != 0)
        return ska_fail(err, SKA_E_TASK,
                        tr("listan över mottagna inlämningar hör till ett annat uppdrag",
                           "the list of accepted submissions belongs to another task"));
    for (uint32_t i = 0; i < list->n; i++)
        if (list->at[i].contributor >= task->parameters.roster.n)
            return ska_fail(err, SKA_E_ROSTER,
                            tr("listan över mottagna inlämningar: uppgiftslämnare %u finns inte",
                               "the list of accepted submissions: there is no contributor %u"),
                            list->at[i].contributor);
    ska_accepted_hash(hash, s.list);
    return SKA_OK;
}

enum ska_status collect_read_accepted(struct ska_accepted *list, uint8_t **signed_bytes,
                                      size_t *signed_len, uint8_t hash[static 32],
                                      const struct period *p, struct ska_error *err)
{
    SKA_TRY(period_read(signed_bytes, signed_len, p, "accepted", false, err));
    return collect_check_accepted(list, hash, (struct ska_slice){*signed_bytes, *signed_len},
                                  p->task, err);
}

uint32_t collect_count(const struct ska_accepted *list)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < list->n; i++)
        n += ska_accepted_is_counted(list, i);
    return n;
}

/* Submissions --------------------------------------------------------------------------------- */

enum ska_status collect_sums_new(struct collect_sums *sums, uint32_t n_figures)
{
    for (int k = 0; k < 2; k++) {
        sums->v[k] = aligned_alloc(_Alignof(ska_point), n_figures * sizeof(ska_point));
        if (sums->v[k] == NULL)
            return SKA_E_MEMORY;
        for (uint32_t j = 0; j < n_figures; j++)
            ska_point_set_identity(&sums->v[k][j]);
    }
    return SKA_OK;
}

void collect_sums_clear(struct collect_sums *sums)
{
    free(sums->v[0]);
    free(sums->v[1]);
    ska_groups_clear(&sums->kept);
    *sums = (struct collect_sums){0};
}

static enum ska_status check_submission(struct ska_public_share *share, struct ska_slice bytes,
                                        const struct ska_accepted_entry *entry,
                                        const struct ska_task *task)
{
    uint8_t hash[32];
    if (bytes.len < 16 || memcmp(bytes.data, entry->report_id, 16) != 0)
        return SKA_E_MISMATCH;
    struct ska_slice encoded = {bytes.data + 16, bytes.len - 16};
    ska_sha256(hash, encoded.data, encoded.len);
    if (encoded.len != entry->length || memcmp(hash, entry->sha256, 32) != 0)
        return SKA_E_MISMATCH;
    SKA_TRY(ska_public_share_decode(share, encoded, &task->statement));
    if (share->contributor != entry->contributor || share->number != entry->number)
        return SKA_E_MISMATCH;
    return ska_public_share_authenticate(share, &task->config, entry->report_id);
}

/* One cell's commitments, to every block that is summed and has the contributor. */
static void add_to_blocks(struct collect_sums *sums, const ska_point v[static 2], uint32_t cell,
                          uint32_t contributor, const struct ska_task *task)
{
    assert(sums->kept.n + 1 == task->n_blocks);
    for (uint32_t block = 0; block < task->n_blocks; block++) {
        uint32_t figure = block * task->layout->n_cells + cell;
        if (!ska_groups_has(&sums->kept, block, contributor))
            continue;
        ska_point_add(&sums->v[0][figure], &sums->v[0][figure], &v[0]);
        ska_point_add(&sums->v[1][figure], &sums->v[1][figure], &v[1]);
    }
}

enum ska_status collect_add_submission(struct collect_sums *sums, struct ska_slice bytes,
                                       const struct ska_accepted_entry *entry,
                                       const struct ska_task *task, struct ska_error *err)
{
    struct ska_public_share share;
    const char *name = task->parameters.roster.at[entry->contributor].name;
    enum ska_status status = check_submission(&share, bytes, entry, task);
    if (status != SKA_OK)
        return ska_fail(err, status,
                        tr("inlämningen från %s är inte den som servrarna skrev under: %s",
                           "the submission of %s is not the one the servers signed: %s"),
                        name, ska_status_text(status));
    for (uint32_t j = 0; j < task->layout->n_cells; j++) {
        ska_point v[2];
        if (ska_point_decode(&v[0], share.v1 + 32 * (size_t)j) != SKA_OK ||
            ska_point_decode(&v[1], share.v2 + 32 * (size_t)j) != SKA_OK)
            return ska_fail(err, SKA_E_ENCODING,
                            tr("inlämningen från %s: %s", "the submission of %s: %s"), name,
                            ska_status_text(SKA_E_ENCODING));
        add_to_blocks(sums, v, j, entry->contributor, task);
    }
    return SKA_OK;
}

enum ska_status collect_store_sums(const struct collect_sums *sums, const struct period *p,
                                   struct ska_error *err)
{
    uint32_t n = p->task->n_figures;
    SKA_SCOPED(ska_scoped_free) uint8_t *bytes = ska_alloc(n, (size_t)2 * SKA_POINT_BYTES);
    if (bytes == NULL)
        return SKA_E_MEMORY;
    for (size_t j = 0; j < n; j++) {
        ska_point_encode(bytes + 32 * j, &sums->v[0][j]);
        ska_point_encode(bytes + 32 * (n + j), &sums->v[1][j]);
    }
    return period_write(p, "sums", (struct ska_slice){bytes, (size_t)n * 64}, false, err);
}

enum ska_status collect_load_sums(struct collect_sums *sums, const struct period *p,
                                  struct ska_error *err)
{
    uint32_t n = p->task->n_figures;
    SKA_SCOPED(ska_scoped_free) uint8_t *bytes = NULL;
    size_t len = 0;
    SKA_TRY(period_read(&bytes, &len, p, "sums", false, err));
    if (len != (size_t)n * 64)
        return ska_fail(err, SKA_E_FORMAT, "%s/sums: %s", p->folder, ska_status_text(SKA_E_FORMAT));
    SKA_TRY(collect_sums_new(sums, n));
    for (size_t j = 0; j < n; j++) {
        SKA_TRY(ska_point_decode(&sums->v[0][j], bytes + 32 * j));
        SKA_TRY(ska_point_decode(&sums->v[1][j], bytes + 32 * (n + j)));
    }
    return SKA_OK;
}

/* Aggregate shares ---------------------------------------------------------------------------- */

/* Whether (x, r) opens V. SKA_E_ENCODING, SKA_E_COMMITMENT. */
static enum ska_status check_opening(const uint8_t xr[static XR_BYTES], const ska_point *v)
{
    ska_scalar x, r;
    ska_point opened;
    SKA_TRY(ska_scalar_decode(&x, xr));
    SKA_TRY(ska_scalar_decode(&r, xr + 32));
    ska_commit(&opened, &x, &r);
    ska_scalar_clear(&x);
    ska_scalar_clear(&r);
    return ska_point_equal(&opened, v) ? SKA_OK : SKA_E_COMMITMENT;
}

enum ska_status collect_check_share(struct ska_slice share_and_signature, enum ska_role role,
                                    const struct collect_sums *sums,
                                    const uint8_t accepted_hash[static 32],
                                    const struct ska_task *task, struct ska_error *err)
{
    uint32_t n = task->n_figures;
    size_t xr_len = (size_t)n * XR_BYTES;
    uint8_t root[32];
    if (share_and_signature.len != xr_len + SKA_SIGNATURE_BYTES)
        return ska_fail(err, SKA_E_PEER,
                        tr("summan från %s har fel längd", "the sum of %s has the wrong length"),
                        aggregator_name(role));
    const uint8_t *key =
        role == SKA_ROLE_LEADER ? task->parameters.leader_key : task->parameters.helper_key;
    SKA_TRY(ska_aggregate_root(root, (struct ska_slice){share_and_signature.data, xr_len}));
    if (ska_aggregate_root_verify(share_and_signature.data + xr_len, key, task->context.task_id,
                                  role, accepted_hash, n, root) != SKA_OK)
        return ska_fail(err, SKA_E_SIGNATURE,
                        tr("summan från %s: underskriften stämmer inte",
                           "the sum of %s: the signature does not hold"),
                        aggregator_name(role));
    const ska_point *v = sums->v[role == SKA_ROLE_LEADER ? 0 : 1];
    for (uint32_t j = 0; j < n; j++)
        if (check_opening(share_and_signature.data + XR_BYTES * (size_t)j, &v[j]) != SKA_OK) {
            char code[SKA_FIGURE_CODE_MAX + 1];
            ska_figure_code(code, task, j);
            return ska_fail(err, SKA_E_COMMITMENT,
                            tr("summan från %s är fel i cell %s: den öppnar inte "
                               "uppgiftslämnarnas åtaganden",
                               "the sum of %s is wrong in cell %s: it does not open the "
                               "contributors' commitments"),
                            aggregator_name(role), code);
        }
    return SKA_OK;
}

void collect_result_clear(struct collect_result *r)
{
    ska_wipe_free(r->kept, r->kept_len);
    ska_wipe_free(r->total, r->n_figures * sizeof *r->total);
    ska_wipe_free(r->blinding, r->n_figures * sizeof *r->blinding);
    *r = (struct collect_result){0};
}

static enum ska_status split_kept(struct collect_result *out)
{
    struct ska_reader r;
    ska_reader_init(&r, out->kept, out->kept_len);
    for (int k = 0; k < 2; k++)
        SKA_TRY(ska_read_opaque32(&out->share[k].data, &out->share[k].len, &r, UINT32_MAX));
    SKA_TRY(ska_read_end(&r));
    size_t want = (size_t)out->n_figures * XR_BYTES + SKA_SIGNATURE_BYTES;
    return out->share[0].len == want && out->share[1].len == want ? SKA_OK : SKA_E_FORMAT;
}

static enum ska_status unshard_blocks(struct collect_result *out, const struct ska_task *task,
                                      struct ska_error *err)
{
    uint32_t n = task->layout->n_cells;
    size_t len = (size_t)n * XR_BYTES;
    for (uint32_t block = 0; block < task->n_blocks; block++) {
        struct ska_auditsum_totals totals = {out->total + (size_t)block * n,
                                             out->blinding + (size_t)block * n};
        SKA_TRY(ska_auditsum.unshard(
            &totals, &task->figures, (struct ska_slice){out->share[0].data + block * len, len},
            (struct ska_slice){out->share[1].data + block * len, len}, err));
    }
    return SKA_OK;
}

enum ska_status collect_load(struct collect_result *out, const struct period *p,
                             struct ska_error *err)
{
    if (!period_has(p, "collected"))
        return ska_fail(err, SKA_E_STATE,
                        tr("%s: summorna är inte hämtade; kör skarva-publish collect %s",
                           "%s: the totals have not been collected; run skarva-publish collect %s"),
                        p->name, p->name);
    SKA_TRY(period_read(&out->kept, &out->kept_len, p, "collected", true, err));
    out->n_figures = p->task->n_figures;
    if (split_kept(out) != SKA_OK)
        return ska_fail(err, SKA_E_FORMAT, "%s/collected: %s", p->folder,
                        ska_status_text(SKA_E_FORMAT));
    out->total = ska_alloc(out->n_figures, sizeof *out->total);
    out->blinding = ska_alloc(out->n_figures, sizeof *out->blinding);
    if (out->total == NULL || out->blinding == NULL)
        return SKA_E_MEMORY;
    return unshard_blocks(out, p->task, err);
}
