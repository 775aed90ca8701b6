/* SPDX-License-Identifier: EUPL-1.2 */
/* documents_receipt.c - receipts, and the answer to a contributor's query that carries them. */
#include "protocol/documents.h"

#include "crypto/scoped.h"

#include <stdlib.h>
#include <string.h>

#define SUBMISSION_BYTES_MIN (16 + 8 + 1 + 1 + 1)

void ska_receipt_encode(struct ska_writer *w, const struct ska_receipt *receipt)
{
    size_t mark = ska_write_open16(w);
    ska_log_entry_encode(w, &receipt->entry);
    ska_write_close16(w, mark);
    ska_write_bytes(w, receipt->leader, sizeof receipt->leader);
    ska_write_bytes(w, receipt->helper, sizeof receipt->helper);
}

enum ska_status ska_receipt_decode(struct ska_receipt *out, struct ska_reader *r)
{
    struct ska_reader inner = *r;
    struct ska_receipt receipt = {0};
    struct ska_reader entry;
    SKA_TRY(ska_read_opaque16(&entry.at, &entry.left, &inner, SKA_LOG_ENTRY_BYTES_MAX));
    SKA_TRY(ska_log_entry_decode(&receipt.entry, &entry));
    SKA_TRY(ska_read_end(&entry));
    SKA_TRY(ska_read_bytes(receipt.leader, sizeof receipt.leader, &inner));
    SKA_TRY(ska_read_bytes(receipt.helper, sizeof receipt.helper, &inner));
    *out = receipt;
    *r = inner;
    return SKA_OK;
}

enum ska_status ska_receipt_verify(const struct ska_receipt *receipt, const struct ska_task *task,
                                   struct ska_error *err)
{
    const struct ska_log_entry *entry = &receipt->entry;
    const struct ska_task_context *context = &task->context;
    if (memcmp(entry->task_id, context->task_id, sizeof entry->task_id) != 0 ||
        strcmp(entry->period, context->period) != 0 || entry->revision != context->revision)
        return ska_fail(err, SKA_E_TASK, "the receipt is for another task (period %s, revision %u)",
                        entry->period, entry->revision);
    if (entry->contributor >= task->parameters.roster.n)
        return ska_fail(err, SKA_E_ROSTER, "the receipt names contributor %u of a roster of %u",
                        entry->contributor, task->parameters.roster.n);
    enum ska_status status =
        ska_log_entry_verify(receipt->leader, task->parameters.leader_key, entry);
    if (status != SKA_OK)
        return ska_fail(err, status, "the leader's signature on the receipt does not hold");
    status = ska_log_entry_verify(receipt->helper, task->parameters.helper_key, entry);
    if (status != SKA_OK)
        return ska_fail(err, status, "the helper's signature on the receipt does not hold");
    return SKA_OK;
}

static void write_submission(struct ska_writer *w, const struct ska_submission_status *s)
{
    ska_write_bytes(w, s->report_id, sizeof s->report_id);
    ska_write_u64(w, s->number);
    ska_write_u8(w, (uint8_t)s->state);
    ska_write_u8(w, s->report_error);
    ska_write_u8(w, s->has_receipt ? 1 : 0);
    if (s->has_receipt)
        ska_receipt_encode(w, &s->receipt);
}

void ska_submissions_encode(struct ska_writer *w, const struct ska_submission_status *at, size_t n)
{
    if (n > SKA_SUBMISSIONS_MAX && w->status == SKA_OK)
        w->status = SKA_E_LIMIT;
    ska_write_u8(w, SKA_DOCUMENT_VERSION);
    ska_write_u32(w, (uint32_t)n);
    for (size_t i = 0; i < n && w->status == SKA_OK; i++)
        write_submission(w, &at[i]);
}

static enum ska_status read_submission(struct ska_submission_status *s, struct ska_reader *r)
{
    uint8_t state;
    uint8_t has_receipt;
    SKA_TRY(ska_read_bytes(s->report_id, sizeof s->report_id, r));
    SKA_TRY(ska_read_u64(&s->number, r));
    SKA_TRY(ska_read_u8(&state, r));
    SKA_TRY(ska_read_u8(&s->report_error, r));
    SKA_TRY(ska_read_u8(&has_receipt, r));
    if (s->number == 0 || state < SKA_SUBMISSION_PENDING || state > SKA_SUBMISSION_REJECTED ||
        has_receipt > 1)
        return SKA_E_RANGE;
    s->state = (enum ska_submission_state)state;
    s->has_receipt = has_receipt == 1;
    /* A reason belongs to a refusal, a receipt to an acceptance. */
    if ((s->report_error != 0) != (s->state == SKA_SUBMISSION_REJECTED))
        return SKA_E_RANGE;
    if (s->has_receipt && s->state != SKA_SUBMISSION_ACCEPTED)
        return SKA_E_RANGE;
    if (!s->has_receipt)
        return SKA_OK;
    SKA_TRY(ska_receipt_decode(&s->receipt, r));
    return s->receipt.entry.number == s->number ? SKA_OK : SKA_E_MISMATCH;
}

SKA_DEFINE_RELEASE(struct ska_submission_status *, submissions_release, free)

enum ska_status ska_submissions_decode(struct ska_submission_status **at, size_t *n,
                                       struct ska_slice bytes)
{
    struct ska_reader r;
    ska_reader_init(&r, bytes.data, bytes.len);
    SKA_TRY(ska_document_version(&r));
    uint32_t count;
    SKA_TRY(ska_read_u32(&count, &r));
    if (count > SKA_SUBMISSIONS_MAX)
        return SKA_E_LIMIT;
    if (count > r.left / SUBMISSION_BYTES_MIN)
        return SKA_E_TRUNCATED;
    SKA_SCOPED(submissions_release)
    struct ska_submission_status *found = ska_alloc((size_t)count + 1, sizeof *found);
    if (found == NULL)
        return SKA_E_MEMORY;
    for (uint32_t i = 0; i < count; i++) {
        SKA_TRY(read_submission(&found[i], &r));
        if (i > 0 && found[i - 1].number > found[i].number)
            return SKA_E_ENCODING;
    }
    SKA_TRY(ska_read_end(&r));
    *at = found;
    *n = count;
    found = NULL;
    return SKA_OK;
}
