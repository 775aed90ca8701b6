/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dap.h - the messages of draft-ietf-ppm-dap-18 that a one-round VDAF needs, batch mode
 * time-interval.
 *
 * Decoders borrow from the buffer they read, check all lengths, and end with ska_read_end. Encoders
 * append to a writer. The draft's version tag is SKA_LABEL_DAP (labels.h), the report
 * errors are the table below: both are data.
 */
#ifndef SKA_DAP_H
#define SKA_DAP_H

#include "crypto/hpke.h"
#include "protocol/task.h"

#define SKA_DAP_REPORT_ID_BYTES 16
#define SKA_DAP_BATCH_TIME_INTERVAL 1
#define SKA_DAP_TASK_EXTENSION_INTERVAL 1

/* Report errors (section "Basic Type Definitions"). */
enum ska_report_error {
    SKA_REPORT_OK = 0, /* reserved(0): no error */
    SKA_REPORT_BATCH_COLLECTED = 1,
    SKA_REPORT_REPLAYED = 2,
    SKA_REPORT_DROPPED = 3,
    SKA_REPORT_HPKE_UNKNOWN_CONFIG_ID = 4,
    SKA_REPORT_HPKE_DECRYPT_ERROR = 5,
    SKA_REPORT_VDAF_VERIFY_ERROR = 6,
    SKA_REPORT_TASK_EXPIRED = 7,
    SKA_REPORT_INVALID_MESSAGE = 8,
    SKA_REPORT_TOO_EARLY = 9,
    SKA_REPORT_TASK_NOT_STARTED = 10,
    SKA_REPORT_OUTDATED_CONFIG = 11
};
const char *ska_report_error_name(uint8_t error); /* "vdaf_verify_error"; "unknown" */

/* Problem types (section "Errors"), as short names after urn:ietf:params:ppm:dap:error:. Servers
 * may use that namespace for no others; all else is about:blank. */
enum ska_problem {
    SKA_PROBLEM_NONE = 0, /* about:blank */
    SKA_PROBLEM_INVALID_MESSAGE,
    SKA_PROBLEM_UNRECOGNIZED_TASK,
    SKA_PROBLEM_UNRECOGNIZED_AGGREGATION_JOB,
    SKA_PROBLEM_BATCH_INVALID,
    SKA_PROBLEM_INVALID_BATCH_SIZE,
    SKA_PROBLEM_INVALID_AGGREGATION_PARAMETER,
    SKA_PROBLEM_BATCH_MISMATCH,
    SKA_PROBLEM_STEP_MISMATCH,
    SKA_PROBLEM_BATCH_OVERLAP,
    SKA_PROBLEM_UNSUPPORTED_EXTENSION,
    SKA_PROBLEM_INVALID_EXTENSION
};
const char *ska_problem_type(enum ska_problem problem); /* the full URN or "about:blank" */
/* Write a problem document: type, title, status, detail, taskid (base64url) if task_id is not NULL.
 * JSON-escaped. */
enum ska_status ska_problem_write(struct ska_writer *w, enum ska_problem problem, int http_status,
                                  const char *detail, const uint8_t *task_id) SKA_MUST_CHECK;
/* Read one: type's short name (or "" ) and detail, cut to size. SKA_E_FORMAT if it is not a problem
 * document. */
enum ska_status ska_problem_read(char *type, size_t type_size, char *detail, size_t detail_size,
                                 struct ska_slice json) SKA_MUST_CHECK;

struct ska_dap_hpke_config {
    uint8_t id;
    uint16_t kem_id, kdf_id, aead_id;
    struct ska_slice public_key;
};
/* The configuration of a recipient, in our suite; borrows its key. */
struct ska_dap_hpke_config ska_dap_hpke_config_of(const struct ska_hpke_recipient *to);
/* One configuration. read_: its key is borrowed; SKA_E_TRUNCATED; SKA_E_RANGE if the key is empty.
 */
void ska_dap_hpke_config_write(struct ska_writer *w, const struct ska_dap_hpke_config *c);
enum ska_status ska_dap_hpke_config_read(struct ska_dap_hpke_config *c,
                                         struct ska_reader *r) SKA_MUST_CHECK;
/* Whether it is of our suite, with a key of its length. */
bool ska_dap_hpke_config_is_supported(const struct ska_dap_hpke_config *c);
void ska_dap_hpke_config_list_encode(struct ska_writer *w, const struct ska_dap_hpke_config *at,
                                     size_t n);
/* The first supported configuration of a list. SKA_E_UNSUPPORTED if none is. */
enum ska_status ska_dap_hpke_config_list_choose(uint8_t *id, uint8_t public_key[static 32],
                                                struct ska_slice bytes) SKA_MUST_CHECK;

struct ska_dap_ciphertext {
    uint8_t config_id;
    struct ska_slice enc, payload;
};
void ska_dap_ciphertext_encode(struct ska_writer *w, const struct ska_dap_ciphertext *c);
enum ska_status ska_dap_ciphertext_decode(struct ska_dap_ciphertext *out,
                                          struct ska_reader *r) SKA_MUST_CHECK;

struct ska_dap_metadata {
    uint8_t report_id[SKA_DAP_REPORT_ID_BYTES];
    uint64_t time; /* in units of the time precision */
    struct ska_slice
        extensions; /* the encoded list without its length; we know none, so a valid one is empty */
};
void ska_dap_metadata_encode(struct ska_writer *w, const struct ska_dap_metadata *m);
enum ska_status ska_dap_metadata_decode(struct ska_dap_metadata *out,
                                        struct ska_reader *r) SKA_MUST_CHECK;

/* A list of extensions of any kind (reports, aggregation jobs, collection jobs), without its
 * length. SKA_OK if it is empty; SKA_E_UNSUPPORTED if it is well formed but not empty, since we
 * know none; SKA_E_TRUNCATED if it is malformed; SKA_E_ENCODING if its types are not strictly
 * increasing. */
enum ska_status ska_dap_extensions_check(struct ska_slice extensions) SKA_MUST_CHECK;

struct ska_dap_report {
    struct ska_dap_metadata metadata;
    struct ska_slice public_share;
    struct ska_dap_ciphertext leader, helper;
};
void ska_dap_report_encode(struct ska_writer *w, const struct ska_dap_report *report);
/* One report of an UploadRequest; call until r->left == 0. */
enum ska_status ska_dap_report_decode(struct ska_dap_report *out,
                                      struct ska_reader *r) SKA_MUST_CHECK;

/* UploadErrors: one status; the message is a plain sequence of them. */
void ska_dap_upload_status_encode(struct ska_writer *w, const uint8_t report_id[static 16],
                                  uint8_t error);
enum ska_status ska_dap_upload_status_decode(uint8_t report_id[static 16], uint8_t *error,
                                             struct ska_reader *r) SKA_MUST_CHECK;

/* PlaintextInputShare with no private extensions. decode: SKA_E_UNSUPPORTED if there are any. */
void ska_dap_plaintext_encode(struct ska_writer *w, struct ska_slice payload);
enum ska_status ska_dap_plaintext_decode(struct ska_slice *payload,
                                         struct ska_slice bytes) SKA_MUST_CHECK;

/* Whether a sealed input share has the one form that a payload of `payload_len` bytes gives it. */
bool ska_dap_input_share_fits(const struct ska_dap_ciphertext *c, size_t payload_len);

/* InputShareAad and the HPKE info strings; seal and open of an input share in one step. Growing
 * writer `plain` is secret. */
enum ska_status
ska_dap_input_share_seal(struct ska_writer *ciphertext /* an encoded HpkeCiphertext */,
                         uint8_t config_id, const uint8_t public_key[static 32],
                         enum ska_role receiver, const struct ska_task *task,
                         const struct ska_dap_metadata *metadata, struct ska_slice public_share,
                         struct ska_slice payload) SKA_MUST_CHECK;
/* SKA_E_DECRYPT, SKA_E_UNSUPPORTED (extensions), SKA_E_TRUNCATED...; on success `*plain` (caller
 * wipes and frees, plain_len bytes) holds the PlaintextInputShare and `payload` borrows from it. */
enum ska_status ska_dap_input_share_open(uint8_t **plain, size_t *plain_len,
                                         struct ska_slice *payload, const struct ska_hpke_key *key,
                                         enum ska_role receiver, const struct ska_task *task,
                                         const struct ska_dap_metadata *metadata,
                                         struct ska_slice public_share,
                                         const struct ska_dap_ciphertext *c) SKA_MUST_CHECK;

/* VerifyInit and AggregationJobInitReq. Ping-pong messages (VDAF-20): u8 type | opaque32 ...;
 * helpers below. */
struct ska_dap_verify_init {
    struct ska_dap_metadata metadata;
    struct ska_slice public_share;
    struct ska_dap_ciphertext encrypted_input_share;
    struct ska_slice payload; /* a ping-pong message */
};
/* Header: u8 verification_key_id | opaque32 agg_param | opaque16 extensions; then VerifyInit until
 * the end. */
void ska_dap_agg_init_header_encode(struct ska_writer *w);
enum ska_status ska_dap_agg_init_header_decode(uint8_t *verification_key_id,
                                               struct ska_slice *agg_param,
                                               struct ska_slice *extensions,
                                               struct ska_reader *r) SKA_MUST_CHECK;
void ska_dap_verify_init_encode(struct ska_writer *w, const struct ska_dap_verify_init *v);
enum ska_status ska_dap_verify_init_decode(struct ska_dap_verify_init *out,
                                           struct ska_reader *r) SKA_MUST_CHECK;

enum ska_dap_verify_resp_type { SKA_DAP_CONTINUE = 0, SKA_DAP_FINISH = 1, SKA_DAP_REJECT = 2 };
struct ska_dap_verify_resp {
    uint8_t report_id[16];
    enum ska_dap_verify_resp_type type;
    struct ska_slice payload; /* for continue */
    uint8_t error;            /* for reject */
};
void ska_dap_verify_resp_encode(struct ska_writer *w, const struct ska_dap_verify_resp *v);
enum ska_status ska_dap_verify_resp_decode(struct ska_dap_verify_resp *out,
                                           struct ska_reader *r) SKA_MUST_CHECK;

/* Ping-pong messages (draft-irtf-cfrg-vdaf-20, section "The Ping-Pong Topology"):
 * initialize(0){verifier_share}, finish(2){verifier_message}. A one-round VDAF has no continue(1).
 * Decoders: SKA_E_FORMAT for another type. */
void ska_ping_pong_initialize_encode(struct ska_writer *w, struct ska_slice verifier_share);
void ska_ping_pong_finish_encode(struct ska_writer *w, struct ska_slice verifier_message);
enum ska_status ska_ping_pong_initialize_decode(struct ska_slice *verifier_share,
                                                struct ska_slice bytes) SKA_MUST_CHECK;
enum ska_status ska_ping_pong_finish_decode(struct ska_slice *verifier_message,
                                            struct ska_slice bytes) SKA_MUST_CHECK;

/* CollectionJobReq for the task's one bucket: query time-interval {start, duration 1}, empty
 * agg_param, no extensions. */
struct ska_dap_collection_req {
    uint8_t batch_mode;
    uint64_t start, duration; /* in units of the time precision */
    struct ska_slice agg_param, extensions;
};
void ska_dap_collection_req_encode(struct ska_writer *w, const struct ska_dap_collection_req *q);
enum ska_status ska_dap_collection_req_decode(struct ska_dap_collection_req *out,
                                              struct ska_reader *r) SKA_MUST_CHECK;

struct ska_dap_collection_resp {
    uint64_t report_count, start, duration;
    struct ska_dap_ciphertext leader, helper;
};
void ska_dap_collection_resp_encode(struct ska_writer *w, const struct ska_dap_collection_resp *c);
enum ska_status ska_dap_collection_resp_decode(struct ska_dap_collection_resp *out,
                                               struct ska_slice bytes) SKA_MUST_CHECK;

/* AggregateShareReq and AggregateShare (the latter is one HpkeCiphertext). */
struct ska_dap_aggregate_share_req {
    struct ska_slice collection_req; /* encoded CollectionJobReq */
    uint8_t batch_mode;
    uint64_t start, duration;
    uint64_t report_count;
    uint8_t checksum[32]; /* XOR of SHA-256 of the counted reports' identifiers */
};
void ska_dap_aggregate_share_req_encode(struct ska_writer *w,
                                        const struct ska_dap_aggregate_share_req *q);
enum ska_status ska_dap_aggregate_share_req_decode(struct ska_dap_aggregate_share_req *out,
                                                   struct ska_slice bytes) SKA_MUST_CHECK;

/* HPKE of an aggregate share to the collector: AuditSum's (x, r)[n] followed by the signature[64]
 * of auditsum.h on the Merkle root over it. Encoded HpkeCiphertext out; plain share in and out is
 * secret. */
enum ska_status ska_dap_aggregate_share_seal(struct ska_writer *ciphertext, enum ska_role sender,
                                             const struct ska_task *task,
                                             struct ska_slice collection_req,
                                             struct ska_slice share_and_signature) SKA_MUST_CHECK;
enum ska_status ska_dap_aggregate_share_open(uint8_t **plain, size_t *plain_len,
                                             const struct ska_hpke_key *key, enum ska_role sender,
                                             const struct ska_task *task,
                                             struct ska_slice collection_req,
                                             const struct ska_dap_ciphertext *c) SKA_MUST_CHECK;

#endif
