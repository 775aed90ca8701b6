/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * catalogue_check.c - what makes a catalogue valid as a whole, whichever form it came in.
 *
 * Every code, text and number is checked here again, so that the two readers need only get the
 * types right; sizes of lists are theirs. catalogue_check_records.c has the second half.
 */
#include "protocol/catalogue_part.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/text.h"
#include "protocol/words.h"

/* --- words claimed twice ---------------------------------------------------------------------- */

struct catalogue_claim {
    char *word; /* folded, owned */
    size_t owner;
};

void catalogue_claims_clear(struct catalogue_claims *claims)
{
    for (size_t i = 0; i < claims->n; i++)
        free(claims->at[i].word);
    free(claims->at);
    *claims = (struct catalogue_claims){0};
}

enum ska_status catalogue_claim(struct catalogue_claims *claims, const char *word, size_t owner)
{
    if (claims->n == claims->capacity) {
        size_t capacity = claims->capacity == 0 ? 64 : 2 * claims->capacity;
        struct catalogue_claim *grown = realloc(claims->at, capacity * sizeof *grown);
        if (grown == NULL)
            return SKA_E_MEMORY;
        claims->at = grown;
        claims->capacity = capacity;
    }
    char *folded = ska_fold_new(word);
    if (folded == NULL)
        return SKA_E_MEMORY;
    claims->at[claims->n++] = (struct catalogue_claim){.word = folded, .owner = owner};
    return SKA_OK;
}

static int compare_claims(const void *a, const void *b)
{
    const struct catalogue_claim *x = a;
    const struct catalogue_claim *y = b;
    int order = strcmp(x->word, y->word);
    return order != 0 ? order : (x->owner > y->owner) - (x->owner < y->owner);
}

/* An element may say one word twice (its code and its label are often the same). */
enum ska_status catalogue_claims_check(struct catalogue_place *at, struct catalogue_claims *claims)
{
    if (claims->n > 1)
        qsort(claims->at, claims->n, sizeof *claims->at, compare_claims);
    for (size_t i = 1; i < claims->n; i++) {
        const struct catalogue_claim *a = &claims->at[i - 1];
        const struct catalogue_claim *b = &claims->at[i];
        if (a->owner != b->owner && strcmp(a->word, b->word) == 0) {
            catalogue_enter_index(at, b->owner);
            return catalogue_fault(at, SKA_E_CONFLICT, "\"%.60s\" already stands for element %zu",
                                   b->word, a->owner);
        }
    }
    return SKA_OK;
}

/* --- codes and texts -------------------------------------------------------------------------- */

static bool is_code(const char *code)
{
    return ska_code_check(code, strlen(code)) == SKA_OK;
}

enum ska_status catalogue_check_code(struct catalogue_place *at, const char *code)
{
    if (is_code(code))
        return SKA_OK;
    catalogue_enter(at, "code");
    return catalogue_fault(at, SKA_E_FORMAT, "a code has 1 to %d characters of A-Z a-z 0-9 _ and -",
                           SKA_CODE_MAX);
}

static enum ska_status check_line(struct catalogue_place *at, const char *text, bool required)
{
    size_t len = strlen(text);
    if (len == 0 && required)
        return catalogue_fault(at, SKA_E_FORMAT, "must not be empty");
    enum ska_status status = ska_text_check(text, len, SKA_TEXT_MAX);
    if (status == SKA_E_LIMIT)
        return catalogue_fault(at, status, "is longer than %d bytes", SKA_TEXT_MAX);
    if (status != SKA_OK)
        return catalogue_fault(at, status, "must be one line of text without control characters");
    return SKA_OK;
}

enum ska_status catalogue_check_text(struct catalogue_place *at, const char *field,
                                     const struct ska_text *text, bool required)
{
    size_t mark = catalogue_enter(at, field);
    size_t inner = catalogue_enter(at, "sv");
    SKA_TRY(check_line(at, text->sv, required));
    catalogue_leave(at, inner);
    catalogue_enter(at, "en");
    SKA_TRY(check_line(at, text->en, required));
    catalogue_leave(at, mark);
    return SKA_OK;
}

/* An empty text is allowed: it stands for an empty field. */
enum ska_status catalogue_check_strings(struct catalogue_place *at, const char *field,
                                        const struct ska_strings *strings)
{
    size_t mark = catalogue_enter(at, field);
    for (size_t i = 0; i < strings->n; i++) {
        size_t inner = catalogue_enter_index(at, i);
        SKA_TRY(check_line(at, strings->at[i], false));
        catalogue_leave(at, inner);
    }
    catalogue_leave(at, mark);
    return SKA_OK;
}

/* --- dimensions ------------------------------------------------------------------------------- */

SKA_DEFINE_RELEASE(struct catalogue_claims *, claims_release, catalogue_claims_clear)

/* A category is called by its code, its two labels, and its values; no word by two of them. */
static enum ska_status claim_category(struct catalogue_claims *claims,
                                      const struct ska_category *category, size_t owner)
{
    SKA_TRY(catalogue_claim(claims, category->code, owner));
    SKA_TRY(catalogue_claim(claims, category->label.sv, owner));
    SKA_TRY(catalogue_claim(claims, category->label.en, owner));
    for (size_t i = 0; i < category->values.n; i++)
        SKA_TRY(catalogue_claim(claims, category->values.at[i], owner));
    return SKA_OK;
}

static enum ska_status check_dimension(struct catalogue_place *at, const struct ska_dimension *d)
{
    struct catalogue_claims words = {0};
    SKA_SCOPED(claims_release) struct catalogue_claims *claims = &words;
    SKA_TRY(catalogue_check_code(at, d->code));
    SKA_TRY(catalogue_check_text(at, "label", &d->label, true));
    size_t mark = catalogue_enter(at, "categories");
    for (size_t i = 0; i < d->n_categories; i++) {
        const struct ska_category *category = &d->categories[i];
        size_t inner = catalogue_enter_index(at, i);
        SKA_TRY(catalogue_check_code(at, category->code));
        SKA_TRY(catalogue_check_text(at, "label", &category->label, true));
        SKA_TRY(catalogue_check_strings(at, "values", &category->values));
        catalogue_leave(at, inner);
        SKA_TRY(claim_category(claims, category, i));
    }
    SKA_TRY(catalogue_claims_check(at, claims));
    catalogue_leave(at, mark);
    return SKA_OK;
}

static enum ska_status check_dimensions(struct catalogue_place *at, const struct ska_catalogue *c)
{
    struct catalogue_claims words = {0};
    SKA_SCOPED(claims_release) struct catalogue_claims *claims = &words;
    size_t mark = catalogue_enter(at, "dimensions");
    for (size_t i = 0; i < c->n_dimensions; i++) {
        size_t inner = catalogue_enter_index(at, i);
        SKA_TRY(check_dimension(at, &c->dimensions[i]));
        catalogue_leave(at, inner);
        SKA_TRY(catalogue_claim(claims, c->dimensions[i].code, i));
    }
    SKA_TRY(catalogue_claims_check(at, claims));
    catalogue_leave(at, mark);
    return SKA_OK;
}

enum ska_status catalogue_check(struct catalogue_place *at, const struct ska_catalogue *c)
{
    if (!is_code(c->id)) {
        catalogue_enter(at, "id");
        return catalogue_fault(at, SKA_E_FORMAT, "has 1 to %d characters of A-Z a-z 0-9 _ and -",
                               SKA_CODE_MAX);
    }
    if (!is_code(c->edition)) {
        catalogue_enter(at, "edition");
        return catalogue_fault(at, SKA_E_FORMAT, "has 1 to %d characters of A-Z a-z 0-9 _ and -",
                               SKA_CODE_MAX);
    }
    SKA_TRY(catalogue_check_text(at, "title", &c->title, true));
    SKA_TRY(catalogue_check_text(at, "description", &c->description, false));
    SKA_TRY(catalogue_check_text(at, "source", &c->source, false));
    SKA_TRY(check_dimensions(at, c));
    SKA_TRY(catalogue_check_records(at, c));
    return catalogue_check_rules(at, c);
}
