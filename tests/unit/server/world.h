/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * world.h - both aggregators as child processes, and a test that plays everyone else: the two
 * fronts, the publisher, the collector and the contributors. Here they are made, started and ended;
 * world_frames.h is what passes between them, world_request.h what the test asks.
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
#include "server/aggregator/aggregator_internal.h"
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
#ifndef N_CONTRIBUTORS /* a test may need more */
#define N_CONTRIBUTORS 4u
#endif
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
    struct ska_signing_key publisher, second;
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
    void (*witness)(uint32_t id, const struct ipc_fetch *m); /* an outside witness of the log is
                                                                asked; NULL: there is none */
    int may_end_with;        /* another exit status that is fine after DRAIN; 0: none */
    void (*revive)(void);    /* called while waiting; NULL: nothing */
    int starting;            /* in a child: which it is */
    void (*in_child)(void);  /* called in each server before it opens; NULL: nothing */
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
    memcpy(p->second_key, world.second.public_key, 32);
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
    need(ska_signing_key_generate(&world.second), "key");
    need(ska_hpke_key_generate(&world.collector), "key");
    for (uint32_t i = 0; i < N_CONTRIBUTORS; i++)
        need(ska_signing_key_generate(&world.contributor[i]), "key");
    world_config(LEADER);
    world_config(HELPER);
    for (int who = 0; who < 2; who++) {
        struct config *c = &world.party[who].config;
        memcpy(c->peer_key, world.party[1 - who].signing.public_key, 32);
        memcpy(c->publisher_key, world.publisher.public_key, 32);
        memcpy(c->second_key, world.second.public_key, 32);
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

#endif
