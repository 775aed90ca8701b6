/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * world_request.h - what the clients in world.h ask of both aggregators, and the answers: any
 * request, the publisher's proposals and commands, and a world that has come as far as an open
 * task.
 */
#ifndef SKA_TESTS_WORLD_REQUEST_H
#define SKA_TESTS_WORLD_REQUEST_H

#include "tests/unit/server/world_frames.h"

static inline struct asked *world_ask(int who, enum route route, const char *name,
                                      struct ska_slice body)
{
    struct asked *x = NULL;
    for (size_t i = 0; i < N_OF(world.asked) && x == NULL; i++)
        if (world.asked[i].id == 0)
            x = &world.asked[i];
    ck_assert_ptr_nonnull(x);
    free(x->got.body);
    *x = (struct asked){.id = world_id()};
    struct ipc_request m = {
        .route = route, .peer = who == HELPER && !world.without_peer, .body = body};
    memcpy(m.task_id, world.task->context.task_id, 32);
    (void)snprintf(m.name, sizeof m.name, "%s", name);
    struct ska_writer w = {0};
    ipc_write_request(&w, x->id, &m);
    world_write(who, &w);
    return x;
}

/* The answer; status 0 if the server was killed first. The caller frees got.body. */
static inline struct got world_wait(struct asked *x)
{
    uint64_t until = aggregator_now_ms() + WAIT_MS;
    while (!x->done) {
        ck_assert_msg(aggregator_now_ms() < until, "no answer");
        if (world.revive != NULL)
            world.revive();
        world_turn(20);
    }
    struct got got = x->got;
    *x = (struct asked){0};
    return got;
}

static inline struct got world_request(int who, enum route route, const char *name,
                                       struct ska_slice body)
{
    if (world.party[who].fd < 0)
        return (struct got){0};
    return world_wait(world_ask(who, route, name, body));
}

/* The short name of the problem in an answer, or its status name for about:blank. */
static inline const char *world_problem(const struct got *got)
{
    static char type[64];
    static char detail[300];
    if (got->media != MEDIA_PROBLEM)
        return "";
    need(ska_problem_read(type, sizeof type, detail, sizeof detail,
                          (struct ska_slice){got->body, got->len}),
         "problem");
    if (type[0] != '\0' && strcmp(type, "about:blank") != 0)
        return type;
    detail[strcspn(detail, ":")] = '\0';
    return detail;
}

/* Assert status and problem of an answer and free it. */
#define ck_assert_answer(got_, status_, problem_)                                           \
    do {                                                                                    \
        struct got answer_ = (got_);                                                        \
        ck_assert_msg(answer_.status == (status_) &&                                        \
                          strcmp(world_problem(&answer_), (problem_)) == 0,                 \
                      "%s: got %u %s %.*s", #got_, answer_.status, world_problem(&answer_), \
                      answer_.media == MEDIA_PROBLEM ? (int)answer_.len : 0,                \
                      answer_.body == NULL ? "" : (const char *)answer_.body);              \
        free(answer_.body);                                                                 \
    } while (0)

static inline struct got world_propose(void)
{
    return world_request(LEADER, ROUTE_PARAMETERS_PUT, "",
                         (struct ska_slice){world.parameters, world.parameters_len});
}

static inline struct got world_control(enum ska_control_kind kind, uint64_t serial)
{
    struct ska_control c = {.kind = kind, .serial = serial};
    memcpy(c.task_id, world.task->context.task_id, 32);
    uint8_t bytes[SKA_CONTROL_BYTES];
    need(ska_control_encode(bytes, &c, &world.publisher), "control");
    struct got got =
        world_request(LEADER, ROUTE_CONTROL, "", (struct ska_slice){bytes, sizeof bytes});
    if (got.status == 200 || got.status == 202 || kind == SKA_CONTROL_COLLECT)
        world.last = c;
    return got;
}

/* Command the collection, or repeat the command. */
static inline struct got world_release(void)
{
    uint64_t next = world.last.serial + (world.last.kind == SKA_CONTROL_COLLECT ? 0 : 1);
    return world_control(SKA_CONTROL_COLLECT, next);
}

static inline void world_open(void)
{
    ck_assert_answer(world_propose(), 200, "");
    ck_assert_answer(world_control(SKA_CONTROL_OPEN, 1), 200, "");
}

/* Repeat a close until it is done. */
static inline void world_close(uint64_t serial)
{
    struct got got = {.status = 202};
    while (got.status == 202 || got.status == 503) {
        free(got.body);
        got = world_control(SKA_CONTROL_CLOSE, serial);
    }
    ck_assert_answer(got, 200, "");
}

/* Both servers, with parameters that `change` made other than usual; NULL: as they are. */
static inline void world_start_both(void (*change)(struct ska_parameters *p))
{
    world_make(change);
    world_start(HELPER);
    world_start(LEADER);
}

static inline void world_begin(void)
{
    world_start_both(NULL);
    world_open();
}

/* The parameters as the publisher proposes them. */
static inline void world_proposed(struct ska_signed_parameters *s)
{
    need(
        ska_signed_parameters_decode(s, (struct ska_slice){world.parameters, world.parameters_len}),
        "parameters");
}

#endif
