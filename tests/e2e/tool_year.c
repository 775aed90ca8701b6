/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_year.c - what tests/e2e/year needs to know of a catalogue, and a second count of case
 * records, shorter and slower than the officer's program and sharing none of its code.
 *
 *     tool_year kinds CATALOGUE.json        one line for each kind of record and cadence that
 *                                           counts it: "quarter samrad"
 *     tool_year sums CATALOGUE.json LIST    LIST has lines CONTRIBUTOR TAB PERIOD TAB KIND TAB
 * FILE, the files of one contributor and period together; prints period,cell,value for each period
 *
 *     tool_year groups GROUPS.json          one line for each member: CODE TAB MEMBER
 *
 * KIND may be empty: then it is the first kind that has all columns of the file's first line. A sum
 * is over those contributors that have a file of the indicator's kind with the columns it needs.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "protocol/catalogue.h"
#include "protocol/words.h"

#define FILE_BYTES_MAX (8u << 20)
#define CELLS_MAX 8192
#define WORDS_MAX (1u << 20) /* a power of two */
#define PERIODS_MAX 100

static _Noreturn void stop(const char *format, ...) SKA_PRINTF(1, 2);
static void stop(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

static char *fold(const char *text)
{
    char *folded = ska_fold_new(text);
    if (folded == NULL)
        stop("out of memory");
    return folded;
}

static bool is_same(const char *a, const char *b)
{
    char *x = fold(a);
    char *y = fold(b);
    bool same = strcmp(x, y) == 0;
    free(x);
    free(y);
    return same;
}

static bool is_one_of(const struct ska_strings *words, const char *word)
{
    for (size_t i = 0; i < words->n; i++)
        if (is_same(words->at[i], word))
            return true;
    return false;
}

/* --- the file as text: UTF-8, whatever it was --- */

static char *read_file(const char *path)
{
    FILE *in = fopen(path, "rbe");
    unsigned char *raw = malloc(FILE_BYTES_MAX);
    char *text = malloc(2 * FILE_BYTES_MAX + 1);
    if (in == NULL || raw == NULL || text == NULL)
        stop("%s: %s", path, strerror(errno));
    size_t len = fread(raw, 1, FILE_BYTES_MAX, in);
    (void)fclose(in); /* only read from */
    size_t n = 0;
    if (ska_utf8_is_valid((char *)raw, len)) {
        size_t mark = len >= 3 && memcmp(raw, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
        memcpy(text, raw + mark, len - mark);
        n = len - mark;
    } else {
        for (size_t i = 0; i < len; i++) { /* Latin-1, and a hyphen for what is not */
            if (raw[i] >= 0xA0) {
                text[n++] = (char)(0xC0 | raw[i] >> 6);
                text[n++] = (char)(0x80 | (raw[i] & 0x3F));
            } else {
                text[n++] = raw[i] >= 0x80 ? '-' : (char)raw[i];
            }
        }
    }
    text[n] = '\0';
    free(raw);
    return text;
}

/* Cut the next row off the text in place. Returns its number of fields, 0 at the end. */
static size_t next_row(char **fields, char **text, char separator)
{
    char *from = *text;
    while (*from == '\r' || *from == '\n')
        from++;
    if (*from == '\0')
        return 0;
    size_t n = 0;
    char *to = from;
    fields[n++] = to;
    for (bool quoted = false;; from++) {
        if (*from == '"' && quoted && from[1] == '"') {
            *to++ = *++from;
        } else if (*from == '"') {
            quoted = !quoted;
        } else if (!quoted && *from == separator && n < SKA_COLUMNS_MAX) {
            *to++ = '\0';
            fields[n++] = to;
        } else if (*from == '\0' || (!quoted && (*from == '\r' || *from == '\n'))) {
            *text = *from == '\0' ? from : from + 1;
            *to = '\0';
            return n;
        } else {
            *to++ = *from;
        }
    }
}

static char separator_of(const char *text)
{
    size_t line = strcspn(text, "\r\n");
    char best = ';';
    size_t most = 0;
    for (const char *s = ";,\t"; *s != '\0'; s++) {
        size_t n = 0;
        for (size_t i = 0; i < line; i++)
            n += text[i] == *s;
        if (n > most)
            best = *s;
        most = n > most ? n : most;
    }
    return best;
}

/* --- which column, which kind --- */

#define NOWHERE SIZE_MAX

static size_t column_of(const struct ska_record_kind *k, const char *header)
{
    for (size_t i = 0; i < k->n_columns; i++)
        if (is_same(k->columns[i].code, header) || is_one_of(&k->columns[i].headers, header))
            return i;
    return NOWHERE;
}

/* The kind of a file by its code, or by its header: of those kinds whose required columns are all
 * there, the one of which most are. */
static size_t kind_of(const struct ska_catalogue *c, const char *code, char *const *headers,
                      size_t n, const char *path)
{
    size_t best = NOWHERE;
    size_t most = 0;
    for (size_t i = 0; i < c->n_record_kinds; i++) {
        const struct ska_record_kind *k = &c->record_kinds[i];
        if (strcmp(k->code, code) == 0)
            return i;
        bool is_there[SKA_COLUMNS_MAX] = {false};
        size_t known = 0;
        for (size_t j = 0; j < n; j++) {
            size_t at = column_of(k, headers[j]);
            known += at != NOWHERE;
            if (at != NOWHERE)
                is_there[at] = true;
        }
        for (size_t j = 0; j < k->n_columns; j++)
            known = k->columns[j].required && !is_there[j] ? 0 : known;
        if (known > most)
            best = i;
        most = known > most ? known : most;
    }
    if (best == NOWHERE || code[0] != '\0')
        stop("%s: of which kind is it?", path);
    return best;
}

/* --- counting one contributor's period --- */

struct count {
    const struct ska_catalogue *c;
    enum ska_cadence cadence;
    uint64_t cell[CELLS_MAX]; /* in the order of print_sums, one contributor's */
    bool answered[SKA_INDICATORS_MAX];
    char *met[WORDS_MAX]; /* hash table of "indicator place word" of distinct values, owned */
    size_t n_met;
};

/* True the first time. */
static bool meet(struct count *t, size_t indicator, size_t place, const char *word)
{
    char *folded = fold(word);
    size_t size = strlen(folded) + 60;
    char *entry = malloc(size);
    if (entry == NULL || t->n_met > WORDS_MAX / 2)
        stop("too many different values");
    (void)snprintf(entry, size, "%zu %zu %s", indicator, place, folded);
    free(folded);
    uint32_t at = 2166136261u; /* FNV-1a */
    for (const char *byte = entry; *byte != '\0'; byte++)
        at = (at ^ (uint8_t)*byte) * 16777619u;
    for (at %= WORDS_MAX; t->met[at] != NULL; at = (at + 1) % WORDS_MAX) {
        if (strcmp(t->met[at], entry) == 0) {
            free(entry);
            return false;
        }
    }
    t->met[at] = entry;
    t->n_met++;
    return true;
}

static size_t category_of(const struct ska_dimension *d, const char *word)
{
    for (size_t i = 0; i < d->n_categories; i++) {
        const struct ska_category *k = &d->categories[i];
        if (is_same(k->code, word) || is_same(k->label.sv, word) || is_same(k->label.en, word) ||
            is_one_of(&k->values, word))
            return i;
    }
    return NOWHERE;
}

/* Out: in[i] for each category that a field says. */
static void categories_of(bool in[static SKA_CATEGORIES_MAX], const struct ska_dimension *d,
                          const char *field)
{
    memset(in, 0, SKA_CATEGORIES_MAX);
    if (!d->multiple_response) {
        size_t at = category_of(d, field);
        if (at != NOWHERE)
            in[at] = true;
        return;
    }
    char word[4000];
    while (*field != '\0') {
        size_t len = strcspn(field, ",|");
        (void)snprintf(word, sizeof word, "%.*s", (int)len, field);
        size_t at = category_of(d, word);
        if (at != NOWHERE)
            in[at] = true;
        field += len;
        field += *field != '\0';
    }
}

static bool is_yes(const char *field)
{
    static const char *const words[] = {"ja", "j", "yes", "y", "1", "x", "true", "sant"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (is_same(words[i], field))
            return true;
    return false;
}

static bool holds(const struct ska_catalogue *c, const struct ska_column *column,
                  const struct ska_condition *condition, const char *field)
{
    if (column->kind == SKA_COLUMN_FLAG)
        return is_one_of(&condition->values, is_yes(field) ? "yes" : "no");
    if (column->kind == SKA_COLUMN_TEXT)
        return is_one_of(&condition->values, field);
    const struct ska_dimension *d = &c->dimensions[column->dimension];
    bool in[SKA_CATEGORIES_MAX];
    categories_of(in, d, field);
    for (size_t i = 0; i < d->n_categories; i++)
        if (in[i] && is_one_of(&condition->values, d->categories[i].code))
            return true;
    return false;
}

/* The column of a record kind that carries a dimension. */
static size_t dimension_column(const struct ska_record_kind *k, uint32_t dimension)
{
    for (size_t i = 0; i < k->n_columns; i++)
        if (k->columns[i].kind == SKA_COLUMN_CATEGORY && k->columns[i].dimension == dimension)
            return i;
    return NOWHERE;
}

/* Are all the columns there that an indicator needs? */
static bool can_count(const struct ska_catalogue *c, const struct ska_indicator *ind,
                      const bool *is_there)
{
    const struct ska_record_kind *k = &c->record_kinds[ind->record_kind];
    bool can = ind->sum_column == SKA_NONE || is_there[ind->sum_column];
    can = can && (ind->distinct_column == SKA_NONE || is_there[ind->distinct_column]);
    for (size_t i = 0; i < ind->n_conditions; i++)
        can = can && is_there[ind->conditions[i].column];
    for (size_t i = 0; i < ind->n_tables; i++)
        can = can && is_there[dimension_column(k, ind->tables[i])];
    return can;
}

/* A row that counts, in its indicator's cells from `at` on. */
static void add_row(struct count *t, size_t indicator, size_t at, char *const *row)
{
    const struct ska_indicator *ind = &t->c->indicators[indicator];
    const struct ska_record_kind *k = &t->c->record_kinds[ind->record_kind];
    const char *who = ind->distinct_column == SKA_NONE ? NULL : row[ind->distinct_column];
    if (who != NULL && who[strspn(who, " ")] == '\0')
        return;
    uint64_t amount = ind->sum_column == SKA_NONE ? 1 : strtoull(row[ind->sum_column], NULL, 10);
    bool is_new = who == NULL || meet(t, indicator, 0, who);
    t->cell[at++] += is_new ? amount : 0;
    for (size_t i = 0; i < ind->n_tables; i++) {
        const struct ska_dimension *d = &t->c->dimensions[ind->tables[i]];
        bool in[SKA_CATEGORIES_MAX];
        categories_of(in, d, row[dimension_column(k, ind->tables[i])]);
        for (size_t j = 0; j < d->n_categories; j++, at++) {
            bool adds = in[j] && (is_new || d->multiple_response);
            if (adds && who != NULL && d->multiple_response)
                adds = meet(t, indicator, at + 1, who);
            t->cell[at] += adds ? amount : 0;
        }
    }
}

static size_t cells_of(const struct ska_catalogue *c, const struct ska_indicator *ind)
{
    size_t n = 1;
    for (size_t i = 0; i < ind->n_tables; i++)
        n += c->dimensions[ind->tables[i]].n_categories;
    return n;
}

static void count_row(struct count *t, size_t kind, const bool *is_there, char *const *row)
{
    const struct ska_record_kind *k = &t->c->record_kinds[kind];
    for (size_t i = 0, at = 0; i < t->c->n_indicators; i++) {
        const struct ska_indicator *ind = &t->c->indicators[i];
        bool is_counted = ind->record_kind == kind && ind->cadence == t->cadence &&
                          can_count(t->c, ind, is_there);
        for (size_t w = 0; is_counted && w < ind->n_conditions; w++) {
            const struct ska_condition *condition = &ind->conditions[w];
            is_counted =
                holds(t->c, &k->columns[condition->column], condition, row[condition->column]);
        }
        if (is_counted)
            add_row(t, i, at, row);
        at += cells_of(t->c, ind);
    }
}

static void count_file(struct count *t, const char *path, const char *kind_code)
{
    char *text = read_file(path);
    char *rest = text;
    char separator = separator_of(text);
    char *fields[SKA_COLUMNS_MAX];
    char *row[SKA_COLUMNS_MAX];
    size_t place[SKA_COLUMNS_MAX];
    bool is_there[SKA_COLUMNS_MAX] = {false};
    static char nothing[] = "";
    size_t n = next_row(fields, &rest, separator);
    size_t kind = kind_of(t->c, kind_code, fields, n, path);
    const struct ska_record_kind *k = &t->c->record_kinds[kind];
    for (size_t i = 0; i < n; i++) {
        place[i] = column_of(k, fields[i]);
        if (place[i] != NOWHERE)
            is_there[place[i]] = true;
    }
    for (size_t i = 0; i < t->c->n_indicators; i++)
        t->answered[i] |= t->c->indicators[i].record_kind == kind &&
                          can_count(t->c, &t->c->indicators[i], is_there);
    for (size_t got = 0; (got = next_row(fields, &rest, separator)) > 0;) {
        for (size_t i = 0; i < k->n_columns; i++)
            row[i] = nothing;
        for (size_t i = 0; i < got && i < n; i++)
            if (place[i] != NOWHERE)
                row[place[i]] = fields[i];
        count_row(t, kind, is_there, row);
    }
    free(text);
}

/* --- sums --- */

struct sums {
    char period[SKA_PERIOD_MAX + 1];
    enum ska_cadence cadence;
    uint64_t cell[CELLS_MAX];
    uint64_t answered[SKA_INDICATORS_MAX];
};

static struct sums *sums_of(struct sums **all, size_t *n, const char *period)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(all[i]->period, period) == 0)
            return all[i];
    struct sums *s = calloc(1, sizeof *s);
    uint32_t year = 0;
    uint32_t part = 0;
    if (s == NULL || *n == PERIODS_MAX ||
        ska_period_parse(&s->cadence, &year, &part, period) != SKA_OK)
        stop("%s: not a period, or too many", period);
    (void)snprintf(s->period, sizeof s->period, "%s", period);
    all[(*n)++] = s;
    return s;
}

/* One contributor's counts into the sums; the count begins anew. */
static void add_count(struct sums *s, struct count *t)
{
    for (size_t i = 0, at = 0; i < t->c->n_indicators; i++) {
        s->answered[i] += t->answered[i];
        for (size_t end = at + cells_of(t->c, &t->c->indicators[i]); at < end; at++)
            s->cell[at] += t->cell[at];
    }
    for (size_t i = 0; t->n_met > 0 && i < WORDS_MAX; i++) {
        free(t->met[i]);
        t->met[i] = NULL;
    }
    memset(t->cell, 0, sizeof t->cell);
    memset(t->answered, 0, sizeof t->answered);
    t->n_met = 0;
}

static void print_sums(const struct ska_catalogue *c, const struct sums *s)
{
    for (size_t i = 0, at = 0; i < c->n_indicators; i++) {
        const struct ska_indicator *ind = &c->indicators[i];
        if (ind->cadence != s->cadence) {
            at += cells_of(c, ind);
            continue;
        }
        printf("%s,%s,%" PRIu64 "\n", s->period, ind->code, s->cell[at++]);
        if (ind->may_be_blank)
            printf("%s,%s.answered,%" PRIu64 "\n", s->period, ind->code, s->answered[i]);
        for (size_t j = 0; j < ind->n_tables; j++) {
            const struct ska_dimension *d = &c->dimensions[ind->tables[j]];
            for (size_t k = 0; k < d->n_categories; k++)
                printf("%s,%s.%s.%s,%" PRIu64 "\n", s->period, ind->code, d->code,
                       d->categories[k].code, s->cell[at++]);
        }
    }
}

static int print_all(const struct ska_catalogue *c, const char *list)
{
    static struct count t;
    static struct sums *all[PERIODS_MAX];
    size_t n = 0;
    size_t cells = 0;
    for (size_t i = 0; i < c->n_indicators; i++)
        cells += cells_of(c, &c->indicators[i]);
    FILE *in = fopen(list, "re");
    if (in == NULL || cells > CELLS_MAX)
        stop("%s: %s", list, in == NULL ? strerror(errno) : "too many cells");
    t.c = c;
    char line[4096];
    char before[4096] = "";
    struct sums *s = NULL;
    while (fgets(line, sizeof line, in) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *period = strchr(line, '\t');
        char *kind = period == NULL ? NULL : strchr(period + 1, '\t');
        char *path = kind == NULL ? NULL : strchr(kind + 1, '\t');
        if (path == NULL)
            stop("%s: a line has fewer than four fields", list);
        *kind++ = '\0';
        *path++ = '\0';
        if (strcmp(before, line) != 0 && s != NULL)
            add_count(s, &t);
        (void)snprintf(before, sizeof before, "%s", line);
        s = sums_of(all, &n, period + 1);
        t.cadence = s->cadence;
        count_file(&t, path, kind);
    }
    (void)fclose(in); /* only read from */
    if (s != NULL)
        add_count(s, &t);
    for (size_t i = 0; i < n; i++) {
        print_sums(c, all[i]);
        free(all[i]);
    }
    return 0;
}

/* --- kinds --- */

static int print_kinds(const struct ska_catalogue *c)
{
    static const char *const names[] = {"", "month", "quarter", "four_months", "half_year", "year"};
    for (int cadence = SKA_MONTH; cadence <= SKA_YEAR; cadence++) {
        for (size_t k = 0; k < c->n_record_kinds; k++) {
            bool is_counted = false;
            for (size_t i = 0; i < c->n_indicators; i++)
                is_counted |=
                    c->indicators[i].record_kind == k && (int)c->indicators[i].cadence == cadence;
            if (is_counted)
                printf("%s %s\n", names[cadence], c->record_kinds[k].code);
        }
    }
    return 0;
}

/* --- groups --- */

static int print_groups(const char *path)
{
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
    size_t i = 0;
    json_t *group = NULL;
    if (root == NULL)
        stop("%s: is not JSON", path);
    json_array_foreach(json_object_get(root, "groups"), i, group)
    {
        size_t j = 0;
        json_t *member = NULL;
        json_array_foreach(json_object_get(group, "members"), j, member)
        {
            const char *code = json_string_value(json_object_get(group, "code"));
            if (code == NULL || json_string_value(member) == NULL)
                stop("%s: group %zu is not a code and members", path, i);
            printf("%s\t%s\n", code, json_string_value(member));
        }
    }
    json_decref(root);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "groups") == 0)
        return print_groups(argv[2]);
    bool is_sums = argc == 4 && strcmp(argv[1], "sums") == 0;
    if (!is_sums && !(argc == 3 && strcmp(argv[1], "kinds") == 0)) {
        fputs("usage: tool_year kinds CATALOGUE.json\n       tool_year sums CATALOGUE.json LIST\n"
              "       tool_year groups GROUPS.json\n",
              stderr);
        return 2;
    }
    char *json = read_file(argv[2]);
    struct ska_catalogue *c = NULL;
    struct ska_error err = {0};
    if (ska_catalogue_parse(&c, json, strlen(json), &err) != SKA_OK)
        stop("%s: %s", argv[2], err.text);
    free(json);
    int status = is_sums ? print_all(c, argv[3]) : print_kinds(c);
    ska_catalogue_free(c);
    return status;
}
