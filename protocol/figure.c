/* SPDX-License-Identifier: EUPL-1.2 */
/* figure.c - figures by number and by code. */
#include "protocol/figure.h"

#include <stdio.h>
#include <string.h>

uint32_t ska_figure_block(const struct ska_task *task, uint32_t figure)
{
    return figure / task->layout->n_cells;
}

const struct ska_cell *ska_figure_cell(const struct ska_task *task, uint32_t figure)
{
    return &task->layout->cells[figure % task->layout->n_cells];
}

bool ska_figure_is_whole_only(const struct ska_task *task, uint32_t figure)
{
    const struct ska_cell *cell = ska_figure_cell(task, figure);
    return ska_figure_block(task, figure) > 0 && ska_cell_is_count(cell) &&
           task->layout->catalogue->indicators[cell->indicator].whole_only;
}

const char *ska_block_code(const struct ska_task *task, uint32_t block)
{
    return block == 0 ? "" : task->parameters.groups.at[block - 1].code;
}

void ska_figure_code(char out[static SKA_FIGURE_CODE_MAX + 1], const struct ska_task *task,
                     uint32_t figure)
{
    ska_figure_code_in(out, task->layout, &task->parameters.groups, figure);
}

void ska_figure_code_in(char out[static SKA_FIGURE_CODE_MAX + 1], const struct ska_layout *layout,
                        const struct ska_groups *groups, uint32_t figure)
{
    uint32_t block = figure / layout->n_cells;
    (void)snprintf(out, SKA_FIGURE_CODE_MAX + 1, "%s%s%s",
                   block == 0 ? "" : groups->at[block - 1].code, block == 0 ? "" : "/",
                   layout->cells[figure % layout->n_cells].code);
}

uint32_t ska_figure_find(const struct ska_task *task, const char *code)
{
    const char *slash = strchr(code, '/');
    uint32_t block = 0;
    if (slash != NULL) {
        char group[SKA_CODE_MAX + 1] = {0};
        size_t len = (size_t)(slash - code);
        if (len > SKA_CODE_MAX)
            return SKA_NONE;
        memcpy(group, code, len);
        uint32_t g = ska_groups_find(&task->parameters.groups, group);
        if (g == SKA_NONE)
            return SKA_NONE;
        block = g + 1;
        code = slash + 1;
    }
    uint32_t cell = ska_layout_find(task->layout, code);
    return cell == SKA_NONE ? SKA_NONE : block * task->layout->n_cells + cell;
}
