/* SPDX-License-Identifier: EUPL-1.2 */
/* string_map.c - open addressing over FNV-1a; the keys come from the officer's own files. */
#include "client/string_map.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"

struct string_map_entry {
    char *key; /* owned; NULL: free place */
    size_t len;
    uint64_t hash;
    uint64_t value;
};

static uint64_t hash_of(const char *key, size_t len)
{
    uint64_t h = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < len; i++)
        h = (h ^ (uint8_t)key[i]) * UINT64_C(0x100000001B3);
    return h;
}

/* The key's place, or the free place where it would be. Precondition: capacity > 0. */
static struct string_map_entry *place_of(const struct string_map *map, const char *key, size_t len,
                                         uint64_t hash)
{
    size_t mask = map->capacity - 1;
    for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
        struct string_map_entry *e = &map->at[i];
        bool same =
            e->key != NULL && e->hash == hash && e->len == len && memcmp(e->key, key, len) == 0;
        if (e->key == NULL || same)
            return e;
    }
}

static enum ska_status grow(struct string_map *map)
{
    struct string_map bigger = {.n = map->n,
                                .capacity = map->capacity == 0 ? 64 : 2 * map->capacity};
    bigger.at = ska_alloc(bigger.capacity, sizeof *bigger.at);
    if (bigger.at == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < map->capacity; i++) {
        const struct string_map_entry *e = &map->at[i];
        if (e->key != NULL)
            *place_of(&bigger, e->key, e->len, e->hash) = *e;
    }
    free(map->at);
    *map = bigger;
    return SKA_OK;
}

enum ska_status string_map_put(uint64_t *value, struct string_map *map, const char *key, size_t len,
                               uint64_t fresh)
{
    if (map->capacity < 2 * (map->n + 1))
        SKA_TRY(grow(map));
    uint64_t hash = hash_of(key, len);
    struct string_map_entry *e = place_of(map, key, len, hash);
    if (e->key == NULL) {
        char *copy = malloc(len + 1);
        if (copy == NULL)
            return SKA_E_MEMORY;
        memcpy(copy, key, len);
        copy[len] = '\0';
        *e = (struct string_map_entry){.key = copy, .len = len, .hash = hash, .value = fresh};
        map->n++;
    }
    *value = e->value;
    return SKA_OK;
}

bool string_map_get(uint64_t *value, const struct string_map *map, const char *key, size_t len)
{
    if (map->capacity == 0)
        return false;
    const struct string_map_entry *e = place_of(map, key, len, hash_of(key, len));
    if (e->key == NULL)
        return false;
    *value = e->value;
    return true;
}

void string_map_clear(struct string_map *map)
{
    for (size_t i = 0; i < map->capacity; i++)
        ska_wipe_free(map->at[i].key, map->at[i].len);
    free(map->at);
    *map = (struct string_map){0};
}
