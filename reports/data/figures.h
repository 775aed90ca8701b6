/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * figures.h - what is published of a period, and nothing else: tables, pages and trends are made
 * from this, so that a hidden total cannot get into them.
 */
#ifndef SKA_REPORTS_FIGURES_H
#define SKA_REPORTS_FIGURES_H

#include "protocol/bundle.h"
#include "protocol/figure.h"

/* Not a reason: a figure that a roll-up does not have. Shown as ".". */
#define FIGURES_MISSING 254
/* For readers, instead of a reason: a group's count that is published for all together only. */
#define FIGURES_WHOLE (SKA_HIDDEN_SUMMED + 1)

/* Valid when zeroed: no cells. */
struct figures {
    uint32_t n;
    uint64_t *value; /* by figure (figure.h); 0 where hidden */
    uint8_t *reason; /* by figure; 0: published, else enum ska_hidden_reason or as above */
};

/* Take the open totals. SKA_E_RANGE if the pattern names a figure that is not there; SKA_E_MEMORY.
 */
enum ska_status figures_init(struct figures *f, uint32_t n_figures, const uint64_t *totals,
                             const struct ska_suppression *hidden) SKA_MUST_CHECK;
/* The same of a roll-up: totals and pattern name its figures from n_figures on. */
enum ska_status figures_init_year(struct figures *f, uint32_t n_figures, const uint64_t *totals,
                                  const struct ska_suppression *hidden) SKA_MUST_CHECK;
/* What is hidden of groups for being published for all together only is FIGURES_WHOLE from now on.
 */
void figures_tell_whole(struct figures *f, const struct ska_layout *layout);
void figures_clear(struct figures *f);

/* "small", "few", "dependent", "complement", "block", "marked", "kept",
 * "withdrawn", "summed", "whole"; "" for a published cell. */
const char *figures_reason(uint8_t reason);

/* As kept for trends: lines "code value\n", "code ..\n", or "code .\n", in order of figures.
 * Reading accepts exactly the figures of layout and groups. SKA_E_FORMAT. */
enum ska_status figures_encode(struct ska_writer *w, const struct figures *f,
                               const struct ska_layout *layout,
                               const struct ska_groups *groups) SKA_MUST_CHECK;
enum ska_status figures_decode(struct figures *f, struct ska_slice text,
                               const struct ska_layout *layout,
                               const struct ska_groups *groups) SKA_MUST_CHECK;

/* A figure for people, "12 345" with U+00A0 or "12,345", or ".."; `out` holds FIGURES_TEXT_MAX. */
#define FIGURES_TEXT_MAX 48
void figures_text(char out[static FIGURES_TEXT_MAX], const struct figures *f, uint32_t cell,
                  bool swedish);
void figures_number_text(char out[static FIGURES_TEXT_MAX], uint64_t value, bool swedish);

/* The published table (docs/protocol.md, "The table"), appended. `year` is the roll-up's figures,
 * NULL if there is none. */
enum ska_status figures_table(struct ska_writer *w, const struct figures *f,
                              const struct figures *year,
                              const struct ska_task *task) SKA_MUST_CHECK;

#endif
