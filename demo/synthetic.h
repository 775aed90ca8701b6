/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * synthetic.h - made-up case records in memory, from drawing to file:
 *
 *     draw_records (one kind) ... -> fit_records (all kinds of a period) -> write_records (one
 * kind)
 *
 * Integers only, so that the same seed gives the same bytes on every machine.
 */
#ifndef SKA_DEMO_SYNTHETIC_H
#define SKA_DEMO_SYNTHETIC_H

#include <stdio.h>

#include "protocol/layout.h"

#define BITS_WORDS ((SKA_CATEGORIES_MAX + 63) / 64)

/* A field of a row, by the kind of its column: a number, 0 or 1 of a flag, a category's index, the
 * number of a person or of the row of the parent kind, or the index of a word (words_of). */
struct value {
    uint64_t n;
    uint64_t bits[BITS_WORDS]; /* categories of a multiple-response column */
};

/* The rows of one kind of record. Valid when zeroed: there is no such file. */
struct records {
    bool is_there;
    size_t n;
    struct value *values; /* n rows of the kind's columns; owned */
};

/* --- synthetic_draw.c --- */

/* Start the generator from words; the same words, the same numbers. At most 8 words. */
void draw_seed(const char *const *words, size_t n);
uint64_t draw_number(void);
/* True with a chance of `per_mille` / 1000. */
bool draw_chance(uint64_t per_mille);
/* About `mean_milli` / 1000, scattered like counts of independent events. */
uint64_t draw_count(uint64_t mean_milli);

/* Out: records->values for n_rows rows; false if there is no memory.
 * In: skew  per mille by which a contributor's likeliest category is likelier than elsewhere */
bool draw_records(struct records *records, const struct ska_catalogue *c, size_t kind,
                  size_t n_rows, uint64_t skew);

/* The kind of record whose identifiers a text column of `kind` of the same code refers to, or
 * `kind` itself: attendances belong to meetings. */
size_t parent_of(const struct ska_catalogue *c, size_t kind);
/* A text column's words are those that indicators ask for; `index` past the last: NULL. */
const char *word_of(const struct ska_catalogue *c, size_t kind, size_t column, size_t index);

/* --- synthetic_fit.c --- */

/*
 * Take rows away until no cell is over its bound and every rule of the task holds.
 *
 * In/out: records  by record kind
 * Returns false if there is no memory, or a rule that does not hold when nothing has happened.
 */
bool fit_records(struct records *records, const struct ska_layout *layout);

/* --- synthetic_write.c --- */

/* As a Swedish case system exports: semicolons, Swedish words, CR LF; Windows-1252 if asked. */
void write_records(FILE *out, const struct ska_catalogue *c, size_t kind,
                   const struct records *records, bool windows);

#endif
