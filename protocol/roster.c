/* SPDX-License-Identifier: EUPL-1.2 */
/* roster.c - the contributors of a collection, sorted by code, and the canonical bytes of that. */
#include "protocol/roster.h"

#include "crypto/scoped.h"
#include "protocol/text.h"

#include <stdlib.h>
#include <string.h>

#define CONTRIBUTOR_BYTES_MIN (1 + 1 + 2 + 1 + SKA_SIGN_PUBLIC_BYTES)

SKA_DEFINE_RELEASE(const uint8_t **, keys_release, free)

static int compare_codes(const void *a, const void *b)
{
    const struct ska_contributor *left = a;
    const struct ska_contributor *right = b;
    return strcmp(left->code, right->code);
}

static int compare_keys(const void *a, const void *b)
{
    const uint8_t *const *left = a;
    const uint8_t *const *right = b;
    return memcmp(*left, *right, SKA_SIGN_PUBLIC_BYTES);
}

enum ska_status ska_contributor_check(const struct ska_contributor *c, struct ska_error *err)
{
    size_t code_len = strnlen(c->code, sizeof c->code);
    enum ska_status status = ska_code_check(c->code, code_len);
    if (status != SKA_OK)
        return ska_fail(err, status,
                        "a contributor's code is 1 to %d letters A-Z, a-z, digits, - and _",
                        SKA_CODE_MAX);
    size_t name_len = strnlen(c->name, sizeof c->name);
    status = name_len == 0 ? SKA_E_RANGE : ska_text_check(c->name, name_len, SKA_NAME_MAX);
    if (status == SKA_OK && (c->name[0] == ' ' || c->name[name_len - 1] == ' '))
        status = SKA_E_FORMAT;
    if (status != SKA_OK)
        return ska_fail(err, status,
                        "contributor %s: the name is 1 to %d bytes of UTF-8 on one line, without "
                        "spaces around it",
                        c->code, SKA_NAME_MAX);
    return SKA_OK;
}

/* Refuse one key under two codes; `*first`, `*second` are their indices then. */
static enum ska_status check_keys(uint32_t *first, uint32_t *second,
                                  const struct ska_roster *roster)
{
    if (roster->n < 2)
        return SKA_OK;
    SKA_SCOPED(keys_release) const uint8_t **sorted = ska_alloc(roster->n, sizeof *sorted);
    if (sorted == NULL)
        return SKA_E_MEMORY;
    for (uint32_t i = 0; i < roster->n; i++)
        sorted[i] = roster->keys[i];
    qsort(sorted, roster->n, sizeof *sorted, compare_keys);
    for (uint32_t i = 1; i < roster->n; i++) {
        if (memcmp(sorted[i - 1], sorted[i], SKA_SIGN_PUBLIC_BYTES) == 0) {
            *first = (uint32_t)((size_t)(sorted[i - 1] - roster->keys[0]) / SKA_SIGN_PUBLIC_BYTES);
            *second = (uint32_t)((size_t)(sorted[i] - roster->keys[0]) / SKA_SIGN_PUBLIC_BYTES);
            return SKA_E_CONFLICT;
        }
    }
    return SKA_OK;
}

/* Memory for n contributors, n >= 1. */
static enum ska_status make_room(struct ska_roster *roster, uint32_t n)
{
    roster->at = ska_alloc(n, sizeof *roster->at);
    roster->keys = ska_alloc(n, sizeof *roster->keys);
    if (roster->at == NULL || roster->keys == NULL)
        return SKA_E_MEMORY;
    roster->n = n;
    return SKA_OK;
}

/* Copy the keys in a row and check that they are distinct. */
static enum ska_status finish(struct ska_roster *roster, struct ska_error *err)
{
    for (uint32_t i = 0; i < roster->n; i++)
        memcpy(roster->keys[i], roster->at[i].key, SKA_SIGN_PUBLIC_BYTES);
    uint32_t first = 0;
    uint32_t second = 0;
    enum ska_status status = check_keys(&first, &second, roster);
    if (status == SKA_E_CONFLICT)
        return ska_fail(err, status, "contributors %s (%s) and %s (%s) have the same key",
                        roster->at[first].code, roster->at[first].name, roster->at[second].code,
                        roster->at[second].name);
    return status;
}

enum ska_status ska_roster_build(struct ska_roster *out, const struct ska_contributor *at,
                                 uint32_t n, struct ska_error *err)
{
    if (n > SKA_CONTRIBUTORS_MAX)
        return ska_fail(err, SKA_E_LIMIT, "a roster holds at most %u contributors, not %u",
                        SKA_CONTRIBUTORS_MAX, n);
    SKA_SCOPED(ska_roster_clear) struct ska_roster roster = {0};
    if (n > 0) {
        if (make_room(&roster, n) != SKA_OK)
            return ska_fail(err, SKA_E_MEMORY, "no memory for %u contributors", n);
        memcpy(roster.at, at, n * sizeof *at);
        qsort(roster.at, n, sizeof *roster.at, compare_codes);
    }
    for (uint32_t i = 0; i < n; i++) {
        SKA_TRY(ska_contributor_check(&roster.at[i], err));
        if (i > 0 && strcmp(roster.at[i - 1].code, roster.at[i].code) == 0)
            return ska_fail(err, SKA_E_CONFLICT, "the code %s belongs to both %s and %s",
                            roster.at[i].code, roster.at[i - 1].name, roster.at[i].name);
    }
    SKA_TRY(finish(&roster, err));
    *out = roster;
    roster = (struct ska_roster){0};
    return SKA_OK;
}

void ska_roster_clear(struct ska_roster *roster)
{
    if (roster == NULL)
        return;
    free(roster->at);
    free(roster->keys);
    *roster = (struct ska_roster){0};
}

void ska_roster_encode(struct ska_writer *w, const struct ska_roster *roster)
{
    ska_write_u32(w, roster->n);
    for (uint32_t i = 0; i < roster->n; i++) {
        ska_write_string8(w, roster->at[i].code);
        ska_write_string16(w, roster->at[i].name);
        ska_write_bytes(w, roster->at[i].key, SKA_SIGN_PUBLIC_BYTES);
    }
}

static enum ska_status read_contributor(struct ska_contributor *c, struct ska_reader *r)
{
    SKA_TRY(ska_read_code(c->code, r));
    SKA_TRY(ska_read_text16(c->name, r, SKA_NAME_MAX));
    SKA_TRY(ska_read_bytes(c->key, sizeof c->key, r));
    return ska_contributor_check(c, NULL);
}

enum ska_status ska_roster_decode(struct ska_roster *out, struct ska_reader *r)
{
    struct ska_reader inner = *r;
    SKA_SCOPED(ska_roster_clear) struct ska_roster roster = {0};
    uint32_t n;
    SKA_TRY(ska_read_u32(&n, &inner));
    if (n > SKA_CONTRIBUTORS_MAX)
        return SKA_E_LIMIT;
    if (n > inner.left / CONTRIBUTOR_BYTES_MIN)
        return SKA_E_TRUNCATED; /* before anything is allocated for it */
    if (n > 0)
        SKA_TRY(make_room(&roster, n));
    for (uint32_t i = 0; i < n; i++) {
        SKA_TRY(read_contributor(&roster.at[i], &inner));
        if (i > 0 && strcmp(roster.at[i - 1].code, roster.at[i].code) >= 0)
            return SKA_E_ENCODING;
    }
    SKA_TRY(finish(&roster, NULL));
    *out = roster;
    roster = (struct ska_roster){0};
    *r = inner;
    return SKA_OK;
}

uint32_t ska_roster_find(const struct ska_roster *roster, const char *code)
{
    uint32_t low = 0;
    uint32_t high = roster->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(roster->at[middle].code, code);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return SKA_NONE;
}

uint32_t ska_roster_find_key(const struct ska_roster *roster,
                             const uint8_t key[static SKA_SIGN_PUBLIC_BYTES])
{
    for (uint32_t i = 0; i < roster->n; i++) {
        if (memcmp(roster->keys[i], key, SKA_SIGN_PUBLIC_BYTES) == 0)
            return i;
    }
    return SKA_NONE;
}
