/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * state.h - what a witness must never forget: for each log the last checkpoint that it cosigned.
 *
 * File:   "skarva witness state 1" LF, then for each log  "note " length in decimal LF, the note
 *
 * 1. The file is written whole, synced and renamed before a cosignature leaves the process.
 * 2. In memory is what the file holds: a record changes only once its file is written.
 * 3. A record is never removed, also if its log is not in the configuration any more.
 * 4. One process at a time has it (a lock on "<file>.lock").
 */
#ifndef SKA_WITNESS_STATE_H
#define SKA_WITNESS_STATE_H

#include "protocol/checkpoint.h"

#define WITNESS_RECORDS_MAX 1000u
#define WITNESS_STATE_MAX (64u << 20)

/* The last of one log. Valid when zeroed: none. */
struct witness_record {
    struct ska_checkpoint checkpoint;
    uint8_t *note; /* owned: text, signatures of the log, our cosignature */
    size_t note_len;
};

/* Valid when zeroed: empty, in no file. */
struct witness_state {
    const char *path;               /* borrowed */
    int lock_fd;                    /* owned; with `path` NULL it means nothing */
    struct witness_record *records; /* owned */
    size_t n_records;
};

/* Make an empty file. SKA_E_CONFLICT if there is one; SKA_E_FILE, SKA_E_FULL, SKA_E_MEMORY. */
enum ska_status witness_state_create(const char *path, struct ska_error *err) SKA_MUST_CHECK;

/*
 * Lock and read. Every record must bear a cosignature by `key`. `path` is borrowed.
 *
 * Returns SKA_OK; SKA_E_BUSY if another process has it; SKA_E_NOT_FOUND; SKA_E_FORMAT;
 * SKA_E_SIGNATURE; SKA_E_FILE; SKA_E_MEMORY. The caller closes.
 */
enum ska_status witness_state_open(struct witness_state *out, const char *path,
                                   const struct ska_note_key *key,
                                   struct ska_error *err) SKA_MUST_CHECK;
void witness_state_close(struct witness_state *state);

/* The records in a file's bytes, on their own; the caller closes. As above. */
enum ska_status witness_state_decode(struct witness_state *out, const uint8_t *data, size_t len,
                                     const struct ska_note_key *key) SKA_MUST_CHECK;

/* A log's record, borrowed until the next set; NULL: never cosigned. */
const struct witness_record *witness_state_find(const struct witness_state *state,
                                                const char *origin);

/* The log's new last checkpoint, on disk when this returns SKA_OK; on failure all is as it was:
 * SKA_E_LIMIT over WITNESS_RECORDS_MAX, SKA_E_FILE, SKA_E_FULL, SKA_E_MEMORY. */
enum ska_status witness_state_set(struct witness_state *state,
                                  const struct ska_checkpoint *checkpoint, struct ska_slice note,
                                  struct ska_error *err) SKA_MUST_CHECK;

#endif
