/* SPDX-License-Identifier: EUPL-1.2 */
/* make_log.c - a small public log in a folder. */
#include "tests/tamper/make_log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "crypto/scoped.h"
#include "protocol/checkpoint.h"
#include "protocol/cosignature.h"

#define MADE_TIME UINT64_C(1770000000)
#define FILE_MAX (1u << 20)

static void make_key(struct made_log *m, enum made_key which, const char *name,
                     enum ska_note_type type)
{
    uint8_t seed[SKA_SIGN_SEED_BYTES];
    ska_sha256(seed, name, strlen(name));
    world_must(ska_signing_key_from_seed(&m->secrets[which], seed));
    world_must(ska_note_key_init(&m->public_keys[which], name, type, m->secrets[which].public_key));
}

void made_log_start(struct made_log *m, const struct world_keys *keys)
{
    char text[N_MADE_KEYS][SKA_NOTE_KEY_TEXT_MAX + 1];
    memset(m, 0, sizeof *m);
    m->keys = keys;
    make_key(m, MADE_LOG_KEY, "leader.example/log", SKA_NOTE_ED25519);
    make_key(m, MADE_HELPER, "helper.example/witness", SKA_NOTE_COSIGNATURE);
    make_key(m, MADE_OUTSIDE, "outside.example/witness", SKA_NOTE_COSIGNATURE);
    make_key(m, MADE_STRANGER, "stranger.example/witness", SKA_NOTE_COSIGNATURE);
    for (size_t i = 0; i < N_MADE_KEYS; i++)
        ska_note_key_format(text[i], &m->public_keys[i]);
    (void)snprintf(m->policy, sizeof m->policy,
                   "log %s\nwitness helper %s\nwitness outside %s\ngroup both all helper outside\n"
                   "quorum both\n",
                   text[MADE_LOG_KEY], text[MADE_HELPER], text[MADE_OUTSIDE]);
    m->close_signer[0] = &keys->leader;
    m->close_signer[1] = &keys->helper;
}

void made_log_clear(struct made_log *m)
{
    for (size_t i = 0; i < m->n; i++)
        free(m->at[i].blob);
    ska_close_record_clear(&m->record);
    m->n = 0;
}

static uint8_t *copy_bytes(struct ska_slice bytes)
{
    uint8_t *out = malloc(bytes.len + 1);
    world_expect(out != NULL, "memory");
    memcpy(out, bytes.data, bytes.len);
    return out;
}

void made_log_copy(struct made_log *to, const struct made_log *from)
{
    memcpy(to, from, sizeof *to);
    for (size_t i = 0; i < to->n; i++)
        if (from->at[i].blob != NULL)
            to->at[i].blob = copy_bytes((struct ska_slice){from->at[i].blob, from->at[i].blob_len});
    if (from->record.at != NULL) {
        to->record.at = ska_alloc(from->record.n + 1, sizeof *to->record.at);
        memcpy(to->record.at, from->record.at, from->record.n * sizeof *to->record.at);
    }
}

struct made_entry *made_log_add(struct made_log *m, const struct ska_task *task,
                                enum ska_leaf_type type, uint64_t number, struct ska_slice blob)
{
    world_expect(m->n < MADE_ENTRIES_MAX, "too many entries");
    struct made_entry *e = &m->at[m->n++];
    *e = (struct made_entry){.leaf = {.type = type}, .is_filed = true};
    memcpy(e->leaf.entry.task_id, task->context.task_id, sizeof e->leaf.entry.task_id);
    memcpy(e->leaf.entry.period, task->parameters.period, sizeof e->leaf.entry.period);
    e->leaf.entry.revision = task->parameters.revision;
    e->leaf.entry.contributor = SKA_LEAF_NO_CONTRIBUTOR;
    e->leaf.entry.number = number;
    e->leaf.entry.length = blob.len;
    ska_sha256(e->leaf.entry.sha256, blob.data, blob.len);
    e->blob = copy_bytes(blob);
    e->blob_len = blob.len;
    return e;
}

void made_log_move(struct made_log *m, size_t from, size_t to)
{
    const struct made_entry moved = m->at[from];
    if (from < to)
        memmove(&m->at[from], &m->at[from + 1], (to - from) * sizeof moved);
    else
        memmove(&m->at[to + 1], &m->at[to], (from - to) * sizeof moved);
    m->at[to] = moved;
}

void made_log_command(struct made_log *m, const struct ska_task *task, enum ska_leaf_type type,
                      enum ska_control_kind kind, uint64_t serial)
{
    struct ska_control c = {.kind = kind, .serial = serial};
    uint8_t bytes[SKA_CONTROL_BYTES];
    memcpy(c.task_id, task->context.task_id, sizeof c.task_id);
    world_must(ska_control_encode(bytes, &c, &m->keys->publisher));
    made_log_add(m, task, type, serial, (struct ska_slice){bytes, sizeof bytes});
}

void made_log_sign(struct made_log *m, struct made_entry *entry)
{
    world_must(ska_log_entry_sign(entry->leaf.leader, &m->keys->leader, &entry->leaf.entry));
    world_must(ska_log_entry_sign(entry->leaf.helper, &m->keys->helper, &entry->leaf.entry));
}

struct made_entry *made_log_submission(struct made_log *m, const struct ska_task *task,
                                       const struct world_submission *s)
{
    struct made_entry *e =
        made_log_add(m, task, SKA_LEAF_SUBMISSION, s->number, (struct ska_slice){s->bytes, s->len});
    e->leaf.entry.contributor = s->contributor;
    memcpy(e->leaf.report_id, s->report_id, sizeof e->leaf.report_id);
    made_log_sign(m, e);
    return e;
}

static int compare_entries(const void *a, const void *b)
{
    const struct ska_close_entry *x = a, *y = b;
    if (x->contributor != y->contributor)
        return x->contributor < y->contributor ? -1 : 1;
    return x->number < y->number ? -1 : 1;
}

void made_log_plan_close(struct made_log *m, const struct ska_task *task, uint64_t serial)
{
    struct ska_control c = {.kind = SKA_CONTROL_CLOSE, .serial = serial};
    ska_close_record_clear(&m->record);
    memcpy(c.task_id, task->context.task_id, sizeof c.task_id);
    m->record = (struct ska_close_record){.log_size = m->n};
    world_must(ska_control_encode(m->record.control, &c, &m->keys->publisher));
    memcpy(m->record.parameters_hash, task->context.parameters_hash, 32);
    made_log_root(m->record.root, m, m->n);
    m->record.at = ska_alloc(m->n + 1, sizeof *m->record.at);
    for (size_t i = 0; i < m->n; i++) {
        const struct ska_log_entry *entry = &m->at[i].leaf.entry;
        if (m->at[i].leaf.type != SKA_LEAF_SUBMISSION ||
            memcmp(entry->task_id, task->context.task_id, 32) != 0)
            continue;
        struct ska_close_entry *e = &m->record.at[m->record.n++];
        *e = (struct ska_close_entry){.index = i,
                                      .contributor = entry->contributor,
                                      .number = entry->number,
                                      .length = entry->length};
        memcpy(e->sha256, entry->sha256, sizeof e->sha256);
    }
    qsort(m->record.at, m->record.n, sizeof *m->record.at, compare_entries);
}

void made_log_task(struct made_log *m, struct world *w, bool has_roster)
{
    struct ska_writer roster = {0};
    const struct world_file *parameters = world_find(w, "parameters");
    ska_roster_encode(&roster, &w->task->parameters.roster);
    if (has_roster)
        made_log_add(m, w->task, SKA_LEAF_ROSTER, 0, (struct ska_slice){roster.data, roster.len});
    ska_writer_clear(&roster);
    made_log_add(m, w->task, SKA_LEAF_PARAMETERS, 0,
                 (struct ska_slice){parameters->data, parameters->len});
    made_log_command(m, w->task, SKA_LEAF_OPEN, SKA_CONTROL_OPEN, 1);
    for (size_t i = 0; i < w->n_submissions; i++)
        if (w->submissions[i].is_listed)
            made_log_submission(m, w->task, &w->submissions[i]);
    made_log_plan_close(m, w->task, 2);
}

void made_log_close(struct made_log *m, const struct ska_task *task)
{
    struct ska_writer w = {0};
    uint8_t signature[2][SKA_SIGNATURE_BYTES];
    ska_close_record_encode(&w, &m->record);
    for (size_t k = 0; k < 2; k++)
        world_must(ska_close_record_sign(signature[k], m->close_signer[k],
                                         (struct ska_slice){w.data, w.len}));
    ska_write_bytes(&w, signature, sizeof signature);
    world_must(ska_writer_status(&w));
    made_log_add(m, task, SKA_LEAF_CLOSE, 2, (struct ska_slice){w.data, w.len});
    ska_writer_clear(&w);
}

void made_log_drop_by_leader(struct made_log *m, struct made_entry *close)
{
    struct ska_writer w = {0};
    uint8_t leader[SKA_SIGNATURE_BYTES];
    m->record.n--;
    ska_close_record_encode(&w, &m->record);
    world_must(
        ska_close_record_sign(leader, m->close_signer[0], (struct ska_slice){w.data, w.len}));
    ska_write_bytes(&w, leader, sizeof leader);
    ska_write_bytes(&w, close->blob + close->blob_len - SKA_SIGNATURE_BYTES, SKA_SIGNATURE_BYTES);
    world_must(ska_writer_status(&w));
    memcpy(close->blob, w.data, w.len); /* it is shorter */
    close->blob_len = w.len;
    close->leaf.entry.length = w.len;
    ska_sha256(close->leaf.entry.sha256, w.data, w.len);
    ska_writer_clear(&w);
}

void made_log_finish(struct made_log *m, const struct world *w)
{
    struct ska_bundle_file *files = NULL;
    size_t n = 0;
    made_log_command(m, w->task, SKA_LEAF_COLLECT, SKA_CONTROL_COLLECT, 3);
    world_must(ska_bundle_read(&files, &n, (struct ska_slice){w->archive, w->archive_len}, NULL));
    made_log_add(m, w->task, SKA_LEAF_RELEASE, w->place.number, files[n - 1].data);
    free(files);
}

/* --- the tree ----------------------------------------------------------------------------------
 */

size_t made_entry_encode(uint8_t out[static SKA_LEAF_BYTES_MAX], const struct made_entry *e)
{
    size_t len = ska_log_leaf_encode(out, &e->leaf);
    if (e->type != 0)
        out[0] = e->type;
    return len;
}

static void hash_leaves(uint8_t (*out)[SKA_HASH_BYTES], const struct made_log *m, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t bytes[SKA_LEAF_BYTES_MAX];
        ska_merkle_leaf(out[i], bytes, made_entry_encode(bytes, &m->at[i]));
    }
}

void made_log_root(uint8_t out[static 32], const struct made_log *m, size_t n)
{
    static uint8_t hashes[MADE_ENTRIES_MAX][SKA_HASH_BYTES];
    hash_leaves(hashes, m, n);
    ska_merkle_root(out, (const uint8_t(*)[SKA_HASH_BYTES])hashes, n);
}

void made_log_note(char out[static MADE_NOTE_MAX], const struct made_log *m, uint64_t n,
                   const uint8_t root[static 32], const enum made_key signers[static 3])
{
    struct ska_checkpoint c = {.size = n};
    struct ska_writer text = {0}, note = {0};
    (void)snprintf(c.origin, sizeof c.origin, "%s", m->public_keys[MADE_LOG_KEY].name);
    memcpy(c.root, root, sizeof c.root);
    ska_checkpoint_format(&text, &c);
    ska_write_bytes(&note, text.data, text.len);
    ska_write_bytes(&note, "\n", 1);
    for (size_t i = 0; i < 3; i++) {
        if (signers[i] == N_MADE_KEYS)
            continue;
        const struct ska_slice bytes = {text.data, text.len};
        if (m->public_keys[signers[i]].type == SKA_NOTE_ED25519)
            world_must(
                ska_note_sign(&note, &m->public_keys[signers[i]], &m->secrets[signers[i]], bytes));
        else
            world_must(ska_cosignature_sign(&note, &m->public_keys[signers[i]],
                                            &m->secrets[signers[i]], bytes, MADE_TIME + i));
    }
    world_must(ska_writer_status(&note));
    world_expect(note.len < MADE_NOTE_MAX, "a note of the size that is expected");
    memcpy(out, note.data, note.len);
    out[note.len] = '\0';
    ska_writer_clear(&text);
    ska_writer_clear(&note);
}

void made_log_checkpoint(struct made_log *m)
{
    static const enum made_key signers[3] = {MADE_LOG_KEY, MADE_HELPER, MADE_OUTSIDE};
    uint8_t root[32];
    made_log_root(root, m, m->n);
    made_log_note(m->note, m, m->n, root, signers);
}

/* --- files -------------------------------------------------------------------------------------
 */

static void join(char out[static 4096], const char *folder, const char *name)
{
    int n = snprintf(out, 4096, "%s/%s", folder, name);
    world_expect(n > 0 && n < 4096, "a path");
}

void made_file_write(const char *folder, const char *name, const void *data, size_t len)
{
    char path[4096];
    join(path, folder, name);
    for (char *at = strchr(path + strlen(folder) + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
        *at = '\0';
        world_expect(mkdir(path, 0700) == 0 || errno == EEXIST, path);
        *at = '/';
    }
    FILE *f = fopen(path, "wbe");
    world_expect(f != NULL, path);
    world_expect(fwrite(data, 1, len, f) == len && fclose(f) == 0, path);
}

size_t made_file_read(uint8_t **data, const char *folder, const char *name)
{
    static uint8_t bytes[FILE_MAX];
    char path[4096];
    join(path, folder, name);
    FILE *f = fopen(path, "rbe");
    world_expect(f != NULL, path);
    size_t len = fread(bytes, 1, sizeof bytes, f);
    (void)fclose(f);
    *data = bytes;
    return len;
}

const char *made_blob_name(const struct made_entry *entry)
{
    static char name[sizeof "blob/" + 64];
    memcpy(name, "blob/", 5);
    ska_hex_encode(name + 5, entry->leaf.entry.sha256, 32);
    return name;
}

static enum ska_status plain_hash(uint8_t out[static SKA_HASH_BYTES], void *arg, unsigned level,
                                  uint64_t index)
{
    const uint8_t(*leaves)[SKA_HASH_BYTES] = arg;
    size_t width = 1;
    for (unsigned i = 0; i < level; i++)
        width *= SKA_TILE_WIDTH;
    ska_merkle_root(out, leaves + index * width, width);
    return SKA_OK;
}

void made_log_write(const struct made_log *m, const char *folder)
{
    static uint8_t hashes[MADE_ENTRIES_MAX][SKA_HASH_BYTES];
    const struct ska_tile_source source = {.hash = plain_hash, .arg = hashes};
    struct ska_tile_walk walk;
    struct ska_tile tile;
    hash_leaves(hashes, m, m->n);
    ska_tile_walk_init(&walk, 0, m->n);
    while (ska_tile_walk_next(&tile, &walk)) {
        uint8_t out[SKA_TILE_WIDTH][SKA_HASH_BYTES];
        char name[SKA_TILE_PATH_MAX + 1];
        struct ska_writer w = {0};
        ska_tile_path(name, &tile);
        if (tile.level != SKA_TILE_ENTRIES) {
            world_must(ska_tile_hashes(out, &tile, &source));
            ska_write_bytes(&w, out, tile.width * sizeof out[0]);
        }
        for (unsigned i = 0; tile.level == SKA_TILE_ENTRIES && i < tile.width; i++) {
            uint8_t bytes[SKA_LEAF_BYTES_MAX];
            size_t len = made_entry_encode(bytes, &m->at[tile.index * SKA_TILE_WIDTH + i]);
            ska_write_opaque16(&w, bytes, len);
        }
        world_must(ska_writer_status(&w));
        made_file_write(folder, name, w.data, w.len);
        ska_writer_clear(&w);
    }
    for (size_t i = 0; i < m->n; i++)
        if (m->at[i].is_filed)
            made_file_write(folder, made_blob_name(&m->at[i]), m->at[i].blob, m->at[i].blob_len);
    made_file_write(folder, "checkpoint", m->note, strlen(m->note));
}
