/* SPDX-License-Identifier: EUPL-1.2 */
/* cube_load.c - the model of what is published, from the publisher's folder. */
#include "reports/data/cube.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/announce.h"
#include "reports/data/figures.h"
#include "reports/data/population.h"
#include "reports/data/release_day.h"
#include "reports/home.h"
#include "reports/period.h"
#include "support/file.h"

#define FIGURES_BYTES_MAX ((size_t)16 << 20)
#define SIGNED_BYTES_MAX (SKA_PARAMETERS_BYTES_MAX + 4096u)
#define SUPPRESSION_BYTES_MAX ((size_t)16 << 20)

SKA_DEFINE_RELEASE(DIR *, dir_release, (void)closedir)

static enum ska_status fail_format(struct ska_error *err, const char *folder, const char *name)
{
    return ska_fail(err, SKA_E_FORMAT, "%s/%s: %s", folder, name, ska_status_text(SKA_E_FORMAT));
}

static enum ska_status read_file(uint8_t **data, size_t *len, const char *folder, const char *name,
                                 size_t max, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(folder, name);
    return path != NULL ? file_read(data, len, path, max, err) : SKA_E_MEMORY;
}

/* The parameters that all three signed. Their signatures were checked when they were kept. */
static enum ska_status read_parameters(struct ska_parameters *out, const char *folder,
                                       struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    struct ska_signed_parameters s;
    SKA_TRY(read_file(&data, &len, folder, "signed", SIGNED_BYTES_MAX, err));
    if (ska_signed_parameters_decode(&s, (struct ska_slice){data, len}) != SKA_OK)
        return fail_format(err, folder, "signed");
    return ska_parameters_decode(out, s.parameters, err);
}

/* Whose submissions count, from the list that both aggregators signed. */
static enum ska_status read_accepted(struct cube_period *p, const char *folder,
                                     struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    SKA_SCOPED(ska_accepted_clear) struct ska_accepted list = {0};
    size_t len = 0;
    struct ska_signed_accepted s;
    SKA_TRY(read_file(&data, &len, folder, "accepted", SKA_ACCEPTED_BYTES_MAX, err));
    if (ska_signed_accepted_decode(&s, (struct ska_slice){data, len}) != SKA_OK ||
        ska_accepted_decode(&list, s.list) != SKA_OK)
        return fail_format(err, folder, "accepted");
    for (uint32_t i = 0; i < list.n; i++) {
        if (!ska_accepted_is_counted(&list, i))
            continue;
        if (list.at[i].contributor >= p->n_roster)
            return fail_format(err, folder, "accepted");
        p->is_counted[list.at[i].contributor] = true;
        p->n_counted++;
    }
    return SKA_OK;
}

/* Why figures are hidden: the file "suppression" knows; "figures" says only that they are. */
static enum ska_status read_reasons(struct figures *f, const char *folder, uint32_t first,
                                    struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression hidden = {0};
    size_t len = 0;
    SKA_TRY(read_file(&data, &len, folder, "suppression", SUPPRESSION_BYTES_MAX, err));
    if (ska_suppression_decode(&hidden, (struct ska_slice){data, len}) != SKA_OK)
        return fail_format(err, folder, "suppression");
    /* Figures of differences between blocks come last; nobody publishes them. */
    for (uint32_t i = 0; i < hidden.n; i++) {
        uint32_t figure = hidden.at[i].figure;
        if (figure < first || figure - first >= f->n)
            continue;
        if (f->reason[figure - first] == 0)
            return fail_format(err, folder, "suppression");
        f->reason[figure - first] = (uint8_t)hidden.at[i].reason;
    }
    return SKA_OK;
}

/* The cube's block of a code, "" for all; SKA_NONE if it has none. */
static uint32_t find_block(const struct cube *cube, const char *code)
{
    for (uint32_t b = 0; b < cube->n_blocks; b++)
        if (strcmp(cube->blocks[b].code, code) == 0)
            return b;
    return SKA_NONE;
}

/* What a block of the period has, to the block of the same code. */
static void take_block(struct cube_period *p, uint32_t to, const struct figures *f, uint32_t block,
                       const struct ska_layout *layout, const struct ska_parameters *parameters)
{
    for (uint32_t i = 0; i < p->n_roster; i++)
        p->n_counted_in[to] += p->is_counted[i] && ska_groups_has(&parameters->groups, block, i);
    for (uint32_t cell = 0; cell < layout->n_cells; cell++) {
        uint32_t j = block * layout->n_cells + cell;
        if (f->reason[j] == FIGURES_MISSING)
            continue;
        p->figures[to * layout->n_cells + cell] =
            cube_published(f, j, &parameters->policy, &layout->cells[cell]);
    }
}

/* From a file like "figures"; is_year: of the roll-up, whose hidden ones come behind in the list.
 */
static enum ska_status read_figures(struct cube_period *p, const struct cube *cube,
                                    const char *folder, bool is_year,
                                    const struct ska_layout *layout,
                                    const struct ska_parameters *parameters, struct ska_error *err)
{
    const char *file = is_year ? "year-figures" : "figures";
    const struct ska_groups *groups = &parameters->groups;
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    SKA_SCOPED(figures_clear) struct figures f = {0};
    size_t len = 0;
    SKA_TRY(read_file(&data, &len, folder, file, FIGURES_BYTES_MAX, err));
    if (figures_decode(&f, (struct ska_slice){data, len}, layout, groups) != SKA_OK)
        return fail_format(err, folder, file);
    SKA_TRY(read_reasons(&f, folder, is_year ? f.n : 0, err));
    figures_tell_whole(&f, layout);
    for (uint32_t block = 0; block <= groups->n; block++) {
        uint32_t to = find_block(cube, block == 0 ? "" : groups->at[block - 1].code);
        if (to != SKA_NONE)
            take_block(p, to, &f, block, layout, parameters);
    }
    return SKA_OK;
}

static void take_parameters(struct cube_period *p, const struct ska_parameters *parameters)
{
    p->revision = parameters->revision;
    p->window_start_s = parameters->window_start_s;
    p->window_duration_s = parameters->window_duration_s;
    for (uint32_t i = 0; parameters->roster.at != NULL && i < p->n_roster; i++)
        memcpy(p->contributors[i], parameters->roster.at[i].name, sizeof p->contributors[i]);
}

static enum ska_status load_period(struct cube_period *p, const struct cube *cube,
                                   const struct ska_parameters *parameters,
                                   const struct ska_layout *layout, const char *folder,
                                   bool is_year, struct ska_error *err)
{
    struct release_day released;
    SKA_SCOPED(ska_scoped_free) char *proof = file_join(folder, ANNOUNCE_PROOF_FILE);
    if (proof == NULL)
        return SKA_E_MEMORY;
    p->has_proof = file_exists(proof);
    take_parameters(p, parameters);
    SKA_TRY(read_accepted(p, folder, err));
    SKA_TRY(read_figures(p, cube, folder, is_year, layout, parameters, err));
    SKA_TRY(release_day_read(&released, folder, err));
    p->released_at_s = released.day_s;
    p->number = released.place.number;
    memcpy(p->bundle_sha256, released.bundle_sha256, sizeof p->bundle_sha256);
    return SKA_OK;
}

/* Policy of the latest window; `newest_s` is its start. */
static void keep_policy(struct cube *cube, uint64_t *newest_s, const struct ska_parameters *p)
{
    if (p->window_start_s < *newest_s)
        return;
    *newest_s = p->window_start_s;
    cube->policy = p->policy;
}

/* Whether a later revision of the period is published, so that this one is history. Revisions are
 * numbered without gaps. */
static enum ska_status is_corrected(bool *out, const char *periods, const char *base,
                                    uint32_t revision)
{
    *out = false;
    for (uint32_t r = revision + 1; r <= SKA_REVISION_MAX && !*out; r++) {
        char name[PERIOD_NAME_MAX + 1];
        period_name(name, base, r);
        SKA_SCOPED(ska_scoped_free) char *figures = home_path(periods, name, "figures");
        SKA_SCOPED(ska_scoped_free) char *parameters = home_path(periods, name, "parameters");
        if (figures == NULL || parameters == NULL)
            return SKA_E_MEMORY;
        *out = file_exists(figures);
        if (!file_exists(parameters))
            return SKA_OK;
    }
    return SKA_OK;
}

/* Of two roll-ups of a year the one released last counts. */
static enum ska_status put_year(struct cube_series *series, struct cube_period *p,
                                struct ska_error *err)
{
    for (size_t i = 0; i < series->n; i++) {
        struct cube_period *before = &series->periods[i];
        if (strcmp(before->name, p->name) != 0)
            continue;
        if (before->number < p->number) {
            struct cube_period kept = *before;
            *before = *p;
            *p = kept; /* the caller clears it */
        }
        return SKA_OK;
    }
    return cube_add(series, p, err);
}

/* Add the roll-up that a release carries, if it does. */
static enum ska_status add_year(struct cube *cube, const struct ska_parameters *parameters,
                                const char *folder, const char *base, uint32_t revision,
                                struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *figures = file_join(folder, "year-figures");
    SKA_SCOPED(cube_period_clear) struct cube_period p = {0};
    struct cube_series *series = NULL;
    char year[5] = "";
    if (figures == NULL)
        return SKA_E_MEMORY;
    if (!file_exists(figures))
        return SKA_OK;
    memcpy(year, base, 4);
    SKA_TRY(cube_series_for(&series, cube, parameters->cadence, true, err));
    SKA_TRY(
        cube_period_init(&p, year, cube->n_blocks, series->layout->n_cells, parameters->roster.n));
    period_name(p.release, base, revision);
    SKA_TRY(load_period(&p, cube, parameters, series->layout, folder, true, err));
    return put_year(series, &p, err);
}

/* Add the period of this name, if it is published and not corrected since. */
static enum ska_status add_period(struct cube *cube, uint64_t *newest_s, const char *periods,
                                  const char *name, struct ska_error *err)
{
    enum ska_cadence cadence;
    uint32_t year, part, revision = 0;
    char base[SKA_PERIOD_MAX + 1];
    bool is_history = false;
    SKA_SCOPED(ska_scoped_free) char *folder = file_join(periods, name);
    SKA_SCOPED(ska_scoped_free) char *figures = home_path(periods, name, "figures");
    SKA_SCOPED(ska_parameters_clear) struct ska_parameters parameters = {0};
    SKA_SCOPED(cube_period_clear) struct cube_period p = {0};
    struct cube_series *series = NULL;
    if (folder == NULL || figures == NULL)
        return SKA_E_MEMORY;
    if (!period_split(base, &revision, name) || !file_exists(figures))
        return SKA_OK;
    SKA_TRY(is_corrected(&is_history, periods, base, revision));
    if (is_history)
        return SKA_OK;
    SKA_TRY(ska_period_parse(&cadence, &year, &part, base));
    SKA_TRY(read_parameters(&parameters, folder, err));
    uint32_t n_roster = parameters.roster.n;
    SKA_TRY(cube_series_for(&series, cube, cadence, false, err));
    SKA_TRY(cube_period_init(&p, base, cube->n_blocks, series->layout->n_cells, n_roster));
    period_name(p.release, base, revision);
    SKA_TRY(load_period(&p, cube, &parameters, series->layout, folder, false, err));
    keep_policy(cube, newest_s, &parameters);
    SKA_TRY(cube_add(series, &p, err));
    return add_year(cube, &parameters, folder, base, revision, err);
}

static enum cube_people people_of(enum ska_population population)
{
    switch (population) {
    case SKA_POPULATION_NONE:
        return CUBE_NOBODY;
    case SKA_POPULATION_ALL:
        return CUBE_ALL;
    case SKA_POPULATION_WOMEN:
        return CUBE_WOMEN;
    case SKA_POPULATION_MEN:
        return CUBE_MEN;
    }
    return CUBE_NOBODY;
}

/* Inhabitants of each block: of those on the roster of now. */
static enum ska_status read_populations(struct cube *cube, const struct collection *c,
                                        struct ska_error *err)
{
    size_t n = c->roster.n;
    SKA_SCOPED(ska_scoped_free)
    struct population_members *members = ska_alloc(cube->n_blocks, sizeof *members);
    SKA_SCOPED(ska_scoped_free) const char **codes = ska_alloc(cube->n_blocks * n, sizeof *codes);
    if (members == NULL || codes == NULL)
        return SKA_E_MEMORY;
    for (uint32_t b = 0; b < cube->n_blocks; b++) {
        members[b].codes = codes + b * n;
        for (uint32_t i = 0; i < n; i++)
            if (ska_groups_has(&c->groups.groups, b, i))
                codes[b * n + members[b].n++] = c->roster.at[i].code;
    }
    return population_load(cube, c, members, err);
}

static enum ska_status name_blocks(struct cube *cube, const struct collection *c)
{
    cube->blocks[0] = (struct cube_block){.n_members = c->roster.n, .tile_x = -1, .tile_y = -1};
    SKA_TRY(cube_copy_text(&cube->blocks[0].label, "Alla", "All"));
    for (uint32_t g = 0; g < c->groups.groups.n; g++) {
        const struct ska_group *group = &c->groups.groups.at[g];
        struct cube_block *block = &cube->blocks[g + 1];
        memcpy(block->code, group->code, sizeof block->code);
        block->n_members = group->n_members;
        block->tile_x = c->groups.tiles[g][0];
        block->tile_y = c->groups.tiles[g][1];
        SKA_TRY(cube_copy_text(&block->label, group->sv, group->en));
    }
    return SKA_OK;
}

/* The blocks and what is known before any period is read. */
static enum ska_status begin(struct cube *cube, const struct collection *c)
{
    *cube = (struct cube){.catalogue = c->catalogue, .policy = c->policy};
    memcpy(cube->collection, c->name, sizeof cube->collection);
    cube->rates = ska_alloc(c->catalogue->n_indicators, sizeof *cube->rates);
    cube->n_blocks = c->groups.groups.n + 1;
    cube->blocks = ska_alloc(cube->n_blocks, sizeof *cube->blocks);
    if (cube->rates == NULL || cube->blocks == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < c->catalogue->n_indicators; i++)
        cube->rates[i] = (struct cube_rate){people_of(c->catalogue->indicators[i].population),
                                            c->catalogue->indicators[i].per};
    return name_blocks(cube, c);
}

enum ska_status cube_load(struct cube *cube, const struct collection *c, struct ska_error *err)
{
    uint64_t newest_s = 0;
    SKA_TRY(begin(cube, c));
    SKA_TRY(read_populations(cube, c, err));
    SKA_SCOPED(ska_scoped_free) char *periods = file_join(c->folder, "periods");
    if (periods == NULL)
        return SKA_E_MEMORY;
    SKA_SCOPED(dir_release) DIR *dir = opendir(periods);
    if (dir == NULL)
        return ska_fail(err, SKA_E_FILE, "%s: %s", periods, ska_status_text(SKA_E_FILE));
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (entry->d_name[0] != '.')
            SKA_TRY(add_period(cube, &newest_s, periods, entry->d_name, err));
    return cube_finish(cube);
}
