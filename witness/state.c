/* SPDX-License-Identifier: EUPL-1.2 */
/* state.c - the witness's memory, in one file that is replaced whole. */
#include "witness/state.h"

#include "crypto/scoped.h"
#include "protocol/cosignature.h"
#include "support/file.h"
#include "support/language.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char head[] = "skarva witness state 1\n";
static const char note_word[] = "note ";

static enum ska_status copy_note(struct witness_record *r, struct ska_slice note)
{
    r->note = ska_alloc(note.len, 1);
    if (r->note == NULL)
        return SKA_E_MEMORY;
    memcpy(r->note, note.data, note.len);
    r->note_len = note.len;
    return SKA_OK;
}

/* Room for one more record at the end; n_records is not changed. */
static enum ska_status grow(struct witness_state *state)
{
    if (state->n_records == WITNESS_RECORDS_MAX)
        return SKA_E_LIMIT;
    struct witness_record *more = ska_alloc(state->n_records + 1, sizeof *more);
    if (more == NULL)
        return SKA_E_MEMORY;
    if (state->n_records > 0)
        memcpy(more, state->records, state->n_records * sizeof *more);
    free(state->records);
    state->records = more;
    return SKA_OK;
}

const struct witness_record *witness_state_find(const struct witness_state *state,
                                                const char *origin)
{
    for (size_t i = 0; i < state->n_records; i++)
        if (strcmp(state->records[i].checkpoint.origin, origin) == 0)
            return &state->records[i];
    return NULL;
}

/* One note of the file into a new record. */
static enum ska_status take_record(struct witness_state *state, struct ska_slice data,
                                   const struct ska_note_key *key)
{
    struct ska_note note;
    struct ska_checkpoint checkpoint;
    uint64_t time_s;
    SKA_TRY(ska_note_parse(&note, data.data, data.len));
    SKA_TRY(ska_checkpoint_parse(&checkpoint, note.text));
    enum ska_status status = ska_cosignature_verify(&time_s, &note, key);
    if (status != SKA_OK)
        return status == SKA_E_NOT_FOUND ? SKA_E_SIGNATURE : status;
    if (witness_state_find(state, checkpoint.origin) != NULL)
        return SKA_E_FORMAT;
    SKA_TRY(grow(state));
    SKA_TRY(copy_note(&state->records[state->n_records], data));
    state->records[state->n_records++].checkpoint = checkpoint;
    return SKA_OK;
}

static enum ska_status take_all(struct witness_state *state, struct ska_slice rest,
                                const struct ska_note_key *key)
{
    const size_t head_len = sizeof head - 1, word_len = sizeof note_word - 1;
    if (rest.len < head_len || memcmp(rest.data, head, head_len) != 0)
        return SKA_E_FORMAT;
    rest = (struct ska_slice){rest.data + head_len, rest.len - head_len};
    while (rest.len > 0) {
        struct ska_slice line;
        uint64_t len;
        SKA_TRY(ska_note_line(&line, &rest));
        if (line.len < word_len || memcmp(line.data, note_word, word_len) != 0)
            return SKA_E_FORMAT;
        SKA_TRY(ska_note_number(&len, line.data + word_len, line.len - word_len));
        if (len > rest.len)
            return SKA_E_FORMAT;
        SKA_TRY(take_record(state, (struct ska_slice){rest.data, (size_t)len}, key));
        rest = (struct ska_slice){rest.data + len, rest.len - (size_t)len};
    }
    return SKA_OK;
}

enum ska_status witness_state_decode(struct witness_state *out, const uint8_t *data, size_t len,
                                     const struct ska_note_key *key)
{
    struct witness_state state = {0};
    enum ska_status status = take_all(&state, (struct ska_slice){data, len}, key);
    if (status != SKA_OK) {
        witness_state_close(&state);
        return status;
    }
    *out = state;
    return SKA_OK;
}

/* An exclusive lock that goes with the process. */
static enum ska_status take_lock(int *out, const char *path, struct ska_error *err)
{
    const size_t size = strlen(path) + sizeof ".lock";
    SKA_SCOPED(ska_scoped_free) char *name = ska_alloc(size, 1);
    if (name == NULL)
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    (void)snprintf(name, size, "%s.lock", path); /* fits: measured above */
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return ska_fail(err, SKA_E_FILE, "%s: %s", name, ska_text(strerror(errno)));
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_SETLK, &lock) != 0) {
        (void)close(fd);
        return ska_fail(err, SKA_E_BUSY,
                        tr("%s används av ett annat vittne som är igång",
                           "%s is in use by another witness that is running"),
                        path);
    }
    *out = fd;
    return SKA_OK;
}

enum ska_status witness_state_create(const char *path, struct ska_error *err)
{
    if (file_exists(path))
        return ska_fail(
            err, SKA_E_CONFLICT,
            tr("%s finns redan och skrivs inte över: ett vittnes tillstånd får inte börja om. "
               "Ett nytt vittne får en egen fil state",
               "%s is there already and is not written over: a witness's state must "
               "not begin anew. A new witness gets a file state of its own"),
            path);
    return file_write(path, head, sizeof head - 1, true, err);
}

static enum ska_status read_locked(struct witness_state *state, const char *path,
                                   const struct ska_note_key *key, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    SKA_TRY(file_read(&data, &len, path, WITNESS_STATE_MAX, err));
    enum ska_status status = witness_state_decode(state, data, len, key);
    if (status == SKA_E_SIGNATURE)
        return ska_fail(err, status,
                        tr("%s hör till en annan nyckel eller är ändrad",
                           "%s belongs to another key, or was changed"),
                        path);
    if (status != SKA_OK)
        return ska_fail(err, status, "%s: %s", path, ska_status_text(status));
    return SKA_OK;
}

enum ska_status witness_state_open(struct witness_state *out, const char *path,
                                   const struct ska_note_key *key, struct ska_error *err)
{
    struct witness_state state = {0};
    int fd = -1;
    if (!file_exists(path))
        return ska_fail(err, SKA_E_NOT_FOUND,
                        tr("%s saknas. Ett nytt vittne skapas med --init. Ett vittne som har "
                           "förlorat sitt tillstånd får inte fortsätta med samma nyckel: det kan "
                           "ha intygat mer än det minns",
                           "%s is missing. A new witness is made with --init. A witness that lost "
                           "its state must not go on with the same key: it may have cosigned more "
                           "than it remembers"),
                        path);
    SKA_TRY(take_lock(&fd, path, err));
    enum ska_status status = read_locked(&state, path, key, err);
    if (status != SKA_OK) {
        (void)close(fd); /* nothing was written */
        return status;
    }
    state.path = path;
    state.lock_fd = fd;
    *out = state;
    return SKA_OK;
}

void witness_state_close(struct witness_state *state)
{
    for (size_t i = 0; i < state->n_records; i++)
        free(state->records[i].note);
    free(state->records);
    if (state->path != NULL)
        (void)close(state->lock_fd); /* gives back the lock */
    *state = (struct witness_state){0};
}

static void write_record(struct ska_writer *w, struct ska_slice note)
{
    char line[40];
    int len = snprintf(line, sizeof line, "%s%zu\n", note_word, note.len);
    ska_write_bytes(w, line, (size_t)len);
    ska_write_bytes(w, note.data, note.len);
}

/* The file's bytes, with the record at `changed` as it is to be. */
static enum ska_status encode(struct ska_writer *w, const struct witness_state *state,
                              size_t changed, struct ska_slice note)
{
    ska_write_bytes(w, head, sizeof head - 1);
    for (size_t i = 0; i < state->n_records; i++)
        if (i != changed)
            write_record(w, (struct ska_slice){state->records[i].note, state->records[i].note_len});
    write_record(w, note);
    return ska_writer_status(w);
}

enum ska_status witness_state_set(struct witness_state *state,
                                  const struct ska_checkpoint *checkpoint, struct ska_slice note,
                                  struct ska_error *err)
{
    const struct witness_record *known = witness_state_find(state, checkpoint->origin);
    const size_t at = known == NULL ? state->n_records : (size_t)(known - state->records);
    struct witness_record fresh = {.checkpoint = *checkpoint};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    enum ska_status status = known == NULL ? grow(state) : SKA_OK;
    if (status == SKA_OK)
        status = encode(&w, state, at, note);
    if (status == SKA_OK)
        status = copy_note(&fresh, note);
    if (status != SKA_OK)
        return ska_fail(err, status, "%s", ska_status_text(status));
    status = file_write(state->path, w.data, w.len, true, err);
    if (status != SKA_OK) {
        free(fresh.note);
        return status;
    }
    free(state->records[at].note);
    state->records[at] = fresh;
    if (known == NULL)
        state->n_records++;
    return SKA_OK;
}
