/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * site_audit.h - what the publisher's own run of the audit said of each period: the output of
 * `skarva-audit verify --json`, kept as the file "audit.json" in the period's folder. It is a claim
 * like any other on the pages; whoever doubts it runs the audit.
 */
#ifndef SKA_REPORTS_SITE_AUDIT_H
#define SKA_REPORTS_SITE_AUDIT_H

#include "reports/data/cube.h"

struct site_audit {
    char release[SKA_PERIOD_MAX + 7]; /* "2025Q2", "2025Q2.r1" (cube.h) */
    bool passed;
    uint32_t n_passed, n_checks;
};

/* Valid when zeroed: none. */
struct site_audits {
    size_t n;
    struct site_audit *at; /* owned */
};
void site_audits_clear(struct site_audits *audits);

/* The audit of a release, or NULL. */
const struct site_audit *site_audit_of(const struct site_audits *audits, const char *release);

/* Take one output of the audit. Left out without a word if it is of another collection, period or
 * revision: an old file must not speak for a new release. SKA_E_FORMAT if it is no such output. */
enum ska_status site_audit_take(struct site_audit *out, bool *is_of_period, struct ska_slice json,
                                const char *collection,
                                const struct cube_period *period) SKA_MUST_CHECK;

/* Read those of all published periods of a collection's folder. */
enum ska_status site_audits_read(struct site_audits *out, const char *folder,
                                 const struct cube *cube, struct ska_error *err) SKA_MUST_CHECK;

#endif
