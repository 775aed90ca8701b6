/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cheats_weak.c - proofs on a transcript that leaves one input out, for each input that a
 * submission's proof has (docs/protocol.md, section 6): all else in them is right. A verifier that
 * left out the same would take them (test_weak.c), and could be shown a proof made for something
 * else.
 */
#include "tests/tamper/cheats.h"
#include "tests/tamper/weak.h"

#include "tests/test.h"

/* Contributor 4's only submission, by a prover that forgets. */
static void submit_without(struct world *w, const char *label)
{
    w->submissions[4] = (struct world_submission){0};
    weak_forgotten = label;
    world_submit_dishonestly(w, 4, 1, world_counts[4], &(struct dishonesty){0});
    weak_forgotten = NULL;
}

/* What a context has, the commitments, then the prover's messages. */
#define SUBMISSION_INPUTS(X)    \
    X(protocol, "protocol")     \
    X(kind, "kind")             \
    X(task, "task")             \
    X(collection, "collection") \
    X(catalogue, "catalogue")   \
    X(parameters, "parameters") \
    X(generators, "generators") \
    X(roster, "roster")         \
    X(period, "period")         \
    X(revision, "revision")     \
    X(role, "role")             \
    X(identity, "identity")     \
    X(number, "number")         \
    X(cells, "cells")           \
    X(n_bits, "N")              \
    X(n_values, "m")            \
    X(bounds, "bounds")         \
    X(map, "map")               \
    X(weights, "weights")       \
    X(rules, "rules")           \
    X(rule, "rule")             \
    X(v1, "V1")                 \
    X(v2, "V2")                 \
    X(a, "A")                   \
    X(s, "S")                   \
    X(t1, "T1")                 \
    X(t2, "T2")                 \
    X(t_hat, "t")               \
    X(tau_x, "tau_x")           \
    X(mu, "mu")                 \
    X(left, "L")                \
    X(right, "R")

#define SUBMIT(name, label)                            \
    static void submit_without_##name(struct world *w) \
    {                                                  \
        submit_without(w, label);                      \
    }
SUBMISSION_INPUTS(SUBMIT)

#define ROW(step_name, label)             \
    {.name = "transcript without " label, \
     .want = "submission-proofs",         \
     .submitted = submit_without_##step_name},
#define LABEL(step_name, label) label,
const struct cheat cheats_with_weak[] = {SUBMISSION_INPUTS(ROW)};
const char *const weak_inputs[] = {SUBMISSION_INPUTS(LABEL)};
const size_t n_cheats_with_weak = N_OF(cheats_with_weak);
