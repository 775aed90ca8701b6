/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * disclosure_parts.h - the pieces of disclosure control, shared by its files and their tests: the
 * pattern being made, the picks, the linear test and the interval test of
 * docs/disclosure-control.md.
 */
#ifndef SKA_REPORTS_DISCLOSURE_PARTS_H
#define SKA_REPORTS_DISCLOSURE_PARTS_H

#include "reports/disclosure.h"

#define DISCLOSURE_ROUNDS_MAX 100

__extension__ typedef __int128 disclosure_int;

struct disclosure_interval {
    disclosure_int lo, hi;
};

/* Work in progress. Valid after disclosure_pattern_init. */
struct disclosure_pattern {
    const struct disclosure_input *input;
    uint32_t n;
    uint8_t *reason;                      /* by cell: 0 open, else enum ska_hidden_reason */
    uint8_t *derivable;                   /* by cell: filled by disclosure_find_derivable */
    uint32_t *component;                  /* by cell: lowest cell of its equality component */
    uint32_t *distance;                   /* by cell: scratch of the breadth-first search */
    uint32_t *queue;                      /* scratch */
    struct disclosure_interval *interval; /* by cell: filled by disclosure_propagate */
    struct disclosure_interval *first;    /* by cell: before propagation */
};

enum ska_status disclosure_pattern_init(struct disclosure_pattern *p,
                                        const struct disclosure_input *input) SKA_MUST_CHECK;
void disclosure_pattern_clear(struct disclosure_pattern *p);

/* The largest total a cell can have. */
disclosure_int disclosure_cap(const struct disclosure_pattern *p, uint32_t cell);

/* Section 2: marks, then the five passes. */
void disclosure_primary(struct disclosure_pattern *p);

/* Section 3. Out: *pick, a cell or SKA_NONE. SKA_OK or SKA_E_MEMORY. */
uint32_t disclosure_pick_rule(const struct disclosure_pattern *p, uint32_t rule);
enum ska_status disclosure_pick_component(uint32_t *pick, struct disclosure_pattern *p,
                                          uint32_t f) SKA_MUST_CHECK;
enum ska_status disclosure_pick_near(uint32_t *pick, struct disclosure_pattern *p,
                                     uint32_t f) SKA_MUST_CHECK;

/* Section 4: mark every derivable hidden cell of one equality component (named by its lowest cell).
 * SKA_E_LIMIT if an integer does not fit, SKA_E_MEMORY. */
enum ska_status disclosure_find_derivable(struct disclosure_pattern *p,
                                          uint32_t component) SKA_MUST_CHECK;

/* Section 5: fill the intervals. SKA_E_RULE if one is empty; SKA_E_LIMIT. */
enum ska_status disclosure_propagate(struct disclosure_pattern *p) SKA_MUST_CHECK;

/* Section 5: whether a cell is narrow. Fills the intervals in its own way: propagate again before
 * asking whether cells fail. SKA_E_RULE, SKA_E_LIMIT. */
enum ska_status disclosure_find_narrow(bool *is_narrow, struct disclosure_pattern *p,
                                       uint32_t cell) SKA_MUST_CHECK;

/* Whether a hidden cell fails; call after find_derivable on all components and propagate. */
bool disclosure_fails(const struct disclosure_pattern *p, uint32_t cell);

#endif
