/* SPDX-License-Identifier: EUPL-1.2 */
/* data_files.c - writing the data files of the site. */
#include "reports/data/data_files.h"

#include <stdio.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/about.h"
#include "reports/data/data_csv.h"
#include "reports/data/data_feeds.h"
#include "reports/data/data_population.h"
#include "support/file.h"

#define LIST_MARK "skarva tables 1\n"
#define TABLE_CSV_MAX ((size_t)64 << 20)

/* Where files go. */
struct target {
    const char *site; /* borrowed */
    const struct about *about;
    struct ska_error *err;
};

/* Replace the file unless it holds these bytes already. Takes the writer's failure for its own. */
static enum ska_status put(const struct target *to, const char *name, const struct ska_writer *w)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(to->site, name);
    SKA_SCOPED(ska_scoped_free) uint8_t *old = NULL;
    size_t len = 0;
    SKA_TRY(ska_writer_status(w));
    if (path == NULL)
        return SKA_E_MEMORY;
    if (file_read(&old, &len, path, w->len, NULL) == SKA_OK && len == w->len &&
        (len == 0 || memcmp(old, w->data, len) == 0))
        return SKA_OK;
    return file_write(path, w->data, w->len, false, to->err);
}

/* "data/indicators/A.json", and "en/" before it. */
#define NAME_BYTES (TABLE_CODE_BYTES + 80)
static void name_of(char out[static NAME_BYTES], const char *language, const struct table_of *t,
                    const char *code, const char *ending)
{
    (void)snprintf(out, NAME_BYTES, "%sdata/%s/%s%s", language, table_level_code(t->level), code,
                   ending); /* fits: a code or a period */
}

static enum ska_status put_jsonstat(const struct target *to, const struct table_of *t,
                                    const struct dataset *d)
{
    for (int swedish = 0; swedish < 2; swedish++) {
        char name[NAME_BYTES];
        SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
        dataset_jsonstat(&w, d, swedish != 0);
        name_of(name, swedish != 0 ? "" : "en/", t, d->table, ".json");
        SKA_TRY(put(to, name, &w));
    }
    return SKA_OK;
}

static enum ska_status put_px(const struct target *to, const struct table_of *t,
                              const struct dataset *d)
{
    static const char *const endings[] = {
        [DATASET_UTF_8] = ".px", [DATASET_WINDOWS_1252] = ".ansi.px"};
    for (int charset = 0; charset < 2; charset++) {
        char name[NAME_BYTES];
        SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
        dataset_px(&w, d, (enum dataset_charset)charset);
        name_of(name, "", t, d->table, endings[charset]);
        SKA_TRY(put(to, name, &w));
    }
    return SKA_OK;
}

static enum ska_status put_csv(const struct target *to, const struct table_of *t,
                               const struct dataset *d)
{
    char name[NAME_BYTES], file[NAME_BYTES];
    SKA_SCOPED(ska_writer_clear) struct ska_writer csv = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer metadata = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer sdmx = {0};
    data_sdmx_csv(&sdmx, d, table_level_code(t->level));
    name_of(name, "", t, d->table, ".sdmx.csv");
    SKA_TRY(put(to, name, &sdmx));
    if (t->level == TABLE_RELEASES)
        return SKA_OK;
    data_csv(&csv, d);
    name_of(name, "", t, d->table, ".csv");
    SKA_TRY(put(to, name, &csv));
    (void)snprintf(file, sizeof file, "%s.csv", d->table); /* fits: shorter than `name` */
    data_csvw(&metadata, d, file, to->about->licence);
    name_of(name, "", t, d->table, ".csv-metadata.json");
    return put(to, name, &metadata);
}

/* Metadata of the audited table, by the first line that it has. */
static enum ska_status put_table_metadata(const struct target *to, const struct dataset *d,
                                          const char *release)
{
    char csv[NAME_BYTES], name[NAME_BYTES];
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_SCOPED(ska_scoped_free) uint8_t *table = NULL;
    size_t len = 0;
    (void)snprintf(csv, sizeof csv, "%s.csv", release); /* fits: a period */
    (void)snprintf(name, sizeof name, "%s.csv-metadata.json", release);
    SKA_SCOPED(ska_scoped_free) char *path = file_join(to->site, csv);
    if (path == NULL)
        return SKA_E_MEMORY;
    if (!file_exists(path))
        return SKA_OK;
    SKA_TRY(file_read(&table, &len, path, TABLE_CSV_MAX, to->err));
    const uint8_t *end = memchr(table, '\n', len);
    size_t header_len = end != NULL ? (size_t)(end - table) : len;
    data_csvw_table(&w, d, csv, to->about->licence, (struct ska_slice){table, header_len});
    return put(to, name, &w);
}

static enum ska_status put_table(const struct target *to, const struct cube *cube,
                                 const struct table_of *t)
{
    char name[NAME_BYTES];
    SKA_SCOPED(dataset_clear) struct dataset d = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer encoded = {0};
    SKA_TRY(table_encode(&encoded, cube, t));
    SKA_TRY(table_dataset(&d, cube, t));
    name_of(name, "", t, d.table, ".table");
    SKA_TRY(put(to, name, &encoded));
    SKA_TRY(put_jsonstat(to, t, &d));
    SKA_TRY(put_px(to, t, &d));
    SKA_TRY(put_csv(to, t, &d));
    if (t->level != TABLE_RELEASES || cube->series[t->series].is_rollup)
        return SKA_OK;
    return put_table_metadata(to, &d, cube->series[t->series].periods[t->period].release);
}

enum ska_status data_files_list(struct ska_writer *w, const struct cube *cube,
                                const struct table_of *tables, size_t n)
{
    ska_write_bytes(w, LIST_MARK, sizeof LIST_MARK - 1);
    dataset_write_string(w, cube->collection);
    dataset_write_text(w, cube->catalogue->title.sv, cube->catalogue->title.en);
    ska_write_u32(w, (uint32_t)n); /* at most 10 series of 400 periods and the catalogue's cells */
    for (size_t i = 0; i < n; i++) {
        SKA_SCOPED(dataset_clear) struct dataset d = {0};
        SKA_TRY(table_dataset(&d, cube, &tables[i]));
        ska_write_u8(w, (uint8_t)tables[i].level);
        dataset_write_string(w, d.table);
        dataset_write_text(w, d.title.sv, d.title.en);
        dataset_write_string(w, d.updated);
    }
    return ska_writer_status(w);
}

/* Nothing where there are no inhabitants, and so no rates. */
static enum ska_status put_populations(const struct target *to, const struct cube *cube)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer csv = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer metadata = {0};
    if (cube->n_populations == 0)
        return SKA_OK;
    data_population_csv(&csv, cube);
    data_population_csvw(&metadata, cube, "population.csv");
    SKA_TRY(put(to, "data/population.csv", &csv));
    return put(to, "data/population.csv-metadata.json", &metadata);
}

static enum ska_status put_lists(const struct target *to, const char *base, const struct cube *cube,
                                 const struct table_of *tables, size_t n)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer list = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer dcat = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer sv = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer en = {0};
    SKA_TRY(data_files_list(&list, cube, tables, n));
    data_dcat(&dcat, cube, tables, n, to->about, base);
    data_atom(&sv, cube, to->about, base, true);
    data_atom(&en, cube, to->about, base, false);
    SKA_TRY(put(to, "data/tables", &list));
    SKA_TRY(put(to, "data/catalog.rdf", &dcat));
    SKA_TRY(put(to, "releases.atom", &sv));
    return put(to, "en/releases.atom", &en);
}

static enum ska_status make_folders(const struct target *to)
{
    for (int level = 0; level < TABLE_LEVELS; level++)
        for (int swedish = 0; swedish < 2; swedish++) {
            char name[NAME_BYTES];
            (void)snprintf(name, sizeof name, "%sdata/%s", swedish != 0 ? "" : "en/",
                           table_level_code((enum table_level)level));
            SKA_SCOPED(ska_scoped_free) char *path = file_join(to->site, name);
            if (path == NULL)
                return SKA_E_MEMORY;
            SKA_TRY(file_make_folder(path, false, to->err));
        }
    return SKA_OK;
}

enum ska_status data_files_write_cube(const char *site, const char *base, const struct cube *cube,
                                      const struct about *about, struct ska_error *err)
{
    const struct target to = {site, about, err};
    SKA_SCOPED(ska_scoped_free) struct table_of *tables = NULL;
    size_t n = 0;
    SKA_TRY(make_folders(&to));
    SKA_TRY(tables_list(&tables, &n, cube));
    for (size_t i = 0; i < n; i++)
        SKA_TRY(put_table(&to, cube, &tables[i]));
    SKA_TRY(put_populations(&to, cube));
    return put_lists(&to, base, cube, tables, n); /* last: what it names is there */
}

enum ska_status data_files_write(const struct collection *c, struct ska_error *err)
{
    SKA_SCOPED(cube_clear) struct cube cube = {0};
    struct about about;
    SKA_TRY(about_read(&about, c, err));
    SKA_TRY(cube_load(&cube, c, err));
    return data_files_write_cube(c->site, c->leader_url, &cube, &about, err);
}
