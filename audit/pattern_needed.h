/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * pattern_needed.h - goes through the complements beyond P0 once more, in the publisher's order,
 * and finds out of each what everybody can (docs/disclosure-control.md, sections 6 and 7).
 *
 * When a figure's turn comes, what was shown and hidden then follows from the pattern. With which
 * totals showing it would have made something narrow is then worked out by the rounds alone; that
 * its total is one of those is proven.
 */
#ifndef SKA_AUDIT_PATTERN_NEEDED_H
#define SKA_AUDIT_PATTERN_NEEDED_H

#include "audit/pattern.h"

enum pattern_need {
    PATTERN_NEED_NONE = 0,  /* no complement, of P0, or shown */
    PATTERN_NEED_PROVEN,    /* with the totals that are proven, something would have got narrow */
    PATTERN_NEED_ALONG,     /* shares a rule of its block with one that is proven */
    PATTERN_NEED_WORD,      /* on the publisher's word */
    PATTERN_NEED_OTHER,     /* proven are other totals than those with which it is needed */
    PATTERN_NEED_NOT_ASKED, /* something is proven of what the rule does not ask of */
    PATTERN_NEED_MISSING,   /* shown, though one that it shares a rule with is hidden */
};

/*
 * Out:    need    by published figure
 * In/out: d       P0 (pattern_find_first); of no use afterwards
 * In:     reason  by published figure: what is published
 *         needed  n of them, increasing, complements
 *
 * Returns SKA_OK, SKA_E_LIMIT, SKA_E_MEMORY. Time: for each that is proven at most 256 rounds for
 * every small figure that rules lead to from it.
 */
enum ska_status pattern_find_need(uint8_t *need, struct pattern *d, const uint8_t *reason,
                                  const struct ska_needed *needed, uint32_t n) SKA_MUST_CHECK;

#endif
