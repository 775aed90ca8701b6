/* SPDX-License-Identifier: EUPL-1.2 */
/* check_log_files.c - what the entries of a log are about: content-addressed files. */
#include "audit/log_check.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "audit/parallel.h"
#include "audit/words.h"
#include "crypto/scoped.h"

/* Reading them all, by all threads. */
struct reading {
    struct log_evidence *log;
    const uint64_t *rows;    /* whose files are to be there */
    enum ska_status *status; /* one for each of them */
};

static void read_one(void *arg, size_t i)
{
    struct reading *r = arg;
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    r->status[i] = log_blob(&data, &len, r->log, &r->log->rows[r->rows[i]].leaf, NULL);
}

/* All entries but submissions: those that a close counted are for log-closes to ask for. */
static uint64_t list_rows(uint64_t *rows, const struct log_evidence *log)
{
    uint64_t n = 0;
    for (uint64_t i = 0; i < log->size; i++)
        if (log->rows[i].is_known && log->rows[i].leaf.type != SKA_LEAF_SUBMISSION)
            rows[n++] = i;
    return n;
}

/* The hashes that entries name, sorted. */
struct named {
    uint8_t (*at)[SKA_HASH_BYTES]; /* owned */
    size_t n, room;
    bool is_any; /* an entry of an unknown type may name any file */
    struct finding *f;
};

static void named_clear(struct named *named)
{
    free(named->at);
}

static enum ska_status add_name(struct named *named, const uint8_t hash[static SKA_HASH_BYTES])
{
    if (named->n == named->room) {
        size_t room, bytes;
        SKA_TRY(ska_size_mul(&room, named->n + 64, 2));
        SKA_TRY(ska_size_mul(&bytes, room, sizeof *named->at));
        uint8_t(*bigger)[SKA_HASH_BYTES] = realloc(named->at, bytes);
        if (bigger == NULL)
            return SKA_E_MEMORY;
        named->at = bigger;
        named->room = room;
    }
    memcpy(named->at[named->n++], hash, SKA_HASH_BYTES);
    return SKA_OK;
}

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, SKA_HASH_BYTES);
}

static void look_at_name(void *arg, const char *name)
{
    const struct named *named = arg;
    uint8_t hash[SKA_HASH_BYTES];
    bool is_hash = strlen(name) == 64 && strspn(name, "0123456789abcdef") == 64;
    for (size_t i = 0; is_hash && i < sizeof hash; i++) {
        const char *digits = "0123456789abcdef";
        hash[i] = (uint8_t)((strchr(digits, name[2 * i]) - digits) << 4 |
                            (strchr(digits, name[2 * i + 1]) - digits));
    }
    if (!is_hash || named->n == 0 ||
        bsearch(hash, named->at, named->n, sizeof hash, compare) == NULL)
        finding_bad(
            named->f,
            words("blob/%s: ingen post namnger den, inte heller någon efter kontrollpunkten; är "
                  "mappen en levande logg som växte medan den lästes, pröva igen",
                  "blob/%s: no entry names it, nor any beyond the checkpoint; if the folder is a "
                  "live log that grew while it was read, try again"),
            name);
}

/* The widest bundle of this number that is wider than `from`, if any; SKA_E_NOT_FOUND. */
static enum ska_status read_widest(uint8_t **data, size_t *len, unsigned *width,
                                   const struct log_place *place, uint64_t index, unsigned from)
{
    for (*width = SKA_TILE_WIDTH; *width > from; (*width)--) {
        const struct ska_tile tile = {SKA_TILE_ENTRIES, index, *width};
        char path[SKA_TILE_PATH_MAX + 1];
        ska_tile_path(path, &tile);
        enum ska_status status =
            log_place_read(data, len, place, path, SKA_TILE_BUNDLE_BYTES_MAX, NULL);
        if (status != SKA_E_NOT_FOUND)
            return status;
    }
    return SKA_E_NOT_FOUND;
}

/* What the entries of such a bundle from number `from` on name; nothing if it cannot be read. */
static enum ska_status name_later(struct named *named, unsigned width, unsigned from,
                                  struct ska_slice bytes)
{
    struct ska_slice entries[SKA_TILE_WIDTH];
    struct ska_log_leaf leaf;
    if (ska_tile_entries(entries, width, bytes) != SKA_OK)
        return SKA_OK;
    for (unsigned i = from; i < width; i++) {
        enum ska_status status = ska_log_leaf_decode(&leaf, entries[i]);
        if (status == SKA_E_UNSUPPORTED)
            named->is_any = true;
        else if (status == SKA_OK)
            SKA_TRY(add_name(named, leaf.entry.sha256));
    }
    return SKA_OK;
}

/* A log that grows has files of entries that its checkpoint does not cover yet: those of bundles
 * beyond it. */
static enum ska_status add_later(struct named *named, const struct log_evidence *log)
{
    unsigned from = (unsigned)(log->size % SKA_TILE_WIDTH);
    for (uint64_t index = log->size / SKA_TILE_WIDTH;; index++, from = 0) {
        SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
        size_t len = 0;
        unsigned width;
        enum ska_status status = read_widest(&data, &len, &width, &log->place, index, from);
        if (status == SKA_E_NOT_FOUND)
            return SKA_OK;
        if (status == SKA_OK)
            status = name_later(named, width, from, (struct ska_slice){data, len});
        if (status == SKA_E_MEMORY)
            return status;
    }
}

/* No file is there that no entry names. */
static void look_for_strangers(struct log_evidence *log, struct finding *f)
{
    SKA_SCOPED(named_clear) struct named named = {.f = f, .is_any = log->n_unknown > 0};
    enum ska_status status = SKA_OK;
    if (log->place.is_address)
        return; /* it does not tell what it has */
    for (uint64_t i = 0; i < log->size && status == SKA_OK; i++)
        if (log->rows[i].is_known)
            status = add_name(&named, log->rows[i].leaf.entry.sha256);
    if (status == SKA_OK)
        status = add_later(&named, log);
    if (finding_is_undecided(f, status) || named.is_any)
        return;
    if (named.n > 0)
        qsort(named.at, named.n, sizeof *named.at, compare);
    finding_is_undecided(f, log_place_list(&log->place, "blob", look_at_name, &named));
}

void check_log_blobs(struct evidence *e, struct finding *f)
{
    struct log_evidence *log = e->log;
    SKA_SCOPED(ska_scoped_free) uint64_t *rows = ska_alloc((size_t)log->size, sizeof *rows);
    SKA_SCOPED(ska_scoped_free)
    enum ska_status *status = ska_alloc((size_t)log->size, sizeof *status);
    if (rows == NULL || status == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    struct reading reading = {.log = log, .rows = rows, .status = status};
    const uint64_t n = list_rows(rows, log);
    parallel_run(log->place.is_address ? 1 : e->jobs, (size_t)n, read_one, &reading, "log-blobs");
    for (uint64_t i = 0; i < n; i++) {
        if (finding_is_undecided(f, status[i]))
            return;
        if (status[i] != SKA_OK)
            finding_bad(f, "%s: %s", log_entry_name(log, rows[i]),
                        status[i] == SKA_E_NOT_FOUND
                            ? words("filen saknas", "the file is missing")
                            : words("filen är inte den som posten namnger",
                                    "the file is not the one that the entry names"));
    }
    f->n_inputs = n;
    look_for_strangers(log, f);
}
