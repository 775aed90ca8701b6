/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * suite.h - bundles that must be refused, one after the other, each in a process of its own, and
 * what two verifiers say of them.
 */
#ifndef SKA_TESTS_SUITE_H
#define SKA_TESTS_SUITE_H

#include <stdatomic.h>

#include "tests/tamper/other_verifier.h"
#include "tests/tamper/play.h"

enum suite_kind {
    SUITE_ALONE,     /* a class where it is made for */
    SUITE_ELSEWHERE, /* in another kind of release */
    SUITE_PAIR,      /* two classes at once */
    SUITE_MUTATIONS, /* bytes changed without a plan; many in one */
    SUITE_KINDS
};

/* One thing to do. */
struct suite_job {
    enum suite_kind kind;
    const struct play_place *place; /* but for SUITE_MUTATIONS */
    size_t class[2];                /* the second is SUITE_NONE but for SUITE_PAIR */
    uint64_t seed;                  /* of SUITE_MUTATIONS */
    size_t n;                       /* likewise: how many */
};
#define SUITE_NONE SIZE_MAX

/* What came of bundles. */
struct suite_count {
    atomic_size_t n;            /* made */
    atomic_size_t rejected[2];  /* by the first verifier, and by the second */
    atomic_size_t asked;        /* the second */
    atomic_size_t inapplicable; /* could not be made there, or came out as an honest bundle */
    atomic_size_t n_bad;        /* not as it must be */
};

/* Shared by all processes. */
#define SUITE_CLASSES_MAX 1000
struct suite_tally {
    struct suite_count kind[SUITE_KINDS];
    struct suite_count class[SUITE_CLASSES_MAX];
    atomic_uint_least64_t
        slowest_ns; /* processor time until the first fault of a mutation was named */
};

/* A class: one cheat. */
size_t suite_n_classes(void);
const struct cheat *suite_class(const struct cheat_group **group, size_t class);

/* Zeroed memory that processes forked from now on share; never given back. */
void *suite_shared(size_t size);

/* Make the worlds; once. The same seed makes the same bytes. */
void suite_begin(uint64_t seed);

/* Do a job; everything that is not as it must be is told on the standard output. `other` may be
 * zeroed: then the first verifier alone is asked. Of mutations it is asked every `every`-th. */
void suite_do(struct suite_tally *tally, const struct suite_job *job, struct other_verifier *other,
              char *const *command, size_t every);

/* The table of what came of each class, and the line of a kind; returns whether that is as it must
 * be. */
void suite_print_head(const char *what);
void suite_print_count(const struct suite_count *c, const char *group, const char *name);
bool suite_print_verdict(const struct suite_count *c, const char *what);

#endif
