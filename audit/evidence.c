/* SPDX-License-Identifier: EUPL-1.2 */
/* evidence.c - releasing the evidence, and naming what is in it. */
#include "audit/evidence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/log_evidence.h"
#include "protocol/figure.h"

#define NAMES_AT_ONCE 4
#define NAME_BYTES 96

void evidence_clear(struct evidence *e)
{
    if (e == NULL)
        return;
    free(e->files);
    free(e->submissions);
    if (e->log != NULL && e->log->is_part) {
        log_evidence_clear(e->log);
        free(e->log);
    }
    ska_task_free(e->task);
    free(e->earlier.files);
    ska_task_free(e->earlier.task);
    ska_accepted_clear(&e->earlier.accepted);
    free(e->earlier.commitments);
    for (uint32_t i = 0; e->frozen != NULL && i < e->linked_list.n; i++)
        ska_frozen_clear(&e->frozen[i]);
    free(e->frozen);
    free(e->changed);
    free(e->year_sum[0]);
    free(e->year_sum[1]);
    ska_year_openings_clear(&e->year_openings);
    ska_accepted_clear(&e->accepted);
    ska_openings_clear(&e->openings);
    ska_suppression_clear(&e->suppression);
    ska_certificate_clear(&e->certificate);
    ska_rounding_clear(&e->rounding);
    free(e->sum[0]);
    free(e->sum[1]);
    free(e->n_in);
    ska_groups_clear(&e->kept);
    ska_linked_free(e->linked);
    free(e->opening_of);
    free(e->rounded_of);
    free(e->hidden_reason);
    free(e->total);
    memset(e, 0, sizeof *e);
}

const char *evidence_contributor(const struct evidence *e, uint32_t index)
{
    static _Thread_local char names[NAMES_AT_ONCE][NAME_BYTES];
    static _Thread_local unsigned next;
    char *name = names[next++ % NAMES_AT_ONCE];
    if (e->task == NULL || index >= e->task->parameters.roster.n) {
        snprintf(name, NAME_BYTES, "#%u", index);
        return name;
    }
    const struct ska_contributor *c = &e->task->parameters.roster.at[index];
    snprintf(name, NAME_BYTES, "%s %.60s", c->code, c->name);
    return name;
}

const char *evidence_figure(const struct evidence *e, uint32_t figure)
{
    static _Thread_local char codes[NAMES_AT_ONCE][32 + SKA_CODE_MAX + 1 + SKA_FIGURE_CODE_MAX + 1];
    static _Thread_local unsigned next;
    if (e->linked == NULL || figure >= e->linked->n_figures)
        return "?";
    char *code = codes[next++ % NAMES_AT_ONCE];
    ska_linked_code(code, sizeof codes[0], e->linked, figure);
    return code;
}
