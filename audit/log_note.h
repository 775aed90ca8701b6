/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * log_note.h - what a checkpoint says, and who signed it, under a policy.
 *
 * Apart from the rest, since a policy of a log and one of a collection are two things.
 */
#ifndef SKA_AUDIT_LOG_NOTE_H
#define SKA_AUDIT_LOG_NOTE_H

#include "crypto/hash.h"

#define LOG_ORIGIN_MAX 255

/* Valid when zeroed. */
struct log_note {
    char origin[LOG_ORIGIN_MAX + 1];
    uint64_t size;
    uint8_t root[SKA_HASH_BYTES];
    unsigned n_witnesses; /* of the policy that cosigned */
    bool is_met;          /* the quorum */
    char witnesses[400];  /* their names and times, cut to fit */
    uint64_t latest_s;    /* the newest of the times; 0: none */
};

/* Whether a policy can be read. SKA_E_CONFIG with a text; SKA_E_MEMORY. */
enum ska_status log_note_policy(struct ska_slice policy, struct ska_error *err) SKA_MUST_CHECK;

/*
 * SKA_OK if a log of the policy signed it under its own name and every signature of the policy's
 * parties holds, whether or not the quorum is met. As ska_policy_verify and ska_note_parse; for a
 * policy that cannot be read SKA_E_CONFIG, with a text.
 */
enum ska_status log_note_read(struct log_note *out, struct ska_slice policy, struct ska_slice note,
                              struct ska_error *err) SKA_MUST_CHECK;

#endif
