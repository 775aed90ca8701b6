/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * data_csv.h - a dataset as CSV, one line for each figure, its CSVW metadata (W3C Tabular Data on
 * the Web, 2015), and as SDMX-CSV 2.0. All three have both languages or none.
 */
#ifndef SKA_REPORTS_DATA_CSV_H
#define SKA_REPORTS_DATA_CSV_H

#include "support/dataset.h"

/* A field, quoted where RFC 4180 asks for it. */
void data_csv_field(struct ska_writer *w, const char *text);

/* group,group_sv,group_en,content,content_sv,content_en,time,value,status,reason. Value: a number,
 * ".." or "."; status: shown, rounded, hidden, missing. Failure is remembered by the writer. */
void data_csv(struct ska_writer *w, const struct dataset *d);

/* What describes "URL" (a name beside it): CSVW finds it as "URL-metadata.json". */
void data_csvw(struct ska_writer *w, const struct dataset *d, const char *url, const char *licence);

/* The same for a release's table.csv, whose header is given: the columns docs/protocol.md names. */
void data_csvw_table(struct ska_writer *w, const struct dataset *d, const char *url,
                     const char *licence, struct ska_slice header);

/* SDMX-CSV 2.0: STRUCTURE_ID is SKARVA:COLLECTION-LEVEL-TABLE(1.0); the dots of a content's code
 * become $, which SDMX allows in a code. `level` is the table's. */
void data_sdmx_csv(struct ska_writer *w, const struct dataset *d, const char *level);

#endif
