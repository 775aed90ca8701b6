/* SPDX-License-Identifier: EUPL-1.2 */
/* made_part.h - a bundle of made_receipt.h with its part of a made log, for tests of what officers
 * check. */
#ifndef SKA_TESTS_MADE_PART_H
#define SKA_TESTS_MADE_PART_H

#include "protocol/close_record.h"
#include "protocol/log_part.h"
#include "tests/made_receipt.h"

#define MADE_PART_BEFORE 5u
#define MADE_PART_LEAVES_MAX 60u

/* What is not as it must be. */
struct made_part {
    unsigned witnesses; /* that cosign: bits */
    bool without_leaf;  /* the last submission of contributor 3 has no entry */
    bool leaf_late;     /* or one after the close */
    bool flip_leaf;     /* the opening's, in the bundle */
    bool record_without, unsigned_close, other_record, without_left;
};

/* Leaves as they are made. */
struct made_leaves {
    uint8_t bytes[MADE_PART_LEAVES_MAX][SKA_LEAF_BYTES_MAX];
    struct ska_slice at[MADE_PART_LEAVES_MAX];
    size_t n;
};

static inline struct ska_log_leaf made_leaf_of(enum ska_leaf_type type, struct ska_slice blob)
{
    struct ska_log_leaf leaf = {.type = type,
                                .entry = {.period = "2025Q2",
                                          .contributor = SKA_LEAF_NO_CONTRIBUTOR,
                                          .number = type,
                                          .length = blob.len}};
    memset(leaf.entry.task_id, 0x11, sizeof leaf.entry.task_id);
    ska_sha256(leaf.entry.sha256, blob.data, blob.len);
    return leaf;
}

static inline void made_leaf_add(struct made_leaves *l, const struct ska_log_leaf *leaf)
{
    assert(l->n < MADE_PART_LEAVES_MAX);
    const size_t len = ska_log_leaf_encode(l->bytes[l->n], leaf);
    l->at[l->n] = (struct ska_slice){l->bytes[l->n], len};
    l->n++;
}

/* The record of a close over the list of made_list(last, 0). */
static inline void made_close(struct ska_writer *w, uint64_t last, const struct made_part *of)
{
    struct ska_close_entry at[20] = {{0}};
    struct ska_close_record record = {.log_size = 100, .at = at};
    struct ska_signing_key leader, helper;
    uint8_t signatures[2][SKA_SIGNATURE_BYTES];
    for (uint32_t contributor = 1; contributor <= 5; contributor += 2)
        for (uint64_t number = 1; number <= last; number++) {
            struct ska_receipt receipt;
            made_receipt(&receipt, number);
            at[record.n] = (struct ska_close_entry){.index = record.n,
                                                    .contributor = contributor,
                                                    .number = number,
                                                    .length = receipt.entry.length};
            memcpy(at[record.n++].sha256, receipt.entry.sha256, 32);
        }
    record.n -= of->record_without;
    ska_close_record_encode(w, &record);
    made_party_key(&leader, MADE_LEADER);
    made_party_key(&helper, of->unsigned_close ? MADE_LEADER : MADE_HELPER);
    const struct ska_slice body = {w->data, w->len};
    bool is_made = ska_close_record_sign(signatures[0], &leader, body) == SKA_OK &&
                   ska_close_record_sign(signatures[1], &helper, body) == SKA_OK;
    assert(is_made);
    ska_write_bytes(w, signatures, sizeof signatures);
}

static inline void made_submission_leaf(struct made_leaves *l, uint64_t number)
{
    struct ska_receipt receipt;
    made_receipt(&receipt, number);
    struct ska_log_leaf leaf = {.type = SKA_LEAF_SUBMISSION, .entry = receipt.entry};
    made_leaf_add(l, &leaf);
}

static inline void made_write_file(struct ska_writer *w, const char *name, struct ska_writer *file)
{
    ska_bundle_write_file(w, name, (struct ska_slice){file->data, file->len});
    ska_writer_clear(file);
}

/* The accepted list, and the log's files. */
static inline void made_bundle_logged(struct ska_writer *w, uint64_t last,
                                      const struct made_part *of)
{
    static struct made_leaves l;
    static const uint8_t command[] = "a command";
    struct ska_writer close = {0}, note = {0}, left = {0}, leaves = {0}, records = {0};
    struct ska_log_leaf leaf = made_leaf_of(SKA_LEAF_OPEN, (struct ska_slice){command, 9});
    struct made_log log;
    l.n = 0;
    made_leaf_add(&l, &leaf);
    for (uint64_t number = 1; number <= last; number++)
        if (number != last || !(of->without_leaf || of->leaf_late))
            made_submission_leaf(&l, number);
    made_close(&close, last, of);
    leaf = made_leaf_of(SKA_LEAF_CLOSE, (struct ska_slice){close.data, close.len});
    made_leaf_add(&l, &leaf);
    if (of->leaf_late)
        made_submission_leaf(&l, last);
    made_log_init(&log, MADE_PART_BEFORE + l.n, 0, "entry");
    struct ska_log_part part = {.leaves = l.at, .n = l.n};
    for (size_t i = 0; i < MADE_PART_BEFORE; i++)
        ska_merkle_edge_add(&part.left, log.leaves[i]);
    for (size_t i = 0; i < l.n; i++)
        made_log_set(&log, MADE_PART_BEFORE + i, l.at[i].data, l.at[i].len);
    struct ska_slice kept[2] = {{command, 9}, {close.data, close.len}};
    part.records = kept;
    part.n_records = 2;
    if (of->other_record)
        kept[1].len--;
    l.bytes[0][60] ^= of->flip_leaf;
    made_log_checkpoint(&note, &log, log.n, of->witnesses, 1);
    ska_log_part_encode_left(&left, &part);
    ska_log_part_encode_leaves(&leaves, &part);
    ska_log_part_encode_records(&records, &part);
    made_list(w, last, 0);
    made_write_file(w, "log/policy", &(struct ska_writer){0});
    made_write_file(w, "log/checkpoint", &note);
    if (!of->without_left)
        made_write_file(w, "log/left", &left);
    made_write_file(w, "log/leaves", &leaves);
    made_write_file(w, "log/records", &records);
    ska_bundle_write_end(w);
    ska_writer_clear(&left);
    ska_writer_clear(&close);
    made_log_clear(&log);
}

#endif
