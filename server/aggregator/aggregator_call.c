/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_call.c - requests to the peer, through front.
 *
 *     call_start --> in flight (id) --answered: CALL_DONE--> gone
 *                      ^      +-------answered: CALL_REPEAT--> waiting (due_ms)
 *                      +--------------------call_tick---------------+
 */
#include "server/aggregator/aggregator_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/random.h"
#include "crypto/scoped.h"
#include "server/log.h"

enum ska_status call_new(struct call **out, struct aggregator *a, enum route route,
                         const uint8_t task_id[static 32], struct ska_slice body)
{
    struct call *c = ska_alloc(1, sizeof *c);
    uint8_t *copy = ska_alloc(body.len + 1, 1);
    if (c == NULL || copy == NULL) {
        free(c);
        free(copy);
        return SKA_E_MEMORY;
    }
    if (body.len > 0)
        memcpy(copy, body.data, body.len);
    c->route = route;
    memcpy(c->task_id, task_id, sizeof c->task_id);
    c->body = copy;
    c->body_len = body.len;
    c->wait_ms = a->config->retry_min_ms;
    *out = c;
    return SKA_OK;
}

static void send_call(struct aggregator *a, struct call *c)
{
    a->last_call_id = a->last_call_id == UINT32_MAX ? 1 : a->last_call_id + 1;
    c->id = a->last_call_id;
    struct ipc_fetch m = {.route = c->route, .body = {c->body, c->body_len}};
    memcpy(m.task_id, c->task_id, sizeof m.task_id);
    memcpy(m.name, c->name, sizeof m.name);
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ipc_write_fetch(&w, c->id, &m);
    enum ska_status status = channel_send(a->fronts[0].channel, &w);
    if (status == SKA_OK)
        return;
    log_warn("call_not_sent", "status=%s", ska_status_name(status));
    c->id = 0;
    c->due_ms = aggregator_now_ms() + a->config->retry_max_ms;
    aggregator_wake_at(a, c->due_ms);
}

void call_start(struct aggregator *a, struct call *c)
{
    c->next = a->calls;
    a->calls = c;
    send_call(a, c);
}

static void call_free(struct call *c)
{
    free(c->body);
    free(c);
}

static void remove_call(struct aggregator *a, struct call *gone)
{
    struct call **at = &a->calls;
    while (*at != NULL && *at != gone)
        at = &(*at)->next;
    if (*at != NULL)
        *at = gone->next;
    call_free(gone);
}

static enum call_result judge(const struct ipc_fetched *m)
{
    if (m->outcome != SKA_OK || m->status >= 500 || m->status == 408 || m->status == 429)
        return CALL_FAILED;
    if (m->status >= 200 && m->status < 300)
        return CALL_OK;
    return CALL_REFUSED;
}

/* The next try: pauses double from retry_min to retry_max, each shortened at random by up to half,
 * so that many waiting calls do not come at once. */
static void repeat_later(struct aggregator *a, struct call *c)
{
    uint8_t luck = 0;
    ska_random(&luck, sizeof luck);
    uint64_t wait = c->wait_ms - c->wait_ms * luck / 512u;
    c->wait_ms =
        2 * c->wait_ms < a->config->retry_max_ms ? 2 * c->wait_ms : a->config->retry_max_ms;
    c->id = 0;
    c->n_failed++;
    c->due_ms = aggregator_now_ms() + wait;
    aggregator_wake_at(a, c->due_ms);
}

static void log_failure(const struct call *c, enum call_result result, const struct ipc_fetched *m)
{
    if (result == CALL_OK)
        return;
    char why[LOG_TEXT_BYTES];
    char text[100] = {0};
    call_explain(text, sizeof text, m);
    log_warn("peer_call_failed", "route=%d tries=%llu reason=%s", (int)c->route,
             (unsigned long long)c->n_failed + 1, log_text(why, text, strlen(text)));
}

enum ska_status call_fetched(struct aggregator *a, uint32_t id, const struct ipc_fetched *m)
{
    struct call *c = a->calls;
    while (c != NULL && c->id != id)
        c = c->next;
    if (c == NULL || id == 0)
        return SKA_E_RANGE; /* an answer to what was not asked: front is broken */
    enum call_result result = judge(m);
    log_failure(c, result, m);
    if (c->answered(a, c, result, m) == CALL_DONE)
        remove_call(a, c);
    else
        repeat_later(a, c);
    return SKA_OK;
}

void call_tick(struct aggregator *a)
{
    uint64_t now = aggregator_now_ms();
    for (struct call *c = a->calls; c != NULL; c = c->next) {
        if (c->id != 0)
            continue;
        if (c->due_ms <= now && !a->draining)
            send_call(a, c);
        else if (!a->draining)
            aggregator_wake_at(a, c->due_ms);
    }
}

void call_free_all(struct aggregator *a)
{
    while (a->calls != NULL)
        remove_call(a, a->calls);
}

bool call_is_open(const struct aggregator *a, int64_t task)
{
    for (const struct call *c = a->calls; c != NULL; c = c->next)
        if (c->key == task && c->route != ROUTE_AGGREGATION_JOBS)
            return true;
    return false;
}

void call_explain(char *out, size_t size, const struct ipc_fetched *m)
{
    char type[64] = {0};
    char detail[300] = {0};
    if (m->outcome != SKA_OK)
        (void)snprintf(out, size, "%s", ska_status_text(m->outcome));
    else if (m->media == MEDIA_PROBLEM &&
             ska_problem_read(type, sizeof type, detail, sizeof detail, m->body) == SKA_OK)
        (void)snprintf(out, size, "the other server answered %u %s: %s", (unsigned)m->status, type,
                       detail);
    else
        (void)snprintf(out, size, "the other server answered %u", (unsigned)m->status);
}

enum ska_problem call_problem(const struct ipc_fetched *m)
{
    static const enum ska_problem problems[] = {
        SKA_PROBLEM_INVALID_MESSAGE,    SKA_PROBLEM_UNRECOGNIZED_TASK, SKA_PROBLEM_BATCH_INVALID,
        SKA_PROBLEM_INVALID_BATCH_SIZE, SKA_PROBLEM_BATCH_MISMATCH,    SKA_PROBLEM_BATCH_OVERLAP};
    char type[64] = {0};
    char detail[300] = {0};
    if (m->outcome != SKA_OK || m->media != MEDIA_PROBLEM ||
        ska_problem_read(type, sizeof type, detail, sizeof detail, m->body) != SKA_OK)
        return SKA_PROBLEM_NONE;
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
        const char *name = strrchr(ska_problem_type(problems[i]), ':');
        if (name != NULL && strcmp(name + 1, type) == 0)
            return problems[i];
    }
    return SKA_PROBLEM_NONE;
}

void call_pass_on(struct aggregator *a, enum parked parked, int64_t key,
                  const struct ipc_fetched *m)
{
    char detail[500] = {0};
    call_explain(detail, sizeof detail, m);
    uint16_t status = m->status >= 400 && m->status < 500 ? m->status : 502; /* no redirections */
    uint64_t handle = 0;
    while ((handle = request_parked(a, parked, key)) != 0)
        reply_problem(a, handle, call_problem(m), status, detail);
}
