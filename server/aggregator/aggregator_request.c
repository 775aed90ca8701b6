/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_request.c - requests from front: who handles which, and how they are answered.
 *
 *     front --REQUEST--> open --answer--> gone
 *                         |  \--request_park--> parked --answer, or its deadline--> gone
 *                         +--CLOSED--> gone (an answer that comes later finds nothing)
 */
#include "server/aggregator/aggregator_tlog.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "server/log.h"

/* Who may ask what: the handlers by role (NULL: not served), and whether only the peer may. */
struct resource {
    request_handler *leader, *helper;
    bool peer_only; /* at the helper */
};

static const struct resource resources[N_ROUTES] = {
    [ROUTE_HPKE_CONFIG] = {handle_hpke_config, handle_hpke_config, false},
    [ROUTE_REPORTS] = {handle_upload, NULL, false},
    [ROUTE_COLLECTION_JOBS] = {handle_collection, NULL, false},
    [ROUTE_COLLECTION_JOB_GET] = {handle_collection_get, NULL, false},
    [ROUTE_COLLECTION_JOB_DELETE] = {handle_collection_delete, NULL, false},
    [ROUTE_AGGREGATION_JOBS] = {NULL, handle_job, true},
    [ROUTE_AGGREGATION_JOB_CONTINUE] = {NULL, handle_job_continue, true},
    [ROUTE_AGGREGATION_JOB_GET] = {NULL, handle_job_get, true},
    [ROUTE_AGGREGATION_JOB_DELETE] = {NULL, handle_job_delete, true},
    [ROUTE_AGGREGATE_SHARES] = {NULL, handle_share, true},
    [ROUTE_AGGREGATE_SHARE_GET] = {NULL, handle_share_get, true},
    [ROUTE_AGGREGATE_SHARE_DELETE] = {NULL, handle_share_delete, true},
    [ROUTE_TASKS] = {handle_tasks, NULL, false},
    [ROUTE_PARAMETERS_GET] = {handle_parameters_get, handle_parameters_get, false},
    [ROUTE_PARAMETERS_PUT] = {handle_parameters_leader, handle_parameters_helper, true},
    [ROUTE_CONTROL] = {handle_control_leader, handle_control_helper, true},
    [ROUTE_STATUS] = {handle_status, handle_status, false},
    [ROUTE_SUBMISSIONS] = {handle_submissions, NULL, false},
    [ROUTE_ACCEPTED] = {handle_accepted, NULL, false},
    [ROUTE_PUBLIC_SHARE] = {handle_public_share, NULL, false},
    [ROUTE_CHANGES] = {handle_changes, NULL, false},
    [ROUTE_RELEASE] = {handle_announce_leader, handle_announce_helper, true},
    [ROUTE_VERIFIER] = {handle_announce_leader, handle_announce_helper, true},
    [ROUTE_LOG_PROOF] = {handle_log_proof, NULL, false},
    [ROUTE_LOG_EXTEND] = {NULL, handle_log_extend, true},
};

static struct request *find(const struct aggregator *a, uint64_t handle)
{
    for (struct request *r = a->requests; r != NULL; r = r->next)
        if (r->handle == handle)
            return r;
    return NULL;
}

static void forget(struct aggregator *a, const struct request *gone)
{
    for (struct request **at = &a->requests; *at != NULL; at = &(*at)->next) {
        struct request *r = *at;
        if (r != gone)
            continue;
        *at = r->next;
        a->n_requests--;
        free(r);
        return;
    }
}

/* The open request to which a front gave this id. */
static struct request *find_id(const struct aggregator_front *front, uint32_t id)
{
    for (struct request *r = front->aggregator->requests; r != NULL; r = r->next)
        if (r->front == front && r->id == id)
            return r;
    return NULL;
}

static struct request *append(struct aggregator_front *front, uint32_t id,
                              const struct ipc_request *m)
{
    struct aggregator *a = front->aggregator;
    struct request *r = ska_alloc(1, sizeof *r);
    if (r == NULL)
        return NULL;
    r->front = front;
    r->id = id;
    r->handle = ++a->last_handle;
    memcpy(r->task_id, m->task_id, sizeof r->task_id);
    struct request **at = &a->requests;
    while (*at != NULL)
        at = &(*at)->next;
    *at = r;
    a->n_requests++;
    return r;
}

enum ska_status request_open(struct aggregator_front *front, uint32_t id,
                             const struct ipc_request *m)
{
    struct aggregator *a = front->aggregator;
    if (find_id(front, id) != NULL)
        return SKA_E_CONFLICT; /* an id that is in use: front is broken */
    const struct resource *resource = &resources[m->route];
    bool is_leader = a->config->role == SKA_ROLE_LEADER;
    request_handler *handler = is_leader ? resource->leader : resource->helper;
    struct request *r = append(front, id, m);
    if (r == NULL)
        return SKA_E_MEMORY;
    uint64_t handle = r->handle;
    if (handler == NULL)
        reply_status(a, handle, SKA_E_NOT_FOUND, "this server has no such resource");
    else if (resource->peer_only && !is_leader && !m->peer)
        reply_status(a, handle, SKA_E_FORBIDDEN, "only the leader may ask this");
    else if (a->n_requests > a->config->requests_max ||
             channel_queued(front->channel) > ANSWER_QUEUE_MAX)
        reply_status(a, handle, SKA_E_BUSY, NULL);
    else
        handler(a, handle, m);
    r = find(a, handle);
    assert(r == NULL || r->parked != PARKED_NOT); /* every handler answers or parks */
    return SKA_OK;
}

enum ska_status request_closed(struct aggregator_front *front, uint32_t id)
{
    const struct request *r = find_id(front, id);
    if (r != NULL) /* else its answer and the CLOSED passed each other */
        forget(front->aggregator, r);
    return SKA_OK;
}

void request_park(struct aggregator *a, uint64_t handle, enum parked parked, int64_t key,
                  uint64_t wait_ms, const struct ipc_answer *at_deadline)
{
    struct request *r = find(a, handle);
    if (r == NULL)
        return;
    r->parked = parked;
    r->key = key;
    r->deadline_ms = 0;
    if (at_deadline == NULL)
        return;
    r->at_deadline = *at_deadline;
    r->deadline_ms = aggregator_now_ms() + wait_ms;
    aggregator_wake_at(a, r->deadline_ms);
}

uint64_t request_parked(const struct aggregator *a, enum parked parked, int64_t key)
{
    for (const struct request *r = a->requests; r != NULL; r = r->next)
        if (r->parked == parked && r->key == key)
            return r->handle;
    return 0;
}

/* Answer those whose deadline is at or before `until_ms`; returns the next deadline, 0 if none. */
static uint64_t answer_overdue(struct aggregator *a, uint64_t until_ms)
{
    uint64_t next_ms = 0;
    for (struct request *r = a->requests; r != NULL;) {
        struct request *next = r->next;
        if (r->deadline_ms != 0 && r->deadline_ms <= until_ms) {
            struct ipc_answer late = r->at_deadline;
            reply(a, r->handle, &late);
        } else if (r->deadline_ms != 0 && (next_ms == 0 || r->deadline_ms < next_ms)) {
            next_ms = r->deadline_ms;
        }
        r = next;
    }
    return next_ms;
}

void request_tick(struct aggregator *a)
{
    uint64_t next_ms = answer_overdue(a, aggregator_now_ms());
    if (next_ms != 0)
        aggregator_wake_at(a, next_ms);
}

void request_drain(struct aggregator *a)
{
    (void)answer_overdue(a, UINT64_MAX);
}

void request_free_all(struct aggregator *a)
{
    while (a->requests != NULL)
        forget(a, a->requests);
}

/* --- answers --- */

void reply(struct aggregator *a, uint64_t handle, const struct ipc_answer *m)
{
    struct request *r = find(a, handle);
    if (r == NULL)
        return;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ipc_write_answer(&w, r->id, m);
    struct channel *channel = r->front->channel;
    forget(a, r);
    enum ska_status status = channel_send(channel, &w);
    if (status == SKA_OK)
        return;
    /* Front waits for this answer: without it the two no longer agree. */
    log_error("answer_failed", "status=%s", ska_status_name(status));
    aggregator_end(a, 1);
}

void reply_body(struct aggregator *a, uint64_t handle, uint16_t status, enum media media,
                struct ska_slice body)
{
    const struct ipc_answer m = {.status = status, .media = media, .body = body};
    reply(a, handle, &m);
}

void reply_created(struct aggregator *a, uint64_t handle, enum media media,
                   const uint8_t name[static STORE_NAME_BYTES], struct ska_slice body)
{
    struct ipc_answer m = {.status = 201, .media = body.len == 0 ? MEDIA_NONE : media};
    m.retry_after_s = body.len == 0 ? RETRY_AFTER_S : 0;
    m.body = body;
    ska_base64url_encode(m.location, name, STORE_NAME_BYTES);
    reply(a, handle, &m);
}

void reply_problem(struct aggregator *a, uint64_t handle, enum ska_problem problem, uint16_t status,
                   const char *detail)
{
    const struct request *r = find(a, handle);
    if (r == NULL)
        return;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct ipc_answer m = {.status = status, .media = MEDIA_PROBLEM};
    m.retry_after_s = status == 503 ? RETRY_AFTER_S : 0;
    if (ska_problem_write(&w, problem, status, detail, r->task_id) == SKA_OK)
        m.body = (struct ska_slice){w.data, w.len};
    else
        m.media = MEDIA_NONE; /* without memory: the status alone */
    reply(a, handle, &m);
}

static uint16_t http_status(enum ska_status status)
{
    if (status == SKA_E_NOT_FOUND)
        return 404;
    if (status == SKA_E_FORBIDDEN || status == SKA_E_SIGNATURE || status == SKA_E_ROSTER)
        return 403;
    switch (ska_status_class(status)) {
    case SKA_CLASS_OK:
        return 200;
    case SKA_CLASS_INPUT:
        return 400;
    case SKA_CLASS_REJECTED:
        return 409;
    case SKA_CLASS_RESOURCE:
    case SKA_CLASS_IO:
        return 503;
    case SKA_CLASS_BUG:
        break;
    }
    return 500;
}

void reply_status(struct aggregator *a, uint64_t handle, enum ska_status status, const char *detail)
{
    enum ska_problem problem = ska_status_class(status) == SKA_CLASS_INPUT
                                   ? SKA_PROBLEM_INVALID_MESSAGE
                                   : SKA_PROBLEM_NONE;
    char text[700] = {0};
    (void)snprintf(text, sizeof text, "%s: %s", ska_status_name(status),
                   detail != NULL && detail[0] != '\0' ? detail : ska_status_text(status));
    if (ska_status_class(status) == SKA_CLASS_IO || ska_status_class(status) == SKA_CLASS_BUG ||
        ska_status_class(status) == SKA_CLASS_RESOURCE)
        log_warn("request_failed", "status=%s", ska_status_name(status));
    reply_problem(a, handle, problem, http_status(status), text);
}

void reply_parked_status(struct aggregator *a, enum parked parked, int64_t key,
                         enum ska_status status, const char *detail)
{
    uint64_t handle = 0;
    while ((handle = request_parked(a, parked, key)) != 0)
        reply_status(a, handle, status, detail);
}
