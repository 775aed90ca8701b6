/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * sample_dataset.h - one small published table with everything a table can have: two groups, two
 * contents, three times; figures shown, zero, rounded, hidden for two reasons, missing; text that
 * each format must escape.
 */
#ifndef SKA_TESTS_SAMPLE_DATASET_H
#define SKA_TESTS_SAMPLE_DATASET_H

#include <string.h>

#include "support/dataset.h"

static inline void sample_value(struct ska_writer *w, const char *code, const char *sv,
                                const char *en, const char *unit_sv, const char *unit_en)
{
    dataset_write_string(w, code);
    dataset_write_text(w, sv, en);
    dataset_write_text(w, unit_sv, unit_en);
}

static inline void sample_dimensions(struct ska_writer *w)
{
    ska_write_u32(w, 2);
    sample_value(w, "all", "Alla", "All", "", "");
    sample_value(w, "N", "Norra länet", "The \"north\"", "", "");
    ska_write_u32(w, 2);
    sample_value(w, "A", "Ärenden – alla", "Cases, all", "st", "pcs");
    sample_value(w, "A.D.x", "Ärenden, slag: <x>", "Cases, kind: \\x", "st", "pcs");
    ska_write_u32(w, 3);
    sample_value(w, "2025Q1", "2025Q1", "2025Q1", "", "");
    sample_value(w, "2025Q2", "2025Q2", "2025Q2", "", "");
    sample_value(w, "2025Q3", "2025Q3", "2025Q3", "", "");
}

static inline void sample_releases(struct ska_writer *w)
{
    static const char *const days[] = {"2025-04-20", "", "2025-10-20"};
    ska_write_u8(w, 1);
    for (uint32_t i = 0; i < 3; i++) {
        dataset_write_string(w, days[i]);
        ska_write_u32(w, i);
        for (int b = 0; b < 32; b++)
            ska_write_u8(w, days[i][0] == '\0' ? 0 : (uint8_t)(0x11 * (i + 1)));
    }
}

/* The file form, appended. */
static inline void sample_dataset(struct ska_writer *w)
{
    static const struct dataset_figure figures[2][2][3] = {
        {{{DATASET_SHOWN, 0, 12345}, {DATASET_MISSING, 0, 0}, {DATASET_ROUNDED, 0, 30}},
         {{DATASET_HIDDEN, 1, 0}, {DATASET_MISSING, 0, 0}, {DATASET_SHOWN, 0, 0}}},
        {{{DATASET_SHOWN, 0, 7}, {DATASET_MISSING, 0, 0}, {DATASET_SHOWN, 0, 8}},
         {{DATASET_HIDDEN, 2, 0}, {DATASET_MISSING, 0, 0}, {DATASET_SHOWN, 0, 5}}}};
    ska_write_bytes(w, DATASET_MARK, sizeof DATASET_MARK - 1);
    dataset_write_string(w, "lan");
    dataset_write_string(w, "A");
    dataset_write_text(w, "Ärenden efter grupp", "Cases by group");
    dataset_write_text(w, "Planen & länet", "The plan");
    dataset_write_string(w, "2025-10-20");
    ska_write_u64(w, 5);
    ska_write_u8(w, 2);
    dataset_write_string(w, "small");
    dataset_write_string(w, "complement");
    sample_dimensions(w);
    sample_releases(w);
    for (size_t i = 0; i < 12; i++) {
        const struct dataset_figure *f = &figures[i / 6][i / 3 % 2][i % 3];
        ska_write_u8(w, f->status);
        ska_write_u8(w, f->reason);
        ska_write_u64(w, f->value);
    }
}

#endif
