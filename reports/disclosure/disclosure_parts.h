/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * disclosure_parts.h - the pieces of disclosure control, shared by its files and their tests: the
 * pattern being made, the linear test and the interval test of docs/disclosure-control.md, and
 * showing again what need not be hidden.
 */
#ifndef SKA_REPORTS_DISCLOSURE_PARTS_H
#define SKA_REPORTS_DISCLOSURE_PARTS_H

#include "reports/disclosure/disclosure.h"
#include "reports/disclosure/gate_task.h"

#define DISCLOSURE_ROUNDS_MAX 100
#define DISCLOSURE_TIGHT_MAX 16 /* values of an interval that is looked into */
#define DISCLOSURE_UNKNOWN GATE_UNKNOWN

__extension__ typedef __int128 disclosure_int;

struct disclosure_interval {
    disclosure_int lo, hi;
};

/* What the gate said of a part. */
struct disclosure_answer {
    bool is_known, is_early; /* is_early: gate_task.h */
    enum ska_status status;
    uint32_t stuck; /* with SKA_E_STATE: the lowest figure that fails */
};

/* Work in progress. Valid after disclosure_pattern_init. */
struct disclosure_pattern {
    const struct disclosure_input *input;
    uint32_t n;
    uint64_t *total;       /* by figure: the input's, then frozen ones; secret */
    uint64_t *shown;       /* by figure: what is published of an open one; secret */
    uint8_t *reason;       /* by figure: 0 open, enum ska_hidden_reason, or DISCLOSURE_UNKNOWN */
    uint8_t *is_withdrawn; /* by figure: a total that is WITHDRAWN */
    uint8_t *is_summed;    /* by figure: of the roll-up, SUMMED whatever else it would be */
    uint32_t stuck;        /* the figure that could not be protected, or SKA_NONE */
    uint32_t *first_rule;  /* by figure: where its rules begin in rule_at; n + 1 */
    uint32_t *rule_at;     /* rules of each figure, increasing */
    uint8_t *walked;       /* by rule: scratch of the search */
    uint8_t *is_due;       /* by rule: scratch of the rounds */
    uint8_t *derivable;    /* by cell: filled by disclosure_find_derivable */
    uint32_t *component;   /* by cell: lowest cell of its equality component */
    uint32_t n_parts;      /* what no rule connects is in different parts, */
    uint32_t *part;        /* by figure: its part, by their lowest figures */
    uint32_t *part_figure, *part_rule; /* figures and rules, part by part, increasing */
    uint32_t *first_figure_of_part;    /* by part: where it begins in part_figure; n_parts + 1 */
    uint32_t *first_rule_of_part;      /* and in part_rule */
    bool *fails;                       /* scratch */
    uint8_t *asked;                    /* by figure: its reason when its part's gate was asked */
    struct disclosure_answer *answer;  /* by part */
    bool has_first;                    /* the last P0 is remembered: */
    uint8_t *primary;                  /* by figure: the primary reasons that it was found from */
    uint8_t *first_pattern;            /* by figure: it */
    uint8_t *is_seen;                  /* by cell: scratch of the search */
    uint32_t *queue;                   /* scratch */
    struct disclosure_interval *interval; /* by cell: filled by disclosure_propagate */
    struct disclosure_interval *first;    /* by cell: before propagation */
    uint32_t n_needed;
    struct ska_needed *needed; /* complements that are proven to be needed; by published figure */
};

enum ska_status disclosure_pattern_init(struct disclosure_pattern *p,
                                        const struct disclosure_input *input) SKA_MUST_CHECK;
void disclosure_pattern_clear(struct disclosure_pattern *p);

/* The figures and rules of a part. */
struct gate_part disclosure_part(const struct disclosure_pattern *p, uint32_t part);

/* The largest total a cell can have. */
disclosure_int disclosure_cap(const struct disclosure_pattern *p, uint32_t cell);

/* The pattern as the gate sees it: a part of it, or all (NULL). disclosure_ask.c */
struct gate_view disclosure_view(const struct disclosure_pattern *p, const struct gate_part *part);

/* Section 2: the passes over each block, and what is never published. */
void disclosure_primary(struct disclosure_pattern *p);

/* Section 13: whether a figure of a roll-up is known exactly from what is shown of its parts. */
bool disclosure_has_open_parts(const struct disclosure_pattern *p, uint32_t figure);

/* Section 13: the reason of a count of the roll-up that has no reason that goes before, once its
 * parents have theirs. And: what is hidden in the roll-up beside something, or along with it, is
 * SUMMED; returns whether anything was not before. disclosure_year.c */
uint8_t disclosure_year_reason(const struct disclosure_pattern *p, uint32_t figure, bool is_small);
bool disclosure_year_spread(struct disclosure_pattern *p);

/* Section 3: whether an open figure can be hidden as a COMPLEMENT. */
bool disclosure_is_candidate(const struct disclosure_pattern *p, uint32_t figure);

/* Section 4: the first pattern P0, from the primary reasons. SKA_E_LIMIT, SKA_E_MEMORY.
 * disclosure_show.c */
enum ska_status disclosure_find_first(struct disclosure_pattern *p) SKA_MUST_CHECK;

/*
 * Section 6: the whole pattern, from P0, and its certificate, which the caller clears.
 *
 * Returns SKA_OK; SKA_E_STATE if p->stuck cannot be protected; SKA_E_RULE if the totals contradict
 * the rules; SKA_E_LIMIT, SKA_E_MEMORY. disclosure_show.c
 */
enum ska_status disclosure_find_whole(struct ska_certificate *out,
                                      struct disclosure_pattern *p) SKA_MUST_CHECK;

/*
 * Ask the gate about a part of the pattern, or about all of it (SKA_NONE). What it said of a part
 * is remembered until a reason in it changes. Fills p->stuck.
 *
 * Returns what gate_task_certify does; of several parts that fail what it says of all of them.
 * disclosure_ask.c
 */
enum ska_status disclosure_ask(struct disclosure_pattern *p, uint32_t part) SKA_MUST_CHECK;

/* The certificate of the whole pattern. SKA_E_STATE and so on if the gate does not pass. */
enum ska_status disclosure_certify(struct ska_certificate *out,
                                   struct disclosure_pattern *p) SKA_MUST_CHECK;

/* Section 4: mark every derivable hidden cell of one equality component (named by its lowest cell).
 * SKA_E_LIMIT if an integer does not fit, SKA_E_MEMORY. */
enum ska_status disclosure_find_derivable(struct disclosure_pattern *p,
                                          uint32_t component) SKA_MUST_CHECK;

/* Section 5: whether a figure is what lies between two of the release, a count of which nothing is
 * said; and whether the rounds have left it so little that it is narrow. disclosure_interval.c */
bool disclosure_is_between(const struct disclosure_pattern *p, uint32_t figure);
bool disclosure_leaves_little_between(const struct disclosure_pattern *p, uint32_t figure);

/* Section 5: fill the intervals. SKA_E_RULE if one is empty; SKA_E_LIMIT. */
enum ska_status disclosure_propagate(struct disclosure_pattern *p) SKA_MUST_CHECK;
enum ska_status disclosure_propagate_part(struct disclosure_pattern *p,
                                          uint32_t part) SKA_MUST_CHECK;

/* Whether the rounds have left a cell no more than the protection at one end of what it was at
 * first. */
bool disclosure_leaves_little(const struct disclosure_pattern *p, uint32_t cell);

/* Section 6: whether a cell is tight, after the rounds over its part. `kept`: the intervals of the
 * part's figures, in order, as they are. SKA_E_LIMIT. */
enum ska_status disclosure_find_tight(bool *is_tight, struct disclosure_pattern *p, uint32_t cell,
                                      const struct disclosure_interval *kept) SKA_MUST_CHECK;

/* Section 5: whether a cell is narrow. Fills the intervals of its part in its own way: propagate
 * again before asking whether cells fail. SKA_E_RULE, SKA_E_LIMIT. */
enum ska_status disclosure_find_narrow(bool *is_narrow, struct disclosure_pattern *p,
                                       uint32_t cell) SKA_MUST_CHECK;

/*
 * Section 6: a figure that is not shown since that would tell too much: find the runs of totals
 * with which something would get narrow or tight, as the pattern is now, and remember them if its
 * own is in one; nothing if they are too many or too far apart. `hidden`: what the rounds tell of
 * each small figure when everything is hidden. Fills the intervals of its part. SKA_E_LIMIT.
 * disclosure_needed.c
 */
enum ska_status disclosure_add_needed(struct disclosure_pattern *p, uint32_t figure,
                                      const struct disclosure_interval *hidden) SKA_MUST_CHECK;

/* Of what was added, keep what the gate lets be told, in order of figures. SKA_E_MEMORY, and what
 * the gate says of a part without. disclosure_needed.c */
enum ska_status disclosure_keep_needed(struct disclosure_pattern *p) SKA_MUST_CHECK;

/* Whether something is to be kept from an attacker about a hidden figure that is listed: of a
 * COMPLEMENT nothing is. */
bool disclosure_is_sensitive(const struct disclosure_pattern *p, uint32_t figure);

#endif
