/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * linking.h - the earlier releases that a release is linked with (protocol/earlier.h), and what the
 * publisher knows of a year's parts.
 */
#ifndef SKA_REPORTS_LINKING_H
#define SKA_REPORTS_LINKING_H

#include "protocol/frozen.h"
#include "reports/collect.h"
#include "reports/data/figures.h"

/* Valid when zeroed: not linked. Owned. */
struct linking {
    struct ska_earlier_list list; /* as the bundle names them */
    uint32_t n;
    struct ska_frozen *frozen; /* n of them */
    uint8_t **bytes;           /* what they borrow from; n_bytes of them */
    size_t n_bytes;
    uint32_t *changed; /* of a correction: by atom */
    bool has_year;     /* the release carries a roll-up */
    char year[5];      /* its name, "2025" */
    uint32_t n_parts;
    uint32_t part[SKA_YEAR_PARTS_MAX]; /* in `frozen`, or n: the release itself */
    struct linking_part {              /* by part; of the release itself nothing */
        struct collect_result result;  /* secret */
        struct collect_sums sums;
    } parts[SKA_YEAR_PARTS_MAX];
};
void linking_clear(struct linking *l);

/* Find and read what a collected period is linked with. SKA_E_MISMATCH naming a bundle that is not
 * the one released; what reading gives. Clear `l` also after failure. */
enum ska_status linking_load(struct linking *l, const struct period *p,
                             const struct ska_accepted *list, struct ska_error *err) SKA_MUST_CHECK;

/* The linked system. Borrows from the task, not from `l`. */
enum ska_status linking_system(struct ska_linked **out, const struct linking *l,
                               const struct period *p, const uint32_t *counted,
                               size_t n_counted) SKA_MUST_CHECK;

/* Fill in the roll-up's published figures, from `task->n_figures` on: total (secret), blinding
 * (secret) and sum of commitments over the parts; of absent ones 0 and the identity. Any may be
 * NULL. SKA_E_LIMIT. */
enum ska_status linking_add_up(uint64_t *total, ska_scalar *blinding, ska_point *sum,
                               const struct linking *l, const struct ska_linked *linked,
                               const struct collect_result *r,
                               const struct collect_sums *sums) SKA_MUST_CHECK;

/* By figure of the roll-up: whether the last release that carried it hid it. Appends to `kept`. */
void linking_keep(uint8_t *kept, const struct linking *l, uint32_t n_figures);

/* Append the openings of exactly the roll-up's open figures that are not rounded. */
enum ska_status linking_openings(struct ska_writer *w, const struct linking *l,
                                 const struct figures *year, const struct ska_task *task,
                                 const struct collect_result *r) SKA_MUST_CHECK;

#endif
