/* SPDX-License-Identifier: EUPL-1.2 */
/* population.c - population tables: keeping them, and how many live in a block. */
#include "reports/data/population.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/text.h"
#include "reports/data/release_day.h"
#include "support/file.h"

#define POPULATIONS_MAX 200
#define MARK "skarva population 1\nsource "

SKA_DEFINE_RELEASE(DIR *, dir_release, (void)closedir)

void population_clear(struct population *p)
{
    free(p->at);
    *p = (struct population){0};
}

/* Keeping ------------------------------------------------------------------------------------- */

static void write_number(struct ska_writer *w, uint64_t number)
{
    char text[24];
    int n = number == 0 ? snprintf(text, sizeof text, " -")
                        : snprintf(text, sizeof text, " %" PRIu64, number);
    ska_write_bytes(w, text, (size_t)n); /* fits: 20 digits */
}

enum ska_status population_store(const struct population *p, const struct collection *c,
                                 struct ska_error *err)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_SCOPED(ska_scoped_free) char *folder = file_join(c->folder, "populations");
    SKA_SCOPED(ska_scoped_free) char *path = folder != NULL ? file_join(folder, p->date) : NULL;
    if (path == NULL)
        return SKA_E_MEMORY;
    ska_write_bytes(&w, MARK, sizeof MARK - 1);
    ska_write_bytes(&w, p->source, strlen(p->source));
    ska_write_u8(&w, '\n');
    for (uint32_t i = 0; i < p->n; i++) {
        ska_write_bytes(&w, p->at[i].code, strlen(p->at[i].code));
        write_number(&w, p->at[i].all);
        write_number(&w, p->at[i].women);
        write_number(&w, p->at[i].men);
        ska_write_u8(&w, '\n');
    }
    SKA_TRY(ska_writer_status(&w));
    SKA_TRY(file_make_folder(folder, false, err));
    return file_write(path, w.data, w.len, false, err);
}

/* The piece of a line up to `end` (a space or line end), copied; *at moves behind it. */
static enum ska_status take(char *out, size_t size, const char **at, char end)
{
    size_t len = strcspn(*at, " \n");
    if (end == '\n')
        len = strcspn(*at, "\n");
    if ((*at)[len] != end || len >= size)
        return SKA_E_FORMAT;
    memcpy(out, *at, len);
    out[len] = '\0';
    *at += len + 1;
    return SKA_OK;
}

static enum ska_status take_number(uint64_t *out, const char **at, char end)
{
    char text[24];
    SKA_TRY(take(text, sizeof text, at, end));
    *out = 0;
    return strcmp(text, "-") == 0 ? SKA_OK : options_number(out, text, POPULATION_NUMBER_MAX);
}

/* `text` has a NUL behind it. */
static enum ska_status decode(struct population *p, const char *text)
{
    if (strncmp(text, MARK, sizeof MARK - 1) != 0)
        return SKA_E_FORMAT;
    const char *at = text + sizeof MARK - 1;
    SKA_TRY(take(p->source, sizeof p->source, &at, '\n'));
    p->at = ska_alloc(POPULATION_ROWS_MAX, sizeof *p->at);
    if (p->at == NULL)
        return SKA_E_MEMORY;
    while (*at != '\0') {
        struct population_row *row = &p->at[p->n];
        if (p->n == POPULATION_ROWS_MAX)
            return SKA_E_LIMIT;
        SKA_TRY(take(row->code, sizeof row->code, &at, ' '));
        SKA_TRY(take_number(&row->all, &at, ' '));
        SKA_TRY(take_number(&row->women, &at, ' '));
        SKA_TRY(take_number(&row->men, &at, '\n'));
        p->n++;
    }
    return SKA_OK;
}

static enum ska_status read_table(struct population *p, const char *folder, const char *date,
                                  struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(folder, date);
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    if (path == NULL)
        return SKA_E_MEMORY;
    memcpy(p->date, date, sizeof p->date);
    SKA_TRY(file_read(&data, &len, path, POPULATION_FILE_MAX, err));
    enum ska_status status =
        strlen((const char *)data) == len ? decode(p, (const char *)data) : SKA_E_FORMAT;
    return status == SKA_OK || status == SKA_E_MEMORY
               ? status
               : ska_fail(err, SKA_E_FORMAT, "%s: %s", path, ska_status_text(SKA_E_FORMAT));
}

/* Blocks -------------------------------------------------------------------------------------- */

const struct population_row *population_find(const struct population *p, const char *code)
{
    for (uint32_t i = 0; i < p->n; i++)
        if (strcmp(p->at[i].code, code) == 0)
            return &p->at[i];
    return NULL;
}

bool population_is_municipality(const char *code)
{
    return strlen(code) == 4 && strspn(code, "0123456789") == 4;
}

/* A number of the row that `which` names; 0: not known. */
static uint64_t number_of(const struct population_row *row, enum cube_people which)
{
    switch (which) {
    case CUBE_ALL:
        return row->all;
    case CUBE_WOMEN:
        return row->women;
    case CUBE_MEN:
        return row->men;
    case CUBE_NOBODY:
        break;
    }
    return 0;
}

static uint64_t count_block(const struct population *p, const char *code,
                            const struct population_members *members, enum cube_people which)
{
    const struct population_row *own = population_find(p, code[0] != '\0' ? code : "all");
    uint64_t sum = 0;
    if (own != NULL)
        return number_of(own, which);
    for (uint32_t i = 0; i < members->n; i++) {
        const struct population_row *row = population_find(p, members->codes[i]);
        uint64_t number = row != NULL ? number_of(row, which) : 0;
        if (number == 0 && (row != NULL || population_is_municipality(members->codes[i])))
            return 0;
        sum += number; /* at most 10,000 times 10^11 */
    }
    return sum;
}

static enum ska_status count_blocks(uint64_t **out, const struct cube *cube,
                                    const struct population *p,
                                    const struct population_members *members,
                                    enum cube_people which)
{
    uint64_t any = 0;
    uint64_t *by_block = ska_alloc(cube->n_blocks, sizeof *by_block);
    if (by_block == NULL)
        return SKA_E_MEMORY;
    for (uint32_t b = 0; b < cube->n_blocks; b++) {
        by_block[b] = count_block(p, cube->blocks[b].code, &members[b], which);
        any |= by_block[b];
    }
    if (any == 0) {
        free(by_block);
        by_block = NULL;
    }
    *out = by_block;
    return SKA_OK;
}

enum ska_status population_add(struct cube *cube, const struct population *p,
                               const struct population_members *members)
{
    if (cube->populations == NULL)
        cube->populations = ska_alloc(POPULATIONS_MAX, sizeof *cube->populations);
    if (cube->populations == NULL)
        return SKA_E_MEMORY;
    if (cube->n_populations == POPULATIONS_MAX)
        return SKA_E_LIMIT;
    struct cube_population *to = &cube->populations[cube->n_populations++];
    memcpy(to->date, p->date, sizeof to->date);
    uint64_t day_s = 0;
    SKA_TRY(release_day_parse(&day_s, p->date));
    for (int i = 0; i < 4; i++)
        to->year = to->year * 10 + (uint32_t)(p->date[i] - '0'); /* digits: it parsed */
    SKA_TRY(cube_copy_text(&to->source, p->source, p->source));
    SKA_TRY(count_blocks(&to->all, cube, p, members, CUBE_ALL));
    SKA_TRY(count_blocks(&to->women, cube, p, members, CUBE_WOMEN));
    return count_blocks(&to->men, cube, p, members, CUBE_MEN);
}

static int compare_dates(const void *a, const void *b)
{
    const struct cube_population *left = a, *right = b;
    return strcmp(left->date, right->date);
}

enum ska_status population_load(struct cube *cube, const struct collection *c,
                                const struct population_members *members, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *folder = file_join(c->folder, "populations");
    if (folder == NULL)
        return SKA_E_MEMORY;
    SKA_SCOPED(dir_release) DIR *dir = opendir(folder);
    for (struct dirent *entry = NULL; dir != NULL && (entry = readdir(dir)) != NULL;) {
        SKA_SCOPED(population_clear) struct population p = {0};
        uint64_t day_s = 0;
        if (release_day_parse(&day_s, entry->d_name) != SKA_OK)
            continue; /* ".", "..", what a crash left of a file being written */
        SKA_TRY(read_table(&p, folder, entry->d_name, err));
        SKA_TRY(population_add(cube, &p, members));
    }
    if (cube->n_populations > 0)
        qsort(cube->populations, cube->n_populations, sizeof *cube->populations, compare_dates);
    return SKA_OK;
}
