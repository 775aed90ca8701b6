/* SPDX-License-Identifier: EUPL-1.2 */
/* publish_log.c - fetching the public log's part of a period. */
#include "reports/publish_log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "crypto/hash.h"
#include "crypto/scoped.h"
#include "reports/collect.h"
#include "reports/disclosure/correction.h"
#include "reports/log_fetch.h"
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

static enum ska_status read_kept(struct kept *k, const struct period *p, struct ska_error *err)
{
    uint8_t hash[SKA_HASH_BYTES];
    size_t len = 0;
    SKA_TRY(period_read(&k->policy, &k->policy_len, p, publish_log_files[SKA_BUNDLE_POLICY], false,
                        err));
    ska_sha256(hash, k->policy, k->policy_len);
    if (memcmp(hash, p->task->parameters.log_policy, sizeof hash) != 0)
        return ska_fail(err, SKA_E_MISMATCH,
                        tr("%s/%s är inte den policy som periodens parametrar namnger",
                           "%s/%s is not the policy that the period's parameters name"),
                        p->folder, publish_log_files[SKA_BUNDLE_POLICY]);
    if (correction_is(p))
        SKA_TRY(period_read(&k->changes, &k->changes_len, p, "changes", false, err));
    return collect_read_accepted(&k->list, &k->signed_list, &len, hash, p, err);
}

static enum ska_status get_file(uint8_t **data, size_t *len, void *arg, const char *path,
                                size_t max, struct ska_error *err)
{
    SKA_SCOPED(https_answer_clear) struct https_answer answer = {0};
    char below[128];
    (void)snprintf(below, sizeof below, "log/%s", path);
    SKA_TRY(https_call(&answer, arg, "GET", below, NULL, (struct ska_slice){0}, err));
    if (answer.body_len > max)
        return ska_fail(err, SKA_E_LIMIT, tr("%s är för stor", "%s is too large"), below);
    *data = answer.body;
    *len = answer.body_len;
    answer.body = NULL; /* the caller owns it now */
    return SKA_OK;
}

/* Again each second, as long as it is only not there yet, or too many ask at once. */
static enum ska_status fetch(struct log_fetched *out, const struct period *p, const struct kept *k,
                             uint64_t wait_s, struct ska_error *err)
{
    SKA_SCOPED(client_release) struct https_client *client = NULL;
    struct timespec begin, now;
    SKA_TRY(home_connect(&client, p->collection, false, err));
    const struct log_source source = {.get = get_file, .arg = client};
    const struct log_wanted wanted = {.task = p->task,
                                      .parameters = {p->signed_bytes, p->signed_len},
                                      .policy = {k->policy, k->policy_len},
                                      .changes = {k->changes, k->changes_len},
                                      .list = &k->list};
    (void)clock_gettime(CLOCK_MONOTONIC, &begin);
    for (bool is_told = false;; is_told = true) {
        struct ska_error last = {0};
        enum ska_status status = log_fetch(out, &wanted, &source, &last);
        if (status == SKA_OK)
            return SKA_OK;
        if (status != SKA_E_BUSY)
            return ska_fail(err, status, "%s: %s", p->name, last.text);
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        if ((uint64_t)(now.tv_sec - begin.tv_sec) >= wait_s)
            return ska_fail(
                err, status,
                tr("%s: %s; inget är gjort. Kör samma kommando igen om en stund (eller vänta med "
                   "--wait SEKUNDER); dröjer det, svarar för få av loggens vittnen",
                   "%s: %s; nothing was done. Run the same command again in a while (or wait with "
                   "--wait SECONDS); if that does not help, too few of the log's witnesses answer"),
                p->name, last.text);
        if (!is_told)
            (void)fprintf(stderr, "%s: %s ...\n", p->name, last.text);
        (void)sleep(1);
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
