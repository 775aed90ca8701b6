/* SPDX-License-Identifier: EUPL-1.2 */
/* data.c - what both data files have in common. */
#include "audit/data.h"

#include "protocol/figure.h"

bool data_is_rounded(const struct data_figures *f, uint32_t figure)
{
    return f->task->parameters.policy.rounding > 1 && f->hidden_reason[figure] == 0 &&
           ska_cell_is_count(ska_figure_cell(f->task, figure));
}

const char *data_unit(const struct ska_task *task, uint32_t cell, bool swedish)
{
    const struct ska_cell *c = &task->layout->cells[cell];
    const struct ska_text *unit = &task->layout->catalogue->indicators[c->indicator].unit;
    if (c->kind == SKA_CELL_ANSWERED)
        return swedish ? "svarande" : "answering";
    return swedish ? unit->sv : unit->en;
}

void data_mark(struct data_marks *marks, const struct ska_writer *w, uint32_t figure)
{
    if (marks->at != NULL)
        marks->at[marks->n++] = (struct data_mark){w->len, figure};
}
