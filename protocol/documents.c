/* SPDX-License-Identifier: EUPL-1.2 */
/* documents.c - control commands, the state of tasks, and a contributor's query. */
#include "protocol/documents.h"

#include "crypto/labels.h"
#include "crypto/scoped.h"
#include "protocol/text.h"

#include <stdlib.h>
#include <string.h>

#define CONTROL_SIGNED_BYTES (SKA_CONTROL_BYTES - SKA_SIGNATURE_BYTES)
#define QUERY_SIGNED_BYTES (SKA_QUERY_BYTES - SKA_SIGNATURE_BYTES)
#define LISTING_BYTES_MIN (32 + 2 + 2 + 4 + 1)

enum ska_status ska_document_version(struct ska_reader *r)
{
    uint8_t version;
    SKA_TRY(ska_read_u8(&version, r));
    return version == SKA_DOCUMENT_VERSION ? SKA_OK : SKA_E_VERSION;
}

/* A document of fixed size: SKA_E_TRUNCATED or SKA_E_TRAILING if `bytes` is of another. */
static enum ska_status start_fixed(struct ska_reader *r, struct ska_slice bytes, size_t want)
{
    if (bytes.len != want)
        return bytes.len < want ? SKA_E_TRUNCATED : SKA_E_TRAILING;
    ska_reader_init(r, bytes.data, bytes.len);
    return ska_document_version(r);
}

enum ska_status ska_control_encode(uint8_t out[static SKA_CONTROL_BYTES],
                                   const struct ska_control *c,
                                   const struct ska_signing_key *publisher)
{
    uint8_t bytes[SKA_CONTROL_BYTES];
    struct ska_writer w;
    ska_writer_init_fixed(&w, bytes, sizeof bytes);
    ska_write_u8(&w, SKA_DOCUMENT_VERSION);
    ska_write_u8(&w, (uint8_t)c->kind);
    ska_write_bytes(&w, c->task_id, sizeof c->task_id);
    ska_write_u64(&w, c->serial);
    SKA_TRY(ska_writer_status(&w));
    SKA_TRY(ska_sign(bytes + CONTROL_SIGNED_BYTES, publisher, SKA_LABEL_SIGN_CONTROL, bytes,
                     CONTROL_SIGNED_BYTES));
    memcpy(out, bytes, sizeof bytes);
    return SKA_OK;
}

enum ska_status ska_control_decode(struct ska_control *out, struct ska_slice bytes,
                                   const uint8_t publisher_key[static 32])
{
    struct ska_reader r;
    SKA_TRY(start_fixed(&r, bytes, SKA_CONTROL_BYTES));
    struct ska_control c = {0};
    uint8_t kind;
    SKA_TRY(ska_read_u8(&kind, &r));
    SKA_TRY(ska_read_bytes(c.task_id, sizeof c.task_id, &r));
    SKA_TRY(ska_read_u64(&c.serial, &r));
    if (kind < SKA_CONTROL_OPEN || kind > SKA_CONTROL_COLLECT || c.serial == 0)
        return SKA_E_RANGE;
    c.kind = (enum ska_control_kind)kind;
    uint8_t signature[SKA_SIGNATURE_BYTES];
    SKA_TRY(ska_read_bytes(signature, sizeof signature, &r));
    SKA_TRY(ska_read_end(&r));
    SKA_TRY(ska_sign_verify(signature, publisher_key, SKA_LABEL_SIGN_CONTROL, bytes.data,
                            CONTROL_SIGNED_BYTES));
    *out = c;
    return SKA_OK;
}

const char *ska_task_state_name(enum ska_task_state state)
{
    switch (state) {
    case SKA_TASK_PROPOSED:
        return "proposed";
    case SKA_TASK_READY:
        return "ready";
    case SKA_TASK_OPEN:
        return "open";
    case SKA_TASK_CLOSING:
        return "closing";
    case SKA_TASK_CLOSED:
        return "closed";
    case SKA_TASK_COLLECTED:
        return "collected";
    }
    return "unknown";
}

static enum ska_status read_state(enum ska_task_state *state, struct ska_reader *r)
{
    uint8_t value;
    SKA_TRY(ska_read_u8(&value, r));
    if (value < SKA_TASK_PROPOSED || value > SKA_TASK_COLLECTED)
        return SKA_E_RANGE;
    *state = (enum ska_task_state)value;
    return SKA_OK;
}

void ska_task_status_encode(uint8_t out[static SKA_TASK_STATUS_BYTES],
                            const struct ska_task_status *s)
{
    struct ska_writer w;
    ska_writer_init_fixed(&w, out, SKA_TASK_STATUS_BYTES);
    ska_write_u8(&w, SKA_DOCUMENT_VERSION);
    ska_write_bytes(&w, s->task_id, sizeof s->task_id);
    ska_write_u8(&w, (uint8_t)s->state);
    ska_write_u64(&w, s->serial);
}

enum ska_status ska_task_status_decode(struct ska_task_status *out, struct ska_slice bytes)
{
    struct ska_reader r;
    SKA_TRY(start_fixed(&r, bytes, SKA_TASK_STATUS_BYTES));
    struct ska_task_status s = {0};
    SKA_TRY(ska_read_bytes(s.task_id, sizeof s.task_id, &r));
    SKA_TRY(read_state(&s.state, &r));
    SKA_TRY(ska_read_u64(&s.serial, &r));
    SKA_TRY(ska_read_end(&r));
    *out = s;
    return SKA_OK;
}

void ska_task_list_encode(struct ska_writer *w, const struct ska_task_listing *at, size_t n)
{
    if (n > SKA_TASK_LIST_MAX && w->status == SKA_OK)
        w->status = SKA_E_LIMIT;
    ska_write_u32(w, (uint32_t)n);
    for (size_t i = 0; i < n && w->status == SKA_OK; i++) {
        ska_write_bytes(w, at[i].task_id, sizeof at[i].task_id);
        ska_write_string8(w, at[i].collection);
        ska_write_string8(w, at[i].period);
        ska_write_u32(w, at[i].revision);
        ska_write_u8(w, (uint8_t)at[i].state);
    }
}

static enum ska_status read_listing(struct ska_task_listing *listing, struct ska_reader *r)
{
    SKA_TRY(ska_read_bytes(listing->task_id, sizeof listing->task_id, r));
    SKA_TRY(ska_read_code(listing->collection, r));
    SKA_TRY(ska_read_period(listing->period, r));
    SKA_TRY(ska_read_u32(&listing->revision, r));
    return read_state(&listing->state, r);
}

SKA_DEFINE_RELEASE(struct ska_task_listing *, listing_release, free)

enum ska_status ska_task_list_decode(struct ska_task_listing **at, size_t *n,
                                     struct ska_slice bytes)
{
    struct ska_reader r;
    ska_reader_init(&r, bytes.data, bytes.len);
    uint32_t count;
    SKA_TRY(ska_read_u32(&count, &r));
    if (count > SKA_TASK_LIST_MAX)
        return SKA_E_LIMIT;
    if (count > r.left / LISTING_BYTES_MIN)
        return SKA_E_TRUNCATED;
    SKA_SCOPED(listing_release)
    struct ska_task_listing *found = ska_alloc((size_t)count + 1, sizeof *found);
    if (found == NULL)
        return SKA_E_MEMORY;
    for (uint32_t i = 0; i < count; i++)
        SKA_TRY(read_listing(&found[i], &r));
    SKA_TRY(ska_read_end(&r));
    *at = found;
    *n = count;
    found = NULL;
    return SKA_OK;
}

enum ska_status ska_query_encode(uint8_t out[static SKA_QUERY_BYTES], const struct ska_query *q,
                                 const struct ska_signing_key *key)
{
    uint8_t bytes[SKA_QUERY_BYTES];
    struct ska_writer w;
    ska_writer_init_fixed(&w, bytes, sizeof bytes);
    ska_write_u8(&w, SKA_DOCUMENT_VERSION);
    ska_write_bytes(&w, q->task_id, sizeof q->task_id);
    ska_write_u32(&w, q->contributor);
    ska_write_u64(&w, q->time_s);
    SKA_TRY(ska_writer_status(&w));
    SKA_TRY(
        ska_sign(bytes + QUERY_SIGNED_BYTES, key, SKA_LABEL_SIGN_QUERY, bytes, QUERY_SIGNED_BYTES));
    memcpy(out, bytes, sizeof bytes);
    return SKA_OK;
}

enum ska_status ska_query_decode(struct ska_query *out, struct ska_slice bytes)
{
    struct ska_reader r;
    SKA_TRY(start_fixed(&r, bytes, SKA_QUERY_BYTES));
    struct ska_query q = {0};
    SKA_TRY(ska_read_bytes(q.task_id, sizeof q.task_id, &r));
    SKA_TRY(ska_read_u32(&q.contributor, &r));
    SKA_TRY(ska_read_u64(&q.time_s, &r));
    if (q.contributor >= SKA_CONTRIBUTORS_MAX)
        return SKA_E_RANGE;
    *out = q;
    return SKA_OK;
}

enum ska_status ska_query_verify(struct ska_slice bytes, const uint8_t key[static 32])
{
    struct ska_query q;
    SKA_TRY(ska_query_decode(&q, bytes));
    return ska_sign_verify(bytes.data + QUERY_SIGNED_BYTES, key, SKA_LABEL_SIGN_QUERY, bytes.data,
                           QUERY_SIGNED_BYTES);
}
