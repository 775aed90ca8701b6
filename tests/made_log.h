/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * made_log.h - a log made for tests: entries, tiles, checkpoints signed by it and by witnesses, as
 * files in memory.
 *
 * Entry i is "entry i"; a fork's entries have another word from some index on.
 */
#ifndef SKA_TESTS_MADE_LOG_H
#define SKA_TESTS_MADE_LOG_H

#include "crypto/scoped.h"
#include "protocol/checkpoint.h"
#include "protocol/cosignature.h"
#include "protocol/tlog_tile.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MADE_ORIGIN "log.example/made"
#define MADE_WITNESSES 3u

struct made_file {
    char path[SKA_TILE_PATH_MAX + 1];
    uint8_t *data; /* owned */
    size_t len;
};

struct made_log {
    struct ska_signing_key secrets[1 + MADE_WITNESSES]; /* the log's, then the witnesses' */
    struct ska_note_key keys[1 + MADE_WITNESSES];
    uint64_t n, common; /* leaves; those before `common` are every fork's */
    const char *word;
    uint8_t (*leaves)[SKA_HASH_BYTES]; /* owned */
    uint8_t (*nodes)[SKA_HASH_BYTES];  /* owned; roots of each full 256 leaves */
    struct made_file *files;           /* owned */
    size_t n_files;
};

static inline size_t made_entry(char out[static 64], const struct made_log *log, uint64_t index)
{
    return (size_t)snprintf(out, 64, "%s %" PRIu64, index < log->common ? "entry" : log->word,
                            index);
}

/* Keys from numbers, so that every log of a test has the same. */
static inline void made_log_keys(struct made_log *log)
{
    for (uint8_t i = 0; i <= MADE_WITNESSES; i++) {
        char name[64] = MADE_ORIGIN;
        if (i > 0)
            (void)snprintf(name, sizeof name, "witness.example/%u", i);
        uint8_t seed[SKA_SIGN_SEED_BYTES];
        memset(seed, 0x40 + i, sizeof seed);
        bool is_made =
            ska_signing_key_from_seed(&log->secrets[i], seed) == SKA_OK &&
            ska_note_key_init(&log->keys[i], name, i == 0 ? SKA_NOTE_ED25519 : SKA_NOTE_COSIGNATURE,
                              log->secrets[i].public_key) == SKA_OK;
        assert(is_made);
    }
}

static inline void made_log_free_files(struct made_log *log)
{
    for (size_t i = 0; i < log->n_files; i++)
        free(log->files[i].data);
    free(log->files);
    log->files = NULL;
    log->n_files = 0;
}

static inline void made_log_clear(struct made_log *log)
{
    made_log_free_files(log);
    free(log->leaves);
    free(log->nodes);
    *log = (struct made_log){0};
}

static inline void made_log_init(struct made_log *log, uint64_t n, uint64_t common,
                                 const char *word)
{
    *log = (struct made_log){.n = n, .common = common, .word = word};
    made_log_keys(log);
    log->leaves = calloc(n + 1, sizeof *log->leaves);
    log->nodes = calloc(n / SKA_TILE_WIDTH + 1, sizeof *log->nodes);
    assert(log->leaves != NULL && log->nodes != NULL);
    for (uint64_t i = 0; i < n; i++) {
        char text[64];
        ska_merkle_leaf(log->leaves[i], text, made_entry(text, log, i));
    }
    for (uint64_t i = 0; i < n / SKA_TILE_WIDTH; i++)
        ska_merkle_root(log->nodes[i],
                        (const uint8_t(*)[SKA_HASH_BYTES]) & log->leaves[i * SKA_TILE_WIDTH],
                        SKA_TILE_WIDTH);
}

/* Let a leaf be of other bytes; its bundle is not changed. */
static inline void made_log_set(struct made_log *log, uint64_t index, const void *data, size_t len)
{
    const uint64_t node = index / SKA_TILE_WIDTH;
    ska_merkle_leaf(log->leaves[index], data, len);
    if (node < log->n / SKA_TILE_WIDTH)
        ska_merkle_root(log->nodes[node],
                        (const uint8_t(*)[SKA_HASH_BYTES]) & log->leaves[node * SKA_TILE_WIDTH],
                        SKA_TILE_WIDTH);
}

static inline enum ska_status made_hash(uint8_t out[static SKA_HASH_BYTES], void *arg,
                                        unsigned level, uint64_t index)
{
    const struct made_log *log = arg;
    if (level > 2)
        return SKA_E_NOT_FOUND;
    if (level == 2)
        ska_merkle_root(out,
                        (const uint8_t(*)[SKA_HASH_BYTES]) & log->nodes[index * SKA_TILE_WIDTH],
                        SKA_TILE_WIDTH);
    else
        memcpy(out, level == 0 ? log->leaves[index] : log->nodes[index], SKA_HASH_BYTES);
    return SKA_OK;
}

static inline void made_tile(struct ska_writer *w, struct made_log *log,
                             const struct ska_tile *tile)
{
    uint8_t hashes[SKA_TILE_WIDTH][SKA_HASH_BYTES];
    if (tile->level != SKA_TILE_ENTRIES) {
        const struct ska_tile_source source = {made_hash, log};
        bool is_made = ska_tile_hashes(hashes, tile, &source) == SKA_OK;
        assert(is_made);
        ska_write_bytes(w, hashes, tile->width * SKA_HASH_BYTES);
        return;
    }
    for (unsigned i = 0; i < tile->width; i++) {
        char text[64];
        ska_write_opaque16(w, text, made_entry(text, log, tile->index * SKA_TILE_WIDTH + i));
    }
}

/* The files that a log of `size` leaves has and one of old_size has not, added to log->files. */
static inline void made_log_add_files(struct made_log *log, uint64_t old_size, uint64_t size)
{
    struct ska_tile_walk walk;
    struct ska_tile tile;
    ska_tile_walk_init(&walk, old_size, size);
    while (ska_tile_walk_next(&tile, &walk)) {
        struct made_file *more = realloc(log->files, (log->n_files + 1) * sizeof *more);
        assert(more != NULL);
        log->files = more;
        struct made_file *f = &log->files[log->n_files++];
        struct ska_writer w = {0};
        ska_tile_path(f->path, &tile);
        made_tile(&w, log, &tile);
        bool is_made = ska_writer_take(&f->data, &f->len, &w) == SKA_OK;
        assert(is_made);
    }
}

static inline struct made_file *made_log_find(const struct made_log *log, const char *path)
{
    for (size_t i = 0; i < log->n_files; i++)
        if (strcmp(log->files[i].path, path) == 0)
            return &log->files[i];
    return NULL;
}

/* A checkpoint of the first `size` leaves, cosigned at time_s by the witnesses whose bits are set:
 * bit 0 is witness 1. */
static inline void made_log_checkpoint(struct ska_writer *w, const struct made_log *log,
                                       uint64_t size, unsigned witnesses, uint64_t time_s)
{
    struct ska_checkpoint c = {.origin = MADE_ORIGIN, .size = size};
    struct ska_writer text = {0};
    ska_merkle_root(c.root, (const uint8_t(*)[SKA_HASH_BYTES])log->leaves, size);
    ska_checkpoint_format(&text, &c);
    const struct ska_slice signed_text = {text.data, text.len};
    ska_write_bytes(w, text.data, text.len);
    ska_write_u8(w, '\n');
    bool is_made = ska_note_sign(w, &log->keys[0], &log->secrets[0], signed_text) == SKA_OK;
    for (unsigned i = 1; i <= MADE_WITNESSES; i++)
        if ((witnesses >> (i - 1) & 1) != 0)
            is_made = is_made && ska_cosignature_sign(w, &log->keys[i], &log->secrets[i],
                                                      signed_text, time_s) == SKA_OK;
    assert(is_made && ska_writer_status(w) == SKA_OK);
    ska_writer_clear(&text);
}

/* A policy of this log and its witnesses: any two of the three. */
static inline void made_log_policy(char *out, size_t size, const struct made_log *log)
{
    char key[SKA_NOTE_KEY_TEXT_MAX + 1];
    ska_note_key_format(key, &log->keys[0]);
    int at = snprintf(out, size, "log %s\n", key);
    for (unsigned i = 1; i <= MADE_WITNESSES; i++) {
        ska_note_key_format(key, &log->keys[i]);
        at += snprintf(out + at, size - (size_t)at, "witness w%u %s\n", i, key);
    }
    at += snprintf(out + at, size - (size_t)at, "group two 2 w1 w2 w3\nquorum two\n");
    assert((size_t)at < size);
}

#endif
