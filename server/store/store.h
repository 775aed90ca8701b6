/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store.h - what an aggregator remembers, in one SQLite file. Only store*.c hold SQL.
 *
 * 1. A report identifier is in a task at most once, a (contributor, number) too (UNIQUE).
 * 2. Every change is inside store_begin .. store_end and on disk (WAL, synchronous=FULL) when
 *    store_end returns SKA_OK; a failed or interrupted one leaves no trace.
 * 3. The file belongs to one process at a time (exclusive lock), one role and one signing key.
 * 4. An output share is readable only between its report's acceptance and its task's collection;
 *    deleted content is overwritten with zeros.
 *
 * A report's state at the leader; the helper has ACCEPTED ones only. Each arrow names the only
 * function that does it:
 *
 *     store_report_add --> STORED --store_report_send--> SENT --store_report_accept--> ACCEPTED
 *                           ^  |                         |  |
 *                           |  +---store_report_reject---|--+----> REJECTED
 *                           +-----store_report_postpone--+
 *
 * All functions: SKA_E_STORE (the database failed; the process may go on), SKA_E_FULL (no space),
 * SKA_E_MEMORY; further statuses are named. Outputs change only on success. Not thread-safe.
 * Numbers and serials are below 2^63.
 */
#ifndef SKA_SERVER_STORE_H
#define SKA_SERVER_STORE_H

#include "protocol/documents.h"
#include "protocol/log_leaf.h"

#define STORE_NAME_BYTES 16 /* a job's name, as in its URL */
#define STORE_NUMBER_MAX ((uint64_t)INT64_MAX)

struct store;

/* Open or create (mode 0600), bring the schema up to date. SKA_E_CONFIG: another role or key, or
 * open in another process; SKA_E_VERSION: a newer program's; SKA_E_FORMAT: no database of ours. */
enum ska_status store_open(struct store **out, const char *path, enum ska_role role,
                           const uint8_t own_key[static 32], struct ska_error *err) SKA_MUST_CHECK;
void store_close(struct store *store); /* NULL is accepted */

/* One state change. store_end commits if `so_far` is SKA_OK, else rolls back; it returns `so_far`,
 * or why the commit failed. Transactions do not nest. */
enum ska_status store_begin(struct store *store) SKA_MUST_CHECK;
enum ska_status store_end(struct store *store, enum ska_status so_far) SKA_MUST_CHECK;

/* Write everything back into the main file and empty the write-ahead log, so that what was deleted
 * is in neither. */
enum ska_status store_checkpoint(struct store *store) SKA_MUST_CHECK;

/* --- tasks (store_task.c) --- */

struct store_task {
    int64_t id;
    uint8_t task_id[32];
    char collection[SKA_CODE_MAX + 1];
    char period[SKA_PERIOD_MAX + 1];
    uint32_t revision;
    enum ska_task_state state;
    uint64_t serial;                    /* of the last control command; 0: none */
    uint8_t control[SKA_CONTROL_BYTES]; /* that command; zeros: none */
};

/* Add a task in `t->state`; t->id and t->serial are not read. SKA_E_CONFLICT: its identifier or its
 * (collection, period, revision) is taken. */
enum ska_status store_task_add(int64_t *id, struct store *store, const struct store_task *t,
                               struct ska_slice signed_parameters) SKA_MUST_CHECK;
enum ska_status store_task_find(struct store_task *out, struct store *store,
                                const uint8_t task_id[static 32]) SKA_MUST_CHECK; /* NOT_FOUND */
enum ska_status store_task_get(struct store_task *out, struct store *store,
                               int64_t id) SKA_MUST_CHECK; /* NOT_FOUND */
/* All tasks, oldest first; the caller frees. n = 0 gives NULL. */
enum ska_status store_task_all(struct store_task **at, size_t *n,
                               struct store *store) SKA_MUST_CHECK;
/* The caller frees. SKA_E_NOT_FOUND. */
enum ska_status store_task_parameters(uint8_t **data, size_t *len, struct store *store,
                                      int64_t id) SKA_MUST_CHECK;
enum ska_status store_task_set_parameters(struct store *store, int64_t id,
                                          struct ska_slice signed_parameters) SKA_MUST_CHECK;
/* Other parameters, and so another identifier, for a task that is PROPOSED: SKA_E_STATE if it is
 * not. */
enum ska_status store_task_replace(struct store *store, int64_t id,
                                   const uint8_t task_id[static 32],
                                   struct ska_slice signed_parameters) SKA_MUST_CHECK;
enum ska_status store_task_set_state(struct store *store, int64_t id,
                                     enum ska_task_state state) SKA_MUST_CHECK;
/* SKA_E_NUMBER unless the serial is greater than the last one. */
enum ska_status
store_task_set_control(struct store *store, int64_t id, uint64_t serial,
                       const uint8_t control[static SKA_CONTROL_BYTES]) SKA_MUST_CHECK;

/* The signed accepted list (struct ska_signed_accepted, encoded) of a closed task. */
enum ska_status store_accepted_set(struct store *store, int64_t task,
                                   struct ska_slice signed_accepted) SKA_MUST_CHECK;
enum ska_status store_accepted_get(uint8_t **data, size_t *len, struct store *store,
                                   int64_t task) SKA_MUST_CHECK; /* NOT_FOUND */
enum ska_status store_accepted_delete(struct store *store, int64_t task) SKA_MUST_CHECK;

/* The opened flags of a correction, of leader and helper (protocol/revision.h): set once.
 * SKA_E_CONFLICT; SKA_E_NOT_FOUND; the caller frees. */
enum ska_status store_changes_set(struct store *store, int64_t task,
                                  struct ska_slice both) SKA_MUST_CHECK;
enum ska_status store_changes_get(uint8_t **data, size_t *len, struct store *store,
                                  int64_t task) SKA_MUST_CHECK;

/* --- reports (store_report.c) --- */

enum store_report_state {
    STORE_REPORT_STORED = 1,
    STORE_REPORT_SENT,
    STORE_REPORT_ACCEPTED,
    STORE_REPORT_REJECTED
};

struct store_report {
    int64_t id;
    int64_t task;
    uint8_t report_id[16];
    uint32_t contributor;
    uint64_t number; /* 1..STORE_NUMBER_MAX */
    enum store_report_state state;
    uint8_t error;                  /* DAP report error; 0 unless REJECTED */
    uint8_t digest[32];             /* SHA-256 of the whole encoded report */
    uint8_t sha256[32];             /* of the public share */
    uint64_t length;                /* of the public share */
    uint8_t leader[64], helper[64]; /* signatures over the log entry; zeros unless ACCEPTED */
};

/* Add a report as STORED (leader) with its encoding, or as it is without one (`encoded` empty).
 * SKA_E_REPLAY: the identifier is in the task; SKA_E_CONFLICT: the (contributor, number) is. */
enum ska_status store_report_add(int64_t *id, struct store *store, const struct store_report *r,
                                 struct ska_slice encoded) SKA_MUST_CHECK;
/* By identifier, by number. SKA_E_NOT_FOUND. */
enum ska_status store_report_find(struct store_report *out, struct store *store, int64_t task,
                                  const uint8_t report_id[static 16]) SKA_MUST_CHECK;
enum ska_status store_report_find_number(struct store_report *out, struct store *store,
                                         int64_t task, uint32_t contributor,
                                         uint64_t number) SKA_MUST_CHECK;
/* The contributor's highest number that is not REJECTED; 0: none. */
enum ska_status store_report_highest(uint64_t *number, struct store *store, int64_t task,
                                     uint32_t contributor) SKA_MUST_CHECK;
/* How many a contributor has, in whatever state. */
enum ska_status store_report_count(uint64_t *n, struct store *store, int64_t task,
                                   uint32_t contributor) SKA_MUST_CHECK;
/* All of one contributor by number; the caller frees. */
enum ska_status store_report_of(struct store_report **at, size_t *n, struct store *store,
                                int64_t task, uint32_t contributor) SKA_MUST_CHECK;
/* Identifiers (rows) of reports that are STORED and due at `now_s`, oldest first, at most `max`. */
enum ska_status store_report_due(int64_t *ids, size_t *n, struct store *store, size_t max,
                                 uint64_t now_s) SKA_MUST_CHECK;
enum ska_status store_report_get(struct store_report *out, struct store *store,
                                 int64_t id) SKA_MUST_CHECK; /* NOT_FOUND */
/* The encoded report while it is STORED or SENT; the caller frees. NOT_FOUND. */
enum ska_status store_report_encoded(uint8_t **data, size_t *len, struct store *store,
                                     int64_t id) SKA_MUST_CHECK;
/* How many of a task are STORED or SENT. */
enum ska_status store_report_pending(uint64_t *n, struct store *store, int64_t task) SKA_MUST_CHECK;

/* The arrows. Each is SKA_E_STATE from another state than the drawing's. */
enum ska_status store_report_send(struct store *store, int64_t id, int64_t job,
                                  uint32_t place) SKA_MUST_CHECK;
enum ska_status store_report_accept(struct store *store, int64_t id,
                                    const uint8_t leader[static 64],
                                    const uint8_t helper[static 64], struct ska_slice public_share,
                                    struct ska_slice output_share) SKA_MUST_CHECK;
enum ska_status store_report_reject(struct store *store, int64_t id, uint8_t error) SKA_MUST_CHECK;
enum ska_status store_report_postpone(struct store *store, int64_t id,
                                      uint64_t due_s) SKA_MUST_CHECK;

/* Add an accepted report's output share, or its public share, where the report was added as
 * ACCEPTED (helper). */
enum ska_status store_output_add(struct store *store, int64_t id,
                                 struct ska_slice output_share) SKA_MUST_CHECK;
enum ska_status store_public_share_add(struct store *store, int64_t id,
                                       struct ska_slice public_share) SKA_MUST_CHECK;
/* The output share of an accepted report, secret: the caller wipes and frees. NOT_FOUND. */
enum ska_status store_output_get(uint8_t **data, size_t *len, struct store *store,
                                 int64_t id) SKA_MUST_CHECK;
/* Delete all output shares of a task. */
enum ska_status store_output_delete(struct store *store, int64_t task) SKA_MUST_CHECK;
/* The public share of an accepted report; the caller frees. NOT_FOUND (a helper did not keep them
 * before version 2 of the schema). */
enum ska_status store_public_share_get(uint8_t **data, size_t *len, struct store *store,
                                       int64_t id) SKA_MUST_CHECK;

/* Everything accepted in a task, as the accepted list wants it; the caller frees. */
enum ska_status store_report_accepted(struct ska_accepted_entry **at, uint32_t *n,
                                      struct store *store, int64_t task) SKA_MUST_CHECK;

/* --- aggregation and collection jobs (store_job.c) --- */

/* Leader: a request to the helper that is repeated byte for byte until it is answered. */
enum ska_status store_job_add(int64_t *id, struct store *store, int64_t task,
                              struct ska_slice request) SKA_MUST_CHECK;
/* Jobs not answered yet, oldest first, at most `max`, above `after`. */
enum ska_status store_job_open(int64_t *ids, size_t *n, struct store *store, size_t max,
                               int64_t after) SKA_MUST_CHECK;
/* The task and the exact request; the caller frees. NOT_FOUND. */
enum ska_status store_job_request(int64_t *task, uint8_t **data, size_t *len, struct store *store,
                                  int64_t id) SKA_MUST_CHECK;
/* The job's reports (rows), by place; at most `max`. */
enum ska_status store_job_reports(int64_t *ids, size_t *n, struct store *store, size_t max,
                                  int64_t id) SKA_MUST_CHECK;
/* Forget an answered job; its reports must have left SENT. */
enum ska_status store_job_delete(struct store *store, int64_t id) SKA_MUST_CHECK;

/* Helper: answers of aggregation jobs, by the hash of their request and by name. SKA_E_CONFLICT. */
enum ska_status store_answer_add(struct store *store, int64_t task,
                                 const uint8_t name[static STORE_NAME_BYTES],
                                 const uint8_t request_sha256[static 32],
                                 struct ska_slice answer) SKA_MUST_CHECK;
/* NOT_FOUND. The caller frees. */
enum ska_status store_answer_find(uint8_t name[static STORE_NAME_BYTES], uint8_t **data,
                                  size_t *len, struct store *store, int64_t task,
                                  const uint8_t request_sha256[static 32]) SKA_MUST_CHECK;
enum ska_status store_answer_get(uint8_t **data, size_t *len, struct store *store, int64_t task,
                                 const uint8_t name[static STORE_NAME_BYTES]) SKA_MUST_CHECK;
enum ska_status store_answer_delete(struct store *store, int64_t task,
                                    const uint8_t name[static STORE_NAME_BYTES]) SKA_MUST_CHECK;

/* The one collection of a task: at the leader a collection job, at the helper an aggregate share.
 */
struct store_collection {
    uint8_t name[STORE_NAME_BYTES];
    uint8_t *request; /* owned */
    size_t request_len;
    uint8_t *answer; /* owned; NULL: not ready */
    size_t answer_len;
};
void store_collection_clear(struct store_collection *c);
/* SKA_E_CONFLICT: there is one. `answer` empty: not ready. */
enum ska_status store_collection_add(struct store *store, int64_t task,
                                     const uint8_t name[static STORE_NAME_BYTES],
                                     struct ska_slice request,
                                     struct ska_slice answer) SKA_MUST_CHECK;
enum ska_status store_collection_get(struct store_collection *out, struct store *store,
                                     int64_t task) SKA_MUST_CHECK; /* NOT_FOUND */
enum ska_status store_collection_set_answer(struct store *store, int64_t task,
                                            struct ska_slice answer) SKA_MUST_CHECK;
enum ska_status store_collection_delete(struct store *store, int64_t task) SKA_MUST_CHECK;

/* --- the public log (store_log.c) --- */

/*
 * An entry is added, in the transaction of what it tells, without a place; a place is given once,
 * by sequencing (leader) or when the leader's checkpoint has it (helper).
 */
#define STORE_NO_TASK 0 /* rows of tasks count from 1 */

struct store_entry {
    int64_t id;
    int64_t task; /* or STORE_NO_TASK */
    bool is_placed;
    uint64_t index; /* if it is */
    uint8_t hash[32];
    uint8_t leaf[SKA_LEAF_BYTES_MAX];
    size_t leaf_len;
};

/* SKA_E_CONFLICT: its (task, type, contributor, number) is there, or this very leaf. */
enum ska_status store_entry_add(struct store *store, int64_t task,
                                const struct ska_log_leaf *leaf) SKA_MUST_CHECK;
/* By leaf hash; by place; by what it is about; a task's first of a type. NOT_FOUND. */
enum ska_status store_entry_find(struct store_entry *out, struct store *store,
                                 const uint8_t hash[static 32]) SKA_MUST_CHECK;
enum ska_status store_entry_at(struct store_entry *out, struct store *store,
                               uint64_t index) SKA_MUST_CHECK;
enum ska_status store_entry_of(struct store_entry *out, struct store *store, int64_t task,
                               enum ska_leaf_type type, uint32_t contributor,
                               uint64_t number) SKA_MUST_CHECK;
enum ska_status store_entry_of_type(struct store_entry *out, struct store *store, int64_t task,
                                    enum ska_leaf_type type) SKA_MUST_CHECK;
/* Rows without a place, at most `max`, in the order of docs/log.md. */
enum ska_status store_entry_new(int64_t *ids, size_t *n, struct store *store,
                                size_t max) SKA_MUST_CHECK;
enum ska_status store_entry_get(struct store_entry *out, struct store *store,
                                int64_t id) SKA_MUST_CHECK; /* NOT_FOUND */
/* SKA_E_STATE: it has one; SKA_E_CONFLICT: another has this one. */
enum ska_status store_entry_place(struct store *store, int64_t id, uint64_t index) SKA_MUST_CHECK;
/* How many of a task have no place. */
enum ska_status store_entry_unplaced(uint64_t *n, struct store *store, int64_t task) SKA_MUST_CHECK;
/* The leaf hashes of all that have one, by place; the caller frees. SKA_E_STORE if one is missing.
 */
enum ska_status store_entry_hashes(uint8_t **hashes, uint64_t *n,
                                   struct store *store) SKA_MUST_CHECK;

/* What an entry's sha256 is of, but for public shares. Adding again is nothing new. NOT_FOUND; the
 * caller frees. */
enum ska_status store_blob_add(struct store *store, const uint8_t sha256[static 32],
                               struct ska_slice data) SKA_MUST_CHECK;
enum ska_status store_blob_get(uint8_t **data, size_t *len, struct store *store,
                               const uint8_t sha256[static 32]) SKA_MUST_CHECK;

/* The log as it stands. Zeroed: nothing yet. */
struct store_head {
    uint64_t size;
    uint8_t root[32];
    uint8_t *note; /* owned; leader: the signed checkpoint; helper: what it cosigned */
    size_t note_len;
    uint8_t *lines; /* owned; leader: cosignatures on it, each a line; NULL: none */
    size_t lines_len;
    uint8_t *published; /* owned; leader: the last checkpoint whose quorum was met, with them */
    size_t published_len;
    uint64_t published_size;
};
void store_head_clear(struct store_head *head);
enum ska_status store_head_get(struct store_head *out, struct store *store) SKA_MUST_CHECK;
enum ska_status store_head_set(struct store *store, const struct store_head *head) SKA_MUST_CHECK;

#endif
