/* SPDX-License-Identifier: EUPL-1.2 */
/* catalogue_check_records.c - record kinds, indicators and rules of a catalogue refer to things
 * that exist and fit. */
#include "protocol/catalogue_part.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/words.h"

SKA_DEFINE_RELEASE(struct catalogue_claims *, claims_release, catalogue_claims_clear)

/* --- record kinds ----------------------------------------------------------------------------- */

static enum ska_status check_column(struct catalogue_place *at, const struct ska_column *column,
                                    const struct ska_catalogue *c)
{
    SKA_TRY(catalogue_check_code(at, column->code));
    SKA_TRY(catalogue_check_strings(at, "headers", &column->headers));
    bool wants = column->kind == SKA_COLUMN_CATEGORY;
    bool has = column->dimension != SKA_NONE;
    if (wants != has || (has && column->dimension >= c->n_dimensions)) {
        catalogue_enter(at, "dimension");
        return catalogue_fault(at, SKA_E_FORMAT, "does not fit the kind of column");
    }
    return SKA_OK;
}

static enum ska_status check_record_kind(struct catalogue_place *at,
                                         const struct ska_record_kind *k,
                                         const struct ska_catalogue *c)
{
    struct catalogue_claims words = {0};
    SKA_SCOPED(claims_release) struct catalogue_claims *claims = &words;
    SKA_TRY(catalogue_check_code(at, k->code));
    SKA_TRY(catalogue_check_text(at, "label", &k->label, true));
    size_t ids = 0;
    size_t mark = catalogue_enter(at, "columns");
    for (size_t i = 0; i < k->n_columns; i++) {
        const struct ska_column *column = &k->columns[i];
        size_t inner = catalogue_enter_index(at, i);
        SKA_TRY(check_column(at, column, c));
        ids += column->kind == SKA_COLUMN_ID;
        if (ids > 1)
            return catalogue_fault(at, SKA_E_CONFLICT, "a record kind has one id column");
        catalogue_leave(at, inner);
        SKA_TRY(catalogue_claim(claims, column->code, i));
        for (size_t j = 0; j < column->headers.n; j++)
            SKA_TRY(catalogue_claim(claims, column->headers.at[j], i));
    }
    SKA_TRY(catalogue_claims_check(at, claims));
    catalogue_leave(at, mark);
    return SKA_OK;
}

static enum ska_status check_record_kinds(struct catalogue_place *at, const struct ska_catalogue *c)
{
    struct catalogue_claims words = {0};
    SKA_SCOPED(claims_release) struct catalogue_claims *claims = &words;
    size_t mark = catalogue_enter(at, "record_kinds");
    for (size_t i = 0; i < c->n_record_kinds; i++) {
        size_t inner = catalogue_enter_index(at, i);
        SKA_TRY(check_record_kind(at, &c->record_kinds[i], c));
        catalogue_leave(at, inner);
        SKA_TRY(catalogue_claim(claims, c->record_kinds[i].code, i));
    }
    SKA_TRY(catalogue_claims_check(at, claims));
    catalogue_leave(at, mark);
    return SKA_OK;
}

/* --- indicators ------------------------------------------------------------------------------- */

/* The one column of a record kind that carries a dimension. */
static size_t columns_of(const struct ska_record_kind *k, uint32_t dimension)
{
    size_t n = 0;
    for (size_t i = 0; i < k->n_columns; i++)
        n += k->columns[i].kind == SKA_COLUMN_CATEGORY && k->columns[i].dimension == dimension;
    return n;
}

static enum ska_status check_tables(struct catalogue_place *at, const struct ska_indicator *ind,
                                    const struct ska_catalogue *c)
{
    size_t mark = catalogue_enter(at, "tables");
    for (size_t i = 0; i < ind->n_tables; i++) {
        size_t inner = catalogue_enter_index(at, i);
        if (ind->tables[i] >= c->n_dimensions)
            return catalogue_fault(at, SKA_E_NOT_FOUND, "there is no such dimension");
        const struct ska_record_kind *k = &c->record_kinds[ind->record_kind];
        const char *code = c->dimensions[ind->tables[i]].code;
        for (size_t j = 0; j < i; j++)
            if (ind->tables[j] == ind->tables[i])
                return catalogue_fault(at, SKA_E_CONFLICT, "%s stands here twice", code);
        if (columns_of(k, ind->tables[i]) != 1)
            return catalogue_fault(at, SKA_E_FORMAT, "record kind %s must have one column of %s",
                                   k->code, code);
        catalogue_leave(at, inner);
    }
    catalogue_leave(at, mark);
    return SKA_OK;
}

static bool is_category_of(const struct ska_dimension *d, const char *code)
{
    for (size_t i = 0; i < d->n_categories; i++)
        if (strcmp(d->categories[i].code, code) == 0)
            return true;
    return false;
}

static enum ska_status check_condition(struct catalogue_place *at,
                                       const struct ska_condition *condition,
                                       const struct ska_record_kind *k,
                                       const struct ska_catalogue *c)
{
    if (condition->column >= k->n_columns) {
        catalogue_enter(at, "column");
        return catalogue_fault(at, SKA_E_NOT_FOUND, "there is no such column");
    }
    const struct ska_column *column = &k->columns[condition->column];
    if (column->kind == SKA_COLUMN_NUMBER || column->kind == SKA_COLUMN_ID) {
        catalogue_enter(at, "column");
        return catalogue_fault(at, SKA_E_FORMAT, "%s is a number or an id", column->code);
    }
    SKA_TRY(catalogue_check_strings(at, "is", &condition->values));
    catalogue_enter(at, "is");
    if (condition->values.n == 0)
        return catalogue_fault(at, SKA_E_FORMAT, "must not be empty");
    for (size_t i = 0; i < condition->values.n; i++) {
        const char *value = condition->values.at[i];
        size_t mark = catalogue_enter_index(at, i);
        if (column->kind == SKA_COLUMN_FLAG && strcmp(value, "yes") != 0 &&
            strcmp(value, "no") != 0)
            return catalogue_fault(at, SKA_E_FORMAT, "must be \"yes\" or \"no\"");
        if (column->kind == SKA_COLUMN_CATEGORY &&
            !is_category_of(&c->dimensions[column->dimension], value))
            return catalogue_fault(at, SKA_E_NOT_FOUND, "dimension %s has no category %.40s",
                                   c->dimensions[column->dimension].code, value);
        catalogue_leave(at, mark);
    }
    return SKA_OK;
}

/* sum is over a number, distinct over text, and not both. */
static enum ska_status check_count(struct catalogue_place *at, const struct ska_indicator *ind,
                                   const struct ska_catalogue *c)
{
    const struct ska_record_kind *k = &c->record_kinds[ind->record_kind];
    size_t mark = catalogue_enter(at, "count");
    if (ind->sum_column != SKA_NONE && (ind->sum_column >= k->n_columns ||
                                        k->columns[ind->sum_column].kind != SKA_COLUMN_NUMBER)) {
        catalogue_enter(at, "sum");
        return catalogue_fault(at, SKA_E_FORMAT, "must name a column of kind number");
    }
    if (ind->distinct_column != SKA_NONE &&
        (ind->distinct_column >= k->n_columns || ind->sum_column != SKA_NONE ||
         k->columns[ind->distinct_column].kind != SKA_COLUMN_TEXT)) {
        catalogue_enter(at, "distinct");
        return catalogue_fault(at, SKA_E_FORMAT,
                               "must name a column of kind text, and not together with sum");
    }
    size_t where = catalogue_enter(at, "where");
    for (size_t i = 0; i < ind->n_conditions; i++) {
        size_t inner = catalogue_enter_index(at, i);
        SKA_TRY(check_condition(at, &ind->conditions[i], k, c));
        catalogue_leave(at, inner);
    }
    catalogue_leave(at, where);
    catalogue_leave(at, mark);
    return SKA_OK;
}

static enum ska_status check_number(struct catalogue_place *at, const char *field, uint64_t value,
                                    uint64_t min, uint64_t max)
{
    if (value >= min && value <= max)
        return SKA_OK;
    catalogue_enter(at, field);
    return catalogue_fault(at, SKA_E_RANGE, "is outside its range");
}

/* What may be added up over a year, and per whom it is told. */
static enum ska_status check_publication(struct catalogue_place *at,
                                         const struct ska_indicator *ind)
{
    size_t mark = catalogue_enter(at, "yearly");
    if (ind->yearly == SKA_YEARLY_SUM && ind->distinct_column != SKA_NONE)
        return catalogue_fault(at, SKA_E_CONFLICT,
                               "different values cannot be added up: one that comes in two periods "
                               "would count twice");
    if (ind->yearly == SKA_YEARLY_SUM && ind->cadence == SKA_YEAR)
        return catalogue_fault(at, SKA_E_CONFLICT,
                               "what is counted once a year has no periods to add up");
    catalogue_leave(at, mark);
    bool is_per = ind->per == 1000 || ind->per == 10000;
    if (ind->population == SKA_POPULATION_NONE ? ind->per != 0 : !is_per) {
        catalogue_enter(at, "denominator.per");
        return catalogue_fault(at, SKA_E_RANGE, "must be 1000 or 10000");
    }
    return SKA_OK;
}

static enum ska_status check_indicator(struct catalogue_place *at, const struct ska_indicator *ind,
                                       const struct ska_catalogue *c)
{
    SKA_TRY(catalogue_check_code(at, ind->code));
    SKA_TRY(catalogue_check_text(at, "label", &ind->label, true));
    SKA_TRY(catalogue_check_text(at, "description", &ind->description, false));
    SKA_TRY(catalogue_check_text(at, "unit", &ind->unit, true));
    SKA_TRY(catalogue_check_text(at, "source", &ind->source, false));
    SKA_TRY(check_number(at, "bound", ind->bound, 1, SKA_BOUND_MAX));
    SKA_TRY(check_number(at, "soft_warn", ind->soft_warn, 0, ind->bound));
    if (ind->record_kind >= c->n_record_kinds) {
        catalogue_enter(at, "count.records");
        return catalogue_fault(at, SKA_E_NOT_FOUND, "there is no such record kind");
    }
    SKA_TRY(check_tables(at, ind, c));
    SKA_TRY(check_count(at, ind, c));
    return check_publication(at, ind);
}

enum ska_status catalogue_check_records(struct catalogue_place *at, const struct ska_catalogue *c)
{
    struct catalogue_claims words = {0};
    SKA_SCOPED(claims_release) struct catalogue_claims *claims = &words;
    SKA_TRY(check_record_kinds(at, c));
    size_t mark = catalogue_enter(at, "indicators");
    for (size_t i = 0; i < c->n_indicators; i++) {
        size_t inner = catalogue_enter_index(at, i);
        SKA_TRY(check_indicator(at, &c->indicators[i], c));
        catalogue_leave(at, inner);
        SKA_TRY(catalogue_claim(claims, c->indicators[i].code, i));
    }
    SKA_TRY(catalogue_claims_check(at, claims));
    catalogue_leave(at, mark);
    return SKA_OK;
}
