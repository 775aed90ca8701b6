/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * pattern.h - the auditor's own carrying out of docs/disclosure-control.md, which fixes every word
 * used here: candidates, reach, equality component, derivable, P0, intervals.
 *
 * A struct pattern is one pattern in the making: which cells are hidden so far and why. All
 * arithmetic is exact, in 128 bits; a period whose numbers do not fit is SKA_E_LIMIT.
 *
 *     new -> hide the primary cells, set candidates -> find_first; or hide all -> solve, intervals
 *     -> fails
 */
#ifndef SKA_AUDIT_PATTERN_H
#define SKA_AUDIT_PATTERN_H

#include "protocol/bundle.h"
#include "protocol/linked.h"

#define PATTERN_ROUNDS_MAX 100
#define PATTERN_TIGHT_MAX 16 /* values of an interval that is looked into */
/* a figure of a difference or atom of which the bundle says nothing */
#define PATTERN_UNKNOWN SKA_FIGURE_UNKNOWN

__extension__ typedef __int128 pattern_int;

struct pattern_interval {
    pattern_int lo, hi;
};

/* A cell here is any figure of the linked system. All arrays are owned and n_figures long unless
 * said. */
struct pattern {
    const struct ska_linked *linked; /* borrowed */
    struct ska_policy policy;
    uint8_t *reason;    /* enum ska_hidden_reason or PATTERN_UNKNOWN, 0: open in this run */
    bool *is_null;      /* a part of a published zero; after pattern_find_null */
    bool *is_candidate; /* may be picked as long as it is open in this run */
    uint64_t *total;    /* of cells that are open what is published; others are not looked at */

    /* The graph, from the layout. Rules of cell j: rule_at[first_rule[j] .. first_rule[j + 1]). */
    uint32_t *first_rule; /* n_cells + 1 */
    uint32_t *rule_at;
    uint32_t *component; /* equality component: its lowest cell */

    /* Section 4. */
    bool *is_derivable;
    bool *is_stale; /* by component: is_derivable is out of date */

    /* Section 5. */
    struct pattern_interval *interval, *first_interval;

    /* Scratch. */
    uint32_t *queue;
    bool *is_rule_seen; /* n_rules */
    bool *is_due;       /* n_rules */
};

/* No published figure hidden, the others unknown, no candidates, totals 0. SKA_E_MEMORY. */
enum ska_status pattern_new(struct pattern **out, const struct ska_linked *linked,
                            const struct ska_policy *policy) SKA_MUST_CHECK;
void pattern_free(struct pattern *d);

/* Hide a cell that is open in this run. */
void pattern_hide(struct pattern *d, uint32_t cell, enum ska_hidden_reason reason);

/* Which counts must be MARKED, given the marks that are. */
bool pattern_is_marked(const struct ska_linked *linked, const uint8_t *reason, uint32_t cell);

/* Which cells must be DEPENDENT, given the FEW and SMALL ones (section 2, passes 2 and 4). `reason`
 * is that of a run or of a bundle. */
bool pattern_is_dependent(const struct ska_linked *linked, const uint8_t *reason, uint32_t cell);

/* Whether a cell is a count of a difference, of which nothing is said (section 11). */
bool pattern_is_between(const struct ska_linked *linked, uint32_t cell);

/* Whether an unknown cell may be known if nothing is left to hide beside it: not a difference's,
 * but for a year's, and where its indicator is withdrawn in one of the two blocks (section 10). */
bool pattern_may_be_stranded(const struct ska_linked *linked, const uint8_t *reason, uint32_t cell);

/* Whether a count of a roll-up must be SUMMED since another is hidden (section 13). */
bool pattern_is_hidden_along(const struct ska_linked *linked, const uint8_t *reason, uint32_t cell,
                             bool is_rounding);

/* From the cells marked, go on over rules to all that are hidden or shown rounded, and mark them;
 * `hides`: hide the candidates that are come to. pattern_first.c */
void pattern_reach(bool *is_reached, struct pattern *d, bool hides);

/* Bring is_derivable up to date. SKA_E_LIMIT, SKA_E_MEMORY. pattern_solve.c */
enum ska_status pattern_solve(struct pattern *d) SKA_MUST_CHECK;

/* P0 (section 4), from the primary cells. SKA_E_LIMIT, SKA_E_MEMORY. pattern_first.c */
enum ska_status pattern_find_first(struct pattern *d) SKA_MUST_CHECK;

/* Section 5: every cell's interval at first, then rounds over the rules; or both in one. SKA_E_RULE
 * if totals contradict a rule; SKA_E_LIMIT. pattern_interval.c */
enum ska_status pattern_start_intervals(struct pattern *d) SKA_MUST_CHECK;
enum ska_status pattern_run_rounds(struct pattern *d) SKA_MUST_CHECK;
enum ska_status pattern_intervals(struct pattern *d) SKA_MUST_CHECK;

/* The same for the cells of some rules alone, increasing, which must be all rules of what is not
 * exact among them; one cell (SKA_NONE: none) begins 2 below and above its first interval. */
enum ska_status pattern_run_some(struct pattern *d, const uint32_t *rule, uint32_t n,
                                 uint32_t widened) SKA_MUST_CHECK;

/* Whether the rounds over them, gone on with with one cell at one value, leave some interval empty.
 * The intervals of their cells are of no use afterwards. */
enum ska_status pattern_is_impossible(bool *is, struct pattern *d, const uint32_t *rule, uint32_t n,
                                      uint32_t cell, pattern_int value) SKA_MUST_CHECK;

/* Whether the rounds have left a cell no more than the protection at one end of its first interval
 * (section 5, narrow). */
bool pattern_leaves_little(const struct pattern *d, uint32_t cell);

/* The same of what lies between two cells of the release, a count of which nothing is said. */
bool pattern_leaves_little_between(const struct pattern *d, uint32_t cell);

/* The parts of published zeros, with the whole pattern (section 10). pattern_null.c */
void pattern_find_null(struct pattern *d);

/* By cell: whether no open count of at least 1 can be reached from it over rules, with the whole
 * pattern. pattern_null.c */
void pattern_find_stranded(bool *is_stranded, struct pattern *d);

/* Whether something is to be kept from an attacker about a listed cell: of a COMPLEMENT nothing is.
 * And whether an unknown cell may be known; after pattern_intervals. */
bool pattern_is_sensitive(const struct pattern *d, uint32_t cell);
bool pattern_is_harmless(const struct pattern *d, uint32_t cell);

/* Whether nobody answered a cell's indicator in its block, for all to see: it is zero. After
 * pattern_intervals. */
bool pattern_is_unanswered(const struct pattern *d, uint32_t cell);

/* Whether a cell of a roll-up has parts of which the rounds have left all but at most one a single
 * value: what is to be kept is demanded of that part. After pattern_intervals. */
bool pattern_repeats_known(const struct pattern *d, uint32_t cell);

/* The largest total a cell can have. */
pattern_int pattern_cap(const struct pattern *d, uint32_t cell);

/* Whether a cell fails (section 5); after pattern_solve, pattern_intervals and
 * pattern_find_null. */
bool pattern_fails(const struct pattern *d, uint32_t cell);

#endif
