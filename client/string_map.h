/* SPDX-License-Identifier: EUPL-1.2 */
/* string_map.h - a set of strings, each with a number: identifiers seen, words and what they mean.
 */
#ifndef SKA_CLIENT_STRING_MAP_H
#define SKA_CLIENT_STRING_MAP_H

#include "crypto/bytes.h"

struct string_map_entry;

/* Valid when zeroed. */
struct string_map {
    size_t n, capacity;          /* capacity is 0 or a power of two, at most half full */
    struct string_map_entry *at; /* owned, with its keys */
};

/*
 * Put a key unless it is there. Out: *value, what stands beside the key: `fresh` if it was not
 * there, else what was put first. Returns SKA_OK, or SKA_E_MEMORY. The key is copied.
 */
enum ska_status string_map_put(uint64_t *value, struct string_map *map, const char *key, size_t len,
                               uint64_t fresh) SKA_MUST_CHECK;

/* Whether the key is there, and its value. */
bool string_map_get(uint64_t *value, const struct string_map *map, const char *key, size_t len);

/* Wipes the keys (they are identifiers of cases), frees, leaves an empty map. */
void string_map_clear(struct string_map *map);

#endif
