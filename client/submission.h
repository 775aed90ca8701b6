/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * submission.h - what was prepared and sent, remembered durably.
 *
 * A prepared report is on disk before its first byte leaves, so that a retry sends the same bytes
 * and a number never stands for two contents.
 *
 *     PREPARED --the leader took it--> SENT --receipt--> ACCEPTED
 *         +--------------+--------------+--refused--> REJECTED
 *
 * File submissions/PERIOD-TASK-NUMBER (TASK: the task identifier's first 8 hexadecimal digits),
 * mode 0600:
 *     u8 version = 2 | u8 state | u8 report error | task_id[32] | u64 number | report_id[16] |
 *     opaque32 report | u32 n | n x u64 count | u32 n | n x blinding[32]
 *
 * The blindings, with the counts, open our commitments: a correction of the period is proven with
 * them (correction.h). Files of version 1 end before them.
 */
#ifndef SKA_CLIENT_SUBMISSION_H
#define SKA_CLIENT_SUBMISSION_H

#include "client/counts.h"
#include "client/home.h"

enum submission_state {
    SUBMISSION_PREPARED = 1,
    SUBMISSION_SENT,
    SUBMISSION_ACCEPTED,
    SUBMISSION_REJECTED
};

/* Valid when zeroed (number 0: there is none). */
struct submission {
    enum submission_state state;
    uint8_t error; /* DAP report error, if rejected */
    uint8_t task_id[32];
    uint64_t number;
    uint8_t report_id[16];
    uint8_t *report; /* owned; an encoded DAP report */
    size_t report_len;
    struct counts counts;  /* what it says; secret */
    size_t n_blindings;    /* cells of the statement; 0: not known */
    ska_scalar *blindings; /* owned; secret */
};
void submission_clear(struct submission *s);

enum ska_status submission_save(const struct submission *s, const struct home *home,
                                const char *period, struct ska_error *err) SKA_MUST_CHECK;

/* The one of a task with the highest number; number 0 if there is none. SKA_E_FORMAT naming a file
 * that is damaged. */
enum ska_status submission_latest(struct submission *out, const struct home *home,
                                  const char *period, const uint8_t task_id[static 32],
                                  struct ska_error *err) SKA_MUST_CHECK;

/* The one of a task with this number. SKA_E_NOT_FOUND if there is none. */
enum ska_status submission_load(struct submission *out, const struct home *home, const char *period,
                                const uint8_t task_id[static 32], uint64_t number,
                                struct ska_error *err) SKA_MUST_CHECK;

#endif
