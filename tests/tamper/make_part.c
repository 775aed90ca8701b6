/* SPDX-License-Identifier: EUPL-1.2 */
/* make_part.c - the part of a public log that a world's bundle has. */
#include "tests/tamper/make_part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/log_part.h"

/* The witness outside is the helper, with a second key. */
static void put_helper_outside(struct made_log *m)
{
    char key[SKA_NOTE_KEY_TEXT_MAX + 1];
    char *line = strstr(m->policy, "witness outside ");
    world_expect(line != NULL, "a witness");
    world_must(ska_note_key_init(&m->public_keys[MADE_OUTSIDE], m->public_keys[MADE_HELPER].name,
                                 SKA_NOTE_COSIGNATURE, m->secrets[MADE_OUTSIDE].public_key));
    ska_note_key_format(key, &m->public_keys[MADE_OUTSIDE]);
    (void)snprintf(line, sizeof m->policy - (size_t)(line - m->policy),
                   "witness outside %s\ngroup both all helper outside\nquorum both\n", key);
}

/* Let the policy's quorum be another. */
static void set_quorum(struct made_log *m, const char *quorum)
{
    if (quorum != NULL && strcmp(quorum, PART_HELPER_OUTSIDE) == 0) {
        put_helper_outside(m);
        return;
    }
    char *line = strstr(m->policy, "quorum ");
    world_expect(line != NULL, "a quorum");
    if (quorum != NULL)
        (void)snprintf(line, sizeof m->policy - (size_t)(line - m->policy), "quorum %s\n", quorum);
}

void part_policy_hash(uint8_t out[static 32], const struct world_keys *keys, const char *quorum)
{
    static struct made_log m;
    made_log_start(&m, keys);
    set_quorum(&m, quorum);
    ska_sha256(out, m.policy, strlen(m.policy));
}

static bool is_own(const struct made_entry *e, const struct world *w)
{
    return memcmp(e->leaf.entry.task_id, w->task->context.task_id, 32) == 0;
}

struct made_entry *part_find(struct made_log *m, const struct world *w, enum ska_leaf_type type,
                             size_t n)
{
    for (size_t i = 0; i < m->n; i++)
        if (is_own(&m->at[i], w) && m->at[i].leaf.type == type && n-- == 0)
            return &m->at[i];
    world_expect(false, "no such entry");
    return NULL;
}

void part_remove(struct made_log *m, const struct made_entry *entry)
{
    const size_t at = (size_t)(entry - m->at);
    free(m->at[at].blob);
    m->n--;
    memmove(m->at + at, m->at + at + 1, (m->n - at) * sizeof *m->at);
}

void part_plan(struct made_log *m, const struct world *w)
{
    made_log_plan_close(m, w->task, 2);
}

void part_stranger(struct made_log *m, const struct world *w, enum ska_leaf_type type)
{
    struct made_entry *e = made_log_add(
        m, w->task, type, type == SKA_LEAF_PARAMETERS || type == SKA_LEAF_ROSTER ? 0 : 1 + m->n,
        (struct ska_slice){(const uint8_t *)"another's", 9});
    if (type == SKA_LEAF_SUBMISSION)
        e->leaf.entry.contributor = 1;
    memset(e->leaf.entry.task_id, 0xEE, sizeof e->leaf.entry.task_id);
    (void)snprintf(e->leaf.entry.period, sizeof e->leaf.entry.period, "2024Q1");
}

void part_collect(struct made_log *m, struct world *w)
{
    made_log_command(m, w->task, SKA_LEAF_COLLECT, SKA_CONTROL_COLLECT, 3);
    if (w->corrects != NULL) {
        const struct world_file *changes = world_find(w, "changes");
        made_log_add(m, w->task, SKA_LEAF_CHANGES, 0,
                     (struct ska_slice){changes->data, changes->len});
    }
}

static void put_text(struct world *w, enum ska_bundle_log which, const char *text)
{
    struct ska_writer bytes = {0};
    ska_write_bytes(&bytes, text, strlen(text));
    world_fill(world_find(w, ska_bundle_log_names[which]), &bytes);
}

static void put_part(struct world *w, const struct ska_log_part *part)
{
    struct ska_writer left = {0}, leaves = {0}, records = {0};
    ska_log_part_encode_left(&left, part);
    ska_log_part_encode_leaves(&leaves, part);
    ska_log_part_encode_records(&records, part);
    world_fill(world_find(w, ska_bundle_log_names[SKA_BUNDLE_LEFT]), &left);
    world_fill(world_find(w, ska_bundle_log_names[SKA_BUNDLE_LEAVES]), &leaves);
    world_fill(world_find(w, ska_bundle_log_names[SKA_BUNDLE_RECORDS]), &records);
}

static bool has_record(const struct made_entry *e)
{
    return e->leaf.type >= SKA_LEAF_OPEN && e->leaf.type <= SKA_LEAF_COLLECT;
}

void part_put_from(struct world *w, const struct made_log *m, size_t first)
{
    static uint8_t leaves[MADE_ENTRIES_MAX][SKA_LEAF_BYTES_MAX];
    static struct ska_slice slices[MADE_ENTRIES_MAX], records[MADE_ENTRIES_MAX];
    struct ska_log_part part = {.leaves = slices, .records = records};
    for (size_t i = 0; i < m->n; i++) {
        uint8_t hash[SKA_HASH_BYTES];
        const size_t len = made_entry_encode(leaves[i], &m->at[i]);
        if (i < first) {
            ska_merkle_leaf(hash, leaves[i], len);
            ska_merkle_edge_add(&part.left, hash);
        } else {
            slices[part.n++] = (struct ska_slice){leaves[i], len};
        }
        if (is_own(&m->at[i], w) && has_record(&m->at[i]))
            records[part.n_records++] = (struct ska_slice){m->at[i].blob, m->at[i].blob_len};
    }
    put_part(w, &part);
}

static void step(void (*what)(struct made_log *m, struct world *w), struct made_log *m,
                 struct world *w)
{
    if (what != NULL)
        what(m, w);
}

void part_make(struct world *w, const struct part_steps *steps)
{
    static struct made_log m;
    size_t first = 0;
    made_log_start(&m, w->keys);
    set_quorum(&m, w->quorum);
    for (size_t i = 0; i < N_PART_BEFORE; i++)
        part_stranger(&m, w, i == 0 ? SKA_LEAF_ROSTER : SKA_LEAF_OPEN);
    step(steps->begun, &m, w);
    made_log_task(&m, w, true);
    step(steps->planned, &m, w);
    made_log_close(&m, w->task);
    if (steps->closed != NULL)
        steps->closed(&m, w);
    else
        part_collect(&m, w);
    part_stranger(&m, w, SKA_LEAF_SUBMISSION);
    part_stranger(&m, w, SKA_LEAF_PARAMETERS);
    step(steps->sealed, &m, w);
    made_log_checkpoint(&m);
    step(steps->noted, &m, w);
    while (first < m.n && !is_own(&m.at[first], w))
        first++;
    put_text(w, SKA_BUNDLE_POLICY, m.policy);
    put_text(w, SKA_BUNDLE_CHECKPOINT, m.note);
    part_put_from(w, &m, first);
    step(steps->put, &m, w);
    made_log_clear(&m);
}

void world_put_log(struct world *w)
{
    part_make(w, &(struct part_steps){0});
}
