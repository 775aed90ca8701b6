/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * home.h - the officer's folder: who we are, whom we trust, our key, counts and receipts.
 *
 *     skarva.conf          "key = value": code, name, leader, collection,       0644
 *                          dominance_share, dominance_times (client/dominance.h)
 *     signing.key          secret (support/keyfile.h)                            0600
 *     trust.txt, ca.pem,   copies of what init was given; the policy of the
 *     policy.txt           public log (client/inclusion.h)                       0644
 *     key-card.txt         for the publisher (protocol/roster.h)                 0644
 *     counts/PERIOD.csv    client/counts.h                                       0600
 *     marks/PERIOD         client/marks.h                                        0600
 *     submissions/         client/submission.h                                   0600
 *     terms/COLLECTION     client/terms.h                                        0600
 *     receipts/            PERIOD-NUMBER.receipt (protocol/documents.h), and
 *                          PERIOD-NUMBER.tlog-proof (client/inclusion.h)         0644
 *     watch/               our copy of the public log (watch/copy.h)             0644
 *     lock                 held while counts or submissions are being changed
 */
#ifndef SKA_CLIENT_HOME_H
#define SKA_CLIENT_HOME_H

#include "protocol/roster.h"
#include "protocol/task.h"

/* Valid when zeroed. */
struct home {
    char *dir; /* owned */
    char code[SKA_CODE_MAX + 1];
    char name[SKA_NAME_MAX + 1];
    char leader[SKA_URL_MAX + 1];
    char collection[SKA_CODE_MAX + 1]; /* "": the one the leader has */
    char dominance_share[5];           /* 1 to 4 digits; "": not said */
    char dominance_times[5];
    bool has_ca;
    int lock; /* descriptor, 0 if not held */
};

/* The folder: `wanted` (--home), else $SKARVA_HOME, else ~/.config/skarva. Owned by the caller. */
enum ska_status home_find(char **dir, const char *wanted, struct ska_error *err) SKA_MUST_CHECK;

/* Find the folder and read skarva.conf. SKA_E_CONFIG naming file and line; if there is none, the
 * error says to run init. */
enum ska_status home_open(struct home *home, const char *wanted,
                          struct ska_error *err) SKA_MUST_CHECK;
void home_close(struct home *home);

/* Write skarva.conf from the fields; never over an existing one (SKA_E_CONFLICT). */
enum ska_status home_write(const struct home *home, struct ska_error *err) SKA_MUST_CHECK;

/* "DIR/name" in heap memory. SKA_E_MEMORY. */
enum ska_status home_path(char **path, const struct home *home, const char *format, ...)
    SKA_PRINTF(3, 4) SKA_MUST_CHECK;

/* A setting that is a number, or `otherwise` if it is not said. */
uint64_t home_number(const char *text, uint64_t otherwise);

/* Hold the lock until home_close; another program holding it is SKA_E_BUSY. */
enum ska_status home_lock(struct home *home, struct ska_error *err) SKA_MUST_CHECK;

#endif
