/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * catalogue_binary.c - the canonical form of a catalogue: what is hashed and signed.
 *
 *     catalogue    u8 version = 2 or 3 | code id | code edition | text title | text description |
 *                  text source | list of dimension | list of kind | list of indicator |
 *                  list of rule
 *     code         opaque8                       text     opaque16 sv | opaque16 en
 *     list of X    u16 n | n x X                 strings  list of opaque16
 *     dimension    code | text label | u8 multiple_response |
 *                  list of (code | text label | strings)
 *     kind         code | text label | list of column
 *     column       code | u8 kind | u32 dimension | u8 required | strings headers
 *     indicator    code | text label, description, unit | u8 origin | text source | u8 cadence |
 *                  u8 sensitivity | u64 bound | u64 soft_warn | u8 may_be_blank | u8 zeros |
 *                  u8 yearly | u8 marks | u8 population | u32 per | u8 whole_only, in version 3 |
 *                  list of u32 table | u32 record_kind | u32 sum_column | u32 distinct_column |
 *                  list of (u32 column | strings)
 *     rule         code | text label | u8 equality | i64 constant | list of (opaque8 cell | i64)
 *
 * Version 3 is for catalogues of which some indicator is whole_only, and for no others, so that
 * those from before it stay what was signed. i64 is a u64 in two's complement; an index that is
 * absent is 2^32 - 1. Decoding checks every value, so that it accepts exactly what encoding a valid
 * catalogue writes.
 */
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/catalogue_part.h"

SKA_DEFINE_RELEASE(struct ska_catalogue *, catalogue_release, ska_catalogue_free)

/* --- encoding --------------------------------------------------------------------------------- */

static void write_code(struct ska_writer *w, const char *code)
{
    ska_write_opaque8(w, code, strlen(code));
}

static void write_text(struct ska_writer *w, const struct ska_text *text)
{
    ska_write_opaque16(w, text->sv, strlen(text->sv));
    ska_write_opaque16(w, text->en, strlen(text->en));
}

/* Every list is far below 2^16 in a valid catalogue. */
static void write_count(struct ska_writer *w, size_t n)
{
    ska_write_u16(w, (uint16_t)n);
}

static void write_strings(struct ska_writer *w, const struct ska_strings *strings)
{
    write_count(w, strings->n);
    for (size_t i = 0; i < strings->n; i++)
        ska_write_opaque16(w, strings->at[i], strlen(strings->at[i]));
}

static void write_dimension(struct ska_writer *w, const struct ska_dimension *d)
{
    write_code(w, d->code);
    write_text(w, &d->label);
    ska_write_u8(w, d->multiple_response);
    write_count(w, d->n_categories);
    for (size_t i = 0; i < d->n_categories; i++) {
        write_code(w, d->categories[i].code);
        write_text(w, &d->categories[i].label);
        write_strings(w, &d->categories[i].values);
    }
}

static void write_record_kind(struct ska_writer *w, const struct ska_record_kind *k)
{
    write_code(w, k->code);
    write_text(w, &k->label);
    write_count(w, k->n_columns);
    for (size_t i = 0; i < k->n_columns; i++) {
        const struct ska_column *column = &k->columns[i];
        write_code(w, column->code);
        ska_write_u8(w, (uint8_t)column->kind);
        ska_write_u32(w, column->dimension);
        ska_write_u8(w, column->required);
        write_strings(w, &column->headers);
    }
}

static void write_indicator(struct ska_writer *w, const struct ska_indicator *ind, uint8_t version)
{
    write_code(w, ind->code);
    write_text(w, &ind->label);
    write_text(w, &ind->description);
    write_text(w, &ind->unit);
    ska_write_u8(w, (uint8_t)ind->origin);
    write_text(w, &ind->source);
    ska_write_u8(w, (uint8_t)ind->cadence);
    ska_write_u8(w, (uint8_t)ind->sensitivity);
    ska_write_u64(w, ind->bound);
    ska_write_u64(w, ind->soft_warn);
    ska_write_u8(w, ind->may_be_blank);
    ska_write_u8(w, (uint8_t)ind->zeros);
    ska_write_u8(w, (uint8_t)ind->yearly);
    ska_write_u8(w, ind->marks);
    ska_write_u8(w, (uint8_t)ind->population);
    ska_write_u32(w, ind->per);
    if (version == SKA_CATALOGUE_BINARY_WHOLE)
        ska_write_u8(w, ind->whole_only);
    write_count(w, ind->n_tables);
    for (size_t i = 0; i < ind->n_tables; i++)
        ska_write_u32(w, ind->tables[i]);
    ska_write_u32(w, ind->record_kind);
    ska_write_u32(w, ind->sum_column);
    ska_write_u32(w, ind->distinct_column);
    write_count(w, ind->n_conditions);
    for (size_t i = 0; i < ind->n_conditions; i++) {
        ska_write_u32(w, ind->conditions[i].column);
        write_strings(w, &ind->conditions[i].values);
    }
}

static void write_rule(struct ska_writer *w, const struct ska_catalogue_rule *rule)
{
    write_code(w, rule->code);
    write_text(w, &rule->label);
    ska_write_u8(w, rule->equality);
    ska_write_u64(w, (uint64_t)rule->constant);
    write_count(w, rule->n_terms);
    for (size_t i = 0; i < rule->n_terms; i++) {
        ska_write_opaque8(w, rule->terms[i].cell, strlen(rule->terms[i].cell));
        ska_write_u64(w, (uint64_t)rule->terms[i].coefficient);
    }
}

static uint8_t version_of(const struct ska_catalogue *c)
{
    for (size_t i = 0; i < c->n_indicators; i++)
        if (c->indicators[i].whole_only)
            return SKA_CATALOGUE_BINARY_WHOLE;
    return SKA_CATALOGUE_BINARY_VERSION;
}

void ska_catalogue_encode(struct ska_writer *w, const struct ska_catalogue *c)
{
    uint8_t version = version_of(c);
    ska_write_u8(w, version);
    write_code(w, c->id);
    write_code(w, c->edition);
    write_text(w, &c->title);
    write_text(w, &c->description);
    write_text(w, &c->source);
    write_count(w, c->n_dimensions);
    for (size_t i = 0; i < c->n_dimensions; i++)
        write_dimension(w, &c->dimensions[i]);
    write_count(w, c->n_record_kinds);
    for (size_t i = 0; i < c->n_record_kinds; i++)
        write_record_kind(w, &c->record_kinds[i]);
    write_count(w, c->n_indicators);
    for (size_t i = 0; i < c->n_indicators; i++)
        write_indicator(w, &c->indicators[i], version);
    write_count(w, c->n_rules);
    for (size_t i = 0; i < c->n_rules; i++)
        write_rule(w, &c->rules[i]);
}

/* --- decoding --------------------------------------------------------------------------------- */

static enum ska_status read_name(char *out, struct ska_reader *r, size_t max)
{
    const uint8_t *data = NULL;
    size_t len = 0;
    SKA_TRY(ska_read_opaque8(&data, &len, r, max));
    if (len > 0 && memchr(data, 0, len) != NULL)
        return SKA_E_ENCODING;
    if (len > 0)
        memcpy(out, data, len);
    out[len] = '\0';
    return SKA_OK;
}

static enum ska_status read_code(char out[static SKA_CODE_MAX + 1], struct ska_reader *r)
{
    return read_name(out, r, SKA_CODE_MAX);
}

static enum ska_status read_string(char **out, struct ska_reader *r)
{
    const uint8_t *data = NULL;
    size_t len = 0;
    SKA_TRY(ska_read_opaque16(&data, &len, r, SKA_TEXT_MAX));
    if (len > 0 && memchr(data, 0, len) != NULL)
        return SKA_E_ENCODING;
    char *copy = malloc(len + 1);
    if (copy == NULL)
        return SKA_E_MEMORY;
    if (len > 0)
        memcpy(copy, data, len);
    copy[len] = '\0';
    *out = copy;
    return SKA_OK;
}

static enum ska_status read_text(struct ska_text *out, struct ska_reader *r)
{
    SKA_TRY(read_string(&out->sv, r));
    return read_string(&out->en, r);
}

static enum ska_status read_bool(bool *out, struct ska_reader *r)
{
    uint8_t value = 0;
    SKA_TRY(ska_read_u8(&value, r));
    if (value > 1)
        return SKA_E_ENCODING;
    *out = value == 1;
    return SKA_OK;
}

/* An enumerator from `first` to `last`. */
static enum ska_status read_choice(int *out, struct ska_reader *r, int first, int last)
{
    uint8_t value = 0;
    SKA_TRY(ska_read_u8(&value, r));
    if (value < first || value > last)
        return SKA_E_ENCODING;
    *out = value;
    return SKA_OK;
}

static enum ska_status read_i64(int64_t *out, struct ska_reader *r)
{
    uint64_t bits = 0;
    SKA_TRY(ska_read_u64(&bits, r));
    memcpy(out, &bits, sizeof *out); /* two's complement, as int64_t is by definition */
    return SKA_OK;
}

/* The head of a list, and zeroed memory for its elements, each at least one byte in the message. */
static enum ska_status read_list(void **elements, size_t *n, struct ska_reader *r, size_t size,
                                 size_t max)
{
    uint16_t count = 0;
    SKA_TRY(ska_read_u16(&count, r));
    if (count > max)
        return SKA_E_LIMIT;
    if (count > r->left)
        return SKA_E_TRUNCATED;
    *n = 0;
    if (count == 0)
        return SKA_OK;
    *elements = ska_alloc(count, size);
    if (*elements == NULL)
        return SKA_E_MEMORY;
    *n = count;
    return SKA_OK;
}

static enum ska_status read_strings(struct ska_strings *out, struct ska_reader *r)
{
    void *list = NULL;
    SKA_TRY(read_list(&list, &out->n, r, sizeof *out->at, SKA_STRINGS_MAX));
    out->at = list;
    for (size_t i = 0; i < out->n; i++)
        SKA_TRY(read_string(&out->at[i], r));
    return SKA_OK;
}

static enum ska_status read_dimension(struct ska_dimension *d, struct ska_reader *r)
{
    SKA_TRY(read_code(d->code, r));
    SKA_TRY(read_text(&d->label, r));
    SKA_TRY(read_bool(&d->multiple_response, r));
    void *list = NULL;
    SKA_TRY(read_list(&list, &d->n_categories, r, sizeof *d->categories, SKA_CATEGORIES_MAX));
    d->categories = list;
    if (d->n_categories == 0)
        return SKA_E_ENCODING;
    for (size_t i = 0; i < d->n_categories; i++) {
        SKA_TRY(read_code(d->categories[i].code, r));
        SKA_TRY(read_text(&d->categories[i].label, r));
        SKA_TRY(read_strings(&d->categories[i].values, r));
    }
    return SKA_OK;
}

static enum ska_status read_record_kind(struct ska_record_kind *k, struct ska_reader *r)
{
    SKA_TRY(read_code(k->code, r));
    SKA_TRY(read_text(&k->label, r));
    void *list = NULL;
    SKA_TRY(read_list(&list, &k->n_columns, r, sizeof *k->columns, SKA_COLUMNS_MAX));
    k->columns = list;
    if (k->n_columns == 0)
        return SKA_E_ENCODING;
    for (size_t i = 0; i < k->n_columns; i++) {
        struct ska_column *column = &k->columns[i];
        int kind = 0;
        SKA_TRY(read_code(column->code, r));
        SKA_TRY(read_choice(&kind, r, SKA_COLUMN_ID, SKA_COLUMN_TEXT));
        column->kind = (enum ska_column_kind)kind;
        SKA_TRY(ska_read_u32(&column->dimension, r));
        SKA_TRY(read_bool(&column->required, r));
        SKA_TRY(read_strings(&column->headers, r));
    }
    return SKA_OK;
}

static enum ska_status read_conditions(struct ska_indicator *ind, struct ska_reader *r)
{
    void *list = NULL;
    SKA_TRY(read_list(&list, &ind->n_conditions, r, sizeof *ind->conditions, SKA_CONDITIONS_MAX));
    ind->conditions = list;
    for (size_t i = 0; i < ind->n_conditions; i++) {
        SKA_TRY(ska_read_u32(&ind->conditions[i].column, r));
        SKA_TRY(read_strings(&ind->conditions[i].values, r));
    }
    return SKA_OK;
}

static enum ska_status read_tables(struct ska_indicator *ind, struct ska_reader *r)
{
    void *list = NULL;
    SKA_TRY(read_list(&list, &ind->n_tables, r, sizeof *ind->tables, SKA_DIMENSIONS_MAX));
    ind->tables = list;
    for (size_t i = 0; i < ind->n_tables; i++)
        SKA_TRY(ska_read_u32(&ind->tables[i], r));
    return SKA_OK;
}

/* How its figures may be published. */
static enum ska_status read_publication(struct ska_indicator *ind, struct ska_reader *r,
                                        uint8_t version)
{
    int choice = 0;
    SKA_TRY(read_choice(&choice, r, SKA_ZEROS_POLICY, SKA_ZEROS_HIDDEN));
    ind->zeros = (enum ska_zeros)choice;
    SKA_TRY(read_choice(&choice, r, SKA_YEARLY_NONE, SKA_YEARLY_SUM));
    ind->yearly = (enum ska_yearly)choice;
    SKA_TRY(read_bool(&ind->marks, r));
    SKA_TRY(read_choice(&choice, r, SKA_POPULATION_NONE, SKA_POPULATION_MEN));
    ind->population = (enum ska_population)choice;
    SKA_TRY(ska_read_u32(&ind->per, r));
    return version == SKA_CATALOGUE_BINARY_WHOLE ? read_bool(&ind->whole_only, r) : SKA_OK;
}

static enum ska_status read_indicator(struct ska_indicator *ind, struct ska_reader *r,
                                      uint8_t version)
{
    int choice = 0;
    SKA_TRY(read_code(ind->code, r));
    SKA_TRY(read_text(&ind->label, r));
    SKA_TRY(read_text(&ind->description, r));
    SKA_TRY(read_text(&ind->unit, r));
    SKA_TRY(read_choice(&choice, r, SKA_ORDERED, SKA_DERIVED));
    ind->origin = (enum ska_origin)choice;
    SKA_TRY(read_text(&ind->source, r));
    SKA_TRY(read_choice(&choice, r, SKA_MONTH, SKA_YEAR));
    ind->cadence = (enum ska_cadence)choice;
    SKA_TRY(read_choice(&choice, r, SKA_CASE, SKA_PROCESS));
    ind->sensitivity = (enum ska_sensitivity)choice;
    SKA_TRY(ska_read_u64(&ind->bound, r));
    SKA_TRY(ska_read_u64(&ind->soft_warn, r));
    SKA_TRY(read_bool(&ind->may_be_blank, r));
    SKA_TRY(read_publication(ind, r, version));
    SKA_TRY(read_tables(ind, r));
    SKA_TRY(ska_read_u32(&ind->record_kind, r));
    SKA_TRY(ska_read_u32(&ind->sum_column, r));
    SKA_TRY(ska_read_u32(&ind->distinct_column, r));
    return read_conditions(ind, r);
}

static enum ska_status read_rule(struct ska_catalogue_rule *rule, struct ska_reader *r)
{
    SKA_TRY(read_code(rule->code, r));
    SKA_TRY(read_text(&rule->label, r));
    SKA_TRY(read_bool(&rule->equality, r));
    SKA_TRY(read_i64(&rule->constant, r));
    void *list = NULL;
    SKA_TRY(read_list(&list, &rule->n_terms, r, sizeof *rule->terms, SKA_TERMS_MAX));
    rule->terms = list;
    if (rule->n_terms == 0)
        return SKA_E_ENCODING;
    for (size_t i = 0; i < rule->n_terms; i++) {
        SKA_TRY(read_name(rule->terms[i].cell, r, sizeof rule->terms[i].cell - 1));
        SKA_TRY(read_i64(&rule->terms[i].coefficient, r));
    }
    return SKA_OK;
}

static enum ska_status read_lists(struct ska_catalogue *c, struct ska_reader *r, uint8_t version)
{
    void *list = NULL;
    SKA_TRY(read_list(&list, &c->n_dimensions, r, sizeof *c->dimensions, SKA_DIMENSIONS_MAX));
    c->dimensions = list;
    for (size_t i = 0; i < c->n_dimensions; i++)
        SKA_TRY(read_dimension(&c->dimensions[i], r));
    list = NULL;
    SKA_TRY(read_list(&list, &c->n_record_kinds, r, sizeof *c->record_kinds, SKA_RECORD_KINDS_MAX));
    c->record_kinds = list;
    for (size_t i = 0; i < c->n_record_kinds; i++)
        SKA_TRY(read_record_kind(&c->record_kinds[i], r));
    list = NULL;
    SKA_TRY(read_list(&list, &c->n_indicators, r, sizeof *c->indicators, SKA_INDICATORS_MAX));
    c->indicators = list;
    for (size_t i = 0; i < c->n_indicators; i++)
        SKA_TRY(read_indicator(&c->indicators[i], r, version));
    list = NULL;
    SKA_TRY(read_list(&list, &c->n_rules, r, sizeof *c->rules, SKA_RULES_MAX));
    c->rules = list;
    for (size_t i = 0; i < c->n_rules; i++)
        SKA_TRY(read_rule(&c->rules[i], r));
    return c->n_indicators > 0 && c->n_record_kinds > 0 ? SKA_OK : SKA_E_ENCODING;
}

static enum ska_status read_catalogue(struct ska_catalogue *c, struct ska_reader *r)
{
    uint8_t version = 0;
    SKA_TRY(ska_read_u8(&version, r));
    if (version != SKA_CATALOGUE_BINARY_VERSION && version != SKA_CATALOGUE_BINARY_WHOLE)
        return SKA_E_VERSION;
    SKA_TRY(read_code(c->id, r));
    SKA_TRY(read_code(c->edition, r));
    SKA_TRY(read_text(&c->title, r));
    SKA_TRY(read_text(&c->description, r));
    SKA_TRY(read_text(&c->source, r));
    SKA_TRY(read_lists(c, r, version));
    return version_of(c) == version ? SKA_OK : SKA_E_ENCODING;
}

enum ska_status ska_catalogue_decode(struct ska_catalogue **out, struct ska_reader *r,
                                     struct ska_error *err)
{
    struct ska_reader reader = *r;
    SKA_SCOPED(catalogue_release) struct ska_catalogue *c = calloc(1, sizeof *c);
    if (c == NULL)
        return SKA_E_MEMORY;
    enum ska_status status = read_catalogue(c, &reader);
    if (status != SKA_OK)
        return ska_fail(err, status, "catalogue, byte %zu: %s", r->left - reader.left,
                        ska_status_text(status));
    if (r->left - reader.left > SKA_CATALOGUE_BYTES_MAX)
        return ska_fail(err, SKA_E_LIMIT, "the catalogue is longer than %u bytes",
                        SKA_CATALOGUE_BYTES_MAX);
    struct catalogue_place at = {.err = err};
    SKA_TRY(catalogue_check(&at, c));
    *r = reader;
    *out = c;
    c = NULL;
    return SKA_OK;
}
