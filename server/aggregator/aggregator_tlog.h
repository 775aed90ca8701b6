/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_tlog.h - the public log in the aggregators (docs/log.md).
 *
 * Both add the same entries, each in the transaction of what it tells. At the leader:
 *
 *     entries without a place --sequence: one transaction, with the signed checkpoint--> in the log
 *         --files--> written --extend--> the helper's cosignature --add-checkpoint--> others'
 *         --quorum--> published
 *
 * One checkpoint at a time: nothing is sequenced while the helper has not cosigned the last one.
 * Every step may be done again; tlog_advance does the one that is next, whenever something happened
 * or its time has come.
 */
#ifndef SKA_SERVER_AGGREGATOR_TLOG_H
#define SKA_SERVER_AGGREGATOR_TLOG_H

#include "protocol/close_record.h"
#include "protocol/log_leaf.h"
#include "protocol/log_policy.h"
#include "server/aggregator/aggregator_internal.h"
#include "server/aggregator/tlog_tree.h"

#define TLOG_CUT_MAX 4096u                /* entries of one checkpoint, then another follows */
#define TLOG_EXTEND_BYTES_MAX (16u << 20) /* leaves and checkpoint to the helper */

struct tlog {
    struct ska_signing_key secret;
    struct ska_note_key key; /* its public side: the log's, or the helper's as a witness */
    struct ska_tlog_policy policy;
    uint8_t policy_hash[SKA_HASH_BYTES];
    size_t helper;         /* member of the policy */
    struct tlog_tree tree; /* all that have a place */
    struct store_head head;
    struct ska_policy_result result; /* leader: what the policy says of the head, if is_judged */
    bool is_judged;
    bool cut_wanted;     /* leader: sequence now */
    uint64_t next_cut_s; /* leader: and then */
    uint64_t written;    /* leader: files are there for trees up to this size */
    uint64_t witness_size[SKA_POLICY_MEMBERS_MAX]; /* leader: what a witness has, as it said */
    uint64_t asked_size[SKA_POLICY_MEMBERS_MAX];   /* leader: what it was last asked about */
    bool is_shown; /* leader: the file `checkpoint` is what is published */
    uint64_t witness_due_ms[SKA_POLICY_MEMBERS_MAX]; /* leader: it is not asked before */
};

/* a->tlog is NULL where the configuration has no log_policy. `err` says what to do. */
enum ska_status tlog_open(struct aggregator *a, struct ska_error *err) SKA_MUST_CHECK;
void tlog_close(struct aggregator *a);

/* Whether parameters name the policy of our log, or none where there is none; else SKA_E_MISMATCH
 * with a sentence. */
enum ska_status tlog_check_parameters(const struct aggregator *a, const struct ska_parameters *p,
                                      struct ska_error *err) SKA_MUST_CHECK;

/* Whether a task's submissions are all in the log: there is one, and it has the task's parameters.
 * Not so where the task is older than the log. */
enum ska_status tlog_covers(bool *covers, struct aggregator *a, int64_t task) SKA_MUST_CHECK;

/* --- entries, each within the transaction of what it tells; also where there is no log yet --- */

/* The roster and the parameters, signed by all three. */
enum ska_status tlog_add_parameters(struct aggregator *a, int64_t task,
                                    struct ska_slice signed_parameters) SKA_MUST_CHECK;
/* A submission that both accepted, by its row. */
enum ska_status tlog_add_report(struct aggregator *a, int64_t report) SKA_MUST_CHECK;
/* The leaf of an entry with its blob: of a task, or of STORE_NO_TASK. Nothing is added. */
enum ska_status tlog_make(struct ska_log_leaf *leaf, struct aggregator *a, int64_t task,
                          enum ska_leaf_type type, uint64_t number,
                          struct ska_slice blob) SKA_MUST_CHECK;
/* Add it. SKA_E_CONFLICT: it is there. */
enum ska_status tlog_add_leaf(struct aggregator *a, int64_t task, const struct ska_log_leaf *leaf,
                              struct ska_slice blob) SKA_MUST_CHECK;
/* Both: a command (its serial), changes, a close. */
enum ska_status tlog_add(struct aggregator *a, int64_t task, enum ska_leaf_type type,
                         uint64_t number, struct ska_slice blob) SKA_MUST_CHECK;
enum ska_status tlog_add_control(struct aggregator *a, int64_t task, const struct ska_control *c,
                                 const uint8_t bytes[static SKA_CONTROL_BYTES]) SKA_MUST_CHECK;

/* --- closes (aggregator_tlog_close.c) --- */

/*
 * The record of a task's close for the log as it was at `size`, without signatures. Its root is
 * ours. SKA_E_STATE if one of the task's submissions has no place below `size`.
 */
enum ska_status tlog_close_body(struct ska_writer *w, struct aggregator *a, int64_t task,
                                const uint8_t control[static SKA_CONTROL_BYTES],
                                uint64_t size) SKA_MUST_CHECK;
/* The signed record of the task's close with this serial. NOT_FOUND; the caller frees. */
enum ska_status tlog_close_find(uint8_t **record, size_t *len, struct aggregator *a, int64_t task,
                                uint64_t serial) SKA_MUST_CHECK;

/* --- the leader (aggregator_tlog_leader.c, aggregator_tlog_files.c) --- */

void tlog_advance(struct aggregator *a);
/* Sequence what there is as soon as may be. */
void tlog_cut(struct aggregator *a);
/* Whether all of a task is in the log and cosigned by the helper; if not, that is under way. */
enum ska_status tlog_is_settled(bool *settled, struct aggregator *a, int64_t task) SKA_MUST_CHECK;
/* Tiles, bundles and blobs from size tlog->written to the head's. */
enum ska_status tlog_write_files(struct aggregator *a, struct ska_error *err) SKA_MUST_CHECK;
/* The file `checkpoint`. */
enum ska_status tlog_write_checkpoint(struct aggregator *a, struct ska_error *err) SKA_MUST_CHECK;
/*
 * At the start: how far the files are written (tlog->written): up to what is published, if that is
 * what is there; else all of them are written again. SKA_E_STORE if the checkpoint that is there is
 * one of ours that the database's log is not an extension of.
 */
enum ska_status tlog_find_written(struct aggregator *a, struct ska_error *err) SKA_MUST_CHECK;

/* --- asking for cosignatures (aggregator_tlog_ask.c); nothing if it is under way --- */

enum ska_status tlog_ask_helper(struct aggregator *a) SKA_MUST_CHECK;
enum ska_status tlog_ask_witness(struct aggregator *a, size_t member) SKA_MUST_CHECK;
/* A line of a member's on the head: checked, kept, and published if that makes the quorum. */
enum ska_status tlog_take_cosignature(struct aggregator *a, size_t member,
                                      struct ska_slice line) SKA_MUST_CHECK;

request_handler handle_log_proof;  /* leader */
request_handler handle_log_extend; /* helper (aggregator_tlog_helper.c) */

#endif
