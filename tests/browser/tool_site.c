/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_site.c - a site of eight years of quarters with groups, made up from a seed, for the tests
 * in a browser and for looking at:
 *
 *     tool_site CATALOGUE.json OUT [first | hidden | corrected]
 *
 * writes the pages into OUT, and OUT/truth.json, what every figure and every number of inhabitants
 * is, for the tests to compare the pages with. The contributors are those of demo/contributors.csv;
 * their figures are nobody's. The other sites: of the first quarter alone; of two years in which
 * everything is hidden; of a year whose last quarter was corrected, and the two before.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/pages/page_split.h"
#include "reports/pages/site.h"
#include "support/file.h"

#define FIRST_YEAR 2018
#define YEARS 8
#define N_BLOCKS 4
#define N_ROSTER 10
#define CUT_PERIOD "2025Q3" /* its page is cut as if it were heavier */
#define CUT_BYTES 30000
#define CUT_DATA_BYTES 20000 /* the page of data files, likewise */

struct contributor {
    const char *name;
    uint32_t block;
    uint64_t weight;      /* how much it has to do with */
    uint64_t inhabitants; /* 2024-11-01, Statistics Sweden; 0: no municipality */
};
static const char *variant = ""; /* the third word */

static bool is_variant(const char *name)
{
    return strcmp(variant, name) == 0;
}

static const struct contributor roster[N_ROSTER] = {
    {"Ragunda kommun", 1, 5150, 5150},       {"Bräcke kommun", 2, 6037, 6037},
    {"Krokoms kommun", 1, 15702, 15702},     {"Strömsunds kommun", 1, 10995, 10995},
    {"Åre kommun", 1, 12626, 12626},         {"Bergs kommun", 2, 7101, 7101},
    {"Härjedalens kommun", 2, 10120, 10120}, {"Östersunds kommun", 3, 64977, 64977},
    {"Polisområde Jämtland", 3, 14000, 0},   {"Region Jämtland Härjedalen", 3, 22000, 0}};

static const struct {
    const char *code, *sv, *en;
    int32_t x, y;
} groups[N_BLOCKS] = {{"", "Alla", "All", -1, -1},
                      {"NORR", "Norra länsdelen", "Northern part", 0, 0},
                      {"SODER", "Södra länsdelen", "Southern part", 0, 1},
                      {"CENTRUM", "Östersund och myndigheter", "Östersund and authorities", 1, 0}};

static void give_up(const char *what, enum ska_status status)
{
    if (status == SKA_OK)
        return;
    fprintf(stderr, "tool_site: %s: %s\n", what, ska_status_text(status));
    exit(1);
}

static void *must(void *pointer)
{
    if (pointer == NULL)
        give_up("memory", SKA_E_MEMORY);
    return pointer;
}

/* Chance --------------------------------------------------------------------------------------- */

static uint64_t state = 20180101;

static uint64_t draw(uint64_t below)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (state >> 33) % below;
}

/* About a Poisson number: the sum of many small chances. `mean` in hundredths. */
static uint64_t count_about(uint64_t mean)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < 200; i++)
        n += draw(20000) < mean;
    return n;
}

/* Figures -------------------------------------------------------------------------------------- */

/* The mean of a contributor's total in a quarter, in hundredths. Rises slowly, dips in summer;
 * indicators have sizes of their own; a jump after 2023 in the third. */
static uint64_t mean_of(const struct contributor *c, uint32_t indicator, uint32_t year,
                        uint32_t part)
{
    static const uint64_t sizes[] = {60, 52, 24, 31, 60, 28, 42, 22, 9, 12, 70, 40, 20};
    uint64_t since = 4 * (year - FIRST_YEAR) + part;
    uint64_t mean = c->weight * sizes[indicator % 13] / 1000 * (70 + since) / 100;
    if (part == 3)
        mean = mean * 80 / 100;
    if (indicator == 3 && year >= 2025)
        mean = mean * 140 / 100;
    return mean < 20000 ? mean : 19000;
}

/* All cells of one contributor and period, added to the blocks it is in. */
static void add_contributor(struct cube_period *p, const struct ska_layout *l,
                            const struct contributor *c)
{
    static const uint64_t shares[] = {46, 24, 12, 8, 5, 3, 2};
    uint32_t n = l->n_cells;
    SKA_SCOPED(ska_scoped_free) uint64_t *x = must(ska_alloc(n, sizeof *x));
    for (uint32_t j = 0; j < n; j++)
        if (l->cells[j].kind == SKA_CELL_TOTAL) {
            x[j] = count_about(mean_of(c, l->cells[j].indicator, p->year, p->part));
            if (l->cells[j].flag != SKA_NONE)
                x[l->cells[j].flag] = 1;
        }
    for (uint32_t t = 0; t < l->n_tables; t++) {
        const struct ska_table *table = &l->tables[t];
        for (uint64_t i = 0; i < x[table->total]; i++) {
            uint64_t at = draw(100), k = 0;
            for (uint64_t sum = shares[0]; k + 1 < table->n_categories && k < 6 && at >= sum;)
                sum += shares[++k];
            x[table->first + k]++;
            if (table->multiple_response && draw(4) == 0)
                x[table->first + (k + 1) % table->n_categories]++;
        }
        for (uint32_t k = 0; table->multiple_response && k < table->n_categories; k++)
            if (x[table->first + k] > x[table->total])
                x[table->first + k] = x[table->total];
    }
    for (uint32_t j = 0; j < n; j++) {
        p->figures[j].value += x[j];
        p->figures[(size_t)c->block * n + j].value += x[j];
    }
}

static void hide(struct cube_figure *f, uint8_t reason)
{
    *f = (struct cube_figure){CUBE_HIDDEN, reason, 0};
}

/* Small figures, and a second one where a sum would tell the first. Good enough to look at; it is
 * not the rule of the program. */
static void protect(struct cube_period *p, const struct ska_layout *l, uint32_t block)
{
    struct cube_figure *f = &p->figures[(size_t)block * l->n_cells];
    for (uint32_t j = 0; j < l->n_cells; j++) {
        f[j].status = CUBE_SHOWN;
        if (l->cells[j].kind != SKA_CELL_ANSWERED && f[j].value > 0 && f[j].value < 5)
            hide(&f[j], SKA_HIDDEN_SMALL);
    }
    for (uint32_t t = 0; t < l->n_tables; t++) {
        const struct ska_table *table = &l->tables[t];
        struct cube_figure *part = &f[table->first], *other = NULL;
        uint32_t n_hidden = 0;
        for (uint32_t k = 0; k < table->n_categories; k++) {
            n_hidden += part[k].status == CUBE_HIDDEN;
            if (part[k].status == CUBE_SHOWN && part[k].value > 0 &&
                (other == NULL || part[k].value < other->value))
                other = &part[k];
        }
        for (uint32_t k = 0; f[table->total].status == CUBE_HIDDEN && k < table->n_categories; k++)
            hide(&part[k], SKA_HIDDEN_DEPENDENT);
        if (n_hidden == 1 && !table->multiple_response && other != NULL)
            hide(other, SKA_HIDDEN_COMPLEMENT);
    }
}

static void add_period(struct cube *cube, enum ska_cadence cadence, uint32_t year, uint32_t part)
{
    struct cube_series *s = NULL;
    struct cube_period p;
    char name[SKA_PERIOD_MAX + 1];
    (void)snprintf(name, sizeof name, cadence == SKA_YEAR ? "%" PRIu32 : "%" PRIu32 "Q%" PRIu32,
                   year, part);
    enum ska_status status = cube_series_for(&s, cube, cadence, false, NULL);
    if (status == SKA_E_NOT_FOUND)
        return; /* the catalogue has no such indicator */
    give_up(name, status);
    give_up(name, cube_period_init(&p, name, N_BLOCKS, s->layout->n_cells, N_ROSTER));
    p.window_start_s = (UINT64_C(17532) + UINT64_C(365) * (year - FIRST_YEAR) + 91 * part) * 86400;
    p.window_duration_s = UINT64_C(20) * 86400;
    p.released_at_s = p.window_start_s + UINT64_C(27) * 86400;
    p.revision = year == 2023 && part == 2 ? 1 : 0;
    memset(p.bundle_sha256, (int)(year + part) & 0xff, sizeof p.bundle_sha256);
    for (uint32_t i = 0; i < N_ROSTER; i++) {
        (void)snprintf(p.contributors[i], sizeof p.contributors[i], "%s", roster[i].name);
        p.is_counted[i] = !(i == 5 && year == 2024 && part == 4) && !(i == 0 && year == 2021);
        if (!p.is_counted[i])
            continue;
        p.n_counted++;
        p.n_counted_in[0]++;
        p.n_counted_in[roster[i].block]++;
        add_contributor(&p, s->layout, &roster[i]);
    }
    for (uint32_t b = 0; b < N_BLOCKS; b++)
        protect(&p, s->layout, b);
    for (size_t i = 0; is_variant("hidden") && i < (size_t)N_BLOCKS * s->layout->n_cells; i++)
        hide(&p.figures[i], SKA_HIDDEN_FEW);
    if (is_variant("corrected") && year == 2025 && part == 4) {
        p.revision = 1;
        (void)snprintf(p.release, sizeof p.release, "%s.r1", name);
    }
    give_up(name, cube_add(s, &p, NULL));
}

/* A year added up from its quarters: here, of the figures that are shown in all of them. */
static void add_year(struct cube *cube, uint32_t year)
{
    struct cube_series *q = NULL, *sums = NULL;
    struct cube_period p;
    char name[SKA_PERIOD_MAX + 1];
    (void)snprintf(name, sizeof name, "%" PRIu32, year);
    enum ska_status status = cube_series_for(&sums, cube, SKA_QUARTER, true, NULL);
    if (status == SKA_E_NOT_FOUND)
        return; /* nothing is collected by quarter */
    give_up(name, status);
    give_up(name, cube_series_for(&q, cube, SKA_QUARTER, false, NULL));
    uint32_t n = q->layout->n_cells;
    give_up(name, cube_period_init(&p, name, N_BLOCKS, n, N_ROSTER));
    for (size_t i = 0; i < (size_t)N_BLOCKS * n; i++) {
        uint32_t shown = 0;
        uint64_t sum = 0;
        const struct ska_cell *cell = &q->layout->cells[i % n];
        for (size_t t = 0; t < q->n; t++)
            if (q->periods[t].year == year && q->periods[t].figures[i].status == CUBE_SHOWN) {
                shown++;
                sum += q->periods[t].figures[i].value;
            }
        if (cell->kind == SKA_CELL_ANSWERED || cell->indicator == 1)
            continue; /* persons of a quarter cannot be added up */
        if (shown == 4)
            p.figures[i] = (struct cube_figure){CUBE_SHOWN, 0, sum};
        else
            hide(&p.figures[i], SKA_HIDDEN_COMPLEMENT);
    }
    give_up(name, cube_add(sums, &p, NULL));
}

static char *copy(const char *text)
{
    size_t n = strlen(text) + 1;
    char *made = must(malloc(n));
    memcpy(made, text, n);
    return made;
}

static void set_population(struct cube *cube, uint32_t at, uint32_t year)
{
    struct cube_population *p = &cube->populations[at];
    p->year = year;
    (void)snprintf(p->date, sizeof p->date, "%" PRIu32 "-11-01", year);
    p->source.sv = copy("Statistiska centralbyrån, folkmängd");
    p->source.en = copy("Statistics Sweden, population");
    p->all = must(ska_alloc(N_BLOCKS, sizeof *p->all));
    for (uint32_t i = 0; i < N_ROSTER; i++) {
        uint64_t n = roster[i].inhabitants - roster[i].inhabitants * (2024 - year) / 400;
        p->all[0] += n;
        p->all[roster[i].block] += n;
    }
}

static void fill(struct cube *cube)
{
    cube->n_blocks = N_BLOCKS;
    cube->blocks = must(ska_alloc(N_BLOCKS, sizeof *cube->blocks));
    cube->rates = must(ska_alloc(cube->catalogue->n_indicators, sizeof *cube->rates));
    cube->populations = must(ska_alloc(3, sizeof *cube->populations));
    for (uint32_t b = 0; b < N_BLOCKS; b++) {
        struct cube_block *block = &cube->blocks[b];
        *block = (struct cube_block){.tile_x = groups[b].x, .tile_y = groups[b].y};
        (void)snprintf(block->code, sizeof block->code, "%s", groups[b].code);
        block->label = (struct ska_text){copy(groups[b].sv), copy(groups[b].en)};
        for (uint32_t i = 0; i < N_ROSTER; i++)
            block->n_members += b == 0 || roster[i].block == b;
    }
    for (uint32_t i = 0; i < cube->catalogue->n_indicators; i++)
        if (i % 3 == 0 && i < 10)
            cube->rates[i] = (struct cube_rate){CUBE_ALL, i == 0 ? 10000 : 1000};
    for (cube->n_populations = 0; cube->n_populations < 3; cube->n_populations++)
        set_population(cube, (uint32_t)cube->n_populations,
                       2018 + 3 * (uint32_t)cube->n_populations);
    if (is_variant("first")) {
        add_period(cube, SKA_QUARTER, FIRST_YEAR + YEARS - 1, 1);
        give_up("cube", cube_finish(cube));
        return;
    }
    const uint32_t years = is_variant("hidden") ? 2 : is_variant("corrected") ? 3 : YEARS;
    for (uint32_t year = FIRST_YEAR + YEARS - years; year < FIRST_YEAR + YEARS; year++) {
        for (uint32_t part = 1; part <= 4; part++)
            if (year != 2020 || part != 2) /* never published */
                add_period(cube, SKA_QUARTER, year, part);
        add_period(cube, SKA_YEAR, year, 1);
        if (year != 2020)
            add_year(cube, year);
    }
    give_up("cube", cube_finish(cube));
}

/* Releases ------------------------------------------------------------------------------------- */

static void write_piece(const char *folder, const char *prefix, const char *period, size_t piece,
                        const uint8_t *data, size_t len)
{
    char name[64], number[24] = "";
    if (piece > 0)
        (void)snprintf(number, sizeof number, "-%zu", piece);
    (void)snprintf(name, sizeof name, "%s%s%s.html", prefix, period, number);
    SKA_SCOPED(ska_scoped_free) char *path = must(file_join(folder, name));
    give_up(name, file_write(path, data, len, false, NULL));
}

static void write_release(const char *folder, const struct cube *cube, struct cube_series *s,
                          size_t t, uint32_t revision)
{
    const struct cube_period *period = &s->periods[t];
    const char *file = revision > 0 ? period->release : period->name;
    uint32_t n = N_BLOCKS * s->layout->n_cells;
    struct ska_group at[N_BLOCKS - 1];
    struct ska_task task = {.layout = s->layout, .n_blocks = N_BLOCKS, .n_figures = n};
    struct ska_parameters *p = &task.parameters;
    SKA_SCOPED(figures_clear) struct figures f = {.n = n};
    f.value = must(ska_alloc(n, sizeof *f.value));
    f.reason = must(ska_alloc(n, sizeof *f.reason));
    for (uint32_t i = 0; i < n; i++) {
        f.value[i] = period->figures[i].value;
        f.reason[i] = period->figures[i].reason;
    }
    (void)snprintf(p->period, sizeof p->period, "%s", period->name);
    p->revision = revision;
    (void)snprintf(p->collection, sizeof p->collection, "%s", cube->collection);
    p->policy = cube->policy;
    p->window_start_s = period->window_start_s;
    p->window_duration_s = period->window_duration_s;
    p->roster.n = period->n_roster;
    p->groups = (struct ska_groups){N_BLOCKS - 1, at};
    for (uint32_t b = 1; b < N_BLOCKS; b++) {
        (void)snprintf(at[b - 1].code, sizeof at[b - 1].code, "%s", groups[b].code);
        (void)snprintf(at[b - 1].sv, sizeof at[b - 1].sv, "%s", groups[b].sv);
        (void)snprintf(at[b - 1].en, sizeof at[b - 1].en, "%s", groups[b].en);
    }
    struct page_release release = {.task = &task, .figures = &f, .n_counted = period->n_counted};
    SKA_SCOPED(ska_writer_clear) struct ska_writer sv = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer en = {0};
    SKA_SCOPED(page_pieces_clear) struct page_pieces pieces = {0};
    page_write_release(&sv, &release, true);
    page_write_release(&en, &release, false);
    give_up(period->name, ska_writer_status(&sv));
    give_up(period->name, ska_writer_status(&en));
    size_t most = strcmp(period->name, CUT_PERIOD) == 0 ? CUT_BYTES : PAGE_BYTES_MAX;
    give_up(period->name, page_split(&pieces, file, (struct ska_slice){sv.data, sv.len},
                                     (struct ska_slice){en.data, en.len}, most));
    for (size_t k = 0; k < pieces.n; k++) {
        write_piece(folder, "", file, k, pieces.at[k].sv, pieces.at[k].sv_len);
        write_piece(folder, "en/", file, k, pieces.at[k].en, pieces.at[k].en_len);
    }
}

static void write_data(const char *folder, const struct page_site *site)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer sv = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer en = {0};
    SKA_SCOPED(page_marks_clear) struct page_marks marks_sv = {0};
    SKA_SCOPED(page_marks_clear) struct page_marks marks_en = {0};
    SKA_SCOPED(page_pieces_clear) struct page_pieces pieces = {0};
    struct page page = {.w = &sv, .site = site, .swedish = true, .marks = &marks_sv};
    page_data(&page);
    page = (struct page){.w = &en, .site = site, .marks = &marks_en};
    page_data(&page);
    give_up("data.html", ska_writer_status(&sv));
    give_up("data.html", ska_writer_status(&en));
    give_up("data.html",
            page_cut(&pieces, "data.html", &(struct page_marked){{sv.data, sv.len}, &marks_sv},
                     &(struct page_marked){{en.data, en.len}, &marks_en}, CUT_DATA_BYTES));
    for (size_t k = 0; k < pieces.n; k++) {
        char file[PAGE_CUT_FILE_MAX];
        page_cut_file(file, "data.html", k);
        SKA_SCOPED(ska_scoped_free) char *path_sv = must(file_join(folder, file));
        SKA_SCOPED(ska_scoped_free) char *en_folder = must(file_join(folder, "en"));
        SKA_SCOPED(ska_scoped_free) char *path_en = must(file_join(en_folder, file));
        give_up(file, file_write(path_sv, pieces.at[k].sv, pieces.at[k].sv_len, false, NULL));
        give_up(file, file_write(path_en, pieces.at[k].en, pieces.at[k].en_len, false, NULL));
    }
}

/* Truth ---------------------------------------------------------------------------------------- */

static void write_figures(FILE *out, const struct cube *cube)
{
    const char *comma = "";
    fputs("{\"figures\": {", out);
    for (size_t k = 0; k < cube->n_series; k++)
        for (size_t t = 0; t < cube->series[k].n; t++)
            for (uint32_t b = 0; b < cube->n_blocks; b++)
                for (uint32_t j = 0; j < cube->series[k].layout->n_cells; j++) {
                    const struct cube_series *s = &cube->series[k];
                    struct cube_figure f = cube_at(cube, s, t, b, j);
                    fprintf(out, "%s\n\"%s %s%s%s\": ", comma, s->periods[t].name,
                            cube->blocks[b].code, b > 0 ? "/" : "", s->layout->cells[j].code);
                    if (f.status == CUBE_SHOWN)
                        fprintf(out, "%" PRIu64, f.value);
                    else
                        fputs(f.status == CUBE_HIDDEN ? "\"..\"" : "\".\"", out);
                    comma = ",";
                }
    fputs("},\n\"inhabitants\": {", out);
}

static void write_truth(const char *folder, const struct cube *cube)
{
    SKA_SCOPED(ska_scoped_free) char *path = must(file_join(folder, "truth.json"));
    FILE *out = must(fopen(path, "we"));
    const char *comma = "";
    write_figures(out, cube);
    for (uint32_t b = 0; b < cube->n_blocks; b++)
        for (uint32_t year = FIRST_YEAR; year < FIRST_YEAR + YEARS; year++) {
            uint64_t inhabitants = 0;
            (void)cube_denominator(&inhabitants, cube, b, 0, year);
            fprintf(out, "%s\n\"%s %" PRIu32 "\": %" PRIu64, comma, cube->blocks[b].code, year,
                    inhabitants);
            comma = ",";
        }
    fputs("}}\n", out);
    if (fclose(out) != 0)
        give_up(path, SKA_E_FILE);
}

int main(int argc, char **argv)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *json = NULL;
    struct ska_catalogue *catalogue = NULL;
    struct ska_error err = {0};
    size_t len = 0;
    if (argc != 3 && argc != 4) {
        fputs("usage: tool_site CATALOGUE.json OUT [first | hidden | corrected]\n", stderr);
        return 2;
    }
    variant = argc == 4 ? argv[3] : "";
    give_up(argv[1], file_read(&json, &len, argv[1], SKA_CATALOGUE_BYTES_MAX, &err));
    give_up(argv[1], ska_catalogue_parse(&catalogue, (const char *)json, len, &err));
    struct cube cube = {.catalogue = catalogue,
                        .policy = {.min_contributors = 3, .threshold = 5, .show_zero = true}};
    (void)snprintf(cube.collection, sizeof cube.collection, "%s", catalogue->id);
    fill(&cube);
    static const char facts_text[] = "organisation.sv = Länsstyrelsen Jämtlands län\n"
                                     "organisation.en = County Administrative Board of Jämtland\n"
                                     "email = statistik@lan.example\n"
                                     "accessibility.status = partial\n"
                                     "accessibility.method = self\n"
                                     "accessibility.assessed = 2026-01-20\n";
    struct site_facts facts = {0};
    give_up("facts",
            site_facts_read(&facts,
                            (struct ska_slice){(const uint8_t *)facts_text, sizeof facts_text - 1},
                            &err));
    struct site_audit audit[] = {
        {"2025Q3", true, 27, 27}, {"2025Q4", true, 27, 27}, {"2025Q4.r1", true, 27, 27}};
    const struct site_audits audits = {3, audit};
    const struct page_site site = {.cube = &cube,
                                   .audits = &audits,
                                   .facts = &facts,
                                   .leader_url = "https://leader.example/",
                                   .publisher_key = "x5AgAoDpq1bLWCwcmqmpiPEHZTeB1mlRfb9pTzBk6Es",
                                   .second_key = "kY3Vq0pZC0Nn0X2yqkqQy1m1mJm7v7rZp8xkq6vV0aE",
                                   .leader_key = "e5o2EdCOpv6s9hTP2KzkyYzJqNqp3ZpHLAhlkYyAZoI",
                                   .helper_key = "F6l9tA4p6dEZXzPDQSsS2p3nYJXRYTsvmZ0Nd8EoWnA"};
    give_up("folder", file_make_folder(argv[2], false, &err));
    give_up("pages", site_write_pages(argv[2], NULL, &site, &err));
    write_data(argv[2], &site);
    for (size_t k = 0; k < cube.n_series; k++)
        for (size_t t = 0; !cube.series[k].is_rollup && t < cube.series[k].n; t++)
            if (cube.series[k].periods[t].is_published) {
                write_release(argv[2], &cube, &cube.series[k], t, 0);
                if (is_variant("corrected") && cube.series[k].periods[t].revision > 0)
                    write_release(argv[2], &cube, &cube.series[k], t, 1);
            }
    write_truth(argv[2], &cube);
    site_facts_clear(&facts);
    cube_clear(&cube);
    ska_catalogue_free(catalogue);
    return 0;
}
