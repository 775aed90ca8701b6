/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_job.c - the helper's answer to an aggregation job.
 *
 * The whole answer is checked before any of it is used: the same reports in the same order, each
 * refused with a reason or continued with a message that holds. Anything else is the helper's
 * mistake: it is logged, and the request is repeated. (The draft would abandon the job; we keep it,
 * since the helper may have accepted these reports, and close would not come to an end without
 * them.)
 */
#include "server/aggregator/aggregator_batch.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "server/aggregator/aggregator_tlog.h"
#include "server/log.h"

#define SIGNATURES_BYTES 128 /* AuditSum's verifier message: leader's, then helper's */

/* What the answer says about one report. Zeroed: nothing. */
struct outcome {
    uint8_t error;            /* report error, or 0: accepted */
    struct ska_slice message; /* the verifier message, borrowed from the answer */
    struct ska_writer output; /* our output share, secret */
};

struct outcomes {
    size_t n;
    struct outcome *at; /* owned */
};

static void outcomes_clear(struct outcomes *o)
{
    for (size_t i = 0; i < o->n; i++)
        ska_writer_clear(&o->at[i].output);
    free(o->at);
    *o = (struct outcomes){0};
}

/* One VerifyResp, for the report that must be next. */
static enum ska_status read_outcome(struct outcome *out, const struct aggregator *a,
                                    const struct leader_batch *b, size_t i, struct ska_reader *r)
{
    const struct verify_report *report = &b->verify.reports[i];
    struct ska_dap_verify_resp resp;
    SKA_TRY(ska_dap_verify_resp_decode(&resp, r));
    if (memcmp(resp.report_id, report->metadata.report_id, sizeof resp.report_id) != 0)
        return SKA_E_MISMATCH;
    if (resp.type == SKA_DAP_REJECT) {
        out->error = resp.error;
        return SKA_OK;
    }
    if (resp.type != SKA_DAP_CONTINUE || report->error != 0)
        return SKA_E_STATE;
    SKA_TRY(ska_ping_pong_finish_decode(&out->message, resp.payload));
    SKA_TRY(
        a->vdaf->verify_next(&out->output, &b->task->task->config, &report->vdaf, out->message));
    return out->message.len == SIGNATURES_BYTES ? SKA_OK : SKA_E_FORMAT;
}

static enum ska_status read_outcomes(struct outcomes *o, const struct aggregator *a,
                                     const struct leader_batch *b, struct ska_slice body)
{
    o->at = ska_alloc(b->n_good, sizeof *o->at);
    if (o->at == NULL)
        return SKA_E_MEMORY;
    o->n = b->n_good;
    struct ska_reader r;
    ska_reader_init(&r, body.data, body.len);
    for (size_t i = 0; i < o->n; i++)
        SKA_TRY(read_outcome(&o->at[i], a, b, i, &r));
    return ska_read_end(&r);
}

static enum ska_status store_outcome(struct aggregator *a, const struct leader_batch *b, size_t i,
                                     const struct outcome *o)
{
    if (o->error == SKA_REPORT_TOO_EARLY) /* the only refusal that may pass with time */
        return store_report_postpone(a->store, b->rows[i], aggregator_now_s() + POSTPONE_S);
    if (o->error != SKA_REPORT_OK)
        return store_report_reject(a->store, b->rows[i], o->error);
    SKA_TRY(store_report_accept(
        a->store, b->rows[i], o->message.data, o->message.data + SKA_SIGNATURE_BYTES,
        b->verify.reports[i].public_share, (struct ska_slice){o->output.data, o->output.len}));
    return tlog_add_report(a, b->rows[i]);
}

static enum ska_status store_outcomes(struct aggregator *a, const struct leader_batch *b,
                                      const struct outcomes *o)
{
    SKA_TRY(store_begin(a->store));
    enum ska_status status = SKA_OK;
    for (size_t i = 0; i < o->n && status == SKA_OK; i++)
        status = store_outcome(a, b, i, &o->at[i]);
    if (status == SKA_OK)
        status = store_job_delete(a->store, b->job);
    return store_end(a->store, status);
}

static void log_outcomes(const struct outcomes *o)
{
    size_t accepted = 0;
    for (size_t i = 0; i < o->n; i++)
        accepted += o->at[i].error == 0 ? 1 : 0;
    log_info("job_answered", "accepted=%zu refused=%zu", accepted, o->n - accepted);
}

enum call_next batch_answered(struct aggregator *a, struct call *c, enum call_result result,
                              const struct ipc_fetched *m)
{
    struct leader_batch *b = c->context;
    if (result != CALL_OK)
        return CALL_REPEAT;
    SKA_SCOPED(outcomes_clear) struct outcomes o = {0};
    enum ska_status status = read_outcomes(&o, a, b, m->body);
    if (verify_is_undecided(status)) {
        log_error("answer_not_read", "what=job status=%s", ska_status_name(status));
        return CALL_REPEAT;
    }
    if (status != SKA_OK) {
        log_peer("peer_answered_wrongly", "what=job status=%s", ska_status_name(status));
        return CALL_REPEAT;
    }
    status = store_outcomes(a, b, &o);
    if (status != SKA_OK) {
        log_error("store_failed", "what=job status=%s", ska_status_name(status));
        return CALL_REPEAT;
    }
    log_outcomes(&o);
    int64_t task = b->task->id;
    batch_drop(a, b);
    c->context = NULL;
    close_advance(a, task);
    batch_fill(a);
    return CALL_DONE;
}
