/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * log_suite.h - public logs that must be refused, and what two verifiers say of them: every cheat
 * of cheats_log.h, and damage to every file of honest logs.
 */
#ifndef SKA_TESTS_LOG_SUITE_H
#define SKA_TESTS_LOG_SUITE_H

#include "tests/tamper/cheats_log.h"
#include "tests/tamper/suite.h"

/* What a log's auditor says. */
void log_judge(struct finding findings[static N_LOG_CHECKS], const char *folder,
               const struct log_given *given);
/* The identifiers of those that failed, with a space between. */
void log_failed(char *out, size_t size, const struct finding findings[static N_LOG_CHECKS]);

/* What an auditor is given, as files `policy`, `trust`, perhaps `earlier` and `bundle`. */
void log_given_write(const char *folder, const struct log_given *given);

/* A class of damage: what is done to files of a kind, and which checks see it. */
struct log_class {
    const char *name;
    const char *must; /* at least one of these fails */
    const char *may;  /* these may fail too, no other */
};
extern const struct log_class log_classes[];
extern const size_t n_log_classes;

struct log_tally {
    struct suite_count cheat[SUITE_CLASSES_MAX];
    struct suite_count class[SUITE_CLASSES_MAX];
    struct suite_count mutations;
};

/* Every so manyth cheat, and the same of the damage: each file of two honest logs is damaged in
 * each way, and has `flips` bits flipped; with 0, each file in one way. Then so many mutations of
 * honest logs' entries, about which both have to agree. `work` is an empty folder; `seed` repeats a
 * run. What is not as it must be is told on the standard output. `other` may be zeroed. */
void log_suite_work(struct log_tally *tally, const char *work, size_t worker, size_t n_workers,
                    size_t flips, size_t mutations, uint64_t seed, struct other_verifier *other);

#endif
