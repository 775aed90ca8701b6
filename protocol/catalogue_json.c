/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * catalogue_json.c - the JSON form of a catalogue (docs/catalogue.md), read strictly: every field
 * known, of its type, once.
 *
 * References by code (a table's dimension, a condition's column) become indices here; an unknown
 * code is told where it stands. What only the whole can tell is catalogue_check's.
 */
#include "protocol/catalogue_json.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "crypto/scoped.h"

SKA_DEFINE_RELEASE(json_t *, json_release, json_decref)
SKA_DEFINE_RELEASE(struct ska_catalogue *, catalogue_release, ska_catalogue_free)

static const struct catalogue_choice cadences[] = {
    {"month", SKA_MONTH},         {"quarter", SKA_QUARTER}, {"four_months", SKA_FOUR_MONTHS},
    {"half_year", SKA_HALF_YEAR}, {"year", SKA_YEAR},       {NULL, 0}};
static const struct catalogue_choice sensitivities[] = {
    {"case", SKA_CASE}, {"process", SKA_PROCESS}, {NULL, 0}};
static const struct catalogue_choice origins[] = {
    {"ordered", SKA_ORDERED}, {"derived", SKA_DERIVED}, {NULL, 0}};
static const struct catalogue_choice column_kinds[] = {
    {"id", SKA_COLUMN_ID},         {"category", SKA_COLUMN_CATEGORY}, {"flag", SKA_COLUMN_FLAG},
    {"number", SKA_COLUMN_NUMBER}, {"text", SKA_COLUMN_TEXT},         {NULL, 0}};

static const struct catalogue_choice zeros[] = {
    {"shown", SKA_ZEROS_SHOWN}, {"hidden", SKA_ZEROS_HIDDEN}, {NULL, 0}};
static const struct catalogue_choice yearlies[] = {
    {"sum", SKA_YEARLY_SUM}, {"none", SKA_YEARLY_NONE}, {NULL, 0}};
static const struct catalogue_choice groups[] = {{"all", 0}, {"none", 1}, {NULL, 0}};
static const struct catalogue_choice populations[] = {{"all", SKA_POPULATION_ALL},
                                                      {"women", SKA_POPULATION_WOMEN},
                                                      {"men", SKA_POPULATION_MEN},
                                                      {NULL, 0}};

/* --- dimensions ------------------------------------------------------------------------------- */

static enum ska_status take_category(void *element, struct catalogue_place *at,
                                     struct ska_catalogue *c, json_t *object)
{
    struct ska_category *category = element;
    (void)c;
    SKA_TRY(catalogue_check_keys(at, object, "code label values"));
    SKA_TRY(catalogue_take_code(category->code, at, object, "code"));
    SKA_TRY(catalogue_take_text(&category->label, at, object, "label", true));
    return catalogue_take_strings(&category->values, at, object, "values");
}

/* Where a field may hold several categories, commas and bars stand between them: a word with one
 * could not be said. Codes have none. */
static enum ska_status check_words_of_several(struct catalogue_place *at,
                                              const struct ska_dimension *d)
{
    for (size_t i = 0; d->multiple_response && i < d->n_categories; i++) {
        const struct ska_category *category = &d->categories[i];
        const char *bad = strpbrk(category->label.sv, ",|") != NULL   ? category->label.sv
                          : strpbrk(category->label.en, ",|") != NULL ? category->label.en
                                                                      : NULL;
        for (size_t v = 0; bad == NULL && v < category->values.n; v++)
            bad = strpbrk(category->values.at[v], ",|") != NULL ? category->values.at[v] : NULL;
        if (bad == NULL)
            continue;
        catalogue_enter(at, "categories");
        catalogue_enter_index(at, i);
        return catalogue_fault(at, SKA_E_FORMAT,
                               "\"%.60s\" has a comma or a bar, which stand between the "
                               "categories of a record that has several",
                               bad);
    }
    return SKA_OK;
}

static enum ska_status take_dimension(void *element, struct catalogue_place *at,
                                      struct ska_catalogue *c, json_t *object)
{
    static const struct catalogue_list_form form = {"categories", sizeof(struct ska_category),
                                                    SKA_CATEGORIES_MAX, false, take_category};
    struct ska_dimension *d = element;
    SKA_TRY(catalogue_check_keys(at, object, "code label multiple_response categories"));
    SKA_TRY(catalogue_take_code(d->code, at, object, "code"));
    SKA_TRY(catalogue_take_text(&d->label, at, object, "label", true));
    SKA_TRY(catalogue_take_bool(&d->multiple_response, at, object, "multiple_response", false));
    void *list = NULL;
    enum ska_status status = catalogue_take_list(&list, &d->n_categories, at, c, object, &form);
    d->categories = list;
    return status == SKA_OK ? check_words_of_several(at, d) : status;
}

/* The index of the dimension that a text names. */
static enum ska_status find_dimension(uint32_t *out, struct catalogue_place *at,
                                      const struct ska_catalogue *c, const json_t *value)
{
    const char *code = json_string_value(value);
    if (code == NULL)
        return catalogue_fault(at, SKA_E_FORMAT, "must be a dimension's code in quotes");
    for (size_t i = 0; i < c->n_dimensions; i++) {
        if (strcmp(c->dimensions[i].code, code) == 0) {
            *out = (uint32_t)i;
            return SKA_OK;
        }
    }
    return catalogue_fault(at, SKA_E_NOT_FOUND, "there is no dimension %.40s", code);
}

/* --- record kinds ----------------------------------------------------------------------------- */

static enum ska_status take_column(void *element, struct catalogue_place *at,
                                   struct ska_catalogue *c, json_t *object)
{
    struct ska_column *column = element;
    column->dimension = SKA_NONE;
    SKA_TRY(catalogue_check_keys(at, object, "code kind dimension required headers"));
    SKA_TRY(catalogue_take_code(column->code, at, object, "code"));
    int kind = 0;
    SKA_TRY(catalogue_take_choice(&kind, at, object, "kind", column_kinds));
    column->kind = (enum ska_column_kind)kind;
    if (column->kind == SKA_COLUMN_CATEGORY) {
        json_t *value = NULL;
        SKA_TRY(catalogue_need(&value, at, object, "dimension"));
        size_t mark = catalogue_enter(at, "dimension");
        SKA_TRY(find_dimension(&column->dimension, at, c, value));
        catalogue_leave(at, mark);
    } else if (json_object_get(object, "dimension") != NULL) {
        catalogue_enter(at, "dimension");
        return catalogue_fault(at, SKA_E_FORMAT, "only a column of kind category has one");
    }
    SKA_TRY(catalogue_take_bool(&column->required, at, object, "required", false));
    return catalogue_take_strings(&column->headers, at, object, "headers");
}

static enum ska_status take_record_kind(void *element, struct catalogue_place *at,
                                        struct ska_catalogue *c, json_t *object)
{
    static const struct catalogue_list_form form = {"columns", sizeof(struct ska_column),
                                                    SKA_COLUMNS_MAX, false, take_column};
    struct ska_record_kind *k = element;
    SKA_TRY(catalogue_check_keys(at, object, "code label columns"));
    SKA_TRY(catalogue_take_code(k->code, at, object, "code"));
    SKA_TRY(catalogue_take_text(&k->label, at, object, "label", true));
    void *list = NULL;
    enum ska_status status = catalogue_take_list(&list, &k->n_columns, at, c, object, &form);
    k->columns = list;
    return status;
}

/* The index of the column of record kind `k` that object[key] names. */
static enum ska_status take_column_name(uint32_t *out, struct catalogue_place *at,
                                        const struct ska_record_kind *k, const json_t *object,
                                        const char *key)
{
    char code[SKA_CODE_MAX + 1] = "";
    SKA_TRY(catalogue_take_code(code, at, object, key));
    for (size_t i = 0; i < k->n_columns; i++) {
        if (strcmp(k->columns[i].code, code) == 0) {
            *out = (uint32_t)i;
            return SKA_OK;
        }
    }
    catalogue_enter(at, key);
    return catalogue_fault(at, SKA_E_NOT_FOUND, "record kind %s has no column %s", k->code, code);
}

/* --- indicators ------------------------------------------------------------------------------- */

static enum ska_status take_conditions(struct catalogue_place *at, struct ska_indicator *ind,
                                       const struct ska_record_kind *k, const json_t *count)
{
    const json_t *list = json_object_get(count, "where");
    if (list == NULL)
        return SKA_OK;
    size_t mark = catalogue_enter(at, "where");
    if (!json_is_array(list))
        return catalogue_fault(at, SKA_E_FORMAT, "must be a list [ ]");
    size_t n = json_array_size(list);
    if (n > SKA_CONDITIONS_MAX)
        return catalogue_fault(at, SKA_E_LIMIT, "has more than %d elements", SKA_CONDITIONS_MAX);
    if (n > 0) {
        ind->conditions = ska_alloc(n, sizeof *ind->conditions);
        if (ind->conditions == NULL)
            return SKA_E_MEMORY;
        ind->n_conditions = n;
    }
    for (size_t i = 0; i < n; i++) {
        json_t *object = json_array_get(list, i);
        size_t inner = catalogue_enter_index(at, i);
        SKA_TRY(catalogue_check_keys(at, object, "column is"));
        SKA_TRY(take_column_name(&ind->conditions[i].column, at, k, object, "column"));
        SKA_TRY(catalogue_take_strings(&ind->conditions[i].values, at, object, "is"));
        catalogue_leave(at, inner);
    }
    catalogue_leave(at, mark);
    return SKA_OK;
}

/* "count": from which records, what of them, which of them. */
static enum ska_status take_count(struct catalogue_place *at, struct ska_indicator *ind,
                                  const struct ska_catalogue *c, const json_t *indicator)
{
    json_t *count = NULL;
    SKA_TRY(catalogue_need(&count, at, indicator, "count"));
    size_t mark = catalogue_enter(at, "count");
    SKA_TRY(catalogue_check_keys(at, count, "records sum distinct where"));
    char code[SKA_CODE_MAX + 1] = "";
    SKA_TRY(catalogue_take_code(code, at, count, "records"));
    const struct ska_record_kind *kind = NULL;
    for (size_t i = 0; i < c->n_record_kinds; i++) {
        if (strcmp(c->record_kinds[i].code, code) == 0) {
            kind = &c->record_kinds[i];
            ind->record_kind = (uint32_t)i;
        }
    }
    if (kind == NULL) {
        catalogue_enter(at, "records");
        return catalogue_fault(at, SKA_E_NOT_FOUND, "there is no record kind %s", code);
    }
    if (json_object_get(count, "sum") != NULL)
        SKA_TRY(take_column_name(&ind->sum_column, at, kind, count, "sum"));
    if (json_object_get(count, "distinct") != NULL)
        SKA_TRY(take_column_name(&ind->distinct_column, at, kind, count, "distinct"));
    SKA_TRY(take_conditions(at, ind, kind, count));
    catalogue_leave(at, mark);
    return SKA_OK;
}

static enum ska_status take_tables(struct catalogue_place *at, struct ska_indicator *ind,
                                   const struct ska_catalogue *c, const json_t *object)
{
    const json_t *list = json_object_get(object, "tables");
    if (list == NULL)
        return SKA_OK;
    size_t mark = catalogue_enter(at, "tables");
    if (!json_is_array(list))
        return catalogue_fault(at, SKA_E_FORMAT, "must be a list [ ] of dimensions' codes");
    size_t n = json_array_size(list);
    if (n > SKA_DIMENSIONS_MAX)
        return catalogue_fault(at, SKA_E_LIMIT, "has more than %d elements", SKA_DIMENSIONS_MAX);
    if (n > 0) {
        ind->tables = ska_alloc(n, sizeof *ind->tables);
        if (ind->tables == NULL)
            return SKA_E_MEMORY;
        ind->n_tables = n;
    }
    for (size_t i = 0; i < n; i++) {
        size_t inner = catalogue_enter_index(at, i);
        SKA_TRY(find_dimension(&ind->tables[i], at, c, json_array_get(list, i)));
        catalogue_leave(at, inner);
    }
    catalogue_leave(at, mark);
    return SKA_OK;
}

/* "denominator": {"population": "women", "per": 10000} */
static enum ska_status take_denominator(struct catalogue_place *at, struct ska_indicator *ind,
                                        const json_t *indicator)
{
    json_t *denominator = json_object_get(indicator, "denominator");
    if (denominator == NULL)
        return SKA_OK;
    size_t mark = catalogue_enter(at, "denominator");
    SKA_TRY(catalogue_check_keys(at, denominator, "population per"));
    int choice = 0;
    SKA_TRY(catalogue_take_choice(&choice, at, denominator, "population", populations));
    ind->population = (enum ska_population)choice;
    int64_t per = 0;
    SKA_TRY(catalogue_take_integer(&per, at, denominator, "per", 1, 10000));
    ind->per = (uint32_t)per;
    catalogue_leave(at, mark);
    return SKA_OK;
}

/* How its figures may be published; all of it can be left out. */
static enum ska_status take_publication(struct catalogue_place *at, struct ska_indicator *ind,
                                        const json_t *object)
{
    int choice = SKA_ZEROS_POLICY;
    if (json_object_get(object, "zeros") != NULL)
        SKA_TRY(catalogue_take_choice(&choice, at, object, "zeros", zeros));
    ind->zeros = (enum ska_zeros)choice;
    choice = SKA_YEARLY_NONE;
    if (json_object_get(object, "yearly") != NULL)
        SKA_TRY(catalogue_take_choice(&choice, at, object, "yearly", yearlies));
    ind->yearly = (enum ska_yearly)choice;
    SKA_TRY(catalogue_take_bool(&ind->marks, at, object, "marks", false));
    choice = 0;
    if (json_object_get(object, "groups") != NULL)
        SKA_TRY(catalogue_take_choice(&choice, at, object, "groups", groups));
    ind->whole_only = choice != 0;
    return take_denominator(at, ind, object);
}

static enum ska_status take_indicator(void *element, struct catalogue_place *at,
                                      struct ska_catalogue *c, json_t *object)
{
    struct ska_indicator *ind = element;
    ind->sum_column = SKA_NONE;
    ind->distinct_column = SKA_NONE;
    SKA_TRY(
        catalogue_check_keys(at, object,
                             "code label description unit origin source cadence sensitivity bound "
                             "soft_warn may_be_blank zeros yearly marks groups denominator tables "
                             "count"));
    SKA_TRY(catalogue_take_code(ind->code, at, object, "code"));
    SKA_TRY(catalogue_take_text(&ind->label, at, object, "label", true));
    SKA_TRY(catalogue_take_text(&ind->description, at, object, "description", false));
    SKA_TRY(catalogue_take_text(&ind->unit, at, object, "unit", true));
    SKA_TRY(catalogue_take_text(&ind->source, at, object, "source", false));
    int choice = 0;
    SKA_TRY(catalogue_take_choice(&choice, at, object, "origin", origins));
    ind->origin = (enum ska_origin)choice;
    SKA_TRY(catalogue_take_choice(&choice, at, object, "cadence", cadences));
    ind->cadence = (enum ska_cadence)choice;
    SKA_TRY(catalogue_take_choice(&choice, at, object, "sensitivity", sensitivities));
    ind->sensitivity = (enum ska_sensitivity)choice;
    int64_t number = 0;
    SKA_TRY(catalogue_take_integer(&number, at, object, "bound", 1, (int64_t)SKA_BOUND_MAX));
    ind->bound = (uint64_t)number;
    number = 0;
    if (json_object_get(object, "soft_warn") != NULL)
        SKA_TRY(catalogue_take_integer(&number, at, object, "soft_warn", 0, (int64_t)ind->bound));
    ind->soft_warn = (uint64_t)number;
    SKA_TRY(catalogue_take_bool(&ind->may_be_blank, at, object, "may_be_blank", false));
    SKA_TRY(take_publication(at, ind, object));
    SKA_TRY(take_tables(at, ind, c, object));
    return take_count(at, ind, c, object);
}

/* --- rules ------------------------------------------------------------------------------------ */

static int compare_terms(const void *a, const void *b)
{
    const struct ska_rule_term *x = a;
    const struct ska_rule_term *y = b;
    return strcmp(x->cell, y->cell);
}

/* "terms": {"NS01": 1, "NS02": -1}, kept in the order of the codes. */
static enum ska_status take_terms(struct catalogue_place *at, struct ska_catalogue_rule *rule,
                                  const json_t *object)
{
    json_t *terms = NULL;
    SKA_TRY(catalogue_need(&terms, at, object, "terms"));
    size_t mark = catalogue_enter(at, "terms");
    if (!json_is_object(terms) || json_object_size(terms) == 0)
        return catalogue_fault(at, SKA_E_FORMAT, "must be an object of cells and coefficients");
    size_t n = json_object_size(terms);
    if (n > SKA_TERMS_MAX)
        return catalogue_fault(at, SKA_E_LIMIT, "has more than %u cells", SKA_TERMS_MAX);
    rule->terms = ska_alloc(n, sizeof *rule->terms);
    if (rule->terms == NULL)
        return SKA_E_MEMORY;
    const char *cell = NULL;
    json_t *value = NULL;
    json_object_foreach(terms, cell, value)
    {
        struct ska_rule_term *term = &rule->terms[rule->n_terms];
        size_t len = strlen(cell);
        if (len >= sizeof term->cell)
            return catalogue_fault(at, SKA_E_LIMIT, "%.40s... is too long for a cell", cell);
        SKA_TRY(catalogue_take_integer(&term->coefficient, at, terms, cell, -SKA_COEFFICIENT_MAX,
                                       SKA_COEFFICIENT_MAX));
        memcpy(term->cell, cell, len + 1);
        rule->n_terms++;
    }
    qsort(rule->terms, rule->n_terms, sizeof *rule->terms, compare_terms);
    catalogue_leave(at, mark);
    return SKA_OK;
}

static enum ska_status take_rule(void *element, struct catalogue_place *at, struct ska_catalogue *c,
                                 json_t *object)
{
    struct ska_catalogue_rule *rule = element;
    (void)c;
    SKA_TRY(catalogue_check_keys(at, object, "code label equality constant terms"));
    SKA_TRY(catalogue_take_code(rule->code, at, object, "code"));
    SKA_TRY(catalogue_take_text(&rule->label, at, object, "label", true));
    SKA_TRY(catalogue_take_bool(&rule->equality, at, object, "equality", false));
    if (json_object_get(object, "constant") != NULL)
        SKA_TRY(catalogue_take_integer(&rule->constant, at, object, "constant",
                                       -SKA_COEFFICIENT_MAX, SKA_COEFFICIENT_MAX));
    return take_terms(at, rule, object);
}

/* --- the whole -------------------------------------------------------------------------------- */

static enum ska_status take_lists(struct catalogue_place *at, struct ska_catalogue *c,
                                  const json_t *root)
{
    static const struct catalogue_list_form dimensions = {
        "dimensions", sizeof(struct ska_dimension), SKA_DIMENSIONS_MAX, true, take_dimension};
    static const struct catalogue_list_form kinds = {"record_kinds", sizeof(struct ska_record_kind),
                                                     SKA_RECORD_KINDS_MAX, false, take_record_kind};
    static const struct catalogue_list_form indicators = {
        "indicators", sizeof(struct ska_indicator), SKA_INDICATORS_MAX, false, take_indicator};
    static const struct catalogue_list_form rules = {"rules", sizeof(struct ska_catalogue_rule),
                                                     SKA_RULES_MAX, true, take_rule};
    void *list = NULL;
    enum ska_status status = catalogue_take_list(&list, &c->n_dimensions, at, c, root, &dimensions);
    c->dimensions = list;
    SKA_TRY(status);
    list = NULL;
    status = catalogue_take_list(&list, &c->n_record_kinds, at, c, root, &kinds);
    c->record_kinds = list;
    SKA_TRY(status);
    list = NULL;
    status = catalogue_take_list(&list, &c->n_indicators, at, c, root, &indicators);
    c->indicators = list;
    SKA_TRY(status);
    list = NULL;
    status = catalogue_take_list(&list, &c->n_rules, at, c, root, &rules);
    c->rules = list;
    return status;
}

static enum ska_status take_catalogue(struct catalogue_place *at, struct ska_catalogue *c,
                                      json_t *root)
{
    if (!json_is_object(root))
        return catalogue_fault(at, SKA_E_FORMAT, "must be an object { }");
    int64_t version = 0;
    SKA_TRY(catalogue_take_integer(&version, at, root, "skarva_catalogue", 1, INT64_MAX));
    if (version != SKA_CATALOGUE_VERSION) {
        catalogue_enter(at, "skarva_catalogue");
        return catalogue_fault(at, SKA_E_VERSION, "this program knows version %d only",
                               SKA_CATALOGUE_VERSION);
    }
    SKA_TRY(catalogue_check_keys(at, root,
                                 "skarva_catalogue id edition title description source dimensions "
                                 "record_kinds indicators rules"));
    SKA_TRY(catalogue_take_code(c->id, at, root, "id"));
    SKA_TRY(catalogue_take_code(c->edition, at, root, "edition"));
    SKA_TRY(catalogue_take_text(&c->title, at, root, "title", true));
    SKA_TRY(catalogue_take_text(&c->description, at, root, "description", false));
    SKA_TRY(catalogue_take_text(&c->source, at, root, "source", false));
    return take_lists(at, c, root);
}

enum ska_status ska_catalogue_parse(struct ska_catalogue **out, const char *json, size_t len,
                                    struct ska_error *err)
{
    if (len > SKA_CATALOGUE_BYTES_MAX)
        return ska_fail(err, SKA_E_LIMIT, "the catalogue is longer than %u bytes",
                        SKA_CATALOGUE_BYTES_MAX);
    json_error_t fault;
    SKA_SCOPED(json_release) json_t *root = json_loadb(json, len, JSON_REJECT_DUPLICATES, &fault);
    if (root == NULL)
        return ska_fail(err, SKA_E_FORMAT, "line %d, column %d: %s", fault.line, fault.column,
                        fault.text);
    SKA_SCOPED(catalogue_release) struct ska_catalogue *c = calloc(1, sizeof *c);
    if (c == NULL)
        return SKA_E_MEMORY;
    struct catalogue_place at = {.json = json, .json_len = len, .err = err};
    SKA_TRY(take_catalogue(&at, c, root));
    at.path_len = 0;
    at.path[0] = '\0';
    SKA_TRY(catalogue_check(&at, c));
    *out = c;
    c = NULL;
    return SKA_OK;
}
