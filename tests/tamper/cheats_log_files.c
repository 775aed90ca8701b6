/* SPDX-License-Identifier: EUPL-1.2 */
/* cheats_log_files.c - public logs whose files are not what was signed. */
#include "tests/tamper/cheats_log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Of the entries before the close nothing may change its root: those cheats make the log anew. */
#define SERVED(name) static void name(struct made_log *m, const char *folder)

/* Flip a bit of a file. */
static void flip(const char *folder, const char *name, size_t at)
{
    uint8_t *data;
    size_t len = made_file_read(&data, folder, name);
    world_expect(at < len, name);
    data[at] ^= 1;
    made_file_write(folder, name, data, len);
}

static void cut(const char *folder, const char *name, size_t len)
{
    uint8_t *data;
    size_t had = made_file_read(&data, folder, name);
    world_expect(len < had, name);
    made_file_write(folder, name, data, len);
}

static void longer(const char *folder, const char *name, size_t more)
{
    uint8_t *data;
    size_t len = made_file_read(&data, folder, name);
    made_file_write(folder, name, data, len + more); /* what a longer file left, or zeros */
}

static void erase(const char *folder, const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    world_expect(unlink(path) == 0, path);
}

static const char *partial(const char *prefix, size_t n)
{
    static char name[64];
    (void)snprintf(name, sizeof name, "%s/001.p/%zu", prefix, n - 256);
    return name;
}

SERVED(entry_flipped)
{
    (void)m;
    flip(folder, "tile/entries/000", 400);
}

SERVED(entry_length)
{
    (void)m;
    flip(folder, "tile/entries/000", 1);
}

SERVED(entries_cut)
{
    cut(folder, partial("tile/entries", m->n), 100);
}

SERVED(entries_longer)
{
    longer(folder, partial("tile/entries", m->n), 1);
}

SERVED(entries_missing)
{
    (void)m;
    erase(folder, "tile/entries/000");
}

SERVED(tile_flipped)
{
    (void)m;
    flip(folder, "tile/0/000", 77);
}

SERVED(tile_of_roots_flipped)
{
    (void)m;
    flip(folder, "tile/1/000.p/1", 3);
}

SERVED(tile_narrow)
{
    cut(folder, partial("tile/0", m->n), 32 * (m->n - 256 - 1));
}

SERVED(tile_wide)
{
    longer(folder, partial("tile/0", m->n), 32);
}

SERVED(tile_missing)
{
    erase(folder, partial("tile/0", m->n));
}

SERVED(tile_width_renamed)
{
    uint8_t *data;
    size_t len = made_file_read(&data, folder, partial("tile/0", m->n));
    made_file_write(folder, partial("tile/0", m->n - 1), data, len);
    erase(folder, partial("tile/0", m->n));
}

SERVED(roster_flipped)
{
    flip(folder, made_blob_name(log_find(m, SKA_LEAF_ROSTER, 0)), 9);
}

SERVED(roster_missing)
{
    erase(folder, made_blob_name(log_find(m, SKA_LEAF_ROSTER, 0)));
}

SERVED(roster_longer)
{
    longer(folder, made_blob_name(log_find(m, SKA_LEAF_ROSTER, 0)), 1);
}

SERVED(command_flipped)
{
    flip(folder, made_blob_name(log_find(m, SKA_LEAF_COLLECT, 0)), 50);
}

SERVED(parameters_flipped)
{
    flip(folder, made_blob_name(log_find(m, SKA_LEAF_PARAMETERS, 0)), 99);
}

SERVED(close_flipped)
{
    flip(folder, made_blob_name(log_find(m, SKA_LEAF_CLOSE, 0)), 200);
}

SERVED(release_flipped)
{
    flip(folder, made_blob_name(log_find(m, SKA_LEAF_RELEASE, 0)), 60);
}

SERVED(share_flipped)
{
    flip(folder, made_blob_name(log_find(m, SKA_LEAF_SUBMISSION, 2)), 60);
}

SERVED(share_missing)
{
    erase(folder, made_blob_name(log_find(m, SKA_LEAF_SUBMISSION, 2)));
}

SERVED(blob_extra)
{
    (void)m;
    made_file_write(folder, "blob/0000000000000000000000000000000000000000000000000000000000000000",
                    "x", 1);
}

/* The log's bundle with one entry that its checkpoint does not cover, whose file has this name. */
static void add_later(struct made_log *m, const char *folder, const uint8_t sha256[static 32])
{
    struct made_entry later = *log_find(m, SKA_LEAF_ROSTER, 0);
    struct ska_writer w = {0};
    uint8_t *data, leaf[SKA_LEAF_BYTES_MAX];
    const size_t len = made_file_read(&data, folder, partial("tile/entries", m->n));
    memcpy(later.leaf.entry.sha256, sha256, sizeof later.leaf.entry.sha256);
    ska_write_bytes(&w, data, len);
    ska_write_opaque16(&w, leaf, made_entry_encode(leaf, &later));
    world_must(ska_writer_status(&w));
    made_file_write(folder, partial("tile/entries", m->n + 1), w.data, w.len);
    ska_writer_clear(&w);
}

SERVED(blob_of_later)
{
    static const uint8_t zeros[32];
    add_later(m, folder, zeros);
    blob_extra(m, folder);
}

SERVED(blob_not_of_later)
{
    static const uint8_t other[32] = {1};
    add_later(m, folder, other);
    blob_extra(m, folder);
}

SERVED(blob_of_later_cut)
{
    static const uint8_t zeros[32];
    add_later(m, folder, zeros);
    cut(folder, partial("tile/entries", m->n + 1), 400);
    blob_extra(m, folder);
}

SERVED(blob_named_otherwise)
{
    (void)m;
    made_file_write(folder, "blob/notes.txt", "x", 1);
}

SERVED(blob_renamed)
{
    uint8_t *data;
    char name[100];
    (void)snprintf(name, sizeof name, "%s", made_blob_name(log_find(m, SKA_LEAF_ROSTER, 0)));
    size_t len = made_file_read(&data, folder, name);
    erase(folder, name);
    name[10] = name[10] == 'a' ? 'b' : 'a';
    made_file_write(folder, name, data, len);
}

SERVED(checkpoint_missing)
{
    (void)m;
    erase(folder, "checkpoint");
}

const struct cheat_log log_cheats_with_files[] = {
    {.name = "entry flipped", .want = "log-root", .served = entry_flipped},
    {.name = "entry's length flipped", .want = "log-entries", .served = entry_length},
    {.name = "entries cut", .want = "log-entries", .served = entries_cut},
    {.name = "entries longer", .want = "log-entries", .served = entries_longer},
    {.name = "entries missing", .want = "log-entries", .served = entries_missing},
    {.name = "tile flipped", .want = "log-tiles", .served = tile_flipped},
    {.name = "tile of roots flipped", .want = "log-tiles", .served = tile_of_roots_flipped},
    {.name = "tile too narrow", .want = "log-tiles", .served = tile_narrow},
    {.name = "tile too wide", .want = "log-tiles", .served = tile_wide},
    {.name = "tile missing", .want = "log-tiles", .served = tile_missing},
    {.name = "tile of another width", .want = "log-tiles", .served = tile_width_renamed},
    {.name = "roster flipped", .want = "log-blobs", .served = roster_flipped},
    {.name = "roster longer", .want = "log-blobs", .served = roster_longer},
    {.name = "roster missing", .want = "log-blobs", .served = roster_missing},
    {.name = "command flipped", .want = "log-blobs log-commands", .served = command_flipped},
    {.name = "parameters flipped",
     .want = "log-blobs log-parameters",
     .served = parameters_flipped},
    {.name = "close flipped", .want = "log-blobs log-closes", .served = close_flipped},
    {.name = "release flipped", .want = "log-blobs log-releases", .served = release_flipped},
    {.name = "counted share flipped", .want = "log-closes", .served = share_flipped},
    {.name = "counted share missing", .want = "log-closes", .served = share_missing},
    {.name = "a file too many", .want = "log-blobs", .served = blob_extra},
    {.name = "honest, with a file of a later entry", .want = "", .served = blob_of_later},
    {.name = "a file too many beside a later entry",
     .want = "log-blobs",
     .served = blob_not_of_later},
    {.name = "a file too many beside later entries that are cut",
     .want = "log-blobs",
     .served = blob_of_later_cut},
    {.name = "a file that is no hash", .want = "log-blobs", .served = blob_named_otherwise},
    {.name = "file renamed", .want = "log-blobs", .served = blob_renamed},
    {.name = "no checkpoint", .want = "log-checkpoint", .served = checkpoint_missing},
};
const size_t n_log_cheats_with_files =
    sizeof log_cheats_with_files / sizeof log_cheats_with_files[0];
