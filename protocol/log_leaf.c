/* SPDX-License-Identifier: EUPL-1.2 */
/* log_leaf.c - leaves of the public log to bytes and back. */
#include "protocol/log_leaf.h"

#include <assert.h>
#include <string.h>

#include "crypto/merkle.h"

static const char *const names[] = {
    [SKA_LEAF_SUBMISSION] = "submission", [SKA_LEAF_PARAMETERS] = "parameters",
    [SKA_LEAF_ROSTER] = "roster",         [SKA_LEAF_OPEN] = "open",
    [SKA_LEAF_CLOSE] = "close",           [SKA_LEAF_REOPEN] = "reopen",
    [SKA_LEAF_COLLECT] = "collect",       [SKA_LEAF_CHANGES] = "changes",
    [SKA_LEAF_RELEASE] = "release",       [SKA_LEAF_VERIFIER] = "verifier",
};

#define N_TYPES (sizeof names / sizeof *names)

const char *ska_log_leaf_name(enum ska_leaf_type type)
{
    assert(type >= SKA_LEAF_SUBMISSION && type < N_TYPES);
    return names[type];
}

size_t ska_log_leaf_encode(uint8_t out[static SKA_LEAF_BYTES_MAX], const struct ska_log_leaf *leaf)
{
    struct ska_writer w;
    ska_writer_init_fixed(&w, out, SKA_LEAF_BYTES_MAX);
    ska_log_entry_encode_as(&w, (uint8_t)leaf->type, &leaf->entry);
    if (leaf->type == SKA_LEAF_SUBMISSION) {
        ska_write_bytes(&w, leaf->report_id, sizeof leaf->report_id);
        ska_write_bytes(&w, leaf->leader, sizeof leaf->leader);
        ska_write_bytes(&w, leaf->helper, sizeof leaf->helper);
    }
    return w.len;
}

static bool is_of_no_task(const struct ska_log_entry *entry)
{
    static const uint8_t zeros[sizeof entry->task_id] = {0};
    return memcmp(entry->task_id, zeros, sizeof zeros) == 0 &&
           strcmp(entry->period, SKA_LEAF_NO_PERIOD) == 0 && entry->revision == 0;
}

/* Whether the numbers of an entry are those that its type has. */
static bool is_of_type(enum ska_leaf_type type, const struct ska_log_entry *entry)
{
    bool has_contributor = entry->contributor != SKA_LEAF_NO_CONTRIBUTOR;
    switch (type) {
    case SKA_LEAF_SUBMISSION:
        return has_contributor && entry->number != 0;
    case SKA_LEAF_OPEN:
    case SKA_LEAF_CLOSE:
    case SKA_LEAF_REOPEN:
    case SKA_LEAF_COLLECT:
    case SKA_LEAF_RELEASE:
        return !has_contributor && entry->number != 0;
    case SKA_LEAF_PARAMETERS:
    case SKA_LEAF_ROSTER:
    case SKA_LEAF_CHANGES:
        return !has_contributor && entry->number == 0;
    case SKA_LEAF_VERIFIER:
        return !has_contributor && entry->number == 0 && is_of_no_task(entry);
    }
    return false;
}

enum ska_status ska_log_leaf_decode(struct ska_log_leaf *out, struct ska_slice bytes)
{
    struct ska_log_leaf found = {0};
    struct ska_reader r;
    uint8_t type;
    ska_reader_init(&r, bytes.data, bytes.len);
    SKA_TRY(ska_read_u8(&type, &r));
    if (type < SKA_LEAF_SUBMISSION || type >= N_TYPES)
        return SKA_E_UNSUPPORTED;
    ska_reader_init(&r, bytes.data, bytes.len);
    SKA_TRY(ska_log_entry_decode_as(&type, &found.entry, &r));
    found.type = (enum ska_leaf_type)type;
    if (!is_of_type(found.type, &found.entry))
        return SKA_E_RANGE;
    if (found.type == SKA_LEAF_SUBMISSION) {
        SKA_TRY(ska_read_bytes(found.report_id, sizeof found.report_id, &r));
        SKA_TRY(ska_read_bytes(found.leader, sizeof found.leader, &r));
        SKA_TRY(ska_read_bytes(found.helper, sizeof found.helper, &r));
    }
    SKA_TRY(ska_read_end(&r));
    *out = found;
    return SKA_OK;
}

enum ska_status ska_log_leaf_verify(const struct ska_log_leaf *leaf,
                                    const uint8_t leader_key[static SKA_SIGN_PUBLIC_BYTES],
                                    const uint8_t helper_key[static SKA_SIGN_PUBLIC_BYTES])
{
    if (leaf->type != SKA_LEAF_SUBMISSION)
        return SKA_OK;
    SKA_TRY(ska_log_entry_verify(leaf->leader, leader_key, &leaf->entry));
    return ska_log_entry_verify(leaf->helper, helper_key, &leaf->entry);
}

void ska_log_leaf_hash(uint8_t out[static SKA_HASH_BYTES], const struct ska_log_leaf *leaf)
{
    uint8_t bytes[SKA_LEAF_BYTES_MAX];
    ska_merkle_leaf(out, bytes, ska_log_leaf_encode(bytes, leaf));
}

bool ska_log_step(enum ska_log_stage *stage, enum ska_leaf_type type)
{
    static const struct {
        enum ska_leaf_type type;
        enum ska_log_stage from, to;
    } steps[] = {
        {SKA_LEAF_ROSTER, SKA_LOG_START, SKA_LOG_START},
        {SKA_LEAF_PARAMETERS, SKA_LOG_START, SKA_LOG_READY},
        {SKA_LEAF_OPEN, SKA_LOG_READY, SKA_LOG_OPEN},
        {SKA_LEAF_SUBMISSION, SKA_LOG_OPEN, SKA_LOG_OPEN},
        {SKA_LEAF_CLOSE, SKA_LOG_OPEN, SKA_LOG_CLOSED},
        {SKA_LEAF_REOPEN, SKA_LOG_CLOSED, SKA_LOG_OPEN},
        {SKA_LEAF_COLLECT, SKA_LOG_CLOSED, SKA_LOG_COLLECTED},
        {SKA_LEAF_CHANGES, SKA_LOG_COLLECTED, SKA_LOG_CHANGED},
        {SKA_LEAF_RELEASE, SKA_LOG_COLLECTED, SKA_LOG_RELEASED},
        {SKA_LEAF_RELEASE, SKA_LOG_CHANGED, SKA_LOG_RELEASED},
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (steps[i].type == type && steps[i].from == *stage) {
            *stage = steps[i].to;
            return true;
        }
    }
    return false;
}
