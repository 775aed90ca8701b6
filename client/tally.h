/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tally.h - case records become counts.
 *
 *     tally_new, then any number of tally_file and tally_zero, then tally_finish
 *
 * 1. A row counts for an indicator if all its conditions hold: as 1, as its number column, or as
 *    one the first time its distinct text is met.
 * 2. A counted row counts in each of the indicator's tables: in its one category, or, for multiple
 *    response, in each of its categories. For a distinct text the first row decides the one
 *    category, and every row adds categories of multiple response.
 * 3. An indicator without a file of its record kind, or whose files lack a column it needs, is
 *    blank; with tally_zero it is zero.
 * 4. On failure the tally is unusable but for tally_free.
 */
#ifndef SKA_CLIENT_TALLY_H
#define SKA_CLIENT_TALLY_H

#include "client/notes.h"
#include "protocol/layout.h"

struct tally;

enum ska_status tally_new(struct tally **out, const struct ska_layout *layout) SKA_MUST_CHECK;
void tally_free(struct tally *tally); /* wipes what it counted */

/*
 * Read a file, or a text that stands for one.
 *
 * In: kind  index of the record kind, or SKA_NONE: by its columns
 *
 * Returns SKA_OK; what rows_load, rows_read, columns_match and columns_read return; SKA_E_CONFLICT
 * for an id that is there twice (in all files of the kind); SKA_E_RANGE for a number over the
 * indicator's bound. `err` names file, row and column.
 */
enum ska_status tally_file(struct tally *tally, const char *path, uint32_t kind,
                           struct notes *notes, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status tally_text(struct tally *tally, const char *text, size_t len, const char *name,
                           uint32_t kind, struct notes *notes,
                           struct ska_error *err) SKA_MUST_CHECK;

/* None of this kind happened in the period. */
void tally_zero(struct tally *tally, uint32_t kind);

/*
 * Out: counts  layout->n_cells values, answered flags among them
 * Returns SKA_OK; SKA_E_RANGE for a total over its bound; SKA_E_NOT_FOUND for an indicator that
 * must be answered and has no file. `err` names the indicator.
 */
enum ska_status tally_finish(uint64_t *counts, struct tally *tally, struct notes *notes,
                             struct ska_error *err) SKA_MUST_CHECK;

#endif
