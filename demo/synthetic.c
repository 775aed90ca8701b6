/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * synthetic.c - made-up case records for one contributor and period, from a seed: the same
 * arguments, the same bytes.
 *
 *     synthetic CATALOGUE.json PERIOD CODE WEIGHT SEED FOLDER
 *
 * For each kind of record that an indicator of the period's cadence counts, writes
 * FOLDER/<KIND>-synthetic.csv as a Swedish case system would export it: semicolons, Swedish words,
 * and for every second contributor Windows-1252. WEIGHT is the number of inhabitants served.
 * Integers only, so that the figures are the same on every machine.
 */
#include "crypto/hash.h"
#include "crypto/scoped.h"
#include "protocol/catalogue.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Cases per quarter and million inhabitants at the start of 2024. */
#define RATE_PER_MILLION 600
/* Growth per quarter and the seasons, in per mille. */
#define GROWTH 20
static const uint64_t season[4] = {1050, 960, 880, 1110};

static uint64_t state; /* of the generator: splitmix64 */

static uint64_t next_random(void)
{
    state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = state;
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* True with a chance of `per_mille` / 1000. */
static bool chance(uint64_t per_mille)
{
    return next_random() % 1000 < per_mille;
}

/* About `mean_milli` / 1000, scattered like counts of independent events: the sum of many small
 * chances. */
static uint64_t draw_count(uint64_t mean_milli)
{
    uint64_t count = 0;
    for (uint64_t left = mean_milli; left > 0;) {
        uint64_t step = left < 250 ? left : 250;
        count += chance(step);
        left -= step;
    }
    return count;
}

/* The number of records of the period, before the share of this kind of record. */
static uint64_t expected_milli(uint64_t weight, uint32_t year, uint32_t part,
                               enum ska_cadence cadence)
{
    uint64_t quarters = cadence == SKA_YEAR ? 4 : 1;
    uint64_t quarter = cadence == SKA_QUARTER ? part - 1 : 0;
    uint64_t mean = weight * RATE_PER_MILLION * quarters / 1000; /* thousandths of a case */
    uint64_t elapsed = year > 2024 ? (uint64_t)(year - 2024) * 4 + quarter : quarter;
    mean = mean * (1000 + GROWTH * elapsed) / 1000;
    return cadence == SKA_QUARTER ? mean * season[quarter] / 1000 : mean;
}

/* Write a field as CSV in the file's encoding; Windows-1252 has every character of the catalogue's
 * labels. */
static void write_field(FILE *out, const char *utf8, bool windows)
{
    bool quote = strpbrk(utf8, ";\"\n") != NULL;
    if (quote)
        fputc('"', out);
    for (const unsigned char *at = (const unsigned char *)utf8; *at != '\0'; at++) {
        if (*at == '"')
            fputc('"', out);
        if (windows && (*at == 0xC2 || *at == 0xC3)) {
            int high = *at == 0xC3 ? 0x40 : 0;
            at++;
            fputc(*at | high, out);
        } else if (windows && at[0] == 0xE2 && at[1] == 0x80) {
            fputc('-', out); /* dashes and typographic quotes */
            at += 2;
        } else {
            fputc(*at, out);
        }
    }
    if (quote)
        fputc('"', out);
}

/* A category: the first is the likeliest, each later one much rarer than the one before. */
static const struct ska_category *draw_category(const struct ska_dimension *d)
{
    size_t i = 0;
    while (i + 1 < d->n_categories && chance(440 - (i < 4 ? 80 * i : 320)))
        i++;
    return &d->categories[i];
}

static void write_categories(FILE *out, const struct ska_dimension *d, bool windows)
{
    if (!d->multiple_response) {
        write_field(out, draw_category(d)->label.sv, windows);
        return;
    }
    bool any = false;
    for (size_t i = 0; i < d->n_categories; i++) {
        if (!chance(620 / (i + 1)))
            continue;
        if (any)
            fputc('|', out);
        write_field(out, d->categories[i].label.sv, windows);
        any = true;
    }
    if (!any)
        write_field(out, d->categories[0].label.sv, windows);
}

/* `parent` is the row of the parent kind, for kinds that have one; else the row itself. */
static void write_cell(FILE *out, const struct ska_catalogue *c, const struct ska_column *column,
                       uint64_t row, uint64_t parent, bool is_child, bool windows)
{
    switch (column->kind) {
    case SKA_COLUMN_ID:
        fprintf(out, "SYN-%05llu", (unsigned long long)row + 1);
        break;
    case SKA_COLUMN_CATEGORY:
        write_categories(out, &c->dimensions[column->dimension], windows);
        break;
    case SKA_COLUMN_FLAG:
        fputs(chance(450) ? "ja" : "nej", out);
        break;
    case SKA_COLUMN_NUMBER:
        fprintf(out, "%llu", (unsigned long long)(next_random() % 4));
        break;
    case SKA_COLUMN_TEXT:
        if (is_child) {
            fprintf(out, "SYN-%05llu", (unsigned long long)parent + 1);
            break;
        }
        /* A person's pseudonym: one case in six is somebody who was met before. */
        fprintf(out, "P%05llu",
                (unsigned long long)(row > 0 && chance(160) ? next_random() % row : row) + 1);
        break;
    }
}

/* The kind of record whose identifiers a text column of `kind` of the same code refers to, or
 * `kind` itself: attendances belong to meetings. */
static size_t parent_of(const struct ska_catalogue *c, size_t kind)
{
    for (size_t i = 0; i < c->record_kinds[kind].n_columns; i++) {
        const struct ska_column *column = &c->record_kinds[kind].columns[i];
        for (size_t k = 0; column->kind == SKA_COLUMN_TEXT && k < c->n_record_kinds; k++) {
            const struct ska_record_kind *other = &c->record_kinds[k];
            for (size_t j = 0; k != kind && j < other->n_columns; j++) {
                if (other->columns[j].kind == SKA_COLUMN_ID &&
                    strcmp(other->columns[j].code, column->code) == 0)
                    return k;
            }
        }
    }
    return kind;
}

static void write_records(FILE *out, const struct ska_catalogue *c, size_t kind, uint64_t n_rows,
                          bool windows)
{
    const struct ska_record_kind *k = &c->record_kinds[kind];
    bool is_child = parent_of(c, kind) != kind;
    for (size_t i = 0; i < k->n_columns; i++) {
        if (i > 0)
            fputc(';', out);
        write_field(out,
                    k->columns[i].headers.n > 0 ? k->columns[i].headers.at[0] : k->columns[i].code,
                    windows);
    }
    fputs("\r\n", out);
    for (uint64_t row = 0; row < n_rows; row++) {
        for (size_t i = 0; i < k->n_columns; i++) {
            if (i > 0)
                fputc(';', out);
            /* Two rows for each row of the parent kind. */
            write_cell(out, c, &k->columns[i], row, row / 2, is_child, windows);
        }
        fputs("\r\n", out);
    }
}

static bool is_counted(const struct ska_catalogue *c, size_t kind, enum ska_cadence cadence)
{
    for (size_t i = 0; i < c->n_indicators; i++) {
        if (c->indicators[i].record_kind == kind && c->indicators[i].cadence == cadence)
            return true;
    }
    return false;
}

static void seed_generator(const char *const *words, size_t n)
{
    struct ska_slice pieces[8];
    for (size_t i = 0; i < n; i++)
        pieces[i] = (struct ska_slice){(const uint8_t *)words[i], strlen(words[i]) + 1};
    uint8_t hash[SKA_HASH_BYTES];
    ska_sha256_pieces(hash, pieces, n);
    state = 0;
    for (size_t i = 0; i < 8; i++)
        state = state << 8 | hash[i];
}

/* One file for one kind of record. Returns false after saying what went wrong. */
static bool write_file(const char *folder, const struct ska_catalogue *c, size_t kind,
                       uint64_t n_rows, bool windows)
{
    char path[1200];
    int len =
        snprintf(path, sizeof path, "%s/%s-synthetic.csv", folder, c->record_kinds[kind].code);
    FILE *out = len > 0 && (size_t)len < sizeof path ? fopen(path, "we") : NULL;
    if (out == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
    write_records(out, c, kind, n_rows, windows);
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        fprintf(stderr, "%s: cannot be written\n", path);
        return false;
    }
    return true;
}

static struct ska_catalogue *read_catalogue(const char *path)
{
    static char text[SKA_CATALOGUE_BYTES_MAX];
    FILE *in = fopen(path, "re");
    if (in == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return NULL;
    }
    size_t len = fread(text, 1, sizeof text, in);
    (void)fclose(in); /* only read from */
    struct ska_catalogue *catalogue = NULL;
    struct ska_error err = {0};
    if (ska_catalogue_parse(&catalogue, text, len, &err) != SKA_OK)
        fprintf(stderr, "%s: %s\n", path, err.text);
    return catalogue;
}

SKA_DEFINE_RELEASE(struct ska_catalogue *, catalogue_release, ska_catalogue_free)

int main(int argc, char **argv)
{
    if (argc != 7) {
        fputs("usage: synthetic CATALOGUE.json PERIOD CODE WEIGHT SEED FOLDER\n", stderr);
        return 2;
    }
    SKA_SCOPED(catalogue_release) struct ska_catalogue *c = read_catalogue(argv[1]);
    enum ska_cadence cadence = SKA_QUARTER;
    uint32_t year = 0;
    uint32_t part = 0;
    if (c == NULL || ska_period_parse(&cadence, &year, &part, argv[2]) != SKA_OK) {
        fprintf(stderr, "%s: not a period, or no catalogue\n", argv[2]);
        return 2;
    }
    uint64_t weight = strtoull(argv[4], NULL, 10);
    uint64_t n_rows[SKA_RECORD_KINDS_MAX] = {0};
    for (size_t kind = 0; kind < c->n_record_kinds; kind++) {
        if (!is_counted(c, kind, cadence))
            continue;
        const char *words[] = {argv[5], argv[3], argv[2], c->record_kinds[kind].code};
        seed_generator(words, sizeof words / sizeof words[0]);
        /* The first kind are the cases themselves; the others follow from how many there were. */
        size_t parent = parent_of(c, kind);
        if (kind == 0 || n_rows[0] == 0)
            n_rows[kind] = kind == 0 || !is_counted(c, 0, cadence)
                               ? draw_count(expected_milli(weight, year, part, cadence))
                               : 0;
        else
            n_rows[kind] =
                parent != kind ? 2 * n_rows[parent] : draw_count(n_rows[0] * 1000 / (kind + 1));
        bool windows = argv[3][strlen(argv[3]) - 1] % 2 == 1;
        if (!write_file(argv[6], c, kind, n_rows[kind], windows))
            return 1;
    }
    return 0;
}
