/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * publish.h - from a collected period to its bundle: pattern and proof, openings, table, pages,
 * release.
 */
#ifndef SKA_REPORTS_PUBLISH_H
#define SKA_REPORTS_PUBLISH_H

#include "protocol/linked.h"
#include "reports/collect.h"
#include "reports/figures.h"

/*
 * The pattern with its proof, encoded as in the bundle: as kept, or decided, proven, checked and
 * kept, after the certificate. Made once for a period, so that publishing again gives the same
 * bytes.
 *
 * Out:    *encoded owned by the caller
 * Returns statuses of disclosure_decide, of proving, and of files.
 */
enum ska_status publish_suppression(uint8_t **encoded, size_t *len, const struct period *p,
                                    const struct collect_result *r, const struct collect_sums *sums,
                                    const struct ska_accepted *list,
                                    struct ska_error *err) SKA_MUST_CHECK;

/* What a pattern is proven from. All borrowed; arrays are linked->n_listed long. */
struct publish_proof {
    const struct ska_task *task;
    const struct ska_linked *linked;
    const uint64_t *total;      /* secret */
    const ska_scalar *blinding; /* secret */
    const ska_point *sum;
    uint64_t n_counted;
};

/* Encode and prove a pattern that was decided. */
enum ska_status publish_prove(struct ska_writer *w, struct ska_suppression *pattern,
                              const struct publish_proof *of) SKA_MUST_CHECK;

/* Append the openings of exactly the open cells, with their paths to the signed roots. */
enum ska_status publish_openings(struct ska_writer *w, const struct figures *f,
                                 const struct collect_result *r) SKA_MUST_CHECK;

/* Publish one period: bundle, pages, table into the site; figures into the period's folder. */
enum ska_status publish_period(const struct collection *c, const char *name,
                               struct ska_error *err) SKA_MUST_CHECK;

#endif
