/* SPDX-License-Identifier: EUPL-1.2 */
/* mutate_log.c - a public log changed without a plan. */
#include "tests/tamper/mutate_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One of the last twelve, or now and then any. */
static size_t draw_entry(const struct made_log *m, uint64_t (*draw)(void))
{
    const size_t last = m->n < 12 || draw() % 8 == 0 ? m->n : 12;
    return m->n - 1 - draw() % last;
}

static void leave_out(struct made_log *m, size_t at)
{
    made_log_move(m, at, m->n - 1);
    free(m->at[--m->n].blob);
}

static void repeat(struct made_log *m, size_t at, size_t to)
{
    world_expect(m->n < MADE_ENTRIES_MAX, "room for an entry");
    struct made_entry *e = &m->at[m->n];
    *e = m->at[at];
    e->blob = malloc(e->blob_len + 1);
    world_expect(e->blob != NULL, "memory");
    memcpy(e->blob, m->at[at].blob, e->blob_len);
    m->n++;
    made_log_move(m, m->n - 1, to);
}

/* Another blob, one that another entry has, or one of its bits flipped. */
static void change_blob(struct made_log *m, struct made_entry *e, uint64_t (*draw)(void))
{
    const struct made_entry *from = &m->at[draw_entry(m, draw)];
    const size_t len = from->blob_len;
    uint8_t *blob = malloc(len + 1);
    world_expect(blob != NULL, "memory");
    memcpy(blob, from->blob, len);
    if (from == e && len > 0)
        blob[draw() % len] ^= (uint8_t)(1u << draw() % 8);
    free(e->blob);
    e->blob = blob;
    e->blob_len = len;
    e->leaf.entry.length = len;
    ska_sha256(e->leaf.entry.sha256, blob, len);
}

/* Returns what was changed. */
static const char *change(struct made_log *m, struct made_entry *e, uint64_t (*draw)(void))
{
    static const uint32_t contributors[] = {0, 1, 4, 5, 9999, 10000, UINT32_MAX - 1, UINT32_MAX};
    static const uint64_t numbers[] = {0, 1, 2, 3, INT64_MAX, UINT64_MAX};
    static const char *const periods[] = {"2025Q3", "2025-13", "2025", "-", "ABC"};
    struct ska_log_entry *entry = &e->leaf.entry;
    switch (draw() % 8) {
    case 0:
        e->type = (uint8_t)(1 + draw() % 12);
        return "type";
    case 1:
        entry->contributor = contributors[draw() % 8];
        return "contributor";
    case 2:
        entry->number = numbers[draw() % 6];
        return "number";
    case 3:
        entry->revision = draw() % 2 == 0 ? 1 : 10000;
        return "revision";
    case 4:
        (void)snprintf(entry->period, sizeof entry->period, "%s", periods[draw() % 5]);
        return "period";
    case 5:
        memcpy(entry->task_id, m->at[draw() % m->n].leaf.entry.task_id, sizeof entry->task_id);
        return "task";
    case 6:
        entry->length ^= UINT64_C(1) << draw() % 64;
        return "length";
    default:
        change_blob(m, e, draw);
        return "blob";
    }
}

void mutate_log(char what[static MUTATE_LOG_TEXT], struct made_log *m, uint64_t (*draw)(void))
{
    const size_t at = draw_entry(m, draw), to = draw_entry(m, draw);
    const unsigned type = m->at[at].leaf.type;
    const char *how = "left out";
    switch (draw() % 5) {
    case 0:
        leave_out(m, at);
        break;
    case 1:
        repeat(m, at, to);
        how = "repeated";
        break;
    case 2:
        made_log_move(m, at, to);
        how = "moved";
        break;
    default:
        how = change(m, &m->at[at], draw);
        if (m->at[at].leaf.type == SKA_LEAF_SUBMISSION && draw() % 2 == 0)
            made_log_sign(m, &m->at[at]);
    }
    made_log_checkpoint(m);
    (void)snprintf(what, MUTATE_LOG_TEXT, "entry %zu of type %u, and %zu: %s", at, type, to, how);
}
