/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * data.h - the data files of a bundle, of the period or of the year's roll-up, derived again byte
 * for byte: docs/protocol.md, "The data files". Where each figure stands in them is told beside, so
 * that a fault can be named.
 */
#ifndef SKA_AUDIT_DATA_H
#define SKA_AUDIT_DATA_H

#include "protocol/bundle.h"

/* By figure of the task: what is shown, and why it is hidden, else 0; of its year if is_year.
 * Borrowed. */
struct data_figures {
    const struct ska_task *task;
    bool is_year;
    const uint64_t *total;
    const uint8_t *hidden_reason;
};

/* From this byte on it is about this figure; SKA_NONE: about none. */
struct data_mark {
    size_t at;
    uint32_t figure;
};

/* Marks, in the order of the file. `at` is the caller's, with room for DATA_MARKS(task); NULL: they
 * are not wanted. */
#define DATA_MARKS(task) ((size_t)(task)->n_figures + 1)
struct data_marks {
    struct data_mark *at;
    size_t n;
};

/* Append table.json or table.px, or year.json or year.px. Failures are the writer's. */
void data_write_json(struct ska_writer *w, struct data_marks *marks, const struct data_figures *f);
void data_write_px(struct ska_writer *w, struct data_marks *marks, const struct data_figures *f);

/* What both files share: room for a label or title that is never cut; what the time and the table
 * are called; the title; whether a cell is a content; whether a figure is rounded; the unit of a
 * cell; the next mark (nothing if they are not wanted). */
#define DATA_LABEL_BYTES (3 * SKA_TEXT_MAX + 16)
#define DATA_NAME_BYTES (SKA_PERIOD_MAX + 20)
void data_time(char out[static DATA_NAME_BYTES], const struct data_figures *f);
void data_table(char out[static DATA_NAME_BYTES], const struct data_figures *f);
void data_title(char out[static DATA_LABEL_BYTES], const struct data_figures *f, bool swedish);
bool data_is_in(const struct data_figures *f, uint32_t cell);
bool data_is_rounded(const struct data_figures *f, uint32_t figure);
const char *data_unit(const struct ska_task *task, uint32_t cell, bool swedish);
void data_mark(struct data_marks *marks, const struct ska_writer *w, uint32_t figure);

#endif
