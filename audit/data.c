/* SPDX-License-Identifier: EUPL-1.2 */
/* data.c - what both data files have in common. */
#include "audit/data.h"

#include <stdio.h>

#include "protocol/figure.h"

void data_time(char out[static DATA_NAME_BYTES], const struct data_figures *f)
{
    /* a period begins with its year */
    (void)snprintf(out, DATA_NAME_BYTES, f->is_year ? "%.4s" : "%s", f->task->parameters.period);
}

void data_table(char out[static DATA_NAME_BYTES], const struct data_figures *f)
{
    const struct ska_parameters *p = &f->task->parameters;
    if (f->is_year)
        (void)snprintf(out, DATA_NAME_BYTES, "%.4s-%s", p->period, ska_cadence_code(p->cadence));
    else
        data_time(out, f);
}

void data_title(char out[static DATA_LABEL_BYTES], const struct data_figures *f, bool swedish)
{
    const struct ska_text *title = &f->task->layout->catalogue->title;
    const char *sums = swedish ? ", årssummor" : ", sums of the year";
    char time[DATA_NAME_BYTES];
    data_time(time, f);
    (void)snprintf(out, DATA_LABEL_BYTES, "%s, %s%s, %s", swedish ? title->sv : title->en, time,
                   f->is_year ? sums : "",
                   swedish ? "efter grupp och innehåll" : "by group and content");
}

bool data_is_in(const struct data_figures *f, uint32_t cell)
{
    const struct ska_layout *layout = f->task->layout;
    return f->is_year ? ska_layout_is_summed(layout, cell)
                      : layout->cells[cell].kind != SKA_CELL_MARK;
}

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
