/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * msm.h - multi-scalar multiplication over several runs of points, so that the long-lived
 * generators need not be copied next to a proof's own points.
 */
#ifndef SKA_MSM_H
#define SKA_MSM_H

#include "crypto/group.h"

/* n scalars and as many points; borrowed. */
struct ska_msm_run {
    const ska_scalar *k;
    const ska_point *p;
    size_t n;
};

/*
 * The sum over all runs of k[i] P[i]. The scalars are public.
 * Returns SKA_OK, or SKA_E_MEMORY with *out untouched. Memory: 120 bytes a term and 2 for each
 * digit of its scalar, 154 to 246 in all, and at most 2.6 MB for buckets.
 */
enum ska_status ska_msm_runs_vartime(ska_point *out, const struct ska_msm_run *runs,
                                     size_t n_runs) SKA_MUST_CHECK;

/*
 * Combine blocks of points with the same scalars: out[i] = sum over t in [0, n_blocks) of
 * k[t] P[t n + i], for i in [0, n). The scalars are public. `out` does not overlap p.
 * Returns SKA_OK, or SKA_E_MEMORY.
 */
enum ska_status ska_msm_fold_vartime(ska_point *out, size_t n, const ska_scalar *k, size_t n_blocks,
                                     const ska_point *p) SKA_MUST_CHECK;

/* Bring public points to the form (Z = 1) in which the functions above take them fastest. They stay
 * the same points. */
void ska_points_normalise_vartime(ska_point *p, size_t n);

/* The same sum, term by term with ska_point_mul: what the tests hold the others against. */
void ska_msm_plain(ska_point *out, const ska_scalar *k, const ska_point *p, size_t n);

#endif
