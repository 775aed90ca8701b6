/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * figure.h - the figures of a task: the total of each cell, over all contributors and over each
 * group.
 *
 * Figure = block * n_cells + cell, with the blocks of groups.h. Its code is the cell's in block 0,
 * "NS01.TYP.PLA", and the group's code before it in others, "OST/NS01.TYP.PLA".
 */
#ifndef SKA_FIGURE_H
#define SKA_FIGURE_H

#include "protocol/task.h"

#define SKA_FIGURE_CODE_MAX (SKA_CODE_MAX + 1 + SKA_CELL_CODE_MAX)

/* Precondition: figure < task->n_figures. */
uint32_t ska_figure_block(const struct ska_task *task, uint32_t figure);
const struct ska_cell *ska_figure_cell(const struct ska_task *task, uint32_t figure);

/* Whether it is a group's count of an indicator that is published for all contributors together
 * only. */
bool ska_figure_is_whole_only(const struct ska_task *task, uint32_t figure);

/* The block's code: "" for all contributors. */
const char *ska_block_code(const struct ska_task *task, uint32_t block);

void ska_figure_code(char out[static SKA_FIGURE_CODE_MAX + 1], const struct ska_task *task,
                     uint32_t figure);
/* The same where there is no task. */
void ska_figure_code_in(char out[static SKA_FIGURE_CODE_MAX + 1], const struct ska_layout *layout,
                        const struct ska_groups *groups, uint32_t figure);
/* The figure of a code, or SKA_NONE. */
uint32_t ska_figure_find(const struct ska_task *task, const char *code);

#endif
