/* SPDX-License-Identifier: EUPL-1.2 */
/* tables.c - from the cube to the tables of the data files. */
#include "reports/data/tables.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/data/figures.h"
#include "reports/data/release_day.h"

#define TITLE_BYTES (2 * SKA_TEXT_MAX + 200)
#define NAME_BYTES (3 * SKA_TEXT_MAX + 16) /* three texts: nothing is cut */
#define REASONS_MAX 16u

const char *table_level_code(enum table_level level)
{
    static const char *const codes[TABLE_LEVELS] = {"indicators", "years", "releases"};
    return codes[level];
}

const char *table_level_label(enum table_level level, bool swedish)
{
    static const struct dataset_text labels[TABLE_LEVELS] = {
        {"Indikatorer över tid", "Indicators over time"},
        {"Årssummor", "Sums of years"},
        {"Hela publiceringar", "Whole releases"}};
    return dataset_in(&labels[level], swedish);
}

void table_code(char out[static TABLE_CODE_BYTES], const struct cube *cube,
                const struct table_of *t)
{
    const struct cube_series *s = &cube->series[t->series];
    if (t->level != TABLE_RELEASES)
        (void)snprintf(out, TABLE_CODE_BYTES, "%s", cube->catalogue->indicators[t->indicator].code);
    else if (s->is_rollup)
        (void)snprintf(out, TABLE_CODE_BYTES, "%s-%s", s->periods[t->period].name,
                       ska_cadence_code(s->cadence));
    else
        (void)snprintf(out, TABLE_CODE_BYTES, "%s", s->periods[t->period].name);
}

/* Marks are for people's eyes on the release's page, and no statistics. */
static bool is_in(const struct cube *cube, const struct table_of *t, uint32_t cell)
{
    const struct cube_series *s = &cube->series[t->series];
    const struct ska_cell *c = &s->layout->cells[cell];
    if (c->kind == SKA_CELL_MARK)
        return false;
    if (t->level == TABLE_RELEASES)
        return !s->is_rollup || ska_layout_is_summed(s->layout, cell);
    return c->indicator == t->indicator;
}

/* Which -----------------------------------------------------------------------------------------
 */

static void list_series(struct table_of *at, size_t *n, const struct cube *cube, uint32_t series)
{
    const struct cube_series *s = &cube->series[series];
    enum table_level level = s->is_rollup ? TABLE_YEARS : TABLE_INDICATORS;
    for (uint32_t j = 0; j < s->layout->n_cells; j++)
        if (s->layout->cells[j].kind == SKA_CELL_TOTAL)
            at[(*n)++] = (struct table_of){level, series, s->layout->cells[j].indicator, 0};
    for (size_t i = 0; i < s->n; i++)
        if (s->periods[i].is_published)
            at[(*n)++] = (struct table_of){TABLE_RELEASES, series, SKA_NONE, i};
}

static int compare_tables(const void *a, const void *b)
{
    const struct table_of *left = a, *right = b;
    if (left->level != right->level)
        return (int)left->level - (int)right->level;
    if (left->indicator != right->indicator)
        return left->indicator < right->indicator ? -1 : 1;
    if (left->series != right->series)
        return left->series < right->series ? -1 : 1;
    return left->period < right->period ? -1 : left->period > right->period;
}

enum ska_status tables_list(struct table_of **out, size_t *n, const struct cube *cube)
{
    size_t room = 1;
    for (size_t s = 0; s < cube->n_series; s++)
        room += cube->series[s].n + cube->series[s].layout->n_cells;
    struct table_of *at = ska_alloc(room, sizeof *at);
    if (at == NULL)
        return SKA_E_MEMORY;
    *n = 0;
    for (uint32_t s = 0; s < cube->n_series; s++)
        list_series(at, n, cube, s);
    qsort(at, *n, sizeof *at, compare_tables);
    *out = at;
    return SKA_OK;
}

/* One ----------------------------------------------------------------------------------------- */

/* Periods of a table: all of its series, or its own. */
static void period_range(size_t *first, size_t *n, const struct cube *cube,
                         const struct table_of *t)
{
    *first = t->level == TABLE_RELEASES ? t->period : 0;
    *n = t->level == TABLE_RELEASES ? 1 : cube->series[t->series].n;
}

static void write_title(struct ska_writer *w, const struct cube *cube, const struct table_of *t)
{
    const struct cube_series *s = &cube->series[t->series];
    char text[2][TITLE_BYTES];
    for (int sv = 0; sv < 2; sv++) {
        const struct ska_catalogue *c = cube->catalogue;
        const struct ska_text *of =
            t->level == TABLE_RELEASES ? &c->title : &c->indicators[t->indicator].label;
        const char *label = sv != 0 ? of->sv : of->en;
        const char *sums = sv != 0 ? ", årssummor" : ", sums of the year";
        switch (t->level) {
        case TABLE_INDICATORS:
            (void)snprintf(text[sv], TITLE_BYTES,
                           sv != 0 ? "%s efter grupp, innehåll och tid"
                                   : "%s by group, content and time",
                           label);
            break;
        case TABLE_YEARS:
            (void)snprintf(text[sv], TITLE_BYTES,
                           sv != 0 ? "%s, årssummor, efter grupp, innehåll och år"
                                   : "%s, sums of years, by group, content and year",
                           label);
            break;
        case TABLE_RELEASES:
        case TABLE_LEVELS:
            (void)snprintf(text[sv], TITLE_BYTES,
                           sv != 0 ? "%s, %s%s, efter grupp och innehåll"
                                   : "%s, %s%s, by group and content",
                           label, s->periods[t->period].name, s->is_rollup ? sums : "");
            break;
        }
    }
    dataset_write_text(w, text[1], text[0]);
}

/* The day of the latest release among the periods. */
static void write_updated(struct ska_writer *w, const struct cube *cube, const struct table_of *t)
{
    const struct cube_series *s = &cube->series[t->series];
    uint64_t latest_s = 0;
    char day[RELEASE_DAY_TEXT_BYTES] = "";
    for (size_t i = 0; i < s->n && t->level != TABLE_RELEASES; i++)
        if (s->periods[i].is_published && s->periods[i].released_at_s > latest_s)
            latest_s = s->periods[i].released_at_s;
    if (latest_s > 0)
        release_day_text(day, latest_s);
    dataset_write_string(w, day);
}

static void write_reasons(struct ska_writer *w)
{
    uint8_t n = 0;
    while (n < REASONS_MAX && figures_reason((uint8_t)(n + 1))[0] != '\0')
        n++;
    ska_write_u8(w, n);
    for (uint8_t i = 1; i <= n; i++)
        dataset_write_string(w, figures_reason(i));
}

static void write_groups(struct ska_writer *w, const struct cube *cube)
{
    ska_write_u32(w, cube->n_blocks);
    for (uint32_t b = 0; b < cube->n_blocks; b++) {
        const struct cube_block *block = &cube->blocks[b];
        dataset_write_string(w, b == 0 ? "all" : block->code);
        dataset_write_text(w, block->label.sv, block->label.en);
        dataset_write_text(w, "", "");
    }
}

static void write_contents(struct ska_writer *w, const struct cube *cube, const struct table_of *t)
{
    const struct ska_layout *layout = cube->series[t->series].layout;
    uint32_t n = 0;
    for (uint32_t j = 0; j < layout->n_cells; j++)
        n += is_in(cube, t, j);
    ska_write_u32(w, n);
    for (uint32_t j = 0; j < layout->n_cells; j++) {
        char sv[NAME_BYTES], en[NAME_BYTES];
        const struct ska_cell *cell = &layout->cells[j];
        const struct ska_text *unit = &layout->catalogue->indicators[cell->indicator].unit;
        bool is_flag = cell->kind == SKA_CELL_ANSWERED;
        if (!is_in(cube, t, j))
            continue;
        ska_layout_cell_name(sv, sizeof sv, layout, j, true);
        ska_layout_cell_name(en, sizeof en, layout, j, false);
        dataset_write_string(w, cell->code);
        dataset_write_text(w, sv, en);
        dataset_write_text(w, is_flag ? "svarande" : unit->sv, is_flag ? "answering" : unit->en);
    }
}

static void write_times(struct ska_writer *w, const struct cube *cube, const struct table_of *t)
{
    size_t first, n;
    const struct cube_period *periods = cube->series[t->series].periods;
    period_range(&first, &n, cube, t);
    ska_write_u32(w, (uint32_t)n); /* at most CUBE_AXIS_MAX */
    for (size_t i = first; i < first + n; i++) {
        dataset_write_string(w, periods[i].name);
        dataset_write_text(w, periods[i].name, periods[i].name);
        dataset_write_text(w, "", "");
    }
    ska_write_u8(w, t->level != TABLE_RELEASES);
    for (size_t i = first; i < first + n && t->level != TABLE_RELEASES; i++) {
        char day[RELEASE_DAY_TEXT_BYTES] = "";
        if (periods[i].is_published)
            release_day_text(day, periods[i].released_at_s);
        dataset_write_string(w, day);
        ska_write_u32(w, periods[i].revision);
        ska_write_bytes(w, periods[i].bundle_sha256, sizeof periods[i].bundle_sha256);
    }
}

static uint8_t status_of(enum cube_status status)
{
    switch (status) {
    case CUBE_MISSING:
        return DATASET_MISSING;
    case CUBE_SHOWN:
        return DATASET_SHOWN;
    case CUBE_ROUNDED:
        return DATASET_ROUNDED;
    case CUBE_HIDDEN:
        return DATASET_HIDDEN;
    }
    return DATASET_MISSING;
}

static void write_figures(struct ska_writer *w, const struct cube *cube, const struct table_of *t)
{
    size_t first, n;
    const struct cube_series *s = &cube->series[t->series];
    period_range(&first, &n, cube, t);
    for (uint32_t b = 0; b < cube->n_blocks; b++)
        for (uint32_t j = 0; j < s->layout->n_cells; j++) {
            if (!is_in(cube, t, j))
                continue;
            for (size_t i = first; i < first + n; i++) {
                struct cube_figure f = cube_at(cube, s, i, b, j);
                ska_write_u8(w, status_of(f.status));
                ska_write_u8(w, figures_reason(f.reason)[0] != '\0' ? f.reason : 0);
                ska_write_u64(w, f.value);
            }
        }
}

enum ska_status table_encode(struct ska_writer *w, const struct cube *cube,
                             const struct table_of *t)
{
    const struct ska_text *source = &cube->catalogue->source;
    char code[TABLE_CODE_BYTES];
    table_code(code, cube, t);
    ska_write_bytes(w, DATASET_MARK, sizeof DATASET_MARK - 1);
    dataset_write_string(w, cube->collection);
    dataset_write_string(w, code);
    write_title(w, cube, t);
    dataset_write_text(w, source->sv != NULL ? source->sv : "",
                       source->en != NULL ? source->en : "");
    write_updated(w, cube, t);
    ska_write_u64(w, cube->policy.rounding);
    write_reasons(w);
    write_groups(w, cube);
    write_contents(w, cube, t);
    write_times(w, cube, t);
    write_figures(w, cube, t);
    return ska_writer_status(w);
}

/* A release --------------------------------------------------------------------------------------
 */

/* A cube with the blocks of the task and nothing in it. */
static enum ska_status begin_release(struct cube *cube, const struct ska_task *task)
{
    const struct ska_groups *groups = &task->parameters.groups;
    *cube =
        (struct cube){.catalogue = task->parameters.catalogue, .policy = task->parameters.policy};
    memcpy(cube->collection, task->parameters.collection, sizeof cube->collection);
    cube->blocks = ska_alloc(task->n_blocks, sizeof *cube->blocks);
    if (cube->blocks == NULL)
        return SKA_E_MEMORY;
    cube->n_blocks = task->n_blocks;
    SKA_TRY(cube_copy_text(&cube->blocks[0].label, "Alla", "All"));
    for (uint32_t g = 0; g < groups->n; g++) {
        memcpy(cube->blocks[g + 1].code, groups->at[g].code, sizeof cube->blocks[g + 1].code);
        SKA_TRY(cube_copy_text(&cube->blocks[g + 1].label, groups->at[g].sv, groups->at[g].en));
    }
    return SKA_OK;
}

enum ska_status table_of_release(struct dataset *out, const struct figures *f,
                                 const struct ska_task *task, bool is_year)
{
    const struct ska_parameters *parameters = &task->parameters;
    char name[SKA_PERIOD_MAX + 1];
    SKA_SCOPED(cube_clear) struct cube cube = {0};
    SKA_SCOPED(cube_period_clear) struct cube_period p = {0};
    struct cube_series *series = NULL;
    const struct table_of table = {TABLE_RELEASES, 0, SKA_NONE, 0};
    SKA_TRY(begin_release(&cube, task));
    (void)snprintf(name, sizeof name, is_year ? "%.4s" : "%s", parameters->period);
    SKA_TRY(cube_series_for(&series, &cube, parameters->cadence, is_year, NULL));
    SKA_TRY(cube_period_init(&p, name, cube.n_blocks, series->layout->n_cells, 0));
    for (uint32_t j = 0; j < f->n; j++)
        if (f->reason[j] != FIGURES_MISSING)
            p.figures[j] = cube_published(f, j, &parameters->policy, ska_figure_cell(task, j));
    SKA_TRY(cube_add(series, &p, NULL));
    return table_dataset(out, &cube, &table);
}

enum ska_status table_dataset(struct dataset *out, const struct cube *cube,
                              const struct table_of *t)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    uint8_t *bytes = NULL;
    size_t len = 0;
    SKA_TRY(table_encode(&w, cube, t));
    SKA_TRY(ska_writer_take(&bytes, &len, &w));
    return dataset_decode(out, bytes, len);
}
