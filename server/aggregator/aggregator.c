/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator.c - opening, the event loop, and the end.
 *
 *     SERVING --DRAIN--> DRAINING --all fronts sent it, nothing left to answer--> ended, result 0
 *        +---------------+--a front gone, or a broken frame---------------------> ended, result 1
 */
#include "server/aggregator/aggregator_tlog.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "crypto/group.h"
#include "server/log.h"
#include "support/keyfile.h"

uint64_t (*aggregator_clock_for_test)(void) = NULL;

uint64_t aggregator_now_ms(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

uint64_t aggregator_now_s(void)
{
    if (aggregator_clock_for_test != NULL)
        return aggregator_clock_for_test();
    return (uint64_t)time(NULL);
}

void aggregator_end(struct aggregator *a, int result)
{
    if (a->ended)
        return;
    a->ended = true;
    a->result = result;
    (void)event_base_loopbreak(a->base);
}

static void end_if_drained(struct aggregator *a)
{
    if (a->n_requests > 0)
        return;
    for (size_t i = 0; i < a->n_fronts; i++)
        if (!a->fronts[i].draining || channel_queued(a->fronts[i].channel) > 0)
            return;
    aggregator_end(a, 0);
}

void aggregator_wake_at(struct aggregator *a, uint64_t at_ms)
{
    if (a->timer_at_ms != 0 && a->timer_at_ms <= at_ms)
        return;
    uint64_t now = aggregator_now_ms();
    uint64_t wait = at_ms > now ? at_ms - now : 0;
    struct timeval tv = {.tv_sec = (time_t)(wait / 1000u),
                         .tv_usec = (suseconds_t)(wait % 1000u) * 1000};
    a->timer_at_ms = at_ms == 0 ? 1 : at_ms;
    if (event_add(a->timer, &tv) != 0) {
        log_error("timer_failed", "reason=memory");
        aggregator_end(a, 1);
    }
}

/* Everything that may be due; each part asks to be woken again. */
static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct aggregator *a = arg;
    a->timer_at_ms = 0;
    upload_tick(a);
    call_tick(a);
    request_tick(a);
    batch_fill(a);
    tlog_advance(a);
    end_if_drained(a);
}

static void on_work_done(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct aggregator *a = arg;
    struct verify_work *work = NULL;
    while ((work = verify_pool_take(a->pool)) != NULL)
        if (!job_verified(a, work))
            batch_verified(a, work);
    batch_fill(a);
    end_if_drained(a);
}

/* --- the fronts' frames --- */

static void drain(struct aggregator_front *front)
{
    struct aggregator *a = front->aggregator;
    front->draining = true;
    a->draining = true;
    log_info("aggregator_draining", "requests=%zu", a->n_requests);
    upload_flush(a);
    request_drain(a);
    end_if_drained(a);
}

static enum ska_status on_frame(void *arg, enum ipc_type type, uint32_t id,
                                struct ska_slice payload)
{
    struct aggregator_front *front = arg;
    struct aggregator *a = front->aggregator;
    struct ipc_request request;
    struct ipc_fetched fetched;
    switch (type) {
    case IPC_REQUEST:
        SKA_TRY(ipc_read_request(&request, payload));
        return front->draining ? SKA_E_STATE : request_open(front, id, &request);
    case IPC_FETCHED:
        if (front != &a->fronts[0])
            return SKA_E_RANGE; /* it was not asked */
        SKA_TRY(ipc_read_fetched(&fetched, payload));
        return call_fetched(a, id, &fetched);
    case IPC_CLOSED:
        return payload.len == 0 ? request_closed(front, id) : SKA_E_TRAILING;
    case IPC_DRAIN:
        if (payload.len != 0)
            return SKA_E_TRAILING;
        drain(front);
        return SKA_OK;
    case IPC_ANSWER:
    case IPC_FETCH:
        break;
    }
    return SKA_E_RANGE;
}

static void on_end(void *arg, enum ska_status why)
{
    const struct aggregator_front *front = arg;
    log_error("front_lost", "reason=%s", ska_status_name(why));
    aggregator_end(front->aggregator, 1);
}

static void on_sent(void *arg)
{
    const struct aggregator_front *front = arg;
    end_if_drained(front->aggregator);
}

/* --- running --- */

/* Go on with what the database says is under way. */
static enum ska_status resume(struct aggregator *a)
{
    struct store_task *tasks = NULL;
    size_t n = 0;
    SKA_TRY(store_task_all(&tasks, &n, a->store));
    for (size_t i = 0; i < n; i++) {
        if (tasks[i].state == SKA_TASK_CLOSING)
            close_advance(a, tasks[i].id);
        if (tasks[i].state == SKA_TASK_CLOSED && a->config->role == SKA_ROLE_LEADER)
            collect_advance(a, tasks[i].id);
    }
    free(tasks);
    batch_fill(a);
    tlog_advance(a);
    return SKA_OK;
}

/* Start reading from all fronts; n_fronts counts those whose sockets were taken over. */
static enum ska_status open_channels(struct aggregator *a, const int *fds, size_t n_fds)
{
    for (a->n_fronts = 0; a->n_fronts < n_fds; a->n_fronts++) {
        struct aggregator_front *front = &a->fronts[a->n_fronts];
        *front = (struct aggregator_front){.aggregator = a};
        const struct channel_events events = {
            .on_frame = on_frame, .on_end = on_end, .on_sent = on_sent, .arg = front};
        SKA_TRY(channel_new(&front->channel, a->base, fds[a->n_fronts], &events));
    }
    return SKA_OK;
}

static enum ska_status start(struct aggregator *a, const int *fds, size_t n_fds,
                             struct ska_error *err)
{
    a->base = event_base_new();
    if (a->base == NULL)
        return ska_fail(err, SKA_E_MEMORY, "event loop: out of memory");
    SKA_TRY(verify_pool_new(&a->pool, (size_t)a->config->verify_threads, err));
    a->timer = event_new(a->base, -1, 0, on_timer, a);
    a->pool_event =
        event_new(a->base, verify_pool_fd(a->pool), EV_READ | EV_PERSIST, on_work_done, a);
    if (a->timer == NULL || a->pool_event == NULL || event_add(a->pool_event, NULL) != 0)
        return ska_fail(err, SKA_E_MEMORY, "event loop: out of memory");
    SKA_TRY(open_channels(a, fds, n_fds));
    return resume(a);
}

static void stop(struct aggregator *a)
{
    verify_pool_free(a->pool); /* first: what it borrows is freed after */
    a->pool = NULL;
    upload_free_all(a);
    job_free_all(a);
    batch_free_all(a);
    call_free_all(a);
    request_free_all(a);
    task_free_all(a);
    for (size_t i = 0; i < a->n_fronts; i++)
        channel_free(a->fronts[i].channel);
    a->n_fronts = 0;
    if (a->timer != NULL)
        event_free(a->timer);
    if (a->pool_event != NULL)
        event_free(a->pool_event);
    if (a->base != NULL)
        event_base_free(a->base);
    a->timer = a->pool_event = NULL;
    a->base = NULL;
}

int aggregator_run(struct aggregator *aggregator, const int *fds, size_t n_fds)
{
    struct ska_error err = {0};
    assert(n_fds > 0 && n_fds <= CONFIG_FRONTS_MAX);
    aggregator->result = 1;
    enum ska_status status = start(aggregator, fds, n_fds, &err);
    if (status != SKA_OK)
        log_error("aggregator_failed", "status=%s text=\"%s\"", ska_status_name(status), err.text);
    else if (!aggregator->ended)
        (void)event_base_dispatch(aggregator->base);
    for (size_t i = aggregator->n_fronts; i < n_fds; i++)
        (void)close(fds[i]);
    stop(aggregator);
    return aggregator->result;
}

/* --- opening --- */

enum ska_status aggregator_open(struct aggregator **out, const struct config *config,
                                struct ska_error *err)
{
    struct aggregator *a = ska_alloc(1, sizeof *a);
    if (a == NULL)
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    a->config = config;
    a->vdaf = ska_vdaf_find(SKA_VDAF_AUDITSUM);
    ska_group_init();
    enum ska_status status = a->vdaf == NULL ? SKA_E_BUG : SKA_OK;
    if (status == SKA_OK)
        status = keyfile_read_signing(&a->signing, config->signing_key, err);
    if (status == SKA_OK)
        status = keyfile_read_hpke(&a->hpke, config->hpke_key, err);
    if (status == SKA_OK)
        status = store_open(&a->store, config->database, config->role, a->signing.public_key, err);
    if (status == SKA_OK)
        status = tlog_open(a, err);
    if (status == SKA_OK)
        status = parameters_warn_of_keys(a);
    if (status != SKA_OK) {
        aggregator_free(a);
        return status;
    }
    *out = a;
    return SKA_OK;
}

void aggregator_free(struct aggregator *aggregator)
{
    if (aggregator == NULL)
        return;
    tlog_close(aggregator);
    store_close(aggregator->store);
    ska_signing_key_clear(&aggregator->signing);
    ska_hpke_key_clear(&aggregator->hpke);
    free(aggregator);
}
