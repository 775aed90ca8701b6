/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_world.c - the data files of the cube of cube_world.h in a folder, for others' readers:
 * tool_world FOLDER. Beside them "expected.csv", "table,group,content,time,value" of every figure
 * as the cube has it, written without any of the writers under test.
 */
#include "reports/about.h"
#include "reports/data/data_files.h"
#include "support/file.h"

#include "tests/unit/reports/cube_world.h"

/* What a reader must find: a number, ".." or ".". */
static void print_figure(FILE *out, struct cube_figure f)
{
    if (f.status == CUBE_SHOWN || f.status == CUBE_ROUNDED)
        (void)fprintf(out, "%" PRIu64 "\n", f.value);
    else
        (void)fputs(f.status == CUBE_HIDDEN ? "..\n" : ".\n", out);
}

/* A line of a release's table: its code, then as in the series' tables. */
static void print_whole(FILE *out, const struct cube *cube, const struct cube_series *s, size_t at)
{
    for (uint32_t b = 0; b < cube->n_blocks; b++)
        for (uint32_t j = 0; j < s->layout->n_cells; j++) {
            const struct ska_cell *cell = &s->layout->cells[j];
            const char *indicator = cube->catalogue->indicators[cell->indicator].code;
            bool is_in_year = cell->kind != SKA_CELL_ANSWERED && strchr("AB", *indicator) != NULL;
            if (s->is_rollup && !is_in_year)
                continue;
            (void)fprintf(out, "releases/%s%s,%s,%s,%s,", s->periods[at].name,
                          s->is_rollup ? "-quarter" : "", b == 0 ? "all" : cube->blocks[b].code,
                          cell->code, s->periods[at].name);
            print_figure(out, cube_at(cube, s, at, b, j));
        }
}

static void print_series(FILE *out, const struct cube *cube, const struct cube_series *s)
{
    for (uint32_t b = 0; b < cube->n_blocks; b++)
        for (uint32_t j = 0; j < s->layout->n_cells; j++)
            for (size_t i = 0; i < s->n; i++) {
                const struct ska_cell *cell = &s->layout->cells[j];
                (void)fprintf(out, "%s/%s,%s,%s,%s,", s->is_rollup ? "years" : "indicators",
                              cube->catalogue->indicators[cell->indicator].code,
                              b == 0 ? "all" : cube->blocks[b].code, cell->code,
                              s->periods[i].name);
                print_figure(out, cube_at(cube, s, i, b, j));
            }
}

/* The audited table of a release that carries a year, as far as its description goes. */
static void write_audited(const struct cube *cube, const char *path)
{
    FILE *out = fopen(path, "w");
    ck_assert_ptr_nonnull(out);
    (void)fputs("collection,period,revision,group,cell,value,reason\n", out);
    for (size_t i = 0; i < cube->n_series; i++) {
        const struct cube_series *s = &cube->series[i];
        if (s->cadence != SKA_QUARTER)
            continue;
        for (uint32_t b = 0; b < cube->n_blocks; b++)
            for (uint32_t j = 0; j < s->layout->n_cells; j++)
                (void)fprintf(out, "jamtland,%s,0,%s,%s,7,\n", s->is_rollup ? "2025" : "2025Q4",
                              cube->blocks[b].code, s->layout->cells[j].code);
    }
    ck_assert_int_eq(fclose(out), 0);
}

static const char *folder; /* of the command line */

/* A Check test, since the cube is made with Check's assertions. */
START_TEST(write_world)
{
    struct cube_world w;
    struct ska_error err = {0};
    const struct about about = {.publisher = "Länsstyrelsen i Jämtlands län",
                                .licence = ABOUT_LICENCE_DEFAULT,
                                .contact = "mailto:statistik@example.org",
                                .kind = "national"};
    cube_world_new(&w);
    char *audited = file_join(folder, "2025Q4.csv");
    ck_assert_ptr_nonnull(audited);
    write_audited(&w.cube, audited);
    free(audited);
    enum ska_status got =
        data_files_write_cube(folder, "https://leader.example/", &w.cube, &about, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
    char *path = file_join(folder, "expected.csv");
    ck_assert_ptr_nonnull(path);
    FILE *out = fopen(path, "w");
    ck_assert_ptr_nonnull(out);
    (void)fputs("table,group,content,time,value\n", out);
    for (size_t i = 0; i < w.cube.n_series; i++)
        print_series(out, &w.cube, &w.cube.series[i]);
    for (size_t i = 0; i < w.cube.n_series; i++)
        for (size_t at = 0; at < w.cube.series[i].n; at++)
            if (w.cube.series[i].periods[at].is_published)
                print_whole(out, &w.cube, &w.cube.series[i], at);
    ck_assert_int_eq(fclose(out), 0);
    free(path);
    cube_world_clear(&w);
}
END_TEST

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    folder = argv[1];
    return test_run_tool("tool_world", write_world);
}
