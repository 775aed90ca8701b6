/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_parameters.c - parameters are proposed by the publisher, signed by the leader, then by
 * the helper.
 *
 *     leader: nothing --PUT--> PROPOSED (own signature) --helper's answer--> READY (all three)
 *     helper: nothing --PUT by the leader--> READY
 *
 * Each signs only what names its own HPKE key: from then on the clients' shares are sealed to whom
 * the signing keys say, whatever a front answers. While PROPOSED, other parameters of the same
 * period and revision take the place of those that the helper refused.
 *
 * A repeated PUT goes on from where the first one came.
 */
#include "server/aggregator/aggregator_tlog.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "server/log.h"

SKA_DEFINE_RELEASE(struct ska_task *, task_release, ska_task_free)

/* What a PUT brings. Zeroed: nothing. */
struct proposal {
    struct ska_signed_parameters s; /* borrows from the body */
    struct ska_task *task;          /* owned */
};

static void proposal_clear(struct proposal *p)
{
    task_release(&p->task);
}

bool parameters_name_our_hpke(const struct aggregator *a, const struct ska_parameters *p)
{
    const struct ska_hpke_recipient *named =
        a->config->role == SKA_ROLE_LEADER ? &p->leader_hpke : &p->helper_hpke;
    return named->config_id == a->config->hpke_config_id &&
           memcmp(named->public_key, a->hpke.public_key, sizeof named->public_key) == 0;
}

/* The parties inside must be those of our configuration: we sign for nobody else. */
static enum ska_status check_parties(const struct aggregator *a, const struct ska_parameters *p,
                                     struct ska_error *err)
{
    const struct config *c = a->config;
    bool leader = c->role == SKA_ROLE_LEADER;
    if (memcmp(p->publisher_key, c->publisher_key, 32) != 0)
        return ska_fail(err, SKA_E_FORBIDDEN, "publisher_key is not this server's publisher");
    if (memcmp(p->second_key, c->second_key, 32) != 0)
        return ska_fail(err, SKA_E_FORBIDDEN, "second_key is not this server's second signer");
    if (memcmp(leader ? p->leader_key : p->helper_key, a->signing.public_key, 32) != 0)
        return ska_fail(err, SKA_E_MISMATCH, "the %s's key is not this server's",
                        leader ? "leader" : "helper");
    if (memcmp(leader ? p->helper_key : p->leader_key, c->peer_key, 32) != 0)
        return ska_fail(err, SKA_E_MISMATCH, "the %s's key is not this server's peer",
                        leader ? "helper" : "leader");
    if (strcmp(leader ? p->leader_url : p->helper_url, c->own_url) != 0)
        return ska_fail(err, SKA_E_MISMATCH, "the %s's URL is not %s", leader ? "leader" : "helper",
                        c->own_url);
    if (strcmp(leader ? p->helper_url : p->leader_url, c->peer_url) != 0)
        return ska_fail(err, SKA_E_MISMATCH, "the %s's URL is not %s", leader ? "helper" : "leader",
                        c->peer_url);
    if (!parameters_name_our_hpke(a, p))
        return ska_fail(err, SKA_E_MISMATCH,
                        "%s_hpke is not this server's HPKE configuration: it was changed since it "
                        "was fetched, or somebody else answered for it",
                        leader ? "leader" : "helper");
    return tlog_check_parameters(a, p, err);
}

/* A signature that does not hold is told in words; what kept us from looking, as it is: it passes.
 */
static enum ska_status check_signature(const uint8_t signature[static 64], struct ska_slice bytes,
                                       const uint8_t key[static 32], const char *words,
                                       struct ska_error *err)
{
    enum ska_status status = ska_parameters_verify_unread(signature, bytes, key);
    return status == SKA_E_SIGNATURE ? ska_fail(err, status, "%s", words) : status;
}

static enum ska_status read_proposal(struct proposal *p, const struct aggregator *a,
                                     const struct ipc_request *m, struct ska_error *err)
{
    /* Signatures first: what strangers send is not taken apart, which costs more than a hash. */
    SKA_TRY(ska_signed_parameters_decode(&p->s, m->body));
    SKA_TRY(check_signature(p->s.publisher, p->s.parameters, a->config->publisher_key,
                            "the publisher's signature does not hold under this server's "
                            "publisher_key",
                            err));
    if (a->config->role == SKA_ROLE_HELPER)
        SKA_TRY(check_signature(p->s.leader, p->s.parameters, a->config->peer_key,
                                "the leader's signature does not hold", err));
    SKA_TRY(ska_task_new(&p->task, p->s.parameters, err));
    if (memcmp(p->task->context.task_id, m->task_id, sizeof m->task_id) != 0)
        return ska_fail(err, SKA_E_TASK, "the parameters are not those of the path's task");
    return check_parties(a, &p->task->parameters, err);
}

/* Parameters of the same collection, period and revision that were proposed to us, but which the
 * helper has not signed, give way: one of the two servers' keys or addresses may have been wrong in
 * them. SKA_E_CONFLICT if they are agreed on, SKA_E_BUSY while the helper is being asked. */
static enum ska_status replace_proposed(int64_t *id, struct aggregator *a,
                                        const struct store_task *t, struct ska_slice bytes)
{
    SKA_SCOPED(ska_scoped_free) struct store_task *tasks = NULL;
    size_t n = 0;
    SKA_TRY(store_task_all(&tasks, &n, a->store));
    size_t i = 0;
    while (i < n && !(tasks[i].state == SKA_TASK_PROPOSED && tasks[i].revision == t->revision &&
                      strcmp(tasks[i].collection, t->collection) == 0 &&
                      strcmp(tasks[i].period, t->period) == 0))
        i++;
    if (i == n)
        return SKA_E_CONFLICT;
    if (call_is_open(a, tasks[i].id))
        return SKA_E_BUSY;
    SKA_TRY(store_begin(a->store));
    SKA_TRY(store_end(a->store, store_task_replace(a->store, tasks[i].id, t->task_id, bytes)));
    task_forget(a, tasks[i].id);
    *id = tasks[i].id;
    return SKA_OK;
}

/* Of a period that is collected nothing but corrections, and only with what they are compared with
 * at hand. */
static enum ska_status check_period(struct aggregator *a, const struct store_task *row,
                                    const struct ska_task *task, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct ska_earlier *earlier = NULL;
    SKA_SCOPED(ska_scoped_free) uint8_t *bytes = NULL;
    SKA_TRY(collection_allowed(a, row, task, err));
    if (!task->config.statement->compares)
        return SKA_OK;
    enum ska_status status = revision_fill(&earlier, &bytes, a, task);
    return status == SKA_E_NOT_FOUND
               ? ska_fail(err, SKA_E_STATE,
                          "the public shares of the period's last collection were not kept by "
                          "this server, so it cannot be corrected")
               : status;
}

/* Add our signature and store the task in `state`. */
static enum ska_status add_task(int64_t *id, struct aggregator *a, struct proposal *p,
                                enum ska_task_state state, struct ska_error *err)
{
    bool leader = a->config->role == SKA_ROLE_LEADER;
    SKA_TRY(ska_parameters_sign(leader ? p->s.leader : p->s.helper, p->task, &a->signing));
    if (leader)
        memset(p->s.helper, 0, sizeof p->s.helper);
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_signed_parameters_encode(&w, &p->s);
    SKA_TRY(ska_writer_status(&w));
    struct store_task t = {.revision = p->task->parameters.revision, .state = state};
    memcpy(t.task_id, p->task->context.task_id, sizeof t.task_id);
    memcpy(t.collection, p->task->parameters.collection, sizeof t.collection);
    memcpy(t.period, p->task->parameters.period, sizeof t.period);
    SKA_TRY(check_period(a, &t, p->task, err));
    struct ska_slice bytes = {w.data, w.len};
    SKA_TRY(store_begin(a->store));
    enum ska_status status = store_task_add(id, a->store, &t, bytes);
    if (status == SKA_OK && state == SKA_TASK_READY)
        status = tlog_add_parameters(a, *id, bytes);
    status = store_end(a->store, status);
    if (status == SKA_E_CONFLICT)
        status = replace_proposed(id, a, &t, bytes);
    SKA_TRY(status);
    char text[TASK_TEXT_BYTES];
    log_info("task_added", "task=%s state=%s", task_text(text, t.task_id),
             ska_task_state_name(state));
    return SKA_OK;
}

static void answer_stored(struct aggregator *a, uint64_t handle, int64_t id)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    enum ska_status status = store_task_parameters(&data, &len, a->store, id);
    if (status == SKA_OK)
        reply_body(a, handle, 200, MEDIA_PARAMETERS, (struct ska_slice){data, len});
    else
        reply_status(a, handle, status, NULL);
}

/* The stored task of a checked proposal, added in `state` if it is new. */
static bool store_or_answer(struct store_task *row, struct aggregator *a, uint64_t handle,
                            const struct ipc_request *m, enum ska_task_state state)
{
    SKA_SCOPED(proposal_clear) struct proposal p = {0};
    struct ska_error err = {0};
    enum ska_status status = read_proposal(&p, a, m, &err);
    if (status == SKA_OK) {
        status = store_task_find(row, a->store, m->task_id);
        if (status == SKA_E_NOT_FOUND) {
            int64_t id = 0;
            status = add_task(&id, a, &p, state, &err);
            if (status == SKA_E_CONFLICT)
                status = ska_fail(&err, status,
                                  "other parameters of this collection, period and revision are "
                                  "stored already; use the next revision");
            if (status == SKA_OK)
                status = store_task_get(row, a->store, id);
        }
    }
    if (status == SKA_OK)
        return true;
    reply_status(a, handle, status, err.text);
    return false;
}

void handle_parameters_helper(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct store_task row;
    if (store_or_answer(&row, a, handle, m, SKA_TASK_READY))
        answer_stored(a, handle, row.id);
}

/* --- the leader's call to the helper --- */

/* Whether the helper's answer is what we sent, signed by all three; if so, keep it. */
static enum ska_status take_signed(struct aggregator *a, int64_t id, struct ska_slice body,
                                   struct ska_error *err)
{
    struct ska_signed_parameters theirs;
    SKA_TRY(ska_signed_parameters_decode(&theirs, body));
    struct task_entry *t = NULL;
    SKA_TRY(task_load(&t, a, id));
    if (theirs.parameters.len != t->task->encoded_len ||
        memcmp(theirs.parameters.data, t->task->encoded, t->task->encoded_len) != 0)
        return ska_fail(err, SKA_E_MISMATCH, "other parameters than were sent");
    SKA_TRY(ska_signed_parameters_verify(&theirs, t->task, err));
    SKA_TRY(store_begin(a->store));
    enum ska_status status = store_task_set_parameters(a->store, id, body);
    if (status == SKA_OK)
        status = store_task_set_state(a->store, id, SKA_TASK_READY);
    if (status == SKA_OK)
        status = tlog_add_parameters(a, id, body);
    return store_end(a->store, status);
}

static enum call_next on_signed(struct aggregator *a, struct call *c, enum call_result result,
                                const struct ipc_fetched *m)
{
    char detail[500] = {0};
    struct ska_error err = {0};
    enum ska_status status = SKA_E_PEER;
    if (result == CALL_OK) {
        status = take_signed(a, c->key, m->body, &err);
        enum ska_class class = ska_status_class(status);
        if (class == SKA_CLASS_INPUT || class == SKA_CLASS_REJECTED) {
            log_peer("peer_answered_wrongly", "what=parameters status=%s", ska_status_name(status));
            status = SKA_E_PEER;
        }
    } else {
        call_explain(detail, sizeof detail, m);
        status = result == CALL_REFUSED ? SKA_E_STATE : SKA_E_PEER;
    }
    uint64_t handle = 0;
    while ((handle = request_parked(a, PARKED_FORWARD, c->key)) != 0) {
        if (status == SKA_OK)
            answer_stored(a, handle, c->key);
        else
            reply_status(a, handle, status, detail[0] != '\0' ? detail : err.text);
    }
    return CALL_DONE;
}

static enum ska_status forward(struct aggregator *a, const struct store_task *row)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    SKA_TRY(store_task_parameters(&data, &len, a->store, row->id));
    struct call *c = NULL;
    SKA_TRY(call_new(&c, a, ROUTE_PARAMETERS_PUT, row->task_id, (struct ska_slice){data, len}));
    c->key = row->id;
    c->answered = on_signed;
    call_start(a, c);
    return SKA_OK;
}

void handle_parameters_leader(struct aggregator *a, uint64_t handle, const struct ipc_request *m)
{
    struct store_task row;
    if (!store_or_answer(&row, a, handle, m, SKA_TASK_PROPOSED))
        return;
    if (row.state != SKA_TASK_PROPOSED) {
        answer_stored(a, handle, row.id);
        return;
    }
    const struct ipc_answer late = {.status = 503, .retry_after_s = RETRY_AFTER_S};
    request_park(a, handle, PARKED_FORWARD, row.id, a->config->peer_timeout_ms, &late);
    if (call_is_open(a, row.id))
        return; /* the one under way answers this request too */
    enum ska_status status = forward(a, &row);
    if (status != SKA_OK)
        reply_status(a, handle, status, NULL);
}

/* --- the start --- */

static enum ska_status warn_of_key(struct aggregator *a, const struct store_task *row)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    SKA_SCOPED(ska_parameters_clear) struct ska_parameters p = {0};
    size_t len = 0;
    struct ska_signed_parameters s;
    char text[TASK_TEXT_BYTES];
    SKA_TRY(store_task_parameters(&data, &len, a->store, row->id));
    SKA_TRY(ska_signed_parameters_decode(&s, (struct ska_slice){data, len}));
    SKA_TRY(ska_parameters_decode(&p, s.parameters, NULL));
    if (!parameters_name_our_hpke(a, &p))
        log_error("hpke_key_changed", "task=%s period=%s state=%s hint=put_the_old_key_back",
                  task_text(text, row->task_id), row->period, ska_task_state_name(row->state));
    return SKA_OK;
}

enum ska_status parameters_warn_of_keys(struct aggregator *a)
{
    SKA_SCOPED(ska_scoped_free) struct store_task *tasks = NULL;
    size_t n = 0;
    SKA_TRY(store_task_all(&tasks, &n, a->store));
    for (size_t i = 0; i < n; i++) {
        if (tasks[i].state < SKA_TASK_CLOSED)
            SKA_TRY(warn_of_key(a, &tasks[i]));
    }
    return SKA_OK;
}
