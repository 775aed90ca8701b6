/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * documents_accepted.c - the list of accepted submissions that both aggregators sign at close, and
 * the rule by which one of each contributor's counts.
 */
#include "protocol/documents.h"

#include "crypto/labels.h"
#include "crypto/scoped.h"

#include <stdlib.h>
#include <string.h>

#define ENTRY_BYTES (4 + 8 + 16 + 32 + 8)

void ska_accepted_clear(struct ska_accepted *a)
{
    if (a == NULL)
        return;
    free(a->at);
    *a = (struct ska_accepted){0};
}

void ska_accepted_encode(struct ska_writer *w, const struct ska_accepted *a)
{
    if (a->n > SKA_ACCEPTED_MAX && w->status == SKA_OK)
        w->status = SKA_E_LIMIT;
    ska_write_u8(w, SKA_DOCUMENT_VERSION);
    ska_write_bytes(w, a->task_id, sizeof a->task_id);
    ska_write_bytes(w, a->parameters_hash, sizeof a->parameters_hash);
    ska_write_u64(w, a->close_serial);
    ska_write_u32(w, a->n);
    for (uint32_t i = 0; i < a->n && w->status == SKA_OK; i++) {
        const struct ska_accepted_entry *entry = &a->at[i];
        ska_write_u32(w, entry->contributor);
        ska_write_u64(w, entry->number);
        ska_write_bytes(w, entry->report_id, sizeof entry->report_id);
        ska_write_bytes(w, entry->sha256, sizeof entry->sha256);
        ska_write_u64(w, entry->length);
    }
}

static enum ska_status read_entry(struct ska_accepted_entry *entry, struct ska_reader *r)
{
    SKA_TRY(ska_read_u32(&entry->contributor, r));
    SKA_TRY(ska_read_u64(&entry->number, r));
    SKA_TRY(ska_read_bytes(entry->report_id, sizeof entry->report_id, r));
    SKA_TRY(ska_read_bytes(entry->sha256, sizeof entry->sha256, r));
    SKA_TRY(ska_read_u64(&entry->length, r));
    return entry->contributor < SKA_CONTRIBUTORS_MAX && entry->number > 0 ? SKA_OK : SKA_E_RANGE;
}

static bool is_before(const struct ska_accepted_entry *a, const struct ska_accepted_entry *b)
{
    if (a->contributor != b->contributor)
        return a->contributor < b->contributor;
    return a->number < b->number;
}

static enum ska_status read_entries(struct ska_accepted *a, uint32_t n, struct ska_reader *r)
{
    if (n > SKA_ACCEPTED_MAX)
        return SKA_E_LIMIT;
    if (n > r->left / ENTRY_BYTES)
        return SKA_E_TRUNCATED;
    if (n == 0)
        return SKA_OK;
    a->at = ska_alloc(n, sizeof *a->at);
    if (a->at == NULL)
        return SKA_E_MEMORY;
    a->n = n;
    for (uint32_t i = 0; i < n; i++) {
        SKA_TRY(read_entry(&a->at[i], r));
        if (i > 0 && !is_before(&a->at[i - 1], &a->at[i]))
            return SKA_E_ENCODING;
    }
    return SKA_OK;
}

enum ska_status ska_accepted_decode(struct ska_accepted *out, struct ska_slice bytes)
{
    SKA_SCOPED(ska_accepted_clear) struct ska_accepted a = {0};
    struct ska_reader r;
    ska_reader_init(&r, bytes.data, bytes.len);
    SKA_TRY(ska_document_version(&r));
    SKA_TRY(ska_read_bytes(a.task_id, sizeof a.task_id, &r));
    SKA_TRY(ska_read_bytes(a.parameters_hash, sizeof a.parameters_hash, &r));
    SKA_TRY(ska_read_u64(&a.close_serial, &r));
    uint32_t n;
    SKA_TRY(ska_read_u32(&n, &r));
    SKA_TRY(read_entries(&a, n, &r));
    SKA_TRY(ska_read_end(&r));
    *out = a;
    a = (struct ska_accepted){0};
    return SKA_OK;
}

void ska_accepted_hash(uint8_t out[static 32], struct ska_slice encoded)
{
    ska_sha256_labelled(out, SKA_LABEL_SIGN_ACCEPTED, encoded.data, encoded.len);
}

bool ska_accepted_is_counted(const struct ska_accepted *a, uint32_t index)
{
    return index < a->n &&
           (index + 1 == a->n || a->at[index + 1].contributor != a->at[index].contributor);
}

enum ska_status ska_accepted_groups(struct ska_groups *kept, const struct ska_accepted *a,
                                    const struct ska_task *task)
{
    SKA_SCOPED(ska_scoped_free)
    uint32_t *contributors = ska_alloc((size_t)a->n + 1, sizeof *contributors);
    size_t n = 0;
    if (contributors == NULL)
        return SKA_E_MEMORY;
    for (uint32_t i = 0; i < a->n; i++)
        if (ska_accepted_is_counted(a, i))
            contributors[n++] = a->at[i].contributor;
    return ska_groups_keep(kept, &task->parameters.groups, task->parameters.roster.n, contributors,
                           n, task->parameters.policy.min_contributors);
}

void ska_signed_accepted_encode(struct ska_writer *w, const struct ska_signed_accepted *s)
{
    ska_write_opaque32(w, s->list.data, s->list.len);
    ska_write_bytes(w, s->leader, sizeof s->leader);
    ska_write_bytes(w, s->helper, sizeof s->helper);
}

enum ska_status ska_signed_accepted_decode(struct ska_signed_accepted *out, struct ska_slice bytes)
{
    struct ska_reader r;
    ska_reader_init(&r, bytes.data, bytes.len);
    struct ska_signed_accepted s = {0};
    SKA_TRY(ska_read_opaque32(&s.list.data, &s.list.len, &r, SKA_ACCEPTED_BYTES_MAX));
    SKA_TRY(ska_read_bytes(s.leader, sizeof s.leader, &r));
    SKA_TRY(ska_read_bytes(s.helper, sizeof s.helper, &r));
    SKA_TRY(ska_read_end(&r));
    *out = s;
    return SKA_OK;
}

enum ska_status ska_accepted_sign(uint8_t signature[static 64], const struct ska_signing_key *key,
                                  struct ska_slice list)
{
    uint8_t hash[SKA_HASH_BYTES];
    ska_accepted_hash(hash, list);
    return ska_sign(signature, key, SKA_LABEL_SIGN_ACCEPTED, hash, sizeof hash);
}

enum ska_status ska_accepted_verify(const uint8_t signature[static 64],
                                    const uint8_t key[static 32], struct ska_slice list)
{
    uint8_t hash[SKA_HASH_BYTES];
    ska_accepted_hash(hash, list);
    return ska_sign_verify(signature, key, SKA_LABEL_SIGN_ACCEPTED, hash, sizeof hash);
}
