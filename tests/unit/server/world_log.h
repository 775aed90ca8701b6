/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * world_log.h - a public log in world.h: keys, policy and folder, an outside witness that the test
 * plays, and a look at the whole log with the verifier's own means.
 */
#ifndef SKA_TESTS_WORLD_LOG_H
#define SKA_TESTS_WORLD_LOG_H

#include "tests/plain_tree.h"
#include "tests/unit/server/period.h"

#include "protocol/add_checkpoint.h"
#include "protocol/cosignature.h"
#include "protocol/log_leaf.h"
#include "protocol/log_policy.h"
#include "protocol/tlog_proof.h"
#include "protocol/tlog_tile.h"
#include "support/file.h"

#include <sys/stat.h>

#define LOG_ENTRIES_MAX 600u

static struct world_log {
    struct ska_signing_key secret[3]; /* of LEADER, HELPER, and the witness */
    struct ska_note_key key[3];
    struct ska_tlog_policy policy;
    bool silent;   /* the witness does not answer */
    uint64_t size; /* what it has cosigned last */
    uint8_t root[SKA_HASH_BYTES];
    size_t n_cosigned, n_conflicts;
    struct ska_checkpoint published; /* world_log_read */
    struct ska_log_leaf leaves[LOG_ENTRIES_MAX];
    uint8_t hashes[LOG_ENTRIES_MAX][SKA_HASH_BYTES];
} world_log;

/* --- the witness --- */

static inline void world_witness_answer(uint32_t id, uint16_t status, const struct ska_writer *w)
{
    const struct ipc_fetched m = {.status = status, .body = {w->data, w->len}};
    world_tell_leader(id, &m);
}

/* It never forgets, and tries what it is told: two checkpoints of one size, or one that does not
 * extend the last, end the test. */
static inline void world_witness(uint32_t id, const struct ipc_fetch *m)
{
    static struct ska_add_checkpoint request;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    const struct ipc_fetched nobody = {.outcome = SKA_E_NETWORK};
    if (world_log.silent) {
        world_tell_leader(id, &nobody);
        return;
    }
    need(ska_add_checkpoint_parse(&request, m->body.data, m->body.len), "add-checkpoint");
    need(ska_note_verify(&request.note, &world_log.key[LEADER]), "signature of the log");
    if (request.old_size != world_log.size) {
        char text[32];
        (void)snprintf(text, sizeof text, "%" PRIu64 "\n", world_log.size);
        ska_write_bytes(&w, text, strlen(text));
        world_log.n_conflicts++;
        world_witness_answer(id, 409, &w);
        return;
    }
    need(ska_merkle_consistent(world_log.root, world_log.size, request.checkpoint.root,
                               request.checkpoint.size,
                               (const uint8_t(*)[SKA_HASH_BYTES])request.proof, request.n_proof),
         "the log extends what it was");
    need(ska_cosignature_sign(&w, &world_log.key[2], &world_log.secret[2], request.note.text,
                              aggregator_now_s()),
         "cosignature");
    world_log.size = request.checkpoint.size;
    memcpy(world_log.root, request.checkpoint.root, sizeof world_log.root);
    world_log.n_cosigned++;
    world_witness_answer(id, 200, &w);
}

/* --- making --- */

static inline void world_log_policy(struct ska_writer *w)
{
    static const char *const words[3] = {"log ", "witness helper ", "witness outside "};
    static const char quorum[] = "group both all helper outside\nquorum both\n";
    char text[SKA_NOTE_KEY_TEXT_MAX + 1];
    for (int i = 0; i < 3; i++) {
        ska_note_key_format(text, &world_log.key[i]);
        ska_write_bytes(w, words[i], strlen(words[i]));
        ska_write_bytes(w, text, strlen(text));
        if (i == 2)
            ska_write_bytes(w, " https://witness.test/", 22);
        ska_write_u8(w, '\n');
    }
    ska_write_bytes(w, quorum, sizeof quorum - 1);
}

/* The parameters that are to be put once more, for the log of this policy. */
static inline void world_promise_log(struct ska_slice policy)
{
    struct ska_parameters p;
    need(ska_parameters_decode(&p, (struct ska_slice){world.task->encoded, world.task->encoded_len},
                               NULL),
         "parameters");
    ska_sha256(p.log_policy, policy.data, policy.len);
    world_sign(&p);
    ska_parameters_clear(&p);
}

/* After world_make: both servers keep a log. */
static inline void world_log_make(void)
{
    static const char *const names[3] = {"leader.test/log", "helper.test/witness", "outside.test"};
    struct ska_error err = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    memset(&world_log, 0, sizeof world_log);
    ska_sha256(world_log.root, "", 0);
    for (int i = 0; i < 3; i++) {
        need(ska_signing_key_generate(&world_log.secret[i]), "key");
        need(ska_note_key_init(&world_log.key[i], names[i],
                               i == LEADER ? SKA_NOTE_ED25519 : SKA_NOTE_COSIGNATURE,
                               world_log.secret[i].public_key),
             "key");
    }
    world_log_policy(&w);
    need(ska_policy_parse(&world_log.policy, w.data, w.len, &err), err.text);
    for (int who = 0; who < 2; who++) {
        struct config *c = &world.party[who].config;
        world_path(c->log_key, who == LEADER ? "leader.log" : "helper.log");
        world_path(c->log_policy, "policy");
        need(keyfile_write_signing(c->log_key, &world_log.secret[who], &err), err.text);
        c->log_interval_s = 1;
    }
    world_path(world.party[LEADER].config.log, "log");
    need(file_write(world.party[LEADER].config.log_policy, w.data, w.len, false, &err), err.text);
    ck_assert_int_eq(mkdir(world.party[LEADER].config.log, 0700), 0);
    world.witness = world_witness;
    world_promise_log((struct ska_slice){w.data, w.len});
}

/* --- reading --- */

/* A file of the log's folder, whole; the caller frees. NULL: it is not there. */
static inline uint8_t *world_log_file(size_t *len, const char *name)
{
    uint8_t *data = NULL;
    SKA_SCOPED(ska_scoped_free) char *path = file_join(world.party[LEADER].config.log, name);
    ck_assert_ptr_nonnull(path);
    return file_read(&data, len, path, 1u << 24, NULL) == SKA_OK ? data : NULL;
}

/* The published checkpoint, which must hold under the policy; false if there is none. */
static inline bool world_log_checkpoint(void)
{
    size_t len = 0;
    struct ska_note note;
    struct ska_policy_result result;
    SKA_SCOPED(ska_scoped_free) uint8_t *data = world_log_file(&len, "checkpoint");
    if (data == NULL)
        return false;
    need(ska_note_parse(&note, data, len), "checkpoint");
    need(ska_policy_verify(&result, &world_log.policy, &note), "policy");
    world_log.published = result.checkpoint;
    return true;
}

/* One tile of the published log, of the width that it must have; the caller frees. */
static inline uint8_t *world_log_tile(struct ska_tile *tile, size_t *len, unsigned level,
                                      uint64_t index)
{
    char name[SKA_TILE_PATH_MAX + 1];
    *tile = (struct ska_tile){level, index, ska_tile_width(level, index, world_log.published.size)};
    ck_assert_uint_gt(tile->width, 0);
    ska_tile_path(name, tile);
    uint8_t *data = world_log_file(len, name);
    ck_assert_msg(data != NULL, "%s", name);
    return data;
}

/* The leaves of one bundle, and the tile of their hashes. */
static inline void world_log_read_bundle(uint64_t index)
{
    struct ska_tile tile;
    struct ska_slice entries[SKA_TILE_WIDTH];
    size_t len = 0;
    SKA_SCOPED(ska_scoped_free) uint8_t *hashes = world_log_tile(&tile, &len, 0, index);
    ck_assert_uint_eq(len, tile.width * SKA_HASH_BYTES);
    SKA_SCOPED(ska_scoped_free)
    uint8_t *bundle = world_log_tile(&tile, &len, SKA_TILE_ENTRIES, index);
    need(ska_tile_entries(entries, tile.width, (struct ska_slice){bundle, len}), "bundle");
    for (unsigned i = 0; i < tile.width; i++) {
        const uint64_t at = index * SKA_TILE_WIDTH + i;
        struct ska_log_leaf *leaf = &world_log.leaves[at];
        ska_merkle_leaf(world_log.hashes[at], entries[i].data, entries[i].len);
        ck_assert_mem_eq(world_log.hashes[at], hashes + i * SKA_HASH_BYTES, SKA_HASH_BYTES);
        need(ska_log_leaf_decode(leaf, entries[i]), "leaf");
        need(ska_log_leaf_verify(leaf, world.party[LEADER].signing.public_key,
                                 world.party[HELPER].signing.public_key),
             "leaf's signatures");
    }
}

/* Every leaf of the published log, from its bundles, whose root must be the published one. */
static inline void world_log_read(void)
{
    uint8_t root[SKA_HASH_BYTES];
    ck_assert(world_log_checkpoint());
    const uint64_t size = world_log.published.size;
    ck_assert_uint_le(size, LOG_ENTRIES_MAX);
    for (uint64_t i = 0; i * SKA_TILE_WIDTH < size; i++)
        world_log_read_bundle(i);
    plain_root(root, (const uint8_t(*)[SKA_HASH_BYTES])world_log.hashes, (size_t)size);
    ck_assert_mem_eq(root, world_log.published.root, sizeof root);
}

/* A leaf's blob, which must be there with its hash and length; the caller frees. */
static inline uint8_t *world_log_blob(const struct ska_log_leaf *leaf)
{
    char name[5 + 64 + 1] = "blob/";
    uint8_t hash[SKA_HASH_BYTES];
    size_t len = 0;
    ska_hex_encode(name + 5, leaf->entry.sha256, 32);
    uint8_t *data = world_log_file(&len, name);
    ck_assert_msg(data != NULL, "%s %s", ska_log_leaf_name(leaf->type), name);
    ska_sha256(hash, data, len);
    ck_assert_mem_eq(hash, leaf->entry.sha256, sizeof hash);
    ck_assert_uint_eq(len, leaf->entry.length);
    return data;
}

/* Wait until `size` leaves are published. */
static inline void world_log_wait(uint64_t size)
{
    uint64_t until = aggregator_now_ms() + WAIT_MS;
    while (!world_log_checkpoint() || world_log.published.size < size) {
        ck_assert_msg(aggregator_now_ms() < until, "%" PRIu64 " of %" PRIu64 " published",
                      world_log.published.size, size);
        revive();
        world_run(5);
    }
}

static inline size_t world_log_count(enum ska_leaf_type type)
{
    size_t n = 0;
    for (uint64_t i = 0; i < world_log.published.size; i++)
        n += world_log.leaves[i].type == type ? 1 : 0;
    return n;
}

#endif
