/* SPDX-License-Identifier: EUPL-1.2 */
/* copy.c - the folder that holds our copy of a log. */
#include "watch/copy.h"
#include "watch/copy_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/scoped.h"
#include "support/file.h"
#include "support/language.h"

#define STATE_BYTES_MAX (1u << 20) /* 4,096 tasks are some 140 kB */

static enum ska_status no_memory(struct ska_error *err)
{
    return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
}

/* Write folder/name, with the folders in between. */
static enum ska_status write_file(const struct watch_copy *copy, const char *name,
                                  struct ska_slice bytes, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(copy->folder, name);
    if (path == NULL)
        return no_memory(err);
    char *slash = strrchr(path, '/'); /* there is one: joined */
    *slash = '\0';
    SKA_TRY(file_make_folder(path, false, err));
    *slash = '/';
    return file_write(path, bytes.data, bytes.len, false, err);
}

static enum ska_status read_file(struct watch_answer *out, const struct watch_copy *copy,
                                 const char *name, size_t max, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(copy->folder, name);
    if (path == NULL)
        return no_memory(err);
    return file_read(&out->body, &out->len, path, max, err);
}

enum ska_status watch_copy_read(struct ska_slice *out, struct watch_copy *copy,
                                const struct ska_tile *tile, struct ska_error *err)
{
    const struct ska_tile *have = &copy->last_tile;
    if (copy->last.body == NULL || have->level != tile->level || have->index != tile->index ||
        have->width != tile->width) {
        char name[SKA_TILE_PATH_MAX + 1];
        struct watch_answer read = {0};
        ska_tile_path(name, tile);
        SKA_TRY(read_file(&read, copy, name, SKA_TILE_BUNDLE_BYTES_MAX, err));
        watch_answer_clear(&copy->last);
        copy->last = read;
        copy->last_tile = *tile;
    }
    *out = (struct ska_slice){copy->last.body, copy->last.len};
    return SKA_OK;
}

enum ska_status watch_copy_write(struct watch_copy *copy, const struct ska_tile *tile,
                                 struct ska_slice bytes, struct ska_error *err)
{
    char name[SKA_TILE_PATH_MAX + 1];
    ska_tile_path(name, tile);
    watch_answer_clear(&copy->last); /* it may be this one */
    return write_file(copy, name, bytes, err);
}

/* Where watch_copy_hashes takes hashes from. */
struct own_source {
    struct watch_copy *copy;
    uint64_t size;
    struct ska_error *err;
    uint8_t leaves[SKA_TILE_WIDTH][SKA_HASH_BYTES]; /* of bundle `index` */
    uint64_t index;
    bool has_leaves;
};

static enum ska_status hash_bundle(struct own_source *own, uint64_t index)
{
    const struct ska_tile bundle = {SKA_TILE_ENTRIES, index,
                                    ska_tile_width(SKA_TILE_ENTRIES, index, own->size)};
    struct ska_slice bytes, entries[SKA_TILE_WIDTH];
    SKA_TRY(watch_copy_read(&bytes, own->copy, &bundle, own->err));
    enum ska_status status = ska_tile_entries(entries, bundle.width, bytes);
    if (status != SKA_OK)
        return ska_fail(own->err, SKA_E_MISMATCH, "%s", ska_status_text(status));
    for (unsigned i = 0; i < bundle.width; i++)
        ska_merkle_leaf(own->leaves[i], entries[i].data, entries[i].len);
    own->index = index;
    own->has_leaves = true;
    return SKA_OK;
}

static enum ska_status give_hash(uint8_t out[static SKA_HASH_BYTES], void *arg, unsigned level,
                                 uint64_t index)
{
    struct own_source *own = arg;
    if (level > 0) {
        const struct ska_tile below = {level - 1, index, SKA_TILE_WIDTH};
        struct ska_slice bytes;
        SKA_TRY(watch_copy_read(&bytes, own->copy, &below, own->err));
        if (bytes.len != SKA_TILE_BYTES_MAX)
            return ska_fail(own->err, SKA_E_MISMATCH, "%s", ska_status_text(SKA_E_MISMATCH));
        uint8_t hashes[SKA_TILE_WIDTH][SKA_HASH_BYTES];
        memcpy(hashes, bytes.data, sizeof hashes);
        ska_merkle_root(out, (const uint8_t(*)[SKA_HASH_BYTES])hashes, SKA_TILE_WIDTH);
        return SKA_OK;
    }
    if (!own->has_leaves || own->index != index / SKA_TILE_WIDTH)
        SKA_TRY(hash_bundle(own, index / SKA_TILE_WIDTH));
    memcpy(out, own->leaves[index % SKA_TILE_WIDTH], SKA_HASH_BYTES);
    return SKA_OK;
}

enum ska_status watch_copy_hashes(uint8_t (*out)[SKA_HASH_BYTES], struct watch_copy *copy,
                                  const struct ska_tile *tile, uint64_t size, struct ska_error *err)
{
    struct own_source own = {.copy = copy, .size = size, .err = err};
    return ska_tile_hashes(out, tile, &(struct ska_tile_source){give_hash, &own});
}

/* The note of the file checkpoint, signed by a log of the policy. */
static enum ska_status parse_checkpoint(struct watch_copy *copy,
                                        const struct ska_tlog_policy *policy)
{
    struct ska_note note;
    struct ska_policy_result result;
    SKA_TRY(ska_note_parse(&note, copy->note.body, copy->note.len));
    enum ska_status status = ska_policy_verify(&result, policy, &note);
    if (status != SKA_OK && status != SKA_E_BATCH_SIZE) /* it was met under the policy of then */
        return SKA_E_SIGNATURE;
    copy->checkpoint = result.checkpoint;
    return SKA_OK;
}

/* What a bundle of ours tells; its faults were told when it came. */
static enum ska_status remember_order(struct watch_order *order, const struct ska_tile *bundle,
                                      struct ska_slice bytes)
{
    struct ska_slice entries[SKA_TILE_WIDTH];
    struct ska_log_leaf leaf;
    enum ska_log_stage stage;
    SKA_TRY(ska_tile_entries(entries, bundle->width, bytes));
    for (unsigned i = 0; i < bundle->width; i++)
        if (watch_order_add(&leaf, &stage, order, entries[i]) == SKA_E_MEMORY)
            return SKA_E_MEMORY;
    return SKA_OK;
}

/* All our bundles onto an empty edge, which must give the checkpoint's root. */
static enum ska_status hash_anew(struct ska_merkle_edge *edge, struct watch_order *order,
                                 struct watch_copy *copy, struct ska_error *err)
{
    const uint64_t size = copy->checkpoint.size;
    struct ska_tile bundle = {SKA_TILE_ENTRIES, 0, 0};
    for (; (bundle.width = ska_tile_width(SKA_TILE_ENTRIES, bundle.index, size)) != 0;
         bundle.index++) {
        struct ska_slice bytes;
        SKA_TRY(watch_copy_read(&bytes, copy, &bundle, err));
        SKA_TRY(ska_tile_add_entries(edge, &bundle, bytes));
        SKA_TRY(remember_order(order, &bundle, bytes));
    }
    uint8_t root[SKA_HASH_BYTES];
    ska_merkle_edge_root(root, edge);
    if (memcmp(root, copy->checkpoint.root, sizeof root) != 0)
        return SKA_E_MISMATCH;
    copy->is_hashed = true;
    return SKA_OK;
}

static enum ska_status damaged(const struct watch_copy *copy, struct ska_error *err)
{
    return ska_fail(err, SKA_E_MISMATCH,
                    tr("%s: den egna kopian är skadad: den är inte vad dess kontrollpunkt säger. "
                       "Spara mappen och börja en ny.",
                       "%s: our own copy is damaged: it is not what its checkpoint says. Keep "
                       "the folder and begin another."),
                    copy->folder);
}

enum ska_status watch_copy_check(struct watch_copy *copy, struct ska_error *err)
{
    SKA_SCOPED(watch_order_clear) struct watch_order order = {0};
    struct ska_merkle_edge edge = {0};
    struct ska_error why = {0};
    if (copy->is_hashed || !copy->has_checkpoint)
        return SKA_OK;
    return hash_anew(&edge, &order, copy, &why) == SKA_OK ? SKA_OK : damaged(copy, err);
}

/* From what was kept; else from the entries. */
static enum ska_status load_state(struct watch_copy *copy)
{
    SKA_SCOPED(watch_answer_clear) struct watch_answer kept = {0};
    struct ska_error why = {0};
    if (read_file(&kept, copy, "state", STATE_BYTES_MAX, &why) == SKA_OK &&
        watch_state_decode(&copy->edge, &copy->order, &copy->checkpoint,
                           (struct ska_slice){kept.body, kept.len}) == SKA_OK)
        return SKA_OK;
    SKA_TRY(hash_anew(&copy->edge, &copy->order, copy, &why));
    return watch_copy_remember(copy, &why);
}

enum ska_status watch_copy_remember(struct watch_copy *copy, struct ska_error *err)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    watch_state_encode(&w, &copy->edge, &copy->order);
    SKA_TRY(ska_writer_status(&w));
    return write_file(copy, "state", (struct ska_slice){w.data, w.len}, err);
}

static enum ska_status load(struct watch_copy *copy, const struct ska_tlog_policy *policy,
                            struct ska_error *err)
{
    struct ska_error why = {0};
    enum ska_status status = read_file(&copy->note, copy, "checkpoint", SKA_NOTE_BYTES_MAX, &why);
    if (status == SKA_E_NOT_FOUND)
        return SKA_OK; /* a copy that begins */
    if (status != SKA_OK)
        return ska_fail(err, status, "%s", why.text);
    status = parse_checkpoint(copy, policy);
    if (status != SKA_OK)
        return ska_fail(err, SKA_E_SIGNATURE,
                        tr("%s/checkpoint är inte undertecknad av någon logg i policyn",
                           "%s/checkpoint is not signed by any log of the policy"),
                        copy->folder);
    if (load_state(copy) != SKA_OK)
        return damaged(copy, err);
    copy->has_checkpoint = true;
    return SKA_OK;
}

/* Where comparing goes on; from the beginning if the file says nothing useful. */
static void load_recheck(struct watch_copy *copy)
{
    struct watch_answer text = {0};
    if (read_file(&text, copy, "recheck", 32, NULL) == SKA_OK && text.len > 0 &&
        ska_note_number(&copy->recheck, text.body, text.len - 1) != SKA_OK)
        copy->recheck = 0;
    watch_answer_clear(&text);
}

enum ska_status watch_copy_open(struct watch_copy *copy, const char *folder,
                                const struct ska_tlog_policy *policy, struct ska_error *err)
{
    *copy = (struct watch_copy){.folder = folder};
    SKA_TRY(file_make_folder(folder, false, err));
    SKA_SCOPED(ska_scoped_free) char *lock = file_join(folder, "lock");
    if (lock == NULL)
        return no_memory(err);
    enum ska_status status = file_lock(&copy->lock, lock, err);
    if (status == SKA_E_BUSY)
        return ska_fail(err, SKA_E_BUSY,
                        tr("%s används av ett annat program som är igång",
                           "%s is in use by another program that is running"),
                        folder);
    SKA_TRY(status);
    SKA_TRY(load(copy, policy, err));
    load_recheck(copy);
    return SKA_OK;
}

void watch_copy_close(struct watch_copy *copy)
{
    watch_answer_clear(&copy->note);
    watch_answer_clear(&copy->last);
    watch_order_clear(&copy->order);
    if (copy->lock > 0)
        (void)close(copy->lock);
    *copy = (struct watch_copy){0};
}

/* Partial tiles of the old size that the new one has with another width. Tidying only. */
static void remove_old(const struct watch_copy *copy, uint64_t old_size, uint64_t size)
{
    for (unsigned level = 0; level <= SKA_TILE_ENTRIES; level++) {
        const unsigned shift = level == SKA_TILE_ENTRIES ? 0 : SKA_TILE_HEIGHT * level;
        const uint64_t index = (old_size >> shift) / SKA_TILE_WIDTH;
        const struct ska_tile tile = {level, index, ska_tile_width(level, index, old_size)};
        char name[SKA_TILE_PATH_MAX + 1];
        if (tile.width == 0 || tile.width == ska_tile_width(level, index, size))
            continue;
        ska_tile_path(name, &tile);
        SKA_SCOPED(ska_scoped_free) char *path = file_join(copy->folder, name);
        if (path == NULL)
            continue;
        (void)unlink(path);
        *strrchr(path, '/') = '\0';
        (void)rmdir(path); /* the folder .p, if that was its last */
    }
}

enum ska_status watch_copy_commit(struct watch_copy *copy, const struct ska_checkpoint *checkpoint,
                                  const struct ska_merkle_edge *edge, struct ska_slice note,
                                  struct ska_error *err)
{
    uint8_t *kept = malloc(note.len > 0 ? note.len : 1);
    if (kept == NULL)
        return no_memory(err);
    memcpy(kept, note.data, note.len);
    enum ska_status status = write_file(copy, "checkpoint", note, err);
    if (status != SKA_OK) {
        free(kept);
        return status;
    }
    remove_old(copy, copy->checkpoint.size, checkpoint->size);
    watch_answer_clear(&copy->note);
    watch_answer_clear(&copy->last);
    copy->note = (struct watch_answer){kept, note.len};
    copy->checkpoint = *checkpoint;
    copy->edge = *edge;
    copy->has_checkpoint = true;
    return SKA_OK;
}

enum ska_status watch_copy_set_recheck(struct watch_copy *copy, uint64_t bundle,
                                       struct ska_error *err)
{
    char text[24];
    const int len = snprintf(text, sizeof text, "%" PRIu64 "\n", bundle);
    SKA_TRY(write_file(copy, "recheck", (struct ska_slice){(uint8_t *)text, (size_t)len}, err));
    copy->recheck = bundle;
    return SKA_OK;
}

enum ska_status watch_copy_keep(struct watch_copy *copy, const char *name, struct ska_slice bytes,
                                struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join("alarms", name);
    if (path == NULL)
        return no_memory(err);
    return write_file(copy, path, bytes, err);
}
