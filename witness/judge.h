/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * judge.h - what a witness answers: whether a checkpoint extends the last one it cosigned. No
 * sockets here.
 *
 * Spec: C2SP tlog-witness. One request is judged and remembered before the next is looked at.
 */
#ifndef SKA_WITNESS_JUDGE_H
#define SKA_WITNESS_JUDGE_H

#include "witness/state.h"

#define WITNESS_LOGS_MAX 100u

/* Valid with the four given. */
struct witness {
    const struct ska_note_key *logs; /* borrowed: each key's name is its log's origin */
    size_t n_logs;
    struct ska_note_key key; /* ours, of type SKA_NOTE_COSIGNATURE */
    struct ska_signing_key secret;
    struct witness_state state;
};

/* Valid when zeroed. */
struct witness_answer {
    int status; /* HTTP's */
    const char *content_type;
    struct ska_writer body;
    const char *origin; /* for our own log: of the log, borrowed from the witness; NULL: unknown */
    uint64_t size;      /* of the checkpoint that came; 0 if the request could not be read */
    struct ska_error error; /* 503: why */
};

/*
 * POST add-checkpoint, at the time `now_s`.
 *
 *     200  cosigned and on disk: our signature line
 *     400  not of the right form, or the old size is over the new one; extension lines
 *     403  not signed by a key of this log, or a signature by one does not hold
 *     404  a log that is not in the configuration
 *     409  the old size is not the one of the last cosigned checkpoint, which is the answer
 *     422  not consistent with that
 *     503  could not be remembered, so not cosigned
 */
void witness_add_checkpoint(struct witness_answer *out, struct witness *w, struct ska_slice body,
                            uint64_t now_s);

/* GET <SHA-256 of the origin in hexadecimal>/checkpoint: 200 with the last one cosigned, 404. */
void witness_get_checkpoint(struct witness_answer *out, const struct witness *w,
                            const char *origin_hash);

void witness_answer_clear(struct witness_answer *answer);

#endif
