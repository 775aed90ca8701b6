/* SPDX-License-Identifier: EUPL-1.2 */
/* verify.c - opening and verifying reports, without a store, a socket or a clock. */
#include "server/aggregator/verify.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/auditsum.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"

static void report_clear(struct verify_report *r, const struct ska_vdaf *vdaf)
{
    if (vdaf != NULL)
        vdaf->verification_clear(&r->vdaf);
    ska_wipe_free(r->plain, r->plain_len);
    r->plain = NULL;
    r->plain_len = 0;
    ska_writer_clear(&r->message);
    ska_writer_clear(&r->output);
}

enum ska_status verify_batch_init(struct verify_batch *b, size_t n)
{
    struct verify_report *reports = ska_alloc(n, sizeof *reports);
    if (reports == NULL)
        return SKA_E_MEMORY;
    *b = (struct verify_batch){.work = {.run = verify_batch_run}, .n = n, .reports = reports};
    return SKA_OK;
}

void verify_batch_clear(struct verify_batch *b)
{
    for (size_t i = 0; i < b->n; i++)
        report_clear(&b->reports[i], b->vdaf);
    free(b->reports);
    b->reports = NULL;
    b->n = 0;
}

bool verify_is_undecided(enum ska_status status)
{
    switch (ska_status_class(status)) {
    case SKA_CLASS_RESOURCE:
    case SKA_CLASS_IO:
    case SKA_CLASS_BUG:
        return true;
    case SKA_CLASS_OK:
    case SKA_CLASS_INPUT:
    case SKA_CLASS_REJECTED:
        return false;
    }
    return true;
}

bool verify_share_fits(const struct ska_dap_ciphertext *c, enum ska_role whose,
                       const struct ska_task *task)
{
    return ska_dap_input_share_fits(c,
                                    ska_auditsum_input_share_length(task->config.statement, whose));
}

uint8_t verify_open_error(enum ska_status status)
{
    if (status == SKA_OK)
        return SKA_REPORT_OK;
    if (status == SKA_E_DECRYPT || status == SKA_E_RANGE)
        return SKA_REPORT_HPKE_DECRYPT_ERROR;
    return SKA_REPORT_INVALID_MESSAGE;
}

uint8_t verify_vdaf_error(enum ska_status status)
{
    if (status == SKA_OK)
        return SKA_REPORT_OK;
    return ska_status_class(status) == SKA_CLASS_INPUT ? SKA_REPORT_INVALID_MESSAGE
                                                       : SKA_REPORT_VDAF_VERIFY_ERROR;
}

static enum ska_status open_report(struct verify_report *r, const struct verify_batch *b)
{
    if (r->ciphertext.config_id != b->hpke_config_id) {
        r->error = SKA_REPORT_HPKE_DECRYPT_ERROR;
        return SKA_OK;
    }
    struct ska_slice payload = {0};
    enum ska_status status =
        ska_dap_input_share_open(&r->plain, &r->plain_len, &payload, b->hpke, b->role, b->task,
                                 &r->metadata, r->public_share, &r->ciphertext);
    if (verify_is_undecided(status))
        return status;
    r->error = verify_open_error(status);
    memcpy(r->vdaf.nonce, r->metadata.report_id, sizeof r->vdaf.nonce);
    r->vdaf.public_share = r->public_share;
    r->vdaf.input_share = payload;
    return SKA_OK;
}

/* Helper: combine with the leader's verifier share and finish. */
static enum ska_status finish_report(struct verify_report *r, const struct verify_batch *b)
{
    const void *config = &b->task->config;
    struct ska_slice theirs = {0};
    struct ska_slice ours = {r->vdaf.verifier_share, r->vdaf.verifier_share_len};
    enum ska_status status = ska_ping_pong_initialize_decode(&theirs, r->inbound);
    if (status == SKA_OK)
        status = b->vdaf->verify_message(&r->message, config, &r->vdaf, theirs, ours);
    struct ska_slice message = {r->message.data, r->message.len};
    if (status == SKA_OK)
        status = b->vdaf->verify_next(&r->output, config, &r->vdaf, message);
    if (verify_is_undecided(status))
        return status;
    r->error = verify_vdaf_error(status);
    return SKA_OK;
}

/* Verify the reports that opened: they are gathered in a row, and put back. */
static enum ska_status verify_opened(struct verify_batch *b)
{
    SKA_SCOPED(ska_scoped_free)
    struct ska_vdaf_verification *row = ska_alloc(b->n, sizeof *row);
    if (row == NULL)
        return SKA_E_MEMORY;
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++)
        if (b->reports[i].error == 0)
            row[n++] = b->reports[i].vdaf;
    if (n == 0)
        return SKA_OK;
    int agg_id = b->role == SKA_ROLE_LEADER ? 0 : 1;
    enum ska_status status = b->vdaf->verify_init(row, n, &b->task->config, agg_id);
    size_t at = 0;
    for (size_t i = 0; i < b->n; i++) {
        struct verify_report *r = &b->reports[i];
        if (r->error != 0)
            continue;
        r->vdaf = row[at++];
        if (status == SKA_OK && verify_is_undecided(r->vdaf.status))
            status = r->vdaf.status;
        r->error = verify_vdaf_error(r->vdaf.status);
    }
    return status;
}

static enum ska_status run_batch(struct verify_batch *b)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->reports[i].error == 0)
            SKA_TRY(open_report(&b->reports[i], b));
    SKA_TRY(verify_opened(b));
    if (b->role == SKA_ROLE_LEADER)
        return SKA_OK;
    for (size_t i = 0; i < b->n; i++)
        if (b->reports[i].error == 0)
            SKA_TRY(finish_report(&b->reports[i], b));
    return SKA_OK;
}

void verify_batch_run(struct verify_work *work)
{
    struct verify_batch *b = (struct verify_batch *)work;
    b->status = run_batch(b);
}
