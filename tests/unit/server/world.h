/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * world.h - both aggregators as child processes, and a test that plays everyone else: the two
 * fronts, the publisher, the collector and the contributors.
 *
 *     test --REQUEST--> leader --FETCH--> test --REQUEST (peer)--> helper
 *          <--ANSWER---        <-FETCHED--     <--ANSWER-----------
 *
 * On the way between the servers the test can lose, damage or hold back what passes, and it can
 * kill either with SIGKILL at any frame and start it again on the same database.
 */
#ifndef SKA_TESTS_WORLD_H
#define SKA_TESTS_WORLD_H

#include "crypto/auditsum_internal.h"
#include "crypto/group.h"
#include "crypto/labels.h"
#include "crypto/proof.h"
#include "crypto/random.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"
#include "protocol/dap.h"
#include "protocol/documents.h"
#include "server/aggregator_internal.h"
#include "server/log.h"
#include "support/keyfile.h"
#include "tests/test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LEADER, HELPER };
#define N_CONTRIBUTORS 4u
#define WAIT_MS 20000 /* for any one answer */

/* What happens to the next `n` exchanges of `route` between the servers. */
enum mishap {
    MISHAP_NONE,
    LOSE_REQUEST,   /* the helper never sees it; the leader is told TIMEOUT */
    LOSE_ANSWER,    /* the helper did it; the leader is told TIMEOUT */
    DAMAGE_ANSWER,  /* one byte in the middle of the helper's body differs */
    CUT_ANSWER,     /* its last byte is missing */
    EMPTY_ANSWER,   /* the status without the body */
    REFUSE_REQUEST, /* the helper never sees it; the leader is told 400, or world.refusal */
    FAIL_REQUEST    /* the same with 500 */
};

struct got {
    uint16_t status;
    enum media media;
    char location[IPC_NAME_MAX + 1];
    uint32_t retry_after_s;
    uint8_t *body; /* owned */
    size_t len;
};

struct party {
    pid_t pid; /* 0: not running */
    int fd;
    struct config config;
    struct ska_signing_key signing;
    struct ska_hpke_key hpke;
    uint8_t *in; /* bytes received and not yet taken */
    size_t in_len;
};

struct asked {
    uint32_t id; /* 0: free */
    bool done;
    struct got got;
};

struct passed {
    uint32_t helper_id; /* 0: free */
    uint32_t leader_id;
    enum route route;
    enum mishap mishap;
};

static struct world {
    char folder[32];
    struct party party[2];
    struct ska_signing_key publisher;
    struct ska_hpke_key collector;
    struct ska_signing_key contributor[N_CONTRIBUTORS];
    struct ska_task *task;
    uint8_t *parameters; /* signed by the publisher only */
    size_t parameters_len;
    uint32_t last_id;
    struct asked asked[64];
    struct passed passed[64];
    bool helper_down;  /* FETCH is answered with NETWORK */
    bool without_peer; /* requests to the helper come without the leader's certificate */
    enum mishap mishap;
    enum route mishap_route;
    unsigned mishaps; /* how many are still to happen */
    unsigned happened;
    size_t steps;             /* frames between the servers, and answers, so far */
    enum ska_problem refusal; /* what REFUSE_REQUEST says, with 409; NONE: 400 without a body */
    bool may_die;             /* a process may be killed from outside */
    void (*opened)(void);     /* period.h: the task is open; NULL: nothing */
    void (*settled)(void);    /* period.h: all is done but the looking; NULL: nothing */
    void (*on_death)(int who, int how); /* one ended by itself, with this wait status; NULL: as if
                                           it was killed */
    int may_end_with;                   /* another exit status that is fine after DRAIN; 0: none */
    void (*revive)(void);               /* called while waiting; NULL: nothing */
    int starting;                       /* in a child: which it is */
    void (*in_child)(void);             /* called in each server before it opens; NULL: nothing */
    struct ska_control last; /* the newest command that was taken, or `collect` that was sent */
    size_t kill_at;          /* at this step ... */
    int kill_whom;           /* ... this one is killed; -1: nobody */
} world;

/* --- making --- */

static inline void need(enum ska_status status, const char *what)
{
    ck_assert_msg(status == SKA_OK, "%s: %s", what, ska_status_name(status));
}

static const char WORLD_CATALOGUE[] =
    "{\"skarva_catalogue\":1,\"id\":\"test\",\"edition\":\"1\","
    "\"title\":{\"sv\":\"Prov\",\"en\":\"Test\"},"
    "\"record_kinds\":[{\"code\":\"events\",\"label\":{\"sv\":\"H\",\"en\":\"E\"},\"columns\":["
    "{\"code\":\"id\",\"kind\":\"id\",\"required\":true},"
    "{\"code\":\"typ\",\"kind\":\"text\",\"required\":true}]}],"
    "\"indicators\":["
    "{\"code\":\"A\",\"label\":{\"sv\":\"A\",\"en\":\"A\"},\"unit\":{\"sv\":\"st\",\"en\":\"n\"},"
    "\"origin\":\"derived\",\"cadence\":\"quarter\",\"sensitivity\":\"case\",\"bound\":15,"
    "\"count\":{\"records\":\"events\",\"where\":[{\"column\":\"typ\",\"is\":[\"a\"]}]}},"
    "{\"code\":\"B\",\"label\":{\"sv\":\"B\",\"en\":\"B\"},\"unit\":{\"sv\":\"st\",\"en\":\"n\"},"
    "\"origin\":\"derived\",\"cadence\":\"quarter\",\"sensitivity\":\"case\",\"bound\":255,"
    "\"count\":{\"records\":\"events\",\"where\":[{\"column\":\"typ\",\"is\":[\"b\"]}]}}]}";

static inline void world_path(char *out, const char *name)
{
    char path[80];
    (void)snprintf(path, sizeof path, "%s/%s", world.folder, name);
    memcpy(out, path, strlen(path) + 1);
}

static inline void world_config(int who)
{
    struct party *p = &world.party[who];
    struct config *c = &p->config;
    struct ska_error err = {0};
    *c = (struct config){.role = who == LEADER ? SKA_ROLE_LEADER : SKA_ROLE_HELPER,
                         .hpke_config_id = who == LEADER ? 1 : 2,
                         .upload_max = 1u << 20,
                         .requests_max = 50,
                         .reports_per_job_max = 16,
                         .peer_timeout_ms = 5000,
                         .retry_min_ms = 5,
                         .retry_max_ms = 50,
                         .commit_delay_ms = 2,
                         .verify_threads = 1};
    need(ska_signing_key_generate(&p->signing), "key");
    need(ska_hpke_key_generate(&p->hpke), "key");
    world_path(c->signing_key, who == LEADER ? "leader.sign" : "helper.sign");
    world_path(c->hpke_key, who == LEADER ? "leader.hpke" : "helper.hpke");
    world_path(c->database, who == LEADER ? "leader.db" : "helper.db");
    need(keyfile_write_signing(c->signing_key, &p->signing, &err), err.text);
    need(keyfile_write_hpke(c->hpke_key, &p->hpke, &err), err.text);
    strcpy(c->own_url, who == LEADER ? "https://leader.test/" : "https://helper.test/");
    strcpy(c->peer_url, who == LEADER ? "https://helper.test/" : "https://leader.test/");
    p->fd = -1;
}

static inline void world_parameters(struct ska_parameters *p, struct ska_catalogue *catalogue)
{
    uint64_t now = (uint64_t)time(NULL);
    struct ska_contributor at[N_CONTRIBUTORS] = {0};
    for (uint32_t i = 0; i < N_CONTRIBUTORS; i++) {
        (void)snprintf(at[i].code, sizeof at[i].code, "%u", 2300 + i);
        (void)snprintf(at[i].name, sizeof at[i].name, "Kommun %u", i);
        memcpy(at[i].key, world.contributor[i].public_key, 32);
    }
    *p = (struct ska_parameters){.collection = "prov",
                                 .period = "2025Q2",
                                 .cadence = SKA_QUARTER,
                                 .window_start_s = now / 3600 * 3600 - 3600,
                                 .window_duration_s = 48 * 3600,
                                 .policy = {.min_contributors = 3, .threshold = 5, .protection = 2},
                                 .leader_hpke = {.config_id = 1},
                                 .helper_hpke = {.config_id = 2},
                                 .collector_hpke_config_id = 9,
                                 .catalogue = catalogue};
    strcpy(p->leader_url, "https://leader.test/");
    strcpy(p->helper_url, "https://helper.test/");
    memcpy(p->publisher_key, world.publisher.public_key, 32);
    memcpy(p->leader_key, world.party[LEADER].signing.public_key, 32);
    memcpy(p->helper_key, world.party[HELPER].signing.public_key, 32);
    memcpy(p->leader_hpke.public_key, world.party[LEADER].hpke.public_key, 32);
    memcpy(p->helper_hpke.public_key, world.party[HELPER].hpke.public_key, 32);
    memcpy(p->collector_hpke_key, world.collector.public_key, 32);
    ska_proof_generators_hash(p->generators_hash);
    struct ska_error err = {0};
    need(ska_roster_build(&p->roster, at, N_CONTRIBUTORS, &err), err.text);
}

/* Encode, sign as publisher; the signed form and the task. */
static inline void world_sign(const struct ska_parameters *p)
{
    struct ska_error err = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    need(ska_parameters_encode(&w, p), "parameters");
    need(ska_writer_status(&w), "parameters");
    struct ska_signed_parameters s = {.parameters = {w.data, w.len}};
    ska_task_free(world.task);
    world.task = NULL;
    world.last = (struct ska_control){0};
    enum ska_status status = ska_task_new(&world.task, s.parameters, &err);
    ck_assert_msg(status == SKA_OK, "task: %s %s", ska_status_name(status), err.text);
    need(ska_parameters_sign(s.publisher, world.task, &world.publisher), "sign");
    struct ska_writer out = {0};
    ska_signed_parameters_encode(&out, &s);
    free(world.parameters);
    need(ska_writer_take(&world.parameters, &world.parameters_len, &out), "signed");
}

/* Change the parameters before they are signed; NULL: as they are. */
static inline void world_make(void (*change)(struct ska_parameters *p))
{
    memset(&world, 0, sizeof world);
    world.kill_whom = -1;
    strcpy(world.folder, "/tmp/skarva-world-XXXXXX");
    ck_assert_ptr_nonnull(test_mkdtemp(world.folder));
    (void)log_open(getenv("SKARVA_TEST_LOG") != NULL ? getenv("SKARVA_TEST_LOG") : "error");
    ska_group_init();
    need(ska_signing_key_generate(&world.publisher), "key");
    need(ska_hpke_key_generate(&world.collector), "key");
    for (uint32_t i = 0; i < N_CONTRIBUTORS; i++)
        need(ska_signing_key_generate(&world.contributor[i]), "key");
    world_config(LEADER);
    world_config(HELPER);
    for (int who = 0; who < 2; who++) {
        struct config *c = &world.party[who].config;
        memcpy(c->peer_key, world.party[1 - who].signing.public_key, 32);
        memcpy(c->publisher_key, world.publisher.public_key, 32);
    }
    struct ska_error err = {0};
    struct ska_catalogue *catalogue = NULL;
    enum ska_status status =
        ska_catalogue_parse(&catalogue, WORLD_CATALOGUE, sizeof WORLD_CATALOGUE - 1, &err);
    ck_assert_msg(status == SKA_OK, "catalogue: %s", err.text);
    struct ska_parameters p;
    world_parameters(&p, catalogue);
    if (change != NULL)
        change(&p);
    world_sign(&p);
    ska_parameters_clear(&p);
}

/* --- processes --- */

/* Whether a server that ended has lost memory; only AddressSanitizer can tell. */
#if defined(__has_feature)
#define WORLD_HAS_ASAN __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define WORLD_HAS_ASAN 1
#else
#define WORLD_HAS_ASAN 0
#endif
#if WORLD_HAS_ASAN
#include <sanitizer/lsan_interface.h>
static inline bool world_leaks(void)
{
    return __lsan_do_recoverable_leak_check() != 0;
}
#else
static inline bool world_leaks(void)
{
    return false;
}
#endif

static inline void world_start(int who)
{
    struct party *p = &world.party[who];
    int fds[2];
    ck_assert_int_eq(p->pid, 0);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    (void)fflush(NULL);
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        (void)close(fds[0]);
        for (int i = 0; i < 2; i++)
            if (world.party[i].fd >= 0)
                (void)close(world.party[i].fd);
        struct aggregator *a = NULL;
        struct ska_error err = {0};
        world.starting = who;
        if (world.in_child != NULL)
            world.in_child();
        if (aggregator_open(&a, &p->config, &err) != SKA_OK) {
            (void)fprintf(stderr, "aggregator: %s\n", err.text);
            _exit(3);
        }
        int result = aggregator_run(a, fds + 1, 1);
        aggregator_free(a);
        _exit(world_leaks() ? 4 : result);
    }
    (void)close(fds[1]);
    (void)fcntl(fds[0], F_SETFL, O_NONBLOCK);
    p->pid = pid;
    p->fd = fds[0];
    p->in_len = 0;
}

/* Write all of a frame; the other side may be gone. */
static inline void world_write(int who, struct ska_writer *w)
{
    need(ska_writer_status(w), "frame");
    for (size_t at = 0; at < w->len && world.party[who].fd >= 0;) {
        ssize_t n = send(world.party[who].fd, w->data + at, w->len - at, MSG_NOSIGNAL);
        if (n > 0)
            at += (size_t)n;
        else if (errno == EAGAIN) {
            struct pollfd p = {world.party[who].fd, POLLOUT, 0};
            (void)poll(&p, 1, 100);
        } else
            break;
    }
    ska_writer_clear(w);
}

static inline void world_tell_leader(uint32_t id, const struct ipc_fetched *m)
{
    struct ska_writer w = {0};
    ipc_write_fetched(&w, id, m);
    world_write(LEADER, &w);
}

/* A server is no more: its socket, and what was under way. */
static inline void world_lost(int who)
{
    struct party *p = &world.party[who];
    (void)close(p->fd);
    p->pid = 0;
    p->fd = -1;
    p->in_len = 0;
    for (size_t i = 0; i < N_OF(world.passed); i++) {
        struct passed *x = &world.passed[i];
        if (who == HELPER && x->helper_id != 0) {
            const struct ipc_fetched m = {.outcome = SKA_E_NETWORK};
            world_tell_leader(x->leader_id, &m);
        }
        x->helper_id = 0;
    }
    for (size_t i = 0; i < N_OF(world.asked); i++) /* its clients see the connection break */
        if (who == LEADER && world.asked[i].id != 0)
            world.asked[i].done = true;
}

static inline void world_kill(int who)
{
    struct party *p = &world.party[who];
    if (p->pid == 0)
        return;
    (void)kill(p->pid, SIGKILL);
    (void)waitpid(p->pid, NULL, 0);
    world_lost(who);
}

/* The end of the world: DRAIN, and both must end with 0, or with what the test allows (unless they
 * were killed). */
static inline void world_end(void)
{
    for (int who = 0; who < 2; who++) {
        struct party *p = &world.party[who];
        if (p->pid == 0)
            continue;
        struct ska_writer w = {0};
        ipc_write_empty(&w, 0, IPC_DRAIN);
        world_write(who, &w);
        int how = 0;
        ck_assert_int_eq(waitpid(p->pid, &how, 0), p->pid);
        (void)close(p->fd);
        p->pid = 0;
        p->fd = -1;
        ck_assert_msg(WIFEXITED(how) &&
                          (WEXITSTATUS(how) == 0 || WEXITSTATUS(how) == world.may_end_with),
                      "%s ended with %x", who == LEADER ? "leader" : "helper", (unsigned)how);
    }
    char command[100];
    (void)snprintf(command, sizeof command, "rm -rf %s", world.folder);
    ck_assert_int_eq(system(command), 0);
    for (int who = 0; who < 2; who++)
        free(world.party[who].in);
    for (size_t i = 0; i < N_OF(world.asked); i++)
        free(world.asked[i].got.body);
    ska_task_free(world.task);
    free(world.parameters);
}

/* --- frames --- */

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

/* --- requests --- */

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

static inline void world_begin(void)
{
    world_make(NULL);
    world_start(HELPER);
    world_start(LEADER);
    world_open();
}

#endif
