/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * other_verifier.h - a second verifier as a process that is asked: bundles go to its standard
 * input, verdicts come from its standard output.
 *
 *     question    u32 len | opaque32 bundle | opaque32 trust file
 *                 | opaque32 what it corrects, or empty
 *                 | opaque32 policy of the public log that the auditor has, or empty
 *                 | u32 n | n x (opaque8 name | opaque32 bundle that it is linked with)
 *     answer      "pass" or "fail", a tab, the identifiers of the checks that fail, a line feed
 *
 * One that is asked about public logs gets the path of a folder and a line feed instead; in it the
 * log's folder `log`, the file `policy`, and perhaps `trust`, `bundle`, `earlier`.
 */
#ifndef SKA_TESTS_OTHER_VERIFIER_H
#define SKA_TESTS_OTHER_VERIFIER_H

#include <stdio.h>
#include <sys/types.h>

#include "tests/tamper/make_bundle.h"

#define VERDICT_TEXT_MAX 1000

struct verdict {
    bool passes;
    char failed[VERDICT_TEXT_MAX]; /* as world_failed gives it */
};

/* Valid when zeroed: there is none. */
struct other_verifier {
    pid_t pid;
    FILE *to, *from;
};

/* Start a command with its arguments. Ends the process if that cannot be. */
void other_start(struct other_verifier *o, char *const *command);
void other_end(struct other_verifier *o);

/* The question about a world's archive, or other bytes in its place. */
void other_question(struct ska_writer *w, const struct world *world, struct ska_slice archive);

/* Returns false if it gives no answer, or none that is one: it crashed. */
bool other_ask(struct verdict *v, struct other_verifier *o, struct ska_slice question);

/* A trust file of these keys; at least TRUST_TEXT_MAX bytes. */
#define TRUST_TEXT_MAX 300
void trust_text(char out[static TRUST_TEXT_MAX], const struct trust *trust);

#endif
