/* SPDX-License-Identifier: EUPL-1.2 */
/* catalogue_check_rules.c - the rules of a catalogue name cells that exist, all of one cadence. */
#include "protocol/catalogue_part.h"

#include <string.h>

#include "crypto/scoped.h"

SKA_DEFINE_RELEASE(struct catalogue_claims *, claims_release, catalogue_claims_clear)

/* One dot-separated part of a cell's code, taken from *rest, which moves behind it. */
static bool take_part(char out[static SKA_CODE_MAX + 1], const char **rest)
{
    size_t len = strcspn(*rest, ".");
    if (len == 0 || len > SKA_CODE_MAX)
        return false;
    memcpy(out, *rest, len);
    out[len] = '\0';
    *rest += len;
    return true;
}

static const struct ska_indicator *indicator_of(const struct ska_catalogue *c, const char *code)
{
    for (size_t i = 0; i < c->n_indicators; i++)
        if (strcmp(c->indicators[i].code, code) == 0)
            return &c->indicators[i];
    return NULL;
}

static bool is_table_cell(const struct ska_catalogue *c, const struct ska_indicator *ind,
                          const char *dimension, const char *category)
{
    for (size_t i = 0; i < ind->n_tables; i++) {
        const struct ska_dimension *d = &c->dimensions[ind->tables[i]];
        for (size_t j = 0; strcmp(d->code, dimension) == 0 && j < d->n_categories; j++)
            if (strcmp(d->categories[j].code, category) == 0)
                return true;
    }
    return false;
}

/* The indicator of a cell that is in the catalogue, or NULL. */
static const struct ska_indicator *find_cell(const struct ska_catalogue *c, const char *cell)
{
    char part[3][SKA_CODE_MAX + 1] = {"", "", ""};
    size_t n = 0;
    for (const char *rest = cell; n < 3; n++) {
        if (!take_part(part[n], &rest))
            return NULL;
        if (*rest == '\0') {
            n++;
            break;
        }
        rest++;
        if (n == 2)
            return NULL; /* a fourth part */
    }
    const struct ska_indicator *ind = indicator_of(c, part[0]);
    if (ind == NULL || n == 1)
        return ind;
    if (n == 2)
        return ind->may_be_blank && strcmp(part[1], "answered") == 0 ? ind : NULL;
    return is_table_cell(c, ind, part[1], part[2]) ? ind : NULL;
}

static enum ska_status check_terms(struct catalogue_place *at,
                                   const struct ska_catalogue_rule *rule,
                                   const struct ska_catalogue *c)
{
    const struct ska_indicator *first = NULL;
    size_t mark = catalogue_enter(at, "terms");
    for (size_t i = 0; i < rule->n_terms; i++) {
        const struct ska_rule_term *term = &rule->terms[i];
        const struct ska_indicator *ind = find_cell(c, term->cell);
        if (ind == NULL)
            return catalogue_fault(at, SKA_E_NOT_FOUND, "there is no cell %s", term->cell);
        if (term->coefficient == 0 || term->coefficient > SKA_COEFFICIENT_MAX ||
            term->coefficient < -SKA_COEFFICIENT_MAX)
            return catalogue_fault(at, SKA_E_RANGE, "the coefficient of %s is zero or too large",
                                   term->cell);
        first = first == NULL ? ind : first;
        if (ind->cadence != first->cadence)
            return catalogue_fault(at, SKA_E_CONFLICT, "%s and %s are of different cadence",
                                   first->code, ind->code);
        if (i > 0 && strcmp(rule->terms[i - 1].cell, term->cell) >= 0)
            return catalogue_fault(at, SKA_E_ENCODING, "cells are not in order");
    }
    catalogue_leave(at, mark);
    return SKA_OK;
}

enum ska_status catalogue_check_rules(struct catalogue_place *at, const struct ska_catalogue *c)
{
    struct catalogue_claims words = {0};
    SKA_SCOPED(claims_release) struct catalogue_claims *claims = &words;
    size_t mark = catalogue_enter(at, "rules");
    for (size_t i = 0; i < c->n_rules; i++) {
        const struct ska_catalogue_rule *rule = &c->rules[i];
        size_t inner = catalogue_enter_index(at, i);
        SKA_TRY(catalogue_check_code(at, rule->code));
        SKA_TRY(catalogue_check_text(at, "label", &rule->label, true));
        if (rule->constant > SKA_COEFFICIENT_MAX || rule->constant < -SKA_COEFFICIENT_MAX) {
            catalogue_enter(at, "constant");
            return catalogue_fault(at, SKA_E_RANGE, "is too large");
        }
        SKA_TRY(check_terms(at, rule, c));
        catalogue_leave(at, inner);
        SKA_TRY(catalogue_claim(claims, rule->code, i));
    }
    SKA_TRY(catalogue_claims_check(at, claims));
    catalogue_leave(at, mark);
    return SKA_OK;
}
