/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cube.h - everything that a collection has published, and nothing else: the model from which
 * pages, charts and data files are made, so that a hidden total cannot get into them.
 *
 * A figure is found by series (cadence), period, block and cell. Block 0 is all contributors, block
 * 1 + g is group g. A year that was added up from its quarters (a roll-up) is a period of the
 * yearly series of its own kind. Every value here was opened in a release, or was published
 * rounded.
 */
#ifndef SKA_REPORTS_CUBE_H
#define SKA_REPORTS_CUBE_H

#include "protocol/bundle.h"
#include "protocol/layout.h"
#include "protocol/task.h"

enum cube_status {
    CUBE_MISSING = 0, /* nothing was published: "." */
    CUBE_SHOWN,       /* the exact total */
    CUBE_ROUNDED,     /* rounded to the policy's base */
    CUBE_HIDDEN       /* "..", for `reason` */
};

struct cube_figure {
    enum cube_status status;
    uint8_t reason; /* enum ska_hidden_reason where hidden, else 0 */
    uint64_t value; /* 0 unless shown or rounded */
};

/* One place on a time axis. */
struct cube_period {
    char name[SKA_PERIOD_MAX + 1];    /* "2025Q2", "2025" */
    char release[SKA_PERIOD_MAX + 7]; /* what its pages and bundle are called: the name, and for a
                                         correction ".r1" behind it */
    uint32_t year, part;              /* part from 1; 1 for a year */
    bool is_published;                /* else nothing is published for it: a gap in the axis */
    uint32_t revision;                /* 0: the first publication */
    uint32_t number;                  /* of the release among all; 0: not known */
    uint64_t window_start_s;          /* when submissions were taken, from the parameters */
    uint64_t window_duration_s;
    uint64_t released_at_s;    /* midnight (UTC) of the day of the release; never finer */
    uint8_t bundle_sha256[32]; /* of the release's bundle file; zero if not known */
    bool has_proof;            /* beside the bundle is the proof that the release is in the log */
    uint32_t n_roster;
    uint32_t n_counted;
    char (*contributors)[SKA_NAME_MAX + 1]; /* n_roster names, in order of the roster; owned */
    bool *is_counted;                       /* n_roster: whose submission counts; owned */
    uint32_t *n_counted_in;                 /* by block; owned */
    struct cube_figure *figures;            /* n_blocks * n_cells, block by block; owned */
};

/* All periods of one cadence (or all years added up of them), oldest first, none left out between
 * the first and the last. */
struct cube_series {
    enum ska_cadence cadence; /* at which it was collected, the layout's */
    bool is_rollup; /* the periods are years, sums of periods of the cadence; where an indicator is
                       not to be added up its figures are missing */
    struct ska_layout *layout; /* owned */
    size_t n;
    struct cube_period *periods; /* owned */
};

/* How an indicator becomes a rate: so many of whom. */
enum cube_people { CUBE_NOBODY = 0, CUBE_ALL, CUBE_WOMEN, CUBE_MEN };
struct cube_rate {
    enum cube_people people; /* CUBE_NOBODY: counts only */
    uint32_t per;            /* 1000 or 10000; 0 for nobody */
};

/* Inhabitants by block for rates, 0 if not known. */
struct cube_population {
    uint32_t year;               /* of the population, as its source dates it */
    char date[11];               /* "2024-11-30", as its source dates it */
    struct ska_text source;      /* who counted; owned */
    uint64_t *all, *women, *men; /* by block; owned; NULL where the source has no such number */
};

struct cube_block {
    char code[SKA_CODE_MAX + 1]; /* "" for block 0 */
    struct ska_text label;       /* owned */
    uint32_t n_members;
    int32_t tile_x, tile_y; /* place on the tile map, from 0; -1: none */
};

struct cube {
    char collection[SKA_CODE_MAX + 1];
    const struct ska_catalogue *catalogue; /* borrowed */
    struct ska_policy policy;              /* of the latest period */
    uint32_t n_blocks;                     /* at least 1 */
    struct cube_block *blocks;             /* owned */
    size_t n_series;
    struct cube_series *series; /* owned; each has at least one published period */
    struct cube_rate *rates;    /* by indicator of the catalogue; owned */
    size_t n_populations;
    struct cube_population *populations; /* owned, oldest first */
};

void cube_clear(struct cube *cube);

/* Both languages of a label, copied: owned by what is cleared with the cube. SKA_E_MEMORY. */
enum ska_status cube_copy_text(struct ska_text *out, const char *sv, const char *en) SKA_MUST_CHECK;
void cube_period_clear(struct cube_period *period);

/*
 * Read all that a collection has published from its folder (period.h): a period is published if its
 * file "figures" is there. Series are in order of cadence, roll-ups after what was collected.
 * Catalogue borrowed from the collection. Clear `cube` also after failure.
 *
 * Returns SKA_OK also if nothing is published yet (n_series 0); SKA_E_FORMAT naming the file that
 * is not as we write it; SKA_E_LIMIT for an axis of more than CUBE_AXIS_MAX places; what reading
 * files gives.
 */
#define CUBE_AXIS_MAX 400 /* a month's series over 33 years */
struct collection;
enum ska_status cube_load(struct cube *cube, const struct collection *c,
                          struct ska_error *err) SKA_MUST_CHECK;

/* The building blocks of loading, also for tests. A period is `n_blocks * n_cells` figures, all
 * missing, and room for n_roster contributors. The roster's strings are filled by the caller. */
enum ska_status cube_period_init(struct cube_period *p, const char *name, uint32_t n_blocks,
                                 uint32_t n_cells, uint32_t n_roster) SKA_MUST_CHECK;
/* The series of a cadence, made if there is none yet; borrowed until the next call. The catalogue
 * must be set. What ska_layout_new says. */
enum ska_status cube_series_for(struct cube_series **out, struct cube *cube,
                                enum ska_cadence cadence, bool is_rollup,
                                struct ska_error *err) SKA_MUST_CHECK;
/* Add a published period, in any order; takes over `period` on success. SKA_E_LIMIT for a full
 * axis. */
enum ska_status cube_add(struct cube_series *series, struct cube_period *period,
                         struct ska_error *err) SKA_MUST_CHECK;
/* When all are added: order series and periods, fill the gaps. */
enum ska_status cube_finish(struct cube *cube) SKA_MUST_CHECK;

/* The figure, or a MISSING one if the period is a gap. Indices must be in range. */
struct cube_figure cube_at(const struct cube *cube, const struct cube_series *series, size_t period,
                           uint32_t block, uint32_t cell);

/* What was published of figure j, whose cell is given. */
struct figures;
struct cube_figure cube_published(const struct figures *f, uint32_t j,
                                  const struct ska_policy *policy, const struct ska_cell *cell);

/* Inhabitants of a block for an indicator's rates in a year: of the latest population dated that
 * year or before, else the oldest. NULL if the indicator has no denominator or nothing is known;
 * else `*inhabitants` > 0. */
const struct cube_population *cube_denominator(uint64_t *inhabitants, const struct cube *cube,
                                               uint32_t block, uint32_t indicator, uint32_t year);

#endif
