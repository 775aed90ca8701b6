/* SPDX-License-Identifier: EUPL-1.2 */
/* log_blame.c - the first entry or tile that does not hash to what stands above it. */
#include "audit/log_blame.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/words.h"
#include "crypto/scoped.h"
#include "protocol/tlog_tile.h"

/* The log's own files of hashes: the one of each level that was read last. */
struct served {
    struct log_evidence *log;
    uint8_t *data[SKA_TILE_LEVELS]; /* owned; NULL: none yet */
    struct ska_tile is[SKA_TILE_LEVELS];
};

static void served_clear(struct served *s)
{
    for (size_t i = 0; i < SKA_TILE_LEVELS; i++)
        free(s->data[i]);
}

static enum ska_status read_tile(struct served *s, unsigned level, uint64_t number)
{
    struct ska_tile tile = {level, number, ska_tile_width(level, number, s->log->size)};
    char path[SKA_TILE_PATH_MAX + 1];
    size_t len = 0;
    if (s->data[level] != NULL && s->is[level].index == number)
        return SKA_OK;
    free(s->data[level]);
    s->data[level] = NULL;
    ska_tile_path(path, &tile);
    SKA_TRY(log_place_read(&s->data[level], &len, &s->log->place, path, SKA_TILE_BYTES_MAX, NULL));
    s->is[level] = tile;
    if (len == (size_t)tile.width * SKA_HASH_BYTES)
        return SKA_OK;
    free(s->data[level]);
    s->data[level] = NULL;
    return SKA_E_FORMAT;
}

static enum ska_status hash_of(uint8_t out[static SKA_HASH_BYTES], void *arg, unsigned level,
                               uint64_t index)
{
    struct served *s = arg;
    SKA_TRY(read_tile(s, level, index / SKA_TILE_WIDTH));
    memcpy(out, s->data[level] + index % SKA_TILE_WIDTH * SKA_HASH_BYTES, SKA_HASH_BYTES);
    return SKA_OK;
}

/* Whether the right edge of the files gives the signed root: then it is the log's. */
static enum ska_status is_root_theirs(bool *is_so, struct served *s)
{
    const struct ska_tile_source source = {.hash = hash_of, .arg = s};
    struct ska_merkle_edge edge;
    uint8_t root[SKA_HASH_BYTES];
    SKA_TRY(ska_tile_edge(&edge, s->log->size, &source));
    ska_merkle_edge_root(root, &edge);
    *is_so = memcmp(root, s->log->note.root, sizeof root) == 0;
    return SKA_OK;
}

/* Whether a full tile that was read gives the hash that stands for it on the level above. A tile
 * that is not full is the edge. */
static enum ska_status is_as_above(bool *is_so, struct served *s, unsigned level, uint64_t number)
{
    uint8_t hashes[SKA_TILE_WIDTH][SKA_HASH_BYTES], root[SKA_HASH_BYTES], above[SKA_HASH_BYTES];
    *is_so = true;
    SKA_TRY(read_tile(s, level, number));
    if (s->is[level].width < SKA_TILE_WIDTH || level + 1 == SKA_TILE_LEVELS)
        return SKA_OK;
    memcpy(hashes, s->data[level], sizeof hashes);
    ska_merkle_root(root, (const uint8_t(*)[SKA_HASH_BYTES])hashes, SKA_TILE_WIDTH);
    SKA_TRY(hash_of(above, s, level + 1, number));
    *is_so = memcmp(root, above, sizeof root) == 0;
    return SKA_OK;
}

static void name_tile(char text[static LOG_BLAME_MAX], unsigned level, uint64_t number,
                      uint64_t size, const char *what)
{
    const struct ska_tile tile = {level, number, ska_tile_width(level, number, size)};
    char path[SKA_TILE_PATH_MAX + 1];
    ska_tile_path(path, &tile);
    (void)snprintf(text, LOG_BLAME_MAX, "%s %s", path, what);
}

/* The first tile from the leaves up, over this number, that is not as above. */
static enum ska_status blame_tile(char text[static LOG_BLAME_MAX], struct served *s,
                                  uint64_t number)
{
    for (unsigned level = 0; level < SKA_TILE_LEVELS; level++, number /= SKA_TILE_WIDTH) {
        bool is_so = false;
        if (ska_tile_width(level, number, s->log->size) == 0)
            return SKA_OK;
        SKA_TRY(is_as_above(&is_so, s, level, number));
        if (!is_so) {
            name_tile(
                text, level, number, s->log->size,
                words("är inte vad filen ovanför den har", "is not what the file above it has"));
            return SKA_OK;
        }
    }
    return SKA_OK;
}

static enum ska_status find_first(char text[static LOG_BLAME_MAX], struct served *s)
{
    bool is_so = false;
    SKA_TRY(is_root_theirs(&is_so, s));
    for (uint64_t i = 0; is_so && i < s->log->size; i++) {
        uint8_t theirs[SKA_HASH_BYTES];
        SKA_TRY(hash_of(theirs, s, 0, i));
        if (memcmp(theirs, s->log->hashes[0][i], sizeof theirs) == 0)
            continue;
        SKA_TRY(blame_tile(text, s, i / SKA_TILE_WIDTH));
        if (text[0] != '\0')
            return SKA_OK;
        char place[LOG_BLAME_MAX / 2];
        (void)snprintf(place, sizeof place,
                       words("har en annan post %" PRIu64 " än loggens träd",
                             "has another entry %" PRIu64 " than the log's tree"),
                       i);
        name_tile(text, SKA_TILE_ENTRIES, i / SKA_TILE_WIDTH, s->log->size, place);
        return SKA_OK;
    }
    return SKA_OK;
}

enum ska_status log_blame(char text[static LOG_BLAME_MAX], struct log_evidence *log)
{
    SKA_SCOPED(served_clear) struct served s = {.log = log};
    text[0] = '\0';
    if (log->place.prefix == NULL)
        return SKA_OK; /* a bundle's part of the log: no files of hashes lie with it */
    enum ska_status status = find_first(text, &s);
    if (status == SKA_OK)
        return SKA_OK;
    text[0] = '\0';
    const enum ska_class class = ska_status_class(status);
    return class == SKA_CLASS_INPUT || class == SKA_CLASS_REJECTED ? SKA_OK : status;
}
