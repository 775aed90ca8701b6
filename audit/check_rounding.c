/* SPDX-License-Identifier: EUPL-1.2 */
/* check_rounding.c - that rounded figures are within one base of the truth
 * (docs/disclosure-control.md, section 14). */
#include "audit/check.h"

#include "audit/words.h"
#include "crypto/scoped.h"

#include <inttypes.h>

void check_rounding_form(struct evidence *e, struct finding *f)
{
    bool is_there = e->rounding_file.data != NULL;
    f->n_inputs = is_there ? 1 : 0;
    f->is_zero_right = e->task->parameters.policy.rounding == 0;
    if (is_there != (e->task->parameters.policy.rounding != 0)) {
        finding_bad(f, "%s",
                    is_there ? words("policyn avrundar inte", "the policy does not round")
                             : words("filen rounding saknas", "the file rounding is missing"));
        return;
    }
    if (!is_there)
        return;
    finding_tell(f, "rounding", ska_rounding_decode(&e->rounding, e->rounding_file), NULL);
}

/* An opening of what is to be rounded. */
static void check_opened(const struct evidence *e, struct finding *f, uint32_t figure)
{
    if (ska_linked_rounds(e->linked, &e->task->parameters.policy, figure) &&
        e->hidden_reason[figure] == 0)
        finding_bad(
            f, words("%s ska vara avrundad men är öppnad", "%s should be rounded but is opened"),
            evidence_figure(e, figure));
}

/* With rounding, every shown count is in the list and no opening says more. */
static void check_shown(const struct evidence *e, struct finding *f)
{
    const struct ska_policy *policy = &e->task->parameters.policy;
    for (uint32_t i = 0; i < e->openings.n; i++)
        check_opened(e, f, e->openings.at[i].figure);
    for (uint32_t i = 0; i < e->year_openings.n; i++)
        check_opened(e, f, e->year_openings.at[i].figure);
    for (uint32_t figure = 0; figure < e->linked->n_published; figure++) {
        bool must_round = ska_linked_rounds(e->linked, policy, figure);
        if (e->rounded_of[figure] == SKA_NONE)
            continue;
        uint64_t value = e->rounding.at[e->rounded_of[figure]].value;
        if (!must_round)
            finding_bad(f, words("%s avrundas inte", "%s is not to be rounded"),
                        evidence_figure(e, figure));
        else if (value % policy->rounding != 0)
            finding_bad(f,
                        words("%s: %" PRIu64 " är ingen multipel av %" PRIu64,
                              "%s: %" PRIu64 " is no multiple of %" PRIu64),
                        evidence_figure(e, figure), value, policy->rounding);
    }
}

static void check_portion(const struct evidence *e, struct finding *f, uint32_t portion,
                          const ska_point *sum)
{
    SKA_SCOPED(ska_suppression_statement_clear) struct ska_suppression_statement s = {0};
    const struct ska_slice *proof = &e->rounding.proofs[portion];
    enum ska_status status = ska_rounding_statement_init(&s, e->task, e->linked, &e->rounding,
                                                         portion, sum, e->n_counted);
    if (status == SKA_OK) {
        const struct ska_proof_values values = {.m = s.m, .bound = s.bound, .v = s.v};
        status = ska_proof_verify(proof->data, proof->len, &s.transcript, &values);
    }
    if (!finding_is_undecided(f, status) && status != SKA_OK)
        finding_bad(f, words("beviset för tal %u till %u: %s", "the proof of figures %u to %u: %s"),
                    portion * SKA_ROUNDING_PORTION + 1,
                    (uint32_t)(portion * SKA_ROUNDING_PORTION + s.m), ska_status_text(status));
}

void check_rounded_figures(struct evidence *e, struct finding *f)
{
    SKA_SCOPED(ska_scoped_free) ska_point *sum = check_join_sums(e);
    if (sum == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    f->n_inputs = e->rounding.n;
    f->is_zero_right = e->rounding.n == 0; /* the policy does not round, or all is hidden */
    check_shown(e, f);
    for (uint32_t i = 0; i < e->rounding.n_proofs && f->n_bad == 0; i++)
        check_portion(e, f, i, sum);
}
