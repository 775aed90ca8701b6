/* SPDX-License-Identifier: EUPL-1.2 */
/* publish_log.c - fetching the public log's part of a period. */
#include "reports/publish_log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"
#include "crypto/scoped.h"
#include "reports/collect.h"
#include "reports/disclosure/correction.h"
#include "reports/log_cache.h"
#include "reports/retry.h"
#include "support/language.h"

SKA_DEFINE_RELEASE(struct https_client *, client_release, https_client_free)

const char *const publish_log_files[SKA_BUNDLE_LOG_FILES] = {
    "log-policy", "log-checkpoint", "log-left", "log-leaves", "log-records"};

/* What is read of the period's folder. Owned. */
struct kept {
    uint8_t *policy, *changes, *signed_list;
    size_t policy_len, changes_len;
    struct ska_accepted list;
};

static void kept_clear(struct kept *k)
{
    free(k->policy);
    free(k->changes);
    free(k->signed_list);
    ska_accepted_clear(&k->list);
}

enum ska_status publish_log_policy(uint8_t **policy, size_t *len, const struct period *p,
                                   struct ska_error *err)
{
    const char *name = publish_log_files[SKA_BUNDLE_POLICY];
    SKA_SCOPED(ska_scoped_free) uint8_t *text = NULL;
    uint8_t hash[SKA_HASH_BYTES];
    SKA_TRY(period_read(&text, len, p, name, false, err));
    ska_sha256(hash, text, *len);
    if (memcmp(hash, p->task->parameters.log_policy, sizeof hash) != 0)
        return ska_fail(err, SKA_E_MISMATCH,
                        tr("%s/%s är inte den policy som periodens parametrar namnger",
                           "%s/%s is not the policy that the period's parameters name"),
                        p->folder, name);
    *policy = text;
    text = NULL; /* the caller owns it now */
    return SKA_OK;
}

static enum ska_status read_kept(struct kept *k, const struct period *p, struct ska_error *err)
{
    uint8_t hash[SKA_HASH_BYTES];
    size_t len = 0;
    SKA_TRY(publish_log_policy(&k->policy, &k->policy_len, p, err));
    if (correction_is(p))
        SKA_TRY(period_read(&k->changes, &k->changes_len, p, "changes", false, err));
    return collect_read_accepted(&k->list, &k->signed_list, &len, hash, p, err);
}

static enum ska_status get_file(uint8_t **data, size_t *len, void *arg, const char *path,
                                size_t max, struct ska_error *err)
{
    char below[128];
    (void)snprintf(below, sizeof below, "log/%s", path);
    return https_get_file(data, len, arg, below, max, err);
}

/* One try failed: whether to try again, after a pause, or what to say. */
static enum ska_status wait_or_say(struct retry *retry, bool *is_told, const struct period *p,
                                   enum ska_status status, const struct ska_error *last,
                                   struct ska_error *err)
{
    if (status != SKA_E_BUSY)
        return ska_fail(err, status, "%s: %s", p->name, last->text);
    if (!retry_is_due(retry, status))
        return ska_fail(
            err, status,
            tr("%s: %s; inget är gjort. Kör samma kommando igen om en stund (eller vänta med "
               "--wait SEKUNDER); dröjer det, svarar för få av loggens vittnen",
               "%s: %s; nothing was done. Run the same command again in a while (or wait with "
               "--wait SECONDS); if that does not help, too few of the log's witnesses answer"),
            p->name, last->text);
    if (!*is_told)
        (void)fprintf(stderr, "%s: %s ...\n", p->name, last->text);
    *is_told = true;
    retry_pause(retry);
    return SKA_OK;
}

/* Again as long as it is only not there yet, or too many ask at once. */
static enum ska_status fetch(struct log_fetched *out, const struct period *p, const struct kept *k,
                             uint64_t wait_s, struct ska_error *err)
{
    SKA_SCOPED(client_release) struct https_client *client = NULL;
    SKA_SCOPED(log_cache_clear) struct log_cache cache = {0};
    struct retry retry;
    bool is_told = false;
    SKA_TRY(home_connect(&client, p->collection, false, err));
    cache.from = (struct log_source){.get = get_file, .arg = client};
    const struct log_source source = log_cache_source(&cache);
    const struct log_wanted wanted = {.task = p->task,
                                      .parameters = {p->signed_bytes, p->signed_len},
                                      .policy = {k->policy, k->policy_len},
                                      .changes = {k->changes, k->changes_len},
                                      .list = &k->list};
    retry_begin(&retry, wait_s);
    for (;;) {
        struct ska_error last = {0};
        enum ska_status status = log_fetch(out, &wanted, &source, &last);
        if (status == SKA_OK)
            return SKA_OK;
        SKA_TRY(wait_or_say(&retry, &is_told, p, status, &last, err));
    }
}

enum ska_status publish_log_keep(const struct period *p, uint64_t wait_s, struct ska_error *err)
{
    SKA_SCOPED(kept_clear) struct kept k = {0};
    SKA_SCOPED(log_fetched_clear) struct log_fetched f = {0};
    if (!ska_parameters_have_log(&p->task->parameters) ||
        period_has(p, publish_log_files[SKA_BUNDLE_RECORDS])) /* written last */
        return SKA_OK;
    SKA_TRY(read_kept(&k, p, err));
    SKA_TRY(fetch(&f, p, &k, wait_s, err));
    const struct ska_slice files[SKA_BUNDLE_LOG_FILES] = {
        [SKA_BUNDLE_CHECKPOINT] = {f.checkpoint, f.checkpoint_len},
        [SKA_BUNDLE_LEFT] = {f.left.data, f.left.len},
        [SKA_BUNDLE_LEAVES] = {f.leaves.data, f.leaves.len},
        [SKA_BUNDLE_RECORDS] = {f.records.data, f.records.len}};
    for (size_t i = SKA_BUNDLE_CHECKPOINT; i < SKA_BUNDLE_LOG_FILES; i++)
        SKA_TRY(period_write(p, publish_log_files[i], files[i], false, err));
    printf(tr("%s: loggens kontrollpunkt av %" PRIu64 " poster hör till utgåvan.\n",
              "%s: the log's checkpoint of %" PRIu64 " entries belongs to the release.\n"),
           p->name, f.size);
    return SKA_OK;
}
