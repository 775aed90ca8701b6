/* SPDX-License-Identifier: EUPL-1.2 */
/* check_log_tree.c - a log's checkpoint, its tree, and the files that the tree is served as. */
#include "audit/log_blame.h"
#include "audit/log_check.h"
#include "audit/log_common.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/words.h"
#include "crypto/scoped.h"

#define CHECKPOINT_BYTES_MAX 131072u
#define LOG_SIZE_MAX (UINT64_C(1) << 26) /* entries that are read; 20 GB of memory */

static const char *say_note(enum ska_status status)
{
    if (status == SKA_E_NOT_FOUND)
        return words("ingen av policyns loggar har undertecknat", "no log of the policy signed it");
    if (status == SKA_E_SIGNATURE)
        return words("en underskrift av en logg eller ett vittne i policyn stämmer inte",
                     "a signature of a log or witness of the policy does not hold");
    return ska_status_text(status);
}

void log_take_checkpoint(struct log_evidence *log, struct finding *f, struct ska_slice note)
{
    struct ska_error err = {0};
    enum ska_status status = log_note_read(&log->note, log->policy, note, &err);
    if (finding_is_undecided(f, status))
        return;
    f->n_inputs = 1;
    if (status != SKA_OK)
        finding_bad(f, "checkpoint: %s", err.text[0] != '\0' ? err.text : say_note(status));
}

void check_log_checkpoint(struct evidence *e, struct finding *f)
{
    struct log_evidence *log = e->log;
    SKA_SCOPED(ska_scoped_free) uint8_t *note = NULL;
    struct ska_error err = {0};
    size_t len = 0;
    enum ska_status status =
        log_place_read(&note, &len, &log->place, "checkpoint", CHECKPOINT_BYTES_MAX, &err);
    if (finding_is_undecided(f, status))
        return;
    if (status == SKA_OK) {
        log_take_checkpoint(log, f, (struct ska_slice){note, len});
        return;
    }
    f->n_inputs = 1;
    finding_bad(f, "checkpoint: %s", err.text[0] != '\0' ? err.text : ska_status_text(status));
}

void check_log_quorum(struct evidence *e, struct finding *f)
{
    const struct log_note *note = &e->log->note;
    f->n_inputs = note->n_witnesses;
    if (!note->is_met)
        finding_bad(f,
                    words("för få av policyns vittnen har intygat: %s",
                          "too few of the policy's witnesses cosigned it: %s"),
                    note->n_witnesses > 0 ? note->witnesses : words("inget", "none"));
}

/* The number of a task among those that were met. */
static enum ska_status find_task(uint32_t *out, struct log_evidence *log,
                                 const uint8_t id[static 32])
{
    for (uint32_t i = log->n_tasks; i > 0; i--) { /* most often the last */
        if (memcmp(log->tasks[i - 1].id, id, 32) == 0) {
            *out = i - 1;
            return SKA_OK;
        }
    }
    if (log->n_tasks == log->tasks_capacity) {
        const uint32_t wanted = log->tasks_capacity == 0 ? 16 : 2 * log->tasks_capacity;
        if (wanted > SKA_TASK_LIST_MAX)
            return SKA_E_LIMIT;
        struct log_task *bigger = realloc(log->tasks, wanted * sizeof *bigger);
        if (bigger == NULL)
            return SKA_E_MEMORY;
        log->tasks = bigger;
        log->tasks_capacity = wanted;
    }
    struct log_task *task = &log->tasks[log->n_tasks];
    *task = (struct log_task){0};
    memcpy(task->id, id, sizeof task->id);
    *out = log->n_tasks++;
    return SKA_OK;
}

static enum ska_status take_entry(struct log_evidence *log, struct finding *f, uint64_t index,
                                  struct ska_slice bytes)
{
    struct log_row *row = &log->rows[index];
    ska_merkle_leaf(log->hashes[0][index], bytes.data, bytes.len);
    enum ska_status status = ska_log_leaf_decode(&row->leaf, bytes);
    if (status == SKA_E_UNSUPPORTED) {
        log->n_unknown++;
        return SKA_OK;
    }
    if (status != SKA_OK) {
        finding_bad(f, "%s: %s", log_entry_name(log, index), ska_status_text(status));
        return SKA_OK;
    }
    row->is_known = true;
    row->task = SKA_NONE;
    if (row->leaf.type == SKA_LEAF_VERIFIER)
        return SKA_OK; /* of no task */
    return find_task(&row->task, log, row->leaf.entry.task_id);
}

/* One bundle of entries. */
static enum ska_status take_bundle(struct log_evidence *log, struct finding *f,
                                   const struct ska_tile *tile)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    struct ska_slice entries[SKA_TILE_WIDTH];
    char path[SKA_TILE_PATH_MAX + 1];
    struct ska_error err = {0};
    size_t len = 0;
    ska_tile_path(path, tile);
    enum ska_status status =
        log_place_read(&data, &len, &log->place, path, SKA_TILE_BUNDLE_BYTES_MAX, &err);
    if (status == SKA_OK)
        status = ska_tile_entries(entries, tile->width, (struct ska_slice){data, len});
    if (status != SKA_OK) {
        if (!finding_is_undecided(f, status))
            finding_bad(f, "%s: %s", path,
                        err.text[0] != '\0' ? err.text : ska_status_text(status));
        return status;
    }
    for (unsigned i = 0; i < tile->width; i++)
        SKA_TRY(take_entry(log, f, tile->index * SKA_TILE_WIDTH + i, entries[i]));
    return SKA_OK;
}

/* Roots of full tiles, level by level. */
static enum ska_status fill_levels(struct log_evidence *log)
{
    log->n_hashes[0] = log->size;
    for (size_t k = 1; k < SKA_TILE_LEVELS; k++) {
        const uint64_t n = log->n_hashes[k - 1] / SKA_TILE_WIDTH;
        log->hashes[k] = ska_alloc((size_t)n + 1, sizeof *log->hashes[k]);
        if (log->hashes[k] == NULL)
            return SKA_E_MEMORY;
        for (uint64_t i = 0; i < n; i++)
            ska_merkle_root(log->hashes[k][i],
                            (const uint8_t(*)[SKA_HASH_BYTES])log->hashes[k - 1] +
                                i * SKA_TILE_WIDTH,
                            SKA_TILE_WIDTH);
        log->n_hashes[k] = n;
    }
    return SKA_OK;
}

void check_log_entries(struct evidence *e, struct finding *f)
{
    struct log_evidence *log = e->log;
    struct ska_tile_walk walk;
    struct ska_tile tile;
    if (log->note.size == 0)
        return; /* an empty log shows nothing */
    if (log->note.size > LOG_SIZE_MAX) {
        finding_undecided(f, ska_status_text(SKA_E_LIMIT));
        return;
    }
    log->size = log->note.size;
    log->rows = ska_alloc((size_t)log->size, sizeof *log->rows);
    log->hashes[0] = ska_alloc((size_t)log->size, sizeof *log->hashes[0]);
    if (log->rows == NULL || log->hashes[0] == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    ska_tile_walk_init(&walk, 0, log->size);
    while (ska_tile_walk_next(&tile, &walk) && tile.level == SKA_TILE_ENTRIES) {
        enum ska_status status = take_bundle(log, f, &tile);
        if (finding_is_undecided(f, status))
            return;
        if (status != SKA_OK)
            return; /* told; the rest would be told by the root */
    }
    if (!finding_is_undecided(f, fill_levels(log)))
        f->n_inputs = log->size;
    if (log->n_unknown > 0 && f->n_bad == 0 && !f->is_undecided)
        (void)snprintf(f->detail, sizeof f->detail,
                       words("%" PRIu64 " av en sort som detta program inte känner",
                             "%" PRIu64 " of a type that this program does not know"),
                       log->n_unknown);
}

void check_log_root(struct evidence *e, struct finding *f)
{
    struct log_evidence *log = e->log;
    uint8_t root[SKA_HASH_BYTES];
    if (finding_is_undecided(f, log_root_at(root, log, log->size)))
        return;
    f->n_inputs = log->size;
    if (memcmp(root, log->note.root, sizeof root) == 0)
        return;
    char which[LOG_BLAME_MAX] = "";
    ska_ignore(log_blame(which, log), "that the root is another stands without it");
    finding_bad(f, "%s%s%s",
                words("posterna har en annan rot än kontrollpunkten",
                      "the entries have another root than the checkpoint"),
                which[0] != '\0' ? ": " : "", which);
}

/* One file of hashes against those of the entries. */
static enum ska_status compare_tile(struct log_evidence *log, struct finding *f,
                                    const struct ska_tile *tile)
{
    const struct ska_tile_source source = log_source(log);
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    uint8_t hashes[SKA_TILE_WIDTH][SKA_HASH_BYTES];
    char path[SKA_TILE_PATH_MAX + 1];
    struct ska_error err = {0};
    size_t len = 0;
    ska_tile_path(path, tile);
    SKA_TRY(ska_tile_hashes(hashes, tile, &source));
    enum ska_status status =
        log_place_read(&data, &len, &log->place, path, SKA_TILE_BYTES_MAX, &err);
    if (ska_status_class(status) != SKA_CLASS_OK && ska_status_class(status) != SKA_CLASS_INPUT &&
        ska_status_class(status) != SKA_CLASS_REJECTED)
        return status;
    f->n_inputs++;
    if (status != SKA_OK)
        finding_bad(f, "%s: %s", path, err.text[0] != '\0' ? err.text : ska_status_text(status));
    else if (len != tile->width * sizeof hashes[0] || memcmp(data, hashes, len) != 0)
        finding_bad(f, words("%s: inte posternas hashar", "%s: not the hashes of the entries"),
                    path);
    return SKA_OK;
}

void check_log_tiles(struct evidence *e, struct finding *f)
{
    struct ska_tile_walk walk;
    struct ska_tile tile;
    ska_tile_walk_init(&walk, 0, e->log->size);
    while (ska_tile_walk_next(&tile, &walk))
        if (tile.level != SKA_TILE_ENTRIES &&
            finding_is_undecided(f, compare_tile(e->log, f, &tile)))
            return;
}

void log_compare_earlier(struct log_evidence *log, struct finding *f, struct ska_slice note,
                         const char *name)
{
    struct log_note before;
    struct ska_error err = {0};
    uint8_t root[SKA_HASH_BYTES];
    enum ska_status status = log_note_read(&before, log->policy, note, &err);
    if (finding_is_undecided(f, status))
        return;
    if (status != SKA_OK)
        finding_bad(f, "%s: %s", name, err.text[0] != '\0' ? err.text : say_note(status));
    else if (strcmp(before.origin, log->note.origin) != 0)
        finding_bad(f, words("%s är av loggen %s", "%s is of the log %s"), name, before.origin);
    else if (before.size > log->size)
        finding_bad(f,
                    words("loggen har %" PRIu64 " poster; %s är av %" PRIu64,
                          "the log has %" PRIu64 " entries; %s is of %" PRIu64),
                    log->size, name, before.size);
    else if (!finding_is_undecided(f, log_root_at(root, log, before.size)) &&
             memcmp(root, before.root, sizeof root) != 0)
        finding_bad(f,
                    words("de första %" PRIu64 " posterna är inte de som %s är av: loggen är "
                          "grenad",
                          "the first %" PRIu64 " entries are not those that %s is of: the log has "
                          "forked"),
                    before.size, name);
}

void check_log_earlier(struct evidence *e, struct finding *f)
{
    struct log_evidence *log = e->log;
    f->is_zero_right = log->earlier.len == 0; /* none is given */
    if (f->is_zero_right)
        return;
    f->n_inputs = 1;
    log_compare_earlier(log, f, log->earlier,
                        words("den tidigare kontrollpunkten", "the earlier checkpoint"));
}
