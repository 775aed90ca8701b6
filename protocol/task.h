/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * task.h - the parameters of one task (one collection, one period, one revision), proposed by the
 * publisher and signed by both aggregators before the period opens, and everything derived from
 * them. Every program works from struct ska_task.
 *
 * Canonical parameters:
 *     u8 version = 1 | opaque8 collection | opaque8 period | u32 revision | previous | u8 cadence
 *     u64 window_start_s | u64 window_duration_s
 *     u32 min_contributors | u64 threshold | u8 show_zero | u64 protection | u64 rounding
 *     opaque16 leader_url | opaque16 helper_url
 *     publisher_key[32] | second_key[32] | leader_key[32] | helper_key[32]
 *     leader_hpke | helper_hpke
 *     u8 collector_hpke_config_id | collector_hpke_key[32]
 *     generators_hash[32] | log_policy[32] | opaque32 catalogue | opaque32 roster | opaque32 groups
 *
 * previous is nothing for revision 0. For a later one it is u8 0: nothing of the period was
 * collected yet; or u8 1 | task_id[32] | accepted_hash[32]: the task collected last, which this one
 * corrects, with the hash of its accepted list (protocol/revision.h).
 *
 * leader_hpke and helper_hpke are HpkeConfig of draft-ietf-ppm-dap-18, of our one suite:
 *     u8 id | u16 kem = 0x0020 | u16 kdf = 0x0001 | u16 aead = 0x0001 | opaque16 public_key (32)
 * Each aggregator signs only what names its own, so that what is sealed to them is sealed to whom
 * the signing keys say, whoever answers for the servers' names.
 *
 * parameters_hash = SHA-256 under SKA_LABEL_PARAMETERS; task_id = SHA-256 under SKA_LABEL_TASK_ID
 * of parameters_hash. catalogue_hash, roster_hash under their labels over the canonical forms;
 * collection_hash over opaque8 collection | publisher_key.
 */
#ifndef SKA_TASK_H
#define SKA_TASK_H

#include "crypto/auditsum.h"
#include "crypto/hpke.h"
#include "protocol/groups.h"
#include "protocol/layout.h"
#include "protocol/roster.h"

#define SKA_PARAMETERS_VERSION 1
#define SKA_PARAMETERS_BYTES_MAX (4u << 20)
#define SKA_URL_MAX 500
#define SKA_TIME_PRECISION_S 3600u
#define SKA_MIN_CONTRIBUTORS_FLOOR 3u
#define SKA_REVISION_MAX 9999u
#define SKA_ROUNDING_MAX 1000u
#define SKA_FIGURES_MAX (SKA_BLOCKS_MAX * SKA_CELLS_MAX)
_Static_assert(SKA_FIGURES_MAX <= SKA_AGGREGATE_MAX, "an aggregate share holds all figures");
#define SKA_TIME_MAX_S UINT64_C(253402300800) /* the end of the year 9999 */

/* Disclosure policy, hashed and signed with the rest. */
struct ska_policy {
    uint32_t min_contributors; /* answering contributors a published cell needs; also DAP's
                                  min_batch_size; >= 3 */
    uint64_t threshold;        /* values 1..threshold-1 are hidden; 1: none are; >= 1 */
    bool show_zero;            /* a zero is published; else hidden like small values */
    uint64_t protection; /* every hidden figure keeps possible values at least this far apart; >= 1,
                            and no more than the range of a small value or of a number of answers
                            that is too few */
    uint64_t rounding; /* 0: published counts are exact; else they are rounded to multiples of this
                          base, 2 to the smaller of the threshold and SKA_ROUNDING_MAX */
};

/* As in the parameters; a place for it is at most 64 bytes. */
void ska_policy_encode(struct ska_writer *w, const struct ska_policy *policy);

/* To whom an input share is sealed. */
struct ska_hpke_recipient {
    uint8_t config_id;
    uint8_t public_key[SKA_HPKE_PUBLIC_BYTES];
};

/* The task that a revision corrects. */
struct ska_previous {
    bool exists; /* only where the revision is not 0 */
    uint8_t task_id[32];
    uint8_t accepted_hash[32];
};

struct ska_parameters {
    char collection[SKA_CODE_MAX + 1];
    char period[SKA_PERIOD_MAX + 1];
    uint32_t revision;
    struct ska_previous previous;
    enum ska_cadence cadence;
    uint64_t window_start_s;    /* Unix time, a multiple of SKA_TIME_PRECISION_S */
    uint64_t window_duration_s; /* likewise, > 0 */
    struct ska_policy policy;
    char leader_url[SKA_URL_MAX + 1]; /* "https://host:port/", ends in a slash */
    char helper_url[SKA_URL_MAX + 1];
    uint8_t publisher_key[32];
    uint8_t second_key[32]; /* who signs each release beside the publisher */
    uint8_t leader_key[32], helper_key[32];
    struct ska_hpke_recipient leader_hpke, helper_hpke;
    uint8_t collector_hpke_config_id;
    uint8_t collector_hpke_key[32];
    uint8_t generators_hash[32];
    uint8_t log_policy[32]; /* SHA-256 of the policy of the public log that the task goes into
                               (docs/log.md); zeros: none is kept */
    struct ska_catalogue *catalogue; /* owned by whoever owns the struct */
    struct ska_roster roster;
    struct ska_groups groups;
};

struct ska_task {
    struct ska_parameters parameters;
    uint8_t *encoded; /* the canonical bytes, owned */
    size_t encoded_len;
    struct ska_task_context context; /* hashes, task_id, period, revision */
    struct ska_layout *layout;
    uint32_t n_blocks;  /* 1 + parameters.groups.n */
    uint32_t n_figures; /* n_blocks * layout->n_cells */
    /* What a submission proves: the layout's statement; in a correction with a last cell more, the
     * flag, and comparisons. The flag is a cell of submissions, but no figure. */
    struct ska_statement statement;
    uint64_t *bounds; /* owned; a correction's */
    struct ska_auditsum_config
        config; /* borrows from the task; own_key is NULL until the program sets it, and earlier is
                   until it does where the statement compares */
    struct ska_auditsum_config figures; /* the same about the layout's statement: for aggregate
                                           shares, which are without flags */
    uint8_t *dap_configuration; /* encoded TaskConfiguration (draft-ietf-ppm-dap-18), owned */
    size_t dap_configuration_len;
};

/* Check every value and its combination; `err` names the field. SKA_E_RANGE, SKA_E_FORMAT,
 * SKA_E_LIMIT; SKA_E_CONFLICT if two that must differ are equal; SKA_E_BATCH_SIZE for a roster of
 * fewer than SKA_MIN_CONTRIBUTORS_FLOOR; SKA_E_MISMATCH for other generators; what ska_layout_new
 * says. */
enum ska_status ska_parameters_check(const struct ska_parameters *p,
                                     struct ska_error *err) SKA_MUST_CHECK;
/* SKA_E_LIMIT if they are longer than SKA_PARAMETERS_BYTES_MAX. */
enum ska_status ska_parameters_encode(struct ska_writer *w,
                                      const struct ska_parameters *p) SKA_MUST_CHECK;

/* Form only: whether the values make sense is ska_parameters_check's business. The caller clears.
 */
enum ska_status ska_parameters_decode(struct ska_parameters *out, struct ska_slice bytes,
                                      struct ska_error *err) SKA_MUST_CHECK;
/* Whether the task goes into a public log. */
bool ska_parameters_have_log(const struct ska_parameters *p);
void ska_parameters_clear(struct ska_parameters *p); /* frees catalogue, roster and groups */

/* Decode, check and derive everything. The caller frees. */
enum ska_status ska_task_new(struct ska_task **out, struct ska_slice parameters,
                             struct ska_error *err) SKA_MUST_CHECK;
void ska_task_free(struct ska_task *task);

/* The time every report of the task carries, and the one bucket of its batch, in units of the time
 * precision. */
uint64_t ska_task_time(const struct ska_task *task);

/* Parameters and the three signatures over them (SKA_LABEL_SIGN_PARAMETERS over parameters_hash):
 * opaque32 parameters | publisher[64] | leader[64] | helper[64]; an all-zero signature is "not yet
 * signed". */
struct ska_signed_parameters {
    struct ska_slice parameters; /* borrowed */
    uint8_t publisher[64], leader[64], helper[64];
};
void ska_signed_parameters_encode(struct ska_writer *w, const struct ska_signed_parameters *s);
enum ska_status ska_signed_parameters_decode(struct ska_signed_parameters *out,
                                             struct ska_slice bytes) SKA_MUST_CHECK;

/* Verify a signature over parameters that were not looked into yet: of strangers' bytes only the
 * hash is taken. SKA_E_SIGNATURE. */
enum ska_status ska_parameters_verify_unread(const uint8_t signature[static 64],
                                             struct ska_slice parameters,
                                             const uint8_t key[static 32]) SKA_MUST_CHECK;

/* Sign or verify for one party; `task` was made from the same parameters. */
enum ska_status ska_parameters_sign(uint8_t signature[static 64], const struct ska_task *task,
                                    const struct ska_signing_key *key) SKA_MUST_CHECK;
enum ska_status ska_parameters_verify(const uint8_t signature[static 64],
                                      const struct ska_task *task,
                                      const uint8_t key[static 32]) SKA_MUST_CHECK;
/* All three, against the keys inside the parameters. `err` says whose is missing or wrong. */
enum ska_status ska_signed_parameters_verify(const struct ska_signed_parameters *s,
                                             const struct ska_task *task,
                                             struct ska_error *err) SKA_MUST_CHECK;

#endif
