/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * disclosure.h - disclosure control, version 1: which cells are hidden, and why
 * (docs/disclosure-control.md, which fixes every step).
 */
#ifndef SKA_REPORTS_DISCLOSURE_H
#define SKA_REPORTS_DISCLOSURE_H

#include "protocol/bundle.h"
#include "protocol/certificate.h"
#include "protocol/linked.h"

/* What the decision is made from. All borrowed. */
struct disclosure_input {
    const struct ska_linked *linked;
    struct ska_policy policy;
    const uint64_t *totals; /* linked->n_listed of them; secret where they come to be hidden */
    const uint64_t *shown;  /* linked->n_listed of them: what is published of an open figure; NULL:
                               the totals. Only the primary reasons are decided from more */
    const uint8_t *kept; /* by published figure, not 0: hidden in what is corrected; NULL: none */
    bool plainly; /* for tests: look at everything at each step. The same comes of it, later */
};

/* The totals of differences, from those of the published blocks: totals is n_listed long, its first
 * n_published are given. SKA_E_RULE if a part is larger than what it is part of. */
enum ska_status disclosure_subtract(uint64_t *totals,
                                    const struct ska_linked *linked) SKA_MUST_CHECK;

/*
 * Decide the pattern, and have it pass the attacker's gate.
 *
 * Out:    hidden       every hidden cell with its reason, cells increasing, and which complements
 *                      are proven to be needed, without sides or a proof; the caller clears it with
 *                      ska_suppression_clear, after failure too
 *         certificate  made from what the pattern leaves public alone; the caller clears it. NULL:
 *                      the gate is left out, for tests of the steps before it
 *         n_extra      hidden cells beyond P0 (docs/disclosure-control.md, section 6); may be NULL
 *
 * Returns SKA_OK; SKA_E_STATE if nothing is left to hide that would protect a cell (`err` names
 * the cell and its tables, never a value); SKA_E_RULE if the totals contradict the rules;
 * SKA_E_LIMIT if the rules need larger integers than 127 bits; SKA_E_MEMORY. Time: depends on the
 * totals (the publisher knows them).
 */
enum ska_status disclosure_decide(struct ska_suppression *hidden,
                                  struct ska_certificate *certificate, uint32_t *n_extra,
                                  const struct disclosure_input *input,
                                  struct ska_error *err) SKA_MUST_CHECK;

#endif
