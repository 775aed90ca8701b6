/* SPDX-License-Identifier: EUPL-1.2 */
/* judge.c - the decisions of a witness (C2SP tlog-witness). */
#include "witness/judge.h"

#include "crypto/merkle.h"
#include "crypto/scoped.h"
#include "protocol/add_checkpoint.h"
#include "protocol/cosignature.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char plain_text[] = "text/plain; charset=utf-8";
static const char size_text[] = "text/x.tlog.size";

static void say(struct witness_answer *out, int status, const char *type, const char *text)
{
    out->status = status;
    out->content_type = type;
    ska_write_bytes(&out->body, text, strlen(text));
}

static void refuse_state(struct witness_answer *out, enum ska_status status)
{
    ska_ignore(ska_fail(&out->error, status, "%s", ska_status_text(status)), "told by the caller");
    say(out, 503, plain_text, "not now\n");
}

/* Every signature by a key of this log must hold, and there must be one: 0, else 403 or 503. */
static int check_log(const struct witness *w, const struct ska_add_checkpoint *request)
{
    bool is_signed = false;
    for (size_t i = 0; i < w->n_logs; i++) {
        if (strcmp(w->logs[i].name, request->checkpoint.origin) != 0)
            continue;
        enum ska_status status = ska_note_verify(&request->note, &w->logs[i]);
        if (status == SKA_E_SIGNATURE)
            return 403;
        if (status != SKA_OK && status != SKA_E_NOT_FOUND)
            return 503;
        is_signed = is_signed || status == SKA_OK;
    }
    return is_signed ? 0 : 403;
}

/* The note to remember: the text, one line of each of the log's keys, our cosignature (`line`). */
static enum ska_status write_note(struct ska_writer *note, const struct witness *w,
                                  const struct ska_add_checkpoint *request, struct ska_slice line)
{
    ska_write_bytes(note, request->note.text.data, request->note.text.len);
    ska_write_bytes(note, "\n", 1);
    for (size_t k = 0; k < w->n_logs; k++) {
        for (size_t i = 0; i < request->note.n_signatures; i++) {
            const struct ska_note_signature *s = &request->note.signatures[i];
            if (ska_note_is_by(s, &w->logs[k])) {
                ska_write_bytes(note, s->line.data, s->line.len);
                break;
            }
        }
    }
    ska_write_bytes(note, line.data, line.len);
    return ska_writer_status(note);
}

/* Cosign, remember, and only then answer. */
static void cosign(struct witness_answer *out, struct witness *w,
                   const struct ska_add_checkpoint *request, uint64_t now_s)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer line = {0}, note = {0};
    enum ska_status status =
        ska_cosignature_sign(&line, &w->key, &w->secret, request->note.text, now_s);
    if (status == SKA_OK)
        status = write_note(&note, w, request, (struct ska_slice){line.data, line.len});
    if (status == SKA_OK)
        status = witness_state_set(&w->state, &request->checkpoint,
                                   (struct ska_slice){note.data, note.len}, &out->error);
    if (status != SKA_OK) {
        refuse_state(out, status);
        return;
    }
    out->status = 200;
    out->content_type = plain_text;
    ska_write_bytes(&out->body, line.data, line.len);
}

/* A request whose checkpoint is signed by its log. */
static void judge(struct witness_answer *out, struct witness *w,
                  const struct ska_add_checkpoint *request, uint64_t now_s)
{
    const struct witness_record *last = witness_state_find(&w->state, request->checkpoint.origin);
    const uint64_t last_size = last == NULL ? 0 : last->checkpoint.size;
    uint8_t last_root[SKA_HASH_BYTES];
    char text[32];
    if (request->old_size > request->checkpoint.size) {
        say(out, 400, plain_text, "the old size is larger than the new one\n");
        return;
    }
    if (request->old_size != last_size) {
        (void)snprintf(text, sizeof text, "%" PRIu64 "\n", last_size);
        say(out, 409, size_text, text);
        return;
    }
    ska_sha256(last_root, "", 0);
    if (last != NULL)
        memcpy(last_root, last->checkpoint.root, sizeof last_root);
    if (ska_merkle_consistent(
            last_root, last_size, request->checkpoint.root, request->checkpoint.size,
            (const uint8_t(*)[SKA_HASH_BYTES])request->proof, request->n_proof) != SKA_OK) {
        say(out, 422, plain_text, "not consistent with the last checkpoint\n");
        return;
    }
    cosign(out, w, request, now_s);
}

void witness_add_checkpoint(struct witness_answer *out, struct witness *w, struct ska_slice body,
                            uint64_t now_s)
{
    SKA_SCOPED(ska_scoped_free) struct ska_add_checkpoint *request = ska_alloc(1, sizeof *request);
    if (request == NULL) {
        refuse_state(out, SKA_E_MEMORY);
        return;
    }
    if (ska_add_checkpoint_parse(request, body.data, body.len) != SKA_OK) {
        say(out, 400, plain_text, "not an add-checkpoint request, or with extension lines\n");
        return;
    }
    out->size = request->checkpoint.size;
    for (size_t i = 0; i < w->n_logs && out->origin == NULL; i++)
        if (strcmp(w->logs[i].name, request->checkpoint.origin) == 0)
            out->origin = w->logs[i].name;
    if (out->origin == NULL) {
        say(out, 404, plain_text, "unknown log\n");
        return;
    }
    int refusal = check_log(w, request);
    if (refusal == 403)
        say(out, 403, plain_text, "not signed by this log\n");
    else if (refusal != 0)
        refuse_state(out, SKA_E_MEMORY);
    else
        judge(out, w, request, now_s);
}

void witness_get_checkpoint(struct witness_answer *out, const struct witness *w,
                            const char *origin_hash)
{
    for (size_t i = 0; i < w->state.n_records; i++) {
        const struct witness_record *r = &w->state.records[i];
        uint8_t hash[SKA_HASH_BYTES];
        char text[2 * SKA_HASH_BYTES + 1];
        ska_sha256(hash, r->checkpoint.origin, strlen(r->checkpoint.origin));
        ska_hex_encode(text, hash, sizeof hash);
        if (strcmp(text, origin_hash) != 0)
            continue;
        out->status = 200;
        out->content_type = plain_text;
        ska_write_bytes(&out->body, r->note, r->note_len);
        return;
    }
    say(out, 404, plain_text, "no checkpoint\n");
}

void witness_answer_clear(struct witness_answer *answer)
{
    ska_writer_clear(&answer->body);
}
