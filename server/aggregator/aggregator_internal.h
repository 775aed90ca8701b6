/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_internal.h - what the aggregator's files share: one struct, one event loop, and the
 * three things that wait in it.
 *
 *   request   from front, until it is answered or its client went away. A handler answers it at
 *             once, or parks it: then it is answered when what it waits for happens, or at its
 *             deadline with "not ready yet".
 *   call      to the peer through front (FETCH), repeated byte for byte with growing pauses until
 *             its owner is content with the answer.
 *   work      in the worker threads (verify.h).
 *
 * Everything else is in the database, so that a process that is killed goes on where it was:
 * aggregator_resume starts again what the database says is under way.
 */
#ifndef SKA_SERVER_AGGREGATOR_INTERNAL_H
#define SKA_SERVER_AGGREGATOR_INTERNAL_H

#include "protocol/dap.h"
#include "protocol/documents.h"
#include "protocol/revision.h"
#include "server/aggregator/aggregator.h"
#include "server/aggregator/verify.h"
#include "server/channel.h"
#include "server/store/store.h"

#include <event2/event.h>

#define CLOCK_LENIENCY_S 300u         /* how far clients' and servers' clocks may be apart */
#define QUERY_AGE_MAX_S 600u          /* a submission query's time may be off by this */
#define TASKS_CACHED_MAX 16u          /* decoded tasks kept, besides those in use */
#define BATCHES_AHEAD 2u              /* leader: batches under way beyond the worker threads */
#define JOB_REPORTS_MAX 64u           /* reports of one aggregation job */
#define JOB_BYTES_MAX (16u << 20)     /* leader: a job is not begun larger than this */
#define HELPER_JOBS_MAX 8u            /* helper: aggregation jobs being verified at once */
#define UPLOAD_REPORTS_MAX 64u        /* reports of one upload */
#define CONTRIBUTOR_REPORTS_MAX 100u  /* of one contributor to one task, rejected ones too */
#define UPLOAD_GROUP_BYTES (4u << 20) /* uploads that wait for one commit */
#define ANSWER_QUEUE_MAX (64u << 20)  /* bytes front has not taken: then requests are refused */
#define POSTPONE_S 60u                /* a report refused as too early is tried again after this */
#define STORE_RETRY_MS 1000u          /* pause after the database failed in the background */
#define CLOSE_WAIT_MS 3000u           /* a close or collection is answered 202 after this */
#define RETRY_AFTER_S 1u              /* told with 202 and 503 */

struct task_entry;
struct call;
struct upload;
struct leader_batch;
struct helper_job;
struct tlog;

/* What a parked request waits for. */
enum parked {
    PARKED_NOT = 0,
    PARKED_FORWARD, /* the peer's answer; key: task */
    PARKED_CLOSE,   /* the end of closing; key: task */
    PARKED_COLLECT, /* the collection; key: task */
    PARKED_JOB,     /* helper: verification; key: the job's serial */
    PARKED_COMMIT   /* upload: the group's commit; key: 0 */
};

/* One of the fronts: a process that sends requests. */
struct aggregator_front {
    struct aggregator *aggregator; /* borrowed */
    struct channel *channel;       /* owned */
    bool draining;                 /* it sends no request any more */
};

/* An open request. Zeroed: none. */
struct request {
    uint64_t handle;                /* never used again, unlike a front's id */
    struct aggregator_front *front; /* whose it is */
    uint32_t id;
    enum parked parked;
    int64_t key;
    uint64_t deadline_ms;          /* 0: none */
    struct ipc_answer at_deadline; /* no body */
    uint8_t task_id[32];
    struct request *next;
};

struct aggregator {
    const struct config *config;    /* borrowed */
    struct ska_signing_key signing; /* secret */
    struct ska_hpke_key hpke;       /* secret */
    const struct ska_vdaf *vdaf;
    struct store *store;
    struct tlog *tlog; /* the public log (aggregator_tlog.h); NULL: none is configured */

    struct event_base *base;
    struct aggregator_front fronts[CONFIG_FRONTS_MAX]; /* the first also calls the peer */
    size_t n_fronts;
    struct verify_pool *pool;
    struct event *timer, *pool_event;
    uint64_t timer_at_ms; /* 0: not set */

    struct task_entry *tasks;
    struct request *requests; /* oldest first */
    size_t n_requests;
    uint64_t last_handle;
    struct call *calls;
    uint32_t last_call_id;
    struct upload *uploads; /* waiting for the commit, oldest first */
    size_t upload_bytes;
    uint64_t commit_at_ms; /* 0: no group */
    struct leader_batch *batches;
    bool jobs_resumed;      /* every job of the database is in `batches` */
    uint64_t batches_at_ms; /* not before */
    struct helper_job *jobs;
    int64_t last_job;

    bool draining; /* a front is: nothing that needs the peer is begun */
    bool ended;
    int result; /* of aggregator_run */
};

/* --- aggregator.c: the loop --- */

uint64_t aggregator_now_ms(void); /* monotonic */
uint64_t aggregator_now_s(void);  /* Unix time; tests may replace it */
extern uint64_t (*aggregator_clock_for_test)(void);
/* Call aggregator_tick again at `at_ms` at the latest. */
void aggregator_wake_at(struct aggregator *a, uint64_t at_ms);
/* Stop the loop: `result` is what aggregator_run returns. */
void aggregator_end(struct aggregator *a, int result);

/* --- aggregator_request.c: requests and their answers --- */

enum ska_status request_open(struct aggregator_front *front, uint32_t id,
                             const struct ipc_request *m) SKA_MUST_CHECK; /* and handle it */
enum ska_status request_closed(struct aggregator_front *front, uint32_t id) SKA_MUST_CHECK;
void request_park(struct aggregator *a, uint64_t handle, enum parked parked, int64_t key,
                  uint64_t wait_ms, const struct ipc_answer *at_deadline);
/* A request parked on (parked, key), or 0. */
uint64_t request_parked(const struct aggregator *a, enum parked parked, int64_t key);
void request_tick(struct aggregator *a);  /* answer those past their deadline */
void request_drain(struct aggregator *a); /* answer those that would wait for the peer */
void request_free_all(struct aggregator *a);
/* Answer and forget; nothing if the client is gone. */
void reply(struct aggregator *a, uint64_t handle, const struct ipc_answer *m);
void reply_body(struct aggregator *a, uint64_t handle, uint16_t status, enum media media,
                struct ska_slice body);
/* A created resource; an empty body means "not ready": Retry-After is added. */
void reply_created(struct aggregator *a, uint64_t handle, enum media media,
                   const uint8_t name[static STORE_NAME_BYTES], struct ska_slice body);
void reply_problem(struct aggregator *a, uint64_t handle, enum ska_problem problem, uint16_t status,
                   const char *detail);
/* The one place where a status becomes an HTTP status. `detail` may be NULL. */
void reply_status(struct aggregator *a, uint64_t handle, enum ska_status status,
                  const char *detail);
/* The same for all parked on (parked, key). */
void reply_parked_status(struct aggregator *a, enum parked parked, int64_t key,
                         enum ska_status status, const char *detail);

/* A handler answers or parks. */
typedef void request_handler(struct aggregator *a, uint64_t handle, const struct ipc_request *m);

/* --- aggregator_call.c: requests to the peer --- */

enum call_next { CALL_DONE, CALL_REPEAT };

/* What the peer said. */
enum call_result {
    CALL_OK,      /* 2xx */
    CALL_REFUSED, /* 4xx but 408 and 429: repeating will not help */
    CALL_FAILED   /* no answer, or 5xx */
};

struct call {
    struct call *next;
    uint32_t id; /* 0: waiting for due_ms */
    enum route route;
    uint8_t task_id[32];
    char name[IPC_NAME_MAX + 1];
    uint8_t *body; /* owned */
    size_t body_len;
    int64_t key; /* task; unique with `answered` */
    uint64_t due_ms, wait_ms;
    uint64_t n_failed;
    void *context; /* the owner's */
    enum call_next (*answered)(struct aggregator *a, struct call *c, enum call_result result,
                               const struct ipc_fetched *m);
};

/* Send now. `body` is copied. SKA_E_MEMORY. */
enum ska_status call_new(struct call **out, struct aggregator *a, enum route route,
                         const uint8_t task_id[static 32], struct ska_slice body) SKA_MUST_CHECK;
void call_start(struct aggregator *a, struct call *c);
enum ska_status call_fetched(struct aggregator *a, uint32_t id,
                             const struct ipc_fetched *m) SKA_MUST_CHECK; /* SKA_E_RANGE */
void call_tick(struct aggregator *a);
void call_free_all(struct aggregator *a);
/* Whether a call of any kind but aggregation jobs is under way for the task. */
bool call_is_open(const struct aggregator *a, int64_t task);
/* "the helper said: ..." for people, from a problem document or a status; cut to `size`. */
void call_explain(char *out, size_t size, const struct ipc_fetched *m);
/* The peer's problem if it is one of the draft's, else SKA_PROBLEM_NONE. */
enum ska_problem call_problem(const struct ipc_fetched *m);
/* Answer all parked on (parked, key) with the peer's refusal: its status, type and detail. */
void call_pass_on(struct aggregator *a, enum parked parked, int64_t key,
                  const struct ipc_fetched *m);

/* --- aggregator_task.c: decoded tasks --- */

struct task_entry {
    struct task_entry *next;
    int64_t id;
    size_t n_uses; /* pinned while a worker borrows it */
    uint64_t last_use;
    struct ska_task *task;
    struct ska_earlier *earlier; /* a correction's: what its submissions are compared with; owned,
                                    by contributor, in earlier_bytes */
    uint8_t *earlier_bytes;
};
/* The decoded parameters of a stored task, with our own key in its configuration, and a
 * correction's earlier commitments. */
enum ska_status task_load(struct task_entry **out, struct aggregator *a, int64_t id) SKA_MUST_CHECK;
/* The same, decoded anew, with neither; owned by the caller. */
enum ska_status task_decode(struct ska_task **out, struct aggregator *a, int64_t id) SKA_MUST_CHECK;
/* Its parameters are about to be others; nobody borrows it. */
void task_forget(struct aggregator *a, int64_t id);
void task_pin(struct task_entry *t);
void task_unpin(struct task_entry *t); /* NULL is accepted */
void task_free_all(struct aggregator *a);
/* The stored row; answers the request itself if there is none. */
bool task_find_or_answer(struct store_task *out, struct aggregator *a, uint64_t handle,
                         const struct ipc_request *m);
/* Row and decoded task. */
bool task_load_or_answer(struct store_task *row, struct task_entry **t, struct aggregator *a,
                         uint64_t handle, const struct ipc_request *m);

#define TASK_TEXT_BYTES 44 /* base64url of a task identifier, and NUL */
const char *task_text(char out[static TASK_TEXT_BYTES], const uint8_t task_id[static 32]);

/* --- the handlers, and what else each file does --- */

request_handler handle_hpke_config, handle_tasks, handle_parameters_get, handle_status,
    handle_submissions, handle_accepted, handle_public_share;       /* aggregator_read.c */
request_handler handle_changes;                                     /* aggregator_revision.c */
request_handler handle_parameters_leader, handle_parameters_helper; /* aggregator_parameters.c */
/* Whether the parameters name our HPKE configuration as that of our role. */
bool parameters_name_our_hpke(const struct aggregator *a, const struct ska_parameters *p);
/* At the start: an error in the log for each task that still takes submissions, or has them
 * pending, under another HPKE key than ours. */
enum ska_status parameters_warn_of_keys(struct aggregator *a) SKA_MUST_CHECK;
request_handler handle_control_leader, handle_control_helper;   /* aggregator_control*.c */
request_handler handle_announce_leader, handle_announce_helper; /* aggregator_announce.c */
request_handler handle_upload;                                  /* aggregator_upload.c */
request_handler handle_job, handle_job_continue, handle_job_get, handle_job_delete; /* -helper.c */
request_handler handle_collection, handle_collection_get, handle_collection_delete; /* -collect.c */
request_handler handle_share, handle_share_get, handle_share_delete; /* aggregator_share.c */

/* aggregator_read.c: a task's state as an answer (200, or 202 with Retry-After). */
void reply_task_state(struct aggregator *a, uint64_t handle, uint16_t status,
                      const struct store_task *row);

/* aggregator_upload.c */
void upload_tick(struct aggregator *a);  /* commit a group whose time has come */
void upload_flush(struct aggregator *a); /* commit now */
void upload_free_all(struct aggregator *a);
/* The report error for a report that comes in this state or at this time; 0: none. */
uint8_t upload_state_error(enum ska_task_state state);

/* aggregator_verify.c: the leader's batches and jobs */
void batch_fill(struct aggregator *a); /* start what can be started */
void batch_verified(struct aggregator *a, struct verify_work *work);
void batch_free_all(struct aggregator *a);

/* aggregator_helper.c */
bool job_verified(struct aggregator *a, struct verify_work *work);
void job_free_all(struct aggregator *a);

/* aggregator_control.c: what both sides check and do */
struct control_check {
    struct ska_control control;
    bool is_repetition; /* the last command once more, byte for byte */
};
/* Signature, task, and that the serial is newer or the command repeated: SKA_E_SIGNATURE,
 * SKA_E_TASK, SKA_E_NUMBER (older), SKA_E_CONFLICT (the last serial, other bytes), SKA_E_RANGE. */
enum ska_status control_check(struct control_check *out, const struct aggregator *a,
                              const struct store_task *row, struct ska_slice bytes) SKA_MUST_CHECK;
/* SKA_E_STATE unless the command fits the task's state. */
enum ska_status control_allowed(struct aggregator *a, const struct store_task *row,
                                enum ska_control_kind kind) SKA_MUST_CHECK;
/* The state that a task is in once the command was carried out. */
enum ska_task_state control_target(enum ska_control_kind kind);
/* SKA_OK if the task is CLOSED and its last command is `collect`; else SKA_E_STATE. SKA_E_MEMORY,
 * SKA_E_CRYPTO. */
enum ska_status control_collectable(const struct aggregator *a,
                                    const struct store_task *row) SKA_MUST_CHECK;
/* Within a transaction: remember the command and move the task. */
enum ska_status control_apply(struct aggregator *a, int64_t task, const struct ska_control *c,
                              const uint8_t bytes[static SKA_CONTROL_BYTES],
                              enum ska_task_state state) SKA_MUST_CHECK;

/* aggregator_close.c: closing at the leader */
void close_advance(struct aggregator *a, int64_t task);

/* aggregator_collect.c */
void collect_advance(struct aggregator *a, int64_t task);
void collection_name(uint8_t name[static STORE_NAME_BYTES], const uint8_t task_id[static 32],
                     struct ska_slice request);
/* One transaction: keep the answer, the task is COLLECTED, its output shares are deleted. */
enum ska_status collection_finish(struct aggregator *a, int64_t task,
                                  const uint8_t name[static STORE_NAME_BYTES],
                                  struct ska_slice request,
                                  struct ska_slice answer_bytes) SKA_MUST_CHECK;

/*
 * aggregator_revision.c: corrections (protocol/revision.h)
 *
 * is_of_period: whether two tasks are of one period, and not the same.
 * collection_allowed: nothing of the period was collected, and the task corrects nothing; or the
 *     task has the highest revision and corrects one that was collected. Else SKA_E_STATE, or
 *     SKA_E_MISMATCH: the difference of two totals could be one contributor's figures; or what
 *     passed_check says, once its flags are opened. `row` is the task's, or one not stored yet.
 * revision_fill: a correction's earlier commitments, from the store. SKA_E_NOT_FOUND if they were
 *     not kept.
 */
bool is_of_period(const struct store_task *a, const struct store_task *b);
enum ska_status collection_allowed(struct aggregator *a, const struct store_task *row,
                                   const struct ska_task *task,
                                   struct ska_error *err) SKA_MUST_CHECK;
enum ska_status revision_fill(struct ska_earlier **earlier, uint8_t **bytes, struct aggregator *a,
                              const struct ska_task *task) SKA_MUST_CHECK;
/* Our own opening of a closed correction's flags, appended to `w`: as it was given before, or made
 * now. */
enum ska_status changes_write_own(struct ska_writer *w, struct aggregator *a,
                                  const struct store_task *row,
                                  const struct ska_task *task) SKA_MUST_CHECK;
/* aggregator_passed.c: a correction beside all that is collected of its period. In: both openings
 * of its flags. SKA_E_BATCH_SIZE if the difference from one of them could be that of too few. */
enum ska_status passed_check(struct aggregator *a, const struct store_task *row,
                             const struct ska_task *task, struct ska_slice both,
                             struct ska_error *err) SKA_MUST_CHECK;
/*
 * Check the peer's opening against its commitments and judge the sum with our own. Out: both (of
 * leader and helper, encoded). SKA_OK; SKA_E_BATCH_SIZE if the correction must not be collected,
 * and `both` is there too; else the peer's opening is wrong, or we could not decide.
 */
enum ska_status changes_judge(struct ska_writer *both, struct aggregator *a,
                              const struct store_task *row, const struct ska_task *task,
                              struct ska_slice own, struct ska_slice peers,
                              struct ska_error *err) SKA_MUST_CHECK;
/* Within a transaction: keep them, unless they are kept already. */
enum ska_status changes_keep(struct aggregator *a, int64_t task,
                             struct ska_slice both) SKA_MUST_CHECK;

/* aggregator_accepted.c */
/* The list of what this aggregator accepted, encoded, owned by the caller. */
enum ska_status accepted_build(uint8_t **list, size_t *len, struct aggregator *a, int64_t task,
                               const struct ska_task *decoded, uint64_t serial) SKA_MUST_CHECK;
/* The counted reports of a closed task: how many, and the checksum of their identifiers. */
struct counted {
    uint64_t n;
    uint8_t checksum[32];
    uint8_t list_hash[32];
    struct ska_accepted list; /* owned */
};
void counted_clear(struct counted *c);
enum ska_status counted_load(struct counted *out, struct aggregator *a,
                             int64_t task) SKA_MUST_CHECK;
/* Sum the counted output shares, sign the root, encrypt to the collector: an encoded
 * HpkeCiphertext. */
enum ska_status counted_seal(struct ska_writer *ciphertext, struct aggregator *a, int64_t task,
                             const struct ska_task *decoded, const struct counted *counted,
                             struct ska_slice collection_req) SKA_MUST_CHECK;
/* Whether a query asks for the task's one batch. SKA_PROBLEM_NONE: it does. */
enum ska_problem query_check(const struct ska_dap_collection_req *q, const struct ska_task *task);

#endif
