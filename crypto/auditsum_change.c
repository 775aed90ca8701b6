/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * auditsum_change.c - a later revision of a period: what each contributor's cells are compared
 * with, and the commitments to the comparisons. All inputs are public.
 */
#include "crypto/auditsum_internal.h"

enum ska_status ska_submission_check_earlier(const struct ska_auditsum_config *config)
{
    return (config->earlier != NULL) == config->statement->compares ? SKA_OK : SKA_E_CONFIG;
}

/* Only whom the roster holds has a place in config->earlier; who it does not hold is refused before
 * by an aggregator, and here by an auditor who looks at proofs first. */
enum ska_status ska_submission_earlier(ska_point *earlier, const struct ska_auditsum_config *config,
                                       uint32_t contributor)
{
    const uint32_t n = ska_statement_compared(config->statement);
    if (n > 0 && contributor >= config->n_contributors)
        return SKA_E_ROSTER;
    for (uint32_t j = 0; j < n; j++) {
        const struct ska_earlier *e = &config->earlier[contributor];
        ska_point_set_identity(&earlier[j]);
        if (e->v1 == NULL)
            continue;
        ska_point second;
        SKA_TRY(ska_point_decode(&earlier[j], e->v1 + (size_t)j * SKA_POINT_BYTES));
        SKA_TRY(ska_point_decode(&second, e->v2 + (size_t)j * SKA_POINT_BYTES));
        ska_point_add(&earlier[j], &earlier[j], &second);
    }
    return SKA_OK;
}

void ska_submission_comparisons_vartime(ska_point *v, const struct ska_statement *s,
                                        const ska_point *earlier)
{
    const uint32_t n = ska_statement_compared(s);
    ska_point *out = v + s->n_cells + s->n_rules;
    ska_point multiple; /* bound of the flag; neighbours mostly have the same bound */
    ska_point_set_identity(&multiple);
    for (uint32_t j = 0; j < n; j++) {
        if (j == 0 || s->bound[j] != s->bound[j - 1]) /* at most 2^62: ska_statement_check */
            ska_submission_multiply_vartime(&multiple, &v[s->n_cells - 1], (int64_t)s->bound[j]);
        ska_point change;
        ska_point_neg(&change, &earlier[j]);
        ska_point_add(&change, &change, &v[j]);
        ska_point_add(&out[2 * (size_t)j], &multiple, &change);
        ska_point_neg(&change, &change);
        ska_point_add(&out[2 * (size_t)j + 1], &multiple, &change);
    }
}
