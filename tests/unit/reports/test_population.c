/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_population.c - tables of inhabitants: each form that statistics offices give them in is
 * understood or refused with line and column, and a block has its members' inhabitants or none.
 */
#include "reports/data/population.h"

#include "tests/unit/reports/county.h"
#include "tests/unit/reports/cube_world.h"

struct row {
    const char *code;
    uint64_t all, women, men;
};

static const struct {
    const char *name, *csv;
    size_t n;
    struct row want[3]; /* by code */
} good[] = {
    {"population alone",
     "kommun_kod,kommun_namn,population\n2303,Ragunda,5043\n0114,X,50295\n",
     2,
     {{"0114", 50295, 0, 0}, {"2303", 5043, 0, 0}}},
    {"women and men",
     "municipality_code,women,men\r\n2303,2500,2600\r\n",
     1,
     {{"2303", 5100, 2500, 2600}}},
    {"semicolons, Swedish, order",
     "m\xC3\xA4n;Kod;kvinnor;folkm\xC3\xA4ngd\n1;2303;2;3\n",
     1,
     {{"2303", 3, 2, 1}}},
    {"byte order mark, tabs, quotes",
     "\xEF\xBB\xBF\"code\"\t\"women\"\n\"2303\"\t\"7\"",
     1,
     {{"2303", 0, 7, 0}}},
    {"long",
     "code,sex,age_from,age_to,number\n2303,K,18,24,10\n2303,M,18,150,11\n"
     "2305,women,18,150,5\n2303,K,25,150,20\n2305,1,18,150,4\n",
     2,
     {{"2303", 41, 30, 11}, {"2305", 9, 5, 4}}},
    {"long, of all",
     "code,sex,age_from,age_to,number\n2309,all,0,99,77\n",
     1,
     {{"2309", 77, 0, 0}}},
    {"long, of all, women and men",
     "code,sex,age_from,age_to,number\n2309,all,0,99,7\n2309,K,0,99,3\n2309,M,0,99,4\n",
     1,
     {{"2309", 7, 3, 4}}},
    {"blank lines, a year", "code,year,population\n\n2303,2019,5\n\n", 1, {{"2303", 5, 0, 0}}},
    {"a group's own row",
     "code,population\nall,100\nNORR,60\n",
     2,
     {{"NORR", 60, 0, 0}, {"all", 100, 0, 0}}},
};

static enum ska_status parse(struct population *p, const char *csv, struct ska_error *err)
{
    return population_parse(p, (struct ska_slice){(const uint8_t *)csv, strlen(csv)}, err);
}

START_TEST(a_table_is_understood)
{
    SKA_SCOPED(population_clear) struct population p = {0};
    struct ska_error err = {0};
    enum ska_status got = parse(&p, good[_i].csv, &err);
    ck_assert_msg(got == SKA_OK, "%s: %s", good[_i].name, err.text);
    ck_assert_uint_eq(p.n, good[_i].n);
    for (uint32_t i = 0; i < p.n; i++) {
        ck_assert_str_eq(p.at[i].code, good[_i].want[i].code);
        ck_assert_uint_eq(p.at[i].all, good[_i].want[i].all);
        ck_assert_uint_eq(p.at[i].women, good[_i].want[i].women);
        ck_assert_uint_eq(p.at[i].men, good[_i].want[i].men);
    }
}
END_TEST

static const struct {
    const char *csv;
    enum ska_status want;
    const char *says;
} bad[] = {
    {"", SKA_E_FORMAT, "empty"},
    {"code,population\n", SKA_E_FORMAT, "empty"},
    {"code,name\n2303,X\n", SKA_E_FORMAT, "columns"},
    {"population\n3\n", SKA_E_FORMAT, "columns"},
    {"code,population,sex,age_from,age_to,number\n", SKA_E_FORMAT, "columns"},
    {"code,code,population\n1,1,1\n", SKA_E_CONFLICT, "code"},
    {"code,population\n2303,-1\n", SKA_E_FORMAT, "line 2, population"},
    {"code,population\n2303,1 000\n", SKA_E_FORMAT, "line 2, population"},
    {"code,population\n2303,100000000001\n", SKA_E_RANGE, "line 2, population"},
    {"code,population\n2303\n", SKA_E_FORMAT, "line 2 has 1 fields, but the header 2"},
    {"code,population\n2303,5043,0\n", SKA_E_FORMAT, "line 2 has 3 fields, but the header 2"},
    {"code;population\n2303;5043,0\n", SKA_E_FORMAT, "line 2, population"},
    {"code,population\n\n\n2303,x\n", SKA_E_FORMAT, "line 4, population"},
    {"Kod,folkm\xC3\xA4ngd\n2303,x\n", SKA_E_FORMAT, "line 2, folkm\xC3\xA4ngd"},
    {"code,sex,age_from,age_to,number\n2303,K,18,24,1\n2305,K,18,25,1\n", SKA_E_CONFLICT,
     "2305 does not have the same ages"},
    {"code,sex,age_from,age_to,number\n2303,K,18,24,1\n2303,M,18,25,1\n", SKA_E_CONFLICT,
     "other ages of women"},
    {"code,sex,age_from,age_to,number\n2303,all,0,9,8\n2303,K,0,9,3\n2303,M,0,9,4\n",
     SKA_E_CONFLICT, "2303 does not have as many"},
    {"code,population\n2303,1\n2303,1\n", SKA_E_CONFLICT, "line 3, code"},
    {"code,population\n23 03,1\n", SKA_E_FORMAT, "line 2, code"},
    {"code,population,women,men\n2303,6,2,3\n", SKA_E_CONFLICT, "line 2, population"},
    {"code,sex,age_from,age_to,number\n2303,K,18,24,1\n2303,K,24,30,1\n", SKA_E_CONFLICT,
     "line 3, age_from"},
    {"code,sex,age_from,age_to,number\n2303,X,18,24,1\n", SKA_E_FORMAT, "line 2, sex"},
    {"code,sex,age_from,age_to,number\n2303,K,24,18,1\n", SKA_E_RANGE, "line 2, age_to"},
    {"code,sex,age_from,age_to,number\n2303,K,24,151,1\n", SKA_E_RANGE, "line 2, age_to"},
    {"code,population\n\"2303,1\n", SKA_E_FORMAT, "quoting"},
};

START_TEST(a_table_is_refused_with_line_and_column)
{
    SKA_SCOPED(population_clear) struct population p = {0};
    struct ska_error err = {0};
    enum ska_status got = parse(&p, bad[_i].csv, &err);
    ck_assert_msg(got == bad[_i].want, "%s: %s", bad[_i].csv, ska_status_name(got));
    ck_assert_msg(strstr(err.text, bad[_i].says) != NULL, "%s: %s", bad[_i].csv, err.text);
    ck_assert_ptr_null(p.at);
}
END_TEST

START_TEST(a_year_is_that_of_the_date)
{
    SKA_SCOPED(population_clear) struct population p = {.date = "2019-12-31"};
    struct ska_error err = {0};
    ck_assert_status(parse(&p, "code,\xC3\xA5r,population\n2303,2019,5\n2305,2020,5\n", &err),
                     SKA_E_CONFLICT);
    ck_assert_ptr_nonnull(strstr(err.text, "line 3, \xC3\xA5r: \"2020\""));
    ck_assert_status(parse(&p, "code,\xC3\xA5r,population\n2303,2019,5\n", NULL), SKA_OK);
}
END_TEST

/* Blocks: all has 2303, 2305 and a police district; NORR 2303 alone; SOD 2305 and 2309. */
static const char *const all[] = {"2303", "2305", "POLIS"}, *const north[] = {"2303"},
                         *const south[] = {"2305", "2309"};
static const struct population_members members[] = {{3, all}, {1, north}, {2, south}};

static const struct {
    const char *name, *csv;
    uint64_t want[CUBE_WORLD_BLOCKS]; /* 0: not known */
} blocks[] = {
    {"sums", "code,population\n2303,10\n2305,20\n2309,40\n", {30, 10, 60}},
    {"a municipality is missing", "code,population\n2303,10\n2305,20\n", {30, 10, 0}},
    {"the block's own row wins", "code,population\nall,99\nSOD,50\n2303,10\n", {99, 10, 50}},
    {"nothing known of a district",
     "code,population\nPOLIS,7\n2303,1\n2305,2\n2309,3\n",
     {10, 1, 5}},
};

START_TEST(a_block_has_its_members_inhabitants_or_none)
{
    SKA_SCOPED(cube_world_clear) struct cube_world w = {0};
    SKA_SCOPED(population_clear) struct population p = {.date = "2031-12-31", .source = "SCB"};
    cube_world_new(&w);
    ck_assert_status(parse(&p, blocks[_i].csv, NULL), SKA_OK);
    struct cube cube = {.n_blocks = w.cube.n_blocks, .blocks = w.cube.blocks};
    ck_assert_status(population_add(&cube, &p, members), SKA_OK);
    ck_assert_uint_eq(cube.populations[0].year, 2031);
    ck_assert_ptr_null(cube.populations[0].women);
    for (uint32_t b = 0; b < CUBE_WORLD_BLOCKS; b++)
        ck_assert_msg(cube.populations[0].all[b] == blocks[_i].want[b], "%s: block %u: %" PRIu64,
                      blocks[_i].name, b, cube.populations[0].all[b]);
    cube.blocks = NULL; /* the world's */
    cube_clear(&cube);
}
END_TEST

START_TEST(tables_are_kept_and_read_back_oldest_first)
{
    struct county k;
    SKA_SCOPED(cube_clear) struct cube cube = {0};
    SKA_SCOPED(population_clear)
    struct population p = {.date = "2024-11-30", .source = "Statistiska centralbyr\xC3\xA5n"};
    struct ska_error err = {0};
    county_new(&k);
    ck_assert_status(parse(&p, "code,women,men\nall,60,40\n", &err), SKA_OK);
    ck_assert_status(population_store(&p, &k.collection, &err), SKA_OK);
    memcpy(p.date, "2019-12-31", sizeof p.date);
    ck_assert_status(population_store(&p, &k.collection, &err), SKA_OK);
    p.at[0].all = 101;
    ck_assert_status(population_store(&p, &k.collection, &err), SKA_OK); /* replaces */
    ck_assert_status(cube_load(&cube, &k.collection, &err), SKA_OK);
    ck_assert_uint_eq(cube.n_populations, 2);
    ck_assert_str_eq(cube.populations[0].date, "2019-12-31");
    ck_assert_uint_eq(cube.populations[0].all[0], 101);
    ck_assert_uint_eq(cube.populations[1].all[0], 100);
    ck_assert_uint_eq(cube.populations[1].women[0], 60);
    ck_assert_str_eq(cube.populations[1].source.sv, p.source);
    SKA_SCOPED(ska_scoped_free)
    char *path = home_path(k.collection.folder, "populations", "2024-11-30");
    ck_assert_status(file_write(path, "skarva population 1\nsource x\nall 1 1\n", 36, false, &err),
                     SKA_OK);
    SKA_SCOPED(cube_clear) struct cube damaged = {0};
    ck_assert_status(cube_load(&damaged, &k.collection, &err), SKA_E_FORMAT);
    ck_assert_ptr_nonnull(strstr(err.text, "2024-11-30"));
    county_clear(&k);
}
END_TEST

/* Statistics Sweden's own figures, as they come. */
START_TEST(real_tables_are_taken)
{
    static const struct {
        const char *name;
        uint64_t sum;
    } files[] = {{"population_2024.csv", 10587140}, {"population_2019_by_sex.csv", 10327589}};
    const char *shared = getenv("SKARVA_SHARED");
    for (size_t i = 0; i < N_OF(files); i++) {
        char path[500];
        uint8_t *data = NULL;
        size_t len = 0;
        SKA_SCOPED(population_clear) struct population p = {0};
        struct ska_error err = {0};
        (void)snprintf(path, sizeof path, "%s/data/%s", shared != NULL ? shared : "../shared",
                       files[i].name);
        if (!file_exists(path)) {
            printf("SKIP real_tables_are_taken: %s is not there\n", files[i].name);
            continue;
        }
        ck_assert_status(file_read(&data, &len, path, POPULATION_FILE_MAX, &err), SKA_OK);
        enum ska_status got = population_parse(&p, (struct ska_slice){data, len}, &err);
        ck_assert_msg(got == SKA_OK, "%s", err.text);
        ck_assert_uint_eq(p.n, 290);
        uint64_t sum = 0;
        for (uint32_t r = 0; r < p.n; r++)
            sum += p.at[r].all;
        ck_assert_uint_eq(sum, files[i].sum);
        free(data);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("population");
    TCase *t = tcase_create("population");
    tcase_add_loop_test(t, a_table_is_understood, 0, N_OF(good));
    tcase_add_loop_test(t, a_table_is_refused_with_line_and_column, 0, N_OF(bad));
    tcase_add_test(t, a_year_is_that_of_the_date);
    tcase_add_loop_test(t, a_block_has_its_members_inhabitants_or_none, 0, N_OF(blocks));
    tcase_add_test(t, tables_are_kept_and_read_back_oldest_first);
    tcase_add_test(t, real_tables_are_taken);
    suite_add_tcase(s, t);
    return test_run(s);
}
