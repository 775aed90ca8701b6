/* SPDX-License-Identifier: EUPL-1.2 */
/* orders.h - entries of a log of ours in right and wrong order. */
#ifndef SKA_TESTS_UNIT_WATCH_ORDERS_H
#define SKA_TESTS_UNIT_WATCH_ORDERS_H

#include "protocol/log_leaf.h"
#include "tests/test.h"

static inline size_t make_entry(uint8_t out[static SKA_LEAF_BYTES_MAX], enum ska_leaf_type type,
                                uint8_t task)
{
    const bool is_submission = type == SKA_LEAF_SUBMISSION;
    const bool has_number = is_submission || type == SKA_LEAF_OPEN || type == SKA_LEAF_CLOSE ||
                            type == SKA_LEAF_REOPEN || type == SKA_LEAF_COLLECT ||
                            type == SKA_LEAF_RELEASE;
    struct ska_log_leaf leaf = {
        .type = type,
        .entry = {.task_id = {task},
                  .period = "2025Q2",
                  .contributor = is_submission ? 3 : SKA_LEAF_NO_CONTRIBUTOR,
                  .number = has_number ? 1 : 0}};
    if (type == SKA_LEAF_VERIFIER)
        memcpy(leaf.entry.period, SKA_LEAF_NO_PERIOD, sizeof SKA_LEAF_NO_PERIOD);
    return ska_log_leaf_encode(out, &leaf);
}

/* Types of entries by letter: r roster, p parameters, o open, s submission, c close, e reopen, C
 * collect, h changes, R release; capital X: no entry of ours. The second letter of a pair is the
 * task. */
static inline enum ska_leaf_type type_of(char letter)
{
    static const char letters[] = "?sproceChR";
    const char *at = strchr(letters, letter);
    static const enum ska_leaf_type types[] = {
        SKA_LEAF_VERIFIER, SKA_LEAF_SUBMISSION, SKA_LEAF_PARAMETERS, SKA_LEAF_ROSTER,
        SKA_LEAF_OPEN,     SKA_LEAF_CLOSE,      SKA_LEAF_REOPEN,     SKA_LEAF_COLLECT,
        SKA_LEAF_CHANGES,  SKA_LEAF_RELEASE};
    ck_assert_msg(at != NULL, "%c", letter);
    return types[at - letters];
}

static const struct {
    const char *entries; /* "p1o1s1": type and task */
    size_t wrong;        /* the first that may not stand there; SIZE_MAX: none */
    const char *text;    /* of the alarm */
} orders[] = {
    {"r1p1o1s1s1c1C1R1", SIZE_MAX, NULL},
    {"r1p1o1s1c1e1s1c1C1h1R1", SIZE_MAX, NULL},
    {"r1p1r2p2o2o1s1s2c2s1C2c1C1", SIZE_MAX, NULL},
    {"?0p1?0", SIZE_MAX, NULL},
    {"r1p1s1", 2, "comes before the opening"},
    {"s1", 0, "comes before the opening"},
    {"p1o1c1s1", 3, "comes after the close"},
    {"p1o1c1C1s1", 4, "comes after the close"},
    {"p1o1p1", 2, "has no place there"},
    {"p1o1r1", 2, "has no place there"},
    {"p1c1", 1, "has no place there"},
    {"p1o1s1C1", 3, "has no place there"},
    {"p1o1c1C1e1", 4, "has no place there"},
    {"p1o1c1R1", 3, "has no place there"},
    {"p1o1c1C1R1R1", 5, "has no place there"},
    {"p1o1c1C1R1h1", 5, "has no place there"},
    {"p1o1c1C1h1h1", 5, "has no place there"},
    {"p1o1s2", 2, "comes before the opening"},
};

#endif
