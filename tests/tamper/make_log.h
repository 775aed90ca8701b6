/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * make_log.h - a small public log in a folder, of worlds (make_bundle.h), in steps between which a
 * test can cheat.
 *
 *     made_log_start -> made_log_task (up to its close) -> made_log_close -> made_log_finish ...
 *                    -> made_log_write
 *
 * Each step does what an honest leader and helper would do with what the log holds, and signs it.
 */
#ifndef SKA_TESTS_MAKE_LOG_H
#define SKA_TESTS_MAKE_LOG_H

#include "audit/log_check.h"
#include "protocol/note.h"

#include "tests/tamper/make_bundle.h"

#define MADE_ENTRIES_MAX 400
#define MADE_POLICY_MAX 2000
#define MADE_NOTE_MAX 4000

struct made_entry {
    struct ska_log_leaf leaf;
    uint8_t type;  /* instead of the leaf's, if not 0 */
    uint8_t *blob; /* owned */
    size_t blob_len;
    bool is_filed; /* the blob is served */
};

enum made_key { MADE_LOG_KEY, MADE_HELPER, MADE_OUTSIDE, MADE_STRANGER, N_MADE_KEYS };

struct made_log {
    const struct world_keys *keys; /* borrowed */
    struct ska_signing_key secrets[N_MADE_KEYS];
    struct ska_note_key public_keys[N_MADE_KEYS];
    size_t n;
    struct made_entry at[MADE_ENTRIES_MAX];
    char policy[MADE_POLICY_MAX];

    /* What a close is to say; set by made_log_task, and changed by cheats before made_log_close. */
    struct ska_close_record record; /* its entries are owned */
    const struct ska_signing_key *close_signer[2];

    /* The checkpoint; made by made_log_checkpoint, and changed by cheats before made_log_write. */
    char note[MADE_NOTE_MAX];
};

void made_log_start(struct made_log *m, const struct world_keys *keys);
void made_log_clear(struct made_log *m);
void made_log_copy(struct made_log *to, const struct made_log *from);

/* Append an entry of a task with this blob; returns it. */
struct made_entry *made_log_add(struct made_log *m, const struct ska_task *task,
                                enum ska_leaf_type type, uint64_t number, struct ska_slice blob);
/* Let an entry stand at another place, the others in their order. */
void made_log_move(struct made_log *m, size_t from, size_t to);
/* A command of the publisher's; its serial is the entry's number. */
void made_log_command(struct made_log *m, const struct ska_task *task, enum ska_leaf_type type,
                      enum ska_control_kind kind, uint64_t serial);
/* One submission, signed by both. */
struct made_entry *made_log_submission(struct made_log *m, const struct ska_task *task,
                                       const struct world_submission *s);
void made_log_sign(struct made_log *m, struct made_entry *entry);

/* Roster if `has_roster`, parameters, open, and the world's listed submissions; then m->record is
 * what a close would say. */
void made_log_task(struct made_log *m, struct world *w, bool has_roster);
void made_log_plan_close(struct made_log *m, const struct ska_task *task, uint64_t serial);
void made_log_close(struct made_log *m, const struct ska_task *task);
/* Let the leader alone have signed the close again, with one submission left out. */
void made_log_drop_by_leader(struct made_log *m, struct made_entry *close);
/* Collect, and the release of a world that is packed. */
void made_log_finish(struct made_log *m, const struct world *w);

/* An entry's bytes as a leaf; their length. */
size_t made_entry_encode(uint8_t out[static SKA_LEAF_BYTES_MAX], const struct made_entry *e);
/* The root over the first n entries. */
void made_log_root(uint8_t out[static 32], const struct made_log *m, size_t n);
/* The note over n entries with this root, signed and cosigned by those of `signers` that are not
 * N_MADE_KEYS. */
void made_log_note(char out[static MADE_NOTE_MAX], const struct made_log *m, uint64_t n,
                   const uint8_t root[static 32], const enum made_key signers[static 3]);
void made_log_checkpoint(struct made_log *m); /* honestly */

/* All files of the log, into a folder that is empty. */
void made_log_write(const struct made_log *m, const char *folder);
/* A file of it: read, replaced. `data` is static. */
size_t made_file_read(uint8_t **data, const char *folder, const char *name);
void made_file_write(const char *folder, const char *name, const void *data, size_t len);
/* "blob/..." of an entry. */
const char *made_blob_name(const struct made_entry *entry);

#endif
