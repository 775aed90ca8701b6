/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tables.h - which tables are published as data files, and each one as a dataset
 * (support/dataset.h) made from the cube.
 *
 *     indicators/A    an indicator, all its cells, over all periods and groups
 *     years/A         the same, years added up of shorter periods
 *     releases/2025Q2 everything of one release
 *     releases/2025-quarter   everything of a year's roll-up, as the release that carries it has it
 */
#ifndef SKA_REPORTS_TABLES_H
#define SKA_REPORTS_TABLES_H

#include "reports/data/cube.h"
#include "reports/data/figures.h"
#include "support/dataset.h"

enum table_level { TABLE_INDICATORS, TABLE_YEARS, TABLE_RELEASES, TABLE_LEVELS };

/* Which table, by what it is cut from. Valid as long as the cube. */
struct table_of {
    enum table_level level;
    uint32_t series;    /* of the cube */
    uint32_t indicator; /* of the catalogue; SKA_NONE for a release or roll-up */
    size_t period;      /* of the series; for a release or roll-up alone */
};

/* "indicators", "years", "releases". */
const char *table_level_code(enum table_level level);
const char *table_level_label(enum table_level level, bool swedish);
/* "A", "2025Q2" or "2025-quarter". */
#define TABLE_CODE_BYTES (SKA_CODE_MAX + SKA_PERIOD_MAX + 20)
void table_code(char out[static TABLE_CODE_BYTES], const struct cube *cube,
                const struct table_of *t);

/* All of a cube, by level, then as the catalogue and time have them. The caller frees. */
enum ska_status tables_list(struct table_of **out, size_t *n,
                            const struct cube *cube) SKA_MUST_CHECK;

/* The file form of a table, appended; and a table as a dataset. A release's own table says nothing
 * of the day and hash of its release, since it is in the bundle itself. */
enum ska_status table_encode(struct ska_writer *w, const struct cube *cube,
                             const struct table_of *t) SKA_MUST_CHECK;
enum ska_status table_dataset(struct dataset *out, const struct cube *cube,
                              const struct table_of *t) SKA_MUST_CHECK;

/* A release's own table before it is published, from its figures: what is in the bundle. is_year:
 * of the roll-up that it carries, whose figures are given. */
enum ska_status table_of_release(struct dataset *out, const struct figures *f,
                                 const struct ska_task *task, bool is_year) SKA_MUST_CHECK;

#endif
