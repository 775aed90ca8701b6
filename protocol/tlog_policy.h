/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tlog_policy.h - which logs are believed, and which witnesses must have cosigned.
 *
 *     log <key> [<url>]
 *     witness <name> <key> [<url>]
 *     group <name> all|any|<k> <name>...
 *     quorum <name>|none
 *
 * Spec: C2SP tlog-policy. Keys of logs are of type 0x01, of witnesses 0x04, others are refused
 * (SKA_E_UNSUPPORTED). A group has only names that stand before it, each name is in one group at
 * most, so that a witness counts once; the quorum is the last of them that is looked at.
 */
#ifndef SKA_TLOG_POLICY_H
#define SKA_TLOG_POLICY_H

#include "protocol/checkpoint.h"

#define SKA_POLICY_BYTES_MAX 65536u
#define SKA_POLICY_LOGS_MAX 32u
#define SKA_POLICY_MEMBERS_MAX 64u /* witnesses and groups */
#define SKA_POLICY_NAME_MAX 255u
#define SKA_POLICY_URL_MAX 500u
#define SKA_POLICY_NONE SKA_POLICY_MEMBERS_MAX

/* A witness, or a group of members that stand before it. */
struct ska_policy_member {
    char name[SKA_POLICY_NAME_MAX + 1];
    bool is_group;
    struct ska_note_key key; /* of a witness */
    char url[SKA_POLICY_URL_MAX +
             1];        /* of a witness: where it is asked; "" if the policy has none */
    uint32_t threshold; /* of a group */
    size_t parent;      /* the group it is in; SKA_POLICY_NONE: none */
};

struct ska_tlog_policy {
    struct ska_note_key logs[SKA_POLICY_LOGS_MAX];
    size_t n_logs;
    struct ska_policy_member members[SKA_POLICY_MEMBERS_MAX];
    size_t n_members;
    size_t quorum; /* a member; SKA_POLICY_NONE: no witness is needed */
};

/* SKA_OK; SKA_E_FORMAT, SKA_E_LIMIT, SKA_E_CONFLICT (a name or key twice), SKA_E_UNSUPPORTED, with
 * the line in `err`. Out is unchanged on failure. */
enum ska_status ska_policy_parse(struct ska_tlog_policy *out, const uint8_t *text, size_t len,
                                 struct ska_error *err) SKA_MUST_CHECK;

/* Whether the quorum is met if exactly the witnesses with witnessed[i] (by member) cosigned. */
bool ska_policy_is_met(const struct ska_tlog_policy *policy,
                       const bool witnessed[static SKA_POLICY_MEMBERS_MAX]);

/* What a note came to under a policy. */
struct ska_policy_result {
    const struct ska_note_key *log; /* the one that signed, borrowed */
    struct ska_checkpoint checkpoint;
    bool witnessed[SKA_POLICY_MEMBERS_MAX];  /* by witness */
    uint64_t time_s[SKA_POLICY_MEMBERS_MAX]; /* of the cosignature */
};

/*
 * A checkpoint that is signed by a log of the policy under its own name, and by the quorum.
 *
 * Returns SKA_OK; SKA_E_NOT_FOUND: by no log of the policy; SKA_E_SIGNATURE: a signature of a log
 * or witness of the policy does not hold; SKA_E_BATCH_SIZE: too few witnesses (*out is filled);
 * SKA_E_FORMAT, SKA_E_LIMIT, SKA_E_UNSUPPORTED for the checkpoint.
 */
enum ska_status ska_policy_verify(struct ska_policy_result *out,
                                  const struct ska_tlog_policy *policy,
                                  const struct ska_note *note) SKA_MUST_CHECK;

#endif
