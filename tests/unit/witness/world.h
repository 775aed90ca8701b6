/* SPDX-License-Identifier: EUPL-1.2 */
/* world.h - logs with keys and trees, and requests to a witness, for its tests. */
#ifndef SKA_TESTS_WITNESS_WORLD_H
#define SKA_TESTS_WITNESS_WORLD_H

#include "tests/plain_tree.h"
#include "tests/test.h"

#include "crypto/scoped.h"
#include "protocol/checkpoint.h"

#define WORLD_LEAVES 64

/* A log: what it would show of the tree made by `fork`. */
struct world_log {
    struct ska_signing_key secret;
    struct ska_note_key key;
    uint8_t leaves[WORLD_LEAVES][SKA_HASH_BYTES];
};

static inline void world_log_init(struct world_log *log, const char *origin)
{
    ck_assert_status(ska_signing_key_generate(&log->secret), SKA_OK);
    ck_assert_status(ska_note_key_init(&log->key, origin, SKA_NOTE_ED25519, log->secret.public_key),
                     SKA_OK);
    for (uint8_t i = 0; i < WORLD_LEAVES; i++)
        ska_merkle_leaf(log->leaves[i], &i, 1);
}

/* The leaves from `from` on are others: another log under the same name and key. */
static inline void world_log_fork(struct world_log *log, size_t from)
{
    for (size_t i = from; i < WORLD_LEAVES; i++)
        log->leaves[i][0] ^= 1;
}

static inline const uint8_t (*world_leaves(const struct world_log *log))[SKA_HASH_BYTES]
{
    return (const uint8_t(*)[SKA_HASH_BYTES])log->leaves;
}

/* The text of the checkpoint at `size`. */
static inline void world_text(struct ska_writer *w, const struct world_log *log, size_t size)
{
    struct ska_checkpoint c = {.size = size};
    memcpy(c.origin, log->key.name, sizeof c.origin);
    plain_root(c.root, world_leaves(log), size);
    ska_checkpoint_format(w, &c);
}

/* "old", proof, empty line: the proof from `from` to `to` of the log's tree. */
static inline void world_head(struct ska_writer *w, const struct world_log *log, uint64_t old,
                              size_t from, size_t to)
{
    uint8_t path[SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES];
    size_t len = 0;
    char text[80];
    int n = snprintf(text, sizeof text, "old %" PRIu64 "\n", old);
    ska_write_bytes(w, text, (size_t)n);
    if (from > 0)
        plain_proof(path, &len, world_leaves(log), from, to, true);
    for (size_t i = 0; i < len; i++) {
        ska_base64_encode(text, path[i], SKA_HASH_BYTES);
        ska_write_bytes(w, text, strlen(text));
        ska_write_bytes(w, "\n", 1);
    }
    ska_write_bytes(w, "\n", 1);
}

/* The checkpoint of that text, as the log signs it: what a request ends with. */
static inline void world_sign(struct ska_writer *w, const struct world_log *log,
                              const struct ska_writer *text)
{
    ska_write_bytes(w, text->data, text->len);
    ska_write_bytes(w, "\n", 1);
    ck_assert_status(
        ska_note_sign(w, &log->key, &log->secret, (struct ska_slice){text->data, text->len}),
        SKA_OK);
}

/* A whole request: from `old` to `size`, signed by the log. The caller clears. */
static inline struct ska_writer world_request(const struct world_log *log, size_t old, size_t size)
{
    struct ska_writer w = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer text = {0};
    world_head(&w, log, old, old, size);
    world_text(&text, log, size);
    world_sign(&w, log, &text);
    return w;
}

#endif
