/* SPDX-License-Identifier: EUPL-1.2 */
/* population_csv.c - a population table from CSV, wide or long. */
#include "reports/data/population.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "crypto/scoped.h"
#include "protocol/text.h"
#include "support/language.h"

#define COLUMNS_MAX 100
#define AGE_MAX 150

enum column {
    COLUMN_OTHER,
    COLUMN_CODE,
    COLUMN_ALL,
    COLUMN_WOMEN,
    COLUMN_MEN,
    COLUMN_SEX,
    COLUMN_AGE_FROM,
    COLUMN_AGE_TO,
    COLUMN_NUMBER,
    COLUMN_YEAR,
    N_COLUMNS
};

/* Names of columns, without case. */
static const struct {
    const char *name;
    enum column column;
} names[] = {{"code", COLUMN_CODE},
             {"kod", COLUMN_CODE},
             {"kommun_kod", COLUMN_CODE},
             {"kommunkod", COLUMN_CODE},
             {"municipality_code", COLUMN_CODE},
             {"population", COLUMN_ALL},
             {"folkm\xC3\xA4ngd", COLUMN_ALL},
             {"folkmangd", COLUMN_ALL},
             {"women", COLUMN_WOMEN},
             {"kvinnor", COLUMN_WOMEN},
             {"men", COLUMN_MEN},
             {"m\xC3\xA4n", COLUMN_MEN},
             {"sex", COLUMN_SEX},
             {"k\xC3\xB6n", COLUMN_SEX},
             {"age_from", COLUMN_AGE_FROM},
             {"age_to", COLUMN_AGE_TO},
             {"number", COLUMN_NUMBER},
             {"antal", COLUMN_NUMBER},
             {"year", COLUMN_YEAR},
             {"\xC3\xA5r", COLUMN_YEAR}};

/* The ages of a row that were given, to see that none is counted twice. */
struct ages {
    bool seen[3][AGE_MAX + 1]; /* all, women, men */
};

struct table {
    struct population *out;
    struct ska_error *err;
    enum ska_status status; /* the first failure; nothing is read after it */
    size_t line, n_fields;  /* of the row being read; lines of the file, from 1 */
    size_t n_header;
    bool has_header;           /* the first row was read */
    char title[N_COLUMNS][64]; /* what the file calls a column */
    enum column columns[COLUMNS_MAX];
    char field[N_COLUMNS][64]; /* of the row, "" where there is none */
    bool has[N_COLUMNS];
    struct ages *ages; /* owned, by row; NULL in the wide form */
};

static void table_clear(struct table *t)
{
    free(t->ages);
    t->ages = NULL;
}

/* What the file calls a column; how it could be called if it has none. */
static const char *title_of(const struct table *t, enum column column)
{
    static const char *const column_names[N_COLUMNS] = {
        "", "code", "population", "women", "men", "sex", "age_from", "age_to", "number", "year"};
    return t->has[column] ? t->title[column] : column_names[column];
}

/* `why` is told instead of the status' text, unless it is NULL. */
static enum ska_status fail_why(struct table *t, enum ska_status status, enum column column,
                                const char *why)
{
    return ska_fail(t->err, status, tr("rad %zu, %s: \"%s\": %s", "line %zu, %s: \"%s\": %s"),
                    t->line, title_of(t, column), t->field[column],
                    why != NULL ? why : ska_status_text(status));
}

static enum ska_status fail(struct table *t, enum ska_status status, enum column column)
{
    return fail_why(t, status, column, NULL);
}

static bool is_same(const char *a, const char *b)
{
    for (; *a != '\0' && *b != '\0'; a++, b++) {
        char c = *a >= 'A' && *a <= 'Z' ? (char)(*a - 'A' + 'a') : *a;
        if (c != *b)
            return false;
    }
    return *a == *b;
}

static enum column find_column(const char *name)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (is_same(name, names[i].name))
            return names[i].column;
    return COLUMN_OTHER;
}

/* One field of the header or of a row. */
static enum ska_status take_field(struct table *t, const char *text, size_t len)
{
    char value[64] = "";
    if (len < sizeof value)
        memcpy(value, text, len);
    if (!t->has_header) {
        if (t->n_header == COLUMNS_MAX)
            return ska_fail(t->err, SKA_E_LIMIT,
                            tr("f\xC3\xB6r m\xC3\xA5nga kolumner", "too many columns"));
        enum column column = find_column(value);
        if (column != COLUMN_OTHER && t->has[column])
            return ska_fail(
                t->err, SKA_E_CONFLICT,
                tr("kolumnen %s st\xC3\xA5r tv\xC3\xA5 g\xC3\xA5nger", "column %s is there twice"),
                value);
        t->has[column] = true;
        memcpy(t->title[column], value, sizeof value);
        t->columns[t->n_header++] = column;
        return SKA_OK;
    }
    enum column column = t->n_fields < t->n_header ? t->columns[t->n_fields] : COLUMN_OTHER;
    if (column == COLUMN_OTHER)
        return SKA_OK;
    memcpy(t->field[column], value, sizeof value);
    return len < sizeof value ? SKA_OK : fail(t, SKA_E_LIMIT, column);
}

static enum ska_status check_header(struct table *t)
{
    bool wide = t->has[COLUMN_ALL] || t->has[COLUMN_WOMEN] || t->has[COLUMN_MEN];
    bool is_long = t->has[COLUMN_SEX] && t->has[COLUMN_AGE_FROM] && t->has[COLUMN_AGE_TO] &&
                   t->has[COLUMN_NUMBER];
    if (t->has[COLUMN_CODE] && wide != is_long)
        return SKA_OK;
    return ska_fail(t->err, SKA_E_FORMAT,
                    tr("kolumnerna ska vara code och n\xC3\xA5gra av population, women, men; eller "
                       "code, sex, age_from, age_to, number",
                       "columns must be code and some of population, women, men; or code, sex, "
                       "age_from, age_to, number"));
}

static enum ska_status read_number(uint64_t *out, struct table *t, enum column column, uint64_t max)
{
    enum ska_status status = options_number(out, t->field[column], max);
    if (status != SKA_E_FORMAT)
        return status == SKA_OK ? SKA_OK : fail(t, status, column);
    return fail_why(t, status, column,
                    tr("ska vara ett heltal med bara siffror, utan mellanslag, komma eller tecken",
                       "must be a whole number, digits alone, no spaces, comma or sign"));
}

/* A row must be as long as the header, else a comma in a number has moved its columns. */
static enum ska_status check_length(struct table *t)
{
    if (t->n_fields == t->n_header)
        return SKA_OK;
    return ska_fail(t->err, SKA_E_FORMAT,
                    tr("rad %zu har %zu f\xC3\xA4lt, men rubrikraden %zu kolumner",
                       "line %zu has %zu fields, but the header %zu columns"),
                    t->line, t->n_fields, t->n_header);
}

/* A column that says the year must say that of the table's date, where there is one. */
static enum ska_status check_year(struct table *t)
{
    const char *year = t->field[COLUMN_YEAR], *date = t->out->date;
    if (!t->has[COLUMN_YEAR] || date[0] == '\0')
        return SKA_OK;
    return strlen(year) == 4 && strncmp(year, date, 4) == 0
               ? SKA_OK
               : fail_why(t, SKA_E_CONFLICT, COLUMN_YEAR,
                          tr("inte samma \xC3\xA5r som --date", "not the year of --date"));
}

/* The row of a code; a new one if there is none yet. */
static enum ska_status row_for(struct population_row **out, struct table *t, bool *is_new)
{
    const char *code = t->field[COLUMN_CODE];
    struct population *p = t->out;
    *is_new = false;
    enum ska_status status = ska_code_check(code, strlen(code));
    if (status != SKA_OK)
        return fail(t, status, COLUMN_CODE);
    /* Long files keep a code's bands together: the last row first. */
    for (uint32_t i = p->n; i > 0; i--)
        if (strcmp(p->at[i - 1].code, code) == 0) {
            *out = &p->at[i - 1];
            return SKA_OK;
        }
    if (p->n == POPULATION_ROWS_MAX)
        return fail(t, SKA_E_LIMIT, COLUMN_CODE);
    *out = &p->at[p->n++];
    memcpy((*out)->code, code, strlen(code) + 1); /* measured by ska_code_check */
    *is_new = true;
    return SKA_OK;
}

static enum ska_status take_wide(struct table *t)
{
    struct population_row *row = NULL;
    bool is_new = false;
    SKA_TRY(row_for(&row, t, &is_new));
    if (!is_new)
        return fail_why(t, SKA_E_CONFLICT, COLUMN_CODE,
                        tr("koden st\xC3\xA5r p\xC3\xA5 en tidigare rad ocks\xC3\xA5",
                           "the code is on an earlier line too"));
    if (t->has[COLUMN_ALL])
        SKA_TRY(read_number(&row->all, t, COLUMN_ALL, POPULATION_NUMBER_MAX));
    if (t->has[COLUMN_WOMEN])
        SKA_TRY(read_number(&row->women, t, COLUMN_WOMEN, POPULATION_NUMBER_MAX));
    if (t->has[COLUMN_MEN])
        SKA_TRY(read_number(&row->men, t, COLUMN_MEN, POPULATION_NUMBER_MAX));
    if (!t->has[COLUMN_WOMEN] || !t->has[COLUMN_MEN])
        return SKA_OK;
    if (!t->has[COLUMN_ALL])
        row->all = row->women + row->men;
    return row->all == row->women + row->men ? SKA_OK
                                             : fail_why(t, SKA_E_CONFLICT, COLUMN_ALL,
                                                        tr("inte summan av kvinnor och m\xC3\xA4n",
                                                           "not women and men together"));
}

static enum ska_status find_sex(enum column *out, struct table *t)
{
    static const struct {
        const char *name;
        enum column sex;
    } sexes[] = {{"women", COLUMN_WOMEN}, {"kvinnor", COLUMN_WOMEN},  {"k", COLUMN_WOMEN},
                 {"w", COLUMN_WOMEN},     {"f", COLUMN_WOMEN},        {"2", COLUMN_WOMEN},
                 {"men", COLUMN_MEN},     {"m\xC3\xA4n", COLUMN_MEN}, {"m", COLUMN_MEN},
                 {"1", COLUMN_MEN},       {"all", COLUMN_ALL},        {"alla", COLUMN_ALL},
                 {"totalt", COLUMN_ALL},  {"1+2", COLUMN_ALL}};
    for (size_t i = 0; i < sizeof sexes / sizeof sexes[0]; i++)
        if (is_same(t->field[COLUMN_SEX], sexes[i].name)) {
            *out = sexes[i].sex;
            return SKA_OK;
        }
    return fail(t, SKA_E_FORMAT, COLUMN_SEX);
}

/* Remember the ages; SKA_E_CONFLICT if one was there before. */
static enum ska_status keep_ages(struct table *t, size_t row, enum column sex, uint64_t from,
                                 uint64_t to)
{
    if (t->ages == NULL)
        t->ages = ska_alloc(POPULATION_ROWS_MAX, sizeof *t->ages);
    if (t->ages == NULL)
        return SKA_E_MEMORY;
    bool *seen = t->ages[row].seen[sex - COLUMN_ALL];
    for (uint64_t age = from; age <= to; age++) {
        if (seen[age])
            return fail_why(t, SKA_E_CONFLICT, COLUMN_AGE_FROM,
                            tr("\xC3\xA5ldern st\xC3\xA5r p\xC3\xA5 en tidigare rad ocks\xC3\xA5",
                               "the age is on an earlier line too"));
        seen[age] = true;
    }
    return SKA_OK;
}

static enum ska_status take_long(struct table *t)
{
    struct population_row *row = NULL;
    enum column sex = COLUMN_ALL;
    uint64_t from = 0, to = 0, number = 0;
    bool is_new = false;
    SKA_TRY(row_for(&row, t, &is_new));
    SKA_TRY(find_sex(&sex, t));
    SKA_TRY(read_number(&from, t, COLUMN_AGE_FROM, AGE_MAX));
    SKA_TRY(read_number(&to, t, COLUMN_AGE_TO, AGE_MAX));
    SKA_TRY(read_number(&number, t, COLUMN_NUMBER, POPULATION_NUMBER_MAX));
    if (from > to)
        return fail(t, SKA_E_RANGE, COLUMN_AGE_TO);
    SKA_TRY(keep_ages(t, (size_t)(row - t->out->at), sex, from, to));
    assert(row != NULL);
    uint64_t *sum = sex == COLUMN_WOMEN ? &row->women : sex == COLUMN_MEN ? &row->men : &row->all;
    *sum += number; /* at most 151 bands of 10^11 */
    return SKA_OK;
}

static enum ska_status take_row(struct table *t)
{
    SKA_TRY(check_length(t));
    SKA_TRY(check_year(t));
    return t->has[COLUMN_NUMBER] ? take_long(t) : take_wide(t);
}

static void on_field(void *text, size_t len, void *arg)
{
    struct table *t = arg;
    if (t->status == SKA_OK)
        t->status = take_field(t, text != NULL ? text : "", len);
    t->n_fields++;
}

static void on_row(int end, void *arg)
{
    struct table *t = arg;
    (void)end;
    if (t->status == SKA_OK && !t->has_header)
        t->status = check_header(t);
    else if (t->status == SKA_OK)
        t->status = take_row(t);
    t->has_header = true;
    t->n_fields = 0;
    memset(t->field, 0, sizeof t->field);
}

/* What stands most often in the first line. */
static unsigned char find_separator(struct ska_slice csv)
{
    static const char separators[] = ",;\t";
    size_t best = 0, most = 0;
    for (size_t s = 0; s < 3; s++) {
        size_t n = 0;
        for (size_t i = 0; i < csv.len && csv.data[i] != '\n'; i++)
            n += csv.data[i] == (uint8_t)separators[s];
        if (n > most) {
            most = n;
            best = s;
        }
    }
    return (unsigned char)separators[best];
}

static enum ska_status read_rows(struct table *t, struct ska_slice csv)
{
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return SKA_E_MEMORY;
    csv_set_delim(&parser, find_separator(csv));
    bool ok = true;
    for (size_t at = 0; ok && at < csv.len;) { /* line by line, to know which it is */
        const uint8_t *newline = memchr(csv.data + at, '\n', csv.len - at);
        size_t len = newline != NULL ? (size_t)(newline - csv.data) + 1 - at : csv.len - at;
        t->line++;
        ok = csv_parse(&parser, csv.data + at, len, on_field, on_row, t) == len;
        at += len;
    }
    ok = ok && csv_fini(&parser, on_field, on_row, t) == 0;
    csv_free(&parser);
    SKA_TRY(t->status);
    return ok ? SKA_OK
              : ska_fail(t->err, SKA_E_FORMAT,
                         tr("rad %zu: fel med citattecken", "line %zu: wrong quoting"), t->line);
}

/* Long: the same ages of all codes, and of women and men, else sums are of different people; then
 * all is women and men, unless it was told, and then they must be the same. */
static enum ska_status check_ages(struct table *t)
{
    const size_t size = sizeof t->ages[0].seen[0];
    for (uint32_t i = 0; i < t->out->n; i++) {
        struct population_row *row = &t->out->at[i];
        const struct ages *ages = &t->ages[i];
        bool has_both = row->women > 0 && row->men > 0;
        if (memcmp(ages, &t->ages[0], sizeof *ages) != 0)
            return ska_fail(t->err, SKA_E_CONFLICT,
                            tr("%s: %s har inte samma \xC3\xA5ldrar och k\xC3\xB6n som %s",
                               "%s: %s does not have the same ages and sexes as %s"),
                            title_of(t, COLUMN_AGE_FROM), row->code, t->out->at[0].code);
        if (has_both && memcmp(ages->seen[1], ages->seen[2], size) != 0)
            return ska_fail(t->err, SKA_E_CONFLICT,
                            tr("%s: %s har andra \xC3\xA5ldrar f\xC3\xB6r kvinnor \xC3\xA4n "
                               "f\xC3\xB6r m\xC3\xA4n",
                               "%s: %s has other ages of women than of men"),
                            title_of(t, COLUMN_AGE_FROM), row->code);
        if (has_both && row->all == 0)
            row->all = row->women + row->men;
        if (has_both && row->all != row->women + row->men)
            return ska_fail(
                t->err, SKA_E_CONFLICT,
                tr("%s: %s har inte s\xC3\xA5 m\xC3\xA5nga som kvinnor och m\xC3\xA4n tillsammans",
                   "%s: %s does not have as many as women and men together"),
                title_of(t, COLUMN_NUMBER), row->code);
    }
    return SKA_OK;
}

static int compare_rows(const void *a, const void *b)
{
    const struct population_row *left = a, *right = b;
    return strcmp(left->code, right->code);
}

enum ska_status population_parse(struct population *out, struct ska_slice csv,
                                 struct ska_error *err)
{
    SKA_SCOPED(population_clear) struct population p = {0};
    SKA_SCOPED(table_clear) struct table t = {.out = &p, .err = err};
    memcpy(p.date, out->date, sizeof p.date);
    p.at = ska_alloc(POPULATION_ROWS_MAX, sizeof *p.at);
    if (p.at == NULL)
        return SKA_E_MEMORY;
    if (csv.len >= 3 && memcmp(csv.data, "\xEF\xBB\xBF", 3) == 0)
        csv = (struct ska_slice){csv.data + 3, csv.len - 3}; /* a byte order mark */
    SKA_TRY(read_rows(&t, csv));
    if (p.n == 0)
        return ska_fail(err, SKA_E_FORMAT, tr("tabellen \xC3\xA4r tom", "the table is empty"));
    if (t.ages != NULL)
        SKA_TRY(check_ages(&t));
    qsort(p.at, p.n, sizeof *p.at, compare_rows);
    out->n = p.n;
    out->at = p.at;
    p.at = NULL;
    return SKA_OK;
}
