/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * data_population.h - the inhabitants that rates are reckoned with, as data: CSV and its CSVW
 * metadata. Whoever fetches counts can make the same rates of them.
 */
#ifndef SKA_REPORTS_DATA_POPULATION_H
#define SKA_REPORTS_DATA_POPULATION_H

#include "reports/data/cube.h"

/* date,source_sv,source_en,group,group_sv,group_en,population,women,men: a line for each table and
 * group, oldest first; "." where a number is not known. Failure is remembered by the writer. */
void data_population_csv(struct ska_writer *w, const struct cube *cube);

/* What describes "URL", a name beside it. */
void data_population_csvw(struct ska_writer *w, const struct cube *cube, const char *url);

#endif
