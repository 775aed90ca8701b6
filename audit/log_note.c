/* SPDX-License-Identifier: EUPL-1.2 */
/* log_note.c - a checkpoint under a policy (C2SP signed-note, tlog-checkpoint, tlog-policy). */
#include "audit/log_note.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "audit/words.h"
#include "crypto/scoped.h"
#include "protocol/tlog_policy.h"

_Static_assert(LOG_ORIGIN_MAX == SKA_NOTE_NAME_MAX, "an origin is a key's name");

static void add_witness(struct log_note *out, const char *name, uint64_t time_s)
{
    char text[40] = "?";
    struct tm tm;
    const time_t time = (time_t)time_s;
    const size_t len = strlen(out->witnesses);
    if (gmtime_r(&time, &tm) != NULL)
        (void)strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &tm);
    (void)snprintf(out->witnesses + len, sizeof out->witnesses - len, "%s%s (%s)",
                   len > 0 ? ", " : "", name, text);
    out->n_witnesses++;
    out->latest_s = time_s > out->latest_s ? time_s : out->latest_s;
}

/* Large things on the heap, since both are some 100 kB. */
struct reading {
    struct ska_tlog_policy policy;
    struct ska_note note;
    struct ska_policy_result result;
};

static enum ska_status read_policy(struct reading *r, struct ska_slice policy,
                                   struct ska_error *err)
{
    struct ska_error why = {0};
    enum ska_status status = ska_policy_parse(&r->policy, policy.data, policy.len, &why);
    if (status == SKA_OK || status == SKA_E_MEMORY)
        return status;
    return ska_fail(err, SKA_E_CONFIG, "%s: %s", words("policyn", "the policy"),
                    why.text[0] != '\0' ? why.text : ska_status_text(status));
}

enum ska_status log_note_policy(struct ska_slice policy, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct reading *r = ska_alloc(1, sizeof *r);
    return r == NULL ? SKA_E_MEMORY : read_policy(r, policy, err);
}

enum ska_status log_note_read(struct log_note *out, struct ska_slice policy, struct ska_slice note,
                              struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct reading *r = ska_alloc(1, sizeof *r);
    struct log_note found = {0};
    if (r == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(read_policy(r, policy, err));
    SKA_TRY(ska_note_parse(&r->note, note.data, note.len));
    enum ska_status status = ska_policy_verify(&r->result, &r->policy, &r->note);
    if (status != SKA_OK && status != SKA_E_BATCH_SIZE)
        return status;
    memcpy(found.origin, r->result.checkpoint.origin, sizeof found.origin);
    memcpy(found.root, r->result.checkpoint.root, sizeof found.root);
    found.size = r->result.checkpoint.size;
    found.is_met = status == SKA_OK;
    for (size_t i = 0; i < r->policy.n_members; i++)
        if (r->result.witnessed[i])
            add_witness(&found, r->policy.members[i].key.name, r->result.time_s[i]);
    *out = found;
    return SKA_OK;
}
