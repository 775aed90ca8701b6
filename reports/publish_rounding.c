/* SPDX-License-Identifier: EUPL-1.2 */
/* publish_rounding.c - rounded figures, and the proof that each is within one base of the truth. */
#include "reports/publish.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "crypto/secret.h"
#include "protocol/rounding.h"
#include "reports/disclosure/round.h"
#include "support/language.h"

/* A figure of the release, or of its roll-up, which is of the year. */
static uint64_t round_one(const struct period *p, uint32_t figure, uint64_t total)
{
    const struct ska_parameters *parameters = &p->task->parameters;
    const uint32_t n = p->task->n_figures;
    char code[SKA_FIGURE_CODE_MAX + 1], year[5] = "";
    memcpy(year, parameters->period, 4);
    ska_figure_code(code, p->task, figure % n);
    const struct round_figure of = {parameters->collection, figure < n ? parameters->period : year,
                                    code};
    return round_value(p->collection->rounding_key, &of, parameters->policy.rounding, total);
}

static enum ska_status round_all(uint64_t *shown, const struct period *p,
                                 const struct ska_linked *linked, const uint64_t *total, size_t n,
                                 struct ska_error *err)
{
    const struct ska_policy *policy = &p->task->parameters.policy;
    if (!p->collection->has_rounding_key)
        return ska_fail(err, SKA_E_STATE,
                        tr("%s: nyckeln rounding.key saknas; med en ny skulle tal avrundas på ett "
                           "annat sätt än förut",
                           "%s: the key rounding.key is missing; with a new one figures would be "
                           "rounded in another way than before"),
                        p->collection->folder);
    for (uint32_t j = 0; j < n; j++) {
        if (!ska_linked_rounds(linked, policy, j))
            continue;
        if (total[j] > SKA_ROUNDED_MAX - policy->rounding)
            return ska_fail(err, SKA_E_RANGE, "%s: %s", p->name, ska_status_text(SKA_E_RANGE));
        shown[j] = round_one(p, j, total[j]);
    }
    return SKA_OK;
}

enum ska_status publish_shown(uint64_t **out, const struct period *p,
                              const struct ska_linked *linked, const uint64_t *total, size_t n,
                              struct ska_error *err)
{
    uint64_t *shown = ska_alloc(n, sizeof *shown);
    if (shown == NULL)
        return SKA_E_MEMORY;
    enum ska_status status = SKA_OK;
    memcpy(shown, total, n * sizeof *shown);
    if (p->task->parameters.policy.rounding != 0)
        status = round_all(shown, p, linked, total, n, err);
    if (status == SKA_OK)
        *out = shown;
    else
        ska_wipe_free(shown, n * sizeof *shown);
    return status;
}

/* Every count that is not hidden, in order. */
static enum ska_status find_rounded(struct ska_rounding *r, const struct ska_suppression *pattern,
                                    const struct publish_proof *of, const uint64_t *shown)
{
    const struct ska_linked *linked = of->linked;
    uint32_t next = 0; /* in the pattern */
    r->at = ska_alloc((size_t)linked->n_published + 1, sizeof *r->at);
    if (r->at == NULL)
        return SKA_E_MEMORY;
    for (uint32_t j = 0; j < linked->n_published; j++) {
        while (next < pattern->n && pattern->at[next].figure < j)
            next++;
        bool is_hidden = next < pattern->n && pattern->at[next].figure == j;
        if (!is_hidden && ska_linked_rounds(linked, &of->task->parameters.policy, j))
            r->at[r->n++] = (struct ska_rounded_figure){j, shown[j]};
    }
    return SKA_OK;
}

static enum ska_status prove_all(struct ska_rounding *rounding, uint8_t **proofs,
                                 const struct publish_proof *of)
{
    const struct publish_secrets secrets = {.total = of->total, .blinding = of->blinding};
    for (uint32_t portion = 0; portion < ska_rounding_portions(rounding->n); portion++) {
        SKA_SCOPED(ska_suppression_statement_clear) struct ska_suppression_statement s = {0};
        size_t len = 0;
        SKA_TRY(ska_rounding_statement_init(&s, of->task, of->linked, rounding, portion, of->sum,
                                            of->n_counted));
        SKA_TRY(ska_proof_length(&len, s.bound, s.m));
        proofs[portion] = ska_alloc(len, 1);
        if (proofs[portion] == NULL)
            return SKA_E_MEMORY;
        rounding->proofs[rounding->n_proofs++] = (struct ska_slice){proofs[portion], len};
        SKA_TRY(publish_prove_statement(proofs[portion], len, &s, &secrets));
    }
    return SKA_OK;
}

enum ska_status publish_rounding(struct ska_writer *w, const struct ska_suppression *pattern,
                                 const struct publish_proof *of, const uint64_t *shown)
{
    SKA_SCOPED(ska_rounding_clear) struct ska_rounding rounding = {0};
    if (of->task->parameters.policy.rounding == 0)
        return SKA_OK;
    SKA_TRY(find_rounded(&rounding, pattern, of, shown));
    size_t n = (size_t)ska_rounding_portions(rounding.n) + 1; /* room for none, too */
    SKA_SCOPED(ska_scoped_free) uint8_t **proofs = ska_alloc(n, sizeof *proofs);
    rounding.proofs = ska_alloc(n, sizeof *rounding.proofs);
    if (proofs == NULL || rounding.proofs == NULL)
        return SKA_E_MEMORY;
    enum ska_status status = prove_all(&rounding, proofs, of);
    if (status == SKA_OK) {
        ska_rounding_encode(w, &rounding);
        status = ska_writer_status(w);
    }
    for (size_t i = 0; i < n; i++)
        free(proofs[i]);
    return status;
}
