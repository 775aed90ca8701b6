/* SPDX-License-Identifier: EUPL-1.2 */
/* announce.c - releases and verifiers, sent to the servers' public log, and their proofs. */
#include "reports/announce.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"
#include "crypto/scoped.h"
#include "protocol/log_leaf.h"
#include "protocol/resources.h"
#include "protocol/tlog_proof.h"
#include "protocol/verifier.h"
#include "reports/ledger.h"
#include "reports/publish_log.h"
#include "reports/release.h"
#include "reports/retry.h"
#include "support/file.h"
#include "support/language.h"

SKA_DEFINE_RELEASE(struct https_client *, client_release, https_client_free)

/* What is announced: the entry that it must become, and how it gets there. All borrowed. */
struct announcement {
    const char *path; /* of the resource */
    const char *media;
    struct ska_slice body;
    struct ska_slice policy; /* its text */
    uint8_t leaf[SKA_LEAF_BYTES_MAX];
    size_t leaf_len;
    uint8_t leaf_hash[SKA_HASH_BYTES];
};

static void set_leaf(struct announcement *a, const struct ska_log_leaf *leaf)
{
    a->leaf_len = ska_log_leaf_encode(a->leaf, leaf);
    ska_log_leaf_hash(a->leaf_hash, leaf);
}

/* --- at the leader --- */

static enum ska_status put(struct https_client *client, const struct announcement *a,
                           struct ska_error *err)
{
    SKA_SCOPED(https_answer_clear) struct https_answer answer = {0};
    SKA_TRY(https_call(&answer, client, "PUT", a->path, a->media, a->body, err));
    if (answer.body_len != a->leaf_len || memcmp(answer.body, a->leaf, a->leaf_len) != 0)
        return ska_fail(err, SKA_E_PEER,
                        tr("ledaren svarade med en annan post än väntat",
                           "the leader answered with another entry than expected"));
    return SKA_OK;
}

/* Whether what the leader says is a proof of the entry under the policy. */
static enum ska_status check_proof(const struct announcement *a, struct ska_slice text,
                                   struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct ska_tlog_policy *policy = ska_alloc(1, sizeof *policy);
    SKA_SCOPED(ska_scoped_free) struct ska_tlog_proof *proof = ska_alloc(1, sizeof *proof);
    struct ska_policy_result result;
    if (policy == NULL || proof == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(ska_policy_parse(policy, a->policy.data, a->policy.len, err));
    enum ska_status status = ska_tlog_proof_parse(proof, text.data, text.len);
    if (status == SKA_OK &&
        (proof->extra_len != a->leaf_len || memcmp(proof->extra, a->leaf, a->leaf_len) != 0))
        status = SKA_E_MISMATCH;
    if (status == SKA_OK)
        status = ska_tlog_proof_verify(&result, proof, a->leaf_hash, policy);
    if (status == SKA_OK || status == SKA_E_MEMORY)
        return status;
    return ska_fail(err, SKA_E_PEER,
                    tr("ledarens bevis ur den publika loggen håller inte: %s",
                       "the leader's proof from the public log does not hold: %s"),
                    ska_tlog_proof_fault(status));
}

/* SKA_E_BUSY while the entry is in no published checkpoint. */
static enum ska_status fetch_proof(struct https_answer *answer, struct https_client *client,
                                   const struct announcement *a, struct ska_error *err)
{
    char path[sizeof "skarva/log/proof/" + 2 * SKA_HASH_BYTES] = "skarva/log/proof/";
    ska_hex_encode(path + strlen(path), a->leaf_hash, sizeof a->leaf_hash);
    https_answer_clear(answer);
    SKA_TRY(https_call(answer, client, "GET", path, NULL, (struct ska_slice){0}, err));
    if (answer->status == 202)
        return ska_fail(err, SKA_E_BUSY,
                        tr("posten väntar på en kontrollpunkt som vittnena intygat",
                           "the entry waits for a checkpoint that the witnesses cosigned"));
    return check_proof(a, (struct ska_slice){answer->body, answer->body_len}, err);
}

/* Both steps; what the servers are not ready for is tried again. */
static enum ska_status announce(struct https_answer *proof, const struct collection *c,
                                const struct announcement *a, uint64_t wait_s,
                                struct ska_error *err)
{
    SKA_SCOPED(client_release) struct https_client *client = NULL;
    struct retry retry;
    bool is_put = false;
    SKA_TRY(home_connect(&client, c, false, err));
    retry_begin(&retry, wait_s);
    for (;;) {
        struct ska_error last = {0};
        enum ska_status status = is_put ? SKA_OK : put(client, a, &last);
        is_put = status == SKA_OK;
        if (status == SKA_OK)
            status = fetch_proof(proof, client, a, &last);
        if (status == SKA_OK)
            return SKA_OK;
        if (status != SKA_E_BUSY || !retry_is_due(&retry, status))
            return ska_fail(err, status, "%s",
                            last.text[0] != '\0' ? last.text : ska_status_text(status));
        retry_pause(&retry);
    }
}

/* --- a release --- */

static enum ska_status write_to_site(const struct period *p, struct ska_slice proof,
                                     struct ska_error *err)
{
    char name[SKA_CODE_MAX + PERIOD_NAME_MAX + sizeof ANNOUNCE_PROOF_FILE + 2];
    const struct collection *c = p->collection;
    (void)snprintf(name, sizeof name, "%s-%s." ANNOUNCE_PROOF_FILE, c->name, p->name); /* fits */
    SKA_SCOPED(ska_scoped_free) char *path = home_path(c->site, "bundles", name);
    if (path == NULL)
        return SKA_E_MEMORY;
    return file_write(path, proof.data, proof.len, false, err);
}

/* The release, the period's policy, and the entry that they make. */
static enum ska_status prepare(struct announcement *a, uint8_t **release, uint8_t **policy,
                               const struct period *p, struct ska_error *err)
{
    struct ska_release r;
    size_t len = 0, policy_len = 0;
    struct ska_log_leaf leaf = {.type = SKA_LEAF_RELEASE,
                                .entry = {.revision = p->task->parameters.revision,
                                          .contributor = SKA_LEAF_NO_CONTRIBUTOR}};
    SKA_TRY(release_read(release, &len, p, err));
    SKA_TRY(ska_release_decode(&r, (struct ska_slice){*release, len}));
    SKA_TRY(publish_log_policy(policy, &policy_len, p, err));
    memcpy(leaf.entry.task_id, p->task->context.task_id, sizeof leaf.entry.task_id);
    memcpy(leaf.entry.period, p->task->parameters.period, sizeof leaf.entry.period);
    leaf.entry.number = r.place.number;
    leaf.entry.length = len;
    ska_sha256(leaf.entry.sha256, *release, len);
    set_leaf(a, &leaf);
    a->media = SKA_MEDIA_RELEASE;
    a->body = (struct ska_slice){*release, len};
    a->policy = (struct ska_slice){*policy, policy_len};
    return SKA_OK;
}

static enum ska_status show_kept(const struct period *p, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *proof = NULL;
    size_t len = 0;
    SKA_TRY(period_read(&proof, &len, p, ANNOUNCE_PROOF_FILE, false, err));
    return write_to_site(p, (struct ska_slice){proof, len}, err);
}

enum ska_status announce_release(bool *proven, const struct period *p, uint64_t wait_s,
                                 struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *release = NULL;
    SKA_SCOPED(ska_scoped_free) uint8_t *policy = NULL;
    SKA_SCOPED(https_answer_clear) struct https_answer proof = {0};
    struct announcement a = {0};
    char path[PERIOD_PATH_MAX];
    *proven = false;
    if (!release_is_done(p))
        return ska_fail(err, SKA_E_STATE, tr("%s: inte utgiven än", "%s: not released yet"),
                        p->name);
    if (!ska_parameters_have_log(&p->task->parameters))
        return SKA_OK;
    if (period_has(p, ANNOUNCE_PROOF_FILE)) {
        *proven = true;
        return show_kept(p, err);
    }
    SKA_TRY(prepare(&a, &release, &policy, p, err));
    period_url(path, p, "skarva/", "release");
    a.path = path;
    SKA_TRY(announce(&proof, p->collection, &a, wait_s, err));
    const struct ska_slice text = {proof.body, proof.body_len};
    SKA_TRY(period_write(p, ANNOUNCE_PROOF_FILE, text, false, err));
    *proven = true;
    return write_to_site(p, text, err);
}

enum ska_status announce_all(size_t *n, const struct collection *c, uint64_t wait_s,
                             struct ska_error *err)
{
    SKA_SCOPED(ledger_clear) struct ledger ledger = {0};
    *n = 0;
    if (c->log_policy == NULL)
        return SKA_OK;
    SKA_TRY(ledger_load(&ledger, c, err));
    for (size_t i = 0; i < ledger.n; i++) {
        SKA_SCOPED(period_clear) struct period p = {0};
        char name[PERIOD_NAME_MAX + 1];
        bool proven = false;
        period_name(name, ledger.at[i].period, ledger.at[i].revision);
        SKA_TRY(period_load_open(&p, c, name, err));
        const bool was_proven = period_has(&p, ANNOUNCE_PROOF_FILE);
        enum ska_status status = announce_release(&proven, &p, wait_s, err);
        if (status != SKA_OK) {
            const struct ska_error why = *err;
            ska_error_clear(err);
            return ska_fail(err, status, "%s: %s", name, why.text);
        }
        *n += proven && !was_proven ? 1 : 0;
    }
    return SKA_OK;
}

/* --- a verifier --- */

enum ska_status announce_verifier(const struct collection *c, const char *path, uint64_t wait_s,
                                  struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *file = NULL;
    SKA_SCOPED(ska_writer_clear) struct ska_writer body = {0};
    SKA_SCOPED(https_answer_clear) struct https_answer proof = {0};
    uint8_t statement[SKA_VERIFIER_STATEMENT_BYTES];
    struct ska_log_leaf leaf = {
        .type = SKA_LEAF_VERIFIER,
        .entry = {.period = SKA_LEAF_NO_PERIOD, .contributor = SKA_LEAF_NO_CONTRIBUTOR}};
    size_t len = 0;
    char proof_path[HOME_PATH_MAX + sizeof ANNOUNCE_PROOF_ENDING];
    if (c->log_policy == NULL)
        return ska_fail(err, SKA_E_STATE,
                        tr("insamlingen har ingen publik logg (skarva-publish new --log-policy)",
                           "the collection has no public log (skarva-publish new --log-policy)"));
    if (strlen(path) > HOME_PATH_MAX)
        return ska_fail(err, SKA_E_USAGE, "--verifier: %s", ska_status_text(SKA_E_LIMIT));
    (void)snprintf(proof_path, sizeof proof_path, "%s" ANNOUNCE_PROOF_ENDING,
                   path); /* measured above */
    SKA_TRY(file_read(&file, &len, path, SKA_VERIFIER_BYTES_MAX, err));
    SKA_TRY(ska_verifier_sign(statement, &c->signing_key, (struct ska_slice){file, len}));
    ska_write_bytes(&body, statement, sizeof statement);
    ska_write_bytes(&body, file, len);
    SKA_TRY(ska_writer_status(&body));
    leaf.entry.length = len;
    ska_sha256(leaf.entry.sha256, file, len);
    struct announcement a = {.path = "skarva/verifier",
                             .media = SKA_MEDIA_VERIFIER,
                             .body = {body.data, body.len},
                             .policy = {c->log_policy, c->log_policy_len}};
    set_leaf(&a, &leaf);
    SKA_TRY(announce(&proof, c, &a, wait_s, err));
    return file_write(proof_path, proof.body, proof.body_len, false, err);
}
