/* SPDX-License-Identifier: EUPL-1.2 */
/* session.c - finding the task of a period, and proving that it is the right one. */
#include "client/session.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/counts.h"
#include "crypto/scoped.h"
#include "protocol/resources.h"
#include "support/language.h"

#define CLOCKS_APART_MAX_S 600 /* protocol/documents.h: a query may not be further off */

static const struct ska_slice no_body = {NULL, 0};

void session_close(struct session *s)
{
    https_client_free(s->leader);
    ska_task_free(s->task);
    ska_signing_key_clear(&s->key);
    *s = (struct session){0};
}

static enum ska_status bad_answer(enum ska_status status, const char *what, struct ska_error *err)
{
    if (status == SKA_E_MEMORY)
        return status;
    return ska_fail(
        err, SKA_E_PEER,
        tr("servern svarade något som inte går att förstå: har programmet och servern "
           "samma version? (%s: %s)",
           "the server's answer cannot be understood: are the program and the server of "
           "the same version? (%s: %s)"),
        what, ska_status_text(status));
}

static enum ska_status connect_to(struct https_client **out, const struct home *home,
                                  const char *url, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *ca = NULL;
    SKA_TRY(home_path(&ca, home, "ca.pem"));
    struct https_options options = {.base_url = url, .ca_file = home->has_ca ? ca : NULL};
    return https_client_new(out, &options, err);
}

/* --- which task ------------------------------------------------------------------------------- */

/* The listed task of the period with the highest revision. */
static enum ska_status choose_task(struct ska_task_listing *out, const struct ska_task_listing *at,
                                   size_t n, const char *collection, const char *period,
                                   struct ska_error *err)
{
    const struct ska_task_listing *best = NULL;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(at[i].period, period) != 0 || at[i].state == SKA_TASK_PROPOSED)
            continue;
        if (collection[0] != '\0' && strcmp(at[i].collection, collection) != 0)
            continue;
        if (best != NULL && strcmp(best->collection, at[i].collection) != 0)
            return ska_fail(err, SKA_E_CONFLICT,
                            tr("servern har flera insamlingar för %s (%s, %s): ange --collection",
                               "the server has several collections for %s (%s, %s): give "
                               "--collection"),
                            period, best->collection, at[i].collection);
        if (best == NULL || at[i].revision > best->revision)
            best = &at[i];
    }
    if (best == NULL)
        return ska_fail(err, SKA_E_NOT_FOUND,
                        tr("servern har ingen insamling %s för %s ännu",
                           "the server has no collection %s for %s yet"),
                        collection, period);
    *out = *best;
    return SKA_OK;
}

static enum ska_status find_task(struct ska_task_listing *out, const struct session *s,
                                 const char *collection, const char *period, struct ska_error *err)
{
    struct https_answer answer = {0};
    SKA_TRY(https_call(&answer, s->leader, "GET", "skarva/tasks", NULL, no_body, err));
    struct ska_task_listing *at = NULL;
    size_t n = 0;
    enum ska_status status =
        ska_task_list_decode(&at, &n, (struct ska_slice){answer.body, answer.body_len});
    https_answer_clear(&answer);
    if (status != SKA_OK)
        return bad_answer(status, tr("listan över insamlingar", "the list of collections"), err);
    status = choose_task(out, at, n, collection, period, err);
    free(at);
    return status;
}

/* --- is it the right one ---------------------------------------------------------------------- */

/* The keys inside the parameters are the ones we trust. */
static enum ska_status check_trust(const struct ska_parameters *p, const struct ska_trust *trust,
                                   struct ska_error *err)
{
    const struct {
        const uint8_t *got, *want;
        const char *who;
    } keys[] = {
        {p->publisher_key, trust->publisher, tr("utgivarens", "the publisher's")},
        {p->second_key, trust->second, tr("den andra undertecknarens", "the second signer's")},
        {p->leader_key, trust->leader, tr("ledarens", "the leader's")},
        {p->helper_key, trust->helper, tr("hjälparens", "the helper's")},
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (memcmp(keys[i].got, keys[i].want, 32) != 0) /* public keys */
            return ska_fail(err, SKA_E_MISMATCH,
                            tr("%s nyckel i periodens villkor är inte den i trust.txt; inget "
                               "skickades",
                               "%s key in the period's parameters is not the one in trust.txt; "
                               "nothing was sent"),
                            keys[i].who);
    return SKA_OK;
}

static enum ska_status verify_parameters(const struct session *s, const struct ska_task *task,
                                         const struct ska_signed_parameters *signed_parameters,
                                         const struct ska_task_listing *listed,
                                         struct ska_error *err)
{
    const struct ska_parameters *p = &task->parameters;
    SKA_TRY(check_trust(p, &s->trust, err));
    struct ska_error why = {0};
    enum ska_status status = ska_signed_parameters_verify(signed_parameters, task, &why);
    if (status != SKA_OK)
        return ska_fail(err, status,
                        tr("periodens villkor är inte giltigt signerade: %s",
                           "the period's parameters are not validly signed: %s"),
                        why.text);
    if (memcmp(task->context.task_id, listed->task_id, 32) != 0 ||
        strcmp(p->period, listed->period) != 0 || strcmp(p->collection, listed->collection) != 0)
        return ska_fail(err, SKA_E_TASK,
                        tr("servern gav villkoren för en annan insamling eller period (%s, %s)",
                           "the server gave the parameters of another collection or period (%s, "
                           "%s)"),
                        p->collection, p->period);
    return SKA_OK;
}

static enum ska_status fetch_task(struct session *s, const struct ska_task_listing *listed,
                                  struct ska_error *err)
{
    char path[128];
    snprintf(path, sizeof path, "%s/parameters", s->base); /* fits: a base has at most 57 */
    struct https_answer answer = {0};
    SKA_TRY(https_call(&answer, s->leader, "GET", path, NULL, no_body, err));
    struct ska_signed_parameters signed_parameters = {0};
    struct ska_error why = {0};
    struct ska_task *task = NULL;
    enum ska_status status = ska_signed_parameters_decode(
        &signed_parameters, (struct ska_slice){answer.body, answer.body_len});
    if (status == SKA_OK)
        status = ska_task_new(&task, signed_parameters.parameters, &why);
    if (status != SKA_OK)
        status = bad_answer(status, why.text[0] != '\0' ? why.text : path, err);
    assert(status != SKA_OK || task != NULL);
    if (status == SKA_OK)
        status = verify_parameters(s, task, &signed_parameters, listed, err);
    https_answer_clear(&answer);
    if (status != SKA_OK) {
        ska_task_free(task);
        return status;
    }
    s->task = task;
    return SKA_OK;
}

static enum ska_status open_session(struct session *s, const char *collection, const char *period,
                                    struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *trust = NULL;
    SKA_TRY(home_path(&trust, s->home, "trust.txt"));
    SKA_TRY(ska_trust_read(&s->trust, trust, err));
    SKA_TRY(connect_to(&s->leader, s->home, s->home->leader, err));
    struct ska_task_listing listed = {0};
    SKA_TRY(
        find_task(&listed, s, collection != NULL ? collection : s->home->collection, period, err));
    s->state = listed.state;
    char id[44];
    ska_base64url_encode(id, listed.task_id, sizeof listed.task_id);
    snprintf(s->base, sizeof s->base, "skarva/tasks/%s", id); /* both fit: the id has 43 */
    snprintf(s->dap_base, sizeof s->dap_base, "tasks/%s", id);
    return fetch_task(s, &listed, err);
}

enum ska_status session_open(struct session *s, const struct home *home, const char *collection,
                             const char *period, struct ska_error *err)
{
    struct session opened = {.home = home};
    enum ska_status status = open_session(&opened, collection, period, err);
    if (status != SKA_OK) {
        session_close(&opened);
        return status;
    }
    *s = opened;
    return SKA_OK;
}

/* --- who are we ------------------------------------------------------------------------------- */

enum ska_status session_identify(struct session *s, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = NULL;
    SKA_TRY(home_path(&path, s->home, "signing.key"));
    SKA_TRY(keyfile_read_signing(&s->key, path, err));
    const struct ska_roster *roster = &s->task->parameters.roster;
    uint32_t index = ska_roster_find(roster, s->home->code);
    if (index == SKA_NONE)
        return ska_fail(
            err, SKA_E_ROSTER,
            tr("%s %s finns inte i periodens förteckning över uppgiftslämnare; tala med "
               "den som publicerar",
               "%s %s is not on the period's roster of contributors; talk to the "
               "publisher"),
            s->home->code, s->home->name);
    if (memcmp(roster->at[index].key, s->key.public_key, sizeof s->key.public_key) != 0)
        return ska_fail(err, SKA_E_ROSTER,
                        tr("en annan nyckel än vår står för %s i förteckningen; tala med den som "
                           "publicerar",
                           "another key than ours stands for %s on the roster; talk to the "
                           "publisher"),
                        s->home->code);
    s->contributor = index;
    return SKA_OK;
}

/* --- whose clock is wrong --------------------------------------------------------------------- */

static void write_time(char out[static 32], int64_t time_s)
{
    time_t t = (time_t)time_s;
    struct tm date;
    if (localtime_r(&t, &date) == NULL || strftime(out, 32, "%Y-%m-%d %H:%M", &date) == 0)
        snprintf(out, 32, "%" PRId64, time_s);
}

enum ska_status session_tell_clocks(int64_t ours_s, int64_t servers_s, enum ska_status status,
                                    struct ska_error *err)
{
    char ours[32];
    char servers[32];
    int64_t off_s = ours_s > servers_s ? ours_s - servers_s : servers_s - ours_s;
    if (servers_s == 0 || off_s <= CLOCKS_APART_MAX_S)
        return status;
    write_time(ours, ours_s);
    write_time(servers, servers_s);
    ska_error_clear(err);
    return ska_fail(
        err, status,
        ours_s > servers_s
            ? tr("datorns klocka (%s) går %" PRId64 " dygn %" PRId64 " tim %" PRId64
                 " min före serverns (%s); högst 10 minuter godtas. Ställ datorns klocka och kör "
                 "igen; går den rätt, ring utgivaren.",
                 "this computer's clock (%s) is %" PRId64 " d %" PRId64 " h %" PRId64
                 " min ahead of the server's (%s); at most 10 minutes are taken. Set this "
                 "computer's clock and run again; if it is right, call the publisher.")
            : tr("datorns klocka (%s) går %" PRId64 " dygn %" PRId64 " tim %" PRId64
                 " min efter serverns (%s); högst 10 minuter godtas. Ställ datorns klocka och kör "
                 "igen; går den rätt, ring utgivaren.",
                 "this computer's clock (%s) is %" PRId64 " d %" PRId64 " h %" PRId64
                 " min behind the server's (%s); at most 10 minutes are taken. Set this "
                 "computer's clock and run again; if it is right, call the publisher."),
        ours, off_s / 86400, off_s / 3600 % 24, off_s / 60 % 60, servers);
}

/* --- what the leader has of us ---------------------------------------------------------------- */

enum ska_status session_submissions(struct ska_submission_status **at, size_t *n,
                                    const struct session *s, struct ska_error *err)
{
    struct ska_query query = {.contributor = s->contributor, .time_s = (uint64_t)time(NULL)};
    memcpy(query.task_id, s->task->context.task_id, sizeof query.task_id);
    uint8_t bytes[SKA_QUERY_BYTES];
    SKA_TRY(ska_query_encode(bytes, &query, &s->key));
    char path[128];
    snprintf(path, sizeof path, "%s/submissions", s->base);
    struct https_answer answer = {0};
    enum ska_status status = https_call(&answer, s->leader, "POST", path, SKA_MEDIA_QUERY,
                                        (struct ska_slice){bytes, sizeof bytes}, err);
    if (status == SKA_E_CONFLICT || status == SKA_E_STATE)
        return session_tell_clocks((int64_t)query.time_s, https_server_time(s->leader), status,
                                   err);
    SKA_TRY(status);
    status = ska_submissions_decode(at, n, (struct ska_slice){answer.body, answer.body_len});
    https_answer_clear(&answer);
    return status == SKA_OK ? SKA_OK : bad_answer(status, path, err);
}
