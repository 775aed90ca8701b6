/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cube_world.h - a county's cube in memory, for tests of pages and data files.
 *
 * Quarters 2024Q1..2025Q4, of which 2024Q3 was never published; years 2024, 2025 added up from
 * them; the yearly indicator Y, 2024 and 2025. Blocks: all (8 contributors), NORR (4), SOD (4).
 *
 *     A   cases, by D (x, y, z) and by S (women, men); per 10,000 inhabitants
 *     B   meetings, may be blank
 *     C   plans; per 1,000 women
 *     Y   yearly, may be blank
 *
 * cube_world_value says what a shown figure is: no two are alike by chance alone, and categories
 * sum to their total. Hidden: y and z of D in 2024Q2 in all blocks; A in SOD in 2025Q1 with
 * everything below it; B in 2024Q4 (few). Rounded to 5: C in 2025Q3. Missing: the roll-up of C
 * and of B's answers.
 * Set further figures with cube_world_set.
 */
#ifndef SKA_TESTS_CUBE_WORLD_H
#define SKA_TESTS_CUBE_WORLD_H

#include "crypto/scoped.h"
#include "reports/data/cube.h"
#include "tests/test.h"

#define CUBE_WORLD_BLOCKS 3
#define CUBE_WORLD_CONTRIBUTORS 8

static const char cube_world_json[] =
    "{'skarva_catalogue': 1, 'id': 'jamtland', 'edition': '2025',"
    " 'title': {'sv': 'V\xC3\xA5ld i J\xC3\xA4mtlands l\xC3\xA4n', 'en': 'Violence in "
    "J\xC3\xA4mtland'},"
    " 'description': {'sv': 'Vad kommunerna r\xC3\xA4knar.', 'en': 'What the municipalities "
    "count.'},"
    " 'source': {'sv': '\xC3\x96verenskommelsen', 'en': 'The agreement'},"
    " 'dimensions': ["
    "  {'code': 'D', 'label': {'sv': 'slag, \\\"art\\\"', 'en': 'kind'}, 'categories': ["
    "    {'code': 'x', 'label': {'sv': 'ex', 'en': 'ex'}},"
    "    {'code': 'y', 'label': {'sv': 'yps', 'en': 'why'}},"
    "    {'code': 'z', 'label': {'sv': '\xC3\xB6vrigt', 'en': 'other'}}]},"
    "  {'code': 'S', 'label': {'sv': 'k\xC3\xB6n', 'en': 'sex'}, 'categories': ["
    "    {'code': 'K', 'label': {'sv': 'kvinnor', 'en': 'women'}},"
    "    {'code': 'M', 'label': {'sv': 'm\xC3\xA4n', 'en': 'men'}}]}],"
    " 'record_kinds': [{'code': 'fall', 'label': {'sv': 'fall', 'en': 'cases'}, 'columns': ["
    "    {'code': 'd', 'kind': 'category', 'dimension': 'D'},"
    "    {'code': 's', 'kind': 'category', 'dimension': 'S'}]}],"
    " 'indicators': ["
    "  {'code': 'A', 'label': {'sv': '\xC3\x84renden', 'en': 'Cases'},"
    "   'description': {'sv': '\xC3\x84renden som tagits upp.', 'en': 'Cases brought up.'},"
    "   'unit': {'sv': 'st', 'en': 'pcs'}, 'origin': 'ordered', 'cadence': 'quarter',"
    "   'sensitivity': 'case', 'bound': 1000, 'tables': ['D', 'S'], 'yearly': 'sum',"
    "   'count': {'records': 'fall'}},"
    "  {'code': 'B', 'label': {'sv': 'M\xC3\xB6ten', 'en': 'Meetings'},"
    "   'unit': {'sv': 'st', 'en': 'pcs'}, 'origin': 'derived', 'cadence': 'quarter',"
    "   'sensitivity': 'process', 'bound': 1000, 'may_be_blank': true,"
    "   'yearly': 'sum', 'count': {'records': 'fall'}},"
    "  {'code': 'C', 'label': {'sv': 'Planer', 'en': 'Plans'},"
    "   'unit': {'sv': 'st', 'en': 'pcs'}, 'origin': 'derived', 'cadence': 'quarter',"
    "   'sensitivity': 'case', 'bound': 1000, 'count': {'records': 'fall'}},"
    "  {'code': 'Y', 'label': {'sv': '\xC3\x85rets', 'en': 'Yearly'},"
    "   'unit': {'sv': 'st', 'en': 'pcs'}, 'origin': 'ordered', 'cadence': 'year',"
    "   'sensitivity': 'case', 'bound': 1000, 'may_be_blank': true,"
    "   'count': {'records': 'fall'}}]}";

/* Valid when zeroed. */
struct cube_world {
    struct cube cube;
    struct ska_catalogue *catalogue;
};

static inline void cube_world_clear(struct cube_world *w)
{
    cube_clear(&w->cube);
    ska_catalogue_free(w->catalogue);
    *w = (struct cube_world){0};
}

/* A catalogue's JSON in which ' stands for ". */
static inline struct ska_catalogue *cube_world_catalogue(const char *json)
{
    size_t len = strlen(json);
    char *text = malloc(len + 1);
    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i <= len; i++)
        text[i] = json[i] == '\'' ? '"' : json[i];
    struct ska_catalogue *catalogue = NULL;
    struct ska_error err = {0};
    enum ska_status got = ska_catalogue_parse(&catalogue, text, len, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
    free(text);
    return catalogue;
}

/* Series of a cadence and kind; fails the test if there is none. */
static inline struct cube_series *cube_world_series(struct cube_world *w, enum ska_cadence cadence,
                                                    bool is_rollup)
{
    for (size_t i = 0; i < w->cube.n_series; i++)
        if (w->cube.series[i].cadence == cadence && w->cube.series[i].is_rollup == is_rollup)
            return &w->cube.series[i];
    ck_abort_msg("no such series");
    return NULL;
}

static inline size_t cube_world_period(const struct cube_series *s, const char *name)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->periods[i].name, name) == 0)
            return i;
    ck_abort_msg("no period %s", name);
    return 0;
}

/* Set one figure by its codes. */
static inline void cube_world_set(struct cube_series *s, const char *period, uint32_t block,
                                  const char *cell, struct cube_figure figure)
{
    uint32_t j = ska_layout_find(s->layout, cell);
    size_t i = cube_world_period(s, period);
    ck_assert_uint_ne(j, SKA_NONE);
    ck_assert(s->periods[i].is_published);
    s->periods[i].figures[(size_t)block * s->layout->n_cells + j] = figure;
}

/* What a shown figure of a quarter (or of Y) is: 10..99 in a group, their sum in all. */
static inline uint64_t cube_world_value(const struct ska_layout *layout, uint32_t year,
                                        uint32_t part, uint32_t block, uint32_t cell)
{
    const struct ska_cell *c = &layout->cells[cell];
    if (block == 0)
        return cube_world_value(layout, year, part, 1, cell) +
               cube_world_value(layout, year, part, 2, cell);
    uint64_t total = 24 + (year * 7 + part * 5 + c->indicator * 11 + block * 3) % 60;
    if (c->kind == SKA_CELL_ANSWERED)
        return 4;
    if (c->kind == SKA_CELL_TOTAL)
        return total;
    uint64_t n = layout->catalogue->dimensions[c->dimension].n_categories;
    uint64_t first = total / 2; /* the first category has half, the others share the rest */
    if (c->category == 0)
        return first + (total - first) % (n - 1);
    return (total - first) / (n - 1);
}

/* A roll-up's figure is the sum of its year's quarters. */
static inline uint64_t cube_world_year_value(const struct ska_layout *layout, uint32_t year,
                                             uint32_t block, uint32_t cell)
{
    uint64_t sum = 0;
    for (uint32_t part = 1; part <= 4; part++)
        sum += cube_world_value(layout, year, part, block, cell);
    return sum;
}

static inline void cube_world_add(struct cube_world *w, enum ska_cadence cadence, bool is_rollup,
                                  const char *name, uint64_t released_at_s)
{
    struct cube_series *s = NULL;
    struct cube_period p;
    ck_assert_status(cube_series_for(&s, &w->cube, cadence, is_rollup, NULL), SKA_OK);
    ck_assert_status(
        cube_period_init(&p, name, CUBE_WORLD_BLOCKS, s->layout->n_cells, CUBE_WORLD_CONTRIBUTORS),
        SKA_OK);
    static const char *const names[CUBE_WORLD_CONTRIBUTORS] = {"Ragunda kommun",
                                                               ("Br\xC3\xA4"
                                                                "cke kommun"),
                                                               "Krokoms kommun",
                                                               "Str\xC3\xB6msunds kommun",
                                                               "\xC3\x85re kommun",
                                                               "Bergs kommun",
                                                               "H\xC3\xA4rjedalens kommun",
                                                               "\xC3\x96stersunds kommun"};
    for (uint32_t i = 0; i < CUBE_WORLD_CONTRIBUTORS; i++) {
        (void)snprintf(p.contributors[i], sizeof p.contributors[i], "%s", names[i]);
        p.is_counted[i] = true;
    }
    p.n_counted = CUBE_WORLD_CONTRIBUTORS;
    p.released_at_s = released_at_s;
    p.window_start_s = released_at_s - UINT64_C(30) * 86400;
    p.window_duration_s = UINT64_C(20) * 86400;
    memset(p.bundle_sha256, (int)(p.year % 100 + p.part), sizeof p.bundle_sha256);
    for (uint32_t b = 0; b < CUBE_WORLD_BLOCKS; b++) {
        p.n_counted_in[b] = b == 0 ? 8 : 4;
        for (uint32_t j = 0; j < s->layout->n_cells; j++)
            p.figures[(size_t)b * s->layout->n_cells + j] =
                (struct cube_figure){CUBE_SHOWN, 0,
                                     is_rollup ? cube_world_year_value(s->layout, p.year, b, j)
                                               : cube_world_value(s->layout, p.year, p.part, b, j)};
    }
    ck_assert_status(cube_add(s, &p, NULL), SKA_OK);
}

static inline void cube_world_hide(struct cube_world *w)
{
    static const char *const below_a[] = {"A", "A.D.x", "A.D.y", "A.D.z", "A.S.K", "A.S.M"};
    const struct cube_figure small = {CUBE_HIDDEN, SKA_HIDDEN_SMALL, 0};
    const struct cube_figure few = {CUBE_HIDDEN, SKA_HIDDEN_FEW, 0};
    const struct cube_figure dependent = {CUBE_HIDDEN, SKA_HIDDEN_DEPENDENT, 0};
    const struct cube_figure complement = {CUBE_HIDDEN, SKA_HIDDEN_COMPLEMENT, 0};
    struct cube_series *q = cube_world_series(w, SKA_QUARTER, false);
    struct cube_series *sums = cube_world_series(w, SKA_QUARTER, true);
    for (uint32_t b = 0; b < CUBE_WORLD_BLOCKS; b++) {
        cube_world_set(q, "2024Q2", b, "A.D.y", small);
        cube_world_set(q, "2024Q2", b, "A.D.z", complement);
        cube_world_set(q, "2024Q4", b, "B", dependent);
        cube_world_set(q, "2024Q4", b, "B.answered", few);
        uint64_t exact = cube_world_value(q->layout, 2025, 3, b, ska_layout_find(q->layout, "C"));
        cube_world_set(q, "2025Q3", b, "C",
                       (struct cube_figure){CUBE_ROUNDED, 0, (exact + 2) / 5 * 5});
        cube_world_set(sums, "2024", b, "B.answered", (struct cube_figure){0});
        cube_world_set(sums, "2025", b, "B.answered", (struct cube_figure){0});
        cube_world_set(sums, "2024", b, "C", (struct cube_figure){0});
        cube_world_set(sums, "2025", b, "C", (struct cube_figure){0});
    }
    for (size_t i = 0; i < N_OF(below_a); i++)
        cube_world_set(q, "2025Q1", 2, below_a[i], i == 0 ? small : dependent);
}

static inline void cube_world_text(struct ska_text *out, const char *sv, const char *en)
{
    out->sv = strdup(sv);
    out->en = strdup(en);
    ck_assert(out->sv != NULL && out->en != NULL);
}

static inline void cube_world_populations(struct cube *cube)
{
    static const uint64_t all[2][CUBE_WORLD_BLOCKS] = {{132054, 41000, 91054},
                                                       {132708, 40708, 92000}};
    cube->n_populations = 2;
    cube->populations = ska_alloc(2, sizeof *cube->populations);
    ck_assert_ptr_nonnull(cube->populations);
    for (uint32_t i = 0; i < 2; i++) {
        struct cube_population *p = &cube->populations[i];
        p->year = 2024 + i;
        (void)snprintf(p->date, sizeof p->date, "%u-12-31", p->year);
        cube_world_text(&p->source, "Statistiska centralbyr\xC3\xA5n", "Statistics Sweden");
        p->all = ska_alloc(CUBE_WORLD_BLOCKS, sizeof *p->all);
        p->women = ska_alloc(CUBE_WORLD_BLOCKS, sizeof *p->women);
        ck_assert(p->all != NULL && p->women != NULL);
        for (uint32_t b = 0; b < CUBE_WORLD_BLOCKS; b++) {
            p->all[b] = all[i][b];
            p->women[b] = all[i][b] / 2;
        }
    }
}

static inline void cube_world_blocks(struct cube *cube)
{
    cube->n_blocks = CUBE_WORLD_BLOCKS;
    cube->blocks = ska_alloc(CUBE_WORLD_BLOCKS, sizeof *cube->blocks);
    ck_assert_ptr_nonnull(cube->blocks);
    cube->blocks[0] = (struct cube_block){.n_members = 8, .tile_x = -1, .tile_y = -1};
    cube->blocks[1] = (struct cube_block){.code = "NORR", .n_members = 4, .tile_x = 0};
    cube->blocks[2] = (struct cube_block){.code = "SOD", .n_members = 4, .tile_x = 0, .tile_y = 1};
    cube_world_text(&cube->blocks[0].label, "Alla", "All");
    cube_world_text(&cube->blocks[1].label, "Norra l\xC3\xA4net", "The north");
    cube_world_text(&cube->blocks[2].label,
                    "S\xC3\xB6"
                    "dra l\xC3\xA4net",
                    "The south");
}

/* Days after 1970-01-01 of 2024-04-20, then a quarter later each. */
#define CUBE_WORLD_DAY_S(quarter) ((UINT64_C(19833) + UINT64_C(91) * (quarter)) * 86400)

static inline void cube_world_new(struct cube_world *w)
{
    *w = (struct cube_world){.catalogue = cube_world_catalogue(cube_world_json)};
    struct cube *cube = &w->cube;
    *cube = (struct cube){.collection = "jamtland",
                          .catalogue = w->catalogue,
                          .policy = {.min_contributors = 3, .threshold = 5, .show_zero = true}};
    cube_world_blocks(cube);
    cube->rates = ska_alloc(w->catalogue->n_indicators, sizeof *cube->rates);
    ck_assert_ptr_nonnull(cube->rates);
    cube->rates[0] = (struct cube_rate){CUBE_ALL, 10000};
    cube->rates[2] = (struct cube_rate){CUBE_WOMEN, 1000};
    for (uint32_t year = 2024; year <= 2025; year++) {
        char name[SKA_PERIOD_MAX + 1];
        for (uint32_t part = 1; part <= 4; part++) {
            (void)snprintf(name, sizeof name, "%uQ%u", year, part);
            if (year != 2024 || part != 3)
                cube_world_add(w, SKA_QUARTER, false, name,
                               CUBE_WORLD_DAY_S(4 * (year - 2024) + part - 1));
        }
        (void)snprintf(name, sizeof name, "%u", year);
        cube_world_add(w, SKA_QUARTER, true, name, CUBE_WORLD_DAY_S(4 * (year - 2024) + 3));
        cube_world_add(w, SKA_YEAR, false, name, CUBE_WORLD_DAY_S(4 * (year - 2024) + 3));
    }
    ck_assert_status(cube_finish(cube), SKA_OK);
    cube_world_hide(w);
    cube_world_populations(cube);
}

#endif
