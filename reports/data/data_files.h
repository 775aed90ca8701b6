/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * data_files.h - the data files of the site (docs/data.md), made from what is published alone.
 *
 *     SITE/data/LEVEL/TABLE.json          JSON-stat 2.0, Swedish; en/data/... in English
 *                          .px            PX, UTF-8; .ansi.px in Windows-1252
 *                          .csv           one line for each figure, and .csv-metadata.json (CSVW)
 *                          .sdmx.csv      SDMX-CSV 2.0
 *                          .table         what the data interface answers from
 *         /data/population.csv            what rates are reckoned with, and its metadata
 *         /data/tables                    the list of tables, for the data interface
 *         /data/catalog.rdf               DCAT-AP-SE
 *         /2025Q2.csv-metadata.json       CSVW of the audited table
 *         /releases.atom, en/             the feed
 *
 * LEVEL is indicators, years or releases; a release's CSV is the audited table alone.
 *
 * The list: "skarva tables 1\n" | string collection | text title | u32 n |
 *     n x (u8 level | string table | text title | string updated)
 */
#ifndef SKA_REPORTS_DATA_FILES_H
#define SKA_REPORTS_DATA_FILES_H

#include "reports/data/tables.h"
#include "reports/home.h"

/* Write them all from what the periods' folders hold. Files whose bytes are the same stay as they
 * are, so that caches keep them. */
enum ska_status data_files_write(const struct collection *c, struct ska_error *err) SKA_MUST_CHECK;

/* The same from a cube, into any folder; `base` is the site's address. */
struct about;
enum ska_status data_files_write_cube(const char *site, const char *base, const struct cube *cube,
                                      const struct about *about,
                                      struct ska_error *err) SKA_MUST_CHECK;

/* The list of tables, appended. */
enum ska_status data_files_list(struct ska_writer *w, const struct cube *cube,
                                const struct table_of *tables, size_t n) SKA_MUST_CHECK;

#endif
