/* SPDX-License-Identifier: EUPL-1.2 */
/* catalogue.c - what a catalogue owns, released. */
#include "protocol/catalogue.h"

#include <stdlib.h>

static void clear_text(struct ska_text *text)
{
    free(text->sv);
    free(text->en);
}

static void clear_strings(struct ska_strings *strings)
{
    for (size_t i = 0; strings->at != NULL && i < strings->n; i++)
        free(strings->at[i]);
    free(strings->at);
}

static void clear_dimension(struct ska_dimension *d)
{
    for (size_t i = 0; d->categories != NULL && i < d->n_categories; i++) {
        clear_text(&d->categories[i].label);
        clear_strings(&d->categories[i].values);
    }
    free(d->categories);
    clear_text(&d->label);
}

static void clear_record_kind(struct ska_record_kind *k)
{
    for (size_t i = 0; k->columns != NULL && i < k->n_columns; i++)
        clear_strings(&k->columns[i].headers);
    free(k->columns);
    clear_text(&k->label);
}

static void clear_indicator(struct ska_indicator *ind)
{
    clear_text(&ind->label);
    clear_text(&ind->description);
    clear_text(&ind->unit);
    clear_text(&ind->source);
    free(ind->tables);
    for (size_t i = 0; ind->conditions != NULL && i < ind->n_conditions; i++)
        clear_strings(&ind->conditions[i].values);
    free(ind->conditions);
}

void ska_catalogue_free(struct ska_catalogue *c)
{
    if (c == NULL)
        return;
    clear_text(&c->title);
    clear_text(&c->description);
    clear_text(&c->source);
    for (size_t i = 0; c->dimensions != NULL && i < c->n_dimensions; i++)
        clear_dimension(&c->dimensions[i]);
    free(c->dimensions);
    for (size_t i = 0; c->record_kinds != NULL && i < c->n_record_kinds; i++)
        clear_record_kind(&c->record_kinds[i]);
    free(c->record_kinds);
    for (size_t i = 0; c->indicators != NULL && i < c->n_indicators; i++)
        clear_indicator(&c->indicators[i]);
    free(c->indicators);
    for (size_t i = 0; c->rules != NULL && i < c->n_rules; i++) {
        clear_text(&c->rules[i].label);
        free(c->rules[i].terms);
    }
    free(c->rules);
    free(c);
}
