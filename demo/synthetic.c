/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * synthetic.c - made-up case records for any catalogue, from a seed: the same arguments, the same
 * bytes. They obey the catalogue's columns, bounds and rules.
 *
 *     synthetic CATALOGUE.json PERIOD CODE WEIGHT SEED FOLDER
 *     synthetic --year YEAR CATALOGUE.json CONTRIBUTORS.csv SEED FOLDER
 *
 * The first form writes one contributor's period: for each kind of record that an indicator of the
 * period's cadence counts, FOLDER/<KIND>-synthetic.csv as a Swedish case system would export it,
 * for every second contributor in Windows-1252. WEIGHT is the number of inhabitants served.
 *
 * The second form writes a whole year of all contributors, FOLDER/<CODE>/<PERIOD>/<KIND>-
 * synthetic.csv, for every period of every cadence of the catalogue. CONTRIBUTORS.csv has the
 * columns code, name and inhabitants (catalogues/contributors); who has no inhabitants is an
 * authority or operation of middling size. Here some contributors do not keep some kinds of
 * records: their file is missing, which is not the same as an empty one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "crypto/scoped.h"
#include "demo/synthetic.h"

/* Cases per quarter and million inhabitants at the start of 2024. */
#define RATE_PER_MILLION 600
/* Growth per quarter and the seasons, in per mille. */
#define GROWTH 20
static const uint64_t season[4] = {1050, 960, 880, 1110};
/* Who has no inhabitants counts as so many. */
#define WEIGHT_OTHERWISE 12000
/* In 1,000 pairs of contributor and kind of record, so many are not kept. */
#define NOT_KEPT 60

SKA_DEFINE_RELEASE(struct ska_catalogue *, catalogue_release, ska_catalogue_free)
SKA_DEFINE_RELEASE(struct ska_layout *, layout_release, ska_layout_free)

/* What is to be made. */
struct order {
    const struct ska_catalogue *c;
    const char *seed, *code, *period;
    enum ska_cadence cadence;
    uint32_t year, part;
    uint64_t weight;
    bool with_gaps;
};

struct cadence_form {
    enum ska_cadence cadence;
    uint32_t periods; /* in a year */
    char mark;        /* between year and part; 0: no part */
    int digits;       /* of the part */
};
static const struct cadence_form forms[] = {
    {SKA_MONTH, 12, '-', 2},    {SKA_QUARTER, 4, 'Q', 1}, {SKA_FOUR_MONTHS, 3, 'T', 1},
    {SKA_HALF_YEAR, 2, 'H', 1}, {SKA_YEAR, 1, '\0', 0},
};
#define N_FORMS (sizeof forms / sizeof forms[0])

static uint32_t periods_in_year(enum ska_cadence cadence)
{
    for (size_t i = 0; i < N_FORMS; i++)
        if (forms[i].cadence == cadence)
            return forms[i].periods;
    return 1;
}

/* --- how many --- */

/* The number of cases of the period, in thousandths: a rate, growth, and the seasons of the
 * quarters that the period touches. */
static uint64_t expected_milli(const struct order *o)
{
    uint64_t periods = periods_in_year(o->cadence);
    uint64_t mean = o->weight * RATE_PER_MILLION * 4 / periods / 1000;
    uint64_t quarter = (uint64_t)(o->part - 1) * 4 / periods;
    uint64_t elapsed = (o->year > 2024 ? (uint64_t)(o->year - 2024) * 4 : 0) + quarter;
    mean = mean * (1000 + GROWTH * elapsed) / 1000;
    return periods >= 4 ? mean * season[quarter] / 1000 : mean;
}

static bool is_counted(const struct ska_catalogue *c, size_t kind, enum ska_cadence cadence)
{
    for (size_t i = 0; i < c->n_indicators; i++)
        if (c->indicators[i].record_kind == kind && c->indicators[i].cadence == cadence)
            return true;
    return false;
}

/* A kind of which a contributor gives one row: what is asked is yes or no. */
static bool is_yes_or_no(const struct ska_catalogue *c, size_t kind)
{
    for (size_t i = 0; i < c->n_indicators; i++)
        if (c->indicators[i].record_kind == kind && c->indicators[i].bound == 1)
            return true;
    return false;
}

/* Does a rule bound what other kinds of record count by this one's counts, also where these are
 * blank? A rule that is for those who answer has the flag with the other sign. */
static bool bounds_others(const struct ska_catalogue *c, size_t kind,
                          const struct ska_catalogue_rule *rule)
{
    bool has_this = false;
    bool has_other = false;
    bool is_for_answers = false;
    for (size_t t = 0; t < rule->n_terms; t++) {
        const struct ska_rule_term *term = &rule->terms[t];
        size_t len = strcspn(term->cell, ".");
        for (size_t i = 0; i < c->n_indicators; i++) {
            const struct ska_indicator *ind = &c->indicators[i];
            if (strlen(ind->code) != len || strncmp(ind->code, term->cell, len) != 0)
                continue;
            bool is_flag = strcmp(term->cell + len, ".answered") == 0;
            has_this |= ind->record_kind == kind && term->coefficient > 0;
            has_other |= ind->record_kind != kind && term->coefficient < 0;
            is_for_answers |= ind->record_kind == kind && is_flag && term->coefficient < 0;
        }
    }
    return has_this && has_other && !is_for_answers;
}

/* Must an indicator be answered, alone or together with another, or do others hang on it? */
static bool must_be_kept(const struct ska_catalogue *c, size_t kind)
{
    for (size_t r = 0; r < c->n_rules; r++)
        if (bounds_others(c, kind, &c->rules[r]))
            return true;
    for (size_t i = 0; i < c->n_indicators; i++) {
        const struct ska_indicator *ind = &c->indicators[i];
        if (ind->record_kind != kind)
            continue;
        if (!ind->may_be_blank)
            return true;
        char flag[SKA_CELL_CODE_MAX + 1];
        (void)snprintf(flag, sizeof flag, "%s.answered", ind->code); /* fits */
        for (size_t r = 0; r < c->n_rules; r++)
            for (size_t t = 0; c->rules[r].equality && t < c->rules[r].n_terms; t++)
                if (strcmp(c->rules[r].terms[t].cell, flag) == 0)
                    return true;
    }
    return false;
}

/* The same answer in all periods. */
static bool is_kept(const struct order *o, size_t kind)
{
    if (!o->with_gaps || kind == 0 || must_be_kept(o->c, kind))
        return true;
    const char *words[] = {o->seed, o->code, o->c->record_kinds[kind].code};
    draw_seed(words, sizeof words / sizeof words[0]);
    return !draw_chance(NOT_KEPT);
}

/* The first kind are the cases themselves; the others follow from how many there were. */
static uint64_t draw_rows(const struct order *o, const struct records *records, size_t kind)
{
    if (is_yes_or_no(o->c, kind))
        return 1;
    size_t parent = parent_of(o->c, kind);
    if (parent != kind && records[parent].is_there)
        return 2 * records[parent].n;
    if (kind == 0 || !records[0].is_there)
        return draw_count(expected_milli(o) / (kind + 1));
    return draw_count(records[0].n * 1000 / (kind + 1));
}

static bool draw_period(struct records *records, const struct order *o)
{
    const char *who[] = {o->seed, o->code};
    draw_seed(who, sizeof who / sizeof who[0]);
    uint64_t skew = draw_number() % 120; /* what is likeliest is likelier at some than at others */
    for (size_t kind = 0; kind < o->c->n_record_kinds; kind++) {
        if (!is_counted(o->c, kind, o->cadence) || !is_kept(o, kind))
            continue;
        const char *words[] = {o->seed, o->code, o->period, o->c->record_kinds[kind].code};
        draw_seed(words, sizeof words / sizeof words[0]);
        if (!draw_records(&records[kind], o->c, kind, draw_rows(o, records, kind), skew))
            return false;
    }
    return true;
}

/* --- files --- */

/* Returns false after saying what went wrong. */
static bool write_file(const char *folder, const struct order *o, size_t kind,
                       const struct records *records)
{
    char path[1200];
    int len =
        snprintf(path, sizeof path, "%s/%s-synthetic.csv", folder, o->c->record_kinds[kind].code);
    FILE *out = len > 0 && (size_t)len < sizeof path ? fopen(path, "we") : NULL;
    if (out == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
    write_records(out, o->c, kind, records, o->code[strlen(o->code) - 1] % 2 == 1);
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        fprintf(stderr, "%s: cannot be written\n", path);
        return false;
    }
    return true;
}

static bool make_period(const char *folder, const struct order *o)
{
    struct records records[SKA_RECORD_KINDS_MAX] = {0};
    SKA_SCOPED(layout_release) struct ska_layout *layout = NULL;
    struct ska_error err = {0};
    bool is_made = false;
    if (ska_layout_new(&layout, o->c, o->cadence, &err) != SKA_OK)
        fprintf(stderr, "%s: %s\n", o->period, err.text);
    else if (!draw_period(records, o) || !fit_records(records, layout))
        fprintf(stderr, "%s %s: no records keep the catalogue's rules\n", o->code, o->period);
    else
        is_made = true;
    for (size_t kind = 0; kind < o->c->n_record_kinds; kind++) {
        if (is_made && records[kind].is_there)
            is_made = write_file(folder, o, kind, &records[kind]);
        free(records[kind].values);
    }
    return is_made;
}

static bool make_folder(const char *path)
{
    if (mkdir(path, 0755) == 0 || errno == EEXIST)
        return true;
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return false;
}

static bool has_cadence(const struct ska_catalogue *c, enum ska_cadence cadence)
{
    for (size_t i = 0; i < c->n_indicators; i++)
        if (c->indicators[i].cadence == cadence)
            return true;
    return false;
}

static void name_period(char *out, size_t size, const struct cadence_form *form, uint32_t year,
                        uint32_t part)
{
    if (form->mark == '\0')
        (void)snprintf(out, size, "%04u", year);
    else
        (void)snprintf(out, size, "%04u%c%0*u", year, form->mark, form->digits, part);
}

/* Every period of the year of one contributor. */
static bool make_year(const char *folder, struct order *o)
{
    char path[1000];
    (void)snprintf(path, sizeof path, "%s/%s", folder, o->code);
    if (!make_folder(path))
        return false;
    for (size_t i = 0; i < N_FORMS; i++) {
        for (uint32_t part = 1; has_cadence(o->c, forms[i].cadence) && part <= forms[i].periods;
             part++) {
            char period[64];
            name_period(period, sizeof period, &forms[i], o->year, part);
            (void)snprintf(path, sizeof path, "%s/%s/%s", folder, o->code, period);
            o->period = period;
            o->cadence = forms[i].cadence;
            o->part = part;
            if (!make_folder(path) || !make_period(path, o))
                return false;
        }
    }
    return true;
}

/* --- arguments --- */

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

/* Lines of code, name, inhabitants; no field has a comma in it. */
static int make_all(const struct ska_catalogue *c, const char *year, const char *contributors,
                    const char *seed, const char *folder)
{
    struct order o = {.c = c, .seed = seed, .with_gaps = true};
    FILE *in = fopen(contributors, "re");
    if (in == NULL || !make_folder(folder) ||
        ska_period_parse(&o.cadence, &o.year, &o.part, year) != SKA_OK || o.cadence != SKA_YEAR) {
        fprintf(stderr, "%s, %s: not a list and a year\n", contributors, year);
        if (in != NULL)
            (void)fclose(in); /* only read from */
        return 2;
    }
    int status = 0;
    char line[1000];
    for (size_t n = 0; status == 0 && fgets(line, sizeof line, in) != NULL; n++) {
        line[strcspn(line, "\r\n")] = '\0';
        char *name = strchr(line, ',');
        char *inhabitants = name != NULL ? strchr(name + 1, ',') : NULL;
        if (n == 0 || name == NULL || inhabitants == NULL)
            continue;
        *name = '\0';
        o.code = line;
        o.weight = strtoull(inhabitants + 1, NULL, 10);
        if (o.weight == 0)
            o.weight = WEIGHT_OTHERWISE;
        status = make_year(folder, &o) ? 0 : 1;
    }
    (void)fclose(in); /* only read from */
    return status;
}

int main(int argc, char **argv)
{
    bool is_year = argc == 7 && strcmp(argv[1], "--year") == 0;
    if (argc != 7) {
        fputs("usage: synthetic CATALOGUE.json PERIOD CODE WEIGHT SEED FOLDER\n"
              "       synthetic --year YEAR CATALOGUE.json CONTRIBUTORS.csv SEED FOLDER\n",
              stderr);
        return 2;
    }
    SKA_SCOPED(catalogue_release)
    struct ska_catalogue *c = read_catalogue(argv[is_year ? 3 : 1]);
    if (c == NULL)
        return 2;
    if (is_year)
        return make_all(c, argv[2], argv[4], argv[5], argv[6]);
    struct order o = {.c = c,
                      .period = argv[2],
                      .code = argv[3],
                      .weight = strtoull(argv[4], NULL, 10),
                      .seed = argv[5]};
    if (ska_period_parse(&o.cadence, &o.year, &o.part, argv[2]) != SKA_OK || argv[3][0] == '\0') {
        fprintf(stderr, "%s: not a period\n", argv[2]);
        return 2;
    }
    return make_period(argv[6], &o) ? 0 : 1;
}
