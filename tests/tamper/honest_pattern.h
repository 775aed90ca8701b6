/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * honest_pattern.h - what an honest publisher hides, by docs/disclosure-control.md, sections 2 to
 * 6, made from the auditor's pieces. The auditor itself never needs the whole: it knows no hidden
 * total.
 */
#ifndef SKA_TESTS_HONEST_PATTERN_H
#define SKA_TESTS_HONEST_PATTERN_H

#include "audit/pattern.h"

struct honest_input {
    const struct ska_linked *linked;
    const struct ska_policy *policy;
    const uint64_t *totals; /* of published figures and differences */
    const uint64_t *shown;  /* of open ones what is published; NULL: the totals */
    const uint8_t *kept; /* a correction's: by published figure, not 0 if it was hidden; or NULL */
};

/* Section 2. Out: reason of every figure that can be listed, 0 if open or not worth listing. */
void honest_primary(uint8_t *reason, const struct honest_input *in);

/* Section 4 alone: the pattern P0. SKA_E_LIMIT, SKA_E_MEMORY. */
enum ska_status honest_first(uint8_t *reason, const struct honest_input *in) SKA_MUST_CHECK;

/*
 * Sections 4 to 6, from the reasons as they are, but for narrow cells. Returns SKA_OK; SKA_E_STATE
 * if the period is refused, SKA_E_RULE if totals contradict the rules: the reasons are then what
 * was reached; SKA_E_LIMIT, SKA_E_MEMORY.
 */
enum ska_status honest_complete(uint8_t *reason, const struct honest_input *in) SKA_MUST_CHECK;

#endif
