/* SPDX-License-Identifier: EUPL-1.2 */
/* made_receipt.h - a receipt with its proof from a made log, and a bundle that lists it, for tests
 * of what officers check. */
#ifndef SKA_TESTS_MADE_RECEIPT_H
#define SKA_TESTS_MADE_RECEIPT_H

#include "protocol/bundle.h"
#include "protocol/documents.h"
#include "protocol/log_leaf.h"
#include "protocol/tlog_proof.h"
#include "tests/made_log.h"

/* Which of the parties; their keys are made from numbers. */
enum made_party { MADE_PUBLISHER, MADE_SECOND, MADE_LEADER, MADE_HELPER, MADE_PARTIES };

static inline void made_party_key(struct ska_signing_key *key, enum made_party party)
{
    uint8_t seed[SKA_SIGN_SEED_BYTES];
    memset(seed, 0x60 + (int)party, sizeof seed);
    bool is_made = ska_signing_key_from_seed(key, seed) == SKA_OK;
    assert(is_made);
}

/* Of submission `number` of contributor 3. */
static inline void made_receipt(struct ska_receipt *out, uint64_t number)
{
    struct ska_signing_key leader, helper;
    made_party_key(&leader, MADE_LEADER);
    made_party_key(&helper, MADE_HELPER);
    *out = (struct ska_receipt){
        .entry = {.period = "2025Q2", .contributor = 3, .number = number, .length = 33000}};
    memset(out->entry.task_id, 0x11, sizeof out->entry.task_id);
    memset(out->entry.sha256, (int)number, sizeof out->entry.sha256);
    bool is_made = ska_log_entry_sign(out->leader, &leader, &out->entry) == SKA_OK &&
                   ska_log_entry_sign(out->helper, &helper, &out->entry) == SKA_OK;
    assert(is_made);
}

/* The proof that the receipt is entry `index` of a log of `size`, cosigned now by `witnesses`. */
static inline void made_proof(struct ska_writer *w, const struct ska_receipt *receipt,
                              uint64_t size, uint64_t index, unsigned witnesses, uint64_t now_s)
{
    struct ska_log_leaf leaf = {.type = SKA_LEAF_SUBMISSION, .entry = receipt->entry};
    memcpy(leaf.leader, receipt->leader, sizeof leaf.leader);
    memcpy(leaf.helper, receipt->helper, sizeof leaf.helper);
    uint8_t bytes[SKA_LEAF_BYTES_MAX], path[SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES];
    const size_t len = ska_log_leaf_encode(bytes, &leaf);
    size_t path_len = 0;
    struct made_log log;
    struct ska_writer note = {0};
    made_log_init(&log, size, 0, "entry");
    made_log_set(&log, index, bytes, len);
    const struct ska_tile_source source = {made_hash, &log};
    bool is_made = ska_tile_inclusion(path, &path_len, index, size, &source) == SKA_OK;
    assert(is_made);
    made_log_checkpoint(&note, &log, size, witnesses, now_s);
    ska_tlog_proof_write(w, (struct ska_slice){bytes, len}, index,
                         (const uint8_t(*)[SKA_HASH_BYTES])path, path_len,
                         (struct ska_slice){note.data, note.len});
    ska_writer_clear(&note);
    made_log_clear(&log);
}

/* The file of a bundle that says who is counted: contributors 1, 3 and 5, of 3 the submissions
 * 1..last but `without`. */
static inline void made_list(struct ska_writer *w, uint64_t last, uint64_t without)
{
    struct ska_accepted_entry at[20] = {{0}};
    struct ska_accepted list = {.close_serial = 2, .at = at};
    struct ska_signing_key keys[2];
    struct ska_writer text = {0}, file = {0};
    memset(list.task_id, 0x11, sizeof list.task_id);
    for (uint32_t contributor = 1; contributor <= 5; contributor += 2)
        for (uint64_t number = 1; number <= last; number++) {
            struct ska_receipt receipt;
            if (contributor == 3 && number == without)
                continue;
            made_receipt(&receipt, number);
            struct ska_accepted_entry *e = &at[list.n++];
            *e = (struct ska_accepted_entry){
                .contributor = contributor, .number = number, .length = receipt.entry.length};
            memcpy(e->sha256, receipt.entry.sha256, sizeof e->sha256);
        }
    ska_accepted_encode(&text, &list);
    struct ska_signed_accepted both = {.list = {text.data, text.len}};
    made_party_key(&keys[0], MADE_LEADER);
    made_party_key(&keys[1], MADE_HELPER);
    bool is_made = ska_accepted_sign(both.leader, &keys[0], both.list) == SKA_OK &&
                   ska_accepted_sign(both.helper, &keys[1], both.list) == SKA_OK;
    assert(is_made);
    ska_signed_accepted_encode(&file, &both);
    ska_bundle_write_file(w, "accepted", (struct ska_slice){file.data, file.len});
    ska_writer_clear(&text);
    ska_writer_clear(&file);
}

/* As a bundle without anything else. */
static inline void made_bundle(struct ska_writer *w, uint64_t last, uint64_t without)
{
    made_list(w, last, without);
    ska_bundle_write_end(w);
}

#endif
