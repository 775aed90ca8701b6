/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * aggregator_tlog_files.c - the public log as files, written from the database: writing again
 * writes the same bytes.
 */
#include "server/aggregator/aggregator_tlog.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "crypto/scoped.h"
#include "support/file.h"
#include "support/language.h"

#define NAME_MAX_BYTES (SKA_TILE_PATH_MAX + sizeof "blob/" + 64u)

/* A file below the folder `log`, with the folders above it. */
static enum ska_status write_file(const struct aggregator *a, const char *name, const void *data,
                                  size_t len, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(a->config->log, name);
    if (path == NULL)
        return SKA_E_MEMORY;
    char *slash = strrchr(path, '/');
    *slash = '\0';
    SKA_TRY(file_make_folder(path, false, err));
    *slash = '/';
    return file_write(path, data, len, false, err);
}

static enum ska_status write_bundle(struct aggregator *a, const struct ska_tile *tile,
                                    const char *name, struct ska_error *err)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    for (unsigned i = 0; i < tile->width; i++) {
        struct store_entry e;
        SKA_TRY(store_entry_at(&e, a->store, tile->index * SKA_TILE_WIDTH + i));
        ska_write_opaque16(&w, e.leaf, e.leaf_len);
    }
    SKA_TRY(ska_writer_status(&w));
    return write_file(a, name, w.data, w.len, err);
}

static enum ska_status write_tiles(struct aggregator *a, struct ska_error *err)
{
    const struct ska_tile_source source = tlog_tree_source(&a->tlog->tree);
    struct ska_tile_walk walk;
    struct ska_tile tile;
    ska_tile_walk_init(&walk, a->tlog->written, a->tlog->head.size);
    while (ska_tile_walk_next(&tile, &walk)) {
        uint8_t hashes[SKA_TILE_WIDTH][SKA_HASH_BYTES];
        char name[SKA_TILE_PATH_MAX + 1];
        ska_tile_path(name, &tile);
        if (tile.level == SKA_TILE_ENTRIES) {
            SKA_TRY(write_bundle(a, &tile, name, err));
            continue;
        }
        SKA_TRY(ska_tile_hashes(hashes, &tile, &source));
        SKA_TRY(write_file(a, name, hashes, tile.width * sizeof hashes[0], err));
    }
    return SKA_OK;
}

static enum ska_status write_blob(struct aggregator *a, const uint8_t sha256[static 32],
                                  struct ska_slice data, struct ska_error *err)
{
    char name[sizeof "blob/" + 64] = "blob/";
    ska_hex_encode(name + strlen(name), sha256, 32);
    return write_file(a, name, data.data, data.len, err);
}

/* The public shares of the submissions that a close counted. */
static enum ska_status write_counted(struct aggregator *a, int64_t task, struct ska_slice record,
                                     struct ska_error *err)
{
    SKA_SCOPED(ska_close_record_clear) struct ska_close_record closed = {0};
    struct ska_signed_close s;
    SKA_TRY(ska_signed_close_split(&s, record));
    SKA_TRY(ska_close_record_decode(&closed, s.body));
    for (uint32_t i = 0; i < closed.n; i++) {
        SKA_SCOPED(ska_scoped_free) uint8_t *share = NULL;
        struct store_report r;
        size_t len = 0;
        if (!ska_close_record_is_counted(&closed, i))
            continue;
        SKA_TRY(store_report_find_number(&r, a->store, task, closed.at[i].contributor,
                                         closed.at[i].number));
        SKA_TRY(store_public_share_get(&share, &len, a->store, r.id));
        SKA_TRY(write_blob(a, closed.at[i].sha256, (struct ska_slice){share, len}, err));
    }
    return SKA_OK;
}

/* What an entry is about, unless it is a submission. */
static enum ska_status write_blobs_of(struct aggregator *a, uint64_t index, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    struct store_entry e;
    struct ska_log_leaf leaf;
    size_t len = 0;
    SKA_TRY(store_entry_at(&e, a->store, index));
    SKA_TRY(ska_log_leaf_decode(&leaf, (struct ska_slice){e.leaf, e.leaf_len}));
    if (leaf.type == SKA_LEAF_SUBMISSION)
        return SKA_OK;
    SKA_TRY(store_blob_get(&data, &len, a->store, leaf.entry.sha256));
    const struct ska_slice blob = {data, len};
    SKA_TRY(write_blob(a, leaf.entry.sha256, blob, err));
    return leaf.type == SKA_LEAF_CLOSE ? write_counted(a, e.task, blob, err) : SKA_OK;
}

enum ska_status tlog_write_files(struct aggregator *a, struct ska_error *err)
{
    struct tlog *t = a->tlog;
    if (t->written == t->head.size)
        return SKA_OK;
    for (uint64_t i = t->written; i < t->head.size; i++)
        SKA_TRY(write_blobs_of(a, i, err));
    SKA_TRY(write_tiles(a, err));
    t->written = t->head.size;
    return SKA_OK;
}

enum ska_status tlog_write_checkpoint(struct aggregator *a, struct ska_error *err)
{
    const struct store_head *head = &a->tlog->head;
    assert(a->tlog->written >= head->published_size);
    return write_file(a, "checkpoint", head->published, head->published_len, err);
}

/* What is shown must be of the log that the database has: an older copy of the database would sign
 * another log of the same size. What our key did not sign says nothing. */
static enum ska_status compare_with_shown(struct aggregator *a, struct ska_slice shown,
                                          struct ska_error *err)
{
    struct tlog *t = a->tlog;
    struct ska_note note;
    struct ska_checkpoint c;
    uint8_t root[SKA_HASH_BYTES] = {0};
    if (ska_note_parse(&note, shown.data, shown.len) != SKA_OK ||
        ska_note_verify(&note, &t->key) != SKA_OK || ska_checkpoint_parse(&c, note.text) != SKA_OK)
        return SKA_OK;
    if (c.size <= t->tree.size)
        SKA_TRY(tlog_tree_root(root, &t->tree, c.size));
    if (c.size <= t->tree.size && memcmp(root, c.root, sizeof root) == 0)
        return SKA_OK;
    return ska_fail(err, SKA_E_STORE,
                    tr("%s/checkpoint är inte av loggen i databasen: databasen är en gammal kopia; "
                       "lägg tillbaka den nyaste",
                       "%s/checkpoint is not of the log in the database: the database is an old "
                       "copy; put the newest one back"),
                    a->config->log);
}

enum ska_status tlog_find_written(struct aggregator *a, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    SKA_SCOPED(ska_scoped_free) char *path = file_join(a->config->log, "checkpoint");
    const struct store_head *head = &a->tlog->head;
    size_t len = 0;
    a->tlog->written = 0;
    if (path == NULL)
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    if (!file_exists(path))
        return SKA_OK;
    SKA_TRY(file_read(&data, &len, path, SKA_NOTE_BYTES_MAX, err));
    SKA_TRY(compare_with_shown(a, (struct ska_slice){data, len}, err));
    if (len > 0 && len == head->published_len && memcmp(data, head->published, len) == 0)
        a->tlog->written = head->published_size;
    return SKA_OK;
}
