/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * population.h - how many live where, for rates: one table for each date, kept with the collection.
 *
 *     collections/NAME/populations/2024-11-30
 *         skarva population 1
 *         source Statistics Sweden
 *         2303 5043 - -              code, all, women, men; "-": not known
 *
 * The CSV it comes from (docs/handbook-publisher) has a header line; separator comma, semicolon or
 * tab; columns in any order, others are ignored. Wide: a code and one or more of population, women,
 * men. Long: code, sex, age_from, age_to, number, of which the bands that are given are added up;
 * they must be the same of every code, and of women and men. Either may have a column year.
 */
#ifndef SKA_REPORTS_POPULATION_H
#define SKA_REPORTS_POPULATION_H

#include "reports/data/cube.h"
#include "reports/home.h"

#define POPULATION_ROWS_MAX 10000u
#define POPULATION_FILE_MAX ((size_t)8 << 20)
#define POPULATION_NUMBER_MAX UINT64_C(100000000000) /* more than live on the planet */

struct population_row {
    char code[SKA_CODE_MAX + 1];
    uint64_t all, women, men; /* 0: not known */
};

/* Valid when zeroed. Rows sorted by code, no two alike. */
struct population {
    char date[11];                 /* "2024-11-30" */
    char source[SKA_NAME_MAX + 1]; /* one line */
    uint32_t n;
    struct population_row *at; /* owned */
};
void population_clear(struct population *p);

/* From CSV text. SKA_E_FORMAT (also a row that is longer or shorter than the header), SKA_E_RANGE,
 * SKA_E_CONFLICT (a code or band twice, women and men that do not sum to all, ages that are not the
 * same of all, another year than the date's), SKA_E_LIMIT; `err` names line and column, as the file
 * calls it. Date ("": any year) and source are the caller's. */
enum ska_status population_parse(struct population *out, struct ska_slice csv,
                                 struct ska_error *err) SKA_MUST_CHECK;

/* The row of a code, or NULL; whether a code has the form of a municipality's, four digits. */
const struct population_row *population_find(const struct population *p, const char *code);
bool population_is_municipality(const char *code);

/* Keep with the collection; a table of the same date is replaced. */
enum ska_status population_store(const struct population *p, const struct collection *c,
                                 struct ska_error *err) SKA_MUST_CHECK;

/*
 * All tables of the collection into the cube, whose blocks are set, oldest first. A row of a
 * block's own code ("all" for block 0) is that block's; else the rows of its members are added up.
 * A member without a row that has the form of a municipality's code (four digits) leaves the block
 * unknown, other members (a police district, a region) do not count. `member_codes[b]` are the
 * codes of block b's members.
 */
struct population_members {
    uint32_t n;
    const char *const *codes;
};
enum ska_status population_load(struct cube *cube, const struct collection *c,
                                const struct population_members *members,
                                struct ska_error *err) SKA_MUST_CHECK;

/* Those of one table; for tests. */
enum ska_status population_add(struct cube *cube, const struct population *p,
                               const struct population_members *members) SKA_MUST_CHECK;

#endif
