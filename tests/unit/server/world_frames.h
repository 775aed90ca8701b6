/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * world_frames.h - what passes between the servers in world.h, and between them and the test.
 *
 *     test --REQUEST--> leader --FETCH--> test --REQUEST (peer)--> helper
 *          <--ANSWER---        <-FETCHED--     <--ANSWER-----------
 *
 * On the way between the servers the test can lose, damage or hold back what passes, and it can
 * kill either with SIGKILL at any frame and start it again on the same database.
 */
#ifndef SKA_TESTS_WORLD_FRAMES_H
#define SKA_TESTS_WORLD_FRAMES_H

#include "tests/unit/server/world.h"

static inline uint32_t world_id(void)
{
    return ++world.last_id;
}

static inline void world_step(void)
{
    world.steps++;
    if (world.kill_whom < 0 || world.steps != world.kill_at)
        return;
    int whom = world.kill_whom;
    world.kill_whom = -1;
    world_kill(whom);
}

static inline void world_on_fetch(uint32_t id, const struct ipc_fetch *m)
{
    world_step();
    if (world.party[LEADER].fd < 0)
        return;
    if (m->route == ROUTE_ADD_CHECKPOINT) {
        ck_assert(world.witness != NULL);
        world.witness(id, m);
        return;
    }
    struct passed *x = NULL;
    for (size_t i = 0; i < N_OF(world.passed) && x == NULL; i++)
        if (world.passed[i].helper_id == 0)
            x = &world.passed[i];
    ck_assert_ptr_nonnull(x);
    enum mishap mishap = MISHAP_NONE;
    if (world.mishaps > 0 && m->route == world.mishap_route) {
        mishap = world.mishap;
        world.mishaps--;
        world.happened++;
    }
    struct ipc_fetched failed = {.outcome = SKA_E_NETWORK};
    if (world.helper_down || world.party[HELPER].fd < 0) {
        world_tell_leader(id, &failed);
        return;
    }
    if (mishap == LOSE_REQUEST || mishap == REFUSE_REQUEST || mishap == FAIL_REQUEST) {
        failed.outcome = mishap == LOSE_REQUEST ? SKA_E_TIMEOUT : SKA_OK;
        failed.status = mishap == LOSE_REQUEST ? 0 : mishap == REFUSE_REQUEST ? 400 : 500;
        SKA_SCOPED(ska_writer_clear) struct ska_writer problem = {0};
        if (mishap == REFUSE_REQUEST && world.refusal != SKA_PROBLEM_NONE) {
            need(ska_problem_write(&problem, world.refusal, 409, "not so", m->task_id), "problem");
            failed.status = 409;
            failed.media = MEDIA_PROBLEM;
            failed.body = (struct ska_slice){problem.data, problem.len};
        }
        world_tell_leader(id, &failed);
        return;
    }
    *x = (struct passed){world_id(), id, m->route, mishap};
    struct ipc_request request = {.route = m->route, .peer = !world.without_peer, .body = m->body};
    memcpy(request.task_id, m->task_id, 32);
    memcpy(request.name, m->name, sizeof request.name);
    struct ska_writer w = {0};
    ipc_write_request(&w, x->helper_id, &request);
    world_write(HELPER, &w);
}

static inline void world_pass_back(struct passed *x, const struct ipc_answer *m)
{
    struct ipc_fetched fetched = {.status = m->status, .media = m->media, .body = m->body};
    uint8_t *damaged = NULL;
    if (x->mishap == LOSE_ANSWER)
        fetched = (struct ipc_fetched){.outcome = SKA_E_TIMEOUT};
    if (x->mishap == DAMAGE_ANSWER && m->body.len > 0) {
        damaged = malloc(m->body.len);
        ck_assert_ptr_nonnull(damaged);
        memcpy(damaged, m->body.data, m->body.len);
        damaged[m->body.len / 2] ^= 1;
        fetched.body.data = damaged;
    }
    if (x->mishap == CUT_ANSWER && m->body.len > 0)
        fetched.body.len--;
    if (x->mishap == EMPTY_ANSWER)
        fetched.body = (struct ska_slice){0};
    x->helper_id = 0;
    world_tell_leader(x->leader_id, &fetched);
    free(damaged);
}

static inline void world_on_answer(int who, uint32_t id, const struct ipc_answer *m)
{
    world_step();
    if (world.party[who].fd < 0)
        return; /* killed before it could be heard */
    for (size_t i = 0; who == HELPER && i < N_OF(world.passed); i++)
        if (world.passed[i].helper_id == id) {
            world_pass_back(&world.passed[i], m);
            return;
        }
    for (size_t i = 0; i < N_OF(world.asked); i++) {
        struct asked *x = &world.asked[i];
        if (x->id != id)
            continue;
        free(x->got.body);
        x->got = (struct got){.status = m->status,
                              .media = m->media,
                              .retry_after_s = m->retry_after_s,
                              .body = malloc(m->body.len + 1),
                              .len = m->body.len};
        memcpy(x->got.location, m->location, sizeof x->got.location);
        if (m->body.len > 0)
            memcpy(x->got.body, m->body.data, m->body.len);
        x->done = true;
    }
}

static inline void world_on_frame(int who, uint8_t type, uint32_t id, struct ska_slice payload)
{
    struct ipc_answer answer;
    struct ipc_fetch fetch;
    if (type == IPC_ANSWER) {
        need(ipc_read_answer(&answer, payload), "answer");
        world_on_answer(who, id, &answer);
    } else {
        ck_assert_int_eq(type, IPC_FETCH);
        ck_assert_int_eq(who, LEADER);
        need(ipc_read_fetch(&fetch, payload), "fetch");
        world_on_fetch(id, &fetch);
    }
}

static inline void world_take_frames(int who)
{
    struct party *p = &world.party[who];
    while (p->in_len >= IPC_HEADER_BYTES) {
        uint32_t len = 0;
        uint8_t type = 0;
        uint32_t id = 0;
        need(ipc_read_header(&len, &type, &id, p->in), "header");
        size_t all = IPC_HEADER_BYTES + len;
        if (p->in_len < all)
            return;
        uint8_t *frame = malloc(all);
        ck_assert_ptr_nonnull(frame);
        memcpy(frame, p->in, all);
        memmove(p->in, p->in + all, p->in_len - all);
        p->in_len -= all;
        world_on_frame(who, type, id, (struct ska_slice){frame + IPC_HEADER_BYTES, len});
        free(frame);
    }
}

/* Read what is there; an end of file means that the process died by itself. */
static inline void world_read(int who)
{
    struct party *p = &world.party[who];
    static uint8_t piece[1 << 16];
    ssize_t n = recv(p->fd, piece, sizeof piece, 0);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
        ck_assert_msg(world.may_die, "%s died", who == LEADER ? "leader" : "helper");
        int how = 0;
        if (world.on_death == NULL) {
            world_kill(who); /* it was killed from outside: take note */
        } else {
            ck_assert_int_eq(waitpid(p->pid, &how, 0), p->pid);
            world_lost(who);
            world.on_death(who, how);
        }
        return;
    }
    if (n < 0)
        return;
    uint8_t *more = realloc(p->in, p->in_len + (size_t)n);
    ck_assert_ptr_nonnull(more);
    memcpy(more + p->in_len, piece, (size_t)n);
    p->in = more;
    p->in_len += (size_t)n;
    world_take_frames(who);
}

/* Let the servers run for at most `ms`, or until one frame came. */
static inline void world_turn(int ms)
{
    struct pollfd p[2] = {{world.party[LEADER].fd, POLLIN, 0}, {world.party[HELPER].fd, POLLIN, 0}};
    if (poll(p, 2, ms) <= 0)
        return;
    for (int who = 0; who < 2; who++)
        if ((p[who].revents & (POLLIN | POLLHUP)) != 0 && world.party[who].fd == p[who].fd)
            world_read(who);
}

static inline void world_run(int ms)
{
    uint64_t until = aggregator_now_ms() + (uint64_t)ms;
    while (aggregator_now_ms() < until)
        world_turn(1);
}

#endif
