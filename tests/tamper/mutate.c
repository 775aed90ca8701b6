/* SPDX-License-Identifier: EUPL-1.2 */
/* mutate.c - damage without a plan. */
#include "tests/tamper/mutate.h"

#include <string.h>

size_t mutate_bytes(uint8_t *data, size_t len, size_t room, uint64_t (*draw)(void))
{
    size_t at = draw() % (len + 1), n = 1 + draw() % 64;
    if (at == len)
        at = len > 0 ? len - 1 : 0;
    if (n > len - at)
        n = len - at;
    switch (draw() % 6) {
    case 0:
        data[at] ^= (uint8_t)(1u << draw() % 8);
        return len;
    case 1:
        for (size_t i = 0; i < n; i++)
            data[at + i] = (uint8_t)draw();
        return len;
    case 2: /* take away */
        memmove(data + at, data + at + n, len - at - n);
        return len - n;
    case 3: /* double */
        if (len + n > room)
            return len;
        memmove(data + at + n, data + at, len - at);
        return len + n;
    case 4: /* copy from elsewhere */
        memmove(data + at, data + draw() % (len - n + 1), n);
        return len;
    default:
        memset(data + at, draw() % 2 == 0 ? 0 : 0xFF, n);
        return len;
    }
}

static bool is_same(const struct world_file *a, const struct world_file *b)
{
    return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

size_t mutate_file(struct world *w, const struct world *honest, uint64_t (*draw)(void))
{
    size_t i = draw() % w->n_files;
    struct world_file *file = &w->files[i];
    do
        file->len = mutate_bytes(file->data, file->len, sizeof file->data, draw);
    while (is_same(file, &honest->files[i]));
    return i;
}

bool mutate_is_harmless_at(const char *name, const uint8_t *file, size_t at)
{
    if (strncmp(name, "page.", 5) == 0)
        return true;
    return strcmp(name, "certificate") == 0 && at >= 9u + 8u * file[4];
}

/* The first byte that differs; where one is longer, the first of all. */
static size_t first_change(const struct world_file *a, const struct world_file *b)
{
    size_t at = 0;
    if (a->len != b->len)
        return 0;
    while (at < a->len && a->data[at] == b->data[at])
        at++;
    return at;
}

bool mutate_is_harmless(const struct world_file *changed, const struct world_file *honest)
{
    const size_t at = first_change(changed, honest);
    if (strcmp(honest->name, "certificate") == 0 && at >= 9)
        return true; /* two other tables may do for a cell */
    return mutate_is_harmless_at(honest->name, honest->data, at);
}
