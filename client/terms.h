/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * terms.h - under which terms we last handed in figures to a collection: who the others are, and
 * what may be published.
 *
 * A roster whose other members are inventions gives the publisher our figures out of honest totals,
 * and so does a second collection of the same figures. No server can see that; a person who reads
 * the names can. So the whole roster is shown the first time, every change after that, and nothing
 * is sent until someone said yes.
 *
 * File terms/COLLECTION, mode 0600: the encoded parameters (protocol/task.h) that were accepted
 * last.
 */
#ifndef SKA_CLIENT_TERMS_H
#define SKA_CLIENT_TERMS_H

#include <stdio.h>

#include "client/home.h"

/* What is remembered. Valid when zeroed. */
struct terms {
    bool known;                       /* there is something of this collection */
    bool others;                      /* of another collection */
    struct ska_parameters parameters; /* if known; owned */
};
void terms_clear(struct terms *t);

/* Look in the home folder. SKA_E_FORMAT naming a file that is damaged, and what to do. */
enum ska_status terms_recall(struct terms *out, const struct home *home, const char *collection,
                             struct ska_error *err) SKA_MUST_CHECK;

/* Durably; also makes the folder. */
enum ska_status terms_remember(const struct home *home, const struct ska_task *task,
                               struct ska_error *err) SKA_MUST_CHECK;

/* Every contributor in a line, ours marked; then the policy, and the groups with their members. */
void terms_print(FILE *out, const struct ska_parameters *p, uint32_t ours);

/*
 * A line for each difference that bears on whose figures can be told apart: who came, who went,
 * another name or key under one code, groups and who is in them (by code), minimum of
 * contributors, threshold, zeros, protection, rounding, the window's length (of one cadence), the
 * catalogue, the servers' addresses. Returns how many; out NULL: only that. SKA_NONE without
 * memory.
 */
uint32_t terms_changes(FILE *out, const struct ska_parameters *before,
                       const struct ska_parameters *now);

#endif
