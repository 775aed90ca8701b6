/* SPDX-License-Identifier: EUPL-1.2 */
/* log_fetch.c - a period's part of the public log. */
#include "reports/log_fetch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/close_record.h"
#include "protocol/log_leaf.h"
#include "protocol/log_policy.h"
#include "protocol/tlog_tile.h"
#include "support/language.h"

#define BUNDLES_MAX (SKA_LOG_PART_LEAVES_MAX / SKA_TILE_WIDTH - 1)

/* One bundle of entries. */
struct bundle {
    uint8_t *data; /* owned */
    struct ska_slice entries[SKA_TILE_WIDTH];
    unsigned width;
};

/* A tile of hashes that was read, by level. */
struct tile {
    uint8_t *data; /* owned; NULL: none yet */
    struct ska_tile is;
};

struct fetching {
    const struct log_wanted *wanted;
    const struct log_source *source;
    struct ska_error *err;
    uint8_t *note; /* owned */
    size_t note_len;
    struct ska_checkpoint checkpoint;
    struct bundle *bundles; /* owned; from the last one back */
    size_t n_bundles;
    struct tile tiles[SKA_TILE_LEVELS];
    struct ska_log_part part; /* leaves borrow from the bundles */
    uint8_t **blobs;          /* owned: of the records */
};

static void fetching_clear(struct fetching *f)
{
    for (size_t i = 0; i < f->n_bundles; i++)
        free(f->bundles[i].data);
    for (uint32_t i = 0; f->blobs != NULL && i < f->part.n_records; i++)
        free(f->blobs[i]);
    for (size_t i = 0; i < SKA_TILE_LEVELS; i++)
        free(f->tiles[i].data);
    free(f->bundles);
    free(f->blobs);
    free(f->note);
    ska_log_part_clear(&f->part);
}

void log_fetched_clear(struct log_fetched *f)
{
    free(f->checkpoint);
    ska_writer_clear(&f->left);
    ska_writer_clear(&f->leaves);
    ska_writer_clear(&f->records);
    *f = (struct log_fetched){0};
}

/* A file of the log; one that the checkpoint covers is there. */
static enum ska_status get(uint8_t **data, size_t *len, const struct fetching *f, const char *path,
                           size_t max)
{
    enum ska_status status = f->source->get(data, len, f->source->arg, path, max, f->err);
    if (status != SKA_E_NOT_FOUND)
        return status;
    ska_error_clear(f->err);
    return ska_fail(f->err, SKA_E_MISMATCH,
                    tr("den publika loggen saknar %s", "the public log has no %s"), path);
}

/* --- the checkpoint --- */

/* Some 100 kB, so on the heap. */
struct judging {
    struct ska_tlog_policy policy;
    struct ska_note note;
    struct ska_policy_result result;
};

static enum ska_status judge(struct judging *j, struct fetching *f)
{
    const struct ska_parameters *p = &f->wanted->task->parameters;
    size_t helper;
    SKA_TRY(ska_policy_parse(&j->policy, f->wanted->policy.data, f->wanted->policy.len, f->err));
    SKA_TRY(ska_log_policy_check(&helper, &j->policy, p->leader_url, p->helper_url, f->err));
    enum ska_status status = ska_note_parse(&j->note, f->note, f->note_len);
    if (status == SKA_OK)
        status = ska_policy_verify(&j->result, &j->policy, &j->note);
    if (status == SKA_OK || status == SKA_E_MEMORY)
        return status;
    return ska_fail(f->err, status,
                    tr("den publika loggens kontrollpunkt håller inte enligt policyn: %s",
                       "the public log's checkpoint does not hold under the policy: %s"),
                    ska_status_text(status));
}

static enum ska_status not_yet(struct fetching *f)
{
    return ska_fail(f->err, SKA_E_BUSY,
                    tr("den publika loggen har ingen kontrollpunkt som täcker insamlingen än",
                       "the public log has no checkpoint that covers the collection yet"));
}

static enum ska_status get_checkpoint(struct fetching *f)
{
    SKA_SCOPED(ska_scoped_free) struct judging *j = ska_alloc(1, sizeof *j);
    if (j == NULL)
        return SKA_E_MEMORY;
    enum ska_status status = f->source->get(&f->note, &f->note_len, f->source->arg, "checkpoint",
                                            SKA_NOTE_BYTES_MAX, f->err);
    if (status == SKA_E_NOT_FOUND) {
        ska_error_clear(f->err);
        return not_yet(f);
    }
    SKA_TRY(status);
    SKA_TRY(judge(j, f));
    f->checkpoint = j->result.checkpoint;
    return f->checkpoint.size == 0 ? not_yet(f) : SKA_OK;
}

/* --- entries --- */

static bool is_own(struct ska_log_leaf *leaf, const struct fetching *f, struct ska_slice entry)
{
    return ska_log_leaf_decode(leaf, entry) == SKA_OK && leaf->type != SKA_LEAF_VERIFIER &&
           memcmp(leaf->entry.task_id, f->wanted->task->context.task_id,
                  sizeof leaf->entry.task_id) == 0;
}

static enum ska_status get_bundle(struct fetching *f, uint64_t index)
{
    struct bundle *b = &f->bundles[f->n_bundles];
    const struct ska_tile tile = {SKA_TILE_ENTRIES, index,
                                  ska_tile_width(SKA_TILE_ENTRIES, index, f->checkpoint.size)};
    char path[SKA_TILE_PATH_MAX + 1];
    size_t len = 0;
    ska_tile_path(path, &tile);
    SKA_TRY(get(&b->data, &len, f, path, SKA_TILE_BUNDLE_BYTES_MAX));
    f->n_bundles++;
    b->width = tile.width;
    if (ska_tile_entries(b->entries, b->width, (struct ska_slice){b->data, len}) != SKA_OK)
        return ska_fail(
            f->err, SKA_E_FORMAT,
            tr("%s i den publika loggen går inte att läsa", "%s of the public log cannot be read"),
            path);
    return SKA_OK;
}

/* From the last bundle back to the one with the task's roster. */
static enum ska_status find_first(struct fetching *f)
{
    const uint64_t last = (f->checkpoint.size - 1) / SKA_TILE_WIDTH;
    f->bundles =
        ska_alloc((size_t)(last < BUNDLES_MAX ? last + 1 : BUNDLES_MAX), sizeof *f->bundles);
    if (f->bundles == NULL)
        return SKA_E_MEMORY;
    for (uint64_t index = last; f->n_bundles < BUNDLES_MAX; index--) {
        struct ska_log_leaf leaf;
        SKA_TRY(get_bundle(f, index));
        const struct bundle *b = &f->bundles[f->n_bundles - 1];
        for (unsigned i = 0; i < b->width; i++)
            if (is_own(&leaf, f, b->entries[i]) && leaf.type == SKA_LEAF_ROSTER) {
                f->part.left.size = index * SKA_TILE_WIDTH + i;
                return SKA_OK;
            }
        if (index == 0)
            return not_yet(f);
    }
    return ska_fail(f->err, SKA_E_LIMIT,
                    tr("mer än %u poster i den publika loggen efter periodens öppning",
                       "more than %u entries in the public log after the period's opening"),
                    SKA_LOG_PART_LEAVES_MAX);
}

/* All entries from the first on, in order. */
static enum ska_status take_leaves(struct fetching *f)
{
    const uint64_t first = f->part.left.size;
    f->part.leaves = ska_alloc((size_t)(f->checkpoint.size - first), sizeof *f->part.leaves);
    if (f->part.leaves == NULL)
        return SKA_E_MEMORY;
    for (size_t k = f->n_bundles; k > 0; k--)
        for (unsigned i = k == f->n_bundles ? (unsigned)(first % SKA_TILE_WIDTH) : 0;
             i < f->bundles[k - 1].width; i++)
            f->part.leaves[f->part.n++] = f->bundles[k - 1].entries[i];
    return SKA_OK;
}

/* --- the root --- */

static enum ska_status hash_at(uint8_t out[static SKA_HASH_BYTES], void *arg, unsigned level,
                               uint64_t index)
{
    struct fetching *f = arg;
    struct tile *t = &f->tiles[level];
    const uint64_t number = index / SKA_TILE_WIDTH;
    if (t->data == NULL || t->is.index != number) {
        char path[SKA_TILE_PATH_MAX + 1];
        size_t len = 0;
        free(t->data);
        t->data = NULL;
        t->is = (struct ska_tile){level, number, ska_tile_width(level, number, f->checkpoint.size)};
        ska_tile_path(path, &t->is);
        SKA_TRY(get(&t->data, &len, f, path, SKA_TILE_BYTES_MAX));
        if (len != (size_t)t->is.width * SKA_HASH_BYTES)
            return ska_fail(f->err, SKA_E_FORMAT,
                            tr("%s i den publika loggen har fel längd",
                               "%s of the public log has a wrong length"),
                            path);
    }
    if (index % SKA_TILE_WIDTH >= t->is.width)
        return SKA_E_BUG;
    memcpy(out, t->data + index % SKA_TILE_WIDTH * SKA_HASH_BYTES, SKA_HASH_BYTES);
    return SKA_OK;
}

/* What stands before, by tiles; with the entries it gives the checkpoint's root. */
static enum ska_status check_root(struct fetching *f)
{
    const struct ska_tile_source source = {.hash = hash_at, .arg = f};
    uint8_t root[SKA_HASH_BYTES];
    SKA_TRY(ska_tile_edge(&f->part.left, f->part.left.size, &source));
    ska_log_part_root(root, &f->part);
    if (memcmp(root, f->checkpoint.root, sizeof root) == 0)
        return SKA_OK;
    return ska_fail(f->err, SKA_E_MISMATCH,
                    tr("den publika loggens poster har en annan rot än dess kontrollpunkt",
                       "the public log's entries have another root than its checkpoint"));
}

/* --- the task's entries --- */

static enum ska_status bad_entry(const struct fetching *f, uint64_t i, const char *what)
{
    return ska_fail(f->err, SKA_E_MISMATCH, "%s %" PRIu64 ": %s",
                    tr("den publika loggens post", "the public log's entry"), f->part.left.size + i,
                    what);
}

static bool is_blob(const struct ska_log_leaf *leaf, struct ska_slice bytes)
{
    uint8_t hash[SKA_HASH_BYTES];
    ska_sha256(hash, bytes.data, bytes.len);
    return bytes.len == leaf->entry.length && memcmp(hash, leaf->entry.sha256, sizeof hash) == 0;
}

/* The list is what the close covers, and each of its places is the list's submission. */
static enum ska_status compare_close(const struct fetching *f, uint64_t at, struct ska_slice blob)
{
    SKA_SCOPED(ska_close_record_clear) struct ska_close_record record = {0};
    const struct ska_accepted *list = f->wanted->list;
    const struct ska_parameters *p = &f->wanted->task->parameters;
    struct ska_signed_close s;
    enum ska_status status = ska_signed_close_split(&s, blob);
    if (status == SKA_OK)
        status = ska_close_record_verify(s.leader, p->leader_key, s.body);
    if (status == SKA_OK)
        status = ska_close_record_verify(s.helper, p->helper_key, s.body);
    if (status == SKA_OK)
        status = ska_close_record_decode(&record, s.body);
    if (status == SKA_E_MEMORY)
        return status;
    if (status != SKA_OK)
        return bad_entry(f, at, ska_status_text(status));
    bool is_same = record.n == list->n;
    for (uint32_t i = 0; is_same && i < record.n; i++) {
        const struct ska_close_entry *c = &record.at[i];
        const struct ska_accepted_entry *a = &list->at[i];
        is_same = c->contributor == a->contributor && c->number == a->number &&
                  c->length == a->length && memcmp(c->sha256, a->sha256, sizeof a->sha256) == 0;
    }
    return is_same ? SKA_OK
                   : bad_entry(f, at,
                               tr("stängningen gäller andra inlämningar än listan",
                                  "the close is of other submissions than the list"));
}

/* The blob of a command or close, kept as a record. */
static enum ska_status get_record(struct fetching *f, uint64_t i, const struct ska_log_leaf *leaf)
{
    char path[sizeof "blob/" + 64] = "blob/";
    uint8_t *data = NULL;
    size_t len = 0;
    if (f->part.n_records == SKA_LOG_PART_RECORDS_MAX || leaf->entry.length > SKA_CLOSE_BYTES_MAX)
        return ska_fail(f->err, SKA_E_LIMIT, "%s", ska_status_text(SKA_E_LIMIT));
    ska_hex_encode(path + strlen(path), leaf->entry.sha256, SKA_HASH_BYTES);
    SKA_TRY(get(&data, &len, f, path, (size_t)leaf->entry.length));
    const struct ska_slice blob = {data, len};
    f->blobs[f->part.n_records] = data;
    f->part.records[f->part.n_records++] = blob;
    return is_blob(leaf, blob) ? SKA_OK
                               : bad_entry(f, i,
                                           tr("dess fil är inte den som posten namnger",
                                              "its file is not the one that the entry names"));
}

/* What an entry's blob must be. */
static enum ska_status check_entry(struct fetching *f, uint64_t i, const struct ska_log_leaf *leaf)
{
    const char *other = tr("något annat än periodens", "something else than the period's");
    switch (leaf->type) {
    case SKA_LEAF_PARAMETERS:
        return is_blob(leaf, f->wanted->parameters) ? SKA_OK : bad_entry(f, i, other);
    case SKA_LEAF_CHANGES:
        return is_blob(leaf, f->wanted->changes) ? SKA_OK : bad_entry(f, i, other);
    case SKA_LEAF_OPEN:
    case SKA_LEAF_CLOSE:
    case SKA_LEAF_REOPEN:
    case SKA_LEAF_COLLECT:
        return get_record(f, i, leaf);
    case SKA_LEAF_RELEASE:
        return bad_entry(f, i, tr("perioden är redan utgiven", "the period is released already"));
    case SKA_LEAF_SUBMISSION:
    case SKA_LEAF_ROSTER:
    case SKA_LEAF_VERIFIER:
        break;
    }
    return SKA_OK;
}

static enum ska_status make_room(struct fetching *f)
{
    f->part.records = ska_alloc(SKA_LOG_PART_RECORDS_MAX, sizeof *f->part.records);
    f->blobs = ska_alloc(SKA_LOG_PART_RECORDS_MAX, sizeof *f->blobs);
    return f->part.records == NULL || f->blobs == NULL ? SKA_E_MEMORY : SKA_OK;
}

/* In order, up to the collect. `n_changes` and the last close are found on the way. */
static enum ska_status check_task(struct fetching *f)
{
    enum ska_log_stage stage = SKA_LOG_START;
    uint64_t n_changes = 0, close_at = 0;
    uint32_t close = 0;
    SKA_TRY(make_room(f));
    for (uint64_t i = 0; i < f->part.n; i++) {
        struct ska_log_leaf leaf;
        if (!is_own(&leaf, f, f->part.leaves[i]))
            continue;
        if (!ska_log_step(&stage, leaf.type))
            return bad_entry(f, i, tr("står på fel plats", "has no place there"));
        n_changes += leaf.type == SKA_LEAF_CHANGES;
        SKA_TRY(check_entry(f, i, &leaf));
        if (leaf.type == SKA_LEAF_CLOSE) {
            close = f->part.n_records - 1;
            close_at = i;
        }
    }
    const uint64_t wanted = f->wanted->task->parameters.previous.exists ? 1 : 0;
    if (stage < SKA_LOG_COLLECTED || n_changes < wanted)
        return not_yet(f);
    return compare_close(f, close_at, f->part.records[close]);
}

enum ska_status log_fetch(struct log_fetched *out, const struct log_wanted *wanted,
                          const struct log_source *source, struct ska_error *err)
{
    SKA_SCOPED(fetching_clear)
    struct fetching f = {.wanted = wanted, .source = source, .err = err};
    SKA_SCOPED(log_fetched_clear) struct log_fetched found = {0};
    SKA_TRY(get_checkpoint(&f));
    SKA_TRY(find_first(&f));
    SKA_TRY(take_leaves(&f));
    SKA_TRY(check_root(&f));
    SKA_TRY(check_task(&f));
    ska_log_part_encode_left(&found.left, &f.part);
    ska_log_part_encode_leaves(&found.leaves, &f.part);
    ska_log_part_encode_records(&found.records, &f.part);
    SKA_TRY(ska_writer_status(&found.left));
    SKA_TRY(ska_writer_status(&found.leaves));
    SKA_TRY(ska_writer_status(&found.records));
    found.size = f.checkpoint.size;
    found.checkpoint = f.note;
    found.checkpoint_len = f.note_len;
    f.note = NULL;
    *out = found;
    found = (struct log_fetched){0}; /* the caller owns it now */
    return SKA_OK;
}
