/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * statement.h - what a submission's proof says: every cell in its range and every linear rule held.
 *
 * A statement over n_cells counts x[0..n_cells) is
 *
 *     0 <= x[j] <= bound[j]                                   for every cell j
 *     0 <= constant + sum of coefficient * x[cell] <= width   for every rule; width 0 makes it an
 * equality
 *
 * and, in a later revision of a period (`compares`), with f the last cell, of bound 1, and old[j]
 * the same contributor's count in the revision before (zero if it had none),
 *
 *     0 <= bound[j] f + (x[j] - old[j]) <= 2 bound[j]
 *     0 <= bound[j] f - (x[j] - old[j]) <= 2 bound[j]          for every cell j before the last
 *
 * so f = 0 only if nothing changed. These are 2 (n_cells - 1) more values of the proof, over both
 * revisions' commitments (auditsum.h).
 *
 * No value can wrap around modulo L: ska_statement_check refuses a statement unless for each rule P
 * + N + width < 2^128, where P and N are the sums of its positive and negative parts at the
 * extremes. For a comparison these come to 5 bound[j]; bound[j] <= 2^62, which makes all its values
 * fit 64 bits, suffices. Totals stay below 2^128 by themselves, so nothing is checked for them: a
 * bound is below 2^64, the number of contributors below 2^32.
 */
#ifndef SKA_STATEMENT_H
#define SKA_STATEMENT_H

#include "crypto/scalar.h"

#define SKA_CELLS_MAX 4096u /* cells of one task */
#define SKA_RULES_MAX 4096u /* rules of one task */
#define SKA_TERMS_MAX 4096u /* terms of one rule */

struct ska_term {
    uint32_t cell;       /* index into the cells, increasing within a rule */
    int64_t coefficient; /* not zero, not INT64_MIN */
};

struct ska_rule {
    int64_t constant;             /* not INT64_MIN */
    uint64_t width;               /* the rule's value lies in [0, width]; 0: it is zero */
    uint32_t n_terms;             /* 1..SKA_TERMS_MAX */
    const struct ska_term *terms; /* borrowed from the owner of the statement */
};

/* Valid when zeroed (nothing stated). Arrays are borrowed. */
struct ska_statement {
    uint32_t n_cells;
    const uint64_t *bound; /* n_cells of them, each >= 1 */
    uint32_t n_rules;
    const struct ska_rule *rules;
    bool compares; /* a later revision: at least 2 cells, the last of bound 1 */
};

/* How many cells are compared with the revision before: all but the last, or none. */
uint32_t ska_statement_compared(const struct ska_statement *s);

/* SKA_OK; SKA_E_RANGE naming the cell or rule that is malformed or could wrap; SKA_E_LIMIT if there
 * are too many. */
enum ska_status ska_statement_check(const struct ska_statement *s,
                                    struct ska_error *err) SKA_MUST_CHECK;

/* The total number of bits a proof of `s` needs, before padding. */
size_t ska_statement_bits(const struct ska_statement *s);

/*
 * Whether plain counts satisfy the ranges and rules; what compares is not looked at. Time: depends
 * on the counts (the officer's own machine, own figures). Returns SKA_OK; SKA_E_RANGE with *where =
 * cell; SKA_E_RULE with *where = rule.
 */
enum ska_status ska_statement_holds(size_t *where, const struct ska_statement *s,
                                    const uint64_t *counts) SKA_MUST_CHECK;

#endif
