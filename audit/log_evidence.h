/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * log_evidence.h - what an audit of a public log has taken out of its files so far. As evidence.h:
 * each part is filled by the check named beside it, and used by checks that need that one.
 *
 * It is of a whole log (check-log), or of the part that a bundle has (is_part): then entries begin
 * at `first`, and the one task is the bundle's.
 */
#ifndef SKA_AUDIT_LOG_EVIDENCE_H
#define SKA_AUDIT_LOG_EVIDENCE_H

#include "audit/evidence.h"
#include "audit/log_note.h"
#include "audit/log_place.h"
#include "protocol/close_record.h"
#include "protocol/log_leaf.h"
#include "protocol/log_part.h"
#include "protocol/tlog_tile.h"

/* One entry. */
struct log_row {
    bool is_known;            /* of a type that this program knows */
    uint32_t task;            /* in `tasks`, if it is known; SKA_NONE for a verifier, and in a part
                                 for other tasks' */
    struct ska_log_leaf leaf; /* if it is known */
};

/* What is known of a task. Rows of its entries are found by going over all. */
struct log_task {
    uint8_t id[32];
    struct ska_task *task; /* owned, in a part borrowed; NULL until log-parameters */
    struct ska_signed_parameters signed_parameters;
    uint8_t *parameters; /* owned: the blob */
    size_t parameters_len;
    struct ska_close_record last_close; /* owned; of log-closes */
    uint64_t last_close_at;
    bool is_closed;
};

/* Valid when zeroed but for what is given. Owned unless said. */
struct log_evidence {
    /* given, borrowed */
    struct log_place place;
    struct ska_slice policy;  /* its text */
    struct ska_slice earlier; /* a checkpoint seen before; empty: none */
    bool has_trust, has_bundle;

    /* log-checkpoint */
    struct log_note note;
    /* log-form, of a bundle */
    bool is_part;
    struct ska_log_part part;
    uint64_t first; /* 0 of a whole log */

    /* log-entries; log-form of a bundle */
    uint64_t size;        /* of the tree */
    struct log_row *rows; /* of the entries from `first` on: log_row */
    uint32_t *row_of;     /* of a part: by entry its row. rows[0] is all that are not the task's */
    uint64_t n_unknown;
    struct log_task *tasks;
    uint32_t n_tasks, tasks_capacity;
    /* hashes[0]: of the rows' leaves; hashes[k], of a whole log: roots of the full tiles below,
     * 256^k leaves each */
    uint8_t (*hashes[SKA_TILE_LEVELS])[SKA_HASH_BYTES];
    uint64_t n_hashes[SKA_TILE_LEVELS];

    /* made when they are first asked for, so that many closes cost no more than their bytes */
    struct ska_merkle_edge *edges; /* of a part: after every LOG_EDGE_STEP rows from `first` on */
    uint64_t *places;              /* of submissions, by task, in order */
    uint64_t *places_of;           /* where a task's begin in `places`; n_tasks + 1 */
};

#define LOG_EDGE_STEP 256u

void log_evidence_clear(struct log_evidence *log);

/* The entry at a place from `first` on. */
struct log_row *log_row(const struct log_evidence *log, uint64_t index);

/* Hashes of the tree of all entries of a whole log, for proofs and tiles. */
struct ska_tile_source log_source(struct log_evidence *log);

/* Its root when it had `size` entries, from `first` to log->size. */
enum ska_status log_root_at(uint8_t out[static SKA_HASH_BYTES], struct log_evidence *log,
                            uint64_t size) SKA_MUST_CHECK;

/* The places of a task's submissions, in order, borrowed. SKA_E_MEMORY. */
enum ska_status log_submissions_of(const uint64_t **places, uint64_t *n, struct log_evidence *log,
                                   uint32_t task) SKA_MUST_CHECK;

/* Whether bytes have an entry's length and hash. */
bool log_is_blob(const struct ska_log_leaf *leaf, struct ska_slice bytes);

/* Read an entry's blob, which has its length and hash; the caller frees. As log_place_read;
 * SKA_E_MISMATCH. */
enum ska_status log_blob(uint8_t **data, size_t *len, const struct log_evidence *log,
                         const struct ska_log_leaf *leaf, struct ska_error *err) SKA_MUST_CHECK;

/* "entry 17 (close, 2025Q2)", valid until the next call but three. */
const char *log_entry_name(const struct log_evidence *log, uint64_t index);

#endif
