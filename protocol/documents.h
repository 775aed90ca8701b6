/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * documents.h - the small signed documents beside DAP: control commands, status queries, receipts,
 * accepted lists.
 */
#ifndef SKA_DOCUMENTS_H
#define SKA_DOCUMENTS_H

#include "protocol/task.h"

#define SKA_DOCUMENT_VERSION 1
#define SKA_TASK_LIST_MAX 100000u
#define SKA_SUBMISSIONS_MAX 100000u /* of one contributor to one task */
#define SKA_ACCEPTED_MAX 1000000u   /* entries of an accepted list */
#define SKA_ACCEPTED_BYTES_MAX (1u + 32u + 32u + 8u + 4u + 68u * SKA_ACCEPTED_MAX)

/* The version byte every document here starts with: SKA_E_VERSION for another. */
enum ska_status ska_document_version(struct ska_reader *r) SKA_MUST_CHECK;

/*
 * All decoders: SKA_E_TRUNCATED, SKA_E_TRAILING, SKA_E_VERSION; SKA_E_RANGE for a value outside its
 * range, SKA_E_LIMIT for a count over its limit, SKA_E_ENCODING for wrong order. Signatures are
 * checked after the form: SKA_E_SIGNATURE.
 */

/* u8 version = 1 | u8 kind | task_id[32] | u64 serial | signature[64] (publisher,
 * SKA_LABEL_SIGN_CONTROL, over what precedes). The serial grows with every command of a task; an
 * equal serial with equal bytes is a repetition and answered as before. */
enum ska_control_kind {
    SKA_CONTROL_OPEN = 1,
    SKA_CONTROL_CLOSE = 2,
    SKA_CONTROL_REOPEN = 3,
    SKA_CONTROL_COLLECT = 4 /* from now on the closed task may be collected, by a job of its own */
};
#define SKA_CONTROL_BYTES (1 + 1 + 32 + 8 + 64)
struct ska_control {
    enum ska_control_kind kind;
    uint8_t task_id[32];
    uint64_t serial; /* >= 1 */
};
enum ska_status ska_control_encode(uint8_t out[static SKA_CONTROL_BYTES],
                                   const struct ska_control *c,
                                   const struct ska_signing_key *publisher) SKA_MUST_CHECK;
enum ska_status ska_control_decode(struct ska_control *out, struct ska_slice bytes,
                                   const uint8_t publisher_key[static 32]) SKA_MUST_CHECK;

/* State of a task at an aggregator. */
enum ska_task_state {
    SKA_TASK_PROPOSED = 1, /* parameters known, not signed by both */
    SKA_TASK_READY,        /* signed by both, not yet open */
    SKA_TASK_OPEN,
    SKA_TASK_CLOSING,  /* no more uploads; pending ones are being verified */
    SKA_TASK_CLOSED,   /* both signed the accepted list */
    SKA_TASK_COLLECTED /* aggregate shares were given out: no reopening */
};
const char *ska_task_state_name(enum ska_task_state state); /* "open" */

/* GET .../status: u8 version | task_id[32] | u8 state | u64 last_control_serial (0: none). Names no
 * contributor. */
#define SKA_TASK_STATUS_BYTES (1 + 32 + 1 + 8)
struct ska_task_status {
    uint8_t task_id[32];
    enum ska_task_state state;
    uint64_t serial;
};
void ska_task_status_encode(uint8_t out[static SKA_TASK_STATUS_BYTES],
                            const struct ska_task_status *s);
enum ska_status ska_task_status_decode(struct ska_task_status *out,
                                       struct ska_slice bytes) SKA_MUST_CHECK;

/* One line of the list of a leader's tasks: u32 n | n x (task_id[32] | opaque8 collection | opaque8
 * period | u32 revision | u8 state). */
struct ska_task_listing {
    uint8_t task_id[32];
    char collection[SKA_CODE_MAX + 1];
    char period[SKA_PERIOD_MAX + 1];
    uint32_t revision;
    enum ska_task_state state;
};
void ska_task_list_encode(struct ska_writer *w, const struct ska_task_listing *at, size_t n);
enum ska_status ska_task_list_decode(struct ska_task_listing **at, size_t *n,
                                     struct ska_slice bytes) SKA_MUST_CHECK; /* caller frees */

/* A contributor asks for its own submissions: u8 version | task_id[32] | u32 contributor | u64
 * time_s | signature[64] (SKA_LABEL_SIGN_QUERY). Refused if time_s is more than 10 minutes off. */
#define SKA_QUERY_BYTES (1 + 32 + 4 + 8 + 64)
struct ska_query {
    uint8_t task_id[32];
    uint32_t contributor;
    uint64_t time_s;
};
enum ska_status ska_query_encode(uint8_t out[static SKA_QUERY_BYTES], const struct ska_query *q,
                                 const struct ska_signing_key *key) SKA_MUST_CHECK;
/* Form only; verify checks the signature against the roster key. */
enum ska_status ska_query_decode(struct ska_query *out, struct ska_slice bytes) SKA_MUST_CHECK;
enum ska_status ska_query_verify(struct ska_slice bytes,
                                 const uint8_t key[static 32]) SKA_MUST_CHECK;

/* A receipt: opaque16 log entry | leader[64] | helper[64], each SKA_LABEL_SIGN_ENTRY over the
 * entry. */
struct ska_receipt {
    struct ska_log_entry entry;
    uint8_t leader[64], helper[64];
};
void ska_receipt_encode(struct ska_writer *w, const struct ska_receipt *receipt);
enum ska_status ska_receipt_decode(struct ska_receipt *out, struct ska_reader *r) SKA_MUST_CHECK;
/* Both signatures and that the entry is of this task. */
enum ska_status ska_receipt_verify(const struct ska_receipt *receipt, const struct ska_task *task,
                                   struct ska_error *err) SKA_MUST_CHECK;

/* The answer to a query: u8 version | u32 n | n x (report_id[16] | u64 number | u8 state |
 * u8 report_error | u8 has_receipt | receipt, if it has one), numbers not decreasing. A reason
 * (not 0) goes with REJECTED and nothing else, a receipt only with ACCEPTED. */
enum ska_submission_state {
    SKA_SUBMISSION_PENDING = 1,
    SKA_SUBMISSION_ACCEPTED,
    SKA_SUBMISSION_REJECTED
};
struct ska_submission_status {
    uint8_t report_id[16];
    uint64_t number;
    enum ska_submission_state state;
    uint8_t report_error; /* DAP report error that refused it; 0 unless rejected */
    bool has_receipt;
    struct ska_receipt receipt;
};
void ska_submissions_encode(struct ska_writer *w, const struct ska_submission_status *at, size_t n);
enum ska_status ska_submissions_decode(struct ska_submission_status **at, size_t *n,
                                       struct ska_slice bytes) SKA_MUST_CHECK; /* caller frees */

/*
 * The accepted list, made at close and signed by both aggregators (SKA_LABEL_SIGN_ACCEPTED over
 * accepted_hash):
 *     u8 version | task_id[32] | parameters_hash[32] | u64 close_serial | u32 n |
 *     n x (u32 contributor | u64 number | report_id[16] | sha256[32] | u64 length)
 * sorted by (contributor, number), strictly. sha256 and length are those of the encoded public
 * share. Counted is each contributor's highest number, without exception.
 */
struct ska_accepted_entry {
    uint32_t contributor;
    uint64_t number;
    uint8_t report_id[16];
    uint8_t sha256[32];
    uint64_t length;
};
struct ska_accepted {
    uint8_t task_id[32], parameters_hash[32];
    uint64_t close_serial;
    uint32_t n;
    struct ska_accepted_entry *at; /* owned */
};
void ska_accepted_clear(struct ska_accepted *a);
void ska_accepted_encode(struct ska_writer *w, const struct ska_accepted *a);
enum ska_status ska_accepted_decode(struct ska_accepted *out, struct ska_slice bytes)
    SKA_MUST_CHECK; /* also checks the order */
void ska_accepted_hash(uint8_t out[static 32],
                       struct ska_slice encoded); /* SHA-256 under SKA_LABEL_SIGN_ACCEPTED */
bool ska_accepted_is_counted(const struct ska_accepted *a, uint32_t index);
/* The groups of the task that are summed, for those counted in the list (ska_groups_keep): the same
 * for both aggregators, the publisher and the auditor. SKA_E_MEMORY. */
enum ska_status ska_accepted_groups(struct ska_groups *kept, const struct ska_accepted *a,
                                    const struct ska_task *task) SKA_MUST_CHECK;

/* opaque32 list | leader[64] | helper[64] */
struct ska_signed_accepted {
    struct ska_slice list; /* borrowed */
    uint8_t leader[64], helper[64];
};
void ska_signed_accepted_encode(struct ska_writer *w, const struct ska_signed_accepted *s);
enum ska_status ska_signed_accepted_decode(struct ska_signed_accepted *out,
                                           struct ska_slice bytes) SKA_MUST_CHECK;
enum ska_status ska_accepted_sign(uint8_t signature[static 64], const struct ska_signing_key *key,
                                  struct ska_slice list) SKA_MUST_CHECK;
enum ska_status ska_accepted_verify(const uint8_t signature[static 64],
                                    const uint8_t key[static 32],
                                    struct ska_slice list) SKA_MUST_CHECK;

#endif
