/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * gate_task.h - the linked system of one release (docs/disclosure-control.md, section 6), and the
 * gate over it.
 */
#ifndef SKA_REPORTS_GATE_TASK_H
#define SKA_REPORTS_GATE_TASK_H

#include "protocol/bundle.h"
#include "protocol/linked.h"
#include "reports/disclosure/gate.h"

#define GATE_UNKNOWN \
    SKA_FIGURE_UNKNOWN /* a figure of a difference or atom that nothing is said about */

/* Figures that no rule connects with others, and all their rules; both increasing. Borrowed. */
struct gate_part {
    const uint32_t *figure, *rule;
    uint32_t n_figures, n_rules;
};

/* What is public once a pattern is published. All borrowed. */
struct gate_view {
    const struct ska_linked *linked;
    struct ska_policy policy;
    const uint8_t *reason;        /* by figure: 0 open, enum ska_hidden_reason, or GATE_UNKNOWN */
    const uint64_t *total;        /* of open figures what is published; others are not looked at */
    const struct gate_part *part; /* what is looked at; NULL: everything */
    const struct ska_needed *needed; /* what is proven of complements, all of them looked at; what
                                        earlier releases proved is known beside it */
    uint32_t n_needed;
    bool keeps_stranded; /* as if gate_may_be_stranded said of nothing that it need not be kept */
};

/* What is looked at, one after the other. */
static inline uint32_t gate_view_n_figures(const struct gate_view *view)
{
    return view->part != NULL ? view->part->n_figures : view->linked->n_figures;
}
static inline uint32_t gate_view_figure(const struct gate_view *view, uint32_t i)
{
    return view->part != NULL ? view->part->figure[i] : i;
}
static inline uint32_t gate_view_n_rules(const struct gate_view *view)
{
    return view->part != NULL ? view->part->n_rules : view->linked->statement.n_rules;
}
static inline uint32_t gate_view_rule(const struct gate_view *view, uint32_t i)
{
    return view->part != NULL ? view->part->rule[i] : i;
}

/* Out: by figure that is looked at, whether it is a part of a published zero
 * (docs/disclosure-control.md, section 10). gate_null.c */
void gate_find_null(uint8_t *is_null, const struct gate_view *view);

/* Out: by figure that is looked at, whether no open count of at least 1 can be reached from it:
 * PICK_NEAR has nothing. SKA_E_MEMORY. gate_null.c */
enum ska_status gate_find_stranded(uint8_t *is_stranded,
                                   const struct gate_view *view) SKA_MUST_CHECK;

/* Whether nothing need be kept of a figure if nothing is left to hide beside it: of an atom's, of a
 * year's difference, and of a difference's whose indicator is withdrawn in one of the two blocks or
 * is published for all together only. What any other tells is withdrawn. gate_null.c */
bool gate_may_be_stranded(const struct gate_view *view, uint32_t figure);

/*
 * The gate over it. What it says of a part does not depend on what is beside it.
 *
 * Out:    out     the certificate, if every demand is met; the caller clears it
 *         fails   by figure, n_figures of the linked system: the lowest of each component of the
 *                 system without two tables
 *         is_early  if not NULL: whether the answer came before tables were looked for. With
 *                 SKA_E_STATE the rounds alone have left a figure one value then, and it is the
 *                 lowest of them that fails
 *
 * Returns SKA_OK; SKA_E_STATE if a figure fails; SKA_E_RULE if what is public contradicts itself;
 * SKA_E_LIMIT if a number does not fit; SKA_E_MEMORY.
 */
enum ska_status gate_task_certify(struct ska_certificate *out, bool *fails, bool *is_early,
                                  const struct gate_view *view) SKA_MUST_CHECK;

#endif
