/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * publish.h - from a collected period to the draft of its bundle: pattern and proof, openings,
 * table, pages.
 */
#ifndef SKA_REPORTS_PUBLISH_H
#define SKA_REPORTS_PUBLISH_H

#include "protocol/linked.h"
#include "protocol/suppression.h"
#include "reports/collect.h"
#include "reports/data/figures.h"
#include "reports/disclosure/linking.h"
#include "reports/ledger.h"

/*
 * The pattern with its proof, encoded as in the bundle: as kept, or decided, proven, checked and
 * kept, after the certificate. A preview keeps it too; a draft starts by forgetting it.
 *
 * Out:    *encoded owned by the caller
 * Returns statuses of disclosure_decide, of proving, and of files.
 */
struct publish_material;
enum ska_status publish_suppression(uint8_t **encoded, size_t *len, const struct period *p,
                                    const struct publish_material *m,
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

/* What the prover of a statement knows. By figure, and by needed complement. All borrowed, secret
 * but for the runs. */
struct publish_secrets {
    const uint64_t *total;
    const ska_scalar *blinding;
    const struct ska_needed *needed;
    uint32_t n_needed;
    const ska_scalar *side; /* blindings */
};

/* Prove a statement. What ska_proof_prove says. publish_proof.c */
enum ska_status publish_prove_statement(uint8_t *proof, size_t proof_len,
                                        const struct ska_suppression_statement *s,
                                        const struct publish_secrets *secrets) SKA_MUST_CHECK;

/* Encode and prove a pattern that was decided; fills the sides of needed complements.
 * publish_proof.c */
enum ska_status publish_prove(struct ska_writer *w, struct ska_suppression *pattern,
                              const struct publish_proof *of) SKA_MUST_CHECK;

/* Append the openings of exactly the open figures that are not rounded, with their paths to the
 * signed roots. */
enum ska_status publish_openings(struct ska_writer *w, const struct figures *f,
                                 const struct collect_result *r,
                                 const struct ska_task *task) SKA_MUST_CHECK;

/* By figure, what is published of it if it is open: its total, or that rounded. In: n totals, the
 * published figures of `linked` first, a roll-up's last; what comes after them is only copied. The
 * caller wipes and frees n numbers, which are secret where they come to be hidden. SKA_E_STATE
 * without a rounding key; SKA_E_RANGE for a total that is too large; SKA_E_MEMORY.
 * publish_rounding.c */
enum ska_status publish_shown(uint64_t **out, const struct period *p,
                              const struct ska_linked *linked, const uint64_t *total, size_t n,
                              struct ska_error *err) SKA_MUST_CHECK;

/* Append the file `rounding`: every rounded figure that is not in the pattern, proven. Nothing if
 * the policy does not round. publish_rounding.c */
enum ska_status publish_rounding(struct ska_writer *w, const struct ska_suppression *pattern,
                                 const struct publish_proof *of,
                                 const uint64_t *shown) SKA_MUST_CHECK;

/* What publishing works with, read and checked. Valid when zeroed. */
struct publish_material {
    struct ska_accepted list;
    uint8_t *signed_list;
    size_t signed_list_len;
    uint8_t hash[32];
    struct collect_result result; /* secret */
    struct collect_sums sums;
    struct linking linking; /* secret */
    struct ska_linked *linked;
    struct figures figures;
    struct figures year; /* of the roll-up, if there is one: figures from n_figures on */
    uint8_t *suppression, *certificate, *rounding; /* rounding NULL: figures are exact */
    size_t suppression_len, certificate_len, rounding_len;
    uint32_t n_counted;
};
/* Read a collected period, and decide what is hidden unless that was kept. SKA_E_BATCH_SIZE; what
 * reading, checking and publish_suppression say. Clear also after failure. */
enum ska_status publish_load(struct publish_material *m, const struct period *p,
                             struct ska_error *err) SKA_MUST_CHECK;
void publish_material_clear(struct publish_material *m);

/* Make the draft of a period for its place among the releases (release.h); what is hidden is
 * decided anew. */
enum ska_status publish_draft(const struct period *p, const struct ska_release_place *place,
                              struct ska_error *err) SKA_MUST_CHECK;

/*
 * One step of publishing a period: what is released goes to the site once more; a draft with its
 * signature is released and goes to the site; without one, it is told what the second person runs;
 * if there is no draft, or one for another place, or if one is wanted anew, it is made. Prints what
 * was done.
 *
 * In:     signature    a file, or NULL: beside the draft
 *         log_wait_s   how long a draft waits for the public log, if there is one (publish_log.h)
 * Out:    is_released  now
 */
enum ska_status publish_period(bool *is_released, const struct collection *c, const char *name,
                               const char *signature, bool redraft, uint64_t log_wait_s,
                               struct ska_error *err) SKA_MUST_CHECK;

#endif
